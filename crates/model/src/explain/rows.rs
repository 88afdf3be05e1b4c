//! Many rows of evaluations, on any number of threads, kept in their order.

use std::ops::Range;

use crate::effort::{Effort, in_order};

/// Rows handed to a thread at a time.
const BLOCK: u64 = 4;

/// Rows `0..n` in order, each made by `row` from a thread's own state; when stopped, the first so
/// many. Each number of a row is told as a draw that was solved.
pub(super) fn rows<S, T: Send>(
    n: usize,
    effort: Effort<'_>,
    start: &(dyn Fn() -> S + Sync),
    row: &(dyn Fn(&mut S, usize) -> Vec<T> + Sync),
) -> Vec<Vec<T>> {
    let block = |state: &mut S, rows: Range<u64>| -> Vec<Vec<T>> {
        let made: Vec<Vec<T>> = rows.map(|k| row(state, k as usize)).collect();
        (effort.progress)(made.iter().map(|r| r.len() as u64).sum());
        made
    };
    let mut done = Vec::with_capacity(n);
    let untold = Effort { progress: &|_| {}, ..effort };
    in_order(0..n as u64, BLOCK, untold, start, block, |made: Vec<Vec<T>>| done.extend(made));
    done
}
