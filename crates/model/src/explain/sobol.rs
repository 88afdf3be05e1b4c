//! Sobol' indices: which inputs, alone and together, the variance of a function comes from.
//!
//! # Model
//! For a function of independent inputs, `V = Σ_i V_i + Σ_{i<j} V_ij + …` (ANOVA). The first-order
//! index of a group of inputs g is `S_g = V[E(f | x_g)]/V`, its total index
//! `T_g = E[V(f | x_∼g)]/V`. With matrices A and B of independent points, and `A_B^g` which is A but
//! for the columns of g, taken from B,
//!
//! ```text
//! V·S_g ≈ 1/N Σ f(B)·(f(A_B^g) − f(A))        V·T_g ≈ 1/2N Σ (f(A) − f(A_B^g))²
//! ```
//!
//! f is centred at its mean first. For two groups that are complements `(S_g + T_g)/2` is the Shapley
//! effect of g: its own variance and half of what it has with the rest.
//!
//! # Reference
//! Sobol' 2001 (indices, groups); Saltelli et al. 2010, table 2 (b) and (f); Jansen 1999 (total);
//! Owen 2014 (Shapley effects). Points are Owen-scrambled ([`crate::uncertain::points`]): eight independent scramblings,
//! whose spread by the jackknife gives the intervals, since a bootstrap of rows would ignore that the
//! points of one scrambling are dependent.

use crate::effort::Effort;
use crate::uncertain::points::{REPLICATES, Sobol};

use super::rows::rows;

/// The 95 % point of Student's t with seven degrees of freedom.
const T95: f64 = 1.894_578_605_061_305;

/// A function of independent uniforms.
pub trait Function: Sync {
    /// What an input is worth at a uniform.
    type Value: Copy;
    /// What a thread needs to evaluate it again and again.
    type State;
    /// How many inputs it has.
    fn inputs(&self) -> usize;
    /// The state of a thread.
    fn state(&self) -> Self::State;
    /// Input `j` at uniform `u`.
    fn value(&self, j: usize, u: f64) -> Self::Value;
    /// The function.
    fn at(&self, state: &mut Self::State, x: &[Self::Value]) -> f64;

    /// As [`Self::at`], at the first point of a row: the others share most of their coordinates with it.
    fn first(&self, state: &mut Self::State, x: &[Self::Value]) -> f64 {
        self.at(state, x)
    }
}

/// An estimate with its 5–95 % interval.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Estimate {
    /// The estimate; near zero it may be slightly negative.
    pub value: f64,
    /// 5 % of the interval.
    pub lo: f64,
    /// 95 % of it.
    pub hi: f64,
}

/// The indices of a group of inputs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Index {
    /// First order: the share of variance it explains alone.
    pub first: Estimate,
    /// Total: the share that would stay if all others were known.
    pub total: Estimate,
    /// The Shapley effect of the group against all others together.
    pub shared: Estimate,
}

/// The indices of some groups, and the moments of the function.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Indices {
    /// The mean.
    pub mean: f64,
    /// The variance.
    pub variance: f64,
    /// How many rows, each of 2 + groups evaluations.
    pub rows: usize,
    /// One entry a group.
    pub groups: Vec<Index>,
}

/// Estimates the indices of groups of inputs on `n` rows, rounded up to a multiple of
/// [`REPLICATES`]. `None` if it was stopped before two rows of each replicate were done; stopped
/// later, it uses what is done.
pub fn indices<F: Function>(
    f: &F,
    groups: &[Vec<usize>],
    n: usize,
    seed: u64,
    effort: Effort<'_>,
) -> Option<Indices> {
    let k = f.inputs();
    let points = Sobol::new(2 * k, seed);
    let row = |state: &mut F::State, n: usize| {
        let u = points.point((n % REPLICATES) as u64, (n / REPLICATES) as u32);
        let a: Vec<F::Value> = (0..k).map(|j| f.value(j, u[j])).collect();
        let b: Vec<F::Value> = (0..k).map(|j| f.value(j, u[k + j])).collect();
        let mut y = vec![f.first(state, &a), f.at(state, &b)];
        let mut mixed = a.clone();
        for group in groups {
            group.iter().for_each(|j| mixed[*j] = b[*j]);
            y.push(f.at(state, &mixed));
            group.iter().for_each(|j| mixed[*j] = a[*j]);
        }
        y
    };
    let n = n.div_ceil(REPLICATES).max(2) * REPLICATES;
    let mut done = rows(n, effort, &|| f.state(), &row);
    done.truncate(done.len() / REPLICATES * REPLICATES);
    (done.len() >= 2 * REPLICATES).then(|| estimated(&done, groups.len()))
}

