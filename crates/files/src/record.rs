//! The record as a file: `record.csv` beside a case is read and added to here; what its entries are
//! is [`winset_model::record`].

pub mod add;
mod warn;

pub use warn::{REPORTS, warn};

use std::collections::BTreeSet;
use std::ops::Range;

use winset_model::case::Day;
use winset_model::grade::Grade;
use winset_model::record::{DateRange, EntryKind, Record, RecordEntry, TalksTurn};
use winset_model::uncertain::Dist;

use crate::case::CaseNames;
use crate::case::number::{self, NumberValue};
use crate::diagnostic::{Findings, Source, suggest};

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
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(source.text.as_bytes());
    let Ok(header) = reader.headers().cloned() else { return Record::default() };
    if !is_complete(&header, source, findings) {
        return Record::default();
    }
    // Of all rows, those that cannot be used too.
    let mut ids = BTreeSet::new();
    let mut record = Record::default();
    for row in reader.records() {
        match row {
            Ok(row) => {
                let mut cells = Cells::new(&header, &row, source, names, findings);
                record.entries.extend(cells.entry(&ids));
                ids.insert(cells.get("id").to_owned());
            }
            Err(e) => unreadable(&e, 0, source, findings),
        }
    }
    links(source, &record, &ids, findings);
    refusals(source, &record, names, findings);
    record
}

/// Whether the header has every column an entry needs; what is wrong with it is said.
fn is_complete(header: &csv::StringRecord, source: &Source, findings: &mut Findings) -> bool {
    let at = 0..source.text.lines().next().map_or(0, str::len);
    for name in header.iter().map(str::trim).filter(|name| !COLUMNS.contains(name)) {
        let hint = suggest(name, COLUMNS);
        let message = format!("unknown column `{name}`");
        findings.error("unknown-column", &source.name, Some(at.clone()), message, hint).about(name);
    }
    let mut complete = true;
    for name in REQUIRED {
        if !header.iter().any(|h| h.trim() == name) {
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

/// Says that a row is no CSV; `lead` bytes of the source come before what was read.
fn unreadable(error: &csv::Error, lead: usize, source: &Source, findings: &mut Findings) {
    let byte = lead + error.position().map_or(0, |p| p.byte() as usize);
    let message = format!("the row cannot be read: {error}");
    let hint = "check the quotes on this line".to_owned();
    findings.error("csv", &source.name, Some(byte..byte), message, hint);
}

/// The cells of a row as they become an entry, a column after the other.
struct Cells<'a> {
    header: &'a csv::StringRecord,
    row: &'a csv::StringRecord,
    source: &'a Source,
    names: &'a CaseNames,
    findings: &'a mut Findings,
    /// The bytes of its line.
    at: Range<usize>,
    /// Its line, from 1.
    line: usize,
    good: bool,
}

impl<'a> Cells<'a> {
    fn new(
        header: &'a csv::StringRecord,
        row: &'a csv::StringRecord,
        source: &'a Source,
        names: &'a CaseNames,
        findings: &'a mut Findings,
    ) -> Self {
        let (byte, line) =
            row.position().map_or((0, 0), |p| (p.byte() as usize, p.line() as usize));
        let start = byte.min(source.text.len());
        // The reader stands between the two bytes of the line's end before, where there are two.
        let between = usize::from(source.text[start..].starts_with('\n'));
        let (start, line) = (start + between, line + between);
        let end = source.text[start..].find('\n').map_or(source.text.len(), |k| start + k);
        Self { header, row, source, names, findings, at: start..end, line, good: true }
    }

    /// What stands in a column; blank where there is none.
    fn get(&self, column: &str) -> &'a str {
        let k = self.header.iter().position(|h| h.trim() == column);
        k.and_then(|k| self.row.get(k)).unwrap_or("").trim()
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
        let at = Some(self.at.clone());
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
        let text = |column: &str| self.get(column).to_owned();
        Some(RecordEntry {
            line: self.line,
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
            link: text("link"),
            note: text("note"),
            id,
        })
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
        let said = DateRange::parse(self.get("said"));
        if said.is_none() {
            let hint = "write 2025-04-18, 2025-04-18~, 2025-04, or ../2025-04-18".to_owned();
            let message = format!("`{}` is not a date", self.get("said"));
            self.wrong("said", "date", message, hint);
        }
        let entered = Day::parse(self.get("entered"));
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
