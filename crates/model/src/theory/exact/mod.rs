//! Packages exactly: no grid, no enumeration.
//!
//! # Model
//! A package is x ∈ [0, 1]^J; member i accepts it inside the box B_i of its red lines where its gain
//! `g_i(x) = v_i(x) − m_i ≥ 0` (utility flows: 1 = the whole agenda). With α = 1 and the risk of
//! reneging ρ fixed, `g_i = φ(u_i − m_i) − (1 − φ)κ_i` is concave and, issue by issue, piecewise
//! linear. What a coalition C accepts is therefore convex, `{x ∈ ∩_C B_i : g_i(x) ≥ 0 for i ∈ C}`,
//! and what a side ratifies is the union of it over the coalitions that its rule lets pass.
//!
//! - Zone (step 7): is any of these sets, intersected over sides, other than the status quo?
//! - Room (step 8): `max_x min_s g_n(s)(x)` over it; a council's `Σ_i c_i g_i / Σ_i c_i`.
//! - Terms (step 9): `max_x Σ_s ω_s log(v_n(s)(x) − d_n(s))`, or what stands in its place.
//! - Interventions (step 10): the same with a member who accepts, or rejects, everything.
//!
//! Each is a few programs over boxes: branch and bound over members chooses the coalition, a linear
//! program by column generation (`columns`) or steps of Frank & Wolfe (`bargain`) the package.
//! Only the issues that ρ depends on (what secures or verifies a promise) are searched: their nodes, a
//! quarter of the scale apart at most, and then by ever smaller steps to about a tenth of a point. Where
//! there are more than three of them the hazards they make are split instead, with a bound (`coupled`).
//!
//! # Reference
//! Programs: Dantzig & Wolfe 1960 (`dantzig1960`), Frank & Wolfe 1956 (`frank1956`). The
//! reading of ratification as a union of convex sets is this project's. What deviates: with up to
//! three coupled issues the answer is that of a search, not proved to be the best, and with more it is
//! within the gap that is kept with it; positions are rounded to whole
//! millionths at the end, which moves a gain by 2e-6 at most.

mod area;
mod bargain;
mod columns;
mod conflict;
mod coupled;
mod footprint;
mod region;

use std::sync::atomic::{AtomicBool, Ordering};

use super::grid::{Constraint, GridSolution, SearchGap, TermsRule};
use super::situation::Situation;
use super::threat::NoDeal;
use super::{TOLERANCE, UNIT};
use area::{Area, area_of, coupled_issues, nodes};
use bargain::{Found, Goal};
use columns::{ProgramRow, Simplex};
pub use footprint::Footprint;
use region::{Functions, Region};

/// The exact solver's workspace.
pub struct Exact<'s> {
    /// Set from outside to break off what is being sought.
    stop: Option<&'s AtomicBool>,
    /// Whether something was: no later answer is one.
    broken_off: bool,
    /// Nodes after which the search over members ends with the best so far; a handful are usual.
    most_nodes: usize,
    programs: Programs,
    rows: Vec<ProgramRow>,
    start: Vec<f64>,
    /// Whether a search ended without an answer that there may be.
    missed: bool,
    /// How far the best may lie above the last answer.
    gap: f64,
    /// How far the last room may fall short.
    short: SearchGap,
    /// What the last answer was read from, while it is recorded.
    footprint: Option<Footprint>,
    /// Members without whose constraints the last search over members would have gone otherwise.
    mattered: u64,
}

/// The programs of one box, each with the basis it ended with.
#[derive(Default)]
struct Programs {
    /// What all constraints like best.
    first: Simplex,
    /// The smallest of several gains.
    together: Simplex,
    /// Gains weighed apart.
    apart: Simplex,
}

impl Programs {
    /// Another box is looked at.
    fn forget(&mut self) {
        [&mut self.first, &mut self.together, &mut self.apart]
            .into_iter()
            .for_each(Simplex::forget);
    }
}

impl Default for Exact<'_> {
    fn default() -> Self {
        Self {
            stop: None,
            broken_off: false,
            most_nodes: 20_000,
            programs: Programs::default(),
            rows: Vec::new(),
            start: Vec::new(),
            missed: false,
            gap: 0.0,
            short: SearchGap::default(),
            footprint: None,
            mattered: 0,
        }
    }
}

