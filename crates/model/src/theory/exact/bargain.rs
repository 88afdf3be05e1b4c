//! What is asked of an area: is anything acceptable, how much room, which terms.
//!
//! # Model
//! Over the packages x of an area, with `g_f` the functions of members (gains, flows of utility) and
//! `b_f` the levels they must reach:
//!
//! - feasible: `max_x min_f (g_f(x) − b_f)`, and whether that is ≥ 0;
//! - smallest: `max_x min_i g_i(x)` over members i, subject to `g_f ≥ b_f`;
//! - sum: `max_x Σ_i c_i g_i(x)`, `c_i ≥ 0`, subject to the same;
//! - Nash: `max_x Σ_s ω_s log(g_s(x) − l_s)`, ω ≥ 0 with sum 1, l what a negotiator's reservation lacks to
//!   its threat point.
//!
//! Coupled issues are held at a position each while a program is solved, and the position is
//! searched: a scan, then steps that shrink by 3 while nothing improves, down to 0.001 of the scale.
//! A position is skipped where the duals of the best answer so far bound what it can give. Beyond three
//! coupled issues `coupled` takes over.
//!
//! # Reference
//! Nash 1950 (`nash1950`); steps towards the best package at current prices: Frank & Wolfe 1956
//! (`frank1956`). What deviates: with two sides both ends of the last segment are kept, so that
//! the search ends on an edge of the frontier in finitely many steps.

use super::area::Area;
use super::columns::{Optimum, Packages, ProgramRow};
use super::coupled::SEARCHED;
use super::region::{Functions, Region};
use super::{Draw, Exact, millionths};
use crate::theory::situation::Situation;
use crate::theory::{TOLERANCE, UNIT};

/// A question about an area. `levels` holds the least gain of every function.
pub(super) enum Goal<'a> {
    /// The largest smallest slack of the area's constraints; anything at or above zero will do.
    Feasible { levels: &'a [f64] },
    /// The largest smallest gain of some members.
    Smallest { members: &'a [usize], levels: &'a [f64] },
    /// The largest weighted sum of gains.
    Sum { members: &'a [usize], shares: &'a [f64], levels: &'a [f64] },
    /// The largest `Σ ω log(gain − lacking)`; `f64::MIN` where some gain cannot be positive.
    Nash { members: &'a [usize], lacking: &'a [f64], exponents: &'a [f64], levels: &'a [f64] },
}

/// An answer, and what bounds the answers nearby: none exceeds `bound(weights) + offset`.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) value: f64,
    pub(super) x: Vec<f64>,
    /// Where the coupled issues were.
    pub(super) at: Vec<f64>,
    /// Who accepts it or must, where that was asked.
    pub(super) accepted: u64,
    /// No answer is larger, where that was proved: else the value.
    pub(super) bound: f64,
    pub(super) weights: Vec<f64>,
    pub(super) offset: f64,
}

/// The members whose gains are wanted.
pub(super) fn members_of<'a>(goal: &Goal<'a>) -> &'a [usize] {
    match goal {
        Goal::Feasible { .. } => &[],
        Goal::Smallest { members, .. } | Goal::Sum { members, .. } | Goal::Nash { members, .. } => {
            members
        }
    }
}

/// The least gain of every function.
pub(super) fn levels_of<'a>(goal: &Goal<'a>) -> &'a [f64] {
    match goal {
        Goal::Feasible { levels }
        | Goal::Smallest { levels, .. }
        | Goal::Sum { levels, .. }
        | Goal::Nash { levels, .. } => levels,
    }
}

/// Coupled issues are scanned at their nodes, thinned to steps of at least this, in [0, 1] …
const THIN: f64 = 0.08;

/// … and filled up where a gap is wider than this.
const WIDE: f64 = 0.25;

/// The search begins with steps of this, in [0, 1].
const WIDEST: f64 = 0.375;

/// Steps below this are taken along the axes alone.
const COARSE: f64 = 0.03;

/// The search ends at steps below this, in [0, 1].
const FINEST: f64 = 0.001;

