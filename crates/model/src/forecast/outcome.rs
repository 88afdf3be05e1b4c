//! What one draw comes to: its negotiation on each bargaining day, and how it ends first.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::clock::forward::{DrawCourse, EventRate, FirstEndings, Span, TimeNode};
use crate::clock::mixture::Mixture;
use crate::clock::outcome::{ClassClock, ClockConstants, Timetable};
use crate::theory::conflicts::Conflicts;
use crate::theory::deadlines::{BargainingDay, DeadlineAhead, bargaining_days};
use crate::theory::exact::Exact;
use crate::theory::grid::{Grid, GridSolution, nodes};
use crate::theory::screening::failure_rate;
use crate::theory::situation::Situation;
use crate::theory::threat::NoDeal;
use crate::theory::{UNIT, YEAR};

use super::clock::{CLOCK_NODES, CaseTimes, constants, timetable};
use super::draw::{Frame, Incident, Moved, draw_inputs, draw_later};
use super::kept::{ClockView, Kept, KeptRooms, KeptSolution};
use super::together::ClockTask;

/// What the clock sees of a negotiation on a bargaining day.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Prospects {
    /// Room G, `None` if no package would be ratified.
    pub room: Option<f64>,
    /// Chance that a proposal fails, s.
    pub screening: f64,
    /// The owner's hazard of force while it is credible, per day; 0 if it is not.
    pub force: f64,
}

impl Prospects {
    /// The owner's hazard of force: all of it without a zone, else as often as proposals fail.
    fn pressed(&self) -> f64 {
        self.force * if self.room.is_some() { self.screening } else { 1.0 }
    }
}

/// The negotiation of one draw on a bargaining day, solved.
#[derive(Clone, Debug, Default)]
pub struct SolvedDay {
    /// The negotiation.
    pub situation: Situation,
    /// What no deal is worth.
    pub no_deal: NoDeal,
    /// Zone, room, terms; of the first day also interventions.
    pub solution: GridSolution,
    /// What the clock sees.
    pub prospects: Prospects,
    /// Red lines that moved to their owner's ideal.
    pub moved: Vec<Moved>,
}

/// Everything one thread needs to solve draw after draw without allocating anew.
pub struct Solver<'a> {
    /// The case, prepared.
    pub frame: &'a Frame<'a>,
    /// The inputs of the current draw.
    pub values: Vec<f64>,
    /// The packages of the current draw on its first day.
    pub grid: Grid,
    /// The current draw on its first day.
    pub now: SolvedDay,
    /// The days from which it was worked out anew, the first with what stands in `now`.
    pub days: Vec<BargainingDay>,
    /// The current draw from the second of those days on.
    pub later: Vec<SolvedDay>,
    /// The force that comes in the current draw and does not end its talks, in the order of its days.
    pub incidents: Vec<Incident>,
    /// First endings of the current draw under its own constants, one lane.
    pub endings: FirstEndings,
    /// How well the current draw explains that nothing has ended yet, w.
    pub weight: f64,
    /// The chance of what counts as yes in the current draw, F.
    pub answer: f64,
    /// The place of the draw's state of the deadlines.
    pub state: usize,
    exact: Exact<'a>,
    later_values: Vec<f64>,
    drift: Vec<i32>,
    spare: Grid,
    events: Vec<EventRate>,
    own: OwnClock,
    kept: Kept,
    /// The packages that are looked at; `None` where packages are solved exactly.
    fixed: Option<Listed>,
}

/// The packages that are looked at where they are not solved exactly.
enum Listed {
    /// Grid positions of the case, beside those of the draw.
    Levels(Vec<i32>),
    /// A text alone: its place in the case, and its terms in the current draw.
    Text(usize, Vec<Option<i32>>),
}

