//! Exact accumulators: fixed-point sums and integer histograms, so that any partition of the draws
//! merges to the same bytes.

use std::collections::BTreeMap;

use crate::clock::outcome::OutcomeSum;
use crate::clock::sums::FineSum;
use crate::theory::UNIT;
use crate::theory::conflicts::Set;
use crate::uncertain::points::REPLICATES;

/// One, in fixed point: probabilities are added as whole multiples of 2⁻⁴⁰.
const ONE: f64 = (1u64 << 40) as f64;

/// A sum of numbers in [−1, 1] or small multiples of it, exact in any order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum(pub(super) i128);

impl Sum {
    /// Adds a value, rounded to 2⁻⁴⁰.
    pub fn add(&mut self, x: f64) {
        self.0 += i128::from((x * ONE).round() as i64);
    }

    /// A value in fixed point. Not negative, so truncation after adding a half rounds it.
    pub fn fixed(x: f64) -> i64 {
        (x * ONE + 0.5) as i64
    }

    /// Adds a sum of values in fixed point.
    pub fn add_fixed(&mut self, sum: i64) {
        self.0 += i128::from(sum);
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: Self) {
        self.0 += other.0;
    }

    /// The mean over `n` values; 0 for none.
    pub fn mean(self, n: u64) -> f64 {
        if n == 0 { 0.0 } else { self.0 as f64 / ONE / n as f64 }
    }
}

/// How many bins a histogram has.
const BINS: usize = 4096;

/// A weighted histogram of positions on one issue. Each bin remembers the smallest and largest
/// position it holds, so that a quantile is exact wherever a bin holds one value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram {
    /// None before anything is added: most histograms of a short run stay empty.
    bins: Vec<(u128, i32, i32)>,
}

impl Histogram {
    /// A bin that nothing was added to.
    pub(super) const EMPTY: (u128, i32, i32) = (0, i32::MAX, i32::MIN);

    /// The bins; none where nothing was added.
    pub(super) fn bins(&self) -> &[(u128, i32, i32)] {
        &self.bins
    }

    /// A bin to write to; `None` past the last.
    pub(super) fn bin(&mut self, k: usize) -> Option<&mut (u128, i32, i32)> {
        if self.bins.is_empty() {
            self.bins.resize(BINS, Self::EMPTY);
        }
        self.bins.get_mut(k)
    }

    /// Adds a position with a weight in [0, 1].
    pub fn add(&mut self, x: i32, weight: f64) {
        let bin = (i64::from(x.clamp(0, UNIT)) * BINS as i64 / (i64::from(UNIT) + 1)) as usize;
        let Some((sum, lo, hi)) = self.bin(bin) else { return };
        *sum += (weight * ONE).round() as u128;
        (*lo, *hi) = ((*lo).min(x), (*hi).max(x));
    }

    /// How many values of weight 1 lie at or below `x`.
    pub fn count_up_to(&self, x: i32) -> f64 {
        let below = self.bins.iter().filter(|b| b.0 > 0 && b.1 <= x);
        below.map(|b| b.0 as f64 / ONE).sum()
    }

    /// Adds another histogram.
    pub fn merge(&mut self, other: &Self) {
        if self.bins.is_empty() {
            self.bins.clone_from(&other.bins);
            return;
        }
        for (a, b) in self.bins.iter_mut().zip(&other.bins) {
            *a = (a.0 + b.0, a.1.min(b.1), a.2.max(b.2));
        }
    }

    /// The smallest position with at least share `q` of the weight at or below it, in [0, 1] of the
    /// scale; `None` if nothing was added. Within a bin weight is spread evenly.
    pub fn quantile(&self, q: f64) -> Option<f64> {
        let total: u128 = self.bins.iter().map(|b| b.0).sum();
        if total == 0 {
            return None;
        }
        let target = q * total as f64;
        let mut below = 0.0;
        for (sum, lo, hi) in self.bins.iter().filter(|b| b.0 > 0) {
            let here = *sum as f64;
            // A share of 2⁻³⁰ forgives the rounding of equal weights at a step.
            if below + here >= target * (1.0 - 1e-9) {
                let share = ((target - below) / here).clamp(0.0, 1.0);
                let x = f64::from(*lo) + share * f64::from(hi - lo);
                return Some(x / f64::from(UNIT));
            }
            below += here;
        }
        None
    }
}

