//! Stability by what deters: Nash, general and symmetric metarationality, sequential stability.

use super::bounds::{NEVER, bounds};
use super::ranking::PreferenceReading;
use super::set::StateSet;
use super::{GraphModel, StabilityConcept, StabilityLaws};

/// Which answers of the others deter an improvement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deterrence {
    /// Only moves that improve the lot of who makes them.
    pub credible: bool,
    /// Only states from which the party cannot get itself out again by a move of its own.
    pub counter: bool,
}

/// A concept in which an improvement is deterred by sanctions.
///
/// # Model
/// State s is stable for party i if for every state t to which i can move and that it prefers to s there
/// is a response of the others from t to a state u that i does not prefer to s:
///
/// ```text
/// GMR    u reached by any moves of the others
/// SMR    and no move of i from u leads to a state it prefers to s
/// SEQ    u reached by moves that each improve the lot of who makes them
/// SSEQ   both
/// Nash   no such t
/// ```
///
/// All are one formula: with `v(u)` the level of u, or with counter-moves the highest level among u and
/// what i reaches from it, and `b(t)` the least v(u) over the responses from t, s is stable iff
/// `b(t) ≤ level(s)` for every improvement t. `b` is found for all states in one pass.
///
/// # Reference
/// Nash 1951; Howard 1971, "Paradoxes of Rationality" (GMR, SMR); Fraser & Hipel 1984, "Conflict
/// Analysis: Models and Resolutions" (SEQ); Rêgo & Vieira 2017, "Symmetric sequential stability in the
/// graph model for conflict resolution with multiple decision makers", Group Decision and Negotiation
/// 26(4), 775–792 (SSEQ). In the graph: Fang, Hipel & Kilgour 1993, ch. 3.
#[derive(Debug)]
pub struct SanctionConcept {
    id: &'static str,
    title: &'static str,
    reference: &'static str,
    deterrence: Option<Deterrence>,
    contains: &'static [&'static str],
}

impl SanctionConcept {
    /// Nash stability.
    pub const NASH: Self = Self {
        id: "nash",
        title: "Nash",
        reference: "Nash 1951, Annals of Mathematics 54(2), 286–295",
        deterrence: None,
        contains: &[],
    };
    /// General metarationality.
    pub const GMR: Self = Self {
        id: "gmr",
        title: "General metarational",
        reference: "Howard 1971, Paradoxes of Rationality, MIT Press",
        deterrence: Some(Deterrence { credible: false, counter: false }),
        contains: &["nash", "smr", "seq", "sseq"],
    };
    /// Symmetric metarationality.
    pub const SMR: Self = Self {
        id: "smr",
        title: "Symmetric metarational",
        reference: "Howard 1971, Paradoxes of Rationality, MIT Press",
        deterrence: Some(Deterrence { credible: false, counter: true }),
        contains: &["nash", "sseq"],
    };
    /// Sequential stability.
    pub const SEQ: Self = Self {
        id: "seq",
        title: "Sequential",
        reference: "Fraser & Hipel 1984, Conflict Analysis, North-Holland",
        deterrence: Some(Deterrence { credible: true, counter: false }),
        contains: &["nash", "sseq"],
    };
    /// Symmetric sequential stability.
    pub const SSEQ: Self = Self {
        id: "sseq",
        title: "Symmetric sequential",
        reference: "Rêgo & Vieira 2017, Group Decision and Negotiation 26(4), 775–792",
        deterrence: Some(Deterrence { credible: true, counter: true }),
        contains: &["nash"],
    };
}

/// What each state is worth as a sanction if the party may counter it: the highest value among the state
/// and where the party can go from it.
pub(super) fn countered(conflict: &GraphModel<'_>, party: usize, value: &[u32]) -> Vec<u32> {
    let best = |s: usize| {
        let away = conflict.graph.from(party, s).iter().map(|t| value[*t as usize]).max();
        value[s].max(away.unwrap_or(0))
    };
    (0..value.len()).map(best).collect()
}

impl StabilityConcept for SanctionConcept {
    fn id(&self) -> &'static str {
        self.id
    }

    fn title(&self) -> &'static str {
        self.title
    }

    fn reference(&self) -> &'static str {
        self.reference
    }

    fn laws(&self) -> StabilityLaws {
        StabilityLaws { contains: self.contains, monotone: true }
    }

    fn deterrence(&self) -> Option<Deterrence> {
        self.deterrence
    }

    fn reads(&self, reading: PreferenceReading) -> bool {
        // Nobody is sanctioned under Nash, neither strongly nor otherwise.
        reading != PreferenceReading::Strong || self.deterrence.is_some()
    }

    fn stable(
        &self,
        conflict: &GraphModel<'_>,
        party: usize,
        reading: PreferenceReading,
    ) -> Option<StateSet> {
        let lens = conflict.rankings[party].lens(reading);
        let bound = self.deterrence.map(|kind| {
            let credible = kind.credible.then_some(reading);
            match kind.counter {
                true => bounds(conflict, party, credible, &countered(conflict, party, lens.value)),
                false => bounds(conflict, party, credible, lens.value),
            }
        });
        let states = conflict.graph.states();
        let mut stable = StateSet::none(states);
        for s in 0..states {
            let holds = conflict.graph.from(party, s).iter().all(|t| {
                let t = *t as usize;
                let deterred = |bound: &Vec<u32>| bound[t] != NEVER && bound[t] <= lens.limit[s];
                !lens.gains(s, t) || bound.as_ref().is_some_and(deterred)
            });
            if holds {
                stable.insert(s);
            }
        }
        Some(stable)
    }
}
