//! Weighted means that do not depend on who adds what first.

/// One, in fixed point: weights and products are added as whole multiples of 2⁻⁶⁰.
const ONE: f64 = (1u64 << 60) as f64;

/// What fits into 63 bits with room for rounding.
const SMALL: f64 = (1u64 << 62) as f64;

/// A sum in fixed point at 2⁻⁶⁰: exact in any order and under any partition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FineSum(pub i128);

impl FineSum {
    /// Adds a value, rounded to 2⁻⁶⁰; beyond ±1e18 it is cut, and what is not a number adds nothing.
    pub fn add(&mut self, x: f64) {
        let scaled = x * ONE;
        // Nearly always: one conversion of the processor's own.
        self.0 += if scaled.abs() < SMALL {
            i128::from((scaled + 0.5f64.copysign(scaled)) as i64)
        } else {
            (x.clamp(-1e18, 1e18) * ONE).round() as i128
        };
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: Self) {
        self.0 += other.0;
    }

    /// The sum as a number.
    pub fn value(self) -> f64 {
        self.0 as f64 / ONE
    }

    /// This sum over another: whole numbers until one division; none where the other is 0.
    pub fn over(self, weights: Self) -> Option<f64> {
        (weights.0 != 0).then(|| self.0 as f64 / weights.0 as f64)
    }
}
