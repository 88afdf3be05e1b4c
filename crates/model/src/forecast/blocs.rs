//! Members freed together: what a whole side, or some of it, does to the zone where none of them does
//! alone.

use std::ops::Range;

use serde::Serialize;

use crate::case::Case;
use crate::effort::{Effort, in_order};

use super::draw::Frame;
use super::ensemble::BLOCK;
use super::outcome::Solver;

/// What members do to the zone together.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Bloc {
    /// The actors.
    pub actors: Vec<String>,
    /// Share of draws that would have a zone if all of them accepted anything, and have none.
    pub block: f64,
    /// Share of draws that have a zone, and would have none if all of them rejected everything.
    pub walk: f64,
    /// Share of draws in which they block together and none of them does alone.
    pub only_together: f64,
    /// Draws it was worked out on.
    pub draws: u64,
}

/// What each bloc does, as indices of actors, over the first `draws` draws; none if it was stopped.
///
/// # Model
/// The interventions of step 10 with a set of members in the place of one: `1{Z(all of them accept
/// all) ≠ ∅} − 1{Z ≠ ∅}`. Where two members share a red line neither of them blocks alone.
pub fn blocs(
    case: &Case,
    seed: u64,
    draws: u64,
    asked: &[Vec<usize>],
    effort: Effort<'_>,
) -> Option<Vec<Bloc>> {
    let frame = Frame::new(case);
    let place = |i: &usize| frame.members.iter().position(|m| m == i);
    let bits = |bloc: &Vec<usize>| bloc.iter().filter_map(place).fold(0u64, |b, k| b | 1 << k);
    let masks: Vec<u64> = asked.iter().map(bits).collect();
    let block = |solver: &mut Solver<'_>, draws: Range<u64>| {
        let mut counts = vec![[0u64; 3]; masks.len()];
        for draw in draws {
            solver.draw(seed, draw);
            solver.solve();
            let open = solver.now.solution.room.is_some();
            for (count, mask) in counts.iter_mut().zip(&masks) {
                let alone = |k: usize| mask >> k & 1 == 1;
                let found = solver.zone_with(*mask, open);
                if open {
                    count[1] += u64::from(!found);
                } else if found {
                    count[0] += 1;
                    let mut each = solver.now.solution.block.iter().enumerate();
                    count[2] += u64::from(!each.any(|(k, blocks)| *blocks && alone(k)));
                }
            }
        }
        counts
    };
    let mut all = vec![[0u64; 3]; masks.len()];
    let begin = || Solver::new(&frame);
    let done = in_order(0..draws, BLOCK, effort, begin, block, |counts: Vec<[u64; 3]>| {
        for (sum, count) in all.iter_mut().zip(counts) {
            sum.iter_mut().zip(count).for_each(|(a, b)| *a += b);
        }
    });
    let share = |n: u64| n as f64 / draws.max(1) as f64;
    let told = |(bloc, [block, walk, only]): (&Vec<usize>, [u64; 3])| Bloc {
        actors: bloc.iter().map(|i| case.actors[*i].id.clone()).collect(),
        block: share(block),
        walk: share(walk),
        only_together: share(only),
        draws,
    };
    (done == draws).then(|| asked.iter().zip(all).map(told).collect())
}