/// Sums over the rows of a replicate: of f and f² over A and B, and for each group those of the
/// first-order and the total estimator.
fn sums(rows: &[Vec<f64>], groups: usize, centre: f64) -> Vec<Vec<f64>> {
    let mut sums = vec![vec![0.0; 2 + 2 * groups]; REPLICATES];
    for (n, y) in rows.iter().enumerate() {
        let sum = &mut sums[n % REPLICATES];
        let (a, b) = (y[0] - centre, y[1] - centre);
        sum[0] += a + b;
        sum[1] += a * a + b * b;
        for g in 0..groups {
            let mixed = y[2 + g] - centre;
            sum[2 + 2 * g] += b * (mixed - a);
            sum[3 + 2 * g] += 0.5 * (a - mixed) * (a - mixed);
        }
    }
    sums
}

fn estimated(rows: &[Vec<f64>], groups: usize) -> Indices {
    let n = rows.len() as f64;
    let mean = rows.iter().map(|y| y[0] + y[1]).sum::<f64>() / (2.0 * n);
    let sums = sums(rows, groups, mean);
    let total: Vec<f64> = (0..2 + 2 * groups).map(|c| sums.iter().map(|s| s[c]).sum()).collect();
    // V·S, V·T and V·(S+T)/2 by group, over V; of everything and without each replicate.
    let parts = |sum: &dyn Fn(usize) -> f64, n: f64| -> (f64, Vec<[f64; 3]>) {
        let m = sum(0) / (2.0 * n);
        let v = (sum(1) / (2.0 * n) - m * m).max(0.0);
        let over = |x: f64| if v > 0.0 { x / n / v } else { 0.0 };
        let of = |g: usize| {
            let (s, t) = (over(sum(2 + 2 * g)), over(sum(3 + 2 * g)));
            [s, t, 0.5 * (s + t)]
        };
        (v, (0..groups).map(of).collect())
    };
    let (variance, all) = parts(&|c| total[c], n);
    let r = REPLICATES as f64;
    let without: Vec<Vec<[f64; 3]>> =
        sums.iter().map(|s| parts(&|c| total[c] - s[c], n * (r - 1.0) / r).1).collect();
    let estimate = |g: usize, c: usize| {
        let mean = without.iter().map(|w| w[g][c]).sum::<f64>() / r;
        let square: f64 = without.iter().map(|w| (w[g][c] - mean) * (w[g][c] - mean)).sum();
        let half = T95 * ((r - 1.0) / r * square).sqrt();
        let value = all[g][c];
        Estimate { value, lo: value - half, hi: value + half }
    };
    let of = |g| Index { first: estimate(g, 0), total: estimate(g, 1), shared: estimate(g, 2) };
    Indices { mean, variance, rows: rows.len(), groups: (0..groups).map(of).collect() }
}

