//! Many draws, on any number of threads, with the same bytes.

use std::ops::Range;
use std::sync::{Arc, Mutex};

use crate::case::{Case, Ending};
use crate::clock::forward::FirstEndings;
use crate::clock::outcome::OutcomeSum;
use crate::clock::sums::FineSum;
use crate::effort::{Effort, in_blocks, in_order};
use crate::theory::UNIT;
use crate::theory::conflicts::{Conflicts, Set};
use crate::theory::grid::Constraint;
use crate::theory::power::{MOST_ENUMERATED, rule_power};
use crate::uncertain::points::REPLICATES;
use crate::uncertain::{Points, Stream, uniform};

use super::accumulate::{Histogram, Sum, Tally};
use super::clock::{CaseTimes, NODE_COLUMNS, at_nodes};
use super::cost::DrawCost;
use super::draw::Frame;
use super::kept::KeptRooms;
use super::openings::{Lever, least, levers};
use super::outcome::{Solver, Varied};
use super::together::{ClockResult, ClockTask, Together};

/// The draws before this one are asked for everything; later ones as if [`Depth::Lean`].
pub const FULL_DRAWS: u64 = 1_000;

/// Coefficients are varied on the draws before this one.
pub(super) const VARIED_DRAWS: u64 = FULL_DRAWS;

/// Conflicting sets are sought in the draws before this one.
pub(super) const CONFLICT_DRAWS: u64 = FULL_DRAWS;

/// Openings are sought in the draws before this one.
pub(super) const OPENING_DRAWS: u64 = FULL_DRAWS;

/// Power is told by the draws before this one: what capabilities leave open moves it little.
const POWER_DRAWS: u64 = FULL_DRAWS;

/// Draws handed to a thread at a time: few, since a run that is stopped ends them first.
pub(crate) const BLOCK: u64 = 8;

/// Seconds a thousand draws past the first from which on a stop breaks off those that are begun: each is
/// then added up by itself, which takes a sixth of the time of a draw of the usual case.
const SLOW: f64 = 5.0;

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
    run_beside(&Frame::new(case), run, depth, &Arc::default(), effort)
}

/// The same of a prepared case, beside what was kept of cases alike, to the bit.
pub(super) fn run_beside(
    frame: &Frame<'_>,
    run: &Run,
    depth: Depth,
    rooms: &Arc<KeptRooms>,
    effort: Effort<'_>,
) -> Tally {
    if DrawCost::of_frame(frame).later_seconds() > SLOW {
        return run_slow(frame, run, (depth, rooms), effort);
    }
    let total = Mutex::new(Tally::default());
    let begin = || (Solver::new(frame), Work::beside(depth, rooms), Tally::default());
    let block = |(solver, work, tally): &mut (Solver<'_>, Work, Tally), draws: Range<u64>| {
        for draw in draws {
            work.solve_together(tally, solver, run.seed, draw);
        }
    };
    in_blocks(run.draws.clone(), BLOCK, effort, begin, block, |(_, mut work, mut tally)| {
        work.finish(&mut tally, frame);
        if let Ok(mut total) = total.lock() {
            total.merge(tally);
        }
    });
    total.into_inner().unwrap_or_default()
}

/// Draws that take long, one by one: a stop breaks off those that are begun, and what was done ends
/// with the first of them.
fn run_slow(
    frame: &Frame<'_>,
    run: &Run,
    (depth, rooms): (Depth, &Arc<KeptRooms>),
    effort: Effort<'_>,
) -> Tally {
    let begin = || (Solver::until(frame, effort.stop), Work::beside(depth, rooms));
    let block = |(solver, work): &mut (Solver<'_>, Work), draws: Range<u64>| {
        let mut tally = Tally::default();
        work.solve(&mut tally, solver, run.seed, draws.start);
        (!solver.broken_off()).then_some(tally)
    };
    let (mut total, mut whole) = (Tally::default(), true);
    in_order(run.draws.clone(), 1, effort, begin, block, |tally: Option<Tally>| {
        whole &= tally.is_some();
        if let Some(tally) = tally.filter(|_| whole) {
            total.merge(tally);
        }
    });
    total
}

/// How much is asked of each draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Everything a forecast reports.
    Full,
    /// Everything but what is sought in the first draws alone: conflicts, openings, the effect of
    /// the coefficients. The rest is the same to the bit.
    Lean,
    /// The answer with its band, the zone and the terms alone; those are the same to the bit.
    Terms,
    /// The answer with its band and the zone alone; those are the same to the bit.
    Headline,
}

