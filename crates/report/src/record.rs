//! A record as a table: what was said, how far it is believed, and what rests on it.

use serde::Serialize;
use winset_files::case::ResolvedCase;
use winset_files::record::add::Added;
use winset_model::record::{EntryKind, RecordEntry};
use winset_model::uncertain::Dist;
use winset_page::text::{cut, padded, width};

/// Entries of a record.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordReport {
    /// `winset/record/1`.
    pub schema: &'static str,
    /// The case's title.
    pub case: String,
    /// The entries asked for, in the order of the file.
    pub entries: Vec<RecordRow>,
}

/// What was added to a record.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordAdded {
    /// `winset/record-add/1`.
    pub schema: &'static str,
    /// The record's file.
    pub file: String,
    /// Whether it was written; not in a dry run.
    pub written: bool,
    /// The ids of the entries.
    pub ids: Vec<String>,
    /// What was put behind the file's text.
    pub tail: String,
}

impl RecordReport {
    /// Those entries of a case's record that are asked for.
    pub fn new(loaded: &ResolvedCase, wanted: impl Fn(&RecordEntry) -> bool) -> Self {
        let entries = loaded.record.entries.iter().filter(|e| wanted(e));
        Self {
            schema: "winset/record/1",
            case: loaded.case.title.clone(),
            entries: entries.map(|e| RecordRow::new(loaded, e)).collect(),
        }
    }
}

impl RecordRow {
    fn new(loaded: &ResolvedCase, e: &RecordEntry) -> Self {
        let case = &loaded.case;
        let cites = case.inputs.iter().filter(|i| i.rests_on.contains(&e.id));
        Self {
            id: e.id.clone(),
            dates: RowDates { said: e.said.written.clone(), entered: e.entered.to_string() },
            speaker: e.speaker.and_then(|i| case.actors.get(i)).map(|a| a.id.clone()),
            issue: e.issue.and_then(|j| case.issues.get(j)).map(|j| j.id.clone()),
            kind: e.kind.name().to_owned(),
            value: e.value.as_ref().and_then(Dist::written),
            credibility: EntryCredibility::of(e),
            origin: e.origin.clone(),
            cited: cites.map(|i| i.path.clone()).collect(),
            text: e.text.clone(),
        }
    }
}

impl RecordAdded {
    /// What was added to a file, or would be.
    pub fn new(file: &str, added: &Added, written: bool) -> Self {
        Self {
            schema: "winset/record-add/1",
            file: file.to_owned(),
            written,
            ids: added.entries.iter().map(|e| e.id.clone()).collect(),
            tail: added.tail.clone(),
        }
    }
}
use winset_page::table::{Cell, CellKind, Column, DataTable};

/// When something was said, and since when it is known.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RowDates {
    /// When it was said, as written.
    pub said: String,
    /// When it was entered, ISO.
    pub entered: String,
}

/// How far an entry may be believed.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EntryCredibility {
    /// The source's grade.
    pub grade: Option<String>,
    /// How far the grade lets it be believed, 0 to 1; even odds without one.
    pub p_true: f64,
}

impl EntryCredibility {
    /// That of an entry.
    pub fn of(e: &RecordEntry) -> Self {
        Self { grade: e.grade.map(|g| g.to_string()), p_true: e.p_true() }
    }
}

/// One entry of a record, as it is listed.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordRow {
    /// Its id.
    pub id: String,
    /// When it was said and when it was entered.
    #[serde(flatten)]
    pub dates: RowDates,
    /// The id of the actor who spoke.
    pub speaker: Option<String>,
    /// The id of the issue.
    pub issue: Option<String>,
    /// What it says of a position.
    pub kind: String,
    /// The coded value, as a range is written.
    pub value: Option<String>,
    /// The source's grade, and how far it lets it be believed.
    #[serde(flatten)]
    pub credibility: EntryCredibility,
    /// What it goes back to.
    pub origin: String,
    /// Paths of the inputs that cite or read it.
    pub cited: Vec<String>,
    /// In words.
    pub text: String,
}

/// What somebody does with an entry of a kind.
pub fn in_words(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Ideal => "wants",
        EntryKind::Demand => "asks for",
        EntryKind::RedMin => "accepts at least",
        EntryKind::RedMax => "accepts at most",
        EntryKind::Event | EntryKind::Stage | EntryKind::Talks => kind.name(),
    }
}

