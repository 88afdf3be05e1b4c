//! Packages judged over the draws: which would be ratified how often, which trades both sides want,
//! and what linking issues buys.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;

use crate::case::Case;
use crate::effort::{Effort, in_order};
use crate::theory::UNIT;
use crate::theory::situation::Situation;

use super::draw::Frame;
use super::ensemble::BLOCK;
use super::outcome::Solver;
use super::partial::{PartialOdds, Trade, partial_odds};
use super::people::{self, DrawSums, PeopleDeals, PeopleSums};

/// Packages are rounded to this many millionths before they are counted: five points.
const LATTICE: i32 = UNIT / 20;

/// How many of the most frequent packages are judged.
const CANDIDATES: usize = 200;

/// A package is robust if it is ratified in at least this share of the draws that have a zone.
const ROBUST: f64 = 0.5;

/// What a swap moves on each issue.
const STEP: i32 = UNIT / 10;

/// The deal space of a case over its draws.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Deals {
    /// Draws it was judged on.
    pub draws: u64,
    /// Share of them with a zone of agreement.
    pub zone: f64,
    /// Packages by score, best first.
    pub ranked: Vec<Ranked>,
    /// Why there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ranked_reason: Option<&'static str>,
    /// Trades of one issue for another that both sides would want, most often wanted first.
    pub swaps: Vec<Swap>,
    /// What each issue does for the zone.
    pub linkage: Vec<Linkage>,
    /// What people do with such a zone; `null` where there are too many packages to list, or some issue is
    /// one of options without order.
    pub people: Option<PeopleDeals>,
    /// The deals of `[partial]`: over some issues, or among some sides.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub partial: Vec<PartialOdds>,
    /// The best trades over all sides at once, where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trades: Option<Vec<Trade>>,
}

/// A package, judged.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Ranked {
    /// Positions in the issues' own units.
    pub package: Vec<f64>,
    /// P(every side ratifies).
    pub ratified: f64,
    /// P(a side ratifies), by side in the order of the file.
    pub by_side: Vec<f64>,
    /// The mean smallest gain of a negotiator where it is ratified (a council: the mean gain).
    pub room: f64,
    /// `ratified × room`.
    pub score: f64,
    /// Whether it is ratified in at least half of the draws that have a zone.
    pub robust: bool,
}

/// A trade.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Swap {
    /// The side that gives way on `gives` and is given way to on `gets`.
    pub side: String,
    /// The other side.
    pub other: String,
    /// The issue the first side gives ten points of the scale on.
    pub gives: String,
    /// The issue it gets ten points on.
    pub gets: String,
    /// Share of draws in which both negotiators gain by it.
    pub wanted: f64,
    /// Mean gain of the first side where both gain, utility points.
    pub gain: f64,
    /// Mean gain of the other.
    pub other_gain: f64,
}

/// What an issue does for the zone.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Linkage {
    /// The issue.
    pub issue: String,
    /// P(zone) if it were off the table and stayed where it is.
    pub zone_without: f64,
}

