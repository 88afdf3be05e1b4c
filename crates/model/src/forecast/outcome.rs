//! What one draw comes to: steps 1–16 in order.

use crate::case::Ending;
use crate::theory::UNIT;
use crate::theory::calendar::{Calendars, Dates, Hazard, Prospects, Rates, YEAR};
use crate::theory::conflicts::Set;
use crate::theory::exact::Exact;
use crate::theory::grid::{Grid, Solution, nodes};
use crate::theory::screening::failure_rate;
use crate::theory::situation::Situation;
use crate::theory::threat::NoDeal;

use super::draw::{Frame, Moved, draw_inputs, draw_later};
use super::ensemble::answer;

/// The negotiation of one draw at one node in time, solved.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// The negotiation.
    pub situation: Situation,
    /// What no deal is worth.
    pub no_deal: NoDeal,
    /// Zone, room, terms, interventions.
    pub solution: Solution,
    /// What the calendar sees.
    pub prospects: Prospects,
    /// Red lines that moved to their owner's ideal.
    pub moved: Vec<Moved>,
}

/// The negotiation of one draw at the horizon, where positions have drifted. The calendar asks how
/// much room there is; terms and interventions are those of today.
#[derive(Default)]
struct Later {
    situation: Situation,
    no_deal: NoDeal,
    grid: Grid,
    prospects: Prospects,
}

/// Everything one thread needs to solve draw after draw without allocating anew.
pub struct Solver<'a> {
    /// The case, prepared.
    pub frame: &'a Frame<'a>,
    /// The inputs of the current draw.
    pub values: Vec<f64>,
    /// The packages of the current draw.
    pub grid: Grid,
    /// The current draw now.
    pub now: Outcome,
    /// The calendar of the current draw, and after it the same under other constants.
    pub calendar: Calendars,
    /// The calendar of the current draw.
    pub dates: Dates,
    /// The constants of the current draw.
    pub rates: Rates,
    /// The events of the current draw.
    pub hazards: Vec<Hazard>,
    exact: Exact,
    later: Later,
    later_values: Vec<f64>,
    lanes: Vec<Rates>,
    drift: Vec<i32>,
    drifts: bool,
    /// Grid positions of the case; `None` where packages are solved exactly.
    fixed: Option<Vec<i32>>,
}

