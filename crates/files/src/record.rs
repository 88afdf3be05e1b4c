//! The record: what was said and done, `record.csv` beside a case.

pub mod add;
mod warn;

pub use warn::{REPORTS, warn};

use winset_model::case::Day;
use winset_model::grade::Grade;

use crate::case::Names;
use crate::case::number::{self, Written};
use crate::diagnostic::{Findings, Source, suggest};
use winset_model::uncertain::Dist;

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

/// What an entry says of a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// What the speaker wants.
    Ideal,
    /// What the speaker asks for in public.
    Demand,
    /// The least it can accept.
    RedMin,
    /// The most it can accept.
    RedMax,
    /// Something happened; no position.
    Event,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Ideal, Self::Demand, Self::RedMin, Self::RedMax, Self::Event];

    /// The word used in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ideal => "ideal",
            Self::Demand => "demand",
            Self::RedMin => "red_min",
            Self::RedMax => "red_max",
            Self::Event => "event",
        }
    }
}

/// A date of EDTF level 1 as the days it may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// As it was written.
    pub written: String,
    /// The first day, unless open.
    pub earliest: Option<Day>,
    /// The last day it can mean: the day it counts from.
    pub latest: Day,
    /// Whether it is approximate (`~`) or uncertain (`?`).
    pub approximate: bool,
}

impl When {
    /// Reads `2025-04-18`, `2025-04-18~`, `2025-04`, `2025`, `../2025-04-12`, `2025-04-12/2025-04-19`.
    ///
    /// # Errors
    /// `None` for anything else, and for an interval that is upside down or open at its end.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (start, end) = match text.split_once('/') {
            Some((start, end)) => (start, end),
            None => (text, text),
        };
        let (_, latest, vague_end) = single(end)?;
        let (earliest, vague_start) = if start == ".." || start.is_empty() {
            (None, false)
        } else {
            let (first, _, vague) = single(start)?;
            (Some(first), vague)
        };
        if earliest.is_some_and(|e| e > latest) {
            return None;
        }
        let approximate = vague_end || vague_start;
        Some(Self { written: text.to_owned(), earliest, latest, approximate })
    }
}

/// One date: its first day, its last, and whether it is vague.
fn single(text: &str) -> Option<(Day, Day, bool)> {
    let bare = text.trim_end_matches(['~', '?', '%']);
    let vague = bare.len() < text.len();
    let numbers: Vec<&str> = bare.split('-').collect();
    let digits = |t: &str, n: usize| t.len() == n && t.bytes().all(|b| b.is_ascii_digit());
    match numbers.as_slice() {
        [y, m, d] if digits(y, 4) && digits(m, 2) && digits(d, 2) => {
            Day::parse(bare).map(|day| (day, day, vague))
        }
        [y, m] if digits(y, 4) && digits(m, 2) => {
            let first = Day::parse(&format!("{y}-{m}-01"))?;
            let month: u32 = m.parse().ok()?;
            let year: u32 = y.parse().ok()?;
            let (y2, m2) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
            Some((first, Day::parse(&format!("{y2:04}-{m2:02}-01"))?.plus(-1), vague))
        }
        [y] if digits(y, 4) => {
            let (first, last) = (format!("{y}-01-01"), format!("{y}-12-31"));
            Some((Day::parse(&first)?, Day::parse(&last)?, vague))
        }
        _ => None,
    }
}

