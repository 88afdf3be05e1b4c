//! Scales and biases pooled over a case, and the paths averaged over what is not known of them.
//!
//! # Model
//! The pooled quantities, in units of their priors' sd, `u = (ln σ, ln s_0, b_1.., π_1..)`, have
//! the prior `N(0, I)`; bias `b` belongs to a channel and audience, posture `π` to a side. Their
//! posterior is approximated as Gaussian at its mode (BFGS on the paths' log evidence, Fisher's
//! identity for the gradient), once for each kind of innovation, and the paths are averaged over points about it, each weighted by its
//! posterior density with the spread of the biases integrated out (`design`). The points are so
//! turned that each moves every quantity by about one sd instead of a single one by √d.
//!
//! # Reference
//! Rue, Martino & Chopin (2009), JRSS B 71, 319–392, section 3 (Laplace approximation and design
//! points for few hyperparameters).

use std::collections::BTreeMap;

use super::design::Design;
use super::laplace::{dot, identity, inverse_factor, update};
use super::point_mass::{Kernels, Nodes, SmootherScales};
use super::series::{PathSeries, Prior, SmoothDepth, SmoothPath};
use super::{BeliefError, BeliefSettings, ReadingPath, StudentT, irls};

/// Of a larger case only every k-th path, together about this many readings, sets the scales and
/// biases: they are then known far better than any single path.
const POOLED_READINGS: usize = 2_000;
/// Means of a long path are iterated until they move by less, points: little where scales and biases
/// are sought, since slopes are differenced, and enough for the eye where they are known.
const TOLERANCE: (f64, f64) = (1e-7, 1e-2);

/// Mean and standard deviation of a position on a day, points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BeliefPoint {
    /// Day number.
    pub day: i32,
    /// Mean, 0 to 100.
    pub mean: f64,
    /// Standard deviation.
    pub sd: f64,
}

/// What the case says of a pooled quantity: mean and standard deviation (of the logarithm, for a
/// scale, whose `mean` is then the median).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PooledEstimate {
    /// Mean, or median of a scale, points.
    pub mean: f64,
    /// Standard deviation, points, or of the logarithm.
    pub sd: f64,
}

/// The pooled scales, biases and posture offsets.
#[derive(Clone, Debug, PartialEq)]
pub struct Hyper {
    /// Innovation per √day, as the sd of a Gaussian with the same median move.
    pub innovation: PooledEstimate,
    /// Degrees of freedom of each kind of innovation, and how likely it is.
    pub kinds: Vec<(f64, f64)>,
    /// Observation scale beside the coded range.
    pub observation: PooledEstimate,
    /// Bias of each `(channel, audience)`.
    pub bias: BTreeMap<(usize, usize), PooledEstimate>,
    /// Posture offset of each side that made a demand.
    pub posture: BTreeMap<usize, PooledEstimate>,
}

/// What is believed of one actor on one issue.
#[derive(Clone, Debug, PartialEq)]
pub struct PathBelief {
    /// Smoothed position on each day with a counted reading.
    pub smoothed: Vec<BeliefPoint>,
    /// `(id, weight)` of each reading, in the order given: responsibility of the truthful
    /// component; 0 for one that does not count because its origin already does.
    pub weights: Vec<(usize, f64)>,
    /// For each gap between days, the probability of a change.
    pub changes: Vec<f64>,
    /// The position after the last reading.
    pub current: Current,
}

/// The belief after the last reading, which drifts on without further ones.
#[derive(Clone, Debug, PartialEq)]
pub struct Current {
    /// Day of the last reading; `None` if there is none and the prior stands.
    pub day: Option<i32>,
    /// One for each point of the pooled posterior.
    components: Vec<BeliefComponent>,
}

/// The belief at one point of the pooled posterior, and the innovation that carries it on.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct BeliefComponent {
    weight: f64,
    masses: Vec<f64>,
    shape: StudentT,
    scale: f64,
}

impl BeliefComponent {
    pub(super) fn new(weight: f64, masses: Vec<f64>, scales: &SmootherScales) -> Self {
        Self { weight, masses, shape: scales.innovation_shape, scale: scales.innovation }
    }
}

