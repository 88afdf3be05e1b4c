//! Our own predictive distribution: a mixture of positions held and a compromise between them.
//!
//! The constants in [`FITTED`] are the output of `cargo xtask study deu`; the page
//! `docs/src/spatial/predictive.md` defines the model, `deu.md` tells how it was judged.

use super::distribution::node;
use super::election::law;
use super::{Distribution, PositionForecast, PositionIssue, PositionModel, SAME};

/// The numbers of the mixture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parameters {
    /// Exponent of salience in an actor's weight `c_i s_i^b`; 1 is the weighted mean's.
    pub salience: f64,
    /// Log-odds that the outcome is a held position rather than a compromise.
    pub held: f64,
    /// What is added to `held` when at most two positions are held: a yes-or-no question.
    pub dichotomy: f64,
    /// Logit of how far the compromise's centre lies from the mean of the positions towards the
    /// middle of the held range.
    pub shrink: f64,
    /// Logarithm of the compromise's standard deviation as a share of the held range.
    pub spread: f64,
    /// Log-odds of the reference point (where known) against a compromise; [`NEVER`] in use, since
    /// it did not help. The study tries it.
    pub reference: f64,
}

/// Log-odds that leave a component out.
pub const NEVER: f64 = -1000.0;

/// How many numbers there are.
pub const COUNT: usize = 6;

/// What the numbers are called, in the order of [`Parameters::to_array`].
pub const NAMES: [&str; COUNT] = ["salience", "held", "dichotomy", "shrink", "spread", "reference"];

impl Parameters {
    /// The numbers in the order of [`NAMES`].
    pub fn to_array(self) -> [f64; COUNT] {
        let Self { salience, held, dichotomy, shrink, spread, reference } = self;
        [salience, held, dichotomy, shrink, spread, reference]
    }

    /// The parameters with these numbers, in the order of [`NAMES`].
    pub fn from_array(a: [f64; COUNT]) -> Self {
        let [salience, held, dichotomy, shrink, spread, reference] = a;
        Self { salience, held, dichotomy, shrink, spread, reference }
    }
}

/// Where the ridge penalty pulls: weight proportional to capability × salience, held and compromise
/// alike whatever the question, a centre a quarter of the way to the middle, a standard deviation
/// of a quarter of the range, a reference point kept one time in sixteen. Judgement.
pub const CENTRE: Parameters = Parameters {
    salience: 1.0,
    held: 0.0,
    dichotomy: 0.0,
    shrink: -1.098_612_288_668_109_8,
    spread: -1.386_294_361_119_890_6,
    reference: -2.0,
};

/// Fitted on the train split of the DEU data by `cargo xtask study deu`, rounded to two decimals.
///
/// Standard errors over resampled proposals: 0.47, 0.17, 0.22, 0.10, 0.22 in this order.
pub const FITTED: Parameters = Parameters {
    salience: 1.88,
    held: 0.01,
    dichotomy: 0.51,
    shrink: -0.97,
    spread: -1.32,
    reference: NEVER,
};

/// The mixture as a model.
///
/// # Model
/// The held positions `x_j` win with the chances `p_j` of a probabilistic Condorcet election
/// ([`super::election::CondorcetElection`]) in which actor `i` weighs `c_i s_i^b`. With probability
/// `π` the outcome is a held position, `x_j` with `p_j`; otherwise a compromise, normal around
/// `m + k(mid − m)` (`m` the mean under `p`, `mid` the middle of the held range) with standard
/// deviation `σ·range`, cut to the held range. `logit π = held + dichotomy·1{≤ 2 positions}`.
/// The point is the median. All mass lies within the held range; unanimity is certainty.
///
/// # Reference
/// Ours, on the election of Wise, Lester & Efird 2015; fitted to Arregui & Perarnaud 2021,
/// doi 10.34810/data53 (CC BY 4.0).
#[derive(Debug, Clone, Copy)]
pub struct Predictive;

impl PositionModel for Predictive {
    fn id(&self) -> &'static str {
        "predictive"
    }
    fn title(&self) -> &'static str {
        "Predictive mixture of held positions and a compromise"
    }
    fn reference(&self) -> &'static str {
        "fitted to Arregui & Perarnaud 2021"
    }
    fn forecast(&self, issue: &PositionIssue, _rounds: usize) -> PositionForecast {
        let distribution = distribution(issue, &FITTED);
        PositionForecast { point: distribution.median(), distribution, moves: Vec::new() }
    }
}

