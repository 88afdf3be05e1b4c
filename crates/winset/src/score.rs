//! `winset score`: how far the forecasts of resolved questions were from what happened.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use winset_files::log::{Clock, Crowd, crowd_csv};
use winset_model::score::{By, Card, Habits};
use winset_report::log::text as book;
use winset_report::score::Report;

use crate::exit::Failure;
use crate::log::Place;

/// `winset score`
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct ScoreArgs {
    /// Folders with a case and its log [default: the one here]
    #[arg(value_name = "CASE")]
    cases: Vec<PathBuf>,
    /// Divide by tag, by days left to the question's date, or by the quarter of resolution
    #[arg(long, value_enum)]
    by: Option<Division>,
    /// A crowd's series to compare with: columns `date`, `p`, and `question` for several
    #[arg(long, value_name = "FILE")]
    crowd: Option<PathBuf>,
    /// Count each forecast from the day it is told from, not from the day it was made: a replay
    #[arg(long)]
    replayed: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Division {
    Tag,
    Horizon,
    Period,
}

impl ScoreArgs {
    /// Whether errors go out as JSON.
    pub(crate) fn json(&self) -> bool {
        self.json
    }
}

/// Runs it.
pub(crate) fn run(args: &ScoreArgs) -> anyhow::Result<()> {
    let crowds = match &args.crowd {
        Some(path) => crowd(path)?,
        None => BTreeMap::new(),
    };
    let clock = if args.replayed { Clock::AsOf } else { Clock::MadeAt };
    let places = match args.cases.as_slice() {
        [] => vec![Place::of(None)?],
        cases => cases.iter().map(|c| Place::of(Some(c))).collect::<Result<_, _>>()?,
    };
    let mut logs = Vec::new();
    for place in &places {
        let log = place.read()?;
        if !log.verifies() {
            let why = format!("the chain of {} is broken", place.log.display());
            let hint = "`winset log verify` names the lines";
            return Err(Failure::Invalid(format!("{why}\n\nhint: {hint}")).into());
        }
        logs.push(log);
    }
    let by = match args.by {
        None => By::All,
        Some(Division::Tag) => By::Tag,
        Some(Division::Horizon) => By::Horizon,
        Some(Division::Period) => By::Period,
    };
    let report = Report::new(&logs, &crowds, by, clock);
    let mut out = std::io::stdout().lock();
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&report.json())?)?;
    } else {
        out.write_all(book::scores(&view(&report, args)).as_bytes())?;
    }
    Ok(())
}

fn crowd(path: &PathBuf) -> anyhow::Result<BTreeMap<String, Crowd>> {
    let name = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
    let hint = "columns `date` and `p`: `2025-04-18,0.35`";
    let bad = |e| Failure::Invalid(format!("{name}: {e}\n\nhint: {hint}"));
    Ok(crowd_csv(&text).map_err(bad)?)
}

fn view(r: &Report, args: &ScoreArgs) -> book::ScoreView {
    let counted = match args.replayed {
        true => "a replay: each forecast counts from the day it is told from, not a record",
        false => "each forecast counts from the day it was made",
    };
    let parts = r.murphy.iter().flat_map(|m| {
        [
            ("reliability", m.reliability),
            ("resolution", m.resolution),
            ("uncertainty", m.uncertainty),
            ("within-bin variance", m.within_variance),
            ("within-bin covariance", m.within_covariance),
        ]
    });
    let corp_parts = r
        .corp
        .iter()
        .flat_map(|c| [("miscalibration", c.miscalibration), ("discrimination", c.discrimination)]);
    book::ScoreView {
        counted: counted.to_owned(),
        notices: r.notices.clone(),
        cards: r.cards.iter().map(card_view).collect(),
        dots: r.reliability.iter().flat_map(|x| &x.bins).map(dot).collect(),
        curve: r.reliability.as_ref().is_some_and(|x| x.curve),
        corp: r
            .corp
            .iter()
            .flat_map(|c| &c.curve)
            .map(|p| (p.from, p.to, p.recalibrated, p.n))
            .collect(),
        parts: parts.chain(corp_parts).map(|(name, x)| (name.to_owned(), x)).collect(),
        habits: r.habits.iter().map(|(id, h)| (id.clone(), habit_lines(h))).collect(),
    }
}

fn dot(b: &winset_model::score::Bin) -> (f64, f64, usize, f64, f64) {
    (b.forecast, b.observed, b.n, b.bar_lo, b.bar_hi)
}

fn card_view(c: &Card) -> book::Card {
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
    book::Card {
        label: c.label.clone(),
        questions: c.questions,
        days: c.days,
        scores: scores.into_iter().map(|(a, x, b)| (a.to_owned(), x, b.to_owned())).collect(),
        skills: c.skills.iter().map(|s| (s.against.clone(), s.skill, s.ours, s.theirs)).collect(),
        small: c.small_sample,
    }
}

fn habit_lines(h: &Habits) -> Vec<(String, String)> {
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
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}
