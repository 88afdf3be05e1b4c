//! The exact filter and smoother of a short path: densities on a grid of nodes.
//!
//! # Model
//! `θ_1 ~ N(m, v)` on 0 to 100; over a gap of Δ days `p(θ'|θ) ∝ t_ν((θ'−θ)/(σ√Δ))` on 0 to 100;
//! a statement has the density `p·t_4((y−θ−o)/s)/s + (1−p)/100`, with offset `o` (bias plus
//! posture) and `s² = s_0² + sd²`. Statements of one day read one position.
//!
//! The nodes are equally spaced, so that the transition is a Toeplitz product; the ends carry
//! Gregory's corrections to the seventh difference. Where the innovation is narrower than the
//! spacing the rows, which are normalised on the nodes, still form a Markov chain on them.
//!
//! # Reference
//! Kitagawa (1987), JASA 82, 1032–1041, eqs. 2.3–2.5 (filter and smoother); Fisher's identity for
//! the gradient (Cappé, Moulines & Rydén 2005, section 10.1.6).

use std::collections::BTreeMap;
use std::rc::Rc;

use super::StudentT;

/// One statement as the smoothers see it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// Value minus every offset, points.
    pub y: f64,
    /// Variance of the coded range, points².
    pub coded: f64,
    /// Probability that the statement is truthful.
    pub p_true: f64,
}

/// The statements of one day, and the days since those before (ignored on the first).
#[derive(Clone, Debug, PartialEq)]
pub struct StatementDay {
    /// Days since the previous step, positive.
    pub gap: f64,
    /// The day's statements.
    pub observations: Vec<Observation>,
}

/// Scales and shapes at which a path is smoothed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SmootherScales {
    /// Innovation scale per √day, points.
    pub innovation: f64,
    /// Observation scale beside the coded range, points.
    pub observation: f64,
    /// Shape of the innovation.
    pub innovation_shape: StudentT,
    /// Shape of a truthful statement.
    pub observation_shape: StudentT,
}

/// What a smoother says of one statement.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StatementScore {
    /// Responsibility of the truthful component, 0 to 1.
    pub weight: f64,
    /// Derivative of the log evidence by the statement's offset.
    pub by_offset: f64,
    /// Derivative of the log evidence by the logarithm of the observation scale.
    pub by_observation: f64,
}

/// What a smoother says of one gap.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct GapScore {
    /// Probability of a move of at least the size asked for.
    pub change: f64,
    /// Derivative of the log evidence by the logarithm of the innovation scale.
    pub by_innovation: f64,
}

/// The density of one truthful-or-false statement and the pieces its derivatives need.
///
/// Returns `(density, responsibility, weight)` at the squared standardised residual `r2`.
pub(super) fn statement(p: f64, s: f64, shape: &StudentT, r2: f64) -> (f64, f64, f64) {
    let truthful = p * shape.density(r2) / s;
    let density = truthful + (1.0 - p) / 100.0;
    // A density that underflows carries no information on which component it came from.
    let tau = if density > 0.0 { truthful / density } else { p };
    (density, tau, shape.weight(r2))
}

/// Equally spaced nodes on 0 to 100 with Gregory's end corrections.
#[derive(Clone, Debug, PartialEq)]
pub struct Nodes {
    /// Positions, 0 to 100.
    pub x: Vec<f64>,
    /// Quadrature weights, all positive, adding up to 100.
    pub w: Vec<f64>,
}

/// The exact posterior of one path.
#[derive(Clone, Debug, PartialEq)]
pub struct GridPosterior {
    /// Log density of all statements.
    pub log_evidence: f64,
    /// Masses on the nodes given the statements up to each step.
    pub filtered: Vec<Vec<f64>>,
    /// Masses on the nodes given all statements.
    pub smoothed: Vec<Vec<f64>>,
    /// For each step, for each statement.
    pub statements: Vec<Vec<StatementScore>>,
    /// For each gap: one fewer than the steps.
    pub gaps: Vec<GapScore>,
}

impl Nodes {
    /// `intervals + 1` nodes; at least 16 intervals are used.
    #[must_use]
    pub fn new(intervals: usize) -> Self {
        /// Gregory's coefficients of the first to seventh difference.
        const GREGORY: [f64; 7] = [
            1.0 / 12.0,
            1.0 / 24.0,
            19.0 / 720.0,
            3.0 / 160.0,
            863.0 / 60480.0,
            275.0 / 24192.0,
            33953.0 / 3_628_800.0,
        ];
        let n = intervals.max(16);
        let h = 100.0 / n as f64;
        let mut w = vec![h; n + 1];
        w[0] = h / 2.0;
        w[n] = h / 2.0;
        for (k, c) in (1..).zip(GREGORY) {
            let mut binomial = 1.0;
            for i in 0..=k {
                let sign = if i % 2 == 0 { -1.0 } else { 1.0 };
                w[i] += sign * binomial * c * h;
                w[n - i] += sign * binomial * c * h;
                binomial = binomial * (k - i) as f64 / (i + 1) as f64;
            }
        }
        Self { x: (0..=n).map(|i| h * i as f64).collect(), w }
    }