impl Exact<'_> {
    /// The answer for an area, over every value of the coupled issues, the status quo left out.
    pub(super) fn search(
        &mut self,
        draw: &mut Draw<'_>,
        area: &Area,
        goal: &Goal<'_>,
    ) -> Option<Found> {
        let found = self.search_box(draw, area, goal)?;
        let s = draw.s;
        let near = |x: &[f64]| is_quo(s, x);
        let stop = matches!(goal, Goal::Feasible { .. }) && found.value < -TOLERANCE;
        if stop || !near(&found.x) {
            return Some(found);
        }
        // The status quo is no deal: look on either side of it on each issue.
        let mut best: Option<Found> = None;
        let mut bound = f64::NEG_INFINITY;
        for j in 0..area.lo.len() {
            let mut below = area.clone();
            below.hi[j] = below.hi[j].min(s.quo[j] - UNIT / 100 - 1);
            let mut above = area.clone();
            above.lo[j] = above.lo[j].max(s.quo[j] + UNIT / 100 + 1);
            for part in [below, above] {
                if part.lo[j] > part.hi[j] {
                    continue;
                }
                if let Some(f) = self.search_box(draw, &part, goal) {
                    bound = bound.max(f.bound);
                    if best.as_ref().is_none_or(|b| f.value > b.value) {
                        best = Some(f);
                    }
                }
            }
        }
        best.map(|f| Found { bound, ..f })
    }

    fn search_box(&mut self, draw: &mut Draw<'_>, area: &Area, goal: &Goal<'_>) -> Option<Found> {
        if area.is_empty() {
            return None;
        }
        if draw.coupled.len() > SEARCHED {
            return self.split(draw, area, goal);
        }
        let bargain = members_of(goal).iter().flat_map(|i| draw.functions.of[*i].iter());
        let used = area.constraints.iter().chain(bargain).copied();
        draw.region.look_at(&area.lo, &area.hi, used);
        self.programs.forget();
        let unit = |x: i32| f64::from(x) / f64::from(UNIT);
        let bounds: Vec<(f64, f64)> =
            draw.coupled.iter().map(|j| (unit(area.lo[*j]), unit(area.hi[*j]))).collect();
        let levels = levels_of(goal);
        // First somewhere that all constraints hold.
        let feasible = Goal::Feasible { levels };
        let mut best: Best = None;
        if let Some(hint) = draw.hint.clone().filter(|h| h.len() == bounds.len()) {
            let inside = hint.iter().zip(&bounds).map(|(x, (lo, hi))| x.clamp(*lo, *hi));
            let at: Vec<f64> = inside.collect();
            self.try_at(draw, area, &feasible, &at, &mut best);
        }
        if !enough(draw, &best) {
            let lowest: Vec<f64> = bounds.iter().map(|(lo, _)| *lo).collect();
            self.try_at(draw, area, &feasible, &lowest, &mut best);
        }
        if !enough(draw, &best) {
            self.scan(draw, area, &feasible, &bounds, &mut best);
        }
        let done = |draw: &Draw<'_>, best: &Best| enough(draw, best);
        self.refine(draw, area, &feasible, &bounds, &mut best, &done);
        let found = best?;
        if matches!(goal, Goal::Feasible { .. }) || found.value < -TOLERANCE {
            return matches!(goal, Goal::Feasible { .. }).then_some(found);
        }
        // From there uphill: what is wanted is concave but for the coupled issues.
        let mut best: Best = None;
        if nobody_else(&draw.functions, area, goal) {
            // What all constraints like best has the most room.
            best = Some(found);
        } else {
            self.try_at(draw, area, goal, &found.at, &mut best);
        }
        self.refine(draw, area, goal, &bounds, &mut best, &|_, _| false);
        best
    }

    /// Tries the landmarks of the coupled issues but for the lowest, until something is acceptable.
    fn scan(
        &mut self,
        draw: &mut Draw<'_>,
        area: &Area,
        goal: &Goal<'_>,
        bounds: &[(f64, f64)],
        best: &mut Best,
    ) {
        if bounds.is_empty() {
            return;
        }
        let scan = Scan::new(draw.landmarks(), bounds);
        let (mut at, mut tried) = (Vec::new(), 1);
        while tried < scan.len() && !enough(draw, best) {
            scan.place(tried, &mut at);
            self.try_at(draw, area, goal, &at, best);
            tried += 1;
        }
        if let Some(read) = &mut self.footprint {
            read.scanned(bounds, &scan, tried, !enough(draw, best));
        }
    }

    /// Moves the coupled issues by ever smaller steps while the answer improves.
    pub(super) fn refine(
        &mut self,
        draw: &mut Draw<'_>,
        area: &Area,
        goal: &Goal<'_>,
        bounds: &[(f64, f64)],
        best: &mut Best,
        done: &dyn Fn(&Draw<'_>, &Best) -> bool,
    ) {
        if bounds.is_empty() {
            return;
        }
        let mut step = WIDEST;
        let mut moves = Moves::new(bounds);
        while step > FINEST && !done(draw, best) {
            let Some(before) = best.as_ref().map(|f| f.value) else { return };
            let better = |best: &Best| best.as_ref().is_some_and(|f| f.value > before);
            moves.begin(step, best.iter().flat_map(|f| &f.at));
            while !better(best)
                && let Some(at) = moves.next()
            {
                self.try_at(draw, area, goal, at, best);
            }
            if better(best) {
                moves.follow();
            } else {
                moves.stay();
                step /= 3.0;
            }
        }
    }

    /// Solves the goal with the coupled issues at `at`, if a bound does not rule it out.
    pub(super) fn try_at(
        &mut self,
        draw: &mut Draw<'_>,
        area: &Area,
        goal: &Goal<'_>,
        at: &[f64],
        best: &mut Best,
    ) {
        draw.region.fix(at);
        if let Some(found) = best
            && draw.region.bound(&found.weights) + found.offset <= found.value + 1e-12
        {
            return;
        }
        let least = best.as_ref().map_or(f64::NEG_INFINITY, |found| found.value);
        if let Some(found) = self.answer(&draw.functions, &mut draw.region, (area, goal), least)
            && best.as_ref().is_none_or(|b| found.value > b.value)
        {
            *best = Some(Found { at: at.to_vec(), ..found });
        }
    }

    /// The answer where every coupled issue is fixed, or relaxed; perhaps none where it is below `least`.
    pub(super) fn answer(
        &mut self,
        functions: &Functions,
        region: &mut Region<'_>,
        (area, goal): (&Area, &Goal<'_>),
        least: f64,
    ) -> Option<Found> {
        let levels = levels_of(goal);
        if !region.holds() {
            self.programs.forget();
        }
        // First: the package that all constraints like best.
        let all = area.constraints.iter();
        let row = |f: &usize| ProgramRow { function: *f, group: Some(0), level: levels[*f] };
        self.rows.clear();
        self.rows.extend(all.map(row));
        let nobody = self.rows.is_empty();
        let ceilings =
            region.ceilings().map(|f| ProgramRow { function: f, group: None, level: 0.0 });
        self.rows.extend(ceilings.clone());
        region.middle(&mut self.start);
        if nobody && matches!(goal, Goal::Feasible { .. }) {
            let zero = vec![0.0; region.functions()];
            return Some(Found {
                value: 0.0,
                x: self.start.clone(),
                at: Vec::new(),
                accepted: 0,
                bound: 0.0,
                weights: zero,
                offset: 0.0,
            });
        }
        let alone = nobody_else(functions, area, goal);
        let feasible = matches!(goal, Goal::Feasible { .. });
        let needed = match (feasible, alone) {
            (true, _) => least,
            (false, true) => least.max(-TOLERANCE),
            (false, false) => -TOLERANCE,
        };
        let first = if nobody {
            Optimum { x: self.start.clone(), ..Optimum::default() }
        } else {
            self.programs.first.maximise(region, &self.rows, &[1.0], &self.start, needed)?
        };
        if feasible {
            return Some(linear(first));
        }
        if first.value < -TOLERANCE {
            return None;
        }
        if alone {
            // What all constraints like best has the most room.
            return Some(linear(first));
        }
        let constraints = area.constraints.iter().map(|f| ProgramRow {
            function: *f,
            group: None,
            level: levels[*f] - TOLERANCE,
        });
        let constraints = constraints.chain(ceilings);
        let gains = |members: &[usize], together: bool, lacking: &[f64]| -> Vec<ProgramRow> {
            let rows = members.iter().enumerate().flat_map(|(k, i)| {
                let level = lacking.get(k).copied().unwrap_or(0.0);
                functions.of[*i].iter().map(move |f| ProgramRow {
                    function: *f,
                    group: Some(if together { 0 } else { k }),
                    level,
                })
            });
            rows.collect()
        };
        match goal {
            Goal::Feasible { .. } => None,
            Goal::Smallest { members, .. } => {
                let mut rows = gains(members, true, &[]);
                rows.extend(constraints);
                self.programs.together.maximise(region, &rows, &[1.0], &first.x, least).map(linear)
            }
            Goal::Sum { members, shares, .. } => {
                let mut rows = gains(members, false, &[]);
                rows.extend(constraints);
                self.programs.apart.maximise(region, &rows, shares, &first.x, least).map(linear)
            }
            Goal::Nash { members, lacking, exponents, .. } => {
                let mut rows = gains(members, false, lacking);
                let bargained = rows.len();
                rows.extend(constraints);
                self.nash(region, &rows, bargained, exponents, &first.x)
            }
        }
    }

    /// The weighted Nash product over one polytope.
    ///
    /// The gradient of `Σ ω log g` at a package prices the others: if the best of them gains
    /// nothing, the package is optimal, and else the optimum of the segment to it is better. With
    /// two sides the last package on either hand of the optimum is kept, and the search is over once
    /// it lies on an edge of the frontier; with more the steps are those of Frank & Wolfe 1956.
    fn nash(
        &mut self,
        region: &mut Region<'_>,
        rows: &[ProgramRow],
        bargained: usize,
        exponents: &[f64],
        start: &[f64],
    ) -> Option<Found> {
        let sides = exponents.len();
        let mut values = Vec::new();
        let mut gains = |region: &Region<'_>, x: &[f64]| -> Vec<f64> {
            region.values(x, &mut values);
            let mut g = vec![f64::MAX; sides];
            for row in &rows[..bargained] {
                if let Some(s) = row.group {
                    g[s] = g[s].min(values[row.function] - row.level);
                }
            }
            g
        };
        // From the largest smallest gain: where that is zero, so is every product.
        let together: Vec<ProgramRow> =
            rows.iter().map(|row| ProgramRow { group: row.group.map(|_| 0), ..*row }).collect();
        let first =
            self.programs.together.maximise(region, &together, &[1.0], start, f64::NEG_INFINITY)?;
        let mut x = first.x.clone();
        let mut g = gains(region, &x);
        if g.iter().any(|g| *g <= TOLERANCE) {
            return Some(Found { value: f64::MIN, ..linear(first) });
        }
        let mut ends: [Option<(Vec<f64>, Vec<f64>)>; 2] = [None, None];
        let most = if sides <= 2 { 60 } else { 300 };
        let (mut weights, mut levels) = (vec![0.0; region.functions()], f64::NEG_INFINITY);
        for _ in 0..most {
            let prices: Vec<f64> = exponents.iter().zip(&g).map(|(w, g)| w / g).collect();
            let y = self.programs.apart.maximise(region, rows, &prices, &x, f64::NEG_INFINITY)?;
            weights.clone_from(&y.weights);
            levels = y.levels;
            let now: f64 = prices.iter().zip(&g).map(|(p, g)| p * g).sum();
            if y.value - now <= 1e-11 {
                break;
            }
            let h = gains(region, &y.x);
            let hand = usize::from(sides == 2 && h[0] < g[0]);
            ends[hand] = Some((y.x, h));
            let (a, b) = match (&ends[0], &ends[1]) {
                (Some(a), Some(b)) if sides == 2 => (a.clone(), b.clone()),
                _ => match ends[hand].clone() {
                    Some(end) => ((x.clone(), g.clone()), end),
                    None => break,
                },
            };
            let share = best_share(&a.1, &b.1, exponents);
            let next: Vec<f64> = a.0.iter().zip(&b.0).map(|(a, b)| a + share * (b - a)).collect();
            let h = gains(region, &next);
            let better = |g: &[f64]| -> f64 {
                exponents.iter().zip(g).map(|(w, g)| w * libm::log(g.max(1e-300))).sum()
            };
            if better(&h) <= better(&g) + 1e-14 {
                break;
            }
            (x, g) = (next, h);
        }
        let value = exponents.iter().zip(&g).map(|(w, g)| w * libm::log(*g)).sum();
        // Concavity: no product elsewhere exceeds its linearisation here.
        let offset = value - exponents.iter().sum::<f64>() - levels;
        Some(Found { value, x, at: Vec::new(), accepted: 0, bound: value, weights, offset })
    }
}

