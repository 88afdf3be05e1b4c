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
    /// `max(R_a(1)·c·e, window)`, `[day × place]` like all of them; places beyond the lanes are empty.
    agreement: Vec<f64>,
    /// R_o with a zone.
    other: Vec<f64>,
    /// R_o without a zone.
    other_none: Vec<f64>,
    /// ν.
    opens: Vec<f64>,
}

/// The rates of one day in some lanes in a row.
#[derive(Clone, Copy, Debug)]
pub struct RatesOfLanes<'a, const L: usize> {
    /// `max(R_a(1)·c·e, window)`.
    pub agreement: &'a [f64; L],
    /// R_o with a zone.
    pub other: &'a [f64; L],
    /// R_o without a zone.
    pub other_none: &'a [f64; L],
    /// ν.
    pub opens: &'a [f64; L],
}

impl DailyRates {
    /// Makes place for so many days and lanes; what was there is lost where the shape changes.
    pub fn resize(&mut self, days: usize, lanes: usize) {
        self.lanes = lanes;
        for column in [&mut self.agreement, &mut self.other, &mut self.other_none, &mut self.opens]
        {
            column.resize(days * places(lanes), 0.0);
        }
    }

    /// Puts a lane together from the mixture, what moves hazard (`c·e`) and the floors, as far as
    /// the days of all of them reach.
    pub fn fill(&mut self, lane: usize, mixture: &Mixture, moved: &[f64], floor: &[f64]) {
        let place = (lane, places(self.lanes));
        let agreement = mixture.agreement.iter().zip(moved).zip(floor);
        let agreement = agreement.map(|((rate, c), floor)| (rate * c).max(*floor));
        put(&mut self.agreement, place, agreement);
        put(&mut self.other, place, mixture.other.iter().copied());
        put(&mut self.other_none, place, mixture.other_none.iter().copied());
        put(&mut self.opens, place, mixture.opens.iter().copied());
    }

    /// How many lanes there are.
    pub fn lanes(&self) -> usize {
        self.lanes
    }

    /// How many days the table has.
    pub fn days(&self) -> usize {
        self.agreement.len() / places(self.lanes)
    }

    /// The rates of an elapsed day in the lanes from one of them on; nothing happens before day 1 nor
    /// past the table.
    #[inline(always)]
    pub fn lanes_on<const L: usize>(&self, day: i32, first: usize) -> Option<RatesOfLanes<'_, L>> {
        let at = usize::try_from(day).ok()?.checked_sub(1)? * places(self.lanes) + first;
        Some(RatesOfLanes {
            agreement: lanes_of(&self.agreement, at)?,
            other: lanes_of(&self.other, at)?,
            other_none: lanes_of(&self.other_none, at)?,
            opens: lanes_of(&self.opens, at)?,
        })
    }
}

/// How many lanes run together; one runs alone.
pub(super) const TOGETHER: usize = 20;

/// How many places lanes take: they run together, or it is one.
pub(super) fn places(lanes: usize) -> usize {
    if lanes <= 1 { 1 } else { lanes.next_multiple_of(TOGETHER) }
}

/// Puts a number a day into a lane of a column.
fn put(column: &mut [f64], (lane, places): (usize, usize), values: impl Iterator<Item = f64>) {
    match places {
        1 => column.iter_mut().zip(values).for_each(|(place, value)| *place = value),
        _ => {
            let places = column.iter_mut().skip(lane).step_by(places);
            places.zip(values).for_each(|(place, value)| *place = value);
        }
    }
}

/// So many numbers in a row, from a place on.
#[inline(always)]
pub(super) fn lanes_of<const L: usize>(row: &[f64], at: usize) -> Option<&[f64; L]> {
    row.get(at..at + L)?.try_into().ok()
}
