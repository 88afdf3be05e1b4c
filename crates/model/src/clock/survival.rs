//! What it says of a structure that nothing has ended since it began to hold.

use libm::exp;

use super::rates::DailyRates;

/// The class's own types on their way to the date told from, and what a draw's weight is made of
/// on each day since the structure holds, clock (14).
///
/// # Model
/// Z with a zone and N without, in shares of those open, run through the calendar from day 0 with
/// `f = 1`, `s = 0`; k(τ) is the part of yesterday's that stays open. From σ on, `w(σ) = 1` and
///
/// - with a zone `w ← (w + νN(τ − 1)/Z(σ))(1 − h − o)/k`
/// - without `w ← w(1 − ν)(1 − o_0)/k`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Survival {
    /// Z at τ0.
    pub zone: f64,
    /// N at τ0.
    pub none: f64,
    /// Z at σ.
    pub zone_since: f64,
    /// The weight of a draw without a zone.
    pub weight_none: f64,
    /// Of each day after σ up to τ0: its index in the rates, `νN/Z(σ)` and `1/k`.
    days: Vec<(usize, f64, f64)>,
}

impl Survival {
    /// Runs the class's types to day `elapsed`, the structure holding since day `since`.
    pub fn fill(&mut self, rates: &DailyRates, zref: f64, since: i32, elapsed: i32) {
        self.days.clear();
        self.weight_none = 1.0;
        (self.zone, self.none, self.zone_since) = (zref, 1.0 - zref, zref);
        for at in 0..usize::try_from(elapsed).unwrap_or(0).min(rates.days()) {
            let opened = rates.opens[at] * self.none;
            let zone = (self.zone + opened) * exp(-(rates.agreement[at] + rates.other[at]));
            let none = (1.0 - rates.opens[at]) * self.none * exp(-rates.other_none[at]);
            let open = zone + none;
            if at as i32 >= since {
                self.days.push((at, opened / self.zone_since, 1.0 / open));
                let stays = (1.0 - rates.opens[at]) * exp(-rates.other_none[at]);
                self.weight_none *= stays / open;
            }
            (self.zone, self.none) = (zone / open, none / open);
            if (at as i32) < since {
                self.zone_since = self.zone;
            }
        }
    }

    /// The weight of a draw whose first node has a zone and agrees `pace = f·(1 − s)` times as fast
    /// as the class's own, `None` for one without.
    pub fn weight(&self, rates: &DailyRates, pace: Option<f64>) -> f64 {
        let Some(pace) = pace else { return self.weight_none };
        self.days.iter().fold(1.0, |weight, (at, opened, by_open)| {
            (weight + opened) * exp(-(pace * rates.agreement[*at] + rates.other[*at])) * by_open
        })
    }
}
