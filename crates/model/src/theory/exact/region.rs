//! The functions members bargain with, tabulated over the nodes of the box that is looked at.
//!
//! # Model
//! With the coupled issues held, ρ and `φ = r/(r + ρ)` are numbers, and
//!
//! ```text
//! g_i(x) = φ(1 − m_i) − (1 − φ)e_i + paid_i − Σ_j [φ loss_ij(x_j) + (1 − φ) sunk_ij(x_j)]
//! loss_ij(x) = w_ij(|x − θ_ij| + a_i(|x − θ_ij| − |D_ij − θ_ij|)),  the a-term in the second function only
//! sunk_ij(x) = w_ij irr_j max(0, |x − θ_ij| − |SQ_j − θ_ij|)
//! ```
//!
//! Where a breach costs once, talks reopen or the deal runs out, `kept`, `lost` and `sunk` of
//! [`Keeping`] stand for φ, `(1 − φ)e` and `1 − φ`.
//!
//! A member with an audience has two functions, without and with its cost; the smaller one is its
//! gain, since the cost is never negative. Tables are `[function × node]`, positions in [0, 1],
//! values in flows of utility. A sum over issues is largest where each issue's part is, and each part
//! bends at nodes only: hence the best package for given weights is found issue by issue.
//!
//! Instead of holding the coupled issues a region may *relax* them: they are issues as the others, φ of a
//! side is held at that of a hazard, and one more function a side, `ρ − ρ(x)`, keeps to packages whose
//! hazard is no larger. A promise that is bound by one issue and verified by another
//! has the hazard `rate·a(x)·b(x)`, which is no sum over issues; what lies below it is, and such a side has two
//! such functions: with `a_lo·b + b_lo·a − a_lo·b_lo`, and with the same of the upper ends of the box.
//!
//! # Reference
//! Bounds on a product: McCormick 1976 (`mccormick1976`).
//! Steps 2 and 6 of the method, with α = 1; `sunk` bends downwards at the status quo's distance from the
//! ideal, where a node is.

use std::ops::Range;

use multiversion::multiversion;

use super::columns::Packages;
use crate::theory::UNIT;
use crate::theory::situation::{Keeping, NO_DEMAND, PromiseRate, Situation, undeterred};
use crate::theory::threat::NoDeal;

/// One concave function of packages: a member's gain `v − m`, or the same with its audience cost.
///
/// With the risk of reneging fixed, `v − m = φ(u − m) − (1 − φ)κ` is a sum over issues.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Function {
    /// A member that has it.
    pub(super) member: usize,
    /// Whether the audience cost is inside.
    pub(super) audience: bool,
}

/// The distinct functions of a draw, and the members that share each.
#[derive(Clone, Debug, Default)]
pub(super) struct Functions {
    pub(super) list: Vec<Function>,
    /// The functions of each member.
    pub(super) of: Vec<Vec<usize>>,
}

impl Functions {
    /// Members of one side who want the same and have the same to lose share their functions.
    pub(super) fn new(s: &Situation, no_deal: &NoDeal) -> Self {
        let issues = s.issues();
        let mut found = Self::default();
        for i in 0..s.members() {
            let row = |i: usize| i * issues..(i + 1) * issues;
            let same = Some(Self::first(s, no_deal, i)).filter(|k| *k != i);
            if let Some(k) = same {
                let shared = found.of[k].clone();
                found.of.push(shared);
                continue;
            }
            let mut mine = vec![found.list.len()];
            found.list.push(Function { member: i, audience: false });
            if s.audience[i] > 0.0 && s.demand[row(i)].iter().any(|d| *d != NO_DEMAND) {
                mine.push(found.list.len());
                found.list.push(Function { member: i, audience: true });
            }
            found.of.push(mine);
        }
        found
    }

