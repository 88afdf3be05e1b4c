//! Negotiations that were solved, and what they came to: one that reads the same is not solved again.
//!
//! A day later, with one input at another value, in a variant or as another day tells it, much of a draw is what
//! it was. What an answer was read from ([`Footprint`]) says whether it is that of another negotiation
//! to the bit; then it is taken over.

use std::sync::{Arc, Mutex, MutexGuard};

use crate::case::Case;
use crate::clock::forward::EventRate;
use crate::clock::outcome::{ClockConstants, Timetable};
use crate::theory::exact::{Exact, Footprint};
use crate::theory::grid::GridSolution;
use crate::theory::situation::Situation;
use crate::theory::threat::NoDeal;

use super::clock::{CaseTimes, ClockPart};
use super::draw::Frame;
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

    fn known(&mut self, s: &Situation, no_deal: &NoDeal, terms: bool) -> Option<GridSolution> {
        let serves = |kept: &Arc<KeptRoom>| {
            let of = (&kept.situation, &kept.no_deal);
            kept.terms == terms && kept.footprint.serves(of, (s, no_deal))
        };
        // The latest first: it is mostly the nearest.
        if let Some(k) = self.own.iter().rposition(&serves) {
            return Some(self.own[k].found.clone());
        }
        let k = self.solution.rooms.iter().rposition(&serves)?;
        if self.filling {
            let rooms = &mut Arc::make_mut(&mut self.solution).rooms;
            let used = rooms.remove(k);
            rooms.push(used);
        }
        let place = if self.filling { self.solution.rooms.len() - 1 } else { k };
        Some(self.solution.rooms[place].found.clone())
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

/// … and how many negotiations of all of them, and what the clock made of how many.
const ROOMS: usize = 1 << 14;
const CLOCKS: usize = 1 << 15;

/// How many calendars and classes are kept.
const TABLES: usize = 256;

/// What the first draws came to in cases alike, so that what they share is solved once: a case under other
/// constants, a variant, the same talks told from another day. No answer depends on what is kept.
#[derive(Default)]
pub struct KeptRooms {
    draws: Vec<Mutex<KeptDraw>>,
    /// By what they are tabulated from; one table serves all parts that read as it does.
    tables: Mutex<Vec<(ClockPart, Arc<CaseTimes>)>>,
}

/// Of one draw; the latest used are last.
#[derive(Default)]
struct KeptDraw {
    rooms: Vec<Arc<KeptRoom>>,
    clocks: Vec<KeptClock>,
}

/// What the clock saw, beside which tables, and what it made of it: weight and answer.
struct KeptClock {
    tables: Arc<CaseTimes>,
    view: ClockView,
    found: (f64, f64),
}

impl KeptRooms {
    /// Nothing yet, of as many draws.
    pub fn new(draws: u64) -> Self {
        let kept = usize::try_from(draws).unwrap_or(KEPT_DRAWS).min(KEPT_DRAWS);
        Self { draws: (0..kept).map(|_| Mutex::default()).collect(), tables: Mutex::default() }
    }

    fn at(&self, draw: u64) -> Option<MutexGuard<'_, KeptDraw>> {
        self.draws.get(usize::try_from(draw).ok()?)?.lock().ok()
    }

    /// Prepares a case whose draws are run under their own constants alone, with the tables of one alike.
    pub(super) fn frame<'a>(&self, case: &'a Case) -> Frame<'a> {
        let frame = Frame::new(case);
        let Ok(mut tables) = self.tables.lock() else { return frame };
        if self.draws.is_empty() {
            return frame;
        }
        let part = ClockPart::new(case);
        if let Some((_, known)) = tables.iter().find(|(of, _)| of.is(&part)) {
            frame.borrow(known);
            return frame;
        }
        let own = Arc::new(CaseTimes::new(part.clone()));
        let alike = tables.iter().map(|(_, known)| known).find(|known| known.reads_as(&own));
        let own = alike.map_or(own, Arc::clone);
        frame.borrow(&own);
        if tables.len() < TABLES {
            tables.push((part, own));
        }
        frame
    }

    /// Puts what is kept of a draw at hand.
    pub(super) fn lend(&self, draw: u64, kept: &mut Kept) {
        let rooms = self.at(draw).map(|kept| kept.rooms.clone());
        kept.filling = rooms.is_some();
        kept.solution = Arc::new(KeptSolution { rooms: rooms.unwrap_or_default(), clock: None });
    }

    /// Takes what a draw came to beside what was lent; those that were not used for longest go.
    pub(super) fn take(&self, draw: u64, kept: &Kept) {
        let Some(mut at) = self.at(draw) else { return };
        at.rooms.clone_from(&kept.solution.rooms);
        let beyond = at.rooms.len().saturating_sub(ROOMS / self.draws.len());
        at.rooms.drain(..beyond);
    }

    /// What the clock makes of a draw beside some tables, by `run` where it is not known.
    pub(super) fn clock(
        &self,
        (draw, tables): (u64, &Arc<CaseTimes>),
        view: ClockView,
        run: impl FnOnce(&ClockView) -> (f64, f64),
    ) -> (f64, f64) {
        let Some(mut at) = self.at(draw) else { return run(&view) };
        let same = |kept: &KeptClock| Arc::ptr_eq(&kept.tables, tables) && kept.view == view;
        let known = at.clocks.iter().rposition(same);
        let clock = match known {
            Some(k) => at.clocks.remove(k),
            None => {
                let (found, tables) = (run(&view), Arc::clone(tables));
                KeptClock { tables, view, found }
            }
        };
        let found = clock.found;
        at.clocks.push(clock);
        let beyond = at.clocks.len().saturating_sub(CLOCKS / self.draws.len());
        at.clocks.drain(..beyond);
        found
    }
}
