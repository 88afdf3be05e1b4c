//! Special functions and their inverses, built on `libm` alone so that every platform agrees.

use libm::{exp, fabs, lgamma, log, log1p, pow, sqrt};

/// The standard normal distribution function Φ(x).
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x / std::f64::consts::SQRT_2)
}

/// The standard normal quantile Φ⁻¹(p) for 0 < p < 1, to about 1e-16 relative.
///
/// # Reference
/// Wichura 1988, Algorithm AS 241 (PPND16), Applied Statistics 37(3), 477–484.
pub fn normal_quantile(p: f64) -> f64 {
    #[rustfmt::skip]
    const A: [f64; 8] = [3.387_132_872_796_366_5, 1.331_416_678_917_843_8e2, 1.971_590_950_306_551_3e3, 1.373_169_376_550_946e4,
        4.592_195_393_154_987e4, 6.726_577_092_700_87e4, 3.343_057_558_358_813e4, 2.509_080_928_730_122_7e3];
    #[rustfmt::skip]
    const B: [f64; 8] = [1.0, 4.231_333_070_160_091e1, 6.871_870_074_920_579e2, 5.394_196_021_424_751e3,
        2.121_379_430_158_659_7e4, 3.930_789_580_009_271e4, 2.872_908_573_572_194_3e4, 5.226_495_278_852_854e3];
    #[rustfmt::skip]
    const C: [f64; 8] = [1.423_437_110_749_683_5, 4.630_337_846_156_546, 5.769_497_221_460_691, 3.647_848_324_763_204_5,
        1.270_458_252_452_368_4, 2.417_807_251_774_506e-1, 2.272_384_498_926_918_4e-2, 7.745_450_142_783_414e-4];
    #[rustfmt::skip]
    const D: [f64; 8] = [1.0, 2.053_191_626_637_759, 1.676_384_830_183_803_8, 6.897_673_349_851e-1,
        1.481_039_764_274_800_8e-1, 1.519_866_656_361_645_7e-2, 5.475_938_084_995_345e-4, 1.050_750_071_644_416_9e-9];
    #[rustfmt::skip]
    const E: [f64; 8] = [6.657_904_643_501_103, 5.463_784_911_164_114, 1.784_826_539_917_291_3, 2.965_605_718_285_048_7e-1,
        2.653_218_952_657_612_4e-2, 1.242_660_947_388_078_4e-3, 2.711_555_568_743_487_6e-5, 2.010_334_399_292_288_1e-7];
    #[rustfmt::skip]
    const F: [f64; 8] = [1.0, 5.998_322_065_558_88e-1, 1.369_298_809_227_358e-1, 1.487_536_129_085_061_5e-2,
        7.868_691_311_456_133e-4, 1.846_318_317_510_054_8e-5, 1.421_511_758_316_446e-7, 2.044_263_103_389_939_8e-15];
    let horner = |c: &[f64; 8], x: f64| c.iter().rev().fold(0.0, |sum, a| sum * x + a);
    let q = p - 0.5;
    if fabs(q) <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * horner(&A, r) / horner(&B, r);
    }
    let r = sqrt(-log(if q < 0.0 { p } else { 1.0 - p }));
    let x = if r <= 5.0 {
        horner(&C, r - 1.6) / horner(&D, r - 1.6)
    } else {
        horner(&E, r - 5.0) / horner(&F, r - 5.0)
    };
    if q < 0.0 { -x } else { x }
}