/// Judges the deal space of a case on its first `draws` draws.
///
/// # Model
/// Candidates are the terms of the draws, rounded to five points; each is put to every draw as it
/// stands. Swaps start from splitting the difference between two negotiators' ideals. An issue is
/// off the table when nobody may move it (Tollison & Willett 1979 on linkage).
///
/// # Errors
/// `None` if it was stopped before the last draw. Every draw is solved once and judged once: progress
/// counts both, [`Deals::work`] in all.
pub fn deals(case: &Case, seed: u64, draws: u64, effort: Effort<'_>) -> Option<Deals> {
    let frame = Frame::new(case);
    let issues = case.issues.len();
    let mut swaps = Swaps::new(case);
    let trades = swaps.pairs();
    let listed = PeopleSums::new(case);
    let block = |solver: &mut Solver<'_>, draws: Range<u64>| {
        let mut part = DealCounts { without: vec![0; issues], ..DealCounts::default() };
        for draw in draws {
            part.add(solver, seed, draw, &trades);
            if let Some(listed) = listed.as_ref().filter(|_| draw < people::DRAWS) {
                listed.add(solver, &mut part.people);
            }
        }
        part
    };
    let mut counted: BTreeMap<Vec<i32>, u64> = BTreeMap::new();
    let mut open = 0u64;
    let mut without = vec![0u64; issues];
    let mut people = PeopleSums::new(case);
    let begin = || Solver::new(&frame);
    let done = in_order(0..draws, BLOCK, effort, begin, block, |part: DealCounts| {
        part.counted.into_iter().for_each(|(x, n)| *counted.entry(x).or_default() += n);
        open += part.open;
        without.iter_mut().zip(part.without).for_each(|(sum, n)| *sum += n);
        swaps.add(&part.wanted);
        if let Some(people) = &mut people {
            people.join(part.people);
        }
    });
    if done != draws {
        return None;
    }
    let mut candidates: Vec<(u64, Vec<i32>)> = counted.into_iter().map(|(x, n)| (n, x)).collect();
    candidates.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    candidates.truncate(CANDIDATES);
    let packages: Vec<Vec<i32>> = candidates.into_iter().map(|c| c.1).collect();
    let mut ranked = judge(case, &frame, seed, draws, open, &packages, effort)?;
    ranked.retain(|r| r.score > 0.0);
    ranked.sort_by(|a, b| {
        let key = |r: &Ranked| (r.robust, r.score);
        let (a, b) = (key(a), key(b));
        b.0.cmp(&a.0).then(b.1.total_cmp(&a.1))
    });
    let share = |count: u64| count as f64 / draws.max(1) as f64;
    let table = at_table(case, &frame);
    let partial = match case.partial.is_empty() {
        true => Vec::new(),
        false => partial_odds(case, seed, draws, effort)?,
    };
    Some(Deals {
        draws,
        partial,
        trades: None,
        people: people.map(|sums| sums.told(case, table)),
        zone: share(open),
        ranked_reason: ranked.is_empty().then_some(match open {
            0 => "no draw has a zone of agreement",
            _ => "no package on the levels tried is ratified in any draw",
        }),
        ranked,
        swaps: swaps.rows(case, draws),
        linkage: case
            .issues
            .iter()
            .zip(without)
            .map(|(issue, n)| Linkage { issue: issue.id.clone(), zone_without: share(n) })
            .collect(),
    })
}

/// Whose gains are told: the negotiators', or the members' where no side has one.
fn at_table(case: &Case, frame: &Frame<'_>) -> Vec<String> {
    let who = |i: &usize| case.actors[*i].id.clone();
    let table: Vec<String> =
        case.sides.iter().filter_map(|s| s.negotiator.as_ref().map(who)).collect();
    if table.is_empty() { frame.members.iter().map(who).collect() } else { table }
}

/// What people do with the zones of the first `draws` draws (500 at most) of a case, as [`deals`] says it
/// and nothing else; `None` where there are too many packages to list, or if it was stopped.
pub fn people_deals(case: &Case, seed: u64, draws: u64, effort: Effort<'_>) -> Option<PeopleDeals> {
    let frame = Frame::new(case);
    let listed = PeopleSums::new(case)?;
    let mut people = PeopleSums::new(case)?;
    let block = |solver: &mut Solver<'_>, draws: Range<u64>| {
        let mut part = DrawSums::default();
        for draw in draws {
            solver.draw(seed, draw);
            solver.solve();
            listed.add(solver, &mut part);
        }
        part
    };
    let draws = draws.min(people::DRAWS);
    let begin = || Solver::new(&frame);
    let done = in_order(0..draws, BLOCK, effort, begin, block, |part: DrawSums| people.join(part));
    (done == draws).then(|| people.told(case, at_table(case, &frame)))
}

impl Deals {
    /// How many draws [`deals`] solves to judge so many.
    pub fn work(draws: u64) -> u64 {
        2 * draws
    }
}

/// What a block of draws says of the deal space.
#[derive(Default)]
struct DealCounts {
    /// How often each rounded package was among the terms.
    counted: BTreeMap<Vec<i32>, u64>,
    /// Draws with a zone, and with one were an issue off the table.
    open: u64,
    without: Vec<u64>,
    /// Trades both sides wanted and what each gained, in the order of the draws.
    wanted: Vec<(usize, [f64; 2])>,
    /// What people do with the zones of the first draws.
    people: DrawSums,
}

