//! Packages by enumeration: every combination of the nodes of each issue, exactly.
//!
//! # Model
//! Acceptance, zone, room, terms, interventions and conflicts of steps 7–10, read off one pass over
//! the packages `x ∈ Π_j N_j`, N_j the nodes of issue j in whole millionths of its scale: the grid, this
//! draw's ideals, red lines and demands, and the status quo. Values are `[negotiator × package]`, in
//! flows of utility, packages in C order; who accepts is a bit a member, so that there are at most
//! 64. A package is acceptable from `v − m ≥ −1e-9` on, and maximisers within 1e-12 are tied.
//!
//! Right for cases that fix `[model] grid`, for exponents other than 1, for options without order, and as the yardstick of the
//! exact solver. At most [`MOST_PACKAGES`] packages.
//!
//! # Reference
//! Putnam 1988 (`putnam1988`) for win-sets, Nash 1950 (`nash1950`) for terms. What deviates: a
//! zone that holds no node is missed, so that P(zone) is never above that of the exact solver.

use super::conflicts::{Conflicts, Limits, MOST_CONSTRAINTS, Set, minimal, minimal_conflicts};
use super::power::players;
use super::situation::{NO_DEMAND, Situation, distance, option_place};
use super::threat::NoDeal;
use super::{TIE, TOLERANCE, UNIT};

/// More packages than this are refused before any memory is taken.
pub const MOST_PACKAGES: usize = 20_000_000;

/// How the terms were found (step 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermsRule {
    /// The weighted Nash product.
    Nash,
    /// The largest product is zero: the smallest gain, lexicographically.
    Leximin,
    /// A credible threat pushes a negotiator below its threat point: the target's best.
    DealMeOut,
    /// One side without a negotiator: its weighted mean.
    Council,
}

impl TermsRule {
    /// The word used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nash => "nash",
            Self::Leximin => "leximin",
            Self::DealMeOut => "deal-me-out",
            Self::Council => "council",
        }
    }
}

/// What one draw's packages say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GridSolution {
    /// Room G; `None` where the zone is empty.
    pub room: Option<f64>,
    /// Whether some package in the zone leaves every negotiator at its threat point or above.
    pub above_threat: bool,
    /// How the terms were found.
    pub rule: Option<TermsRule>,
    /// The maximisers, row-major `[maximiser × issue]`.
    pub terms: Vec<i32>,
    /// The largest weighted Nash product, where that rule applies.
    pub nash_value: Option<f64>,
    /// block_i: the zone is empty, and would not be if i accepted everything.
    pub block: Vec<bool>,
    /// walk_i: there is a zone, and would be none if i rejected everything.
    pub walk: Vec<bool>,
    /// How far the search may have fallen short; nothing where there was none.
    pub gap: SearchGap,
}

/// How far a search over many coupled issues, or one over members that was ended, may have fallen short.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SearchGap {
    /// Whether there was one over coupled issues.
    pub split: bool,
    /// No package was found, and that there is none was not proved.
    pub missed: bool,
    /// No package has more room by more than this.
    pub room: f64,
    /// No Nash product is larger by more than this share of it.
    pub product: f64,
}

/// The nodes of each issue and the acceptance of every package.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    /// Rising positions of each issue.
    pub nodes: Vec<Vec<i32>>,
    /// Who accepts each package, a bit a member; packages in C order, last issue fastest.
    pub accepts: Vec<u64>,
    /// The value v of each package to each negotiator, `[negotiator × package]`.
    pub values: Vec<f64>,
    negotiators: Vec<usize>,
    /// Distinct acceptance masks of the packages that are deals.
    masks: Vec<u64>,
    row: Vec<f64>,
}

/// The nodes of step 1: the grid plus every member's ideals, red lines and demands and the status
/// quo; all options of an issue without order.
pub fn nodes(s: &Situation, grid: &[i32]) -> Vec<Vec<i32>> {
    let (n, issues) = (s.members(), s.issues());
    (0..issues)
        .map(|j| {
            if let Some(options) = s.options_on(j) {
                return (0..options).map(|k| option_place(k, options)).collect();
            }
            let mut at: Vec<i32> = grid.to_vec();
            at.push(s.quo[j]);
            for i in 0..n {
                let k = i * issues + j;
                at.push(s.ideal[k]);
                at.extend(
                    [s.red_min[k], s.red_max[k], s.demand[k]]
                        .iter()
                        .filter(|x| (0..=UNIT).contains(*x) && **x != NO_DEMAND),
                );
            }
            at.sort_unstable();
            at.dedup();
            at
        })
        .collect()
}

