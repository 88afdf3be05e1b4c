//! Long work: how hard it is done, whom it tells, what ends it.
//!
//! Work is a row of numbered items (draws, rows, points) handed out in order and in blocks. A stop
//! ends it after the blocks already begun, or breaks those off where an item takes long, so that what
//! was done is always the first so many items, and no result depends on the number of threads.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// How hard to work, when to stop, and whom to tell.
#[derive(Clone, Copy)]
pub struct Effort<'a> {
    /// How many threads; no result depends on it.
    pub threads: usize,
    /// Set from outside to end the work after the blocks already begun; draws that take long are broken
    /// off in their midst.
    pub stop: &'a AtomicBool,
    /// Told how many draws were solved since it was last told.
    pub progress: &'a (dyn Fn(u64) + Sync),
}

impl<'a> Effort<'a> {
    /// On so many threads until `stop`, telling nobody.
    pub fn silent(threads: usize, stop: &'a AtomicBool) -> Self {
        Self { threads, stop, progress: &|_| {} }
    }

    /// Whether the work was told to end.
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Items that are still to be done.
pub(crate) struct Blocks<'a> {
    next: AtomicU64,
    end: u64,
    size: u64,
    effort: Effort<'a>,
}

impl<'a> Blocks<'a> {
    /// Calls `work` on every thread, each of which takes blocks of `size` items until none are left.
    pub(crate) fn run(
        items: Range<u64>,
        size: u64,
        effort: Effort<'a>,
        work: impl Fn(&Self) + Sync,
    ) {
        let blocks = Self { next: AtomicU64::new(items.start), end: items.end, size, effort };
        std::thread::scope(|scope| {
            for _ in 1..effort.threads.max(1) {
                scope.spawn(|| work(&blocks));
            }
            work(&blocks);
        });
    }

    /// The next block; `None` after the last and after a stop.
    pub(crate) fn take(&self) -> Option<Range<u64>> {
        if self.effort.stopped() {
            return None;
        }
        let from = self.next.fetch_add(self.size, Ordering::Relaxed);
        (from < self.end).then(|| from..self.end.min(from.saturating_add(self.size)))
    }

    /// Tells that so many draws were solved.
    pub(crate) fn tell(&self, draws: u64) {
        (self.effort.progress)(draws);
    }
}

/// Hands draws to threads that each keep a state of their own and give it up at the end: for sums
/// that are the same in any order.
pub(crate) fn in_blocks<S>(
    draws: Range<u64>,
    size: u64,
    effort: Effort<'_>,
    begin: impl Fn() -> S + Sync,
    block: impl Fn(&mut S, Range<u64>) + Sync,
    end: impl Fn(S) + Sync,
) {
    Blocks::run(draws, size, effort, |blocks| {
        let mut state = begin();
        while let Some(draws) = blocks.take() {
            let n = draws.end - draws.start;
            block(&mut state, draws);
            blocks.tell(n);
        }
        end(state);
    });
}

/// Hands draws to threads and `merge` what each block came to, in the order of the blocks whichever
/// is done first. Returns how many draws were done: the first so many.
pub fn in_order<S, T: Send>(
    draws: Range<u64>,
    size: u64,
    effort: Effort<'_>,
    begin: impl Fn() -> S + Sync,
    block: impl Fn(&mut S, Range<u64>) -> T + Sync,
    merge: impl FnMut(T) + Send,
) -> u64 {
    let from = draws.start;
    // Up to where everything is merged, what waits for an earlier block, and where it goes.
    let merged = Mutex::new((from, BTreeMap::<u64, (u64, T)>::new(), merge));
    Blocks::run(draws, size, effort, |blocks| {
        let mut state = begin();
        while let Some(draws) = blocks.take() {
            let Range { start, end } = draws;
            let made = block(&mut state, draws);
            if let Ok(mut merged) = merged.lock() {
                let (upto, waiting, merge) = &mut *merged;
                waiting.insert(start, (end, made));
                while let Some((end, made)) = waiting.remove(upto) {
                    *upto = end;
                    merge(made);
                }
            }
            blocks.tell(end - start);
        }
    });
    merged.into_inner().map_or(0, |(upto, _, _)| upto - from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_merged_in_order_on_any_number_of_threads() {
        let stop = AtomicBool::new(false);
        for threads in [1, 2, 7] {
            let told = AtomicU64::new(0);
            let progress = |n: u64| {
                told.fetch_add(n, Ordering::Relaxed);
            };
            let effort = Effort { threads, stop: &stop, progress: &progress };
            let mut seen = Vec::new();
            let block = |(): &mut (), draws: Range<u64>| draws.collect::<Vec<u64>>();
            let done = in_order(3..1_000, 8, effort, || (), block, |made| seen.extend(made));
            assert_eq!(seen, (3..1_000).collect::<Vec<u64>>());
            assert_eq!((done, told.load(Ordering::Relaxed)), (997, 997));
        }
    }

    #[test]
    fn after_a_stop_the_first_so_many_are_done() {
        let stop = AtomicBool::new(false);
        for threads in [1, 3] {
            stop.store(false, Ordering::Relaxed);
            let block = |(): &mut (), draws: Range<u64>| {
                if draws.contains(&40) {
                    stop.store(true, Ordering::Relaxed);
                }
                draws.collect::<Vec<u64>>()
            };
            let mut seen = Vec::new();
            let effort = Effort::silent(threads, &stop);
            let done = in_order(0..10_000, 4, effort, || (), block, |made| seen.extend(made));
            assert!((44..10_000).contains(&done));
            assert_eq!(seen, (0..done).collect::<Vec<u64>>());
        }
    }

    #[test]
    fn nothing_is_done_of_no_draws() {
        let stop = AtomicBool::new(false);
        let done = in_order(5..5, 4, Effort::silent(2, &stop), || (), |(), _| (), |()| {});
        assert_eq!(done, 0);
    }
}
