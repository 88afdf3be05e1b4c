//! Power from sampled orders and coalitions, for rules that can be neither counted nor enumerated.
//!
//! # Model
//! Shapley & Shubik: the share of random orders in which a player is pivotal, found by bisection
//! since the rule is monotone. Banzhaf: the share of random coalitions (each player in with chance
//! ½) that change with the player's leaving or joining. Of M samples n show it: the standard error is
//! `√(p(1 − p)/M)` at p = (n + 1)/(M + 2).
//!
//! # Reference
//! Castro, Gómez & Tejada 2009, "Polynomial calculation of the Shapley value based on sampling",
//! Computers & Operations Research 36(5) (`castro2009`); for Banzhaf, Bachrach et al. 2010
//! (`bachrach2010`). Bisection of an order is this project's.

use super::Power;

/// Orders, and coalitions.
pub(super) const SAMPLES: u64 = 2_048;

/// Both indices of `players` (bits), with their standard errors; `random` gives uniforms by number.
pub(super) fn power(
    players: &[usize],
    wins: impl Fn(u64) -> bool,
    random: impl Fn(u64) -> f64,
) -> Vec<Power> {
    let n = players.len();
    let (mut pivots, mut swings) = (vec![0u64; n], vec![0u64; n]);
    let all = players.iter().fold(0u64, |c, p| c | 1 << p);
    let mut order: Vec<usize> = (0..n).collect();
    for sample in 0..SAMPLES {
        let from = 2 * sample * n as u64;
        for k in (1..n).rev() {
            order.swap(k, (random(from + k as u64) * (k + 1) as f64) as usize);
        }
        let first = |k: usize| order[..k].iter().fold(0u64, |c, i| c | 1 << players[*i]);
        if wins(all) && !wins(0) {
            // The shortest beginning that wins has `high` players, and its last is pivotal.
            let (mut low, mut high) = (0, n);
            while high - low > 1 {
                let middle = low.midpoint(high);
                if wins(first(middle)) { high = middle } else { low = middle }
            }
            pivots[order[high - 1]] += 1;
        }
        let from = from + n as u64;
        let joins = |k: &usize| random(from + *k as u64) < 0.5;
        let coalition = (0..n).filter(joins).fold(0u64, |c, k| c | 1 << players[k]);
        let won = wins(coalition);
        for (k, count) in swings.iter_mut().enumerate() {
            let bit = 1 << players[k];
            // Losing without it and winning with it.
            let decides = (coalition & bit != 0) == won && wins(coalition ^ bit) != won;
            *count += u64::from(decides);
        }
    }
    let share = |count: u64| count as f64 / SAMPLES as f64;
    // Laplace's share: a player who was never seen to matter has an error, too.
    let error = |count: u64| {
        let p = (count + 1) as f64 / (SAMPLES + 2) as f64;
        (p * (1.0 - p) / SAMPLES as f64).sqrt()
    };
    let total: u64 = swings.iter().sum();
    (0..n)
        .map(|k| {
            let (banzhaf, shapley) = (share(swings[k]), share(pivots[k]));
            Power {
                banzhaf,
                banzhaf_normalised: swings[k] as f64 / total.max(1) as f64,
                shapley,
                banzhaf_error: error(swings[k]),
                shapley_error: error(pivots[k]),
            }
        })
        .collect()
}
