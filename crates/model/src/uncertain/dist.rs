//! The distributions a case file can name, each drawn by its inverse CDF.

use super::special::{
    beta_cdf, beta_quantile, gamma_cdf, gamma_quantile, normal_cdf, normal_quantile,
};

/// 90 % of a normal lies within this many standard deviations of its centre.
const Z90: f64 = 1.644_853_626_951_472_2;

/// The uncertainty of one input, in the units it is written in.
#[derive(Clone, Debug, PartialEq)]
pub enum Dist {
    /// A known value.
    Point(f64),
    /// `lo..hi`: uniform.
    Uniform(f64, f64),
    /// `lo..mode..hi`: a two-piece normal with 10 % of its mass outside `[lo, hi]`.
    ///
    /// The halves join at the mode with standard deviations `(mode − lo)/z` and `(hi − mode)/z`,
    /// z = Φ⁻¹(0.95), so the mass outside is 2Φ(−z) whatever the skew (Wallis 2014, "The two-piece
    /// normal, binormal, or double Gaussian distribution", Statistical Science 29(1)).
    TwoPiece(f64, f64, f64),
    /// `normal(mean, sd)`.
    Normal(f64, f64),
    /// `beta(a, b)` on 0–1, stretched to the input's scale.
    Beta(f64, f64),
    /// `gamma(shape, rate)`.
    Gamma(f64, f64),
    /// `pert(lo, mode, hi)`: a beta with mean (lo + 4 mode + hi)/6.
    Pert(f64, f64, f64),
    /// Equal steps between a rising list of values at the given cumulative probabilities: a belief
    /// computed from the record. Both lists have the same length, the second ends at 1.
    Steps(Vec<f64>, Vec<f64>),
}

/// Why the parameters of a distribution make no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DistError {
    /// A bound lies above the next.
    UpsideDown,
    /// A spread, shape or rate is not above zero.
    NotPositive,
    /// A number is not finite.
    NotFinite,
}

impl Dist {
    /// Checks the parameters.
    ///
    /// # Errors
    /// Bounds out of order, spreads not above zero, numbers that are not finite.
    pub fn check(&self) -> Result<(), DistError> {
        let finite = |v: &[f64]| v.iter().all(|x| x.is_finite());
        let (numbers, rising, positive): (Vec<f64>, Vec<f64>, Vec<f64>) = match self {
            Self::Point(x) => (vec![*x], vec![], vec![]),
            Self::Uniform(lo, hi) => (vec![*lo, *hi], vec![*lo, *hi], vec![]),
            Self::TwoPiece(lo, mode, hi) | Self::Pert(lo, mode, hi) => {
                (vec![*lo, *mode, *hi], vec![*lo, *mode, *hi], vec![])
            }
            Self::Normal(mean, sd) => (vec![*mean, *sd], vec![], vec![*sd]),
            Self::Beta(a, b) | Self::Gamma(a, b) => (vec![*a, *b], vec![], vec![*a, *b]),
            Self::Steps(values, cumulative) => {
                (values.iter().chain(cumulative).copied().collect(), values.clone(), vec![])
            }
        };
        if !finite(&numbers) {
            return Err(DistError::NotFinite);
        }
        if rising.windows(2).any(|w| w[0] > w[1]) {
            return Err(DistError::UpsideDown);
        }
        if positive.iter().any(|x| *x <= 0.0) {
            return Err(DistError::NotPositive);
        }
        Ok(())
    }

    /// The distribution in the grammar of case files; `None` for a belief from the record, which no
    /// file holds.
    pub fn written(&self) -> Option<String> {
        Some(match self {
            Self::Point(x) => x.to_string(),
            Self::Uniform(lo, hi) => format!("{lo}..{hi}"),
            Self::TwoPiece(lo, mode, hi) => format!("{lo}..{mode}..{hi}"),
            Self::Normal(mean, sd) => format!("normal({mean}, {sd})"),
            Self::Beta(a, b) => format!("beta({a}, {b})"),
            Self::Gamma(shape, rate) => format!("gamma({shape}, {rate})"),
            Self::Pert(lo, mode, hi) => format!("pert({lo}, {mode}, {hi})"),
            Self::Steps(..) => return None,
        })
    }

