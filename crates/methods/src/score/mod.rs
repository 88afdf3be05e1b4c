//! Scores: how good the forecasts were, and how they were kept.
//!
//! Answers for proper scores of probabilities, ordered bins, samples and dates of agreement, for
//! calibration, for skill against a reference and for update habits. It knows no log, no calendar
//! and no case: days are whole numbers on any common scale, probabilities are numbers in `[0, 1]`.
//!
//! Scores are penalties (smaller is better) unless the name says otherwise ([`baseline`], skill).

mod binary;
mod card;
mod confidence;
mod corp;
mod crps;
mod habits;
mod integrated;
mod murphy;
mod reliability;
mod rps;
mod series;
mod skill;
mod waiting;

pub use binary::{baseline, brier, brier_two_category, clip, log_score};
pub use card::{Card, ClosedQuestion, ScoreDivision, Skill, card};
pub use confidence::{Assessed, Evidence, Level, Reason, suggest_confidence};
pub use corp::{Corp, CorpPoint, corp, isotonic};
pub use crps::crps;
pub use habits::{
    Habits, Remark, Revision, STALE_DAYS, delta_logit, habits, is_stale, mass_passed, needs_reason,
};
pub use integrated::{Event, TimeCdf, integrated_brier};
pub use murphy::{Murphy, murphy};
pub use reliability::{Bin, ConsistencyBar, ReliabilityDiagram, SMALL_SAMPLE, reliability};
pub use rps::{rps, rps_mean_form};
pub use series::{Series, Stand, paired_average, time_average};
pub use skill::skill;
pub use waiting::{WAIT_BIN, wait_crps, wait_rps};

/// Why a score cannot be computed from what was given.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ScoreError {
    /// Nothing to score.
    #[error("nothing to score: expected at least one forecast")]
    Empty,
    /// Forecasts and outcomes differ in number.
    #[error("{forecasts} forecasts but {outcomes} outcomes: expected one outcome a forecast")]
    Lengths {
        /// How many forecasts there are.
        forecasts: usize,
        /// How many outcomes there are.
        outcomes: usize,
    },
    /// A value that should be a probability is not in `[0, 1]`.
    #[error("value {index} is {value}: expected a probability from 0 to 1")]
    NotAProbability {
        /// Position in the input, from 0.
        index: usize,
        /// The value found.
        value: f64,
    },
    /// The probabilities of the bins do not sum to one.
    #[error("the bins' probabilities sum to {0}: expected 1 (within 1e-9)")]
    Sum(f64),
    /// The bin that came true does not exist.
    #[error("bin {found} came true, but the bins are 0 to {}", .bins.saturating_sub(1))]
    Bin {
        /// The bin named.
        found: usize,
        /// How many bins there are.
        bins: usize,
    },
    /// A sample or an observation is not finite.
    #[error("value {index} is not finite: expected a number")]
    NotFinite {
        /// Position in the input, from 0.
        index: usize,
    },
    /// Probabilities or days that must not decrease do.
    #[error("value {index} is smaller than the one before: expected a rising series")]
    Decreasing {
        /// Position in the input, from 0.
        index: usize,
    },
    /// The number of bins is zero, or larger than can be drawn.
    #[error("{0} bins: expected 1 to 1000")]
    Bins(usize),
}

/// Checks that every value is a probability.
fn probabilities(values: &[f64]) -> Result<(), ScoreError> {
    match values.iter().position(|p| !(0.0..=1.0).contains(p)) {
        Some(index) => Err(ScoreError::NotAProbability { index, value: values[index] }),
        None => Ok(()),
    }
}

/// Checks that forecasts are probabilities, not none, and paired with outcomes.
fn paired(forecasts: &[f64], outcomes: &[bool]) -> Result<(), ScoreError> {
    if forecasts.len() != outcomes.len() {
        let (forecasts, outcomes) = (forecasts.len(), outcomes.len());
        return Err(ScoreError::Lengths { forecasts, outcomes });
    }
    if forecasts.is_empty() {
        return Err(ScoreError::Empty);
    }
    probabilities(forecasts)
}

/// 1 for what happened, 0 for what did not.
fn indicator(happened: bool) -> f64 {
    if happened { 1.0 } else { 0.0 }
}
