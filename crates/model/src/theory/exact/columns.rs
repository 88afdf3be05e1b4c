//! A linear program over packages, by column generation.
//!
//! # Model
//! Over packages x and gains g, maximise `Σ_s c_s g_s` subject to `g_s ≤ F_f(x) − b_f` for every
//! function f of group s and `F_f(x) ≥ b_f` for every function of no group. The functions are
//! concave and, issue by issue, piecewise linear between common nodes, so mixing packages loses
//! nothing, and the best package for any non-negative weights on the functions is found issue by
//! issue: that is the pricing step of a simplex method whose columns are packages.
//!
//! A program that follows one of the same rows, over packages of which some issues have moved, begins from the
//! basis of the last where that is still feasible: mostly it is optimal as it stands, and one pricing says so.
//!
//! # Reference
//! Dantzig & Wolfe 1960, "Decomposition principle for linear programs", Operations Research 8(1).

/// Weights, values and duals below this are zero.
const EPS: f64 = 1e-11;

/// A basis whose pivots are below this is not taken over.
const SINGULAR: f64 = 1e-9;

/// How far a bound must lie below what is needed before a program is given up: rounding moves neither so
/// far.
const SURELY: f64 = 1e-8;

/// Iterations after which the best found so far is returned; a few dozen are usual.
const MOST_STEPS: usize = 400;

/// A function's role: the group it bounds (`None`: it is a constraint) and its level b.
#[derive(Clone, Copy, Debug)]
pub(super) struct ProgramRow {
    pub(super) function: usize,
    pub(super) group: Option<usize>,
    pub(super) level: f64,
}

/// Prices packages: the best package under non-negative weights on functions, and the values of
/// all functions at a package.
pub(super) trait Packages {
    /// Writes the best package for `weights` (a weight a function) into `x`, and the value of every
    /// function there.
    fn best(&mut self, weights: &[f64], x: &mut Vec<f64>, values: &mut Vec<f64>);
    /// Writes the value of every function at `x`.
    fn values(&self, x: &[f64], into: &mut Vec<f64>);
    /// Moves the issues of a package that are held to where they are held now.
    fn hold_in(&self, x: &mut [f64]);
    /// How many functions there are.
    fn functions(&self) -> usize;
}

/// An optimum.
#[derive(Clone, Debug, Default)]
pub(super) struct Optimum {
    /// The objective.
    pub(super) value: f64,
    /// The package.
    pub(super) x: Vec<f64>,
    /// The weight of every function at the optimum: with it, `best` bounds neighbouring programs.
    pub(super) weights: Vec<f64>,
    /// What the levels take off that bound; infinite below if nothing was priced.
    pub(super) levels: f64,
}

/// What is in the basis.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Basic {
    Package(usize),
    Gain(usize),
    Slack(usize),
}

/// The workspace of the simplex method.
#[derive(Default)]
pub(super) struct Simplex {
    basis: Vec<Basic>,
    inverse: Vec<f64>,
    level: Vec<f64>,
    packages: Vec<f64>,
    columns: Vec<f64>,
    values: Vec<f64>,
    weights: Vec<f64>,
    entering: Vec<f64>,
    priced: Vec<f64>,
    direction: Vec<f64>,
    /// The row of the inverse that is pivoted on.
    row: Vec<f64>,
    /// The weight of every function.
    by_function: Vec<f64>,
    /// The rows whose basis is at hand; none where it is of no use to another program.
    rows: Vec<ProgramRow>,
    /// The packages of a basis that is taken over, and the basis itself.
    kept: Vec<f64>,
    matrix: Vec<f64>,
    /// Its rows without slack, and the places of what is no slack.
    tight: Vec<usize>,
    dense: Vec<usize>,
}

