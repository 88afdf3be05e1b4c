//! How far the forecasts of resolved questions were from what happened.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Serialize;
use winset_files::log::{Clock, Crowd, Log, ScoredQuestion, scored, worded_anew, wording};
use winset_model::score::{
    By, Card, Corp, Habits, Murphy, Reliability, SMALL_SAMPLE, card, corp, habits, murphy,
    reliability, time_average,
};

/// The tag of an entry that was written when the outcome was known.
pub const HINDSIGHT: &str = "coded-with-hindsight";

/// Bins of the reliability diagram and of Murphy's parts.
const BINS: usize = 10;

/// Stands beside every score of one question.
const ONE_CASE: &str = "one case scores nothing";

/// What the logs of resolved questions score.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScoreReport {
    /// `winset/score/1`.
    pub schema: &'static str,
    /// From when a forecast counts: the day it was made (`made_at`) or, of a replay, the day it is
    /// told from (`as_of`).
    pub counted_from: &'static str,
    /// What the reader must know beside the scores.
    pub notices: Vec<String>,
    /// The resolved questions.
    pub questions: Vec<ScoredRow>,
    /// Scores, by division.
    pub cards: Vec<Card>,
    /// The reliability diagram; `null` where nothing is scored.
    pub reliability: Option<Reliability>,
    /// Its binless version; `null` for a small sample.
    pub corp: Option<Corp>,
    /// Why there is none.
    pub corp_reason: Option<String>,
    /// Murphy's parts of the Brier score; `null` for a small sample.
    pub murphy: Option<Murphy>,
    /// Why there are none.
    pub murphy_reason: Option<String>,
    /// How each question was kept up.
    pub habits: Vec<HabitsRow>,
    /// The mean forecast of each question over its days, and whether it came true.
    #[serde(skip)]
    pub means: Vec<(f64, bool)>,
}

/// A resolved question.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScoredRow {
    /// Its id.
    pub id: String,
    /// Whether the answer was yes.
    pub happened: bool,
    /// Forecasts entered on the day the question closed or later.
    pub told_after: usize,
    /// Its tags.
    pub tags: Vec<String>,
    /// How many forecasts count.
    pub forecasts: usize,
}

/// How a question was kept up.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HabitsRow {
    /// The question's id.
    pub question: String,
    /// Its updates, moves and silences.
    pub habits: Habits,
}

impl ScoreReport {
    /// Scores the resolved questions of some logs.
    pub fn new(logs: &[Log], crowds: &BTreeMap<String, Crowd>, by: By, clock: Clock) -> Self {
        let (mut questions, mut hindsight, mut open) = (Vec::new(), 0, 0);
        let mut anew = Vec::new();
        for log in logs {
            let list = scored(&log.entries, clock, crowds);
            open += winset_files::log::questions(&log.entries).len() - list.len();
            for name in winset_files::log::questions(&log.entries) {
                if let Some((before, after)) = worded_anew(&log.entries, name) {
                    let (was, is) = (wording(before), wording(after));
                    anew.push(format!(
                        "{name} was worded anew since {}: from {was} to {is} in {}",
                        before.id, after.id
                    ));
                }
            }
            let late = log.entries.iter().filter(|e| e.tags.iter().any(|t| t == HINDSIGHT));
            hindsight += late.count();
            questions.extend(list);
        }
        let plain: Vec<_> = questions.iter().map(|q| q.question.clone()).collect();
        let cards = card(&plain, by);
        // One forecast a question, its mean over the days: days of one question are no sample.
        let means: Vec<(f64, bool)> = plain
            .iter()
            .filter_map(|q| Some((time_average(&q.series, q.closed, |p| p)?, q.happened)))
            .collect();
        let (forecasts, outcomes): (Vec<f64>, Vec<bool>) = means.iter().copied().unzip();
        let n = forecasts.len();
        let habit = |q: &ScoredQuestion| {
            let habits = habits(&q.revisions, q.question.closed)?;
            Some(HabitsRow { question: q.question.id.clone(), habits })
        };
        let late: usize = questions.iter().map(|q| q.told_after).sum();
        let mut notices = anew;
        if hindsight > 0 {
            let plural = if hindsight == 1 { "entry was" } else { "entries were" };
            notices.push(format!("{hindsight} {plural} coded with hindsight"));
        }
        if late > 0 && clock == Clock::MadeAt {
            notices.push(format!(
                "{late} forecasts were made on the day the question closed or later: not scored; \
             `--replayed` counts each from the day it is told from"
            ));
        }
        if open > 0 {
            let plural = if open == 1 { "question is" } else { "questions are" };
            notices
                .push(format!("{open} {plural} open or void: `winset resolve` says how one ended"));
        }
        match n {
            0 => notices.push("nothing to score".to_owned()),
            1 => notices.push(ONE_CASE.to_owned()),
            n if n < SMALL_SAMPLE => notices.push(format!(
                "{n} resolutions: a small sample, dots and no curve (under {SMALL_SAMPLE})"
            )),
            _ => {}
        }
        let small = || format!("fewer than {SMALL_SAMPLE} resolutions");
        let corp = (n >= SMALL_SAMPLE).then(|| corp(&forecasts, &outcomes).ok()).flatten();
        let murphy =
            (n >= SMALL_SAMPLE).then(|| murphy(&forecasts, &outcomes, BINS).ok()).flatten();
        Self {
            schema: "winset/score/1",
            counted_from: if clock == Clock::AsOf { "as_of" } else { "made_at" },
            cards,
            means,
            reliability: reliability(&forecasts, &outcomes, BINS).ok(),
            corp_reason: corp.is_none().then(small),
            murphy_reason: corp.is_none().then(small),
            corp,
            murphy,
            habits: questions.iter().filter_map(habit).collect(),
            notices,
            questions: questions.iter().map(scored_row).collect(),
        }
    }
}

