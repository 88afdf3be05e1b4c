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
//! [`Keeping`](crate::theory::situation::Keeping) stand for φ, `(1 − φ)e` and `1 − φ`.
//!
//! A member with an audience has two functions, without and with its cost; the smaller one is its
//! gain, since the cost is never negative. Tables are `[function × node]`, positions in [0, 1],
//! values in flows of utility. A sum over issues is largest where each issue's part is, and each part
//! bends at nodes only: hence the best package for given weights is found issue by issue.
//!
//! # Reference
//! Steps 2 and 6 of the method, with α = 1; `sunk` bends downwards at the status quo's distance from the
//! ideal, where a node is.

use std::ops::Range;

use super::columns::Packages;
use crate::theory::UNIT;
use crate::theory::situation::{NO_DEMAND, Situation};
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
            let same = (0..i).find(|k| {
                s.side[*k] == s.side[i]
                    && no_deal.m[*k] == no_deal.m[i]
                    && no_deal.least(*k) == no_deal.least(i)
                    && s.ideal[row(*k)] == s.ideal[row(i)]
                    && s.weight[row(*k)] == s.weight[row(i)]
                    && s.audience[*k] == s.audience[i]
                    && (s.audience[i] == 0.0 || s.demand[row(*k)] == s.demand[row(i)])
            });
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
    phi: Vec<f64>,
    /// The share of what is sunk that counts, where it is not `1 − φ`.
    gone: Vec<Option<f64>>,
    constant: Vec<f64>,
    worth: Vec<f64>,
    coupled: Vec<usize>,
    /// Where the coupled issues are held.
    fixed: Vec<f64>,
}

fn unit(x: i32) -> f64 {
    f64::from(x) / f64::from(UNIT)
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
            phi: vec![1.0; list.len()],
            gone: vec![None; list.len()],
            constant: list.iter().map(|f| 1.0 - no_deal.least(f.member)).collect(),
            worth: Vec::new(),
            coupled: coupled.to_vec(),
            fixed: vec![f64::NAN; coupled.len()],
            functions: list,
        }
    }

    fn tabulate(&mut self, j: usize, k: usize) {
        let width = self.at.len();
        for u in 0..self.used.len() {
            let (loss, sunk) = self.parts(self.used[u], j, self.at[k]);
            self.loss[u * width + k] = loss;
            self.sunk[u * width + k] = sunk;
        }
    }

    /// What function f loses on issue j at x, and what of it is sunk.
    fn parts(&self, f: usize, j: usize, x: f64) -> (f64, f64) {
        let shape = &self.shapes[f * self.issues + j];
        let d = (x - shape.theta).abs();
        let loss = d + shape.audience * (d - shape.demand);
        (shape.weight * loss, shape.sunk * (d - shape.quo).max(0.0))
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
        for j in 0..self.issues {
            for k in self.range[j].clone() {
                self.tabulate(j, k);
            }
        }
    }

    /// Holds the coupled issues at some positions: with them the risk of reneging, and so φ.
    pub(super) fn fix(&mut self, positions: &[f64]) {
        for c in 0..self.coupled.len() {
            let j = self.coupled[c];
            if self.fixed[c] == positions[c] {
                continue;
            }
            self.fixed[c] = positions[c];
            let k = self.range[j].start;
            self.at[k] = positions[c];
            self.tabulate(j, k);
        }
        let at = |j: usize| -> i32 {
            let c = self.coupled.iter().position(|k| *k == j);
            c.map_or(0, |c| (positions[c] * f64::from(UNIT)).round() as i32)
        };
        for side in 0..self.s.rules.len() {
            let promises = self.s.promises.iter().filter(|p| p.to == side && p.rate > 0.0);
            let rho: f64 = promises.map(|p| p.rate * p.exposure_at(at)).sum();
            let r = self.s.discount[side];
            let keeps = self.s.keeping(side, at);
            let phi = if rho == 0.0 { 1.0 } else { r / (r + rho) };
            let phi = keeps.map_or(phi, |k| k.kept);
            for f in self.used.iter().copied() {
                let i = self.functions[f].member;
                if self.s.side[i] == side {
                    self.phi[f] = phi;
                    let paid = self.no_deal.m[i] - self.no_deal.least(i);
                    let lost = keeps.map_or((1.0 - phi) * self.exposed[f], |k| k.lost);
                    self.gone[f] = keeps.map(|k| k.sunk);
                    self.constant[f] = phi * (1.0 - self.no_deal.m[i]) - lost + paid;
                }
            }
        }
    }

    /// The worth of every live node under non-negative weights on functions.
    fn weigh(&mut self, weights: &[f64]) {
        let width = self.at.len();
        self.worth.iter_mut().for_each(|w| *w = 0.0);
        for (u, f) in self.used.iter().enumerate() {
            let w = weights[*f];
            if w == 0.0 {
                continue;
            }
            let a = w * self.phi[*f];
            let loss = &self.loss[u * width..(u + 1) * width];
            self.worth.iter_mut().zip(loss).for_each(|(t, x)| *t -= a * x);
            let b = self.gone[*f].map_or(w - a, |gone| w * gone);
            if b != 0.0 {
                let sunk = &self.sunk[u * width..(u + 1) * width];
                self.worth.iter_mut().zip(sunk).for_each(|(t, x)| *t -= b * x);
            }
        }
    }

    /// The best that non-negative weights can reach in the box: a bound for every program whose
    /// weights they are.
    pub(super) fn bound(&mut self, weights: &[f64]) -> f64 {
        self.weigh(weights);
        let constant: f64 = weights.iter().zip(&self.constant).map(|(w, c)| w * c).sum();
        let best = |range: &Range<usize>| {
            self.worth[range.clone()].iter().copied().fold(f64::MIN, f64::max)
        };
        constant + self.range.iter().map(best).sum::<f64>()
    }

    /// The middle of the box: where a search may start.
    pub(super) fn middle(&self, into: &mut Vec<f64>) {
        into.clear();
        into.extend(self.range.iter().map(|r| self.at[r.start + r.len() / 2]));
    }
}

impl Packages for Region<'_> {
    fn best(&mut self, weights: &[f64], x: &mut Vec<f64>, values: &mut Vec<f64>) {
        self.weigh(weights);
        let width = self.at.len();
        x.clear();
        values.clear();
        values.extend_from_slice(&self.constant);
        for range in &self.range {
            let mut best = range.start;
            for k in range.clone() {
                if self.worth[k] > self.worth[best] {
                    best = k;
                }
            }
            x.push(self.at[best]);
            for (u, f) in self.used.iter().enumerate() {
                let (phi, k) = (self.phi[*f], u * width + best);
                let gone = self.gone[*f].unwrap_or(1.0 - phi);
                values[*f] -= phi * self.loss[k] + gone * self.sunk[k];
            }
        }
    }

    fn values(&self, x: &[f64], into: &mut Vec<f64>) {
        into.clear();
        into.extend_from_slice(&self.constant);
        for f in &self.used {
            for (j, x) in x.iter().enumerate() {
                let (loss, sunk) = self.parts(*f, j, *x);
                let gone = self.gone[*f].unwrap_or(1.0 - self.phi[*f]);
                into[*f] -= self.phi[*f] * loss + gone * sunk;
            }
        }
    }

    fn functions(&self) -> usize {
        self.functions.len()
    }
}
