//! The Pareto frontier of a finite set of utility vectors, for any number of sides.
//!
//! Answers which outcomes nobody can improve on without hurting somebody. It knows nothing of
//! issues, disagreement points or solutions.

use std::collections::BTreeMap;
use std::ops::Range;

/// How two utilities are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// As the doubles they are: `0.1 + 0.2` and `0.3` differ. This is what Genius does.
    Exact,
    /// As integers on a grid of 10⁻⁹, so that the order of a sum decides nothing. On a grid
    /// "not worse" stays transitive, which a tolerance on differences would not be.
    Rounded,
}

impl Precision {
    /// Maps a utility to an integer with the same order; NaN comes below everything.
    #[must_use]
    pub fn key(self, utility: f64) -> i64 {
        if utility.is_nan() {
            return i64::MIN;
        }
        match self {
            // Adding zero turns -0 into +0. The bits of a positive double grow with it; those of
            // a negative one shrink, hence the flip of all but the sign.
            Self::Exact => {
                let bits = (utility + 0.0).to_bits().cast_signed();
                if bits < 0 { bits ^ i64::MAX } else { bits }
            }
            Self::Rounded => (utility * 1e9).round() as i64,
        }
    }
}

/// The undominated outcomes, grouped by the point of utilities they give.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    outcomes: Vec<usize>,
    points: Vec<Range<usize>>,
}

impl Frontier {
    /// Outcomes on the frontier: several may give the same point.
    #[must_use]
    pub fn outcomes(&self) -> &[usize] {
        &self.outcomes
    }

    /// The number of distinct points of utilities on the frontier.
    #[must_use]
    pub fn len(&self) -> usize {
        self.points.len()
    }

    /// Whether there was no outcome at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// Each point as the outcomes that give it, in ascending order; points from the best for the
    /// first side to the worst.
    pub fn points(&self) -> impl Iterator<Item = &[usize]> {
        self.points.iter().map(|range| &self.outcomes[range.clone()])
    }
}

/// Finds the outcomes that no other outcome dominates.
///
/// `values` is row-major: one row of `sides` utilities per outcome, any scale; a trailing
/// incomplete row is ignored. The answer depends on the values alone, not on their order
/// (but for the order of ties, which is that of the outcomes).
///
/// # Model
/// `y` dominates `x` iff `y_i ≥ x_i` for every side and `y_i > x_i` for one.
///
/// Most outcomes of a real domain are dominated by a handful of good ones, so one pass against a
/// small window removes them. Among the rest: a sweep for two sides, a staircase for three
/// (`O(n log n)`), divide and conquer for more (`O(n log^{k−2} n)`).
///
/// # Reference
/// Kung, Luccio and Preparata (1975), "On finding the maxima of a set of vectors", *Journal of
/// the ACM* 22(4), 469–476. Equal points are merged first, which the paper assumes away.
#[must_use]
pub fn frontier(values: &[f64], sides: usize, precision: Precision) -> Frontier {
    if sides == 0 {
        return Frontier::default();
    }
    let mut kept = window(values, sides, precision);
    kept.sort_unstable_by(|(a, i), (b, j)| b.cmp(a).then(i.cmp(j)));

    let mut distinct: Vec<&[i64]> = Vec::new();
    let mut groups: Vec<Range<usize>> = Vec::new();
    for (at, (key, _)) in kept.iter().enumerate() {
        match groups.last_mut() {
            Some(group) if kept[group.start].0 == *key => group.end = at + 1,
            _ => {
                distinct.push(key);
                groups.push(at..at + 1);
            }
        }
    }
    let mut found = Frontier::default();
    for point in maxima(&distinct, sides) {
        let start = found.outcomes.len();
        found.outcomes.extend(kept[groups[point].clone()].iter().map(|(_, outcome)| *outcome));
        found.points.push(start..found.outcomes.len());
    }
    found
}

/// One row as integers.
type Key = Box<[i64]>;

/// Drops what a small window of good outcomes dominates; whatever stays is compared in full later.
fn window(values: &[f64], sides: usize, precision: Precision) -> Vec<(Key, usize)> {
    const WIDTH: usize = 32;
    let mut window: Vec<(f64, Key)> = Vec::with_capacity(WIDTH);
    let mut weakest = 0;
    let mut kept: Vec<(Key, usize)> = Vec::new();
    let mut row = vec![0; sides];
    for (outcome, utilities) in values.chunks_exact(sides).enumerate() {
        for (key, utility) in row.iter_mut().zip(utilities) {
            *key = precision.key(*utility);
        }
        if let Some(at) = window.iter().position(|(_, good)| dominates(good, &row)) {
            // What dominated once is asked earlier the next time.
            if at > 0 {
                window.swap(at, at - 1);
                weakest = match weakest {
                    w if w == at => at - 1,
                    w if w == at - 1 => at,
                    w => w,
                };
            }
            continue;
        }
        let score: f64 = utilities.iter().sum();
        if window.len() < WIDTH {
            window.push((score, row.clone().into()));
            weakest = lowest(&window);
        } else if score > window[weakest].0 {
            window[weakest] = (score, row.clone().into());
            weakest = lowest(&window);
        }
        kept.push((row.clone().into(), outcome));
    }
    // Early outcomes met a window that was not good yet.
    kept.retain(|(key, _)| !window.iter().any(|(_, good)| dominates(good, key)));
    kept
}