/// The beliefs of a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Beliefs {
    /// One for each path, in the order given.
    pub paths: Vec<PathBelief>,
    /// The pooled quantities.
    pub hyper: Hyper,
    /// The nodes on which the current beliefs have their masses.
    pub nodes: Nodes,
}

impl Current {
    pub(super) fn new(day: Option<i32>, components: Vec<BeliefComponent>) -> Self {
        Self { day, components }
    }

    /// Masses on the nodes on `day`: the last posterior, carried on by one innovation over the days
    /// since. Before the last reading, and for a path without readings, nothing is carried on.
    #[must_use]
    pub fn on(&self, day: i32, nodes: &Nodes) -> Vec<f64> {
        self.carried(day, nodes, |shape, scale, gap, masses| {
            nodes.carry(&nodes.forward(shape, scale, gap), masses)
        })
    }

    /// Masses on the nodes after the last reading, at each point of the pooled posterior.
    pub(super) fn masses_at(&self) -> impl Iterator<Item = &[f64]> {
        self.components.iter().map(|c| &c.masses[..])
    }

    /// As [`Self::on`], with `carry(shape, scale, gap, masses)` for the innovation over a gap.
    pub(super) fn carried(
        &self,
        day: i32,
        nodes: &Nodes,
        mut carry: impl FnMut(&StudentT, f64, f64, &[f64]) -> Vec<f64>,
    ) -> Vec<f64> {
        let since = self.day.map_or(0.0, |d| f64::from(day) - f64::from(d));
        let mut sum = vec![0.0; nodes.x.len()];
        for c in &self.components {
            let later = match since > 0.0 {
                true => carry(&c.shape, c.scale, since, &c.masses),
                false => c.masses.clone(),
            };
            sum.iter_mut().zip(later).for_each(|(s, m)| *s += c.weight * m);
        }
        sum
    }

    /// Masses on the nodes on the day of the last reading: the filtered posterior.
    #[must_use]
    pub fn masses(&self, nodes: &Nodes) -> Vec<f64> {
        self.on(self.day.unwrap_or(0), nodes)
    }
}

/// The log posterior of the pooled quantities under one kind of innovation, and its gradient, with the
/// long paths' last posteriors as the next start.
struct Objective<'a> {
    kind: usize,
    series: Vec<PathSeries>,
    starts: Vec<Option<irls::GaussianPosterior>>,
    prior: &'a Prior,
    settings: &'a BeliefSettings,
    nodes: &'a Nodes,
    tolerance: f64,
}

