//! What an answer was read from: where another negotiation says the same there, it has the same answer.
//!
//! # Model
//! The search over members reads the red lines and the functions of those whom some branch counts in, the
//! status quo, discount rates and promises. Of everybody else it asks three things alone: whether their
//! red lines leave anything of a box, whether they accept a package, and whether sides ratify with those
//! who do. So an answer is that of any negotiation that has the first the same to the bit and gives
//! the same answers to the second: solving it would take the same steps to the same bytes.
//!
//! # Reference
//! Recording what a computation reads, to know when it need not be done again, is that of build systems and
//! incremental programs; this one is the project's.

use super::area::{coupled_issues, nodes};
use super::region::Functions;
use super::{accepting, excluded};
use crate::theory::situation::Situation;
use crate::theory::threat::NoDeal;

/// What an answer was read from, beside what every answer is.
#[derive(Clone, Debug, Default)]
pub struct Footprint {
    /// Members whose red lines and functions were read, a bit each.
    inside: u64,
    /// The first member with the same functions as each of them, in their order.
    firsts: Vec<usize>,
    /// Whether more than one position of the coupled issues was tried before something was acceptable: then
    /// everybody's landmarks on them count.
    scanned: bool,
    /// Whether capabilities said which branch comes next, or what room is.
    weighed: bool,
    /// Whether terms were sought.
    terms: bool,
    looks: Vec<Look>,
}

/// A question about members who are not counted in, and its answer.
#[derive(Clone, Debug)]
enum Look {
    /// Whether every side ratifies where some accept.
    Ratified { accepts: u64, found: bool },
    /// Whether the red lines of some members rule out a box, some being counted out.
    Excluded { within: [Vec<i32>; 2], members: u64, outside: u64, found: bool },
    /// Who accepts a package, where some must and some are counted out, and the first side that does not
    /// ratify with those.
    Package { place: Vec<i32>, inside: u64, outside: u64, accepts: u64, found: Option<usize> },
}

impl Footprint {
    /// Members are counted in.
    pub(super) fn counts_in(&mut self, members: u64) {
        self.inside |= members;
    }

    /// More than one position of the coupled issues is tried.
    pub(super) fn scans(&mut self) {
        self.scanned = true;
    }

    /// Capabilities are read.
    pub(super) fn weighs(&mut self) {
        self.weighed = true;
    }

    /// Terms are sought.
    pub(super) fn seeks_terms(&mut self) {
        self.terms = true;
    }

    pub(super) fn ratified(&mut self, accepts: u64, found: bool) {
        self.looks.push(Look::Ratified { accepts, found });
    }

    pub(super) fn excluded(
        &mut self,
        [lo, hi]: [&[i32]; 2],
        [members, outside]: [u64; 2],
        found: bool,
    ) {
        let within = [lo.to_vec(), hi.to_vec()];
        self.looks.push(Look::Excluded { within, members, outside, found });
    }

    pub(super) fn package(
        &mut self,
        place: Vec<i32>,
        [inside, outside, accepts]: [u64; 3],
        found: Option<usize>,
    ) {
        self.weighed |= found.is_some();
        self.looks.push(Look::Package { place, inside, outside, accepts, found });
    }

    /// Ends the record of an answer.
    pub(super) fn close(&mut self, s: &Situation, no_deal: &NoDeal) {
        let first = |i: usize| Functions::first(s, no_deal, i);
        self.firsts = members_of(self.inside, s).map(first).collect();
    }

    /// Whether the answer for a negotiation, recorded so, is that for another.
    pub fn serves(
        &self,
        (s, no_deal): (&Situation, &NoDeal),
        (other, others): (&Situation, &NoDeal),
    ) -> bool {
        s.quo == other.quo
            && s.side == other.side
            && s.alpha == other.alpha
            && s.discount == other.discount
            && s.negotiator == other.negotiator
            && s.rules.len() == other.rules.len()
            && s.promises == other.promises
            && s.lacks == other.lacks
            && (!self.weighed || (s.capability == other.capability && s.rules == other.rules))
            && members_of(self.inside, s).all(|i| alike((s, no_deal), (other, others), i))
            && members_of(self.inside, s)
                .zip(&self.firsts)
                .all(|(i, first)| Functions::first(other, others, i) == *first)
            && (!self.terms || same_threats((s, no_deal), (other, others)))
            && (!self.scanned || same_landmarks(s, other))
            && self.looks.iter().all(|look| look.holds(other, others))
    }
}

fn members_of(set: u64, s: &Situation) -> impl Iterator<Item = usize> {
    (0..s.members()).filter(move |i| set >> i & 1 == 1)
}

/// Whether a member's red lines and functions are the same in two negotiations.
fn alike(
    (s, no_deal): (&Situation, &NoDeal),
    (other, others): (&Situation, &NoDeal),
    i: usize,
) -> bool {
    let row = i * s.issues()..(i + 1) * s.issues();
    no_deal.m[i] == others.m[i]
        && no_deal.least(i) == others.least(i)
        && s.audience[i] == other.audience[i]
        && s.red_min[row.clone()] == other.red_min[row.clone()]
        && s.red_max[row.clone()] == other.red_max[row.clone()]
        && s.ideal[row.clone()] == other.ideal[row.clone()]
        && s.demand[row.clone()] == other.demand[row.clone()]
        && s.weight[row.clone()] == other.weight[row]
}

/// Whether what terms are read from beside room is the same: the negotiators' threat points, how they weigh, and
/// whom force is used on.
fn same_threats(
    (s, no_deal): (&Situation, &NoDeal),
    (other, others): (&Situation, &NoDeal),
) -> bool {
    let hazard = |s: &Situation| -> f64 { s.events.iter().map(|e| e.hazard).sum() };
    let target = |s: &Situation, no_deal: &NoDeal| no_deal.credible.map(|f| s.options[f].target);
    hazard(s) == hazard(other)
        && target(s, no_deal) == target(other, others)
        && s.negotiator.iter().flatten().all(|i| no_deal.d[*i] == others.d[*i])
}

/// Whether everybody's landmarks on the coupled issues are the same.
fn same_landmarks(s: &Situation, other: &Situation) -> bool {
    coupled_issues(s).into_iter().all(|j| nodes(s, j) == nodes(other, j))
}

impl Look {
    /// Whether a negotiation gives the same answer.
    fn holds(&self, s: &Situation, no_deal: &NoDeal) -> bool {
        let everybody = s.everybody();
        match self {
            Self::Ratified { accepts, found } => s.all_ratify(*accepts) == *found,
            Self::Excluded { within: [lo, hi], members, outside, found } => {
                let out = excluded(s, [lo, hi], *members, |_| true);
                let rules_out = out != 0 && !s.all_ratify(everybody & !(outside | out));
                rules_out == *found
            }
            Self::Package { place, inside, outside, accepts, found } => {
                let asked = everybody & !(inside | outside);
                let now = accepting((s, no_deal), place, asked, |_| true) | inside & !outside;
                let side = (0..s.rules.len()).find(|k| !s.ratifies(*k, now));
                side == *found && (found.is_none() || now == *accepts)
            }
        }
    }
}