impl Simplex {
    /// Maximises from a package that satisfies every constraint. `gains` holds the c of each group. Nothing
    /// where the optimum lies below what is `needed`; mostly a bound shows so on the way.
    pub(super) fn maximise(
        &mut self,
        packages: &mut impl Packages,
        rows: &[ProgramRow],
        gains: &[f64],
        start: &[f64],
        needed: f64,
    ) -> Option<Optimum> {
        let n = rows.len() + 1;
        if !self.resume(packages, rows, start.len()) {
            self.packages.clear();
            self.columns.clear();
            packages.values(start, &mut self.values);
            self.push(rows, start);
            self.start(rows, n);
        }
        self.rows.clear();
        let mut x = std::mem::take(&mut self.priced);
        let mut weights = std::mem::take(&mut self.by_function);
        weights.clear();
        weights.resize(packages.functions(), 0.0);
        let mut value = f64::MIN;
        let mut levels = f64::NEG_INFINITY;
        for _ in 0..MOST_STEPS {
            // ProgramRow weights λ: less the basic costs times the inverse; gains alone have a cost.
            self.weights.clear();
            self.weights.resize(n, 0.0);
            value = 0.0;
            for (k, basic) in self.basis.iter().enumerate() {
                if let Basic::Gain(s) = basic {
                    let row = self.inverse[k * n..(k + 1) * n].iter();
                    self.weights.iter_mut().zip(row).for_each(|(w, x)| *w -= gains[*s] * x);
                    value += gains[*s] * self.level[k];
                }
            }
            // A constraint with a negative weight holds with slack.
            let slack = (0..n - 1)
                .filter(|r| self.weights[*r] < -EPS)
                .min_by(|a, b| self.weights[*a].total_cmp(&self.weights[*b]));
            let enters = if let Some(r) = slack {
                Basic::Slack(r)
            } else {
                weights.iter_mut().for_each(|w| *w = 0.0);
                levels = 0.0;
                for (r, row) in rows.iter().enumerate() {
                    weights[row.function] += self.weights[r].max(0.0);
                    levels += self.weights[r].max(0.0) * row.level;
                }
                packages.best(&weights, &mut x, &mut self.values);
                let bound: f64 =
                    weights.iter().zip(&self.values).map(|(w, f)| w * f).sum::<f64>() - levels;
                if bound <= value + EPS {
                    break;
                }
                if bound < needed - SURELY {
                    value = f64::NEG_INFINITY;
                    break;
                }
                self.push(rows, &x);
                let last = self.columns.len() - n;
                self.entering.clear();
                self.entering.extend_from_slice(&self.columns[last..]);
                Basic::Package(last / n)
            };
            if !self.pivot(enters, n) {
                break;
            }
        }
        self.priced = x;
        self.rows.extend_from_slice(rows);
        let found = (value >= needed).then(|| {
            let x = self.mixture(start.len());
            Optimum { value, x, weights: weights.clone(), levels }
        });
        self.by_function = weights;
        found
    }

    /// Another box of packages: what is in the basis may lie outside.
    pub(super) fn forget(&mut self) {
        self.rows.clear();
    }

    /// Takes over the basis of the last program, where it was of the same rows and is still feasible.
    fn resume(&mut self, packages: &impl Packages, rows: &[ProgramRow], issues: usize) -> bool {
        let same =
            |(a, b): (&ProgramRow, &ProgramRow)| a.function == b.function && a.group == b.group;
        if self.rows.len() != rows.len() || !self.rows.iter().zip(rows).all(same) {
            return false;
        }
        let n = rows.len() + 1;
        self.columns.clear();
        self.kept.clear();
        for k in 0..n {
            let Basic::Package(p) = self.basis[k] else { continue };
            let at = self.kept.len();
            self.kept.extend_from_slice(&self.packages[p * issues..(p + 1) * issues]);
            packages.hold_in(&mut self.kept[at..]);
            packages.values(&self.kept[at..], &mut self.values);
            self.basis[k] = Basic::Package(at / issues.max(1));
            self.column(rows);
        }
        std::mem::swap(&mut self.packages, &mut self.kept);
        self.invert(rows, n) && self.is_feasible(n)
    }