    /// The first member whose functions are those of a member, itself at the latest.
    pub(super) fn first(s: &Situation, no_deal: &NoDeal, i: usize) -> usize {
        let issues = s.issues();
        let row = |i: usize| i * issues..(i + 1) * issues;
        let same = |k: &usize| {
            s.side[*k] == s.side[i]
                && no_deal.m[*k] == no_deal.m[i]
                && no_deal.least(*k) == no_deal.least(i)
                && s.ideal[row(*k)] == s.ideal[row(i)]
                && s.weight[row(*k)] == s.weight[row(i)]
                && s.audience[*k] == s.audience[i]
                && (s.audience[i] == 0.0 || s.demand[row(*k)] == s.demand[row(i)])
        };
        (0..i).find(same).unwrap_or(i)
    }
}

/// How function f depends on issue j.
#[derive(Clone, Copy, Debug)]
struct Shape {
    weight: f64,
    theta: f64,
    /// Distance of the status quo.
    quo: f64,
    /// The weight of what is conceded beyond it and sunk.
    sunk: f64,
    /// The audience cost, and the distance of the demand, where there is one.
    audience: f64,
    demand: f64,
}

impl Shape {
    /// What is lost at x, and what of it is sunk.
    #[inline(always)]
    fn parts(&self, x: f64) -> (f64, f64) {
        let d = (x - self.theta).abs();
        let loss = d + self.audience * (d - self.demand);
        let more = d - self.quo;
        (self.weight * loss, self.sunk * if more > 0.0 { more } else { 0.0 })
    }
}

/// Of the hazard that a side's promises are broken what lies below it, issue by issue.
#[derive(Clone, Debug)]
struct Ceiling {
    /// The side, as an index of those that have one.
    of: usize,
    /// Products of what two issues leave are taken from below at the upper ends of the box.
    upper: bool,
    /// The largest hazard that is looked at.
    most: f64,
    /// What does not depend on the package.
    base: f64,
    /// What does: an issue, a factor, and the share left there.
    terms: Vec<(usize, f64, Share)>,
    /// The sum of those at each live node.
    part: Vec<f64>,
}

/// A share of a hazard that is left at a position of an issue.
#[derive(Clone, Copy, Debug)]
enum Share {
    /// What is bound by the issue, at most so much.
    Bound(f64),
    /// What is verified, deterred at such a rate.
    Verified(f64),
}

impl Share {
    fn at(self, x: f64) -> f64 {
        match self {
            Self::Bound(y) => 1.0 - y * x,
            Self::Verified(q) => undeterred(x, q),
        }
    }
}

/// The issues a promise depends on, and the share of its hazard each leaves.
fn shares(p: &PromiseRate) -> impl Iterator<Item = (usize, Share)> {
    let bound = p.secured_by.map(|(j, y)| (j, Share::Bound(y)));
    bound.into_iter().chain(p.verified_by.map(|(j, q)| (j, Share::Verified(q))))
}

/// The box of packages that is being looked at, and the tables of the functions that count in it.
///
/// At a node issue j contributes `−(φ·loss + (1 − φ)·sunk)` to a function; both parts are tabulated
/// `[function × node]` over the live nodes of all issues, one after another.
pub(super) struct Region<'a> {
    s: &'a Situation,
    no_deal: &'a NoDeal,
    functions: Vec<Function>,
    exposed: Vec<f64>,
    issues: usize,
    shapes: Vec<Shape>,
    /// The functions that count: no row names another.
    used: Vec<usize>,
    /// Live nodes: where a function that counts bends, and the ends of the box. Of a coupled issue
    /// the one position it is held at.
    at: Vec<f64>,
    range: Vec<Range<usize>>,
    loss: Vec<f64>,
    sunk: Vec<f64>,
    /// Of each function that counts, whether anything is sunk in the box.
    sinks: Vec<bool>,
    /// The hazard and the keeping that each side's packages are valued by.
    valued: Vec<Option<(f64, Option<Keeping>)>>,
    phi: Vec<f64>,
    /// The share of what is sunk that counts, where it is not `1 − φ`.
    gone: Vec<Option<f64>>,
    constant: Vec<f64>,
    worth: Vec<f64>,
    /// The best live node of each issue.
    chosen: Vec<usize>,
    coupled: Vec<usize>,
    /// Where the coupled issues are held.
    fixed: Vec<f64>,
    /// The coupled issues that the promises to each side hang on, a bit each.
    hang: Vec<u64>,
    /// The sides whose promises depend on the package, where the region relaxes.
    relying: Vec<usize>,
    /// One for each of them, or two where issues multiply.
    ceilings: Vec<Ceiling>,
}

