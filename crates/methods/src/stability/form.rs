//! Option form: states are patterns of options, each a yes or a no of one party.

use super::graph::{ConflictGraph, GraphError, MOST_MOVES, MOST_PARTIES, MOST_STATES};

/// Options a model may have: a pattern is the bits of one word.
pub const MOST_OPTIONS: usize = 63;
/// Up to so many options patterns are looked up in a table, beyond by search.
const TABLED: usize = 20;
/// No state.
const NONE: u32 = u32::MAX;

/// Which way an option can be changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OptionMoves {
    /// Taken and taken back.
    #[default]
    Reversible,
    /// Taken, and never taken back.
    NoToYes,
    /// Given up, and never taken again.
    YesToNo,
    /// Not changed at all.
    Fixed,
}

impl OptionMoves {
    /// The words for it in files.
    pub const WORDS: [(&'static str, Self); 4] = [
        ("reversible", Self::Reversible),
        ("no-to-yes-only", Self::NoToYes),
        ("yes-to-no-only", Self::YesToNo),
        ("fixed", Self::Fixed),
    ];
}

/// An option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartyOption {
    /// The party that owns it.
    pub owner: usize,
    /// Which way it can be changed.
    pub moves: OptionMoves,
}

/// Some options that are yes and some that are no; the others are open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct PartialPattern {
    /// The options it says something of, a bit each.
    pub cares: u64,
    /// Those of them that are yes.
    pub yes: u64,
}

impl PartialPattern {
    /// Whether a pattern is of this kind.
    pub fn matches(self, pattern: u64) -> bool {
        pattern & self.cares == self.yes
    }
}

/// Which patterns are states.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StateRules {
    /// Patterns of these kinds are infeasible.
    pub infeasible: Vec<PartialPattern>,
    /// Of each group of options (a bit each) at most one is yes.
    pub exclusive: Vec<u64>,
    /// Of each group of options at least one is yes.
    pub at_least_one: Vec<u64>,
    /// Patterns of one kind are one state.
    pub coalesced: Vec<PartialPattern>,
}

/// The options behind the states of a graph.
#[derive(Clone, Debug)]
pub struct OptionForm {
    options: Vec<PartyOption>,
    /// The options of each party, a bit each.
    own: Vec<u64>,
    /// Options that can go from no to yes, and from yes to no.
    up: u64,
    down: u64,
    /// Patterns of each state; the first is its representative.
    patterns: Vec<Vec<u64>>,
    /// Patterns in order, with their states.
    known: Vec<(u64, u32)>,
    table: Vec<u32>,
}

impl OptionForm {
    /// Every feasible pattern in the order of the letters, the first option changing fastest, under the
    /// rules; patterns of one coalesced kind are one state, at the place of the first.
    ///
    /// # Errors
    /// Too many options or states, or none.
    pub fn states(
        options: &[PartyOption],
        rules: &StateRules,
    ) -> Result<Vec<Vec<u64>>, GraphError> {
        if options.len() > MOST_OPTIONS {
            return Err(GraphError::Options(options.len()));
        }
        let mut walk = Walk { rules, width: options.len(), found: Vec::new(), steps: 0 };
        if !walk.from(options.len(), 0) {
            let patterns = 1u64 << options.len();
            return Err(GraphError::States { patterns: patterns.to_string() });
        }
        let mut states: Vec<Vec<u64>> = Vec::new();
        let mut place = vec![None; rules.coalesced.len()];
        for pattern in walk.found {
            match rules.coalesced.iter().position(|kind| kind.matches(pattern)) {
                Some(kind) => match place[kind] {
                    Some(at) => {
                        let state: &mut Vec<u64> = &mut states[at];
                        state.push(pattern);
                    }
                    None => {
                        place[kind] = Some(states.len());
                        states.push(vec![pattern]);
                    }
                },
                None => states.push(vec![pattern]),
            }
        }
        match states.len() {
            0 => Err(GraphError::NoStates),
            _ => Ok(states),
        }
    }

