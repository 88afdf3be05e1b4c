//! Sets of states as bits.

/// A set of states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateSet {
    words: Vec<u64>,
    states: usize,
}

impl StateSet {
    /// The empty set among so many states.
    pub fn none(states: usize) -> Self {
        Self { words: vec![0; states.div_ceil(64)], states }
    }

    /// All of so many states.
    pub fn all(states: usize) -> Self {
        let mut set = Self::none(states);
        (0..states).for_each(|s| set.insert(s));
        set
    }

    /// Puts a state in; one beyond the last is no state.
    pub fn insert(&mut self, state: usize) {
        if state < self.states {
            self.words[state / 64] |= 1 << (state % 64);
        }
    }

    /// Takes a state out.
    pub fn remove(&mut self, state: usize) {
        if state < self.states {
            self.words[state / 64] &= !(1 << (state % 64));
        }
    }

    /// Whether a state is in it.
    pub fn contains(&self, state: usize) -> bool {
        state < self.states && self.words[state / 64] >> (state % 64) & 1 == 1
    }

    /// How many states are in it.
    pub fn len(&self) -> usize {
        self.words.iter().map(|w| w.count_ones() as usize).sum()
    }

    /// Whether no state is in it.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|w| *w == 0)
    }

    /// The states in it, ascending.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(k, word)| {
            let mut word = *word;
            std::iter::from_fn(move || {
                let bit = word.trailing_zeros() as usize;
                (word != 0).then(|| {
                    word &= word - 1;
                    64 * k + bit
                })
            })
        })
    }

    /// Keeps what another set also has.
    pub fn keep(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a &= b);
    }

    /// Adds what another set has; says whether anything was new.
    pub fn add(&mut self, other: &Self) -> bool {
        let mut new = false;
        for (a, b) in self.words.iter_mut().zip(&other.words) {
            new |= b & !*a != 0;
            *a |= b;
        }
        new
    }

    /// Whether the two share a state.
    pub fn meets(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).any(|(a, b)| a & b != 0)
    }

    /// Whether every state of it is in another set.
    pub fn within(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).all(|(a, b)| a & !b == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_hold_what_was_put_in() {
        let mut set = StateSet::none(130);
        for s in [0, 63, 64, 129, 130] {
            set.insert(s);
        }
        assert_eq!(set.iter().collect::<Vec<_>>(), [0, 63, 64, 129]);
        assert!(set.contains(64) && !set.contains(65) && !set.contains(130) && set.len() == 4);
        let mut other = StateSet::none(130);
        other.insert(64);
        assert!(other.within(&set) && other.meets(&set) && !set.within(&other));
        set.remove(64);
        assert!(!other.meets(&set) && set.add(&other) && !set.add(&other));
        set.keep(&other);
        assert_eq!((set, StateSet::all(130).len()), (other, 130));
    }
}
