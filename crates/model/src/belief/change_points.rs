//! Where a series changes: optimal partitioning, its pruned form, and online Bayesian detection.

/// A segmentation of a series.
#[derive(Clone, Debug, PartialEq)]
pub struct Segments {
    /// Ends of every segment but the last, as counts of points: a change between the 28th and 29th
    /// point is 28.
    pub ends: Vec<usize>,
    /// Sum of the squared residuals, without the penalties.
    pub cost: f64,
}

/// Running sums of a series: the squared-error cost of any segment in constant time.
struct SquaredError {
    sum: Vec<f64>,
    square: Vec<f64>,
}

impl SquaredError {
    fn new(series: &[f64]) -> Self {
        // Centred first, or the differences of large running sums would cost digits.
        let mean = series.iter().sum::<f64>() / series.len().max(1) as f64;
        let running = |f: &dyn Fn(f64) -> f64| {
            let mut total = 0.0;
            let mut out = vec![0.0];
            for &y in series {
                total += f(y - mean);
                out.push(total);
            }
            out
        };
        Self { sum: running(&|d| d), square: running(&|d| d * d) }
    }

    /// Cost of the points `from+1..=to`, `from < to`.
    fn of(&self, from: usize, to: usize) -> f64 {
        let sum = self.sum[to] - self.sum[from];
        self.square[to] - self.square[from] - sum * sum / (to - from) as f64
    }
}

/// The segmentation with the least squared error plus `penalty` for each change, in O(n²).
///
/// # Reference
/// Jackson et al. (2005), IEEE Signal Processing Letters 12, 105–108.
#[must_use]
pub fn optimal_partition(series: &[f64], penalty: f64) -> Segments {
    partition(series, penalty, false)
}

/// The same segmentation as [`optimal_partition`], with the starts that can no longer win pruned.
///
/// # Reference
/// Killick, Fearnhead & Eckley (2012), JASA 107, 1590–1598, eq. 4 with K = 0.
#[must_use]
pub fn pelt(series: &[f64], penalty: f64) -> Segments {
    partition(series, penalty, true)
}

fn partition(series: &[f64], penalty: f64, prune: bool) -> Segments {
    let n = series.len();
    let cost = SquaredError::new(series);
    // best[t]: least cost of the first t points, counting a penalty for each segment.
    let mut best = vec![-penalty; n + 1];
    let mut start = vec![0; n + 1];
    let mut candidates = vec![0];
    let mut costs: Vec<f64> = Vec::new();
    for t in 1..=n {
        costs.clear();
        costs.extend(candidates.iter().map(|&s| best[s] + cost.of(s, t)));
        let (mut least, mut first) = (f64::INFINITY, 0);
        for (&s, &c) in candidates.iter().zip(&costs) {
            if c + penalty < least {
                (least, first) = (c + penalty, s);
            }
        }
        (best[t], start[t]) = (least, first);
        if prune {
            // Rounding must not prune a start that ties.
            let slack = 1e-9 * (1.0 + least.abs());
            let mut kept = costs.iter().map(|&c| c <= least + slack);
            candidates.retain(|_| kept.next().unwrap_or(true));
        }
        candidates.push(t);
    }
    let mut ends = Vec::new();
    let mut t = n;
    while t > 0 {
        t = start[t];
        if t > 0 {
            ends.push(t);
        }
    }
    ends.reverse();
    let bounds = |i: usize| if i == 0 { 0 } else { ends[i - 1] };
    let until = |i: usize| ends.get(i).copied().unwrap_or(n);
    let cost = (0..=ends.len()).filter(|_| n > 0).map(|i| cost.of(bounds(i), until(i))).sum();
    Segments { ends, cost }
}

/// Online detection of changes in mean and variance with constant hazard.
///
/// # Model
/// Within a run the points are Gaussian with mean and variance from a normal-inverse-gamma prior;
/// each point starts a new run with probability `hazard`, the first one certainly.
///
/// # Reference
/// Adams & MacKay (2007), arXiv:0710.3742, algorithm 1; Murphy (2007) eqs. 85–89 and 110 for the
/// conjugate updates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OnlineDetection {
    /// Mean of a run's mean.
    pub mu: f64,
    /// Weight of that mean in points, positive.
    pub kappa: f64,
    /// Shape of a run's variance, positive.
    pub alpha: f64,
    /// Scale of a run's variance, positive.
    pub beta: f64,
    /// Probability of a new run at each point, 0 to 1.
    pub hazard: f64,
}

/// What online detection says after the whole series.
#[derive(Clone, Debug, PartialEq)]
pub struct Runs {
    /// Log density of the series.
    pub log_evidence: f64,
    /// Probability of each length of the run that the last point belongs to, from 1.
    pub length: Vec<f64>,
    /// For each point, the probability that it started a run, given the points up to it.
    pub started: Vec<f64>,
}

impl OnlineDetection {
    /// Runs the detection over `series`, in O(n²), exactly: no run length is dropped.
    #[must_use]
    pub fn detect(&self, series: &[f64]) -> Runs {
        // Posterior of each run, the youngest last, so that a new one is pushed.
        let mut runs: Vec<(f64, f64, f64, f64)> = Vec::new();
        let mut log_p: Vec<f64> = Vec::new();
        let mut log_evidence = 0.0;
        let mut started = Vec::new();
        let (grow, new) = (libm::log1p(-self.hazard), libm::log(self.hazard));
        for (t, &y) in series.iter().enumerate() {
            log_p.iter_mut().for_each(|p| *p += grow);
            log_p.push(if t == 0 { 0.0 } else { new });
            runs.push((self.mu, self.kappa, self.alpha, self.beta));
            for (p, run) in log_p.iter_mut().zip(&mut runs) {
                let (mu, kappa, alpha, beta) = *run;
                let scale2 = beta * (kappa + 1.0) / (alpha * kappa);
                let d = y - mu;
                *p += libm::lgamma(alpha + 0.5)
                    - libm::lgamma(alpha)
                    - 0.5 * libm::log(2.0 * std::f64::consts::PI * alpha * scale2)
                    - (alpha + 0.5) * libm::log1p(d * d / (2.0 * alpha * scale2));
                *run = (
                    (kappa * mu + y) / (kappa + 1.0),
                    kappa + 1.0,
                    alpha + 0.5,
                    beta + kappa * d * d / (2.0 * (kappa + 1.0)),
                );
            }
            let most = log_p.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let sum: f64 = log_p.iter().map(|p| libm::exp(p - most)).sum();
            let total = most + libm::log(sum);
            log_evidence += total;
            log_p.iter_mut().for_each(|p| *p -= total);
            started.push(log_p.last().map_or(0.0, |p| libm::exp(*p)));
        }
        let length = log_p.iter().rev().map(|p| libm::exp(*p)).collect();
        Runs { log_evidence, length, started }
    }
}
