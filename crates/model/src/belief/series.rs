//! A path prepared for the smoothers, and what either of them makes of it.

use std::collections::BTreeMap;

use super::point_mass::{
    GapScore, Kernels, Nodes, Observation, SmootherScales, StatementDay, StatementScore,
};
use super::{BeliefSettings, ReadingKind, ReadingPath, StudentT, irls};

/// One counted reading: where its offset is found, and what is left when it is taken off.
pub(super) struct CountedReading {
    pub(super) index: usize,
    pub(super) value: f64,
    pub(super) bias: usize,
    pub(super) posture: Option<(usize, f64)>,
}

/// A path prepared for the smoothers.
pub(super) struct PathSeries {
    pub(super) prior_mean: f64,
    pub(super) prior_sd: f64,
    pub(super) days: Vec<i32>,
    pub(super) steps: Vec<StatementDay>,
    pub(super) counted: Vec<CountedReading>,
    pub(super) prior: Vec<f64>,
    pub(super) exact: bool,
}

/// What is asked of a smoother: how likely the readings are, its slopes as well, or the paths, too.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum SmoothDepth {
    Evidence,
    Slopes,
    Paths,
}

/// What both smoothers give back; what was not asked for is empty.
#[derive(Default)]
pub(super) struct SmoothPath {
    pub(super) value: f64,
    pub(super) moments: Vec<(f64, f64)>,
    pub(super) last: Vec<f64>,
    pub(super) statements: Vec<StatementScore>,
    pub(super) gaps: Vec<GapScore>,
    pub(super) long: Option<irls::GaussianPosterior>,
}

/// A kind of innovation that a case may have.
pub(super) struct Innovation {
    pub(super) shape: StudentT,
    /// Its scale where that of the Gaussian is one.
    ratio: f64,
}

/// The prior of the pooled quantities: their names in order are σ, s_0, biases, postures. Each kind of innovation is
/// equally likely.
pub(super) struct Prior {
    pub(super) innovations: Vec<Innovation>,
    pub(super) mean: Vec<f64>,
    pub(super) sd: Vec<f64>,
    pub(super) bias: BTreeMap<(usize, usize), usize>,
    pub(super) posture: BTreeMap<usize, usize>,
}

/// The quantities at `u` prior sds from the prior mean, under one kind of innovation.
pub(super) struct Quantities {
    pub(super) scales: SmootherScales,
    pub(super) h: Vec<f64>,
}

impl Prior {
    pub(super) fn new(paths: &[ReadingPath], settings: &BeliefSettings) -> Self {
        let kind = |nu: &f64| {
            let shape = StudentT::new(*nu);
            Innovation { shape, ratio: shape.scale_like_gaussian() }
        };
        let mut prior = Self {
            innovations: settings.nu_innovation.iter().map(kind).collect(),
            mean: vec![
                libm::log(settings.innovation.median),
                libm::log(settings.observation.median),
            ],
            sd: vec![settings.innovation.log_sd, settings.observation.log_sd],
            bias: BTreeMap::new(),
            posture: BTreeMap::new(),
        };
        for (path, r) in paths.iter().flat_map(|p| p.readings.iter().map(move |r| (p, r))) {
            prior.bias.insert((r.channel, r.audience), 0);
            if r.kind == ReadingKind::Demand && r.direction != 0.0 {
                prior.posture.insert(path.side, 0);
            }
        }
        for at in prior.bias.values_mut() {
            *at = prior.mean.len();
            prior.mean.push(0.0);
            prior.sd.push(settings.bias_sd);
        }
        for at in prior.posture.values_mut() {
            *at = prior.mean.len();
            prior.mean.push(settings.posture_mean);
            prior.sd.push(settings.posture_sd);
        }
        prior
    }

    pub(super) fn at(&self, u: &[f64], kind: usize, settings: &BeliefSettings) -> Quantities {
        let kind = &self.innovations[kind];
        let h: Vec<f64> = (0..u.len()).map(|i| self.mean[i] + self.sd[i] * u[i]).collect();
        let scales = SmootherScales {
            innovation: libm::exp(h[0]) * kind.ratio,
            observation: libm::exp(h[1]),
            innovation_shape: kind.shape,
            observation_shape: StudentT::new(settings.nu_observation),
        };
        Quantities { scales, h }
    }
}

