//! The ranked probability score of ordered bins.

use super::{ScoreError, indicator, probabilities};

/// The ranked probability score `Σ_k (F_k − O_k)²` over cumulative shares: 0 to `K − 1`.
///
/// A near miss costs less than a far one. `bins` are the K probabilities in order, `came` the bin
/// that came true, from 0. This is the sum form; [`rps_mean_form`] divides by `K − 1`.
///
/// # Reference
/// Epstein (1969), *Journal of Applied Meteorology* 8:985–987; Murphy (1971), *ibid.* 10:155–156.
///
/// # Errors
/// [`ScoreError`] if there is no bin, a value is no probability, the sum is not 1 within 1e-9, or
/// `came` names no bin.
pub fn rps(bins: &[f64], came: usize) -> Result<f64, ScoreError> {
    if bins.is_empty() {
        return Err(ScoreError::Empty);
    }
    probabilities(bins)?;
    let sum = bins.iter().sum::<f64>();
    if (sum - 1.0).abs() > 1e-9 {
        return Err(ScoreError::Sum(sum));
    }
    if came >= bins.len() {
        return Err(ScoreError::Bin { found: came, bins: bins.len() });
    }
    let (mut cumulative, mut score) = (0.0, 0.0);
    for (k, p) in bins.iter().enumerate() {
        cumulative += p;
        let d = cumulative - indicator(came <= k);
        score += d * d;
    }
    Ok(score)
}

/// The ranked probability score divided by `K − 1`, so that it runs from 0 to 1.
///
/// One bin alone leaves nothing to say: its score is 0.
///
/// # Errors
/// As [`rps`].
pub fn rps_mean_form(bins: &[f64], came: usize) -> Result<f64, ScoreError> {
    let score = rps(bins, came)?;
    Ok(if bins.len() < 2 { 0.0 } else { score / (bins.len() - 1) as f64 })
}
