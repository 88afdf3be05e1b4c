//! The record as a file: `record.csv` beside a case is read and added to here; what its entries are
//! is [`winset_model::record`].

pub mod add;
mod warn;

pub use warn::{REPORTS, warn};

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use winset_model::case::Day;
use winset_model::grade::Grade;
use winset_model::record::{DateRange, EntryKind, Record, RecordEntry, TalksTurn};
use winset_model::uncertain::Dist;

use crate::case::CaseNames;
use crate::case::number::{self, NumberValue};
use crate::diagnostic::{Findings, Source, suggest};
use crate::sheet::{self, OpenQuote, SheetRow};

/// The columns, in the order of the file.
pub const COLUMNS: [&str; 17] = [
    "id",
    "said",
    "entered",
    "speaker",
    "issue",
    "kind",
    "value",
    "channel",
    "audience",
    "source",
    "grade",
    "origin",
    "contradicts",
    "supersedes",
    "text",
    "link",
    "note",
];

const REQUIRED: [&str; 5] = ["id", "said", "entered", "kind", "text"];

/// Reads a record. Everything wrong is found in one pass, and named by its column; rows that cannot be
/// used are left out.
pub fn read(source: &Source, names: &CaseNames, findings: &mut Findings) -> Record {
    let delimiter = delimiter(&source.text);
    let rows = match sheet::rows(&source.text, delimiter) {
        Ok(rows) => rows,
        Err(open) => {
            never_closed(&open, 0, source, findings);
            return Record::default();
        }
    };
    let (header, rows) = match rows.split_first() {
        Some((header, rows)) => (header.cells.as_slice(), rows),
        None => (&[][..], &[][..]),
    };
    let at = 0..source.text.lines().next().map_or(0, str::len);
    let at = rows_above(header, &source.text, delimiter).unwrap_or(at);
    if !is_complete(header, at, source, findings) {
        return Record::default();
    }
    // Of all rows, those that cannot be used too.
    let mut ids = BTreeSet::new();
    let mut record = Record::default();
    for row in rows {
        let whole = holds_all(header, row, 0, source, findings);
        let mut cells = Cells::new(header, row, delimiter, source, names, findings);
        let entry = cells.entry(&ids);
        ids.insert(cells.get("id").to_owned());
        record.entries.extend(entry.filter(|_| whole));
    }
    links(source, &record, &ids, findings);
    refusals(source, &record, names, findings);
    record
}

/// The bytes of the header, which blank lines may stand above.
fn rows_above(header: &[String], text: &str, delimiter: u8) -> Option<Range<usize>> {
    let first = text.find(|c| !matches!(c, '\r' | '\n'))?;
    let end = text[first..].find(['\r', '\n']).map_or(text.len(), |k| first + k);
    let row = sheet::rows(&text[first..end], delimiter).ok()?;
    (row.first()?.cells == header).then_some(first..end)
}

/// What stands between the cells of a record: what splits its first line into columns it knows.
pub(crate) fn delimiter(text: &str) -> u8 {
    let known = |cell: &&String| COLUMNS.contains(&cell.to_lowercase().as_str());
    sheet::delimiter(text, |cells| cells.iter().filter(known).count())
}

/// Whether the header has every column an entry needs; what is wrong with it is said.
fn is_complete(
    header: &[String],
    at: Range<usize>,
    source: &Source,
    findings: &mut Findings,
) -> bool {
    let mut complete = true;
    for (k, name) in header.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        let (code, message, hint) = if !COLUMNS.contains(&name.as_str()) {
            ("unknown-column", format!("unknown column `{name}`"), suggest(name, COLUMNS))
        } else if header[..k].contains(name) {
            complete = false;
            let hint = "keep one of them".to_owned();
            ("duplicate-column", format!("the column `{name}` is there twice"), Some(hint))
        } else {
            continue;
        };
        findings.error(code, &source.name, Some(at.clone()), message, hint).about(name);
    }
    for name in REQUIRED {
        if !header.iter().any(|h| h == name) {
            let hint = Some(format!("the header is `{}`", COLUMNS.join(",")));
            let message = format!("the column `{name}` is missing");
            findings
                .error("missing-column", &source.name, Some(at.clone()), message, hint)
                .about(name);
            complete = false;
        }
    }
    complete
}

