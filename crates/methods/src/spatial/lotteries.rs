//! Lotteries over what is on the table: the positions, and staying where things are.

use super::averages::mean;
use super::{Distribution, PositionForecast, PositionIssue, PositionModel};

/// Each actor's position wins with its share of capability × salience.
///
/// # Model
/// `P(x_i) = w_i`: the proportional lottery. Its mean is the weighted mean.
///
/// # Reference
/// A benchmark; the random-dictator rule (Gibbard 1977) with unequal chances.
#[derive(Debug, Clone, Copy)]
pub struct Positions;

/// The lottery over positions, with a mass at the reference point set by who prefers it.
///
/// # Model
/// With `m` the weighted mean, the mass at the reference point `r` is the weight of the actors
/// nearer to `r` than to `m` (a tie counts half); the rest is shared as in [`Positions`].
///
/// # Reference
/// The idea that a minority near the reference point can hold on to it is the base-line of Thomson
/// et al. 2006, *The European Union Decides*, ch. 4–6; this mass is ours.
#[derive(Debug, Clone, Copy)]
pub struct ReferenceMass;

fn atoms(issue: &PositionIssue) -> Vec<(f64, f64)> {
    issue.positions().into_iter().zip(issue.weights()).collect()
}

fn lottery(issue: &PositionIssue, atoms: Vec<(f64, f64)>) -> PositionForecast {
    match Distribution::from_atoms(atoms) {
        Some(d) => PositionForecast::mean_of(d),
        None => PositionForecast::certain(mean(&issue.positions(), &issue.weights())),
    }
}

impl PositionModel for Positions {
    fn id(&self) -> &'static str {
        "positions"
    }
    fn title(&self) -> &'static str {
        "Lottery over the positions, by weight"
    }
    fn reference(&self) -> &'static str {
        "a benchmark; Gibbard 1977"
    }
    fn forecast(&self, issue: &PositionIssue, _rounds: usize) -> PositionForecast {
        lottery(issue, atoms(issue))
    }
}

impl PositionModel for ReferenceMass {
    fn id(&self) -> &'static str {
        "reference-mass"
    }
    fn title(&self) -> &'static str {
        "Lottery over the positions and the reference point"
    }
    fn reference(&self) -> &'static str {
        "after Thomson et al. 2006"
    }
    fn forecast(&self, issue: &PositionIssue, _rounds: usize) -> PositionForecast {
        let mut atoms = atoms(issue);
        if let Some(r) = issue.reference() {
            let m = mean(&issue.positions(), &issue.weights());
            let slack = super::SAME * issue.width();
            let hold: f64 = atoms
                .iter()
                .map(|&(x, w)| {
                    let nearer = (x - m).abs() - (x - r).abs();
                    if nearer > slack {
                        w
                    } else if nearer < -slack {
                        0.0
                    } else {
                        0.5 * w
                    }
                })
                .sum();
            for a in &mut atoms {
                a.1 *= 1.0 - hold;
            }
            atoms.push((r, hold));
        }
        lottery(issue, atoms)
    }
}