/// Whether the smallest gain is asked of those alone whose constraints count: nobody else has a say.
fn nobody_else(functions: &Functions, area: &Area, goal: &Goal<'_>) -> bool {
    let Goal::Smallest { members, levels } = goal else { return false };
    let mut bargained = members.iter().flat_map(|i| &functions.of[*i]);
    levels.iter().all(|l| *l == 0.0)
        && area.constraints.len() == bargained.clone().count()
        && bargained.all(|f| area.constraints.contains(f))
}

/// The share of the way from gains `a` to gains `b` at which `Σ ω log g` is largest.
fn best_share(a: &[f64], b: &[f64], exponents: &[f64]) -> f64 {
    // At an end a gain may be zero, or a hair below it: the product only falls towards that.
    let part = |a: f64, b: f64, w: f64, t: f64| match a + t * (b - a) {
        g if g > 0.0 => w * (b - a) / g,
        _ => f64::NEG_INFINITY,
    };
    let slope = |t: f64| -> f64 {
        a.iter().zip(b).zip(exponents).map(|((a, b), w)| part(*a, *b, *w, t)).sum()
    };
    let (mut lo, mut hi) = (0.0, 1.0);
    if slope(1.0) >= 0.0 {
        return 1.0;
    }
    if let ([a0, a1], [b0, b1], [w0, w1]) = (a, b, exponents) {
        // Of two the slope is zero where a line is.
        let (d0, d1) = (b0 - a0, b1 - a1);
        let at = -(w0 * d0 * a1 + w1 * d1 * a0) / ((w0 + w1) * d0 * d1);
        return if d0 * d1 < 0.0 { at.clamp(0.0, 1.0) } else { 0.0 };
    }
    for _ in 0..60 {
        let mid = 0.5 * (lo + hi);
        if slope(mid) > 0.0 { lo = mid } else { hi = mid }
    }
    0.5 * (lo + hi)
}

