//! Update habits: how often, by how much, and how often a number was looked at and kept.

use super::clip;

/// After this many days without an entry a log is stale (judgement).
pub const STALE_DAYS: i64 = 14;

/// One forecast of a question, as the habits see it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Revision {
    /// The day it was made; days must not fall.
    pub day: i64,
    /// The probability.
    pub p: f64,
    /// Whether it says that the number was looked at and kept.
    pub reaffirms: bool,
    /// Whether a reason was given.
    pub reasoned: bool,
}

/// How a question's forecast was kept. Points are percentage points.
///
/// # Reference
/// Atanasov, Witkowski, Ungar, Mellers & Tetlock (2020), *Organizational Behavior and Human
/// Decision Processes* 160:19–35: frequent small updates mark the accurate; frequency, magnitude
/// and confirmation are their three measures.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Habits {
    /// Forecasts that moved the number, the first one not counted.
    pub updates: usize,
    /// Entries that looked and kept it.
    pub reaffirmations: usize,
    /// Updates per 30 days between the first forecast and the end; `None` on the first day.
    pub per_month: Option<f64>,
    /// Mean size of an update in points; `None` without one.
    pub mean_points: Option<f64>,
    /// Median size of an update in points.
    pub median_points: Option<f64>,
    /// Mean size of an update in logits.
    pub mean_logit: Option<f64>,
    /// The longest silence in days, up to the end.
    pub longest_silence: i64,
    /// Moves of ten points or more.
    pub large: usize,
    /// Those of them that came with a reason.
    pub large_reasoned: usize,
}

/// Measures the habits behind one question's forecasts up to the day `end`.
///
/// `None` if there is no forecast. An entry that neither says "reaffirm" nor moves the number
/// counts as neither.
pub fn habits(revisions: &[Revision], end: i64) -> Option<Habits> {
    let first = revisions.first()?;
    let (mut points, mut logits): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    let (mut large, mut large_reasoned, mut longest_silence) = (0, 0, 0);
    for w in revisions.windows(2) {
        let (before, now) = (w[0], w[1]);
        longest_silence = longest_silence.max(now.day.saturating_sub(before.day));
        if before.p == now.p {
            continue;
        }
        points.push(100.0 * (now.p - before.p).abs());
        logits.push(delta_logit(before.p, now.p).abs());
        if needs_reason(before.p, now.p) {
            large += 1;
            large_reasoned += usize::from(now.reasoned);
        }
    }
    let last_day = revisions.last().map_or(first.day, |r| r.day);
    let updates = points.len();
    let open = end.max(last_day).saturating_sub(first.day);
    let mean = |v: &[f64]| (!v.is_empty()).then(|| v.iter().sum::<f64>() / v.len() as f64);
    Some(Habits {
        updates,
        reaffirmations: revisions.iter().filter(|r| r.reaffirms).count(),
        per_month: (open > 0).then(|| 30.0 * updates as f64 / open as f64),
        mean_points: mean(&points),
        median_points: median(&points),
        mean_logit: mean(&logits),
        longest_silence: longest_silence.max(end.saturating_sub(last_day)),
        large,
        large_reasoned,
    })
}

/// The median, the mean of the middle two for an even count.
fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let upper = *sorted.get(sorted.len() / 2)?;
    let lower = sorted[(sorted.len() - 1) / 2];
    Some((lower + upper) / 2.0)
}

/// The change in log-odds from `before` to `now`, both [clipped](clip).
pub fn delta_logit(before: f64, now: f64) -> f64 {
    let logit = |p: f64| libm::log(clip(p) / (1.0 - clip(p)));
    logit(now) - logit(before)
}

/// Whether a move is so large, ten points or more, that a reason should be asked for.
pub fn needs_reason(before: f64, now: f64) -> bool {
    // 60 % − 50 % is a little under 0.1 in binary.
    (now - before).abs() >= 0.1 - 1e-9
}

/// Whether a forecast last touched on `last` is stale on `today`: more than [`STALE_DAYS`] ago.
pub fn is_stale(last: i64, today: i64) -> bool {
    today.saturating_sub(last) > STALE_DAYS
}

/// What a standing forecast of dates needs when time has passed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Remark {
    /// The share of the dates' mass that lies in the past, in `[0, 1]`.
    pub passed: f64,
    /// Whether it is a fifth or more, so that the forecast should be told anew.
    pub renew: bool,
}

/// How much of a forecast's mass of dates has passed, if the event has not come.
///
/// `ever` is the mass the forecast gives to the event at all, `by_now` what it gave to the days up
/// to today. The share is of the *dates'* mass, `by_now / ever`: a forecast that gives 90 % to
/// *never* can be as out of date as any other.
pub fn mass_passed(by_now: f64, ever: f64) -> Remark {
    let passed = if ever > 0.0 { (by_now / ever).clamp(0.0, 1.0) } else { 0.0 };
    Remark { passed, renew: passed >= 0.2 - 1e-9 }
}
