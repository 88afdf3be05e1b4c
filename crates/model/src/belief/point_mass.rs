//! The exact filter and smoother of a short path: densities on a grid of nodes.
//!
//! # Model
//! `θ_1 ~ N(m, v)` on 0 to 100; over a gap of Δ days `p(θ'|θ) ∝ t_ν((θ'−θ)/(σ√Δ))` on 0 to 100;
//! a statement has the density `p·t_4((y−θ−o)/s)/s + (1−p)/100`, with offset `o` (bias plus
//! posture) and `s² = s_0² + sd²`. Statements of one day read one position.
//!
//! The nodes are equally spaced, so that the transition is a Toeplitz product (`toeplitz`); the ends carry
//! Gregory's corrections to the seventh difference. Where the innovation is narrower than the
//! spacing the rows, which are normalised on the nodes, still form a Markov chain on them.
//!
//! # Reference
//! Kitagawa (1987), JASA 82, 1032–1041, eqs. 2.3–2.5 (filter and smoother); Fisher's identity for
//! the gradient (Cappé, Moulines & Rydén 2005, section 10.1.6).

use std::collections::BTreeMap;
use std::rc::Rc;

use multiversion::multiversion;

use super::StudentT;
use super::toeplitz::{Factor, Fourier, FourierBuffers, Toeplitz, dot, sum};

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

/// Equally spaced nodes on 0 to 100 with Gregory's end corrections.
#[derive(Clone, Debug, PartialEq)]
pub struct Nodes {
    /// Positions, 0 to 100.
    pub x: Vec<f64>,
    /// Quadrature weights, all positive, adding up to 100.
    pub w: Vec<f64>,
    fourier: Option<Fourier>,
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
        Self { x: (0..=n).map(|i| h * i as f64).collect(), w, fourier: Fourier::of(n + 1) }
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

    /// The interval between two quantiles that leave the same on either side; closed at an end of the scale
    /// that a quantile cannot be told from.
    #[must_use]
    pub fn interval(&self, masses: &[f64], share: f64) -> [f64; 2] {
        let last = self.x.len() - 1;
        let cell = 0.5 * self.x[last] / last as f64;
        let [lo, hi] = [0.5 - 0.5 * share, 0.5 + 0.5 * share].map(|u| self.quantile(masses, u));
        [if lo < cell { 0.0 } else { lo }, if hi > self.x[last] - cell { self.x[last] } else { hi }]
    }

    /// What the pass back needs of a gap of the given scale.
    fn backward(
        &self,
        shape: &StudentT,
        scale: f64,
        change: f64,
        forward: &Forward,
        work: &mut FourierBuffers,
    ) -> Backward {
        let transformed = self.fourier.as_ref().filter(|_| forward.kernel.is_transformed());
        let r2 = |d: f64| (d / scale) * (d / scale);
        let density = |d: &f64| shape.density(r2(*d)) / scale;
        let by_scale = |d: &f64| density(d) * (shape.weight(r2(*d)) * r2(*d) - 1.0);
        let slope: Vec<f64> = self.x.iter().map(by_scale).collect();
        let slope = Toeplitz::any(&slope, transformed, work);
        // The smallest change no scale has room for: not asked, not computed.
        let far = (change <= 100.0).then(|| {
            let value = |d: &f64| if *d >= change { density(d) } else { 0.0 };
            Toeplitz::any(&self.x.iter().map(value).collect::<Vec<_>>(), transformed, work)
        });
        let weights = Factor::new(self.w.clone(), transformed, work);
        let total_slope = slope.times(&weights, transformed, work);
        let normaliser = total_slope.iter().zip(&forward.total).map(|(s, z)| s / z).collect();
        Backward { slope, far, normaliser }
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
        let mut work = FourierBuffers::default();
        let from = self.leaving(gap, masses, &mut work);
        let mut next = self.arriving(gap, &from, &mut work);
        normalise(&mut next);
        next
    }

    /// What carries masses over a gap at an innovation scale per √day.
    pub(super) fn forward(&self, shape: &StudentT, scale: f64, gap: f64) -> Forward {
        self.forward_at(shape, scale * gap.sqrt(), &mut FourierBuffers::default())
    }

