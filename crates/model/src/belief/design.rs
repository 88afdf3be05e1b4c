//! Points that stand for the posterior of the pooled quantities.
//!
//! # Model
//! Given the sd τ of the biases the posterior is near a Gaussian: that at the mode, with another prior of the biases.
//! τ has an exponential prior and is integrated out. The points lie on spheres about these Gaussians at many τ, each
//! sphere with the third-degree rule, and each point is weighted by its posterior density, τ integrated out, over
//! that of the even mixture of t's about the same Gaussians (importance sampling with the balance heuristic). One τ
//! for all points, as before, makes beliefs too sure, by records of the model's own making (the study of beliefs).
//!
//! # Reference
//! Arasaratnam & Haykin (2009), IEEE TAC 54, 1254–1269 (rule); Geweke (1989), Econometrica 57, 1317–1339 (importance
//! sampling from t's at the mode); Veach & Guibas (1995), SIGGRAPH 95, 419–428 (balance heuristic).

use std::ops::Range;

use super::laplace::{cosine, dot, inverse_factor};
use super::series::Prior;

/// Groups of four points where the spread of the biases is learned, at least, for each kind of innovation: two for
/// each direction of a case of four channels. Half as many cost .02 of the log score on records of the model's own
/// making, and .04 of coverage.
const GROUPS: usize = 12;

/// How much wider than the Gaussians the spheres and t's are, which must reach further than the posterior; beliefs
/// are then about as wide as by four hundred points drawn at random.
const WIDER: f64 = 1.1;

/// Degrees of freedom of the t's.
const NU: f64 = 6.0;

/// Equally likely parts into which the prior of the biases' sd is cut.
const PARTS: u32 = 64;

/// How much of the mixture follows that prior whatever the Gaussian says of the sd, since it does not reach far: what
/// looks like a great bias may as well be a reversal.
const OF_PRIOR: f64 = 0.3;

/// The log posterior as a Gaussian in the pooled quantities, at the bias sd of the settings. Another bias sd changes
/// its curvature alone, so what the record says of that sd costs no further smoothing.
struct GaussianEvidence {
    curvature: Vec<Vec<f64>>,
    /// Curvature times the mode.
    pull: Vec<f64>,
    biases: Range<usize>,
}

/// What is left of it at another bias sd.
struct Component {
    /// Logarithm of what it adds up to.
    log: f64,
    mean: Vec<f64>,
    curvature: Vec<Vec<f64>>,
    /// The triangular factor of its covariance, and the logarithm of its determinant.
    spread: Vec<Vec<f64>>,
    log_det: f64,
}

impl GaussianEvidence {
    /// At a bias sd of `share` times that of the settings; none where it has no peak.
    fn with_bias(&self, share: f64) -> Option<Component> {
        let d = self.pull.len();
        let mut curvature = self.curvature.clone();
        self.biases.clone().for_each(|i| curvature[i][i] += 1.0 / (share * share) - 1.0);
        let spread = inverse_factor(&curvature)?;
        let turned = |k: usize| (0..d).map(|i| spread[i][k] * self.pull[i]).sum::<f64>();
        let turned: Vec<f64> = (0..d).map(turned).collect();
        let mean = spread.iter().map(|row| dot(row, &turned)).collect();
        let log_det: f64 = (0..d).map(|i| libm::log(spread[i][i])).sum();
        let log = 0.5 * dot(&turned, &turned) + log_det;
        let log = log - self.biases.len() as f64 * libm::log(share);
        Some(Component { log, mean, curvature, spread, log_det })
    }

