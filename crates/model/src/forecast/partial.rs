//! Deals over some issues or among some sides, over the draws: how often there is one, on which terms, and
//! whether those who strike it would rather stay out, or those who stay out would rather be in.

use std::ops::Range;

use serde::Serialize;

use crate::case::{Case, PartialDeal};
use crate::effort::{Effort, in_order};
use crate::theory::among::{PartialScope, among};
use crate::theory::situation::Situation;
use crate::theory::threat::NoDeal;
use crate::theory::{TOLERANCE, UNIT};

use super::accumulate::Histogram;
use super::draw::Frame;
use super::ensemble::BLOCK;
use super::outcome::Solver;

/// A deal of `[partial]` over the draws.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PartialOdds {
    /// Its id.
    pub partial: String,
    /// The issues it deals with.
    pub issues: Vec<String>,
    /// The sides that strike it.
    pub sides: Vec<String>,
    /// Share of draws in which all of them would ratify some such deal.
    pub zone: f64,
    /// Share of draws in which they would, and there is no deal of all over everything.
    pub beyond: f64,
    /// What the negotiator who gains least can gain, utility, on average where there is such a deal.
    pub room: f64,
    /// The terms on the issues with a scale, where there is such a deal.
    pub terms: Vec<PartialTerms>,
    /// Share of the draws with such a deal in which nobody in it would rather stay out and nobody outside
    /// would rather be in; none where all sides strike it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stable: Option<f64>,
    /// Of those in it, how often each would rather stay out while the others go on, in those draws.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub leaves: Vec<SideOdds>,
    /// Of those outside, how often each would rather be in, in those draws.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub joins: Vec<SideOdds>,
}

/// The terms of such a deal on an issue.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PartialTerms {
    /// The issue.
    pub issue: String,
    /// 5 %, median, 95 %, in its units.
    pub quantiles: [f64; 3],
}

/// How often a side would rather do otherwise.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SideOdds {
    /// The side.
    pub side: String,
    /// The share of draws, 0 to 1.
    pub p: f64,
}

/// What a coalition of sides agrees in a draw: the room and the terms; nothing where it has no deal.
type Agreed = Option<(f64, Vec<i32>)>;

/// What a draw says of one partial deal.
struct DrawOdds {
    agreed: Agreed,
    beyond: bool,
    leaves: Vec<bool>,
    joins: Vec<bool>,
}

/// The deals of `[partial]` over the first `draws` draws.
///
/// # Model
/// Each is the negotiation of [`among`], solved as the whole is. In a draw the sides S strike its terms x_S;
/// the others stay where no deal leaves them, with the issues at x_S: `u_j(x_S) − k_j`, or m_j where S has
/// no deal (one side alone never has). S is stable if no side in it has more outside, the others going on
/// (internal), and none outside has more inside (external), by what their negotiators have:
///
/// ```text
/// in_i(S) = v_i(x_S) − (1 − ζ)k_i     stable:  in_i(S) ≥ out_i(S − i) for i ∈ S,  out_j(S) ≥ in_j(S + j) for j ∉ S
/// ```
///
/// Whoever would be let in by S + j's ratification is let in: membership is open.
///
/// # Reference
/// d'Aspremont, Jacquemin, Gabszewicz & Weymark 1983, "On the stability of collusive price leadership",
/// Canadian Journal of Economics 16(1), 17–25; Barrett 1994, "Self-enforcing international environmental
/// agreements", Oxford Economic Papers 46, 878–894.
///
/// # Errors
/// `None` if it was stopped before the last draw.
pub fn partial_odds(
    case: &Case,
    seed: u64,
    draws: u64,
    effort: Effort<'_>,
) -> Option<Vec<PartialOdds>> {
    let frame = Frame::new(case);
    let block = |solver: &mut Solver<'_>, draws: Range<u64>| {
        let mut found = Vec::new();
        for draw in draws {
            solver.draw(seed, draw);
            solver.solve_room();
            found.extend(case.partial.iter().map(|partial| one(solver, case, partial)));
        }
        found
    };
    let mut all: Vec<Vec<DrawOdds>> = case.partial.iter().map(|_| Vec::new()).collect();
    let begin = || Solver::new(&frame);
    let done = in_order(0..draws, BLOCK, effort, begin, block, |part: Vec<DrawOdds>| {
        for (k, odds) in part.into_iter().enumerate() {
            all[k % case.partial.len()].push(odds);
        }
    });
    let told = case.partial.iter().zip(all).map(|(partial, odds)| told(case, partial, &odds));
    (done == draws).then(|| told.collect())
}