impl Listed {
    /// The positions on each issue.
    fn nodes(&self, s: &Situation) -> Vec<Vec<i32>> {
        match self {
            Self::Levels(levels) => nodes(s, levels),
            Self::Text(_, terms) => {
                terms.iter().zip(&s.quo).map(|(x, quo)| vec![x.unwrap_or(*quo)]).collect()
            }
        }
    }
}

/// The class under the constants of a draw, kept as long as those stay the same.
#[derive(Default)]
struct OwnClock {
    clock: ClassClock,
    mixture: Mixture,
    of: Option<(usize, ClockConstants, Timetable)>,
}

impl OwnClock {
    fn fill(&mut self, times: &CaseTimes, state: usize, of: (ClockConstants, Timetable)) {
        if self.of.as_ref().is_some_and(|(s, c, t)| *s == state && (c, t) == (&of.0, &of.1)) {
            return;
        }
        let (c, t) = &of;
        self.mixture.fill(&times.class, c.zref, c.chi, c.reopens);
        self.clock.resize(times.days, 1);
        self.clock.fill(0, &self.mixture, c, t, times.states[state], &times.last_texts);
        self.of = Some((state, of.0, of.1));
    }
}

/// What the clock of a draw under other constants is worked out in.
#[derive(Default)]
pub(super) struct Varied {
    lanes: Vec<(ClockConstants, Timetable)>,
    clock: ClassClock,
    mixture: Mixture,
    endings: FirstEndings,
}

impl<'a> Solver<'a> {
    /// A solver for a case.
    pub fn new(frame: &'a Frame<'a>) -> Self {
        let case = frame.case();
        // Off α = 1, and over options without order, nothing is piecewise linear: a grid every 5 %
        // then stands in.
        let grid = match (&case.switches.grid, case.switches.alpha) {
            (Some(grid), _) => Some(grid.clone()),
            (None, 1.0) if !case.has_options() => None,
            (None, _) => Some((0..=20).map(|k| 5.0 * f64::from(k)).collect()),
        };
        let levels = |grid: Vec<f64>| {
            Listed::Levels(
                grid.iter().map(|g| (g / 100.0 * f64::from(UNIT)).round() as i32).collect(),
            )
        };
        let fixed = match case.question.about {
            Some(text) => Some(Listed::Text(text, Vec::new())),
            None => grid.map(levels),
        };
        Self {
            frame,
            values: Vec::new(),
            grid: Grid::default(),
            now: SolvedDay::default(),
            days: Vec::new(),
            later: Vec::new(),
            incidents: Vec::new(),
            endings: FirstEndings::default(),
            weight: 1.0,
            answer: 0.0,
            state: 0,
            exact: Exact::default(),
            later_values: Vec::new(),
            drift: Vec::new(),
            spare: Grid::default(),
            events: Vec::new(),
            own: OwnClock::default(),
            kept: Kept::default(),
            fixed,
        }
    }

    /// A solver that breaks off a draw once `stop` is set.
    pub(super) fn until(frame: &'a Frame<'a>, stop: &'a AtomicBool) -> Self {
        Self { exact: Exact::until(stop), ..Self::new(frame) }
    }

    /// Whether a draw was broken off: it is none, nor is any later one.
    pub(super) fn broken_off(&self) -> bool {
        self.exact.broken_off()
    }

    /// Draws the inputs of a draw.
    pub fn draw(&mut self, seed: u64, draw: u64) {
        let case = self.frame.case();
        draw_inputs(case, seed, draw, &mut self.values);
        if case.inputs.iter().any(|i| i.later.is_some()) {
            draw_later(case, seed, draw, &self.values, &mut self.later_values);
        }
    }

    /// Takes inputs that were drawn elsewhere: the value of every input of the case now and at the
    /// horizon, in the units of the file.
    pub fn take(&mut self, values: &[f64], later: &[f64]) {
        self.values.clear();
        self.values.extend_from_slice(values);
        self.later_values.clear();
        self.later_values.extend_from_slice(later);
    }