    /// The graph of states that are each some patterns of the options.
    ///
    /// A party moves from a state to another if one pattern of the first becomes one of the second by
    /// changing its own options alone, each the way it can be changed.
    ///
    /// # Errors
    /// Too many options, states or moves, or no state.
    pub fn graph(
        parties: usize,
        options: Vec<PartyOption>,
        patterns: Vec<Vec<u64>>,
    ) -> Result<ConflictGraph, GraphError> {
        if options.len() > MOST_OPTIONS {
            return Err(GraphError::Options(options.len()));
        }
        if parties > MOST_PARTIES {
            return Err(GraphError::Parties(parties));
        }
        let form = Self::new(parties, options, patterns);
        let states = form.patterns.len();
        if states > MOST_STATES {
            let patterns = 1u64 << form.options.len();
            return Err(GraphError::States { patterns: patterns.to_string() });
        }
        let mut count = 0;
        let mut moves = Vec::new();
        for party in 0..parties {
            // Patterns that differ in this party's options alone stand together.
            let rest = |p: u64| p & !form.own[party];
            let mut group = form.known.clone();
            group.sort_unstable_by_key(|(p, _)| (rest(*p), *p));
            let mut pairs = Vec::new();
            for same in group.chunk_by(|a, b| rest(a.0) == rest(b.0)) {
                for (p, s) in same {
                    for (q, t) in same.iter().filter(|(_, t)| t != s) {
                        if form.allowed(*p, *q) {
                            pairs.push((*s, *t));
                        }
                    }
                }
                if count + pairs.len() > MOST_MOVES {
                    return Err(GraphError::Moves);
                }
            }
            count += pairs.len();
            moves.push(pairs);
        }
        ConflictGraph::with_form(states, moves, Some(form))
    }

    fn new(parties: usize, options: Vec<PartyOption>, patterns: Vec<Vec<u64>>) -> Self {
        let bits = |keep: &dyn Fn(&PartyOption) -> bool| -> u64 {
            options.iter().enumerate().filter(|(_, o)| keep(o)).map(|(k, _)| 1 << k).sum()
        };
        let own = (0..parties).map(|p| bits(&|o| o.owner == p)).collect();
        let up = bits(&|o| matches!(o.moves, OptionMoves::Reversible | OptionMoves::NoToYes));
        let down = bits(&|o| matches!(o.moves, OptionMoves::Reversible | OptionMoves::YesToNo));
        let mut known: Vec<(u64, u32)> = Vec::new();
        for (s, own) in patterns.iter().enumerate() {
            known.extend(own.iter().map(|p| (*p, s as u32)));
        }
        known.sort_unstable();
        known.dedup_by_key(|(p, _)| *p);
        let mut table = Vec::new();
        if options.len() <= TABLED {
            table = vec![NONE; 1 << options.len()];
            for (p, s) in &known {
                if let Some(cell) = table.get_mut(*p as usize) {
                    *cell = *s;
                }
            }
        }
        Self { options, own, up, down, patterns, known, table }
    }

    /// The options.
    pub fn options(&self) -> &[PartyOption] {
        &self.options
    }

    /// The options of a party, a bit each.
    pub fn own(&self, party: usize) -> u64 {
        self.own[party]
    }

    /// The patterns of a state.
    pub fn patterns(&self, state: usize) -> &[u64] {
        &self.patterns[state]
    }

    /// The state of a pattern.
    pub fn state(&self, pattern: u64) -> Option<usize> {
        if !self.table.is_empty() {
            let state = self.table.get(pattern as usize).copied()?;
            return (state != NONE).then_some(state as usize);
        }
        let at = self.known.binary_search_by_key(&pattern, |(p, _)| *p).ok()?;
        Some(self.known[at].1 as usize)
    }

    /// Whether options can be changed from one pattern to another.
    fn allowed(&self, from: u64, to: u64) -> bool {
        (to & !from) & !self.up == 0 && (from & !to) & !self.down == 0
    }

