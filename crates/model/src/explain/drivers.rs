//! What drives the answer: a tornado, Sobol' indices, and how much rests on judgement.
//!
//! # Model
//! What is decomposed is what a draw says of the pooled answer, y_d of clock (19), as a function of the
//! uniforms behind every uncertain input, constants of the clock included. Inputs are independent; where
//! a position drifts, the same uniform picks its value now and at the horizon.
//!
//! All inputs are screened by their total index on few rows (Campolongo, Saltelli & Cariboni 2011:
//! it is zero only for inputs that do nothing). The leading ones get a tornado bar and indices of
//! their own, the others indices as one group, so that nothing is left out of the sum.

use serde::Serialize;

use crate::case::{Case, InputId, Together};
use crate::effort::Effort;
use crate::forecast::{AnswerScale, Frame, Solver, together_from};
use crate::support::{Basis, basis};

use super::groups::{By, groups};
use super::held::{FEW, HeldInputs, held};
use super::rows::rows;
use super::sobol::{Estimate, Function, Index, Indices, indices};

/// Rows on which all inputs are screened.
pub const SCREENING_ROWS: usize = 64;

/// The ends of a bar of the tornado.
pub const BAR: [f64; 2] = [0.1, 0.9];

/// How the question is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DriversSettings {
    /// What the variance is split over.
    pub by: By,
    /// Draws of the tornado and rows of the indices.
    pub draws: u64,
    /// How many leading inputs are looked at one by one.
    pub top: usize,
    /// The seed.
    pub seed: u64,
}

/// An input set to two of its quantiles, all others as they are drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// The input's path.
    pub path: String,
    /// What it does to the answer.
    pub swing: InputSwing,
}

/// What an input does to the answer between two of its quantiles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InputSwing {
    /// Its 10 % quantile, in the units of the file.
    pub low: f64,
    /// Its 90 % quantile.
    pub high: f64,
    /// The answer with the input at `low`.
    pub p_low: f64,
    /// The answer with it at `high`.
    pub p_high: f64,
    /// Standard error of `p_high − p_low`, on common random numbers.
    pub se: f64,
    /// Whether it rests on judgement.
    pub judgement: bool,
    /// What it rests on.
    #[serde(skip)]
    pub basis: Basis,
}

/// The indices of an input or a group.
#[derive(Clone, Debug, PartialEq)]
pub struct VariancePart {
    /// The path of an input, or the id of a group.
    pub name: String,
    /// How many uncertain inputs it stands for.
    pub inputs: usize,
    /// The indices.
    pub index: Index,
}

/// What drives the answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drivers {
    /// The answer on the draws of the tornado; `None` if it was stopped before the first.
    pub p: Option<f64>,
    /// Its Monte Carlo standard error.
    pub mcse: f64,
    /// How many draws the tornado took.
    pub draws: u64,
    /// Uncertain inputs of the case.
    pub inputs: usize,
    /// Bars, widest first.
    pub tornado: Vec<Bar>,
    /// Standard deviation of the answer over draws.
    pub sd: f64,
    /// How many rows the indices took; 0 if it was stopped before.
    pub rows: usize,
    /// Indices, largest total first.
    pub parts: Vec<VariancePart>,
    /// All other inputs as one group, where inputs are looked at one by one.
    pub others: Option<VariancePart>,
    /// The inputs that rest on judgement, as one group. `index.shared` is the share of
    /// variance they carry.
    pub judgement: Option<VariancePart>,
}

/// The answer of a case as a function of its uncertain inputs.
pub struct AnswerFunction<'a> {
    frame: &'a Frame<'a>,
    /// The uncertain inputs, as indices.
    pub uncertain: Vec<usize>,
    /// Every input at its central value.
    base: Vec<f64>,
    /// What the draws of the pilot say of the answer.
    scale: AnswerScale,
}

/// Draws of the pilot, from which the structure's answer and the mean weight are taken.
const PILOT_DRAWS: u64 = 512;

impl<'a> AnswerFunction<'a> {
    /// The answer of a prepared case.
    pub fn new(frame: &'a Frame<'a>, seed: u64) -> Self {
        let inputs = &frame.case().inputs;
        let uncertain = (0..inputs.len()).filter(|k| !inputs[*k].dist.is_point()).collect();
        let base = inputs.iter().map(|i| i.dist.central(i.scale)).collect();
        let mut solver = Solver::new(frame);
        let weighed = (0..PILOT_DRAWS).map(|draw| {
            solver.draw(seed, draw);
            solver.weighed()
        });
        let weighed: Vec<(f64, f64)> = weighed.collect();
        let scale = AnswerScale::new(frame, weighed.into_iter());
        Self { frame, uncertain, base, scale }
    }

