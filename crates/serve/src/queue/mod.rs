//! Computing, in turns: short steps of a few hundred draws, which end early where somebody waits for
//! a first answer; jobs that take longer, one at a time beside them; and nothing is computed that
//! nobody waits for.

mod first;
mod forecasts;
mod leverage;
mod long;
mod paired;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Semaphore;
use winset_files::diagnostic::Diagnostic;
use winset_model::case::Day;
use winset_model::effort::Effort;
use winset_model::forecast::{Deals, Forecast};
use winset_page::chart::Figure;
use winset_report::deals::domain::DomainReport;
use winset_report::drivers::DriversReport;
use winset_report::flip::FlipReport;
use winset_report::history::{HistoryDays, HistoryReport};
use winset_report::moved::MovedReport;
use winset_report::stability::StabilityReport;

pub(crate) use first::FirstNumber;
pub(crate) use forecasts::read_tally;
pub(crate) use leverage::{InputLeverage, LeverageCache, leverage};
pub(crate) use long::{JUDGED, anchored, answer, through};
pub(crate) use paired::{PairedForecasts, paired};

use crate::http::Stop;
use crate::link::LinkState;
use crate::store::{LoadedCase, hold};

/// Answers that are kept.
const KEPT: usize = 64;

/// What is computed about a case in the state of a link.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Job {
    /// A first forecast.
    Glance,
    /// The forecast of the command, of so many draws.
    Forecast(u64),
    /// What moved the number between two days.
    Moved(Day, Day),
    /// The number as told from each day.
    History(HistoryDays),
    /// What drives the answer.
    Drivers,
    /// What takes it across a threshold.
    Flip(f64),
    /// What would hold without a deal.
    Stability,
    /// Packages over the draws.
    Deals,
    /// The brief as one page.
    Brief,
}

/// What came of a job.
#[derive(Clone)]
pub(crate) enum JobResult {
    Forecast(PageForecast),
    Moved(Arc<MovedReport>),
    History(Arc<HistoryReport>),
    Drivers(Arc<DriversReport>),
    Flip(Arc<FlipReport>),
    /// Or why the case has no model.
    Stability(Arc<Result<StabilityReport, String>>),
    Deals(Arc<PackageSearch>),
    Brief(Arc<str>),
}

/// Packages over the draws and at central values.
pub(crate) struct PackageSearch {
    /// Over the draws.
    pub(crate) judged: Deals,
    /// At central values, or why they cannot be listed.
    pub(crate) space: Result<DomainReport, String>,
    /// Where they lie for two negotiators; every dot is a link.
    pub(crate) map: Option<Figure>,
}

/// A forecast, and whether it is all that will come.
#[derive(Clone)]
pub(crate) struct PageForecast {
    pub(crate) forecast: Arc<Forecast>,
    /// False while finer answers are to follow: conflicts and openings are not yet sought.
    pub(crate) whole: bool,
}

impl PageForecast {
    /// The same with its answer as far from a finer one of the case as it is from that of the ghost, where
    /// both rest on the same draws.
    pub(crate) fn beside(mut self, ghost: &Ghost, finer: &Forecast) -> Self {
        if self.forecast.draws == ghost.forecast.draws {
            let shift = finer.answer.p - ghost.forecast.answer.p;
            let odds = &mut Arc::make_mut(&mut self.forecast).answer.odds;
            for p in [&mut odds.p, &mut odds.lo, &mut odds.hi] {
                *p = (*p + shift).clamp(0.0, 1.0);
            }
        }
        self
    }
}

/// What the answer was before the changes of a link.
#[derive(Clone)]
pub(crate) struct Ghost {
    /// The forecast without them.
    pub(crate) forecast: Arc<Forecast>,
    /// What they add to the answer, on the same draws.
    pub(crate) delta: f64,
}

/// Nobody waits any more.
#[derive(Debug)]
pub(crate) struct Stopped;

/// Why a job has no result.
#[derive(Debug)]
pub(crate) enum JobError {
    Stopped,
    /// The question makes no sense, and how it would.
    Senseless(String),
    /// The case cannot be read as of a day that the question names.
    Case(Vec<Diagnostic>),
}

impl From<Stopped> for JobError {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}