    /// Mean and standard deviation of `masses` on the nodes.
    #[must_use]
    pub fn moments(&self, masses: &[f64]) -> (f64, f64) {
        let mean: f64 = self.x.iter().zip(masses).map(|(x, m)| x * m).sum();
        let var: f64 = self.x.iter().zip(masses).map(|(x, m)| m * (x - mean) * (x - mean)).sum();
        (mean, var.sqrt())
    }

    /// Masses of `N(mean, sd²)` on the nodes.
    #[must_use]
    pub fn gaussian(&self, mean: f64, sd: f64) -> Vec<f64> {
        // Measured from the node nearest to the mean, so that a narrow one does not underflow.
        let last = self.x.len() - 1;
        let spacing = self.x[last] / last as f64;
        let nearest = self.x[((mean / spacing).round().max(0.0) as usize).min(last)];
        let rate = 1.0 / sd;
        let half_square = |x: f64| 0.5 * ((x - mean) * rate) * ((x - mean) * rate);
        let least = half_square(nearest);
        let mass = |(&x, w): (&f64, &f64)| {
            let e = half_square(x) - least;
            // e^−80 of the largest is nothing, and most nodes are that far out.
            if e < 80.0 { w * libm::exp(-e) } else { 0.0 }
        };
        let mut m: Vec<f64> = self.x.iter().zip(&self.w).map(mass).collect();
        normalise(&mut m);
        m
    }

    /// The inverse distribution function of `masses` at `u` (clamped to 0 to 1), linear inside the
    /// cells around the nodes: one uniform number draws one position.
    #[must_use]
    pub fn quantile(&self, masses: &[f64], u: f64) -> f64 {
        let n = self.x.len();
        let edge = |i: usize| if i == 0 { 0.0 } else { 0.5 * (self.x[i - 1] + self.x[i]) };
        let upper = |i: usize| if i + 1 == n { self.x[i] } else { edge(i + 1) };
        // A node's weight is not its cell's width near the ends: densities, then cells.
        let cell = |i: usize| (masses[i] / self.w[i]).max(0.0) * (upper(i) - edge(i));
        let total: f64 = (0..n).map(cell).sum();
        let target = u.clamp(0.0, 1.0) * total;
        let mut below = 0.0;
        for i in 0..n {
            let mass = cell(i);
            if below + mass >= target && mass > 0.0 {
                return edge(i) + (upper(i) - edge(i)) * ((target - below) / mass).clamp(0.0, 1.0);
            }
            below += mass;
        }
        self.x[n - 1]
    }

    /// The transition over a gap with the given scale.
    fn transition(&self, shape: &StudentT, scale: f64, change: f64) -> Transition {
        let n = self.x.len();
        let at = |value: &dyn Fn(f64) -> f64| -> Vec<f64> {
            (0..2 * n - 1).map(|i| value(self.x[i.abs_diff(n - 1)])).collect()
        };
        let r2 = |d: f64| (d / scale) * (d / scale);
        let kernel = at(&|d| shape.density(r2(d)) / scale);
        let slope = at(&|d| shape.density(r2(d)) / scale * (shape.weight(r2(d)) * r2(d) - 1.0));
        // The smallest change no scale has room for: not asked, not computed.
        let far = if change > 100.0 {
            Vec::new()
        } else {
            at(&|d| if d >= change { shape.density(r2(d)) / scale } else { 0.0 })
        };
        let total = toeplitz(&kernel, &self.w);
        let total_slope = toeplitz(&slope, &self.w);
        Transition { kernel, slope, far, total, total_slope }
    }

    /// The predictive masses a gap with innovation scale `scale` after `masses`.
    #[must_use]
    pub fn drift(&self, masses: &[f64], shape: &StudentT, scale: f64) -> Vec<f64> {
        if scale <= 0.0 {
            return masses.to_vec();
        }
        self.carry(&self.forward(shape, scale, 1.0), masses)
    }

    /// The masses after a gap.
    pub(super) fn carry(&self, gap: &Forward, masses: &[f64]) -> Vec<f64> {
        let mut next = gap.after(&self.w, masses);
        normalise(&mut next);
        next
    }