/// The bit of a coupled issue; those beyond 63 share one.
fn bit(c: usize) -> u64 {
    1 << c.min(63)
}

fn unit(x: i32) -> f64 {
    f64::from(x) / f64::from(UNIT)
}

/// What a promise whose hazard is ρ is worth of one that is kept.
fn phi(r: f64, rho: f64) -> f64 {
    if rho == 0.0 { 1.0 } else { r / (r + rho) }
}

impl<'a> Region<'a> {
    /// The functions of a draw, before a box is looked at.
    pub(super) fn new(
        s: &'a Situation,
        no_deal: &'a NoDeal,
        functions: &Functions,
        coupled: &[usize],
    ) -> Self {
        let issues = s.issues();
        let largest = |f: &Function, of: &dyn Fn(&crate::theory::situation::PromiseRate) -> f64| {
            let side = s.side[f.member];
            s.promises.iter().filter(|p| p.to == side).map(of).fold(0.0, f64::max)
        };
        let list = functions.list.clone();
        let on = |side: usize| -> u64 {
            let issues = s.promises.iter().filter(|p| p.to == side).flat_map(shares);
            let place = |(j, _): (usize, Share)| coupled.iter().position(|k| *k == j);
            issues.filter_map(place).fold(0, |all, c| all | bit(c))
        };
        let mut shapes = Vec::with_capacity(list.len() * issues);
        for f in &list {
            for j in 0..issues {
                let row = f.member * issues + j;
                let (weight, theta) = (s.weight[row], unit(s.ideal[row]));
                let heard = f.audience && s.demand[row] != NO_DEMAND;
                shapes.push(Shape {
                    weight,
                    theta,
                    quo: (unit(s.quo[j]) - theta).abs(),
                    sunk: weight * largest(f, &|p| p.sunk[j]),
                    audience: if heard { s.audience[f.member] } else { 0.0 },
                    demand: if heard { (unit(s.demand[row]) - theta).abs() } else { 0.0 },
                });
            }
        }
        Self {
            s,
            no_deal,
            exposed: list.iter().map(|f| largest(f, &|p| p.exposed)).collect(),
            shapes,
            issues,
            used: Vec::new(),
            at: Vec::new(),
            range: Vec::new(),
            loss: Vec::new(),
            sunk: Vec::new(),
            sinks: Vec::new(),
            valued: vec![None; s.rules.len()],
            phi: vec![1.0; list.len()],
            gone: vec![None; list.len()],
            constant: list.iter().map(|f| 1.0 - no_deal.least(f.member)).collect(),
            worth: Vec::new(),
            chosen: Vec::new(),
            hang: (0..s.rules.len()).map(on).collect(),
            coupled: coupled.to_vec(),
            fixed: vec![f64::NAN; coupled.len()],
            functions: list,
            relying: Vec::new(),
            ceilings: Vec::new(),
        }
    }

    /// The same with the coupled issues relaxed; [`Self::hold`] says at which hazards.
    pub(super) fn relaxed(s: &'a Situation, no_deal: &'a NoDeal, functions: &Functions) -> Self {
        let mut region = Self::new(s, no_deal, functions, &[]);
        let depends = |side: &usize| {
            let to = |p: &&PromiseRate| p.to == *side && p.rate > 0.0;
            s.promises.iter().filter(to).any(|p| shares(p).next().is_some())
        };
        region.relying = (0..s.rules.len()).filter(depends).collect();
        for of in 0..region.relying.len() {
            for upper in [false, true] {
                if upper && region.products(of).next().is_none() {
                    continue;
                }
                let (terms, part) = (Vec::new(), Vec::new());
                region.ceilings.push(Ceiling { of, upper, most: 0.0, base: 0.0, terms, part });
            }
        }
        region
    }

