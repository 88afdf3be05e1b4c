//! Computing, in turns: short steps of a few hundred draws, which end early where somebody waits for
//! a first answer; and nothing is computed that nobody waits for.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Semaphore;
use winset_files::case::Loaded;
use winset_model::case::Case;
use winset_model::effort::Effort;
use winset_model::forecast::{Depth, FULL_DRAWS, Forecast, Run, Tally, run_in};

use super::desk::{Told, hold};
use super::http::Stop;
use super::state::{DRAWS, State};
use winset_report::names::term;

/// Draws of the first answer.
pub(super) const QUICK: u64 = 1_000;

/// Draws of a step.
pub(super) const STEP: u64 = 250;

/// Answers that are kept.
const KEPT: usize = 48;

/// The answers so far, and whose turn it is.
pub(super) struct Work {
    turn: Arc<Semaphore>,
    pub(super) threads: usize,
    pub(super) haste: Haste,
    kept: Mutex<VecDeque<(Key, Answered)>>,
}

#[derive(Clone, PartialEq, Eq)]
struct Key {
    case: String,
    seed: u64,
    draws: u64,
    full: bool,
}

/// An answer, and whether it is all that will come.
#[derive(Clone)]
pub(super) struct Answered {
    pub(super) forecast: Arc<Forecast>,
    /// False while finer answers are to follow: conflicts and openings are not yet sought.
    pub(super) whole: bool,
}

/// Nobody waits any more.
#[derive(Debug)]
pub(super) struct Stopped;

/// How many wait for a first answer: whatever takes longer looks here between blocks of draws.
#[derive(Clone, Default)]
pub(super) struct Haste(Arc<AtomicUsize>);

/// Somebody who waits for a first answer.
struct Waits(Haste);

impl Drop for Waits {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Haste {
    fn wait(&self) -> Waits {
        self.0.fetch_add(1, Ordering::Relaxed);
        Waits(self.clone())
    }

    fn any(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 0
    }

    /// Sleeps while somebody waits: for work that cannot give up its turn midway.
    pub(super) fn pause(&self, stop: &AtomicBool) {
        while self.any() && !stop.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Runs draws until they are done, or somebody waits, or nobody does: always the first so many.
    pub(super) fn until<T>(
        &self,
        threads: usize,
        stop: &AtomicBool,
        run: impl FnOnce(Effort<'_>) -> T,
    ) -> T {
        let end = AtomicBool::new(false);
        let look = |_: u64| {
            if self.any() || stop.load(Ordering::Relaxed) {
                end.store(true, Ordering::Relaxed);
            }
        };
        run(Effort { threads, stop: &end, progress: &look })
    }
}

impl Work {
    pub(super) fn new() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let turn = Arc::new(Semaphore::new(1));
        Self { turn, threads, haste: Haste::default(), kept: Mutex::default() }
    }

    /// Forgets all answers: the files have changed.
    pub(super) fn forget(&self) {
        hold(&self.kept).clear();
    }

    fn kept(&self, key: &Key) -> Option<Answered> {
        hold(&self.kept).iter().find(|(k, _)| k == key).map(|(_, answered)| answered.clone())
    }

    fn keep(&self, key: Key, forecast: Forecast) -> Answered {
        let answered = Answered { forecast: Arc::new(forecast), whole: key.full };
        let mut kept = hold(&self.kept);
        kept.push_back((key, answered.clone()));
        while kept.len() > KEPT {
            kept.pop_front();
        }
        answered
    }

    /// Runs something short on a thread of its own when its turn comes.
    pub(super) async fn take_turn<T: Send + 'static>(
        &self,
        stop: &Stop,
        work: impl FnOnce(usize, &AtomicBool) -> T + Send + 'static,
    ) -> Result<T, Stopped> {
        let turn = Arc::clone(&self.turn).acquire_owned().await.map_err(|_| Stopped)?;
        let flag = Arc::clone(&stop.0);
        if flag.load(Ordering::Relaxed) {
            return Err(Stopped);
        }
        let threads = self.threads;
        let done = tokio::task::spawn_blocking(move || {
            // Held by the work itself: a request that goes away gives its turn back only when the
            // work has noticed.
            let _turn = turn;
            let result = work(threads, &flag);
            (!flag.load(Ordering::Relaxed)).then_some(result)
        });
        match done.await {
            Ok(Some(result)) => Ok(result),
            Ok(None) => Err(Stopped),
            Err(error) => match error.try_into_panic() {
                // Caught where the request is answered.
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => Err(Stopped),
            },
        }
    }

    /// Adds draws to a tally, a step at a time; whoever waits for a first answer goes before the
    /// next block.
    async fn add<T: Send + Sync + 'static>(
        &self,
        (held, case): (&Arc<T>, fn(&T) -> &Case),
        (seed, range): (u64, Range<u64>),
        depth: Depth,
        stop: &Stop,
        tally: &mut Tally,
    ) -> Result<(), Stopped> {
        let step = if depth == Depth::Full { STEP / 2 } else { STEP };
        let mut from = range.start;
        while from < range.end {
            let draws = from..(from + step).min(range.end);
            let (held, haste) = (Arc::clone(held), self.haste.clone());
            let run = move |threads, stop: &AtomicBool| {
                let run = Run { seed, draws };
                haste.until(threads, stop, |effort| run_in(case(&held), &run, depth, effort))
            };
            let part = self.take_turn(stop, run).await?;
            from += part.draws;
            tally.merge(part);
        }
        Ok(())
    }