    /// The inverse of the basis; false where it is singular.
    ///
    /// A row with slack says what its slack is and nothing else, so that elimination is left with the others
    /// and with what is in the basis beside slack: two or three of each.
    fn invert(&mut self, rows: &[ProgramRow], n: usize) -> bool {
        self.tight.clear();
        self.tight.extend(0..n);
        self.dense.clear();
        for (k, basic) in self.basis.iter().enumerate() {
            match basic {
                Basic::Slack(r) => self.tight[*r] = n,
                Basic::Package(_) | Basic::Gain(_) => self.dense.push(k),
            }
        }
        self.tight.retain(|r| *r < n);
        let d = self.dense.len();
        let entry = |r: usize, k: usize| match self.basis[k] {
            Basic::Package(p) => self.columns[p * n + r],
            Basic::Gain(s) if rows.get(r).is_some_and(|row| row.group == Some(s)) => -1.0,
            Basic::Gain(_) | Basic::Slack(_) => 0.0,
        };
        // Each row with that of the unit matrix behind it.
        let width = 2 * d;
        self.matrix.clear();
        self.matrix.resize(self.tight.len() * width, 0.0);
        for (t, (r, row)) in
            self.tight.iter().zip(self.matrix.chunks_exact_mut(width.max(1))).enumerate()
        {
            row.iter_mut().zip(&self.dense).for_each(|(to, k)| *to = entry(*r, *k));
            row[d + t] = 1.0;
        }
        if self.tight.len() != d || !eliminate(&mut self.matrix, d) {
            return false;
        }
        self.inverse.clear();
        self.inverse.resize(n * n, 0.0);
        for (own, k) in self.matrix.chunks_exact(width).zip(&self.dense) {
            let row = &mut self.inverse[k * n..(k + 1) * n];
            self.tight.iter().zip(&own[d..]).for_each(|(r, x)| row[*r] = *x);
        }
        for (k, basic) in self.basis.iter().enumerate() {
            let Basic::Slack(r) = *basic else { continue };
            let row = &mut self.inverse[k * n..(k + 1) * n];
            for (own, k) in self.matrix.chunks_exact(width).zip(&self.dense) {
                let factor = entry(r, *k);
                self.tight.iter().zip(&own[d..]).for_each(|(t, x)| row[*t] += factor * x);
            }
            row[r] = -1.0;
        }
        true
    }

    /// The levels of the basis, and whether none that may not is negative.
    fn is_feasible(&mut self, n: usize) -> bool {
        self.level.clear();
        self.level.extend((0..n).map(|k| self.inverse[k * n + n - 1]));
        let mut levels = self.level.iter().zip(&self.basis);
        levels.all(|(level, basic)| matches!(basic, Basic::Gain(_)) || *level >= 0.0)
    }

    /// Adds a package as a column: its functions above their levels, and 1.
    fn push(&mut self, rows: &[ProgramRow], x: &[f64]) {
        self.packages.extend_from_slice(x);
        self.column(rows);
    }

    /// Adds the column of the package whose values are at hand.
    fn column(&mut self, rows: &[ProgramRow]) {
        self.columns.extend(rows.iter().map(|row| self.values[row.function] - row.level));
        self.columns.push(1.0);
    }

