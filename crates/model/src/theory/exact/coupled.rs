//! Many coupled issues: branch and bound over what they are for, the hazard that promises are broken.
//!
//! # Model
//! Members value a package by the φ of their side, and φ depends on the coupled issues through one
//! number a side alone, the hazard `ρ_s(x)`. With φ held at `r/(r + ρ)` and `ρ_s(x) ≤ ρ` as one more
//! constraint a side the best package is one program, however many issues are coupled; so hazards are
//! split, not issues. Let λ and μ be the duals of members and ceilings at the centre of a box of hazards.
//! Then
//!
//! ```text
//! h(φ) = max_x Σ_f λ_f g_f(x; φ_s(f)) + Σ_s μ_s (r_s(1/φ_s − 1) − ρ_s(x))
//! ```
//!
//! bounds every package whose φ is that (there the last sum is nothing), and it is convex: the first part is a
//! maximum of functions linear in φ, and `1/φ` is convex. Over a box it is largest at a corner, which costs no
//! program, and it touches the answer at the centre: what it exceeds the truth by shrinks with the
//! square of the box. The box with the largest bound is split next, on the side whose ends
//! make most of the difference.
//!
//! Where a promise is bound by one issue and verified by another a hazard is no sum over issues, and what lies
//! below it takes its place (`region`); where that is what is too good, one of the two issues is split.
//!
//! The search ends where no bound exceeds the best answer by more than [`LINEAR`] of utility, or of the
//! logarithm of a Nash product by [`LOGARITHM`], and after [`MOST`] boxes at the latest. What is left between
//! the largest bound and the answer is kept with the answer.
//!
//! # Reference
//! Branch and bound over the variables that make a program non-convex, bounds from its duals: Falk & Soland
//! 1969 (`falk1969`); that hazards are enough, and the choice of the branch: this project's.

use super::area::Area;
use super::bargain::{Found, Goal, levels_of, members_of};
use super::region::Region;
use super::{Draw, Exact, whole};
use crate::theory::{TOLERANCE, UNIT};

/// Coupled issues beyond which hazards are split instead of issues searched.
pub(super) const SEARCHED: usize = 3;

/// Boxes of one search, at most: judgement, what ten thousand draws can wait for.
const MOST: usize = 64;

/// A gap that ends the search, in utility.
const LINEAR: f64 = 2e-4;

/// A gap that ends the search for a Nash product, in its logarithm.
const LOGARITHM: f64 = 1e-3;

/// What an answer must reach here: its duals bound others, however low it is.
const ANYTHING: f64 = f64::NEG_INFINITY;

/// Sides whose φ is tried at both ends of a box; of more the rest is taken at the better end of both.
const CORNERS: usize = 5;

/// A box: the ends of the issues and of the hazards, and what bounds the packages in it.
#[derive(Clone)]
struct Part {
    bound: f64,
    lo: Vec<i32>,
    hi: Vec<i32>,
    within: Vec<(f64, f64)>,
}

/// The boxes that may hold something better, and the best centre so far: its duals bound others too.
struct Open {
    parts: Vec<Part>,
    leading: Option<Found>,
    /// The largest bound of a box that is too small to split.
    settled: f64,
}

/// What is asked of an area, with the functions it takes.
struct Asked<'a, 'g> {
    area: &'a Area,
    goal: &'a Goal<'g>,
    used: Vec<usize>,
    any: bool,
}

