//! Many draws, on any number of threads, with the same bytes.

use std::ops::Range;
use std::sync::Mutex;

use crate::case::{Case, Ending};
use crate::effort::{Effort, in_blocks};
use crate::theory::UNIT;
use crate::theory::calendar::{Calendars, Rates};
use crate::theory::conflicts::Set;
use crate::theory::grid::Constraint;
use crate::theory::power::{MOST_ENUMERATED, rule_power};
use crate::uncertain::{Stream, uniform};

use super::accumulate::{Histogram, Sum, Tally};
use super::draw::Frame;
use super::openings::{Lever, least, levers};
use super::outcome::Solver;

/// How many nodes of the calendar's constants the odds are computed at.
pub const CALENDAR_NODES: usize = 20;

/// The draws before this one are asked for everything; later ones as if [`Depth::Lean`].
pub const FULL_DRAWS: u64 = 1_000;

/// Coefficients are varied on the draws before this one.
pub(super) const VARIED_DRAWS: u64 = FULL_DRAWS;

/// Conflicting sets are sought in the draws before this one.
pub(super) const CONFLICT_DRAWS: u64 = FULL_DRAWS;

/// Openings are sought in the draws before this one.
pub(super) const OPENING_DRAWS: u64 = FULL_DRAWS;

/// Draws handed to a thread at a time: few, since a run that is stopped ends them first.
pub(crate) const BLOCK: u64 = 8;

/// Which draws to run.
#[derive(Clone, Debug)]
pub struct Run {
    /// The seed.
    pub seed: u64,
    /// The draws, numbered from 0 over the whole forecast, whoever runs them.
    pub draws: Range<u64>,
}

/// Runs draws in full and adds them up; see [`run_in`].
pub fn run(case: &Case, run: &Run, effort: Effort<'_>) -> Tally {
    run_in(case, run, Depth::Full, effort)
}

/// Runs draws and adds them up. When it is stopped, what was done is the first so many draws.
pub fn run_in(case: &Case, run: &Run, depth: Depth, effort: Effort<'_>) -> Tally {
    let frame = Frame::new(case);
    let rates = calendar_nodes(case, &frame);
    let total = Mutex::new(Tally::default());
    let begin = || (Solver::new(&frame), Work::new(&rates, depth), Tally::default());
    let block = |(solver, work, tally): &mut (Solver<'_>, Work<'_>, Tally), draws: Range<u64>| {
        for draw in draws {
            work.solve(tally, solver, run.seed, draw);
        }
        work.finish_block(tally);
    };
    in_blocks(run.draws.clone(), BLOCK, effort, begin, block, |(_, _, tally)| {
        if let Ok(mut total) = total.lock() {
            total.merge(tally);
        }
    });
    total.into_inner().unwrap_or_default()
}

/// How much is asked of each draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Everything a forecast reports.
    Full,
    /// Everything but what is sought in the first draws alone: conflicts, openings, the effect of
    /// the coefficients. The rest is the same to the bit.
    Lean,
    /// As lean, but other constants of the calendar are tried on every second draw alone, which
    /// counts for two: the bands have the noise of half the draws, the rest is the same to the bit.
    Glance,
}

/// The constants of the calendar at stratified nodes: a Latin hypercube whose strata are shuffled
/// by each constant's own stream, the same for every seed.
pub(crate) fn calendar_nodes(case: &Case, frame: &Frame<'_>) -> Vec<Rates> {
    let mut values: Vec<f64> = case.inputs.iter().map(|i| i.dist.central(i.scale)).collect();
    let order: Vec<Vec<usize>> = case
        .constants
        .inputs()
        .iter()
        .map(|id| {
            let stream = Stream::of(&format!("{} at calendar nodes", case.input(*id).path));
            let mut order: Vec<usize> = (0..CALENDAR_NODES).collect();
            order.sort_by(|a, b| {
                uniform(0, *a as u64, stream).total_cmp(&uniform(0, *b as u64, stream))
            });
            order
        })
        .collect();
    let mut nodes: Vec<Rates> = (0..CALENDAR_NODES)
        .map(|k| {
            for (id, order) in case.constants.inputs().iter().zip(&order) {
                let input = case.input(*id);
                let u = (order[k] as f64 + 0.5) / CALENDAR_NODES as f64;
                values[id.0] = input.dist.quantile(u, input.scale);
            }
            frame.rates(&values)
        })
        .collect();
    // Those that look farthest ahead first: past the horizon the rest need not be computed.
    nodes.sort_by(|a, b| b.window.total_cmp(&a.window));
    nodes
}

