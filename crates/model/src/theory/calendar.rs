//! The calendar: from prospects to first endings, day by day (method 13–16).
//!
//! # Model
//! Rates are per day, t = 1 … horizon + 5w after the date told from.
//!
//! - agreement `Λ_a = 1{Z ≠ ∅}·(B/zref)·min(4, max(¼, G/Gref))^γ·cal(t)·(1 − s)`
//! - other endings together `o(t)·(1 with a zone, χ without)/(zref + χ(1 − zref))`; the owner's
//!   force `f₀·1{credible}·(1 if Z = ∅ else s)` and the events are taken out of this total
//! - events `Λ_e = λ_e exp(βG⁺_{t+1})`, `G⁺_t = h_a + (1 − Σh_c)e^{−1/w}G⁺_{t+1}`
//! - `h_c = (Λ_c/Λ)(1 − e^{−Λ})`, `CIF_c(t) = CIF_c(t−1) + S(t−1)h_c`, `S(t) = S(t−1)(1 − Σh_c)`
//!
//! # Reference
//! Competing risks in discrete time: Kalbfleisch & Prentice 2002, ch. 8. Base rates: International
//! Crisis Behavior (Brecher & Wilkenfeld 1997; Brecher et al. 2025). That deadlines move hazard
//! rather than add to it, and that stochastic ones do not: Yildiz 2004.

use libm::{exp, expm1, pow};

/// Rate of endings other than agreement in ICB, per day, up to the given day of the talks; the
/// last rate holds from then on.
pub const OTHER_ENDINGS: [(i32, f64); 5] =
    [(30, 0.0090), (60, 0.0052), (90, 0.0045), (365, 0.0030), (i32::MAX, 0.0016)];

/// The bounds on room relative to the reference, whatever a draw says: judgement.
pub const ROOM_BOUNDS: (f64, f64) = (0.25, 4.0);

/// Days in a year.
pub const YEAR: f64 = 365.25;

/// The rate of all other endings on a day of the talks, per day.
pub fn other_endings(day_of_talks: i32) -> f64 {
    OTHER_ENDINGS.iter().find(|(to, _)| day_of_talks <= *to).map_or(0.0, |(_, rate)| *rate)
}

/// The constants of one draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    /// B, per day.
    pub base: f64,
    /// Share of past cases with a zone.
    pub zref: f64,
    /// Room of a typical case.
    pub gref: f64,
    /// γ.
    pub gamma: f64,
    /// χ.
    pub chi: f64,
    /// w, days.
    pub window: f64,
    /// Shares of breakdown, suspension and interim; they sum to 1.
    pub shares: [f64; 3],
    /// Extra weight of a certain round day.
    pub round_weight: f64,
    /// Extra weight of each last day before a hard deadline.
    pub deadline_weight: f64,
    /// How many last days count.
    pub deadline_days: f64,
}

/// The dates of one draw, in days after the date told from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dates {
    /// How many days the talks have lasted on the date told from.
    pub elapsed: i32,
    /// Rounds, with the chance that each is held.
    pub rounds: Vec<(i32, f64)>,
    /// Hard deadlines.
    pub deadlines: Vec<i32>,
    /// The last day of the curve.
    pub horizon: i32,
}

/// What the state of the talks is at one of the two nodes in time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Prospects {
    /// Room G, `None` if no package would be ratified.
    pub room: Option<f64>,
    /// Chance that a proposal fails, s.
    pub screening: f64,
    /// The owner's hazard of force while it is credible, per day; 0 if it is not.
    pub force: f64,
}

/// An event's hazard per day and its reaction β to prospects.
pub type Hazard = (f64, f64);

/// Cumulative incidences, a value a day for days 1 … horizon.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curves {
    /// Agreement.
    pub agreement: Vec<f64>,
    /// Breakdown, suspension and interim together; split by the shares.
    pub other: Vec<f64>,
    /// The owner's force.
    pub force: Vec<f64>,
    /// The events, day-major.
    pub events: Vec<f64>,
    prospect: Vec<f64>,
    weights: Vec<f64>,
}

