//! Many rows of evaluations, on any number of threads, kept in their order.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Rows handed to a thread at a time.
const BLOCK: usize = 4;

/// How hard to work, when to stop, and whom to tell.
#[derive(Clone, Copy)]
pub struct Effort<'a> {
    /// How many threads; no result depends on it.
    pub threads: usize,
    /// Set from outside to end the work after the rows already begun.
    pub stop: &'a AtomicBool,
    /// Told how many draws were solved since it was last told.
    pub progress: &'a (dyn Fn(u64) + Sync),
}

impl Effort<'_> {
    /// Whether the work was told to end.
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Rows `0..n` in order, each made by `row` from a thread's own state. When stopped, what comes
/// back is the first so many rows: blocks are begun in order and a begun block is finished.
pub(super) fn rows<S>(
    n: usize,
    effort: Effort<'_>,
    start: &(dyn Fn() -> S + Sync),
    row: &(dyn Fn(&mut S, usize) -> Vec<f64> + Sync),
) -> Vec<Vec<f64>> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(BTreeMap::new());
    let work = || {
        let mut state = start();
        while !effort.stopped() {
            let block = next.fetch_add(1, Ordering::Relaxed);
            let from = block * BLOCK;
            if from >= n {
                break;
            }
            let made: Vec<Vec<f64>> =
                (from..(from + BLOCK).min(n)).map(|k| row(&mut state, k)).collect();
            (effort.progress)(made.iter().map(|r| r.len() as u64).sum());
            if let Ok(mut done) = done.lock() {
                done.insert(block, made);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..effort.threads.max(1) {
            scope.spawn(work);
        }
        work();
    });
    done.into_inner().unwrap_or_default().into_values().flatten().collect()
}
