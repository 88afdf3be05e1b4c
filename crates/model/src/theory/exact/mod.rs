//! Packages exactly: no grid, no enumeration.
//!
//! With α = 1 every gain is piecewise linear and concave, issue by issue, once the risk of reneging
//! is fixed; a coalition's win-set is a box (its red lines) cut by its members' participation; a
//! side's win-set is the union over its minimal winning coalitions. So zone, room, terms and
//! interventions are a few linear programs over small boxes ([`columns`]). Only the issues that
//! risk depends on (what secures or verifies a promise) are searched: their nodes, ten points
//! apart at most, and then by halving steps to a fifth of a point.

mod area;
mod bargain;
mod columns;
mod conflict;
mod region;

use super::grid::{Solution, TermsRule};
use super::situation::Situation;
use super::threat::NoDeal;
use super::{TOLERANCE, UNIT};
use area::{Area, Areas};
use bargain::{Found, Goal};
use columns::Simplex;
use region::{Functions, Region};

/// The exact solver's workspace.
#[derive(Default)]
pub struct Exact {
    simplex: Simplex,
}

/// A draw, ready to be asked about.
struct Draw<'a> {
    s: &'a Situation,
    no_deal: &'a NoDeal,
    functions: Functions,
    areas: Areas,
    region: Region<'a>,
    /// Issues that the risk of reneging depends on.
    coupled: Vec<usize>,
}

impl Exact {
    /// Steps 7–10 but for the conflicts.
    pub fn solve(&mut self, s: &Situation, no_deal: &NoDeal) -> Solution {
        let mut draw = Draw::new(s, no_deal);
        let n = s.members();
        let mut out = Solution { block: vec![false; n], walk: vec![false; n], ..Solution::default() };
        let levels = vec![0.0; draw.functions.list.len()];
        let areas = draw.areas.with(s, &draw.functions, |_| true, 0);
        let mut witness = None;
        let open: Vec<Area> = areas
            .into_iter()
            .filter(|area| {
                let found = self.search(&mut draw, area, &Goal::Feasible { levels: &levels });
                let feasible = found.as_ref().is_some_and(|f| f.value >= -TOLERANCE);
                if feasible && witness.is_none() {
                    witness = found.map(|f| f.x);
                }
                feasible
            })
            .collect();
        let Some(witness) = witness else {
            for i in 0..n {
                out.block[i] = self.opens(&mut draw, |_| true, 1 << i);
            }
            return out;
        };
        let x = whole(&witness);
        let accepts = (0..n)
            .filter(|i| s.accepts(*i, &x, no_deal.m[*i]))
            .fold(0u64, |mask, i| mask | 1 << i);
        for i in 0..n {
            let without = accepts & !(1 << i);
            out.walk[i] =
                !s.all_ratify(without) && !self.opens(&mut draw, |coalition| coalition >> i & 1 == 0, 0);
        }
        self.terms(&mut draw, &open, &mut out);
        out
    }

    /// Whether some package is ratified by a coalition that `allowed` lets through, when the
    /// members in `free` accept everything.
    fn opens(&mut self, draw: &mut Draw<'_>, allowed: impl Fn(u64) -> bool, free: u64) -> bool {
        let levels = vec![0.0; draw.functions.list.len()];
        let areas = draw.areas.with(draw.s, &draw.functions, allowed, free);
        areas.iter().any(|area| {
            self.search(draw, area, &Goal::Feasible { levels: &levels })
                .is_some_and(|f| f.value >= -TOLERANCE)
        })
    }

