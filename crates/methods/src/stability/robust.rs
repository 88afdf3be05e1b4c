//! How sure it is: the share of draws of the preferences in which a state is stable, what it hangs on, and
//! what would overturn it.

use std::ops::Range;
use std::sync::Mutex;

use serde::Serialize;

use super::ranking::PreferenceReading;
use super::set::StateSet;
use super::{ConflictGraph, GraphModel, PartyRanking, ResponseRule, StabilityConcept, equilibria};
use winset_model::effort::{Effort, in_order};
use winset_model::uncertain::special::normal_quantile;
use winset_model::uncertain::{Dist, Stream, uniform};

/// States beyond which no draws are made.
pub const MOST_DRAWN_STATES: usize = 1_024;
/// States beyond which it is not asked which preference the answer hangs on.
pub const MOST_PAIRED_STATES: usize = 64;
/// States beyond which it is not asked what would overturn it.
pub const MOST_OVERTURNED_STATES: usize = 32;
/// Draws handed out at once.
const BLOCK: u64 = 256;
/// Below this share of its variance a preference is not what a state hangs on.
const TELLING: f64 = 0.01;

/// Where the preferences of a party are drawn from.
#[derive(Clone, Debug, PartialEq)]
pub enum PreferenceSource {
    /// A ranking that may be off: each state's level moves by a normal error of so many places.
    Places {
        /// The levels.
        level: Vec<u32>,
        /// The standard deviation, in levels.
        noise: f64,
    },
    /// What each state is worth.
    Worth(Vec<Dist>),
}

/// Preferences of all parties, drawn anew each time, each state of each party by its own uniforms.
#[derive(Clone, Debug)]
pub struct PreferenceDraws {
    sources: Vec<PreferenceSource>,
    streams: Vec<Vec<Stream>>,
    seed: u64,
}

impl PreferenceDraws {
    /// From the sources of the parties, called by their names and the ids of the states, so that
    /// neither order changes a draw.
    pub fn new(
        sources: Vec<PreferenceSource>,
        parties: &[String],
        states: &[String],
        seed: u64,
    ) -> Self {
        let stream = |party: &String| {
            let of = |state: &String| Stream::of(&format!("stability.{party}.{state}"));
            states.iter().map(of).collect()
        };
        Self { sources, streams: parties.iter().map(stream).collect(), seed }
    }

    /// What each state is worth to each party in a draw.
    pub fn draw(&self, draw: u64, worth: &mut [Vec<f64>]) {
        const WIDEST: (f64, f64) = (-1e12, 1e12);
        for (k, (source, streams)) in self.sources.iter().zip(&self.streams).enumerate() {
            let u = |s: usize| uniform(self.seed, draw, streams[s]);
            worth[k].clear();
            match source {
                PreferenceSource::Places { level, noise } => {
                    let place = |(s, l): (usize, &u32)| match *noise > 0.0 {
                        true => f64::from(*l) + noise * normal_quantile(u(s)),
                        false => f64::from(*l),
                    };
                    worth[k].extend(level.iter().enumerate().map(place));
                }
                PreferenceSource::Worth(dists) => {
                    let value = |(s, d): (usize, &Dist)| match d.is_point() {
                        true => d.central(WIDEST),
                        false => d.quantile(u(s), WIDEST),
                    };
                    worth[k].extend(dists.iter().enumerate().map(value));
                }
            }
        }
    }
}

/// A preference that a state hangs on. `P` says which party and `S` which state: a place, or a name.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HangsOn<P = usize, S = usize> {
    /// Whose.
    pub party: P,
    /// That it prefers this state …
    pub prefers: S,
    /// … to this one.
    pub to: S,
    /// The share of draws in which it does.
    pub so: f64,
    /// The share in which the state holds, among these.
    pub if_so: f64,
    /// Among the others.
    pub if_not: f64,
}

/// How often a state is an equilibrium. `C` says which concept, by its place among those asked or its id.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DrawnStability<P = usize, S = usize, C = usize> {
    /// The state.
    pub state: S,
    /// The concept.
    pub concept: C,
    /// The share of draws of the preferences in which it is an equilibrium.
    pub share: f64,
    /// The preference it hangs on most; `null` where it always or never holds, hangs on none, or the
    /// model has more than 64 states.
    pub hangs_on: Option<HangsOn<P, S>>,
}