/// A draw, ready to be asked about.
struct Draw<'a> {
    s: &'a Situation,
    no_deal: &'a NoDeal,
    functions: Functions,
    region: Region<'a>,
    /// The same with the coupled issues relaxed, where they are too many to search.
    relaxed: Option<Region<'a>>,
    /// Issues that the risk of reneging depends on, and their nodes.
    coupled: Vec<usize>,
    nodes: Option<Vec<Vec<i32>>>,
    /// Where the coupled issues were in the last answer: the next search starts there.
    hint: Option<Vec<f64>>,
    /// The constraints that count, where not all do.
    only: Option<Vec<Constraint>>,
}

/// Members who count differently than their preferences say: the interventions of step 10.
#[derive(Clone, Copy, Default)]
struct Forced {
    /// Accept everything.
    free: u64,
    /// Reject everything.
    out: u64,
}

impl<'s> Exact<'s> {
    /// A solver that breaks off what it seeks once `stop` is set.
    pub fn until(stop: &'s AtomicBool) -> Self {
        Self { stop: Some(stop), ..Self::default() }
    }

    /// Whether something was broken off: nothing that was answered since counts.
    pub fn broken_off(&self) -> bool {
        self.broken_off
    }

    /// Whether to break off here.
    fn stopped(&mut self) -> bool {
        self.broken_off |= self.stop.is_some_and(|stop| stop.load(Ordering::Relaxed));
        self.broken_off
    }

    /// Steps 7–10 but for the conflicts.
    pub fn solve(&mut self, s: &Situation, no_deal: &NoDeal) -> GridSolution {
        let mut draw = Draw::new(s, no_deal);
        self.footprint = Some(Footprint::default());
        let n = s.members();
        let mut out =
            GridSolution { block: vec![false; n], walk: vec![false; n], ..GridSolution::default() };
        let levels = vec![0.0; draw.functions.list.len()];
        let goal = Goal::Feasible { levels: &levels };
        out.gap.split = draw.relaxed.is_some();
        let Some(witness) = self.best(&mut draw, &goal, Forced::default()).pop() else {
            out.gap.missed = self.missed;
            let read = self.footprint.take();
            let mattered = self.mattered;
            for i in (0..n).filter(|i| mattered >> i & 1 == 1) {
                let forced = Forced { free: 1 << i, out: 0 };
                if let Some(found) = self.best(&mut draw, &goal, forced).pop() {
                    out.block[i] = true;
                    draw.hint = Some(found.at);
                }
            }
            self.close(read, &draw);
            return out;
        };
        draw.hint = Some(witness.at.clone());
        let accepts = draw.accepts(&whole(&witness.x), s.everybody());
        let read = self.footprint.take();
        for i in 0..n {
            out.walk[i] = s.negotiator.contains(&Some(i)) || {
                let forced = Forced { free: 0, out: 1 << i };
                !s.all_ratify(accepts & !(1 << i)) && self.best(&mut draw, &goal, forced).is_empty()
            };
        }
        self.footprint = read;
        self.terms(&mut draw, &mut out);
        let read = self.footprint.take();
        self.close(read, &draw);
        out
    }

    /// Ends the record of what an answer was read from.
    fn close(&mut self, read: Option<Footprint>, draw: &Draw<'_>) {
        self.footprint = read.map(|mut read| {
            read.close(draw.s, draw.no_deal);
            read
        });
    }

    /// What the last answer was read from but for who blocks; none where it was broken off.
    pub fn footprint(&mut self) -> Option<Footprint> {
        self.footprint.take().filter(|_| !self.broken_off)
    }

    /// Room and terms (steps 8 and 9), without who blocks.
    pub fn deal(&mut self, s: &Situation, no_deal: &NoDeal) -> GridSolution {
        let mut draw = Draw::new(s, no_deal);
        self.footprint = Some(Footprint::default());
        let mut out = GridSolution::default();
        out.gap.split = draw.relaxed.is_some();
        let levels = vec![0.0; draw.functions.list.len()];
        let goal = Goal::Feasible { levels: &levels };
        if let Some(witness) = self.best(&mut draw, &goal, Forced::default()).pop() {
            draw.hint = Some(witness.at);
            self.terms(&mut draw, &mut out);
        } else {
            out.gap.missed = self.missed;
        }
        let read = self.footprint.take();
        self.close(read, &draw);
        out
    }

