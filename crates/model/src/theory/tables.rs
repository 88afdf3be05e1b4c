//! The table abroad and the tables at home, where theory is contested: as whom a side bargains, and
//! what it costs the others not to know what its home will ratify.
//!
//! # Reference
//! Putnam 1988, "Diplomacy and domestic politics: the logic of two-level games", International
//! Organization 42(3), 427–460, and what has been argued since.

use super::situation::Situation;
use super::threat::NoDeal;
use crate::case::Seat;

/// Half the width of a uniform distribution in its standard deviations.
pub const HALF_WIDTH: f64 = 1.732_050_807_568_877_2;

impl Situation {
    /// Puts each negotiator's seat in the hands of whom the others, in effect, bargain with.
    ///
    /// # Model
    /// A member's outlook is its gain `v − m` from what the negotiators of the other sides want most,
    /// on average over them. [`Seat::Pivotal`] seats the member who, counted from the best outlook
    /// down, is the first with whom the side ratifies; it keeps the negotiator's veto through the
    /// rule. [`Seat::Willing`] seats the member with the best outlook. Of equals the negotiator comes
    /// first, then the first by id. A side without a negotiator, and one that bargains with nobody,
    /// stays as it is.
    ///
    /// # Reference
    /// Pivotal: Schelling 1960, *The Strategy of Conflict*, pp. 19–28; Putnam 1988, pp. 440–441 (the
    /// smaller the win-set, the stronger the bargainer). Willing: Posner, Spier & Vermeule 2010,
    /// "Divide and conquer", Journal of Legal Analysis 2(2), 417–471; Cunningham 2011, "Divide and
    /// conquer or divide and concede", American Political Science Review 105(2), 275–297.
    pub fn seat(&mut self, no_deal: &NoDeal, seat: Seat) {
        if seat == Seat::Negotiator {
            return;
        }
        let chosen = (0..self.negotiator.len()).map(|side| self.seated(no_deal, seat, side));
        self.negotiator = chosen.collect();
    }

    fn seated(&self, no_deal: &NoDeal, seat: Seat, side: usize) -> Option<usize> {
        let negotiator = self.negotiator[side]?;
        let issues = self.issues();
        let others: Vec<&[i32]> = (0..self.negotiator.len())
            .filter(|other| *other != side)
            .filter_map(|other| self.negotiator[other])
            .map(|n| &self.ideal[n * issues..(n + 1) * issues])
            .collect();
        if others.is_empty() {
            return Some(negotiator);
        }
        let outlook = |i: usize| {
            let gains = others.iter().map(|x| self.value(i, x, no_deal.m[i]) - no_deal.m[i]);
            gains.sum::<f64>() / others.len() as f64
        };
        let mut willing: Vec<(f64, usize)> = (0..self.members())
            .filter(|i| self.side[*i] == side)
            .map(|i| (outlook(i), i))
            .collect();
        willing.sort_by(|a, b| {
            b.0.total_cmp(&a.0)
                .then((b.1 == negotiator).cmp(&(a.1 == negotiator)))
                .then(a.1.cmp(&b.1))
        });
        if seat == Seat::Willing {
            return willing.first().map(|w| w.1);
        }
        let mut accepts = 0;
        let completes = |(_, i): &&(f64, usize)| {
            accepts |= 1 << *i;
            self.ratifies(side, accepts)
        };
        Some(willing.iter().find(completes).map_or(negotiator, |w| w.1))
    }

    /// What no deal is worth where offers are priced: the least willing home that the others think
    /// possible must ratify.
    ///
    /// # Model
    /// What is not known of side s is uniform on `±√3σ_s` about its reservation (step 11), so that an
    /// offer is ratified for sure if it leaves the side's negotiator `√3σ_s` more: its information rent.
    ///
    /// # Reference
    /// Iida 1996, "Involuntary defection in two-level games", Public Choice 89, 283–303: who fears that
    /// an agreement fails at the other's home offers more; the rent is that of Fearon 1995's offer at
    /// its sure end, `l`.
    pub fn priced(&self, no_deal: &NoDeal, sigma: &[f64]) -> NoDeal {
        let mut priced = no_deal.clone();
        priced.paid.resize(self.members(), 0.0);
        for (negotiator, sigma) in self.negotiator.iter().zip(sigma) {
            if let Some(n) = negotiator {
                priced.paid[*n] -= HALF_WIDTH * sigma;
            }
        }
        priced
    }
}