/// The regularised lower incomplete gamma function P(a, x) for a > 0, x ≥ 0.
///
/// # Reference
/// DLMF 8.11.4 (series, x < a + 1) and 8.9.2 (continued fraction, Lentz's method).
pub fn gamma_cdf(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    let front = exp(a * log(x) - x - lgamma(a));
    if x < a + 1.0 {
        let (mut term, mut sum, mut n) = (1.0 / a, 1.0 / a, a);
        while fabs(term) > fabs(sum) * 1e-17 {
            n += 1.0;
            term *= x / n;
            sum += term;
        }
        return front * sum;
    }
    let tiny = 1e-300;
    let mut b = x + 1.0 - a;
    let (mut c, mut d) = (1.0 / tiny, 1.0 / b);
    let mut h = d;
    for i in 1..10_000 {
        let an = -f64::from(i) * (f64::from(i) - a);
        b += 2.0;
        d = an * d + b;
        d = 1.0 / if fabs(d) < tiny { tiny } else { d };
        c = b + an / c;
        c = if fabs(c) < tiny { tiny } else { c };
        h *= d * c;
        if fabs(d * c - 1.0) < 1e-16 {
            break;
        }
    }
    1.0 - front * h
}

/// The quantile of a Gamma(shape, 1) variable, by safeguarded Newton steps on its logarithm.
pub fn gamma_quantile(a: f64, p: f64) -> f64 {
    // Wilson & Hilferty 1931 where it is positive, else the leading term of the series at zero.
    let z = normal_quantile(p);
    let w = 1.0 - 1.0 / (9.0 * a) + z / (3.0 * sqrt(a));
    let start = if w > 0.3 { a * w * w * w } else { exp((log(p) + lgamma(a + 1.0)) / a) };
    let pdf = |x: f64| exp((a - 1.0) * log(x) - x - lgamma(a));
    newton(start, p, 0.0, f64::INFINITY, |x| gamma_cdf(a, x), pdf)
}

/// The regularised incomplete beta function I_x(a, b) for a, b > 0 and 0 ≤ x ≤ 1.
///
/// # Reference
/// DLMF 8.17.22 (continued fraction, Lentz's method) and 8.17.4 (reflection).
pub fn beta_cdf(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - beta_cdf(b, a, 1.0 - x);
    }
    let front = exp(a * log(x) + b * log1p(-x) + lgamma(a + b) - lgamma(a) - lgamma(b)) / a;
    let tiny = 1e-300;
    let guard = |v: f64| if fabs(v) < tiny { tiny } else { v };
    let (mut c, mut d) = (1.0, 1.0 / guard(1.0 - (a + b) * x / (a + 1.0)));
    let mut h = d;
    for m in 1..10_000 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / guard(1.0 + even * d);
        c = guard(1.0 + even / c);
        h *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / guard(1.0 + odd * d);
        c = guard(1.0 + odd / c);
        h *= d * c;
        if fabs(d * c - 1.0) < 1e-16 {
            break;
        }
    }
    front * h
}

/// The quantile of a Beta(a, b) variable.
pub fn beta_quantile(a: f64, b: f64, p: f64) -> f64 {
    let norm = lgamma(a + b) - lgamma(a) - lgamma(b);
    let pdf = |x: f64| pow(x, a - 1.0) * pow(1.0 - x, b - 1.0) * exp(norm);
    newton(a / (a + b), p, 0.0, 1.0, |x| beta_cdf(a, b, x), pdf)
}

/// Solves `cdf(x) = p` on (lo, hi): Newton where it stays inside the bracket, else bisection.
fn newton(
    start: f64,
    p: f64,
    mut lo: f64,
    mut hi: f64,
    cdf: impl Fn(f64) -> f64,
    pdf: impl Fn(f64) -> f64,
) -> f64 {
    let mut x = start;
    for _ in 0..200 {
        let error = cdf(x) - p;
        if error == 0.0 {
            break;
        }
        if error > 0.0 {
            hi = x
        } else {
            lo = x
        }
        let step = error / pdf(x);
        let mut next = x - step;
        if !(next > lo && next < hi) {
            next = if hi.is_finite() { 0.5 * (lo + hi) } else { 2.0 * x };
        }
        if fabs(next - x) <= 1e-15 * fabs(x) {
            return next;
        }
        x = next;
    }
    x
}
