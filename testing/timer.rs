//! What the benches share: work is timed after a warm-up, and a figure is a line of JSON, as `cargo xtask bench`
//! reads it.
//!
//! Included by each bench: `#[path = "../../../testing/timer.rs"] mod timer;`

#![allow(dead_code, reason = "no bench needs all of it")]

use std::time::Instant;

/// Seconds of each of so many runs, after one that warms up.
pub(crate) fn seconds(runs: usize, mut once: impl FnMut()) -> Vec<f64> {
    once();
    let timed = |_| {
        let start = Instant::now();
        once();
        start.elapsed().as_secs_f64()
    };
    (0..runs).map(timed).collect()
}

/// The same in milliseconds.
pub(crate) fn milliseconds(runs: usize, once: impl FnMut()) -> Vec<f64> {
    seconds(runs, once).into_iter().map(|s| s * 1e3).collect()
}

/// Prints a figure: the median of some values, with the least and the greatest. Names, units and targets stand between
/// quotation marks as they are.
pub(crate) fn figure(bench: &str, name: &str, values: Vec<f64>, unit: &str, target: &str) {
    answered(bench, name, values, unit, target, &[]);
}

/// The same, with what the work answers: other software has to answer that too before it is timed.
pub(crate) fn answered(
    bench: &str,
    name: &str,
    mut values: Vec<f64>,
    unit: &str,
    target: &str,
    answer: &[f64],
) {
    values.sort_by(f64::total_cmp);
    let (value, min, max) = (values[values.len() / 2], values[0], values[values.len() - 1]);
    println!(
        "{{\"bench\": \"{bench}\", \"figure\": \"{name}\", \"value\": {value}, \"min\": {min}, \"max\": {max}, \
         \"unit\": \"{unit}\", \"target\": \"{target}\", \"answer\": {answer:?}}}"
    );
}