    /// What carries masses over a gap at an innovation scale per √day.
    pub(super) fn forward(&self, shape: &StudentT, scale: f64, gap: f64) -> Forward {
        let (n, scale) = (self.x.len(), scale * gap.sqrt());
        let r2 = |d: f64| (d / scale) * (d / scale);
        let half: Vec<f64> = self.x.iter().map(|d| shape.density(r2(*d)) / scale).collect();
        let kernel: Vec<f64> = (0..2 * n - 1).map(|i| half[i.abs_diff(n - 1)]).collect();
        let total = toeplitz(&kernel, &self.w);
        Forward { kernel, total }
    }

    /// Takes one day's statements in, after a gap unless they are the first; returns their log evidence.
    pub(super) fn filter(
        &self,
        mass: &mut Vec<f64>,
        gap: Option<&Forward>,
        step: &StatementDay,
        scales: &SmootherScales,
    ) -> f64 {
        let mut log_evidence = 0.0;
        let likelihood = self.likelihood(step, scales, &mut log_evidence);
        if let Some(gap) = gap {
            *mass = gap.after(&self.w, mass);
        }
        let predicted = mass.clone();
        mass.iter_mut().zip(&likelihood).for_each(|(m, l)| *m *= l);
        let evidence = normalise(mass);
        if evidence <= f64::MIN_POSITIVE {
            *mass = predicted;
        }
        log_evidence + libm::log(evidence)
    }

    /// How likely a day's statements are at each node, the largest 1; the rest comes to `log_evidence`.
    fn likelihood(
        &self,
        step: &StatementDay,
        scales: &SmootherScales,
        log_evidence: &mut f64,
    ) -> Vec<f64> {
        let shape = &scales.observation_shape;
        let mut l = vec![1.0; self.x.len()];
        for o in &step.observations {
            let s = (scales.observation * scales.observation + o.coded).sqrt();
            for (l, x) in l.iter_mut().zip(&self.x) {
                let r = (o.y - x) / s;
                *l *= statement(o.p_true, s, shape, r * r).0;
            }
            // Many statements of one day must not underflow together.
            let most = l.iter().copied().fold(0.0, f64::max).max(f64::MIN_POSITIVE);
            l.iter_mut().for_each(|l| *l /= most);
            *log_evidence += libm::log(most);
        }
        l
    }

    /// Filters and smooths the steps of one path from the masses of its prior.
    #[must_use]
    pub fn smooth(
        &self,
        prior: &[f64],
        steps: &[StatementDay],
        scales: &SmootherScales,
        change: f64,
    ) -> GridPosterior {
        self.smooth_with(prior, steps, scales, &mut Kernels::new(self, scales, change))
    }

    /// [`Self::smooth`] with the kernels of the same scales, shared between paths.
    pub(super) fn smooth_with(
        &self,
        prior: &[f64],
        steps: &[StatementDay],
        scales: &SmootherScales,
        kernels: &mut Kernels<'_>,
    ) -> GridPosterior {
        let n = self.x.len();
        let mut log_evidence = 0.0;
        let likelihoods: Vec<_> =
            steps.iter().map(|s| self.likelihood(s, scales, &mut log_evidence)).collect();
        let gaps: Vec<_> = steps.iter().skip(1).map(|s| kernels.over(s.gap)).collect();
        let mut filtered: Vec<Vec<f64>> = Vec::with_capacity(steps.len());
        for (t, l) in likelihoods.iter().enumerate() {
            let mut mass = match t {
                0 => prior.to_vec(),
                _ => gaps[t - 1].forward(&self.w, &filtered[t - 1]),
            };
            let predicted = mass.clone();
            mass.iter_mut().zip(l).for_each(|(m, l)| *m *= l);
            let evidence = normalise(&mut mass);
            log_evidence += libm::log(evidence);
            // A statement that no node can have made (it underflows) moves nothing.
            filtered.push(if evidence > f64::MIN_POSITIVE { mass } else { predicted });
        }
        let mut smoothed = filtered.clone();
        let mut gap_scores = vec![GapScore::default(); gaps.len()];
        let mut ahead = vec![1.0; n];
        for t in (0..gaps.len()).rev() {
            let gap = &gaps[t];
            let mut v: Vec<f64> =
                (0..n).map(|i| self.w[i] * likelihoods[t + 1][i] * ahead[i]).collect();
            normalise(&mut v);
            let from: Vec<f64> = (0..n).map(|i| filtered[t][i] / gap.total[i]).collect();
            let pull = toeplitz(&gap.kernel, &v);
            let evidence = dot(&from, &pull).max(f64::MIN_POSITIVE);
            let slope = dot(&from, &toeplitz(&gap.slope, &v));
            let normaliser: f64 =
                (0..n).map(|i| from[i] * pull[i] * gap.total_slope[i] / gap.total[i]).sum();
            gap_scores[t] = GapScore {
                change: if gap.far.is_empty() {
                    0.0
                } else {
                    dot(&from, &toeplitz(&gap.far, &v)) / evidence
                },
                by_innovation: (slope - normaliser) / evidence,
            };
            for i in 0..n {
                ahead[i] = pull[i] / gap.total[i];
                smoothed[t][i] = filtered[t][i] * ahead[i];
            }
            normalise(&mut smoothed[t]);
        }
        let statements = (steps.iter().zip(&smoothed))
            .map(|(step, mass)| {
                step.observations.iter().map(|o| self.score(o, mass, scales)).collect()
            })
            .collect();
        GridPosterior { log_evidence, filtered, smoothed, statements, gaps: gap_scores }
    }

