//! Coalitions: what parties could do together, each by its own moves.

use super::GraphModel;
use super::set::StateSet;

/// More states than this are not asked for coalitions: every pair of states is looked at.
pub const MOST_COALITION_STATES: usize = 1_024;
/// More parties than this are not.
pub const MOST_COALITION_PARTIES: usize = 6;

/// Which states no coalition would leave, by concept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoalitionEquilibria {
    /// No coalition has a joint improvement.
    pub nash: StateSet,
    /// Every joint improvement is deterred by what the others can answer.
    pub gmr: StateSet,
    /// And the coalition cannot get itself out again.
    pub smr: StateSet,
    /// Deterred by moves of the others that improve the lot of who makes them, alone or together.
    pub seq: StateSet,
}

/// A joint improvement that a coalition has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JointImprovement {
    /// Its members, ascending.
    pub members: Vec<usize>,
    /// From where.
    pub from: usize,
    /// To where.
    pub to: usize,
}

/// The states that are stable for every coalition, single parties among them.
///
/// # Model
/// `R_H(s)` is what the members of H reach from s by legal sequences of their own moves: nobody moves
/// twice in a row, and what is irreversible for a member stays so. A joint improvement leads to a state
/// that every member prefers to s; it is deterred by a response of the others to a state that some
/// member does not prefer to s. SMR: and no state that all members prefer to s is in `R_H` of that
/// state. SEQ: the others respond by a sequence of improvements of coalitions among themselves, none of
/// which moves twice in a row.
///
/// # Reference
/// Kilgour, Hipel, Fang & Peng 2001, "Coalition analysis in group decision support", Group Decision and
/// Negotiation 10(2), 159–175; Inohara & Hipel 2008, "Coalition analysis in the graph model for conflict
/// resolution", Systems Engineering 11(4), 343–359.
///
/// `None` above [`MOST_COALITION_STATES`] or [`MOST_COALITION_PARTIES`].
pub fn coalition_equilibria(conflict: &GraphModel<'_>) -> Option<CoalitionEquilibria> {
    let (n, states) = (conflict.graph.parties(), conflict.graph.states());
    if states > MOST_COALITION_STATES || n > MOST_COALITION_PARTIES {
        return None;
    }
    let better: Vec<Vec<StateSet>> = (0..n).map(|i| better(conflict, i)).collect();
    let every: Vec<Coalition> =
        (1..1usize << n).map(|bits| Coalition::new(conflict, bits, &better)).collect();
    let all = StateSet::all(states);
    let mut found =
        CoalitionEquilibria { nash: all.clone(), gmr: all.clone(), smr: all.clone(), seq: all };
    for coalition in &every {
        coalition.judge(conflict, &every, &mut found);
    }
    Some(found)
}

/// The joint improvements from a state, the smallest coalitions first.
pub fn joint_improvements(conflict: &GraphModel<'_>, state: usize) -> Vec<JointImprovement> {
    let n = conflict.graph.parties();
    let mut sizes: Vec<usize> = (1..1usize << n).filter(|bits| bits.count_ones() > 1).collect();
    sizes.sort_by_key(|bits| (bits.count_ones(), *bits));
    let mut all = Vec::new();
    for bits in sizes {
        let members: Vec<usize> = (0..n).filter(|i| bits >> i & 1 == 1).collect();
        let gains = |t: &usize| members.iter().all(|i| conflict.rankings[*i].improves(state, *t));
        let reach = reach_from(conflict, &members, state);
        let ends: Vec<usize> = reach.iter().filter(gains).collect();
        all.extend(ends.into_iter().map(|to| JointImprovement {
            members: members.clone(),
            from: state,
            to,
        }));
    }
    all
}

/// For each state the states that a party prefers to it.
fn better(conflict: &GraphModel<'_>, party: usize) -> Vec<StateSet> {
    let (own, states) = (&conflict.rankings[party], conflict.graph.states());
    let above = |s: usize| {
        let mut set = StateSet::none(states);
        (0..states).filter(|t| own.improves(s, *t)).for_each(|t| set.insert(t));
        set
    };
    (0..states).map(above).collect()
}

