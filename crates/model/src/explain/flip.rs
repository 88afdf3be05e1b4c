//! The smallest change of inputs that takes the answer across a threshold, singly and jointly.
//!
//! # Model
//! Inputs are known to be the quantile at Φ(z) of what is believed about them, z in standard units:
//! 0 is the median, ±2.326 the 1 % and 99 % quantiles, beyond which nobody looks. P(z) is the answer
//! with those inputs known and all others drawn, on common random numbers. Asked for is the z of
//! least length `√Σ z²` with P(z) across the threshold.
//!
//! Singly the range is scanned from the median outwards on both sides, so that nothing need be
//! monotone between the nodes, and the first crossing is bisected. Jointly the search starts from
//! the best single change and from the direction of steepest gain (the design point of structural
//! reliability, Hasofer & Lind 1974, were P linear), and tries shorter vectors with single inputs
//! weighted up, down or left out. Inputs whose median alone helps are known in all of them, at no
//! length. It is a local search: a shorter change may exist.
//!
//! Values are rounded outwards to three digits, then verified on a case in which they are written,
//! with more draws; where that falls short the change is widened by what the draws of the search say is
//! missing.

use std::sync::Arc;

use serde::Serialize;

use crate::case::Case;
use crate::effort::Effort;
use crate::forecast::{Frame, KEPT_DRAWS, KeptSolution, Solver, draw_inputs, draw_later};
use crate::uncertain::special::normal_cdf;

use super::drivers::{
    AnswerFunction, Ranking, SCREENING_ROWS, mean, on_judgement, screened, values,
};
use super::held::{fixed, regressed};
use super::rows::rows;
use super::sobol::Function;

/// The largest change: the 1 % and 99 % quantiles.
pub const FARTHEST: f64 = 2.326_347_874_040_841;

/// Nodes of the scan on each side of the median.
const NODES: [f64; 4] = [0.6, 1.2, 1.8, FARTHEST];

/// Halvings of the bracket of a crossing: 0.6/2⁶ is a hundredth of a standard unit.
const HALVINGS: usize = 6;

/// Evaluations of the joint search.
const TRIES: usize = 90;

/// A joint change is named if it is at most so long, as a share of the smallest single one.
const WORTH: f64 = 0.95;

/// Knowing an input to be at its median is part of a joint change if that alone covers at least
/// this share of the way to the threshold.
const PINNED: f64 = 0.05;

/// How much shorter a vector must be to be tried.
const SHORTER: f64 = 0.97;

/// An input that is changed together with others is changed at least so much, in standard units.
const LEAST: f64 = 0.2;

/// How often a verified change that fell short is widened, and by how much at most, in standard units.
const WIDENINGS: usize = 4;
const WIDENED: f64 = 0.6;

/// How the question is asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FlipSettings {
    /// The threshold, in (0, 1).
    pub p: f64,
    /// Draws of the search.
    pub draws: u64,
    /// Draws of the verification, and of the answer as it is; the latter no fewer than the search.
    pub verify: u64,
    /// How many leading inputs are tried one by one.
    pub top: usize,
    /// How many of them are changed together at most.
    pub joint: usize,
    /// The seed.
    pub seed: u64,
}

/// An input that is changed.
#[derive(Clone, Debug, PartialEq)]
pub struct FlipChange {
    /// The input's path.
    pub path: String,
    /// How far.
    pub step: InputStep,
}

/// How far an input is changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InputStep {
    /// Its central value, in the units of the file.
    pub from: f64,
    /// What it would have to be.
    pub to: f64,
    /// How far `to` is from the median, in standard units.
    pub z: f64,
    /// Whether it rests on judgement.
    pub judgement: bool,
}

/// A change of one or more inputs and what it does.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Flip<C = FlipChange> {
    /// What is changed.
    pub changes: Vec<C>,
    /// The length of the change, standard units.
    pub distance: f64,
    /// The answer with the changes written into the case.
    pub p: f64,
    /// Its Monte Carlo standard error.
    pub mcse: f64,
    /// Whether that is across the threshold.
    pub across: bool,
}

/// An input that cannot do it alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Shortfall {
    /// The input's path.
    pub path: String,
    /// How near it comes.
    pub nearest: NearestAnswer,
}

