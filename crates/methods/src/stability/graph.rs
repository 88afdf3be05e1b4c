//! States and the moves of each party between them.

use super::form::OptionForm;

/// More states than this are refused: lists of moves and answers nobody reads would fill the memory.
pub const MOST_STATES: usize = 1 << 16;
/// More moves than this are refused.
pub const MOST_MOVES: usize = 1 << 24;
/// More parties than this are refused.
pub const MOST_PARTIES: usize = 12;

/// Why there is no graph.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// Too many states.
    #[error(
        "the model has more than {MOST_STATES} feasible states (of {patterns} patterns): stability is analysed up to {MOST_STATES}"
    )]
    States {
        /// How many patterns its options have.
        patterns: String,
    },
    /// Too many moves.
    #[error("the model has more than {MOST_MOVES} moves: stability is analysed up to so many")]
    Moves,
    /// Too many options.
    #[error("the model has {0} options: stability is analysed up to 63")]
    Options(usize),
    /// Too many parties.
    #[error("the model has {0} parties: stability is analysed up to {MOST_PARTIES}")]
    Parties(usize),
    /// No state is left.
    #[error("no state is feasible: the rules exclude every pattern")]
    NoStates,
}

/// Lists of neighbours, one after another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Arcs {
    start: Vec<u32>,
    to: Vec<u32>,
}

impl Arcs {
    /// From pairs in any order, of which doubles and steps on the spot are left out.
    fn new(states: usize, mut pairs: Vec<(u32, u32)>) -> Self {
        pairs.retain(|(a, b)| a != b);
        pairs.sort_unstable();
        pairs.dedup();
        let mut start = vec![0u32; states + 1];
        for (from, _) in &pairs {
            start[*from as usize + 1] += 1;
        }
        for k in 0..states {
            start[k + 1] += start[k];
        }
        Self { start, to: pairs.into_iter().map(|(_, to)| to).collect() }
    }

    fn of(&self, state: usize) -> &[u32] {
        &self.to[self.start[state] as usize..self.start[state + 1] as usize]
    }

    fn pairs(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        let states = self.start.len() - 1;
        (0..states).flat_map(|s| self.of(s).iter().map(move |t| (s as u32, *t)))
    }
}

/// Who can move from which state to which.
#[derive(Clone, Debug)]
pub struct ConflictGraph {
    states: usize,
    forward: Vec<Arcs>,
    back: Vec<Arcs>,
    form: Option<OptionForm>,
}

impl ConflictGraph {
    /// A graph of states `0..states`, with the moves of each party as pairs of states.
    ///
    /// # Errors
    /// No state, or too many states, parties or moves.
    pub fn new(states: usize, moves: Vec<Vec<(u32, u32)>>) -> Result<Self, GraphError> {
        Self::with_form(states, moves, None)
    }

    pub(super) fn with_form(
        states: usize,
        moves: Vec<Vec<(u32, u32)>>,
        form: Option<OptionForm>,
    ) -> Result<Self, GraphError> {
        if states == 0 {
            return Err(GraphError::NoStates);
        }
        if states > MOST_STATES {
            return Err(GraphError::States { patterns: states.to_string() });
        }
        if moves.len() > MOST_PARTIES {
            return Err(GraphError::Parties(moves.len()));
        }
        if moves.iter().map(Vec::len).sum::<usize>() > MOST_MOVES {
            return Err(GraphError::Moves);
        }
        let inside = |pair: &(u32, u32)| (pair.0.max(pair.1) as usize) < states;
        let own =
            |pairs: Vec<(u32, u32)>| Arcs::new(states, pairs.into_iter().filter(inside).collect());
        let forward: Vec<Arcs> = moves.into_iter().map(own).collect();
        let turned = |arcs: &Arcs| Arcs::new(states, arcs.pairs().map(|(a, b)| (b, a)).collect());
        let back = forward.iter().map(turned).collect();
        Ok(Self { states, forward, back, form })
    }

    /// How many states there are.
    pub fn states(&self) -> usize {
        self.states
    }

    /// How many parties there are.
    pub fn parties(&self) -> usize {
        self.forward.len()
    }

    /// How many moves there are.
    pub fn moves(&self) -> usize {
        self.forward.iter().map(|arcs| arcs.to.len()).sum()
    }

    /// Where a party can move from a state in one move, ascending.
    pub fn from(&self, party: usize, state: usize) -> &[u32] {
        self.forward[party].of(state)
    }

    /// From where a party can move to a state in one move, ascending.
    pub fn to(&self, party: usize, state: usize) -> &[u32] {
        self.back[party].of(state)
    }

    /// The options behind the states, where the model is written in them.
    pub fn form(&self) -> Option<&OptionForm> {
        self.form.as_ref()
    }
}
