//! The answer without the rest of the forecast: what comparisons of many forecasts are made of.

use std::ops::Range;
use std::sync::Arc;

use crate::case::{CalendarEntry, Case};
use crate::clock::outcome::draw_value;
use crate::clock::sums::FineSum;
use crate::effort::{Effort, in_order};

use super::accumulate::Tally;
use super::draw::Frame;
use super::ensemble::{Depth, Run, run_beside};
use super::kept::KeptRooms;
use super::outcome::Solver;
use super::reading::Reading;
use super::report::OddsEstimate;

/// Draws handed to a thread at a time.
const BLOCK: u64 = 32;

/// What turns the weight and the answer of a draw into what the draw says of the pooled answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AnswerScale {
    pool: f64,
    here: f64,
    structure: f64,
    mean_weight: f64,
}

impl AnswerScale {
    /// The scale of some draws (weight, answer) of a prepared case: Σ in fixed point, so that the
    /// order of draws does not matter.
    pub fn new(frame: &Frame<'_>, draws: impl ExactSizeIterator<Item = (f64, f64)>) -> Self {
        let (case, times) = (frame.case(), frame.times());
        let n = draws.len().max(1) as f64;
        let (mut weight, mut yes) = (FineSum::default(), FineSum::default());
        for (w, p) in draws {
            weight.add(w);
            yes.add(w * p);
        }
        let here = times.yes(case, &times.here, times.by);
        let structure = yes.over(weight).unwrap_or(here);
        let mean_weight = weight.value() / n;
        let mean_weight = if mean_weight > 0.0 { mean_weight } else { 1.0 };
        Self { pool: times.pool, here, structure, mean_weight }
    }

    /// `y = r[P_s + w(F − P_s)/w̄] + (1 − r)P_here`, clock (19).
    pub fn value(&self, (weight, answer): (f64, f64)) -> f64 {
        draw_value(self.pool, self.structure, self.here, weight, self.mean_weight, answer)
    }

    /// The pooled answer: the mean of the values.
    pub fn answer(&self) -> f64 {
        crate::clock::outcome::pooled(self.pool, self.structure, self.here)
    }
}

/// What each draw says of P(yes) under several calendars: `[calendar][draw]`, draws as in `run`; the
/// mean over draws is the answer of the forecast.
///
/// The packages of a draw do not depend on rounds, so that each draw is solved once for all
/// calendars: they may differ in rounds and unpriced deadlines alone.
///
/// # Errors
/// `None` if it was stopped before the last draw.
pub fn answers(
    case: &Case,
    calendars: &[&[CalendarEntry]],
    run: &Run,
    effort: Effort<'_>,
) -> Option<Vec<Vec<f64>>> {
    answers_beside(case, calendars, run, &KeptRooms::default(), effort)
}

/// The same beside what was kept of cases alike, to the bit.
///
/// # Errors
/// `None` if it was stopped before the last draw.
pub fn answers_beside(
    case: &Case,
    calendars: &[&[CalendarEntry]],
    run: &Run,
    rooms: &KeptRooms,
    effort: Effort<'_>,
) -> Option<Vec<Vec<f64>>> {
    let cases: Vec<Case> = calendars
        .iter()
        .map(|entries| Case { calendar: entries.to_vec(), ..case.clone() })
        .collect();
    let frames: Vec<Frame<'_>> = cases.iter().map(|case| rooms.frame(case)).collect();
    let draws = run.draws.end.saturating_sub(run.draws.start);
    let mut found = vec![Vec::with_capacity(draws as usize); calendars.len()];
    let start = || frames.iter().map(Solver::new).collect::<Vec<_>>();
    let block = |solvers: &mut Vec<Solver<'_>>, range: Range<u64>| {
        let mut block = Vec::with_capacity(BLOCK as usize * calendars.len());
        for draw in range {
            let Some((first, rest)) = solvers.split_first_mut() else { continue };
            first.draw(run.seed, draw);
            first.solve_beside(rooms, draw, false);
            block.push(first.clock_beside(rooms, draw));
            for other in rest {
                other.adopt(first);
                block.push(other.clock_beside(rooms, draw));
            }
        }
        block
    };
    let done = in_order(run.draws.clone(), BLOCK, effort, start, block, |made: Vec<(f64, f64)>| {
        for (k, p) in made.into_iter().enumerate() {
            found[k % calendars.len()].push(p);
        }
    });
    let values = |(frame, draws): (&Frame<'_>, Vec<(f64, f64)>)| {
        let scale = AnswerScale::new(frame, draws.iter().copied());
        draws.into_iter().map(|draw| scale.value(draw)).collect()
    };
    (done == draws).then(|| frames.iter().zip(found).map(values).collect())
}

/// The first lines of a forecast.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Headline {
    /// `answer`.
    pub odds: OddsEstimate,
    /// `answer.structure`.
    pub structure: f64,
    /// `answer.class`.
    pub class: f64,
    /// `answer.table`.
    pub table: Option<f64>,
    /// `zone.p`.
    pub zone: f64,
}

impl std::ops::Deref for Headline {
    type Target = OddsEstimate;

    fn deref(&self) -> &OddsEstimate {
        &self.odds
    }
}

/// The answer of a case with its band, and P(zone): the numbers of its forecast on the same draws,
/// to the last bit, at a fraction of its cost.
///
/// # Errors
/// `None` if it was stopped before the last draw.
pub fn headline(case: &Case, run: &Run, effort: Effort<'_>) -> Option<Headline> {
    headline_beside(case, run, &Arc::default(), effort)
}

/// The same beside what was kept of cases alike, to the bit.
///
/// # Errors
/// `None` if it was stopped before the last draw.
pub fn headline_beside(
    case: &Case,
    run: &Run,
    rooms: &Arc<KeptRooms>,
    effort: Effort<'_>,
) -> Option<Headline> {
    let frame = Frame::new(case);
    let tally: Tally = run_beside(&frame, run, Depth::Headline, rooms, effort);
    let n = run.draws.end.saturating_sub(run.draws.start);
    if tally.draws != n {
        return None;
    }
    let answer = Reading::new(&frame, &tally).answer(&|_| String::new());
    let zone = tally.zone[0] as f64 / n.max(1) as f64;
    let (structure, class, table) = (answer.structure, answer.class, answer.table);
    Some(Headline { odds: answer.odds, structure, class, table, zone })
}
