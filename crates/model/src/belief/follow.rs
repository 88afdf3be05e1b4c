//! Beliefs day after day, as a record grows.
//!
//! # Model
//! What is believed on a day is a [`fit`](super::fit) of what was there by then. The pooled quantities change
//! little with one more reading among many: the points that stand for their posterior are found again while
//! there are few readings, and from then on whenever there are a fifth more, or a channel or a side is heard
//! for the first time, or what came in has left few of the points. In between the points stay where they are; each path is filtered on at each of
//! them, by what came in, and their weights follow the evidence, which is what the points are
//! weighted by in a fit as well.
//!
//! # Reference
//! Sequential reweighting of fixed points of static parameters: Chopin 2002, "A sequential particle filter
//! method for static models", Biometrika 89(3) (`chopin2002`), of which the refit is the move step.

use std::collections::BTreeMap;

use super::point_mass::{Forward, Nodes, StatementDay};
use super::pool::{BeliefComponent, Current, PooledPoint, fit_at};
use super::series::{PathSeries, Prior, Quantities, SmoothDepth};
use super::toeplitz::FourierBuffers;
use super::{BeliefError, BeliefSettings, ReadingPath, StudentT, irls};

/// Up to so many readings every day is a fit of its own: a case of the usual size never has more.
const ALWAYS: usize = 60;

/// And then a fit whenever there are so many times as many as at the last.
const GROWTH: f64 = 1.2;

/// And whenever what came in since the last is worth so little to its points: their effective number, as a share of
/// what it was (judgement). A record that turns can move scales and kind of innovation away from all of them.
const SPREAD: f64 = 0.9;

/// Means of long paths are iterated until they move by less, points.
const TOLERANCE: f64 = 1e-2;

/// What is believed of a position on a day, points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DayBelief {
    /// The mean.
    pub mean: f64,
    /// The standard deviation.
    pub sd: f64,
    /// Where it is with 90 %: see [`Nodes::interval`].
    pub within: [f64; 2],
}

/// Follows the beliefs of a case from day to day.
pub struct Follower {
    settings: BeliefSettings,
    nodes: Nodes,
    kept: Option<Kept>,
    kernels: Kernels,
    fits: usize,
}

/// What carries masses over a gap, by shape and scale of the innovation and gap: most repeat from day to day.
#[derive(Default)]
struct Kernels(BTreeMap<[u64; 3], Forward>);

impl Kernels {
    /// Kernels kept at once: ten megabytes.
    const MOST: usize = 2_000;

    fn over(&mut self, nodes: &Nodes, shape: &StudentT, scale: f64, gap: f64) -> &Forward {
        let key = [shape.nu(), scale, gap].map(f64::to_bits);
        if self.0.len() >= Self::MOST && !self.0.contains_key(&key) {
            self.0.clear();
        }
        self.0.entry(key).or_insert_with(|| nodes.forward(shape, scale, gap))
    }
}

/// What the last fit left, and where every path is since.
struct Kept {
    readings: usize,
    prior: Prior,
    points: Vec<Point>,
}

/// A point of the pooled posterior.
struct Point {
    at: Quantities,
    weight: f64,
    /// The weight that the last fit gave it.
    fitted: f64,
    tracks: Vec<Track>,
}

/// A path as far as it was filtered.
#[derive(Default)]
struct Track {
    steps: Vec<StatementDay>,
    mass: Vec<f64>,
    value: f64,
    long: Option<irls::GaussianPosterior>,
}

impl Follower {
    /// A follower that has seen nothing.
    pub fn new(settings: &BeliefSettings) -> Self {
        let nodes = Nodes::new(settings.intervals);
        Self { settings: settings.clone(), nodes, kept: None, kernels: Kernels::default(), fits: 0 }
    }

    /// The nodes on which beliefs have their masses.
    pub fn nodes(&self) -> &Nodes {
        &self.nodes
    }

    /// What is believed of a position on a day: [`Current::on`], with what is kept from other days.
    pub fn belief_on(&mut self, current: &Current, day: i32) -> DayBelief {
        let (kernels, nodes) = (&mut self.kernels, &self.nodes);
        let masses = current.carried(day, nodes, |shape, scale, gap, masses| {
            nodes.carry(kernels.over(nodes, shape, scale, gap), masses)
        });
        let (mean, sd) = nodes.moments(&masses);
        DayBelief { mean, sd, within: nodes.interval(&masses, 0.9) }
    }

    /// How many fits there were so far.
    pub fn fits(&self) -> usize {
        self.fits
    }

