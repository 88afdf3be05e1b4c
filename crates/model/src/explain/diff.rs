//! Variants of a case on common random numbers: what a change of inputs does to the answer, with
//! the error of the difference itself.
//!
//! # Model
//! Draw k gives every input the same uniform in all variants, since a uniform is keyed by (seed,
//! draw, path). With `y_k(a)` and `y_k(b)` what draw k says of the pooled answers (clock (19)) and
//! `d_k = y_k(b) − y_k(a)`, the change is `D = Σ d_k / n` and its Monte Carlo standard error
//! `√((Σ d_k²/n − D²)/n)`: paired, and far smaller than that of two separate runs wherever the
//! variants mostly agree.
//!
//! # Reference
//! Common random numbers: Law (2015), *Simulation Modeling and Analysis*, 5th ed., section 11.2;
//! the paired comparison of two systems is his section 10.2.1.

use std::ops::Range;
use std::sync::{Arc, Mutex};

use serde::Serialize;

use crate::case::{
    CalendarKind, Case, Day, Ending, ForceKind, Input, InputId, Seat, Settling, StageStart,
};
use crate::clock::outcome::pooled;
use crate::clock::sums::FineSum;
use crate::effort::{Effort, in_blocks};
use crate::forecast::{BLOCK, ended_by_question};
use crate::uncertain::{Dist, Points};

use super::ideals::{IdealShift, shifts};
use crate::forecast::{
    Blocker, CaseTimes, Depth, Endings, Forecast, Frame, Run, Solver, Tally, VERSION, Work,
};

/// How a variant differs from the first, draw by draw: sums over draws from which the errors of
/// differences of ratios are read.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Paired {
    /// Draws compared.
    pub draws: u64,
    /// Draws whose zone today opens, and closes.
    pub zone: [u64; 2],
    /// The weight of the structure and the class's own answer, in the first and here.
    pooled: [(f64, f64); 2],
    /// Σw, `Σw²` in the first, the same here, and `Σww'`.
    weights: [FineSum; 5],
    /// Of the answer, each first ending by the question's date in the order of [`Ending::ALL`], and
    /// of none.
    of: [PairSums; 7],
}

/// The sums of one quantity F over draws of weight w in the first and w′, F′ here.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct PairSums {
    /// `ΣwF`, `Σw²F`, `Σw²F²`, and the same here.
    own: [[FineSum; 3]; 2],
    /// `Σww′F`, `Σww′F′`, `Σww′FF′`.
    cross: [FineSum; 3],
}

