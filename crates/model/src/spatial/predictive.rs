//! Our own predictive distribution: a mixture of positions held, a compromise, and no decision.
//!
//! The constants in [`FITTED`] are the output of `cargo xtask study deu`; the page
//! `docs/src/spatial/deu.md` tells how they were judged.

use super::distribution::node;
use super::{Distribution, Forecast, Issue, PositionModel, SAME};

/// The seven numbers of the mixture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parameters {
    /// Exponent of salience in an actor's weight `c_i s_i^b`; 1 is the weighted mean's.
    pub salience: f64,
    /// Exponent of the weight behind a position; below 1 small camps count for more than their share.
    pub camp: f64,
    /// Log-odds that the outcome is a held position rather than a compromise.
    pub held: f64,
    /// What is added to `held` when at most two positions are held: a yes-or-no question.
    pub dichotomy: f64,
    /// Log-odds of the reference point (where known) against a compromise.
    pub reference: f64,
    /// Logit of how far the compromise's centre lies from the weighted mean towards the middle of
    /// the held range.
    pub shrink: f64,
    /// Logarithm of the compromise's standard deviation as a share of the held range.
    pub spread: f64,
}

/// How many numbers there are.
pub const COUNT: usize = 7;

/// What the numbers are called, in the order of [`Parameters::to_array`].
pub const NAMES: [&str; COUNT] =
    ["salience", "camp", "held", "dichotomy", "reference", "shrink", "spread"];

impl Parameters {
    /// The numbers in the order of [`NAMES`].
    pub fn to_array(self) -> [f64; COUNT] {
        let Self { salience, camp, held, dichotomy, reference, shrink, spread } = self;
        [salience, camp, held, dichotomy, reference, shrink, spread]
    }

    /// The parameters with these numbers, in the order of [`NAMES`].
    pub fn from_array(a: [f64; COUNT]) -> Self {
        let [salience, camp, held, dichotomy, reference, shrink, spread] = a;
        Self { salience, camp, held, dichotomy, reference, shrink, spread }
    }
}

/// Where the ridge penalty pulls: weight proportional to capability × salience, camps counted in
/// proportion, held and compromise alike whatever the question, a reference point kept one time in
/// sixteen, a centre a quarter of the way to the middle, a standard deviation of a quarter of the
/// range. Judgement, written down before the fit.
pub const CENTRE: Parameters = Parameters {
    salience: 1.0,
    camp: 1.0,
    held: 0.0,
    dichotomy: 0.0,
    reference: -2.0,
    shrink: -1.098_612_288_668_109_8,
    spread: -1.386_294_361_119_890_6,
};

/// Fitted on the train split of the DEU data.
pub const FITTED: Parameters = CENTRE;

/// The mixture as a model.
///
/// # Model
/// Weight behind the distinct held position `x_j`: `p_j ∝ (Σ_{i at j} c_i s_i^b)^g`. With
/// probability `π_H` the outcome is a held position, `x_j` with `p_j`; with `π_C` a compromise,
/// normal around `m + k(mid − m)` (`m` the mean under `p`, `mid` the middle of the held range)
/// with standard deviation `σ·range`, cut to the held range; with `π_R` the reference point.
/// `π_H : π_C : π_R = e^{held + dichotomy·1{≤ 2 positions}} : 1 : e^{reference}·1{known}`.
/// The point is the median. All mass lies on held positions, between them, or at the reference
/// point; unanimity without another reference point is certainty.
///
/// # Reference
/// Ours; fitted to Arregui & Perarnaud 2021, doi 10.34810/data53 (CC BY 4.0).
#[derive(Debug, Clone, Copy)]
pub struct Predictive;

impl PositionModel for Predictive {
    fn id(&self) -> &'static str {
        "predictive"
    }
    fn title(&self) -> &'static str {
        "Predictive mixture: a held position, a compromise, or no decision"
    }
    fn reference(&self) -> &'static str {
        "fitted to Arregui & Perarnaud 2021"
    }
    fn forecast(&self, issue: &Issue, _rounds: usize) -> Forecast {
        let distribution = distribution(issue, &FITTED);
        Forecast { point: distribution.median(), distribution, moves: Vec::new() }
    }
}

