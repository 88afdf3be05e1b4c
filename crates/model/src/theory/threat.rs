//! What each member has without a deal: threat points inside the talks, force outside them.

use super::TOLERANCE;
use super::situation::{ForceOption, Situation};

/// What no deal is worth to each member.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NoDeal {
    /// Threat point inside the talks, d.
    pub d: Vec<f64>,
    /// Reservation value, m: the credible option's worth if there is one, else d.
    pub m: Vec<f64>,
    /// The credible option with the largest gain to its owner.
    pub credible: Option<usize>,
    /// The worth W of each option to each member, `[option × member]`.
    pub worth: Vec<f64>,
    /// What each member is paid on top of a deal, in utility; empty where nobody is.
    pub paid: Vec<f64>,
}

impl NoDeal {
    /// The least value at which member i accepts: its reservation less what it is paid.
    pub fn least(&self, i: usize) -> f64 {
        self.m[i] - self.paid.get(i).copied().unwrap_or(0.0)
    }

    /// What member i's gain in the terms is counted from: its threat point less what it is paid.
    pub fn threat(&self, i: usize) -> f64 {
        self.d[i] - self.paid.get(i).copied().unwrap_or(0.0)
    }
}

impl Situation {
    /// The flow of the status quo to member i: `n = u(SQ) − k`, without audience cost (step 2).
    pub fn quo_flow(&self, i: usize) -> f64 {
        self.utility(i, &self.quo) - self.cost[self.side[i]]
    }

    /// What event e is worth to member i: `b = U(after) − k − rC` (step 3).
    pub fn event_worth(&self, i: usize, e: usize) -> f64 {
        let (event, side) = (&self.events[e], self.side[i]);
        self.utility(i, &event.after) - self.cost[side] - self.discount[side] * event.cost[side]
    }

    /// The threat point inside the talks:
    /// `d_i = (r_i n_i + Σ_e λ_e b_ie)/(r_i + Σ_e λ_e)`.
    ///
    /// # Reference
    /// Binmore, Rubinstein & Wolinsky 1986, "The Nash bargaining solution in economic modelling",
    /// RAND Journal of Economics 17(2), 176–188, with inside flows.
    pub fn threat_point(&self, i: usize) -> f64 {
        let r = self.discount[self.side[i]];
        let (mut above, mut below) = (r * self.quo_flow(i), r);
        for (e, event) in self.events.iter().enumerate() {
            above += event.hazard * self.event_worth(i, e);
            below += event.hazard;
        }
        if below > 0.0 { above / below } else { self.quo_flow(i) }
    }

    /// What an option is worth to member i: `W = p′U(won) + (1 − p′)U(lost) − rC` with
    /// `p′ = (1 − ι)p₀ + ιp₁` and the cost mixed over ι likewise (step 4).
    ///
    /// # Reference
    /// Fearon 1995, "Rationalist explanations for war", International Organization 49(3), 386–390.
    pub fn force_worth(&self, i: usize, option: &ForceOption) -> f64 {
        let side = self.side[i];
        let mix = |alone: f64, joined: f64| (1.0 - option.joins) * alone + option.joins * joined;
        let p = mix(option.wins, option.wins_joined);
        let cost = mix(option.cost[side], option.cost_joined[side]);
        p * self.utility(i, &option.won) + (1.0 - p) * self.utility(i, &option.lost)
            - self.discount[side] * cost
    }

    /// Steps 3–5 for every member, into `out`.
    pub fn no_deal(&self, out: &mut NoDeal) {
        let n = self.members();
        out.d.clear();
        out.d.extend((0..n).map(|i| self.threat_point(i)));
        self.no_deal_beside(out);
    }

    /// Steps 4 and 5 beside the threat points that stand in `out`.
    pub fn no_deal_beside(&self, out: &mut NoDeal) {
        let n = self.members();
        out.worth.clear();
        out.credible = None;
        let mut best = TOLERANCE;
        for (f, option) in self.options.iter().enumerate() {
            out.worth.extend((0..n).map(|i| self.force_worth(i, option)));
            // Only sides with a negotiator can own an option; the reader sees to it.
            let Some(owner) = self.negotiator[option.owner] else { continue };
            let gain = out.worth[f * n + owner] - out.d[owner];
            if gain > best {
                best = gain;
                out.credible = Some(f);
            }
        }
        out.m.clear();
        match out.credible {
            Some(f) => out.m.extend_from_slice(&out.worth[f * n..(f + 1) * n]),
            None => out.m.extend_from_slice(&out.d),
        }
    }
}