    /// Room alone (step 8); none where no package is ratified on every side.
    pub fn room(&mut self, s: &Situation, no_deal: &NoDeal) -> Option<f64> {
        let mut draw = Draw::new(s, no_deal);
        self.footprint = Some(Footprint::default());
        let room = self.room_of(&mut draw);
        let read = self.footprint.take();
        self.close(read, &draw);
        room
    }

    fn room_of(&mut self, draw: &mut Draw<'_>) -> Option<f64> {
        let levels = vec![0.0; draw.functions.list.len()];
        let goal = Goal::Feasible { levels: &levels };
        let split = draw.relaxed.is_some();
        let witness = self.best(draw, &goal, Forced::default()).pop();
        self.short = SearchGap { split, missed: self.missed, ..SearchGap::default() };
        draw.hint = Some(witness?.at);
        let room = self.roomiest(draw).first().map(|f| f.value);
        self.short = SearchGap { split, room: self.gap, ..SearchGap::default() };
        room
    }

    /// How far the last [`Self::room`] may fall short.
    pub fn short(&self) -> SearchGap {
        self.short
    }

    /// The packages with the most room: for the negotiator who gains least, or for the members of a
    /// council on average.
    fn roomiest(&mut self, draw: &mut Draw<'_>) -> Vec<Found> {
        let s = draw.s;
        let levels = vec![0.0; draw.functions.list.len()];
        let negotiators: Vec<usize> = s.negotiator.iter().flatten().copied().collect();
        if !negotiators.is_empty() {
            let goal = Goal::Smallest { members: &negotiators, levels: &levels };
            return self.best(draw, &goal, Forced::default());
        }
        if let Some(read) = &mut self.footprint {
            read.counts_in(s.everybody());
            read.weighs();
        }
        let all: f64 = s.capability.iter().map(|c| *c as f64).sum();
        let share = |c: &i64| if all > 0.0 { *c as f64 / all } else { 0.0 };
        let shares: Vec<f64> = s.capability.iter().map(share).collect();
        let members: Vec<usize> = (0..s.members()).collect();
        let goal = Goal::Sum { members: &members, shares: &shares, levels: &levels };
        self.best(draw, &goal, Forced::default())
    }

    /// Whether some package is ratified on every side.
    pub fn has_zone(&mut self, s: &Situation, no_deal: &NoDeal) -> bool {
        self.has_zone_near(s, no_deal, &mut None)
    }

    /// The same of one of several situations alike: where the coupled issues were in a zone is where they are
    /// looked for first in the next.
    pub fn has_zone_near(
        &mut self,
        s: &Situation,
        no_deal: &NoDeal,
        near: &mut Option<Vec<f64>>,
    ) -> bool {
        self.footprint = None;
        let mut draw = Draw::new(s, no_deal);
        draw.hint.clone_from(near);
        let levels = vec![0.0; draw.functions.list.len()];
        let goal = Goal::Feasible { levels: &levels };
        let found = self.best(&mut draw, &goal, Forced::default()).pop().map(|found| found.at);
        let has = found.is_some();
        *near = found.or(near.take());
        has
    }

    /// The same where some members (a bit each) accept anything and others reject everything.
    pub fn has_zone_with(&mut self, s: &Situation, no_deal: &NoDeal, free: u64, out: u64) -> bool {
        self.footprint = None;
        let mut draw = Draw::new(s, no_deal);
        let levels = vec![0.0; draw.functions.list.len()];
        let goal = Goal::Feasible { levels: &levels };
        !self.best(&mut draw, &goal, Forced { free, out }).is_empty()
    }

