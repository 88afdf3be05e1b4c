//! The two risks of a class, and the daily chances they give to a negotiation still open.

use libm::{expm1, pow};
use serde::Serialize;

/// The largest sum of the rates of a day.
const FASTEST: f64 = 20.0;

/// Below this share still open the daily chances are held as they are.
const FEW: f64 = 1e-9;

/// A risk's cumulative hazard by elapsed days.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Risk {
    /// `H(τ) = times·(τ/scale)^shape`, clock (1).
    Weibull {
        /// The power p of time.
        shape: f64,
        /// The scale b, days.
        scale: f64,
        /// What the hazard is multiplied by, 1 for the class as it is.
        times: f64,
    },
    /// A constant rate up to each day, the last for ever.
    Steps {
        /// The last day of each rate but the last, rising.
        to: Vec<f64>,
        /// Rates per day, one more than `to`.
        rates: Vec<f64>,
        /// What the hazard is multiplied by, 1 for the class as it is.
        times: f64,
    },
}

impl Risk {
    /// The cumulative hazard H by an elapsed time in days, 0 up to day 0.
    pub fn cumulative(&self, days: f64) -> f64 {
        if days <= 0.0 {
            return 0.0;
        }
        match self {
            Self::Weibull { shape, scale, times } => times * pow(days / scale, *shape),
            Self::Steps { to, rates, times } => {
                let (mut from, mut sum) = (0.0, 0.0);
                let ends = to.iter().copied().chain([f64::INFINITY]);
                for (end, rate) in ends.zip(rates) {
                    if days <= from {
                        break;
                    }
                    sum += rate * (days.min(end) - from);
                    from = end;
                }
                times * sum
            }
        }
    }

    /// The same risk with its hazard multiplied.
    pub fn multiplied(&self, by: f64) -> Self {
        let mut risk = self.clone();
        match &mut risk {
            Self::Weibull { times, .. } | Self::Steps { times, .. } => *times *= by,
        }
        risk
    }
}

/// The daily chances of a class: what part of those still open ends on each elapsed day, clock (3).
///
/// # Model
/// `Λ_c(τ) = H_c(τ) − H_c(τ − 1)`, their sum cut at 20; `p_c = (Λ_c/Λ)(1 − e^{−Λ})`,
/// `L = 1 − p_a − p_o`, `S(τ) = S(τ − 1)L`. After the first day with S < 1e-9 both p are held.
///
/// # Reference
/// Kalbfleisch & Prentice 2002, *The Statistical Analysis of Failure Time Data*, ch. 8: competing
/// risks in discrete time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClassRates {
    /// p_a on days 1, 2, …
    agreement: Vec<f64>,
    /// p_o on days 1, 2, …
    other: Vec<f64>,
    /// 1/L on days 1, 2, …, of what a day leaves open.
    per_left: Vec<f64>,
}

impl ClassRates {
    /// The chances on days 1 to `days`; without a risk of other endings every ending is agreement.
    pub fn new(agreement: &Risk, other: Option<&Risk>, days: usize) -> Self {
        let mut rates = Self::default();
        rates.fill(agreement, other, days);
        rates
    }

    /// The same into this table.
    pub fn fill(&mut self, agreement: &Risk, other: Option<&Risk>, days: usize) {
        self.agreement.clear();
        self.other.clear();
        self.per_left.clear();
        let cumulative = |day: usize| {
            let tau = day as f64;
            (agreement.cumulative(tau), other.map_or(0.0, |risk| risk.cumulative(tau)))
        };
        let (mut before, mut open) = ((0.0, 0.0), 1.0);
        let mut p = (0.0, 0.0);
        for day in 1..=days {
            if open >= FEW {
                let now = cumulative(day);
                let (a, o) = (now.0 - before.0, now.1 - before.1);
                let all = a + o;
                let ended = if all > 0.0 { -expm1(-all.min(FASTEST)) / all } else { 0.0 };
                (before, p) = (now, (a * ended, o * ended));
                open *= 1.0 - p.0 - p.1;
            }
            self.agreement.push(p.0);
            self.other.push(p.1);
            self.per_left.push(1.0 / (1.0 - p.0 - p.1));
        }
    }

    /// How many days the table has.
    pub fn days(&self) -> usize {
        self.agreement.len()
    }

