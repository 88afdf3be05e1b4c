//! The smoother of a long path: reweighted least squares around a Gaussian smoother.
//!
//! # Model
//! The model of [`point_mass`](super::point_mass), with each t a Gaussian of unknown precision
//! (`w ~ Gamma`) and each statement truthful with unknown indicator. Given the weights the path is
//! Gaussian with a tridiagonal precision matrix, solved forward and backward (the Kalman filter
//! and Rauch–Tung–Striebel smoother in information form). Given the path the weights are
//! `w = (ν+1)/(ν + E r²)`, with the variance of the path inside `E r²`: this is variational Bayes
//! under `q(θ)q(w)`, and keeps the smoother from locking on to one of two readings as it would
//! with `r²` at the mean. Truncation to the scale is ignored.
//!
//! The value reported is the bound `Σ ln[p·t_4(E r²)/s + (1−p)/100] + Σ ln t_ν(E δ²) +
//! E ln N(θ_1; m, v) + H(q)`, below the log evidence.
//!
//! # Reference
//! Lange, Little & Taylor (1989), JASA 84, 881–896 (weights); Tipping & Lawrence (2005),
//! Neurocomputing 69, 123–141 (variational t); Rue & Held (2005), Gaussian Markov Random Fields,
//! section 2.4 (band solution).

use super::StudentT;
use super::point_mass::{GapScore, SmootherScales, StatementDay, StatementScore};

/// The Gaussian posterior of a long path.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GaussianPosterior {
    /// Lower bound of the log density of all statements.
    pub bound: f64,
    /// Mean of the position at each step.
    pub mean: Vec<f64>,
    /// Its variance.
    pub var: Vec<f64>,
    /// For each gap: mean square of the move.
    pub square: Vec<f64>,
    /// For each step, for each statement, in one sequence.
    pub statements: Vec<StatementScore>,
    /// Reweightings until no mean moved by more than the tolerance.
    pub rounds: usize,
}

/// Most reweightings of one call; EM converges linearly and stops earlier.
const ROUNDS: usize = 500;
/// ln 2π.
const LN_2PI: f64 = 1.837_877_066_409_345_3;

/// Smooths one path from `N(prior_mean, prior_sd²)`, starting from `start` if given (a posterior of
/// the same steps), else from the weights of a path that nothing was said about.
///
/// Stops when no mean moves by more than `tolerance` points.
#[must_use]
pub fn smooth(
    prior_mean: f64,
    prior_sd: f64,
    steps: &[StatementDay],
    scales: &SmootherScales,
    start: Option<GaussianPosterior>,
    tolerance: f64,
) -> GaussianPosterior {
    let n = steps.len();
    let mut q = start.filter(|q| q.mean.len() == n).unwrap_or_else(|| start_at(steps, scales));
    let mut system = Tridiagonal::default();
    q.rounds = 0;
    while q.rounds < ROUNDS && n > 0 {
        q.rounds += 1;
        system.assemble(prior_mean, prior_sd, steps, scales, &mut q);
        if system.solve(&mut q) <= tolerance {
            break;
        }
    }
    // The bound of the last weights, at the path they led to.
    if n > 0 {
        let r2 = (q.mean[0] - prior_mean) * (q.mean[0] - prior_mean) + q.var[0];
        let prior = -0.5 * LN_2PI - libm::log(prior_sd) - r2 / (2.0 * prior_sd * prior_sd);
        q.bound = system.reweigh(steps, scales, &mut q, true) + prior + system.entropy;
    }
    q
}

/// What an innovation says of the pooled scale, and the probability of a move of `change`.
#[must_use]
pub fn gap_scores(
    q: &GaussianPosterior,
    steps: &[StatementDay],
    scales: &SmootherScales,
    change: f64,
) -> Vec<GapScore> {
    let sd = |var: f64| var.max(f64::MIN_POSITIVE).sqrt();
    // Most gaps are calm: a probability below 1e-16 is not worth the function.
    let below = |z: f64| {
        if z < -8.3 { 0.0 } else { 0.5 * libm::erfc(-z / std::f64::consts::SQRT_2) }
    };
    (q.square.iter().enumerate())
        .map(|(t, &square)| {
            let shape = &scales.innovation_shape;
            let r2 = square / (scales.innovation * scales.innovation * steps[t + 1].gap);
            let mean = q.mean[t + 1] - q.mean[t];
            let sd = sd(square - mean * mean);
            GapScore {
                change: below((mean - change) / sd) + below((-change - mean) / sd),
                by_innovation: shape.weight(r2) * r2 - 1.0,
            }
        })
        .collect()
}

/// A start at the day's mean statement, as wide as the statements.
fn start_at(steps: &[StatementDay], scales: &SmootherScales) -> GaussianPosterior {
    let count = |s: &StatementDay| s.observations.len().max(1) as f64;
    let spread = scales.observation * scales.observation;
    let statements = steps.iter().map(|s| s.observations.len()).sum();
    GaussianPosterior {
        mean: (steps.iter())
            .map(|s| s.observations.iter().map(|o| o.y).sum::<f64>() / count(s))
            .collect(),
        var: vec![spread; steps.len()],
        square: vec![spread; steps.len().saturating_sub(1)],
        statements: vec![StatementScore::default(); statements],
        ..GaussianPosterior::default()
    }
}

