//! The rates of each day under one set of constants and one state of the deadlines.

use super::mixture::Mixture;

/// What a draw's rates are made of on elapsed days 1, 2, …, clock (12).
///
/// # Model
/// A draw with a zone agrees at `R_a = f·(1 − s)·max(R_a(1)·c·e, window)` and ends otherwise at R_o;
/// one without ends otherwise at its own R_o, and its zone opens with chance ν.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DailyRates {
    /// `max(R_a(1)·c·e, window)`.
    pub agreement: Vec<f64>,
    /// R_o with a zone.
    pub other: Vec<f64>,
    /// R_o without a zone.
    pub other_none: Vec<f64>,
    /// ν.
    pub opens: Vec<f64>,
}

impl DailyRates {
    /// Puts the day's rates together from the mixture, what moves hazard (`c·e`) and the floors.
    pub fn fill(&mut self, mixture: &Mixture, moved: &[f64], floor: &[f64]) {
        self.agreement.clear();
        let parts = mixture.agreement.iter().zip(moved).zip(floor);
        self.agreement.extend(parts.map(|((rate, moved), floor)| (rate * moved).max(*floor)));
        self.other.clone_from(&mixture.other);
        self.other_none.clone_from(&mixture.other_none);
        self.opens.clone_from(&mixture.opens);
    }

    /// How many days the table has.
    pub fn days(&self) -> usize {
        self.agreement.len()
    }
}