/// Where an input takes the answer nearest to the threshold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NearestAnswer {
    /// Where in its range the answer comes nearest to the threshold.
    pub at: f64,
    /// The answer there, on the draws of the search.
    pub p: f64,
    /// Its Monte Carlo standard error.
    pub mcse: f64,
}

/// What would take the answer across a threshold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Flips {
    /// The answer as it is, on the draws of the verification; `None` if it was stopped before.
    pub p: Option<f64>,
    /// Its Monte Carlo standard error.
    pub mcse: f64,
    /// Whether the answer would have to rise.
    pub up: bool,
    /// Uncertain inputs of the case.
    pub inputs: usize,
    /// How many of them were tried one by one.
    pub tried: usize,
    /// Changes of one input, smallest first.
    pub single: Vec<Flip>,
    /// Tried inputs that cannot do it alone, the nearest first.
    pub short: Vec<Shortfall>,
    /// The smallest change of several inputs that was found.
    pub joint: Option<Flip>,
}

/// The draws on which everything is compared.
struct Common<'f, 'a> {
    f: &'f AnswerFunction<'a>,
    draws: Vec<[Vec<f64>; 2]>,
    /// What they say of the answer of the case as it is.
    before: Vec<f64>,
    /// That answer on the draws of the verification, and its error.
    base: (f64, f64),
    /// What the first draws of the case came to.
    kept: &'f [Arc<KeptSolution>],
    effort: Effort<'f>,
    /// The threshold and whether the answer has to rise to it.
    goal: (f64, bool),
}

impl Common<'_, '_> {
    /// Whether an answer is across.
    fn across(&self, p: f64) -> bool {
        let (goal, up) = self.goal;
        if up { p >= goal } else { p < goal }
    }

    /// What an input, by its place among the uncertain ones, is worth at z.
    fn value(&self, j: usize, z: f64) -> f64 {
        self.f.value(j, normal_cdf(z))[0]
    }