    fn forward_at(&self, shape: &StudentT, scale: f64, work: &mut FourierBuffers) -> Forward {
        let density = |d: &f64| shape.density((d / scale) * (d / scale)) / scale;
        let kernel: Vec<f64> = self.x.iter().map(density).collect();
        let fourier = self.fourier.as_ref();
        let kernel = Toeplitz::falling(&kernel, fourier, work);
        let transformed = fourier.filter(|_| kernel.is_transformed());
        let weights = Factor::new(self.w.clone(), transformed, work);
        let total = kernel.times(&weights, transformed, work);
        Forward { kernel, total }
    }

    /// Masses over the row sums of a gap.
    #[inline(always)]
    fn leaving(&self, gap: &Forward, masses: &[f64], work: &mut FourierBuffers) -> Factor {
        let from = masses.iter().zip(&gap.total).map(|(m, z)| m / z).collect();
        Factor::new(from, self.fourier.as_ref().filter(|_| gap.kernel.is_transformed()), work)
    }

    /// The masses at the end of a gap.
    #[inline(always)]
    fn arriving(&self, gap: &Forward, from: &Factor, work: &mut FourierBuffers) -> Vec<f64> {
        let mut to = gap.kernel.times(from, self.fourier.as_ref(), work);
        to.iter_mut().zip(&self.w).for_each(|(m, w)| *m *= w);
        to
    }

    /// The masses once one day's statements are taken in, after a gap unless they are the first; their log evidence is
    /// added.
    #[inline(always)]
    pub(super) fn filter(
        &self,
        masses: &[f64],
        gap: Option<&Forward>,
        (step, scales): (&StatementDay, &SmootherScales),
        log_evidence: &mut f64,
        work: &mut FourierBuffers,
    ) -> Vec<f64> {
        let likelihood = self.likelihood(step, scales, log_evidence);
        let predicted = match gap {
            None => masses.to_vec(),
            Some(gap) => self.arriving(gap, &self.leaving(gap, masses, work), work),
        };
        taken_in(predicted, &likelihood, log_evidence)
    }

    /// How likely a day's statements are at each node, the largest 1; the rest comes to `log_evidence`.
    #[inline(always)]
    fn likelihood(
        &self,
        step: &StatementDay,
        scales: &SmootherScales,
        log_evidence: &mut f64,
    ) -> Vec<f64> {
        let shape = &scales.observation_shape;
        let mut l = vec![1.0; self.x.len()];
        let mut density = Vec::with_capacity(self.x.len());
        for o in &step.observations {
            let s2 = scales.observation * scales.observation + o.coded;
            let (truthful, elsewhere) = (o.p_true / s2.sqrt(), (1.0 - o.p_true) / 100.0);
            self.squares(o.y, s2, &mut density);
            shape.densities(&mut density);
            l.iter_mut().zip(&density).for_each(|(l, d)| *l *= truthful * d + elsewhere);
            // Many statements of one day must not underflow together.
            let most = largest(&l).max(f64::MIN_POSITIVE);
            let rate = 1.0 / most;
            l.iter_mut().for_each(|l| *l *= rate);
            *log_evidence += libm::log(most);
        }
        l
    }

    /// The squared distances of the nodes from `y`, in units of a variance.
    #[inline(always)]
    fn squares(&self, y: f64, s2: f64, out: &mut Vec<f64>) {
        let rate = 1.0 / s2;
        out.clear();
        out.extend(self.x.iter().map(|x| (y - x) * (y - x) * rate));
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
        smoothed(self, prior, steps, scales, kernels)
    }

    /// The log evidence of steps of any number, and the masses after the last.
    pub(super) fn evidence(
        &self,
        prior: &[f64],
        steps: &[StatementDay],
        scales: &SmootherScales,
        kernels: &mut Kernels<'_>,
    ) -> (f64, Vec<f64>) {
        evidence(self, prior, steps, scales, kernels)
    }

    /// The pass forward.
    #[inline(always)]
    fn filtered(
        &self,
        prior: &[f64],
        steps: &[StatementDay],
        scales: &SmootherScales,
        kernels: &mut Kernels<'_>,
    ) -> ForwardPass {
        let mut pass = ForwardPass::default();
        for (t, step) in steps.iter().enumerate() {
            let likelihood = self.likelihood(step, scales, &mut pass.log_evidence);
            let predicted = match t {
                0 => prior.to_vec(),
                _ => {
                    let gap = kernels.forward(step.gap);
                    let from = self.leaving(&gap, &pass.masses[t - 1], &mut kernels.work);
                    let to = self.arriving(&gap, &from, &mut kernels.work);
                    pass.gaps.push((gap, from));
                    to
                }
            };
            pass.masses.push(taken_in(predicted, &likelihood, &mut pass.log_evidence));
            pass.likelihoods.push(likelihood);
        }
        pass
    }

