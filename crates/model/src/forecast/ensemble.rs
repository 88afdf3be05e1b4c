//! Many draws, on any number of threads, with the same bytes.

use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::case::{Case, Ending};
use crate::theory::calendar::Rates;
use crate::theory::power::power;
use crate::uncertain::{Stream, uniform};

use super::accumulate::{Histogram, Sum, Tally};
use super::draw::Frame;
use super::outcome::Solver;

/// How many nodes of the calendar's constants the odds are computed at.
pub(super) const CALENDAR_NODES: usize = 20;

/// Coefficients are varied on the draws before this one.
pub(super) const VARIED_DRAWS: u64 = 1_000;

/// Draws handed to a thread at a time.
const BLOCK: u64 = 32;

/// Which draws to run, and how.
#[derive(Clone, Debug)]
pub struct Run {
    /// The seed.
    pub seed: u64,
    /// The draws, numbered from 0 over the whole forecast, whoever runs them.
    pub draws: Range<u64>,
    /// How many threads; the bytes do not depend on it.
    pub threads: usize,
}

/// Runs draws and adds them up. `progress` is told how many draws are done after each block.
/// Setting `stop` ends the run after the blocks already begun: since blocks are begun in order,
/// what was done is always the first so many draws.
pub fn run(case: &Case, run: &Run, stop: &AtomicBool, progress: &(dyn Fn(u64) + Sync)) -> Tally {
    let frame = Frame::new(case);
    let rates = calendar_nodes(case, &frame);
    let (next, done) = (AtomicU64::new(run.draws.start), AtomicU64::new(0));
    let total = Mutex::new(Tally::default());
    let work = || {
        let mut solver = Solver::new(&frame);
        let mut tally = Tally::default();
        while !stop.load(Ordering::Relaxed) {
            let from = next.fetch_add(BLOCK, Ordering::Relaxed);
            if from >= run.draws.end {
                break;
            }
            let to = (from + BLOCK).min(run.draws.end);
            for draw in from..to {
                solver.draw(run.seed, draw);
                solver.solve();
                add(&mut tally, &mut solver, &rates, draw);
            }
            progress(done.fetch_add(to - from, Ordering::Relaxed) + to - from);
        }
        if let Ok(mut total) = total.lock() {
            total.merge(tally);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..run.threads.max(1) {
            scope.spawn(work);
        }
        work();
    });
    total.into_inner().unwrap_or_default()
}

/// The constants of the calendar at stratified nodes: a Latin hypercube whose strata are shuffled
/// by each constant's own stream, the same for every seed.
fn calendar_nodes(case: &Case, frame: &Frame<'_>) -> Vec<Rates> {
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
    (0..CALENDAR_NODES)
        .map(|k| {
            for (id, order) in case.constants.inputs().iter().zip(&order) {
                let input = case.input(*id);
                let u = (order[k] as f64 + 0.5) / CALENDAR_NODES as f64;
                values[id.0] = input.dist.quantile(u, input.scale);
            }
            frame.rates(&values)
        })
        .collect()
}

/// The chance of the endings that count, by day `t` (0 before day 1).
fn answer(case: &Case, solver: &Solver<'_>, shares: &[f64; 3], t: i32) -> f64 {
    let day = endings(solver, shares, t);
    case.question.counts.iter().map(|e| day[*e as usize]).sum()
}

/// Agreement, interim, breakdown, force, suspension by day `t`, in the order of [`Ending::ALL`].
fn endings(solver: &Solver<'_>, shares: &[f64; 3], t: i32) -> [f64; 5] {
    if t < 1 {
        return [0.0; 5];
    }
    let (at, c) = (t as usize - 1, &solver.curves);
    let width = solver.hazards.len();
    let events: f64 = c.events[at * width..(at + 1) * width].iter().sum();
    let mut out = [0.0; 5];
    out[Ending::Agreement as usize] = c.agreement[at];
    out[Ending::Interim as usize] = c.other[at] * shares[2];
    out[Ending::Breakdown as usize] = c.other[at] * shares[0];
    out[Ending::Force as usize] = c.force[at] + events;
    out[Ending::Suspension as usize] = c.other[at] * shares[1];
    out
}