impl DealCounts {
    fn add(&mut self, solver: &mut Solver<'_>, seed: u64, draw: u64, trades: &[[usize; 4]]) {
        solver.draw(seed, draw);
        solver.solve();
        self.open += u64::from(solver.now.solution.room.is_some());
        let issues = self.without.len();
        let s = &solver.now.situation;
        for x in solver.now.solution.terms.chunks_exact(issues) {
            let round = |(j, x): (usize, &i32)| match s.options_on(j) {
                Some(_) => *x,
                None => ((x + LATTICE / 2) / LATTICE * LATTICE).min(UNIT),
            };
            *self.counted.entry(x.iter().enumerate().map(round).collect()).or_default() += 1;
        }
        for (j, count) in self.without.iter_mut().enumerate() {
            let fixed = off_the_table(&solver.now.situation, j);
            *count += u64::from(solver.has_zone(&fixed, None, &mut None));
        }
        let gains = trades.iter().map(|trade| gains(&solver.now.situation, *trade));
        self.wanted.extend(gains.enumerate().filter_map(|(k, gains)| Some((k, gains?))));
    }
}

/// The same negotiation with an issue that nobody may move.
fn off_the_table(s: &Situation, j: usize) -> Situation {
    let mut fixed = s.clone();
    let issues = s.issues();
    for i in 0..s.members() {
        // A member whose red line the status quo crosses accepts nothing, as it should.
        let k = i * issues + j;
        fixed.red_min[k] = fixed.red_min[k].max(s.quo[j]);
        fixed.red_max[k] = fixed.red_max[k].min(s.quo[j]);
    }
    fixed
}

/// Puts every package to every draw; `None` if it was stopped before the last.
fn judge(
    case: &Case,
    frame: &Frame<'_>,
    seed: u64,
    draws: u64,
    open: u64,
    packages: &[Vec<i32>],
    effort: Effort<'_>,
) -> Option<Vec<Ranked>> {
    let sides = case.sides.len();
    let block = |solver: &mut Solver<'_>, draws: Range<u64>| {
        let mut by_side = vec![0u64; packages.len() * sides];
        let mut gains: Vec<(usize, f64)> = Vec::new();
        for draw in draws {
            solver.draw(seed, draw);
            solver.prepare();
            let (s, no_deal) = (&solver.now.situation, &solver.now.no_deal);
            for (k, x) in packages.iter().enumerate() {
                let accepts = (0..s.members())
                    .filter(|i| s.accepts(*i, x, no_deal.m[*i]))
                    .fold(0u64, |mask, i| mask | 1 << i);
                for side in 0..sides {
                    by_side[k * sides + side] += u64::from(s.ratifies(side, accepts));
                }
                if s.all_ratify(accepts) && !s.is_quo(x) {
                    gains.push((k, gain(s, &no_deal.m, x)));
                }
            }
        }
        (by_side, gains)
    };
    let mut ratified = vec![0u64; packages.len()];
    let mut by_side = vec![0u64; packages.len() * sides];
    let mut room = vec![0.0; packages.len()];
    let begin = || Solver::new(frame);
    let done = in_order(0..draws, BLOCK, effort, begin, block, |(sides, gains)| {
        by_side.iter_mut().zip(sides).for_each(|(sum, n)| *sum += n);
        for (k, gain) in gains {
            ratified[k] += 1;
            room[k] += gain;
        }
    });
    if done != draws {
        return None;
    }
    let share = |count: u64| count as f64 / draws.max(1) as f64;
    let ranked = packages.iter().enumerate().map(|(k, x)| {
        let p = share(ratified[k]);
        let room = if ratified[k] == 0 { 0.0 } else { room[k] / ratified[k] as f64 };
        let unit = f64::from(UNIT);
        Ranked {
            package: x
                .iter()
                .zip(&case.issues)
                .map(|(x, issue)| issue.in_units(f64::from(*x) / unit))
                .collect(),
            ratified: p,
            by_side: by_side[k * sides..(k + 1) * sides].iter().map(|n| share(*n)).collect(),
            room,
            score: p * room,
            robust: open > 0 && ratified[k] as f64 >= ROBUST * open as f64,
        }
    });
    Some(ranked.collect())
}

