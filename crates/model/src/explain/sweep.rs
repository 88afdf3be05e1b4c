//! Many variants of a case, one row each.
//!
//! Every variant runs the same draws, so that rows differ by their inputs and not by luck. The work
//! is one list of (point, block of draws): threads take from it in order and none waits for a
//! point to end. What a draw came to at one point serves at another where it reads the same. Sums are exact, so a row does not depend on who added what.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use crate::case::Case;
use crate::effort::{Blocks, Effort};
use crate::forecast::{Depth, Forecast, Frame, KeptRooms, OddsEstimate, Solver, Tally, Work};

/// Draws a thread takes at a time: enough to make the reading of a case not matter.
const BLOCK: u64 = 256;

/// What a point of a sweep came to.
#[derive(Clone, Debug, PartialEq)]
pub struct SweepRow {
    /// The answer.
    pub odds: OddsEstimate,
    /// Share of draws with a zone today.
    pub zone: f64,
    /// Share of draws with none, today and at the horizon.
    pub closed: f64,
    /// The median of the terms on each issue, in its own units; `None` without a zone.
    pub terms: Vec<Option<f64>>,
}

impl std::ops::Deref for SweepRow {
    type Target = OddsEstimate;

    fn deref(&self) -> &OddsEstimate {
        &self.odds
    }
}

impl SweepRow {
    fn new(case: &Case, seed: u64, tally: &Tally) -> Self {
        let f = Forecast::new(case, seed, tally, &|_| String::new());
        Self {
            odds: f.answer.odds,
            zone: f.zone.share(),
            closed: f.closed,
            terms: f.terms.iter().map(|row| row.q50).collect(),
        }
    }
}

/// What to run of a sweep.
#[derive(Clone, Debug)]
pub struct Sweep {
    /// The points to run, by number.
    pub points: Vec<usize>,
    /// Draws of each.
    pub draws: u64,
    /// The seed of all.
    pub seed: u64,
}

/// Runs the points of a sweep. `case` gives the case of a point, and is asked once by each thread
/// that works on it; a point it has no case for gives no row. `row` is told each point as it is
/// done: the rows do not depend on the number of threads, only the order in which they come. After a
/// stop points half done give no row.
pub fn sweep(
    sweep: &Sweep,
    case: &(dyn Fn(usize) -> Option<Case> + Sync),
    row: &(dyn Fn(usize, SweepRow) + Sync),
    effort: Effort<'_>,
) {
    let blocks = sweep.draws.div_ceil(BLOCK).max(1);
    let all = blocks * sweep.points.len() as u64;
    // What threads that left a point have of it: the tally, and of how many blocks.
    let rooms = Arc::new(KeptRooms::new(sweep.draws));
    let parts = Mutex::new(BTreeMap::<u64, (Tally, u64)>::new());
    Blocks::run(0..all, 1, effort, |queue| {
        let take = || queue.take().map(|one| one.start);
        let mut at = take();
        while let Some(first) = at {
            let place = first / blocks;
            let point = sweep.points[place as usize];
            let Some(case) = case(point) else {
                at = take();
                continue;
            };
            let frame = Frame::new(&case);
            let mut solver = Solver::new(&frame);
            let mut work = Work::beside(Depth::Terms, &rooms);
            let (mut tally, mut mine) = (Tally::default(), 0);
            while let Some(block) = at.filter(|at| at / blocks == place).map(|at| at % blocks) {
                let draws = block * BLOCK..((block + 1) * BLOCK).min(sweep.draws);
                let n = draws.end - draws.start;
                for draw in draws {
                    work.solve(&mut tally, &mut solver, sweep.seed, draw);
                }
                mine += 1;
                queue.tell(n);
                at = take();
            }
            let whole = parts.lock().ok().and_then(|mut parts| {
                let (sum, n) = parts.entry(place).or_default();
                sum.merge(tally);
                *n += mine;
                (*n == blocks).then(|| parts.remove(&place)).flatten()
            });
            if let Some((tally, _)) = whole {
                row(point, SweepRow::new(&case, sweep.seed, &tally));
            }
        }
    });
}
