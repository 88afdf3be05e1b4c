//! Numbers for tests that compare many small cases.

use winset_model::theory::UNIT;

/// A small linear congruential generator: the tests need variety, not quality.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn between(&mut self, lo: f64, hi: f64) -> f64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        lo + (hi - lo) * (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    pub(crate) fn point(&mut self, lo: f64, hi: f64) -> i32 {
        self.between(lo, hi).round() as i32 * (UNIT / 100)
    }

    pub(crate) fn chance(&mut self, p: f64) -> bool {
        self.between(0.0, 1.0) < p
    }
}