    /// The basis of the first package alone: every gain at its lowest function, slack elsewhere.
    fn start(&mut self, rows: &[ProgramRow], n: usize) {
        let first = &self.columns[..n];
        self.basis.clear();
        for (r, row) in rows.iter().enumerate() {
            let lowest = row.group.filter(|s| {
                let lower = |q: usize| first[q] < first[r] || (first[q] == first[r] && q < r);
                !rows.iter().enumerate().any(|(q, other)| other.group == Some(*s) && lower(q))
            });
            self.basis.push(lowest.map_or(Basic::Slack(r), Basic::Gain));
        }
        self.basis.push(Basic::Package(0));
        // With row r's gain tight, B is triangular and its inverse can be written down.
        self.inverse.clear();
        self.inverse.resize(n * n, 0.0);
        self.level.clear();
        self.level.resize(n, 0.0);
        self.inverse[n * n - 1] = 1.0;
        self.level[n - 1] = 1.0;
        for (r, row) in rows.iter().enumerate() {
            let tight =
                row.group.and_then(|s| (0..rows.len()).find(|q| self.basis[*q] == Basic::Gain(s)));
            match (self.basis[r], tight) {
                (Basic::Gain(_), _) => {
                    self.inverse[r * n + r] = -1.0;
                    self.inverse[r * n + n - 1] = first[r];
                    self.level[r] = first[r];
                }
                (_, Some(q)) => {
                    self.inverse[r * n + r] = -1.0;
                    self.inverse[r * n + q] = 1.0;
                    self.inverse[r * n + n - 1] = first[r] - first[q];
                    self.level[r] = first[r] - first[q];
                }
                (_, None) => {
                    self.inverse[r * n + r] = -1.0;
                    self.inverse[r * n + n - 1] = first[r];
                    self.level[r] = first[r];
                }
            }
        }
    }

    /// Brings a column into the basis; false if nothing limits it.
    fn pivot(&mut self, enters: Basic, n: usize) -> bool {
        self.direction.clear();
        let rows = self.inverse.chunks_exact(n);
        match enters {
            Basic::Slack(r) => self.direction.extend(rows.map(|row| -row[r])),
            _ => self.direction.extend(
                rows.map(|row| row.iter().zip(&self.entering).map(|(a, b)| a * b).sum::<f64>()),
            ),
        }
        let mut leaves: Option<(usize, f64)> = None;
        for k in 0..n {
            let d = self.direction[k];
            if matches!(self.basis[k], Basic::Gain(_)) || d <= EPS {
                continue;
            }
            let ratio = self.level[k].max(0.0) / d;
            if leaves.is_none_or(|(_, best)| ratio < best) {
                leaves = Some((k, ratio));
            }
        }
        let Some((k, ratio)) = leaves else { return false };
        let pivot = self.direction[k];
        // Out of the way of the others.
        self.row.clear();
        self.row.extend_from_slice(&self.inverse[k * n..(k + 1) * n]);
        let others = self.inverse.chunks_exact_mut(n).zip(&self.direction).zip(&mut self.level);
        for (r, ((others, direction), level)) in others.enumerate() {
            if r != k && *direction != 0.0 {
                let factor = direction / pivot;
                others.iter_mut().zip(&self.row).for_each(|(x, y)| *x -= factor * y);
                *level -= ratio * direction;
            }
        }
        self.inverse[k * n..(k + 1) * n].iter_mut().for_each(|x| *x /= pivot);
        self.level[k] = ratio;
        self.basis[k] = enters;
        true
    }

    /// The package the basis mixes.
    fn mixture(&self, issues: usize) -> Vec<f64> {
        let mut x = vec![0.0; issues];
        for (k, basic) in self.basis.iter().enumerate() {
            if let Basic::Package(p) = basic {
                let share = self.level[k].clamp(0.0, 1.0);
                let package = &self.packages[p * issues..(p + 1) * issues];
                x.iter_mut().zip(package).for_each(|(x, y)| *x += share * y);
            }
        }
        x
    }
}

