//! What should be asked or said before and between entries.

use jiff::civil::Date;
use winset_methods::score;

use super::ask::{asks_by, forecasts, questions, resolution, standing};
use super::chain::Unproved;
use super::entry::{LogEntry, LogKind, LogStatement, Outcome};
use super::scored::{day_number, time_cdf};

/// A remark on the log or on an entry about to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRemark {
    /// A stable code: `needs-reason`, `stale`, `mass-passed`, `clock`, `backdated`, `worded-anew`,
    /// `closed`, `early`, `unproved`.
    pub code: &'static str,
    /// The question.
    pub question: String,
    /// What is remarked.
    pub message: String,
    /// What to do.
    pub hint: &'static str,
}

/// Remarks on open questions as of `today` and, if given, on an entry about to be added.
///
/// A move of ten points without a reason, a log without an entry for more than
/// [`score::STALE_DAYS`] days, a forecast of dates a fifth of whose mass has passed, a moment of
/// entry before that of the last line, an entry told from a day before the one it is made on.
pub fn remarks(entries: &[LogEntry], new: Option<&LogStatement>, today: Date) -> Vec<EntryRemark> {
    let mut found = Vec::new();
    if let Some(new) = new {
        of_new(entries, new, &mut found);
    }
    let open = questions(entries).into_iter().filter(|q| resolution(entries, q).is_none());
    for question in open.filter(|q| new.is_none_or(|n| n.question != **q)) {
        let Some(standing) = standing(entries, question, today, None) else { continue };
        let mut say = |code, message, hint| {
            found.push(EntryRemark { code, question: question.to_string(), message, hint });
        };
        if score::is_stale(day_number(standing.as_of), day_number(today)) {
            say(
                "stale",
                format!("{} is told from {}", standing.id, standing.as_of),
                "add an update, or reaffirm it if nothing has changed",
            );
        }
        let Some(cdf) = time_cdf(standing) else { continue };
        let now = cdf.at(day_number(today).saturating_sub(day_number(standing.as_of)));
        let ever = standing.cdf.last().map_or(0.0, |last| last.1);
        let mass = score::mass_passed(now, ever);
        if mass.renew {
            say(
                "mass-passed",
                format!(
                    "{} % of the dates of {} have passed",
                    (100.0 * mass.passed).round(),
                    standing.id
                ),
                "tell the forecast anew from today",
            );
        }
    }
    found
}

/// The question of an entry in words.
pub fn wording(entry: &LogStatement) -> String {
    let text = entry.text.as_deref().unwrap_or_default();
    match &entry.yes {
        Some(yes) => format!("“{text}”, yes if “{yes}”"),
        None => format!("“{text}”"),
    }
}

/// What is remarked where an entry is added to a log whose end was not proved: the note that is
/// written now would hide what was dropped before.
pub fn unproved(what: Unproved, question: &str) -> EntryRemark {
    EntryRemark {
        code: "unproved",
        question: question.to_owned(),
        message: what.to_string(),
        hint: "hold the log against a head you kept: `winset log verify --head N:HASH`",
    }
}

fn of_new(entries: &[LogEntry], new: &LogStatement, found: &mut Vec<EntryRemark>) {
    let mut say = |code, message, hint| {
        found.push(EntryRemark { code, question: new.question.clone(), message, hint });
    };
    let before = standing(entries, &new.question, new.as_of, None);
    if let (Some(before), Some(p), false) = (before, new.p, new.kind == LogKind::Resolution)
        && let Some(old) = before.p.filter(|old| score::needs_reason(*old, p))
        && !new.has_reason()
    {
        let percent = |x: f64| (100.0 * x).round();
        say(
            "needs-reason",
            format!("moves from {} % to {} % without a reason", percent(old), percent(p)),
            "say why: `--reason \"…\"`",
        );
    }
    if let Some(last) = entries.last().filter(|last| new.made_at < last.made_at) {
        say(
            "clock",
            format!("made at {}, before {} at {}", new.made_at, last.id, last.made_at),
            "check the clock of this machine",
        );
    }
    let words = forecasts(entries, &new.question).rev().find(|e| new.is_worded_otherwise(e));
    let last = forecasts(entries, &new.question).rev().find(|e| e.text.is_some());
    if let (Some(before), Some(last)) = (words, last)
        && before.id == last.id
    {
        say(
            "worded-anew",
            format!("worded anew since {}: it was {}", before.id, wording(before)),
            "if something else is asked, give it another id: `--question ID`",
        );
    }
    if let (LogKind::Resolution, Some(on)) = (new.kind, new.resolved_on)
        && let Some(by) = asks_by(entries, &new.question).filter(|by| *by < on)
    {
        say(
            "closed",
            format!("it closed on {by}, before {on}"),
            "forecasts are scored up to the day it closed",
        );
    }
    if let (Some(Outcome::No), Some(on)) = (new.outcome, new.resolved_on)
        && let Some(by) = asks_by(entries, &new.question).filter(|by| on < *by)
    {
        say(
            "early",
            format!("a no on {on}, though it asks what happens by {by}"),
            "it is scored up to that day with what was said last",
        );
    }
    if new.kind != LogKind::Resolution && new.as_of < new.made_on() {
        say(
            "backdated",
            format!("told from {} but made on {}", new.as_of, new.made_on()),
            "it counts as told later, not as said then",
        );
    }
}
