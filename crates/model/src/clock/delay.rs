//! How long a stage takes: a law on whole days.

use crate::uncertain::Dist;

/// The longest delay, days; the last day takes what lies beyond.
pub const LONGEST: usize = 400;

/// Less than this is no chance to condition on.
const NOTHING: f64 = 1e-6;

/// The chance of each delay of 0, 1, … days.
#[derive(Clone, Debug, PartialEq)]
pub struct Delay {
    chance: Vec<f64>,
    /// The chance of at most so many days.
    within: Vec<f64>,
}

impl Delay {
    /// A delay of exactly so many days.
    pub fn of(days: usize) -> Self {
        let mut chance = vec![0.0; days.min(LONGEST) + 1];
        chance[days.min(LONGEST)] = 1.0;
        Self::from_chances(chance)
    }

    /// The law of an input by cells of half a day on either side of each day, cut at −½; `lo..hi`
    /// is every whole day in it alike, a point its nearest day, clock (16).
    pub fn new(law: &Dist) -> Self {
        let nearest = |x: f64| (x + 0.5).floor().clamp(0.0, LONGEST as f64) as usize;
        match law {
            _ if law.is_point() => Self::of(nearest(law.central((0.0, LONGEST as f64)))),
            Dist::Uniform(lo, hi) => {
                let bound = |x: f64| x.clamp(0.0, LONGEST as f64) as usize;
                let (from, to) = (bound(lo.ceil()), bound(hi.floor()));
                if from > to {
                    return Self::of(nearest(0.5 * (lo + hi)));
                }
                let days = to - from + 1;
                let share = 1.0 / days as f64;
                let chance = std::iter::repeat_n(0.0, from).chain(std::iter::repeat_n(share, days));
                Self::from_chances(chance.collect())
            }
            _ => {
                let scale = (-0.5, f64::INFINITY);
                let below: Vec<f64> =
                    (0..LONGEST).map(|n| law.cumulative(n as f64 + 0.5, scale)).collect();
                let cell = |n: usize| match n {
                    0 => below[0],
                    LONGEST => 1.0 - below[LONGEST - 1],
                    n => below[n] - below[n - 1],
                };
                Self::from_chances((0..=LONGEST).map(cell).collect())
            }
        }
    }

    fn from_chances(chance: Vec<f64>) -> Self {
        let mut sum = 0.0;
        let within = chance.iter().map(|p| {
            sum += p;
            sum
        });
        let within = within.collect();
        Self { chance, within }
    }

    /// The chance of each delay from 0.
    pub fn chances(&self) -> &[f64] {
        &self.chance
    }

    /// The chance of at most so many days; 0 for a negative number.
    pub fn within(&self, days: i32) -> f64 {
        match usize::try_from(days) {
            Ok(days) => self.within[days.min(self.within.len() - 1)],
            Err(_) => 0.0,
        }
    }

    /// The first day by which at least `share` is over.
    pub fn first(&self, share: f64) -> i32 {
        self.within.iter().position(|p| *p >= share).unwrap_or(self.within.len() - 1) as i32
    }

    /// What is still to wait after having waited so many days, clock (17): the delay given that it
    /// is longer; tomorrow if less than 1e-6 of it is.
    pub fn after(&self, waited: i32) -> Self {
        let waited = waited.max(0) as usize;
        let left: f64 = self.chance.iter().skip(waited + 1).sum();
        if left < NOTHING {
            return Self::of(1);
        }
        let rest = self.chance[waited + 1..].iter().map(|p| p / left);
        Self::from_chances(std::iter::once(0.0).chain(rest).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_follow_their_laws() {
        assert_eq!(Delay::new(&Dist::Point(3.0)), Delay::of(3));
        assert_eq!(Delay::new(&Dist::TwoPiece(4.0, 4.0, 4.0)), Delay::of(4));
        let even = Delay::new(&Dist::Uniform(2.0, 5.0));
        assert_eq!(even.chances(), [0.0, 0.0, 0.25, 0.25, 0.25, 0.25]);
        assert_eq!((even.first(0.05), even.within(3), even.within(99)), (2, 0.5, 1.0));
        for law in [Dist::TwoPiece(0.0, 0.0, 9.0), Dist::TwoPiece(3.0, 4.0, 300.0)] {
            let delay = Delay::new(&law);
            assert!((delay.within(400) - 1.0).abs() < 1e-12);
            assert!(delay.chances().iter().all(|p| (0.0..1.0).contains(p)));
        }
    }

    /// Having waited 3 days of a uniform 0..9: uniform on 1..6.
    #[test]
    fn waiting_conditions_on_longer() {
        let left = Delay::new(&Dist::Uniform(0.0, 9.0)).after(3);
        assert_eq!(left.chances()[0], 0.0);
        assert!(left.chances()[1..].iter().all(|p| (p - 1.0 / 6.0).abs() < 1e-15));
        assert_eq!(left.chances().len(), 7);
        assert_eq!(Delay::of(5).after(5), Delay::of(1));
        assert_eq!(Delay::of(5).after(500), Delay::of(1));
    }
}
