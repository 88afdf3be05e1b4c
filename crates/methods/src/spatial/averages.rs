//! The plain averages: the benchmarks that are hard to beat.

use super::{Distribution, PositionForecast, PositionIssue, PositionModel};

/// The mean of the positions, weighted by capability × salience.
///
/// # Model
/// `x* = Σ c_i s_i x_i / Σ c_i s_i`.
///
/// # Reference
/// The compromise model: Van den Bos 1991; Achen 2006 in Thomson et al., *The European Union
/// Decides*, ch. 4 (as an approximation to Nash bargaining with a very bad breakdown).
#[derive(Debug, Clone, Copy)]
pub struct WeightedMean;

/// The mean of the positions, everybody counted once.
#[derive(Debug, Clone, Copy)]
pub struct Mean;

/// The middle position, everybody counted once.
#[derive(Debug, Clone, Copy)]
pub struct Median;

/// The position at half the weight, weights capability × salience.
///
/// # Reference
/// Black 1958, with weighted voters; Bueno de Mesquita 1994 takes it as the forecast.
#[derive(Debug, Clone, Copy)]
pub struct WeightedMedian;

/// The mean of `x` under the shares `w`.
pub(crate) fn mean(x: &[f64], w: &[f64]) -> f64 {
    // Relative to the first position, so that unanimity is exact.
    let Some(&x0) = x.first() else { return f64::NAN };
    x0 + x.iter().zip(w).map(|(x, w)| w * (x - x0)).sum::<f64>()
}

/// The weighted median; the middle of the interval if two positions split the weight in halves.
pub(crate) fn median(x: &[f64], w: &[f64]) -> f64 {
    let atoms = x.iter().copied().zip(w.iter().copied()).collect();
    Distribution::from_atoms(atoms).map_or(f64::NAN, |d| d.median())
}

impl PositionModel for WeightedMean {
    fn id(&self) -> &'static str {
        "weighted-mean"
    }
    fn title(&self) -> &'static str {
        "Mean, weighted by capability and salience"
    }
    fn reference(&self) -> &'static str {
        "Van den Bos 1991; Achen 2006"
    }
    fn forecast(&self, issue: &PositionIssue, _rounds: usize) -> PositionForecast {
        PositionForecast::certain(mean(&issue.positions(), &issue.weights()))
    }
}

impl PositionModel for Mean {
    fn id(&self) -> &'static str {
        "mean"
    }
    fn title(&self) -> &'static str {
        "Mean of the positions"
    }
    fn reference(&self) -> &'static str {
        "a benchmark without theory"
    }
    fn forecast(&self, issue: &PositionIssue, _rounds: usize) -> PositionForecast {
        let x = issue.positions();
        PositionForecast::certain(mean(&x, &super::shares(vec![1.0; x.len()])))
    }
}

impl PositionModel for Median {
    fn id(&self) -> &'static str {
        "median"
    }
    fn title(&self) -> &'static str {
        "Median of the positions"
    }
    fn reference(&self) -> &'static str {
        "Black 1948, J. Polit. Econ. 56"
    }
    fn forecast(&self, issue: &PositionIssue, _rounds: usize) -> PositionForecast {
        let x = issue.positions();
        PositionForecast::certain(median(&x, &super::shares(vec![1.0; x.len()])))
    }
}

impl PositionModel for WeightedMedian {
    fn id(&self) -> &'static str {
        "weighted-median"
    }
    fn title(&self) -> &'static str {
        "Median, weighted by capability and salience"
    }
    fn reference(&self) -> &'static str {
        "Black 1958; Bueno de Mesquita 1994"
    }
    fn forecast(&self, issue: &PositionIssue, _rounds: usize) -> PositionForecast {
        PositionForecast::certain(median(&issue.positions(), &issue.weights()))
    }
}
