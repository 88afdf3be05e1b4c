//! Which priced deadlines are put off.

use super::windows::PricedDeadline;

/// The most deadlines that may or may not be put off.
pub const MOST: usize = 16;

/// One state of the deadlines: which are put off, and the chance of that.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CoinState {
    /// The deadlines put off, a bit each in the order of the calendar.
    pub put_off: u64,
    /// The chance of this state.
    pub chance: f64,
}

impl CoinState {
    /// Whether a deadline, by its place in the calendar, is put off.
    pub fn is_put_off(&self, deadline: usize) -> bool {
        deadline < 64 && self.put_off >> deadline & 1 == 1
    }
}

/// Every state that can occur, each chance independent of the others; they sum to 1. Beyond
/// [`MOST`] deadlines in doubt the later ones take their likelier side.
pub fn coin_states(deadlines: &[PricedDeadline]) -> Vec<CoinState> {
    let mut states = vec![CoinState { put_off: 0, chance: 1.0 }];
    for (k, deadline) in deadlines.iter().enumerate().take(64) {
        let off = |state: &CoinState| CoinState { put_off: state.put_off | 1 << k, ..*state };
        let chance = deadline.put_off;
        if chance <= 0.0 || (chance < 0.5 && states.len() >= 1 << MOST) {
            continue;
        }
        if chance >= 1.0 || states.len() >= 1 << MOST {
            states.iter_mut().for_each(|state| *state = off(state));
            continue;
        }
        let put_off: Vec<_> = states
            .iter()
            .map(|state| CoinState { chance: state.chance * chance, ..off(state) })
            .collect();
        states.iter_mut().for_each(|state| state.chance *= 1.0 - chance);
        states.extend(put_off);
    }
    states
}