impl Exact<'_> {
    /// The answer for an area, and how far the best may lie above it; nothing where none was found, and
    /// then whether one may have been missed is noted.
    pub(super) fn split(
        &mut self,
        draw: &mut Draw<'_>,
        area: &Area,
        goal: &Goal<'_>,
    ) -> Option<Found> {
        // Out of the draw while it is searched.
        let mut relaxed = draw.relaxed.take()?;
        let bargained = members_of(goal).iter().flat_map(|i| draw.functions.of[*i].iter());
        let used = area.constraints.iter().chain(bargained).copied().collect();
        let any = matches!(goal, Goal::Feasible { .. });
        let found = self.parts(draw, &mut relaxed, &Asked { area, goal, used, any });
        draw.relaxed = Some(relaxed);
        found
    }

    fn parts<'a>(
        &mut self,
        draw: &mut Draw<'a>,
        relaxed: &mut Region<'a>,
        asked: &Asked<'_, '_>,
    ) -> Option<Found> {
        let (area, goal, any) = (asked.area, asked.goal, asked.any);
        draw.region.look_at(&area.lo, &area.hi, asked.used.iter().copied());
        relaxed.look_at(&area.lo, &area.hi, asked.used.iter().copied());
        self.programs.forget();
        let unit = |x: i32| f64::from(x) / f64::from(UNIT);
        let bounds: Vec<(f64, f64)> =
            draw.coupled.iter().map(|j| (unit(area.lo[*j]), unit(area.hi[*j]))).collect();
        let mut best: Option<Found> = None;
        if let Some(hint) = draw.hint.clone().filter(|h| h.len() == bounds.len()) {
            let inside = hint.iter().zip(&bounds).map(|(x, (lo, hi))| x.clamp(*lo, *hi));
            let at: Vec<f64> = inside.collect();
            self.try_at(draw, area, goal, &at, &mut best);
        }
        let near = if matches!(goal, Goal::Nash { .. }) { LOGARITHM } else { LINEAR };
        let (lo, hi) = (area.lo.clone(), area.hi.clone());
        let within = relaxed.hazards(&lo, &hi);
        let parts = vec![Part { bound: f64::INFINITY, lo, hi, within }];
        let mut open = Open { parts, leading: None, settled: f64::NEG_INFINITY };
        for _ in 0..MOST {
            if self.stopped() {
                return None;
            }
            if any && best.as_ref().is_some_and(|f| f.value >= -TOLERANCE) {
                // Something acceptable is all that was asked.
                break;
            }
            let parts = &open.parts;
            let largest =
                (0..parts.len()).max_by(|a, b| parts[*a].bound.total_cmp(&parts[*b].bound));
            let Some(k) = largest else { break };
            if !any && best.as_ref().is_some_and(|f| parts[k].bound <= f.value + near) {
                break;
            }
            let part = open.parts.swap_remove(k);
            if relaxed.multiplies() {
                relaxed.look_at(&part.lo, &part.hi, asked.used.iter().copied());
            }
            self.look_into(draw, relaxed, asked, part, &mut open, &mut best);
        }
        let bound = open.parts.iter().map(|n| n.bound).fold(open.settled, f64::max);
        if any {
            let found = best.filter(|f| f.value >= -TOLERANCE);
            self.missed |= found.is_none() && !open.parts.is_empty();
            return found;
        }
        if best.as_ref().is_some_and(|f| bound > f.value + near) {
            // Out of boxes: what small steps from here can add.
            self.refine(draw, area, goal, &bounds, &mut best, &|_, _| false);
        }
        self.missed |= best.is_none() && !open.parts.is_empty();
        best.map(|f| Found { bound: bound.max(f.value), ..f })
    }

    /// Solves the centre of a box, tries its package, and leaves its halves if they can hold something
    /// better.
    fn look_into<'a>(
        &mut self,
        draw: &mut Draw<'a>,
        relaxed: &mut Region<'a>,
        asked: &Asked<'_, '_>,
        part: Part,
        open: &mut Open,
        best: &mut Option<Found>,
    ) {
        let (area, goal) = (asked.area, asked.goal);
        let sides = part.within.len();
        let centre: Vec<f64> =
            (0..sides).map(|c| relaxed.halfway(c, part.within[c].0, part.within[c].1)).collect();
        relaxed.hold(&centre, &centre);
        let solved = self.answer(&draw.functions, relaxed, (area, goal), ANYTHING);
        // Where nothing is accepted at the centre, or no product is positive there: what bounds how near
        // to that it comes.
        let solved = solved.filter(|f| f.value > f64::MIN);
        let lacking = solved.is_none();
        let nearest = Goal::Feasible { levels: levels_of(goal) };
        let Some(found) =
            solved.or_else(|| self.answer(&draw.functions, relaxed, (area, &nearest), ANYTHING))
        else {
            return;
        };
        if !(lacking || asked.any && found.value < -TOLERANCE) {
            let at: Vec<f64> = draw.coupled.iter().map(|j| found.x[*j]).collect();
            self.try_at(draw, area, goal, &at, best);
        }
        let least = match (asked.any || lacking, &*best) {
            (true, _) => -TOLERANCE,
            (false, Some(f)) => f.value,
            (false, None) => f64::NEG_INFINITY,
        };
        let bound = corner(relaxed, &part.within, &found);
        if bound < least {
            return;
        }
        let mut part = part;
        if lacking {
            // What φ of one end with the ceiling of the other gives: nobody who accepts loses by a larger φ.
            let (lo, hi): (Vec<f64>, Vec<f64>) = part.within.iter().copied().unzip();
            relaxed.hold(&lo, &hi);
            let top = self.answer(&draw.functions, relaxed, (area, goal), ANYTHING);
            let Some(top) = top.filter(|f| f.value > f64::MIN) else { return };
            part.bound = part.bound.min(corner(relaxed, &part.within, &top));
            if best.as_ref().is_some_and(|f| part.bound <= f.value) {
                return;
            }
        }
        if !lacking && open.leading.as_ref().is_none_or(|f| found.value > f.value) {
            open.leading = Some(found.clone());
        }
        let halves = halves(relaxed, (&part, &found, &centre), bound);
        if halves.is_empty() {
            let bound = if lacking { part.bound } else { part.bound.min(bound) };
            open.settled = open.settled.max(bound);
        }
        for mut half in halves {
            if relaxed.multiplies() {
                relaxed.look_at(&half.lo, &half.hi, asked.used.iter().copied());
            }
            let bound = corner(relaxed, &half.within, &found);
            if bound < least {
                continue;
            }
            if !lacking {
                half.bound = half.bound.min(bound);
            }
            if let Some(leading) = &open.leading {
                half.bound = half.bound.min(corner(relaxed, &half.within, leading));
                if best.as_ref().is_some_and(|f| half.bound < f.value) {
                    continue;
                }
            }
            open.parts.push(half);
        }
    }
}

