//! The log lined up for scoring: series of forecasts a question, with their references.

use std::collections::BTreeMap;

use jiff::civil::Date;
use winset_methods::score::{ClosedQuestion, Revision, Series, Stand, TimeCdf};

use super::ask::{asks_by, place, questions, resolution, superseded};
use super::entry::{LogEntry, LogKind, Outcome};
use crate::record::iso_day;
use crate::sheet::number::{number, proof};
use crate::sheet::{self, SheetRow};

/// Which of a log's two times a forecast counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// From the day it was made: what was said, without hindsight.
    MadeAt,
    /// From the day it is told from: a replay, which has to be called one.
    AsOf,
}

/// A crowd's probabilities by date.
pub type Crowd = Vec<(Date, f64)>;

/// A resolved question ready to be scored.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoredQuestion {
    /// What the score card needs.
    pub question: ClosedQuestion,
    /// The forecasts as the update habits see them.
    pub revisions: Vec<Revision>,
    /// Forecasts entered on the day the question closed or later: told with hindsight.
    pub told_after: usize,
}

/// Days from 1970-01-01 to a date.
pub fn day_number(date: Date) -> i64 {
    Date::constant(1970, 1, 1).duration_until(date).as_hours() / 24
}

/// Lines up the questions that were resolved with yes or no.
///
/// A question closes when it happens or on the last day that counts, whichever comes first; what
/// happened after that day did not happen in time.
///
/// By [`Clock::MadeAt`] counts what stood on each day, as [`standing`](super::standing) says it: a wrong
/// number until the day of its correction, and neither what was entered later of a day before that of
/// the number that stood, nor the correction of a number that stood no more. By [`Clock::AsOf`] only the
/// correction counts, in the place of what it replaces. `crowds` holds series by question; `""` is for every question. A
/// forecast that states dates but no probability counts with its chance by the question's date.
pub fn scored<'e>(
    entries: &'e [LogEntry],
    clock: Clock,
    crowds: &BTreeMap<String, Crowd>,
) -> Vec<ScoredQuestion> {
    let lined_up = |name: &str| {
        let end = resolution(entries, name)?;
        let resolved_on = end.resolved_on?;
        let by = asks_by(entries, name);
        // It closes when it happens, and else on its last day, however late or early that is entered.
        let (closed_on, happened) = match end.outcome? {
            Outcome::Yes if by.is_none_or(|by| resolved_on <= by) => (resolved_on, true),
            Outcome::Yes | Outcome::No => (by.unwrap_or(resolved_on), false),
            Outcome::Void => return None,
        };
        let replaced = superseded(entries, None);
        let mut stood: Option<&LogEntry> = None;
        let mut takes_over = |e: &'e LogEntry| {
            let over = match &e.supersedes {
                Some(old) => stood.is_some_and(|stood| stood.id == *old),
                None => stood.is_none_or(|stood| stood.as_of <= e.as_of),
            };
            stood = if over { Some(e) } else { stood };
            over
        };
        let mut list: Vec<(i64, usize, &LogEntry, f64)> = (entries.iter().enumerate())
            .filter(|(_, e)| e.question == name && e.kind != LogKind::Resolution)
            .filter(|(_, e)| match clock {
                Clock::MadeAt => takes_over(e),
                Clock::AsOf => !replaced.contains_key(e.id.as_str()),
            })
            .filter_map(|(line, e)| {
                let date = if clock == Clock::AsOf { e.as_of } else { e.made_on() };
                let place = if clock == Clock::AsOf { place(entries, line) } else { line };
                Some((day_number(date), place, e, probability(e)?))
            })
            .collect();
        list.sort_by_key(|(day, place, ..)| (*day, *place));
        let list: Vec<(i64, &LogEntry, f64)> =
            list.into_iter().map(|(day, _, e, p)| (day, e, p)).collect();
        let stands: Vec<Stand> = list.iter().map(|&(day, _, p)| Stand { day, p }).collect();
        let mut references: BTreeMap<String, Vec<Stand>> = BTreeMap::new();
        for (day, e, _) in &list {
            for (reference, p) in &e.references {
                let stand = Stand { day: *day, p: *p };
                references.entry(reference.clone()).or_default().push(stand);
            }
        }
        let crowd = crowds.get(name).or_else(|| crowds.get(""));
        if let Some(crowd) = crowd {
            let mut stands: Vec<Stand> =
                crowd.iter().map(|&(date, p)| Stand { day: day_number(date), p }).collect();
            stands.sort_by_key(|s| s.day);
            references.insert("crowd".into(), stands);
        }
        let closed = day_number(closed_on);
        let timings = list.iter().filter(|(day, ..)| *day < closed).filter_map(|(_, e, _)| {
            let from = day_number(e.as_of);
            let horizon = day_number(e.cdf.last()?.0) - from;
            Some((from, time_cdf(e)?, horizon))
        });
        let tags: std::collections::BTreeSet<&String> =
            list.iter().flat_map(|(_, e, _)| &e.tags).collect();
        Some(ScoredQuestion {
            question: ClosedQuestion {
                id: name.to_string(),
                tags: tags.into_iter().cloned().collect(),
                period: format!("{}-Q{}", closed_on.year(), (closed_on.month() + 2) / 3),
                asks_by: by.map(day_number),
                series: Series::new(&stands).ok()?,
                closed,
                happened,
                references: references
                    .into_iter()
                    .filter_map(|(k, v)| Some((k, Series::new(&v).ok()?)))
                    .collect(),
                timings: timings.collect(),
            },
            revisions: list
                .iter()
                .map(|&(day, e, p)| Revision {
                    day,
                    p,
                    reaffirms: e.kind == LogKind::Reaffirm,
                    reasoned: e.has_reason(),
                })
                .collect(),
            told_after: list.iter().filter(|(_, e, _)| e.made_on() >= closed_on).count(),
        })
    };
    questions(entries).into_iter().filter_map(lined_up).collect()
}

