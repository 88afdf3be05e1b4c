//! What was said when: queries on both of the log's times.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::entry::{LogEntry, LogKind, LogStatement};

impl LogStatement {
    /// The day (UTC) on which the entry was made.
    pub fn made_on(&self) -> Date {
        self.made_at.to_zoned(TimeZone::UTC).date()
    }

    /// Whether the entry was made by the end of a day (UTC); every entry, if no day is given.
    pub(super) fn known_by(&self, day: Option<Date>) -> bool {
        day.is_none_or(|day| self.made_on() <= day)
    }
}

/// Finds an entry by its id or by the first eight or more digits of its hash.
pub fn find<'a>(entries: &'a [LogEntry], name: &str) -> Option<&'a LogEntry> {
    let by_id = entries.iter().find(|e| e.id == name);
    by_id.or_else(|| {
        let mut hits = entries.iter().filter(|e| name.len() >= 8 && e.hash.starts_with(name));
        let first = hits.next();
        if hits.next().is_none() { first } else { None }
    })
}

/// The questions of a log, in the order in which they first appear.
pub fn questions(entries: &[LogEntry]) -> Vec<&str> {
    let mut seen = std::collections::BTreeSet::new();
    entries.iter().map(|e| e.question.as_str()).filter(|q| seen.insert(*q)).collect()
}

/// Ids of entries that were replaced, with the id of what replaced them, as known by a day.
pub(super) fn superseded(entries: &[LogEntry], known_by: Option<Date>) -> BTreeMap<&str, &str> {
    let known = entries.iter().filter(|e| e.known_by(known_by));
    known.filter_map(|e| e.supersedes.as_deref().map(|old| (old, e.id.as_str()))).collect()
}

/// The resolution that stands for a question.
pub(super) fn resolution<'a>(entries: &'a [LogEntry], question: &str) -> Option<&'a LogEntry> {
    let is = |e: &&LogEntry| e.kind == LogKind::Resolution && e.question == question;
    entries.iter().rev().find(is)
}

/// The forecasts of a question.
pub(super) fn forecasts<'a>(
    entries: &'a [LogEntry],
    question: &str,
) -> impl DoubleEndedIterator<Item = &'a LogEntry> {
    let question = question.to_owned();
    entries.iter().filter(move |e| e.question == question && e.kind != LogKind::Resolution)
}

/// The last day that counts for a question: what its latest forecast says, if one says it.
pub(super) fn asks_by(entries: &[LogEntry], question: &str) -> Option<Date> {
    forecasts(entries, question).rev().find_map(|e| e.by)
}

/// The first two forecasts of a question between which it was worded anew, if it was.
pub fn worded_anew<'a>(
    entries: &'a [LogEntry],
    question: &str,
) -> Option<(&'a LogEntry, &'a LogEntry)> {
    let mut before: Option<&LogEntry> = None;
    for entry in forecasts(entries, question).filter(|e| e.text.is_some() || e.yes.is_some()) {
        match before {
            Some(before) if entry.is_worded_otherwise(before) => return Some((before, entry)),
            _ => before = Some(entry),
        }
    }
    None
}

/// The place of a line among all, of a correction that of the first it goes back to.
pub(super) fn place(entries: &[LogEntry], line: usize) -> usize {
    let before = |id: &String| entries[..line].iter().position(|e| e.id == *id);
    let replaced = entries[line].supersedes.as_ref().and_then(before);
    replaced.map_or(line, |replaced| place(entries, replaced))
}

/// The forecast that stands for a question as of a date: the latest date told from, among equal
/// ones the last line, corrections in place of what they replace.
///
/// With `known_by`, only entries made by the end of that day (UTC) count, and only corrections made
/// by then: the answer without hindsight.
pub fn standing<'a>(
    entries: &'a [LogEntry],
    question: &str,
    as_of: Date,
    known_by: Option<Date>,
) -> Option<&'a LogEntry> {
    let replaced = superseded(entries, known_by);
    entries
        .iter()
        .enumerate()
        .filter(|(_, e)| e.question == question && e.kind != LogKind::Resolution)
        .filter(|(_, e)| e.as_of <= as_of && e.known_by(known_by))
        .filter(|(_, e)| !replaced.contains_key(e.id.as_str()))
        .max_by_key(|(line, e)| (e.as_of, place(entries, *line)))
        .map(|(_, e)| e)
}

/// What a log answers to "what would we have said on this day?".
#[derive(Debug, Clone, PartialEq)]
pub struct Said<'a> {
    /// What was said: the forecast that stood, from entries made by then.
    pub said: Option<&'a LogEntry>,
    /// Entries told from that day or before, but made later: not to be quoted as said then.
    pub told_later: Vec<&'a LogEntry>,
}

/// What was said of a question on a day, apart from what was told of that day later.
///
/// The other answer, what the model of today says as of that day, is a [replay](super::replay()) or a
/// new forecast, and has to be called one.
pub fn said_on<'a>(entries: &'a [LogEntry], question: &str, on: Date) -> Said<'a> {
    let later = |e: &&LogEntry| {
        e.question == question
            && e.kind != LogKind::Resolution
            && e.as_of <= on
            && !e.known_by(Some(on))
    };
    Said {
        said: standing(entries, question, on, Some(on)),
        told_later: entries.iter().filter(later).collect(),
    }
}