    /// The case.
    pub fn case(&self) -> &'a Case {
        self.frame.case()
    }

    /// An input where a uniform puts it, now and at the horizon.
    fn places(&self, input: usize, u: f64) -> [f64; 2] {
        let input = &self.case().inputs[input];
        let now = input.dist.quantile(u, input.scale);
        [now, input.later.as_ref().map_or(now, |dist| dist.quantile(u, input.scale))]
    }

    /// Hands a point to the solver.
    fn put(&self, state: &mut State<'a>, x: &[[f64; 3]]) {
        let State(solver, values, later) = state;
        for (k, x) in self.uncertain.iter().zip(x) {
            [values[*k], later[*k], _] = *x;
        }
        let own = |k: usize| self.uncertain.binary_search(&k).ok().map(|j| x[j][2]);
        let mut moved = Vec::new();
        together_from(self.case(), own, |r| values[r], &mut |k, u| moved.push((k, u)));
        for (k, u) in moved {
            [values[k], later[k]] = self.places(k, u);
        }
        solver.take(values, later);
    }

    /// The prepared case.
    pub fn frame(&self) -> &'a Frame<'a> {
        self.frame
    }
}

/// What a thread keeps: a solver and room for the values now and at the horizon.
pub struct State<'a>(Solver<'a>, Vec<f64>, Vec<f64>);

impl<'a> Function for AnswerFunction<'a> {
    /// Now and at the horizon, and the uniform behind both.
    type Value = [f64; 3];
    type State = State<'a>;

    fn inputs(&self) -> usize {
        self.uncertain.len()
    }

    fn state(&self) -> State<'a> {
        State(Solver::new(self.frame), self.base.clone(), self.base.clone())
    }

    fn value(&self, j: usize, u: f64) -> [f64; 3] {
        let [now, later] = self.places(self.uncertain[j], u);
        [now, later, u]
    }

    fn at(&self, state: &mut State<'a>, x: &[[f64; 3]]) -> f64 {
        self.put(state, x);
        self.scale.value(state.0.weighed())
    }

    fn first(&self, state: &mut State<'a>, x: &[[f64; 3]]) -> f64 {
        self.put(state, x);
        self.scale.value(state.0.weighed_first())
    }
}

/// Whether an input rests on judgement: see [`crate::support`].
pub fn on_judgement(case: &Case, input: usize) -> bool {
    basis(case, input) == Basis::Judgement
}

/// The share of variance that rests on judgement, as [`drivers`] finds it on as many rows with the same
/// seed; `None` where nothing varies or it was stopped.
pub fn judged(case: &Case, rows: u64, seed: u64, effort: Effort<'_>) -> Option<JudgementShare> {
    let frame = Frame::new(case);
    let f = AnswerFunction::new(&frame, seed);
    let group: Vec<usize> =
        (0..f.inputs()).filter(|j| on_judgement(case, f.uncertain[*j])).collect();
    let found = indices(&f, std::slice::from_ref(&group), rows as usize, seed, effort)?;
    let share = shared(found.groups.first()?, found.variance)?;
    Some(JudgementShare { share, rows: found.rows, inputs: group.len(), of: f.inputs() })
}

/// How much of the variance rests on judgement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JudgementShare {
    /// The share of variance, between 0 and 1.
    pub share: Estimate,
    /// The rows it was found on.
    pub rows: usize,
    /// How many uncertain inputs rest on judgement.
    pub inputs: usize,
    /// Of how many.
    pub of: usize,
}

/// The share of variance of a group between 0 and 1; `None` where there is none to share.
fn shared(group: &Index, variance: f64) -> Option<Estimate> {
    let within = |x: f64| x.clamp(0.0, 1.0);
    let Estimate { value, lo, hi } = group.shared;
    let share = Estimate { value: within(value), lo: within(lo), hi: within(hi) };
    (variance > 0.0).then_some(share)
}

/// The mean and its standard error.
pub(super) fn mean(y: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let n = y.clone().count().max(1) as f64;
    let m = y.clone().sum::<f64>() / n;
    let square: f64 = y.map(|y| (y - m) * (y - m)).sum();
    (m, (square / n / (n - 1.0).max(1.0)).sqrt())
}