impl Paired {
    /// Nothing yet, of a variant and the first.
    fn new(frames: [&Frame<'_>; 2]) -> Self {
        Self { pooled: frames.map(|f| f.times().pooling(f.case())), ..Self::default() }
    }

    /// The structure's mean of a quantity in the first (0) or here (1).
    fn ratio(&self, k: usize, quantity: usize) -> f64 {
        self.of[quantity].own[k][0].over(self.weights[2 * k]).unwrap_or(0.0)
    }

    /// The change of the answer, in [−1, 1].
    pub fn answer(&self) -> f64 {
        let [a, b] = [0, 1].map(|k| {
            let (pool, here) = self.pooled[k];
            pooled(pool, self.ratio(k, 0), here)
        });
        b - a
    }

    /// The Monte Carlo standard error of that change.
    pub fn answer_error(&self) -> f64 {
        self.change_error(0)
    }

    /// The change of the share of draws with a zone, in [−1, 1].
    pub fn zone(&self) -> f64 {
        let [opens, closes] = self.zone.map(|n| n as f64);
        (opens - closes) / self.draws.max(1) as f64
    }

    /// The Monte Carlo standard error of that change.
    pub fn zone_error(&self) -> f64 {
        let moved = (self.zone[0] + self.zone[1]) as f64 / self.draws.max(1) as f64;
        error(self.zone(), moved, self.draws)
    }

    /// The Monte Carlo standard error of the change of a first ending; `None` is that the talks
    /// are still open.
    pub fn ending_error(&self, ending: Option<Ending>) -> f64 {
        self.change_error(ending.map_or(6, |e| 1 + e as usize))
    }

    /// The standard error of the mean of `r′w′(F′ − P′)/w̄′ − rw(F − P)/w̄`, the change of what a draw
    /// says of the pooled answer.
    fn change_error(&self, quantity: usize) -> f64 {
        if self.draws == 1 {
            return f64::NAN;
        }
        let n = self.draws.max(1) as f64;
        let sums = &self.of[quantity];
        let p = [0, 1].map(|k| self.ratio(k, quantity));
        let scale = [0, 1].map(|k| {
            let mean = self.weights[2 * k].value() / n;
            if mean > 0.0 { self.pooled[k].0 / mean } else { 0.0 }
        });
        let square = |k: usize| {
            let [_, once, twice] = sums.own[k].map(FineSum::value);
            twice - 2.0 * p[k] * once + p[k] * p[k] * self.weights[2 * k + 1].value()
        };
        let [first, here, both] = sums.cross.map(FineSum::value);
        // Summed so that there and back give the same.
        let cross = both - (p[1] * first + p[0] * here) + p[0] * p[1] * self.weights[4].value();
        let sum = scale[0] * scale[0] * square(0) + scale[1] * scale[1] * square(1)
            - 2.0 * scale[0] * scale[1] * cross;
        // Below this the terms cancel to nothing but their rounding.
        if sum < 1e-13 * (scale[0] * scale[0] * square(0)).abs() {
            return 0.0;
        }
        (sum / n / n).sqrt()
    }

    fn add(&mut self, first: &DrawEndings, here: &DrawEndings) {
        self.draws += 1;
        let (w, v) = (first.weight, here.weight);
        for (sum, x) in self.weights.iter_mut().zip([w, w * w, v, v * v, w * v]) {
            sum.add(x);
        }
        for (sums, (f, g)) in self.of.iter_mut().zip(first.of.iter().zip(here.of)) {
            for (own, (w, f)) in sums.own.iter_mut().zip([(w, *f), (v, g)]) {
                for (sum, x) in own.iter_mut().zip([w * f, w * w * f, w * w * f * f]) {
                    sum.add(x);
                }
            }
            for (sum, x) in sums.cross.iter_mut().zip([w * v * f, w * v * g, w * v * f * g]) {
                sum.add(x);
            }
        }
        self.zone[0] += u64::from(!first.zone && here.zone);
        self.zone[1] += u64::from(first.zone && !here.zone);
    }

    fn merge(&mut self, other: Self) {
        self.draws += other.draws;
        self.pooled = other.pooled;
        let merge = |mine: &mut [FineSum], other: &[FineSum]| {
            mine.iter_mut().zip(other).for_each(|(a, b)| a.merge(*b));
        };
        merge(&mut self.weights, &other.weights);
        for (mine, other) in self.of.iter_mut().zip(&other.of) {
            merge(&mut mine.cross, &other.cross);
            mine.own.iter_mut().zip(&other.own).for_each(|(a, b)| merge(a, b));
        }
        self.zone = [self.zone[0] + other.zone[0], self.zone[1] + other.zone[1]];
    }
}

/// What a draw came to by the question's date.
#[derive(Clone, Copy, Debug)]
struct DrawEndings {
    weight: f64,
    zone: bool,
    /// The answer, each ending, and none.
    of: [f64; 7],
}

impl DrawEndings {
    fn new(solver: &Solver<'_>) -> Self {
        let ended = ended_by_question(solver);
        let open = 1.0 - ended.iter().sum::<f64>();
        let [a, b, c, d, e] = ended;
        Self {
            weight: solver.weight,
            zone: solver.now.solution.room.is_some(),
            of: [solver.answer, a, b, c, d, e, open],
        }
    }
}

/// The standard error of a mean, from the mean of the squares; not a number of a single draw.
fn error(mean: f64, square: f64, n: u64) -> f64 {
    if n == 1 {
        return f64::NAN;
    }
    ((square - mean * mean).max(0.0) / n.max(1) as f64).sqrt()
}

/// Variants run on the same draws.
#[derive(Clone, Debug, Default)]
pub struct Compared {
    /// What each variant's draws came to, without conflicts, openings and coefficients.
    pub tallies: Vec<Tally>,
    /// How each variant differs from the first; the first from itself by nothing.
    pub paired: Vec<Paired>,
    /// The clock of each variant, tabulated.
    clocks: Vec<Arc<CaseTimes>>,
}

impl Compared {
    /// Adds the same variants run on other draws; exact in any order.
    pub fn merge(&mut self, other: Self) {
        if self.tallies.is_empty() {
            *self = other;
            return;
        }
        self.tallies.iter_mut().zip(other.tallies).for_each(|(a, b)| a.merge(b));
        self.paired.iter_mut().zip(other.paired).for_each(|(a, b)| a.merge(b));
    }

