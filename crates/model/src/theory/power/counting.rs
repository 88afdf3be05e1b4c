//! Swings by generating functions.
//!
//! # Model
//! A rule is a tree. Of a node over n players, `W(k)` counts the coalitions of k of them that pass
//! and `η_i(k)` those of k others that player i turns. Where the parts of a node share no player,
//! both follow from those of its parts: `η` of a part times the coalitions of the other parts under
//! which that part decides. Players who must always accept are set aside first: a coalition without
//! them loses whatever the others do.
//!
//! Parts over the very same players (a share of them and a share of their capability, say) are one
//! leaf, whose coalitions are counted by (capability, size); the count without a player is that of
//! all players divided by `1 + x^weight z`.
//!
//! # Reference
//! Bilbao, Fernández, Jiménez Losada & López 2000, "Generating functions for computing power
//! indices efficiently", Top 8(2). The composition over read-once trees and the sparse sums are this
//! project's.

use crate::case::{Ballot, Rule};

/// Coalitions of a leaf are told apart by (capability, size); where there may be more such pairs they
/// are not counted. So 18 players always are, 27 with whole capabilities up to 9,000 in all, 64 up
/// to 4,000.
const MOST_STATES: u128 = 1 << 18;

/// `[player][size of the coalition joined]`; `None` where the rule cannot be counted in bounds.
pub(super) fn swings(
    rule: &Rule,
    negotiator: Option<usize>,
    players: &[usize],
    capability: &[i64],
) -> Option<Vec<Vec<u128>>> {
    if players.len() > 64 {
        return None;
    }
    let mut vetoes: Vec<usize> = negotiator.into_iter().collect();
    certain(rule, &mut vetoes);
    vetoes.sort_unstable();
    vetoes.dedup();
    let counts = match Node::new(rule, &vetoes, capability)? {
        Node::Always(passes) => Counts::always(passes),
        node => node.counts()?,
    };
    let others = players.len() - vetoes.len();
    let dummies = others - counts.swings.len();
    let widen = |row: &[u128]| (0..dummies).fold(row.to_vec(), |row, _| times(&row, &[1, 1]));
    let pass = widen(&counts.pass);
    let swings = players.iter().map(|player| {
        let mut row = vec![0; players.len()];
        let (from, sizes) = if vetoes.contains(player) {
            // It turns every coalition of the rest that passes, if the other vetoes are there.
            (vetoes.len() - 1, pass.clone())
        } else {
            let own = counts.swings.iter().find(|s| s.0 == *player);
            (vetoes.len(), own.map_or_else(Vec::new, |s| widen(&s.1)))
        };
        sizes.iter().enumerate().for_each(|(k, n)| row[from + k] = *n);
        row
    });
    Some(swings.collect())
}

/// Who must accept whatever the others do, as far as the rule says so outright.
fn certain(rule: &Rule, into: &mut Vec<usize>) {
    match rule {
        Rule::Actor(i) => into.push(*i),
        Rule::All(parts) => parts.iter().for_each(|p| certain(p, into)),
        Rule::Any(_)
        | Rule::AtLeast(..)
        | Rule::Percent(..)
        | Rule::Votes(..)
        | Rule::Weighed(..) => {}
    }
}

/// The product of two generating functions.
fn times(a: &[u128], b: &[u128]) -> Vec<u128> {
    if a.is_empty() || b.is_empty() {
        return Vec::new();
    }
    let mut out = vec![0; a.len() + b.len() - 1];
    for (i, x) in a.iter().enumerate().filter(|(_, x)| **x != 0) {
        b.iter().enumerate().for_each(|(j, y)| out[i + j] += x * y);
    }
    out
}

/// Adds b to a.
fn plus(a: &mut Vec<u128>, b: &[u128]) {
    a.resize(a.len().max(b.len()), 0);
    a.iter_mut().zip(b).for_each(|(x, y)| *x += y);
}