    /// The pass back from where the one forward ended.
    #[inline(always)]
    fn smoothed(
        &self,
        pass: ForwardPass,
        steps: &[StatementDay],
        scales: &SmootherScales,
        kernels: &mut Kernels<'_>,
    ) -> GridPosterior {
        let n = self.x.len();
        let ForwardPass { log_evidence, likelihoods, masses: filtered, gaps } = pass;
        let mut smoothed = filtered.clone();
        let mut gap_scores = vec![GapScore::default(); gaps.len()];
        let mut ahead = vec![1.0; n];
        for (t, (gap, from)) in gaps.iter().enumerate().rev() {
            let back = kernels.backward(steps[t + 1].gap, gap);
            let fourier = self.fourier.as_ref().filter(|_| gap.kernel.is_transformed());
            let parts = self.w.iter().zip(&likelihoods[t + 1]).zip(&ahead);
            let mut v: Vec<f64> = parts.map(|((w, l), a)| w * l * a).collect();
            normalise(&mut v);
            let v = Factor::new(v, fourier, &mut kernels.work);
            let pull = gap.kernel.times(&v, fourier, &mut kernels.work);
            let paired: Vec<f64> = from.values().iter().zip(&pull).map(|(f, p)| f * p).collect();
            let evidence = sum(&paired).max(f64::MIN_POSITIVE);
            let slope = back.slope.form(from, &v, fourier) - dot(&paired, &back.normaliser);
            let far = |far: &Toeplitz| (far.form(from, &v, fourier) / evidence).max(0.0);
            gap_scores[t] = GapScore {
                change: back.far.as_ref().map_or(0.0, far),
                by_innovation: slope / evidence,
            };
            for (a, (p, total)) in ahead.iter_mut().zip(pull.iter().zip(&gap.total)) {
                *a = p / total;
            }
            smoothed[t].iter_mut().zip(&ahead).for_each(|(m, a)| *m *= a);
            normalise(&mut smoothed[t]);
        }
        let statements = (steps.iter().zip(&smoothed))
            .map(|(step, mass)| {
                step.observations.iter().map(|o| self.score(o, mass, scales)).collect()
            })
            .collect();
        GridPosterior { log_evidence, filtered, smoothed, statements, gaps: gap_scores }
    }

    #[inline(always)]
    fn score(&self, o: &Observation, mass: &[f64], scales: &SmootherScales) -> StatementScore {
        let s2 = scales.observation * scales.observation + o.coded;
        let (truthful, elsewhere) = (o.p_true / s2.sqrt(), (1.0 - o.p_true) / 100.0);
        let shape = &scales.observation_shape;
        let mut r2 = Vec::with_capacity(mass.len());
        self.squares(o.y, s2, &mut r2);
        let mut density = r2.clone();
        shape.densities(&mut density);
        // The mass of the truthful component on each node, and how much it pulls there.
        let mut held = density;
        for (d, m) in held.iter_mut().zip(mass) {
            let t = truthful * *d;
            // A density that underflows carries no information on which component it came from.
            let tau = if t + elsewhere > 0.0 { t / (t + elsewhere) } else { o.p_true };
            *d = m * tau;
        }
        let pull: Vec<f64> = held.iter().zip(&r2).map(|(h, r2)| h * shape.weight(*r2)).collect();
        let weight = sum(&held);
        let by_offset = (o.y * sum(&pull) - dot(&pull, &self.x)) / s2;
        let share = scales.observation * scales.observation / s2;
        StatementScore { weight, by_offset, by_observation: (dot(&pull, &r2) - weight) * share }
    }
}

/// [`Nodes::evidence`], several nodes at a time where the processor can.
#[multiversion(targets("x86_64+avx2"))]
fn evidence(
    nodes: &Nodes,
    prior: &[f64],
    steps: &[StatementDay],
    scales: &SmootherScales,
    kernels: &mut Kernels<'_>,
) -> (f64, Vec<f64>) {
    let mut masses = prior.to_vec();
    let mut log = 0.0;
    for (t, step) in steps.iter().enumerate() {
        let gap = (t > 0).then(|| kernels.forward(step.gap));
        masses = nodes.filter(&masses, gap.as_deref(), (step, scales), &mut log, &mut kernels.work);
    }
    (log, masses)
}

