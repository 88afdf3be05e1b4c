//! What people do with the zone of a case: a distribution of terms over its draws, and how much of its
//! spread is people and how much what the analyst does not know.

use serde::Serialize;

use crate::case::Case;
use crate::theory::UNIT;
use crate::theory::grid::{Grid, TermsRule};
use crate::theory::people::{PeopleRule, ZoneTerms, band};

use super::outcome::Solver;

/// Draws on which the distribution is worked out, at most: packages are listed in each.
pub(super) const DRAWS: u64 = 500;
/// Packages that are listed of a draw, at most, where the case names no levels of its own.
const MOST: usize = 4_096;
/// How many levels an issue may have, finest first.
const LEVELS: [i32; 5] = [21, 11, 5, 3, 2];
/// Packages that are reported.
const REPORTED: usize = 50;
/// The mass of the most equal package where both sides know all values.
pub(super) const ATOM: f64 = 0.5;

/// How people divide the zone of a case, over its draws.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PeopleDeals {
    /// Draws it was worked out on.
    pub draws: u64,
    /// How many of them have a package in the zone.
    pub open: u64,
    /// How many have a zone, but none of the packages that are listed in it: they are left out.
    pub narrow: u64,
    /// Levels of every issue, evenly spaced unless the case names its own.
    pub levels: usize,
    /// The constants: `ρ`.
    pub rho: f64,
    /// `k` of each issue the zone leaves open.
    pub k_per_issue: f64,
    /// `ε`.
    pub epsilon: f64,
    /// The mass at the most equal package.
    pub atom: f64,
    /// The likeliest packages, given a deal.
    pub packages: Vec<PeoplePackage>,
    /// Each issue, in its own units.
    pub issues: Vec<PeopleBand>,
    /// The gain of each side's negotiator over no deal, in points of utility; of each member, where no
    /// side has a negotiator.
    pub gains: Vec<PeopleBand>,
}

/// A package and how likely people strike it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PeoplePackage {
    /// Positions in the issues' own units.
    pub package: Vec<f64>,
    /// Its chance given a deal, 0..1.
    pub p: f64,
    /// The share of draws with a zone in which it is the most equal package (leximin); tied ones share.
    pub most_equal: f64,
}

/// What people strike on an issue, or what it gives a side: given a deal.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PeopleBand {
    /// The issue or the side.
    pub id: String,
    /// The mean.
    pub mean: f64,
    /// The quantile at 10 %.
    pub q10: f64,
    /// The median.
    pub q50: f64,
    /// The quantile at 90 %.
    pub q90: f64,
    /// The spread within a draw, a standard deviation: what people do.
    pub people: f64,
    /// The spread of the draws' means, a standard deviation: what the analyst does not know.
    pub analyst: f64,
}

/// The packages that are listed, and sums over draws.
pub(super) struct PeopleSums {
    levels: Vec<i32>,
    issues: usize,
    atom: f64,
    sums: DrawSums,
}

/// What some draws add: always in the order of the draws, so that sums do not depend on threads.
#[derive(Clone, Default)]
pub(super) struct DrawSums {
    draws: u64,
    open: u64,
    narrow: u64,
    p: Vec<f64>,
    most_equal: Vec<f64>,
    /// By issue: the sums of means, their squares and variances within.
    issues: Vec<[f64; 3]>,
    /// By side: the same, and every draw's chances by whole tenths of a point.
    gains: Vec<[f64; 3]>,
    by_gain: Vec<std::collections::BTreeMap<i64, f64>>,
}

impl PeopleSums {
    /// Sums for a case; `None` where even the coarsest packages are too many to list.
    pub(super) fn new(case: &Case) -> Option<Self> {
        let (issues, levels) = (case.issues.len(), levels(case)?);
        let atom = if case.switches.public_values { ATOM } else { 0.0 };
        Some(Self { levels, issues, atom, sums: DrawSums::default() })
    }