/// Columns that stand on the line of an entry; what cites it and its words stand below.
const SHOWN: usize = 10;

/// A line of the list is no longer, whatever things are called.
const LINE: usize = 110;

/// No column is made narrower.
const SHORTEST: usize = 12;

/// So many characters of an entry's words are shown.
const WORDS: usize = 88;

/// The entries as a table: a line of columns each, and below it the words and what cites it.
pub fn text(rows: &[RecordRow]) -> String {
    let dash = |cell: &Option<String>| cell.clone().unwrap_or_else(|| "–".to_owned());
    let mut table = vec![COLUMNS[..SHOWN].iter().map(|c| c.name.to_owned()).collect::<Vec<_>>()];
    table.extend(rows.iter().map(|r| {
        vec![
            r.id.clone(),
            r.dates.said.clone(),
            r.dates.entered.clone(),
            dash(&r.speaker),
            dash(&r.issue),
            r.kind.clone(),
            dash(&r.value),
            dash(&r.credibility.grade),
            format!("{:.2}", r.credibility.p_true),
            r.origin.clone(),
        ]
    }));
    let widest = |k: usize| table.iter().map(|row| width(&row[k])).max().unwrap_or(0);
    let mut widths: Vec<usize> = (0..SHOWN).map(widest).collect();
    // Long ids give way, so that a line fits.
    while widths.iter().sum::<usize>() + 2 * (SHOWN - 1) > LINE {
        match (0..SHOWN).max_by_key(|&k| widths[k]) {
            Some(k) if widths[k] > SHORTEST => widths[k] -= 1,
            _ => break,
        }
    }
    let indent = " ".repeat(widths[0] + 2);
    let mut out = String::new();
    for (k, cells) in table.iter().enumerate() {
        let line: Vec<String> =
            cells.iter().zip(&widths).map(|(cell, &w)| padded(&cut(cell, w), w, false)).collect();
        out.push_str(line.join("  ").trim_end());
        out.push('\n');
        let Some(row) = k.checked_sub(1).and_then(|k| rows.get(k)) else { continue };
        out.push_str(&format!("{indent}{}\n", cut(&row.text, WORDS)));
        if !row.cited.is_empty() {
            out.push_str(&format!("{indent}→ {}\n", few(&row.cited)));
        }
    }
    out
}

/// A few paths, and how many more there are.
fn few(paths: &[String]) -> String {
    const SHOWN: usize = 2;
    match paths.get(SHOWN..).map_or(0, <[String]>::len) {
        0 => paths.join(", "),
        more => format!("{} and {more} more", paths[..SHOWN].join(", ")),
    }
}

const COLUMNS: &[Column<RecordRow>] = &[
    Column::text("id", |r| (&r.id).into()),
    Column::text("said", |r| (&r.dates.said).into()),
    Column::date("entered", |r| Cell::Date(r.dates.entered.clone())),
    Column::text("speaker", |r| r.speaker.as_ref().into()),
    Column::text("issue", |r| r.issue.as_ref().into()),
    Column::text("kind", |r| (&r.kind).into()),
    Column::text("value", |r| r.value.as_ref().into()),
    Column::text("grade", |r| r.credibility.grade.as_ref().into()),
    Column::number("p_true", |r| r.credibility.p_true.into()),
    Column::text("origin", |r| (&r.origin).into()),
    Column::new("cited", CellKind::Texts, |r| r.cited.as_slice().into()),
    Column::text("text", |r| (&r.text).into()),
];

/// The entries as a table.
pub fn table(rows: &[RecordRow]) -> DataTable {
    DataTable::new(COLUMNS, rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_words_are_cut_at_a_word() {
        assert_eq!(cut("one two three", 13), "one two three");
        assert_eq!(cut("one two three", 12), "one two…");
        assert_eq!(cut("Donaudampfschifffahrt", 6), "Donau…");
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let row = RecordRow {
            id: "r01".to_owned(),
            credibility: EntryCredibility { grade: None, p_true: 0.8 },
            cited: vec!["a.b".to_owned(), "c".to_owned()],
            text: "so, \"he\" said".to_owned(),
            value: Some("-5..0".to_owned()),
            origin: "=1".to_owned(),
            ..RecordRow::default()
        };
        let csv = table(&[row]).csv();
        assert_eq!(
            csv.lines().nth(1),
            Some("r01,,,,,,-5..0,,0.8,'=1,a.b c,\"so, \"\"he\"\" said\"")
        );
    }
}
