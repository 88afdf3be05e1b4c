//! A record as a table: what was said, how far it is believed, and what rests on it.

use serde::Serialize;
use winset_page::table::{Cell, CellKind, Column, DataTable};

/// One entry of a record, as it is listed.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// When it was said, as written.
    pub said: String,
    /// When it was entered, ISO.
    pub entered: String,
    /// The id of the actor who spoke.
    pub speaker: Option<String>,
    /// The id of the issue.
    pub issue: Option<String>,
    /// What it says of a position.
    pub kind: String,
    /// The coded value, as a range is written.
    pub value: Option<String>,
    /// The source's grade.
    pub grade: Option<String>,
    /// How far it may be believed, 0 to 1; even odds without a grade.
    pub p_true: f64,
    /// What it goes back to.
    pub origin: String,
    /// Paths of the inputs that cite or read it.
    pub cited: Vec<String>,
    /// In words.
    pub text: String,
}

/// Columns that stand on the line of an entry; what cites it and its words stand below.
const SHOWN: usize = 10;

/// So many characters of an entry's words are shown.
const WORDS: usize = 88;

/// A text cut at a word, with `…` for the rest.
pub(crate) fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let more = word.chars().count() + usize::from(used > 0);
        if used + more + 1 > width {
            break;
        }
        if used > 0 {
            kept.push(' ');
        }
        kept.push_str(word);
        used += more;
    }
    if kept.is_empty() {
        kept = text.chars().take(width.saturating_sub(1)).collect();
    }
    kept.push('…');
    kept
}

/// The entries as a table: a line of columns each, and below it the words and what cites it.
pub fn text(rows: &[Row]) -> String {
    let dash = |cell: &Option<String>| cell.clone().unwrap_or_else(|| "–".to_owned());
    let mut table = vec![COLUMNS[..SHOWN].iter().map(|c| c.name.to_owned()).collect::<Vec<_>>()];
    table.extend(rows.iter().map(|r| {
        vec![
            r.id.clone(),
            r.said.clone(),
            r.entered.clone(),
            dash(&r.speaker),
            dash(&r.issue),
            r.kind.clone(),
            dash(&r.value),
            dash(&r.grade),
            format!("{:.2}", r.p_true),
            r.origin.clone(),
        ]
    }));
    let width = |k: usize| table.iter().map(|row| row[k].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..SHOWN).map(width).collect();
    let indent = " ".repeat(widths[0] + 2);
    let mut out = String::new();
    for (k, cells) in table.iter().enumerate() {
        let line: Vec<String> =
            cells.iter().zip(&widths).map(|(cell, w)| format!("{cell:<w$}")).collect();
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

const COLUMNS: &[Column<Row>] = &[
    Column::text("id", |r| (&r.id).into()),
    Column::text("said", |r| (&r.said).into()),
    Column::date("entered", |r| Cell::Date(r.entered.clone())),
    Column::text("speaker", |r| r.speaker.as_ref().into()),
    Column::text("issue", |r| r.issue.as_ref().into()),
    Column::text("kind", |r| (&r.kind).into()),
    Column::text("value", |r| r.value.as_ref().into()),
    Column::text("grade", |r| r.grade.as_ref().into()),
    Column::number("p_true", |r| r.p_true.into()),
    Column::text("origin", |r| (&r.origin).into()),
    Column::new("cited", CellKind::Texts, |r| r.cited.as_slice().into()),
    Column::text("text", |r| (&r.text).into()),
];

/// The entries as a table.
pub fn table(rows: &[Row]) -> DataTable {
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
        let row = Row {
            id: "r01".to_owned(),
            p_true: 0.8,
            cited: vec!["a.b".to_owned(), "c".to_owned()],
            text: "so, \"he\" said".to_owned(),
            value: Some("-5..0".to_owned()),
            origin: "=1".to_owned(),
            ..Row::default()
        };
        let csv = table(&[row]).csv();
        assert_eq!(
            csv.lines().nth(1),
            Some("r01,,,,,,-5..0,,0.8,'=1,a.b c,\"so, \"\"he\"\" said\"")
        );
    }
}