/// An optimum of a linear program, with the bound its weights give (weak duality).
fn linear(o: Optimum) -> Found {
    Found {
        value: o.value,
        x: o.x,
        at: Vec::new(),
        accepted: 0,
        bound: o.value,
        weights: o.weights,
        offset: -o.levels,
    }
}

/// The best answer so far.
type Best = Option<Found>;

/// Whether something acceptable is found that is not the status quo.
fn enough(draw: &Draw<'_>, best: &Best) -> bool {
    best.as_ref().is_some_and(|f| f.value >= -TOLERANCE && !is_quo(draw.s, &f.x))
}

/// Whether a package is the status quo in whole millionths.
fn is_quo(s: &Situation, x: &[f64]) -> bool {
    s.is_near_quo(x.iter().map(|x| millionths(*x)))
}

/// The moves tried from a place, until one helps: twice the last one, then a step along each axis, then
/// across them.
struct Moves<'a> {
    bounds: &'a [(f64, f64)],
    step: f64,
    centre: Vec<f64>,
    /// The last move that helped.
    last: Vec<f64>,
    /// The place tried last, and how many moves were looked at.
    at: Vec<f64>,
    looked: usize,
    /// How many there are.
    count: usize,
    /// Where nothing better is, one place after another.
    tried: Vec<f64>,
}

