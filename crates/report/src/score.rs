//! The score of logs: what `winset score` says, for the command and for Python.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use winset_files::log::{Clock, Crowd, Log, ScoredQuestion, scored};
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

/// Everything that is scored.
pub struct Report {
    counted: Clock,
    /// The questions, with what was forecast of them.
    pub questions: Vec<ScoredQuestion>,
    /// Scores, by division.
    pub cards: Vec<Card>,
    /// The mean forecast of each question over its days, and whether it came true.
    pub means: Vec<(f64, bool)>,
    /// The reliability diagram.
    pub reliability: Option<Reliability>,
    /// Its binless version; not of a small sample.
    pub corp: Option<Corp>,
    /// Murphy's parts; not of a small sample.
    pub murphy: Option<Murphy>,
    /// How each question was kept up.
    pub habits: Vec<(String, Habits)>,
    /// What the reader must know beside the scores.
    pub notices: Vec<String>,
}

impl Report {
    /// Scores the resolved questions of some logs.
    pub fn new(logs: &[Log], crowds: &BTreeMap<String, Crowd>, by: By, clock: Clock) -> Self {
        let (mut questions, mut hindsight, mut open) = (Vec::new(), 0, 0);
        for log in logs {
            let list = scored(&log.entries, clock, crowds);
            open += winset_files::log::questions(&log.entries).len() - list.len();
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
            Some((q.question.id.clone(), habits(&q.revisions, q.question.closed)?))
        };
        let late: usize = questions.iter().map(|q| q.told_after).sum();
        let mut notices = Vec::new();
        if hindsight > 0 {
            let plural = if hindsight == 1 { "entry was" } else { "entries were" };
            notices.push(format!("{hindsight} {plural} coded with hindsight"));
        }
        if late > 0 && clock == Clock::MadeAt {
            notices.push(format!(
                "{late} forecasts were made on the day of the resolution or later: not scored; \
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
        Self {
            counted: clock,
            cards,
            means,
            reliability: reliability(&forecasts, &outcomes, BINS).ok(),
            corp: (n >= SMALL_SAMPLE).then(|| corp(&forecasts, &outcomes).ok()).flatten(),
            murphy: (n >= SMALL_SAMPLE).then(|| murphy(&forecasts, &outcomes, BINS).ok()).flatten(),
            habits: questions.iter().filter_map(habit).collect(),
            notices,
            questions,
        }
    }

    /// What `winset score --json` prints.
    pub fn json(&self) -> Value {
        let few = (self.corp.is_none()).then(|| format!("fewer than {SMALL_SAMPLE} resolutions"));
        json!({
            "schema": "winset/score/1",
            "counted_from": if self.counted == Clock::AsOf { "as_of" } else { "made_at" },
            "notices": self.notices,
            "questions": self.questions.iter().map(|q| json!({
                "id": q.question.id, "happened": q.question.happened,
                "told_after": q.told_after, "tags": q.question.tags,
                "forecasts": q.question.series.stands().len(),
            })).collect::<Vec<_>>(),
            "cards": self.cards,
            "reliability": self.reliability,
            "corp": self.corp,
            "corp_reason": few,
            "murphy": self.murphy,
            "murphy_reason": few,
            "habits": self.habits.iter()
                .map(|(id, h)| json!({ "question": id, "habits": h })).collect::<Vec<_>>(),
        })
    }
}
