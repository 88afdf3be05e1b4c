//! Talks of two sides over countable goods whose worth to each is known: how they ended, and how well
//! rules of terms and of agreement foretell that.
//!
//! [`concepts`] is the registry of rules of terms, [`terms`] scores them, [`agreement`] asks whether
//! talks end in a deal at all, [`hazard`] asks when by the message.

pub mod agreement;
pub mod concepts;
mod fit;
pub mod hazard;
pub mod terms;

use std::collections::BTreeMap;

use winset_model::theory::solutions::{Problem, ProblemError};
use winset_model::uncertain::counter::below;

/// How talks ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TalkEnding {
    /// Both entered the same division.
    Deal,
    /// They entered divisions that do not fit each other: an accident of the form, not a refusal.
    Contradiction,
    /// No agreement.
    Failure,
}

/// One talk.
#[derive(Clone, Debug, PartialEq)]
pub struct Talk {
    /// Its name in the table.
    pub id: String,
    /// How many pieces of each item there are.
    pub counts: Vec<u32>,
    /// What a piece of each item is worth to each side, from 0 up.
    pub values: [Vec<f64>; 2],
    /// What each side has without a deal, in the units of its values.
    pub walk_away: [f64; 2],
    /// Messages sent, without the final choice.
    pub messages: u32,
    /// How it ended.
    pub ending: TalkEnding,
    /// What the first side got of each item; `None` without a deal.
    pub got: Option<Vec<u32>>,
}

/// More divisions than this of one talk are refused.
pub const MOST_DIVISIONS: usize = 10_000;

impl Talk {
    /// How many ways there are to divide the items; `None` beyond [`MOST_DIVISIONS`].
    #[must_use]
    pub fn divisions(&self) -> Option<usize> {
        let mut ways = self.counts.iter().map(|c| *c as usize);
        ways.try_fold(1usize, |n, c| n.checked_mul(c.checked_add(1)?))
            .filter(|n| *n <= MOST_DIVISIONS)
    }
}

/// What talks are about, up to the names of items and sides: talks of one structure are no independent
/// evidence on rules, so they are never divided between fit and test.
#[derive(Clone, Debug, PartialEq)]
pub struct TalkStructure {
    /// How many pieces of each item there are.
    pub counts: Vec<u32>,
    /// What every package is worth, `[package × side]`, as shares of a side's whole agenda; packages in C
    /// order of what the first side gets, the last item fastest.
    pub utilities: Vec<f64>,
    /// The same over walking away; below zero where a side would rather walk.
    pub gains: Vec<f64>,
    /// What walking away is worth, as shares of a side's whole agenda.
    pub walk_away: [f64; 2],
    /// Room: the largest smallest gain, at least 0.
    pub room: f64,
    /// The largest geometric mean of gains.
    pub nash: f64,
}

impl TalkStructure {
    /// How many packages there are.
    #[must_use]
    pub fn packages(&self) -> usize {
        self.gains.len() / 2
    }

    /// The bargaining problem.
    ///
    /// # Errors
    /// If a number is not finite.
    pub fn problem(&self) -> Result<Problem<'_>, ProblemError> {
        Problem::new(&self.utilities, &self.walk_away)
    }

    /// Enumerates the packages of items `(count, worth to one, worth to the other)`.
    fn new(items: &[(u32, f64, f64)], walk_away: [f64; 2]) -> Self {
        let counts: Vec<u32> = items.iter().map(|i| i.0).collect();
        let whole = items.iter().fold([0.0; 2], |[a, b], (n, x, y)| {
            let n = f64::from(*n);
            [a + n * x, b + n * y]
        });
        // A side to whom nothing is worth anything has no agenda, and gains nothing.
        let whole = whole.map(|w| if w > 0.0 { w } else { 1.0 });
        let walk_away = [walk_away[0] / whole[0], walk_away[1] / whole[1]];
        let mut utilities = Vec::new();
        let mut got = vec![0u32; items.len()];
        loop {
            let (mut a, mut b) = (0.0, 0.0);
            for ((count, x, y), got) in items.iter().zip(&got) {
                a += f64::from(*got) * x;
                b += f64::from(count - got) * y;
            }
            utilities.extend([a / whole[0], b / whole[1]]);
            let Some(at) = (0..got.len()).rev().find(|&j| got[j] < counts[j]) else { break };
            got[at] += 1;
            got[at + 1..].iter_mut().for_each(|g| *g = 0);
        }
        let gains: Vec<f64> = utilities
            .chunks_exact(2)
            .flat_map(|u| [u[0] - walk_away[0], u[1] - walk_away[1]])
            .collect();
        let best = |of: fn(f64, f64) -> f64| {
            gains.chunks_exact(2).map(|g| of(g[0].max(0.0), g[1].max(0.0))).fold(0.0, f64::max)
        };
        let (room, nash) = (best(f64::min), best(|a, b| libm::sqrt(a * b)));
        Self { counts, utilities, gains, walk_away, room, nash }
    }

    /// The index of the package in which the first side gets so much of each item.
    fn index(&self, got: impl Iterator<Item = u32>) -> usize {
        got.zip(&self.counts).fold(0, |at, (got, count)| at * (*count as usize + 1) + got as usize)
    }
}