impl Grid {
    /// How many packages the nodes make, or `None` beyond [`MOST_PACKAGES`].
    pub fn size(nodes: &[Vec<i32>]) -> Option<usize> {
        nodes
            .iter()
            .try_fold(1usize, |size, at| size.checked_mul(at.len()))
            .filter(|size| *size <= MOST_PACKAGES)
    }

    /// The package at an index.
    pub fn package(&self, mut index: usize) -> Vec<i32> {
        let mut x = vec![0; self.nodes.len()];
        for (j, at) in self.nodes.iter().enumerate().rev() {
            x[j] = at[index % at.len()];
            index /= at.len();
        }
        x
    }

    /// Evaluates every package for every member. The caller has checked [`Self::size`].
    pub fn evaluate(&mut self, s: &Situation, no_deal: &NoDeal, nodes: Vec<Vec<i32>>) {
        self.nodes = nodes;
        let packages: usize = self.nodes.iter().map(Vec::len).product();
        self.negotiators = s.negotiator.iter().flatten().copied().collect();
        if self.negotiators.is_empty() {
            self.negotiators = (0..s.members()).collect();
        }
        self.accepts.clear();
        self.accepts.resize(packages, 0);
        self.values.clear();
        self.values.resize(packages * self.negotiators.len(), 0.0);
        let mut row = std::mem::take(&mut self.row);
        row.resize(packages, 0.0);
        for i in 0..s.members() {
            self.evaluate_member(s, i, no_deal.m[i], no_deal.least(i), &mut row);
            for (k, _) in self.negotiators.iter().enumerate().filter(|(_, n)| **n == i) {
                self.values[k * packages..(k + 1) * packages].copy_from_slice(&row);
            }
        }
        self.row = row;
        self.masks.clear();
        let quo = self.quo_packages(s);
        let mut last = u64::MAX;
        for (p, mask) in self.accepts.iter().enumerate() {
            // Neighbours mostly share a mask: a cheap filter before the sort.
            if *mask != last && !quo.contains(&p) {
                self.masks.push(*mask);
                last = *mask;
            }
        }
        self.masks.sort_unstable();
        self.masks.dedup();
    }