/// [`Nodes::smooth_with`], likewise.
#[multiversion(targets("x86_64+avx2"))]
fn smoothed(
    nodes: &Nodes,
    prior: &[f64],
    steps: &[StatementDay],
    scales: &SmootherScales,
    kernels: &mut Kernels<'_>,
) -> GridPosterior {
    let ahead = nodes.filtered(prior, steps, scales, kernels);
    nodes.smoothed(ahead, steps, scales, kernels)
}

/// What a likelihood leaves of predicted masses; its log evidence is added.
#[inline(always)]
fn taken_in(predicted: Vec<f64>, likelihood: &[f64], log_evidence: &mut f64) -> Vec<f64> {
    let mut masses: Vec<f64> = predicted.iter().zip(likelihood).map(|(m, l)| m * l).collect();
    let evidence = normalise(&mut masses);
    *log_evidence += libm::log(evidence);
    // A statement that no node can have made (it underflows) moves nothing.
    if evidence > f64::MIN_POSITIVE { masses } else { predicted }
}

/// What the pass forward leaves for the pass back.
#[derive(Default)]
struct ForwardPass {
    log_evidence: f64,
    likelihoods: Vec<Vec<f64>>,
    masses: Vec<Vec<f64>>,
    gaps: Vec<(Rc<Forward>, Factor)>,
}

/// The kernels of all gaps met so far at one set of scales: gaps are whole days, so most repeat.
pub(super) struct Kernels<'a> {
    nodes: &'a Nodes,
    shape: StudentT,
    scale: f64,
    change: f64,
    forward: BTreeMap<u64, Rc<Forward>>,
    backward: BTreeMap<u64, Rc<Backward>>,
    work: FourierBuffers,
}

impl<'a> Kernels<'a> {
    pub(super) fn new(nodes: &'a Nodes, scales: &SmootherScales, change: f64) -> Self {
        let (shape, scale) = (scales.innovation_shape, scales.innovation);
        let (forward, backward) = (BTreeMap::new(), BTreeMap::new());
        Self { nodes, shape, scale, change, forward, backward, work: FourierBuffers::default() }
    }

    fn forward(&mut self, gap: f64) -> Rc<Forward> {
        let scale = self.scale * gap.sqrt();
        let mut make = || self.nodes.forward_at(&self.shape, scale, &mut self.work);
        Rc::clone(self.forward.entry(gap.to_bits()).or_insert_with(|| Rc::new(make())))
    }

    fn backward(&mut self, gap: f64, forward: &Forward) -> Rc<Backward> {
        let scale = self.scale * gap.sqrt();
        let (nodes, shape, change) = (self.nodes, &self.shape, self.change);
        let mut make = || nodes.backward(shape, scale, change, forward, &mut self.work);
        Rc::clone(self.backward.entry(gap.to_bits()).or_insert_with(|| Rc::new(make())))
    }
}

/// What is needed of a gap to go back over it: the derivative of its kernel `k(x_i − x_j)` by the log scale, the
/// kernel's far part if asked for, and the derivative of the logarithm of the row sums.
struct Backward {
    slope: Toeplitz,
    far: Option<Toeplitz>,
    normaliser: Vec<f64>,
}

/// What is needed of a gap to carry masses over it: the kernel, and the row sums that normalise it on the nodes.
pub(super) struct Forward {
    kernel: Toeplitz,
    total: Vec<f64>,
}

/// The largest of positive numbers.
#[inline(always)]
fn largest(v: &[f64]) -> f64 {
    let mut most = [0.0_f64; 4];
    let four = v.chunks_exact(4);
    let rest = four.remainder().iter().copied().fold(0.0, f64::max);
    for v in four {
        for k in 0..4 {
            most[k] = if v[k] > most[k] { v[k] } else { most[k] };
        }
    }
    most.into_iter().fold(rest, f64::max)
}

