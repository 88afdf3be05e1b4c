//! Uniforms that move together.

use super::special::{normal_cdf, normal_quantile};

/// Puts uniforms that move together in the place of independent ones, each still uniform. `r` is
/// their rank correlation, 0 to 1; `reversed` says which move the other way.
///
/// # Model
/// A Gaussian copula with one correlation: normal scores `z = Le` of independent scores e, L the
/// Cholesky factor of the matrix with ones and ρ = 2·sin(πr/6), which gives Spearman's r. Row k of L
/// has the same `c_j = (ρ − s_j)/d_j` under its diagonal as every other, `d_j = √(1 − s_j)`,
/// `s_{j+1} = s_j + c_j²`. At r = 0 nothing changes; at r = 1 all take the first uniform.
///
/// # Reference
/// Pearson 1907, "On further methods of determining correlation" (ρ from Spearman's r, for normal
/// scores); Iman & Conover 1982 (rank correlation as what an analyst states).
pub fn together(r: f64, uniforms: &mut [f64], reversed: &[bool]) {
    if r <= 0.0 || uniforms.is_empty() {
        return;
    }
    let turned = |u: f64, k: usize| if reversed[k] { 1.0 - u } else { u };
    if r >= 1.0 {
        let first = turned(uniforms[0], 0);
        for (k, u) in uniforms.iter_mut().enumerate().skip(1) {
            *u = turned(first, k);
        }
        return;
    }
    let rho = 2.0 * libm::sin(std::f64::consts::PI * r / 6.0);
    let (mut common, mut s) = (0.0, 0.0);
    for (k, u) in uniforms.iter_mut().enumerate() {
        let e = normal_quantile(turned(*u, k));
        let d = libm::sqrt(1.0 - s);
        if k > 0 {
            *u = turned(normal_cdf(common + d * e), k);
        }
        let c = (rho - s) / d;
        common += c * e;
        s += c * c;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::uncertain::{Stream, uniform};

    const DRAWS: usize = 20_000;

    fn drawn(r: f64, reversed: &[bool]) -> Vec<Vec<f64>> {
        let streams: Vec<Stream> =
            (0..reversed.len()).map(|k| Stream::of(&format!("input {k}"))).collect();
        let row = |d: usize| {
            let mut u: Vec<f64> = streams.iter().map(|s| uniform(1, d as u64, *s)).collect();
            together(r, &mut u, reversed);
            u
        };
        (0..DRAWS).map(row).collect()
    }

    /// Of uniforms, the rank correlation is the plain one: `12·cov`.
    fn correlation(rows: &[Vec<f64>], a: usize, b: usize) -> f64 {
        let sum: f64 = rows.iter().map(|u| (u[a] - 0.5) * (u[b] - 0.5)).sum();
        12.0 * sum / rows.len() as f64
    }

    #[test]
    fn every_pair_has_the_rank_correlation_asked_and_each_stays_uniform() {
        for r in [0.2, 0.5, 0.8, 0.95] {
            let rows = drawn(r, &[false, false, true, false]);
            for (a, b, sign) in [(0, 1, 1.0), (0, 2, -1.0), (1, 3, 1.0), (2, 3, -1.0)] {
                let found = correlation(&rows, a, b);
                assert!((found - sign * r).abs() < 0.03, "{r}: {found}");
            }
            for k in 0..4 {
                for tenth in 1..10 {
                    let at = tenth as f64 / 10.0;
                    let below = rows.iter().filter(|u| u[k] < at).count() as f64 / DRAWS as f64;
                    assert!((below - at).abs() < 0.015, "{r} {k} {at}: {below}");
                }
            }
        }
    }

    #[test]
    fn nothing_moves_at_0_and_all_are_one_at_100() {
        let apart = drawn(0.0, &[false, true, false]);
        let one = drawn(1.0, &[false, true, false]);
        for (own, u) in apart.iter().zip(&one) {
            assert_eq!([u[0], u[1], u[2]], [own[0], 1.0 - own[0], own[0]]);
            assert_ne!(own[0], own[2]);
        }
        // And the limits are met from inside.
        let (near_0, near_1) = (drawn(1e-9, &[false; 3]), drawn(1.0 - 1e-9, &[false; 3]));
        for ((own, low), high) in apart.iter().zip(&near_0).zip(&near_1) {
            assert!((own[2] - low[2]).abs() < 1e-6 && (own[0] - high[2]).abs() < 1e-3);
        }
    }
}
