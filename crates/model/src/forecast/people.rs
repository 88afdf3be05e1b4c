//! What people do with the zone of a case: a distribution of terms over its draws, and how much of its
//! spread is people and how much what the analyst does not know.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::case::Case;
use crate::theory::UNIT;
use crate::theory::grid::{Grid, TermsRule};
use crate::theory::people::{PeopleRule, ZoneTerms, band};
use crate::theory::situation::Situation;

use super::outcome::Solver;

/// Draws on which the distribution is worked out, at most: packages are listed in each.
pub(super) const DRAWS: u64 = 500;
/// Packages that are listed of a draw, at most.
const MOST: usize = 8_192;
/// How many levels an issue may have, finest first.
const LEVELS: [i32; 5] = [21, 11, 5, 3, 2];
/// Thousandths of a scale, and tenths of a point, by which chances are counted.
const PLACES: f64 = 1_000.0;
const TENTHS: f64 = 10.0;
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
    /// How many of them have a zone.
    pub open: u64,
    /// How many of these have a zone so narrow that of the packages that are listed none but the draw's
    /// own terms lies in it.
    pub narrow: u64,
    /// Levels of every issue, evenly spaced unless the case names its own; the terms of the draw stand
    /// beside them.
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
    /// Positions in the issues' own units, each at the nearest level.
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
    /// By issue: the sums of means, their squares and variances within; and every draw's chances by
    /// thousandths of the scale.
    issues: Vec<[f64; 3]>,
    by_place: Vec<BTreeMap<i64, f64>>,
    /// By side: the same, and every draw's chances by whole tenths of a point.
    gains: Vec<[f64; 3]>,
    by_gain: Vec<BTreeMap<i64, f64>>,
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
        let Some(own) = solver.now.solution.terms.get(..self.issues).map(<[i32]>::to_vec) else {
            return;
        };
        sums.open += 1;
        let (s, no_deal) = (&solver.now.situation, &solver.now.no_deal);
        // With the draw's own terms beside the levels, a narrow zone is not missed.
        // A text alone is all there is to strike.
        let alone = solver.frame.case().question.about.is_some();
        let beside = |x: &i32| {
            if alone {
                return vec![*x];
            }
            let mut nodes = self.levels.clone();
            nodes.push(*x);
            nodes.sort_unstable();
            nodes.dedup();
            nodes
        };
        solver.grid.evaluate(s, no_deal, own.iter().map(beside).collect());
        let found = ZoneTerms::new(&solver.grid, s, no_deal, self.atom).unwrap_or_default();
        sums.narrow += u64::from(found.packages.len() < 2);
        // Rounded to a millionth, terms on the edge of a zone may lie outside.
        let alone = found.packages.is_empty();
        let at: Vec<Vec<i32>> = match alone {
            true => vec![own.clone()],
            false => found.packages.iter().map(|x| solver.grid.package(*x)).collect(),
        };
        let p = if alone { vec![1.0] } else { found.p };
        let gains = match alone {
            true => gains_at(s, &no_deal.m, &own),
            false => found.gains,
        };
        let count = self.levels.len();
        let n = (0..self.issues).fold(1, |n, _| n * count);
        sums.p.resize(n, 0.0);
        sums.most_equal.resize(n, 0.0);
        for (x, p) in at.iter().zip(&p) {
            sums.p[self.nearest(x)] += p;
        }
        match alone {
            true => sums.most_equal[self.nearest(&own)] += 1.0,
            false => {
                let each = 1.0 / found.most_equal.len() as f64;
                for x in &found.most_equal {
                    sums.most_equal[self.nearest(&solver.grid.package(*x))] += each;
                }
            }
        }
        sums.issues.resize(self.issues, [0.0; 3]);
        sums.by_place.resize(self.issues, BTreeMap::new());
        for j in 0..self.issues {
            let place = || at.iter().map(|x| f64::from(x[j]) / f64::from(UNIT));
            moments(&mut sums.issues[j], place(), &p);
            tally(&mut sums.by_place[j], place().map(|x| PLACES * x), &p);
        }
        let sides = gains.len() / at.len();
        sums.gains.resize(sides, [0.0; 3]);
        sums.by_gain.resize(sides, BTreeMap::new());
        for side in 0..sides {
            let gain = || gains.iter().skip(side).step_by(sides).map(|g| 100.0 * g);
            moments(&mut sums.gains[side], gain(), &p);
            tally(&mut sums.by_gain[side], gain().map(|g| TENTHS * g), &p);
        }
    }

    /// The package of levels that is nearest, as they are counted: the last issue fastest.
    fn nearest(&self, x: &[i32]) -> usize {
        let level = |x: &i32| {
            let gap = |k: &usize| (self.levels[*k] - x).abs();
            (0..self.levels.len()).min_by_key(gap).unwrap_or(0)
        };
        x.iter().fold(0, |at, x| at * self.levels.len() + level(x))
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
        for (all, part) in [(&mut all.by_place, part.by_place), (&mut all.by_gain, part.by_gain)] {
            all.resize(all.len().max(part.len()), BTreeMap::new());
            for (all, part) in all.iter_mut().zip(part) {
                part.into_iter().for_each(|(x, p)| *all.entry(x).or_default() += p);
            }
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
        let bands = |histogram: &BTreeMap<i64, f64>, value: &dyn Fn(f64) -> f64| {
            let values: Vec<f64> = histogram.keys().map(|x| value(*x as f64)).collect();
            let chances: Vec<f64> = histogram.values().map(|p| p / open).collect();
            band(&values, &chances)
        };
        let on_issue = |(j, moments): (usize, &[f64; 3])| {
            let issue = &case.issues[j];
            let band = bands(&sums.by_place[j], &|x| issue.in_units(x / PLACES));
            row(issue.id.clone(), band, *moments, open, issue.scale.1 - issue.scale.0)
        };
        let of_side = |((moments, by_gain), id): ((&[f64; 3], &BTreeMap<i64, f64>), String)| {
            row(id, bands(by_gain, &|x| x / TENTHS), *moments, open, 1.0)
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

/// The levels of every issue: those of the case, or the finest whose packages can be listed. None over
/// options without order: the rule was fitted to issues that have one.
fn levels(case: &Case) -> Option<Vec<i32>> {
    if case.has_options() {
        return None;
    }
    let packages = |n: usize| (0..case.issues.len()).try_fold(1usize, |all, _| all.checked_mul(n));
    let levels: Vec<i32> = match &case.switches.grid {
        Some(_) => super::central::scale_levels(case),
        None => {
            let fits = |n: &&i32| packages(**n as usize + 1).is_some_and(|p| p <= MOST);
            let n = LEVELS.iter().find(fits)?;
            (0..*n).map(|k| (i64::from(k) * i64::from(UNIT) / i64::from(n - 1)) as i32).collect()
        }
    };
    packages(levels.len() + 1).filter(|p| *p <= MOST)?;
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

/// What terms give each negotiator over no deal; each member, where no side has one.
fn gains_at(s: &Situation, m: &[f64], x: &[i32]) -> Vec<f64> {
    let mut table: Vec<usize> = s.negotiator.iter().flatten().copied().collect();
    if table.is_empty() {
        table = (0..s.members()).collect();
    }
    table.into_iter().map(|i| (s.value(i, x, m[i]) - m[i]).max(0.0)).collect()
}

/// Adds chances to a histogram by whole numbers.
fn tally(histogram: &mut BTreeMap<i64, f64>, values: impl Iterator<Item = f64>, p: &[f64]) {
    for (x, p) in values.zip(p) {
        *histogram.entry(x.round() as i64).or_default() += p;
    }
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