/// What each draw (weight, answer) says of the pooled answer.
pub(super) fn values(
    frame: &Frame<'_>,
    draws: impl ExactSizeIterator<Item = (f64, f64)> + Clone,
) -> Vec<f64> {
    let scale = AnswerScale::new(frame, draws.clone());
    draws.map(|draw| scale.value(draw)).collect()
}

/// Inputs that were screened, the most important first: their places in [`AnswerFunction::uncertain`] and
/// total indices.
pub type Ranking = Vec<(usize, f64)>;

/// Screens all inputs of a case, for [`drivers_ranked`] and `flips_ranked` with the same seed. `None` if it
/// was stopped.
pub fn ranking(case: &Case, seed: u64, effort: Effort<'_>) -> Option<Ranking> {
    screened(&AnswerFunction::new(&Frame::new(case), seed), seed, effort)
}

/// Screens all inputs. `None` if it was stopped.
pub(super) fn screened(f: &AnswerFunction<'_>, seed: u64, effort: Effort<'_>) -> Option<Ranking> {
    let singles: Vec<Vec<usize>> = (0..f.inputs()).map(|j| vec![j]).collect();
    let found = indices(f, &singles, SCREENING_ROWS, seed ^ SCREENING, effort)?;
    if found.rows < SCREENING_ROWS {
        return None;
    }
    let mut ranked: Ranking = found.groups.iter().map(|g| g.total.value).enumerate().collect();
    let path = |j: usize| &f.case().inputs[f.uncertain[j]].path;
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| path(a.0).cmp(path(b.0))));
    Some(ranked)
}

/// Keeps the points of the screening apart from those of the indices.
const SCREENING: u64 = 0x5C4E_E41A;

/// About how many draws [`drivers`] will solve; on how many a bar is asked is not known before.
pub fn work(case: &Case, settings: &DriversSettings) -> u64 {
    let k = case.inputs.iter().filter(|i| !i.dist.is_point()).count() as u64;
    let top = k.min(settings.top as u64);
    let parts = match settings.by {
        By::Input => top + 1,
        by => groups(case, by).len() as u64,
    };
    let bars = (1 + 2 * top) * settings.draws.min(2 * FEW);
    SCREENING_ROWS as u64 * (k + 2) + bars + settings.draws * (1 + 3 + parts)
}

/// What drives the answer of a case. When stopped, what was not begun is missing and what was is
/// done on fewer draws.
pub fn drivers(case: &Case, settings: &DriversSettings, effort: Effort<'_>) -> Drivers {
    drivers_ranked(case, settings, None, effort)
}

/// The same, where the inputs may have been screened already.
pub fn drivers_ranked(
    case: &Case,
    settings: &DriversSettings,
    known: Option<&Ranking>,
    effort: Effort<'_>,
) -> Drivers {
    let frame = Frame::new(case);
    let f = AnswerFunction::new(&frame, settings.seed);
    let mut out = Drivers { inputs: f.inputs(), ..Drivers::default() };
    let ranked = known.cloned().or_else(|| screened(&f, settings.seed, effort));
    let Some(ranked) = ranked else { return out };
    let leading: Vec<usize> = ranked.iter().take(settings.top).map(|r| r.0).collect();
    tornado(&f, &leading, settings, effort, &mut out);
    if effort.stopped() {
        return out;
    }
    let path = |j: &usize| case.inputs[f.uncertain[*j]].path.clone();
    let mut named: Vec<(String, Vec<usize>)> = match settings.by {
        By::Input => one_by_one(&f, &leading, &path),
        by => groups(case, by)
            .into_iter()
            .map(|(name, members)| {
                let place = |k: &usize| f.uncertain.binary_search(k).ok();
                (name, members.iter().filter_map(place).collect())
            })
            .collect(),
    };
    let own = named.len();
    if settings.by == By::Input {
        let known = |j: &usize| !named.iter().any(|(_, members)| members.contains(j));
        let rest = ranked.iter().skip(settings.top).map(|r| r.0).filter(known).collect();
        named.push(("others".to_owned(), rest));
    }
    let judged = |j: &usize| on_judgement(case, f.uncertain[*j]);
    named.push(("judgement".to_owned(), (0..f.inputs()).filter(judged).collect()));
    let members: Vec<Vec<usize>> = named.iter().map(|n| n.1.clone()).collect();
    let n = settings.draws as usize;
    let Some(found) = indices(&f, &members, n, settings.seed, effort) else { return out };
    spread(&mut out, &found, named, own);
    out
}

