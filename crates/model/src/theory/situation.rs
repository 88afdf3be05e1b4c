//! One draw of a negotiation as plain numbers, and the value of a package to each member.

use crate::case::Rule;

use super::UNIT;

/// An absent demand.
pub const NO_DEMAND: i32 = i32::MIN;

/// Everything one draw knows. Members are in the order of their ids; tables are row-major
/// `[member × issue]`.
#[derive(Clone, Debug, Default)]
pub struct Situation {
    /// Where each issue stays without a deal.
    pub quo: Vec<i32>,
    /// The side of each member.
    pub side: Vec<usize>,
    /// Ideals θ.
    pub ideal: Vec<i32>,
    /// Salience weights w; each member's sum to 1.
    pub weight: Vec<f64>,
    /// The least acceptable, `i32::MIN` where there is no red line.
    pub red_min: Vec<i32>,
    /// The most acceptable, `i32::MAX` where there is no red line.
    pub red_max: Vec<i32>,
    /// Public demands, [`NO_DEMAND`] where there is none.
    pub demand: Vec<i32>,
    /// Audience cost `a` per unit of utility lost against the demand.
    pub audience: Vec<f64>,
    /// Capability in whole millionths of a point.
    pub capability: Vec<i64>,
    /// Discount rate `r` of each side, per year.
    pub discount: Vec<f64>,
    /// Running cost of no deal `k` of each side.
    pub cost: Vec<f64>,
    /// Ratification rule of each side, over members.
    pub rules: Vec<Rule>,
    /// Negotiator of each side.
    pub negotiator: Vec<Option<usize>>,
    /// Uncontrolled events.
    pub events: Vec<ForceEvent>,
    /// Force options.
    pub options: Vec<ForceOption>,
    /// Promises.
    pub promises: Vec<PromiseRate>,
    /// Exponent of distance, at least 1.
    pub alpha: f64,
}

/// An event nobody at the table controls.
#[derive(Clone, Debug, Default)]
pub struct ForceEvent {
    /// Hazard λ, per year.
    pub hazard: f64,
    /// Reaction β to the prospect of a deal.
    pub reacts: f64,
    /// Where the issues are afterwards.
    pub after: Vec<i32>,
    /// One-off cost C to each side, in years of utility.
    pub cost: Vec<f64>,
}

/// A use of force its owner may decline.
#[derive(Clone, Debug, Default)]
pub struct ForceOption {
    /// The side that owns it.
    pub owner: usize,
    /// The side it is used on.
    pub target: usize,
    /// Chance of winning p₀ if no ally joins.
    pub wins: f64,
    /// Chance of winning p₁ if one does.
    pub wins_joined: f64,
    /// Chance ι that an ally joins.
    pub joins: f64,
    /// Where the issues are if it is won.
    pub won: Vec<i32>,
    /// Where they are if it is lost.
    pub lost: Vec<i32>,
    /// One-off cost to each side if no ally joins, in years of utility.
    pub cost: Vec<f64>,
    /// One-off cost to each side if one does.
    pub cost_joined: Vec<f64>,
    /// Hazard of its use while credible, per year.
    pub press: f64,
}

/// A promise of one side to another.
#[derive(Clone, Debug, Default)]
pub struct PromiseRate {
    /// The side that promises.
    pub by: usize,
    /// The side that relies on it.
    pub to: usize,
    /// Exits per year.
    pub rate: f64,
    /// Exposure by having signed, e.
    pub exposed: f64,
    /// The issue that binds it, and the share y it binds at the top of the scale.
    pub secured_by: Option<(usize, f64)>,
    /// The issue that sets the inspection rate q, and the rate q* that deters.
    pub verified_by: Option<(usize, f64)>,
    /// The share of each concession that cannot be taken back.
    pub sunk: Vec<f64>,
}

impl PromiseRate {
    /// The share of the hazard that remains at durability and inspection `x` (step 6).
    pub fn exposure_at(&self, x: impl Fn(usize) -> i32) -> f64 {
        let at = |issue| f64::from(x(issue)) / f64::from(UNIT);
        let bound = self.secured_by.map_or(1.0, |(issue, y)| 1.0 - y * at(issue));
        let deterred = self.verified_by.map_or(1.0, |(issue, q)| undeterred(at(issue), q));
        bound * deterred
    }
}

/// The inspection rate that deters: `q* = g/((1 − μ)(g + ℓ))`.
///
/// # Reference
/// Avenhaus, von Stengel & Zamir 2002, "Inspection games", Handbook of Game Theory 3, ch. 51.
pub fn deterring_rate(gain: f64, loss: f64, miss: f64) -> f64 {
    if gain <= 0.0 { 0.0 } else { gain / ((1.0 - miss) * (gain + loss)) }
}

/// The share of cheating left at inspection rate `q`: 1 if no rate deters (`q* > 1`).
pub(super) fn undeterred(q: f64, deterring: f64) -> f64 {
    if deterring > 1.0 {
        1.0
    } else if deterring <= 0.0 {
        0.0
    } else {
        (1.0 - q / deterring).max(0.0)
    }
}

/// `|a − b|^α` of two positions, as a share of the scale.
pub fn distance(a: i32, b: i32, alpha: f64) -> f64 {
    let d = f64::from((a - b).abs()) / f64::from(UNIT);
    if alpha == 1.0 { d } else { libm::pow(d, alpha) }
}