/// Whether every cell of a row stands under a heading, so that no text is lost; `lead` bytes of the
/// source come before what was read.
fn holds_all(
    header: &[String],
    row: &SheetRow,
    lead: usize,
    source: &Source,
    findings: &mut Findings,
) -> bool {
    let named = |k: usize| header.get(k).is_some_and(|name| !name.is_empty());
    let lost = (0..row.filled()).find(|k| !named(*k) && !row.cell(*k).is_empty());
    let columns = header.iter().rposition(|name| !name.is_empty()).map_or(0, |k| k + 1);
    // A blank cell too many: a separator cuts some cell before it.
    let longer = row.cells.len() > header.len();
    let (message, hint) = if lost.is_none() && longer {
        let message = format!(
            "the row has {} cells and the header {}: is a text cut by a separator in it?",
            row.cells.len(),
            header.len()
        );
        (message, "put a text with separators in it in quotation marks: \"first, second\"")
    } else if let Some(lost) = lost.filter(|lost| *lost >= columns) {
        let message = format!(
            "the row has {} cells and the header {columns}: `{}` would be lost",
            row.filled(),
            row.cell(lost)
        );
        (message, "put a text with separators in it in quotation marks: \"first, second\"")
    } else if let Some(lost) = lost {
        let message = format!("`{}` stands in a column without a name", row.cell(lost));
        (message, "name the column, or empty the cell")
    } else {
        return true;
    };
    let at = lead + row.span.start..lead + row.span.end;
    findings.error("cells", &source.name, Some(at), message, Some(hint.to_owned()));
    false
}

/// Says that a quotation mark stays open or is closed early; `lead` bytes of the source come before what was read.
fn never_closed(open: &OpenQuote, lead: usize, source: &Source, findings: &mut Findings) {
    let at = lead + open.span.start..lead + open.span.end;
    findings.error("csv", &source.name, Some(at), open.message(), Some(open.hint().to_owned()));
}

/// Whether a text may be an address: one word with a scheme, a path or a domain.
fn is_address(text: &str) -> bool {
    let domain = |text: &str| {
        let inside = |k: usize| {
            let sides = [text[..k].chars().next_back(), text[k + 1..].chars().next()];
            sides.into_iter().all(|c| c.is_some_and(char::is_alphanumeric))
        };
        text.match_indices('.').any(|(k, _)| inside(k))
    };
    text.contains("://")
        || !text.contains(char::is_whitespace) && (text.contains([':', '/']) || domain(text))
}

/// A day as spreadsheets with days first write it, `12.04.2025`, as the record does: `2025-04-12`.
pub fn iso_day(cell: &str) -> Cow<'_, str> {
    let parts: Vec<&str> = cell.split('.').collect();
    let digits = |part: &str, least, most| {
        (least..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    };
    match parts[..] {
        [day, month, year] if digits(day, 1, 2) && digits(month, 1, 2) && digits(year, 4, 4) => {
            Cow::Owned(format!("{year}-{month:0>2}-{day:0>2}"))
        }
        _ => Cow::Borrowed(cell),
    }
}

/// A value with decimal points, where the record's cells are not set apart by commas: `0,5..1,5` is
/// `0.5..1.5`. A comma before three digits could set thousands apart and stays, and so do those
/// between the numbers of a distribution.
pub(crate) fn with_points(value: &str, delimiter: u8) -> Cow<'_, str> {
    if delimiter == b',' || value.contains('(') {
        return Cow::Borrowed(value);
    }
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut out = String::with_capacity(value.len());
    for (k, c) in value.char_indices() {
        let before = value[..k].ends_with(|c: char| c.is_ascii_digit());
        let decimal = c == ',' && before && ![0, 3].contains(&digits(&value[k + 1..]));
        out.push(if decimal { '.' } else { c });
    }
    Cow::Owned(out)
}