    /// The weight and the chance of what counts as yes by the question's date under the current
    /// inputs: what the answer is the weighted mean of.
    pub fn weighed(&mut self) -> (f64, f64) {
        self.solve_room();
        let view = self.clock_view();
        let known = self.kept.solution.clock.as_ref().filter(|(of, _)| *of == view);
        if let Some((_, found)) = known {
            return *found;
        }
        self.run_clock_until(Some(self.frame.times().by), view.own.clone());
        let found = (self.weight, self.answer);
        if self.kept.filling {
            Arc::make_mut(&mut self.kept.solution).clock = Some((view, found));
        }
        found
    }

    /// As [`Self::weighed`], for inputs that others will differ from in few places: what those leave as
    /// it is here is not solved again, and they come to the same bytes.
    pub fn weighed_first(&mut self) -> (f64, f64) {
        self.kept.solution = Arc::default();
        self.kept.filling = true;
        let found = self.weighed();
        self.kept.filling = false;
        found
    }

    /// What [`Self::weighed_first`] kept.
    pub(crate) fn kept(&self) -> Arc<KeptSolution> {
        Arc::clone(&self.kept.solution)
    }

    /// Puts what was kept of a draw at hand; the case may be another. What its clock came to serves where
    /// both have the same `tables`.
    pub(crate) fn lend(&mut self, kept: &Arc<KeptSolution>, tables: bool) {
        self.kept.solution = Arc::clone(kept);
        if !tables && kept.clock.is_some() {
            Arc::make_mut(&mut self.kept.solution).clock = None;
        }
    }

    /// Runs the clock for weight and answer alone, where what it makes of the draw was not kept.
    pub(super) fn clock_beside(&mut self, rooms: &KeptRooms, draw: u64) -> (f64, f64) {
        let (view, tables) = (self.clock_view(), Arc::clone(self.frame.tables()));
        rooms.clock((draw, &tables), view, |view| {
            self.run_clock_until(Some(self.frame.times().by), view.own.clone());
            (self.weight, self.answer)
        })
    }

    /// What the clock of the current draw sees, once it is solved.
    fn clock_view(&self) -> ClockView {
        let case = self.frame.case();
        ClockView {
            state: self.state,
            own: (constants(case, &self.values), timetable(case, &self.values)),
            days: self.prospects().map(|(from, p)| (from, *p)).collect(),
            events: self.event_rates().collect(),
        }
    }

    /// The events of the current draw.
    fn event_rates(&self) -> impl Iterator<Item = EventRate> {
        let events = self.now.situation.events.iter();
        events.map(|e| EventRate { rate: e.hazard / YEAR, reacts: e.reacts })
    }

    /// What the clock is asked of the current draw, once it is solved, for a run beside others.
    pub(super) fn clock_task(
        &self,
        draw: u64,
        terms: bool,
    ) -> (ClockTask, (ClockConstants, Timetable), DrawCourse) {
        let case = self.frame.case();
        let own = (constants(case, &self.values), timetable(case, &self.values));
        let node = |(from, p): (i32, &Prospects)| {
            (from, p.room.map(|room| own.0.pace(room, p.screening)), p.pressed())
        };
        let course = DrawCourse {
            nodes: self.prospects().map(node).collect(),
            events: self.event_rates().collect(),
        };
        (self.task(draw, terms), own, course)
    }

    /// What the sums of the clock need to know of the current draw, with its terms where they are asked for.
    pub(super) fn task(&self, draw: u64, terms: bool) -> ClockTask {
        let ends = self.days.iter().skip(1).map(|day| day.from).chain([i32::MAX]);
        let days = self.days.iter().map(|day| day.from).zip(ends);
        let outcomes = std::iter::once(&self.now).chain(&self.later);
        let terms = days.zip(outcomes).filter(|(_, o)| terms && !o.solution.terms.is_empty());
        ClockTask {
            draw,
            state: self.state,
            zone: self.now.prospects.room.is_some(),
            closed: self.closed(),
            terms: terms.map(|((from, to), o)| (from..to, o.solution.terms.clone())).collect(),
        }
    }