/// How the solver's current draw has first ended by the question's date, in the order of
/// [`Ending::ALL`]; nothing has before the first day.
pub(crate) fn ended_by_question(solver: &Solver<'_>) -> [f64; 5] {
    let frame = solver.frame;
    let times = frame.times();
    let days = times.by.max(0) as usize;
    let mut ended = [0.0; 5];
    if days == 0 {
        return ended;
    }
    if times.text_passed() {
        ended[Ending::Agreement as usize] =
            times.reaches[solver.state].first().copied().unwrap_or(0.0);
        return ended;
    }
    let endings = &solver.endings;
    let sum = |column: &mut dyn Iterator<Item = f64>| column.take(days).sum::<f64>();
    let other = sum(&mut endings.other(0));
    let events: f64 = (0..endings.events()).map(|e| sum(&mut endings.event(0, e))).sum();
    ended[Ending::Agreement as usize] = endings.answer(0, &times.reaches[solver.state]);
    ended[Ending::Breakdown as usize] = other * times.shares[0];
    ended[Ending::Suspension as usize] = other * times.shares[1];
    ended[Ending::Interim as usize] = other * times.shares[2];
    ended[Ending::Force as usize] = sum(&mut endings.force(0)) + events;
    ended
}

/// A tally of no draws with a place for everything that the draws of a case are asked.
pub(super) fn blank(case: &Case) -> Tally {
    let frame = Frame::new(case);
    let mut solver = Solver::new(&frame);
    solver.draw(0, 0);
    solver.prepare();
    shaped(&solver)
}

/// The same, of a case whose draws have begun.
fn shaped(solver: &Solver<'_>) -> Tally {
    let case = solver.frame.case();
    let days = case.constants.horizon as usize;
    let now = &solver.now.situation;
    let members = now.members();
    let (states, plain) = (solver.frame.times().states.len(), solver.frame.times().plain);
    let zeros = |n: usize| vec![FineSum::default(); n];
    let columns = [1, 1, 1, solver.events()].map(|width| zeros(days * width));
    let state = (FineSum::default(), columns, FineSum::default());
    let empty = OutcomeSum { states: vec![state; states], ..OutcomeSum::default() };
    Tally {
        outcomes: [empty.clone(), empty],
        scramblings: match case.points {
            Points::Random => Vec::new(),
            Points::Scrambled(_) => vec![Default::default(); REPLICATES],
        },
        nodes: zeros(NODE_COLUMNS),
        node_text: vec![zeros(days * NODE_COLUMNS); states],
        node_endings: [0, 1].map(|_| zeros(if plain { 0 } else { days * NODE_COLUMNS })),
        credible: vec![0; now.options.len()],
        interventions: vec![[0; 4]; members],
        power: vec![[Sum::default(); 4]; members],
        powered: vec![0; members],
        openings: vec![Histogram::default(); levers(now).len()],
        terms: vec![Histogram::default(); case.issues.len()],
        coefficients: vec![[[FineSum::default(); 2]; 2]; case.constants.inputs().len()],
        ..Tally::default()
    }
}

/// What a thread keeps besides its tally.
pub(crate) struct Work {
    depth: Depth,
    rooms: Arc<KeptRooms>,
    endings: FirstEndings,
    weights: Vec<f64>,
    varied: Varied,
    together: Together,
}

impl Work {
    pub(crate) fn new(depth: Depth) -> Self {
        Self::beside(depth, &Arc::default())
    }

    /// The same beside what was kept of cases alike.
    pub(crate) fn beside(depth: Depth, rooms: &Arc<KeptRooms>) -> Self {
        Self {
            depth,
            rooms: Arc::clone(rooms),
            endings: FirstEndings::default(),
            weights: Vec::new(),
            varied: Varied::default(),
            together: Together::default(),
        }
    }

    /// Solves a draw and adds it; returns its weight and its answer.
    pub(crate) fn solve(
        &mut self,
        tally: &mut Tally,
        solver: &mut Solver<'_>,
        seed: u64,
        draw: u64,
    ) -> (f64, f64) {
        self.find(solver, seed, draw);
        self.count(tally, solver, (seed, draw));
        self.run_clock(tally, solver, draw)
    }

    /// The same, but that its clock may run later beside others, in [`Self::finish`] at the latest.
    fn solve_together(&mut self, tally: &mut Tally, solver: &mut Solver<'_>, seed: u64, draw: u64) {
        self.find(solver, seed, draw);
        self.count(tally, solver, (seed, draw));
        let alone = solver.frame.times().text_passed()
            || at_nodes(draw)
            || self.depth == Depth::Full && draw < VARIED_DRAWS;
        if alone {
            self.run_clock(tally, solver, draw);
        } else {
            let until = self.until(solver.frame);
            let terms = self.depth != Depth::Headline;
            self.together.add(tally, (solver, draw), (until, terms));
        }
    }