    fn score(&self, o: &Observation, mass: &[f64], scales: &SmootherScales) -> StatementScore {
        let s2 = scales.observation * scales.observation + o.coded;
        let s = s2.sqrt();
        let mut score = StatementScore::default();
        for (x, m) in self.x.iter().zip(mass) {
            let e = o.y - x;
            let r2 = e * e / s2;
            let (_, tau, w) = statement(o.p_true, s, &scales.observation_shape, r2);
            score.weight += m * tau;
            score.by_offset += m * tau * w * e / s2;
            score.by_observation += m * tau * (w * r2 - 1.0);
        }
        score.by_observation *= scales.observation * scales.observation / s2;
        score
    }
}

/// The kernels of all gaps met so far at one set of scales: gaps are whole days, so most repeat.
pub(super) struct Kernels<'a> {
    nodes: &'a Nodes,
    shape: StudentT,
    scale: f64,
    change: f64,
    by_gap: BTreeMap<u64, Rc<Transition>>,
}

impl<'a> Kernels<'a> {
    pub(super) fn new(nodes: &'a Nodes, scales: &SmootherScales, change: f64) -> Self {
        let (shape, scale) = (scales.innovation_shape, scales.innovation);
        Self { nodes, shape, scale, change, by_gap: BTreeMap::new() }
    }

    fn over(&mut self, gap: f64) -> Rc<Transition> {
        let make = || self.nodes.transition(&self.shape, self.scale * gap.sqrt(), self.change);
        Rc::clone(self.by_gap.entry(gap.to_bits()).or_insert_with(|| Rc::new(make())))
    }
}

/// The Toeplitz kernel of one gap: `k(x_i − x_j)`, its derivative by the log scale, its far part,
/// and the row sums that normalise the first two on the nodes.
struct Transition {
    kernel: Vec<f64>,
    slope: Vec<f64>,
    far: Vec<f64>,
    total: Vec<f64>,
    total_slope: Vec<f64>,
}

/// What is needed of a gap to carry masses over it.
pub(super) struct Forward {
    kernel: Vec<f64>,
    total: Vec<f64>,
}

impl Forward {
    fn after(&self, w: &[f64], mass: &[f64]) -> Vec<f64> {
        let from: Vec<f64> = mass.iter().zip(&self.total).map(|(m, z)| m / z).collect();
        let mut to = toeplitz(&self.kernel, &from);
        to.iter_mut().zip(w).for_each(|(m, w)| *m *= w);
        to
    }
}

impl Transition {
    fn forward(&self, w: &[f64], mass: &[f64]) -> Vec<f64> {
        let from: Vec<f64> = mass.iter().zip(&self.total).map(|(m, z)| m / z).collect();
        let mut to = toeplitz(&self.kernel, &from);
        to.iter_mut().zip(w).for_each(|(m, w)| *m *= w);
        to
    }
}

/// `out_i = Σ_j k(i−j) v_j` for a symmetric kernel stored from `−(n−1)` to `n−1`.
fn toeplitz(kernel: &[f64], v: &[f64]) -> Vec<f64> {
    let n = v.len();
    let mut out = vec![0.0; n];
    let row = |j: usize| &kernel[n - 1 - j..2 * n - 1 - j];
    // Four columns at a time: the sums are loaded and stored a quarter as often.
    for j in (0..n / 4).map(|b| 4 * b) {
        let (v0, v1, v2, v3) = (v[j], v[j + 1], v[j + 2], v[j + 3]);
        let columns = row(j).iter().zip(row(j + 1)).zip(row(j + 2).iter().zip(row(j + 3)));
        for (o, ((k0, k1), (k2, k3))) in out.iter_mut().zip(columns) {
            *o += (k0 * v0 + k1 * v1) + (k2 * v2 + k3 * v3);
        }
    }
    for j in n / 4 * 4..n {
        for (o, k) in out.iter_mut().zip(row(j)) {
            *o += k * v[j];
        }
    }
    out
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Scales the masses to sum to one and returns what they summed to.
fn normalise(mass: &mut [f64]) -> f64 {
    let sum: f64 = mass.iter().sum();
    if sum > 0.0 {
        mass.iter_mut().for_each(|m| *m /= sum);
    }
    sum.max(f64::MIN_POSITIVE)
}