    /// The least and the largest hazard of each relying side over a box.
    pub(super) fn hazards(&self, lo: &[i32], hi: &[i32]) -> Vec<(f64, f64)> {
        let of = |side: &usize| (self.hazard(*side, |j| hi[j]), self.hazard(*side, |j| lo[j]));
        self.relying.iter().map(of).collect()
    }

    fn hazard(&self, side: usize, at: impl Fn(usize) -> i32) -> f64 {
        let promises = self.s.promises.iter().filter(|p| p.to == side && p.rate > 0.0);
        promises.map(|p| p.rate * p.exposure_at(&at)).sum()
    }

    /// The promises to a relying side that two issues are for, each with what those leave.
    fn products(&self, of: usize) -> impl Iterator<Item = (f64, [(usize, Share); 2])> {
        let to = self.relying[of];
        self.s.promises.iter().filter(move |p| p.to == to && p.rate > 0.0).filter_map(|p| {
            let mut on = shares(p);
            Some((p.rate, [on.next()?, on.next()?]))
        })
    }

    /// φ of a relying side at a hazard.
    pub(super) fn kept(&self, of: usize, hazard: f64) -> f64 {
        phi(self.s.discount[self.relying[of]], hazard)
    }

    /// The hazard at which φ of a relying side is halfway between those at two hazards.
    pub(super) fn halfway(&self, of: usize, a: f64, b: f64) -> f64 {
        let r = self.s.discount[self.relying[of]];
        let kept = 0.5 * (phi(r, a) + phi(r, b));
        if r > 0.0 && kept > 0.0 { r * (1.0 / kept - 1.0) } else { 0.5 * (a + b) }
    }

    /// Whether some hazard is a product of what two issues leave.
    pub(super) fn multiplies(&self) -> bool {
        self.ceilings.len() > self.relying.len()
    }

    /// Of the promises whose hazard is furthest above what lies below it at a package: the issue with the
    /// wider interval, and what the difference is worth at the duals of the ceilings.
    pub(super) fn loosest(&self, x: &[f64], weights: &[f64]) -> Option<(usize, f64)> {
        let mut most: Option<(usize, f64)> = None;
        for of in 0..self.relying.len() {
            let own = self.ceilings.iter().zip(&weights[self.functions.len()..]);
            let dual: f64 = own.filter(|(c, _)| c.of == of).map(|(_, w)| w).sum();
            for (rate, [(i, a), (j, b)]) in self.products(of) {
                let end = |j: usize, s: Share, upper: bool| {
                    let range = &self.range[j];
                    s.at(self.at[if upper { range.start } else { range.end - 1 }])
                };
                let (a_x, b_x) = (a.at(x[i]), b.at(x[j]));
                let below = |upper: bool| {
                    let (a_end, b_end) = (end(i, a, upper), end(j, b, upper));
                    b_end * a_x + a_end * b_x - a_end * b_end
                };
                let worth = dual * rate * (a_x * b_x - below(false).max(below(true)));
                let width = |j: usize, s: Share| end(j, s, true) - end(j, s, false);
                let wider = if width(i, a) >= width(j, b) { i } else { j };
                if most.is_none_or(|(_, least)| worth > least) {
                    most = Some((wider, worth));
                }
            }
        }
        most.filter(|(_, worth)| *worth > 1e-9)
    }

    /// How many ceilings there are; they are functions behind those of the members.
    pub(super) fn ceilings(&self) -> Range<usize> {
        self.functions.len()..self.functions.len() + self.ceilings.len()
    }

    /// Holds the φ of each relying side at that of a hazard, and the hazards of packages below another.
    pub(super) fn hold(&mut self, hazards: &[f64], ceilings: &[f64]) {
        self.valued.fill(None);
        for side in 0..self.s.rules.len() {
            let of = self.relying.iter().position(|s| *s == side);
            let rho = of.map_or_else(|| self.hazard(side, |_| 0), |c| hazards[c]);
            self.value_at(side, phi(self.s.discount[side], rho));
        }
        for ceiling in &mut self.ceilings {
            ceiling.most = ceilings[ceiling.of];
        }
    }

