//! Forecasts that stand until the next one, and averages over the days they stood.

use super::{ScoreError, probabilities};

/// A probability that stands from a day on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stand {
    /// The first day it stands.
    pub day: i64,
    /// The probability, in `[0, 1]`.
    pub p: f64,
}

/// A question's forecasts in order of their days; the last one of a day is the one that stands.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Series {
    stands: Vec<Stand>,
}

impl Series {
    /// A series from forecasts in the order they were made.
    ///
    /// # Errors
    /// [`ScoreError`] if a value is no probability or a day comes before the one ahead of it.
    pub fn new(stands: &[Stand]) -> Result<Self, ScoreError> {
        probabilities(&stands.iter().map(|s| s.p).collect::<Vec<_>>())?;
        if let Some(before) = stands.windows(2).position(|w| w[1].day < w[0].day) {
            return Err(ScoreError::Decreasing { index: before + 1 });
        }
        let mut kept: Vec<Stand> = Vec::with_capacity(stands.len());
        for stand in stands {
            match kept.last_mut().filter(|last| last.day == stand.day) {
                Some(last) => *last = *stand,
                None => kept.push(*stand),
            }
        }
        Ok(Self { stands: kept })
    }

    /// One forecast a day it changed, in order.
    pub fn stands(&self) -> &[Stand] {
        &self.stands
    }

    /// The probability that stands on `day`, or `None` before the first forecast.
    pub fn at(&self, day: i64) -> Option<f64> {
        self.index_at(day).map(|i| self.stands[i].p)
    }

    /// The probability that the standing one of `day` replaced.
    pub fn previous_at(&self, day: i64) -> Option<f64> {
        self.index_at(day).and_then(|i| i.checked_sub(1)).map(|i| self.stands[i].p)
    }

    /// The first forecast, held as if it had never been revised.
    pub fn first(&self) -> Option<Stand> {
        self.stands.first().copied()
    }

    fn index_at(&self, day: i64) -> Option<usize> {
        self.stands.partition_point(|s| s.day <= day).checked_sub(1)
    }

    /// Days from the first forecast up to, not including, `close`: none if it closed before.
    ///
    /// The day of the resolution is not scored: who forecasts after the news earns nothing.
    pub(super) fn days(&self, close: i64) -> std::ops::Range<i64> {
        let first = self.first().map_or(close, |s| s.day);
        // A hundred years a question: beyond it a date is a slip, and would only loop.
        first..close.clamp(first, first.saturating_add(36_525))
    }
}

/// The mean over days of a score of the standing forecast, the last one carried forward.
///
/// Days run from the first forecast up to, not including, `close`. `None` if there is no such day.
/// Whoever stays at 10 % for a month is scored on a month of 10 %, however often the number was
/// typed in.
pub fn time_average(series: &Series, close: i64, score: impl Fn(f64) -> f64) -> Option<f64> {
    let (sum, days) = series
        .days(close)
        .filter_map(|day| series.at(day))
        .fold((0.0, 0_u32), |(sum, n), p| (sum + score(p), n + 1));
    (days > 0).then(|| sum / f64::from(days))
}

/// The mean scores of a series and of a reference over the days on which both stand, with the
/// number of those days; `None` if there are none.
pub fn paired_average(
    series: &Series,
    close: i64,
    reference: impl Fn(i64) -> Option<f64>,
    score: impl Fn(f64) -> f64,
) -> Option<(f64, f64, u32)> {
    let (mut ours, mut theirs, mut days) = (0.0, 0.0, 0_u32);
    for day in series.days(close) {
        if let (Some(p), Some(q)) = (series.at(day), reference(day)) {
            ours += score(p);
            theirs += score(q);
            days += 1;
        }
    }
    (days > 0).then(|| (ours / f64::from(days), theirs / f64::from(days), days))
}