/// The density of one truthful-or-false statement and the pieces its derivatives need.
///
/// Returns `(density, responsibility, weight)` at the squared standardised residual `r2`.
fn statement(p: f64, s: f64, shape: &StudentT, r2: f64) -> (f64, f64, f64) {
    let truthful = p * shape.density(r2) / s;
    let density = truthful + (1.0 - p) / 100.0;
    // A density that underflows carries no information on which component it came from.
    let tau = if density > 0.0 { truthful / density } else { p };
    (density, tau, shape.weight(r2))
}

/// The precision matrix and right-hand side of the path, factorised in place.
#[derive(Default)]
struct Tridiagonal {
    diagonal: Vec<f64>,
    coupling: Vec<f64>,
    right: Vec<f64>,
    entropy: f64,
}

impl Tridiagonal {
    fn assemble(
        &mut self,
        prior_mean: f64,
        prior_sd: f64,
        steps: &[StatementDay],
        scales: &SmootherScales,
        q: &mut GaussianPosterior,
    ) {
        let n = steps.len();
        let prior = 1.0 / (prior_sd * prior_sd);
        self.diagonal.clear();
        self.diagonal.resize(n, 0.0);
        self.right.clear();
        self.right.resize(n, 0.0);
        self.coupling.clear();
        self.coupling.resize(n - 1, 0.0);
        self.diagonal[0] = prior;
        self.right[0] = prior * prior_mean;
        self.reweigh(steps, scales, q, false);
        for t in 1..n {
            self.diagonal[t - 1] += self.coupling[t - 1];
            self.diagonal[t] += self.coupling[t - 1];
        }
    }

    /// Adds the statements' precision and sets the gaps'; the bound's local part if asked for.
    fn reweigh(
        &mut self,
        steps: &[StatementDay],
        scales: &SmootherScales,
        q: &mut GaussianPosterior,
        bound: bool,
    ) -> f64 {
        let scale2 = scales.observation * scales.observation;
        let mut sum = 0.0;
        let mut scores = q.statements.iter_mut();
        for (t, step) in steps.iter().enumerate() {
            let (mut a, mut b) = (0.0, 0.0);
            for (o, score) in step.observations.iter().zip(&mut scores) {
                let s2 = scale2 + o.coded;
                let e = o.y - q.mean[t];
                let r2 = (e * e + q.var[t]) / s2;
                let shape = &scales.observation_shape;
                let (density, tau, w) = statement(o.p_true, s2.sqrt(), shape, r2);
                let precision = tau * w / s2;
                a += precision;
                b += precision * o.y;
                score.weight = tau;
                if bound {
                    sum += libm::log(density.max(f64::MIN_POSITIVE));
                    score.by_offset = precision * e;
                    score.by_observation = tau * (w * r2 - 1.0) * scale2 / s2;
                }
            }
            self.diagonal[t] += a;
            self.right[t] += b;
        }
        for t in 0..q.square.len() {
            let scale2 = scales.innovation * scales.innovation * steps[t + 1].gap;
            let r2 = q.square[t] / scale2;
            let shape = &scales.innovation_shape;
            self.coupling[t] = shape.weight(r2) / scale2;
            if bound {
                let density = shape.density(r2).max(f64::MIN_POSITIVE);
                sum += libm::log(density) - 0.5 * libm::log(scale2);
            }
        }
        sum
    }

    /// Solves for mean, variance and mean square moves; returns the largest change of a mean.
    fn solve(&mut self, q: &mut GaussianPosterior) -> f64 {
        let n = self.diagonal.len();
        // Logarithms are slow: the pivots are multiplied up and their logarithm taken in batches.
        let (mut product, mut log_det) = (1.0, 0.0);
        for t in 0..n {
            if t > 0 {
                let ratio = self.coupling[t - 1] / self.diagonal[t - 1];
                self.diagonal[t] -= ratio * self.coupling[t - 1];
                self.right[t] += ratio * self.right[t - 1];
            }
            product *= self.diagonal[t];
            if !(1e-100..1e100).contains(&product) {
                log_det += libm::log(product);
                product = 1.0;
            }
        }
        log_det += libm::log(product);
        self.entropy = 0.5 * (n as f64 * (1.0 + LN_2PI) - log_det);
        let mut largest = 0.0_f64;
        for t in (0..n).rev() {
            let pivot = 1.0 / self.diagonal[t];
            let (mean, var) = if t + 1 < n {
                let ratio = self.coupling[t] * pivot;
                let var = pivot + ratio * ratio * q.var[t + 1];
                let mean = self.right[t] * pivot + ratio * q.mean[t + 1];
                let step = q.mean[t + 1] - mean;
                let spread = q.var[t + 1] * (1.0 - 2.0 * ratio) + var;
                q.square[t] = step * step + spread.max(0.0);
                (mean, var)
            } else {
                (self.right[t] * pivot, pivot)
            };
            largest = largest.max((mean - q.mean[t]).abs());
            q.mean[t] = mean;
            q.var[t] = var;
        }
        largest
    }
}
