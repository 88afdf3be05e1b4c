//! From words to a proposed position: which issue, which kind, which value.
//!
//! The landmarks of an issue are the codebook. Terms and example sentences add to it. What the words
//! do not place stays without a value and waits for a person.

mod clause;
mod issue;
mod place;
mod stance;

pub(crate) use clause::{Clause, ClauseRole, clauses};
pub(crate) use issue::{Codebook, numbers};
pub(crate) use place::SideWants;
pub(crate) use stance::{Stance, stance};

use crate::statement::Act;

/// What an entry says of a position; the words are the record's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PositionKind {
    /// What the speaker wants or would accept.
    Ideal,
    /// What it asks for.
    Demand,
    /// The least it can accept.
    RedMin,
    /// The most it can accept.
    RedMax,
    /// No position.
    Event,
}

impl PositionKind {
    /// The word used in the record.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ideal => "ideal",
            Self::Demand => "demand",
            Self::RedMin => "red_min",
            Self::RedMax => "red_max",
            Self::Event => "event",
        }
    }
}

/// A range with its most likely value, on an issue's own scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PositionRange {
    /// The least.
    pub lo: f64,
    /// The most likely.
    pub mode: f64,
    /// The most.
    pub hi: f64,
}

impl PositionRange {
    /// As the record writes it: `25..35..45`.
    #[must_use]
    pub fn written(self) -> String {
        let plain = |x: f64| {
            let rounded = (x * 100.0).round() / 100.0;
            format!("{}", if rounded == 0.0 { 0.0 } else { rounded })
        };
        format!("{}..{}..{}", plain(self.lo), plain(self.mode), plain(self.hi))
    }
}

/// What a clause is read as.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reading {
    /// The place of the issue in the codebook.
    pub(crate) issue: Option<usize>,
    pub(crate) kind: PositionKind,
    pub(crate) value: Option<PositionRange>,
    /// Whether the clause said anything of a position.
    pub(crate) stands: bool,
}

/// Reads a clause of a statement: what it is about, and where on it the speaker stands.
///
/// `wants` gives where the sides stand on an issue; `context` is the issue that was last spoken of.
pub(crate) fn read(
    book: &Codebook,
    clause: &Clause,
    act: Option<Act>,
    context: Option<usize>,
    wants: impl Fn(usize) -> SideWants,
) -> Reading {
    let stance = stance(clause, act);
    let about = book.about(&clause.words, context, stance != Stance::None);
    let Some(issue) = about else {
        let kind = PositionKind::Event;
        return Reading { issue: None, kind, value: None, stands: stance != Stance::None };
    };
    let (kind, value) = place::place(&book.issues[issue], clause, stance, wants(issue));
    Reading { issue: Some(issue), kind, value, stands: stance != Stance::None }
}