fn lowest(window: &[(f64, Key)]) -> usize {
    let by_score = |a: &usize, b: &usize| window[*a].0.total_cmp(&window[*b].0);
    (0..window.len()).min_by(by_score).unwrap_or(0)
}

fn dominates(a: &[i64], b: &[i64]) -> bool {
    not_below(a, b) && a != b
}

fn not_below(a: &[i64], b: &[i64]) -> bool {
    a.iter().zip(b).all(|(x, y)| x >= y)
}

/// Indices of the maxima among distinct points in descending lexicographic order, ascending.
fn maxima(points: &[&[i64]], sides: usize) -> Vec<usize> {
    match sides {
        1 => (0..points.len().min(1)).collect(),
        2 => sweep(points),
        3 => staircase(points),
        _ => {
            let all: Vec<usize> = (0..points.len()).collect();
            divide(points, &all)
        }
    }
}

fn sweep(points: &[&[i64]]) -> Vec<usize> {
    let mut best = None;
    let mut found = Vec::new();
    for (at, point) in points.iter().enumerate() {
        if best.is_none_or(|second| point[1] > second) {
            best = Some(point[1]);
            found.push(at);
        }
    }
    found
}

/// Three sides: earlier points are no worse for the first, so a point stays iff its other two
/// utilities lie above the staircase of the earlier ones.
fn staircase(points: &[&[i64]]) -> Vec<usize> {
    let mut steps: BTreeMap<i64, i64> = BTreeMap::new();
    let mut found = Vec::new();
    for (at, point) in points.iter().enumerate() {
        let (second, third) = (point[1], point[2]);
        if steps.range(second..).next().is_some_and(|(_, height)| *height >= third) {
            continue;
        }
        while let Some((&low, _)) =
            steps.range(..=second).next_back().filter(|(_, height)| **height <= third)
        {
            steps.remove(&low);
        }
        steps.insert(second, third);
        found.push(at);
    }
    found
}

fn divide(points: &[&[i64]], among: &[usize]) -> Vec<usize> {
    if among.len() <= 1 {
        return among.to_vec();
    }
    let (upper, lower) = among.split_at(among.len() / 2);
    let mut upper = divide(points, upper);
    let lower = divide(points, lower);
    // `upper` is no worse on the first side and no point occurs twice, so being no worse on the
    // others is enough to dominate.
    let survivors = marry(points, &upper, lower, 1);
    upper.extend(survivors);
    upper
}

/// Those of `lower` that no point of `upper` equals or exceeds on every side from `side` on.
fn marry(points: &[&[i64]], upper: &[usize], lower: Vec<usize>, side: usize) -> Vec<usize> {
    const SMALL: usize = 1 << 9;
    if upper.is_empty() || lower.is_empty() {
        return lower;
    }
    let last = points[lower[0]].len() - 1;
    if upper.len() * lower.len() <= SMALL || side >= last {
        return lower
            .into_iter()
            .filter(|&b| !upper.iter().any(|&a| not_below(&points[a][side..], &points[b][side..])))
            .collect();
    }
    if side + 1 == last {
        return marry_by_sweep(points, upper, lower, side);
    }
    let mut keys: Vec<i64> = upper.iter().chain(&lower).map(|&p| points[p][side]).collect();
    let middle = keys.len() / 2;
    let median = *keys.select_nth_unstable(middle).1;
    let least = keys.iter().copied().min().unwrap_or(median);
    let cut = if median > least {
        Some(median)
    } else {
        keys.iter().copied().filter(|&key| key > least).min()
    };
    // All equal on this side: it decides nothing.
    let Some(cut) = cut else { return marry(points, upper, lower, side + 1) };
    let high = |&p: &usize| points[p][side] >= cut;
    let (upper_high, upper_low): (Vec<_>, Vec<_>) = upper.iter().copied().partition(high);
    let (lower_high, lower_low): (Vec<_>, Vec<_>) = lower.into_iter().partition(high);
    let mut stays = marry(points, &upper_high, lower_high, side);
    let low = marry(points, &upper_high, lower_low, side + 1);
    stays.extend(marry(points, &upper_low, low, side));
    // Keep the lexicographic order the caller gave.
    stays.sort_unstable();
    stays
}

fn marry_by_sweep(
    points: &[&[i64]],
    upper: &[usize],
    lower: Vec<usize>,
    side: usize,
) -> Vec<usize> {
    let pair = |&p: &usize| (points[p][side], points[p][side + 1], p);
    let mut upper: Vec<_> = upper.iter().map(pair).collect();
    let mut lower: Vec<_> = lower.iter().map(pair).collect();
    upper.sort_unstable_by(|a, b| b.cmp(a));
    lower.sort_unstable_by(|a, b| b.cmp(a));
    let mut above = upper.into_iter().peekable();
    let mut best = None;
    let mut stays = Vec::new();
    for (first, second, point) in lower {
        while let Some((_, height, _)) = above.next_if(|(key, _, _)| *key >= first) {
            best = best.max(Some(height));
        }
        if best.is_none_or(|height| height < second) {
            stays.push(point);
        }
    }
    stays.sort_unstable();
    stays
}