    /// The components of a mixture, in order of the biases' sd: at quantiles of what the Gaussian says of it and of
    /// its prior together.
    fn mixture(&self, count: usize) -> Vec<Component> {
        let of = |share: f64| self.with_bias(share).map(|c| (share, c.log));
        let logs: Vec<(f64, f64)> = exponential().into_iter().filter_map(of).collect();
        let total = log_sum(logs.iter().map(|l| l.1));
        let even = OF_PRIOR / logs.len().max(1) as f64;
        let mut sum = 0.0;
        let step = |(share, log): &(f64, f64)| {
            let mass = even + (1.0 - OF_PRIOR) * libm::exp(log - total);
            sum += mass;
            (sum - 0.5 * mass, *share)
        };
        let steps: Vec<(f64, f64)> = logs.iter().map(step).collect();
        let quantile = |k: usize| between(&steps, (k as f64 + 0.5) / count as f64);
        (0..count).filter_map(|k| self.with_bias(quantile(k))).collect()
    }
}

/// The line through points in order, at `at`; level beyond the ends, and 1 without any point.
fn between(points: &[(f64, f64)], at: f64) -> f64 {
    let next = points.partition_point(|p| p.0 < at);
    let before = next.checked_sub(1).and_then(|i| points.get(i));
    match (before, points.get(next)) {
        (Some(a), Some(b)) => a.1 + (b.1 - a.1) * (at - a.0) / (b.0 - a.0),
        (Some(p), None) | (None, Some(p)) => p.1,
        (None, None) => 1.0,
    }
}

/// Middles of equally likely parts of an exponential, of mean square one: every step away from no bias at all costs
/// the same (Simpson et al. 2017, Statistical Science 32, 1–28).
fn exponential() -> Vec<f64> {
    let parts = f64::from(PARTS);
    let middle = |k: u32| -libm::log1p(-(f64::from(k) + 0.5) / parts);
    let values: Vec<f64> = (0..PARTS).map(middle).collect();
    let root = (dot(&values, &values) / parts).sqrt();
    values.iter().map(|v| v / root).collect()
}

/// Logarithm of a sum, by the logarithms of what is summed.
fn log_sum(logs: impl Iterator<Item = f64> + Clone) -> f64 {
    let most = logs.clone().fold(f64::NEG_INFINITY, f64::max);
    most + libm::log(logs.map(|l| libm::exp(l - most)).sum())
}

/// The mixture from which the points come, and the prior by which they are weighted.
pub(super) struct Design {
    components: Vec<Component>,
    biases: Range<usize>,
    /// The biases' sd as shares of that of the settings, equally likely; empty where it is told.
    prior: Vec<f64>,
    wider: f64,
}

impl Design {
    /// About a mode with the curvature there, both at the bias sd of the settings.
    pub(super) fn new(
        mode: &[f64],
        curvature: Vec<Vec<f64>>,
        prior: &Prior,
        learned: bool,
    ) -> Self {
        let (d, biases) = (mode.len(), 2..2 + prior.bias.len());
        let pull = curvature.iter().map(|row| dot(row, mode)).collect();
        let evidence = GaussianEvidence { curvature, pull, biases: biases.clone() };
        if learned && !biases.is_empty() {
            let components = evidence.mixture(GROUPS.div_ceil(d).max(2) * d);
            return Self { components, biases, prior: exponential(), wider: WIDER };
        }
        let components = evidence.with_bias(1.0).into_iter().collect();
        Self { components, biases, prior: Vec::new(), wider: 1.0 }
    }

    /// The points: for each direction of the rule a point, the one opposite, and the mirror images of both in the
    /// biases, so that reversing every scale, which turns their signs, changes nothing.
    pub(super) fn points(&self) -> Vec<Vec<f64>> {
        let d = self.components.first().map_or(0, |c| c.mean.len());
        let rounds = self.components.len().div_ceil(d.max(1));
        let mut points = Vec::new();
        for (round, k) in (0..rounds).flat_map(|round| (0..d).map(move |k| (round, k))) {
            // Every direction has a low and a high sd of the biases in turn.
            let at = rounds * ((k + 2 * round) % d) + round;
            let component = &self.components[at.min(self.components.len() - 1)];
            let radius = self.wider * (d as f64).sqrt();
            let z: Vec<f64> = (0..d).map(|i| radius * cosine(i, k, d)).collect();
            let turned = |i: usize| if self.biases.contains(&i) { -z[i] } else { z[i] };
            let mirror: Vec<f64> = (0..d).map(turned).collect();
            for (sign, z) in [(1.0, &z), (-1.0, &z), (1.0, &mirror), (-1.0, &mirror)] {
                let coordinate = |i: usize| component.mean[i] + sign * dot(&component.spread[i], z);
                points.push((0..d).map(coordinate).collect());
            }
        }
        points
    }