/// Agreement, interim, breakdown, force, suspension, in the order of [`Ending::ALL`].
fn endings(agreement: f64, other: f64, force: f64, shares: &[f64; 3]) -> [f64; 5] {
    let mut out = [0.0; 5];
    out[Ending::Agreement as usize] = agreement;
    out[Ending::Interim as usize] = other * shares[2];
    out[Ending::Breakdown as usize] = other * shares[0];
    out[Ending::Force as usize] = force;
    out[Ending::Suspension as usize] = other * shares[1];
    out
}

/// How the solver's current draw has first ended by day `t` ≥ 1, in the order of [`Ending::ALL`].
fn ended(solver: &Solver<'_>, t: i32) -> [f64; 5] {
    let first = solver.calendar.first(t);
    let force = first[1..].iter().sum();
    endings(solver.calendar.agreement(0, t), first[0], force, &solver.rates.shares)
}

/// The same by the question's date; nothing has ended before the first day.
pub(crate) fn ended_by_question(solver: &Solver<'_>) -> [f64; 5] {
    let case = solver.frame.case();
    match case.question.by.since(case.as_of) {
        by if by < 1 => [0.0; 5],
        by => ended(solver, by),
    }
}

/// The answer: the chance of the endings that count by the question's date, in a lane of a
/// calendar that was run for it.
pub(super) fn answer(case: &Case, c: &Calendars, lane: usize, shares: &[f64; 3], by: i32) -> f64 {
    if by < 1 {
        return 0.0;
    }
    let agreement = c.agreement(lane, by);
    if case.question.counts == [Ending::Agreement] {
        return agreement;
    }
    let (other, force) = c.asked(lane);
    let day = endings(agreement, other, force, shares);
    case.question.counts.iter().map(|e| day[*e as usize]).sum()
}

/// A tally of no draws with a place for everything that the draws of a case are asked.
pub(super) fn blank(case: &Case) -> Tally {
    let frame = Frame::new(case);
    let mut solver = Solver::new(&frame);
    solver.draw(0, 0);
    solver.prepare();
    Frame::hazards(&solver.now.situation, &mut solver.hazards);
    shaped(&solver)
}

/// The same, of a case whose draws have begun.
fn shaped(solver: &Solver<'_>) -> Tally {
    let case = solver.frame.case();
    let days = case.constants.horizon as usize;
    let now = &solver.now.situation;
    let members = now.members();
    let zeros = |n: usize| vec![Sum::default(); n];
    Tally {
        endings: zeros(days * 5),
        events: zeros(days * solver.hazards.len()),
        nodes: zeros(days * CALENDAR_NODES),
        answer_nodes: zeros(CALENDAR_NODES),
        credible: vec![0; now.options.len()],
        interventions: vec![[0; 4]; members],
        power: vec![[Sum::default(); 4]; members],
        powered: vec![0; members],
        openings: vec![Histogram::default(); levers(now).len()],
        terms: vec![Histogram::default(); case.issues.len()],
        coefficients: vec![[Sum::default(); 2]; case.constants.inputs().len()],
        ..Tally::default()
    }
}

/// What a thread keeps besides its tally.
pub(crate) struct Work<'n> {
    nodes: &'n [Rates],
    depth: Depth,
    lanes: Vec<Rates>,
    /// Hot sums of the current block, in fixed point: the tally takes them over block by block.
    endings: Vec<i64>,
    agreement: Vec<i64>,
}

impl<'n> Work<'n> {
    pub(crate) fn new(nodes: &'n [Rates], depth: Depth) -> Self {
        Self { nodes, depth, lanes: Vec::new(), endings: Vec::new(), agreement: Vec::new() }
    }

    /// Solves a draw and adds it; returns its answer.
    pub(crate) fn solve(
        &mut self,
        tally: &mut Tally,
        solver: &mut Solver<'_>,
        seed: u64,
        draw: u64,
    ) -> f64 {
        solver.draw(seed, draw);
        solver.solve();
        self.add(tally, solver, seed, draw)
    }