    /// What is believed of each path given these readings, which hold those of the call before.
    ///
    /// # Errors
    /// As [`fit`](super::fit).
    pub fn follow(&mut self, paths: &[ReadingPath]) -> Result<Vec<Current>, BeliefError> {
        let readings: usize = paths.iter().map(|p| p.readings.len()).sum();
        let prior = Prior::new(paths, &self.settings);
        let stays = self.kept.as_ref().is_some_and(|kept| {
            readings > ALWAYS
                && (readings as f64) < GROWTH * kept.readings as f64
                && kept.prior.bias == prior.bias
                && kept.prior.posture == prior.posture
                && kept.points.iter().all(|p| p.tracks.len() == paths.len() || p.tracks.is_empty())
        });
        if stays {
            for (i, path) in paths.iter().enumerate() {
                path.validate(i)?;
            }
            let followed = self.on(paths);
            if self.kept.as_ref().is_some_and(|kept| kept.spread() >= SPREAD) {
                return Ok(followed);
            }
        }
        self.fitted(paths, readings, prior)
    }

    /// A fit, whose points are kept.
    fn fitted(
        &mut self,
        paths: &[ReadingPath],
        readings: usize,
        prior: Prior,
    ) -> Result<Vec<Current>, BeliefError> {
        let (beliefs, points) = fit_at(paths, &self.settings, SmoothDepth::Evidence)?;
        self.fits += 1;
        let values: Vec<Vec<f64>> = points.iter().map(|p| p.values.clone()).collect();
        let point = |PooledPoint { weight, u, kind, .. }| {
            let at = prior.at(&u, kind, &self.settings);
            Point { at, weight, fitted: weight, tracks: Vec::new() }
        };
        let points = points.into_iter().map(point).collect();
        self.kernels.0.clear();
        let mut kept = Kept { readings, prior, points };
        let current: Vec<Current> = beliefs.paths.into_iter().map(|p| p.current).collect();
        // What the weights of the fit have seen: what comes in counts on from there.
        let counted = GROWTH * readings as f64 > ALWAYS as f64;
        let known = values.iter().all(|v| v.len() == paths.len());
        if counted && known {
            kept.start(paths, &current, &values, &self.settings, &self.nodes);
        }
        self.kept = Some(kept);
        if counted && !known {
            self.on(paths);
        }
        Ok(current)
    }

    /// Filters every path on at every point.
    fn on(&mut self, paths: &[ReadingPath]) -> Vec<Current> {
        let (settings, nodes) = (&self.settings, &self.nodes);
        let Some(kept) = &mut self.kept else { return Vec::new() };
        let mut series: Vec<PathSeries> =
            paths.iter().map(|p| PathSeries::new(p, &kept.prior, settings, nodes)).collect();
        for point in &mut kept.points {
            let at = &point.at;
            let before: f64 = point.tracks.iter().map(|t| t.value).sum();
            // The weights of the fit hold the evidence of what it had seen.
            let first = point.tracks.is_empty();
            point.tracks.resize_with(paths.len(), Track::default);
            for (series, track) in series.iter_mut().zip(&mut point.tracks) {
                series.place(at);
                if series.steps == track.steps && !track.mass.is_empty() {
                    continue;
                }
                if series.exact {
                    track.advance(series, &at.scales, nodes, &mut self.kernels);
                } else {
                    let (m, sd) = (series.prior_mean, series.prior_sd);
                    let start = track.long.take();
                    let q = irls::smooth(m, sd, &series.steps, &at.scales, start, TOLERANCE);
                    let last = q.mean.last().zip(q.var.last());
                    let (mean, sd) = last.map_or((m, sd), |(m, v)| (m.clamp(0.0, 100.0), v.sqrt()));
                    track.mass = nodes.gaussian(mean, sd);
                    // A bound is no evidence: a path that turns long says nothing more of the points.
                    track.long = Some(q);
                    track.steps.clone_from(&series.steps);
                }
            }
            let gain: f64 = point.tracks.iter().map(|t| t.value).sum::<f64>() - before;
            if !first && gain.is_finite() {
                point.weight *= libm::exp(gain.clamp(-300.0, 300.0));
            }
        }
        let most = kept.points.iter().map(|p| p.weight).fold(f64::MIN_POSITIVE, f64::max);
        kept.points.iter_mut().for_each(|p| p.weight /= most);
        let total: f64 = kept.points.iter().map(|p| p.weight).sum();
        kept.points.iter_mut().for_each(|p| p.weight /= total);
        let current = |(k, series): (usize, &PathSeries)| {
            let of =
                |p: &Point| BeliefComponent::new(p.weight, p.tracks[k].mass.clone(), &p.at.scales);
            Current::new(series.days.last().copied(), kept.points.iter().map(of).collect())
        };
        series.iter().enumerate().map(current).collect()
    }
}

impl Kept {
    /// Puts every exact path where the fit left it at each point. A long one is smoothed anew as soon as it is followed.
    fn start(
        &mut self,
        paths: &[ReadingPath],
        current: &[Current],
        values: &[Vec<f64>],
        settings: &BeliefSettings,
        nodes: &Nodes,
    ) {
        for (k, (path, current)) in paths.iter().zip(current).enumerate() {
            let mut series = PathSeries::new(path, &self.prior, settings, nodes);
            for ((point, values), mass) in
                self.points.iter_mut().zip(values).zip(current.masses_at())
            {
                let mut track = Track::default();
                if series.exact {
                    series.place(&point.at);
                    track.steps.clone_from(&series.steps);
                    (track.mass, track.value) = (mass.to_vec(), values[k]);
                }
                point.tracks.push(track);
            }
        }
    }

