//! Ratification rules: who must accept before a side has said yes.

/// A monotone rule over actors (indices of [`super::Case::actors`]).
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// One actor.
    Actor(usize),
    /// Every part.
    All(Vec<Rule>),
    /// At least one part.
    Any(Vec<Rule>),
    /// At least this many parts.
    AtLeast(usize, Vec<Rule>),
    /// Actors who hold at least this percentage of the listed actors' capability.
    Percent(f64, Vec<usize>),
}

impl Rule {
    /// Everybody the rule names, sorted, once.
    pub fn actors(&self) -> Vec<usize> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found.sort_unstable();
        found.dedup();
        found
    }

    fn collect(&self, into: &mut Vec<usize>) {
        match self {
            Self::Actor(i) => into.push(*i),
            Self::All(parts) | Self::Any(parts) | Self::AtLeast(_, parts) => {
                parts.iter().for_each(|p| p.collect(into));
            }
            Self::Percent(_, actors) => into.extend(actors),
        }
    }

    /// The same rule over other indices: `place[i]` stands for actor `i`.
    #[must_use]
    pub fn renumbered(&self, place: &dyn Fn(usize) -> usize) -> Self {
        let each = |parts: &[Self]| parts.iter().map(|p| p.renumbered(place)).collect();
        match self {
            Self::Actor(i) => Self::Actor(place(*i)),
            Self::All(parts) => Self::All(each(parts)),
            Self::Any(parts) => Self::Any(each(parts)),
            Self::AtLeast(n, parts) => Self::AtLeast(*n, each(parts)),
            Self::Percent(p, actors) => {
                Self::Percent(*p, actors.iter().map(|i| place(*i)).collect())
            }
        }
    }

    /// Whether the actors whose bit is set in `accepts` suffice. `capability` holds whole millionths,
    /// so that a quota that is met exactly is met.
    pub fn passes(&self, accepts: u64, capability: &[i64]) -> bool {
        match self {
            Self::Actor(i) => accepts >> i & 1 == 1,
            Self::All(parts) => parts.iter().all(|p| p.passes(accepts, capability)),
            Self::Any(parts) => parts.iter().any(|p| p.passes(accepts, capability)),
            Self::AtLeast(n, parts) => {
                parts.iter().filter(|p| p.passes(accepts, capability)).count() >= *n
            }
            Self::Percent(percent, actors) => {
                let all: i128 = actors.iter().map(|i| i128::from(capability[*i])).sum();
                let yes: i128 = actors
                    .iter()
                    .filter(|i| accepts >> **i & 1 == 1)
                    .map(|i| i128::from(capability[*i]))
                    .sum();
                // The percentage in millionths too: all integers, no rounding at the quota.
                let quota = (percent * 1e6).round() as i128;
                yes * 100_000_000 >= quota * all
            }
        }
    }
}
