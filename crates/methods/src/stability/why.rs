//! Why a state holds for a party, or does not: its improvements, and the sanction that deters each.

use super::bounds::ResponseRule;
use super::concepts::{Deterrence, countered};
use super::quo::ConflictMove;
use super::ranking::PreferenceReading;
use super::{GraphModel, StateSet};

/// An improvement of a party, and what the others would do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Improvement {
    /// Where it could go.
    pub to: usize,
    /// The shortest response that deters it; `None` where none does.
    pub sanction: Option<Vec<ConflictMove>>,
}

/// The improvements of a party from a state, the best first, each with the shortest response of the
/// others that deters it under a concept.
pub fn improvements(
    conflict: &GraphModel<'_>,
    party: usize,
    state: usize,
    kind: Option<Deterrence>,
) -> Vec<Improvement> {
    let own = &conflict.rankings[party];
    let mut goals: Vec<usize> =
        conflict.graph.from(party, state).iter().map(|t| *t as usize).collect();
    goals.retain(|t| own.improves(state, *t));
    goals.sort_by_key(|t| (std::cmp::Reverse(own.levels()[*t]), *t));
    let lens = own.lens(PreferenceReading::Plain);
    let value = kind.map(|kind| match kind.counter {
        true => countered(conflict, party, lens.value),
        false => lens.value.to_vec(),
    });
    let sanction = |to: usize| {
        let (kind, value) = (kind?, value.as_deref()?);
        sanction(conflict, party, kind, to, &|u| value[u] <= lens.limit[state])
    };
    goals.into_iter().map(|to| Improvement { to, sanction: sanction(to) }).collect()
}

/// Every state that the others can answer with from a state; with `credible` by improvements alone.
pub(super) fn answers(
    conflict: &GraphModel<'_>,
    party: usize,
    credible: bool,
    start: usize,
) -> StateSet {
    let all = std::cell::RefCell::new(StateSet::none(conflict.graph.states()));
    let kind = Deterrence { credible, counter: false };
    sanction(conflict, party, kind, start, &|u| {
        all.borrow_mut().insert(u);
        false
    });
    all.into_inner()
}

/// A state, who may move next (a bit each), and the node and move before.
type ResponseNode = (usize, usize, Option<(usize, ConflictMove)>);

/// Breadth first through the responses of the others from a state to one that deters.
fn sanction(
    conflict: &GraphModel<'_>,
    party: usize,
    kind: Deterrence,
    start: usize,
    deters: &dyn Fn(usize) -> bool,
) -> Option<Vec<ConflictMove>> {
    let others: Vec<usize> = (0..conflict.graph.parties()).filter(|p| *p != party).collect();
    let every = (1usize << others.len()) - 1;
    let mut nodes: Vec<ResponseNode> = vec![(start, every, None)];
    let mut seen = std::collections::BTreeSet::from([(start, every)]);
    let mut at = 0;
    while at < nodes.len() {
        let (s, may, _) = nodes[at];
        for (k, &other) in others.iter().enumerate().filter(|(k, _)| may >> k & 1 == 1) {
            let own = &conflict.rankings[other];
            for &t in conflict.graph.from(other, s) {
                let t = t as usize;
                let improves = own.improves(s, t);
                if kind.credible && !improves {
                    continue;
                }
                let after = match conflict.responses {
                    ResponseRule::OneStep => 0,
                    ResponseRule::EachOnce => may & !(1 << k),
                    ResponseRule::LegalSequences => every & !(1 << k),
                };
                if !seen.insert((t, after)) {
                    continue;
                }
                let step = ConflictMove { party: other, from: s, to: t, improves };
                nodes.push((t, after, Some((at, step))));
                if deters(t) {
                    return Some(back(&nodes, nodes.len() - 1));
                }
            }
        }
        at += 1;
    }
    None
}

fn back(nodes: &[ResponseNode], end: usize) -> Vec<ConflictMove> {
    let mut moves = Vec::new();
    let mut at = end;
    while let Some((before, step)) = nodes[at].2 {
        moves.push(step);
        at = before;
    }
    moves.reverse();
    moves
}
