//! Skill against a reference.

/// The share of the reference's penalty that the forecast saves, `1 − S/S_ref`.
///
/// 1 is perfect, 0 is no better than the reference, negative is worse. `None` if the reference has
/// no penalty to save. Both scores must be averages over the same questions and days.
///
/// # Reference
/// Murphy (1988), *Monthly Weather Review* 116:2417–2424.
pub fn skill(score: f64, reference: f64) -> Option<f64> {
    (reference > 0.0).then(|| 1.0 - score / reference)
}
