//! One draw of a negotiation as plain numbers, and the value of a package to each member.

use crate::case::Rule;

use super::UNIT;

/// An absent demand.
pub const NO_DEMAND: i32 = i32::MIN;

/// Everything one draw knows. Members are in the order of their ids; tables are row-major
/// `[member × issue]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Situation {
    /// Where each issue stays without a deal.
    pub quo: Vec<i32>,
    /// The side of each member.
    pub side: Vec<usize>,
    /// Ideals θ.
    pub ideal: Vec<i32>,
    /// By issue what each option lacks of all that could be had there, `[member × option]` in millionths,
    /// where its answers have no order; no entry, or an empty one, where it has a scale.
    pub lacks: Vec<Vec<i32>>,
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
    /// The same of each member, where some member's is its own or moves; empty: that of its side.
    pub own_cost: Vec<f64>,
    /// Where no deal leaves each issue as each member has it; empty: at `quo` for everybody.
    pub own_quo: Vec<i32>,
    /// Ratification rule of each side, over members.
    pub rules: Vec<Rule>,
    /// Negotiator of each side.
    pub negotiator: Vec<Option<usize>>,
    /// Uncontrolled events that end the talks.
    pub events: Vec<ForceEvent>,
    /// Uncontrolled events that hurt and do not end them.
    pub incidents: Vec<ForceEvent>,
    /// Force options.
    pub options: Vec<ForceOption>,
    /// Promises.
    pub promises: Vec<PromiseRate>,
    /// Exponent of distance, at least 1.
    pub alpha: f64,
}

/// An event nobody at the table controls.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ForceEvent {
    /// Hazard λ, per year.
    pub hazard: f64,
    /// Reaction β to the prospect of a deal.
    pub reacts: f64,
    /// Where the issues are afterwards.
    pub after: Vec<i32>,
    /// Whether it names each issue; it leaves the others where they are. Empty: it names them all.
    pub names: Vec<bool>,
    /// One-off cost C to each side, in years of utility.
    pub cost: Vec<f64>,
}

/// A use of force its owner may decline.
#[derive(Clone, Debug, Default, PartialEq)]
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
    /// What it names if it is won and if it is lost, where the talks go on after it; it ends them
    /// otherwise.
    pub goes_on: Option<[Vec<bool>; 2]>,
    /// Whether it has been used: an option after which the talks go on is used once.
    pub spent: bool,
}

/// A promise of one side to another.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PromiseRate {
    /// The side that promises.
    pub by: usize,
    /// The side that relies on it.
    pub to: usize,
    /// Exits per year.
    pub rate: f64,
    /// Exposure by having signed: a flow for ever, e, or a cost that is paid once, C.
    pub exposed: f64,
    /// Whether a breach costs it once.
    pub once: bool,
    /// How often a year talks reopen after a breach that costs once, η.
    pub reopens: f64,
    /// How often a year the deal ends without a breach, ε: one over the years it lasts.
    pub ends: f64,
    /// The issue that binds it, and the share y it binds at the top of the scale.
    pub secured_by: Option<(usize, f64)>,
    /// The issue that sets the inspection rate q, and the rate q* that deters.
    pub verified_by: Option<(usize, f64)>,
    /// The share of each concession that cannot be taken back.
    pub sunk: Vec<f64>,
}

/// What a deal that may be broken, reopen or run out leaves of its gain:
/// `v − m = kept·(u − m) − lost − sunk·K`, K what is conceded and sunk.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Keeping {
    /// The share of the gain over no deal.
    pub kept: f64,
    /// What breaches cost.
    pub lost: f64,
    /// The share of sunk concessions that is lost.
    pub sunk: f64,
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

/// The place of option k of n: options are numbered evenly over the scale.
pub fn option_place(k: usize, n: usize) -> i32 {
    (k as f64 / (n.max(2) - 1) as f64 * f64::from(UNIT)).round() as i32
}

/// Which of n options lies at a place.
pub fn option_at(x: i32, n: usize) -> usize {
    let last = n.max(1) as i64 - 1;
    ((i64::from(x) * last + i64::from(UNIT) / 2) / i64::from(UNIT)).clamp(0, last) as usize
}

impl Situation {
    /// How many options an issue has; none where it has a scale.
    pub fn options_on(&self, j: usize) -> Option<usize> {
        let lacks = self.lacks.get(j).filter(|lacks| !lacks.is_empty())?;
        Some(lacks.len() / self.members().max(1))
    }

    /// How far terms on issue j are from what member i wants there: `|x_j − θ_ij|^α`, or what the option
    /// lacks of all that could be had, `1 − worth/100`.
    pub fn apart(&self, i: usize, j: usize, x: i32) -> f64 {
        match self.options_on(j) {
            None => distance(x, self.ideal[i * self.issues() + j], self.alpha),
            Some(n) => f64::from(self.lacks[j][i * n + option_at(x, n)]) / f64::from(UNIT),
        }
    }

    /// How many issues there are.
    pub fn issues(&self) -> usize {
        self.quo.len()
    }

    /// How many members there are.
    pub fn members(&self) -> usize {
        self.side.len()
    }

    /// All members, a bit each.
    pub fn everybody(&self) -> u64 {
        (0..self.members()).fold(0, |mask, i| mask | 1 << i)
    }

    /// The utility of terms without audience cost: `1 − Σ_j w_ij |x_j − θ_ij|^α`.
    pub fn utility(&self, i: usize, x: &[i32]) -> f64 {
        1.0 - self.loss(i, x)
    }

