//! Scores of forecasts against outcomes: pure functions of numbers.
//!
//! Distances are on the scale of the issues handed in; the caller puts all issues on one scale
//! (0–100 for the DEU data) before averaging.

use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};

use super::{Distribution, PositionForecast};
use winset_model::uncertain::counter::below;

/// Half the width of the cell around an outcome whose probability the log score takes.
pub const HALF_CELL: f64 = 0.5;

/// Probabilities are clipped to `[CLIP, 1 − CLIP]` in the log score, so that one impossible outcome
/// does not hide everything else.
pub const CLIP: f64 = 0.001;

/// The central intervals whose coverage is counted.
pub const LEVELS: [f64; 3] = [0.5, 0.8, 0.9];

/// The number of bins of the PIT histogram.
pub const BINS: usize = 10;

/// The scores of one model over many issues.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Summary {
    /// How many issues were scored.
    pub issues: usize,
    /// Mean absolute error of the point.
    pub mae: f64,
    /// Root of the mean squared error of the point.
    pub rmse: f64,
    /// Median absolute error of the point.
    pub median_error: f64,
    /// Mean continuous ranked probability score.
    pub crps: f64,
    /// Mean log probability of the outcome's cell, clipped; higher is better.
    pub log_score: f64,
    /// Share of outcomes inside the central intervals of [`LEVELS`]; written as pairs of level and
    /// share.
    #[serde(serialize_with = "with_levels")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<[f64; 2]>"))]
    pub coverage: [f64; LEVELS.len()],
    /// The share of the PIT that lies in the middle 50, 80 and 90 %, as pairs of level and share. An atom
    /// counts by the part of its step that does, so that a calibrated forecast holds its level however
    /// lumpy it is; `coverage` then holds more.
    #[serde(serialize_with = "with_levels")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<[f64; 2]>"))]
    pub pit_coverage: [f64; LEVELS.len()],
    /// The PIT histogram as shares; flat is calibrated.
    pub pit: [f64; BINS],
}

fn with_levels<S: Serializer>(shares: &[f64; LEVELS.len()], to: S) -> Result<S::Ok, S::Error> {
    let mut pairs = to.serialize_seq(Some(LEVELS.len()))?;
    for (level, share) in LEVELS.iter().zip(shares) {
        pairs.serialize_element(&[level, share])?;
    }
    pairs.end()
}

/// The scores of `forecasts` against `outcomes`; `None` without issues or if the lengths differ.
pub fn summary(forecasts: &[PositionForecast], outcomes: &[f64]) -> Option<Summary> {
    let n = outcomes.len();
    if n == 0 || forecasts.len() != n {
        return None;
    }
    let pairs = || forecasts.iter().zip(outcomes.iter().copied());
    let average = |f: &dyn Fn(&PositionForecast, f64) -> f64| -> f64 {
        pairs().map(|(forecast, y)| f(forecast, y)).sum::<f64>() / n as f64
    };
    let mut errors: Vec<f64> = pairs().map(|(f, y)| (f.point - y).abs()).collect();
    errors.sort_by(f64::total_cmp);
    let mut pit = [0.0; BINS];
    for (f, y) in pairs() {
        for (bin, share) in pit.iter_mut().zip(pit_shares(&f.distribution, y)) {
            *bin += share / n as f64;
        }
    }
    Some(Summary {
        issues: n,
        mae: average(&|f, y| (f.point - y).abs()),
        rmse: average(&|f, y| (f.point - y) * (f.point - y)).sqrt(),
        median_error: 0.5 * (errors[(n - 1) / 2] + errors[n / 2]),
        crps: average(&|f, y| f.distribution.crps(y)),
        log_score: average(&|f, y| log_score(&f.distribution, y)),
        coverage: LEVELS
            .map(|level| average(&|f, y| f64::from(u8::from(covers(&f.distribution, y, level))))),
        pit_coverage: LEVELS.map(|level| average(&|f, y| pit_inside(&f.distribution, y, level))),
        pit,
    })
}