    /// Room and terms (steps 8 and 9) over the areas that hold a zone.
    fn terms(&mut self, draw: &mut Draw<'_>, open: &[Area], out: &mut Solution) {
        let (s, no_deal) = (draw.s, draw.no_deal);
        let negotiators: Vec<usize> = s.negotiator.iter().flatten().copied().collect();
        let zero = vec![0.0; draw.functions.list.len()];
        if negotiators.is_empty() {
            let all: f64 = s.capability.iter().map(|c| *c as f64).sum();
            let shares: Vec<f64> = s
                .capability
                .iter()
                .map(|c| if all > 0.0 { *c as f64 / all } else { 0.0 })
                .collect();
            let members: Vec<usize> = (0..s.members()).collect();
            let goal = Goal::Sum { members: &members, shares: &shares, levels: &zero };
            let best = self.best(draw, open, &goal);
            out.room = best.first().map(|f| f.value);
            out.above_threat = true;
            out.rule = Some(TermsRule::Council);
            out.terms = best.iter().flat_map(|f| whole(&f.x)).collect();
            return;
        }
        let goal = Goal::Smallest { members: &negotiators, levels: &zero };
        out.room = self.best(draw, open, &goal).first().map(|f| f.value);
        // Above its threat point: each negotiator's gain is at least what its reservation lacks.
        let lacks = |i: usize| no_deal.d[i] - no_deal.m[i];
        let mut raised = zero.clone();
        for i in &negotiators {
            for f in &draw.functions.of[*i] {
                raised[*f] = raised[*f].max(lacks(*i));
            }
        }
        let above: Vec<Area> = open
            .iter()
            .filter(|area| {
                let goal = Goal::Feasible { levels: &raised };
                self.search(draw, area, &goal).is_some_and(|f| f.value >= -TOLERANCE)
            })
            .cloned()
            .collect();
        out.above_threat = !above.is_empty();
        if above.is_empty() {
            let target = no_deal.credible.map_or(0, |f| s.options[f].target);
            let member = s.negotiator[target].unwrap_or(negotiators[0]);
            let goal = Goal::Sum { members: &[member], shares: &[1.0], levels: &zero };
            out.rule = Some(TermsRule::DealMeOut);
            out.terms = self.best(draw, open, &goal).iter().flat_map(|f| whole(&f.x)).collect();
            return;
        }
        let exponents = s.nash_exponents();
        let exponents: Vec<f64> = negotiators.iter().map(|i| exponents[s.side[*i]]).collect();
        let lacking: Vec<f64> = negotiators.iter().map(|i| lacks(*i)).collect();
        let goal = Goal::Nash {
            members: &negotiators,
            lacking: &lacking,
            exponents: &exponents,
            levels: &raised,
        };
        let best = self.best(draw, &above, &goal);
        if best.first().is_some_and(|f| f.value > f64::MIN) {
            out.rule = Some(TermsRule::Nash);
            out.nash_value = best.first().map(|f| libm::exp(f.value));
            out.terms = best.iter().flat_map(|f| whole(&f.x)).collect();
            return;
        }
        out.rule = Some(TermsRule::Leximin);
        out.nash_value = Some(0.0);
        out.terms = self.leximin(draw, &above, &negotiators, &lacking, &raised);
    }

    /// The largest smallest gain above the threat points, then the next, until none can rise.
    fn leximin(
        &mut self,
        draw: &mut Draw<'_>,
        areas: &[Area],
        negotiators: &[usize],
        lacking: &[f64],
        raised: &[f64],
    ) -> Vec<i32> {
        let mut levels = raised.to_vec();
        let mut free: Vec<usize> = (0..negotiators.len()).collect();
        let mut x = Vec::new();
        while !free.is_empty() {
            // In what is left each gain can rise alone to its own largest; the one that can rise
            // least is settled there.
            let tops: Vec<(usize, Vec<Found>)> = free
                .iter()
                .map(|k| {
                    let members = [negotiators[*k]];
                    let goal = Goal::Sum { members: &members, shares: &[1.0], levels: &levels };
                    (*k, self.best(draw, areas, &goal))
                })
                .collect();
            let least = tops.iter().filter_map(|(k, best)| {
                let top = best.first()?;
                Some((top.value - lacking[*k], *k, top))
            });
            let Some((_, k, top)) = least.min_by(|a, b| a.0.total_cmp(&b.0)) else { break };
            x = whole(&top.x);
            for f in &draw.functions.of[negotiators[k]] {
                levels[*f] = levels[*f].max(top.value - TOLERANCE);
            }
            free.retain(|other| *other != k);
        }
        x
    }

    /// The best packages over several areas, ties once each.
    fn best(&mut self, draw: &mut Draw<'_>, areas: &[Area], goal: &Goal<'_>) -> Vec<Found> {
        let mut found: Vec<Found> =
            areas.iter().filter_map(|area| self.search(draw, area, goal)).collect();
        let top = found.iter().map(|f| f.value).fold(f64::MIN, f64::max);
        found.retain(|f| f.value >= top - 1e-10);
        let mut kept: Vec<Found> = Vec::new();
        for f in found {
            // The same package found in two areas differs by rounding alone.
            let near = |k: &Found| k.x.iter().zip(&f.x).all(|(a, b)| (a - b).abs() < 1e-5);
            if !kept.iter().any(near) {
                kept.push(f);
            }
        }
        kept
    }
}

impl<'a> Draw<'a> {
    fn new(s: &'a Situation, no_deal: &'a NoDeal) -> Self {
        let mut coupled: Vec<usize> = s
            .promises
            .iter()
            .filter(|p| p.rate > 0.0)
            .flat_map(|p| [p.secured_by.map(|x| x.0), p.verified_by.map(|x| x.0)])
            .flatten()
            .collect();
        coupled.sort_unstable();
        coupled.dedup();
        let functions = Functions::new(s, no_deal);
        let areas = Areas::new(s);
        let region = Region::new(s, no_deal, &functions, &areas.nodes, &coupled);
        Self { s, no_deal, functions, areas, region, coupled }
    }
}

/// A package in whole millionths.
fn whole(x: &[f64]) -> Vec<i32> {
    x.iter().map(|x| (x * f64::from(UNIT)).round() as i32).collect()
}
