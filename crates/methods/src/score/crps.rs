//! The continuous ranked probability score of a set of draws.

use super::ScoreError;

/// The continuous ranked probability score of draws `x` against the value `y` that came, in the
/// units of `y`: `E|X − y| − ½E|X − X′|` with X, X′ from the draws' own distribution.
///
/// # Model
/// `(2/m²) Σ_i (x_(i) − y)(m·1{y < x_(i)} − i + ½)` over the sorted draws, in `O(m log m)`. This
/// scores the empirical distribution of the draws; it is *not* the "fair" form, which divides the
/// second expectation by `m(m − 1)` and estimates the score of the distribution behind them.
///
/// # Reference
/// Gneiting & Raftery (2007), *JASA* 102:359–378, equation 21; the sum is in Jordan,
/// Krüger & Lerch (2019), *Journal of Statistical Software* 90(12).
///
/// # Errors
/// [`ScoreError`] if there is no draw, or a draw or `y` is not finite.
pub fn crps(draws: &[f64], y: f64) -> Result<f64, ScoreError> {
    if draws.is_empty() {
        return Err(ScoreError::Empty);
    }
    if let Some(index) = draws.iter().position(|x| !x.is_finite()) {
        return Err(ScoreError::NotFinite { index });
    }
    if !y.is_finite() {
        return Err(ScoreError::NotFinite { index: draws.len() });
    }
    let mut sorted = draws.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let m = sorted.len() as f64;
    let sum: f64 = sorted
        .iter()
        .enumerate()
        .map(|(i, x)| {
            let above = if y < *x { m } else { 0.0 };
            (x - y) * (above - (i + 1) as f64 + 0.5)
        })
        .sum();
    Ok(2.0 * sum / (m * m))
}