/// All coalitions of n players by size.
fn all(n: usize) -> Vec<u128> {
    (0..n).fold(vec![1], |row, _| times(&row, &[1, 1]))
}

/// Coalitions of a node's players.
struct Counts {
    /// Those that pass, by size.
    pass: Vec<u128>,
    /// For each player, those of the others that it turns, by size.
    swings: Vec<(usize, Vec<u128>)>,
}

impl Counts {
    fn always(passes: bool) -> Self {
        Self { pass: vec![u128::from(passes)], swings: Vec::new() }
    }

    fn fails(&self) -> Vec<u128> {
        let mut out = all(self.swings.len());
        out.iter_mut().zip(&self.pass).for_each(|(n, pass)| *n -= pass);
        out
    }
}

/// A rule with some players certain to accept.
enum Node {
    Always(bool),
    Leaf(Leaf),
    /// At least so many parts, which share no player.
    Parts(usize, Vec<Node>),
}

/// Players who are told apart by their weights alone.
#[derive(Clone)]
struct Leaf {
    /// Rising players and their weights; no weights where sizes alone count.
    players: Vec<usize>,
    weights: Option<Vec<i128>>,
    test: Test,
}

#[derive(Clone)]
enum Test {
    Size(usize),
    Weight(i128),
    AtLeast(usize, Vec<Test>),
}

impl Test {
    fn passes(&self, weight: i128, size: usize) -> bool {
        match self {
            Self::Size(least) => size >= *least,
            Self::Weight(least) => weight >= *least,
            Self::AtLeast(least, parts) => {
                parts.iter().filter(|p| p.passes(weight, size)).count() >= *least
            }
        }
    }
}

impl Node {
    /// `None` where parts share players but not all of them.
    fn new(rule: &Rule, certain: &[usize], capability: &[i64]) -> Option<Self> {
        let (least, parts) = match rule {
            Rule::Actor(i) if certain.contains(i) => return Some(Self::Always(true)),
            Rule::Actor(i) => return Some(Self::one(*i)),
            Rule::Percent(percent, actors) => {
                return Some(Self::share(*percent, actors, certain, capability));
            }
            Rule::Weighed(weights, least) => {
                return Some(Self::weighed(weights, *least, certain));
            }
            Rule::Votes(_, actors) => {
                let most = actors.iter().max().map_or(0, |i| i + 1);
                let ballots: Vec<Ballot> =
                    capability[..most].iter().map(|c| Ballot::whole(*c)).collect();
                return Self::new(&rule.counted(&ballots), certain, capability);
            }
            Rule::All(parts) => (parts.len(), parts),
            Rule::Any(parts) => (1, parts),
            Rule::AtLeast(least, parts) => (*least, parts),
        };
        let mut left = least;
        let mut nodes = Vec::new();
        for part in parts {
            match Self::new(part, certain, capability)? {
                Self::Always(true) => left = left.saturating_sub(1),
                Self::Always(false) => {}
                node => nodes.push(node),
            }
        }
        if left == 0 {
            return Some(Self::Always(true));
        }
        if left > nodes.len() {
            return Some(Self::Always(false));
        }
        if nodes.len() == 1 {
            return nodes.pop();
        }
        let mut named: Vec<usize> = nodes.iter().flat_map(Self::players).collect();
        let all = named.len();
        named.sort_unstable();
        named.dedup();
        if named.len() == all {
            if nodes.iter().all(|n| n.players().len() == 1) {
                // Each is its one player, since a node that always or never passes is none.
                return Some(Self::Leaf(Leaf {
                    players: named,
                    weights: None,
                    test: Test::Size(left),
                }));
            }
            return Some(Self::Parts(left, nodes));
        }
        // The same players, weighed the same way.
        let mut tests = Vec::new();
        let mut weights: Option<Vec<i128>> = None;
        for node in nodes {
            let Self::Leaf(leaf) = node else { return None };
            if leaf.players != named
                || weights.is_some() && leaf.weights.is_some() && weights != leaf.weights
            {
                return None;
            }
            weights = weights.or(leaf.weights);
            tests.push(leaf.test);
        }
        Some(Self::Leaf(Leaf { players: named, weights, test: Test::AtLeast(left, tests) }))
    }