    /// The effective number of points since the fit, as a share of that at it: one where what came in is as likely at
    /// each.
    fn spread(&self) -> f64 {
        let square = |p: &Point| if p.fitted > 0.0 { p.weight * p.weight / p.fitted } else { 0.0 };
        1.0 / self.points.iter().map(square).sum::<f64>()
    }
}

impl Track {
    /// Filters an exact path to its end, from where it stands if what came before is the same.
    fn advance(
        &mut self,
        series: &PathSeries,
        scales: &super::point_mass::SmootherScales,
        nodes: &Nodes,
        kernels: &mut Kernels,
    ) {
        let done = self.steps.len();
        let from = match series.steps.get(..done) {
            Some(same) if same == self.steps && !self.mass.is_empty() => done,
            _ => {
                self.value = 0.0;
                self.mass = series.prior.clone();
                0
            }
        };
        let (shape, scale) = (&scales.innovation_shape, scales.innovation);
        let mut work = FourierBuffers::default();
        for (t, step) in series.steps.iter().enumerate().skip(from) {
            let kernel = (t > 0).then(|| kernels.over(nodes, shape, scale, step.gap));
            self.mass =
                nodes.filter(&self.mass, kernel, (step, scales), &mut self.value, &mut work);
        }
        self.steps.clone_from(&series.steps);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Reading, ReadingKind, fit};
    use super::*;

    fn reading(id: usize, value: f64) -> Reading {
        Reading {
            id,
            day: 3 * id as i32,
            value,
            sd: 4.0,
            p_true: 0.8,
            kind: ReadingKind::Ideal,
            channel: id % 2,
            audience: 0,
            origin: id,
            direction: 0.0,
        }
    }

    /// Three paths that are heard in turn; the first turns round in the middle.
    fn paths(readings: usize) -> Vec<ReadingPath> {
        let wave = |k: usize| 12.0 * libm::sin(k as f64 * 1.7);
        (0..3)
            .map(|p| ReadingPath {
                prior_mean: 50.0,
                prior_sd: 20.0,
                side: p % 2,
                readings: (0..readings)
                    .filter(|k| k % 3 == p)
                    .map(|k| {
                        let turned = if p == 0 && k > 45 { 25.0 } else { 0.0 };
                        reading(k, 35.0 + 10.0 * p as f64 + turned + wave(k))
                    })
                    .collect(),
            })
            .collect()
    }

    #[test]
    fn a_path_that_turns_long_keeps_what_it_said_of_the_points() {
        let settings = BeliefSettings { intervals: 64, ..BeliefSettings::default() };
        let said = |k: usize| reading(k, 40.0 + libm::sin(k as f64 * 1.7));
        let path = |n: usize| ReadingPath {
            prior_mean: 50.0,
            prior_sd: 20.0,
            side: 0,
            readings: (0..n).map(said).collect(),
        };
        let mut follower = Follower::new(&settings);
        for n in [settings.exact_up_to - 3, settings.exact_up_to, settings.exact_up_to + 1] {
            let kept = |follower: &Follower| -> Vec<f64> {
                follower.kept.iter().flat_map(|k| &k.points).map(|p| p.weight).collect()
            };
            let before = kept(&follower);
            follower.follow(&[path(n)]).unwrap();
            assert_eq!(follower.fits(), 1, "{n} readings");
            let turned = n > settings.exact_up_to;
            let alike = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-9 * b;
            assert!(!turned || kept(&follower).iter().zip(&before).all(alike));
        }
    }

    #[test]
    fn following_is_fitting_while_readings_are_few_and_near_it_after() {
        let settings = BeliefSettings { intervals: 64, ..BeliefSettings::default() };
        let mut follower = Follower::new(&settings);
        let mut worst = 0.0_f64;
        for n in (3..=90).step_by(3) {
            let paths = paths(n);
            let followed = follower.follow(&paths).unwrap();
            let fitted = fit(&paths, &settings).unwrap();
            for (a, b) in followed.iter().zip(&fitted.paths) {
                let day = 3 * n as i32 + 5;
                let DayBelief { mean, sd, .. } = follower.belief_on(a, day);
                let (m, s) = fitted.nodes.moments(&b.current.on(day, &fitted.nodes));
                if n <= ALWAYS {
                    assert_eq!((mean, sd), (m, s), "{n} readings");
                }
                worst = worst.max((mean - m).abs()).max((sd - s).abs());
            }
        }
        assert!(follower.fits() < 26, "{} fits of 30", follower.fits());
        assert!(worst < 1.25, "{worst} points from the fit");
    }
}
