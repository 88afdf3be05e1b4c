//! What would hold without a deal: the graph model for conflict resolution.
//!
//! States, moves of the parties between them, and what each party prefers; a state is stable for a party
//! if what it could gain by moving is deterred by what the others could answer. Which answers count is
//! what the concepts differ in: each stands behind [`StabilityConcept`] and is registered once in
//! [`STABILITY_CONCEPTS`]; the laws in `tests/all/stability_laws.rs` run over all of them. Nothing here
//! knows a name, a file or a clock; [`derived`] alone knows a case.
//!
//! # Reference
//! Fang, Hipel & Kilgour 1993, "Interactive Decision Making: The Graph Model for Conflict Resolution",
//! Wiley; Kilgour, Hipel & Fang 1987, "The graph model for conflicts", Automatica 23(1), 41–55.

mod bounds;
pub mod coalition;
mod concepts;
pub mod derived;
pub mod form;
mod graph;
pub mod inverse;
mod limited;
pub mod quo;
mod ranking;
pub mod robust;
mod set;
mod simultaneous;
pub mod statement;
pub mod why;

pub use bounds::ResponseRule;
pub use concepts::{Deterrence, SanctionConcept};
pub use graph::{ConflictGraph, GraphError, MOST_MOVES, MOST_PARTIES, MOST_STATES};
pub use limited::{LimitedMove, NonMyopic};
pub use ranking::{Lens, PartyRanking, PreferenceReading, RankedStep};
pub use set::StateSet;
pub use simultaneous::Simultaneous;

/// A graph with what the parties prefer and which responses count.
#[derive(Clone, Copy, Debug)]
pub struct GraphModel<'a> {
    /// The states and the moves between them.
    pub graph: &'a ConflictGraph,
    /// What each party prefers.
    pub rankings: &'a [PartyRanking],
    /// Which sequences of moves of the others count as a response.
    pub responses: ResponseRule,
}

/// What a concept promises; the tests hold it to that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StabilityLaws {
    /// The concepts whose stable states are all stable under it too.
    pub contains: &'static [&'static str],
    /// Raising the state alone in the party's own ranking never makes it unstable.
    pub monotone: bool,
}

/// When a state is stable for a party.
pub trait StabilityConcept: Sync {
    /// The name it is called by: `[a-z0-9]+`, unique.
    fn id(&self) -> &'static str;
    /// Its name in words.
    fn title(&self) -> &'static str;
    /// Author, year and place of the concept.
    fn reference(&self) -> &'static str;
    /// What it promises.
    fn laws(&self) -> StabilityLaws;
    /// Which answers of the others deter an improvement, for concepts that are told so.
    fn deterrence(&self) -> Option<Deterrence> {
        None
    }
    /// Whether it is defined under preferences that are strong or not known.
    fn reads(&self, reading: PreferenceReading) -> bool {
        reading == PreferenceReading::Plain
    }
    /// The states that are stable for a party; `None` where the concept is not defined for the graph.
    fn stable(
        &self,
        conflict: &GraphModel<'_>,
        party: usize,
        reading: PreferenceReading,
    ) -> Option<StateSet>;
}

/// Every concept, once, in the order it is shown.
pub static STABILITY_CONCEPTS: &[&dyn StabilityConcept] = &[
    &SanctionConcept::NASH,
    &SanctionConcept::GMR,
    &SanctionConcept::SMR,
    &SanctionConcept::SEQ,
    &Simultaneous,
    &SanctionConcept::SSEQ,
    &LimitedMove::TWO,
    &LimitedMove::THREE,
    &LimitedMove::FOUR,
    &LimitedMove::FIVE,
    &LimitedMove::SIX,
    &NonMyopic,
];

/// The concept with this id.
pub fn concept(id: &str) -> Option<&'static dyn StabilityConcept> {
    STABILITY_CONCEPTS.iter().copied().find(|c| c.id() == id)
}

/// The states that are stable for every party, of the sets of the parties.
pub fn equilibria(stable: &[StateSet]) -> Option<StateSet> {
    let mut all = stable.first()?.clone();
    stable.iter().for_each(|own| all.keep(own));
    Some(all)
}