    fn one(player: usize) -> Self {
        Self::Leaf(Leaf { players: vec![player], weights: None, test: Test::Size(1) })
    }

    /// As [`Rule::passes`], all in whole numbers.
    fn share(percent: f64, actors: &[usize], certain: &[usize], capability: &[i64]) -> Self {
        let of = |i: usize| i128::from(capability[i]);
        let all: i128 = actors.iter().map(|i| of(*i)).sum();
        let quota = (percent * 1e6).round() as i128;
        let (whole, rest) = (quota * all / 100_000_000, quota * all % 100_000_000);
        let there: i128 = actors.iter().filter(|i| certain.contains(i)).map(|i| of(*i)).sum();
        let needed = whole + i128::from(rest > 0) - there;
        let mut players: Vec<usize> =
            actors.iter().copied().filter(|i| !certain.contains(i)).collect();
        players.sort_unstable();
        players.dedup();
        let weight = |i: &usize| of(*i) * actors.iter().filter(|k| *k == i).count() as i128;
        let weights: Vec<i128> = players.iter().map(weight).collect();
        if needed <= 0 || needed > weights.iter().sum() {
            return Self::Always(needed <= 0);
        }
        Self::Leaf(Leaf { players, weights: Some(weights), test: Test::Weight(needed) })
    }

    /// Weights that must sum to a quota.
    fn weighed(weights: &[(usize, i128)], least: i128, certain: &[usize]) -> Self {
        let sum = |inside: bool| -> i128 {
            let of = |w: &&(usize, i128)| certain.contains(&w.0) == inside;
            weights.iter().filter(of).map(|w| w.1).sum()
        };
        let (needed, most) = (least - sum(true), sum(false));
        if needed <= 0 || needed > most {
            return Self::Always(needed <= 0);
        }
        let mut rest: Vec<(usize, i128)> =
            weights.iter().copied().filter(|w| !certain.contains(&w.0)).collect();
        rest.sort_unstable();
        let (players, weights) = rest.into_iter().unzip();
        Self::Leaf(Leaf { players, weights: Some(weights), test: Test::Weight(needed) })
    }

    fn players(&self) -> Vec<usize> {
        match self {
            Self::Always(_) => Vec::new(),
            Self::Leaf(leaf) => leaf.players.clone(),
            Self::Parts(_, parts) => parts.iter().flat_map(Self::players).collect(),
        }
    }

    fn counts(&self) -> Option<Counts> {
        match self {
            Self::Always(passes) => Some(Counts::always(*passes)),
            Self::Leaf(leaf) => leaf.counts(),
            Self::Parts(least, parts) => {
                let parts: Option<Vec<Counts>> = parts.iter().map(Self::counts).collect();
                Some(composed(*least, &parts?))
            }
        }
    }
}

/// At least so many of some parts that share no player.
fn composed(least: usize, parts: &[Counts]) -> Counts {
    let halves: Vec<[Vec<u128>; 2]> = parts.iter().map(|p| [p.fails(), p.pass.clone()]).collect();
    // Coalitions of all parts but one, by how many of them pass and by size.
    let without = |one: Option<usize>| -> Vec<Vec<u128>> {
        let mut by: Vec<Vec<u128>> = vec![vec![1]];
        for [fails, pass] in halves.iter().enumerate().filter(|h| Some(h.0) != one).map(|h| h.1) {
            let mut next: Vec<Vec<u128>> = vec![Vec::new(); by.len() + 1];
            for (n, row) in by.iter().enumerate() {
                plus(&mut next[n], &times(row, fails));
                plus(&mut next[n + 1], &times(row, pass));
            }
            by = next;
        }
        by
    };
    let mut pass = Vec::new();
    without(None).iter().skip(least).for_each(|row| plus(&mut pass, row));
    let mut swings = Vec::new();
    for (k, part) in parts.iter().enumerate() {
        let decides = &without(Some(k))[least - 1];
        swings.extend(part.swings.iter().map(|(player, row)| (*player, times(row, decides))));
    }
    Counts { pass, swings }
}

