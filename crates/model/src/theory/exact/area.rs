//! The boxes that coalitions leave: unions of them are win-sets.
//!
//! # Model
//! The area of a coalition C is the box `[max_C red_min_ij, min_C red_max_ij]` on each issue j, in whole
//! millionths of the scale from 0 to [`UNIT`], and the functions of C's members that must not be
//! negative in it. An empty interval makes it empty. Red lines are closed: a package on one is inside.
//!
//! # Reference
//! Win-sets: Putnam 1988 (`putnam1988`). The box is the definition of a red line and needs no other.

use crate::theory::UNIT;
use crate::theory::situation::{NO_DEMAND, Situation};

/// A box of packages and the functions that must not be negative in it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Area {
    pub(super) lo: Vec<i32>,
    pub(super) hi: Vec<i32>,
    pub(super) constraints: Vec<usize>,
}

impl Area {
    /// Whether some bounds cross.
    pub(super) fn is_empty(&self) -> bool {
        self.lo.iter().zip(&self.hi).any(|(lo, hi)| lo > hi)
    }
}

/// The coupled issues, which the risk of reneging depends on, in their order.
pub(super) fn coupled_issues(s: &Situation) -> Vec<usize> {
    let mut coupled: Vec<usize> = s
        .promises
        .iter()
        .filter(|p| p.rate > 0.0)
        .flat_map(|p| [p.secured_by.map(|x| x.0), p.verified_by.map(|x| x.0)])
        .flatten()
        .collect();
    coupled.sort_unstable();
    coupled.dedup();
    coupled
}

/// Rising positions of an issue at which some function bends.
pub(super) fn nodes(s: &Situation, j: usize) -> Vec<i32> {
    let issues = s.issues();
    let beside = UNIT / 100 + 1;
    // Where the status quo ends: it is no deal.
    let mut at = vec![0, UNIT, s.quo[j], s.quo[j] - beside, s.quo[j] + beside];
    for i in 0..s.members() {
        let k = i * issues + j;
        // A concession counts from the status quo on either side of the ideal.
        let mirrored = 2 * s.ideal[k] - s.quo[j];
        at.extend([s.ideal[k], s.red_min[k], s.red_max[k], s.demand[k], mirrored]);
    }
    for q in s.promises.iter().filter_map(|p| p.verified_by).filter(|v| v.0 == j) {
        let deters = (q.1 * f64::from(UNIT)).round();
        if (0.0..=f64::from(UNIT)).contains(&deters) {
            at.push(deters as i32);
        }
    }
    at.retain(|x| (0..=UNIT).contains(x) && *x != NO_DEMAND);
    at.sort_unstable();
    at.dedup();
    at
}

/// The area some members leave: the red lines that `counts(member, issue, minimum)` and the
/// functions that `functions` names.
pub(super) fn area_of<'f>(
    s: &Situation,
    members: impl Iterator<Item = usize>,
    counts: impl Fn(usize, usize, bool) -> bool,
    functions: impl Fn(usize) -> &'f [usize],
) -> Area {
    let issues = s.issues();
    let mut area = Area { lo: vec![0; issues], hi: vec![UNIT; issues], constraints: Vec::new() };
    for i in members {
        for j in 0..issues {
            let k = i * issues + j;
            if counts(i, j, true) {
                area.lo[j] = area.lo[j].max(s.red_min[k]);
            }
            if counts(i, j, false) {
                area.hi[j] = area.hi[j].min(s.red_max[k]);
            }
        }
        area.constraints.extend_from_slice(functions(i));
    }
    area.constraints.sort_unstable();
    area.constraints.dedup();
    area
}