    /// v of every package to member i into `row`, and its bit in `accepts`.
    fn evaluate_member(&mut self, s: &Situation, i: usize, m: f64, least: f64, row: &mut [f64]) {
        let issues = s.issues();
        let base = i * issues;
        let at = |j: usize| base + j;
        let sunk = |j: usize| {
            let to = s.promises.iter().filter(|p| p.to == s.side[i]);
            to.map(|p| p.sunk[j]).fold(0.0, f64::max)
        };
        let to: Vec<_> = s.promises.iter().filter(|p| p.to == s.side[i]).collect();
        let exposed = to.iter().map(|p| p.exposed).fold(0.0, f64::max);
        // Per issue and node: loss, loss against the demand, sunk concession, inside the red lines.
        let tables: Vec<Vec<[f64; 3]>> = (0..issues)
            .map(|j| {
                let (w, theta) = (s.weight[at(j)], s.ideal[at(j)]);
                let asked = s.demand[at(j)];
                let quo = s.apart(i, j, s.quo[j]);
                self.nodes[j]
                    .iter()
                    .map(|x| {
                        let d = s.apart(i, j, *x);
                        let worse = if asked == NO_DEMAND {
                            0.0
                        } else {
                            d - distance(asked, theta, s.alpha)
                        };
                        [w * d, w * worse, w * sunk(j) * (d - quo).max(0.0)]
                    })
                    .collect()
            })
            .collect();
        let inside: Vec<Vec<bool>> = (0..issues)
            .map(|j| {
                let range = s.red_min[at(j)]..=s.red_max[at(j)];
                self.nodes[j].iter().map(|x| range.contains(x)).collect()
            })
            .collect();
        let last = issues - 1;
        let width = self.nodes[last].len();
        let (audience, r) = (s.audience[i], s.discount[s.side[i]]);
        let mut position = vec![0usize; issues];
        let mut x: Vec<i32> = self.nodes.iter().map(|at| at[0]).collect();
        for block in 0..row.len() / width {
            let mut head = [0.0; 3];
            let mut ok = true;
            for j in 0..last {
                let t = &tables[j][position[j]];
                head = [head[0] + t[0], head[1] + t[1], head[2] + t[2]];
                ok &= inside[j][position[j]];
            }
            let start = block * width;
            for k in 0..width {
                let t = &tables[last][k];
                let u = 1.0 - head[0] - t[0] - audience * (head[1] + t[1]).max(0.0);
                let v = if to.is_empty() {
                    u
                } else {
                    x[last] = self.nodes[last][k];
                    if let Some(keeps) = s.keeping(s.side[i], |j| x[j]) {
                        let lost = keeps.lost + keeps.sunk * (head[2] + t[2]);
                        m + keeps.kept * (u - m) - lost
                    } else {
                        let rho: f64 = to.iter().map(|p| p.rate * p.exposure_at(|j| x[j])).sum();
                        if rho == 0.0 {
                            u
                        } else {
                            let phi = r / (r + rho);
                            phi * u + (1.0 - phi) * (m - exposed - head[2] - t[2])
                        }
                    }
                };
                row[start + k] = v;
                if ok && inside[last][k] && v - least >= -TOLERANCE {
                    self.accepts[start + k] |= 1 << i;
                }
            }
            for j in (0..last).rev() {
                position[j] += 1;
                if position[j] < self.nodes[j].len() {
                    x[j] = self.nodes[j][position[j]];
                    break;
                }
                position[j] = 0;
                x[j] = self.nodes[j][0];
            }
        }
    }

    /// The indices of packages that are the status quo.
    fn quo_packages(&self, s: &Situation) -> Vec<usize> {
        let mut found = vec![0usize];
        for (j, at) in self.nodes.iter().enumerate() {
            let near = |k: &usize| (at[*k] - s.quo[j]).abs() <= UNIT / 100;
            found = found
                .iter()
                .flat_map(|p| (0..at.len()).filter(near).map(move |k| p * at.len() + k))
                .collect();
        }
        found
    }

    /// The packages every side ratifies, without the status quo.
    pub fn zone(&self, s: &Situation) -> Vec<usize> {
        let good: Vec<u64> = self.masks.iter().copied().filter(|m| s.all_ratify(*m)).collect();
        if good.is_empty() {
            return Vec::new();
        }
        let quo = self.quo_packages(s);
        let passes = |p: &usize| good.binary_search(&self.accepts[*p]).is_ok() && !quo.contains(p);
        (0..self.accepts.len()).filter(passes).collect()
    }

    /// Whether some package is ratified on every side where some members (a bit each) accept anything
    /// and others reject everything.
    pub fn has_zone_with(&self, s: &Situation, free: u64, out: u64) -> bool {
        self.masks.iter().any(|mask| s.all_ratify((mask | free) & !out))
    }