    /// Room and terms (steps 8 and 9) where there is a zone.
    fn terms(&mut self, draw: &mut Draw<'_>, out: &mut GridSolution) {
        let (s, no_deal) = (draw.s, draw.no_deal);
        if let Some(read) = &mut self.footprint {
            read.seeks_terms();
        }
        let nobody = Forced::default();
        let negotiators: Vec<usize> = s.negotiator.iter().flatten().copied().collect();
        let zero: Vec<f64> = vec![0.0; draw.functions.list.len()];
        let packages = |best: &[Found]| best.iter().flat_map(|f| whole(&f.x)).collect();
        let roomiest = self.roomiest(draw);
        out.gap.room = self.gap;
        out.room = roomiest.first().map(|f| f.value);
        if negotiators.is_empty() {
            out.above_threat = true;
            out.rule = Some(TermsRule::Council);
            out.terms = packages(&roomiest);
            return;
        }
        draw.hint = roomiest.first().map(|f| f.at.clone());
        // Above its threat point: each negotiator's gain is at least what its reservation lacks.
        let lacking: Vec<f64> = negotiators.iter().map(|i| no_deal.d[*i] - no_deal.m[*i]).collect();
        let mut raised = zero.clone();
        for (i, lacks) in negotiators.iter().zip(&lacking) {
            for f in &draw.functions.of[*i] {
                raised[*f] = raised[*f].max(*lacks);
            }
        }
        let exponents = s.nash_exponents();
        let exponents: Vec<f64> = negotiators.iter().map(|i| exponents[s.side[*i]]).collect();
        let goal = Goal::Nash {
            members: &negotiators,
            lacking: &lacking,
            exponents: &exponents,
            levels: &raised,
        };
        let best = self.best(draw, &goal, nobody);
        let gap = self.gap;
        out.above_threat = !best.is_empty();
        match best.first() {
            None => {
                let target = no_deal.credible.map_or(0, |f| s.options[f].target);
                let member = s.negotiator[target].unwrap_or(negotiators[0]);
                let goal = Goal::Sum { members: &[member], shares: &[1.0], levels: &zero };
                out.rule = Some(TermsRule::DealMeOut);
                out.terms = packages(&self.best(draw, &goal, nobody));
            }
            Some(f) if f.value > f64::MIN => {
                out.gap.product = 1.0 - libm::exp(-gap);
                out.rule = Some(TermsRule::Nash);
                out.nash_value = Some(libm::exp(f.value));
                out.terms = packages(&best);
            }
            Some(_) => {
                out.rule = Some(TermsRule::Leximin);
                out.nash_value = Some(0.0);
                out.terms = self.leximin(draw, &negotiators, &lacking, &raised);
            }
        }
    }