    /// Runs the clocks of all draws that wait.
    fn finish(&mut self, tally: &mut Tally, frame: &Frame<'_>) {
        let until = self.until(frame);
        self.together.finish(tally, frame, until);
    }

    /// The forecast day beyond which nothing matters: of a headline nothing is read past the question's date.
    fn until(&self, frame: &Frame<'_>) -> Option<i32> {
        (self.depth == Depth::Headline).then(|| frame.times().by)
    }

    fn find(&mut self, solver: &mut Solver<'_>, seed: u64, draw: u64) {
        solver.draw(seed, draw);
        match self.depth {
            Depth::Headline | Depth::Terms => {
                let terms = self.depth == Depth::Terms;
                solver.solve_beside(&self.rooms, draw, terms);
            }
            Depth::Full | Depth::Lean => solver.solve(),
        }
    }

    /// Adds what the solver's current draw says without its clock.
    fn count(&mut self, tally: &mut Tally, solver: &mut Solver<'_>, (seed, draw): (u64, u64)) {
        if tally.draws == 0 {
            *tally = shaped(solver);
        }
        tally.draws += 1;
        let zone = solver.now.prospects.room.is_some();
        let gap = solver.now.solution.gap;
        if gap.split || gap.missed || gap.room > 0.0 {
            tally.searched[0] += 1;
            tally.searched[1] += u64::from(gap.missed);
            tally.short.add(gap.room.min(1.0));
        }
        if self.depth == Depth::Headline {
            tally.zone[0] += u64::from(zone);
            return;
        }
        state(tally, solver, zone);
        if self.depth != Depth::Terms {
            members(tally, solver, (seed, draw));
        }
        if self.depth == Depth::Full && draw < CONFLICT_DRAWS {
            explain(tally, solver, draw, zone);
        }
    }

    /// Runs the clock of the solver's current draw and adds what it says; returns its weight and its answer.
    fn run_clock(&mut self, tally: &mut Tally, solver: &mut Solver<'_>, draw: u64) -> (f64, f64) {
        let until = self.until(solver.frame);
        match until {
            Some(_) => solver.run_clock_to_question(),
            None => solver.run_clock(),
        }
        let times = solver.frame.times();
        let (weight, answer, passed) = (solver.weight, solver.answer, times.text_passed());
        let found = ClockResult { endings: &solver.endings, lane: 0, weight, answer };
        tally.add_clock(times, &solver.task(draw, self.depth != Depth::Headline), &found);
        if !passed && at_nodes(draw) {
            self.nodes(tally, solver, until);
        }
        if self.depth == Depth::Full && draw < VARIED_DRAWS {
            self.coefficients(tally, solver, passed);
        }
        (weight, answer)
    }

    /// Adds the draw under the nodes of the constants, and under its own beside them.
    fn nodes(&mut self, tally: &mut Tally, solver: &Solver<'_>, until: Option<i32>) {
        solver.run_nodes(until, &mut self.endings, &mut self.weights);
        let own = &solver.endings;
        self.weights.push(solver.weight);
        tally.nodes.iter_mut().zip(&self.weights).for_each(|(sum, w)| sum.add(*w));
        let text = &mut tally.node_text[solver.state];
        add_days(text, &self.weights, self.endings.text_by_day(), own.text(0));
        let asked = self.endings.asked_by_day().into_iter().zip(own.asked(0));
        for (sums, (by_day, own)) in tally.node_endings.iter_mut().zip(asked) {
            add_days(sums, &self.weights, by_day, own);
        }
    }

    /// Adds the draw with each coefficient halved, and raised by half.
    fn coefficients(&mut self, tally: &mut Tally, solver: &mut Solver<'_>, passed: bool) {
        let case = solver.frame.case();
        tally.varied += 1;
        let add = |sums: &mut [FineSum; 2], (w, p): (f64, f64)| {
            sums[0].add(w);
            sums[1].add(w * p);
        };
        let as_is = (solver.weight, solver.answer);
        add(&mut tally.varied_answer, as_is);
        let ids = case.constants.inputs();
        let changes: Vec<(usize, f64)> = ids
            .iter()
            .flat_map(|id| {
                let (value, (lo, hi)) = (solver.values[id.0], case.input(*id).scale);
                [0.5, 1.5].map(|by| (id.0, (value * by).clamp(lo, hi.min(most(case, *id)))))
            })
            .collect();
        let varied = match passed {
            true => vec![as_is; changes.len()],
            false => solver.varied(&changes, &mut self.varied),
        };
        let sums = tally.coefficients.iter_mut().flatten();
        sums.zip(varied).for_each(|(sums, draw)| add(sums, draw));
    }
}

