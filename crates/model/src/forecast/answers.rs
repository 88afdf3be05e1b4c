//! The answer without the rest of the forecast: what comparisons of many forecasts are made of.

use std::ops::Range;

use crate::case::{CalendarEntry, Case, Ending};
use crate::effort::{Effort, in_order};
use crate::theory::calendar::Calendars;

use super::accumulate::Sum;
use super::draw::Frame;
use super::ensemble::{CALENDAR_NODES, Run, answer, calendar_nodes};
use super::outcome::Solver;
use super::report::{OddsEstimate, spread};

/// Draws handed to a thread at a time.
const BLOCK: u64 = 32;

/// P(yes) in each draw of a case under several calendars: `[calendar][draw]`, draws as in `run`.
///
/// The packages of a draw do not depend on rounds and deadlines, so that each draw is solved once
/// for all calendars. The calendars must have the case's start and its mediation. Values are
/// rounded to 2⁻⁴⁰, as a [`Tally`](super::Tally) adds them: the mean of the case's own calendar is
/// `answer.p` of its forecast on the same draws, to the last bit.
///
/// # Errors
/// `None` if it was stopped before the last draw.
pub fn answers(
    case: &Case,
    calendars: &[&[CalendarEntry]],
    run: &Run,
    effort: Effort<'_>,
) -> Option<Vec<Vec<f64>>> {
    let frame = Frame::new(case);
    let by = case.question.by.since(case.as_of);
    let draws = run.draws.end.saturating_sub(run.draws.start);
    let mut found = vec![Vec::with_capacity(draws as usize); calendars.len()];
    let start = || (Solver::new(&frame), Calendars::default());
    let block = |(solver, calendar): &mut (Solver<'_>, Calendars), range: Range<u64>| {
        let mut block = Vec::with_capacity(BLOCK as usize * calendars.len());
        for draw in range {
            solver.draw(run.seed, draw);
            solver.solve_room();
            let (now, later) = (solver.now.prospects, *solver.at_horizon());
            for entries in calendars {
                let dates = frame.dates_of(entries, &solver.values);
                let rates = [solver.rates];
                calendar.run(&rates, &dates, &now, &later, &solver.hazards, Some(by));
                let mut sum = Sum::default();
                sum.add(answer(case, calendar, 0, &solver.rates.shares, by));
                block.push(sum.mean(1));
            }
        }
        block
    };
    let done = in_order(run.draws.clone(), BLOCK, effort, start, block, |made: Vec<f64>| {
        for (k, p) in made.into_iter().enumerate() {
            found[k % calendars.len()].push(p);
        }
    });
    (done == draws).then_some(found)
}

/// The first lines of a forecast.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Headline {
    /// `answer`.
    pub odds: OddsEstimate,
    /// `zone.p`.
    pub zone: f64,
}

impl std::ops::Deref for Headline {
    type Target = OddsEstimate;

    fn deref(&self) -> &OddsEstimate {
        &self.odds
    }
}

/// What is added up for a headline.
#[derive(Clone, Default)]
struct Sums {
    answer: (Sum, Sum),
    nodes: [Sum; CALENDAR_NODES],
    zone: u64,
}

/// The answer of a case with its band, and P(zone): the numbers of its forecast on the same draws,
/// to the last bit, at a fraction of its cost.
///
/// # Errors
/// `None` if it was stopped before the last draw.
pub fn headline(case: &Case, run: &Run, effort: Effort<'_>) -> Option<Headline> {
    let frame = Frame::new(case);
    let nodes = calendar_nodes(case, &frame);
    let by = case.question.by.since(case.as_of);
    let plain = case.question.counts == [Ending::Agreement];
    let start = || Solver::new(&frame);
    let block = |solver: &mut Solver<'_>, range: Range<u64>| {
        let mut sums = Sums::default();
        for draw in range {
            solver.draw(run.seed, draw);
            solver.solve_room();
            solver.run_calendar(&nodes, (!plain).then_some(by));
            let p = answer(case, &solver.calendar, 0, &solver.rates.shares, by);
            sums.answer.0.add(p);
            sums.answer.1.add(p * p);
            let zone = solver.now.prospects.room.is_some();
            sums.zone += u64::from(zone);
            // Without a zone there is no agreement under any constants.
            if zone || solver.at_horizon().room.is_some() || !plain {
                for (k, (sum, rates)) in sums.nodes.iter_mut().zip(&nodes).enumerate() {
                    sum.add(answer(case, &solver.calendar, 1 + k, &rates.shares, by));
                }
            }
        }
        sums
    };
    let mut sums = Sums::default();
    let done = in_order(run.draws.clone(), BLOCK, effort, start, block, |made: Sums| {
        sums.answer.0.merge(made.answer.0);
        sums.answer.1.merge(made.answer.1);
        sums.nodes.iter_mut().zip(made.nodes).for_each(|(a, b)| a.merge(b));
        sums.zone += made.zone;
    });
    let n = run.draws.end.saturating_sub(run.draws.start);
    if done != n {
        return None;
    }
    let p = sums.answer.0.mean(n);
    let variance = (sums.answer.1.mean(n) - p * p).max(0.0);
    let (lo, hi) = spread(sums.nodes.iter().map(|sum| sum.mean(n)));
    let mcse = (variance / n.max(1) as f64).sqrt();
    let zone = sums.zone as f64 / n.max(1) as f64;
    Some(Headline { odds: OddsEstimate { p, lo, hi, mcse }, zone })
}