impl<'a> Solver<'a> {
    /// A solver for a case.
    pub fn new(frame: &'a Frame<'a>) -> Self {
        let case = frame.case();
        // Off α = 1 nothing is piecewise linear: a grid every 5 % then stands in.
        let grid = match (&case.switches.grid, case.switches.alpha) {
            (Some(grid), _) => Some(grid.clone()),
            (None, 1.0) => None,
            (None, _) => Some((0..=20).map(|k| 5.0 * f64::from(k)).collect()),
        };
        let fixed = grid.map(|grid| {
            grid.iter().map(|g| (g / 100.0 * f64::from(UNIT)).round() as i32).collect()
        });
        Self {
            frame,
            values: Vec::new(),
            grid: Grid::default(),
            now: Outcome::default(),
            calendar: Calendars::default(),
            dates: Dates::default(),
            rates: frame.rates(&vec![1.0; case.inputs.len()]),
            hazards: Vec::new(),
            exact: Exact::default(),
            later: Later::default(),
            later_values: Vec::new(),
            lanes: Vec::new(),
            drift: Vec::new(),
            drifts: false,
            fixed,
        }
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

    /// The chance of the endings that count by the question's date under the current inputs: what
    /// the forecast averages over draws.
    pub fn answer(&mut self) -> f64 {
        self.solve_room();
        let case = self.frame.case();
        let by = case.question.by.since(case.as_of);
        let plain = case.question.counts == [Ending::Agreement];
        self.run_calendar(&[], (!plain).then_some(by));
        answer(case, &self.calendar, 0, &self.rates.shares, by)
    }

    /// The negotiation of the current inputs and what no deal is worth, without solving it.
    pub fn prepare(&mut self) {
        let out = &mut self.now;
        let (s, no_deal) = (&mut out.situation, &mut out.no_deal);
        out.moved = self.frame.negotiation(&self.values, None, s, no_deal);
    }

    /// Solves the negotiation that the current inputs describe now and, where positions drift, the
    /// room at the horizon; its calendar waits for [`Self::run_calendar`].
    pub fn solve(&mut self) {
        self.find(Asked::Everything);
    }

    /// As [`Self::solve`], but of the packages only the room: all that the calendar asks of them.
    pub(super) fn solve_room(&mut self) {
        self.find(Asked::Room);
    }

    fn find(&mut self, asked: Asked) {
        self.prepare();
        let (frame, fixed) = (self.frame, self.fixed.as_deref());
        let (now, later, exact) = (&mut self.now, &mut self.later, &mut self.exact);
        let sigma = frame.sigma(&self.values, &now.situation);
        now.solution = packages(exact, &mut self.grid, fixed, &now.situation, &now.no_deal, asked);
        if now.solution.room.is_none() && frame.unseat(&mut now.situation) {
            now.solution =
                packages(exact, &mut self.grid, fixed, &now.situation, &now.no_deal, asked);
        }
        let (s, no_deal) = (&now.situation, &now.no_deal);
        // The grid of the horizon is free until then: conflicts are read off the one of now.
        let again = |n: &NoDeal| packages(exact, &mut later.grid, fixed, s, n, asked);
        let priced = price(frame, s, no_deal, &sigma, &mut now.solution, again);
        now.prospects = prospects(s, no_deal, now.solution.room, (!priced).then_some(&sigma));
        self.drifts = self.later_values.len() == self.values.len()
            && frame.drift(&self.values, &self.later_values, &mut self.drift);
        if self.drifts {
            let drift = Some(self.drift.as_slice());
            frame.negotiation(&self.values, drift, &mut later.situation, &mut later.no_deal);
            let (s, no_deal) = (&mut later.situation, &later.no_deal);
            let mut ask = |s: &Situation, n: &NoDeal| {
                packages(exact, &mut later.grid, fixed, s, n, Asked::Room)
            };
            let mut found = ask(s, no_deal);
            if found.room.is_none() && frame.unseat(s) {
                found = ask(s, no_deal);
            }
            let priced = price(frame, s, no_deal, &sigma, &mut found, |n| ask(s, n));
            later.prospects = prospects(s, no_deal, found.room, (!priced).then_some(&sigma));
        }
        self.rates = frame.rates(&self.values);
        self.dates = frame.dates(&self.values);
        Frame::hazards(&self.now.situation, &mut self.hazards);
    }

    /// What the calendar sees of the current draw at the horizon: as now where nothing drifts.
    pub fn at_horizon(&self) -> &Prospects {
        if self.drifts { &self.later.prospects } else { &self.now.prospects }
    }

    /// Whether a changed version of the current draw has a zone, when one member is paid some
    /// utility for accepting. What no deal is worth stays as it is.
    pub(super) fn has_zone(&mut self, s: &Situation, paid: Option<(usize, f64)>) -> bool {
        let mut no_deal = self.now.no_deal.clone();
        if let Some((i, payment)) = paid {
            no_deal.paid = vec![0.0; s.members()];
            no_deal.paid[i] = payment;
        }
        match &self.fixed {
            Some(fixed) => {
                let mut grid = Grid::default();
                grid.evaluate(s, &no_deal, nodes(s, fixed));
                !grid.zone(s).is_empty()
            }
            None => self.exact.has_zone(s, &no_deal),
        }
    }

    /// The minimal conflicting sets of the current draw, whose zone is empty.
    pub fn conflicts(&mut self) -> Vec<Set> {
        let (s, no_deal) = (&self.now.situation, &self.now.no_deal);
        let constraints = s.constraints();
        match &self.fixed {
            Some(_) => self.grid.conflicts(s, no_deal, &constraints),
            None => self.exact.conflicts(s, no_deal, &constraints),
        }
    }

    /// The calendars of the current draw, into `calendar`: its own constants, in full, and after
    /// them others; with a `day` that day's endings under each.
    pub fn run_calendar(&mut self, others: &[Rates], day: Option<i32>) {
        let (now, later) = (self.now.prospects, *self.at_horizon());
        self.lanes.clear();
        self.lanes.push(self.rates);
        self.lanes.extend_from_slice(others);
        self.calendar.run(&self.lanes, &self.dates, &now, &later, &self.hazards, day);
    }
}

/// What is asked of the packages of a draw.
#[derive(Clone, Copy, PartialEq)]
enum Asked {
    Everything,
    Room,
}

/// Steps 7 to 10 for a negotiation, exactly or on the grid of the case.
fn packages(
    exact: &mut Exact,
    grid: &mut Grid,
    fixed: Option<&[i32]>,
    s: &Situation,
    no_deal: &NoDeal,
    asked: Asked,
) -> Solution {
    match (fixed, asked) {
        (Some(fixed), _) => {
            grid.evaluate(s, no_deal, nodes(s, fixed));
            grid.solve(s, no_deal)
        }
        (None, Asked::Everything) => exact.solve(s, no_deal),
        (None, Asked::Room) => Solution { room: exact.room(s, no_deal), ..Solution::default() },
    }
}

/// M4: puts the priced room and terms in place of those found, where the case's theory asks for it
/// and the zone has room for the price; says whether it did. Who blocks is not a matter of price.
fn price(
    frame: &Frame<'_>,
    s: &Situation,
    no_deal: &NoDeal,
    sigma: &[f64],
    found: &mut Solution,
    mut again: impl FnMut(&NoDeal) -> Solution,
) -> bool {
    if !frame.case().switches.priced_ratification || found.room.is_none() {
        return false;
    }
    let priced = again(&s.priced(no_deal, sigma));
    if priced.room.is_none() {
        return false;
    }
    let (block, walk) = (std::mem::take(&mut found.block), std::mem::take(&mut found.walk));
    *found = Solution { block, walk, ..priced };
    true
}

/// What the calendar sees of a negotiation with so much room; without `sigma` nothing fails for want
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
        force: no_deal.credible.map_or(0.0, |f| s.options[f].press / YEAR),
    }
}
