//! Progress: rounds that failed formally, and talks that are suspended.

/// The strength of a Beta law for the chance that the next attempt succeeds, which every failed one
/// lowers to `5.8/(5.8 + failed)` of its mean: Golder's inconclusive rounds of government formation,
/// a beta-geometric law with parameters 3.71 and 2.04.
pub const STRENGTH: f64 = 5.8;

/// What the record says of the talks by the date told from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    /// The day of each formal failure and how many rounds it counts for.
    pub failed: Vec<(i32, f64)>,
    /// The last day of a suspension in force on the date told from, `i32::MAX` while nothing is
    /// known of its end; a suspension that is over moves nothing.
    pub paused: Option<i32>,
}

impl Progress {
    /// Multiplies the rates of agreement of days 1, 2, … by `e(τ)`, clock (13): `5.8/(5.8 + F)` with
    /// F rounds failed before the day, and `paused` on the days of a suspension still ahead.
    pub fn slow(&self, elapsed: i32, paused: f64, moved: &mut [f64]) {
        if self.failed.is_empty() && self.paused.is_none() {
            return;
        }
        for (day, moved) in (1..).zip(moved) {
            let failed: f64 =
                self.failed.iter().filter(|(on, _)| *on < day).map(|(_, times)| times).sum();
            *moved *= STRENGTH / (STRENGTH + failed);
            if self.paused.is_some_and(|until| day > elapsed && day <= until) {
                *moved *= paused;
            }
        }
    }
}
