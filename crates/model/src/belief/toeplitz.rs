//! Products with symmetric Toeplitz matrices, which carry masses on equally spaced nodes over a gap.
//!
//! # Model
//! `(K v)_i = Σ_j k(|i − j|) v_j` is a convolution: padded with zeros to at least 2n − 1 its transform is the
//! product of transforms, and that of a symmetric kernel is real. A bilinear form `u'K v` is a sum over
//! frequencies (Parseval), so that what was transformed once serves every kernel. A transform of 512 real
//! numbers is one of 256 complex ones, in passes of four (Stockham's order, which needs no reversal of bits).
//!
//! What is carried is positive, so a product lies between the least and the largest value of the kernel times
//! the sum of v; rounding, some 1e-16 of the largest, is kept within that. Where the kernel falls by more than
//! [`LEAST`] over the scale, or nodes are few, the sums are taken as they stand.
//!
//! # Reference
//! Golub & Van Loan (2013), Matrix Computations, 4th ed., sections 1.4.2 (splitting) and 4.8.2 (circulants);
//! Van Loan (1992), Computational Frameworks for the Fast Fourier Transform, sections 1.7 (Stockham) and 4.3.

use multiversion::multiversion;

/// The least share of its largest value that a kernel may fall to and still be taken through the transform:
/// rounding then is at most some 1e-9 of what the faintest node receives.
const LEAST: f64 = 1e-7;
/// The share of its largest value below which a kernel's sums leave out what is further away: a Gaussian's at some
/// twelve sds.
const FAINT: f64 = 1e-35;
/// Fewer nodes are quicker summed than transformed.
const FEW: usize = 96;

/// A discrete Fourier transform of real sequences of one length, padded with zeros.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fourier {
    /// How many numbers a sequence has before it is padded.
    length: usize,
    /// Complex numbers of the transform inside: half the padded length.
    half: usize,
    /// `e^{−2πip/m}` to the first three powers, for each pass of four.
    passes: Vec<Vec<[f64; 6]>>,
    /// `cos` and `sin` of `2πk/(2·half)`, from k = 1 to below the middle.
    turn: Vec<(f64, f64)>,
}

/// The transform of a real sequence, up to the middle frequency.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Spectrum {
    re: Vec<f64>,
    im: Vec<f64>,
}

/// Room for the passes.
#[derive(Default)]
pub(super) struct FourierBuffers {
    a: Spectrum,
    b: Spectrum,
}

impl Fourier {
    /// The transform of sequences of `length` numbers; nothing where they are few.
    pub(super) fn of(length: usize) -> Option<Self> {
        (length >= FEW).then(|| Self::new(length))
    }

    fn new(length: usize) -> Self {
        let half = length.next_power_of_two();
        let angle = |k: usize, n: usize| std::f64::consts::TAU * k as f64 / n as f64;
        let mut passes = Vec::new();
        let mut n = half;
        while n >= 4 {
            let powers = |p: usize| {
                let [a, b, c] = [1, 2, 3].map(|power| angle(power * p, n));
                [
                    libm::cos(a),
                    -libm::sin(a),
                    libm::cos(b),
                    -libm::sin(b),
                    libm::cos(c),
                    -libm::sin(c),
                ]
            };
            passes.push((0..n / 4).map(powers).collect());
            n /= 4;
        }
        let turn = (1..half / 2).map(|k| angle(k, 2 * half)).map(|t| (libm::cos(t), libm::sin(t)));
        Self { length, half, passes, turn: turn.collect() }
    }

    /// The complex transform of `work.a`, which it ends in.
    #[inline(always)]
    fn complex(&self, work: &mut FourierBuffers) {
        let (mut x, mut y) = (&mut work.a, &mut work.b);
        let mut stride = 1;
        for powers in &self.passes {
            four(powers, stride, x, y);
            std::mem::swap(&mut x, &mut y);
            stride *= 4;
        }
        if stride < self.half {
            for q in 0..stride {
                let (a, b) = (x.re[q], x.re[q + stride]);
                (y.re[q], y.re[q + stride]) = (a + b, a - b);
                let (a, b) = (x.im[q], x.im[q + stride]);
                (y.im[q], y.im[q + stride]) = (a + b, a - b);
            }
            std::mem::swap(&mut x, &mut y);
        }
        if (self.passes.len() + usize::from(stride < self.half)) % 2 == 1 {
            std::mem::swap(x, y);
        }
    }

    /// The transform of a sequence of as many numbers as it was made for, or fewer.
    pub(super) fn spectrum(&self, v: &[f64], work: &mut FourierBuffers) -> Spectrum {
        spectrum(self, v, work)
    }