/// Bits of draws, a row a question.
struct Bits {
    words: usize,
    bits: Vec<u64>,
}

impl Bits {
    fn new(rows: usize, draws: u64) -> Self {
        let words = draws.div_ceil(64) as usize;
        Self { words, bits: vec![0; rows * words] }
    }

    fn set(&mut self, row: usize, draw: u64) {
        self.bits[row * self.words + (draw / 64) as usize] |= 1 << (draw % 64);
    }

    fn row(&self, row: usize) -> &[u64] {
        &self.bits[row * self.words..(row + 1) * self.words]
    }
}

fn count(bits: &[u64]) -> f64 {
    bits.iter().map(|w| f64::from(w.count_ones())).sum()
}

fn shared(a: &[u64], b: &[u64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from((a & b).count_ones())).sum()
}

/// What the draws of a block came to: the levels of each draw's parties, and the states that were stable.
struct Block {
    draws: Range<u64>,
    levels: Vec<u32>,
    stable: Vec<StateSet>,
}

/// The share of draws in which each state is an equilibrium, by concept, a row for each state that ever
/// is one, concept by concept; and how many draws were made before a stop.
///
/// What a state hangs on is the preference of one party between two states whose truth explains most of
/// the variance over the draws of whether the state is stable: `cov²/(p(1 − p))`.
pub fn robustness(
    graph: &ConflictGraph,
    responses: ResponseRule,
    concepts: &[&dyn StabilityConcept],
    draws: u64,
    draw: &(dyn Fn(u64, &mut [Vec<f64>]) + Sync),
    effort: Effort<'_>,
) -> (Vec<DrawnStability>, u64) {
    let (n, states) = (graph.parties(), graph.states());
    let paired = states <= MOST_PAIRED_STATES;
    let pairs = if paired { states * (states - 1) / 2 } else { 0 };
    let mut prefers = Bits::new(n * pairs, if paired { draws } else { 0 });
    let mut holds = Bits::new(concepts.len() * states, draws);
    let sums = Mutex::new((&mut prefers, &mut holds));
    let begin = || (vec![Vec::new(); n], vec![PartyRanking::default(); n], Vec::new());
    type Scratch = (Vec<Vec<f64>>, Vec<PartyRanking>, Vec<u32>);
    let block = |(worth, rankings, order): &mut Scratch, draws: Range<u64>| {
        let mut levels = Vec::new();
        let mut stable = Vec::new();
        for d in draws.clone() {
            draw(d, worth);
            for (own, worth) in rankings.iter_mut().zip(worth.iter()) {
                own.redo(worth, order);
                if paired {
                    levels.extend_from_slice(own.levels());
                }
            }
            let conflict = GraphModel { graph, rankings, responses };
            for concept in concepts {
                let own: Option<Vec<StateSet>> = (0..n)
                    .map(|p| concept.stable(&conflict, p, PreferenceReading::Plain))
                    .collect();
                let all = own.and_then(|own| equilibria(&own));
                stable.push(all.unwrap_or_else(|| StateSet::none(states)));
            }
        }
        Block { draws, levels, stable }
    };
    let merge = |made: Block| {
        let Ok(mut sums) = sums.lock() else { return };
        for (k, d) in made.draws.clone().enumerate() {
            for (c, set) in made.stable[k * concepts.len()..][..concepts.len()].iter().enumerate() {
                set.iter().for_each(|s| sums.1.set(c * states + s, d));
            }
            if paired {
                for p in 0..n {
                    let levels = &made.levels[(k * n + p) * states..][..states];
                    let mut row = p * pairs;
                    for a in 1..states {
                        for b in 0..a {
                            if levels[a] > levels[b] {
                                sums.0.set(row, d);
                            }
                            row += 1;
                        }
                    }
                }
            }
        }
    };
    let done = in_order(0..draws, BLOCK, effort, begin, block, merge);
    let mut all = Vec::new();
    for concept in 0..concepts.len() {
        for state in 0..states {
            let own = holds.row(concept * states + state);
            let share = count(own) / done.max(1) as f64;
            if share > 0.0 {
                let hangs_on = paired.then(|| hangs_on(own, &prefers, n, states, done)).flatten();
                all.push(DrawnStability { state, concept, share, hangs_on });
            }
        }
    }
    (all, done)
}