    /// The largest smallest gain above the threat points, then the next, until none can rise.
    fn leximin(
        &mut self,
        draw: &mut Draw<'_>,
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
            let mut least: Option<(f64, usize, Found)> = None;
            for k in &free {
                let members = [negotiators[*k]];
                let goal = Goal::Sum { members: &members, shares: &[1.0], levels: &levels };
                if let Some(top) = self.best(draw, &goal, Forced::default()).into_iter().next() {
                    let gain = top.value - lacking[*k];
                    if least.as_ref().is_none_or(|(g, _, _)| gain < *g) {
                        least = Some((gain, *k, top));
                    }
                }
            }
            let Some((_, k, top)) = least else { break };
            x = whole(&top.x);
            for f in &draw.functions.of[negotiators[k]] {
                levels[*f] = levels[*f].max(top.value - TOLERANCE);
            }
            free.retain(|other| *other != k);
        }
        x
    }

    /// The best packages every side ratifies, ties once each; empty if there is none.
    ///
    /// Branch and bound over members: with only the negotiators' own constraints the answer is a
    /// bound, and mostly it is ratified as it stands. Where some side would not, one of its members
    /// who rejects it either must accept (its constraints join) or is counted out. Boxes rule out
    /// most of the tree: whose red lines leave nothing of a branch's area rejects all of it.
    fn best(&mut self, draw: &mut Draw<'_>, goal: &Goal<'_>, forced: Forced) -> Vec<Found> {
        let s = draw.s;
        let negotiators = s.negotiator.iter().flatten().fold(0u64, |mask, i| mask | 1 << i);
        let everybody = s.everybody();
        if negotiators & forced.out != 0 {
            return Vec::new();
        }
        let any = matches!(goal, Goal::Feasible { .. });
        let mut found: Vec<Found> = Vec::new();
        let root =
            Branch { inside: negotiators, outside: forced.out, known: None, bound: f64::MAX };
        let mut open = vec![root];
        let mut nodes = 0;
        let mut bound = f64::NEG_INFINITY;
        (self.missed, self.gap, self.mattered) = (false, 0.0, 0);
        while let Some(Branch { inside, outside, known, bound: most }) = open.pop() {
            nodes += 1;
            if self.stopped() {
                return Vec::new();
            }
            if nodes > self.most_nodes {
                // What is left unseen holds no more than what it was cut from.
                bound = open.iter().map(|branch| branch.bound).fold(bound.max(most), f64::max);
                self.missed |= found.is_empty();
                self.mattered = everybody;
                break;
            }
            self.mattered |= inside;
            if !self.may_ratify(s, everybody & !outside) {
                continue;
            }
            let area = draw.area(inside & !forced.free);
            let others = everybody & !(inside | outside | forced.free);
            if self.rules_out(draw, (&area, inside), [others, outside]) {
                continue;
            }
            let answer = match known {
                Some(answer) => answer,
                None => match self.search(draw, &area, goal) {
                    Some(answer) => answer,
                    None => continue,
                },
            };
            if (any && answer.value < -TOLERANCE)
                || found.first().is_some_and(|f| answer.value < f.value - NEAR)
            {
                bound = bound.max(answer.bound);
                continue;
            }
            let must = inside | forced.free;
            let (accepts, rejects) = self.ratified_by(draw, &answer, [must, outside]);
            let Some(side) = rejects else {
                if any {
                    let mut answer = answer;
                    answer.accepted = accepts;
                    return vec![answer];
                }
                bound = bound.max(answer.bound);
                if found.first().is_none_or(|f| answer.value > f.value + NEAR) {
                    found.clear();
                }
                // The same package found twice differs by rounding alone.
                let near = |f: &Found| f.x.iter().zip(&answer.x).all(|(a, b)| (a - b).abs() < 1e-5);
                if !found.iter().any(near) {
                    found.push(answer);
                }
                continue;
            };
            // The heaviest of those who reject: counting it out soonest rules the rest in or out.
            let rejects = |i: &usize| (accepts | outside) >> *i & 1 == 0;
            let pivot =
                s.players(side).into_iter().filter(rejects).max_by_key(|i| s.capability[*i]);
            let Some(i) = pivot else { continue };
            let most = answer.bound;
            let without =
                Branch { outside: outside | 1 << i, inside, known: Some(answer), bound: most };
            open.push(without);
            open.push(Branch { inside: inside | 1 << i, outside, known: None, bound: most });
        }
        self.gap = found.first().map_or(0.0, |f| (bound - f.value).max(0.0));
        found
    }

    /// Whether every side ratifies where some accept.
    fn may_ratify(&mut self, s: &Situation, accepts: u64) -> bool {
        let found = s.all_ratify(accepts);
        if let Some(read) = &mut self.footprint {
            read.ratified(accepts, found);
        }
        found
    }

    /// Whether the red lines of `others` rule out an area that those inside leave.
    fn rules_out(
        &mut self,
        draw: &Draw<'_>,
        (area, inside): (&Area, u64),
        [others, outside]: [u64; 2],
    ) -> bool {
        let s = draw.s;
        let out = excluded(s, [&area.lo, &area.hi], others, |c| draw.counts(c));
        let found = out != 0 && !s.all_ratify(s.everybody() & !(outside | out));
        self.mattered |= if found { out } else { 0 };
        if let Some(read) = &mut self.footprint {
            read.counts_in(inside);
            read.excluded([&area.lo, &area.hi], [others, outside], found);
        }
        found
    }

    /// Who accepts an answer, those who must and without those counted out, and the first side that does not
    /// ratify it.
    fn ratified_by(
        &mut self,
        draw: &Draw<'_>,
        answer: &Found,
        [must, outside]: [u64; 2],
    ) -> (u64, Option<usize>) {
        let s = draw.s;
        let place = whole(&answer.x);
        let asked = s.everybody() & !(must | outside);
        let accepts = draw.accepts(&place, asked) | must & !outside;
        let rejects = (0..s.rules.len()).find(|k| !s.ratifies(*k, accepts));
        self.mattered |= s.everybody() & !accepts;
        if let Some(read) = &mut self.footprint {
            read.package(place, [must, outside, accepts], rejects);
        }
        (accepts, rejects)
    }
}