/// Adds the solver's current draw.
fn add(tally: &mut Tally, solver: &mut Solver<'_>, nodes: &[Rates], draw: u64) {
    let case = solver.frame.case();
    let horizon = case.constants.horizon;
    let days = horizon as usize;
    let by = case.question.by.since(case.as_of);
    let members = solver.now.situation.members();
    if tally.draws == 0 {
        tally.endings = vec![Sum::default(); days * 5];
        tally.events = vec![Sum::default(); days * solver.hazards.len()];
        tally.nodes = vec![Sum::default(); days * CALENDAR_NODES];
        tally.answer_nodes = vec![Sum::default(); CALENDAR_NODES];
        tally.credible = vec![0; solver.now.situation.options.len()];
        tally.interventions = vec![[0; 2]; members];
        tally.power = vec![[Sum::default(); 2]; members];
        tally.terms = vec![Histogram::default(); case.issues.len()];
        tally.coefficients = vec![[Sum::default(); 2]; case.constants.inputs().len()];
    }
    tally.draws += 1;
    let shares = solver.rates.shares;
    for t in 1..=horizon {
        let row = &mut tally.endings[(t as usize - 1) * 5..t as usize * 5];
        row.iter_mut().zip(endings(solver, &shares, t)).for_each(|(sum, p)| sum.add(p));
    }
    tally.events.iter_mut().zip(&solver.curves.events).for_each(|(sum, p)| sum.add(*p));
    let p = answer(case, solver, &shares, by);
    tally.answer.0.add(p);
    tally.answer.1.add(p * p);
    let agreement = endings(solver, &shares, by)[0];

    let now = &solver.now;
    let zone = now.solution.room.is_some();
    tally.zone[0] += u64::from(zone);
    tally.zone[1] += u64::from(zone);
    tally.zone[2] += u64::from(!zone);
    tally.room.add(now.solution.room.unwrap_or(0.0));
    if let Some(f) = now.no_deal.credible {
        tally.credible[f] += 1;
    }
    for i in 0..members {
        tally.interventions[i][0] += u64::from(now.solution.block[i]);
        tally.interventions[i][1] += u64::from(now.solution.walk[i]);
    }
    for moved in &now.moved {
        *tally.moved.entry(*moved).or_default() += 1;
    }
    add_power(tally, solver);
    if !zone {
        for set in solver.conflicts() {
            *tally.conflicts.entry(set).or_default() += 1;
        }
    } else {
        let now = &solver.now;
        let issues = case.issues.len();
        let ties = (now.solution.terms.len() / issues) as f64;
        for x in now.solution.terms.chunks_exact(issues) {
            for (j, x) in x.iter().enumerate() {
                tally.terms[j].add(*x, agreement / ties);
            }
        }
    }
    for (k, rates) in nodes.iter().enumerate() {
        solver.run_calendar(rates);
        for (sum, p) in
            tally.nodes[k * days..(k + 1) * days].iter_mut().zip(&solver.curves.agreement)
        {
            sum.add(*p);
        }
        tally.answer_nodes[k].add(answer(case, solver, &rates.shares, by));
    }
    if draw < VARIED_DRAWS {
        tally.varied += 1;
        tally.varied_answer.add(p);
        for (k, id) in case.constants.inputs().iter().enumerate() {
            let value = solver.values[id.0];
            for (side, factor) in [0.5, 1.5].into_iter().enumerate() {
                solver.values[id.0] = value * factor;
                let rates = solver.frame.rates(&solver.values);
                solver.run_calendar(&rates);
                let p = answer(case, solver, &rates.shares, by);
                tally.coefficients[k][side].add(p);
            }
            solver.values[id.0] = value;
        }
    }
}

/// Banzhaf and Shapley–Shubik of every side's rule at the drawn capabilities.
fn add_power(tally: &mut Tally, solver: &Solver<'_>) {
    let s = &solver.now.situation;
    for side in 0..s.rules.len() {
        let mut names = s.rules[side].actors();
        names.extend(s.negotiator[side]);
        names.sort_unstable();
        names.dedup();
        for (i, p) in names.iter().zip(power(&names, |c| s.ratifies(side, c))) {
            tally.power[*i][0].add(p.banzhaf);
            tally.power[*i][1].add(p.shapley);
        }
    }
}