/// The cells of a row as they become an entry, a column after the other.
struct Cells<'a> {
    header: &'a [String],
    row: &'a SheetRow,
    delimiter: u8,
    source: &'a Source,
    names: &'a CaseNames,
    findings: &'a mut Findings,
    good: bool,
}

impl<'a> Cells<'a> {
    fn new(
        header: &'a [String],
        row: &'a SheetRow,
        delimiter: u8,
        source: &'a Source,
        names: &'a CaseNames,
        findings: &'a mut Findings,
    ) -> Self {
        Self { header, row, delimiter, source, names, findings, good: true }
    }

    /// What stands in a column; blank where there is none.
    fn get(&self, column: &str) -> &'a str {
        let k = self.header.iter().position(|h| h == column);
        k.map_or("", |k| self.row.cell(k))
    }

    /// The same as a text; `None` where it is blank.
    fn filled(&self, column: &str) -> Option<String> {
        Some(self.get(column)).filter(|cell| !cell.is_empty()).map(str::to_owned)
    }

    /// Says what is wrong with a column.
    fn wrong(
        &mut self,
        column: &str,
        code: &'static str,
        message: String,
        hint: impl Into<Option<String>>,
    ) {
        let at = Some(self.row.span.clone());
        self.findings.error(code, &self.source.name, at, message, hint).about(column);
        self.good = false;
    }

    /// The whole row; `None` where something is wrong, which is said.
    fn entry(&mut self, ids: &BTreeSet<String>) -> Option<RecordEntry> {
        let id = self.id(ids);
        let dates = self.dates(&id);
        let kind = self.kind();
        let speaker = self.speaker();
        let (issue, value, turn) = match kind {
            Some(EntryKind::Stage) => (None, None, self.stage(&id)),
            Some(EntryKind::Talks) => (None, None, self.talks()),
            _ => {
                let issue = self.issue();
                (issue, self.value(issue), None)
            }
        };
        if kind.is_none_or(|kind| kind.is_position() || kind == EntryKind::Event) {
            self.position(&id, kind, value.is_some());
        }
        let grade = self.grade();
        let ((said, entered), kind) = dates.zip(kind).filter(|_| self.good)?;
        let link = self.link();
        let text = |column: &str| self.get(column).to_owned();
        Some(RecordEntry {
            line: self.row.line,
            said,
            entered,
            speaker,
            issue,
            kind,
            value: value.filter(|_| kind != EntryKind::Event),
            turn,
            channel: text("channel"),
            audience: text("audience"),
            source: text("source"),
            grade,
            origin: self.filled("origin").unwrap_or_else(|| id.clone()),
            contradicts: self.filled("contradicts"),
            supersedes: self.filled("supersedes"),
            text: text("text"),
            link,
            note: text("note"),
            id,
        })
    }

    /// Where to read it. What is no address may be the rest of a text that a separator cut.
    fn link(&mut self) -> String {
        let link = self.get("link").to_owned();
        if !link.is_empty() && !is_address(&link) {
            let message = format!("`{link}` is no address");
            let hint = "write `https://…` or a path; a text with separators in it stands in quotation marks";
            self.wrong("link", "link", message, hint.to_owned());
        }
        link
    }

    fn id(&mut self, ids: &BTreeSet<String>) -> String {
        let id = self.get("id").to_owned();
        if id.is_empty() {
            let hint = "give each row an id such as r07".to_owned();
            self.wrong("id", "missing", "the entry has no id".to_owned(), hint);
        } else if ids.contains(&id) {
            let hint = "give each row its own id".to_owned();
            self.wrong("id", "duplicate-id", format!("the id `{id}` is used twice"), hint);
        }
        id
    }

    /// When it was said and when it was entered, which is not before.
    fn dates(&mut self, id: &str) -> Option<(DateRange, Day)> {
        let said = DateRange::parse(&iso_day(self.get("said")));
        if said.is_none() {
            let hint = "write 2025-04-18, 2025-04-18~, 2025-04, or ../2025-04-18".to_owned();
            let message = format!("`{}` is not a date", self.get("said"));
            self.wrong("said", "date", message, hint);
        }
        let entered = Day::parse(&iso_day(self.get("entered")));
        if entered.is_none() {
            let message = format!("`{}` is not the day of an entry", self.get("entered"));
            self.wrong("entered", "date", message, "write a day as 2025-04-22".to_owned());
        }
        let (said, entered) = said.zip(entered)?;
        if said.earliest.unwrap_or(said.latest) > entered {
            let message =
                format!("`{id}` was entered on {entered}, before it was said ({})", said.written);
            let hint = "swap the two dates, or correct one".to_owned();
            self.wrong("said", "said-after-entered", message, hint);
        }
        Some((said, entered))
    }

    fn kind(&mut self) -> Option<EntryKind> {
        let word = self.get("kind");
        let kind = EntryKind::ALL.into_iter().find(|k| k.name() == word);
        if kind.is_none() {
            let hint = suggest(word, EntryKind::ALL.map(EntryKind::name));
            self.wrong("kind", "kind", format!("`{word}` is not a kind of entry"), hint);
        }
        kind
    }

    fn speaker(&mut self) -> Option<usize> {
        let actors = &self.names.actors;
        self.named("speaker", "actor", actors.iter().map(String::as_str))
    }

    fn issue(&mut self) -> Option<usize> {
        let issues = &self.names.issues;
        self.named("issue", "issue", issues.iter().map(|i| i.0.as_str()))
    }

    /// The index of what a column names.
    fn named<'n>(
        &mut self,
        column: &str,
        what: &str,
        known: impl Iterator<Item = &'n str> + Clone,
    ) -> Option<usize> {
        let id = self.filled(column)?;
        let found = known.clone().position(|k| k == id);
        if found.is_none() {
            let hint = suggest(&id, known);
            self.wrong(column, "unknown-name", format!("there is no {what} `{id}`"), hint);
        }
        found
    }

    /// The coded position, on the scale of its issue.
    fn value(&mut self, issue: Option<usize>) -> Option<Dist> {
        let text = self.filled("value")?;
        let text = with_points(&text, self.delimiter);
        let dist = match number::parse(&text).map(|n| n.value) {
            Ok(NumberValue::Dist(dist)) => dist,
            Ok(NumberValue::Record) => {
                let message = "an entry's value cannot come from the record".to_owned();
                let hint = "code a range, or leave it blank".to_owned();
                self.wrong("value", "record", message, hint);
                return None;
            }
            Err(e) => {
                self.wrong("value", e.code, e.message, e.hint);
                return None;
            }
        };
        let issue = issue.map(|j| &self.names.issues[j]);
        let scale = issue.map_or((0.0, 100.0), |(_, scale)| *scale);
        let (lo, hi) = dist.written_bounds();
        if lo < scale.0 || hi > scale.1 {
            let of = issue.map_or_else(String::new, |(id, _)| format!(" of `{id}`"));
            let message = format!("`{text}` is off the scale{of}");
            let hint = format!("it runs from {} to {}", scale.0, scale.1);
            self.wrong("value", "off-scale", message, hint);
        }
        Some(dist)
    }

    /// What became of the text at a stage.
    fn stage(&mut self, id: &str) -> Option<TalksTurn> {
        let stages = &self.names.stages;
        if self.get("issue").is_empty() {
            let message = format!("`{id}` is of kind `stage` but names none");
            let hint = "write the id of the stage under `issue`".to_owned();
            self.wrong("issue", "missing", message, hint);
        }
        let stage = self.named("issue", "stage", stages.iter().map(String::as_str));
        let word = self.get("value");
        match word {
            "passed" => stage.map(TalksTurn::Passed),
            "failed" => stage.map(TalksTurn::Refused),
            _ => {
                let message = format!("`{word}` is not what becomes of a text at a stage");
                let hint = "write `passed` or `failed`".to_owned();
                self.wrong("value", "stage-value", message, hint);
                None
            }
        }
    }

    /// How the talks went on.
    fn talks(&mut self) -> Option<TalksTurn> {
        let text = self.get("value");
        let words: Vec<&str> = text.split_whitespace().collect();
        let turn = match words[..] {
            ["suspended"] => Some(TalksTurn::Suspended),
            ["resumed"] => Some(TalksTurn::Resumed),
            ["failed"] => Some(TalksTurn::Failed(1)),
            ["failed", n] => n.parse().ok().filter(|n| (1..=99).contains(n)).map(TalksTurn::Failed),
            _ => None,
        };
        if turn.is_none() {
            let message = format!("`{text}` is not a turn of the talks");
            let hint =
                "write `suspended`, `resumed` or `failed`; `failed 3` counts as three rounds";
            self.wrong("value", "talks-value", message, hint.to_owned());
        }
        turn
    }

    /// A value is somebody's on something, and every kind but an event has one.
    fn position(&mut self, id: &str, kind: Option<EntryKind>, has_value: bool) {
        let blank = ["speaker", "issue"].into_iter().find(|c| self.get(c).is_empty());
        if let Some(blank) = blank.filter(|_| has_value) {
            let message = format!("`{id}` has a value but no {blank}");
            let hint = "say who holds the position and on what, or leave `value` blank".to_owned();
            self.wrong(blank, "missing", message, hint);
        }
        if let Some(kind) = kind.filter(|k| k.is_position())
            && self.get("value").is_empty()
        {
            let message = format!("`{id}` is of kind `{}` but has no value", kind.name());
            let hint = "code a range, or make it an event".to_owned();
            self.wrong("value", "missing", message, hint);
        }
    }

    fn grade(&mut self) -> Option<Grade> {
        let grade = self.filled("grade")?.parse::<Grade>();
        if let Err(e) = &grade {
            let hint = "a letter A to F for the source and a digit 1 to 6 for what it says";
            self.wrong("grade", "grade", e.to_string(), hint.to_owned());
        }
        grade.ok()
    }
}

