//! Murphy's decomposition of the Brier score, exact for bins that mix forecasts.

use super::{ScoreError, indicator, paired};

/// The parts of a mean Brier score; see [`murphy`].
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Murphy {
    /// The mean Brier score that the parts add up to.
    pub brier: f64,
    /// Reliability: squared distance of stated from observed shares, `≥ 0`, small is good.
    pub reliability: f64,
    /// Resolution: how far the bins' observed shares differ from the overall one, large is good.
    pub resolution: f64,
    /// Uncertainty `ō(1 − ō)`: the penalty of always stating the overall share.
    pub uncertainty: f64,
    /// Within-bin variance of the forecasts, `≥ 0`, zero if a bin holds one value only.
    pub within_variance: f64,
    /// Twice the within-bin covariance of forecasts and outcomes.
    pub within_covariance: f64,
}

impl Murphy {
    /// The parts put together, `REL − RES + UNC + WBV − WBC`: equal to `brier` up to rounding.
    pub fn sum(&self) -> f64 {
        self.reliability - self.resolution + self.uncertainty + self.within_variance
            - self.within_covariance
    }

    /// Resolution that does not depend on how wide the bins are, `RES − WBV + WBC`.
    pub fn generalized_resolution(&self) -> f64 {
        self.resolution - self.within_variance + self.within_covariance
    }
}

/// Decomposes the mean Brier score over `bins` bins of equal width on `[0, 1]`.
///
/// # Model
/// With `n_k` forecasts of mean `f̄_k` and observed share `ō_k` in bin k,
/// `REL = Σ n_k(f̄_k − ō_k)²/n`, `RES = Σ n_k(ō_k − ō)²/n`, `UNC = ō(1 − ō)`,
/// `WBV = Σ_k Σ_j (f_kj − f̄_k)²/n`, `WBC = 2 Σ_k Σ_j (f_kj − f̄_k)(o_kj − ō_k)/n`, and
/// `BS = REL − RES + UNC + WBV − WBC` exactly. Bins are `[k/K, (k+1)/K)`, the last one closed.
///
/// # Reference
/// Murphy (1973), *Journal of Applied Meteorology* 12:595–600; the within-bin terms are those of
/// Stephenson, Coelho & Jolliffe (2008), *Weather and Forecasting* 23:752–757.
///
/// # Errors
/// [`ScoreError`] if nothing is given, the lengths differ, a forecast is no probability, or `bins`
/// is not 1 to 1000.
pub fn murphy(forecasts: &[f64], outcomes: &[bool], bins: usize) -> Result<Murphy, ScoreError> {
    paired(forecasts, outcomes)?;
    let bins = grouped(forecasts, bins)?;
    let n = forecasts.len() as f64;
    let mean = outcomes.iter().map(|&o| indicator(o)).sum::<f64>() / n;
    let brier = forecasts.iter().zip(outcomes).map(|(&f, &o)| super::brier(f, o)).sum::<f64>() / n;
    let (mut rel, mut res, mut wbv, mut wbc) = (0.0, 0.0, 0.0, 0.0);
    for members in bins.iter().filter(|m| !m.is_empty()) {
        let size = members.len() as f64;
        let f_k = members.iter().map(|&i| forecasts[i]).sum::<f64>() / size;
        let o_k = members.iter().map(|&i| indicator(outcomes[i])).sum::<f64>() / size;
        rel += size * (f_k - o_k) * (f_k - o_k);
        res += size * (o_k - mean) * (o_k - mean);
        for &i in members {
            let d = forecasts[i] - f_k;
            wbv += d * d;
            wbc += 2.0 * d * (indicator(outcomes[i]) - o_k);
        }
    }
    Ok(Murphy {
        brier,
        reliability: rel / n,
        resolution: res / n,
        uncertainty: mean * (1.0 - mean),
        within_variance: wbv / n,
        within_covariance: wbc / n,
    })
}

/// Positions of the forecasts in each of `bins` bins of equal width, the last one closed.
pub(super) fn grouped(forecasts: &[f64], bins: usize) -> Result<Vec<Vec<usize>>, ScoreError> {
    if !(1..=1000).contains(&bins) {
        return Err(ScoreError::Bins(bins));
    }
    let mut groups = vec![Vec::new(); bins];
    let width = bins as f64;
    for (i, f) in forecasts.iter().enumerate() {
        // The product is rounded: 0.29 · 100 falls short of 29, so the edges decide.
        let near = (f * width) as usize;
        let above = usize::from((near + 1) as f64 / width <= *f);
        let below = usize::from(near as f64 / width > *f);
        groups[(near + above - below).min(bins - 1)].push(i);
    }
    Ok(groups)
}
