//! Exponentials and logarithms of many numbers at once, each as it would be alone.
//!
//! Where arguments are small a few terms of the series are exact to the last digits and run several
//! lanes at a time; elsewhere `libm` has them.

use libm::{exp, expm1, log1p};
use multiversion::multiversion;

/// 1!, 2!, …
const FACTORIALS: [f64; 13] = [
    1.0,
    2.0,
    6.0,
    24.0,
    120.0,
    720.0,
    5_040.0,
    40_320.0,
    362_880.0,
    3_628_800.0,
    39_916_800.0,
    479_001_600.0,
    6_227_020_800.0,
];

/// 1/1!, 1/2!, …
const INVERSES: [f64; 13] = {
    let (mut inverses, mut k) = ([0.0; 13], 0);
    while k < 13 {
        inverses[k] = 1.0 / FACTORIALS[k];
        k += 1;
    }
    inverses
};

/// 1, 1/2, 1/3, …
const RECIPROCALS: [f64; 11] = {
    let (mut reciprocals, mut k) = ([0.0; 11], 0);
    while k < 11 {
        reciprocals[k] = 1.0 / (k + 1) as f64;
        k += 1;
    }
    reciprocals
};

/// Up to here eight terms of `(1 − e^{−x})/x` will do, and up to [`LONG`] thirteen: the first left
/// out is below 3e-18 and 1e-19.
const SHORT: f64 = 1.0 / 32.0;
const LONG: f64 = 0.25;

/// Up to here `e^x` is the 32nd power of a series, …
const LARGE: f64 = 4.0;

/// … and up to here the 64th.
const LARGEST: f64 = 8.0;

/// `(1 − e^{−x})/x = Σ (−x)^k/(k+1)!` by N terms.
#[inline(always)]
fn series<const N: usize>(x: f64) -> f64 {
    let mut sum = 0.0;
    for k in (0..N).rev() {
        sum = INVERSES[k] - x * sum;
    }
    sum
}

/// `(1 − e^{−x})/x` of every x ≥ 0; 1 at 0.
#[inline(always)]
pub(super) fn shares<const L: usize>(x: &[f64; L]) -> [f64; L] {
    let (mut short, mut inside) = ([0.0; L], true);
    for l in 0..L {
        short[l] = series::<8>(x[l]);
    }
    for x in x {
        inside &= *x <= SHORT;
    }
    if inside { short } else { long_shares(x, short) }
}

/// The same where `short` does not do for all.
#[inline(always)]
fn long_shares<const L: usize>(x: &[f64; L], mut into: [f64; L]) -> [f64; L] {
    let (mut long, mut inside) = ([0.0; L], true);
    for l in 0..L {
        long[l] = series::<13>(x[l]);
    }
    for l in 0..L {
        into[l] = if x[l] > SHORT { long[l] } else { into[l] };
        inside &= x[l] <= LONG;
    }
    if inside {
        return into;
    }
    for (x, into) in x.iter().zip(&mut into) {
        if *x > LONG {
            *into = -expm1(-x) / x;
        }
    }
    into
}

/// `−ln(1 − x)/x = Σ x^k/(k + 1)` of every x in 0 ≤ x < 1; 1 at 0.
#[multiversion(targets("x86_64+avx2"))]
pub(super) fn log_shares(x: &[f64], into: &mut [f64]) {
    let lanes = x.len().min(into.len());
    let (x, into) = (&x[..lanes], &mut into[..lanes]);
    let mut inside = true;
    for l in 0..lanes {
        // With x ≤ 1/32 the first term left out is below 3e-18.
        let mut sum = 0.0;
        for k in (0..11).rev() {
            sum = RECIPROCALS[k] + x[l] * sum;
        }
        into[l] = sum;
        inside &= x[l] <= SHORT;
    }
    if inside {
        return;
    }
    for (x, into) in x.iter().zip(into) {
        if *x > SHORT {
            *into = -log1p(-x) / x;
        }
    }
}

/// `e^x` of every x.
#[inline(always)]
pub(super) fn exps<const L: usize>(x: &[f64; L]) -> [f64; L] {
    let (mut into, mut inside) = ([0.0; L], true);
    for l in 0..L {
        into[l] = power_of_series::<5>(x[l]);
    }
    for x in x {
        inside &= x.abs() <= LARGE;
    }
    if inside { into } else { large_exps(x, into) }
}

/// `e^x` as the 2^N-th power of a series at `y = x/2^N`.
#[inline(always)]
fn power_of_series<const N: i32>(x: f64) -> f64 {
    let y = x * (1.0 / (1_u64 << N) as f64);
    // Ten terms after the 1: with |y| ≤ ⅛ the first left out is below 3e-18.
    let mut e = 0.0;
    for k in (0..10).rev() {
        e = INVERSES[k] + y * e;
    }
    let mut e = 1.0 + y * e;
    for _ in 0..N {
        e *= e;
    }
    e
}

/// The same where the 32nd power does not do for all.
#[inline(always)]
fn large_exps<const L: usize>(x: &[f64; L], mut into: [f64; L]) -> [f64; L] {
    let (mut large, mut inside) = ([0.0; L], true);
    for l in 0..L {
        large[l] = power_of_series::<6>(x[l]);
    }
    for l in 0..L {
        let size = x[l].abs();
        into[l] = if size > LARGE { large[l] } else { into[l] };
        inside &= size <= LARGEST;
    }
    if inside {
        return into;
    }
    for (x, into) in x.iter().zip(&mut into) {
        if x.abs() > LARGEST {
            *into = exp(*x);
        }
    }
    into
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_agree_with_the_library_and_lanes_with_themselves() {
        let x: Vec<f64> = (0..4_000).map(|k| f64::from(k) * f64::from(k) * 3e-7).collect();
        let rows = || x.chunks_exact(4).map(|row| <[f64; 4]>::try_from(row).unwrap());
        for row in rows() {
            for (x, ours) in row.iter().zip(shares(&row)) {
                let known = if *x > 0.0 { -expm1(-x) / x } else { 1.0 };
                assert!((ours - known).abs() <= 4e-16 * known, "{x}: {ours} {known}");
                assert_eq!(shares(&[*x]), [ours]);
            }
        }
        let below: Vec<f64> = x.iter().map(|x| x / 5.0).collect();
        let mut together = vec![0.0; x.len()];
        log_shares(&below, &mut together);
        for (x, ours) in below.iter().zip(&together) {
            let known = if *x > 0.0 { -log1p(-x) / x } else { 1.0 };
            assert!((ours - known).abs() <= 4e-16 * known, "{x}: {ours} {known}");
            let mut alone = [0.0];
            log_shares(&[*x], &mut alone);
            assert_eq!(alone[0], *ours);
        }
        for beta in [-2.0, 0.5, 3.0, 7.5] {
            for row in rows() {
                let row = row.map(|x| beta * x);
                for (x, ours) in row.iter().zip(exps(&row)) {
                    let known = exp(*x);
                    assert!((ours - known).abs() <= 2e-14 * known, "{x}: {ours} {known}");
                    assert_eq!(exps(&[*x]), [ours]);
                }
            }
        }
    }
}