    /// Adds the solver's current draw; returns its answer.
    fn add(&mut self, tally: &mut Tally, solver: &mut Solver<'_>, seed: u64, draw: u64) -> f64 {
        let case = solver.frame.case();
        let by = case.question.by.since(case.as_of);
        let deep = self.depth == Depth::Full;
        if tally.draws == 0 {
            *tally = shaped(solver);
        }
        tally.draws += 1;
        let zone = solver.now.solution.room.is_some();
        let later = solver.at_horizon().room.is_some();
        // Without a zone there is no agreement under any constants.
        let plain = case.question.counts == [Ending::Agreement];
        let all = zone || later || !plain;
        let varied = deep && draw < VARIED_DRAWS;
        let weight = match self.depth {
            Depth::Glance if draw % 2 == 1 => 0,
            Depth::Glance => 2,
            Depth::Full | Depth::Lean => 1,
        };
        let all = all && weight > 0;
        self.lanes.clear();
        if all {
            self.lanes.extend_from_slice(self.nodes);
        }
        if varied && all {
            for id in case.constants.inputs() {
                let value = solver.values[id.0];
                for factor in [0.5, 1.5] {
                    solver.values[id.0] = value * factor;
                    self.lanes.push(solver.frame.rates(&solver.values));
                }
                solver.values[id.0] = value;
            }
        }
        solver.run_calendar(&self.lanes, (!plain).then_some(by));
        let shares = solver.rates.shares;
        let p = answer(case, &solver.calendar, 0, &shares, by);
        tally.answer.0.add(p);
        tally.answer.1.add(p * p);
        self.curves(solver, all, weight);
        if all {
            for (k, rates) in self.nodes.iter().enumerate() {
                let p = answer(case, &solver.calendar, 1 + k, &rates.shares, by);
                (0..weight).for_each(|_| tally.answer_nodes[k].add(p));
            }
        }
        if varied {
            tally.varied += 1;
            tally.varied_answer.add(p);
            if all {
                for (k, sums) in tally.coefficients.iter_mut().enumerate() {
                    for (side, sum) in sums.iter_mut().enumerate() {
                        let lane = CALENDAR_NODES + 2 * k + side;
                        let shares = &self.lanes[lane].shares;
                        sum.add(answer(case, &solver.calendar, 1 + lane, shares, by));
                    }
                }
            }
        }
        let agreement = if by < 1 { 0.0 } else { solver.calendar.agreement(0, by) };
        state(tally, solver, zone, agreement, (seed, draw), deep);
        p
    }

    /// Adds the curves to the sums of the block; under other constants so many times.
    fn curves(&mut self, solver: &Solver<'_>, all: bool, weight: i64) {
        let days = solver.frame.case().constants.horizon;
        let width = 5 + solver.hazards.len();
        self.endings.resize(days as usize * width, 0);
        self.agreement.resize(days as usize * CALENDAR_NODES, 0);
        for (t, row) in (1..=days).zip(self.endings.chunks_exact_mut(width)) {
            let first = solver.calendar.first(t);
            let day = ended(solver, t);
            row.iter_mut()
                .zip(day.iter().chain(&first[2..]))
                .for_each(|(sum, p)| *sum += Sum::fixed(*p));
        }
        if all {
            let lanes = 1 + self.lanes.len();
            let curves = solver.calendar.agreements().chunks_exact(lanes);
            for (row, lanes) in self.agreement.chunks_exact_mut(CALENDAR_NODES).zip(curves) {
                let nodes = &lanes[1..=CALENDAR_NODES];
                row.iter_mut().zip(nodes).for_each(|(sum, p)| *sum += weight * Sum::fixed(*p));
            }
        }
    }

    /// Moves the sums of a block into the tally.
    pub(crate) fn finish_block(&mut self, tally: &mut Tally) {
        let days = tally.endings.len() / 5;
        let hazards = tally.events.len() / days.max(1);
        for (t, row) in self.endings.chunks_exact_mut(5 + hazards).enumerate() {
            for (k, sum) in row.iter_mut().enumerate() {
                let sum = std::mem::take(sum);
                match k.checked_sub(5) {
                    None => tally.endings[t * 5 + k].add_fixed(sum),
                    Some(e) => tally.events[t * hazards + e].add_fixed(sum),
                }
            }
        }
        for (to, sum) in tally.nodes.iter_mut().zip(&mut self.agreement) {
            to.add_fixed(std::mem::take(sum));
        }
    }
}

