//! The reliability diagram with counts and consistency bars.

use super::murphy::grouped;
use super::{ScoreError, indicator, paired};

/// Below this number of resolutions a diagram shows dots and a notice, never a curve.
pub const SMALL_SAMPLE: usize = 20;

/// One bin of the diagram; only bins that hold forecasts are listed.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Bin {
    /// Lower edge, included.
    pub lo: f64,
    /// Upper edge, excluded unless it is 1.
    pub hi: f64,
    /// How many forecasts fell here.
    pub n: usize,
    /// Their mean.
    pub forecast: f64,
    /// The share of them that came true.
    pub observed: f64,
    /// The consistency bar.
    #[serde(flatten)]
    pub bar: ConsistencyBar,
}

/// Where the share that came true lies if the forecasts are reliable.
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConsistencyBar {
    /// 5 % quantile of the share if the forecasts are reliable.
    pub bar_lo: f64,
    /// 95 % quantile of the share if the forecasts are reliable.
    pub bar_hi: f64,
}

impl std::ops::Deref for Bin {
    type Target = ConsistencyBar;

    fn deref(&self) -> &ConsistencyBar {
        &self.bar
    }
}

/// A reliability diagram as numbers.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReliabilityDiagram {
    /// The bins that hold forecasts, from low to high.
    pub bins: Vec<Bin>,
    /// How many forecasts there are.
    pub n: usize,
    /// Whether there are enough ([`SMALL_SAMPLE`]) to join the dots to a curve.
    pub curve: bool,
}

/// The reliability diagram over `bins` bins of equal width, with 5–95 % consistency bars.
///
/// # Model
/// Consistency resampling draws n forecasts from those made, with replacement, and lets each come
/// true with its own probability; the bars are quantiles of the observed share of each bin. The
/// share's distribution has a closed form, used here in place of resampling: the bin is hit
/// `m ~ Bin(n, n_k/n)` times and, given m, `Bin(m, f̄_k)` of them come true; draws that miss the bin
/// are left out. So the bars need no seed. Terms that weigh less than 1e-13 are dropped.
///
/// # Reference
/// Bröcker & Smith (2007), *Weather and Forecasting* 22:651–661.
///
/// # Errors
/// [`ScoreError`] if nothing is given, the lengths differ, a forecast is no probability, or `bins`
/// is not 1 to 1000.
pub fn reliability(
    forecasts: &[f64],
    outcomes: &[bool],
    bins: usize,
) -> Result<ReliabilityDiagram, ScoreError> {
    paired(forecasts, outcomes)?;
    let n = forecasts.len();
    let width = bins as f64;
    let bins = grouped(forecasts, bins)?
        .iter()
        .enumerate()
        .filter(|(_, members)| !members.is_empty())
        .map(|(k, members)| {
            let size = members.len() as f64;
            let forecast = members.iter().map(|&i| forecasts[i]).sum::<f64>() / size;
            let observed = members.iter().map(|&i| indicator(outcomes[i])).sum::<f64>() / size;
            let (bar_lo, bar_hi) = consistency(n, members.len(), forecast);
            let (lo, hi) = (k as f64 / width, (k + 1) as f64 / width);
            Bin {
                lo,
                hi,
                n: members.len(),
                forecast,
                observed,
                bar: ConsistencyBar { bar_lo, bar_hi },
            }
        })
        .collect();
    Ok(ReliabilityDiagram { bins, n, curve: n >= SMALL_SAMPLE })
}

/// 5 % and 95 % quantiles of a bin's observed share under reliability.
fn consistency(n: usize, in_bin: usize, p: f64) -> (f64, f64) {
    let mut atoms: Vec<(f64, f64)> = Vec::new();
    for (m, weight) in binomial(n, in_bin as f64 / n as f64).into_iter().filter(|&(m, _)| m > 0) {
        for (hits, inner) in binomial(m, p) {
            atoms.push((hits as f64 / m as f64, weight * inner));
        }
    }
    atoms.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = atoms.iter().map(|a| a.1).sum();
    let quantile = |q: f64| {
        let mut cumulative = 0.0;
        for &(share, weight) in &atoms {
            cumulative += weight;
            if cumulative >= q * total {
                return share;
            }
        }
        1.0
    };
    (quantile(0.05), quantile(0.95))
}

/// The binomial distribution as `(k, probability)`, terms below 1e-13 left out.
fn binomial(n: usize, p: f64) -> Vec<(usize, f64)> {
    if p <= 0.0 {
        return vec![(0, 1.0)];
    }
    if p >= 1.0 {
        return vec![(n, 1.0)];
    }
    let pmf = |k: usize| {
        let (nf, kf) = (n as f64, k as f64);
        let choose = libm::lgamma(nf + 1.0) - libm::lgamma(kf + 1.0) - libm::lgamma(nf - kf + 1.0);
        libm::exp(choose + kf * libm::log(p) + (nf - kf) * libm::log1p(-p))
    };
    // Outward from the mode: the terms fall on both sides, so the first small one ends the walk.
    let mode = (((n + 1) as f64 * p) as usize).min(n);
    let keep = |&(_, w): &(usize, f64)| w >= 1e-13;
    let mut terms: Vec<_> = (0..mode).rev().map(|k| (k, pmf(k))).take_while(keep).collect();
    terms.reverse();
    terms.extend((mode..=n).map(|k| (k, pmf(k))).take_while(keep));
    terms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binomial_distribution_sums_to_one_and_has_its_moments() {
        for (n, p) in [(1, 0.5), (7, 0.3), (100, 0.01), (5000, 0.62), (9, 0.0), (9, 1.0)] {
            let terms = binomial(n, p);
            let sum: f64 = terms.iter().map(|t| t.1).sum();
            let mean: f64 = terms.iter().map(|t| t.0 as f64 * t.1).sum();
            let second: f64 =
                terms.iter().map(|t| (t.0 as f64 - mean) * (t.0 as f64 - mean) * t.1).sum();
            assert!((sum - 1.0).abs() < 1e-9, "{n} {p}: {sum}");
            assert!((mean - n as f64 * p).abs() < 1e-6, "{n} {p}: {mean}");
            assert!((second - n as f64 * p * (1.0 - p)).abs() < 1e-5, "{n} {p}: {second}");
        }
    }
}
