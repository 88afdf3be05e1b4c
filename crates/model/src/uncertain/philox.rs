//! Counted randomness: a uniform is a function of (seed, draw, path), never of what ran before.
//!
//! # Reference
//! Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3" (SC '11):
//! Philox4x32-10, whose published known answers are the test below.

const MULTIPLIERS: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];

/// The ten rounds of Philox4x32: a bijection of the 128-bit counter for each 64-bit key.
fn philox4x32(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for round in 0..10 {
        if round > 0 {
            key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
        }
        let a = u64::from(MULTIPLIERS[0]) * u64::from(counter[0]);
        let b = u64::from(MULTIPLIERS[1]) * u64::from(counter[2]);
        counter = [
            (b >> 32) as u32 ^ counter[1] ^ key[0],
            b as u32,
            (a >> 32) as u32 ^ counter[3] ^ key[1],
            a as u32,
        ];
    }
    counter
}

/// The 64-bit name of an input under which its uniforms are drawn: a hash of its dotted path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stream(u64);

impl Stream {
    /// The stream of the input at `path`, such as `sides.us.discount`.
    pub fn of(path: &str) -> Self {
        let hash = blake3::hash(path.as_bytes());
        let mut first = [0; 8];
        first.copy_from_slice(&hash.as_bytes()[..8]);
        Self(u64::from_le_bytes(first))
    }

    /// Its number, evenly spread over all of 64 bits.
    pub(super) fn number(self) -> u64 {
        self.0
    }
}

/// The uniform in (0, 1) of a draw and a stream, a multiple of 2⁻⁵³ shifted by half a step so
/// that neither 0 nor 1 occurs.
pub fn uniform(seed: u64, draw: u64, stream: Stream) -> f64 {
    let counter = [draw as u32, (draw >> 32) as u32, stream.0 as u32, (stream.0 >> 32) as u32];
    let word = philox4x32(counter, [seed as u32, (seed >> 32) as u32]);
    let bits = (u64::from(word[0]) << 32 | u64::from(word[1])) >> 12;
    (bits as f64 + 0.5) * (1.0 / (1u64 << 52) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The known answers published with Random123 1.09 (`kat_vectors`, philox4x32 10).
    #[test]
    fn philox_gives_the_published_known_answers() {
        assert_eq!(
            philox4x32([0; 4], [0; 2]),
            [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
        );
        assert_eq!(
            philox4x32([u32::MAX; 4], [u32::MAX; 2]),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
        assert_eq!(
            philox4x32(
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0]
            ),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    #[test]
    fn uniforms_have_the_moments_of_a_uniform_and_streams_do_not_correlate() {
        let (a, b) = (Stream::of("sides.us.cost"), Stream::of("sides.iran.cost"));
        let n = 40_000u64;
        let (mut mean, mut square, mut cross) = (0.0, 0.0, 0.0);
        for draw in 0..n {
            let (u, v) = (uniform(7, draw, a), uniform(7, draw, b));
            assert!(u > 0.0 && u < 1.0);
            mean += u;
            square += u * u;
            cross += (u - 0.5) * (v - 0.5);
        }
        let n = n as f64;
        assert!((mean / n - 0.5).abs() < 4.0 * (1.0 / 12.0 / n).sqrt());
        assert!((square / n - 1.0 / 3.0).abs() < 4.0 * (4.0 / 45.0 / n).sqrt());
        assert!((cross / n).abs() < 4.0 / 12.0 / n.sqrt());
    }
}