/// What members reach from a state by legal sequences of their own moves.
fn reach_from(conflict: &GraphModel<'_>, members: &[usize], state: usize) -> StateSet {
    let states = conflict.graph.states();
    let mut set = StateSet::none(states);
    let mut seen = vec![false; states * members.len()];
    let mut open: Vec<(usize, usize)> = vec![(state, usize::MAX)];
    while let Some((s, last)) = open.pop() {
        for (k, member) in members.iter().enumerate().filter(|(k, _)| *k != last) {
            for &t in conflict.graph.from(*member, s) {
                let t = t as usize;
                set.insert(t);
                if !std::mem::replace(&mut seen[t * members.len() + k], true) {
                    open.push((t, k));
                }
            }
        }
    }
    set
}

struct Coalition {
    bits: usize,
    reach: Vec<StateSet>,
    /// What every member prefers to each state.
    better: Vec<StateSet>,
    /// Joint improvements from each state.
    improves: Vec<StateSet>,
}

impl Coalition {
    fn new(conflict: &GraphModel<'_>, bits: usize, better: &[Vec<StateSet>]) -> Self {
        let (n, states) = (conflict.graph.parties(), conflict.graph.states());
        let members: Vec<usize> = (0..n).filter(|i| bits >> i & 1 == 1).collect();
        let reach: Vec<StateSet> = (0..states).map(|s| reach_from(conflict, &members, s)).collect();
        let all_prefer = |s: usize| {
            let mut set = StateSet::all(states);
            members.iter().for_each(|i| set.keep(&better[*i][s]));
            set
        };
        let better: Vec<StateSet> = (0..states).map(all_prefer).collect();
        let both = |(a, b): (&StateSet, &StateSet)| {
            let mut set = a.clone();
            set.keep(b);
            set
        };
        let improves = reach.iter().zip(&better).map(both).collect();
        Self { bits, reach, better, improves }
    }

    /// Takes out of each set the states that this coalition would leave.
    fn judge(&self, conflict: &GraphModel<'_>, every: &[Self], found: &mut CoalitionEquilibria) {
        let states = conflict.graph.states();
        let others: Vec<usize> =
            (0..conflict.graph.parties()).filter(|i| self.bits >> i & 1 == 0).collect();
        let answers: Vec<StateSet> =
            (0..states).map(|s| reach_from(conflict, &others, s)).collect();
        let credible = self.credible(states, every);
        for s in 0..states {
            let goals = &self.improves[s];
            if goals.is_empty() {
                continue;
            }
            found.nash.remove(s);
            // Sanctions: what is not better for all, and from where nothing that is can be reached.
            let mut sanction = StateSet::none(states);
            let mut lasting = StateSet::none(states);
            for u in (0..states).filter(|u| !self.better[s].contains(*u)) {
                sanction.insert(u);
                if !self.reach[u].meets(&self.better[s]) {
                    lasting.insert(u);
                }
            }
            if !goals.iter().all(|t| answers[t].meets(&sanction)) {
                found.gmr.remove(s);
            }
            if !goals.iter().all(|t| answers[t].meets(&lasting)) {
                found.smr.remove(s);
            }
            if !goals.iter().all(|t| credible[t].meets(&sanction)) {
                found.seq.remove(s);
            }
        }
    }

    /// What coalitions among the others reach from each state by improvements, none twice in a row.
    fn credible(&self, states: usize, every: &[Self]) -> Vec<StateSet> {
        let others: Vec<&Self> = every.iter().filter(|c| c.bits & self.bits == 0).collect();
        let from = |start: usize| {
            let mut set = StateSet::none(states);
            let mut seen = vec![StateSet::none(states); others.len()];
            let mut open = vec![(start, usize::MAX)];
            while let Some((s, last)) = open.pop() {
                for (k, other) in others.iter().enumerate().filter(|(k, _)| *k != last) {
                    for t in other.improves[s].iter() {
                        set.insert(t);
                        if !seen[k].contains(t) {
                            seen[k].insert(t);
                            open.push((t, k));
                        }
                    }
                }
            }
            set
        };
        (0..states).map(from).collect()
    }
}
