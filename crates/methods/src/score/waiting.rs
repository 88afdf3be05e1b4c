//! Forecasts of when, scored as an amount of days and as ordered bins.

use super::integrated::{Event, TimeCdf};
use super::{brier, rps};

/// Width of the bins of [`wait_rps`], in days.
pub const WAIT_BIN: i64 = 30;

/// The last day that can be scored: the horizon, or the day up to which it is known.
fn last_day(event: Event, horizon: i64) -> Option<i64> {
    let last = match event {
        Event::On(_) => horizon,
        Event::NotBy(censored) => horizon.min(censored),
    };
    // A thousand years of days: a horizon beyond it is a slip, and would only loop.
    (last >= 1).then_some(last.min(365_250))
}

fn came(event: Event, by: i64) -> bool {
    matches!(event, Event::On(day) if day <= by)
}

/// The continuous ranked probability score, in days, of the wait cut at a horizon, `min(T, H)`.
///
/// *Never* and *later* are both H days, so no date has to be made up for them. A question that is
/// still open is cut at its censoring date. `None` if that leaves no day.
///
/// # Model
/// `∫₀^H (F(t) − 1{T ≤ t})² dt` with F stepping at whole days: `Σ_{t=0}^{H−1} (F(t) − 1{T ≤ t})²`.
///
/// # Reference
/// Gneiting & Raftery (2007), *JASA* 102:359–378, equation 20, for the cut variable.
pub fn wait_crps(cdf: &TimeCdf, event: Event, horizon: i64) -> Option<f64> {
    let last = last_day(event, horizon)?;
    Some((0..last).map(|t| brier(cdf.at(t), came(event, t))).sum())
}

/// The ranked probability score of the wait in bins of 30 days up to a horizon, then *later or
/// never*.
///
/// The sum form, see [`rps()`]. The last bin before the horizon may be shorter; a question that is
/// still open is cut at its censoring date. `None` if that leaves no day.
pub fn wait_rps(cdf: &TimeCdf, event: Event, horizon: i64) -> Option<f64> {
    let last = last_day(event, horizon)?;
    let mut edges: Vec<i64> = (1..).map(|k| k * WAIT_BIN).take_while(|e| *e < last).collect();
    edges.push(last);
    let mut before = 0.0;
    let mut bins: Vec<f64> = Vec::with_capacity(edges.len() + 1);
    for edge in &edges {
        let by = cdf.at(*edge);
        bins.push((by - before).max(0.0));
        before = by;
    }
    bins.push(1.0 - before);
    let bin = edges.iter().position(|e| came(event, *e)).unwrap_or(edges.len());
    rps(&bins, bin).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::{crps, integrated_brier};

    /// A tenth a day for ten days; nothing, then day 3, then cut after day 4.
    fn tenth() -> TimeCdf {
        TimeCdf::new(&[(10, 1.0)]).unwrap()
    }

    #[test]
    fn the_wait_is_scored_as_its_draws_would_be() {
        // Draws: one on each of the days 1 to 10.
        let draws: Vec<f64> = (1..=10).map(f64::from).collect();
        for (event, horizon, y) in [(Event::On(3), 10, 3.0), (Event::On(10), 10, 10.0)] {
            let ours = wait_crps(&tenth(), event, horizon).unwrap();
            assert!((ours - crps(&draws, y).unwrap()).abs() < 1e-12, "{event:?}: {ours}");
        }
        // Cut at 4: the draws beyond are 4 as well.
        let cut: Vec<f64> = draws.iter().map(|d| d.min(4.0)).collect();
        for event in [Event::NotBy(4), Event::On(9)] {
            let ours = wait_crps(&tenth(), event, 4).unwrap();
            assert!((ours - crps(&cut, 4.0).unwrap()).abs() < 1e-12, "{event:?}: {ours}");
        }
    }

    #[test]
    fn bins_of_one_horizon_are_two_and_more_add_up() {
        // 31 days: bins to 30 and to 31, and never. F(30) = 0.3, F(31) = 0.31.
        let cdf = TimeCdf::new(&[(100, 1.0)]).unwrap();
        let never = wait_rps(&cdf, Event::NotBy(31), 365).unwrap();
        assert!((never - (0.09 + 0.0961)).abs() < 1e-12, "{never}");
        let second = wait_rps(&cdf, Event::On(31), 31).unwrap();
        assert!((second - (0.09 + 0.69 * 0.69)).abs() < 1e-12, "{second}");
        assert_eq!(wait_rps(&cdf, Event::NotBy(0), 31), None);
        assert_eq!(wait_crps(&cdf, Event::NotBy(0), 31), None);
        assert_eq!(integrated_brier(&cdf, Event::NotBy(0), 31), None);
    }
}
