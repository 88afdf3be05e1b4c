//! What the dates of a case do to its class, without looking at the parties.

use serde::Serialize;

use crate::case::{CalendarEntry, CalendarKind, Case, Day};

use super::clock::CaseTimes;
use super::draw::Frame;

/// From so much on a step from the class alone to the class in a calendar is divided among the dates.
const WORTH_DIVIDING: f64 = 0.05;

/// The name of formal failures of the talks among the dates.
pub const FAILED_ROUNDS: &str = "failed rounds";

/// The name of a suspension in force among the dates.
pub const SUSPENSION: &str = "suspension";

/// What a date of the calendar does to the class's own answer.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DateEffect {
    /// The id of the entry; `failed rounds` or `suspension` for what the record says of the talks.
    pub entry: String,
    /// The class's own answer with it, less the one without it.
    pub effect: f64,
}

/// An entry of the calendar that the day told from does not see yet.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnseenDate {
    /// Its id.
    pub entry: String,
    /// The day it is about.
    pub on: Day,
    /// The day it became known.
    pub known: Day,
}

impl UnseenDate {
    /// What is said of an entry that is not seen yet.
    pub fn new(entry: &CalendarEntry) -> Self {
        Self { entry: entry.id.clone(), on: entry.on, known: entry.known }
    }
}

/// The step from the class alone to the class in this calendar that each date makes, the largest first;
/// none where the whole step is below five points.
pub(super) fn date_effects(case: &Case, times: &CaseTimes) -> Vec<DateEffect> {
    let step = |case: &Case, times: &CaseTimes| {
        times.yes(case, &times.here, times.by) - times.yes(case, &times.table, times.by)
    };
    let whole = step(case, times);
    if whole.abs() < WORTH_DIVIDING {
        return Vec::new();
    }
    let without = |entry: &str, change: &dyn Fn(&mut Case)| {
        let mut changed = case.clone();
        change(&mut changed);
        let frame = Frame::new(&changed);
        DateEffect { entry: entry.to_owned(), effect: whole - step(&changed, frame.times()) }
    };
    let matters = |kind: &CalendarKind| match kind {
        CalendarKind::Round { .. } | CalendarKind::Deadline { hard: true, .. } => true,
        CalendarKind::Start { .. } | CalendarKind::Deadline { hard: false, .. } => false,
    };
    let dated = case.calendar.iter().filter(|e| matters(&e.kind));
    let mut effects: Vec<DateEffect> = dated
        .map(|e| without(&e.id, &|case: &mut Case| case.calendar.retain(|other| other.id != e.id)))
        .collect();
    if !case.clock.failed.is_empty() {
        effects.push(without(FAILED_ROUNDS, &|case: &mut Case| case.clock.failed.clear()));
    }
    if case.clock.suspended {
        effects.push(without(SUSPENSION, &|case: &mut Case| case.clock.suspended = false));
    }
    effects.retain(|e| e.effect.abs() >= 5e-4);
    effects.sort_by(|a, b| b.effect.abs().total_cmp(&a.effect.abs()).then(a.entry.cmp(&b.entry)));
    effects
}
