//! The challenge model with noise: nobody is sure whom to challenge.

use super::challenge::{Kernel, Profile};
use super::{Distribution, PositionForecast, PositionIssue, PositionModel};

/// The precision of choices, in utility units of the challenge model (which span −2 to 2).
///
/// Judgement, not fitted: at 1 a challenge worth one unit is chosen e times as often as none.
pub const LAMBDA: f64 = 1.0;

/// Quantal-response challenge: each actor challenges a rival with logit odds, and positions follow
/// in expectation.
///
/// # Model
/// `q_ij ∝ exp(λ E^i(U_ij))` over rivals, `∝ 1` for no challenge; expected utilities, exponents and
/// `P` are those of the challenge model as printed. A challenge is won with `P_ij` (the rival comes
/// over) and lost otherwise. The pull of `j` on `i` is `a_ij = q_ij(1 − P_ij) + q_ji P_ji` and
/// `x_i ← x_i + Σ_j a_ij (x_j − x_i)/(1 + Σ_j a_ij)`. The forecast is the distribution of weight
/// over the final positions, the point its mean.
///
/// # Reference
/// The choice rule is McKelvey & Palfrey 1995, Games Econ. Behav. 10; its use here, and the mean
/// field, are ours.
#[derive(Debug, Clone, Copy)]
pub struct QuantalChallenge;

impl PositionModel for QuantalChallenge {
    fn id(&self) -> &'static str {
        "quantal-challenge"
    }
    fn title(&self) -> &'static str {
        "Challenge model with quantal responses"
    }
    fn reference(&self) -> &'static str {
        "McKelvey & Palfrey 1995, on the challenge model as printed"
    }
    fn cubic(&self) -> bool {
        true
    }
    fn forecast(&self, issue: &PositionIssue, rounds: usize) -> PositionForecast {
        let mut kernel = Kernel::new(issue);
        let n = kernel.n;
        let mut challenge = vec![0.0; n * n];
        for _ in 0..rounds {
            kernel.look(Profile::AsPrinted);
            for i in 0..n {
                let quo = kernel.status_quo(i);
                let odds = |j: usize| {
                    // Rivals at the same place have nothing to win from each other.
                    let apart = kernel.x[i] != kernel.x[j];
                    if apart { libm::exp(LAMBDA * kernel.utilities(i, j, quo).0) } else { 0.0 }
                };
                let row: Vec<f64> = (0..n).map(odds).collect();
                let sum = 1.0 + row.iter().sum::<f64>();
                for (q, odds) in challenge[i * n..][..n].iter_mut().zip(row) {
                    *q = odds / sum;
                }
            }
            for i in 0..n {
                let (mut pull, mut way) = (1.0, 0.0);
                for j in 0..n {
                    let (a, b) = (i * n + j, j * n + i);
                    let p = challenge[a] * (1.0 - kernel.p[a]) + challenge[b] * kernel.p[b];
                    if i != j {
                        pull += p;
                        way += p * (kernel.x[j] - kernel.x[i]);
                    }
                }
                kernel.next[i] = kernel.x[i] + way / pull;
            }
            core::mem::swap(&mut kernel.x, &mut kernel.next);
        }
        let atoms = kernel.x.iter().copied().zip(kernel.weight.iter().copied()).collect();
        match Distribution::from_atoms(atoms) {
            Some(d) => PositionForecast::mean_of(d),
            None => PositionForecast::certain(super::averages::mean(&kernel.x, &kernel.weight)),
        }
    }
}