    /// The forecast of variant `k`, by the clock that its draws were run by.
    pub fn forecast(
        &self,
        case: &Case,
        seed: u64,
        k: usize,
        term: &dyn Fn(f64) -> String,
    ) -> Option<Forecast> {
        let frame = Frame::beside(case, self.clocks.get(k)?);
        Some(Forecast::of(&frame, seed, self.tallies.get(k)?, term))
    }
}

/// Prepares variants, the first of which lends the others its clock where it is theirs.
fn side_by_side<'a>(cases: &[&'a Case]) -> Vec<Frame<'a>> {
    let mut frames: Vec<Frame<'a>> = Vec::with_capacity(cases.len());
    for case in cases {
        let frame = match frames.first() {
            Some(first) => Frame::beside(case, first.tables()),
            None => Frame::new(case),
        };
        frames.push(frame);
    }
    frames
}

/// Runs variants of a case in one loop over the same draws. As with [`crate::forecast::run`] the
/// result does not depend on the number of threads, and after a stop it is that of the first so
/// many draws. The variants may be as different as cases can be; where they share no path they
/// share no random number, and the paired error is what it then is.
pub fn compare(cases: &[&Case], run: &Run, effort: Effort<'_>) -> Compared {
    let frames = side_by_side(cases);
    let nothing = || Compared {
        tallies: vec![Tally::default(); cases.len()],
        paired: frames.iter().map(|frame| Paired::new([&frames[0], frame])).collect(),
        clocks: frames.iter().map(|frame| Arc::clone(frame.tables())).collect(),
    };
    let total = Mutex::new(nothing());
    let begin = || {
        let solvers: Vec<_> =
            frames.iter().map(|f| (Solver::new(f), Work::new(Depth::Lean))).collect();
        (solvers, nothing())
    };
    let block = |state: &mut (Vec<(Solver<'_>, Work)>, Compared), draws: Range<u64>| {
        let (solvers, found) = state;
        for draw in draws {
            let mut first = None;
            for (k, (solver, work)) in solvers.iter_mut().enumerate() {
                work.solve(&mut found.tallies[k], solver, run.seed, draw);
                let here = DrawEndings::new(solver);
                found.paired[k].add(first.get_or_insert(here), &here);
            }
        }
    };
    in_blocks(run.draws.clone(), BLOCK, effort, begin, block, |(_, found)| {
        if let Ok(mut total) = total.lock() {
            total.merge(found);
        }
    });
    total.into_inner().unwrap_or_default()
}

/// A number in both variants.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Change {
    /// In the first.
    pub a: f64,
    /// In the second.
    pub b: f64,
    /// `b − a`.
    pub change: f64,
}

impl Change {
    fn new(a: f64, b: f64) -> Self {
        Self { a, b, change: b - a }
    }
}

