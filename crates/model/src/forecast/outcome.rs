//! What one draw comes to: steps 1–16 in order.

use crate::theory::UNIT;
use crate::theory::calendar::{Curves, Dates, Hazard, Prospects, Rates, YEAR};
use crate::theory::grid::{Grid, Solution, nodes};
use crate::theory::screening::failure_rate;
use crate::theory::situation::Situation;
use crate::theory::threat::NoDeal;

use super::draw::{Frame, Moved, draw_inputs};

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
    /// The curves of the current draw.
    pub curves: Curves,
    /// The calendar of the current draw.
    pub dates: Dates,
    /// The constants of the current draw.
    pub rates: Rates,
    /// The events of the current draw.
    pub hazards: Vec<Hazard>,
    fixed: Vec<Vec<i32>>,
}

impl<'a> Solver<'a> {
    /// A solver for a case.
    pub fn new(frame: &'a Frame<'a>) -> Self {
        let case = frame.case();
        let on_scale = |x: f64| (x * f64::from(UNIT)).round() as i32;
        let fixed = case
            .issues
            .iter()
            .map(|issue| match &case.switches.grid {
                Some(grid) => grid.iter().map(|g| on_scale(g / 100.0)).collect(),
                None => {
                    let (lo, hi) = issue.scale;
                    let marks = issue.marks.iter().map(|m| on_scale((m.0 - lo) / (hi - lo)));
                    [0, UNIT].into_iter().chain(marks).collect()
                }
            })
            .collect();
        Self {
            frame,
            values: Vec::new(),
            grid: Grid::default(),
            now: Outcome::default(),
            curves: Curves::default(),
            dates: Dates::default(),
            rates: frame.rates(&vec![1.0; case.inputs.len()]),
            hazards: Vec::new(),
            fixed,
        }
    }

    /// Draws the inputs of a draw.
    pub fn draw(&mut self, seed: u64, draw: u64) {
        draw_inputs(self.frame.case(), seed, draw, &mut self.values);
    }

    /// Solves the negotiation that the current inputs describe, and its calendar.
    pub fn solve(&mut self) {
        let frame = self.frame;
        let out = &mut self.now;
        out.moved = frame.situation(&self.values, None, &mut out.situation);
        out.situation.no_deal(&mut out.no_deal);
        let at = nodes_of(&out.situation, &self.fixed);
        self.grid.evaluate(&out.situation, &out.no_deal, at);
        out.solution = self.grid.solve(&out.situation, &out.no_deal);
        let sigma = frame.sigma(&self.values);
        out.prospects = Prospects {
            room: out.solution.room,
            screening: out.solution.room.map_or(0.0, |g| failure_rate(g, &sigma)),
            force: out.no_deal.credible.map_or(0.0, |f| out.situation.options[f].press / YEAR),
        };
        self.rates = frame.rates(&self.values);
        self.dates = frame.dates(&self.values);
        Frame::hazards(&out.situation, &mut self.hazards);
        self.run_calendar(&self.rates.clone());
    }

    /// The calendar of the current draw under other constants.
    pub fn run_calendar(&mut self, rates: &Rates) {
        let p = &self.now.prospects;
        self.curves.compute(rates, &self.dates, p, p, &self.hazards);
    }
}

/// The nodes of each issue: those fixed by the case and those of this draw.
fn nodes_of(s: &Situation, fixed: &[Vec<i32>]) -> Vec<Vec<i32>> {
    let drawn = nodes(s, &[]);
    fixed
        .iter()
        .zip(drawn)
        .map(|(fixed, mut at)| {
            at.extend(fixed);
            at.sort_unstable();
            at.dedup();
            at
        })
        .collect()
}