/// One row of the record.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The line it stands on, from 1.
    pub line: usize,
    /// Its id.
    pub id: String,
    /// When it was said or done.
    pub said: When,
    /// When it was entered.
    pub entered: Day,
    /// The index of the actor who spoke.
    pub speaker: Option<usize>,
    /// The index of the issue it is about.
    pub issue: Option<usize>,
    /// What it says.
    pub kind: Kind,
    /// The coded position, in the issue's own units.
    pub value: Option<Dist>,
    /// Interview, post, meeting …
    pub channel: String,
    /// Public, closed …
    pub audience: String,
    /// Who reported it.
    pub source: String,
    /// The source's grade; `None` where the column is blank.
    pub grade: Option<Grade>,
    /// What it goes back to: entries of one origin count once.
    pub origin: String,
    /// The entry it contradicts.
    pub contradicts: Option<String>,
    /// The entry it supersedes.
    pub supersedes: Option<String>,
    /// In words.
    pub text: String,
    /// Where to read it.
    pub link: String,
    /// A remark.
    pub note: String,
}

impl Entry {
    /// Whether it was said and entered by a day.
    pub fn seen(&self, day: Day) -> bool {
        self.entered <= day && self.said.latest <= day
    }

    /// The first day that sees it.
    pub fn since(&self) -> Day {
        self.entered.max(self.said.latest)
    }
}

/// A record, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// The entries.
    pub entries: Vec<Entry>,
}

impl Record {
    /// The ids of all entries.
    pub fn ids(&self) -> Vec<&str> {
        self.entries.iter().map(|e| e.id.as_str()).collect()
    }

    /// The last day on which an entry was made.
    pub fn last_entered(&self) -> Option<Day> {
        self.entries.iter().map(|e| e.entered).max()
    }

    /// What was said and entered by a day: all that a forecast as of that day may see.
    pub fn as_of(&self, day: Day) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |e| e.seen(day))
    }
}

/// Reads a record. Everything wrong is found in one pass; rows that cannot be used are left out.
pub fn read(source: &Source, names: &Names, findings: &mut Findings) -> Record {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(source.text.as_bytes());
    let mut rows = Rows {
        source,
        names,
        findings,
        columns: Vec::new(),
        ids: Vec::new(),
        record: Record::default(),
    };
    let headers = match reader.headers() {
        Ok(h) => h.clone(),
        Err(_) => return rows.record,
    };
    if !rows.header(&headers) {
        return rows.record;
    }
    for row in reader.records() {
        match row {
            Ok(row) => rows.entry(&row),
            Err(e) => {
                let byte = e.position().map_or(0, |p| p.byte() as usize);
                let message = format!("the row cannot be read: {e}");
                let hint = "check the quotes on this line".to_owned();
                rows.findings.error("csv", &source.name, Some(byte..byte), message, hint);
            }
        }
    }
    let Rows { record, ids, .. } = rows;
    links(source, &record, &ids, findings);
    record
}

struct Rows<'a> {
    source: &'a Source,
    names: &'a Names,
    findings: &'a mut Findings,
    columns: Vec<Option<usize>>,
    /// Of all rows, those that cannot be used too.
    ids: Vec<String>,
    record: Record,
}