    /// Steps 7–10 but for the conflicts.
    pub fn solve(&self, s: &Situation, no_deal: &NoDeal) -> GridSolution {
        let zone = self.zone(s);
        let n = s.members();
        let any = |f: &dyn Fn(u64) -> u64| self.masks.iter().any(|m| s.all_ratify(f(*m)));
        let mut out =
            GridSolution { block: vec![false; n], walk: vec![false; n], ..Default::default() };
        for i in 0..n {
            if zone.is_empty() {
                out.block[i] = any(&|m| m | 1 << i);
            } else {
                out.walk[i] = !any(&|m| m & !(1 << i));
            }
        }
        if zone.is_empty() {
            return out;
        }
        let packages = self.accepts.len();
        let value = |k: usize, p: usize| self.values[k * packages + p];
        if s.negotiator.iter().all(Option::is_none) {
            let mean = |p: usize, over: &dyn Fn(usize, f64) -> f64| {
                let (mut sum, mut all) = (0.0, 0.0);
                for i in 0..n {
                    let c = s.capability[i] as f64;
                    sum += c * over(i, value(i, p));
                    all += c;
                }
                if all > 0.0 { sum / all } else { 0.0 }
            };
            let gain = |p: usize| mean(p, &|i, v| v - no_deal.m[i]);
            out.room = zone.iter().map(|p| gain(*p)).reduce(f64::max);
            out.above_threat = true;
            out.rule = Some(TermsRule::Council);
            out.terms = self.maximisers(&zone, |p| mean(p, &|_, v| v));
            return out;
        }
        let negotiators: Vec<usize> = s.negotiator.iter().flatten().copied().collect();
        let sides = negotiators.len();
        let room = |p: usize| {
            (0..sides).map(|k| value(k, p) - no_deal.least(negotiators[k])).fold(f64::MAX, f64::min)
        };
        out.room = zone.iter().map(|p| room(*p)).reduce(f64::max);
        let gain = |k: usize, p: usize| value(k, p) - no_deal.threat(negotiators[k]);
        let above: Vec<usize> = zone
            .iter()
            .copied()
            .filter(|p| (0..sides).all(|k| gain(k, *p) >= -TOLERANCE))
            .collect();
        out.above_threat = !above.is_empty();
        if above.is_empty() {
            let target = no_deal.credible.map_or(0, |f| s.options[f].target);
            let k = negotiators.iter().position(|n| s.side[*n] == target).unwrap_or(0);
            out.rule = Some(TermsRule::DealMeOut);
            out.terms = self.maximisers(&zone, |p| value(k, p));
            return out;
        }
        let exponents = s.nash_exponents();
        let product = |p: usize| {
            (0..sides).map(|k| (gain(k, p), exponents[s.side[negotiators[k]]])).map(power).product()
        };
        let best = above.iter().map(|p| product(*p)).fold(0.0, f64::max);
        out.nash_value = Some(best);
        if best > 0.0 {
            out.rule = Some(TermsRule::Nash);
            out.terms = self.maximisers(&above, product);
        } else {
            out.rule = Some(TermsRule::Leximin);
            let mut left = above;
            for rank in 0..sides {
                let ranked = |p: usize| {
                    let mut gains: Vec<f64> = (0..sides).map(|k| gain(k, p)).collect();
                    gains.sort_by(f64::total_cmp);
                    gains[rank]
                };
                let best = left.iter().map(|p| ranked(*p)).fold(f64::MIN, f64::max);
                left.retain(|p| ranked(*p) >= best - TIE);
            }
            out.terms = left.iter().flat_map(|p| self.package(*p)).collect();
        }
        out
    }

    fn maximisers(&self, among: &[usize], worth: impl Fn(usize) -> f64) -> Vec<i32> {
        let best = among.iter().map(|p| worth(*p)).fold(f64::MIN, f64::max);
        among.iter().filter(|p| worth(**p) >= best - TIE).flat_map(|p| self.package(*p)).collect()
    }

    /// The minimal conflicting sets over `constraints`, smallest first; empty if there is a zone.
    pub fn conflicts(
        &self,
        s: &Situation,
        no_deal: &NoDeal,
        constraints: &[Constraint],
    ) -> Conflicts {
        if constraints.len() > MOST_CONSTRAINTS {
            return Conflicts::default();
        }
        let quo = self.quo_packages(s);
        let mut distinct: Vec<Set> = (0..self.accepts.len())
            .filter(|p| !quo.contains(p))
            .map(|p| s.violated(constraints, &self.package(p), no_deal))
            .collect();
        distinct.sort_unstable();
        distinct.dedup();
        // A package that violates more than another is never the better correction.
        let distinct = minimal(distinct);
        let owned = s.owned(constraints);
        let mut found = minimal_conflicts(CONFLICT_LIMITS, |set| {
            distinct.iter().find_map(|violated| {
                let kept = violated & set;
                let accepts = (0..s.members()).filter(|i| kept & owned[*i] == 0);
                let accepts = accepts.fold(0u64, |mask, i| mask | 1 << i);
                s.all_ratify(accepts).then(|| s.correction(&owned, *violated, accepts))
            })
        });
        // Where no package passes whatever is dropped, no constraint is to blame.
        found.sets.retain(|set| *set != 0);
        found
    }
}