    /// Whether a party can make one pattern of another in one move.
    pub fn step(&self, party: usize, from: u64, to: u64) -> bool {
        (from ^ to) & !self.own[party] == 0 && self.allowed(from, to)
    }

    /// A state in letters, `Y`, `N`, and `-` where its patterns differ.
    pub fn letters(&self, state: usize) -> String {
        let own = &self.patterns[state];
        let letter = |k: usize| {
            let yes = own.iter().filter(|p| **p >> k & 1 == 1).count();
            match yes {
                0 => 'N',
                n if n == own.len() => 'Y',
                _ => '-',
            }
        };
        (0..self.options.len()).map(letter).collect()
    }
}

/// A search through all patterns that leaves out what the rules exclude as soon as it shows.
struct Walk<'a> {
    rules: &'a StateRules,
    width: usize,
    found: Vec<u64>,
    steps: usize,
}

/// Steps after which a search gives up: a few seconds.
const MOST_STEPS: usize = 50_000_000;

impl Walk<'_> {
    /// From a pattern whose options from `open` on are set, the last option first, so that the first
    /// changes fastest; false if there are too many.
    fn from(&mut self, open: usize, pattern: u64) -> bool {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return false;
        }
        let settled = !((1u64 << open) - 1) & ((1u64 << self.width) - 1);
        let broken = |kind: &PartialPattern| kind.cares & !settled == 0 && kind.matches(pattern);
        let rules = self.rules;
        if rules.infeasible.iter().any(broken)
            || rules.exclusive.iter().any(|g| (pattern & g).count_ones() > 1)
            || rules.at_least_one.iter().any(|g| g & !settled == 0 && pattern & g == 0)
        {
            return true;
        }
        if open == 0 {
            self.found.push(pattern);
            // Coalesced kinds hold many patterns in one state, so some more are looked at.
            let room = if rules.coalesced.is_empty() { MOST_STATES } else { 16 * MOST_STATES };
            return self.found.len() <= room;
        }
        self.from(open - 1, pattern) && self.from(open - 1, pattern | 1 << (open - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(n: usize) -> Vec<PartyOption> {
        (0..n).map(|k| PartyOption { owner: k % 2, moves: OptionMoves::Reversible }).collect()
    }

    #[test]
    fn rules_leave_out_and_put_together() {
        let rules = StateRules {
            infeasible: vec![PartialPattern { cares: 0b1001, yes: 0b1001 }],
            exclusive: vec![0b0011],
            at_least_one: vec![0b0110],
            coalesced: vec![PartialPattern { cares: 0b1000, yes: 0b1000 }],
        };
        let all = OptionForm::states(&options(4), &rules).unwrap();
        let feasible = |p: u64| p & 0b1001 != 0b1001 && p & 0b11 != 0b11 && p & 0b110 != 0;
        let flat: Vec<u64> = all.iter().flatten().copied().collect();
        assert_eq!(flat, (0..16).filter(|p| feasible(*p)).collect::<Vec<u64>>());
        assert_eq!(all.iter().filter(|own| own.iter().any(|p| p & 8 != 0)).count(), 1);
        let graph = OptionForm::graph(2, options(4), all).unwrap();
        let form = graph.form().unwrap();
        assert_eq!(form.letters(graph.states() - 1), "N--Y");
        assert_eq!(form.state(0b0101), Some(2));
        assert_eq!(form.state(0b1001), None);
    }

    #[test]
    fn ten_million_states_are_refused() {
        let error = OptionForm::states(&options(24), &StateRules::default()).unwrap_err();
        assert!(
            error.to_string().contains("more than 65536 feasible states (of 16777216 patterns)")
        );
        assert!(OptionForm::states(&options(64), &StateRules::default()).is_err());
        let one = StateRules { exclusive: vec![(1 << 30) - 1], ..StateRules::default() };
        assert_eq!(OptionForm::states(&options(30), &one).unwrap().len(), 31);
        let none = StateRules { infeasible: vec![PartialPattern::default()], ..one };
        assert_eq!(OptionForm::states(&options(3), &none), Err(GraphError::NoStates));
    }
}