/// What a result is of.
#[derive(Clone, PartialEq)]
struct JobKey {
    /// The number of the texts the case was read from.
    texts: u64,
    case: String,
    seed: u64,
    draws: Option<u64>,
    job: Job,
}

impl JobKey {
    fn new(loaded: &LoadedCase, state: &LinkState, job: &Job) -> Self {
        // A forecast says itself how many draws it has.
        let draws = match job {
            Job::Glance | Job::Forecast(_) => None,
            _ => state.draws,
        };
        let (texts, case) = (loaded.texts.number, loaded.key.clone());
        Self { texts, case, seed: state.seed, draws, job: job.clone() }
    }
}

/// The results so far, and whose turn it is.
pub(crate) struct Queue {
    /// One step at a time.
    steps: Arc<Semaphore>,
    /// One job that takes longer at a time, beside the steps.
    pub(crate) jobs: Arc<Semaphore>,
    pub(crate) threads: usize,
    pub(crate) priority: Priority,
    kept: Mutex<VecDeque<(JobKey, JobResult)>>,
    /// Draws of the case that was changed last.
    kept_case: Mutex<Option<first::KeptCase>>,
}

/// How many wait for a first answer: whatever takes longer looks here between blocks of draws.
#[derive(Clone, Default)]
pub(crate) struct Priority(Arc<AtomicUsize>);

/// Somebody who waits for a first answer.
struct Waits(Priority);

impl Drop for Waits {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Priority {
    fn wait(&self) -> Waits {
        self.0.fetch_add(1, Ordering::Relaxed);
        Waits(self.clone())
    }

    fn any(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 0
    }

    /// Sleeps while somebody waits: for work that cannot give up its turn midway.
    pub(crate) fn pause(&self, stop: &AtomicBool) {
        while self.any() && !stop.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Runs draws until they are done, or somebody waits, or nobody does: always the first so many.
    pub(crate) fn until<T>(
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

impl Queue {
    pub(crate) fn new() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let [steps, jobs] = [(); 2].map(|()| Arc::new(Semaphore::new(1)));
        let (priority, kept, kept_case) = Default::default();
        Self { steps, jobs, threads, priority, kept, kept_case }
    }

    /// The result of a job, if it is known.
    pub(crate) fn known(
        &self,
        loaded: &LoadedCase,
        state: &LinkState,
        job: &Job,
    ) -> Option<JobResult> {
        let key = JobKey::new(loaded, state, job);
        hold(&self.kept).iter().find(|(k, _)| *k == key).map(|(_, result)| result.clone())
    }

    /// Keeps a result; those of texts that are no more are let go.
    fn keep(&self, key: JobKey, result: JobResult) {
        let mut kept = hold(&self.kept);
        kept.retain(|(k, _)| k.texts >= key.texts && *k != key);
        kept.push_back((key, result));
        while kept.len() > KEPT {
            kept.pop_front();
        }
    }

    /// Runs something short on a thread of its own when its turn comes.
    pub(crate) async fn step<T: Send + 'static>(
        &self,
        stop: &Stop,
        work: impl FnOnce(usize, &AtomicBool) -> T + Send + 'static,
    ) -> Result<T, Stopped> {
        let threads = self.threads;
        in_turn(&self.steps, stop, move |flag| Ok(work(threads, flag))).await
    }
}

/// Runs work on a thread of its own when the turn is its; what ends because nobody waits is
/// [`Stopped`].
async fn in_turn<T: Send + 'static, E: From<Stopped> + Send + 'static>(
    turns: &Arc<Semaphore>,
    stop: &Stop,
    work: impl FnOnce(&AtomicBool) -> Result<T, E> + Send + 'static,
) -> Result<T, E> {
    let turn = Arc::clone(turns).acquire_owned().await.map_err(|_| Stopped)?;
    let flag = Arc::clone(&stop.0);
    if flag.load(Ordering::Relaxed) {
        return Err(Stopped.into());
    }
    let done = tokio::task::spawn_blocking(move || {
        // Held by the work itself: a request that goes away gives its turn back only when the work
        // has noticed.
        let _turn = turn;
        let result = work(&flag);
        if flag.load(Ordering::Relaxed) { Err(Stopped.into()) } else { result }
    });
    match done.await {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            // Caught where the request is answered.
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(Stopped.into()),
        },
    }
}