/// The log of the probability of `[y − ½, y + ½)`, clipped.
///
/// The cell of one point makes lumpy and smooth distributions comparable; a forecast that claims
/// certainty scores the clip whenever it is off by more.
pub fn log_score(distribution: &Distribution, y: f64) -> f64 {
    let p = distribution.below(y + HALF_CELL) - distribution.below(y - HALF_CELL);
    libm::log(p.clamp(CLIP, 1.0 - CLIP))
}

/// Whether the central interval of this level, ends included, holds `y`.
///
/// With atoms the interval holds at least its level, often more.
pub fn covers(distribution: &Distribution, y: f64, level: f64) -> bool {
    let lo = distribution.quantile(0.5 * (1.0 - level));
    let hi = distribution.quantile(0.5 * (1.0 + level));
    lo <= y && y <= hi
}

/// The non-randomised PIT of one outcome: a uniform on `[P(X < y), P(X ≤ y)]` spread over the bins.
///
/// # Reference
/// Czado, Gneiting & Held 2009, Biometrics 65, eq. 2.
pub fn pit_shares(distribution: &Distribution, y: f64) -> [f64; BINS] {
    let ends = (distribution.below(y), distribution.cdf(y));
    std::array::from_fn(|k| {
        let (lo, hi) = (k as f64 / BINS as f64, (k + 1) as f64 / BINS as f64);
        step_inside(ends, lo, if k + 1 == BINS { f64::INFINITY } else { hi })
    })
}

/// How much of the PIT of one outcome lies in the central interval of this level.
pub fn pit_inside(distribution: &Distribution, y: f64, level: f64) -> f64 {
    let ends = (distribution.below(y), distribution.cdf(y));
    step_inside(ends, 0.5 * (1.0 - level), 0.5 * (1.0 + level))
}

/// The share of the step from `a` to `b` that lies in `[lo, hi)`.
fn step_inside((a, b): (f64, f64), lo: f64, hi: f64) -> f64 {
    match b - a > 1e-12 {
        true => (hi.min(b) - lo.max(a)).max(0.0) / (b - a),
        false => f64::from(u8::from(lo <= a && a < hi)),
    }
}

/// A mean difference with its bootstrap interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Difference {
    /// The mean over all issues.
    pub mean: f64,
    /// The 2.5 % quantile over resamples.
    pub lo: f64,
    /// The 97.5 % quantile over resamples.
    pub hi: f64,
}

/// The mean of paired differences, with a percentile bootstrap that resamples whole clusters.
///
/// `cluster[i]` names the cluster of `difference[i]`; issues of one proposal are not independent.
/// Each resample draws as many clusters as there are and averages over the issues drawn. `None`
/// without data, without resamples, or if the lengths differ.
///
/// # Reference
/// Davison & Hinkley 1997, *Bootstrap Methods*, §3.8 (resampling groups).
pub fn paired_bootstrap(
    cluster: &[usize],
    difference: &[f64],
    resamples: usize,
    seed: u64,
) -> Option<Difference> {
    let n = difference.len();
    if n == 0 || cluster.len() != n || resamples == 0 {
        return None;
    }
    let mut groups: std::collections::BTreeMap<usize, (f64, f64)> = Default::default();
    for (&c, &d) in cluster.iter().zip(difference) {
        let group = groups.entry(c).or_default();
        group.0 += d;
        group.1 += 1.0;
    }
    let groups: Vec<(f64, f64)> = groups.into_values().collect();
    let mut means: Vec<f64> = (0..resamples)
        .map(|r| {
            let (sum, count) = (0..groups.len())
                .map(|k| groups[below(seed, r as u64, k as u64, groups.len())])
                .fold((0.0, 0.0), |a, g| (a.0 + g.0, a.1 + g.1));
            sum / count
        })
        .collect();
    means.sort_by(f64::total_cmp);
    let at = |p: f64| means[((p * (resamples - 1) as f64).round() as usize).min(resamples - 1)];
    Some(Difference {
        mean: difference.iter().sum::<f64>() / n as f64,
        lo: at(0.025),
        hi: at(0.975),
    })
}