    fn loss(&self, i: usize, x: &[i32]) -> f64 {
        let row = i * self.issues();
        (0..self.issues()).map(|j| self.weight[row + j] * self.apart(i, j, x[j])).sum()
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
        let exposed = self.promises_to(i).map(|p| p.exposed).fold(0.0, f64::max);
        exposed + self.conceded(i, x)
    }

    /// What is conceded beyond the status quo and cannot be taken back, K.
    pub fn conceded(&self, i: usize, x: &[i32]) -> f64 {
        let row = i * self.issues();
        (0..self.issues())
            .map(|j| {
                let sunk = self.promises_to(i).map(|p| p.sunk[j]).fold(0.0, f64::max);
                if sunk == 0.0 {
                    return 0.0;
                }
                let more = self.apart(i, j, x[j]) - self.apart(i, j, self.quo[j]);
                self.weight[row + j] * sunk * more.max(0.0)
            })
            .sum()
    }

    /// How a deal at terms `x` keeps its worth to a side; none where every breach is for ever and
    /// nothing runs out, which is [`Situation::value`]'s own reading.
    ///
    /// # Model
    /// Breaches for ever come at rate ρ_e and leave `m − e − K`; breaches that cost once come at ρ_o, cost
    /// C at once and leave `m − K` until talks reopen, at rate η, and the deal is worth v again; at rate ε
    /// the deal runs out and leaves m. With flows discounted at r
    ///
    /// ```text
    /// (r + ε + ρ_e + ρ_o)v = ru + εm + ρ_e(m − e − K) + ρ_o w,   w = (r(m − K) + ηv)/(r + η) − rC
    /// v − m = [r(u − m) − ρ_e(e + K) − ρ_o r(C + K/(r + η))]/D,   D = r + ε + ρ_e + ρ_o r/(r + η)
    /// ```
    ///
    /// At η = 0 a breach that costs once is step 6 with rC in the place of e; as η → ∞ a breach costs C and
    /// no more, `v = u − ρC`; ε only divides what is gained, and moves nobody from refusing to accepting.
    /// Of several promises to one side the largest e and C, the smallest η and the largest ε count.
    ///
    /// # Reference
    /// The worth of a flow that ends at constant rates (Binmore, Rubinstein & Wolinsky 1986, for step 3);
    /// reopening as a renewal is this project's.
    pub fn keeping(&self, side: usize, x: impl Fn(usize) -> i32) -> Option<Keeping> {
        let to = || self.promises.iter().filter(|p| p.to == side);
        if !to().any(|p| p.once || p.ends > 0.0) {
            return None;
        }
        let r = self.discount[side];
        let reopens = to().filter(|p| p.once).map(|p| p.reopens).fold(f64::INFINITY, f64::min);
        // Without a promise of the kind nothing is divided by it.
        let out = if reopens.is_finite() { r / (r + reopens) } else { 1.0 };
        let rate = |once: bool| -> f64 {
            to().filter(|p| p.once == once).map(|p| p.rate * p.exposure_at(&x)).sum()
        };
        let largest =
            |once: bool| to().filter(|p| p.once == once).map(|p| p.exposed).fold(0.0, f64::max);
        let ends = to().map(|p| p.ends).fold(0.0, f64::max);
        let (ever, once) = (rate(false), rate(true));
        let below = r + ends + ever + once * out;
        Some(Keeping {
            kept: r / below,
            lost: (ever * largest(false) + once * r * largest(true)) / below,
            sunk: (ever + once * out) / below,
        })
    }

    fn promises_to(&self, i: usize) -> impl Iterator<Item = &PromiseRate> {
        self.promises.iter().filter(move |p| p.to == self.side[i])
    }

    /// The value of a deal to member i whose reservation is m (step 6):
    /// `v = φu + (1 − φ)(m − κ)`, `φ = r/(r + ρ)`.
    pub fn value(&self, i: usize, x: &[i32], m: f64) -> f64 {
        let u = self.utility(i, x) - self.audience_cost(i, x);
        if let Some(k) = self.keeping(self.side[i], |j| x[j]) {
            return m + k.kept * (u - m) - k.lost - k.sunk * self.conceded(i, x);
        }
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
        let r = self.discount[self.side[i]];
        let rho = self.reneging(i, x);
        match self.keeping(self.side[i], |j| x[j]) {
            // All risks grow in proportion until what they cost is what is gained.
            Some(k) if rho > 0.0 => {
                let harm = k.lost + k.sunk * self.conceded(i, x);
                rho * k.kept * (u - m) / harm
            }
            _ => r * (u - m) / self.betrayal(i, x),
        }
    }

    /// Whether member i accepts terms worth v against its reservation m (step 7).
    pub fn accepts(&self, i: usize, x: &[i32], m: f64) -> bool {
        self.within_red_lines(i, x) && self.value(i, x, m) - m >= -super::TOLERANCE
    }

    /// Whether terms are the status quo: every issue within 1 % of the scale (step 7).
    pub fn is_quo(&self, x: &[i32]) -> bool {
        self.is_near_quo(x.iter().copied())
    }

    /// The same of terms that come one by one.
    pub(super) fn is_near_quo(&self, x: impl Iterator<Item = i32>) -> bool {
        x.zip(&self.quo).all(|(a, b)| (a - b).abs() <= UNIT / 100)
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
