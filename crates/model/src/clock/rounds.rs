//! Rounds: hazard is moved from the days before a meeting to its day.

/// How many days before a round give to it: fewer than this. Judgement.
pub const REACH: i32 = 14;

/// What a certain round weighs against a day's own hazard. Judgement.
pub const PULL: f64 = 0.5;

/// A meeting in the calendar, in elapsed days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScheduledRound {
    /// The last day of the meeting.
    pub day: i32,
    /// The chance that it is held.
    pub holds: f64,
    /// The day it was announced; the start of the clock is 0.
    pub known: i32,
    /// The least chance that it settles what is open and has a zone, 0 for an ordinary round.
    pub settles: f64,
    /// Over how many last days it may settle, from 1.
    pub days: i32,
}

impl ScheduledRound {
    /// The chance that it is held, seen from the end of day `elapsed`: what is past was held, unless
    /// it is known not to have been.
    pub fn held(&self, elapsed: i32) -> f64 {
        if self.day > elapsed {
            self.holds
        } else if self.holds > 0.0 {
            1.0
        } else {
            0.0
        }
    }
}

/// Sets `moved` to what rounds multiply the class's rate of agreement by on days 1, 2, …, clock (9).
///
/// # Model
/// `Q(s) = Σ q_D` over the rounds with `s < D < s + 14` announced before s. Day s keeps
/// `k(s) = 1/(1 + ½Q(s))` and gives `1 − k(s)` to them in proportion to q: the sum is conserved.
pub fn move_hazard(rounds: &[ScheduledRound], elapsed: i32, moved: &mut [f64]) {
    moved.fill(1.0);
    // No other day has a round ahead within reach.
    let days = || rounds.iter().map(|r| r.day);
    let (Some(first), Some(last)) = (days().min(), days().max()) else { return };
    for s in (first - REACH + 1).max(1)..last.min(moved.len() as i32 + 1) {
        let ahead = |r: &&ScheduledRound| s < r.day && r.day - s < REACH && r.known < s;
        let total: f64 = rounds.iter().filter(ahead).map(|r| r.held(elapsed)).sum();
        if total <= 0.0 {
            continue;
        }
        let given = 1.0 - 1.0 / (1.0 + PULL * total);
        moved[s as usize - 1] -= given;
        for round in rounds.iter().filter(ahead) {
            if let Some(to) = moved.get_mut(round.day as usize - 1) {
                *to += given * round.held(elapsed) / total;
            }
        }
    }
}