    /// Values packages by the φ of a side.
    fn value_at(&mut self, side: usize, phi: f64) {
        for f in self.used.iter().copied() {
            let i = self.functions[f].member;
            if self.s.side[i] == side {
                self.phi[f] = phi;
                let paid = self.no_deal.m[i] - self.no_deal.least(i);
                self.gone[f] = None;
                self.constant[f] =
                    phi * (1.0 - self.no_deal.m[i]) - (1.0 - phi) * self.exposed[f] + paid;
            }
        }
    }

    /// The same for a side some of whose promises do not last for ever.
    fn keeps_at(&mut self, side: usize, keeps: Keeping) {
        for f in self.used.iter().copied() {
            let i = self.functions[f].member;
            if self.s.side[i] == side {
                self.phi[f] = keeps.kept;
                self.gone[f] = Some(keeps.sunk);
                let paid = self.no_deal.m[i] - self.no_deal.least(i);
                self.constant[f] = keeps.kept * (1.0 - self.no_deal.m[i]) - keeps.lost + paid;
            }
        }
    }

    /// What lies below the hazards over the box, issue by issue.
    fn cover(&mut self, lo: &[i32], hi: &[i32]) {
        for c in 0..self.ceilings.len() {
            let (mut base, mut terms) = (0.0, Vec::new());
            let (to, upper) = (self.relying[self.ceilings[c].of], self.ceilings[c].upper);
            for p in self.s.promises.iter().filter(|p| p.to == to && p.rate > 0.0) {
                let on: Vec<(usize, Share)> = shares(p).collect();
                match on.as_slice() {
                    [] => base += p.rate,
                    [(j, share)] => terms.push((*j, p.rate, *share)),
                    [(i, a), (j, b), ..] => {
                        let end = |j: usize| unit(if upper { lo[j] } else { hi[j] });
                        let (a_end, b_end) = (a.at(end(*i)), b.at(end(*j)));
                        terms.push((*i, p.rate * b_end, *a));
                        terms.push((*j, p.rate * a_end, *b));
                        base -= p.rate * a_end * b_end;
                    }
                }
            }
            let mut part = vec![0.0; self.at.len()];
            for (j, factor, share) in &terms {
                for k in self.range[*j].clone() {
                    part[k] += factor * share.at(self.at[k]);
                }
            }
            let ceiling = &mut self.ceilings[c];
            (ceiling.base, ceiling.terms, ceiling.part) = (base, terms, part);
        }
    }

    fn tabulate(&mut self, j: usize, k: usize) {
        let width = self.at.len();
        for u in 0..self.used.len() {
            let shape = &self.shapes[self.used[u] * self.issues + j];
            let (loss, sunk) = shape.parts(self.at[k]);
            self.loss[u * width + k] = loss;
            self.sunk[u * width + k] = sunk;
            self.sinks[u] |= sunk != 0.0;
        }
    }

    /// Looks at the packages of a box whose bounds are nodes, with some functions; coupled issues
    /// wait for [`Self::fix`].
    pub(super) fn look_at(&mut self, lo: &[i32], hi: &[i32], used: impl Iterator<Item = usize>) {
        self.fixed.fill(f64::NAN);
        self.used.clear();
        self.used.extend(used);
        self.used.sort_unstable();
        self.used.dedup();
        self.at.clear();
        self.range.clear();
        let s = self.s;
        let mut nodes: Vec<i32> = Vec::new();
        for j in 0..self.issues {
            nodes.clear();
            if self.coupled.contains(&j) {
                nodes.push(lo[j]);
            } else {
                nodes.extend([lo[j], hi[j], s.quo[j]]);
                for f in &self.used {
                    let k = self.functions[*f].member * self.issues + j;
                    // A concession counts from the status quo on either side of the ideal.
                    nodes.extend([s.ideal[k], 2 * s.ideal[k] - s.quo[j]]);
                }
                nodes.extend(self.deterring(j));
                nodes.retain(|x| (lo[j]..=hi[j]).contains(x));
                nodes.sort_unstable();
                nodes.dedup();
            }
            let start = self.at.len();
            self.at.extend(nodes.iter().map(|x| unit(*x)));
            self.range.push(start..self.at.len());
        }
        let width = self.at.len();
        self.worth.resize(width, 0.0);
        self.loss.resize(width * self.used.len(), 0.0);
        self.sunk.resize(width * self.used.len(), 0.0);
        self.sinks.clear();
        self.sinks.resize(self.used.len(), false);
        self.valued.fill(None);
        for j in 0..self.issues {
            for k in self.range[j].clone() {
                self.tabulate(j, k);
            }
        }
        self.cover(lo, hi);
    }