    /// The answer and its error under each of some changes, as (place, value); `None` if stopped.
    fn answers(&self, changes: &[Vec<(usize, f64)>]) -> Option<Vec<(f64, f64)>> {
        let row = |solver: &mut Solver<'_>, d: usize| {
            let [mut values, mut later] = self.draws[d].clone();
            let mut y = Vec::with_capacity(changes.len());
            if let Some(kept) = self.kept.get(d) {
                solver.lend(kept, true);
            }
            for change in changes {
                for (j, x) in change {
                    let k = self.f.uncertain[*j];
                    (values[k], later[k]) = (*x, *x);
                }
                solver.take(&values, &later);
                y.push(solver.weighed());
                for (j, _) in change {
                    let k = self.f.uncertain[*j];
                    (values[k], later[k]) = (self.draws[d][0][k], self.draws[d][1][k]);
                }
            }
            y
        };
        let n = self.draws.len();
        let done = rows(n, self.effort, &|| Solver::new(self.f.frame()), &row);
        (done.len() == n).then(|| {
            let frame = self.f.frame();
            let column = |c: usize| values(frame, done.iter().map(|y| y[c]));
            let answer = |c: usize| {
                let (p, mcse) = regressed(&column(c), &self.before, self.base);
                (p.clamp(0.0, 1.0), mcse)
            };
            (0..changes.len()).map(answer).collect()
        })
    }

    /// The answer with some inputs known, in standard units.
    fn at(&self, z: &[(usize, f64)]) -> Option<f64> {
        let change = z.iter().map(|(j, z)| (*j, self.value(*j, *z))).collect();
        self.answers(&[change])?.first().map(|a| a.0)
    }

    /// How far a value is from the median of its input, in standard units.
    fn standing(&self, j: usize, x: f64) -> f64 {
        let (mut lo, mut hi) = (-FARTHEST, FARTHEST);
        for _ in 0..50 {
            let middle = 0.5 * (lo + hi);
            if self.value(j, middle) < x { lo = middle } else { hi = middle }
        }
        0.5 * (lo + hi)
    }

    /// A value rounded away from the median to three digits of the input's range, within it.
    fn rounded(&self, j: usize, z: f64) -> f64 {
        let (x, ends) = (self.value(j, z), [-FARTHEST, FARTHEST].map(|z| self.value(j, z)));
        let digits = libm::floor(libm::log10((ends[1] - ends[0]).max(1e-12))) - 2.0;
        let step = libm::pow(10.0, digits);
        let round = if z < 0.0 { libm::floor(x / step) } else { libm::ceil(x / step) };
        // Dividing by a power of ten writes 0.3, where multiplying by a tenth writes 0.30000000000000004.
        let near = if digits < 0.0 { round / libm::pow(10.0, -digits) } else { round * step };
        near.clamp(ends[0], ends[1])
    }

    /// Writes changes into the case, and widens them until they are across there, too.
    fn verified(&self, z: &[(usize, f64)], verify: u64, seed: u64) -> Option<Flip> {
        let case = self.f.case();
        let mut wide = 1.0;
        let mut last = None;
        for k in 0..=WIDENINGS {
            let to: Vec<(usize, f64)> =
                scaled(z, wide).iter().map(|(j, z)| (*j, self.rounded(*j, *z))).collect();
            let changed: Vec<(usize, f64)> =
                to.iter().map(|(j, x)| (self.f.uncertain[*j], *x)).collect();
            let changed = fixed(case, &changed);
            let frame = Frame::beside(&changed, self.f.frame().tables());
            let tables = Arc::ptr_eq(frame.tables(), self.f.frame().tables());
            let (p, mcse) = plain(&frame, verify, seed, (self.kept, tables), self.effort)?;
            let changes: Vec<FlipChange> = to
                .iter()
                .map(|(j, x)| {
                    let k = self.f.uncertain[*j];
                    let input = &case.inputs[k];
                    FlipChange {
                        path: input.path.clone(),
                        step: InputStep {
                            from: input.dist.central(input.scale),
                            to: *x,
                            z: self.standing(*j, *x),
                            judgement: on_judgement(case, k),
                        },
                    }
                })
                .collect();
            let distance = changes.iter().map(|c| c.step.z * c.step.z).sum::<f64>().sqrt();
            let across = self.across(p);
            last = Some(Flip { changes, distance, p, mcse, across });
            // At the ends of all ranges there is nothing left to widen.
            if across || k == WIDENINGS || z.iter().all(|(_, z)| (z * wide).abs() >= FARTHEST) {
                break;
            }
            wide = self.wider(z, wide, self.goal.0 - p)?;
        }
        last
    }

    /// How wide a change has to be for the draws of the search to say so much more than where it is.
    fn wider(&self, z: &[(usize, f64)], wide: f64, more: f64) -> Option<f64> {
        let wanted = self.at(&scaled(z, wide))? + more;
        let (mut near, mut far) = (wide, wide + WIDENED / length(z).max(1e-9));
        for _ in 0..HALVINGS {
            let middle = 0.5 * (near + far);
            let p = self.at(&scaled(z, middle))?;
            let enough = if self.goal.1 { p >= wanted } else { p < wanted };
            if enough { far = middle } else { near = middle }
        }
        Some(far)
    }
}

/// The answer of a changed case on its first draws, as a forecast gives it, beside what those of the case
/// came to; `None` if stopped.
fn plain(
    frame: &Frame<'_>,
    draws: u64,
    seed: u64,
    (kept, tables): (&[Arc<KeptSolution>], bool),
    effort: Effort<'_>,
) -> Option<(f64, f64)> {
    let row = |solver: &mut Solver<'_>, d: usize| {
        solver.draw(seed, d as u64);
        if let Some(kept) = kept.get(d) {
            solver.lend(kept, tables);
        }
        vec![solver.weighed()]
    };
    let done = rows(draws as usize, effort, &|| Solver::new(frame), &row);
    (done.len() as u64 == draws).then(|| mean(values(frame, done.iter().map(|y| y[0])).into_iter()))
}

/// What the first draws of a case came to.
struct FirstDraws {
    /// The answer, and its error.
    answer: (f64, f64),
    /// Weight and answer of each.
    weighed: Vec<(f64, f64)>,
    /// What they were solved to, as far as that is kept.
    kept: Vec<Arc<KeptSolution>>,
}