    /// Even numbers as real parts, odd ones as imaginary parts.
    #[inline(always)]
    fn pack(&self, v: &[f64], work: &mut FourierBuffers) {
        work.fit(self.half);
        let (re, im) = (&mut work.a.re, &mut work.a.im);
        let pairs = v.chunks_exact(2);
        let last = pairs.remainder().first().copied();
        let used = v.len().div_ceil(2);
        for ((re, im), pair) in re.iter_mut().zip(im.iter_mut()).zip(pairs) {
            (*re, *im) = (pair[0], pair[1]);
        }
        re[used..].fill(0.0);
        im[used..].fill(0.0);
        if let Some(last) = last {
            (re[used - 1], im[used - 1]) = (last, 0.0);
        }
    }

    /// The spectrum of a real sequence from the transform of its pairs.
    #[inline(always)]
    fn untangled(&self, z: &Spectrum) -> Spectrum {
        let (m, middle) = (self.half, self.half / 2);
        let mut x = Spectrum { re: vec![0.0; m + 1], im: vec![0.0; m + 1] };
        (x.re[0], x.re[m]) = (z.re[0] + z.im[0], z.re[0] - z.im[0]);
        (x.re[middle], x.im[middle]) = (z.re[middle], -z.im[middle]);
        let from = ends(&z.re, m).zip(ends(&z.im, m));
        let to = ends_mut(&mut x.re[..m]).zip(ends_mut(&mut x.im[..m]));
        for (((cos, sin), ((a, c), (b, d))), ((r, r_far), (i, i_far))) in
            self.turn.iter().zip(from).zip(to)
        {
            let (er, ei, or, oi) = (0.5 * (a + c), 0.5 * (b - d), 0.5 * (b + d), 0.5 * (c - a));
            let (tr, ti) = (cos * or + sin * oi, cos * oi - sin * or);
            (*r, *i, *r_far, *i_far) = (er + tr, ei + ti, er - tr, ti - ei);
        }
        x
    }

    /// The sequence whose spectrum is `kernel` times `x`.
    #[inline(always)]
    fn product(&self, kernel: &[f64], x: &Spectrum, work: &mut FourierBuffers) -> Vec<f64> {
        let (m, middle) = (self.half, self.half / 2);
        work.fit(m);
        // The transform of the conjugate is the inverse: real and imaginary parts change places.
        let (im, re) = (&mut work.a.re, &mut work.a.im);
        let (first, last) = (kernel[0] * x.re[0], kernel[m] * x.re[m]);
        (re[0], im[0]) = (first + last, first - last);
        let twice = 2.0 * kernel[middle];
        (re[middle], im[middle]) = (twice * x.re[middle], -twice * x.im[middle]);
        let from = ends(kernel, m).zip(ends(&x.re, m).zip(ends(&x.im, m)));
        let to = ends_mut(re).zip(ends_mut(im));
        for (((cos, sin), ((p, q), ((xr, xr_far), (xi, xi_far)))), ((r, r_far), (i, i_far))) in
            self.turn.iter().zip(from).zip(to)
        {
            let (a, b, c, d) = (p * xr, p * xi, q * xr_far, q * xi_far);
            let (er, ei, tr, ti) = (a + c, b - d, a - c, b + d);
            let (or, oi) = (cos * tr - sin * ti, cos * ti + sin * tr);
            (*r, *i, *r_far, *i_far) = (er - oi, ei + or, er + oi, or - ei);
        }
        self.complex(work);
        let scale = 0.5 / m as f64;
        let mut out = vec![0.0; self.length];
        for (pair, (even, odd)) in out.chunks_mut(2).zip(work.a.im.iter().zip(&work.a.re)) {
            pair[0] = scale * even;
            if let Some(last) = pair.get_mut(1) {
                *last = scale * odd;
            }
        }
        out
    }

    /// The spectrum of a symmetric kernel, given by its values at no distance and beyond.
    fn kernel(&self, k: &[f64], work: &mut FourierBuffers) -> Vec<f64> {
        let n = 2 * self.half;
        let around: Vec<f64> =
            (0..n).map(|i| k.get(i.min(n - i)).copied().unwrap_or(0.0)).collect();
        self.spectrum(&around, work).re
    }

    /// `u'K v` by their spectra.
    fn form(&self, kernel: &[f64], u: &Spectrum, v: &Spectrum) -> f64 {
        let term = |k: usize| kernel[k] * (u.re[k] * v.re[k] + u.im[k] * v.im[k]);
        let ends = term(0) + term(self.half);
        let mut sums = [0.0; 4];
        for k in 1..self.half {
            sums[k % 4] += term(k);
        }
        (ends + 2.0 * ((sums[0] + sums[1]) + (sums[2] + sums[3]))) / (2 * self.half) as f64
    }
}