    /// Where verification of an issue deters, in a region that relaxes: a hazard bends there.
    fn deterring(&self, j: usize) -> impl Iterator<Item = i32> {
        let relaxes = !self.ceilings.is_empty();
        let here = self.s.promises.iter().filter_map(|p| p.verified_by);
        let here = here.filter(move |v| relaxes && v.0 == j && (0.0..=1.0).contains(&v.1));
        here.map(|v| (v.1 * f64::from(UNIT)).round() as i32)
    }

    /// Holds the coupled issues at some positions: with them the risk of reneging, and so φ.
    pub(super) fn fix(&mut self, positions: &[f64]) {
        let mut moved = 0;
        for c in 0..self.coupled.len() {
            let j = self.coupled[c];
            if self.fixed[c] == positions[c] {
                continue;
            }
            self.fixed[c] = positions[c];
            moved |= bit(c);
            let k = self.range[j].start;
            self.at[k] = positions[c];
            self.tabulate(j, k);
        }
        for side in 0..self.s.rules.len() {
            if self.valued[side].is_some() && self.hang[side] & moved == 0 {
                continue;
            }
            let at = |j: usize| -> i32 {
                let c = self.coupled.iter().position(|k| *k == j);
                c.map_or(0, |c| (positions[c] * f64::from(UNIT)).round() as i32)
            };
            let rho = self.hazard(side, at);
            let r = self.s.discount[side];
            let keeping = self.s.keeping(side, at);
            // Mostly the promises to one side alone have changed.
            if self.valued[side].replace((rho, keeping)) == Some((rho, keeping)) {
                continue;
            }
            match keeping {
                Some(keeps) => self.keeps_at(side, keeps),
                None => self.value_at(side, phi(r, rho)),
            }
        }
    }

    /// The worth of every live node under non-negative weights on functions.
    #[inline(always)]
    fn weigh(&mut self, weights: &[f64]) {
        let width = self.at.len();
        let worth = &mut self.worth[..width];
        let mut begun = false;
        for (u, f) in self.used.iter().enumerate() {
            let w = weights[*f];
            if w == 0.0 {
                continue;
            }
            let a = w * self.phi[*f];
            let b = self.gone[*f].map_or(w - a, |gone| w * gone);
            let loss = &self.loss[u * width..(u + 1) * width];
            if b != 0.0 && self.sinks[u] {
                if !begun {
                    worth.fill(0.0);
                }
                let sunk = &self.sunk[u * width..(u + 1) * width];
                for ((t, loss), sunk) in worth.iter_mut().zip(loss).zip(sunk) {
                    *t = *t - a * loss - b * sunk;
                }
            } else if begun {
                worth.iter_mut().zip(loss).for_each(|(t, x)| *t -= a * x);
            } else {
                worth.iter_mut().zip(loss).for_each(|(t, x)| *t = 0.0 - a * x);
            }
            begun = true;
        }
        if !begun {
            worth.fill(0.0);
        }
        for (ceiling, w) in self.ceilings.iter().zip(&weights[self.functions.len()..]) {
            if *w != 0.0 {
                self.worth.iter_mut().zip(&ceiling.part).for_each(|(t, x)| *t -= w * x);
            }
        }
    }

