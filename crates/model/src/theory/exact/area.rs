//! The boxes that coalitions leave: unions of them are win-sets.

use super::region::Functions;
use crate::theory::situation::{NO_DEMAND, Situation};
use crate::theory::UNIT;

/// A box of packages and the functions that must not be negative in it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Area {
    pub(super) lo: Vec<i32>,
    pub(super) hi: Vec<i32>,
    pub(super) constraints: Vec<usize>,
}

impl Area {
    /// Whether every package of `other` lies in this area, by its description.
    fn contains(&self, other: &Self) -> bool {
        self.lo.iter().zip(&other.lo).all(|(a, b)| a <= b)
            && self.hi.iter().zip(&other.hi).all(|(a, b)| a >= b)
            && self.constraints.iter().all(|f| other.constraints.contains(f))
    }
}

/// The coalitions of a draw and the nodes of its issues.
pub(super) struct Areas {
    pub(super) coalitions: Vec<u64>,
    /// Rising positions of each issue at which some function bends.
    pub(super) nodes: Vec<Vec<i32>>,
}

impl Areas {
    pub(super) fn new(s: &Situation) -> Self {
        let issues = s.issues();
        let nodes = (0..issues)
            .map(|j| {
                let beside = UNIT / 100 + 1;
                let mut at = vec![0, UNIT, s.quo[j]];
                // Where the status quo ends: it is no deal.
                at.extend([s.quo[j] - beside, s.quo[j] + beside]);
                at.retain(|x| (0..=UNIT).contains(x));
                for i in 0..s.members() {
                    let k = i * issues + j;
                    at.push(s.ideal[k]);
                    // A concession counts from the status quo on either side of the ideal.
                    let mirrored = 2 * s.ideal[k] - s.quo[j];
                    let bends = [s.red_min[k], s.red_max[k], s.demand[k], mirrored];
                    at.extend(
                        bends.iter().filter(|x| (0..=UNIT).contains(*x) && **x != NO_DEMAND),
                    );
                }
                for q in s.promises.iter().filter_map(|p| p.verified_by).filter(|v| v.0 == j) {
                    let deters = (q.1 * f64::from(UNIT)).round();
                    if (0.0..=f64::from(UNIT)).contains(&deters) {
                        at.push(deters as i32);
                    }
                }
                at.sort_unstable();
                at.dedup();
                at
            })
            .collect();
        Self { coalitions: s.minimal_coalitions(), nodes }
    }

    /// The areas of the coalitions that `allowed` lets through, when the members in `free` accept
    /// everything; none inside another.
    pub(super) fn with(
        &self,
        s: &Situation,
        functions: &Functions,
        allowed: impl Fn(u64) -> bool,
        free: u64,
    ) -> Vec<Area> {
        let mut found: Vec<Area> = Vec::new();
        for coalition in self.coalitions.iter().filter(|c| allowed(**c)) {
            let members = (0..s.members()).filter(|i| (coalition & !free) >> i & 1 == 1);
            let area = area_of(s, members, |_, _, _| true, |i| &functions.of[i]);
            insert(&mut found, area);
        }
        found
    }
}

/// Adds an area unless it is empty or lies in one that is there; drops those that lie in it.
pub(super) fn insert(found: &mut Vec<Area>, area: Area) {
    let empty = area.lo.iter().zip(&area.hi).any(|(lo, hi)| lo > hi);
    if empty || found.iter().any(|a| a.contains(&area)) {
        return;
    }
    found.retain(|a| !area.contains(a));
    found.push(area);
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