impl Rows<'_> {
    fn header(&mut self, headers: &csv::StringRecord) -> bool {
        let at = 0..self.source.text.lines().next().map_or(0, str::len);
        for name in headers {
            if !COLUMNS.contains(&name.trim()) {
                let hint = suggest(name.trim(), COLUMNS);
                let message = format!("unknown column `{}`", name.trim());
                self.findings.error(
                    "unknown-column",
                    &self.source.name,
                    Some(at.clone()),
                    message,
                    hint,
                );
            }
        }
        self.columns =
            COLUMNS.iter().map(|c| headers.iter().position(|h| h.trim() == *c)).collect();
        let mut complete = true;
        for name in REQUIRED {
            if !headers.iter().any(|h| h.trim() == name) {
                let hint = Some(format!("the header is `{}`", COLUMNS.join(",")));
                let message = format!("the column `{name}` is missing");
                self.findings.error(
                    "missing-column",
                    &self.source.name,
                    Some(at.clone()),
                    message,
                    hint,
                );
                complete = false;
            }
        }
        complete
    }

    fn entry(&mut self, row: &csv::StringRecord) {
        let byte = row.position().map_or(0, |p| p.byte() as usize);
        let end = self.source.text[byte.min(self.source.text.len())..]
            .find('\n')
            .map_or(self.source.text.len(), |k| byte + k);
        let line = row.position().map_or(0, |p| p.line() as usize);
        let at = byte..end.max(byte);
        let get = |name: &str| {
            let k = COLUMNS.iter().position(|c| *c == name).and_then(|k| self.columns[k]);
            k.and_then(|k| row.get(k)).unwrap_or("").trim().to_owned()
        };
        let file = self.source.name.clone();
        let mut ok = true;
        let mut error = |findings: &mut Findings, code, message: String, hint: Option<String>| {
            findings.error(code, &file, Some(at.clone()), message, hint);
            ok = false;
        };
        let id = get("id");
        if id.is_empty() {
            let hint = Some("give each row an id such as r07".to_owned());
            error(self.findings, "missing", "the entry has no id".to_owned(), hint);
        } else if self.ids.contains(&id) {
            let hint = Some("give each row its own id".to_owned());
            error(self.findings, "duplicate-id", format!("the id `{id}` is used twice"), hint);
        }
        self.ids.push(id.clone());
        let said = When::parse(&get("said"));
        if said.is_none() {
            let hint = "write 2025-04-18, 2025-04-18~, 2025-04, or ../2025-04-18";
            let message = format!("`{}` is not a date", get("said"));
            error(self.findings, "date", message, Some(hint.to_owned()));
        }
        let entered = Day::parse(&get("entered"));
        if entered.is_none() {
            let message = format!("`{}` is not the day of an entry", get("entered"));
            error(self.findings, "date", message, Some("write a day as 2025-04-22".to_owned()));
        }
        if let (Some(said), Some(entered)) = (&said, entered)
            && said.earliest.unwrap_or(said.latest) > entered
        {
            let message =
                format!("`{id}` was entered on {entered}, before it was said ({})", said.written);
            let hint = "swap the two dates, or correct one".to_owned();
            error(self.findings, "said-after-entered", message, Some(hint));
        }
        let word = get("kind");
        let kind = Kind::ALL.into_iter().find(|k| k.name() == word);
        if kind.is_none() {
            let hint = suggest(&word, Kind::ALL.map(Kind::name));
            error(self.findings, "kind", format!("`{word}` is not a kind of entry"), hint);
        }
        let speaker = match get("speaker") {
            s if s.is_empty() => None,
            s => {
                let found = self.names.actors.iter().position(|a| *a == s);
                if found.is_none() {
                    let hint = suggest(&s, self.names.actors.iter().map(String::as_str));
                    error(self.findings, "unknown-name", format!("there is no actor `{s}`"), hint);
                }
                found
            }
        };
        let issue = match get("issue") {
            s if s.is_empty() => None,
            s => {
                let found = self.names.issues.iter().position(|i| i.0 == s);
                if found.is_none() {
                    let hint = suggest(&s, self.names.issues.iter().map(|i| i.0.as_str()));
                    error(self.findings, "unknown-name", format!("there is no issue `{s}`"), hint);
                }
                found
            }
        };
        let text = get("value");
        let value = if text.is_empty() {
            None
        } else {
            match number::parse(&text) {
                Ok(n) => match n.value {
                    Written::Dist(d) => {
                        let scale = issue.map_or((0.0, 100.0), |j| self.names.issues[j].1);
                        let (lo, hi) = d.written_bounds();
                        if lo < scale.0 || hi > scale.1 {
                            let of = issue.map_or_else(String::new, |j| {
                                format!(" of `{}`", self.names.issues[j].0)
                            });
                            let message = format!("`{text}` is off the scale{of}");
                            let hint = format!("it runs from {} to {}", scale.0, scale.1);
                            error(self.findings, "off-scale", message, Some(hint));
                        }
                        Some(d)
                    }
                    Written::Record => {
                        let message = "an entry's value cannot come from the record".to_owned();
                        let hint = Some("code a range, or leave it blank".to_owned());
                        error(self.findings, "record", message, hint);
                        None
                    }
                },
                Err(e) => {
                    error(self.findings, e.code, e.message, Some(e.hint));
                    None
                }
            }
        };
        let blank = ["speaker", "issue"].into_iter().find(|c| get(c).is_empty());
        if let (Some(_), Some(blank)) = (&value, blank) {
            let message = format!("`{id}` has a value but no {blank}");
            let hint = "say who holds the position and on what, or leave `value` blank".to_owned();
            error(self.findings, "missing", message, Some(hint));
        }
        if let Some(kind) = kind.filter(|k| *k != Kind::Event)
            && text.is_empty()
        {
            let message = format!("`{id}` is of kind `{}` but has no value", kind.name());
            let hint = "code a range, or make it an event".to_owned();
            error(self.findings, "missing", message, Some(hint));
        }
        let grade = match get("grade") {
            g if g.is_empty() => None,
            g => match g.parse::<Grade>() {
                Ok(grade) => Some(grade),
                Err(e) => {
                    let hint = "a letter A to F for the source and a digit 1 to 6 for what it says";
                    error(self.findings, "grade", e.to_string(), Some(hint.to_owned()));
                    None
                }
            },
        };
        let optional = |s: String| (!s.is_empty()).then_some(s);
        if let (true, Some(said), Some(entered), Some(kind)) = (ok, said, entered, kind) {
            let origin = match get("origin") {
                o if o.is_empty() => id.clone(),
                o => o,
            };
            self.record.entries.push(Entry {
                line,
                id,
                said,
                entered,
                speaker,
                issue,
                kind,
                value: value.filter(|_| kind != Kind::Event),
                channel: get("channel"),
                audience: get("audience"),
                source: get("source"),
                grade,
                origin,
                contradicts: optional(get("contradicts")),
                supersedes: optional(get("supersedes")),
                text: get("text"),
                link: get("link"),
                note: get("note"),
            });
        }
    }
}

