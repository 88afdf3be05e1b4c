//! Windows: the least rate of agreement just before a priced deadline and at a decisive round.

use libm::log1p;

use super::rounds::ScheduledRound;

/// The length of a deadline's window, days. Judgement.
pub const WINDOW: i32 = 7;

/// A hard deadline with a price, in elapsed days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PricedDeadline {
    /// The day D.
    pub day: i32,
    /// The least chance that it settles what is open and has a zone; 0 for no window.
    pub settles: f64,
    /// The chance that it is put off.
    pub put_off: f64,
    /// Whether what is open after it ends.
    pub ends: bool,
    /// The stage that must have been passed by then, 0 for the text.
    pub binds: usize,
}

/// Adds the floor of one window: on day j before its last at least `−ln(1 − q)·ω_j`,
/// `ω_j ∝ 1/(1 + j)`, on days after `known`.
fn add(last: i32, length: i32, known: i32, settles: f64, floor: &mut [f64]) {
    if settles <= 0.0 {
        return;
    }
    let whole = -log1p(-settles);
    let weights: f64 = (0..length).map(|j| 1.0 / f64::from(1 + j)).sum();
    for j in 0..length {
        let day = last - j;
        if day > known.max(0)
            && let Some(floor) = floor.get_mut(day as usize - 1)
        {
            *floor += whole / (f64::from(1 + j) * weights);
        }
    }
}

/// The least rates of agreement with a zone of typical room on days 1, 2, … of `floor`, clock (11):
/// of the deadlines given, each with the last day on which a text still makes it, and of decisive
/// rounds. Windows that overlap add.
pub fn floors(
    deadlines: impl Iterator<Item = (PricedDeadline, i32)>,
    rounds: &[ScheduledRound],
    elapsed: i32,
    floor: &mut [f64],
) {
    floor.fill(0.0);
    for (deadline, last) in deadlines {
        add(last, WINDOW, 0, deadline.settles, floor);
    }
    for round in rounds {
        add(round.day, round.days, round.known, round.settles * round.held(elapsed), floor);
    }
}