/// What is added up over draws; one value of everything a forecast reports.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// Draws added.
    pub draws: u64,
    /// The draws whose first day has no zone, and those with one, by their weights w.
    pub outcomes: [OutcomeSum; 2],
    /// `Σw·F`, `Σw²·F` and `Σw²·F²` of the answer F of each draw.
    pub answer: [FineSum; 3],
    /// Σw and `Σw·F` by scrambling; empty where draws are independent.
    pub scramblings: Vec<[FineSum; 2]>,
    /// Over the draws that are run at the nodes of the constants, by node and for the draw's own
    /// constants last: Σw.
    pub nodes: Vec<FineSum>,
    /// The text under each of them, `[state of the deadlines][day × node]`.
    pub node_text: Vec<Vec<FineSum>>,
    /// `Σw·` other endings and `Σw·` force under each of them, `[day × node]`; empty where agreement
    /// alone counts.
    pub node_endings: [Vec<FineSum>; 2],
    /// Σw of the draws without a zone on any bargaining day.
    pub closed: FineSum,
    /// Draws with a zone now, at the horizon, at neither.
    pub zone: [u64; 3],
    /// Sum of room over draws with a zone now.
    pub room: Sum,
    /// Draws in which each force option is the credible one.
    pub credible: Vec<u64>,
    /// Draws by member: it blocks, it could walk, it holds a veto, its veto binds.
    pub interventions: Vec<[u64; 4]>,
    /// Draws in which each member's power was counted.
    pub powered: Vec<u64>,
    /// Banzhaf and Shapley by member, and the squares of their standard errors where they were
    /// sampled.
    pub power: Vec<[Sum; 4]>,
    /// Draws in which conflicting sets were sought.
    pub explained: u64,
    /// Minimal conflicting sets among those without a zone now.
    pub conflicts: BTreeMap<Set, u64>,
    /// Draws in which that search ended before it was known that there are no others.
    pub unended: u64,
    /// Draws in which openings were sought.
    pub explored: u64,
    /// For each lever, the least share of its range that opens the zone of a draw without one.
    pub openings: Vec<Histogram>,
    /// Terms by issue, weighted by w and by what their own zone agrees on for the answer.
    pub terms: Vec<Histogram>,
    /// Draws the coefficients were varied on.
    pub varied: u64,
    /// Σw and `Σw·F` with each coefficient halved, and raised by half.
    pub coefficients: Vec<[[FineSum; 2]; 2]>,
    /// The same on those draws as they are.
    pub varied_answer: [FineSum; 2],
    /// Red lines that moved to their owner's ideal, by (member, issue, minimum).
    pub moved: BTreeMap<(usize, usize, bool), u64>,
    /// Draws whose packages were searched over many coupled issues or over members until the search was
    /// ended, and those among them where neither a package was found nor that there is none.
    pub searched: [u64; 2],
    /// Sum of what room may be larger by in those draws.
    pub short: Sum,
}

impl Tally {
    /// Σw of all draws.
    pub fn weight(&self) -> FineSum {
        let mut all = self.outcomes[0].weight;
        all.merge(self.outcomes[1].weight);
        all
    }

    /// The structure's answer, `Σw·F/Σw`; `None` if no weight is left: such a structure cannot have
    /// lasted so long.
    pub fn structure(&self) -> Option<f64> {
        self.answer[0].over(self.weight())
    }

    /// The Monte Carlo standard error of the pooled answer, whose structure weighs `pool`:
    /// that of the mean of [`draw_value`](crate::clock::outcome::draw_value); not a number of a single
    /// draw, which says nothing of it.
    pub fn mcse(&self, pool: f64) -> f64 {
        if self.draws < 2 {
            return f64::NAN;
        }
        let Some(p) = self.structure() else { return 0.0 };
        let n = self.draws as f64;
        let mean = self.weight().value() / n;
        if self.draws >= 2 * REPLICATES as u64 && !self.scramblings.is_empty() {
            // Points of one scrambling depend on each other; the eight do not.
            let off = |[w, wp]: &[FineSum; 2]| wp.value() - p * w.value();
            let squares: f64 = self.scramblings.iter().map(|sums| off(sums) * off(sums)).sum();
            let r = self.scramblings.len() as f64;
            return pool * (squares * r / (r - 1.0)).sqrt() / (mean * n);
        }
        let squares = self.outcomes[0].squares.value() + self.outcomes[1].squares.value();
        let [_, once, twice] = self.answer.map(FineSum::value);
        let spread = (twice - 2.0 * p * once + p * p * squares).max(0.0) / n;
        pool * (spread / n).sqrt() / mean
    }

