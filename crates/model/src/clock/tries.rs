//! A vote that may be repeated: what each refusal teaches about the next.

use crate::uncertain::Dist;

use super::progress::STRENGTH;

/// How many midpoints a range of the chance to pass is integrated at.
pub const MIDPOINTS: usize = 64;

/// The chance of passing a stage at each try that is left, given that it comes to it.
///
/// # Model
/// Try j, with j refusals before it, passes with `p_j = p·5.8/(5.8 + j)` (p = 1 stays 1): a
/// beta-Bernoulli law of that strength. A range of p is integrated at 64 midpoints, one p for all
/// tries, clock (16).
#[derive(Clone, Debug, PartialEq)]
pub struct Tries(Vec<f64>);

impl Tries {
    /// The tries left after `refused` of `tries`; one more than is on record, at the least.
    /// `passes` is the law of the chance, in per cent.
    pub fn new(passes: &Dist, tries: u32, refused: u32) -> Self {
        let midpoints = if passes.is_point() { 1 } else { MIDPOINTS };
        let chance = |k: usize| {
            let u = (k as f64 + 0.5) / midpoints as f64;
            passes.quantile(u, (0.0, 100.0)) / 100.0
        };
        let mut refusing: Vec<(f64, f64)> = (0..midpoints).map(|k| (chance(k), 1.0)).collect();
        let mut reached = midpoints as f64;
        let try_one = |j: u32| {
            let mut passed = 0.0;
            for (p, reaches) in &mut refusing {
                let p_j = if *p >= 1.0 { 1.0 } else { *p * STRENGTH / (STRENGTH + f64::from(j)) };
                passed += *reaches * p_j;
                *reaches *= 1.0 - p_j;
            }
            let chance = if reached > 0.0 { passed / reached } else { 1.0 };
            reached = refusing.iter().map(|(_, reaches)| reaches).sum();
            chance
        };
        Self((refused..tries.max(refused.saturating_add(1))).map(try_one).collect())
    }

    /// The chance of passing at each try left, given that all before it failed.
    pub fn chances(&self) -> &[f64] {
        &self.0
    }

    /// The chance of passing by each try left.
    pub fn by(&self) -> Vec<f64> {
        let mut refused = 1.0;
        let by = self.0.iter().map(|p| {
            refused *= 1.0 - p;
            1.0 - refused
        });
        by.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(ours: &[f64], closed: &[f64]) {
        assert_eq!(ours.len(), closed.len());
        assert!(ours.iter().zip(closed).all(|(a, b)| (a - b).abs() < 5e-5), "{ours:?}");
    }

    #[test]
    fn failed_votes_teach() {
        let by = |law: Dist, tries| Tries::new(&law, tries, 0).by();
        near(&by(Dist::Point(30.0), 4), &[0.3, 0.4791, 0.5953, 0.6753]);
        near(&by(Dist::TwoPiece(80.0, 90.0, 97.0), 2), &[0.8845, 0.9695]);
        near(&by(Dist::Point(100.0), 3), &[1.0, 1.0, 1.0]);
        near(&by(Dist::Point(0.0), 2), &[0.0, 0.0]);
    }

    #[test]
    fn refusals_on_record_count_as_tries_and_leave_one_more() {
        let law = Dist::Point(30.0);
        let all = Tries::new(&law, 4, 0);
        assert_eq!(Tries::new(&law, 4, 1).chances(), &all.chances()[1..]);
        assert_eq!(Tries::new(&law, 4, 4).chances().len(), 1);
        assert!((Tries::new(&law, 1, 6).chances()[0] - 0.3 * 5.8 / 11.8).abs() < 1e-15);
    }
}
