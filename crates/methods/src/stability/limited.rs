//! Stability by looking so many moves ahead.

use super::ranking::PreferenceReading;
use super::set::StateSet;
use super::{GraphModel, StabilityConcept, StabilityLaws};

/// Limited-move stability of a horizon h.
///
/// # Model
/// Party i looks h moves ahead from s and works back: `G₀(i, s) = s`; with t* the move of i whose end
/// `A_{h−1}(i, t*)` it likes best, `G_h(i, s) = A_{h−1}(i, t*)` if it prefers that to s, else s. After a
/// move to t the others look on with a horizon of h − 1; `A(i, t) = t` if none of them wants to move, else
/// the end of the move of the one that is worst for whoever judges. s is stable if `G_h(i, s) = s`. Of
/// goals that i likes equally the others expect the one that is worse for them.
///
/// # Reference
/// Kilgour 1985, "Anticipation and stability in two-person non-cooperative games", in Dynamic Models of
/// International Conflict; Fang, Hipel & Kilgour 1993, ch. 4. Those define it for two parties; the
/// cautious reading for more than two and of ties is ours.
#[derive(Debug)]
pub struct LimitedMove {
    id: &'static str,
    title: &'static str,
    horizon: usize,
}

impl LimitedMove {
    /// Two moves ahead.
    pub const TWO: Self = Self { id: "l2", title: "Limited-move, 2", horizon: 2 };
    /// Three.
    pub const THREE: Self = Self { id: "l3", title: "Limited-move, 3", horizon: 3 };
    /// Four.
    pub const FOUR: Self = Self { id: "l4", title: "Limited-move, 4", horizon: 4 };
    /// Five.
    pub const FIVE: Self = Self { id: "l5", title: "Limited-move, 5", horizon: 5 };
    /// Six.
    pub const SIX: Self = Self { id: "l6", title: "Limited-move, 6", horizon: 6 };
}

/// Non-myopic stability.
///
/// # Model
/// s is stable for party i if from some horizon on it is limited-move stable at every horizon. The ends
/// at one horizon follow from those before, so they repeat sooner or later; a state is asked over one
/// whole round of the repetition. No answer where none shows within 2,000 moves, or fewer in large
/// models.
///
/// # Reference
/// Brams & Wittman 1981, "Nonmyopic equilibria in 2×2 games", Conflict Management and Peace Science 6(1),
/// 39–62; Kilgour 1984, "Equilibria for far-sighted players", Theory and Decision 16, 135–157.
#[derive(Debug)]
pub struct NonMyopic;

/// What each party expects at a horizon.
#[derive(Clone, PartialEq)]
struct Outlook {
    /// Whether it moves, `[party × state]`.
    moves: Vec<bool>,
    /// The level of the end to each party, `[party × state × party]`.
    ends: Vec<u32>,
}

impl Outlook {
    /// At a horizon of no move.
    fn start(conflict: &GraphModel<'_>) -> Self {
        let (n, states) = (conflict.graph.parties(), conflict.graph.states());
        let levels = |s: usize| conflict.rankings.iter().map(move |own| own.levels()[s]);
        let ends = (0..n).flat_map(|_| (0..states).flat_map(levels)).collect();
        Self { moves: vec![false; n * states], ends }
    }

    /// One move farther.
    fn next(&self, conflict: &GraphModel<'_>) -> Self {
        let (n, states) = (conflict.graph.parties(), conflict.graph.states());
        let mut next = Self::start(conflict);
        let mut after = vec![0u32; states * n];
        let mut best = vec![0u32; n];
        for i in 0..n {
            for t in 0..states {
                let end = &mut after[t * n..(t + 1) * n];
                let wants = |j: &usize| *j != i && self.moves[j * states + t];
                let mut some = false;
                for j in (0..n).filter(wants) {
                    let own = &self.ends[(j * states + t) * n..(j * states + t + 1) * n];
                    for k in 0..n {
                        end[k] = if some { end[k].min(own[k]) } else { own[k] };
                    }
                    some = true;
                }
                if !some {
                    (0..n).for_each(|k| end[k] = conflict.rankings[k].levels()[t]);
                }
            }
            for s in 0..states {
                let here = conflict.rankings[i].levels()[s];
                let mut found = false;
                for &t in conflict.graph.from(i, s) {
                    let end = &after[t as usize * n..(t as usize + 1) * n];
                    if end[i] <= here || found && end[i] < best[i] {
                        continue;
                    }
                    let tied = found && end[i] == best[i];
                    (0..n).for_each(|k| best[k] = if tied { best[k].min(end[k]) } else { end[k] });
                    found = true;
                }
                if found {
                    next.moves[i * states + s] = true;
                    next.ends[(i * states + s) * n..(i * states + s + 1) * n]
                        .copy_from_slice(&best);
                }
            }
        }
        next
    }

    /// The states from which a party does not move.
    fn stays(&self, party: usize, states: usize) -> StateSet {
        let mut set = StateSet::none(states);
        (0..states).filter(|s| !self.moves[party * states + s]).for_each(|s| set.insert(s));
        set
    }
}

impl StabilityConcept for LimitedMove {
    fn id(&self) -> &'static str {
        self.id
    }

    fn title(&self) -> &'static str {
        self.title
    }

    fn reference(&self) -> &'static str {
        "Kilgour 1985; Fang, Hipel & Kilgour 1993, ch. 4"
    }

    fn laws(&self) -> StabilityLaws {
        StabilityLaws { contains: &[], monotone: false }
    }

    fn stable(
        &self,
        conflict: &GraphModel<'_>,
        party: usize,
        _: PreferenceReading,
    ) -> Option<StateSet> {
        let mut outlook = Outlook::start(conflict);
        for _ in 0..self.horizon {
            outlook = outlook.next(conflict);
        }
        Some(outlook.stays(party, conflict.graph.states()))
    }
}

/// Moves ahead after which a repetition is no longer waited for, fewer in large models.
const FARTHEST: usize = 2_000;
/// Moves and ends looked at before it is no longer waited for.
const PATIENCE: usize = 200_000_000;

impl StabilityConcept for NonMyopic {
    fn id(&self) -> &'static str {
        "nm"
    }

    fn title(&self) -> &'static str {
        "Non-myopic"
    }

    fn reference(&self) -> &'static str {
        "Brams & Wittman 1981; Kilgour 1984, Theory and Decision 16, 135–157"
    }

    fn laws(&self) -> StabilityLaws {
        StabilityLaws { contains: &[], monotone: false }
    }

    fn stable(
        &self,
        conflict: &GraphModel<'_>,
        party: usize,
        _: PreferenceReading,
    ) -> Option<StateSet> {
        let states = conflict.graph.states();
        // Brent's search for a cycle: one outlook is kept, and moved up at every power of two.
        let mut kept = Outlook::start(conflict);
        let mut outlook = kept.next(conflict);
        let (mut power, mut length) = (1, 1);
        let n = conflict.graph.parties();
        let step = n * conflict.graph.moves() + n * n * states;
        for _ in 0..(PATIENCE / step.max(1)).clamp(16, FARTHEST) {
            if kept == outlook {
                let mut set = StateSet::all(states);
                for _ in 0..length {
                    outlook = outlook.next(conflict);
                    set.keep(&outlook.stays(party, states));
                }
                return Some(set);
            }
            if length == power {
                kept = outlook.clone();
                (power, length) = (2 * power, 0);
            }
            outlook = outlook.next(conflict);
            length += 1;
        }
        None
    }
}
