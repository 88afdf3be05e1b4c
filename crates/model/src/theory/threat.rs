//! What each member has without a deal: threat points inside the talks, force outside them.

use libm::exp;

use super::situation::{ForceEvent, ForceOption, Situation};
use super::{TOLERANCE, YEAR};

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

impl ForceEvent {
    /// Where it leaves the issues, from where they are.
    pub fn leaves(&self, from: &[i32]) -> Vec<i32> {
        leaves(&self.after, &self.names, from)
    }

    /// Whether it moves an issue.
    pub fn moves(&self) -> bool {
        self.names.is_empty() || self.names.iter().any(|named| *named)
    }
}

/// The positions `after` on the issues that are named, else those from before; all are where `names` is
/// empty.
fn leaves(after: &[i32], names: &[bool], from: &[i32]) -> Vec<i32> {
    let named = |j: usize| names.get(j).copied().unwrap_or(true);
    (0..after.len()).map(|j| if named(j) { after[j] } else { from[j] }).collect()
}

/// A running cost of no deal that moves evenly from one level to another, as the constant cost that is
/// worth as much.
///
/// # Model
/// The cost is k₀ up to the start of the clock, k₁ from `days` after it, and in between moves by
/// `s = (k₁ − k₀)/T` a year. Seen from `elapsed` days on that clock, with a = max(0, −τ) and
/// b = max(0, T − τ) years until it starts and ends to move,
///
/// ```text
/// K = r∫e^{−rt}k(τ + t)dt = k(τ) + (s/r)(e^{−ra} − e^{−rb})
/// ```
///
/// Since it is paid whatever happens to no deal, it leaves every threat point by K exactly.
pub fn moving_cost(first: f64, last: f64, days: f64, elapsed: f64, discount: f64) -> f64 {
    let past = (elapsed / days).clamp(0.0, 1.0);
    let now = first + (last - first) * past;
    let (a, b) = ((-elapsed).max(0.0) / YEAR, (days - elapsed).max(0.0) / YEAR);
    let slope = (last - first) / (days / YEAR);
    if discount < 1e-9 {
        return now;
    }
    now + slope / discount * (exp(-discount * a) - exp(-discount * b))
}

impl Situation {
    /// Where no deal leaves the issues, as member i has it.
    pub fn without(&self, i: usize) -> &[i32] {
        let row = i * self.issues();
        self.own_quo.get(row..row + self.issues()).unwrap_or(&self.quo)
    }

    /// The running cost k of no deal to member i.
    pub fn running_cost(&self, i: usize) -> f64 {
        self.own_cost.get(i).copied().unwrap_or_else(|| self.cost[self.side[i]])
    }

    /// The flow of the status quo to member i: `n = u(SQ) − k`, without audience cost (step 2).
    pub fn quo_flow(&self, i: usize) -> f64 {
        self.utility(i, self.without(i)) - self.running_cost(i)
    }

    /// What event e is worth to member i: `b = U(after) − k − rC` (step 3).
    pub fn event_worth(&self, i: usize, e: usize) -> f64 {
        let (event, side) = (&self.events[e], self.side[i]);
        let after = match self.own_quo.is_empty() {
            true => self.utility(i, &event.after),
            false => self.utility(i, &event.leaves(self.without(i))),
        };
        after - self.running_cost(i) - self.discount[side] * event.cost[side]
    }

    /// The threat point inside the talks:
    /// `d_i = (r_i n_i + Σ_e λ_e b_ie)/(r_i + Σ_e λ_e)`.
    ///
    /// # Reference
    /// Binmore, Rubinstein & Wolinsky 1986, "The Nash bargaining solution in economic modelling",
    /// RAND Journal of Economics 17(2), 176–188, with inside flows.
    ///
    /// With events that do not end the talks it is that of [`Situation::threat_through`].
    pub fn threat_point(&self, i: usize) -> f64 {
        if !self.incidents.is_empty() {
            return self.threat_through(i, self.without(i));
        }
        let r = self.discount[self.side[i]];
        let (mut above, mut below) = (r * self.quo_flow(i), r);
        for (e, event) in self.events.iter().enumerate() {
            above += event.hazard * self.event_worth(i, e);
            below += event.hazard;
        }
        if below > 0.0 { above / below } else { self.quo_flow(i) }
    }

    /// The threat point from a status quo on which events come that do not end the talks.
    ///
    /// # Model
    /// Event f comes at rate λ_f, costs C_f each time, and the first time moves the issues it names; the
    /// talks and what no deal costs go on. With S the events that have come, n_S the flow they leave, and
    /// e the events that end the talks,
    ///
    /// ```text
    /// V_S = [r n_S + Σ_e λ_e b_e(S) + Σ_{f∉S} λ_f V_{S+f}]/(r + Σ_e λ_e + Σ_{f∉S} λ_f)
    /// d   = V_∅ − r Σ_f λ_f C_f/(r + Σ_e λ_e)
    /// ```
    ///
    /// An event that changes nothing and costs C is a running cost λC where nothing ends the talks.
    ///
    /// # Reference
    /// The worth of flows that change at constant rates (Binmore, Rubinstein & Wolinsky 1986, for step 3),
    /// in the states of a Markov chain.
    pub fn threat_through(&self, i: usize, quo: &[i32]) -> f64 {
        let (side, r) = (self.side[i], self.discount[self.side[i]]);
        let ends: f64 = self.events.iter().map(|e| e.hazard).sum();
        let costs: f64 = self.incidents.iter().map(|f| f.hazard * f.cost[side]).sum();
        self.threat_after(i, quo, 0) - r * costs / (r + ends)
    }

    /// V_S, where the bits of `come` are S.
    fn threat_after(&self, i: usize, quo: &[i32], come: u64) -> f64 {
        let (side, r) = (self.side[i], self.discount[self.side[i]]);
        let k = self.running_cost(i);
        let (mut above, mut below) = (r * (self.utility(i, quo) - k), r);
        for event in &self.events {
            let after = self.utility(i, &event.leaves(quo));
            above += event.hazard * (after - k - r * event.cost[side]);
            below += event.hazard;
        }
        let left = |f: &usize| come >> f & 1 == 0 && self.incidents[*f].moves();
        for f in (0..self.incidents.len()).filter(left) {
            let event = &self.incidents[f];
            above += event.hazard * self.threat_after(i, &event.leaves(quo), come | 1 << f);
            below += event.hazard;
        }
        above / below
    }

    /// What an option after which the talks go on is worth to member i: the threat points from where it
    /// leaves the issues, mixed as the ends of a war are, less its cost.
    fn worth_of_going_on(&self, i: usize, option: &ForceOption, names: &[Vec<bool>; 2]) -> f64 {
        let side = self.side[i];
        let from = |end: &[i32], names: &[bool]| {
            self.threat_through(i, &leaves(end, names, self.without(i)))
        };
        let mix = |alone: f64, joined: f64| (1.0 - option.joins) * alone + option.joins * joined;
        let p = mix(option.wins, option.wins_joined);
        let cost = mix(option.cost[side], option.cost_joined[side]);
        p * from(&option.won, &names[0]) + (1.0 - p) * from(&option.lost, &names[1])
            - self.discount[side] * cost
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
            match &option.goes_on {
                None => out.worth.extend((0..n).map(|i| self.force_worth(i, option))),
                // Deadlines ahead weigh on it as on the threat point it is compared with.
                Some(names) => out.worth.extend((0..n).map(|i| {
                    let ahead = out.d[i] - self.threat_point(i);
                    self.worth_of_going_on(i, option, names) + ahead
                })),
            }
            if option.spent {
                continue;
            }
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
