//! What it says of a structure that nothing has ended since it began to hold.

use libm::exp;

use super::rates::DailyRates;

/// The class's own types on their way to the date told from, and what a draw's weight is made of
/// on each day since the structure holds, clock (14), in one lane.
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
    /// The days after σ up to τ0 in stretches: on none but the first of a stretch a zone opens.
    stretches: Vec<Stretch>,
}

/// Days in a row: `w ← (w + opened)·exp(−pace·agreement)·stays`.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stretch {
    /// `νN/Z(σ)` on its first day.
    opened: f64,
    /// The sum of the class's rates of agreement.
    agreement: f64,
    /// The product of `exp(−R_o)/k`.
    stays: f64,
}

impl Survival {
    /// Runs the class's types to day `elapsed`, the structure holding since day `since`.
    pub fn fill(&mut self, rates: &DailyRates, lane: usize, zref: f64, since: i32, elapsed: i32) {
        self.stretches.clear();
        self.weight_none = 1.0;
        (self.zone, self.none, self.zone_since) = (zref, 1.0 - zref, zref);
        let rows = rates.rows::<1>(lane);
        for day in 1..=elapsed {
            let Some(r) = rows.on(day) else { break };
            let ([agreement], [other], [nu]) = (*r.agreement, *r.other, *r.opens);
            let opened = nu * self.none;
            let zone = (self.zone + opened) * exp(-(agreement + other));
            let stays_none = (1.0 - nu) * exp(-r.other_none[0]);
            let none = stays_none * self.none;
            let open = zone + none;
            (self.zone, self.none) = (zone / open, none / open);
            if day <= since {
                self.zone_since = self.zone;
                continue;
            }
            self.weight_none *= stays_none / open;
            let stays = exp(-other) / open;
            match self.stretches.last_mut() {
                Some(stretch) if opened == 0.0 => {
                    stretch.agreement += agreement;
                    stretch.stays *= stays;
                }
                _ => {
                    let opened = opened / self.zone_since;
                    self.stretches.push(Stretch { opened, agreement, stays });
                }
            }
        }
    }

    /// The weight of a draw whose first node has a zone and agrees `pace = f·(1 − s)` times as fast
    /// as the class's own, `None` for one without.
    pub fn weight(&self, pace: Option<f64>) -> f64 {
        let Some(pace) = pace else { return self.weight_none };
        let over =
            |weight: f64, s: &Stretch| (weight + s.opened) * exp(-pace * s.agreement) * s.stays;
        self.stretches.iter().fold(1.0, over)
    }
}
