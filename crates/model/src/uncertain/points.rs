//! Points that fill a cube more evenly than chance: Sobol's sequence, scrambled.
//!
//! # Model
//! Dimension `d` has a primitive polynomial over GF(2) of degree `s` with inner coefficients
//! `a_1 … a_{s−1}` and odd numbers `m_1 … m_s`, `m_k < 2^k`. Direction numbers are
//! `v_k = m_k·2^{32−k}` for `k ≤ s`, then
//! `v_k = a_1 v_{k−1} ⊕ … ⊕ a_{s−1} v_{k−s+1} ⊕ v_{k−s} ⊕ (v_{k−s} ≫ s)`. Point `i` is the xor of the
//! `v_k` at the set bits of the Gray code `i ⊕ (i ≫ 1)`. Nested uniform scrambling flips bit `k` by a
//! coin that depends on the bits before it.
//!
//! # Reference
//! Joe & Kuo 2008, "Constructing Sobol sequences with better two-dimensional projections", SIAM J.
//! Sci. Comput. 30(5): the first 512 dimensions of their table `new-joe-kuo-6.21201`. Antonov &
//! Saleev 1979 for the Gray code. Owen 1998, "Scrambling Sobol' and Niederreiter–Xing points", J.
//! Complexity 14(4). The coins are a hash here instead of stored random permutations.

use std::sync::{Arc, LazyLock};

use super::{Stream, uniform};

/// Independent scramblings.
pub const REPLICATES: usize = 8;

/// Dimensions the table reaches; beyond them coordinates are independent uniforms.
pub const DIMENSIONS: usize = 512;

/// Bits of a point that follow the sequence; the bits below them are random.
const BITS: usize = 32;

/// Inner coefficients and `m_1 … m_s`, one line a dimension from the second on.
const TABLE: &str = include_str!("joe-kuo-6.txt");

/// The direction numbers of every dimension.
static DIRECTIONS: LazyLock<Vec<[u32; BITS]>> = LazyLock::new(|| {
    let first = std::array::from_fn(|k| 1 << (BITS - 1 - k));
    std::iter::once(first).chain(TABLE.lines().map(directions)).collect()
});

/// Where the uniforms of draws come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Points {
    /// Each by itself.
    #[default]
    Random,
    /// Draw d is point ⌊d / 8⌋ of scrambling d mod 8, and each input has a dimension of its own; inputs
    /// that find none left are drawn by themselves.
    Scrambled(Arc<[Option<u16>]>),
}

impl Points {
    /// Scrambled points for inputs of these streams. The dimension of an input hangs on its stream, and on the
    /// others only where they want the same one: variants of a case share their points. Only so many
    /// dimensions are used as a power of two needs: the first are the most even together.
    pub fn scrambled(streams: impl ExactSizeIterator<Item = Stream>) -> Self {
        let all = streams.len().next_power_of_two().min(DIMENSIONS);
        let mut taken = vec![false; all];
        let mut place = |stream: Stream| {
            let wanted = (stream.number() % all as u64) as usize;
            let free = (0..all).map(|k| (wanted + k) % all).find(|d| !taken[*d])?;
            taken[free] = true;
            u16::try_from(free).ok()
        };
        Self::Scrambled(streams.map(&mut place).collect())
    }

    /// The uniform in (0, 1) of a draw for the input at a place among all of them.
    pub fn uniform(&self, (seed, draw): (u64, u64), input: usize, stream: Stream) -> f64 {
        let dimension = match self {
            Self::Random => None,
            Self::Scrambled(dimensions) => dimensions.get(input).copied().flatten(),
        };
        match dimension {
            None => uniform(seed, draw, stream),
            Some(d) => {
                let (replicate, index) = (draw % REPLICATES as u64, draw / REPLICATES as u64);
                coordinate(usize::from(d), scrambling(seed, replicate), index as u32)
            }
        }
    }
}

/// Scrambled points of some dimension.
#[derive(Clone, Debug)]
pub struct Sobol {
    dimensions: usize,
    seed: u64,
}

impl Sobol {
    /// Points of a number of dimensions; the seed picks the scrambling.
    pub fn new(dimensions: usize, seed: u64) -> Self {
        Self { dimensions, seed }
    }

    /// Point `index` without scrambling, in units of 2⁻³², over the dimensions of the table.
    pub fn plain(&self, index: u32) -> Vec<u32> {
        DIRECTIONS.iter().take(self.dimensions).map(|v| along(v, index)).collect()
    }

    /// Point `index` of one of many independent scramblings, each coordinate in (0, 1).
    pub fn point(&self, replicate: u64, index: u32) -> Vec<f64> {
        let key = scrambling(self.seed, replicate);
        (0..self.dimensions).map(|d| coordinate(d, key, index)).collect()
    }
}

/// The key of one of many scramblings.
fn scrambling(seed: u64, replicate: u64) -> u64 {
    mix(seed ^ mix(replicate.wrapping_add(1)))
}

/// A coordinate of point `index` of a scrambling.
fn coordinate(d: usize, scrambling: u64, index: u32) -> f64 {
    let key = mix(scrambling ^ mix(d as u64 + 1));
    let high = match DIRECTIONS.get(d) {
        Some(v) => scrambled(along(v, index), key),
        None => (mix(key ^ u64::from(index)) >> 32) as u32,
    };
    // Twenty random bits below: 52 in all, and half a step so that no end occurs.
    let low = mix(key ^ mix(u64::from(index) | 1 << 40)) >> 44;
    let bits = u64::from(high) << 20 | low;
    (bits as f64 + 0.5) * (1.0 / (1u64 << 52) as f64)
}