    /// p_a and p_o of an elapsed day: nothing before day 1, the last day's after the table.
    pub fn on(&self, day: i32) -> (f64, f64) {
        let last = self.agreement.len();
        match usize::try_from(day) {
            Ok(day) if day > 0 && last > 0 => {
                let at = day.min(last) - 1;
                (self.agreement[at], self.other[at])
            }
            _ => (0.0, 0.0),
        }
    }

    /// p_a, p_o and 1/L of days 1, 2, …
    pub fn by_day(&self) -> impl ExactSizeIterator<Item = (f64, f64, f64)> {
        let both = self.agreement.iter().zip(&self.other).zip(&self.per_left);
        both.map(|((a, o), per_left)| (*a, *o, *per_left))
    }

    /// The plain cumulative incidence among those open on day `elapsed`: agreement and other endings
    /// by 1, 2, … `horizon` days later (`P_table` before any stage).
    pub fn incidence(&self, elapsed: i32, horizon: usize) -> Vec<(f64, f64)> {
        let (mut open, mut sum) = (1.0, (0.0, 0.0));
        let day = |t: i32| {
            let (a, o) = self.on(elapsed.saturating_add(t));
            sum = (sum.0 + open * a, sum.1 + open * o);
            open *= 1.0 - a - o;
            sum
        };
        (1..=horizon as i32).map(day).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn risks_have_their_closed_forms() {
        let weibull = Risk::Weibull { shape: 2.0, scale: 10.0, times: 3.0 };
        assert_eq!(weibull.cumulative(20.0), 12.0);
        assert_eq!(weibull.cumulative(-1.0), 0.0);
        let steps = Risk::Steps { to: vec![10.0, 30.0], rates: vec![0.5, 0.25, 0.125], times: 2.0 };
        let at = |days: f64| steps.cumulative(days);
        assert_eq!(
            [at(4.0), at(10.0), at(20.0), at(30.0), at(46.0)],
            [4.0, 10.0, 15.0, 20.0, 24.0]
        );
        assert_eq!(steps.multiplied(0.5).cumulative(46.0), 12.0);
    }

    #[test]
    fn constant_rates_give_exponential_incidence() {
        let risk = |rate: f64| Risk::Steps { to: vec![], rates: vec![rate], times: 1.0 };
        let rates = ClassRates::new(&risk(0.01), Some(&risk(0.03)), 300);
        for (t, (a, o)) in (1..).zip(rates.incidence(0, 300)) {
            let ended = -expm1(-0.04 * f64::from(t));
            assert!((a - 0.25 * ended).abs() < 1e-14 && (o - 0.75 * ended).abs() < 1e-14);
        }
    }

    #[test]
    fn the_table_told_later_is_the_table_given_that_it_lasted() {
        let agreement = Risk::Weibull { shape: 0.76, scale: 172.0, times: 1.0 };
        let other = Risk::Weibull { shape: 0.87, scale: 265.0, times: 1.0 };
        let rates = ClassRates::new(&agreement, Some(&other), 400);
        let start = rates.incidence(0, 400);
        let (a, o) = start[99];
        let open = 1.0 - a - o;
        for (t, (later, _)) in rates.incidence(100, 300).iter().enumerate() {
            assert!((later - (start[100 + t].0 - a) / open).abs() < 1e-13);
        }
    }

    #[test]
    fn chances_are_held_once_hardly_any_is_open() {
        let fast = Risk::Weibull { shape: 3.0, scale: 2.0, times: 1.0 };
        let rates = ClassRates::new(&fast, None, 50);
        // e^{-(6/2)^3} < 1e-9 < e^{-(5/2)^3}.
        let (p, _) = rates.on(6);
        assert!((p + expm1(-(216.0 - 125.0) / 8.0)).abs() < 1e-15);
        assert!((7..60).all(|day| rates.on(day) == (p, 0.0)));
        let wild = Risk::Steps { to: vec![], rates: vec![1e6], times: 1.0 };
        let (a, o) = ClassRates::new(&wild, Some(&wild), 1).on(1);
        assert!((a - o).abs() < 1e-16 && a + o < 1.0);
        assert_eq!(rates.on(0), (0.0, 0.0));
    }
}