/// The smallest gain of a negotiator, or a council's capability-weighted mean gain.
fn gain(s: &Situation, m: &[f64], x: &[i32]) -> f64 {
    let of = |i: usize| s.value(i, x, m[i]) - m[i];
    if s.negotiator.iter().all(Option::is_none) {
        let all: f64 = s.capability.iter().map(|c| *c as f64).sum();
        return (0..s.members()).map(|i| s.capability[i] as f64 * of(i)).sum::<f64>()
            / all.max(1.0);
    }
    s.negotiator.iter().flatten().map(|i| of(*i)).fold(f64::MAX, f64::min)
}

/// Trades between every pair of sides with negotiators, of every issue for every other.
struct Swaps {
    /// (side, other, gives, gets), and how often both gain and by how much.
    trades: Vec<([usize; 4], u64, [f64; 2])>,
}

impl Swaps {
    fn new(case: &Case) -> Self {
        // Ten points of a scale are no change of an option.
        let n: Vec<usize> = case.ordered_issues().map(|(j, _)| j).collect();
        let mut trades = Vec::new();
        for a in 0..case.sides.len() {
            for b in a + 1..case.sides.len() {
                if case.sides[a].negotiator.is_some() && case.sides[b].negotiator.is_some() {
                    let pairs = n.iter().flat_map(|k| n.iter().map(move |l| (*k, *l)));
                    let pairs = pairs.filter(|(k, l)| k != l);
                    trades.extend(pairs.map(|(k, l)| ([a, b, k, l], 0, [0.0; 2])));
                }
            }
        }
        Self { trades }
    }

    /// The trades: side, other, gives, gets.
    fn pairs(&self) -> Vec<[usize; 4]> {
        self.trades.iter().map(|(trade, _, _)| *trade).collect()
    }

    /// Adds trades that were wanted, in the order of the draws.
    fn add(&mut self, found: &[(usize, [f64; 2])]) {
        for (k, [mine, theirs]) in found {
            let (_, wanted, gains) = &mut self.trades[*k];
            *wanted += 1;
            gains[0] += mine;
            gains[1] += theirs;
        }
    }

    fn rows(self, case: &Case, draws: u64) -> Vec<Swap> {
        let mut rows: Vec<Swap> = self
            .trades
            .into_iter()
            .filter(|(_, wanted, _)| *wanted > 0)
            .map(|([a, b, gives, gets], wanted, gains)| Swap {
                side: case.sides[a].id.clone(),
                other: case.sides[b].id.clone(),
                gives: case.issues[gives].id.clone(),
                gets: case.issues[gets].id.clone(),
                wanted: wanted as f64 / draws.max(1) as f64,
                gain: 100.0 * gains[0] / wanted as f64,
                other_gain: 100.0 * gains[1] / wanted as f64,
            })
            .collect();
        rows.sort_by(|a, b| {
            let joint = |s: &Swap| s.wanted * (s.gain + s.other_gain);
            joint(b).total_cmp(&joint(a)).then((&a.gives, &a.gets).cmp(&(&b.gives, &b.gets)))
        });
        rows
    }
}

/// What two negotiators gain by a trade; `None` unless both do.
fn gains(s: &Situation, [a, b, gives, gets]: [usize; 4]) -> Option<[f64; 2]> {
    let issues = s.issues();
    let (i, k) = (s.negotiator[a]?, s.negotiator[b]?);
    let ideal = |i: usize, j: usize| s.ideal[i * issues + j];
    let start: Vec<i32> = (0..issues).map(|j| (ideal(i, j) + ideal(k, j)) / 2).collect();
    let mut x = start.clone();
    // Towards the other's ideal where it gives, towards its own where it gets, no further.
    let towards = |from: i32, to: i32| from + (to - from).clamp(-STEP, STEP);
    x[gives] = towards(x[gives], ideal(k, gives));
    x[gets] = towards(x[gets], ideal(i, gets));
    let change = |m: usize| s.utility(m, &x) - s.utility(m, &start);
    let gains = [change(i), change(k)];
    gains.iter().all(|g| *g > 0.0).then_some(gains)
}
