//! What the benches share.

use std::time::Instant;

/// Median, smallest and largest of several measurements after a warm-up, in seconds.
pub(crate) fn seconds(runs: usize, mut once: impl FnMut()) -> [f64; 3] {
    once();
    let mut found: Vec<f64> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            once();
            start.elapsed().as_secs_f64()
        })
        .collect();
    found.sort_by(f64::total_cmp);
    [found[runs / 2], found[0], found[runs - 1]]
}