    /// The mean and standard deviation on a scale, in points of it (0–100), at the midpoints of 200
    /// equally likely parts.
    pub fn moments(&self, scale: (f64, f64)) -> (f64, f64) {
        let n = 200;
        let values: Vec<f64> = (0..n)
            .map(|k| {
                let x = self.quantile((f64::from(k) + 0.5) / f64::from(n), scale);
                100.0 * (x - scale.0) / (scale.1 - scale.0)
            })
            .collect();
        let mean = values.iter().sum::<f64>() / f64::from(n);
        let variance = values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / f64::from(n);
        (mean, variance.sqrt())
    }

    /// The smallest and largest number that was written, for checks against a scale; of a beta, which
    /// runs over any scale, the least a scale holds: `(∞, −∞)`.
    pub fn written_bounds(&self) -> (f64, f64) {
        match self {
            Self::Point(x) => (*x, *x),
            Self::Uniform(lo, hi) | Self::TwoPiece(lo, _, hi) | Self::Pert(lo, _, hi) => (*lo, *hi),
            Self::Normal(mean, _) => (*mean, *mean),
            Self::Beta(..) => (f64::INFINITY, f64::NEG_INFINITY),
            Self::Gamma(..) => (0.0, 0.0),
            Self::Steps(values, _) => {
                (values.first().copied().unwrap_or(0.0), values.last().copied().unwrap_or(0.0))
            }
        }
    }

    /// The value with probability `u` below it, truncated to `scale` (renormalised, not clamped).
    pub fn quantile(&self, u: f64, scale: (f64, f64)) -> f64 {
        let (lo, hi) = scale;
        let x = match self {
            Self::Point(x) => *x,
            Self::Uniform(a, b) => a + u * (b - a),
            Self::TwoPiece(a, mode, b) => {
                let (left, right) = ((mode - a) / Z90, (b - mode) / Z90);
                let total = left + right;
                if total == 0.0 {
                    return *mode;
                }
                let cdf = |x: f64| two_piece_cdf(x, *mode, left, right);
                let (f_lo, f_hi) = (cdf(lo), cdf(hi));
                let p = f_lo + u * (f_hi - f_lo);
                if p < left / total {
                    mode + left * normal_quantile(0.5 * p * total / left)
                } else {
                    mode - right * normal_quantile(0.5 * (1.0 - p) * total / right)
                }
            }
            Self::Normal(mean, sd) => {
                let (f_lo, f_hi) = (normal_cdf((lo - mean) / sd), normal_cdf((hi - mean) / sd));
                mean + sd * normal_quantile(f_lo + u * (f_hi - f_lo))
            }
            Self::Beta(a, b) => lo + (hi - lo) * beta_quantile(*a, *b, u),
            Self::Gamma(shape, rate) => {
                let f_lo = gamma_cdf(*shape, lo * rate);
                let f_hi = if hi.is_finite() { gamma_cdf(*shape, hi * rate) } else { 1.0 };
                gamma_quantile(*shape, f_lo + u * (f_hi - f_lo)) / rate
            }
            Self::Pert(a, mode, b) => {
                if a == b {
                    return *a;
                }
                let alpha = 1.0 + 4.0 * (mode - a) / (b - a);
                let beta = 1.0 + 4.0 * (b - mode) / (b - a);
                let cdf = |x: f64| beta_cdf(alpha, beta, (x - a) / (b - a));
                let (f_lo, f_hi) = (cdf(lo), cdf(hi));
                a + (b - a) * beta_quantile(alpha, beta, f_lo + u * (f_hi - f_lo))
            }
            Self::Steps(values, cumulative) => {
                let at = cumulative.partition_point(|c| *c < u).min(values.len() - 1);
                let below = if at == 0 { 0.0 } else { cumulative[at - 1] };
                let share = ((u - below) / (cumulative[at] - below)).clamp(0.0, 1.0);
                let from = if at == 0 { values[0] } else { 0.5 * (values[at - 1] + values[at]) };
                let to = if at + 1 == values.len() {
                    values[at]
                } else {
                    0.5 * (values[at] + values[at + 1])
                };
                from + share * (to - from)
            }
        };
        // Rounding in a far tail may step over the bound that the truncation stops at.
        if matches!(self, Self::Point(_)) { x } else { x.clamp(lo, hi) }
    }

