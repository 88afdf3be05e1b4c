//! From the status quo to what holds: the shortest ways.

use serde::Serialize;

use super::{GraphModel, StateSet};

/// One move. `P` says which party and `S` which state: a place, or a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConflictMove<P = usize, S = usize> {
    /// Who moves.
    pub party: P,
    /// From which state.
    pub from: S,
    /// To which.
    pub to: S,
    /// Whether it improves the lot of who makes it.
    pub improves: bool,
}

/// The shortest ways from a state to each of some others, by legal sequences of moves: nobody moves twice
/// in a row. A way whose every move is an improvement is taken where there is one, however long; a state
/// that cannot be reached has none.
///
/// # Reference
/// Li, Kilgour & Hipel 2005, "Status quo analysis in the graph model for conflict resolution", Journal of
/// the Operational Research Society 56(6), 699–707.
pub fn ways(
    conflict: &GraphModel<'_>,
    from: usize,
    to: &StateSet,
) -> Vec<(usize, Vec<ConflictMove>)> {
    let better = search(conflict, from, true);
    let any = search(conflict, from, false);
    let way = |state: usize| {
        if state == from {
            return Some((state, Vec::new()));
        }
        let back = |tree: &Tree| tree.way(conflict, state);
        Some((state, back(&better).or_else(|| back(&any))?))
    };
    to.iter().filter_map(way).collect()
}

/// The node before each (state, last mover), and the first node of each state.
struct Tree {
    parties: usize,
    before: Vec<Option<usize>>,
    first: Vec<Option<usize>>,
    start: usize,
}

/// Breadth first from a state.
fn search(conflict: &GraphModel<'_>, from: usize, better: bool) -> Tree {
    let (n, states) = (conflict.graph.parties(), conflict.graph.states());
    let start = states * n;
    let mut tree = Tree { parties: n, before: vec![None; start], first: vec![None; states], start };
    let mut open = std::collections::VecDeque::from([(from, start)]);
    while let Some((s, node)) = open.pop_front() {
        for party in (0..n).filter(|p| node == start || node % n != *p) {
            for &t in conflict.graph.from(party, s) {
                let (t, next) = (t as usize, t as usize * n + party);
                let good = !better || conflict.rankings[party].improves(s, t);
                if good && tree.before[next].is_none() {
                    tree.before[next] = Some(node);
                    tree.first[t] = tree.first[t].or(Some(next));
                    open.push_back((t, next));
                }
            }
        }
    }
    tree.start = from;
    tree
}

impl Tree {
    fn way(&self, conflict: &GraphModel<'_>, state: usize) -> Option<Vec<ConflictMove>> {
        let mut node = self.first[state]?;
        let mut moves = Vec::new();
        loop {
            let (to, party) = (node / self.parties, node % self.parties);
            let before = self.before[node]?;
            let root = before >= self.before.len();
            let from = if root { self.start } else { before / self.parties };
            let improves = conflict.rankings[party].improves(from, to);
            moves.push(ConflictMove { party, from, to, improves });
            if root {
                moves.reverse();
                return Some(moves);
            }
            node = before;
        }
    }
}