/// The direction numbers of a line of the table.
fn directions(line: &str) -> [u32; BITS] {
    let numbers: Vec<u32> = line.split(' ').filter_map(|n| n.parse().ok()).collect();
    let (a, m) = (numbers[0], &numbers[1..]);
    let s = m.len();
    let mut v = [0; BITS];
    for k in 0..BITS {
        v[k] = match m.get(k) {
            Some(m) => m << (BITS - 1 - k),
            None => (1..s)
                .filter(|i| a >> (s - 1 - i) & 1 == 1)
                .fold(v[k - s] ^ v[k - s] >> s, |sum, i| sum ^ v[k - i]),
        };
    }
    v
}

/// A coordinate of a point.
fn along(v: &[u32; BITS], index: u32) -> u32 {
    let gray = index ^ index >> 1;
    (0..BITS).filter(|k| gray >> k & 1 == 1).fold(0, |x, k| x ^ v[k])
}

/// Owen's nested uniform scrambling: each bit's coin hangs on the bits before it.
fn scrambled(x: u32, key: u64) -> u32 {
    (0..BITS).fold(0, |out, k| {
        // A leading one keeps prefixes of different lengths apart.
        let prefix = (1u64 << k) | (u64::from(x) >> (BITS - k));
        let coin = (mix(key ^ mix(prefix)) >> 63) as u32;
        out | ((x >> (BITS - 1 - k) & 1) ^ coin) << (BITS - 1 - k)
    })
}

/// The output function of SplitMix64 (Steele, Lea & Flood 2014): a bijection whose bits avalanche.
fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let x = (x ^ x >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ x >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ x >> 31
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `scipy.stats.qmc.Sobol(512, scramble=False, bits=32)` (scipy 1.17.1), points 1–8 and 1000.
    #[test]
    fn plain_points_are_those_of_scipy() {
        let sobol = Sobol::new(DIMENSIONS, 0);
        let first: [(usize, [u32; 8]); 3] = [
            (
                1,
                [
                    2147483648, 1073741824, 3221225472, 1610612736, 3758096384, 536870912,
                    2684354560, 1342177280,
                ],
            ),
            (
                99,
                [
                    2147483648, 3221225472, 1073741824, 3758096384, 1610612736, 536870912,
                    2684354560, 4026531840,
                ],
            ),
            (
                511,
                [
                    2147483648, 3221225472, 1073741824, 1610612736, 3758096384, 2684354560,
                    536870912, 805306368,
                ],
            ),
        ];
        for (d, expected) in first {
            let ours: Vec<u32> = (1..=8).map(|i| sobol.plain(i)[d]).collect();
            assert_eq!(ours, expected, "dimension {d}");
        }
        let far = sobol.plain(1000);
        let at = [0, 1, 2, 6, 99, 255, 511].map(|d| far[d]);
        assert_eq!(
            at,
            [943718400, 415236096, 2227175424, 197132288, 801112064, 1069547520, 1698693120]
        );
    }

    #[test]
    fn every_line_of_the_table_is_a_set_of_direction_numbers() {
        assert_eq!(TABLE.lines().count(), DIMENSIONS - 1);
        for line in TABLE.lines() {
            let n: Vec<u32> = line.split(' ').map(|n| n.parse().unwrap()).collect();
            assert!(n[0] < 1 << (n.len() - 2), "{line}");
            assert!(n[1..].iter().enumerate().all(|(k, m)| m % 2 == 1 && *m < 2 << k), "{line}");
        }
    }

    #[test]
    fn scrambling_keeps_one_point_in_every_elementary_interval() {
        let sobol = Sobol::new(DIMENSIONS, 7);
        let points: Vec<Vec<f64>> = (0..256).map(|i| sobol.point(3, i)).collect();
        for d in 0..DIMENSIONS {
            let mut seen = [0; 256];
            points.iter().for_each(|p| seen[(p[d] * 256.0) as usize] += 1);
            assert_eq!(seen, [1; 256], "dimension {d}");
        }
        // The first two dimensions are a (0, 8, 2)-net: so in every shape of box.
        for k in 0..=8 {
            let (w, h) = (1 << k, 256 >> k);
            let mut seen = [0; 256];
            for p in &points {
                seen[(p[0] * f64::from(w)) as usize * h + (p[1] * h as f64) as usize] += 1;
            }
            assert_eq!(seen, [1; 256], "boxes {w} by {h}");
        }
    }

    #[test]
    fn scramblings_and_dimensions_beyond_the_table_are_uniform_and_independent() {
        let sobol = Sobol::new(DIMENSIONS + 2, 7);
        let n = 4096;
        let (mut means, mut cross) = ([0.0; 3], 0.0);
        for i in 0..n {
            // One point of many scramblings: each must be uniform.
            let p = sobol.point(u64::from(i), 5);
            let q = sobol.point(0, i);
            means[0] += p[0];
            means[1] += q[DIMENSIONS];
            means[2] += p[DIMENSIONS - 1];
            cross += (q[DIMENSIONS] - 0.5) * (q[DIMENSIONS + 1] - 0.5);
        }
        let n = f64::from(n);
        assert!(means.iter().all(|m| (m / n - 0.5).abs() < 4.0 / (12.0 * n).sqrt()));
        assert!((cross / n).abs() < 4.0 / 12.0 / n.sqrt());
    }
}