    /// A tally of a case that is nobody's yet.
    pub(super) async fn lean(
        &self,
        case: Case,
        seed: u64,
        draws: u64,
        stop: &Stop,
    ) -> Result<Tally, Stopped> {
        let mut tally = Tally::default();
        self.add((&Arc::new(case), |c| c), (seed, 0..draws), Depth::Lean, stop, &mut tally).await?;
        Ok(tally)
    }

    /// The draws of a first answer, whose bands rest on half of them: at once and before everything else.
    async fn first(&self, told: &Told, seed: u64, stop: &Stop) -> Result<Tally, Stopped> {
        let waits = self.haste.wait();
        let loaded = Arc::clone(&told.loaded);
        self.take_turn(stop, move |threads, stop| {
            // Until it is there, wherever it is computed.
            let _waits = waits;
            let run = Run { seed, draws: 0..QUICK };
            run_in(&loaded.case, &run, Depth::Glance, Effort::silent(threads, stop))
        })
        .await
    }

    /// The forecast over some draws, in full: what the command computes.
    pub(super) async fn full(
        &self,
        told: &Told,
        state: &State,
        stop: &Stop,
    ) -> Result<Answered, Stopped> {
        let draws = state.draws.unwrap_or(DRAWS);
        let key = Key { case: told.key.clone(), seed: state.seed, draws, full: true };
        if let Some(known) = self.kept(&key) {
            return Ok(known);
        }
        let mut tally = Tally::default();
        let first = draws.min(FULL_DRAWS);
        self.add(whole(told), (state.seed, 0..first), Depth::Full, stop, &mut tally).await?;
        self.add(whole(told), (state.seed, first..draws), Depth::Lean, stop, &mut tally).await?;
        Ok(self.keep(key, read(&told.loaded.case, state.seed, &tally)))
    }

    /// The full forecast if it is known, else a quick one.
    pub(super) async fn quick(
        &self,
        told: &Told,
        state: &State,
        stop: &Stop,
    ) -> Result<Answered, Stopped> {
        if state.draws.is_some() {
            return self.full(told, state, stop).await;
        }
        let full = Key { case: told.key.clone(), seed: state.seed, draws: DRAWS, full: true };
        let key = Key { draws: QUICK, full: false, ..full.clone() };
        if let Some(known) = self.kept(&full).or_else(|| self.kept(&key)) {
            return Ok(known);
        }
        let tally = self.first(told, state.seed, stop).await?;
        Ok(self.keep(key, read(&told.loaded.case, state.seed, &tally)))
    }

    /// Ever finer answers up to the full one, each handed over as it is there. Ends early when
    /// `hand` says that nobody takes them.
    pub(super) async fn refine<F: Future<Output = bool>>(
        &self,
        told: &Told,
        state: &State,
        stop: &Stop,
        hand: impl Fn(Answered) -> F,
    ) -> Result<(), Stopped> {
        let key = Key {
            case: told.key.clone(),
            seed: state.seed,
            draws: state.draws.unwrap_or(DRAWS),
            full: true,
        };
        if let Some(known) = self.kept(&key) {
            hand(known).await;
            return Ok(());
        }
        if state.draws.is_some() {
            hand(self.full(told, state, stop).await?).await;
            return Ok(());
        }
        let case = &told.loaded.case;
        let quick = Key { draws: QUICK, full: false, ..key.clone() };
        let first = match self.kept(&quick) {
            Some(known) => known,
            None => {
                let tally = self.first(told, state.seed, stop).await?;
                self.keep(quick, read(case, state.seed, &tally))
            }
        };
        if !hand(first).await {
            return Ok(());
        }
        let mut start = Tally::default();
        self.add(whole(told), (state.seed, 0..FULL_DRAWS), Depth::Lean, stop, &mut start).await?;
        let mut rest = Tally::default();
        let mut at = FULL_DRAWS;
        for to in [2_500, 5_000, DRAWS] {
            self.add(whole(told), (state.seed, at..to), Depth::Lean, stop, &mut rest).await?;
            at = to;
            let mut sum = start.clone();
            sum.merge(rest.clone());
            let forecast = Arc::new(read(case, state.seed, &sum));
            if !hand(Answered { forecast, whole: false }).await {
                return Ok(());
            }
        }
        // Last the questions that only the first draws are asked: with them it is the command's.
        let mut full = Tally::default();
        self.add(whole(told), (state.seed, 0..FULL_DRAWS), Depth::Full, stop, &mut full).await?;
        full.merge(rest);
        hand(self.keep(key, read(case, state.seed, &full))).await;
        Ok(())
    }
}

fn whole(told: &Told) -> (&Arc<Loaded>, fn(&Loaded) -> &Case) {
    (&told.loaded, |loaded| &loaded.case)
}

/// A forecast off a tally.
pub(super) fn read(case: &Case, seed: u64, tally: &Tally) -> Forecast {
    Forecast::new(case, seed, tally, &term)
}