/// Adds chances by their weights, those of the nodes on each day and behind them the draw's own.
fn add_days<'a>(
    sums: &mut [FineSum],
    weights: &[f64],
    by_day: impl Iterator<Item = &'a [f64]>,
    own: impl Iterator<Item = f64>,
) {
    for ((sums, day), own) in sums.chunks_exact_mut(NODE_COLUMNS).zip(by_day).zip(own) {
        let at_nodes = sums.iter_mut().zip(day).zip(weights);
        at_nodes.for_each(|((sum, p), w)| sum.add(w * p));
        let behind = sums.iter_mut().zip(weights).skip(day.len());
        behind.for_each(|(sum, w)| sum.add(w * own));
    }
}

/// The largest value a coefficient is raised to.
fn most(case: &Case, id: crate::case::InputId) -> f64 {
    if id == case.constants.zref { 97.0 } else { f64::INFINITY }
}

/// Adds what the draw's packages say of the zone, its room and force.
fn state(tally: &mut Tally, solver: &Solver<'_>, zone: bool) {
    let now = &solver.now;
    tally.zone[0] += u64::from(zone);
    let later = solver.at_horizon().room.is_some();
    tally.zone[1] += u64::from(later);
    tally.zone[2] += u64::from(!zone && !later);
    tally.room.add(now.solution.room.unwrap_or(0.0));
    if let Some(f) = now.no_deal.credible {
        tally.credible[f] += 1;
    }
    for moved in &now.moved {
        *tally.moved.entry(*moved).or_default() += 1;
    }
}

/// Adds what each member does to the zone of the draw, and its power.
fn members(tally: &mut Tally, solver: &Solver<'_>, (seed, draw): (u64, u64)) {
    let now = &solver.now;
    for (i, counts) in tally.interventions.iter_mut().enumerate() {
        let (block, veto) = (now.solution.block[i], now.situation.holds_veto(i));
        counts[0] += u64::from(block);
        counts[1] += u64::from(now.solution.walk[i]);
        counts[2] += u64::from(veto);
        counts[3] += u64::from(veto && block);
    }
    if draw < POWER_DRAWS {
        add_power(tally, solver, seed, draw);
    }
}

/// Adds why the zone of one of the first draws is closed, and what would open it.
fn explain(tally: &mut Tally, solver: &mut Solver<'_>, draw: u64, zone: bool) {
    tally.explained += 1;
    tally.explored += u64::from(draw < OPENING_DRAWS);
    if zone {
        return;
    }
    let conflicts = solver.conflicts();
    if draw < OPENING_DRAWS {
        add_openings(tally, solver, &conflicts);
    }
    tally.unended += u64::from(conflicts.unended);
    for set in conflicts.sets {
        *tally.conflicts.entry(set).or_default() += 1;
    }
}

impl Tally {
    /// Adds what the clock of a draw came to: its endings, its answer, and its terms, on each of its days as
    /// often as it agrees then.
    pub(super) fn add_clock(
        &mut self,
        times: &CaseTimes,
        task: &ClockTask,
        found: &ClockResult<'_>,
    ) {
        let (w, p, passed) = (found.weight, found.answer, times.text_passed());
        let endings = (!passed).then_some((found.endings, found.lane));
        self.outcomes[usize::from(task.zone)].add(w, task.state, endings);
        for (sum, x) in self.answer.iter_mut().zip([w * p, w * w * p, w * w * p * p]) {
            sum.add(x);
        }
        let replicate = (task.draw % REPLICATES as u64) as usize;
        if let Some([weight, yes]) = self.scramblings.get_mut(replicate) {
            weight.add(w);
            yes.add(w * p);
        }
        if task.closed {
            self.closed.add(w);
        }
        let issues = self.terms.len();
        for (days, terms) in task.terms.iter().filter(|_| !passed) {
            let reaches = &times.reaches[task.state];
            let agrees = found.endings.own_answer(found.lane, reaches, days.clone());
            let ties = (terms.len() / issues) as f64;
            for x in terms.chunks_exact(issues) {
                for (histogram, x) in self.terms.iter_mut().zip(x) {
                    histogram.add(*x, w * agrees / ties);
                }
            }
        }
    }
}

/// Adds the least change of each lever that opens the draw's closed zone.
fn add_openings(tally: &mut Tally, solver: &mut Solver<'_>, conflicts: &Conflicts) {
    let constraints = solver.now.situation.constraints();
    let in_all = conflicts.sets.iter().fold(Set::MAX, |all, set| all & set);
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
        if !conflicts.sets.is_empty() && place.is_some_and(|c| in_all >> c & 1 == 0) {
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

/// Coalitions that are looked at for power, over the first draws.
const POWER_STEPS: u64 = 1 << 24;