/// [`Fourier::spectrum`], four numbers at a time where the processor can.
#[multiversion(targets("x86_64+avx2"))]
fn spectrum(fourier: &Fourier, v: &[f64], work: &mut FourierBuffers) -> Spectrum {
    fourier.pack(v, work);
    fourier.complex(work);
    fourier.untangled(&work.a)
}

/// [`Fourier::product`], likewise.
#[multiversion(targets("x86_64+avx2"))]
fn product(fourier: &Fourier, kernel: &[f64], x: &Spectrum, work: &mut FourierBuffers) -> Vec<f64> {
    fourier.product(kernel, x, work)
}

impl FourierBuffers {
    fn fit(&mut self, half: usize) {
        for part in [&mut self.a, &mut self.b] {
            part.re.resize(half, 0.0);
            part.im.resize(half, 0.0);
        }
    }
}

/// Numbers 1, 2, .. and with each the one as far from `m`, up to the middle.
#[inline(always)]
fn ends(v: &[f64], m: usize) -> impl Iterator<Item = (&f64, &f64)> {
    v[1..m / 2].iter().zip(v[m / 2 + 1..m].iter().rev())
}

/// [`ends`] of a whole slice, to be written to.
#[inline(always)]
fn ends_mut(v: &mut [f64]) -> impl Iterator<Item = (&mut f64, &mut f64)> {
    let m = v.len();
    let (low, high) = v.split_at_mut(m / 2);
    low[1..].iter_mut().zip(high[1..].iter_mut().rev())
}

/// Four complex numbers to their sums by the powers of i, the last three turned.
#[inline(always)]
fn butterfly(turns: &[f64; 6], r: [f64; 4], i: [f64; 4]) -> ([f64; 4], [f64; 4]) {
    let [ar, ai, br, bi, cr, ci] = *turns;
    let (sr, si, dr, di) = (r[0] + r[2], i[0] + i[2], r[0] - r[2], i[0] - i[2]);
    let (tr, ti, er, ei) = (r[1] + r[3], i[1] + i[3], i[3] - i[1], r[1] - r[3]);
    let (ur, ui, vr, vi, wr, wi) = (dr - er, di - ei, sr - tr, si - ti, dr + er, di + ei);
    (
        [sr + tr, ar * ur - ai * ui, br * vr - bi * vi, cr * wr - ci * wi],
        [si + ti, ar * ui + ai * ur, br * vi + bi * vr, cr * wi + ci * wr],
    )
}

/// A slice in four parts of one length.
#[inline(always)]
fn quarters(v: &[f64]) -> [&[f64]; 4] {
    let (low, high) = v.split_at(v.len() / 2);
    let ((a, b), (c, d)) = (low.split_at(low.len() / 2), high.split_at(high.len() / 2));
    [a, b, c, d]
}

/// One pass of four over numbers that stand `stride` apart.
#[inline(always)]
fn four(powers: &[[f64; 6]], stride: usize, x: &Spectrum, y: &mut Spectrum) {
    match stride {
        1 => pass::<1>(powers, x, y),
        4 => pass::<4>(powers, x, y),
        16 => pass::<16>(powers, x, y),
        64 => pass::<64>(powers, x, y),
        256 => pass::<256>(powers, x, y),
        _ => pass::<1024>(powers, x, y),
    }
}

/// [`four`] with a stride known to the compiler, which then takes several numbers at a time.
#[inline(always)]
fn pass<const S: usize>(powers: &[[f64; 6]], x: &Spectrum, y: &mut Spectrum) {
    let [r0, r1, r2, r3] = quarters(&x.re).map(|v| v.as_chunks::<S>().0.iter());
    let [i0, i1, i2, i3] = quarters(&x.im).map(|v| v.as_chunks::<S>().0.iter());
    let real = r0.zip(r1).zip(r2.zip(r3));
    let imaginary = i0.zip(i1).zip(i2.zip(i3));
    let to = y.re.as_chunks_mut::<S>().0.as_chunks_mut::<4>().0.iter_mut();
    let to = to.zip(y.im.as_chunks_mut::<S>().0.as_chunks_mut::<4>().0);
    for (((turns, ((r0, r1), (r2, r3))), ((i0, i1), (i2, i3))), (re, im)) in
        powers.iter().zip(real).zip(imaginary).zip(to)
    {
        for q in 0..S {
            let r = [r0[q], r1[q], r2[q], r3[q]];
            let i = [i0[q], i1[q], i2[q], i3[q]];
            let (r, i) = butterfly(turns, r, i);
            for k in 0..4 {
                (re[k][q], im[k][q]) = (r[k], i[k]);
            }
        }
    }
}