/// The mixture with given parameters.
pub fn distribution(issue: &Issue, parameters: &Parameters) -> Distribution {
    let camps = camps(issue, parameters);
    let (a, b) = issue.held_range();
    let held = parameters.held + if camps.len() <= 2 { parameters.dichotomy } else { 0.0 };
    let odds = [held, 0.0, parameters.reference].map(|l| libm::exp(l.clamp(-30.0, 30.0)));
    let mut atoms: Vec<(f64, f64)> = camps.iter().map(|&(x, p)| (x, odds[0] * p)).collect();
    compromise(&camps, a, b, parameters, |x, p| atoms.push((x, odds[1] * p)));
    atoms.extend(issue.reference().map(|r| (r, odds[2])));
    Distribution::from_atoms(atoms).unwrap_or_else(|| Distribution::point(a))
}

/// The distinct held positions with their shares.
fn camps(issue: &Issue, parameters: &Parameters) -> Vec<(f64, f64)> {
    // Relative to the largest, so that units cancel before the exponents can overflow.
    let largest = |f: fn(&super::Actor) -> f64| {
        let top = issue.actors().iter().map(f).fold(0.0, f64::max);
        if top > 0.0 { top } else { 1.0 }
    };
    let (c, s) = (largest(|a| a.capability), largest(|a| a.salience));
    let amount = |a: &super::Actor| {
        a.capability / c * libm::pow(a.salience / s, parameters.salience.clamp(0.0, 20.0))
    };
    let amounts = super::shares(issue.actors().iter().map(amount).collect());
    let mut at: Vec<(f64, f64)> = issue.positions().into_iter().zip(amounts).collect();
    at.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut camps: Vec<(f64, f64)> = Vec::new();
    for (x, w) in at {
        match camps.last_mut() {
            Some(last) if x - last.0 <= SAME * issue.width() => last.1 += w,
            _ => camps.push((x, w)),
        }
    }
    let camp = parameters.camp.clamp(0.0, 20.0);
    // A camp of weight zero stays at zero even at exponent 0.
    let power = |w: f64| if w > 0.0 { libm::pow(w, camp) } else { 0.0 };
    let shares = super::shares(camps.iter().map(|c| power(c.1)).collect());
    for (camp, share) in camps.iter_mut().zip(shares) {
        camp.1 = share;
    }
    camps
}

/// The cut normal on 101 nodes of the held range; each node stands for the half steps around it.
fn compromise(
    camps: &[(f64, f64)],
    a: f64,
    b: f64,
    parameters: &Parameters,
    mut put: impl FnMut(f64, f64),
) {
    let range = b - a;
    let Some(first) = camps.first().filter(|_| range > 0.0) else { return put(a, 1.0) };
    if camps.len() == 1 {
        return put(first.0, 1.0);
    }
    // In units of the range, from the middle: reversing the scale changes only a sign.
    let mean: f64 = camps.iter().map(|(x, p)| p * ((x - a) - (b - x)) / (2.0 * range)).sum();
    let keep = 1.0 / (1.0 + libm::exp(parameters.shrink));
    let sd = libm::exp(parameters.spread.clamp(-6.0, 6.0));
    let tail = |z: f64| 0.5 * libm::erfc(z * core::f64::consts::FRAC_1_SQRT_2);
    let edge = |k: usize| {
        let at = ((k as f64 - 0.5) / 100.0).clamp(0.0, 1.0) - 0.5;
        tail((at - keep * mean) / sd)
    };
    let (top, bottom) = (edge(0), edge(101));
    let step = range / 100.0;
    let mut upper = top;
    for k in 0..=100 {
        let next = edge(k + 1);
        put(node(a, b, step, k), (upper - next) / (top - bottom));
        upper = next;
    }
}