    /// Logarithm of the weight of a point whose log posterior at the bias sd of the settings is `value`.
    pub(super) fn weight(&self, u: &[f64], value: f64) -> f64 {
        value + self.by_spread(u) - self.density(u)
    }

    /// Log density of the mixture, up to a constant that no curvature changes.
    fn density(&self, u: &[f64]) -> f64 {
        let power = 0.5 * (NU + u.len() as f64);
        let scale = NU * self.wider * self.wider;
        let log = |c: &Component| {
            let away: Vec<f64> = u.iter().zip(&c.mean).map(|(u, m)| u - m).collect();
            let square: f64 = away.iter().zip(&c.curvature).map(|(a, c)| a * dot(c, &away)).sum();
            -c.log_det - power * libm::log1p(square / scale)
        };
        let logs: Vec<f64> = self.components.iter().map(log).collect();
        log_sum(logs.iter().copied()) - libm::log(logs.len() as f64)
    }

    /// What integrating the biases' sd out adds to the log posterior at that of the settings.
    fn by_spread(&self, u: &[f64]) -> f64 {
        if self.prior.is_empty() {
            return 0.0;
        }
        let biases = &u[self.biases.clone()];
        let (count, square) = (biases.len() as f64, dot(biases, biases));
        let log = |s: &f64| 0.5 * square * (1.0 - 1.0 / (s * s)) - count * libm::log(*s);
        log_sum(self.prior.iter().map(log))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn prior(biases: usize) -> Prior {
        let d = biases + 2;
        let bias: BTreeMap<_, _> = (0..biases).map(|i| ((i, 0), i + 2)).collect();
        Prior {
            innovations: Vec::new(),
            mean: vec![0.0; d],
            sd: vec![1.0; d],
            bias,
            posture: BTreeMap::new(),
        }
    }

    #[test]
    fn where_the_record_says_nothing_the_biases_keep_their_prior() {
        for biases in [1, 4] {
            let prior = prior(biases);
            let d = biases + 2;
            let identity = super::super::laplace::identity(d);
            let design = Design::new(&vec![0.0; d], identity, &prior, true);
            let points = design.points();
            let value = |u: &Vec<f64>| design.weight(u, -0.5 * dot(u, u));
            let logs: Vec<f64> = points.iter().map(value).collect();
            let total = log_sum(logs.iter().copied());
            let moment = |i: usize| -> f64 {
                let square = |(u, log): (&Vec<f64>, &f64)| libm::exp(log - total) * u[i] * u[i];
                points.iter().zip(&logs).map(square).sum()
            };
            for i in 0..d {
                let (low, high) = if i < 2 { (0.8, 1.3) } else { (0.5, 1.5) };
                assert!((low..high).contains(&moment(i)), "{biases} biases: {}", moment(i));
            }
        }
    }

    #[test]
    fn without_a_spread_to_learn_the_points_are_the_third_degree_rule() {
        let (prior, d) = (prior(3), 5);
        let identity = super::super::laplace::identity(d);
        let design = Design::new(&vec![0.0; d], identity, &prior, false);
        let points = design.points();
        assert_eq!(points.len(), 4 * d);
        for i in 0..d {
            let square: f64 = points.iter().map(|u| u[i] * u[i]).sum::<f64>() / points.len() as f64;
            assert!((square - 1.0).abs() < 1e-12);
            assert!(points.iter().map(|u| u[i]).sum::<f64>().abs() < 1e-12);
        }
        let weights = points.iter().map(|u| design.weight(u, -0.5 * dot(u, u)));
        let (low, high) = weights.fold((f64::MAX, f64::MIN), |(l, h), w| (l.min(w), h.max(w)));
        assert!(high - low < 1e-9, "{low} to {high}");
    }
}