impl Objective<'_> {
    fn at(&mut self, u: &[f64]) -> (f64, Vec<f64>) {
        let (value, slope, _) = self.smoothed(u, SmoothDepth::Slopes);
        (value, slope)
    }

    /// Value and gradient with the paths they come from.
    fn smoothed(&mut self, u: &[f64], depth: SmoothDepth) -> (f64, Vec<f64>, Vec<SmoothPath>) {
        let at = self.prior.at(u, self.kind, self.settings);
        let change = if depth == SmoothDepth::Paths { self.settings.change } else { f64::INFINITY };
        let mut kernels = Kernels::new(self.nodes, &at.scales, change);
        let mut paths = Vec::with_capacity(self.series.len());
        let mut value: f64 = u.iter().map(|u| -0.5 * u * u).sum();
        let mut slope = vec![0.0; u.len()];
        for (series, start) in self.series.iter_mut().zip(&mut self.starts) {
            let mut s = series.smooth(
                &at,
                self.settings,
                &mut kernels,
                self.nodes,
                (start.take(), self.tolerance),
                depth,
            );
            value += s.value;
            slope[0] += s.gaps.iter().map(|m| m.by_innovation).sum::<f64>();
            for (score, c) in s.statements.iter().zip(&series.counted) {
                slope[1] += score.by_observation;
                slope[c.bias] += score.by_offset;
                if let Some((i, to)) = c.posture {
                    slope[i] += to * score.by_offset;
                }
            }
            *start = s.long.take();
            paths.push(s);
        }
        let by_u = (0..u.len()).map(|i| slope[i] * self.prior.sd[i] - u[i]).collect();
        (value, by_u, paths)
    }

    /// The mode, by BFGS with halving steps from `u`.
    fn mode(&mut self, mut u: Vec<f64>) -> Vec<f64> {
        let d = u.len();
        let (mut value, mut slope) = self.at(&u);
        let mut inverse = identity(d);
        for round in 0..60 {
            if slope.iter().all(|g| g.abs() < 1e-3) {
                break;
            }
            let mut step: Vec<f64> = inverse.iter().map(|row| dot(row, &slope)).collect();
            if dot(&step, &slope) <= 0.0 {
                inverse = identity(d);
                step.clone_from(&slope);
            }
            // No quantity moves by more than one prior sd at once.
            let longest = step.iter().fold(0.0_f64, |a, s| a.max(s.abs()));
            step.iter_mut().for_each(|s| *s /= longest.max(1.0));
            let mut taken = None;
            for _ in 0..12 {
                let next: Vec<f64> = u.iter().zip(&step).map(|(u, s)| u + s).collect();
                let (v, g) = self.at(&next);
                if v >= value + 1e-4 * dot(&step, &slope) {
                    taken = Some((next, v, g));
                    break;
                }
                step.iter_mut().for_each(|s| *s *= 0.5);
            }
            let Some((next, v, g)) = taken else { break };
            let change: Vec<f64> = slope.iter().zip(&g).map(|(a, b)| a - b).collect();
            update(&mut inverse, &step, &change, round == 0);
            let gain = v - value;
            (u, value, slope) = (next, v, g);
            if gain < 1e-7 {
                break;
            }
        }
        u
    }

    /// The curvature of the log posterior at the mode, positive definite.
    fn curvature(&mut self, mode: &[f64]) -> Vec<Vec<f64>> {
        const H: f64 = 0.05;
        let d = mode.len();
        let mut curvature = vec![vec![0.0; d]; d];
        for i in 0..d {
            let mut u = mode.to_vec();
            u[i] += H;
            let above = self.at(&u).1;
            u[i] -= 2.0 * H;
            let below = self.at(&u).1;
            for j in 0..d {
                let c = (below[j] - above[j]) / (2.0 * H);
                curvature[i][j] += 0.5 * c;
                curvature[j][i] += 0.5 * c;
            }
        }
        // The prior's own curvature is 1; a mixture can bend the evidence the other way, and the
        // covariance must not exceed the prior's for that.
        let mut lift = 0.0;
        while inverse_factor(&curvature).is_none() {
            let more = if lift == 0.0 { 0.1 } else { lift };
            (0..d).for_each(|i| curvature[i][i] += more);
            lift += more;
        }
        curvature
    }

    /// What the bounds of long paths leave out of the log evidence, at the mode. A bound is nearer to the evidence the
    /// lighter the tail, so kinds of innovation cannot be told apart by it.
    fn beyond_bounds(&mut self, mode: &[f64]) -> f64 {
        if self.prior.innovations.len() == 1 || self.series.iter().all(|s| s.exact) {
            return 0.0;
        }
        let paths = self.smoothed(mode, SmoothDepth::Evidence).2;
        let scales = self.prior.at(mode, self.kind, self.settings).scales;
        let mut kernels = Kernels::new(self.nodes, &scales, f64::INFINITY);
        let mut gap = |(s, path): (&PathSeries, &SmoothPath)| {
            self.nodes.evidence(&s.prior, &s.steps, &scales, &mut kernels).0 - path.value
        };
        self.series.iter().zip(&paths).filter(|(s, _)| !s.exact).map(&mut gap).sum()
    }

    /// Points that stand for the posterior of the pooled quantities, weights adding up to one, with what is
    /// wanted of the paths at each. What the weights of a kind of innovation add up to is its evidence.
    fn design(&mut self, depth: SmoothDepth) -> Vec<PooledNode> {
        let mut mode = vec![0.0; self.prior.mean.len()];
        let mut nodes: Vec<PooledNode> = Vec::new();
        for kind in 0..self.prior.innovations.len() {
            self.kind = kind;
            mode = self.mode(mode);
            nodes.extend(self.of_kind(&mode, depth));
        }
        let most = nodes.iter().map(|p| p.weight).fold(f64::NEG_INFINITY, f64::max);
        nodes.iter_mut().for_each(|p| p.weight = libm::exp(p.weight - most));
        to_one(&mut nodes);
        nodes
    }

    /// Those of one kind of innovation, with the logarithms of their weights.
    fn of_kind(&mut self, mode: &[f64], depth: SmoothDepth) -> Vec<PooledNode> {
        let curvature = self.curvature(mode);
        let design = Design::new(mode, curvature, self.prior, self.settings.bias_learned);
        let points = design.points();
        let offset = self.beyond_bounds(mode) - libm::log(points.len() as f64);
        let kind = self.kind;
        let node = |u: Vec<f64>| {
            let (value, _, paths) = self.smoothed(&u, depth);
            PooledNode { weight: design.weight(&u, value) + offset, u, kind, paths }
        };
        points.into_iter().map(node).collect()
    }
}