impl Situation {
    /// How many issues there are.
    pub fn issues(&self) -> usize {
        self.quo.len()
    }

    /// How many members there are.
    pub fn members(&self) -> usize {
        self.side.len()
    }

    /// The utility of terms without audience cost: `1 − Σ_j w_ij |x_j − θ_ij|^α`.
    pub fn utility(&self, i: usize, x: &[i32]) -> f64 {
        1.0 - self.loss(i, x)
    }

    fn loss(&self, i: usize, x: &[i32]) -> f64 {
        let row = i * self.issues();
        (0..self.issues())
            .map(|j| self.weight[row + j] * distance(x[j], self.ideal[row + j], self.alpha))
            .sum()
    }

    /// What settling for less than demanded costs: `a·max(0, Σ_j w_j(|x_j − θ_j|^α − |demand_j − θ_j|^α))`
    /// over the issues on which there is a demand; where nothing was demanded, nobody is let down.
    pub fn audience_cost(&self, i: usize, x: &[i32]) -> f64 {
        let row = i * self.issues();
        let worse: f64 = (0..self.issues())
            .filter(|j| self.demand[row + j] != NO_DEMAND)
            .map(|j| {
                let (w, theta) = (self.weight[row + j], self.ideal[row + j]);
                let asked = distance(self.demand[row + j], theta, self.alpha);
                w * (distance(x[j], theta, self.alpha) - asked)
            })
            .sum();
        self.audience[i] * worse.max(0.0)
    }

    /// Whether terms lie inside every red line of a member.
    pub fn within_red_lines(&self, i: usize, x: &[i32]) -> bool {
        let row = i * self.issues();
        (0..self.issues()).all(|j| self.red_min[row + j] <= x[j] && x[j] <= self.red_max[row + j])
    }

    /// The hazard ρ_i(x) that promises to member i's side are broken, per year.
    pub fn reneging(&self, i: usize, x: &[i32]) -> f64 {
        self.promises_to(i).map(|p| p.rate * p.exposure_at(|j| x[j])).sum()
    }

    /// What betrayal costs: `κ = e + Σ_j w_j irr_j max(0, |x_j − θ_j|^α − |SQ_j − θ_j|^α)`.
    ///
    /// Of several promises to one side the largest exposure and the largest share on each issue count.
    pub fn betrayal(&self, i: usize, x: &[i32]) -> f64 {
        let row = i * self.issues();
        let exposed = self.promises_to(i).map(|p| p.exposed).fold(0.0, f64::max);
        let conceded: f64 = (0..self.issues())
            .map(|j| {
                let sunk = self.promises_to(i).map(|p| p.sunk[j]).fold(0.0, f64::max);
                if sunk == 0.0 {
                    return 0.0;
                }
                let theta = self.ideal[row + j];
                let more =
                    distance(x[j], theta, self.alpha) - distance(self.quo[j], theta, self.alpha);
                self.weight[row + j] * sunk * more.max(0.0)
            })
            .sum();
        exposed + conceded
    }

    fn promises_to(&self, i: usize) -> impl Iterator<Item = &PromiseRate> {
        self.promises.iter().filter(move |p| p.to == self.side[i])
    }

    /// The value of a deal to member i whose reservation is m (step 6):
    /// `v = φu + (1 − φ)(m − κ)`, `φ = r/(r + ρ)`.
    pub fn value(&self, i: usize, x: &[i32], m: f64) -> f64 {
        let u = self.utility(i, x) - self.audience_cost(i, x);
        let rho = self.reneging(i, x);
        if rho == 0.0 {
            return u;
        }
        let r = self.discount[self.side[i]];
        let phi = r / (r + rho);
        phi * u + (1.0 - phi) * (m - self.betrayal(i, x))
    }

    /// The risk of exit at which member i would just sign: `ρ* = r(u − m)/κ` (step 6); infinite if
    /// betrayal costs nothing and signing gains.
    pub fn critical_risk(&self, i: usize, x: &[i32], m: f64) -> f64 {
        let u = self.utility(i, x) - self.audience_cost(i, x);
        self.discount[self.side[i]] * (u - m) / self.betrayal(i, x)
    }

    /// Whether member i accepts terms worth v against its reservation m (step 7).
    pub fn accepts(&self, i: usize, x: &[i32], m: f64) -> bool {
        self.within_red_lines(i, x) && self.value(i, x, m) - m >= -super::TOLERANCE
    }

    /// Whether terms are the status quo: every issue within 1 % of the scale (step 7).
    pub fn is_quo(&self, x: &[i32]) -> bool {
        x.iter().zip(&self.quo).all(|(a, b)| (a - b).abs() <= UNIT / 100)
    }

    /// Whether a side ratifies when the members in `accepts` (a bit each) accept: its negotiator
    /// always has a veto.
    pub fn ratifies(&self, side: usize, accepts: u64) -> bool {
        self.negotiator[side].is_none_or(|n| accepts >> n & 1 == 1)
            && self.rules[side].passes(accepts, &self.capability)
    }

    /// Whether the member's side cannot ratify without it, whatever the others do.
    pub fn holds_veto(&self, member: usize) -> bool {
        !self.ratifies(self.side[member], !(1 << member))
    }

    /// Whether every side ratifies.
    pub fn all_ratify(&self, accepts: u64) -> bool {
        (0..self.rules.len()).all(|s| self.ratifies(s, accepts))
    }
}
