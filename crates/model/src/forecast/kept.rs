//! Negotiations that were solved, and what they came to: one that reads the same is not solved again.
//!
//! A day later, with one input at another value, in a variant or as another day tells it, much of a draw is what
//! it was. What an answer was read from ([`Footprint`]) says whether it is that of another negotiation
//! to the bit; then it is taken over.

use std::sync::{Arc, Mutex};

use crate::clock::forward::EventRate;
use crate::clock::outcome::{ClockConstants, Timetable};
use crate::theory::exact::{Exact, Footprint};
use crate::theory::grid::GridSolution;
use crate::theory::situation::Situation;
use crate::theory::threat::NoDeal;

use super::outcome::Prospects;

/// What one draw came to, for draws that differ from it in few inputs: where those leave a negotiation as
/// it is, its room is not sought again, and where they leave all that the clock sees, the clock is not
/// run.
#[derive(Clone, Default)]
pub(crate) struct KeptSolution {
    pub(super) rooms: Vec<Arc<KeptRoom>>,
    /// What the clock saw, and what it made of it: weight and answer.
    pub(super) clock: Option<(ClockView, (f64, f64))>,
}

/// All that weight and answer of a draw are a function of, beside the tables of its case.
#[derive(Clone, PartialEq)]
pub(super) struct ClockView {
    pub(super) state: usize,
    pub(super) own: (ClockConstants, Timetable),
    pub(super) days: Vec<(i32, Prospects)>,
    pub(super) events: Vec<EventRate>,
}

/// A negotiation, its room or its terms, and what they were read from.
pub(super) struct KeptRoom {
    situation: Situation,
    no_deal: NoDeal,
    footprint: Footprint,
    /// Whether its terms were sought, and not its room alone.
    terms: bool,
    found: GridSolution,
}

/// Solutions at hand, which may be shared.
#[derive(Default)]
pub(super) struct Kept {
    /// Whether what is solved is kept beyond the current draw.
    pub(super) filling: bool,
    pub(super) solution: Arc<KeptSolution>,
    /// How many negotiations of the current draw are still to come.
    pub(super) ahead: usize,
    /// Those of the current draw.
    own: Vec<Arc<KeptRoom>>,
}

impl Kept {
    /// Another draw begins.
    pub(super) fn begin(&mut self) {
        self.own.clear();
    }

    /// Room alone: see [`Exact::room`].
    pub(super) fn room(
        &mut self,
        exact: &mut Exact<'_>,
        s: &Situation,
        no_deal: &NoDeal,
    ) -> GridSolution {
        if let Some(found) = self.known(s, no_deal, false) {
            return found;
        }
        let room = exact.room(s, no_deal);
        let found = GridSolution { room, gap: exact.short(), ..GridSolution::default() };
        self.keep(exact, (s, no_deal), false, &found);
        found
    }

    /// Room and terms: see [`Exact::deal`].
    pub(super) fn deal(
        &mut self,
        exact: &mut Exact<'_>,
        s: &Situation,
        no_deal: &NoDeal,
    ) -> GridSolution {
        if let Some(found) = self.known(s, no_deal, true) {
            return found;
        }
        let found = exact.deal(s, no_deal);
        self.keep(exact, (s, no_deal), true, &found);
        found
    }

    /// Everything: see [`Exact::solve`].
    pub(super) fn solve(
        &mut self,
        exact: &mut Exact<'_>,
        s: &Situation,
        no_deal: &NoDeal,
    ) -> GridSolution {
        let found = exact.solve(s, no_deal);
        self.keep(exact, (s, no_deal), true, &found);
        found
    }

    fn known(&self, s: &Situation, no_deal: &NoDeal, terms: bool) -> Option<GridSolution> {
        let serves = |kept: &&Arc<KeptRoom>| {
            let of = (&kept.situation, &kept.no_deal);
            kept.terms == terms && kept.footprint.serves(of, (s, no_deal))
        };
        // The latest first: it is mostly the nearest.
        let all = self.own.iter().rev().chain(self.solution.rooms.iter().rev());
        all.into_iter().find(serves).map(|kept| kept.found.clone())
    }

    fn keep(
        &mut self,
        exact: &mut Exact<'_>,
        (s, no_deal): (&Situation, &NoDeal),
        terms: bool,
        found: &GridSolution,
    ) {
        let Some(footprint) = exact.footprint().filter(|_| self.filling || self.ahead > 0) else {
            return;
        };
        let (block, walk) = (Vec::new(), Vec::new());
        let kept = Arc::new(KeptRoom {
            situation: s.clone(),
            no_deal: no_deal.clone(),
            footprint,
            terms,
            found: GridSolution { block, walk, ..found.clone() },
        });
        if self.filling {
            Arc::make_mut(&mut self.solution).rooms.push(kept);
        } else {
            self.own.push(kept);
        }
    }
}

/// How many of the first draws are kept, …
pub(crate) const KEPT_DRAWS: usize = 2_048;

/// … and how many negotiations of each.
const EACH: usize = 6;

/// What the first draws came to in cases alike, so that what they share is solved once: a case under other
/// constants, a variant, the same talks told from another day. No answer depends on what is kept.
#[derive(Default)]
pub struct KeptRooms {
    draws: Vec<Mutex<Vec<Arc<KeptRoom>>>>,
}

impl KeptRooms {
    /// Nothing yet, of as many draws.
    pub fn new(draws: u64) -> Self {
        let kept = usize::try_from(draws).unwrap_or(KEPT_DRAWS).min(KEPT_DRAWS);
        Self { draws: (0..kept).map(|_| Mutex::default()).collect() }
    }

    fn at(&self, draw: u64) -> Option<&Mutex<Vec<Arc<KeptRoom>>>> {
        self.draws.get(usize::try_from(draw).ok()?)
    }

    /// Puts what is kept of a draw at hand.
    pub(super) fn lend(&self, draw: u64, kept: &mut Kept) {
        let rooms = self.at(draw).and_then(|rooms| Some(rooms.lock().ok()?.clone()));
        kept.filling = rooms.is_some();
        kept.solution = Arc::new(KeptSolution { rooms: rooms.unwrap_or_default(), clock: None });
    }

    /// Takes what a draw came to beside what was lent; the oldest go.
    pub(super) fn take(&self, draw: u64, kept: &Kept) {
        let Some(Ok(mut rooms)) = self.at(draw).map(Mutex::lock) else { return };
        rooms.clone_from(&kept.solution.rooms);
        let beyond = rooms.len().saturating_sub(EACH);
        rooms.drain(..beyond);
    }
}