fn scored_row(q: &ScoredQuestion) -> ScoredRow {
    ScoredRow {
        id: q.question.id.clone(),
        happened: q.question.happened,
        told_after: q.told_after,
        tags: q.question.tags.clone(),
        forecasts: q.question.series.stands().len(),
    }
}

/// A score with what it means; those of dates only where dates were forecast.
fn scores(c: &Card) -> Vec<(&'static str, f64, &'static str)> {
    let mut scores = vec![
        ("Brier", c.brier, "0 best, 1 worst, .25 a coin"),
        ("Brier, two categories", c.brier_two_category, "0 best, 2 worst"),
        ("log score", c.log, "nats, 0 best, .69 a coin"),
        ("Metaculus baseline", c.baseline, "0 a coin, 100 best"),
    ];
    let when = [
        ("integrated Brier", c.integrated, "by when, 0 best"),
        ("RPS", c.rps, "by when in bins of 30 days, 0 best"),
        ("CRPS", c.crps_days, "days, of the wait cut at the end, 0 best"),
    ];
    scores.extend(when.into_iter().filter_map(|(name, x, note)| Some((name, x?, note))));
    scores
}

fn habit_lines(h: &Habits) -> [(&'static str, String); 8] {
    let number = |x: Option<f64>| x.map_or_else(|| "none".to_owned(), |x| format!("{x:.1}"));
    [
        ("updates", h.updates.to_string()),
        ("reaffirmations", h.reaffirmations.to_string()),
        ("updates per 30 days", number(h.per_month)),
        ("mean move, points", number(h.mean_points)),
        ("median move, points", number(h.median_points)),
        ("longest silence, days", h.longest_silence.to_string()),
        ("moves of ten points", h.large.to_string()),
        ("of them with a reason", h.large_reasoned.to_string()),
    ]
}

/// The parts of the Brier score by name.
fn parts(r: &ScoreReport) -> Vec<(&'static str, f64)> {
    let murphy = r.murphy.iter().flat_map(|m| {
        [
            ("reliability", m.reliability),
            ("resolution", m.resolution),
            ("uncertainty", m.uncertainty),
            ("within-bin variance", m.within_variance),
            ("within-bin covariance", m.within_covariance),
        ]
    });
    let corp = r
        .corp
        .iter()
        .flat_map(|c| [("miscalibration", c.miscalibration), ("discrimination", c.discrimination)]);
    murphy.chain(corp).collect()
}

/// The scores on a terminal.
pub fn text(r: &ScoreReport) -> String {
    let mut out = String::new();
    let counted = match r.counted_from {
        "as_of" => "a replay: each forecast counts from the day it is told from, not a record",
        _ => "each forecast counts from the day it was made",
    };
    let _ = writeln!(out, "{counted}");
    for notice in &r.notices {
        let _ = writeln!(out, "{notice}");
    }
    for c in &r.cards {
        let plural = |n: u64, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
        let small = if c.small_sample { ", small sample" } else { "" };
        let _ = writeln!(
            out,
            "\n{}: {}, {}{small}",
            c.label,
            plural(c.questions as u64, "question"),
            plural(c.days, "day")
        );
        for (name, value, note) in scores(c) {
            let _ = writeln!(out, "  {name:<24} {value:>8.4}  {note}");
        }
        if !c.skills.is_empty() {
            let _ =
                writeln!(out, "  {:<24} {:>8}  {:>8}  {:>8}", "against", "skill", "ours", "theirs");
        }
        for s in &c.skills {
            let skill = s.skill.map_or_else(|| "none".to_owned(), |s| format!("{s:+.2}"));
            let (name, ours, theirs) = (&s.against, s.ours, s.theirs);
            let _ = writeln!(out, "  {name:<24} {skill:>8}  {ours:>8.4}  {theirs:>8.4}");
        }
    }
    if let Some(x) = r.reliability.as_ref().filter(|x| !x.bins.is_empty()) {
        let title =
            if x.curve { "reliability" } else { "reliability, dots only: too few for a curve" };
        let _ = writeln!(out, "\n{title}");
        let _ = writeln!(out, "  {:>8}  {:>9}  {:>5}  if reliable", "forecast", "came true", "n");
        for b in &x.bins {
            let _ = writeln!(
                out,
                "  {:>6.0} %  {:>7.0} %  {:>5}  {:.0}–{:.0} %",
                100.0 * b.forecast,
                100.0 * b.observed,
                b.n,
                100.0 * b.bar_lo,
                100.0 * b.bar_hi
            );
        }
    }
    if let Some(c) = r.corp.as_ref().filter(|c| !c.curve.is_empty()) {
        let _ = writeln!(out, "\nrecalibrated (CORP)");
        for p in &c.curve {
            let _ = writeln!(
                out,
                "  {:>3.0}–{:.0} % becomes {:.0} %  (n = {})",
                100.0 * p.from,
                100.0 * p.to,
                100.0 * p.recalibrated,
                p.n
            );
        }
    }
    let parts = parts(r);
    if !parts.is_empty() {
        let _ = writeln!(out, "\nparts of the Brier score, a forecast a question");
        for (name, value) in parts {
            let _ = writeln!(out, "  {name:<24} {value:>8.4}");
        }
    }
    for h in &r.habits {
        let _ = writeln!(out, "\nhabits: {}", h.question);
        for (name, value) in habit_lines(&h.habits) {
            let _ = writeln!(out, "  {name:<24} {value:>8}");
        }
    }
    out
}
