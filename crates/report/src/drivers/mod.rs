//! What drives the answer and what would flip it: the model's values under the names of the case,
//! for people and for programs.

pub mod text;

use crate::drivers::text as view;
use serde::Serialize;
use winset_files::sheet::table;
use winset_model::case::Case;
use winset_model::effort::Effort;
use winset_model::explain::drivers;
use winset_model::explain::drivers::{Drivers, VariancePart};
use winset_model::explain::flip::{self, Flip, Flips};
use winset_model::explain::groups::By;
use winset_model::explain::sobol::Estimate;
use winset_model::forecast::VERSION;

use crate::forecast::{event, input};

/// Draws of drivers unless more are asked for.
pub const DRAWS: u64 = 1_024;

/// Draws of the search for flips unless more are asked for.
pub const FLIP_DRAWS: u64 = 512;

/// What is found is applied on so many times the draws of its search.
pub const VERIFY: u64 = 4;

/// The fewest draws that drivers and flips are sought on.
pub const FEWEST: u64 = 16;

/// Leading inputs that are looked at one by one.
pub const TOP: u16 = 20;

/// The most inputs that are changed together.
pub const JOINT: u16 = 6;

/// The answer that is explained.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// The last day that counts, ISO.
    pub by: String,
    /// The probability; `null` if it was stopped before any draw.
    pub p: Option<f64>,
    /// Its Monte Carlo standard error.
    pub mcse: f64,
    /// On how many draws.
    pub draws: u64,
}

/// `winset/drivers/1`.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The schema.
    pub schema: &'static str,
    /// The case's title.
    pub case: String,
    /// Its fingerprint.
    pub fingerprint: String,
    /// The version of the formulas.
    pub version: &'static str,
    /// The day it is told from.
    pub as_of: String,
    /// The seed.
    pub seed: u64,
    /// The answer on the draws of the tornado.
    pub answer: Answer,
    /// How many inputs are uncertain.
    pub inputs: usize,
    /// Bars, widest first.
    pub tornado: Vec<BarRow>,
    /// What the variance is split over.
    pub split: &'static str,
    /// Standard deviation of the answer over draws.
    pub sd: f64,
    /// Rows of the indices; 0 if it was stopped before.
    pub rows: usize,
    /// Indices, largest total first; then the other inputs as one group.
    pub sobol: Vec<PartRow>,
    /// Share of variance carried by inputs that rest on judgement alone.
    pub judgement_share: Option<f64>,
    /// 5 % of its interval.
    pub judgement_lo: Option<f64>,
    /// 95 % of it.
    pub judgement_hi: Option<f64>,
    /// How many inputs those are.
    pub judgement_inputs: usize,
    /// Whether it was stopped before the end.
    pub interrupted: bool,
}

/// A bar of the tornado.
#[derive(Clone, Debug, Serialize)]
pub struct BarRow {
    /// The input's path.
    pub path: String,
    /// The input in words.
    pub name: String,
    /// Its 10 % quantile.
    pub low: f64,
    /// Its 90 % quantile.
    pub high: f64,
    /// The answer at `low`.
    pub p_low: f64,
    /// The answer at `high`.
    pub p_high: f64,
    /// Standard error of the difference.
    pub se: f64,
    /// Whether it rests on judgement alone.
    pub judgement: bool,
}

/// A row of indices.
#[derive(Clone, Debug, Serialize)]
pub struct PartRow {
    /// The path of an input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The id of a group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// In words.
    pub name: String,
    /// How many uncertain inputs it stands for.
    pub inputs: usize,
    /// First-order index.
    pub first: f64,
    /// 5 % of its interval.
    pub first_lo: f64,
    /// 95 % of it.
    pub first_hi: f64,
    /// Total index.
    pub total: f64,
    /// 5 % of its interval.
    pub total_lo: f64,
    /// 95 % of it.
    pub total_hi: f64,
}

/// The id of a split.
pub fn split(by: By) -> &'static str {
    match by {
        By::Input => "input",
        By::Actor => "actor",
        By::Side => "side",
        By::Issue => "issue",
        By::Kind => "kind",
    }
}

/// What drives the answer of a case: see [`drivers::drivers`].
pub fn report(case: &Case, settings: &drivers::Settings, effort: Effort<'_>) -> Report {
    let d = drivers::drivers(case, settings, effort);
    let mut sobol: Vec<PartRow> = d.parts.iter().map(|p| row(case, p, settings.by)).collect();
    sobol.extend(d.others.iter().map(|p| row(case, p, By::Kind)));
    let share = d.judgement_share();
    Report {
        schema: "winset/drivers/1",
        case: case.title.clone(),
        fingerprint: case.fingerprint(),
        version: VERSION,
        as_of: case.as_of.to_string(),
        seed: settings.seed,
        answer: Answer { by: case.question.by.to_string(), p: d.p, mcse: d.mcse, draws: d.draws },
        inputs: d.inputs,
        tornado: bars(case, &d),
        split: split(settings.by),
        sd: d.sd,
        rows: d.rows,
        sobol,
        judgement_share: share.map(|s| s.value),
        judgement_lo: share.map(|s| s.lo),
        judgement_hi: share.map(|s| s.hi),
        judgement_inputs: d.judgement.as_ref().map_or(0, |j| j.inputs),
        interrupted: effort.stopped(),
    }
}

