//! The probabilistic Condorcet election: every held position wins with some probability.

use super::{Distribution, PositionForecast, PositionIssue, PositionModel, SAME};

/// A lottery over held positions in which stronger coalitions win more often.
///
/// # Model
/// Support of `i` against `j`: `S_ij = Σ_k w_k max(0, |x_k − x_j| − |x_k − x_i|)`, `w` the shares
/// of capability × salience; `P(i beats j) = S_ij/(S_ij + S_ji)`. The position in force meets a
/// challenger drawn uniformly from all held positions; the forecast is the stationary distribution
/// of that chain, the point its mean.
///
/// # Reference
/// Wise, Lester & Efird 2015, *An Introduction to the KTAB*, on which the chain is modelled; votes
/// proportional to the difference in utility, utility linear in distance.
#[derive(Debug, Clone, Copy)]
pub struct CondorcetElection;

impl PositionModel for CondorcetElection {
    fn id(&self) -> &'static str {
        "condorcet-election"
    }
    fn title(&self) -> &'static str {
        "Probabilistic Condorcet election"
    }
    fn reference(&self) -> &'static str {
        "Wise, Lester & Efird 2015"
    }
    fn cubic(&self) -> bool {
        true
    }
    fn forecast(&self, issue: &PositionIssue, _rounds: usize) -> PositionForecast {
        let (x, w) = (issue.positions(), issue.weights());
        match Distribution::from_atoms(law(&x, &w, SAME * issue.width())) {
            Some(d) => PositionForecast::mean_of(d),
            None => PositionForecast::certain(super::averages::mean(&x, &w)),
        }
    }
}

/// The distinct positions in `x`, those within `same` being one, with their chances of winning.
pub(crate) fn law(x: &[f64], w: &[f64], same: f64) -> Vec<(f64, f64)> {
    let mut held = x.to_vec();
    held.sort_by(f64::total_cmp);
    held.dedup_by(|a, b| (*a - *b).abs() <= same);
    let m = held.len();
    let mut step = vec![0.0; m * m];
    for i in 0..m {
        for j in i + 1..m {
            let (mut to_i, mut to_j) = (0.0, 0.0);
            for (x, w) in x.iter().zip(w) {
                let v = w * ((x - held[j]).abs() - (x - held[i]).abs());
                to_i += v.max(0.0);
                to_j += (-v).max(0.0);
            }
            let all = to_i + to_j;
            // A hopeless challenger keeps a trace, so that the chain has one stationary law.
            let p = if all > 0.0 { (to_i / all).clamp(1e-12, 1.0 - 1e-12) } else { 0.5 };
            step[i * m + j] = (1.0 - p) / m as f64;
            step[j * m + i] = p / m as f64;
        }
    }
    let law = stationary(m, step);
    held.into_iter().zip(law).collect()
}

/// The stationary distribution of an irreducible chain, rows = from; the diagonal is not read.
///
/// # Reference
/// Grassmann, Taksar & Heyman 1985, Oper. Res. 33: elimination without subtractions.
fn stationary(m: usize, mut p: Vec<f64>) -> Vec<f64> {
    for k in (1..m).rev() {
        let out: f64 = p[k * m..k * m + k].iter().sum();
        for i in 0..k {
            p[i * m + k] /= out;
            let share = p[i * m + k];
            for j in 0..k {
                p[i * m + j] += share * p[k * m + j];
            }
        }
    }
    let mut law = vec![1.0; m];
    for k in 1..m {
        law[k] = (0..k).map(|i| law[i] * p[i * m + k]).sum();
    }
    super::shares(law)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_two_state_chain_has_the_known_law() {
        // π = (q, p)/(p + q) for rates p out of the first state and q out of the second.
        let law = stationary(2, vec![0.0, 0.3, 0.1, 0.0]);
        assert!((law[0] - 0.25).abs() < 1e-15 && (law[1] - 0.75).abs() < 1e-15);
    }
}