/// `contradicts` and `supersedes` name entries.
fn links(source: &Source, record: &Record, ids: &[String], findings: &mut Findings) {
    for e in &record.entries {
        for (column, named) in [("contradicts", &e.contradicts), ("supersedes", &e.supersedes)] {
            if let Some(named) = named
                && !ids.contains(named)
            {
                let hint = suggest(named, ids.iter().map(String::as_str));
                let message = format!("`{}` {column} `{named}`, which is no entry", e.id);
                let at = Some(line_span(source, e.line));
                findings.error("unknown-name", &source.name, at, message, hint);
            }
        }
    }
}

/// The bytes of a line, from 1, without its end.
fn line_span(source: &Source, line: usize) -> std::ops::Range<usize> {
    let before = source.text.split_inclusive('\n').take(line.saturating_sub(1));
    let start: usize = before.map(str::len).sum();
    start..source.text[start..].find('\n').map_or(source.text.len(), |k| start + k)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_edtf_level_1_are_read() {
        let day = |t| Day::parse(t).unwrap();
        let w = When::parse("2025-04-18~").unwrap();
        assert_eq!((w.latest, w.approximate), (day("2025-04-18"), true));
        let w = When::parse("../2025-04-12").unwrap();
        assert_eq!((w.earliest, w.latest), (None, day("2025-04-12")));
        let w = When::parse("2024-02").unwrap();
        assert_eq!((w.earliest, w.latest), (Some(day("2024-02-01")), day("2024-02-29")));
        let w = When::parse("2025-04-12/2025-04-19").unwrap();
        assert_eq!(w.latest, day("2025-04-19"));
        for wrong in
            ["", "soon", "2025-13-01", "2025-4-1", "2025-04-19/2025-04-12", "2025-04-12/.."]
        {
            assert_eq!(When::parse(wrong), None, "{wrong}");
        }
    }
}