/// What the solver's draw says of a partial deal.
fn one(solver: &mut Solver<'_>, case: &Case, partial: &PartialDeal) -> DrawOdds {
    let percent =
        |id: Option<crate::case::InputId>| id.map_or(1.0, |id| solver.values[id.0] / 100.0);
    let (keeps, relief) = (percent(partial.keeps), percent(partial.relief));
    let dealt = (0..case.issues.len()).map(|j| partial.issues.contains(&j)).collect();
    let mut scope = PartialScope { dealt, insiders: partial.sides.clone(), keeps, relief };
    let (s, no_deal) = (solver.now.situation.clone(), solver.now.no_deal.clone());
    let whole = solver.now.solution.room.is_some();
    let agreed = agreed(solver, &s, &no_deal, &scope);
    let mut odds = DrawOdds {
        beyond: agreed.is_some() && !whole,
        leaves: Vec::new(),
        joins: Vec::new(),
        agreed,
    };
    if odds.agreed.is_none() || partial.sides.len() == case.sides.len() {
        return odds;
    }
    let inside = |agreed: &Agreed, side: usize| {
        let (_, x) = agreed.as_ref()?;
        let i = s.negotiator[side]?;
        Some(s.value(i, x, no_deal.m[i]) - (1.0 - relief) * s.running_cost(i))
    };
    let outside = |agreed: &Agreed, side: usize| {
        let i = s.negotiator[side]?;
        Some(match agreed {
            Some((_, x)) => s.utility(i, x) - s.running_cost(i),
            None => no_deal.m[i],
        })
    };
    let more = |a: Option<f64>, b: Option<f64>| a.zip(b).is_some_and(|(a, b)| a > b + TOLERANCE);
    for side in &partial.sides {
        scope.insiders = partial.sides.iter().copied().filter(|k| k != side).collect();
        let others = self::agreed(solver, &s, &no_deal, &scope);
        odds.leaves.push(more(outside(&others, *side), inside(&odds.agreed, *side)));
    }
    for side in (0..case.sides.len()).filter(|k| !partial.sides.contains(k)) {
        scope.insiders = partial.sides.iter().copied().chain([side]).collect();
        scope.insiders.sort_unstable();
        let all = self::agreed(solver, &s, &no_deal, &scope);
        odds.joins.push(more(inside(&all, side), outside(&odds.agreed, side)));
    }
    odds
}

/// What some sides agree in a draw; one alone agrees nothing.
fn agreed(
    solver: &mut Solver<'_>,
    s: &Situation,
    no_deal: &NoDeal,
    scope: &PartialScope,
) -> Agreed {
    if scope.insiders.len() < 2 {
        return None;
    }
    let (own, without) = among(s, no_deal, scope);
    let found = solver.deal_of(&own, &without);
    Some((found.room?, found.terms.get(..s.issues())?.to_vec()))
}

/// The draws added up.
fn told(case: &Case, partial: &PartialDeal, odds: &[DrawOdds]) -> PartialOdds {
    let n = odds.len().max(1) as f64;
    let with: Vec<&DrawOdds> = odds.iter().filter(|o| o.agreed.is_some()).collect();
    let open = with.len().max(1) as f64;
    let share =
        |of: &dyn Fn(&DrawOdds) -> bool| with.iter().filter(|o| of(o)).count() as f64 / open;
    let side = |k: &usize| case.sides[*k].id.clone();
    let all = partial.sides.len() == case.sides.len() || with.is_empty();
    let out: Vec<usize> = (0..case.sides.len()).filter(|k| !partial.sides.contains(k)).collect();
    let odds_of = |sides: &[usize], of: &dyn Fn(&DrawOdds, usize) -> bool| -> Vec<SideOdds> {
        let one = |(k, id): (usize, &usize)| SideOdds { side: side(id), p: share(&|o| of(o, k)) };
        sides.iter().filter(|_| !all).enumerate().map(one).collect()
    };
    let terms =
        partial.issues.iter().filter(|j| !case.issues[**j].is_unordered()).filter_map(|j| {
            let mut places = Histogram::default();
            let at = with.iter().filter_map(|o| o.agreed.as_ref()).map(|(_, x)| x[*j]);
            at.for_each(|x| places.add(x, 1.0));
            let q = |p| places.quantile(p).map(|x| case.issues[*j].in_units(x));
            let issue = case.issues[*j].id.clone();
            Some(PartialTerms { issue, quantiles: [q(0.05)?, q(0.5)?, q(0.95)?] })
        });
    let quiet = |o: &DrawOdds| !o.leaves.iter().chain(&o.joins).any(|rather| *rather);
    PartialOdds {
        partial: partial.id.clone(),
        issues: partial.issues.iter().map(|j| case.issues[*j].id.clone()).collect(),
        sides: partial.sides.iter().map(side).collect(),
        zone: with.len() as f64 / n,
        beyond: odds.iter().filter(|o| o.beyond).count() as f64 / n,
        room: with.iter().filter_map(|o| o.agreed.as_ref()).map(|(room, _)| room).sum::<f64>()
            / open,
        terms: terms.collect(),
        stable: (!all).then(|| share(&quiet)),
        leaves: odds_of(&partial.sides, &|o, k| o.leaves[k]),
        joins: odds_of(&out, &|o, k| o.joins[k]),
    }
}

/// A trade over all sides at once.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Trade {
    /// What it moves.
    pub moves: Vec<TradeMove>,
    /// Share of draws in which every negotiator gains by it.
    pub wanted: f64,
    /// What each side's negotiator gains on average where all do, points of utility, in the order of the
    /// file.
    pub gains: Vec<f64>,
}