/// The probability an entry states for its question.
fn probability(entry: &LogEntry) -> Option<f64> {
    entry.p.or_else(|| {
        let by = day_number(entry.by?) - day_number(entry.as_of);
        Some(time_cdf(entry)?.at(by))
    })
}

/// An entry's forecast of when, in days from the date it is told from.
pub(super) fn time_cdf(entry: &LogEntry) -> Option<TimeCdf> {
    let from = day_number(entry.as_of);
    let points: Vec<(i64, f64)> =
        entry.cdf.iter().map(|&(date, p)| (day_number(date) - from, p)).collect();
    TimeCdf::new(&points).ok()
}

/// Why a crowd's CSV cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct CrowdError {
    /// Line, from 1.
    pub line: u64,
    /// What was found and expected.
    pub message: String,
}

/// Reads a crowd's series: columns `date`, `p` (0–1, or per cent with `%`) and maybe `question`.
///
/// Without a question the series is for every one, under `""`.
///
/// # Errors
/// [`CrowdError`] with the line, if a column is missing or not known, a cell is no date or probability, or
/// a day has two numbers.
pub fn crowd_csv(text: &str) -> Result<BTreeMap<String, Crowd>, CrowdError> {
    let fail = |line: usize, message| Err(CrowdError { line: line as u64, message });
    let known = |cell: &&String| ["date", "p", "question"].contains(&cell.to_lowercase().as_str());
    let text = text.trim_start_matches('\u{feff}');
    let delimiter = sheet::delimiter(text, |cells| cells.iter().filter(known).count());
    let rows = match sheet::rows(text, delimiter) {
        Ok(rows) => rows,
        Err(open) => return fail(open.line, open.message().into()),
    };
    let column = |name: &str| {
        rows.first().and_then(|row| row.cells.iter().position(|h| h.eq_ignore_ascii_case(name)))
    };
    let (Some(date), Some(p)) = (column("date"), column("p")) else {
        return fail(1, "expected the columns `date` and `p`".into());
    };
    let columns = rows.first().map_or(0, SheetRow::filled);
    let unread = rows[0].cells.iter().find(|cell| !cell.is_empty() && !known(cell));
    if let Some(unread) = unread {
        let message = format!("unknown column `{unread}`: it would not be read");
        return fail(rows[0].line, message);
    }
    if rows.len() == 1 {
        return fail(rows[0].line, "there are no rows below the header".into());
    }
    let mark = rows.iter().skip(1).find_map(|row| proof(row.cell(p)));
    let question = column("question");
    let mut crowds: BTreeMap<String, Crowd> = BTreeMap::new();
    for row in rows.iter().skip(1) {
        let line = row.line;
        if row.filled() > columns {
            let message = format!("{} cells, but the header has {columns}", row.filled());
            return fail(line, message);
        }
        let cell = |at: usize| row.cell(at);
        let Ok(day) = iso_day(cell(date)).parse::<Date>() else {
            return fail(line, format!("`{}` is no date: expected 2025-04-18", cell(date)));
        };
        let chance = match cell(p).strip_suffix('%') {
            Some(percent) => number(percent, mark, delimiter == b',').map(|x| x / 100.0),
            None => number(cell(p), mark, delimiter == b','),
        };
        match chance {
            Ok(chance) if (0.0..=1.0).contains(&chance) => {
                let series = crowds.entry(question.map(cell).unwrap_or_default().to_owned());
                let series = series.or_default();
                if let Some((_, other)) = series.iter().find(|(d, p)| *d == day && *p != chance) {
                    let message = format!("{day} has two numbers, {other} and {chance}");
                    return fail(line, message);
                }
                series.push((day, chance));
            }
            _ => {
                let message = format!("`{}` is no probability: expected 0.35 or 35%", cell(p));
                return fail(line, message);
            }
        }
    }
    Ok(crowds)
}