    /// Solves the room of the current inputs, or the terms with it, with what was kept of a draw at hand.
    pub(super) fn solve_beside(&mut self, rooms: &KeptRooms, draw: u64, terms: bool) {
        rooms.lend(draw, &mut self.kept);
        self.find(if terms { Asked::Terms } else { Asked::Room });
        rooms.take(draw, &self.kept);
        self.kept.filling = false;
        self.kept.solution = Arc::default();
    }

    /// The negotiation of the current inputs and what no deal is worth, without solving it.
    pub fn prepare(&mut self) {
        self.bargain(&[], None);
        self.first();
    }

    /// Solves the negotiation that the current inputs describe on each bargaining day; its clock
    /// waits for [`Self::run_clock`].
    pub fn solve(&mut self) {
        self.find(Asked::Everything);
    }

    /// As [`Self::solve`], but of the packages only the room: all that the clock asks of them.
    pub(super) fn solve_room(&mut self) {
        self.find(Asked::Room);
    }

    /// Takes the solved negotiation of another solver, whose case differs in its rounds alone.
    pub(super) fn adopt(&mut self, other: &Self) {
        self.values.clone_from(&other.values);
        self.days.clone_from(&other.days);
        self.now.prospects = other.now.prospects;
        self.now.situation.events.clone_from(&other.now.situation.events);
        self.later.resize_with(other.later.len(), SolvedDay::default);
        for (own, other) in self.later.iter_mut().zip(&other.later) {
            own.prospects = other.prospects;
        }
        self.state = other.state;
    }

    /// The days from which the current draw is worked out, `drift` where its positions do; `used` is the
    /// option that is used while the talks go on.
    fn bargain(&mut self, drift: &[i32], used: Option<usize>) {
        let (frame, case) = (self.frame, self.frame.case());
        let times = frame.times();
        let put_off = frame.put_off(&self.values);
        self.state = times.state(put_off);
        let ahead: Vec<DeadlineAhead> = (0..)
            .zip(&times.ahead)
            .map(|(k, d)| DeadlineAhead { put_off: put_off >> k & 1 == 1, ..*d })
            .filter(|d| d.day >= 1)
            .collect();
        let horizon = case.constants.horizon;
        let sight = self.values[case.constants.window.0];
        let beyond = if times.reacts { (5.0 * sight).ceil() as i32 } else { 0 };
        let drift = (!drift.is_empty()).then_some((horizon + 1) / 2);
        let until = horizon + beyond;
        let comes = |i: &Incident| !frame.is_option(i) || used == Some(i.force);
        self.incidents = frame.incidents(&self.values, until);
        self.incidents.retain(comes);
        let mut others = frame.moving_days(&self.values, until);
        others.extend(self.incidents.iter().map(|i| i.day.saturating_add(1)));
        self.days = bargaining_days(&ahead, drift, &others, until);
    }

    /// The option that is used while the talks of the current draw go on: it pays its owner, and there is
    /// no deal to be had instead.
    fn used_while_talking(&self) -> Option<usize> {
        let (s, option) = (&self.now.situation, self.now.no_deal.credible?);
        let used = self.now.solution.room.is_none() && s.options[option].goes_on.is_some();
        used.then(|| self.frame.option_at(option)).flatten()
    }

    /// The negotiation of the first bargaining day.
    fn first(&mut self) {
        let put_off = self.frame.times().states[self.state].put_off;
        let (s, no_deal) = (&mut self.now.situation, &mut self.now.no_deal);
        if let Some(Listed::Text(text, terms)) = &mut self.fixed {
            *terms = self.frame.text_terms(&self.values, *text);
        }
        let drift = self.days[0].drifted.then_some(&self.drift[..]);
        let behind = (put_off, &self.incidents[..]);
        self.now.moved =
            self.frame.negotiation(&self.values, drift, &self.days[0], behind, s, no_deal);
    }