/// What bounds a box by the duals of an answer: the largest of its corners.
fn corner(relaxed: &mut Region<'_>, within: &[(f64, f64)], found: &Found) -> f64 {
    let tried = within.len().min(CORNERS);
    let mut most = f64::NEG_INFINITY;
    for corner in 0..1usize << tried {
        let at = |(c, (lo, hi)): (usize, &(f64, f64))| match () {
            () if c >= tried => (*lo, *hi),
            () if corner >> c & 1 == 0 => (*lo, *lo),
            () => (*hi, *hi),
        };
        let (hazards, ceilings): (Vec<f64>, Vec<f64>) = within.iter().enumerate().map(at).unzip();
        relaxed.hold(&hazards, &ceilings);
        most = most.max(relaxed.bound(&found.weights) + found.offset);
    }
    most
}

/// A box split on the side whose hazard makes most of what the bound exceeds the centre by, or on an issue where what lies below a hazard is what is
/// too good; nothing where it is too small for either.
fn halves(
    relaxed: &mut Region<'_>,
    (part, found, centre): (&Part, &Found, &[f64]),
    bound: f64,
) -> Vec<Part> {
    if let Some((j, worth)) = relaxed.loosest(&found.x, &found.weights)
        && worth > 0.5 * (bound - found.value)
    {
        let (lo, hi) = (part.lo[j], part.hi[j]);
        let fifth = (hi - lo) / 5;
        if fifth > UNIT / 10_000 {
            let at = whole(&found.x)[j].clamp(lo + fifth, hi - fifth);
            let (mut below, mut above) = (part.clone(), part.clone());
            below.hi[j] = at;
            above.lo[j] = at;
            return vec![below, above];
        }
    }
    let widths: Vec<f64> = (part.within.iter().enumerate())
        .map(|(c, (lo, hi))| relaxed.kept(c, *lo) - relaxed.kept(c, *hi))
        .collect();
    let width = |c: usize| widths[c];
    // What the bound exceeds the centre by when one side alone is at its worse end.
    let mut exceeds = |c: usize| -> f64 {
        let mut at = centre.to_vec();
        let (lo, hi) = part.within[c];
        let mut end = |rho: f64| {
            at[c] = rho;
            relaxed.hold(&at, &at);
            relaxed.bound(&found.weights)
        };
        end(lo).max(end(hi))
    };
    let exceed: Vec<f64> = (0..part.within.len()).map(&mut exceeds).collect();
    let widest = (0..part.within.len())
        .max_by(|a, b| exceed[*a].total_cmp(&exceed[*b]).then(width(*a).total_cmp(&width(*b))));
    let Some(c) = widest.filter(|c| width(*c) > 1e-6) else { return Vec::new() };
    let (lo, hi) = part.within[c];
    let (mut below, mut above) = (part.clone(), part.clone());
    below.within[c] = (lo, centre[c]);
    above.within[c] = (centre[c], hi);
    vec![below, above]
}
