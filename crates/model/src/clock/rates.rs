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
        let places = places(self.lanes);
        let class = mixture.agreement.iter().zip(&mixture.other);
        let class = class.zip(mixture.other_none.iter().zip(&mixture.opens));
        let rows = self.agreement.chunks_exact_mut(places).zip(self.other.chunks_exact_mut(places));
        let rows = rows
            .zip(self.other_none.chunks_exact_mut(places).zip(self.opens.chunks_exact_mut(places)));
        for ((rows, class), (moved, floor)) in rows.zip(class).zip(moved.iter().zip(floor)) {
            let ((agreement, other), (other_none, opens)) = rows;
            let ((rate, class_other), (class_other_none, class_opens)) = class;
            let rate = rate * moved;
            agreement[lane] = if *floor > rate { *floor } else { rate };
            other[lane] = *class_other;
            other_none[lane] = *class_other_none;
            opens[lane] = *class_opens;
        }
    }

    /// How many lanes there are.
    pub fn lanes(&self) -> usize {
        self.lanes
    }

    /// How many days the table has.
    pub fn days(&self) -> usize {
        self.agreement.len() / places(self.lanes)
    }

    /// The rates in L lanes from one of them on, which L divides.
    #[inline(always)]
    pub(super) fn rows<const L: usize>(&self, first: usize) -> RateRows<'_, L> {
        // All of one length, which then is looked at once.
        let rows = self.agreement.as_chunks::<L>().0.len();
        fn cut<const L: usize>(column: &[f64], rows: usize) -> &[[f64; L]] {
            &column.as_chunks().0[..rows]
        }
        let tables = [&self.agreement, &self.other, &self.other_none, &self.opens];
        RateRows {
            tables: tables.map(|column| cut(column, rows)),
            every: places(self.lanes) / L,
            first: first / L,
        }
    }
}

/// The rates of lanes that run together, a row for L lanes of a day.
#[derive(Clone, Copy)]
pub(super) struct RateRows<'a, const L: usize> {
    /// In the order of [`RatesOfLanes`].
    tables: [&'a [[f64; L]]; 4],
    /// Rows from one day to the next, and the row of these lanes on day 1.
    every: usize,
    first: usize,
}

impl<'a, const L: usize> RateRows<'a, L> {
    /// The rates of an elapsed day; nothing happens before day 1 nor past the table.
    #[inline(always)]
    pub(super) fn on(&self, day: i32) -> Option<RatesOfLanes<'a, L>> {
        // Before day 1 far past the table.
        let at = (day as usize).wrapping_sub(1).wrapping_mul(self.every).wrapping_add(self.first);
        let at = if day < 1 { usize::MAX } else { at };
        let [agreement, other, other_none, opens] = self.tables;
        Some(RatesOfLanes {
            agreement: agreement.get(at)?,
            other: other.get(at)?,
            other_none: other_none.get(at)?,
            opens: opens.get(at)?,
        })
    }
}

/// How many lanes run together; one runs alone.
pub(crate) const TOGETHER: usize = 20;

/// How many places lanes take: they run together, or it is one.
pub(super) fn places(lanes: usize) -> usize {
    if lanes <= 1 { 1 } else { lanes.next_multiple_of(TOGETHER) }
}

/// So many numbers in a row, from a place on.
#[inline(always)]
pub(super) fn lanes_of<const L: usize>(row: &[f64], at: usize) -> Option<&[f64; L]> {
    row.get(at..)?.first_chunk()
}
