//! Bargaining solutions on a finite set of outcomes: one trait, one registry.
//!
//! A solution names *all* outcomes it deems best. Whatever is registered in [`SOLUTIONS`] is
//! subject to the laws in the tests, and reaches every caller by its name.

mod concepts;
mod problem;

pub use concepts::{
    Egalitarian, GeniusMinAsymmetry, GeniusNash, KalaiSmorodinsky, Leximin, Nash, NegmasKs,
    RelativeUtilitarian, Utilitarian,
};
pub use problem::{Problem, ProblemError};

/// Scores closer than this (relative to the larger for products, absolute on gains) are a tie.
pub const TIE: f64 = 1e-9;

/// The outcomes a solution deems best.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// All best outcomes, ascending; never empty.
    pub outcomes: Vec<usize>,
}

/// Why a solution names no outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsolved {
    /// Every outcome leaves some side below its disagreement point.
    #[error("no package gives every side at least its reservation value")]
    NothingRational,
}

/// The axioms a solution promises; the tests hold it to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promises {
    /// Nobody gets less than at the disagreement point.
    pub rational: bool,
    /// Changing the zero or the unit of one side's utility changes nothing.
    pub scale_invariant: bool,
    /// Changing the zeros of the sides' utilities changes nothing.
    pub translation_invariant: bool,
    /// Removing outcomes that were not chosen changes nothing.
    pub independent: bool,
}

/// One solution concept.
pub trait Solution: Sync {
    /// What a file and a command call it: `[a-z-]+`, unique.
    fn id(&self) -> &'static str;
    /// What people call it, as it stands within a sentence.
    fn name(&self) -> &'static str;
    /// Author, year and place of the concept.
    fn reference(&self) -> &'static str;
    /// What it promises.
    fn promises(&self) -> Promises;
    /// Chooses among the outcomes of a problem.
    ///
    /// # Errors
    /// [`Unsolved`] if no outcome qualifies.
    fn solve(&self, problem: &Problem<'_>) -> Result<Choice, Unsolved>;
}

/// Every solution that is known, by name.
pub static SOLUTIONS: &[&dyn Solution] = &[
    &Nash::EQUAL,
    &KalaiSmorodinsky,
    &Egalitarian,
    &Leximin,
    &Utilitarian,
    &GeniusNash,
    &GeniusMinAsymmetry,
    &NegmasKs,
    &RelativeUtilitarian,
];

/// Looks a solution up by its name.
#[must_use]
pub fn solution(name: &str) -> Option<&'static dyn Solution> {
    SOLUTIONS.iter().copied().find(|solution| solution.id() == name)
}
