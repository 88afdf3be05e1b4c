//! The score card: mean scores of a log's questions, by tag, horizon or period, with skill.

use std::collections::BTreeMap;

use super::{
    Event, SMALL_SAMPLE, Series, TimeCdf, baseline, brier, brier_two_category, integrated_brier,
    log_score, skill, wait_crps, wait_rps,
};

/// A question with everything a score needs.
#[derive(Debug, Clone, PartialEq)]
pub struct ClosedQuestion {
    /// Its id.
    pub id: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// The period its resolution falls in, as the caller names it, such as `2025-Q2`.
    pub period: String,
    /// The day it asks about ("by …"), if it asks about one.
    pub asks_by: Option<i64>,
    /// The forecasts.
    pub series: Series,
    /// The day it closed: the day it was resolved.
    pub closed: i64,
    /// Whether the answer was yes.
    pub happened: bool,
    /// Reference forecasts by name: base rate, zone-free model, crowd.
    pub references: BTreeMap<String, Series>,
    /// Forecasts of when, each with the day it was told from and the horizon in days.
    pub timings: Vec<(i64, TimeCdf, i64)>,
}

impl ClosedQuestion {
    /// What is known about when, seen from the as-of day of a forecast.
    fn event_from(&self, as_of: i64) -> Event {
        let days = self.closed.saturating_sub(as_of);
        if self.happened { Event::On(days) } else { Event::NotBy(days) }
    }
}

/// How a score card is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScoreDivision {
    /// Not at all: one card.
    All,
    /// One card a tag; a question with two tags is on two cards.
    Tag,
    /// By days left to the day the question asks about, day by day.
    Horizon,
    /// By the period of resolution.
    Period,
}

/// Skill against one reference.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Skill {
    /// The reference's name.
    pub against: String,
    /// `1 − S/S_ref` of the Brier score; `None` if the reference was never wrong.
    pub skill: Option<f64>,
    /// Our mean Brier score on the days both stood.
    pub ours: f64,
    /// The reference's.
    pub theirs: f64,
    /// How many questions they share.
    pub questions: usize,
}

/// Mean scores of a group of questions: days averaged within a question, then questions equally.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Card {
    /// The group: a tag, a horizon, a period, or `all`.
    pub label: String,
    /// How many questions it scores.
    pub questions: usize,
    /// How many question-days.
    pub days: u64,
    /// Time-averaged Brier score, 0 to 1.
    pub brier: f64,
    /// Time-averaged two-category Brier score, 0 to 2.
    pub brier_two_category: f64,
    /// Time-averaged log score in nats.
    pub log: f64,
    /// Time-averaged Metaculus baseline score, larger is better.
    pub baseline: f64,
    /// Mean integrated Brier score of the forecasts of when; `None` without one, or by horizon.
    pub integrated: Option<f64>,
    /// Mean ranked probability score of the wait in bins of 30 days; `None` as `integrated`.
    pub rps: Option<f64>,
    /// Mean continuous ranked probability score of the wait in days; `None` as `integrated`.
    pub crps_days: Option<f64>,
    /// Skill against each reference, by name, then `previous forecast` and `first forecast`.
    pub skills: Vec<Skill>,
    /// Too few resolutions to conclude from ([`SMALL_SAMPLE`]).
    pub small_sample: bool,
}

/// Scores resolved questions, grouped. Questions without a scored day are on no card.
///
/// A day counts from the first forecast up to, not including, the day of the resolution, with the
/// last forecast carried forward. Skill compares the same days of the same questions.
///
/// # Reference
/// Averaging over days as in the Good Judgment Project: Mellers and others (2014), *Psychological
/// Science* 25:1106–1115.
pub fn card(questions: &[ClosedQuestion], by: ScoreDivision) -> Vec<Card> {
    // Sort key first, so that horizons come in order of days and not of the alphabet.
    let mut groups: BTreeMap<(usize, String), Vec<Slice>> = BTreeMap::new();
    for question in questions {
        let all: Vec<i64> = question.series.days(question.closed).collect();
        let mut put = |key: (usize, String), days: Vec<i64>| {
            if !days.is_empty() {
                groups.entry(key).or_default().push(Slice { question, days });
            }
        };
        match by {
            ScoreDivision::All => put((0, "all".into()), all),
            ScoreDivision::Period => put((0, question.period.clone()), all),
            ScoreDivision::Tag if question.tags.is_empty() => put((1, "(no tag)".into()), all),
            ScoreDivision::Tag => {
                let tags: std::collections::BTreeSet<_> = question.tags.iter().collect();
                tags.into_iter().for_each(|tag| put((0, tag.clone()), all.clone()));
            }
            ScoreDivision::Horizon => {
                for (order, (label, inside)) in HORIZONS.iter().enumerate() {
                    let days = all.iter().copied();
                    let left = |day: &i64| question.asks_by.map(|b| b.saturating_sub(*day));
                    put((order, (*label).into()), days.filter(|d| inside(left(d))).collect());
                }
            }
        }
    }
    groups.into_iter().map(|((_, label), slices)| scored(label, &slices, by)).collect()
}