/// Bits of a state that hold the size; the rest hold the weight.
const SIZE_BITS: u32 = 7;

/// Coalitions by weight and size: rising keys `weight << SIZE_BITS | size` and how many there are.
type States = Vec<(u64, u64)>;

impl Leaf {
    fn counts(&self) -> Option<Counts> {
        let n = self.players.len();
        let weights = self.weights.clone().unwrap_or_else(|| vec![0; n]);
        // In units of what all weights are multiples of.
        let unit = weights.iter().fold(0, |a, b| gcd(a, *b)).max(1);
        let total = weights.iter().sum::<i128>() / unit;
        // By how many of each weight are in, or by weight and size.
        let mut rising = weights.clone();
        rising.sort_unstable();
        let alike = rising.chunk_by(|a, b| a == b).map(|c| c.len() as u128 + 1);
        let choices = alike.fold(1, u128::saturating_mul);
        let pairs = (total as u128 + 1).saturating_mul(n as u128 + 1);
        if choices.min(pairs) > MOST_STATES || total >= 1 << (63 - SIZE_BITS) {
            return None;
        }
        let keys: Vec<u64> = weights.iter().map(|w| ((w / unit) as u64) << SIZE_BITS | 1).collect();
        let mut states: States = vec![(0, 1)];
        for key in &keys {
            states = joined(&states, *key);
        }
        let split = |key: u64| {
            let weight = i128::from(key >> SIZE_BITS) * unit;
            (weight, (key & ((1 << SIZE_BITS) - 1)) as usize)
        };
        let passes = |key: u64| {
            let (weight, size) = split(key);
            self.test.passes(weight, size)
        };
        let mut pass = vec![0u128; n + 1];
        for (key, count) in states.iter().filter(|s| passes(s.0)) {
            pass[split(*key).1] += u128::from(*count);
        }
        // Players of one weight have the same swings.
        let mut known: Vec<(u64, Vec<u128>)> = Vec::new();
        for key in &keys {
            if known.iter().any(|k| k.0 == *key) {
                continue;
            }
            let mut row = vec![0u128; n];
            for (others, count) in left(&states, *key) {
                if !passes(others) && passes(others + key) {
                    row[split(others).1] += u128::from(count);
                }
            }
            known.push((*key, row));
        }
        let row = |key: &u64| known.iter().find(|k| k.0 == *key).map(|k| k.1.clone());
        let swings = self.players.iter().zip(&keys);
        Some(Counts { pass, swings: swings.filter_map(|(p, k)| Some((*p, row(k)?))).collect() })
    }
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// With one more player: every coalition without it, and with it.
fn joined(states: &States, key: u64) -> States {
    let mut out = States::with_capacity(2 * states.len());
    let mut with = states.iter().map(|(k, n)| (k + key, *n)).peekable();
    for (k, n) in states {
        while let Some(other) = with.next_if(|o| o.0 < *k) {
            out.push(other);
        }
        let same = with.next_if(|o| o.0 == *k).map_or(0, |o| o.1);
        out.push((*k, n + same));
    }
    out.extend(with);
    out
}

/// Without a player who is in them: what is left of each count once the coalitions with it are
/// taken off.
fn left(states: &States, key: u64) -> States {
    let mut out = States::with_capacity(states.len());
    let mut at = 0;
    for (k, n) in states {
        while at < out.len() && out[at].0 + key < *k {
            at += 1;
        }
        let with = if at < out.len() && out[at].0 + key == *k { out[at].1 } else { 0 };
        if *n > with {
            out.push((*k, n - with));
        }
    }
    out
}