impl Curves {
    /// Computes steps 13–16 for one draw; `now` holds before half the horizon, `later` from then on.
    pub fn compute(
        &mut self,
        rates: &Rates,
        dates: &Dates,
        now: &Prospects,
        later: &Prospects,
        events: &[Hazard],
    ) {
        self.day_weights(rates, dates);
        let horizon = dates.horizon;
        let tail = horizon + (5.0 * rates.window).ceil() as i32;
        let agreement = [agreement_rate(rates, now), agreement_rate(rates, later)];
        let norm = rates.zref + rates.chi * (1.0 - rates.zref);
        let others = [now, later].map(|p| if p.room.is_some() { 1.0 } else { rates.chi } / norm);
        let force =
            [now, later].map(|p| p.force * if p.room.is_some() { p.screening } else { 1.0 });
        let rates_on = |t: i32, prospect: f64| {
            let node = usize::from(2 * t >= horizon);
            let cal = self.weights.get(t as usize - 1).copied().unwrap_or(1.0);
            let a = agreement[node] * cal;
            let e: f64 = events.iter().map(|(rate, beta)| rate * exp(beta * prospect)).sum();
            let o = other_endings(dates.elapsed + t) * others[node];
            (a, force[node], e, (o - force[node] - e).max(0.0))
        };
        // Backward: the prospect of a deal that events react to.
        self.prospect.clear();
        self.prospect.resize(tail.max(horizon) as usize + 2, 0.0);
        if events.iter().any(|(rate, beta)| *rate > 0.0 && *beta != 0.0) {
            let discount = exp(-1.0 / rates.window);
            for t in (1..=tail).rev() {
                let ahead = self.prospect[t as usize + 1];
                let (a, f, e, o) = rates_on(t, ahead);
                let total = a + f + e + o;
                let (h_a, h) = if total > 0.0 {
                    let h = -expm1(-total);
                    (a / total * h, h)
                } else {
                    (0.0, 0.0)
                };
                self.prospect[t as usize] = h_a + (1.0 - h) * discount * ahead;
            }
        }
        let days = horizon.max(0) as usize;
        for curve in [&mut self.agreement, &mut self.other, &mut self.force, &mut self.events] {
            curve.clear();
        }
        self.events.reserve(days * events.len());
        let (mut survival, mut cif) = (1.0, [0.0; 3]);
        let mut spent = vec![0.0; events.len()];
        for t in 1..=horizon {
            let ahead = self.prospect[t as usize + 1];
            let (a, f, e, o) = rates_on(t, ahead);
            let total = a + f + e + o;
            if total > 0.0 {
                let h = -expm1(-total);
                let step = survival * h / total;
                cif[0] += step * a;
                cif[1] += step * o;
                cif[2] += step * f;
                for (spent, (rate, beta)) in spent.iter_mut().zip(events) {
                    *spent += step * rate * exp(beta * ahead);
                }
                survival *= 1.0 - h;
            }
            self.agreement.push(cif[0]);
            self.other.push(cif[1]);
            self.force.push(cif[2]);
            self.events.extend_from_slice(&spent);
        }
    }

    /// cal(t): hazard moved between days, mean 1 over the horizon.
    fn day_weights(&mut self, rates: &Rates, dates: &Dates) {
        let days = dates.horizon.max(0) as usize;
        self.weights.clear();
        self.weights.resize(days, 1.0);
        let mut add = |t: i32, weight: f64| {
            if (1..=dates.horizon).contains(&t) {
                self.weights[t as usize - 1] += weight;
            }
        };
        for (t, holds) in &dates.rounds {
            add(*t, rates.round_weight * holds);
        }
        for deadline in &dates.deadlines {
            for back in 0..rates.deadline_days.round() as i32 {
                add(deadline - back, rates.deadline_weight);
            }
        }
        let mean = self.weights.iter().sum::<f64>() / days.max(1) as f64;
        if mean > 0.0 {
            self.weights.iter_mut().for_each(|w| *w /= mean);
        }
    }
}