    fn find(&mut self, asked: Asked) {
        let drifts = self.later_values.len() == self.values.len()
            && self.frame.drift(&self.values, &self.later_values, &mut self.drift);
        let drift = std::mem::take(&mut self.drift);
        self.bargain(if drifts { &drift } else { &[] }, None);
        self.drift = drift;
        self.first();
        self.kept.begin();
        self.kept.ahead = self.days.len() - 1;
        let (frame, fixed) = (self.frame, self.fixed.as_ref());
        let put_off = frame.times().states[self.state].put_off;
        let (now, exact, spare) = (&mut self.now, &mut self.exact, &mut self.spare);
        let kept = &mut self.kept;
        let sigma = frame.sigma(&self.values, &now.situation);
        now.solution =
            packages(exact, kept, &mut self.grid, fixed, &now.situation, &now.no_deal, asked);
        if now.solution.room.is_none() && frame.unseat(&mut now.situation) {
            now.solution =
                packages(exact, kept, &mut self.grid, fixed, &now.situation, &now.no_deal, asked);
        }
        let (s, no_deal) = (&now.situation, &now.no_deal);
        // Conflicts are read off the grid of the first day: another one is at hand for the rest.
        let again = |n: &NoDeal| packages(exact, kept, spare, fixed, s, n, asked);
        let priced = price(frame, s, no_deal, &sigma, &mut now.solution, again);
        now.prospects = prospects(s, no_deal, now.solution.room, (!priced).then_some(&sigma));
        if let Some(used) = self.used_while_talking() {
            let drift = std::mem::take(&mut self.drift);
            self.bargain(if drifts { &drift } else { &[] }, Some(used));
            self.drift = drift;
        }
        let (exact, kept) = (&mut self.exact, &mut self.kept);
        let (spare, fixed) = (&mut self.spare, self.fixed.as_ref());
        // Who blocks is said of the first day alone.
        let asked = if asked == Asked::Room { Asked::Room } else { Asked::Terms };
        self.later.resize_with(self.days.len() - 1, SolvedDay::default);
        for (k, (day, later)) in (2..).zip(self.days[1..].iter().zip(&mut self.later)) {
            kept.ahead = self.days.len() - k;
            let drift = day.drifted.then_some(&self.drift[..]);
            let (s, no_deal) = (&mut later.situation, &mut later.no_deal);
            frame.negotiation(&self.values, drift, day, (put_off, &self.incidents), s, no_deal);
            let mut ask =
                |s: &Situation, n: &NoDeal| packages(exact, kept, spare, fixed, s, n, asked);
            let mut found = ask(s, no_deal);
            if found.room.is_none() && frame.unseat(s) {
                found = ask(s, no_deal);
            }
            let priced = price(frame, s, no_deal, &sigma, &mut found, |n| ask(s, n));
            later.prospects = prospects(s, no_deal, found.room, (!priced).then_some(&sigma));
            later.solution = found;
        }
    }

    /// What the clock sees of the current draw on its last bargaining day.
    pub fn at_horizon(&self) -> &Prospects {
        self.later.last().map_or(&self.now.prospects, |later| &later.prospects)
    }

    /// What the clock sees on each bargaining day, with the first forecast day it holds on.
    pub fn prospects(&self) -> impl ExactSizeIterator<Item = (i32, &Prospects)> {
        let all = std::iter::once(&self.now).chain(&self.later).map(|o| &o.prospects);
        let all: Vec<_> = self.days.iter().map(|day| day.from).zip(all).collect();
        all.into_iter()
    }

    /// Whether the current draw has no zone on any of its bargaining days.
    pub fn closed(&self) -> bool {
        self.now.prospects.room.is_none()
            && self.later.iter().all(|later| later.prospects.room.is_none())
    }