/// A vector, transformed where that is worth it.
pub(super) struct Factor {
    values: Vec<f64>,
    spectrum: Option<Spectrum>,
}

impl Factor {
    /// `values`, transformed if `fourier` is there.
    pub(super) fn new(
        values: Vec<f64>,
        fourier: Option<&Fourier>,
        work: &mut FourierBuffers,
    ) -> Self {
        let spectrum = fourier.map(|f| f.spectrum(&values, work));
        Self { values, spectrum }
    }

    /// The vector itself.
    pub(super) fn values(&self) -> &[f64] {
        &self.values
    }
}

/// A symmetric Toeplitz matrix.
pub(super) struct Toeplitz {
    /// Its values from distance −(n − 1) to n − 1.
    kernel: Vec<f64>,
    /// The distance beyond which it is nothing.
    reach: usize,
    spectrum: Option<Vec<f64>>,
    /// Its least and largest values where none is negative.
    bounds: Option<(f64, f64)>,
}

impl Toeplitz {
    /// A matrix of values that are not negative and fall with the distance, by those from 0 to n − 1.
    pub(super) fn falling(k: &[f64], fourier: Option<&Fourier>, work: &mut FourierBuffers) -> Self {
        let (most, least) = (k[0], k[k.len() - 1]);
        let fourier = fourier.filter(|_| least >= LEAST * most);
        Self { bounds: Some((least, most)), ..Self::any(k, fourier, work) }
    }

    /// A matrix by its values at distances 0 to n − 1.
    pub(super) fn any(k: &[f64], fourier: Option<&Fourier>, work: &mut FourierBuffers) -> Self {
        let n = k.len();
        let most = k.iter().fold(0.0_f64, |most, k| most.max(k.abs()));
        let reach = k.iter().rposition(|k| k.abs() > FAINT * most).unwrap_or(0);
        let kernel = (0..2 * n - 1).map(|i| k[i.abs_diff(n - 1)]).collect();
        Self { kernel, reach, spectrum: fourier.map(|f| f.kernel(k, work)), bounds: None }
    }

    /// Whether products go through the transform.
    pub(super) fn is_transformed(&self) -> bool {
        self.spectrum.is_some()
    }

    /// The product with a vector.
    pub(super) fn times(
        &self,
        v: &Factor,
        fourier: Option<&Fourier>,
        work: &mut FourierBuffers,
    ) -> Vec<f64> {
        let (Some(f), Some(kernel), Some(x)) = (fourier, &self.spectrum, &v.spectrum) else {
            return direct(&self.kernel, self.reach, &v.values);
        };
        let mut out = product(f, kernel, x, work);
        if let Some((least, most)) = self.bounds {
            let total: f64 = x.re[0];
            out.iter_mut().for_each(|o| *o = o.max(least * total).min(most * total));
        }
        out
    }

    /// `u'K v`.
    pub(super) fn form(&self, u: &Factor, v: &Factor, fourier: Option<&Fourier>) -> f64 {
        match (fourier, &self.spectrum, &u.spectrum, &v.spectrum) {
            (Some(f), Some(kernel), Some(x), Some(y)) => f.form(kernel, x, y),
            _ => dot(&u.values, &direct(&self.kernel, self.reach, &v.values)),
        }
    }
}

/// `out_i = Σ_j k(i−j) v_j` for a symmetric kernel stored from `−(n−1)` to `n−1`, nothing beyond `reach`.
#[inline(always)]
fn sums(kernel: &[f64], reach: usize, v: &[f64]) -> Vec<f64> {
    let n = v.len();
    let mut out = vec![0.0; n];
    // Four columns at a time: the sums are loaded and stored a quarter as often.
    for j in (0..n / 4).map(|b| 4 * b) {
        let (v0, v1, v2, v3) = (v[j], v[j + 1], v[j + 2], v[j + 3]);
        let (from, to) = (j.saturating_sub(reach), n.min(j + 4 + reach));
        let row = |j: usize| &kernel[n - 1 + from - j..n - 1 + to - j];
        let columns = row(j).iter().zip(row(j + 1)).zip(row(j + 2).iter().zip(row(j + 3)));
        for (o, ((k0, k1), (k2, k3))) in out[from..to].iter_mut().zip(columns) {
            *o += (k0 * v0 + k1 * v1) + (k2 * v2 + k3 * v3);
        }
    }
    for j in n / 4 * 4..n {
        for (o, k) in out.iter_mut().zip(&kernel[n - 1 - j..]) {
            *o += k * v[j];
        }
    }
    out
}