impl Objective<'_> {
    /// The mean of the design, and every path smoothed there under the kind of innovation of its first point.
    fn centre(&mut self, design: &[PooledNode]) -> (Vec<f64>, Vec<SmoothPath>) {
        let mean = |i: usize| design.iter().map(|n| n.weight * n.u[i]).sum();
        let u: Vec<f64> = (0..self.prior.mean.len()).map(mean).collect();
        self.kind = design.first().map_or(0, |n| n.kind);
        let paths = self.smoothed(&u, SmoothDepth::Paths).2;
        (u, paths)
    }

    /// The paths at another point, to first order: a path moves against each offset by the share of
    /// its evidence that carries it. For cases so large that smoothing them at every point would
    /// take too long; their scales are known well enough.
    fn shifted(&self, u: &[f64], (centre, paths): &(Vec<f64>, Vec<SmoothPath>)) -> Vec<SmoothPath> {
        let by = |i: usize| self.prior.sd[i] * (u[i] - centre[i]);
        let spread = libm::exp(2.0 * (self.prior.mean[1] + self.prior.sd[1] * centre[1]));
        (self.series.iter().zip(paths))
            .map(|(series, path)| {
                let (mut shift, mut total) = (0.0, 0.0);
                let observations = series.steps.iter().flat_map(|s| &s.observations);
                for ((c, t), o) in series.counted.iter().zip(&path.statements).zip(observations) {
                    let weight = t.weight / (spread + o.coded);
                    total += weight;
                    shift += weight * (by(c.bias) + c.posture.map_or(0.0, |(i, to)| to * by(i)));
                }
                path.shifted_by(if total > 0.0 { -shift / total } else { 0.0 }, self.nodes)
            })
            .collect()
    }
}

/// One point of the pooled posterior under one kind of innovation, and the paths smoothed there.
struct PooledNode {
    weight: f64,
    u: Vec<f64>,
    kind: usize,
    paths: Vec<SmoothPath>,
}

/// Scales the weights to add up to one.
fn to_one(nodes: &mut [PooledNode]) {
    let total: f64 = nodes.iter().map(|p| p.weight).sum();
    nodes.iter_mut().for_each(|p| p.weight /= total);
}

/// How likely each kind of innovation is.
fn kinds(design: &[PooledNode], count: usize) -> Vec<f64> {
    let of = |kind| design.iter().filter(|n| n.kind == kind).map(|n| n.weight).sum::<f64>();
    // The sum may round to just above one.
    (0..count).map(|kind| of(kind).min(1.0)).collect()
}

/// Leaves the likeliest kind of innovation, the first of equals. The record of a large case tells kinds apart, or its
/// moves are so small that they do not matter.
fn keep_likeliest(design: &mut Vec<PooledNode>, kinds: &[f64]) {
    let better = |best: usize, kind: usize| if kinds[kind] > kinds[best] { kind } else { best };
    let likeliest = (0..kinds.len()).fold(0, better);
    design.retain(|n| n.kind == likeliest);
    to_one(design);
}