/// The agreement rate before the calendar moves it, per day (step 13).
fn agreement_rate(rates: &Rates, p: &Prospects) -> f64 {
    let Some(room) = p.room else { return 0.0 };
    let relative = (room / rates.gref).clamp(ROOM_BOUNDS.0, ROOM_BOUNDS.1);
    rates.base / rates.zref * pow(relative, rates.gamma) * (1.0 - p.screening)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rates() -> Rates {
        Rates {
            base: 0.00232,
            zref: 0.5,
            gref: 0.25,
            gamma: 0.5,
            chi: 2.0,
            window: 30.0,
            shares: [0.4, 0.4, 0.2],
            round_weight: 5.0,
            deadline_weight: 3.0,
            deadline_days: 7.0,
        }
    }

    fn prospects(room: Option<f64>) -> Prospects {
        Prospects { room, screening: 0.0, force: 0.0 }
    }

    /// Averaged over cases at zref = ½ the calendar returns the base rates it was made from:
    /// agreement 6/10/14/20/26 % and other endings 23/33/40/50/62 % at 30/60/90/180/365 days
    /// (observed in ICB: 6/10/14/21/29 and 23/33/40/50/61).
    #[test]
    fn averaged_over_cases_the_base_rates_come_back() {
        let r = rates();
        let dates = Dates { horizon: 365, ..Dates::default() };
        let (mut with, mut without) = (Curves::default(), Curves::default());
        let zone = prospects(Some(r.gref));
        // B varies between cases, so the mean runs over its distribution, here at midpoints.
        let n = 2_000;
        let (mut agreement, mut other) = ([0.0; 5], [0.0; 5]);
        for k in 0..n {
            let u = (f64::from(k) + 0.5) / f64::from(n);
            let base = crate::uncertain::special::gamma_quantile(5.3, u) / 2275.0;
            let r = Rates { base, ..r };
            with.compute(&r, &dates, &zone, &zone, &[]);
            if k == 0 {
                let none = prospects(None);
                without.compute(&r, &dates, &none, &none, &[]);
            }
            for (at, t) in [30, 60, 90, 180, 365].into_iter().enumerate() {
                agreement[at] += 0.5 * with.agreement[t - 1] / f64::from(n);
                other[at] += 0.5 * (with.other[t - 1] + without.other[t - 1]) / f64::from(n);
            }
        }
        let percent = |v: [f64; 5]| v.map(|p| (100.0 * p).round());
        assert_eq!(percent(agreement), [6.0, 10.0, 14.0, 20.0, 26.0]);
        assert_eq!(percent(other), [23.0, 33.0, 40.0, 50.0, 62.0]);
    }

    #[test]
    fn constant_rates_have_their_closed_form() {
        let r = rates();
        let dates = Dates { horizon: 25, ..Dates::default() };
        let mut c = Curves::default();
        let zone = prospects(Some(0.25));
        c.compute(&r, &dates, &zone, &zone, &[]);
        let (a, o) = (0.00232 / 0.5, 0.0090 / 1.5);
        for t in [1usize, 10, 25] {
            let p = a / (a + o) * -expm1(-(a + o) * t as f64);
            assert!((c.agreement[t - 1] - p).abs() < 1e-14);
        }
    }

    #[test]
    fn rounds_and_hard_deadlines_move_hazard_but_add_none() {
        let mut c = Curves::default();
        let dates = Dates {
            horizon: 100,
            rounds: vec![(10, 0.5), (400, 1.0)],
            deadlines: vec![50],
            ..Dates::default()
        };
        c.day_weights(&rates(), &dates);
        assert!((c.weights.iter().sum::<f64>() - 100.0).abs() < 1e-10);
        let plain = c.weights[0];
        assert!((c.weights[9] / plain - 3.5).abs() < 1e-12);
        assert!((c.weights[49] / plain - 4.0).abs() < 1e-12);
        assert!((c.weights[43] / plain - 4.0).abs() < 1e-12);
        assert!((c.weights[42] / plain - 1.0).abs() < 1e-12);
    }

    #[test]
    fn without_reaction_there_is_no_loop_and_with_it_prospects_draw_the_spoiler() {
        let zone = prospects(Some(0.25));
        let dates = Dates { horizon: 200, ..Dates::default() };
        let (mut deaf, mut keen) = (Curves::default(), Curves::default());
        deaf.compute(&rates(), &dates, &zone, &zone, &[(0.001, 0.0)]);
        keen.compute(&rates(), &dates, &zone, &zone, &[(0.001, 4.0)]);
        assert!(deaf.prospect.iter().all(|p| *p == 0.0));
        assert!(keen.events[199] > deaf.events[199]);
        for t in [0, 99, 199] {
            let sum = keen.agreement[t] + keen.other[t] + keen.force[t] + keen.events[t];
            assert!(sum < 1.0 && sum > 0.0);
        }
    }
}
