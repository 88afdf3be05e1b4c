//! Minimal conflicting sets: the fewest red lines and participation constraints that cannot hold
//! together.
//!
//! # Model
//! A set of constraints is a conflict if no package passes when only they count, and minimal if every
//! smaller one leaves a package. Dropping all of a *correction* lets some package pass, so that
//! every conflict meets every correction, and the minimal conflicts are the minimal sets that meet
//! all of them. Corrections are found one by one: a minimal set that meets those known is either
//! proved to leave no package (then it is a conflict) or leaves one, whose own correction it does not
//! meet. The loop ends with all conflicts, or after [`Limits::rounds`] with those found by then.
//!
//! The sets that meet all corrections are kept from round to round: a new correction leaves those
//! that meet it and puts one of its constraints into each of the others. Where more than
//! [`Limits::sets`] are alive the largest are let go, and a set whose constraints are not each the
//! only one to meet some correction is not minimal and goes too.
//!
//! # Reference
//! Reiter 1987 (`reiter1987`: hitting-set duality); Moreno-Centeno & Karp 2013 (`moreno2013`: implicit
//! hitting sets); Berge 1989, Hypergraphs, ch. 2 (the step from one correction to the next).

use std::collections::BTreeSet;

/// Up to this many constraints can take part.
pub const MOST_CONSTRAINTS: usize = 128;

/// A set of constraints, a bit each.
pub type Set = u128;

/// Keeps the sets that contain no other, sorted by size and then by value, each once.
pub fn minimal(mut sets: Vec<Set>) -> Vec<Set> {
    sets.sort_unstable_by_key(|s| (s.count_ones(), *s));
    sets.dedup();
    let mut kept: Vec<Set> = Vec::new();
    for s in sets {
        if !kept.iter().any(|k| k & s == *k) {
            kept.push(s);
        }
    }
    kept
}

/// Minimal conflicts that were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conflicts {
    /// Each of them, smallest first.
    pub sets: Vec<Set>,
    /// Whether the search ended before it was known that there are no others.
    pub unended: bool,
}

/// How far a search for conflicts goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Packages sought.
    pub rounds: usize,
    /// Candidates kept alive at once.
    pub sets: usize,
}

/// All minimal conflicts, smallest first; within `limits`, those found by then. `correction` gives
/// what to drop besides so that a package passes when only the constraints of a set count, or
/// nothing where none does.
pub fn minimal_conflicts(
    limits: Limits,
    mut correction: impl FnMut(Set) -> Option<Set>,
) -> Conflicts {
    let mut hitting = Hitting::new(limits.sets);
    let mut proved = BTreeSet::new();
    for _ in 0..limits.rounds {
        let Some(next) = hitting.sets.iter().find(|c| !proved.contains(*c)).copied() else {
            return Conflicts { sets: hitting.sets, unended: hitting.cut };
        };
        match correction(next) {
            Some(found) => hitting.add(found),
            None => {
                proved.insert(next);
            }
        }
    }
    // What was proved stays a conflict, and minimal, whatever corrections were not found.
    Conflicts { sets: minimal(proved.into_iter().collect()), unended: true }
}

/// The minimal sets that meet every correction so far, smallest first and then by value.
struct Hitting {
    sets: Vec<Set>,
    corrections: Vec<Set>,
    most: usize,
    /// Whether sets were let go: then others may look minimal that are not.
    cut: bool,
}

impl Hitting {
    /// Without a correction nothing need be met.
    fn new(most: usize) -> Self {
        Self { sets: vec![0], corrections: Vec::new(), most, cut: false }
    }

    fn add(&mut self, correction: Set) {
        let (kept, missing): (Vec<Set>, Vec<Set>) =
            self.sets.drain(..).partition(|set| set & correction != 0);
        self.corrections.push(correction);
        let mut next = kept.clone();
        let mut left = correction;
        while left != 0 {
            let bit = left & left.wrapping_neg();
            left ^= bit;
            // Those that missed are in no way comparable once each has a new constraint: only what
            // met the correction by the same one can be inside.
            let mates: Vec<Set> = kept.iter().filter(|k| *k & bit != 0).map(|k| k & !bit).collect();
            let fresh = missing.iter().filter(|set| !mates.iter().any(|k| k & **set == *k));
            next.extend(fresh.map(|set| set | bit));
        }
        next.sort_unstable_by_key(|set| (set.count_ones(), *set));
        if self.cut {
            let corrections = &self.corrections;
            next.retain(|set| needed(*set, corrections));
        }
        self.cut |= next.len() > self.most;
        next.truncate(self.most);
        self.sets = next;
    }
}

/// Whether each constraint of a set is the only one in it to meet some correction.
fn needed(set: Set, corrections: &[Set]) -> bool {
    let mut alone = 0;
    for correction in corrections.iter().rev() {
        let met = set & correction;
        if met.count_ones() == 1 {
            alone |= met;
            if alone == set {
                return true;
            }
        }
    }
    alone == set
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What no member of the family meets, or nothing where all is met.
    fn missed(family: &[Set], set: Set) -> Option<Set> {
        family.iter().find(|c| *c & set == 0).copied()
    }

    const ALL: Limits = Limits { rounds: 100_000, sets: 100_000 };

    proptest! {
        /// Against all subsets, by definition.
        #[test]
        fn conflicts_equal_brute_force(family in prop::collection::vec(1u128..4096, 1..8)) {
            let hits = |s: u128| family.iter().all(|c| c & s != 0);
            let brute = minimal((0..4096).filter(|s| hits(*s)).collect());
            let found = minimal_conflicts(ALL, |set| missed(&family, set));
            prop_assert_eq!(found, Conflicts { sets: brute, unended: false });
        }

        /// Where limits end the search, what is found is a part of all there is.
        #[test]
        fn within_limits_all_that_is_found_is_a_minimal_conflict(
            family in prop::collection::vec(1u128..65_536, 4..24),
            rounds in 1..60usize,
            sets in 1..12usize,
        ) {
            let all = minimal_conflicts(ALL, |set| missed(&family, set));
            let some = minimal_conflicts(Limits { rounds, sets }, |set| missed(&family, set));
            for found in &some.sets {
                prop_assert!(all.sets.contains(found));
            }
            prop_assert!(some.unended || some.sets == all.sets);
        }
    }

    #[test]
    fn no_conflict_where_a_package_passes_as_it_is() {
        assert_eq!(minimal_conflicts(ALL, |_| Some(0)), Conflicts::default());
    }
}
