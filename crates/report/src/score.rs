//! How far the forecasts of resolved questions were from what happened.

use std::collections::BTreeMap;

use serde::Serialize;
use winset_files::log::{Clock, Crowd, Log, ScoredQuestion, scored, worded_anew, wording};
use winset_methods::score::{
    Card, Corp, Habits, Murphy, ReliabilityDiagram, SMALL_SAMPLE, ScoreDivision, card, corp,
    habits, murphy, reliability, time_average,
};
use winset_page::document::{Block, Document, Section, Table};
use winset_page::text::{count, pc, range};

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
    pub reliability: Option<ReliabilityDiagram>,
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

/// Two of several logs that are one, by their places: what they hold would count twice.
pub fn same_log(logs: &[Log]) -> Option<(usize, usize)> {
    let head = |log: &Log| log.entries.last().map(|e| e.hash.clone());
    (0..logs.len()).find_map(|b| {
        let own = head(&logs[b])?;
        Some(((0..b).find(|a| head(&logs[*a]).as_ref() == Some(&own))?, b))
    })
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
    pub fn new(
        logs: &[Log],
        crowds: &BTreeMap<String, Crowd>,
        by: ScoreDivision,
        clock: Clock,
    ) -> Self {
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
            let plural = count(late, "forecast was", "forecasts were");
            notices.push(format!(
                "{plural} made on the day the question closed or later: not scored; \
             `--replayed` counts each from the day it is told from"
            ));
        }
        if open > 0 {
            let plural = if open == 1 { "question is" } else { "questions are" };
            notices
                .push(format!("{open} {plural} open or void: `winset resolve` says how one ended"));
        }
        let unmatched = crowds
            .keys()
            .filter(|name| !name.is_empty() && !questions.iter().any(|q| q.question.id == **name));
        notices.extend(unmatched.map(|name| {
            format!(
                "the crowd's numbers of {name} are set beside nothing: no such question is scored"
            )
        }));
        let silent = questions.iter().filter(|q| {
            let of = crowds.get(&q.question.id).or_else(|| crowds.get(""));
            let day = winset_files::log::day_number;
            of.is_some_and(|of| of.iter().all(|(date, _)| day(*date) >= q.question.closed))
        });
        notices.extend(
            silent.map(|q| format!("the crowd has no number from before {} closed", q.question.id)),
        );
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

impl ScoreReport {
    /// What is said of the scores.
    pub fn document(&self) -> Document {
        let title = match self.counted_from {
            "as_of" => "a replay: each forecast counts from the day it is told from, not a record",
            _ => "each forecast counts from the day it was made",
        };
        let mut sections = Vec::new();
        if !self.notices.is_empty() {
            sections.push(Section::new("notices", "", vec![Block::List(self.notices.clone())]));
        }
        if !self.cards.is_empty() {
            let blocks = self.cards.iter().flat_map(card_tables).collect();
            sections.push(Section::new("scores", "Scores", blocks));
        }
        sections.extend(self.reliability.as_ref().filter(|x| !x.bins.is_empty()).map(diagram));
        sections.extend(self.corp.as_ref().filter(|c| !c.curve.is_empty()).map(recalibrated));
        let parts = parts(self);
        if !parts.is_empty() {
            let row = |(name, value): (&str, f64)| vec![name.to_owned(), four(value)];
            let head = [("Part", false), ("Value", true)];
            let table = Table::new("", &head, parts.into_iter().map(row).collect());
            let title = "Parts of the Brier score, a forecast a question";
            sections.push(Section::new("parts", title, vec![Block::Table(table)]));
        }
        if !self.habits.is_empty() {
            let habits = |h: &HabitsRow| {
                let rows = habit_lines(&h.habits).map(|(name, value)| vec![name.to_owned(), value]);
                let head = [("Habit", false), ("Value", true)];
                Block::Table(Table::new(h.question.clone(), &head, rows.to_vec()))
            };
            let tables = self.habits.iter().map(habits).collect();
            sections.push(Section::new("habits", "Habits", tables));
        }
        Document { title: title.to_owned(), sections, ..Document::default() }
    }
}

/// A score as it is printed.
fn four(x: f64) -> String {
    format!("{x:.4}")
}

/// The scores of a division, and against what they are better or worse.
fn card_tables(c: &Card) -> Vec<Block> {
    let small = if c.small_sample { ", small sample" } else { "" };
    let caption = format!(
        "{}: {}, {}{small}",
        c.label,
        count(c.questions, "question", "questions"),
        count(usize::try_from(c.days).unwrap_or(usize::MAX), "day", "days")
    );
    let row = |(name, value, note): (&str, f64, &str)| {
        vec![name.to_owned(), four(value), note.to_owned()]
    };
    let head = [("Score", false), ("Value", true), ("Reads", false)];
    let table = Table::new(caption, &head, scores(c).into_iter().map(row).collect());
    let mut blocks = vec![Block::Table(table)];
    if !c.skills.is_empty() {
        let row = |s: &winset_methods::score::Skill| {
            let skill = s.skill.map_or_else(|| "none".to_owned(), |s| format!("{s:+.2}"));
            vec![s.against.clone(), skill, four(s.ours), four(s.theirs)]
        };
        let head = [("Against", false), ("Skill", true), ("Ours", true), ("Theirs", true)];
        blocks.push(Block::Table(Table::new("", &head, c.skills.iter().map(row).collect())));
    }
    blocks
}

/// The reliability diagram as a table.
fn diagram(x: &ReliabilityDiagram) -> Section {
    let title = if x.curve { "Reliability" } else { "Reliability, dots only: too few for a curve" };
    let row = |b: &winset_methods::score::Bin| {
        vec![pc(b.forecast), pc(b.observed), b.n.to_string(), range(b.bar_lo, b.bar_hi)]
    };
    let head = [("Forecast", true), ("Came true", true), ("n", true), ("If reliable", true)];
    let table = Table::new("", &head, x.bins.iter().map(row).collect());
    Section::new("reliability", title, vec![Block::Table(table)])
}

/// What the binless version makes of each range of forecasts.
fn recalibrated(c: &Corp) -> Section {
    let row = |p: &winset_methods::score::CorpPoint| {
        vec![range(p.from, p.to), pc(p.recalibrated), p.n.to_string()]
    };
    let head = [("Forecasts of", true), ("Become", true), ("n", true)];
    let table = Table::new("", &head, c.curve.iter().map(row).collect());
    Section::new("corp", "Recalibrated (CORP)", vec![Block::Table(table)])
}