/// Turns d rows of a matrix with the unit matrix behind it into the unit matrix with the inverse behind it;
/// false where there is none.
fn eliminate(matrix: &mut [f64], d: usize) -> bool {
    let width = 2 * d;
    for c in 0..d {
        let size = |r: usize| matrix[r * width + c].abs();
        let largest = (c + 1..d).fold(c, |best, r| if size(r) > size(best) { r } else { best });
        if size(largest) < SINGULAR {
            return false;
        }
        if largest != c {
            let (above, below) = matrix.split_at_mut(largest * width);
            above[c * width..(c + 1) * width].swap_with_slice(&mut below[..width]);
        }
        let (above, rest) = matrix.split_at_mut(c * width);
        let (pivots, below) = rest.split_at_mut(width);
        let pivot = pivots[c];
        pivots.iter_mut().for_each(|x| *x /= pivot);
        for other in above.chunks_exact_mut(width).chain(below.chunks_exact_mut(width)) {
            let factor = other[c];
            if factor != 0.0 {
                other.iter_mut().zip(&*pivots).for_each(|(x, y)| *x -= factor * y);
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::uncertain::{Stream, uniform};

    /// Packages by their functions, one after another.
    struct Listed(Vec<[f64; 3]>);

    impl Packages for Listed {
        fn best(&mut self, weights: &[f64], x: &mut Vec<f64>, values: &mut Vec<f64>) {
            let worth = |p: &[f64; 3]| -> f64 { p.iter().zip(weights).map(|(f, w)| f * w).sum() };
            let best =
                (0..self.0.len()).max_by(|a, b| worth(&self.0[*a]).total_cmp(&worth(&self.0[*b])));
            x.clear();
            x.push(best.map_or(0.0, |k| k as f64));
            values.clear();
            values.extend(best.iter().flat_map(|k| self.0[*k]));
        }

        fn values(&self, x: &[f64], into: &mut Vec<f64>) {
            into.clear();
            into.extend(self.0[x[0] as usize]);
        }

        fn hold_in(&self, _: &mut [f64]) {}

        fn functions(&self) -> usize {
            3
        }
    }

    #[test]
    fn a_program_that_takes_over_a_basis_ends_where_it_does_alone() {
        let stream = Stream::of("packages that move");
        let mut taken = 0;
        for (groups, gains) in
            [([Some(0); 3], vec![1.0]), ([Some(0), Some(1), None], vec![0.4, 0.6])]
        {
            for seed in 0..100 {
                let mut simplex = Simplex::default();
                for turn in 0..6 {
                    // Each turn moves what every package is worth, a little.
                    let value = |p: u64, f: u64| {
                        let moved = uniform(seed, 1_000 + 100 * turn + 3 * p + f, stream);
                        uniform(seed, 3 * p + f, stream) + 0.1 * moved
                    };
                    let packages = |p| [0, 1, 2].map(|f| value(p, f));
                    let mut packages = Listed((0..8).map(packages).collect());
                    let row =
                        |function| ProgramRow { function, group: groups[function], level: 0.0 };
                    let rows: Vec<ProgramRow> = (0..3).map(row).collect();
                    let mut best = |simplex: &mut Simplex| {
                        simplex.maximise(&mut packages, &rows, &gains, &[0.0], f64::NEG_INFINITY)
                    };
                    taken += usize::from(!simplex.rows.is_empty());
                    let alone = best(&mut Simplex::default()).unwrap();
                    let found = best(&mut simplex).unwrap();
                    assert!((alone.value - found.value).abs() < 1e-12, "{seed} {turn}");
                }
            }
        }
        assert_eq!(taken, 2 * 100 * 5);
    }

    #[test]
    fn a_program_is_given_up_only_where_its_optimum_is_not_needed() {
        let mut simplex = Simplex::default();
        let rows: Vec<ProgramRow> =
            (0..3).map(|function| ProgramRow { function, group: Some(0), level: 0.0 }).collect();
        let stream = Stream::of("packages");
        for seed in 0..300 {
            let value = |p: u64, f: u64| uniform(seed, 3 * p + f, stream);
            let mut packages = Listed((0..8).map(|p| [0, 1, 2].map(|f| value(p, f))).collect());
            let mut best = |needed: f64| {
                simplex.forget();
                simplex.maximise(&mut packages, &rows, &[1.0], &[0.0], needed)
            };
            let all = best(f64::NEG_INFINITY).unwrap();
            for needed in [all.value - 0.1, all.value] {
                let found = best(needed).unwrap();
                assert_eq!((found.value, found.x), (all.value, all.x.clone()), "{seed}");
            }
            for more in [1e-12, 1e-6, 0.1] {
                assert!(best(all.value + more).is_none(), "{seed} {more}");
            }
        }
    }
}