    /// The draw's bargaining days for the clock, each with its paces of signing, a lane each; none where
    /// it has no zone.
    fn time_nodes<'p>(&self, paces: &'p [Option<impl AsRef<[f64]>>]) -> Vec<TimeNode<'p>> {
        let days = self.prospects().zip(paces);
        days.map(|((from, p), pace)| TimeNode {
            from,
            pace: pace.as_ref().map(AsRef::as_ref),
            force: p.pressed(),
        })
        .collect()
    }

    /// Runs the clock of the current draw under its own constants: weight, first endings, answer.
    pub fn run_clock(&mut self) {
        let case = self.frame.case();
        let own = (constants(case, &self.values), timetable(case, &self.values));
        self.run_clock_until(None, own);
    }

    /// The same up to the question's date, beyond which nothing matters to weight and answer.
    pub(super) fn run_clock_to_question(&mut self) {
        let case = self.frame.case();
        let own = (constants(case, &self.values), timetable(case, &self.values));
        self.run_clock_until(Some(self.frame.times().by), own);
    }

    /// The same up to a forecast day that is all that matters.
    fn run_clock_until(&mut self, until: Option<i32>, own: (ClockConstants, Timetable)) {
        let (frame, case) = (self.frame, self.frame.case());
        let times = frame.times();
        let mut events = std::mem::take(&mut self.events);
        events.clear();
        events.extend(self.event_rates());
        self.events = events;
        if times.text_passed() {
            self.weight = 1.0;
            self.answer = times.answer(case, self.state, &self.endings, 0, &times.shares);
            return;
        }
        let c = own.0;
        self.own.fill(times, self.state, own);
        let paces: Vec<Option<[f64; 1]>> =
            self.prospects().map(|(_, p)| p.room.map(|room| [c.pace(room, p.screening)])).collect();
        let nodes = self.time_nodes(&paces);
        let sight = [c.sight];
        let span = Span { until, ..times.span(case, self.state, &sight, true) };
        let rates = &self.own.clock.rates;
        // Borrowed apart from what the nodes were made of.
        let mut endings = std::mem::take(&mut self.endings);
        endings.run(rates, &span, &nodes, &self.events);
        self.endings = endings;
        self.weight = self.own.clock.survival[0].weight(paces[0].map(|pace| pace[0]));
        self.answer = times.answer(case, self.state, &self.endings, 0, &times.shares);
    }

    /// Runs the clock of the current draw at the nodes of the constants, a lane each, into
    /// `endings`, with its weight in each; up to a forecast day if no later one matters.
    pub(super) fn run_nodes(
        &self,
        until: Option<i32>,
        endings: &mut FirstEndings,
        weights: &mut Vec<f64>,
    ) {
        let case = self.frame.case();
        let times = self.frame.times();
        let paces: Vec<Option<[f64; CLOCK_NODES]>> = self
            .prospects()
            .map(|(_, p)| {
                p.room.map(|room| std::array::from_fn(|k| times.nodes[k].pace(room, p.screening)))
            })
            .collect();
        let nodes = self.time_nodes(&paces);
        let sight: [f64; CLOCK_NODES] = std::array::from_fn(|k| times.nodes[k].sight());
        let span = Span { until, ..times.span(case, self.state, &sight, false) };
        let clock = &times.at_nodes[self.state];
        endings.run(&clock.rates, &span, &nodes, &self.events);
        weights.clear();
        weights.extend(
            (0..CLOCK_NODES)
                .map(|k| clock.survival[k].weight(paces[0].as_ref().map(|pace| pace[k]))),
        );
    }

    /// The weight and the answer of the current draw with one input at a time at another value that the
    /// packages do not depend on.
    pub(super) fn varied(
        &mut self,
        changes: &[(usize, f64)],
        work: &mut Varied,
    ) -> Vec<(f64, f64)> {
        let case = self.frame.case();
        let times = self.frame.times();
        let own = (constants(case, &self.values), timetable(case, &self.values));
        let ids = [case.constants.breakdown, case.constants.suspension, case.constants.interim];
        work.lanes.clear();
        let mut lane_of = Vec::with_capacity(changes.len());
        for (input, value) in changes {
            let was = std::mem::replace(&mut self.values[*input], *value);
            let other = (constants(case, &self.values), timetable(case, &self.values));
            self.values[*input] = was;
            // What moves nothing needs no lane of its own.
            lane_of.push((other != own).then(|| {
                work.lanes.push(other);
                work.lanes.len() - 1
            }));
        }
        let lanes = work.lanes.len();
        work.clock.resize(times.days, lanes);
        let state = times.states[self.state];
        for (lane, (c, t)) in work.lanes.iter().enumerate() {
            // Most constants leave the mixture as the draw's own clock has it.
            let of = |c: &ClockConstants| [c.zref, c.chi, c.reopens];
            let own = self.own.of.as_ref().is_some_and(|(_, own, _)| of(own) == of(c));
            if !own {
                work.mixture.fill(&times.class, c.zref, c.chi, c.reopens);
            }
            let mixture = if own { &self.own.mixture } else { &work.mixture };
            work.clock.fill(lane, mixture, c, t, state, &times.last_texts);
        }
        let paces: Vec<Option<Vec<f64>>> = self
            .prospects()
            .map(|(_, p)| {
                let pace = |room: f64| -> Vec<f64> {
                    work.lanes.iter().map(|(c, _)| c.pace(room, p.screening)).collect()
                };
                p.room.map(pace)
            })
            .collect();
        let nodes = self.time_nodes(&paces);
        let sight: Vec<f64> = work.lanes.iter().map(|(c, _)| c.sight).collect();
        let mut span = times.span(case, self.state, &sight, false);
        span.until = Some(times.by);
        work.endings.run(&work.clock.rates, &span, &nodes, &self.events);
        let first = paces.first().and_then(Option::as_ref);
        let answer = |((input, value), lane): (&(usize, f64), &Option<usize>)| {
            let mut shares = times.shares;
            if let Some(k) = ids.iter().position(|id| id.0 == *input) {
                // As the others are on average.
                let factor = value / self.values[*input].max(1e-9);
                shares[k] *= factor;
                let sum: f64 = shares.iter().sum();
                shares = shares.map(|s| if sum > 0.0 { s / sum } else { 1.0 / 3.0 });
            }
            match lane {
                None => {
                    let answer = times.answer(case, self.state, &self.endings, 0, &shares);
                    (self.weight, answer)
                }
                Some(lane) => (
                    work.clock.survival[*lane].weight(first.map(|pace| pace[*lane])),
                    times.answer(case, self.state, &work.endings, *lane, &shares),
                ),
            }
        };
        changes.iter().zip(&lane_of).map(answer).collect()
    }

    /// The positions on each issue that are looked at, where packages are not solved exactly.
    pub(super) fn listed_nodes(&self) -> Option<Vec<Vec<i32>>> {
        self.fixed.as_ref().map(|listed| listed.nodes(&self.now.situation))
    }

    /// How many events nobody at the table controls there are.
    pub(super) fn events(&self) -> usize {
        self.now.situation.events.len()
    }

    /// The class under the draw's own constants.
    pub fn clock(&self) -> &ClassClock {
        &self.own.clock
    }

    /// The mixture under the draw's own constants.
    pub fn mixture(&self) -> &Mixture {
        &self.own.mixture
    }

    /// The room and the terms of a negotiation that was made of the current draw's.
    pub(super) fn deal_of(&mut self, s: &Situation, no_deal: &NoDeal) -> GridSolution {
        let fixed = self.fixed.as_ref();
        let (exact, kept) = (&mut self.exact, &mut self.kept);
        packages(exact, kept, &mut self.spare, fixed, s, no_deal, Asked::Terms)
    }

    /// Whether a changed version of the current draw has a zone, when one member is paid some
    /// utility for accepting; `near` is where the last such version had one. What no deal is worth stays as it is.
    pub(super) fn has_zone(
        &mut self,
        s: &Situation,
        paid: Option<(usize, f64)>,
        near: &mut Option<Vec<f64>>,
    ) -> bool {
        let mut no_deal = self.now.no_deal.clone();
        if let Some((i, payment)) = paid {
            no_deal.paid = vec![0.0; s.members()];
            no_deal.paid[i] = payment;
        }
        match &self.fixed {
            Some(fixed) => {
                let mut grid = Grid::default();
                grid.evaluate(s, &no_deal, fixed.nodes(s));
                !grid.zone(s).is_empty()
            }
            None => self.exact.has_zone_near(s, &no_deal, near),
        }
    }

    /// Whether the current draw has a zone where some members (a bit each) reject everything, or else
    /// accept anything. It has been solved.
    pub(super) fn zone_with(&mut self, members: u64, reject: bool) -> bool {
        let (s, no_deal) = (&self.now.situation, &self.now.no_deal);
        let (free, out) = if reject { (0, members) } else { (members, 0) };
        match &self.fixed {
            Some(_) => self.grid.has_zone_with(s, free, out),
            None => self.exact.has_zone_with(s, no_deal, free, out),
        }
    }

    /// The minimal conflicting sets of the current draw, whose zone is empty.
    pub fn conflicts(&mut self) -> Conflicts {
        let (s, no_deal) = (&self.now.situation, &self.now.no_deal);
        let constraints = s.constraints();
        match &self.fixed {
            Some(_) => self.grid.conflicts(s, no_deal, &constraints),
            None => self.exact.conflicts(s, no_deal, &constraints),
        }
    }
}