/// `contradicts` and `supersedes` name entries.
fn links(source: &Source, record: &Record, ids: &BTreeSet<String>, findings: &mut Findings) {
    for e in &record.entries {
        for (column, named) in [("contradicts", &e.contradicts), ("supersedes", &e.supersedes)] {
            if let Some(named) = named
                && !ids.contains(named)
            {
                let hint = suggest(named, ids.iter().map(String::as_str));
                let message = format!("`{}` {column} `{named}`, which is no entry", e.id);
                let at = Some(line_span(source, e.line));
                findings.error("unknown-name", &source.name, at, message, hint).about(column);
            }
        }
    }
}

/// No stage refuses a text that has passed it.
fn refusals(source: &Source, record: &Record, names: &CaseNames, findings: &mut Findings) {
    for e in &record.entries {
        let Some(TalksTurn::Refused(stage)) = e.turn else { continue };
        let passed = |o: &&RecordEntry| {
            o.turn == Some(TalksTurn::Passed(stage)) && o.said.latest < e.said.latest
        };
        if let Some(before) = record.entries.iter().find(passed) {
            let stage = names.stages.get(stage).map_or("?", String::as_str);
            let message =
                format!("`{}` has `{stage}` refuse what it passed by `{}`", e.id, before.id);
            let hint = "correct the dates, or one of the two values".to_owned();
            let at = Some(line_span(source, e.line));
            findings.error("stage-value", &source.name, at, message, hint).about("value");
        }
    }
}

/// The bytes of a line, from 1, without its end.
fn line_span(source: &Source, line: usize) -> Range<usize> {
    let before = source.text.split_inclusive('\n').take(line.saturating_sub(1));
    let start: usize = before.map(str::len).sum();
    start..source.text[start..].find('\n').map_or(source.text.len(), |k| start + k)
}
