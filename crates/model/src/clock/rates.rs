//! The rates of each day under sets of constants and one state of the deadlines.

use super::mixture::Mixture;

/// What a draw's rates are made of on elapsed days 1, 2, …, for several sets of constants (lanes)
/// side by side, clock (12).
///
/// # Model
/// A draw with a zone agrees at `R_a = f·(1 − s)·max(R_a(1)·c·e, window)` and ends otherwise at R_o;
/// one without ends otherwise at its own R_o, and its zone opens with chance ν.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DailyRates {
    lanes: usize,
    /// `max(R_a(1)·c·e, window)`, `[day × lane]` like all of them.
    agreement: Vec<f64>,
    /// R_o with a zone.
    other: Vec<f64>,
    /// R_o without a zone.
    other_none: Vec<f64>,
    /// ν.
    opens: Vec<f64>,
}

/// The rates of one day: a number for each lane.
#[derive(Clone, Copy, Debug)]
pub struct RatesOfDay<'a> {
    /// `max(R_a(1)·c·e, window)`.
    pub agreement: &'a [f64],
    /// R_o with a zone.
    pub other: &'a [f64],
    /// R_o without a zone.
    pub other_none: &'a [f64],
    /// ν.
    pub opens: &'a [f64],
}

impl DailyRates {
    /// Makes place for so many days and lanes; what was there is lost where the shape changes.
    pub fn resize(&mut self, days: usize, lanes: usize) {
        self.lanes = lanes;
        for column in [&mut self.agreement, &mut self.other, &mut self.other_none, &mut self.opens]
        {
            column.resize(days * lanes, 0.0);
        }
    }

    /// Puts a lane together from the mixture, what moves hazard (`c·e`) and the floors, as far as
    /// the days of all of them reach.
    pub fn fill(&mut self, lane: usize, mixture: &Mixture, moved: &[f64], floor: &[f64]) {
        let lanes = self.lanes;
        let lane_of = |column: &mut Vec<f64>, values: &mut dyn Iterator<Item = f64>| {
            let places = column.iter_mut().skip(lane).step_by(lanes.max(1));
            places.zip(values).for_each(|(place, value)| *place = value);
        };
        let agreement = mixture.agreement.iter().zip(moved).zip(floor);
        lane_of(
            &mut self.agreement,
            &mut agreement.map(|((rate, c), floor)| (rate * c).max(*floor)),
        );
        lane_of(&mut self.other, &mut mixture.other.iter().copied());
        lane_of(&mut self.other_none, &mut mixture.other_none.iter().copied());
        lane_of(&mut self.opens, &mut mixture.opens.iter().copied());
    }

    /// How many lanes there are.
    pub fn lanes(&self) -> usize {
        self.lanes
    }

    /// How many days the table has.
    pub fn days(&self) -> usize {
        self.agreement.len().checked_div(self.lanes).unwrap_or(0)
    }

    /// The rates of an elapsed day; nothing happens before day 1 nor past the table.
    pub fn on(&self, day: i32) -> Option<RatesOfDay<'_>> {
        let at = usize::try_from(day).ok()?.checked_sub(1)?;
        let lanes = at * self.lanes..(at + 1) * self.lanes;
        Some(RatesOfDay {
            agreement: self.agreement.get(lanes.clone())?,
            other: &self.other[lanes.clone()],
            other_none: &self.other_none[lanes.clone()],
            opens: &self.opens[lanes],
        })
    }
}