/// A node of the search over members.
struct Branch {
    /// Who must accept.
    inside: u64,
    /// Who is counted out.
    outside: u64,
    /// The answer, where the constraints are those of the parent.
    known: Option<Found>,
    /// No answer within is larger.
    bound: f64,
}

/// Answers this close are tied.
const NEAR: f64 = 1e-10;

impl<'a> Draw<'a> {
    fn new(s: &'a Situation, no_deal: &'a NoDeal) -> Self {
        let coupled = coupled_issues(s);
        let functions = Functions::new(s, no_deal);
        let region = Region::new(s, no_deal, &functions, &coupled);
        // The hazards that are split are those of promises that end a deal for good.
        let lasting = s.promises.iter().all(|p| !p.once && p.ends == 0.0);
        let many = coupled.len() > coupled::SEARCHED && lasting;
        let relaxed = many.then(|| Region::relaxed(s, no_deal, &functions));
        let (nodes, hint, only) = (None, None, None);
        Self { s, no_deal, functions, region, relaxed, coupled, nodes, hint, only }
    }

    /// The area that some members leave.
    fn area(&self, members: u64) -> Area {
        let each = (0..self.s.members()).filter(|i| members >> i & 1 == 1);
        let line = |i, j, minimum| {
            self.counts(if minimum { Constraint::RedMin(i, j) } else { Constraint::RedMax(i, j) })
        };
        let of = |i| match self.counts(Constraint::Participation(i)) {
            true => self.functions.of[i].as_slice(),
            false => &[],
        };
        area_of(self.s, each, line, of)
    }

    /// Whether a constraint counts: all do unless only some are looked at.
    fn counts(&self, c: Constraint) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(&c))
    }

    /// Who of some members accepts a package.
    fn accepts(&self, place: &[i32], asked: u64) -> u64 {
        accepting((self.s, self.no_deal), place, asked, |c| self.counts(c))
    }

    /// Positions of each coupled issue at which some function bends.
    fn landmarks(&mut self) -> &[Vec<i32>] {
        let s = self.s;
        self.nodes.get_or_insert_with(|| self.coupled.iter().map(|j| nodes(s, *j)).collect())
    }
}

/// Which of some members accept nothing in a box, for their red lines leave none of it.
fn excluded(
    s: &Situation,
    [lo, hi]: [&[i32]; 2],
    members: u64,
    counts: impl Fn(Constraint) -> bool,
) -> u64 {
    let issues = s.issues();
    let crosses = |i: usize, j: usize| {
        let k = i * issues + j;
        (s.red_min[k] > hi[j] && counts(Constraint::RedMin(i, j)))
            || (s.red_max[k] < lo[j] && counts(Constraint::RedMax(i, j)))
    };
    (0..s.members())
        .filter(|i| members >> i & 1 == 1 && (0..issues).any(|j| crosses(*i, j)))
        .fold(0, |mask, i| mask | 1 << i)
}

/// Which of some members accept a package.
fn accepting(
    (s, no_deal): (&Situation, &NoDeal),
    place: &[i32],
    asked: u64,
    counts: impl Fn(Constraint) -> bool,
) -> u64 {
    let mut mask = 0;
    let issues = s.issues();
    for i in (0..s.members()).filter(|i| asked >> i & 1 == 1) {
        let inside = (0..issues).all(|j| {
            let k = i * issues + j;
            let above = s.red_min[k] <= place[j] || !counts(Constraint::RedMin(i, j));
            above && (s.red_max[k] >= place[j] || !counts(Constraint::RedMax(i, j)))
        });
        let gains = || s.value(i, place, no_deal.m[i]) - no_deal.least(i);
        // Rounding to millionths moves a gain by that much at most.
        if inside && (!counts(Constraint::Participation(i)) || gains() >= -TOLERANCE - 2e-6) {
            mask |= 1 << i;
        }
    }
    mask
}

/// A package in whole millionths.
fn whole(x: &[f64]) -> Vec<i32> {
    x.iter().map(|x| millionths(*x)).collect()
}