/// A probability in both variants, with the paired error of the difference.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PairedChange {
    /// In the first.
    pub a: f64,
    /// In the second.
    pub b: f64,
    /// `b − a`.
    pub change: f64,
    /// The paired Monte Carlo standard error of the change.
    pub error: f64,
}

/// Which case a variant is.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Variant {
    /// Its title.
    pub case: String,
    /// Its fingerprint.
    pub fingerprint: String,
    /// The day it is told from.
    pub as_of: Day,
    /// The last day that counts.
    pub by: Day,
}

/// Something that is not the same in both variants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InputChange {
    /// The path.
    pub path: String,
    /// What the first says; `None` where it has no such path.
    pub from: Option<String>,
    /// What the second says.
    pub to: Option<String>,
}

/// The median of the terms on an issue, in its own units; `None` where a variant has no such issue
/// or never a zone.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TermsChange {
    /// The issue.
    pub issue: String,
    /// In the first.
    pub a: Option<f64>,
    /// In the second.
    pub b: Option<f64>,
    /// `b − a`.
    pub change: Option<f64>,
    /// Why there is no change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change_reason: Option<&'static str>,
}

/// What a member of both variants does to the zone.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BlockerChange {
    /// The actor.
    pub actor: String,
    /// Its side.
    pub side: String,
    /// Share of draws it closes.
    pub block: Change,
    /// Share of draws it could close.
    pub walk: Change,
}

/// How an ending's chance by the question's date changes.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EndingChange {
    /// The ending; `open` for none.
    pub ending: &'static str,
    /// Its probability.
    #[serde(flatten)]
    pub p: Change,
}

/// Two variants compared, in the order and under the names of `--json`.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Diff {
    /// `winset/diff/1`.
    pub schema: &'static str,
    /// The version of the formulas.
    pub version: &'static str,
    /// The seed.
    pub seed: u64,
    /// How many draws.
    pub draws: u64,
    /// The first.
    pub a: Variant,
    /// The second.
    pub b: Variant,
    /// What is not the same in both, in the order of the cases.
    pub inputs: Vec<InputChange>,
    /// Ideals taken from a side that move because a red line of the member moved.
    pub ideals: Vec<IdealShift>,
    /// The answer.
    pub answer: PairedChange,
    /// Share of draws with a zone today.
    pub zone: PairedChange,
    /// First endings by each question's date.
    pub endings: Vec<EndingChange>,
    /// Terms by issue.
    pub terms: Vec<TermsChange>,
    /// Members of both, in the order of the first's ids.
    pub blockers: Vec<BlockerChange>,
}

impl Diff {
    /// Compares variant `k` of a comparison with its first.
    pub fn new(cases: &[&Case], seed: u64, compared: &Compared, k: usize) -> Option<Self> {
        let (a, b) = (cases.first()?, cases.get(k)?);
        let read = |k: usize| compared.forecast(cases[k], seed, k, &|_| String::new());
        let (fa, fb) = (read(0)?, read(k)?);
        let paired = compared.paired.get(k)?;
        let variant = |case: &Case, f: &Forecast| Variant {
            case: f.case.clone(),
            fingerprint: f.fingerprint.clone(),
            as_of: f.as_of,
            by: case.question.by,
        };
        let ending = |e: Ending| EndingChange {
            ending: e.name(),
            p: Change::new(fa.endings.get(e), fb.endings.get(e)),
        };
        let mut endings: Vec<EndingChange> = Ending::ALL.map(ending).into();
        for (ending, of) in [
            ("rejected", (|e| e.rejected) as fn(&Endings) -> f64),
            ("lapsed", |e| e.lapsed),
            ("under_way", |e| e.under_way),
            ("open", |e| e.open),
        ] {
            let p = Change::new(of(&fa.endings), of(&fb.endings));
            endings.push(EndingChange { ending, p });
        }
        Some(Self {
            schema: "winset/diff/1",
            version: VERSION,
            seed,
            draws: paired.draws,
            a: variant(a, &fa),
            b: variant(b, &fb),
            inputs: changes(a, b),
            ideals: shifts(a, b, seed),
            answer: PairedChange {
                a: fa.answer.p,
                b: fb.answer.p,
                change: paired.answer(),
                error: paired.answer_error(),
            },
            zone: PairedChange {
                a: fa.zone.share(),
                b: fb.zone.share(),
                change: paired.zone(),
                error: paired.zone_error(),
            },
            endings,
            terms: terms(&fa, &fb),
            blockers: blockers(&fa.blockers, &fb.blockers),
        })
    }
}

