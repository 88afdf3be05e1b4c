//! Counted randomness: a uniform is a function of (seed, index, stream), so order never matters.

/// A uniform in `(0, 1)` from a seed, a draw's index and a stream.
///
/// # Model
/// Two rounds of the SplitMix64 finaliser over the three words, top 53 bits, centred in their cell.
///
/// # Reference
/// Steele, Lea & Flood 2014, OOPSLA, fig. 16 (the mixing function).
pub fn uniform(seed: u64, index: u64, stream: u64) -> f64 {
    let word = mix(mix(seed ^ 0x9e37_79b9_7f4a_7c15).wrapping_add(mix(index)) ^ mix(!stream));
    ((word >> 11) as f64 + 0.5) / (1u64 << 53) as f64
}

/// A whole number in `0..n`; 0 if `n` is 0.
pub fn below(seed: u64, index: u64, stream: u64, n: usize) -> usize {
    ((uniform(seed, index, stream) * n as f64) as usize).min(n.saturating_sub(1))
}

fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}
