//! Forecasts: a first one at once, the command's in full, and all between them.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use winset_files::case::ResolvedCase;
use winset_model::case::Case;
use winset_model::effort::Effort;
use winset_model::forecast::{Depth, FULL_DRAWS, Forecast, Run, Tally, run_in};
use winset_report::names::term;

use super::{Ghost, Job, JobKey, JobResult, PageForecast, Queue, Stopped};
use crate::http::Stop;
use crate::link::{DRAWS, LinkState};
use crate::store::LoadedCase;

/// Draws of the first answer.
const QUICK: u64 = 1_000;

/// Draws of a step.
pub(super) const STEP: u64 = 250;

impl Queue {
    pub(super) fn known_forecast(
        &self,
        loaded: &LoadedCase,
        state: &LinkState,
        job: &Job,
    ) -> Option<PageForecast> {
        match self.known(loaded, state, job) {
            Some(JobResult::Forecast(known)) => Some(known),
            _ => None,
        }
    }

    fn keep_forecast(
        &self,
        loaded: &LoadedCase,
        state: &LinkState,
        job: &Job,
        tally: &Tally,
    ) -> PageForecast {
        let forecast = Arc::new(read_tally(loaded.case(), state.seed, tally));
        let known = PageForecast { forecast, whole: *job != Job::Glance };
        self.keep(JobKey::new(loaded, state, job), JobResult::Forecast(known.clone()));
        known
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
            let (held, priority) = (Arc::clone(held), self.priority.clone());
            let run = move |threads, stop: &AtomicBool| {
                let run = Run { seed, draws };
                priority.until(threads, stop, |effort| run_in(case(&held), &run, depth, effort))
            };
            let part = self.step(stop, run).await?;
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

    /// The draws of a first answer: at once and before everything else.
    async fn first(&self, loaded: &LoadedCase, seed: u64, stop: &Stop) -> Result<Tally, Stopped> {
        let waits = self.priority.wait();
        let inner = Arc::clone(&loaded.inner);
        self.step(stop, move |threads, stop| {
            // Until it is there, wherever it is computed.
            let _waits = waits;
            let run = Run { seed, draws: 0..QUICK };
            run_in(&inner.case, &run, Depth::Lean, Effort::silent(threads, stop))
        })
        .await
    }

    /// The forecast over some draws, in full: what the command computes.
    pub(crate) async fn full(
        &self,
        loaded: &LoadedCase,
        state: &LinkState,
        stop: &Stop,
    ) -> Result<PageForecast, Stopped> {
        let draws = state.draws.unwrap_or(DRAWS);
        let job = Job::Forecast(draws);
        if let Some(known) = self.known_forecast(loaded, state, &job) {
            return Ok(known);
        }
        let mut tally = Tally::default();
        let first = draws.min(FULL_DRAWS);
        self.add(whole(loaded), (state.seed, 0..first), Depth::Full, stop, &mut tally).await?;
        self.add(whole(loaded), (state.seed, first..draws), Depth::Lean, stop, &mut tally).await?;
        Ok(self.keep_forecast(loaded, state, &job, &tally))
    }

    /// The full forecast if it is known, else a quick one.
    pub(crate) async fn quick(
        &self,
        loaded: &LoadedCase,
        state: &LinkState,
        stop: &Stop,
    ) -> Result<PageForecast, Stopped> {
        if state.draws.is_some() {
            return self.full(loaded, state, stop).await;
        }
        match self.known_forecast(loaded, state, &Job::Forecast(DRAWS)) {
            Some(known) => Ok(known),
            None => self.glance(loaded, state, stop).await,
        }
    }

    /// A first forecast, even where a finer one is known: on the same draws as every other.
    pub(crate) async fn glance(
        &self,
        loaded: &LoadedCase,
        state: &LinkState,
        stop: &Stop,
    ) -> Result<PageForecast, Stopped> {
        if state.draws.is_some() {
            return self.full(loaded, state, stop).await;
        }
        if let Some(known) = self.known_forecast(loaded, state, &Job::Glance) {
            return Ok(known);
        }
        let tally = self.first(loaded, state.seed, stop).await?;
        Ok(self.keep_forecast(loaded, state, &Job::Glance, &tally))
    }

    /// What the answer was before a change, on the draws of a first forecast.
    pub(crate) async fn ghost(
        &self,
        [before, after]: [&LoadedCase; 2],
        state: &LinkState,
        stop: &Stop,
    ) -> Result<Ghost, Stopped> {
        let after = self.glance(after, state, stop).await?.forecast.answer.p;
        let forecast = self.glance(before, state, stop).await?.forecast;
        Ok(Ghost { delta: after - forecast.answer.p, forecast })
    }

    /// Ever finer answers up to the full one, each handed over as it is there. Ends early when
    /// `hand` says that nobody takes them.
    pub(crate) async fn refine<F: Future<Output = bool>>(
        &self,
        loaded: &LoadedCase,
        state: &LinkState,
        stop: &Stop,
        hand: impl Fn(PageForecast) -> F,
    ) -> Result<(), Stopped> {
        let job = Job::Forecast(state.draws.unwrap_or(DRAWS));
        if let Some(known) = self.known_forecast(loaded, state, &job) {
            hand(known).await;
            return Ok(());
        }
        let first = self.quick(loaded, state, stop).await?;
        let last = first.whole;
        if !hand(first).await || last {
            return Ok(());
        }
        let mut start = Tally::default();
        self.add(whole(loaded), (state.seed, 0..FULL_DRAWS), Depth::Lean, stop, &mut start).await?;
        let mut rest = Tally::default();
        let mut at = FULL_DRAWS;
        for to in [2_500, 5_000, DRAWS] {
            self.add(whole(loaded), (state.seed, at..to), Depth::Lean, stop, &mut rest).await?;
            at = to;
            let mut sum = start.clone();
            sum.merge(rest.clone());
            let forecast = Arc::new(read_tally(loaded.case(), state.seed, &sum));
            if !hand(PageForecast { forecast, whole: false }).await {
                return Ok(());
            }
        }
        // Last the questions that only the first draws are asked: with them it is the command's.
        let mut full = Tally::default();
        self.add(whole(loaded), (state.seed, 0..FULL_DRAWS), Depth::Full, stop, &mut full).await?;
        full.merge(rest);
        hand(self.keep_forecast(loaded, state, &job, &full)).await;
        Ok(())
    }
}

fn whole(loaded: &LoadedCase) -> (&Arc<ResolvedCase>, fn(&ResolvedCase) -> &Case) {
    (&loaded.inner, |inner| &inner.case)
}

/// A forecast off a tally.
pub(crate) fn read_tally(case: &Case, seed: u64, tally: &Tally) -> Forecast {
    Forecast::new(case, seed, tally, &term)
}