/// Adds what the draw's packages say.
fn state(
    tally: &mut Tally,
    solver: &mut Solver<'_>,
    zone: bool,
    agreement: f64,
    (seed, draw): (u64, u64),
    deep: bool,
) {
    let case = solver.frame.case();
    let now = &solver.now;
    tally.zone[0] += u64::from(zone);
    let later = solver.at_horizon().room.is_some();
    tally.zone[1] += u64::from(later);
    tally.zone[2] += u64::from(!zone && !later);
    tally.room.add(now.solution.room.unwrap_or(0.0));
    if let Some(f) = now.no_deal.credible {
        tally.credible[f] += 1;
    }
    for (i, counts) in tally.interventions.iter_mut().enumerate() {
        let (block, veto) = (now.solution.block[i], now.situation.holds_veto(i));
        counts[0] += u64::from(block);
        counts[1] += u64::from(now.solution.walk[i]);
        counts[2] += u64::from(veto);
        counts[3] += u64::from(veto && block);
    }
    for moved in &now.moved {
        *tally.moved.entry(*moved).or_default() += 1;
    }
    add_power(tally, solver, seed, draw);
    if deep && draw < CONFLICT_DRAWS {
        tally.explained += 1;
        tally.explored += u64::from(draw < OPENING_DRAWS);
        if !zone {
            let conflicts = solver.conflicts();
            if draw < OPENING_DRAWS {
                add_openings(tally, solver, &conflicts);
            }
            for set in conflicts {
                *tally.conflicts.entry(set).or_default() += 1;
            }
        }
    }
    if zone {
        let (issues, terms) = (case.issues.len(), &solver.now.solution.terms);
        let ties = (terms.len() / issues) as f64;
        for x in terms.chunks_exact(issues) {
            for (histogram, x) in tally.terms.iter_mut().zip(x) {
                histogram.add(*x, agreement / ties);
            }
        }
    }
}

/// Adds the least change of each lever that opens the draw's closed zone.
fn add_openings(tally: &mut Tally, solver: &mut Solver<'_>, conflicts: &[Set]) {
    let constraints = solver.now.situation.constraints();
    let in_all = conflicts.iter().fold(Set::MAX, |all, set| all & set);
    for (k, lever) in levers(&solver.now.situation).into_iter().enumerate() {
        let constraint = match lever {
            Lever::RedMin(i, j) => Some(Constraint::RedMin(i, j)),
            Lever::RedMax(i, j) => Some(Constraint::RedMax(i, j)),
            Lever::Payment(i) => Some(Constraint::Participation(i)),
            Lever::Promise(_) | Lever::Guarantee(_) | Lever::Insurance(_) | Lever::Tolerance(_) => {
                None
            }
        };
        // One constraint alone opens the zone only if every conflict needs it.
        let place = constraint.and_then(|c| constraints.iter().position(|k| *k == c));
        if !conflicts.is_empty() && place.is_some_and(|c| in_all >> c & 1 == 0) {
            continue;
        }
        if let Some(share) = least(solver, lever) {
            tally.openings[k].add((share * f64::from(UNIT)).round() as i32, 1.0);
        }
    }
}

/// Banzhaf and Shapley–Shubik of every side's rule at the drawn capabilities. Where coalitions cannot
/// be counted they are looked at one by one, 2ⁿ of them, so that large sides are looked at in fewer
/// draws; those beyond [`MOST_ENUMERATED`] are sampled, and cost no more.
fn add_power(tally: &mut Tally, solver: &Solver<'_>, seed: u64, draw: u64) {
    let s = &solver.now.situation;
    for (side, rule) in s.rules.iter().enumerate() {
        let names = s.players(side);
        if draw >= POWER_STEPS >> names.len().min(MOST_ENUMERATED) {
            continue;
        }
        for i in (0..s.members()).filter(|i| s.side[*i] == side) {
            tally.powered[i] += 1;
        }
        let id = &solver.frame.case().sides[side].id;
        let stream = Stream::of(&format!("power under sides.{id}.ratify in draw {draw}"));
        let random = |k| uniform(seed, k, stream);
        let found = rule_power(rule, s.negotiator[side], &s.capability, random);
        for (i, p) in names.iter().zip(found) {
            let errors = [p.banzhaf_error, p.shapley_error].map(|e| e * e);
            let sums = &mut tally.power[*i];
            for (sum, x) in sums.iter_mut().zip([p.banzhaf, p.shapley].into_iter().chain(errors)) {
                sum.add(x);
            }
        }
    }
}

/// Coalitions that are looked at for power, over all draws.
const POWER_STEPS: u64 = 1 << 24;
