//! Preferences told by what a party wants: prioritised statements and weights on options.

use super::form::OptionForm;
use super::ranking::PartyRanking;

/// Statements a party may rank its states by.
pub const MOST_STATEMENTS: usize = 120;

/// A statement about a pattern of options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// An option is taken.
    Taken(usize),
    /// It does not hold.
    Not(Box<Self>),
    /// All hold.
    And(Vec<Self>),
    /// At least one holds.
    Or(Vec<Self>),
    /// The first holds if the second does.
    If(Box<Self>, Box<Self>),
    /// Both hold or neither.
    Iff(Box<Self>, Box<Self>),
}

impl Statement {
    /// Whether it holds of a pattern.
    pub fn holds(&self, pattern: u64) -> bool {
        match self {
            Self::Taken(option) => pattern >> option & 1 == 1,
            Self::Not(s) => !s.holds(pattern),
            Self::And(all) => all.iter().all(|s| s.holds(pattern)),
            Self::Or(all) => all.iter().any(|s| s.holds(pattern)),
            Self::If(then, when) => !when.holds(pattern) || then.holds(pattern),
            Self::Iff(a, b) => a.holds(pattern) == b.holds(pattern),
        }
    }
}

/// A ranking by statements, the most important first: of two states the party prefers the one of which
/// the first statement holds that does not hold of both or neither. A coalesced state is asked as its
/// first pattern. `None` beyond [`MOST_STATEMENTS`].
///
/// # Reference
/// Peng, Hipel, Kilgour & Fang 1997, "Representing ordinal preferences in the decision support system
/// GMCR II", Proceedings of the IEEE International Conference on Systems, Man, and Cybernetics.
pub fn by_statements(
    form: &OptionForm,
    states: usize,
    statements: &[Statement],
) -> Option<PartyRanking> {
    if statements.len() > MOST_STATEMENTS {
        return None;
    }
    let score = |s: usize| {
        let pattern = form.patterns(s)[0];
        statements.iter().fold(0u128, |score, own| score << 1 | u128::from(own.holds(pattern)))
    };
    let scores: Vec<u128> = (0..states).map(score).collect();
    let mut known = scores.clone();
    known.sort_unstable();
    known.dedup();
    let level = |score: &u128| known.partition_point(|k| k < score) as u32 + 1;
    Some(PartyRanking::of_levels(scores.iter().map(level).collect()))
}

/// The sum of the weights of the statements that hold of each state.
pub fn by_weights(form: &OptionForm, states: usize, weights: &[(Statement, f64)]) -> Vec<f64> {
    let worth = |s: usize| {
        let pattern = form.patterns(s)[0];
        weights.iter().filter(|(own, _)| own.holds(pattern)).map(|(_, w)| w).sum()
    };
    (0..states).map(worth).collect()
}