/// The beliefs of a case: every path given every reading, scales and biases pooled.
///
/// Cut the record at a date for the beliefs as of that date: nothing here looks at a clock, and
/// the current belief of each path is then its filtered one.
///
/// # Errors
/// A value outside its range, or readings out of order.
pub fn fit(paths: &[ReadingPath], settings: &BeliefSettings) -> Result<Beliefs, BeliefError> {
    Ok(fit_at(paths, settings, SmoothDepth::Paths)?.0)
}

/// A point of the pooled posterior: weight, quantities and kind of innovation, and the log evidence of every path there,
/// none in a case so large that not all of them are smoothed at each point.
pub(super) struct PooledPoint {
    pub(super) weight: f64,
    pub(super) u: Vec<f64>,
    pub(super) kind: usize,
    pub(super) values: Vec<f64>,
}

/// As [`fit`], with the points that stand for the posterior of the pooled quantities. Where only the evidence is
/// wanted, nothing but the current beliefs is there of the paths.
pub(super) fn fit_at(
    paths: &[ReadingPath],
    settings: &BeliefSettings,
    depth: SmoothDepth,
) -> Result<(Beliefs, Vec<PooledPoint>), BeliefError> {
    settings.validate()?;
    for (i, path) in paths.iter().enumerate() {
        path.validate(i)?;
    }
    let nodes = Nodes::new(settings.intervals);
    let prior = Prior::new(paths, settings);
    let objective = |every: usize, tolerance: f64| {
        let prepare = |path: &ReadingPath| PathSeries::new(path, &prior, settings, &nodes);
        let series: Vec<PathSeries> = paths.iter().step_by(every).map(prepare).collect();
        let starts = series.iter().map(|_| None).collect();
        Objective { kind: 0, series, starts, prior: &prior, settings, nodes: &nodes, tolerance }
    };
    let readings: usize = paths.iter().map(|p| p.readings.len()).sum();
    let every = readings.div_ceil(POOLED_READINGS).max(1);
    let mut pooled = objective(every, TOLERANCE.0);
    let mut design = pooled.design(depth);
    let mut all = if every == 1 { pooled } else { objective(1, TOLERANCE.1) };
    let mut sums: Vec<PathSum> =
        (paths.iter().zip(&all.series)).map(|(p, s)| PathSum::new(p, s)).collect();
    let kinds = kinds(&design, settings.nu_innovation.len());
    let centre = (every > 1).then(|| {
        keep_likeliest(&mut design, &kinds);
        all.centre(&design)
    });
    let values = |n: &PooledNode| match centre {
        None => n.paths.iter().map(|p| p.value).collect(),
        Some(_) => Vec::new(),
    };
    let values: Vec<Vec<f64>> = design.iter().map(values).collect();
    for node in &mut design {
        let smoothed = match &centre {
            None => std::mem::take(&mut node.paths),
            Some(centre) => all.shifted(&node.u, centre),
        };
        let scales = prior.at(&node.u, node.kind, settings).scales;
        for ((sum, series), s) in sums.iter_mut().zip(&all.series).zip(&smoothed) {
            sum.add(node.weight, &scales, s);
            sum.tell(node.weight, series, s);
        }
    }
    // At the shifted points nothing new is said of the statements.
    if let Some((_, paths)) = &centre {
        for ((sum, series), s) in sums.iter_mut().zip(&all.series).zip(paths) {
            sum.tell(1.0, series, s);
        }
    }
    let paths = sums.into_iter().zip(&all.series).map(|(sum, series)| sum.finish(series)).collect();
    let beliefs = Beliefs { paths, hyper: hyper(&design, &prior, kinds), nodes };
    let point =
        |(PooledNode { weight, u, kind, .. }, values)| PooledPoint { weight, u, kind, values };
    Ok((beliefs, design.into_iter().zip(values).map(point).collect()))
}

/// One path, averaged over the points that stand for the pooled quantities.
struct PathSum {
    moments: Vec<(f64, f64)>,
    weights: Vec<(usize, f64)>,
    changes: Vec<f64>,
    components: Vec<BeliefComponent>,
}