    /// Adds the draw that a solver has solved.
    pub(super) fn add(&self, solver: &mut Solver<'_>, sums: &mut DrawSums) {
        sums.draws += 1;
        if solver.now.solution.room.is_none() {
            return;
        }
        let (s, no_deal) = (&solver.now.situation, &solver.now.no_deal);
        solver.grid.evaluate(s, no_deal, vec![self.levels.clone(); self.issues]);
        let Some(found) = ZoneTerms::new(&solver.grid, s, no_deal, self.atom) else {
            sums.narrow += 1;
            return;
        };
        sums.open += 1;
        let n = solver.grid.accepts.len();
        sums.p.resize(n, 0.0);
        sums.most_equal.resize(n, 0.0);
        sums.issues.resize(self.issues, [0.0; 3]);
        for (x, p) in found.packages.iter().zip(&found.p) {
            sums.p[*x] += p;
        }
        for x in &found.most_equal {
            sums.most_equal[*x] += 1.0 / found.most_equal.len() as f64;
        }
        let count = self.levels.len();
        let mut stride = n;
        for j in 0..self.issues {
            stride /= count;
            let at = |x: &usize| f64::from(self.levels[x / stride % count]) / f64::from(UNIT);
            moments(&mut sums.issues[j], found.packages.iter().map(at), &found.p);
        }
        let sides = found.gains.len() / found.packages.len();
        sums.gains.resize(sides, [0.0; 3]);
        sums.by_gain.resize(sides, std::collections::BTreeMap::new());
        for side in 0..sides {
            let gains = || found.gains.iter().skip(side).step_by(sides).map(|g| 100.0 * g);
            moments(&mut sums.gains[side], gains(), &found.p);
            for (gain, p) in gains().zip(&found.p) {
                *sums.by_gain[side].entry((10.0 * gain).round() as i64).or_default() += p;
            }
        }
    }

    /// Adds what a block of draws says.
    pub(super) fn join(&mut self, part: DrawSums) {
        let all = &mut self.sums;
        all.draws += part.draws;
        all.open += part.open;
        all.narrow += part.narrow;
        let add = |all: &mut Vec<f64>, part: Vec<f64>| {
            all.resize(all.len().max(part.len()), 0.0);
            all.iter_mut().zip(part).for_each(|(a, b)| *a += b);
        };
        add(&mut all.p, part.p);
        add(&mut all.most_equal, part.most_equal);
        for (all, part) in [(&mut all.issues, part.issues), (&mut all.gains, part.gains)] {
            all.resize(all.len().max(part.len()), [0.0; 3]);
            for (a, b) in all.iter_mut().zip(part) {
                a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
            }
        }
        all.by_gain.resize(all.by_gain.len().max(part.by_gain.len()), Default::default());
        for (all, part) in all.by_gain.iter_mut().zip(part.by_gain) {
            part.into_iter().for_each(|(g, p)| *all.entry(g).or_default() += p);
        }
    }

    /// The distribution, with the names of sides' negotiators (or members) for the gains.
    pub(super) fn told(self, case: &Case, who: Vec<String>) -> PeopleDeals {
        let PeopleSums { levels, issues, atom, sums } = self;
        let rule = PeopleRule::open_issues(1);
        let open = sums.open.max(1) as f64;
        let p: Vec<f64> = sums.p.iter().map(|p| p / open).collect();
        let level = |x: usize, j: usize| -> f64 {
            let below = (j + 1..issues).fold(1, |n, _| n * levels.len());
            f64::from(levels[x / below % levels.len()]) / f64::from(UNIT)
        };
        let mut ranked: Vec<usize> = (0..p.len()).filter(|x| p[*x] > 0.0).collect();
        ranked.sort_by(|a, b| p[*b].total_cmp(&p[*a]).then(a.cmp(b)));
        ranked.truncate(REPORTED);
        let package = |x: usize| PeoplePackage {
            package: (0..issues).map(|j| case.issues[j].in_units(level(x, j))).collect(),
            p: p[x],
            most_equal: sums.most_equal[x] / open,
        };
        let on_issue = |(j, moments): (usize, &[f64; 3])| {
            let issue = &case.issues[j];
            let mut by_level = vec![0.0; levels.len()];
            let below = (j + 1..issues).fold(1, |n, _| n * levels.len());
            p.iter().enumerate().for_each(|(x, p)| by_level[x / below % levels.len()] += p);
            let values: Vec<f64> =
                levels.iter().map(|l| issue.in_units(f64::from(*l) / f64::from(UNIT))).collect();
            let width = issue.scale.1 - issue.scale.0;
            row(issue.id.clone(), band(&values, &by_level), *moments, open, width)
        };
        let of_side = |((moments, by_gain), id): (
            (&[f64; 3], &std::collections::BTreeMap<i64, f64>),
            String,
        )| {
            let values: Vec<f64> = by_gain.keys().map(|g| *g as f64 / 10.0).collect();
            let chances: Vec<f64> = by_gain.values().map(|p| p / open).collect();
            row(id, band(&values, &chances), *moments, open, 1.0)
        };
        PeopleDeals {
            draws: sums.draws,
            open: sums.open,
            narrow: sums.narrow,
            levels: levels.len(),
            rho: rule.rho,
            k_per_issue: rule.k,
            epsilon: rule.epsilon,
            atom,
            packages: ranked.into_iter().map(package).collect(),
            issues: sums.issues.iter().enumerate().map(on_issue).collect(),
            gains: sums.gains.iter().zip(&sums.by_gain).zip(who).map(of_side).collect(),
        }
    }
}