#[cfg(test)]
#[path = "../../../../testing/standard_functions.rs"]
mod standard_functions;

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::standard_functions::{Plain, g, ishigami};
    use super::*;

    fn run<F: Function>(f: &F, groups: &[Vec<usize>], n: usize, threads: usize) -> Indices {
        let stop = AtomicBool::new(false);
        let effort = Effort::silent(threads, &stop);
        indices(f, groups, n, 5, effort).unwrap()
    }

    fn singles(k: usize) -> Vec<Vec<usize>> {
        (0..k).map(|j| vec![j]).collect()
    }

    /// The value lies within twice the half width of the 90 % interval (t₇: 99.3 %), which is narrow.
    fn holds(e: Estimate, exact: f64, narrow: f64, what: &str) {
        let half = 0.5 * (e.hi - e.lo);
        assert!(half <= narrow, "{what}: {e:?} is wide");
        assert!((e.value - exact).abs() <= 2.0 * half + 1e-12, "{what}: {e:?}, exactly {exact}");
    }

    /// V = a²/8 + bπ⁴/5 + b²π⁸/18 + 1/2, V₁ = ½(1 + bπ⁴/5)², V₂ = a²/8, V₁₃ = b²π⁸(1/18 − 1/50):
    /// the published .3139, .4424, 0 and .5576, .4424, .2437.
    #[test]
    fn ishigami_has_its_published_indices() {
        let found = run(&Plain(3, ishigami), &singles(3), 16_384, 2);
        let first = [0.3139, 0.4424, 0.0];
        let total = [0.5576, 0.4424, 0.2437];
        assert!((found.variance - 13.8446).abs() < 0.05, "{}", found.variance);
        assert!((found.mean - 3.5).abs() < 0.02);
        for j in 0..3 {
            holds(found.groups[j].first, first[j], 0.02, "first order");
            holds(found.groups[j].total, total[j], 0.02, "total");
        }
    }

    #[test]
    fn a_group_explains_what_its_members_explain_together() {
        let found = run(&Plain(3, ishigami), &[vec![0, 2], vec![1]], 16_384, 1);
        // x₁ and x₃ have all variance but that of x₂, and nothing with it.
        for (g, exact) in [0.5576, 0.4424].into_iter().enumerate() {
            holds(found.groups[g].first, exact, 0.02, "first order");
            holds(found.groups[g].total, exact, 0.02, "total");
            holds(found.groups[g].shared, exact, 0.02, "shared");
        }
    }

    /// Sobol's g-function with a = (0, 1, 4.5, 9, 99, 99, 99, 99): V_i = 1/(3(1 + a_i)²).
    #[test]
    fn the_g_function_has_its_closed_form_indices() {
        let a = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0];
        let found = run(&Plain(8, g), &singles(8), 16_384, 2);
        let v = a.map(|a| 1.0 / (3.0 * (1.0 + a) * (1.0 + a)));
        let all: f64 = v.iter().map(|v| 1.0 + v).product();
        for j in 0..8 {
            let index = found.groups[j];
            holds(index.first, v[j] / (all - 1.0), 0.02, "first order");
            holds(index.total, v[j] * all / (1.0 + v[j]) / (all - 1.0), 0.02, "total");
        }
        // Saltelli et al. 2010 print .716, .179, .024, .007 and .788, .242, .034, .011.
        let printed = [(0.716, 0.788), (0.179, 0.242), (0.024, 0.034), (0.007, 0.011)];
        for (index, (first, total)) in found.groups.iter().zip(printed) {
            assert!((index.first.value - first).abs() < 0.01, "{index:?}");
            assert!((index.total.value - total).abs() < 0.01, "{index:?}");
        }
    }

    /// Over 40 seeds the 90 % intervals of Ishigami's six indices hold the exact value about as
    /// often as they say. A binomial of 240 trials at 0.9 has sd 0.02.
    #[test]
    fn intervals_hold_the_exact_value_as_often_as_they_say() {
        let first = [0.313_905, 0.442_411, 0.0];
        let total = [0.557_589, 0.442_411, 0.243_684];
        let stop = AtomicBool::new(false);
        let mut held = 0;
        for seed in 0..40 {
            let effort = Effort::silent(1, &stop);
            let f = Plain(3, ishigami);
            let found = indices(&f, &singles(3), 1024, seed, effort).unwrap();
            for j in 0..3 {
                for (e, exact) in
                    [(found.groups[j].first, first[j]), (found.groups[j].total, total[j])]
                {
                    held += i32::from(e.lo <= exact && exact <= e.hi);
                }
            }
        }
        let share = f64::from(held) / 240.0;
        assert!((share - 0.9).abs() <= 0.08, "{share}");
    }

    #[test]
    fn threads_change_nothing_and_a_stop_keeps_the_first_rows() {
        let f = Plain(3, ishigami);
        let (one, three) = (run(&f, &singles(3), 500, 1), run(&f, &singles(3), 500, 3));
        assert_eq!(one, three);
        assert_eq!(one.rows, 504);
        let stop = AtomicBool::new(false);
        let seen = std::sync::atomic::AtomicU64::new(0);
        let progress = |n: u64| {
            // Rows of five evaluations, four at a time: after 160 rows.
            if seen.fetch_add(n, Ordering::Relaxed) + n >= 800 {
                stop.store(true, Ordering::Relaxed);
            }
        };
        let effort = Effort { threads: 1, stop: &stop, progress: &progress };
        let part = indices(&f, &singles(3), 500, 5, effort).unwrap();
        assert_eq!(part, run(&f, &singles(3), 160, 1));
        let effort = Effort::silent(1, &stop);
        assert_eq!(indices(&f, &singles(3), 500, 5, effort), None);
    }

    #[test]
    fn a_constant_function_has_no_variance_to_share() {
        let found = run(&Plain(2, |_: &[f64]| 0.25), &singles(2), 64, 1);
        assert_eq!((found.mean, found.variance), (0.25, 0.0));
        assert!(found.groups.iter().all(|g| *g == Index::default()));
    }
}
