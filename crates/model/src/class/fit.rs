//! Fitting a class to past negotiations: a Weibull or steps a risk, and groups that multiply it.

use libm::{exp, log, pow};

use super::risk::Risk;
use super::{TimeRow, Times};

/// The mean and standard deviation of the prior of log shape: chosen by 10-fold cross-validation
/// over seven risks.
const LOG_SHAPE: (f64, f64) = (-0.1, 0.2);
/// Where log shape is looked for.
const LOG_SHAPES: (f64, f64) = (-1.5, 1.0);
/// The width at which the search for it stops.
const NARROW: f64 = 1e-10;
/// Endings that pull a group to its class: cross-validation is flat from 2 to 8.
const GROUP_PRIOR: f64 = 4.0;
/// How often groups and the Weibull are fitted in turn. Fixed, and not until they settle: the same
/// bytes everywhere.
const ROUNDS: usize = 40;
/// Endings that pull the rate of a step to that of the step before.
const STEP_PRIOR: f64 = 5.0;

/// A Weibull risk with `H(t) = λ t^p`, times a factor for each group.
///
/// # Model
/// `λ(p) = n / Σ m t^p`; p maximises `n log λ + n log p + (p−1) Σ_events log t − n − (log p + 0.1)² / (2·0.2²)`,
/// the log-likelihood at λ(p) with the prior `log p ~ N(−0.1, 0.2)` and a flat one of log b, where
/// `b = λ^{−1/p}`. Golden section on log p in −1.5..1
/// until its bracket is narrower than 1e-10.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Curve {
    /// p.
    pub(super) shape: f64,
    /// λ: a day to the power −p.
    pub(super) rate: f64,
}

impl Curve {
    /// The curve of highest posterior density; `None` without an ending.
    pub(super) fn fit(times: &Times, factors: &[f64]) -> Option<Self> {
        let n = times.endings();
        if n == 0.0 {
            return None;
        }
        let log_sum = times.rows.iter().filter(|r| r.ended).map(|r| r.count * r.log).sum::<f64>();
        let density = |log_shape: f64| {
            let shape = exp(log_shape);
            let rate = n / times.exposure(shape, factors);
            let off = (log_shape - LOG_SHAPE.0) / LOG_SHAPE.1;
            n * log(rate) + n * log_shape + (shape - 1.0) * log_sum - n - 0.5 * off * off
        };
        let shape = exp(maximum(density, LOG_SHAPES));
        Some(Self { shape, rate: n / times.exposure(shape, factors) })
    }

    /// The curve and the factors of the groups, fitted in turn.
    ///
    /// # Model
    /// `m_g = (4 + n_g) / (4 + E_g)` with `E_g = λ Σ_g t^p`, after each fit of the curve, 40 times.
    pub(super) fn grouped(times: &Times, groups: usize) -> Option<(Self, Vec<f64>)> {
        let mut factors = vec![1.0; groups];
        let mut curve = None;
        for _ in 0..ROUNDS {
            let fitted = Self::fit(times, &factors)?;
            let mut expected = vec![0.0; groups];
            let mut endings = vec![0.0; groups];
            for row in &times.rows {
                expected[row.group] += row.count * fitted.rate * exp(fitted.shape * row.log);
                endings[row.group] += if row.ended { row.count } else { 0.0 };
            }
            for g in 0..groups {
                factors[g] = (GROUP_PRIOR + endings[g]) / (GROUP_PRIOR + expected[g]);
            }
            curve = Some(fitted);
        }
        curve.map(|c| (c, factors))
    }

    /// The curve with its scale `b = λ^{−1/p}`, days.
    pub(super) fn risk(&self) -> Risk {
        Risk::Weibull { shape: self.shape, scale: pow(self.rate, -1.0 / self.shape), times: 1.0 }
    }
}

/// Rates a day that are constant up to each of `to` (days, ascending) and beyond the last.
///
/// # Model
/// `λ_k = (n_k + 5) / (E_k + 5/λ_{k−1})`, n endings in E days of step k, where a case counts every day
/// up to that of its end, as the rates are for whole days; before the first step stands the constant
/// rate `n / Σt`.
pub(super) fn steps(times: &Times, to: &[f64]) -> Option<Vec<f64>> {
    let n = times.endings();
    if n == 0.0 {
        return None;
    }
    let mut before = n / times.rows.iter().map(|r| r.count * r.days).sum::<f64>();
    let mut from = 0.0;
    let ends = to.iter().copied().chain([f64::INFINITY]);
    let rate = |end: f64| {
        let day = |r: &TimeRow| r.days + 0.5;
        let within = |r: &&TimeRow| r.ended && day(r) > from && day(r) <= end;
        let endings = times.rows.iter().filter(within).map(|r| r.count).sum::<f64>();
        let exposure =
            times.rows.iter().map(|r| r.count * (day(r).min(end) - from).max(0.0)).sum::<f64>();
        before = (endings + STEP_PRIOR) / (exposure + STEP_PRIOR / before);
        from = end;
        before
    };
    Some(ends.map(rate).collect())
}

/// Where a function with one peak is highest, by golden section.
fn maximum(f: impl Fn(f64) -> f64, (mut lo, mut hi): (f64, f64)) -> f64 {
    /// 1/φ.
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let (mut left, mut right) = (hi - GOLDEN * (hi - lo), lo + GOLDEN * (hi - lo));
    let (mut at_left, mut at_right) = (f(left), f(right));
    while hi - lo > NARROW {
        if at_left > at_right {
            (hi, right, at_right) = (right, left, at_left);
            left = hi - GOLDEN * (hi - lo);
            at_left = f(left);
        } else {
            (lo, left, at_left) = (left, right, at_right);
            right = lo + GOLDEN * (hi - lo);
            at_right = f(right);
        }
    }
    0.5 * (lo + hi)
}
