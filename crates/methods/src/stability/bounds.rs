//! The worst the others can answer with, for every state at once.

use super::GraphModel;
use super::ranking::PreferenceReading;

/// Which sequences of moves of the others count as a response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ResponseRule {
    /// One of the others moves, once.
    OneStep,
    /// Each of the others moves at most once, in any order.
    EachOnce,
    /// Legal sequences: any number of moves, and nobody twice in a row.
    #[default]
    LegalSequences,
}

impl ResponseRule {
    /// Every rule with its name.
    pub const ALL: [(&'static str, Self); 3] = [
        ("one-step", Self::OneStep),
        ("each-once", Self::EachOnce),
        ("legal-sequences", Self::LegalSequences),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, rule)| *rule == self).map_or("", |(name, _)| name)
    }
}

/// No answer.
pub(super) const NEVER: u32 = u32::MAX;

/// The least value that the others can take the conflict to from each state, [`NEVER`] where they cannot
/// move; with `credible` by moves that each improve the lot of who makes them.
///
/// Legal sequences form a graph of (state, who moved last). States are looked at from the least valued
/// up, each backwards along the moves that lead to it: what is reached first is bounded by it. So every
/// arc is walked once for each party that may have moved before, whatever the cycles.
pub(super) fn bounds(
    conflict: &GraphModel<'_>,
    party: usize,
    credible: Option<PreferenceReading>,
    value: &[u32],
) -> Vec<u32> {
    let others: Vec<usize> = (0..conflict.graph.parties()).filter(|p| *p != party).collect();
    match conflict.responses {
        _ if others.len() <= 1 => one_step(conflict, &others, credible, value),
        ResponseRule::OneStep => one_step(conflict, &others, credible, value),
        ResponseRule::EachOnce => each_once(conflict, &others, credible, value),
        ResponseRule::LegalSequences => legal(conflict, &others, credible, value),
    }
}

fn one_step(
    conflict: &GraphModel<'_>,
    others: &[usize],
    credible: Option<PreferenceReading>,
    value: &[u32],
) -> Vec<u32> {
    let mut bound = vec![NEVER; value.len()];
    for &other in others {
        let lens = credible.map(|reading| conflict.rankings[other].as_seen(reading));
        for (s, bound) in bound.iter_mut().enumerate() {
            for &t in conflict.graph.from(other, s) {
                let t = t as usize;
                if value[t] < *bound && lens.is_none_or(|lens| lens.gains(s, t)) {
                    *bound = value[t];
                }
            }
        }
    }
    bound
}

/// By which others may still move, from none to all.
fn each_once(
    conflict: &GraphModel<'_>,
    others: &[usize],
    credible: Option<PreferenceReading>,
    value: &[u32],
) -> Vec<u32> {
    let lenses: Vec<_> =
        others.iter().map(|o| credible.map(|r| conflict.rankings[*o].as_seen(r))).collect();
    let mut by_left: Vec<Vec<u32>> = vec![vec![NEVER; value.len()]];
    for left in 1usize..1 << others.len() {
        let mut bound = vec![NEVER; value.len()];
        for (k, &other) in others.iter().enumerate().filter(|(k, _)| left >> k & 1 == 1) {
            let after = &by_left[left & !(1 << k)];
            for (s, bound) in bound.iter_mut().enumerate() {
                for &t in conflict.graph.from(other, s) {
                    let t = t as usize;
                    let worst = value[t].min(after[t]);
                    if worst < *bound && lenses[k].is_none_or(|lens| lens.gains(s, t)) {
                        *bound = worst;
                    }
                }
            }
        }
        by_left.push(bound);
    }
    by_left.pop().unwrap_or_default()
}

fn legal(
    conflict: &GraphModel<'_>,
    others: &[usize],
    credible: Option<PreferenceReading>,
    value: &[u32],
) -> Vec<u32> {
    let states = value.len();
    let lenses: Vec<_> =
        others.iter().map(|o| credible.map(|r| conflict.rankings[*o].as_seen(r))).collect();
    let mut bound = vec![NEVER; states];
    let mut seen = vec![false; states * others.len()];
    let mut order: Vec<u32> = (0..states as u32).collect();
    order.sort_unstable_by_key(|s| value[*s as usize]);
    let mut queue: Vec<(u32, usize)> = Vec::new();
    for least in order {
        for k in 0..others.len() {
            if std::mem::replace(&mut seen[least as usize * others.len() + k], true) {
                continue;
            }
            queue.push((least, k));
            while let Some((to, k)) = queue.pop() {
                for &from in conflict.graph.to(others[k], to as usize) {
                    let at = from as usize;
                    if lenses[k].is_some_and(|lens| !lens.gains(at, to as usize)) {
                        continue;
                    }
                    bound[at] = bound[at].min(value[least as usize]);
                    for before in (0..others.len()).filter(|before| *before != k) {
                        if !std::mem::replace(&mut seen[at * others.len() + before], true) {
                            queue.push((from, before));
                        }
                    }
                }
            }
        }
    }
    bound
}
