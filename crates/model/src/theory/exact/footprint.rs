//! What an answer was read from: where another negotiation says the same there, it has the same answer.
//!
//! # Model
//! The search over members reads the red lines and the functions of those whom some branch counts in, the
//! status quo, discount rates and promises. Of everybody else it asks four things alone: whether their
//! red lines leave anything of a box, whether they accept a package, whether sides ratify with those who do,
//! and which positions of the coupled issues their landmarks put first. So an answer is that of any
//! negotiation that has the first the same to the bit and gives
//! the same answers to the second: solving it would take the same steps to the same bytes.
//!
//! # Reference
//! Recording what a computation reads, to know when it need not be done again, is that of build systems and
//! incremental programs; this one is the project's.

use super::area::{coupled_issues, nodes};
use super::bargain::Scan;
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
    /// Which positions of the coupled issues within some bounds are tried first, by everybody's landmarks there,
    /// and whether those were all.
    Scan { bounds: Vec<(f64, f64)>, places: Vec<f64>, ended: bool },
}

impl Footprint {
    /// Members are counted in.
    pub(super) fn counts_in(&mut self, members: u64) {
        self.inside |= members;
    }

    /// So many positions of the coupled issues were tried, whether because there are no more.
    pub(super) fn scanned(
        &mut self,
        bounds: &[(f64, f64)],
        scan: &Scan,
        tried: usize,
        ended: bool,
    ) {
        self.looks.push(Look::Scan { bounds: bounds.to_vec(), places: places(scan, tried), ended });
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
        let everybody = s.everybody();
        let same = |set: u64| members_of(set, s).all(|i| alike((s, no_deal), (other, others), i));
        let begins = s.quo == other.quo
            && s.side == other.side
            && s.alpha == other.alpha
            && s.discount == other.discount
            && s.negotiator == other.negotiator
            && s.rules.len() == other.rules.len()
            && s.promises == other.promises
            && s.lacks == other.lacks
            && same(self.inside)
            && (!self.terms || same_threats((s, no_deal), (other, others)));
        if !begins {
            return false;
        }
        let weigh = s.capability == other.capability && s.rules == other.rules;
        if weigh && same(everybody & !self.inside) {
            // Nothing is left to ask about.
            return true;
        }
        let first = |(i, first): (usize, &usize)| Functions::first(other, others, i) == *first;
        (weigh || !self.weighed)
            && members_of(self.inside, s).zip(&self.firsts).all(first)
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

/// The first positions of a scan but for the lowest, one after another.
fn places(scan: &Scan, tried: usize) -> Vec<f64> {
    let mut at = Vec::new();
    let mut all = Vec::new();
    for k in 1..tried {
        scan.place(k, &mut at);
        all.extend_from_slice(&at);
    }
    all
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
            Self::Scan { bounds, places: tried, ended } => {
                let landmarks: Vec<Vec<i32>> =
                    coupled_issues(s).into_iter().map(|j| nodes(s, j)).collect();
                let scan = Scan::new(&landmarks, bounds);
                let many = 1 + tried.len() / bounds.len();
                let enough = if *ended { scan.len() == many } else { scan.len() >= many };
                enough && places(&scan, many) == *tried
            }
        }
    }
}
