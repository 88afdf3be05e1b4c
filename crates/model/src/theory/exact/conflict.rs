//! Minimal conflicting sets without enumerating packages.
//!
//! Candidates are the minimal sets that meet every correction seen so far; each is either proved
//! to leave nothing (then it is a conflict) or yields a package, whose corrections rule it out. The
//! loop ends with all of them (implicit hitting sets: Reiter 1987; Moreno-Centeno & Karp 2013).

use super::bargain::Goal;
use super::{Draw, Exact, Forced, whole};
use crate::theory::conflicts::{MOST_CONSTRAINTS, Set, minimal, minimal_hitting_sets};
use crate::theory::grid::Constraint;
use crate::theory::situation::Situation;
use crate::theory::threat::NoDeal;

/// Rounds of the loop; a case that needs more reports the conflicts found by then.
const MOST_ROUNDS: usize = 400;

/// Conflicts kept alive at once.
const MOST_SETS: usize = 200;

impl Exact {
    /// The minimal conflicting sets over `constraints`, smallest first; the zone is empty.
    pub fn conflicts(
        &mut self,
        s: &Situation,
        no_deal: &NoDeal,
        constraints: &[Constraint],
    ) -> Vec<Set> {
        if constraints.len() > MOST_CONSTRAINTS {
            return Vec::new();
        }
        let mut draw = Draw::new(s, no_deal);
        let owned: Vec<Set> = (0..s.members())
            .map(|i| {
                let mine = constraints.iter().enumerate().filter(|(_, c)| c.member() == i);
                mine.fold(0, |set, (k, _)| set | 1 << k)
            })
            .collect();
        let theirs = |coalition: u64| -> Set {
            (0..s.members()).filter(|i| coalition >> i & 1 == 1).fold(0, |set, i| set | owned[i])
        };
        let mut corrections: Vec<Set> = Vec::new();
        let mut proved: Vec<Set> = Vec::new();
        for _ in 0..MOST_ROUNDS {
            corrections = minimal(corrections);
            let candidates = match corrections.is_empty() {
                true => vec![0],
                false => minimal_hitting_sets(&corrections, MOST_SETS),
            };
            let Some(next) = candidates.iter().find(|c| !proved.contains(c)).copied() else {
                return candidates;
            };
            match self.package_under(&mut draw, constraints, next) {
                None => proved.push(next),
                Some((x, coalition)) => {
                    // Rounding to millionths may break what was met by a hair: what the package
                    // was found under counts as met.
                    let violated = s.violated(constraints, &x, no_deal);
                    corrections.push(violated & theirs(coalition) & !next);
                }
            }
        }
        proved
    }

    /// A package some coalition accepts when only the constraints in `set` count, and who does.
    fn package_under(
        &mut self,
        draw: &mut Draw<'_>,
        constraints: &[Constraint],
        set: Set,
    ) -> Option<(Vec<i32>, u64)> {
        let counted = constraints.iter().enumerate().filter(|(k, _)| set >> k & 1 == 1);
        draw.only = Some(counted.map(|(_, c)| *c).collect());
        let levels = vec![0.0; draw.functions.list.len()];
        let goal = Goal::Feasible { levels: &levels };
        let found = self.best(draw, &goal, Forced::default()).pop()?;
        Some((whole(&found.x), least_coalition(draw.s, found.accepted)))
    }
}

/// Of the members who accept, some who suffice: fewer members, fewer constraints to correct.
fn least_coalition(s: &Situation, accepts: u64) -> u64 {
    (0..s.members()).fold(accepts, |left, i| {
        let without = left & !(1 << i);
        if s.all_ratify(without) { without } else { left }
    })
}
