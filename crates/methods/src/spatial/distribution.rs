//! Finite distributions of an outcome: where the mass lies, and what it scores.

/// A probability distribution with finitely many atoms, sorted by place.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution {
    atoms: Vec<(f64, f64)>,
}

/// Masses are compared with this slack.
const SLACK: f64 = 1e-12;

impl Distribution {
    /// All mass at `x`.
    pub fn point(x: f64) -> Self {
        Self { atoms: vec![(x, 1.0)] }
    }

    /// The atoms `(place, mass)`, sorted, merged and scaled to mass 1. Masses that are not positive
    /// are dropped; `None` if none is left.
    pub fn from_atoms(mut atoms: Vec<(f64, f64)>) -> Option<Self> {
        atoms.retain(|&(x, m)| x.is_finite() && m.is_finite() && m > 0.0);
        atoms.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let mut merged: Vec<(f64, f64)> = Vec::with_capacity(atoms.len());
        for (x, m) in atoms {
            match merged.last_mut() {
                Some(last) if last.0 == x => last.1 += m,
                _ => merged.push((x, m)),
            }
        }
        let sum: f64 = merged.iter().map(|a| a.1).sum();
        if !(sum > 0.0 && sum.is_finite()) {
            return None;
        }
        for a in &mut merged {
            a.1 /= sum;
        }
        Some(Self { atoms: merged })
    }

    /// Equal mass over `[a, b]`, on 101 nodes (the two ends stand for half a step each).
    pub fn uniform(a: f64, b: f64) -> Self {
        let step = (b - a) / 100.0;
        let mass = |k: usize| if k == 0 || k == 100 { 0.5 } else { 1.0 };
        let atoms = (0..=100).map(|k| (node(a, b, step, k), mass(k))).collect();
        Self::from_atoms(atoms).unwrap_or_else(|| Self::point(a))
    }

    /// The atoms `(place, mass)` in order of place.
    pub fn atoms(&self) -> &[(f64, f64)] {
        &self.atoms
    }

    /// `P(outcome <= x)`.
    pub fn cdf(&self, x: f64) -> f64 {
        let n = self.atoms.partition_point(|a| a.0 <= x);
        self.first(n)
    }

    /// `P(outcome < x)`.
    pub fn below(&self, x: f64) -> f64 {
        let n = self.atoms.partition_point(|a| a.0 < x);
        self.first(n)
    }

    /// The mass of the first `n` atoms; exactly 1 for all of them.
    fn first(&self, n: usize) -> f64 {
        let sum = self.atoms[..n].iter().fold(0.0, |sum, a| sum + a.1);
        if n == self.atoms.len() { 1.0 } else { sum }
    }

    /// The mean.
    pub fn mean(&self) -> f64 {
        self.atoms.iter().map(|(x, m)| x * m).sum()
    }

    /// The smallest `x` with `P(outcome <= x) >= p`.
    pub fn quantile(&self, p: f64) -> f64 {
        let mut sum = 0.0;
        for &(x, m) in &self.atoms {
            sum += m;
            if sum >= p - SLACK {
                return x;
            }
        }
        self.atoms.last().map_or(f64::NAN, |a| a.0)
    }

    /// The median; the middle of the interval where the distribution is split in equal halves.
    pub fn median(&self) -> f64 {
        let mut sum = 0.0;
        for (i, &(x, m)) in self.atoms.iter().enumerate() {
            sum += m;
            if sum >= 0.5 - SLACK {
                let tie = sum <= 0.5 + SLACK;
                return match self.atoms.get(i + 1) {
                    Some(next) if tie => 0.5 * (x + next.0),
                    _ => x,
                };
            }
        }
        f64::NAN
    }

    /// The continuous ranked probability score `∫ (F(x) − 1{x ≥ y})² dx`, exact, in the scale's
    /// units. For a point mass it is the absolute error.
    ///
    /// # Reference
    /// Gneiting & Raftery 2007, J. Am. Stat. Assoc. 102, eq. 20.
    pub fn crps(&self, y: f64) -> f64 {
        let (mut score, mut at, mut f) = (0.0, f64::NEG_INFINITY, 0.0);
        for &(x, m) in &self.atoms {
            if at.is_finite() {
                let under = (x.min(y) - at).max(0.0);
                let over = (x - at.max(y)).max(0.0);
                score += f * f * under + (1.0 - f) * (1.0 - f) * over;
            } else {
                score += (x - y).max(0.0);
            }
            (at, f) = (x, f + m);
        }
        score + (y - at).max(0.0)
    }

    /// `F` at the 101 points `lo, lo + (hi − lo)/100, …, hi`: what `predictions.csv` holds.
    ///
    /// An atom within a billionth of the scale above a node counts as on it.
    pub fn grid(&self, lo: f64, hi: f64) -> Vec<f64> {
        let step = (hi - lo) / 100.0;
        (0..=100).map(|k| self.cdf(node(lo, hi, step, k) + super::SAME * (hi - lo))).collect()
    }
}

/// Node `k` of 101 on `[a, b]`; the last one is `b` itself.
pub(crate) fn node(a: f64, b: f64, step: f64, k: usize) -> f64 {
    if k == 100 { b } else { a + step * k as f64 }
}