/// The elements of two lists with equal keys side by side, in the order of the first, then those
/// of the second alone.
fn aligned<'t, T>(
    a: &'t [T],
    b: &'t [T],
    key: impl Fn(&T) -> &str,
) -> Vec<(Option<&'t T>, Option<&'t T>)> {
    let find = |list: &'t [T], wanted: &str| list.iter().find(|x| key(x) == wanted);
    let mut rows: Vec<_> = a.iter().map(|x| (Some(x), find(b, key(x)))).collect();
    rows.extend(b.iter().filter(|x| find(a, key(x)).is_none()).map(|x| (None, Some(x))));
    rows
}

fn terms(a: &Forecast, b: &Forecast) -> Vec<TermsChange> {
    let rows = aligned(&a.terms, &b.terms, |row| &row.issue).into_iter();
    rows.filter_map(|(in_a, in_b)| {
        let median = |row: Option<&crate::forecast::TermsRow>| row.and_then(|r| r.q50);
        let (a, b) = (median(in_a), median(in_b));
        let reason = match (in_a.zip(in_b), a.zip(b)) {
            (None, _) => Some("the issue is in one of them only"),
            (_, None) => Some("no draw of one of them has a zone of agreement"),
            _ => None,
        };
        Some(TermsChange {
            issue: in_a.or(in_b)?.issue.clone(),
            a,
            b,
            change: a.zip(b).map(|(a, b)| b - a),
            change_reason: reason,
        })
    })
    .collect()
}

fn blockers(a: &[Blocker], b: &[Blocker]) -> Vec<BlockerChange> {
    aligned(a, b, |row| &row.actor)
        .into_iter()
        .filter_map(|(a, b)| {
            let (a, b) = a.zip(b)?;
            Some(BlockerChange {
                actor: a.actor.clone(),
                side: a.side.clone(),
                block: Change::new(a.block, b.block),
                walk: Change::new(a.walk, b.walk),
            })
        })
        .collect()
}

/// What two cases do not say alike: dates, rules and switches first, then numbers by path.
pub fn changes(a: &Case, b: &Case) -> Vec<InputChange> {
    let mut rows = Vec::new();
    let mut push = |path: String, from: Option<String>, to: Option<String>| {
        if from != to {
            rows.push(InputChange { path, from, to });
        }
    };
    for ((path, from), (_, to)) in heads(a).into_iter().zip(heads(b)) {
        push(path.to_owned(), Some(from), Some(to));
    }
    let (fa, fb) = (facts(a), facts(b));
    for (in_a, in_b) in aligned(&fa, &fb, |fact| &fact.0) {
        let path = in_a.or(in_b).map(|fact| fact.0.clone()).unwrap_or_default();
        push(path, in_a.map(|f| f.1.clone()), in_b.map(|f| f.1.clone()));
    }
    let (da, db) = (details(a), details(b));
    for (in_a, in_b) in aligned(&da, &db, |fact| &fact.0) {
        // What is there on one side alone has been said above.
        if let (Some(in_a), Some(in_b)) = (in_a, in_b) {
            push(in_a.0.clone(), Some(in_a.1.clone()), Some(in_b.1.clone()));
        }
    }
    for (in_a, in_b) in aligned(&a.inputs, &b.inputs, |input| &input.path) {
        let same = |a: &Input, b: &Input| a.dist == b.dist && a.later == b.later;
        if in_a.zip(in_b).is_some_and(|(a, b)| same(a, b)) {
            continue;
        }
        let path = in_a.or(in_b).map(|input| input.path.clone()).unwrap_or_default();
        let (from, to) = (in_a.map(written), in_b.map(written));
        // Beliefs that differ less than their medians show are still different.
        rows.push(InputChange { path, from, to });
    }
    rows
}