/// The levels of every issue: those of the case, or the finest whose packages can be listed.
fn levels(case: &Case) -> Option<Vec<i32>> {
    let packages = |n: usize| (0..case.issues.len()).try_fold(1usize, |all, _| all.checked_mul(n));
    let levels: Vec<i32> = match &case.switches.grid {
        Some(_) => super::central::levels(case),
        None => {
            let fits = |n: &&i32| packages(**n as usize).is_some_and(|p| p <= MOST);
            let n = LEVELS.iter().find(fits)?;
            (0..*n).map(|k| (i64::from(k) * i64::from(UNIT) / i64::from(n - 1)) as i32).collect()
        }
    };
    packages(levels.len()).filter(|p| *p <= MOST)?;
    Some(levels)
}

/// The most equal package (leximin) and the one Nash's rule chooses, at central values and among the
/// packages that are listed, in the issues' own units; `None` where there is no zone or they are one.
pub fn most_equal_beside_nash(case: &Case) -> Option<[Vec<f64>; 2]> {
    let levels = levels(case)?;
    let (_, s, no_deal) = super::central::negotiation(case);
    let mut grid = Grid::default();
    grid.evaluate(&s, &no_deal, vec![levels; s.issues()]);
    let found = ZoneTerms::new(&grid, &s, &no_deal, 0.0)?;
    let solved = grid.solve(&s, &no_deal);
    if solved.rule != Some(TermsRule::Nash) {
        return None;
    }
    let equal: Vec<Vec<i32>> = found.most_equal.iter().map(|x| grid.package(*x)).collect();
    let nash: Vec<&[i32]> = solved.terms.chunks_exact(s.issues()).collect();
    if nash.iter().any(|x| equal.iter().any(|y| y == x)) {
        return None;
    }
    let told = |x: &[i32]| -> Vec<f64> {
        let unit = |x: &i32| f64::from(*x) / f64::from(UNIT);
        x.iter().zip(&case.issues).map(|(x, issue)| issue.in_units(unit(x))).collect()
    };
    Some([told(equal.first()?), told(nash.first()?)])
}

/// Adds the mean of a draw, its square and the variance within the draw.
fn moments(sums: &mut [f64; 3], values: impl Iterator<Item = f64>, p: &[f64]) {
    let (mut mean, mut square) = (0.0, 0.0);
    for (x, p) in values.zip(p) {
        mean += p * x;
        square += p * x * x;
    }
    sums[0] += mean;
    sums[1] += mean * mean;
    sums[2] += (square - mean * mean).max(0.0);
}

fn row(id: String, band: [f64; 4], moments: [f64; 3], open: f64, width: f64) -> PeopleBand {
    let [mean, square, within] = moments.map(|m| m / open);
    PeopleBand {
        id,
        mean: band[0],
        q10: band[1],
        q50: band[2],
        q90: band[3],
        people: width * libm::sqrt(within),
        analyst: width * libm::sqrt((square - mean * mean).max(0.0)),
    }
}