    /// Kish's effective number of draws.
    pub fn effective(&self) -> f64 {
        let mut all = self.outcomes[0].clone();
        all.merge(&self.outcomes[1]);
        all.effective()
    }

    /// Adds another tally of the same case; order does not matter.
    pub fn merge(&mut self, other: Self) {
        if self.draws == 0 {
            *self = other;
            return;
        }
        let sums = |a: &mut [Sum], b: &[Sum]| a.iter_mut().zip(b).for_each(|(a, b)| a.merge(*b));
        self.draws += other.draws;
        let fine = |a: &mut [FineSum], b: &[FineSum]| {
            a.iter_mut().zip(b).for_each(|(a, b)| a.merge(*b));
        };
        self.outcomes.iter_mut().zip(&other.outcomes).for_each(|(a, b)| a.merge(b));
        fine(&mut self.answer, &other.answer);
        for (a, b) in self.scramblings.iter_mut().zip(&other.scramblings) {
            fine(a, b);
        }
        fine(&mut self.nodes, &other.nodes);
        self.node_text.iter_mut().zip(&other.node_text).for_each(|(a, b)| fine(a, b));
        self.node_endings.iter_mut().zip(&other.node_endings).for_each(|(a, b)| fine(a, b));
        self.closed.merge(other.closed);
        self.searched.iter_mut().zip(other.searched).for_each(|(a, b)| *a += b);
        self.short.merge(other.short);
        self.zone.iter_mut().zip(other.zone).for_each(|(a, b)| *a += b);
        self.room.merge(other.room);
        self.credible.iter_mut().zip(&other.credible).for_each(|(a, b)| *a += b);
        for (a, b) in self.interventions.iter_mut().zip(&other.interventions) {
            a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
        }
        self.powered.iter_mut().zip(&other.powered).for_each(|(a, b)| *a += b);
        for (a, b) in self.power.iter_mut().zip(&other.power) {
            sums(a, b);
        }
        self.explained += other.explained;
        self.explored += other.explored;
        self.unended += other.unended;
        self.openings.iter_mut().zip(&other.openings).for_each(|(a, b)| a.merge(b));
        for (set, count) in other.conflicts {
            *self.conflicts.entry(set).or_default() += count;
        }
        self.terms.iter_mut().zip(&other.terms).for_each(|(a, b)| a.merge(b));
        self.varied += other.varied;
        for (a, b) in self.coefficients.iter_mut().zip(&other.coefficients) {
            a.iter_mut().zip(b).for_each(|(a, b)| fine(a, b));
        }
        fine(&mut self.varied_answer, &other.varied_answer);
        for (key, count) in other.moved {
            *self.moved.entry(key).or_default() += count;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_exact_where_a_bin_holds_one_value() {
        let mut h = Histogram::default();
        for x in [0, 250_000, 750_000, UNIT] {
            h.add(x, 0.25);
        }
        let q = |p| h.quantile(p).unwrap();
        assert_eq!([q(0.05), q(0.25), q(0.5), q(0.75), q(0.95)], [0.0, 0.0, 0.25, 0.75, 1.0]);
        assert_eq!(Histogram::default().quantile(0.5), None);
    }

    #[test]
    fn merging_in_any_order_gives_the_same() {
        let part = |k: u32| {
            let mut t = Tally { draws: 1, terms: vec![Histogram::default()], ..Tally::default() };
            t.answer[0].add(0.1 * f64::from(k));
            t.terms[0].add(k as i32 * 1000, 0.3);
            t.conflicts.insert(u128::from(k), 1);
            t
        };
        let sum = |order: [u32; 3]| {
            let mut t = Tally::default();
            order.into_iter().for_each(|k| t.merge(part(k)));
            t
        };
        assert_eq!(sum([1, 2, 3]), sum([3, 1, 2]));
    }
}