/// A draw that needs more reports the conflicts found by then.
const CONFLICT_LIMITS: Limits = Limits { rounds: 20_000, sets: 10_000 };

/// `gain^ω`; a gain within the tolerance of zero is none.
fn power((gain, exponent): (f64, f64)) -> f64 {
    if gain <= TOLERANCE { 0.0 } else { libm::pow(gain, exponent) }
}

/// Something a member insists on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// No less than its red line on an issue.
    RedMin(usize, usize),
    /// No more than its red line on an issue.
    RedMax(usize, usize),
    /// No worse than no deal.
    Participation(usize),
}

impl Constraint {
    /// Whose constraint it is.
    pub fn member(self) -> usize {
        match self {
            Self::RedMin(i, _) | Self::RedMax(i, _) | Self::Participation(i) => i,
        }
    }
}

impl Situation {
    /// Every constraint: each member's red lines by issue, then its participation.
    pub fn constraints(&self) -> Vec<Constraint> {
        let issues = self.issues();
        let mut found = Vec::new();
        for i in 0..self.members() {
            for j in 0..issues {
                if self.red_min[i * issues + j] != i32::MIN {
                    found.push(Constraint::RedMin(i, j));
                }
                if self.red_max[i * issues + j] != i32::MAX {
                    found.push(Constraint::RedMax(i, j));
                }
            }
            found.push(Constraint::Participation(i));
        }
        found
    }

    /// The constraints that terms violate.
    pub fn violated(&self, constraints: &[Constraint], x: &[i32], no_deal: &NoDeal) -> Set {
        let issues = self.issues();
        let violates = |c: &Constraint| match *c {
            Constraint::RedMin(i, j) => x[j] < self.red_min[i * issues + j],
            Constraint::RedMax(i, j) => x[j] > self.red_max[i * issues + j],
            Constraint::Participation(i) => {
                self.value(i, x, no_deal.m[i]) - no_deal.m[i] < -TOLERANCE
            }
        };
        constraints
            .iter()
            .enumerate()
            .filter(|(_, c)| violates(c))
            .fold(0, |set, (k, _)| set | 1 << k)
    }

    /// The constraints of each member.
    pub(super) fn owned(&self, constraints: &[Constraint]) -> Vec<Set> {
        let mut owned = vec![0; self.members()];
        constraints.iter().enumerate().for_each(|(k, c)| owned[c.member()] |= 1 << k);
        owned
    }

    /// What to drop so that some of those who accept a package as things stand ratify it on every
    /// side: what it violates of as few of them as suffice, those who object most left out first.
    pub(super) fn correction(&self, owned: &[Set], violated: Set, accepts: u64) -> Set {
        let objects = |i: &usize| (violated & owned[*i]).count_ones();
        let mut order: Vec<usize> =
            (0..self.members()).filter(|i| accepts >> i & 1 == 1 && objects(i) > 0).collect();
        order.sort_by_key(|i| std::cmp::Reverse(objects(i)));
        let coalition = order.iter().fold(accepts, |left, i| {
            let without = left & !(1 << i);
            if self.all_ratify(without) { without } else { left }
        });
        let theirs = (0..self.members()).filter(|i| coalition >> i & 1 == 1);
        violated & theirs.fold(0, |set, i| set | owned[i])
    }

    /// Everybody a side's ratification depends on: those its rule names, and its negotiator.
    pub fn players(&self, side: usize) -> Vec<usize> {
        players(&self.rules[side], self.negotiator[side])
    }

    /// The exponents of the Nash product: `ω_s ∝ 1/(r_s + Σλ)` (step 9).
    pub fn nash_exponents(&self) -> Vec<f64> {
        let hazard: f64 = self.events.iter().map(|e| e.hazard).sum();
        let weights: Vec<f64> =
            self.discount.iter().map(|r| 1.0 / (r + hazard).max(1e-9)).collect();
        let sum: f64 = weights.iter().sum();
        weights.iter().map(|w| w / sum).collect()
    }
}