fn bars(case: &Case, d: &Drivers) -> Vec<BarRow> {
    d.tornado
        .iter()
        .map(|b| BarRow {
            name: input(case, &b.path),
            path: b.path.clone(),
            low: b.low,
            high: b.high,
            p_low: b.p_low,
            p_high: b.p_high,
            se: b.se,
            judgement: b.judgement,
        })
        .collect()
}

fn row(case: &Case, p: &VariancePart, by: By) -> PartRow {
    let (path, group, name) = match by {
        By::Input => (Some(p.name.clone()), None, input(case, &p.name)),
        _ => (None, Some(p.name.clone()), group(case, &p.name, p.inputs)),
    };
    let (first, total): (Estimate, Estimate) = (p.index.first, p.index.total);
    PartRow {
        path,
        group,
        name,
        inputs: p.inputs,
        first: first.value,
        first_lo: first.lo,
        first_hi: first.hi,
        total: total.value,
        total_lo: total.lo,
        total_hi: total.hi,
    }
}

/// A group in words.
fn group(case: &Case, id: &str, inputs: usize) -> String {
    let found = match id.split_once('.') {
        Some(("actors", id)) => case.actors.iter().find(|a| a.id == id).map(|a| &a.name),
        Some(("sides", id)) => case.sides.iter().find(|s| s.id == id).map(|s| &s.name),
        Some(("issues", id)) => case.issues.iter().find(|j| j.id == id).map(|j| &j.name),
        _ => None,
    };
    let name = match id {
        "others" => format!("all {inputs} other inputs together"),
        "none" => "about no single issue".to_owned(),
        "calendar" => "dates and constants of the calendar".to_owned(),
        "outside" => "outside the table".to_owned(),
        id => id.to_owned(),
    };
    found.cloned().unwrap_or(name)
}

fn head(case: &Case, answer: &Answer, seed: u64, inputs: usize) -> view::Head {
    let plain = case.question.counts == [winset_model::case::Ending::Agreement];
    let event = if plain { event(case) } else { "yes" };
    view::Head {
        title: case.title.clone(),
        as_of: case.as_of.to_string(),
        event: event.to_owned(),
        by: answer.by.clone(),
        p: answer.p,
        mcse: answer.mcse,
        draws: answer.draws,
        seed,
        inputs,
    }
}

/// What the terminal shows of a report.
pub fn view_of(case: &Case, r: &Report) -> view::Drivers {
    view::Drivers {
        head: head(case, &r.answer, r.seed, r.inputs),
        bars: r
            .tornado
            .iter()
            .map(|b| view::Bar {
                name: b.name.clone(),
                ends: [b.low, b.high],
                p: [b.p_low, b.p_high],
                se: b.se,
                judgement: b.judgement,
            })
            .collect(),
        over: format!("{}s", r.split),
        sd: r.sd,
        rows: r.rows,
        parts: r
            .sobol
            .iter()
            .map(|p| view::Part {
                name: p.name.clone(),
                first: [p.first, p.first_lo, p.first_hi],
                total: [p.total, p.total_lo, p.total_hi],
            })
            .collect(),
        judgement: r
            .judgement_share
            .zip(r.judgement_lo)
            .zip(r.judgement_hi)
            .map(|((a, b), c)| ([a, b, c], r.judgement_inputs)),
    }
}

/// The report as a table: a row an input or group, cells empty where something was not computed.
pub fn csv(r: &Report) -> String {
    let indices = |p: &PartRow| {
        [p.first, p.first_lo, p.first_hi, p.total, p.total_lo, p.total_hi].map(|x| x.to_string())
    };
    let bars = r.tornado.iter().map(|b| {
        let own = r.sobol.iter().find(|p| p.path.as_ref() == Some(&b.path));
        let numbers = [b.low, b.high, b.p_low, b.p_high, b.se].map(|x| x.to_string());
        let mut cells = vec![b.path.clone(), b.name.clone(), b.judgement.to_string()];
        cells.extend(numbers);
        cells.extend(own.map(indices).unwrap_or_default());
        cells
    });
    let groups = r.sobol.iter().filter(|p| p.path.is_none()).map(|p| {
        let mut cells = vec![p.group.clone().unwrap_or_default(), p.name.clone()];
        cells.resize(8, String::new());
        cells.extend(indices(p));
        cells
    });
    let header = [
        "path",
        "name",
        "judgement",
        "low",
        "high",
        "p_low",
        "p_high",
        "se",
        "first",
        "first_lo",
        "first_hi",
        "total",
        "total_lo",
        "total_hi",
    ];
    table(header, bars.chain(groups))
}