/// What stands for a key that says nothing.
const NONE: &str = "none";

/// What every case has once.
fn heads(case: &Case) -> [(&'static str, String); 17] {
    let counts: Vec<&str> = case.question.counts.iter().map(|e| e.name()).collect();
    let none = |id: &Option<String>| id.clone().unwrap_or_else(|| NONE.to_owned());
    let grid = |g: &Vec<f64>| format!("{g:?}");
    [
        ("as_of", case.as_of.to_string()),
        ("question.by", case.question.by.to_string()),
        ("question.counts", counts.join(", ")),
        ("question.stage", none(&case.question.stage_id)),
        ("question.about", none(&case.question.about_id)),
        ("clock.class", case.clock.class.name.clone()),
        ("clock.group", none(&case.clock.class.group)),
        ("clock.start", case.clock.start.to_string()),
        ("constants.horizon", case.constants.horizon.to_string()),
        ("model.alpha", case.switches.alpha.to_string()),
        ("model.grid", case.switches.grid.as_ref().map_or_else(|| "exact".to_owned(), grid)),
        ("model.known_win_set", (case.switches.seat == Seat::Pivotal).to_string()),
        ("model.noisy_signals", case.switches.noisy_signals.to_string()),
        ("model.fragmented_authority", (case.switches.seat == Seat::Willing).to_string()),
        ("model.priced_ratification", case.switches.priced_ratification.to_string()),
        ("model.public_values", case.switches.public_values.to_string()),
        ("model.scrambled", (case.points != Points::Random).to_string()),
    ]
}

/// What is no number: rules, negotiators, who is there, and the calendar.
fn facts(case: &Case) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    for side in &case.sides {
        facts.push((format!("sides.{}.ratify", side.id), case.ratify_text(side)));
        if let Some(n) = side.negotiator {
            facts.push((format!("sides.{}.negotiator", side.id), case.actors[n].id.clone()));
        }
    }
    for promise in case.promises.iter().filter(|p| p.once) {
        facts.push((format!("promises.{}.once", promise.id), "true".to_owned()));
    }
    for force in case.force.iter().filter(|f| f.goes_on.is_some()) {
        facts.push((format!("force.{}.ends_talks", force.id), "false".to_owned()));
    }
    for actor in &case.actors {
        facts.push((format!("actors.{}.role", actor.id), actor.role.name().to_owned()));
        if let Some(member) = &actor.member {
            let side = case.sides[member.side].id.clone();
            facts.push((format!("actors.{}.side", actor.id), side));
        }
    }
    facts.extend(case.calendar.iter().map(|e| (format!("calendar.{}", e.id), e.on.to_string())));
    facts
}