/// The mixture with given parameters, the held positions weighted by an election.
pub fn distribution(issue: &PositionIssue, parameters: &Parameters) -> Distribution {
    mixture(issue, &elected(issue, parameters.salience), parameters)
}

/// The mixture over given shares of the distinct held positions (the exponent of salience is not
/// read again).
pub fn mixture(
    issue: &PositionIssue,
    shares: &[(f64, f64)],
    parameters: &Parameters,
) -> Distribution {
    let (a, b) = issue.held_range();
    let held = parameters.held + if shares.len() <= 2 { parameters.dichotomy } else { 0.0 };
    let odds = [held, 0.0, parameters.reference].map(|l| libm::exp(l.min(30.0)));
    let mut atoms: Vec<(f64, f64)> = shares.iter().map(|&(x, p)| (x, odds[0] * p)).collect();
    compromise(shares, a, b, parameters, |x, p| atoms.push((x, odds[1] * p)));
    atoms.extend(issue.reference().map(|r| (r, odds[2])));
    Distribution::from_atoms(atoms).unwrap_or_else(|| Distribution::point(a))
}

/// The distinct held positions with their chances in an election of weights `c s^b`.
pub fn elected(issue: &PositionIssue, salience: f64) -> Vec<(f64, f64)> {
    law(&issue.positions(), &weights(issue, salience), SAME * issue.width())
}

/// The distinct held positions with their shares of the weights `c s^b`: the lottery that the
/// election is compared with.
pub fn proportional(issue: &PositionIssue, salience: f64) -> Vec<(f64, f64)> {
    let mut at: Vec<(f64, f64)> =
        issue.positions().into_iter().zip(weights(issue, salience)).collect();
    at.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut shares: Vec<(f64, f64)> = Vec::new();
    for (x, w) in at {
        match shares.last_mut() {
            Some(last) if x - last.0 <= SAME * issue.width() => last.1 += w,
            _ => shares.push((x, w)),
        }
    }
    shares
}

fn weights(issue: &PositionIssue, salience: f64) -> Vec<f64> {
    // Relative to the largest, so that units cancel before the exponent can overflow.
    let largest = |f: fn(&super::PositionActor) -> f64| {
        let top = issue.actors().iter().map(f).fold(0.0, f64::max);
        if top > 0.0 { top } else { 1.0 }
    };
    let (c, s) = (largest(|a| a.capability), largest(|a| a.salience));
    let b = salience.clamp(0.0, 20.0);
    let amount = |a: &super::PositionActor| a.capability / c * libm::pow(a.salience / s, b);
    super::shares(issue.actors().iter().map(amount).collect())
}

/// The cut normal on 101 nodes of the held range; each node stands for the half steps around it.
fn compromise(
    shares: &[(f64, f64)],
    a: f64,
    b: f64,
    parameters: &Parameters,
    mut put: impl FnMut(f64, f64),
) {
    let range = b - a;
    if shares.len() <= 1 || range <= 0.0 {
        return put(shares.first().map_or(a, |s| s.0), 1.0);
    }
    // In units of the range, from the middle: reversing the scale changes only a sign.
    let mean: f64 = shares.iter().map(|(x, p)| p * ((x - a) - (b - x)) / (2.0 * range)).sum();
    let keep = 1.0 / (1.0 + libm::exp(parameters.shrink));
    let sd = libm::exp(parameters.spread.clamp(-6.0, 6.0));
    let below = |z: f64| 0.5 * libm::erfc(-z * core::f64::consts::FRAC_1_SQRT_2);
    let edge = |k: usize| {
        let at = ((k as f64 - 0.5) / 100.0).clamp(0.0, 1.0) - 0.5;
        below((at - keep * mean) / sd)
    };
    let (bottom, top) = (edge(0), edge(101));
    let step = range / 100.0;
    let mut lower = bottom;
    for k in 0..=100 {
        let upper = edge(k + 1);
        put(node(a, b, step, k), (upper - lower) / (top - bottom));
        lower = upper;
    }
}