/// One issue of a trade.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TradeMove {
    /// The issue.
    pub issue: String,
    /// By how much it moves, in its units: ten points of the scale, up or down.
    pub by: f64,
}

/// What a trade moves an issue by.
const STEP: i32 = UNIT / 10;

/// The most issues a trade moves.
const MOST_MOVED: usize = 3;

/// The `best` trades over all sides, on the first `draws` draws: moves of up to three issues with a scale by
/// ten points each, from the middle of all negotiators' ideals, by which every negotiator gains.
///
/// # Model
/// By how often all gain, times what they gain together where they do. Of trades that gain the same the one
/// of fewer moves is first. Nothing is ratified here: these are directions, for any number of sides at once,
/// where [`deals`](super::deals()) looks at pairs.
///
/// # Reference
/// Ehtamo, Kettunen & Hämäläinen 2001, "Searching for joint gains in multi-party negotiations", European
/// Journal of Operational Research 130(1), 54–69.
///
/// # Errors
/// `None` if it was stopped before the last draw.
pub fn trades(
    case: &Case,
    seed: u64,
    draws: u64,
    best: usize,
    effort: Effort<'_>,
) -> Option<Vec<Trade>> {
    let frame = Frame::new(case);
    let known = directions(&case.ordered_issues().map(|(j, _)| j).collect::<Vec<_>>());
    let block = |solver: &mut Solver<'_>, draws: Range<u64>| {
        let mut found: Vec<(usize, Vec<f64>)> = Vec::new();
        for draw in draws {
            solver.draw(seed, draw);
            solver.prepare();
            let s = &solver.now.situation;
            let gains = known.iter().map(|moves| gains(s, moves)).enumerate();
            found.extend(gains.filter_map(|(k, gains)| Some((k, gains?))));
        }
        found
    };
    let mut sums: Vec<(u64, Vec<f64>)> = vec![(0, vec![0.0; case.sides.len()]); known.len()];
    let begin = || Solver::new(&frame);
    let done = in_order(0..draws, BLOCK, effort, begin, block, |found: Vec<(usize, Vec<f64>)>| {
        for (k, gains) in found {
            sums[k].0 += 1;
            sums[k].1.iter_mut().zip(gains).for_each(|(sum, g)| *sum += g);
        }
    });
    if done != draws {
        return None;
    }
    let mut order: Vec<usize> = (0..known.len()).filter(|k| sums[*k].0 > 0).collect();
    let joint = |k: &usize| sums[*k].1.iter().sum::<f64>();
    order.sort_by(|a, b| joint(b).total_cmp(&joint(a)).then(known[*a].len().cmp(&known[*b].len())));
    order.truncate(best);
    let told = |k: usize| {
        let width = |j: usize| case.issues[j].scale.1 - case.issues[j].scale.0;
        let by = |x: i32, j: usize| f64::from(x) / f64::from(UNIT) * width(j);
        let one =
            |(j, x): &(usize, i32)| TradeMove { issue: case.issues[*j].id.clone(), by: by(*x, *j) };
        Trade {
            moves: known[k].iter().map(one).collect(),
            wanted: sums[k].0 as f64 / draws.max(1) as f64,
            gains: sums[k].1.iter().map(|sum| 100.0 * sum / sums[k].0 as f64).collect(),
        }
    };
    Some(order.into_iter().map(told).collect())
}

/// Every way to move up to three of some issues by a step, fewest first.
fn directions(issues: &[usize]) -> Vec<Vec<(usize, i32)>> {
    let mut all: Vec<Vec<(usize, i32)>> = vec![Vec::new()];
    let mut from = 0;
    for _ in 0..MOST_MOVED {
        let upto = all.len();
        for k in from..upto {
            let after = all[k].last().map_or(0, |(j, _)| j + 1);
            for j in issues.iter().filter(|j| **j >= after) {
                for way in [STEP, -STEP] {
                    let mut longer = all[k].clone();
                    longer.push((*j, way));
                    all.push(longer);
                }
            }
        }
        from = upto;
    }
    all.remove(0);
    all
}

/// What every side's negotiator gains by some moves from the middle; `None` unless all do.
fn gains(s: &Situation, moves: &[(usize, i32)]) -> Option<Vec<f64>> {
    let issues = s.issues();
    let table: Option<Vec<usize>> = s.negotiator.iter().copied().collect();
    let table = table?;
    let middle = |j: usize| {
        let sum: i64 = table.iter().map(|i| i64::from(s.ideal[i * issues + j])).sum();
        (sum / table.len().max(1) as i64) as i32
    };
    let start: Vec<i32> = (0..issues).map(middle).collect();
    let mut x = start.clone();
    moves.iter().for_each(|(j, by)| x[*j] = (x[*j] + by).clamp(0, UNIT));
    let gains: Vec<f64> = table.iter().map(|i| s.utility(*i, &x) - s.utility(*i, &start)).collect();
    gains.iter().all(|g| *g > 0.0).then_some(gains)
}
