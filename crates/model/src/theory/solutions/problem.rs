//! What a solution is asked about: outcomes, a disagreement point, and who could gain how much.

use crate::theory::frontier::{Frontier, Precision, frontier};

/// A finite bargaining problem `(S, d)`.
#[derive(Clone, Debug)]
pub struct Problem<'a> {
    values: &'a [f64],
    disagreement: &'a [f64],
    frontier: Frontier,
    rational: Vec<usize>,
    rational_count: usize,
    ideal: Vec<f64>,
}

/// Why the numbers given make no bargaining problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProblemError {
    /// There is no side, or the utilities do not fill whole rows.
    #[error("expected whole rows with one utility for every side")]
    Shape,
    /// A utility or a disagreement value is not a finite number.
    #[error("expected finite utilities and disagreement values")]
    NotFinite,
}

impl<'a> Problem<'a> {
    /// Poses the problem: `values` is row-major, one row of utilities per outcome, as many
    /// columns as `disagreement` has entries. Any scale, but utilities are compared on a grid of
    /// 10⁻⁹, so units should be neither tiny nor beyond 10⁹.
    ///
    /// # Model
    /// An outcome is rational iff `u_i ≥ d_i` for every side; the ideal of a side is the most it
    /// gets in any rational outcome.
    ///
    /// # Errors
    /// If the rows do not fit or a number is not finite.
    pub fn new(values: &'a [f64], disagreement: &'a [f64]) -> Result<Self, ProblemError> {
        let sides = disagreement.len();
        if sides == 0 || !values.len().is_multiple_of(sides) {
            return Err(ProblemError::Shape);
        }
        if values.iter().chain(disagreement).any(|value| !value.is_finite()) {
            return Err(ProblemError::NotFinite);
        }
        let is_rational =
            |row: &[f64]| row.iter().zip(disagreement).all(|(u, d)| not_below(*u, *d));
        let mut ideal = disagreement.to_vec();
        let mut rational_count = 0;
        for row in values.chunks_exact(sides).filter(|row| is_rational(row)) {
            rational_count += 1;
            for (best, u) in ideal.iter_mut().zip(row) {
                *best = best.max(*u);
            }
        }
        // What dominates a rational outcome is rational, so the frontier of the rational
        // outcomes is the rational part of the frontier.
        let frontier = frontier(values, sides, Precision::Rounded);
        let mut rational: Vec<usize> = frontier
            .outcomes()
            .iter()
            .copied()
            .filter(|&x| is_rational(&values[x * sides..(x + 1) * sides]))
            .collect();
        rational.sort_unstable();
        Ok(Self { values, disagreement, frontier, rational, rational_count, ideal })
    }

    /// The number of sides.
    #[must_use]
    pub fn sides(&self) -> usize {
        self.disagreement.len()
    }

    /// The utilities of one outcome, in the order of the sides.
    #[must_use]
    pub fn utilities(&self, outcome: usize) -> &[f64] {
        &self.values[outcome * self.sides()..(outcome + 1) * self.sides()]
    }

    /// The disagreement point.
    #[must_use]
    pub fn disagreement(&self) -> &[f64] {
        self.disagreement
    }

    /// The Pareto frontier of all outcomes, utilities rounded to 10⁻⁹.
    #[must_use]
    pub fn frontier(&self) -> &Frontier {
        &self.frontier
    }

    /// The rational outcomes of the frontier, ascending: what a sensible solution chooses from.
    #[must_use]
    pub fn rational(&self) -> &[usize] {
        &self.rational
    }

    /// How many of all outcomes are rational.
    #[must_use]
    pub fn rational_count(&self) -> usize {
        self.rational_count
    }

    /// The most each side gets in a rational outcome; the disagreement point if there is none.
    #[must_use]
    pub fn ideal(&self) -> &[f64] {
        &self.ideal
    }

    /// What each side gains over disagreement, never negative in a rational outcome.
    pub fn gains(&self, outcome: usize) -> impl Iterator<Item = f64> + '_ {
        self.utilities(outcome).iter().zip(self.disagreement).map(|(u, d)| {
            // On the grid on which rationality was decided, zero is zero.
            if not_below(*u, *d) && not_below(*d, *u) { 0.0 } else { u - d }
        })
    }

    /// Gains as shares of the most each side can gain; sides that can gain nothing are left out.
    pub fn normalised_gains(&self, outcome: usize) -> impl Iterator<Item = f64> + '_ {
        self.gains(outcome).zip(self.ideal.iter().zip(self.disagreement)).filter_map(
            |(gain, (best, d))| if not_below(*d, *best) { None } else { Some(gain / (best - d)) },
        )
    }
}

fn not_below(a: f64, b: f64) -> bool {
    Precision::Rounded.key(a) >= Precision::Rounded.key(b)
}