/// A talk among others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SortedTalk {
    /// Its structure.
    pub structure: usize,
    /// Messages sent, at least 1.
    pub messages: u32,
    /// How it ended.
    pub ending: TalkEnding,
    /// The package struck, as the structure counts them; `None` without a deal.
    pub package: Option<usize>,
}

/// Talks by structure.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Corpus {
    /// The structures, in an order that no order of the talks changes.
    pub structures: Vec<TalkStructure>,
    /// The talks, in the order they were given.
    pub talks: Vec<SortedTalk>,
    /// How often each package of each structure was struck.
    pub struck: Vec<Vec<u32>>,
}

/// What tells structures apart: items in order, then what walking away is worth; numbers as bits, whose
/// order is that of the numbers, as none is below zero.
type Shape = (Vec<(u32, u64, u64)>, [u64; 2]);

impl Corpus {
    /// Sorts talks by structure: items and sides have no names.
    #[must_use]
    pub fn new(talks: &[Talk]) -> Self {
        let mut shapes: BTreeMap<Shape, Vec<usize>> = BTreeMap::new();
        let mut turned = Vec::with_capacity(talks.len());
        for (k, talk) in talks.iter().enumerate() {
            let (ahead, back) = (shape(talk, false), shape(talk, true));
            let swap = back.0 < ahead.0;
            turned.push((swap, if swap { back.1.clone() } else { ahead.1.clone() }));
            shapes.entry(if swap { back.0 } else { ahead.0 }).or_default().push(k);
        }
        let mut corpus = Self::default();
        let mut sorted: Vec<Option<SortedTalk>> = vec![None; talks.len()];
        for (at, (shape, members)) in shapes.into_iter().enumerate() {
            let items: Vec<(u32, f64, f64)> = shape
                .0
                .iter()
                .map(|(n, a, b)| (*n, f64::from_bits(*a), f64::from_bits(*b)))
                .collect();
            let structure = TalkStructure::new(&items, shape.1.map(f64::from_bits));
            let mut struck = vec![0; structure.packages()];
            for k in members {
                let (talk, (swap, order)) = (&talks[k], &turned[k]);
                let package = talk.got.as_ref().filter(|_| talk.ending == TalkEnding::Deal);
                let package = package.map(|got| {
                    let mine = |j: &usize| if *swap { talk.counts[*j] - got[*j] } else { got[*j] };
                    structure.index(order.iter().map(mine))
                });
                if let Some(package) = package {
                    struck[package] += 1;
                }
                let messages = talk.messages.max(1);
                sorted[k] =
                    Some(SortedTalk { structure: at, messages, ending: talk.ending, package });
            }
            corpus.structures.push(structure);
            corpus.struck.push(struck);
        }
        corpus.talks = sorted.into_iter().flatten().collect();
        corpus
    }

    /// How many talks ended so.
    #[must_use]
    pub fn ended(&self, ending: TalkEnding) -> usize {
        self.talks.iter().filter(|t| t.ending == ending).count()
    }

    /// Deals the structures into so many parts, the same for the same seed.
    #[must_use]
    pub fn parts(&self, parts: usize, seed: u64) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.structures.len()).collect();
        for k in (1..order.len()).rev() {
            order.swap(k, below(seed, k as u64, 0, k + 1));
        }
        let mut part = vec![0; order.len()];
        for (place, structure) in order.into_iter().enumerate() {
            part[structure] = place % parts.max(1);
        }
        part
    }
}

/// The shape of a talk, seen from the other side if `swap`, and the order of its items in it.
fn shape(talk: &Talk, swap: bool) -> (Shape, Vec<usize>) {
    let [a, b] = [usize::from(swap), usize::from(!swap)];
    // −0 has other bits than 0.
    let bits = |x: f64| (x + 0.0).to_bits();
    let item = |j: usize| (talk.counts[j], bits(talk.values[a][j]), bits(talk.values[b][j]));
    let mut order: Vec<usize> = (0..talk.counts.len()).collect();
    order.sort_by_key(|j| item(*j));
    let items = order.iter().map(|j| item(*j)).collect();
    ((items, [bits(talk.walk_away[a]), bits(talk.walk_away[b])]), order)
}