    /// The best that non-negative weights can reach in the box: a bound for every program whose
    /// weights they are.
    pub(super) fn bound(&mut self, weights: &[f64]) -> f64 {
        weigh(self, weights);
        let mut constant: f64 = weights.iter().zip(&self.constant).map(|(w, c)| w * c).sum();
        for (ceiling, w) in self.ceilings.iter().zip(&weights[self.functions.len()..]) {
            constant += w * (ceiling.most - ceiling.base);
        }
        let best = |range: &Range<usize>| {
            // Written out: `f64::max` also minds NaN.
            let more = |most: f64, x: &f64| if *x > most { *x } else { most };
            self.worth[range.clone()].iter().fold(f64::MIN, more)
        };
        constant + self.range.iter().map(best).sum::<f64>()
    }

    /// Whether some issues are held at a position.
    pub(super) fn holds(&self) -> bool {
        !self.coupled.is_empty()
    }

    /// The middle of the box: where a search may start. Where the region relaxes, issues that a hazard
    /// depends on are at their ends, where it is least.
    pub(super) fn middle(&self, into: &mut Vec<f64>) {
        into.clear();
        into.extend(self.range.iter().map(|r| self.at[r.start + r.len() / 2]));
        for (j, _, _) in self.ceilings.iter().flat_map(|c| &c.terms) {
            into[*j] = self.at[self.range[*j].end - 1];
        }
    }
}

/// [`Region::weigh`], four nodes at a time where the processor can.
#[multiversion(targets("x86_64+avx2"))]
fn weigh(region: &mut Region<'_>, weights: &[f64]) {
    region.weigh(weights);
}

impl Packages for Region<'_> {
    fn best(&mut self, weights: &[f64], x: &mut Vec<f64>, values: &mut Vec<f64>) {
        weigh(self, weights);
        let width = self.at.len();
        x.clear();
        values.clear();
        values.extend_from_slice(&self.constant);
        values.extend(self.ceilings.iter().map(|c| c.most - c.base));
        self.chosen.clear();
        for range in &self.range {
            let (mut best, mut most) = (range.start, f64::NEG_INFINITY);
            for (k, worth) in range.clone().zip(&self.worth[range.clone()]) {
                if *worth > most {
                    (best, most) = (k, *worth);
                }
            }
            x.push(self.at[best]);
            self.chosen.push(best);
        }
        for (u, f) in self.used.iter().enumerate() {
            let phi = self.phi[*f];
            let gone = self.gone[*f].unwrap_or(1.0 - phi);
            let row = u * width..(u + 1) * width;
            let (loss, sunk) = (&self.loss[row.clone()], &self.sunk[row]);
            let value = &mut values[*f];
            self.chosen.iter().for_each(|k| *value -= phi * loss[*k] + gone * sunk[*k]);
        }
        for (value, ceiling) in values[self.functions.len()..].iter_mut().zip(&self.ceilings) {
            self.chosen.iter().for_each(|k| *value -= ceiling.part[*k]);
        }
    }

    fn values(&self, x: &[f64], into: &mut Vec<f64>) {
        into.clear();
        into.extend_from_slice(&self.constant);
        for f in &self.used {
            let phi = self.phi[*f];
            let gone = self.gone[*f].unwrap_or(1.0 - phi);
            let shapes = &self.shapes[f * self.issues..(f + 1) * self.issues];
            let value = &mut into[*f];
            for (shape, x) in shapes.iter().zip(x) {
                let (loss, sunk) = shape.parts(*x);
                *value -= phi * loss + gone * sunk;
            }
        }
        for ceiling in &self.ceilings {
            let below: f64 = ceiling.terms.iter().map(|(j, f, share)| f * share.at(x[*j])).sum();
            into.push(ceiling.most - ceiling.base - below);
        }
    }

    fn hold_in(&self, x: &mut [f64]) {
        self.coupled.iter().zip(&self.fixed).for_each(|(j, held)| x[*j] = *held);
    }

    fn functions(&self) -> usize {
        self.ceilings().end
    }
}