impl<'a> Moves<'a> {
    fn new(bounds: &'a [(f64, f64)]) -> Self {
        let zero = vec![0.0; bounds.len()];
        let (last, at, centre) = (zero.clone(), zero.clone(), zero);
        Self { bounds, step: 0.0, centre, last, at, looked: 0, count: 0, tried: Vec::new() }
    }

    /// Begins at a place with a step.
    fn begin<'b>(&mut self, step: f64, centre: impl Iterator<Item = &'b f64>) {
        let d = self.bounds.len();
        let across = step >= COARSE && d <= SEARCHED;
        let count = 1 + 2 * d + if across { 3usize.pow(d as u32) } else { 0 };
        (self.step, self.looked, self.count) = (step, 0, count);
        self.centre.clear();
        self.centre.extend(centre);
        self.tried.extend_from_slice(&self.centre);
    }

    /// The next place that was not tried yet.
    fn next(&mut self) -> Option<&[f64]> {
        let d = self.bounds.len();
        while self.looked < self.count {
            let k = self.looked;
            self.looked += 1;
            let mut across = k.wrapping_sub(1 + 2 * d);
            let mut moved = 0;
            let places =
                self.at.iter_mut().zip(self.bounds).zip(self.centre.iter().zip(&self.last));
            for (i, ((at, (lo, hi)), (centre, last))) in places.enumerate() {
                let by = if k == 0 {
                    2.0 * last
                } else if k <= 2 * d {
                    let sign = if k % 2 == 1 { -1.0 } else { 1.0 };
                    if (k - 1) / 2 == i { sign * self.step } else { 0.0 }
                } else {
                    let sign = (across % 3) as f64 - 1.0;
                    across /= 3;
                    sign * self.step
                };
                moved += usize::from(by != 0.0);
                *at = (centre + by).clamp(*lo, *hi);
            }
            // Across: along at least two.
            let counts = k <= 2 * d || moved > 1;
            let same = |known: &[f64]| known.iter().zip(&self.at).all(|(a, b)| a == b);
            if counts && !self.tried.chunks_exact(d).any(same) {
                self.tried.extend_from_slice(&self.at);
                return Some(&self.at);
            }
        }
        None
    }

    /// The last place is better: from there on, but not back.
    fn follow(&mut self) {
        let moved = self.at.iter().zip(&self.centre).map(|(now, was)| now - was);
        self.last.iter_mut().zip(moved).for_each(|(last, by)| *last = by);
        self.tried.clear();
        self.tried.extend_from_slice(&self.centre);
    }

    /// No place is better.
    fn stay(&mut self) {
        self.last.fill(0.0);
    }
}