    /// The probability of at most `x`, truncated to `scale`: the inverse of [`Dist::quantile`].
    pub fn cumulative(&self, x: f64, scale: (f64, f64)) -> f64 {
        let (lo, hi) = scale;
        let below = |x: f64| match self {
            Self::Point(point) => f64::from(u8::from(x >= *point)),
            Self::Uniform(a, b) if a == b => f64::from(u8::from(x >= *a)),
            Self::Uniform(a, b) => ((x - a) / (b - a)).clamp(0.0, 1.0),
            Self::TwoPiece(a, mode, b) if a == b => f64::from(u8::from(x >= *mode)),
            Self::TwoPiece(a, mode, b) => {
                two_piece_cdf(x, *mode, (mode - a) / Z90, (b - mode) / Z90)
            }
            Self::Normal(mean, sd) => normal_cdf((x - mean) / sd),
            Self::Beta(a, b) => beta_cdf(*a, *b, (x - lo) / (hi - lo)),
            Self::Gamma(shape, rate) => gamma_cdf(*shape, x * rate),
            Self::Pert(a, mode, b) if a == b => f64::from(u8::from(x >= *mode)),
            Self::Pert(a, mode, b) => {
                let (alpha, beta) =
                    (1.0 + 4.0 * (mode - a) / (b - a), 1.0 + 4.0 * (b - mode) / (b - a));
                beta_cdf(alpha, beta, (x - a) / (b - a))
            }
            Self::Steps(values, cumulative) => {
                let at = values.partition_point(|value| *value <= x);
                if at == 0 { 0.0 } else { cumulative[at - 1] }
            }
        };
        if x >= hi {
            return 1.0;
        }
        let whole = if hi.is_finite() { below(hi) } else { 1.0 };
        let cut = if lo.is_finite() { below(lo) } else { 0.0 };
        if x <= lo || whole <= cut { 0.0 } else { (below(x) - cut) / (whole - cut) }
    }

    /// The value to show for the input: its point, or its median on `scale`.
    pub fn central(&self, scale: (f64, f64)) -> f64 {
        match self {
            Self::Point(x) | Self::TwoPiece(_, x, _) | Self::Pert(_, x, _) => *x,
            _ => self.quantile(0.5, scale),
        }
    }

    /// Whether every draw is the same.
    pub fn is_point(&self) -> bool {
        match self {
            Self::Point(_) => true,
            Self::Uniform(a, b) | Self::TwoPiece(a, _, b) | Self::Pert(a, _, b) => a == b,
            _ => false,
        }
    }
}