/// What is asked of the packages of a draw.
#[derive(Clone, Copy, PartialEq)]
enum Asked {
    Everything,
    Terms,
    Room,
}

/// Steps 7 to 10 for a negotiation, exactly or on the grid of the case.
fn packages(
    exact: &mut Exact<'_>,
    kept: &mut Kept,
    grid: &mut Grid,
    fixed: Option<&Listed>,
    s: &Situation,
    no_deal: &NoDeal,
    asked: Asked,
) -> GridSolution {
    match (fixed, asked) {
        (Some(fixed), _) => {
            grid.evaluate(s, no_deal, fixed.nodes(s));
            grid.solve(s, no_deal)
        }
        (None, Asked::Everything) => kept.solve(exact, s, no_deal),
        (None, Asked::Terms) => kept.deal(exact, s, no_deal),
        (None, Asked::Room) => kept.room(exact, s, no_deal),
    }
}

/// M4: puts the priced room and terms in place of those found, where the case's theory asks for it
/// and the zone has room for the price; says whether it did. Who blocks is not a matter of price.
fn price(
    frame: &Frame<'_>,
    s: &Situation,
    no_deal: &NoDeal,
    sigma: &[f64],
    found: &mut GridSolution,
    mut again: impl FnMut(&NoDeal) -> GridSolution,
) -> bool {
    if !frame.case().switches.priced_ratification || found.room.is_none() {
        return false;
    }
    let priced = again(&s.priced(no_deal, sigma));
    if priced.room.is_none() {
        return false;
    }
    let (block, walk) = (std::mem::take(&mut found.block), std::mem::take(&mut found.walk));
    *found = GridSolution { block, walk, ..priced };
    true
}

/// What the clock sees of a negotiation with so much room; without `sigma` nothing fails for want
/// of information.
fn prospects(
    s: &Situation,
    no_deal: &NoDeal,
    room: Option<f64>,
    sigma: Option<&Vec<f64>>,
) -> Prospects {
    Prospects {
        room,
        screening: room.zip(sigma).map_or(0.0, |(g, sigma)| failure_rate(g, sigma)),
        // What does not end the talks is no ending of theirs.
        force: no_deal
            .credible
            .filter(|f| s.options[*f].goes_on.is_none())
            .map_or(0.0, |f| s.options[f].press / YEAR),
    }
}