/// Positions of the coupled issues that are tried one after another, all lowest first.
pub(super) struct Scan(Vec<Vec<f64>>);

impl Scan {
    /// Those at the landmarks of each within its bounds.
    pub(super) fn new(landmarks: &[Vec<i32>], bounds: &[(f64, f64)]) -> Self {
        let issues = landmarks.iter().zip(bounds);
        Self(issues.map(|(nodes, within)| thinned(nodes, *within)).collect())
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.iter().map(Vec::len).product()
    }

    /// One of them, by its number.
    pub(super) fn place(&self, k: usize, into: &mut Vec<f64>) {
        into.clear();
        let mut rest = k;
        for scan in &self.0 {
            into.push(scan[rest % scan.len()]);
            rest /= scan.len();
        }
    }
}

/// Positions to try on a coupled issue: its nodes inside the bounds, thinned and filled up.
fn thinned(nodes: &[i32], (lo, hi): (f64, f64)) -> Vec<f64> {
    let inside = nodes.iter().map(|x| f64::from(*x) / f64::from(UNIT));
    let mut at = vec![lo];
    for x in inside.filter(|x| *x > lo && *x < hi).chain([hi]) {
        let last = at[at.len() - 1];
        if x - last > WIDE {
            let parts = ((x - last) / WIDE).ceil();
            at.extend((1..parts as usize).map(|k| last + (x - last) * k as f64 / parts));
        }
        if x - last >= THIN || (x == hi && x > last) {
            at.push(x);
        }
    }
    at
}