/// Whether a number of days left, or none, lies in a horizon.
type Inside = fn(Option<i64>) -> bool;

/// Horizons in days left to the day the question asks about.
const HORIZONS: [(&str, Inside); 6] = [
    ("30 days or less", |left| left.is_some_and(|d| d <= 30)),
    ("31–90 days", |left| left.is_some_and(|d| (31..=90).contains(&d))),
    ("91–180 days", |left| left.is_some_and(|d| (91..=180).contains(&d))),
    ("181–365 days", |left| left.is_some_and(|d| (181..=365).contains(&d))),
    ("over a year", |left| left.is_some_and(|d| d > 365)),
    ("(no date)", |left| left.is_none()),
];

/// The days of a question that a card scores.
struct Slice<'a> {
    question: &'a ClosedQuestion,
    days: Vec<i64>,
}

impl Slice<'_> {
    /// The mean over the days of a score of the standing forecast.
    fn mean(&self, score: fn(f64, bool) -> f64) -> f64 {
        let q = self.question;
        let scores = self.days.iter().filter_map(|&d| q.series.at(d)).map(|p| score(p, q.happened));
        scores.sum::<f64>() / self.days.len() as f64
    }

    /// Mean Brier scores of ours and of a reference on the days both stand.
    fn against(&self, reference: impl Fn(i64) -> Option<f64>) -> Option<(f64, f64)> {
        let q = self.question;
        let (mut ours, mut theirs, mut n) = (0.0, 0.0, 0.0);
        for &day in &self.days {
            if let (Some(p), Some(r)) = (q.series.at(day), reference(day)) {
                ours += brier(p, q.happened);
                theirs += brier(r, q.happened);
                n += 1.0;
            }
        }
        (n > 0.0).then(|| (ours / n, theirs / n))
    }
}

fn scored(label: String, slices: &[Slice], by: ScoreDivision) -> Card {
    let n = slices.len() as f64;
    let mean = |score| slices.iter().map(|s| s.mean(score)).sum::<f64>() / n;
    let names: std::collections::BTreeSet<&String> =
        slices.iter().flat_map(|s| s.question.references.keys()).collect();
    let mut skills: Vec<Skill> = names
        .into_iter()
        .filter_map(|name| {
            skill_of(name, slices, |s| {
                let reference = s.question.references.get(name)?;
                s.against(|day| reference.at(day))
            })
        })
        .collect();
    skills.extend(skill_of("previous forecast", slices, |s| {
        s.against(|day| s.question.series.previous_at(day))
    }));
    skills.extend(skill_of("first forecast", slices, |s| {
        let first = s.question.series.first()?;
        s.against(|_| Some(first.p))
    }));
    let timed = |score: WhenScore| {
        let scores: Vec<f64> = slices.iter().filter_map(|s| timing(s.question, score)).collect();
        (by != ScoreDivision::Horizon && !scores.is_empty())
            .then(|| scores.iter().sum::<f64>() / scores.len() as f64)
    };
    Card {
        label,
        questions: slices.len(),
        days: slices.iter().map(|s| s.days.len() as u64).sum(),
        brier: mean(brier),
        brier_two_category: mean(brier_two_category),
        log: mean(log_score),
        baseline: mean(baseline),
        integrated: timed(integrated_brier),
        rps: timed(wait_rps),
        crps_days: timed(wait_crps),
        skills,
        small_sample: slices.len() < SMALL_SAMPLE,
    }
}

/// Skill over the questions for which ours and the reference's mean scores exist.
fn skill_of(
    name: &str,
    slices: &[Slice],
    pair: impl Fn(&Slice) -> Option<(f64, f64)>,
) -> Option<Skill> {
    let pairs: Vec<(f64, f64)> = slices.iter().filter_map(pair).collect();
    if pairs.is_empty() {
        return None;
    }
    let n = pairs.len() as f64;
    let ours = pairs.iter().map(|p| p.0).sum::<f64>() / n;
    let theirs = pairs.iter().map(|p| p.1).sum::<f64>() / n;
    let against = name.to_string();
    Some(Skill { against, skill: skill(ours, theirs), ours, theirs, questions: pairs.len() })
}

/// A score of a forecast of when, what came, and the horizon.
type WhenScore = fn(&TimeCdf, Event, i64) -> Option<f64>;

/// A question's mean score over its forecasts of when, each counted once.
fn timing(q: &ClosedQuestion, score: WhenScore) -> Option<f64> {
    let scores: Vec<f64> = q
        .timings
        .iter()
        .filter(|(as_of, _, _)| *as_of < q.closed)
        .filter_map(|(as_of, cdf, horizon)| score(cdf, q.event_from(*as_of), *horizon))
        .collect();
    (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64)
}