fn two_piece_cdf(x: f64, mode: f64, left: f64, right: f64) -> f64 {
    let total = left + right;
    if x < mode {
        if left == 0.0 { 0.0 } else { 2.0 * left / total * normal_cdf((x - mode) / left) }
    } else if right == 0.0 {
        1.0
    } else {
        1.0 - 2.0 * right / total * normal_cdf((mode - x) / right)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{Beta, ContinuousCDF, Gamma, Normal};

    const WIDE: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);
    const GRID: [f64; 9] = [1e-6, 0.001, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999, 1.0 - 1e-6];

    #[test]
    fn quantiles_agree_with_a_second_implementation() {
        let normal = Normal::new(3.0, 2.0).unwrap();
        for u in GRID {
            let x = Dist::Normal(3.0, 2.0).quantile(u, WIDE);
            assert!((normal.cdf(x) - u).abs() < 1e-10, "normal {u}");
            for (shape, rate) in [(5.3, 2275.0), (1.5, 7.3), (0.9, 1.0), (60.0, 0.5)] {
                let x = Dist::Gamma(shape, rate).quantile(u, (0.0, f64::INFINITY));
                let back = Gamma::new(shape, rate).unwrap().cdf(x);
                assert!((back - u).abs() < 1e-10, "gamma({shape}, {rate}) {u}: {back}");
            }
            for (a, b) in [(2.0, 5.0), (0.5, 0.5), (30.0, 3.0)] {
                let x = Dist::Beta(a, b).quantile(u, (0.0, 1.0));
                let back = Beta::new(a, b).unwrap().cdf(x);
                assert!((back - u).abs() < 1e-9, "beta({a}, {b}) {u}: {back}");
            }
        }
    }

    #[test]
    fn the_normal_quantile_has_its_published_values() {
        // Wichura 1988: the check values printed with AS 241.
        assert!((normal_quantile(0.25) + 0.674_489_750_196_081_7).abs() < 1e-15);
        assert!((normal_quantile(0.001) + 3.090_232_306_167_813_5).abs() < 1e-14);
        assert!((normal_quantile(1e-20) + 9.262_340_089_798_408).abs() < 1e-13);
    }

    #[test]
    fn a_range_leaves_a_tenth_of_its_mass_outside() {
        let d = Dist::TwoPiece(20.0, 30.0, 60.0);
        let (left, right) = (10.0 / Z90, 30.0 / Z90);
        let outside =
            two_piece_cdf(20.0, 30.0, left, right) + 1.0 - two_piece_cdf(60.0, 30.0, left, right);
        assert!((outside - 0.10).abs() < 1e-12);
        for u in GRID {
            let x = d.quantile(u, WIDE);
            assert!((two_piece_cdf(x, 30.0, left, right) - u).abs() < 1e-12);
        }
        assert_eq!(Dist::TwoPiece(5.0, 5.0, 5.0).quantile(0.3, (0.0, 100.0)), 5.0);
    }

    #[test]
    fn truncation_renormalises() {
        let d = Dist::TwoPiece(0.0, 20.0, 40.0);
        let at_zero = two_piece_cdf(0.0, 20.0, 20.0 / Z90, 20.0 / Z90);
        assert!(d.quantile(1e-12, (0.0, 100.0)) >= 0.0);
        // Symmetric about its mode, so with `at_zero` cut off below, u = ½ lies where the full
        // distribution has `at_zero + ½(1 − at_zero)`.
        let x = d.quantile(0.5, (0.0, 1e9));
        let full = two_piece_cdf(x, 20.0, 20.0 / Z90, 20.0 / Z90);
        assert!((full - (at_zero + 0.5 * (1.0 - at_zero))).abs() < 1e-12);
    }

    #[test]
    fn a_pert_has_its_mean() {
        let d = Dist::Pert(10.0, 20.0, 60.0);
        let n = 20_000;
        let mean: f64 = (0..n)
            .map(|k| d.quantile((f64::from(k) + 0.5) / f64::from(n), (0.0, 100.0)))
            .sum::<f64>()
            / f64::from(n);
        assert!((mean - 25.0).abs() < 1e-3);
    }

    #[test]
    fn senseless_parameters_are_named() {
        assert_eq!(Dist::Uniform(5.0, 2.0).check(), Err(DistError::UpsideDown));
        assert_eq!(Dist::Normal(5.0, 0.0).check(), Err(DistError::NotPositive));
        assert_eq!(Dist::Point(f64::NAN).check(), Err(DistError::NotFinite));
    }
}
