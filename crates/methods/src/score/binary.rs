//! Scores of one probability of one event.

use super::indicator;

/// The Brier score of one forecast, `(f − o)²`: 0 is best, 1 is worst, 0.25 is a coin.
///
/// This is the one-category form in use today; [`brier_two_category`] is Brier's own.
///
/// # Reference
/// Brier (1950), *Monthly Weather Review* 78:1–3, halved as in Murphy (1973).
pub fn brier(f: f64, happened: bool) -> f64 {
    let d = f - indicator(happened);
    d * d
}

/// The Brier score as first defined, summed over "yes" and "no": twice [`brier`], from 0 to 2.
///
/// Tournaments such as the Good Judgment Project report this form.
///
/// # Reference
/// Brier (1950), *Monthly Weather Review* 78:1–3, with two classes.
pub fn brier_two_category(f: f64, happened: bool) -> f64 {
    let (yes, no) = (f - indicator(happened), (1.0 - f) - indicator(!happened));
    yes * yes + no * no
}

/// A probability moved into `[0.001, 0.999]`, so that one certain miss costs much, not everything.
pub fn clip(p: f64) -> f64 {
    p.clamp(0.001, 0.999)
}

/// The logarithmic score in nats, `−ln` of the [clipped](clip) probability of what happened.
///
/// # Reference
/// Good (1952), *Journal of the Royal Statistical Society B* 14:107–114; the clip is ours.
pub fn log_score(f: f64, happened: bool) -> f64 {
    -libm::log(clip(if happened { f } else { 1.0 - f }))
}

/// Metaculus' baseline score `100 (log₂ p + 1)` of the probability of what happened.
///
/// Larger is better: 0 is a coin, 100 certainty. The probability is [clipped](clip).
pub fn baseline(f: f64, happened: bool) -> f64 {
    100.0 * (libm::log2(clip(if happened { f } else { 1.0 - f })) + 1.0)
}
