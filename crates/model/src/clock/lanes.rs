//! How far the odds of a class itself are uncertain: factors on its two hazards.

use crate::uncertain::Dist;

/// The strength of the law between classes for agreement and for other endings. Judgement.
const BETWEEN: (f64, f64) = (6.0, 15.0);

/// The strength of the law between the groups of a class, clock (2).
const GROUPS: f64 = 4.0;

/// The law of a class factor, `m ~ Γ(k, k)` with mean 1, clock (20).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FactorLaw {
    /// The shape k; none where nothing is known to vary, and the factor is 1.
    shape: Option<f64>,
}

impl FactorLaw {
    /// No law: always 1.
    pub const ONE: Self = Self { shape: None };

    /// For agreement: `1/k = 1/6 + 1/N` by the agreements of the class, or `k = 4 + n` by those of a
    /// known group.
    pub fn agreement(agreements: u64, group: Option<u64>) -> Self {
        match group {
            Some(n) => Self { shape: Some(GROUPS + n as f64) },
            None => Self::pooled(BETWEEN.0, agreements),
        }
    }

    /// For other endings: `1/k = 1/15 + 1/N`.
    pub fn other(others: u64) -> Self {
        Self::pooled(BETWEEN.1, others)
    }

    fn pooled(between: f64, events: u64) -> Self {
        let shape = (events > 0).then(|| 1.0 / (1.0 / between + 1.0 / events as f64));
        Self { shape }
    }

    /// The factor with probability u (in (0, 1)) below it.
    pub fn factor(&self, u: f64) -> f64 {
        self.shape.map_or(1.0, |k| Dist::Gamma(k, k).quantile(u, (0.0, f64::INFINITY)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_have_mean_one_and_the_spread_of_their_law() {
        let laws = [
            (FactorLaw::agreement(53, None), 1.0 / 6.0 + 1.0 / 53.0),
            (FactorLaw::agreement(53, Some(8)), 1.0 / 12.0),
            (FactorLaw::other(36), 1.0 / 15.0 + 1.0 / 36.0),
            (FactorLaw::other(0), 0.0),
            (FactorLaw::ONE, 0.0),
        ];
        let n = 4_000;
        for (law, variance) in laws {
            let draws: Vec<f64> =
                (0..n).map(|k| law.factor((f64::from(k) + 0.5) / f64::from(n))).collect();
            let mean = draws.iter().sum::<f64>() / f64::from(n);
            let spread = draws.iter().map(|m| m * m).sum::<f64>() / f64::from(n) - mean * mean;
            assert!((mean - 1.0).abs() < 1e-3, "{mean}");
            assert!((spread - variance).abs() < 1e-2 * variance + 1e-15, "{spread} {variance}");
        }
    }
}