impl PathSum {
    fn new(path: &ReadingPath, series: &PathSeries) -> Self {
        let n = series.steps.len();
        Self {
            moments: vec![(0.0, 0.0); n],
            weights: path.readings.iter().map(|r| (r.id, 0.0)).collect(),
            changes: vec![0.0; n.saturating_sub(1)],
            components: Vec::new(),
        }
    }

    fn add(&mut self, weight: f64, scales: &SmootherScales, s: &SmoothPath) {
        for ((first, second), (mean, sd)) in self.moments.iter_mut().zip(&s.moments) {
            *first += weight * mean;
            *second += weight * (mean * mean + sd * sd);
        }
        self.components.push(BeliefComponent::new(weight, s.last.clone(), scales));
    }

    fn tell(&mut self, weight: f64, series: &PathSeries, s: &SmoothPath) {
        for (score, c) in s.statements.iter().zip(&series.counted) {
            self.weights[c.index].1 += weight * score.weight;
        }
        self.changes.iter_mut().zip(&s.gaps).for_each(|(c, m)| *c += weight * m.change);
    }

    fn finish(self, series: &PathSeries) -> PathBelief {
        let point = |(&day, (mean, square)): (&i32, (f64, f64))| {
            let sd = (square - mean * mean).max(0.0).sqrt();
            BeliefPoint { day, mean, sd }
        };
        PathBelief {
            smoothed: series.days.iter().zip(self.moments).map(point).collect(),
            weights: self.weights,
            changes: self.changes,
            current: Current::new(series.days.last().copied(), self.components),
        }
    }
}

fn hyper(design: &[PooledNode], prior: &Prior, kinds: Vec<f64>) -> Hyper {
    let of = |i: usize| {
        let mean: f64 = design.iter().map(|n| n.weight * n.u[i]).sum();
        let square = |u: f64| (u - mean) * (u - mean);
        let var: f64 = design.iter().map(|n| n.weight * square(n.u[i])).sum();
        PooledEstimate { mean: prior.mean[i] + prior.sd[i] * mean, sd: prior.sd[i] * var.sqrt() }
    };
    let scale = |i: usize| PooledEstimate { mean: libm::exp(of(i).mean), ..of(i) };
    let nu = prior.innovations.iter().map(|kind| kind.shape.nu());
    Hyper {
        innovation: scale(0),
        kinds: nu.zip(kinds).collect(),
        observation: scale(1),
        bias: prior.bias.iter().map(|(g, i)| (*g, of(*i))).collect(),
        posture: prior.posture.iter().map(|(s, i)| (*s, of(*i))).collect(),
    }
}

/// The filtered paths: at each day with a reading, the belief refitted, scales and biases
/// included, on the readings up to that day. For each path, a point on each of its days.
///
/// This is one [`fit`] for each distinct day; a forecast needs only the last, which `fit` gives.
///
/// # Errors
/// As [`fit`].
pub fn filtered(
    paths: &[ReadingPath],
    settings: &BeliefSettings,
) -> Result<Vec<Vec<BeliefPoint>>, BeliefError> {
    let mut days: Vec<i32> = paths.iter().flat_map(|p| p.readings.iter().map(|r| r.day)).collect();
    days.sort_unstable();
    days.dedup();
    let mut out = vec![Vec::new(); paths.len()];
    for day in days {
        let known: Vec<ReadingPath> = (paths.iter())
            .map(|p| {
                let readings = p.readings.iter().filter(|r| r.day <= day).cloned().collect();
                ReadingPath { readings, ..p.clone() }
            })
            .collect();
        let beliefs = fit(&known, settings)?;
        for ((out, path), belief) in out.iter_mut().zip(&known).zip(&beliefs.paths) {
            if path.readings.last().is_some_and(|r| r.day == day) {
                let masses = belief.current.on(day, &beliefs.nodes);
                let (mean, sd) = beliefs.nodes.moments(&masses);
                out.push(BeliefPoint { day, mean, sd });
            }
        }
    }
    Ok(out)
}