fn hangs_on(own: &[u64], prefers: &Bits, n: usize, states: usize, done: u64) -> Option<HangsOn> {
    let total = done as f64;
    let held = count(own);
    let variance = held / total * (1.0 - held / total);
    if variance <= 0.0 {
        return None;
    }
    let pairs = states * (states - 1) / 2;
    let (mut best, mut told) = (TELLING * variance, None);
    for party in 0..n {
        let mut row = party * pairs;
        for a in 1..states {
            for b in 0..a {
                let bits = prefers.row(row);
                row += 1;
                let so = count(bits);
                if so == 0.0 || so == total {
                    continue;
                }
                let both = shared(own, bits);
                let (p, cov) = (so / total, both / total - held / total * so / total);
                let explained = cov * cov / (p * (1.0 - p));
                // A little more than rounding, so that of equals the first is told.
                if explained > best * (1.0 + 1e-9) {
                    best = explained;
                    let [if_so, if_not] = [both / so, (held - both) / (total - so)];
                    told = Some(match cov > 0.0 {
                        true => HangsOn { party, prefers: a, to: b, so: p, if_so, if_not },
                        false => HangsOn {
                            party,
                            prefers: b,
                            to: a,
                            so: 1.0 - p,
                            if_so: if_not,
                            if_not: if_so,
                        },
                    });
                }
            }
        }
    }
    told
}

/// The smallest change of one party's ranking after which a state is no equilibrium.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Overturn<P = usize, S = usize> {
    /// The state that would no longer hold.
    pub state: S,
    /// Whose ranking changes.
    pub party: P,
    /// The state that moves in it.
    pub moved: S,
    /// Whether it moves up.
    pub up: bool,
    /// The last state it passes.
    pub past: S,
    /// How many levels it passes.
    pub places: usize,
}

/// What would overturn each equilibrium of a concept: one state that one party came to like so much more
/// or less, by the fewest levels.
pub fn overturns(conflict: &GraphModel<'_>, concept: &dyn StabilityConcept) -> Vec<Overturn> {
    let (n, states) = (conflict.graph.parties(), conflict.graph.states());
    let solve = |rankings: &[PartyRanking]| {
        let conflict = GraphModel { rankings, ..*conflict };
        let own: Option<Vec<StateSet>> =
            (0..n).map(|p| concept.stable(&conflict, p, PreferenceReading::Plain)).collect();
        own.and_then(|own| equilibria(&own))
    };
    let plain: Vec<PartyRanking> = conflict
        .rankings
        .iter()
        .map(|own| PartyRanking::of_levels(own.levels().iter().map(|l| 2 * l).collect()))
        .collect();
    let Some(now) = solve(&plain) else { return Vec::new() };
    let mut found: Vec<Option<Overturn>> = vec![None; states];
    for party in 0..n {
        let levels = plain[party].levels();
        let mut steps: Vec<u32> = levels.to_vec();
        steps.sort_unstable();
        steps.dedup();
        for moved in 0..states {
            let here = steps.partition_point(|l| *l < levels[moved]);
            for (k, step) in steps.iter().enumerate() {
                let up = k > here;
                let places = k.abs_diff(here);
                let nearer = |s: &usize| found[*s].is_none_or(|o| o.places > places);
                if places == 0 || !now.iter().any(|s| nearer(&s)) {
                    continue;
                }
                let mut changed = levels.to_vec();
                changed[moved] = if up { step + 1 } else { step - 1 };
                let mut rankings = plain.clone();
                rankings[party] = PartyRanking::of_levels(changed);
                let Some(then) = solve(&rankings) else { continue };
                let past = (0..states).find(|s| levels[*s] == *step).unwrap_or(moved);
                for state in now.iter().filter(|s| !then.contains(*s)) {
                    if found[state].is_none_or(|o| o.places > places) {
                        found[state] = Some(Overturn { state, party, moved, up, past, places });
                    }
                }
            }
        }
    }
    found.into_iter().flatten().collect()
}
