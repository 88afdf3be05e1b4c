//! What can be said without looking at the parties: the forecasts to be better than.

use crate::case::{Case, Ending};
use crate::theory::calendar::{Calendars, Prospects, Rates};

use super::draw::Frame;
use super::ensemble::{answer, calendar_nodes};

/// Agreement hazard of crises in ICB, per day: without and with a mediator.
pub const BASE_RATES: (f64, f64) = (5.3 / 2275.0, 0.0046);

/// Reference forecasts of a case's question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct References {
    /// The base rate alone; `None` where the question counts other endings than agreement.
    pub base_rate: Option<f64>,
    /// The calendar with the share of past cases that had a zone in place of this one's zone.
    pub zone_free: f64,
}

/// Computes the reference forecasts of a case's question.
///
/// # Model
/// - base rate: `1 − e^{−hD}`, D days from the date told from to the question's date, h =
///   5.3/2275 a day, mediated 0.0046: nothing of this case but whether somebody mediates.
/// - zone-free: the [calendar](crate::theory::calendar) of the case with a typical room (G = Gref)
///   in a share `zref` of the worlds and no zone in the rest, `zref P(by | Z) + (1 − zref) P(by | ∅)`,
///   without force or events, averaged over the nodes of the constants. It knows when the talks
///   began, the rounds, the deadlines and who mediates, and nothing of what anybody wants.
///
/// # Reference
/// International Crisis Behavior, as the constant `base`; the comparison is this project's.
pub fn references(case: &Case) -> References {
    let days = case.question.by.since(case.as_of);
    let (_, mediated) = case.start();
    let hazard = if mediated { BASE_RATES.1 } else { BASE_RATES.0 };
    let base_rate = (case.question.counts == [Ending::Agreement])
        .then(|| -libm::expm1(-hazard * f64::from(days.max(0))));
    References { base_rate, zone_free: zone_free(case, days) }
}

fn zone_free(case: &Case, days: i32) -> f64 {
    if days < 1 {
        return 0.0;
    }
    let frame = Frame::new(case);
    let values: Vec<f64> = case.inputs.iter().map(|i| i.dist.central(i.scale)).collect();
    // Room at its reference in every lane, so that its exponent does not matter.
    let rates: Vec<Rates> = calendar_nodes(case, &frame)
        .into_iter()
        .map(|rates| Rates { gref: 1.0, ..rates })
        .collect();
    let mut dates = frame.dates(&values);
    dates.horizon = dates.horizon.max(days);
    let by_lane = |room: Option<f64>| -> Vec<f64> {
        let state = Prospects { room, ..Prospects::default() };
        let mut calendars = Calendars::default();
        calendars.run(&rates, &dates, &state, &state, &[], Some(days));
        let lane = |(l, r): (usize, &Rates)| answer(case, &calendars, l, &r.shares, days);
        rates.iter().enumerate().map(lane).collect()
    };
    let (with, without) = (by_lane(Some(1.0)), by_lane(None));
    let lanes = rates.iter().zip(with.iter().zip(&without));
    let sum: f64 = lanes.map(|(r, (z, n))| r.zref * z + (1.0 - r.zref) * n).sum();
    sum / rates.len() as f64
}
