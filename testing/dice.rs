//! Variety for tests: the same numbers on every machine, from a seed.
//!
//! Included by the test binary of each crate that needs it: `#[path = "../../../../testing/dice.rs"] mod dice;`

#![allow(dead_code, reason = "no test binary needs all of it")]

/// A linear congruential generator with the constants of Knuth's MMIX: tests need variety, not quality.
pub struct Dice(pub u64);

impl Dice {
    fn step(&mut self) {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    }

    /// A whole number from 0 to `n` − 1.
    pub fn below(&mut self, n: u64) -> u64 {
        self.step();
        (self.0 >> 33) % n
    }

    /// A number from 0 to 1.
    pub fn unit(&mut self) -> f64 {
        self.step();
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A number between two others.
    pub fn between(&mut self, lo: f64, hi: f64) -> f64 {
        lo + (hi - lo) * self.unit()
    }

    /// A whole number near those between two others.
    pub fn whole(&mut self, lo: f64, hi: f64) -> i32 {
        self.between(lo, hi).round() as i32
    }

    /// True so often.
    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// A range as a case writes it, from one of `many` whole numbers after `from` on, up to `widest` wide.
    pub fn range(&mut self, from: u64, many: u64, widest: u64) -> String {
        let lo = from + self.below(many);
        format!("\"{lo}..{}\"", lo + 1 + self.below(widest))
    }
}
