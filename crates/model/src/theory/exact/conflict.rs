//! Minimal conflicting sets without enumerating packages.
//!
//! Candidates are the minimal sets that meet every correction seen so far; each is either proved
//! to leave nothing (then it is a conflict) or yields a package, whose corrections rule it out. The
//! loop ends with all of them (implicit hitting sets: Reiter 1987; Moreno-Centeno & Karp 2013).

use super::area::{Area, area_of};
use super::bargain::Goal;
use super::{Draw, Exact, whole};
use crate::theory::TOLERANCE;
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
        let everyone = s.minimal_coalitions();
        let coalitions: Vec<Set> = everyone.iter().map(|c| theirs(*c)).collect();
        let mut corrections: Vec<Set> = Vec::new();
        let issues = s.issues();
        for i in 0..s.members() {
            let x = &s.ideal[i * issues..(i + 1) * issues];
            if !s.is_quo(x) {
                let violated = s.violated(constraints, x, no_deal);
                corrections.extend(coalitions.iter().map(|c| violated & c));
            }
        }
        let mut proved: Vec<Set> = Vec::new();
        for _ in 0..MOST_ROUNDS {
            corrections = minimal(corrections);
            let candidates = minimal_hitting_sets(&corrections, MOST_SETS);
            let Some(next) = candidates.iter().find(|c| !proved.contains(c)).copied() else {
                return candidates;
            };
            match self.package_under(&mut draw, constraints, next, &everyone) {
                None => proved.push(next),
                Some((x, coalition)) => {
                    let violated = s.violated(constraints, &x, no_deal);
                    // Rounding to millionths may break what was met by a hair: what the package
                    // was found under counts as met.
                    let met = theirs(coalition);
                    let others = coalitions.iter().filter(|c| **c != met);
                    corrections.extend(others.map(|c| violated & c));
                    corrections.push(violated & met & !next);
                }
            }
        }
        proved
    }

    /// A package some coalition accepts when only the constraints in `set` count.
    fn package_under(
        &mut self,
        draw: &mut Draw<'_>,
        constraints: &[Constraint],
        set: Set,
        coalitions: &[u64],
    ) -> Option<(Vec<i32>, u64)> {
        let s = draw.s;
        let holds = |c: Constraint| {
            constraints.iter().position(|k| *k == c).is_some_and(|k| set >> k & 1 == 1)
        };
        let mut areas: Vec<(Area, u64)> = Vec::new();
        for coalition in coalitions {
            let members = (0..s.members()).filter(|i| coalition >> i & 1 == 1);
            let area = area_of(
                s,
                members,
                |i, j, minimum| {
                    holds(if minimum { Constraint::RedMin(i, j) } else { Constraint::RedMax(i, j) })
                },
                |i| {
                    if holds(Constraint::Participation(i)) { &draw.functions.of[i] } else { &[] }
                },
            );
            if !area.is_empty() && !areas.iter().any(|(a, _)| a.contains(&area)) {
                areas.retain(|(a, _)| !area.contains(a));
                areas.push((area, *coalition));
            }
        }
        let levels = vec![0.0; draw.functions.list.len()];
        areas.iter().find_map(|(area, coalition)| {
            let found = self.search(draw, area, &Goal::Feasible { levels: &levels })?;
            (found.value >= -TOLERANCE).then(|| (whole(&found.x), *coalition))
        })
    }
}