fn millionths(x: f64) -> i32 {
    (x * f64::from(UNIT)).round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Rule;
    use crate::theory::situation::NO_DEMAND;
    use crate::uncertain::{Stream, uniform};

    /// Two sides of sixteen members each, of whom half must agree; each has red lines of its own on
    /// two issues.
    fn crowd(draw: u64) -> Situation {
        let (n, issues) = (32, 2);
        let mut s = Situation { alpha: 1.0, quo: vec![UNIT / 2; issues], ..Situation::default() };
        for side in 0..2 {
            s.rules.push(Rule::Percent(50.0, (0..n).filter(|i| i % 2 == side).collect()));
            s.negotiator.push(Some(side));
            s.discount.push(0.1);
            s.cost.push(0.1);
        }
        let stream = Stream::of("crowd");
        for i in 0..n {
            let at = |k: u64, lo: f64, hi: f64| {
                let x = uniform(draw, 8 * i as u64 + k, stream);
                ((lo + (hi - lo) * x) * f64::from(UNIT)).round() as i32
            };
            s.side.push(i % 2);
            s.capability.push(i64::from(at(0, 10.0, 90.0)));
            s.weight.extend([0.5; 2]);
            s.audience.push(0.0);
            for j in 0..2 {
                let (ideal, line) = (at(1 + j, 0.0, 0.3), at(3 + j, 0.35, 0.75));
                let low = i % 2 == 0;
                s.ideal.push(if low { ideal } else { UNIT - ideal });
                s.red_max.push(if low { line } else { i32::MAX });
                s.red_min.push(if low { i32::MIN } else { UNIT - line });
                s.demand.push(NO_DEMAND);
            }
        }
        s
    }

    #[test]
    fn a_search_over_members_that_is_ended_says_what_it_leaves_open() {
        let (mut ended, mut missed) = (0, 0);
        for draw in 0..60 {
            let s = crowd(draw);
            let mut no_deal = NoDeal::default();
            s.no_deal(&mut no_deal);
            let whole = Exact::default().solve(&s, &no_deal);
            assert!(!whole.gap.missed && whole.gap.room == 0.0, "{draw}");
            for most_nodes in [1, 2, 4] {
                let few = Exact { most_nodes, ..Exact::default() }.solve(&s, &no_deal);
                match (whole.room, few.room) {
                    (Some(room), Some(found)) => {
                        assert!(found <= room + 1e-9 && room <= found + few.gap.room + 1e-9);
                    }
                    (Some(_), None) => assert!(few.gap.missed, "{draw}"),
                    (None, found) => assert_eq!(found, None, "{draw}"),
                }
                ended += usize::from(few.gap.room > 0.0);
                missed += usize::from(few.gap.missed);
            }
        }
        assert!(ended > 0 && missed > 0, "{ended} {missed}");
    }

    #[test]
    fn who_blocks_is_who_opens_the_zone_by_accepting_everything() {
        let (mut blocking, mut idle) = (0, 0);
        let mut exact = Exact::default();
        for draw in 0..60 {
            let s = crowd(draw);
            let mut no_deal = NoDeal::default();
            s.no_deal(&mut no_deal);
            let whole = exact.solve(&s, &no_deal);
            for i in (0..s.members()).filter(|_| whole.room.is_none()) {
                let opens = exact.has_zone_with(&s, &no_deal, 1 << i, 0);
                assert_eq!(whole.block[i], opens, "{draw} {i}");
                blocking += usize::from(opens);
                idle += usize::from(!opens);
            }
        }
        assert!(blocking > 0 && idle > 0, "{blocking} {idle}");
    }

    #[test]
    fn what_is_broken_off_is_no_answer() {
        let stop = AtomicBool::new(false);
        let mut exact = Exact::until(&stop);
        let mut no_deal = NoDeal::default();
        let open = (0..60).map(crowd).find(|s| {
            s.no_deal(&mut no_deal);
            exact.solve(s, &no_deal).room.is_some()
        });
        assert!(!exact.broken_off());
        stop.store(true, Ordering::Relaxed);
        let found = exact.solve(&open.expect("a draw with a zone"), &no_deal);
        assert!(found.room.is_none() && exact.broken_off());
    }
}