/// The first draws of the case as it is; `None` if stopped.
fn first(frame: &Frame<'_>, draws: u64, seed: u64, effort: Effort<'_>) -> Option<FirstDraws> {
    let row = |solver: &mut Solver<'_>, d: usize| {
        solver.draw(seed, d as u64);
        let weighed = solver.weighed_first();
        vec![(weighed, (d < KEPT_DRAWS).then(|| solver.kept()))]
    };
    let done = rows(draws as usize, effort, &|| Solver::new(frame), &row);
    let (weighed, kept): (Vec<_>, Vec<_>) = done.into_iter().flatten().unzip();
    let answer = mean(values(frame, weighed.iter().copied()).into_iter());
    let kept = kept.into_iter().flatten().collect();
    (weighed.len() as u64 == draws).then_some(FirstDraws { answer, weighed, kept })
}

/// About how many draws [`flips`] will solve; how often a bracket is halved is not known before.
pub fn work(case: &Case, settings: &FlipSettings) -> u64 {
    let k = case.inputs.iter().filter(|i| !i.dist.is_point()).count() as u64;
    let scan = k.min(settings.top as u64) * (1 + 2 * NODES.len() as u64);
    let joint = if settings.joint > 1 { TRIES as u64 } else { 0 };
    SCREENING_ROWS as u64 * (k + 2) + settings.draws * (scan + joint) + 4 * settings.verify
}

/// What would take the answer of a case across a threshold. When stopped, what was found and
/// verified so far comes back.
pub fn flips(case: &Case, settings: &FlipSettings, effort: Effort<'_>) -> Flips {
    flips_ranked(case, settings, None, effort)
}

/// The same, where the inputs may have been screened already.
pub fn flips_ranked(
    case: &Case,
    settings: &FlipSettings,
    known: Option<&Ranking>,
    effort: Effort<'_>,
) -> Flips {
    let frame = Frame::new(case);
    let f = AnswerFunction::new(&frame, settings.seed);
    let mut out = Flips { inputs: f.inputs(), ..Flips::default() };
    let many = settings.verify.max(settings.draws);
    let Some(first) = first(&frame, many, settings.seed, effort) else { return out };
    let (p, mcse) = first.answer;
    (out.p, out.mcse, out.up) = (Some(p), mcse, p < settings.p);
    if f.inputs() > 0 {
        let ranked = known.cloned().or_else(|| screened(&f, settings.seed, effort));
        let _ = ranked.and_then(|ranked| search(&f, settings, (&first, &ranked), effort, &mut out));
    }
    out
}

/// Fills in what was found; ends early when stopped.
fn search(
    f: &AnswerFunction<'_>,
    settings: &FlipSettings,
    (first, ranked): (&FirstDraws, &Ranking),
    effort: Effort<'_>,
    out: &mut Flips,
) -> Option<()> {
    let case = f.case();
    let leading: Vec<usize> = ranked.iter().take(settings.top).map(|r| r.0).collect();
    let draws: Vec<[Vec<f64>; 2]> = (0..settings.draws)
        .map(|d| {
            let (mut values, mut later) = (Vec::new(), Vec::new());
            draw_inputs(case, settings.seed, d, &mut values);
            draw_later(case, settings.seed, d, &values, &mut later);
            [values, later]
        })
        .collect();
    let before = values(f.frame(), first.weighed[..draws.len()].iter().copied());
    let (base, goal) = (first.answer, (settings.p, out.up));
    let common = Common { f, draws, before, base, kept: &first.kept, effort, goal };
    // The median first, then outwards, down and up in turn.
    let nodes: Vec<f64> = std::iter::once(0.0).chain(NODES.iter().flat_map(|z| [-z, *z])).collect();
    let scan: Vec<Vec<(usize, f64)>> = leading
        .iter()
        .flat_map(|j| nodes.iter().map(|z| vec![(*j, common.value(*j, *z))]).collect::<Vec<_>>())
        .chain([Vec::new()])
        .collect();
    let mut found = common.answers(&scan)?;
    let plain = found.pop()?.0;
    out.tried = leading.len();
    let mut single: Vec<(usize, f64)> = Vec::new();
    for (j, row) in leading.iter().zip(found.chunks_exact(nodes.len())) {
        match nearest(&common, *j, &nodes, row)? {
            Some(z) => single.push((*j, z)),
            None => {
                let gap = |a: &(f64, f64)| (settings.p - a.0).abs();
                let near = (0..row.len()).min_by(|a, b| gap(&row[*a]).total_cmp(&gap(&row[*b])));
                let at = near.unwrap_or(0);
                out.short.push(Shortfall {
                    path: case.inputs[f.uncertain[*j]].path.clone(),
                    nearest: NearestAnswer {
                        at: common.value(*j, nodes[at]),
                        p: row[at].0,
                        mcse: row[at].1,
                    },
                });
            }
        }
    }
    let gap = |s: &Shortfall| (settings.p - s.nearest.p).abs();
    out.short.sort_by(|a, b| gap(a).total_cmp(&gap(b)).then_with(|| a.path.cmp(&b.path)));
    single.sort_by(|a, b| a.1.abs().total_cmp(&b.1.abs()).then(a.0.cmp(&b.0)));
    for s in &single {
        let flip = common.verified(&[*s], settings.verify, settings.seed)?;
        out.single.push(flip);
    }
    let order =
        |a: &Flip, b: &Flip| b.across.cmp(&a.across).then(a.distance.total_cmp(&b.distance));
    out.single.sort_by(order);
    if settings.joint > 1 {
        let (steps, pins) = steepest(&common, &leading, &nodes, &found, plain, settings.joint);
        if let Some(z) = together(&common, single.first(), &steps, &pins)? {
            let flip = common.verified(&z, settings.verify, settings.seed)?;
            // A joint change is worth its name only if it is clearly shorter than a single one.
            let worth = |s: &Flip| match (flip.across, s.across) {
                (true, true) => flip.distance <= WORTH * s.distance,
                (joint, single) => joint && !single,
            };
            let better = out.single.first().is_none_or(worth);
            out.joint = (z.len() > 1 && better).then_some(flip);
        }
    }
    Some(())
}