/// `winset/flip/1`.
#[derive(Clone, Debug, Serialize)]
pub struct FlipReport {
    /// The schema.
    pub schema: &'static str,
    /// The case's title.
    pub case: String,
    /// Its fingerprint.
    pub fingerprint: String,
    /// The version of the formulas.
    pub version: &'static str,
    /// The day it is told from.
    pub as_of: String,
    /// The seed.
    pub seed: u64,
    /// The answer on the draws of the verification.
    pub answer: Answer,
    /// The threshold.
    pub threshold: f64,
    /// How many inputs are uncertain.
    pub inputs: usize,
    /// How many were tried one by one.
    pub tried: usize,
    /// Changes of one input, smallest first.
    pub single: Vec<FlipRow>,
    /// Tried inputs that cannot do it alone, the nearest first.
    pub cannot: Vec<ShortRow>,
    /// The smallest change of several inputs that was found.
    pub joint: Option<FlipRow>,
    /// Whether it was stopped before the end.
    pub interrupted: bool,
}

/// A change and what it does.
#[derive(Clone, Debug, Serialize)]
pub struct FlipRow {
    /// What is changed.
    pub changes: Vec<ChangeRow>,
    /// The length of the change, standard units.
    pub distance: f64,
    /// The answer with it, on the draws of the verification.
    pub p: f64,
    /// Its Monte Carlo standard error.
    pub mcse: f64,
    /// Whether that is across the threshold.
    pub across: bool,
}

/// An input that is changed.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeRow {
    /// The input's path.
    pub path: String,
    /// In words.
    pub name: String,
    /// Its central value.
    pub from: f64,
    /// What it would have to be.
    pub to: f64,
    /// How far that is from the median, standard units.
    pub z: f64,
    /// Whether it rests on judgement alone.
    pub judgement: bool,
}

/// An input that cannot do it alone.
#[derive(Clone, Debug, Serialize)]
pub struct ShortRow {
    /// The input's path.
    pub path: String,
    /// In words.
    pub name: String,
    /// Where the answer comes nearest to the threshold.
    pub at: f64,
    /// The answer there.
    pub p: f64,
    /// Its Monte Carlo standard error.
    pub mcse: f64,
}

/// What would take the answer of a case across a threshold: see [`flip::flips`].
pub fn flip_report(case: &Case, settings: &flip::Settings, effort: Effort<'_>) -> FlipReport {
    let Flips { p, mcse, inputs, tried, single, short, joint, .. } =
        flip::flips(case, settings, effort);
    let row = |f: &Flip| FlipRow {
        changes: f
            .changes
            .iter()
            .map(|c| ChangeRow {
                name: input(case, &c.path),
                path: c.path.clone(),
                from: c.from,
                to: c.to,
                z: c.z,
                judgement: c.judgement,
            })
            .collect(),
        distance: f.distance,
        p: f.p,
        mcse: f.mcse,
        across: f.across,
    };
    FlipReport {
        schema: "winset/flip/1",
        case: case.title.clone(),
        fingerprint: case.fingerprint(),
        version: VERSION,
        as_of: case.as_of.to_string(),
        seed: settings.seed,
        answer: Answer { by: case.question.by.to_string(), p, mcse, draws: settings.verify },
        threshold: settings.p,
        inputs,
        tried,
        single: single.iter().map(row).collect(),
        cannot: short
            .into_iter()
            .map(|s| ShortRow {
                name: input(case, &s.path),
                path: s.path,
                at: s.at,
                p: s.p,
                mcse: s.mcse,
            })
            .collect(),
        joint: joint.as_ref().map(row),
        interrupted: effort.stopped(),
    }
}

/// What the terminal shows of it.
pub fn flip_view(case: &Case, r: &FlipReport) -> view::Flips {
    let flip = |f: &FlipRow| view::Flip {
        changes: f.changes.iter().map(|c| (c.name.clone(), c.from, c.to)).collect(),
        distance: f.distance,
        p: f.p,
        mcse: f.mcse,
        across: f.across,
    };
    view::Flips {
        head: head(case, &r.answer, r.seed, r.inputs),
        threshold: r.threshold,
        tried: r.tried,
        verify: r.answer.draws,
        single: r.single.iter().map(flip).collect(),
        short: r.cannot.iter().map(|s| (s.name.clone(), s.at, s.p, s.mcse)).collect(),
        joint: r.joint.as_ref().map(flip),
        interrupted: r.interrupted,
    }
}