/// Scales the masses to sum to one and returns what they summed to.
#[inline(always)]
fn normalise(mass: &mut [f64]) -> f64 {
    let sum = sum(mass);
    if sum >= f64::MIN_POSITIVE {
        let rate = 1.0 / sum;
        mass.iter_mut().for_each(|m| *m *= rate);
    } else if sum > 0.0 {
        mass.iter_mut().for_each(|m| *m /= sum);
    }
    sum.max(f64::MIN_POSITIVE)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Calm records, ones whose position turns round by eighty points, and several statements of a day that
    /// nothing allows to be false.
    fn steps(turn: f64, p_true: f64, a_day: usize) -> Vec<StatementDay> {
        let day = |t: usize| {
            let level = if t < 12 { 10.0 } else { 10.0 + turn };
            let said = |k: usize| level + 6.0 * libm::sin((5 * t + 3 * k) as f64);
            let observations = (0..a_day).map(|k| Observation { y: said(k), coded: 9.0, p_true });
            StatementDay { gap: 1.0 + (t % 5) as f64, observations: observations.collect() }
        };
        (0..24).map(day).collect()
    }

    #[test]
    fn an_interval_has_its_share_and_ends_where_the_scale_does() {
        let nodes = Nodes::new(200);
        let [lo, hi] = nodes.interval(&nodes.gaussian(40.0, 5.0), 0.9);
        assert!(
            (lo - (40.0 - 1.645 * 5.0)).abs() < 0.05 && (hi - (40.0 + 1.645 * 5.0)).abs() < 0.05
        );
        // A tenth of the mass at the lower end, none near the upper one.
        let mut masses: Vec<f64> = nodes.gaussian(40.0, 5.0).iter().map(|m| 0.9 * m).collect();
        masses[0] += 0.1;
        let [lo, hi] = nodes.interval(&masses, 0.9);
        assert!(lo == 0.0 && (45.0..50.0).contains(&hi), "{lo} {hi}");
        let mirrored: Vec<f64> = masses.iter().rev().copied().collect();
        let [low, high] = nodes.interval(&mirrored, 0.9);
        assert!(high == 100.0 && (low - (100.0 - hi)).abs() < 1e-9, "{low} {high}");
    }

    #[test]
    fn wide_registers_change_no_bit() {
        let nodes = Nodes::new(200);
        let prior = nodes.gaussian(30.0, 20.0);
        for nu in [1.0, f64::INFINITY] {
            let scales = SmootherScales {
                innovation: 0.42,
                observation: 4.0,
                innovation_shape: StudentT::new(nu),
                observation_shape: StudentT::new(4.0),
            };
            let steps = steps(80.0, 0.8, 2);
            let wide = nodes.smooth(&prior, &steps, &scales, 10.0);
            let mut kernels = Kernels::new(&nodes, &scales, 10.0);
            let ahead = nodes.filtered(&prior, &steps, &scales, &mut kernels);
            assert!(wide == nodes.smoothed(ahead, &steps, &scales, &mut kernels), "ν = {nu}");
            let (log, masses) = nodes.evidence(&prior, &steps, &scales, &mut kernels);
            assert!(log == wide.log_evidence && Some(&masses) == wide.filtered.last());
        }
    }

    #[test]
    fn paths_through_the_transform_are_those_of_the_sums_to_a_billionth() {
        let nodes = Nodes::new(200);
        let sums = Nodes { fourier: None, ..nodes.clone() };
        let prior = nodes.gaussian(30.0, 20.0);
        let mut transformed = 0;
        for innovation in [0.1, 0.42, 2.0] {
            let scales = SmootherScales {
                innovation,
                observation: 4.0,
                innovation_shape: StudentT::new(1.5),
                observation_shape: StudentT::new(4.0),
            };
            for (turn, p_true, a_day) in
                [(0.0, 0.8, 1), (80.0, 0.8, 1), (80.0, 1.0, 1), (80.0, 1.0, 5)]
            {
                let steps = steps(turn, p_true, a_day);
                let [a, b] = [&nodes, &sums].map(|n| n.smooth(&prior, &steps, &scales, 10.0));
                let gap = nodes.forward(&scales.innovation_shape, innovation, 1.0);
                transformed += usize::from(gap.kernel.is_transformed());
                assert!((a.log_evidence - b.log_evidence).abs() < 1e-9);
                let masses = a.smoothed.iter().chain(&a.filtered);
                for (a, b) in masses.zip(b.smoothed.iter().chain(&b.filtered)) {
                    let ((mean, sd), (m, s)) = (nodes.moments(a), nodes.moments(b));
                    assert!((mean - m).abs() < 1e-9 && (sd - s).abs() < 1e-9, "{mean} for {m}");
                }
                for (a, b) in a.gaps.iter().zip(&b.gaps) {
                    assert!((a.by_innovation - b.by_innovation).abs() < 1e-8);
                    assert!((a.change - b.change).abs() < 1e-9);
                }
            }
        }
        assert!(transformed > 6, "{transformed} of 12 went through the transform");
    }
}