/// The leading inputs one by one; what moves together is one of them.
fn one_by_one(
    f: &AnswerFunction<'_>,
    leading: &[usize],
    path: &dyn Fn(&usize) -> String,
) -> Vec<(String, Vec<usize>)> {
    let mut named: Vec<(String, Vec<usize>)> = Vec::new();
    for j in leading {
        let k = f.uncertain[*j];
        let in_it = |group: &&Together| group.inputs.iter().any(|(id, _)| id.0 == k);
        match f.case().together.iter().find(in_it) {
            None => named.push((path(j), vec![*j])),
            Some(group) => {
                let name = format!("together.{}", group.id);
                if !named.iter().any(|(known, _)| *known == name) {
                    let place = |(id, _): &(InputId, bool)| f.uncertain.binary_search(&id.0).ok();
                    named.push((name, group.inputs.iter().filter_map(place).collect()));
                }
            }
        }
    }
    named
}

/// Puts the indices that were found under their names.
fn spread(out: &mut Drivers, found: &Indices, named: Vec<(String, Vec<usize>)>, own: usize) {
    out.sd = found.variance.sqrt();
    out.rows = found.rows;
    let part = |(name, members): (String, Vec<usize>), index: &Index| VariancePart {
        name,
        inputs: members.len(),
        index: *index,
    };
    let mut parts: Vec<VariancePart> =
        named.into_iter().zip(&found.groups).map(|(n, i)| part(n, i)).collect();
    out.judgement = parts.pop();
    out.others = if parts.len() > own { parts.pop() } else { None };
    out.others = out.others.take().filter(|o| o.inputs > 0);
    parts.sort_by(|a, b| {
        let total = |p: &VariancePart| p.index.total.value;
        total(b).total_cmp(&total(a)).then_with(|| a.name.cmp(&b.name))
    });
    out.parts = parts;
}

/// The tornado over the leading inputs, on the draws of the forecast; the bars on as many of the first as
/// their error asks for, see [`held`].
fn tornado(
    f: &AnswerFunction<'_>,
    leading: &[usize],
    settings: &DriversSettings,
    effort: Effort<'_>,
    out: &mut Drivers,
) {
    let case = f.case();
    let row = |solver: &mut Solver<'_>, d: usize| {
        solver.draw(settings.seed, d as u64);
        vec![solver.weighed()]
    };
    let done = rows(settings.draws as usize, effort, &|| Solver::new(f.frame), &row);
    if done.is_empty() {
        return;
    }
    let base = mean(values(f.frame, done.iter().map(|y| y[0])).into_iter());
    (out.p, out.mcse, out.draws) = (Some(base.0), base.1, done.len() as u64);
    let ends: Vec<[f64; 2]> = leading.iter().map(|j| BAR.map(|u| f.value(*j, u)[0])).collect();
    let bars = leading.iter().zip(&ends);
    let groups: Vec<Vec<HeldInputs>> =
        bars.map(|(j, ends)| ends.map(|end| vec![(f.uncertain[*j], end)]).to_vec()).collect();
    let run = (settings.draws, settings.seed);
    let Some(columns) = held(f.frame, &groups, run, effort) else { return };
    out.tornado = leading
        .iter()
        .zip(&ends)
        .zip(&columns)
        .map(|((j, [low, high]), columns)| {
            let k = f.uncertain[*j];
            Bar {
                path: case.inputs[k].path.clone(),
                swing: InputSwing {
                    low: *low,
                    high: *high,
                    p_low: columns.answer(0, base).0,
                    p_high: columns.answer(1, base).0,
                    se: columns.between([0, 1], base).1,
                    judgement: on_judgement(case, k),
                    basis: basis(case, k),
                },
            }
        })
        .collect();
    out.tornado.sort_by(|a, b| {
        let swing = |b: &Bar| (b.swing.p_high - b.swing.p_low).abs();
        swing(b).total_cmp(&swing(a)).then_with(|| a.path.cmp(&b.path))
    });
}

impl Drivers {
    /// The share of variance carried by inputs that rest on judgement, between 0 and 1; `None` where
    /// nothing varies.
    pub fn judgement_share(&self) -> Option<Estimate> {
        shared(&self.judgement.as_ref()?.index, self.sd)
    }
}