/// The nearest crossing of one input, from its scan: `Some(None)` if its whole range has none.
fn nearest(
    common: &Common<'_, '_>,
    j: usize,
    nodes: &[f64],
    row: &[(f64, f64)],
) -> Option<Option<f64>> {
    if common.across(row[0].0) {
        return Some(Some(0.0));
    }
    let mut best: Option<f64> = None;
    for side in 0..2 {
        let outward = (0..NODES.len()).map(|k| 1 + 2 * k + side);
        let Some(at) = outward.clone().find(|k| common.across(row[*k].0)) else { continue };
        let (mut near, mut far) = (if at < 3 { 0.0 } else { nodes[at - 2] }, nodes[at]);
        for _ in 0..HALVINGS {
            let middle = 0.5 * (near + far);
            if common.across(common.at(&[(j, middle)])?) { far = middle } else { near = middle }
        }
        if best.is_none_or(|b| far.abs() < b.abs()) {
            best = Some(far);
        }
    }
    Some(best)
}

/// For the inputs that help most: place, and the signed slope of the answer towards the goal per
/// standard unit on the better side of its scan; and those whose median alone already helps.
fn steepest(
    common: &Common<'_, '_>,
    leading: &[usize],
    nodes: &[f64],
    found: &[(f64, f64)],
    plain: f64,
    most: usize,
) -> (Vec<(usize, f64)>, Vec<usize>) {
    let (goal, up) = common.goal;
    let sign = if up { 1.0 } else { -1.0 };
    let mut rated: Vec<(usize, f64, f64)> = leading
        .iter()
        .zip(found.chunks_exact(nodes.len()))
        .map(|(j, row)| {
            let slope = |k: usize| sign * (row[k].0 - row[0].0) / nodes[k];
            // What leads away from the goal is no help.
            let helps = |k: &usize| slope(*k) * nodes[*k] > 0.0;
            let best = (1..nodes.len())
                .filter(helps)
                .max_by(|a, b| slope(*a).abs().total_cmp(&slope(*b).abs()));
            let known = sign * (row[0].0 - plain);
            let known = if known >= PINNED * (goal - plain).abs() { known } else { 0.0 };
            (*j, best.map_or(0.0, slope), known)
        })
        .filter(|r| r.1 != 0.0 || r.2 > 0.0)
        .collect();
    let worth = |r: &(usize, f64, f64)| r.1.abs() + r.2;
    rated.sort_by(|a, b| worth(b).total_cmp(&worth(a)).then(a.0.cmp(&b.0)));
    rated.truncate(most);
    let pins = rated.iter().filter(|r| r.2 > 0.0).map(|r| r.0).collect();
    (rated.into_iter().map(|r| (r.0, r.1)).collect(), pins)
}

