//! Minimal conflicting sets: the fewest red lines and participation constraints that cannot hold
//! together.

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

/// The minimal sets that meet every one of `corrections`: if dropping all constraints of any one
/// correction lets some package pass, these are the minimal conflicts (hitting-set duality,
/// Reiter 1987; the order of the sets is that of Berge 1989, ch. 2).
///
/// An empty list of corrections means no package passes whatever is dropped; an empty correction
/// means one passes as it is, and there is no conflict. Stops with what it has once more than
/// `most` partial sets are alive.
pub fn minimal_hitting_sets(corrections: &[Set], most: usize) -> Vec<Set> {
    if corrections.is_empty() {
        return Vec::new();
    }
    let mut hitting: Vec<Set> = vec![0];
    for correction in corrections {
        let (mut next, missing): (Vec<Set>, Vec<Set>) =
            hitting.into_iter().partition(|h| h & correction != 0);
        for h in missing {
            let mut left = *correction;
            while left != 0 {
                let bit = left & left.wrapping_neg();
                left ^= bit;
                next.push(h | bit);
            }
        }
        hitting = minimal(next);
        hitting.truncate(most);
    }
    hitting
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Against all subsets, by definition.
        #[test]
        fn hitting_sets_equal_brute_force(family in prop::collection::vec(1u128..4096, 1..8)) {
            let hits = |s: u128| family.iter().all(|c| c & s != 0);
            let all: Vec<u128> = (0..4096).filter(|s| hits(*s)).collect();
            let brute = minimal(all);
            prop_assert_eq!(minimal_hitting_sets(&family, 10_000), brute);
        }
    }

    #[test]
    fn no_conflict_where_a_package_passes_as_it_is() {
        assert!(minimal_hitting_sets(&[0b11, 0], 100).is_empty());
        assert!(minimal_hitting_sets(&[], 100).is_empty());
    }
}