/// What is no number of what a case holds, as far as both cases hold it.
fn details(case: &Case) -> Vec<(String, String)> {
    let mut rows: Vec<(String, String)> = Vec::new();
    let mut say = |section: &str, id: &str, key: &str, value: String| {
        rows.push((format!("{section}.{id}.{key}"), value));
    };
    let list = |ids: Vec<&str>| ids.join(", ");
    let (side, issue) =
        (|k: usize| case.sides[k].id.as_str(), |j: usize| case.issues[j].id.as_str());
    let or_none = |id: Option<&str>| id.unwrap_or(NONE).to_owned();
    for i in &case.issues {
        let scale = match i.options.is_empty() {
            true => format!("{}..{}", i.scale.0, i.scale.1),
            false => list(i.options.iter().map(|o| o.id.as_str()).collect()),
        };
        say("issues", &i.id, if i.options.is_empty() { "scale" } else { "options" }, scale);
    }
    for actor in &case.actors {
        say("actors", &actor.id, "of", or_none(actor.ally_of.map(side)));
    }
    for force in &case.force {
        let (by, choice) = match &force.kind {
            ForceKind::Choice { owner, .. } => (side(*owner), true),
            ForceKind::Event { by, .. } => (by.as_str(), false),
        };
        say("force", &force.id, "by", by.to_owned());
        say("force", &force.id, "on", side(force.target).to_owned());
        say("force", &force.id, "choice", choice.to_string());
    }
    for promise in &case.promises {
        say("promises", &promise.id, "by", side(promise.by).to_owned());
        say("promises", &promise.id, "to", side(promise.to).to_owned());
        let bound = promise.secured_by.map(|(j, _)| issue(j));
        say("promises", &promise.id, "secured_by", or_none(bound));
        let shown = promise.verified_by.map(|v| issue(v.issue));
        say("promises", &promise.id, "verified_by", or_none(shown));
    }
    for entry in &case.calendar {
        say("calendar", &entry.id, "known", entry.known.to_string());
        let kind = match &entry.kind {
            CalendarKind::Start { .. } => "start",
            CalendarKind::Round { settles, days, .. } => {
                let decides = *settles == Some(Settling::Constant);
                say("calendar", &entry.id, "decides", decides.to_string());
                say("calendar", &entry.id, "days", days.to_string());
                "round"
            }
            CalendarKind::Deadline { hard, binds, price } => {
                let stage = binds.and_then(|k| case.stages.get(k)).map(|s| s.id.as_str());
                say("calendar", &entry.id, "hard", hard.to_string());
                say("calendar", &entry.id, "binds", or_none(stage));
                let ends = price.as_ref().is_some_and(|p| p.ends);
                say("calendar", &entry.id, "ends", ends.to_string());
                "deadline"
            }
        };
        say("calendar", &entry.id, "kind", kind.to_owned());
    }
    for stage in &case.stages {
        let dist = |dist: &Dist| dist.written().unwrap_or_else(|| format!("{dist:?}"));
        let first = match &stage.first {
            StageStart::Takes(days) => dist(days),
            StageStart::On(day) => day.to_string(),
        };
        say("stages", &stage.id, "takes", first);
        say("stages", &stage.id, "passes", dist(&stage.passes));
        say("stages", &stage.id, "tries", stage.tries.to_string());
        say(
            "stages",
            &stage.id,
            "again",
            stage.again.as_ref().map_or_else(|| NONE.to_owned(), dist),
        );
    }
    for partial in &case.partial {
        let issues = list(partial.issues.iter().map(|j| issue(*j)).collect());
        say("partial", &partial.id, "issues", issues);
        let sides = list(partial.sides.iter().map(|k| side(*k)).collect());
        say("partial", &partial.id, "sides", sides);
    }
    for group in &case.together {
        let path = |(id, reversed): &(InputId, bool)| {
            format!("{}{}", if *reversed { "-" } else { "" }, case.input(*id).path)
        };
        let paths: Vec<String> = group.inputs.iter().map(path).collect();
        say("together", &group.id, "inputs", paths.join(", "));
    }
    rows
}

/// What is believed about an input, in the grammar of case files; what the record left of it by its
/// quantiles.
pub fn written(input: &Input) -> String {
    let later = if input.later.is_some() { ", drifting" } else { "" };
    let from_record = || {
        let q = |u| (input.dist.quantile(u, input.scale) * 10.0).round() / 10.0;
        format!("record: {}..{}..{}", q(0.05), q(0.5), q(0.95))
    };
    let text = input.dist.written().unwrap_or_else(from_record);
    text + later
}