/// [`sums`], several numbers at a time where the processor can.
#[multiversion(targets("x86_64+avx2"))]
fn direct(kernel: &[f64], reach: usize, v: &[f64]) -> Vec<f64> {
    sums(kernel, reach, v)
}

/// The inner product, in four sums that do not wait for each other.
#[inline(always)]
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 4];
    let (a4, b4) = (a.chunks_exact(4), b.chunks_exact(4));
    let rest: f64 = a4.remainder().iter().zip(b4.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a4.zip(b4) {
        for k in 0..4 {
            sums[k] += a[k] * b[k];
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}

/// The sum, in four that do not wait for each other.
#[inline(always)]
pub(super) fn sum(v: &[f64]) -> f64 {
    let mut sums = [0.0; 4];
    let four = v.chunks_exact(4);
    let rest: f64 = four.remainder().iter().sum();
    for v in four {
        for k in 0..4 {
            sums[k] += v[k];
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(n: usize) -> Vec<f64> {
        (0..n).map(|i| 1.0 + libm::sin(i as f64 * 1.7) + 0.3 * libm::cos(i as f64)).collect()
    }

    /// The heavy-tailed kernel of a scale, in nodes.
    fn falling(n: usize, scale: f64) -> Vec<f64> {
        let at = |d: usize| libm::pow(1.0 + (d as f64 / scale) * (d as f64 / scale) / 1.5, -1.25);
        (0..n).map(at).collect()
    }

    #[test]
    fn products_through_the_transform_are_the_sums() {
        for n in [96, 100, 129, 201, 256, 401, 2001] {
            let fourier = Fourier::new(n);
            let mut work = FourierBuffers::default();
            let k = falling(n, 2.0);
            let v = wave(n);
            let u: Vec<f64> = v.iter().rev().map(|v| v * v).collect();
            let [u, v] = [u, v].map(|v| Factor::new(v, Some(&fourier), &mut work));
            let matrix = Toeplitz::any(&k, Some(&fourier), &mut work);
            let sums = direct(&matrix.kernel, n - 1, v.values());
            let product = matrix.times(&v, Some(&fourier), &mut work);
            for (a, b) in product.iter().zip(&sums) {
                assert!((a - b).abs() < 1e-13 * b, "{n} nodes: {a} for {b}");
            }
            let (form, sums) = (matrix.form(&u, &v, Some(&fourier)), dot(u.values(), &sums));
            assert!((form - sums).abs() < 1e-13 * sums, "{n} nodes: {form} for {sums}");
        }
    }

    #[test]
    fn wide_registers_change_no_bit() {
        for n in [96, 129, 201, 401, 2001] {
            let fourier = Fourier::new(n);
            let [mut work, mut narrow] = [0; 2].map(|_| FourierBuffers::default());
            let v = wave(n);
            let spectrum = fourier.spectrum(&v, &mut work);
            fourier.pack(&v, &mut narrow);
            fourier.complex(&mut narrow);
            assert!(spectrum == fourier.untangled(&narrow.a), "{n} nodes");
            let k = falling(n, 2.0);
            let kernel = fourier.kernel(&k, &mut work);
            let wide = product(&fourier, &kernel, &spectrum, &mut work);
            assert!(wide == fourier.product(&kernel, &spectrum, &mut narrow), "{n} nodes");
            let matrix = Toeplitz::any(&k, None, &mut work);
            for reach in [n - 1, 13] {
                assert!(direct(&matrix.kernel, reach, &v) == sums(&matrix.kernel, reach, &v));
            }
        }
    }

    #[test]
    fn the_faintest_node_is_right_to_a_billionth() {
        let n = 201;
        let fourier = Fourier::new(n);
        let mut work = FourierBuffers::default();
        let k = falling(n, 0.3);
        assert!(k[n - 1] < 2.0 * LEAST && k[n - 1] > LEAST, "{} of the largest", k[n - 1]);
        let mut v = vec![0.0; n];
        v[0] = 1.0;
        let matrix = Toeplitz::falling(&k, Some(&fourier), &mut work);
        assert!(matrix.is_transformed());
        let product =
            matrix.times(&Factor::new(v, Some(&fourier), &mut work), Some(&fourier), &mut work);
        for (a, b) in product.iter().zip(&k) {
            assert!((a - b).abs() < 1e-9 * b, "{a} for {b}");
        }
    }
}
