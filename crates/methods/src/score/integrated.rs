//! The integrated Brier score of "agreement by when".

use super::{ScoreError, brier};

/// What is known about when the event came, in days after the forecast's as-of date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// It came on this day (1 is the day after the as-of date).
    On(i64),
    /// It had not come by this day, the censoring date: nothing is known after it.
    NotBy(i64),
}

/// A forecast of when: the chance that the event has come by each of some days.
///
/// Days count from the as-of date, where the chance is 0 unless a point says otherwise. Between
/// points the chance is interpolated linearly, after the last one it stays: mass that is never
/// reached is the chance of *never*.
#[derive(Debug, Clone, PartialEq)]
pub struct TimeCdf {
    points: Vec<(i64, f64)>,
}

impl TimeCdf {
    /// A forecast from points `(day, chance)`, days strictly rising and chances never falling.
    ///
    /// # Errors
    /// [`ScoreError`] if there is no point, a chance is no probability, or either series falls.
    pub fn new(points: &[(i64, f64)]) -> Result<Self, ScoreError> {
        if points.is_empty() {
            return Err(ScoreError::Empty);
        }
        for (index, &(_, p)) in points.iter().enumerate() {
            if !(0.0..=1.0).contains(&p) {
                return Err(ScoreError::NotAProbability { index, value: p });
            }
        }
        match points.windows(2).position(|w| w[1].0 <= w[0].0 || w[1].1 < w[0].1) {
            Some(before) => Err(ScoreError::Decreasing { index: before + 1 }),
            None => Ok(Self { points: points.to_vec() }),
        }
    }

    /// The chance that the event has come by `day`.
    pub fn at(&self, day: i64) -> f64 {
        let next = self.points.partition_point(|&(d, _)| d <= day);
        let (d0, p0) = match next.checked_sub(1) {
            Some(i) => self.points[i],
            None if day <= 0 => return 0.0,
            None => (0, 0.0),
        };
        match self.points.get(next) {
            Some(&(d1, p1)) if day > d0 => {
                p0 + (p1 - p0) * ((day as f64 - d0 as f64) / (d1 as f64 - d0 as f64))
            }
            _ => p0,
        }
    }
}

/// The integrated Brier score `(1/H) Σ_{t=1}^H (F(t) − 1{T ≤ t})²` of a forecast of when.
///
/// *Never* needs no fudge: the indicator stays 0. A question still open is cut at its censoring
/// date C, so the mean runs over `1..=min(H, C)`; `None` if that leaves no day.
///
/// # Model
/// One question, so the cut replaces the weights that Graf and others give to the uncensored.
///
/// # Reference
/// Graf, Schmoor, Sauerbrei & Schumacher (1999), *Statistics in Medicine* 18:2529–2545.
pub fn integrated_brier(cdf: &TimeCdf, event: Event, horizon: i64) -> Option<f64> {
    let last = match event {
        Event::On(_) => horizon,
        Event::NotBy(censored) => horizon.min(censored),
    };
    // A thousand years of days: a horizon beyond it is a slip, and would only loop.
    let last = last.min(365_250);
    if last < 1 {
        return None;
    }
    let came = |t: i64| matches!(event, Event::On(day) if day <= t);
    let sum: f64 = (1..=last).map(|t| brier(cdf.at(t), came(t))).sum();
    Some(sum / last as f64)
}