/// A change so many times as wide, no input beyond its range.
fn scaled(z: &[(usize, f64)], wide: f64) -> Vec<(usize, f64)> {
    z.iter().map(|(j, z)| (*j, (z * wide).clamp(-FARTHEST, FARTHEST))).collect()
}

/// The length of a change.
fn length(z: &[(usize, f64)]) -> f64 {
    z.iter().map(|(_, z)| z * z).sum::<f64>().sqrt()
}

/// A change along a direction, of some length, no input beyond its range; inputs that hardly move
/// stay as they are drawn, unless their median alone helps.
fn along(direction: &[(usize, f64)], pins: &[usize], t: f64) -> Vec<(usize, f64)> {
    let unit = length(direction).max(1e-300);
    direction
        .iter()
        .map(|(j, d)| (*j, (d / unit * t).clamp(-FARTHEST, FARTHEST)))
        .filter(|(j, z)| z.abs() >= LEAST || pins.contains(j))
        .collect()
}

/// The shortest joint change found: `Some(None)` if none is across.
fn together(
    common: &Common<'_, '_>,
    single: Option<&(usize, f64)>,
    steps: &[(usize, f64)],
    pins: &[usize],
) -> Option<Option<Vec<(usize, f64)>>> {
    let mut tries = 0;
    let mut best: Option<Vec<(usize, f64)>> = single.map(|s| vec![*s]);
    // Along the steepest direction, over all helpful inputs and over the first few of them.
    for count in [steps.len(), 2, 3, 4] {
        if count < 2 || count > steps.len() {
            continue;
        }
        let direction = &steps[..count];
        let (mut near, mut far) = (0.0, FARTHEST * (count as f64).sqrt());
        if let Some(best) = &best {
            far = length(best).min(far);
        }
        tries += 1;
        if !common.across(common.at(&along(direction, pins, far))?) {
            continue;
        }
        for _ in 0..HALVINGS {
            let middle = 0.5 * (near + far);
            tries += 1;
            if common.across(common.at(&along(direction, pins, middle))?) {
                far = middle;
            } else {
                near = middle;
            }
        }
        let z = along(direction, pins, far);
        if best.as_ref().is_none_or(|b| length(&z) < length(b)) {
            best = Some(z);
        }
    }
    let Some(mut z) = best else { return Some(None) };
    // Shorter vectors, with one input weighted up, down, out or in.
    let mut improved = true;
    while improved && tries < TRIES {
        improved = false;
        for (j, slope) in steps {
            let of = |z: &[(usize, f64)]| z.iter().find(|c| c.0 == *j).map_or(0.0, |c| c.1);
            let nudge = slope.signum() * 0.25 * length(&z);
            for factor in [0.0, 0.6, 1.5, f64::NAN] {
                let now = of(&z);
                let other = if factor.is_nan() { now + nudge } else { now * factor };
                let idle = if factor.is_nan() { *slope == 0.0 } else { now == 0.0 };
                if tries >= TRIES || idle {
                    continue;
                }
                let mut direction: Vec<(usize, f64)> =
                    z.iter().copied().filter(|c| c.0 != *j).collect();
                if other != 0.0 || pins.contains(j) {
                    direction.push((*j, other));
                }
                let shorter = along(&direction, pins, SHORTER * length(&z));
                // What the ends of ranges cut off shows as a shorter vector still.
                if shorter.is_empty() {
                    continue;
                }
                tries += 1;
                if common.across(common.at(&shorter)?) {
                    z = shorter;
                    improved = true;
                }
            }
        }
    }
    // Then as short as its direction allows.
    let direction = z.clone();
    let (mut near, mut far) = (0.8 * length(&z), length(&z));
    for _ in 0..HALVINGS {
        let middle = 0.5 * (near + far);
        if common.across(common.at(&along(&direction, pins, middle))?) {
            far = middle;
        } else {
            near = middle;
        }
    }
    let mut z = along(&direction, pins, far);
    z.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(&b.0)));
    Some(Some(z))
}