impl PathSeries {
    pub(super) fn new(
        path: &ReadingPath,
        prior: &Prior,
        settings: &BeliefSettings,
        nodes: &Nodes,
    ) -> Self {
        let mut series = Self {
            prior_mean: path.prior_mean,
            prior_sd: path.prior_sd,
            days: Vec::new(),
            steps: Vec::new(),
            counted: Vec::new(),
            prior: nodes.gaussian(path.prior_mean, path.prior_sd),
            exact: false,
        };
        let mut of_origin: BTreeMap<usize, usize> = BTreeMap::new();
        for (i, r) in path.readings.iter().enumerate() {
            let kept = of_origin.entry(r.origin).or_insert(i);
            if r.p_true > path.readings[*kept].p_true {
                *kept = i;
            }
        }
        for (i, r) in path.readings.iter().enumerate().filter(|(i, r)| of_origin[&r.origin] == *i) {
            if series.days.last() != Some(&r.day) {
                let gap = series.days.last().map_or(1.0, |d| f64::from(r.day) - f64::from(*d));
                series.days.push(r.day);
                series.steps.push(StatementDay { gap, observations: Vec::new() });
            }
            let o = Observation {
                y: r.value,
                coded: settings.coded_share * r.sd * r.sd,
                p_true: r.p_true,
            };
            if let Some(step) = series.steps.last_mut() {
                step.observations.push(o);
            }
            let posture = (r.kind == ReadingKind::Demand)
                .then(|| prior.posture.get(&path.side).map(|at| (*at, r.direction)))
                .flatten();
            let bias = prior.bias[&(r.channel, r.audience)];
            series.counted.push(CountedReading { index: i, value: r.value, bias, posture });
        }
        series.exact = series.counted.len() <= settings.exact_up_to;
        series
    }

    /// Takes the offsets off every statement.
    pub(super) fn place(&mut self, at: &Quantities) {
        let observations = self.steps.iter_mut().flat_map(|s| &mut s.observations);
        for (o, c) in observations.zip(&self.counted) {
            o.y = c.value - at.h[c.bias] - c.posture.map_or(0.0, |(i, to)| to * at.h[i]);
        }
    }

    pub(super) fn smooth(
        &mut self,
        at: &Quantities,
        settings: &BeliefSettings,
        kernels: &mut Kernels<'_>,
        nodes: &Nodes,
        (start, tolerance): (Option<irls::GaussianPosterior>, f64),
        depth: SmoothDepth,
    ) -> SmoothPath {
        self.place(at);
        if self.exact && depth == SmoothDepth::Evidence {
            let (value, last) = nodes.evidence(&self.prior, &self.steps, &at.scales, kernels);
            return SmoothPath { value, last, ..SmoothPath::default() };
        }
        if self.exact {
            let p = nodes.smooth_with(&self.prior, &self.steps, &at.scales, kernels);
            let paths = if depth == SmoothDepth::Paths { &p.smoothed[..] } else { &[] };
            return SmoothPath {
                value: p.log_evidence,
                moments: paths.iter().map(|m| nodes.moments(m)).collect(),
                last: p.filtered.last().unwrap_or(&self.prior).clone(),
                statements: p.statements.into_iter().flatten().collect(),
                gaps: p.gaps,
                long: None,
            };
        }
        let (m, sd) = (self.prior_mean, self.prior_sd);
        let q = irls::smooth(m, sd, &self.steps, &at.scales, start, tolerance);
        let moments: Vec<_> =
            (q.mean.iter().zip(&q.var)).map(|(m, v)| (m.clamp(0.0, 100.0), v.sqrt())).collect();
        let last = moments.last().map_or((m, sd), |m| *m);
        SmoothPath {
            value: q.bound,
            last: nodes.gaussian(last.0, last.1),
            moments,
            statements: q.statements.clone(),
            gaps: irls::gap_scores(&q, &self.steps, &at.scales, settings.change),
            long: Some(q),
        }
    }
}

impl SmoothPath {
    /// The same path, `shift` points higher, kept on the scale.
    pub(super) fn shifted_by(&self, shift: f64, nodes: &Nodes) -> Self {
        let moments: Vec<_> =
            self.moments.iter().map(|(m, sd)| ((m + shift).clamp(0.0, 100.0), *sd)).collect();
        let last = moments.last().map_or_else(
            || self.last.clone(),
            |(m, sd)| nodes.gaussian(*m, sd.max(f64::MIN_POSITIVE.sqrt())),
        );
        let (statements, gaps) = (Vec::new(), Vec::new());
        Self { moments, last, statements, gaps, value: self.value, long: None }
    }
}
