//! Jobs that take longer than a page should: what moved the number, what drives it, what would flip
//! it, the brief. They are done beside the draws of the pages, one at a time, and end when nobody
//! waits for them any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::sync::watch;
use winset_methods::stability::ResponseRule;
use winset_model::case::Case;
use winset_model::effort::Effort;
use winset_model::explain::groups::By;
use winset_model::explain::through::{Divided, through as divide};
use winset_model::explain::{drivers as search, flip as reversal};
use winset_model::forecast::{Deals as Judged, Depth, Forecast, Run, deals as judge, run_in};
use winset_report::brief::{
    BriefCommand as Command, Past, Settings as BriefSettings, brief, html, linked_deal_map,
};
use winset_report::deals as packages;
use winset_report::drivers::{self, FEWEST, TOP};
use winset_report::flip::{self, JOINT, VERIFY};
use winset_report::history::{self, HistoryDays, HistoryReport};
use winset_report::moved::{self, MovedError, MovedSettings};
use winset_report::names::Names;
use winset_report::stability::{
    DEFAULT_CONCEPTS, StabilityAsk, StabilityReport, case_report, concepts, without_model,
};
use winset_report::when::COMPARED;

use super::{Job, JobError, JobKey, JobResult, PackageSearch, Stopped, in_turn, read_tally};
use crate::Server;
use crate::http::Stop;
use crate::link::{DRAWS, LinkState};
use crate::store::{CaseSource, LoadedCase};

/// Draws on which the change of a preview is divided.
const THROUGH: u64 = 1_000;

/// Draws on which packages are judged, by the command, too.
pub(crate) const JUDGED: u64 = 1_000;

/// Told how many per cent of a job are done.
pub(crate) type Progress = Arc<watch::Sender<u64>>;

/// The result of a job, known or computed.
pub(crate) async fn answer(
    server: &Arc<Server>,
    loaded: &LoadedCase,
    state: &LinkState,
    job: &Job,
    stop: &Stop,
    progress: &Progress,
) -> Result<JobResult, JobError> {
    if let Some(known) = server.queue.known(loaded, state, job) {
        return Ok(known);
    }
    let forecast = match job {
        Job::Glance => {
            return Ok(JobResult::Forecast(server.queue.quick(loaded, state, stop).await?));
        }
        Job::Forecast(_) => {
            return Ok(JobResult::Forecast(server.queue.full(loaded, state, stop).await?));
        }
        Job::Brief => Some(server.queue.full(loaded, state, stop).await?.forecast),
        Job::History(days) => {
            let (told, loaded) = last_day(server, loaded, state, days)?;
            server.queue.full(&loaded, &told, stop).await?;
            None
        }
        Job::Moved(..) | Job::Drivers | Job::Flip(_) | Job::Stability | Job::Deals => None,
    };
    let work = {
        let (server, progress) = (Arc::clone(server), Arc::clone(progress));
        let (loaded, state, job) = (loaded.clone(), state.clone(), job.clone());
        move |flag: &AtomicBool| {
            // Whoever had the turn may have asked the same.
            if let Some(known) = server.queue.known(&loaded, &state, &job) {
                return Ok(known);
            }
            let tell = |done: u64, all: u64| {
                let now = (100 * done / all.max(1)).min(100);
                progress.send_if_modified(|p| std::mem::replace(p, now) != now);
                server.queue.priority.pause(flag);
            };
            let result = compute(&server, &loaded, &state, &job, forecast.as_deref(), flag, &tell)?;
            if flag.load(Ordering::Relaxed) {
                return Err(JobError::Stopped);
            }
            server.queue.keep(JobKey::new(&loaded, &state, &job), result.clone());
            Ok(result)
        }
    };
    in_turn(&server.queue.jobs, stop, work).await
}

/// The last day of a history as a state and its case.
///
/// # Errors
/// The case cannot be told from that day.
fn last_day(
    server: &Server,
    loaded: &LoadedCase,
    state: &LinkState,
    days: &HistoryDays,
) -> Result<(LinkState, LoadedCase), JobError> {
    match days.to.filter(|to| *to != loaded.case().as_of) {
        None => Ok((state.clone(), loaded.clone())),
        Some(to) => {
            let told = LinkState { as_of: Some(to), ..state.clone() };
            let case =
                server.store.load(&told).map_err(|broken| JobError::Case(broken.findings))?;
            Ok((told, case))
        }
    }
}

/// A history whose last day has the answer that Overview has of it.
pub(crate) fn anchored(
    server: &Server,
    loaded: &LoadedCase,
    state: &LinkState,
    history: &HistoryReport,
) -> HistoryReport {
    let to = history.days.last().map(|row| row.date);
    let days = HistoryDays { to, ..HistoryDays::default() };
    let known = last_day(server, loaded, state, &days).ok();
    match known.and_then(|(told, case)| server.queue.finest(&case, &told)) {
        Some(f) if f.draws > history.draws => history.ending_in(f.answer.p, f.zone.share()),
        _ => history.clone(),
    }
}

/// Does a job; `forecast` is that of the case, where the job is the brief.
fn compute(
    server: &Server,
    loaded: &LoadedCase,
    state: &LinkState,
    job: &Job,
    forecast: Option<&Forecast>,
    flag: &AtomicBool,
    tell: &(dyn Fn(u64, u64) + Sync),
) -> Result<JobResult, JobError> {
    let (case, seed, threads) = (loaded.case(), state.seed, server.queue.threads);
    let done = AtomicU64::new(0);
    let effort = |all: u64, run: &dyn Fn(Effort<'_>) -> Option<JobResult>| {
        let progress = |n: u64| tell(done.fetch_add(n, Ordering::Relaxed) + n, all);
        run(Effort { threads, stop: flag, progress: &progress }).ok_or(JobError::Stopped)
    };
    Ok(match job {
        Job::Moved(from, to) => {
            let draws = state.draws.unwrap_or(moved::DRAWS);
            let settings = MovedSettings { seed, draws, threads };
            let days = (*from, *to);
            match moved::ask(&loaded.texts.files, &state.sets, days, &settings, flag, tell) {
                Ok(report) => JobResult::Moved(Arc::new(report)),
                Err(MovedError::Stopped) => return Err(JobError::Stopped),
                Err(MovedError::Days(why)) => return Err(JobError::Senseless(why)),
                Err(MovedError::Case(list)) => return Err(JobError::Case(list)),
            }
        }
        Job::History(days) => {
            let draws = state.draws.unwrap_or(history::DRAWS);
            let settings = MovedSettings { seed, draws, threads };
            let files = &loaded.texts.files;
            match history::ask(files, &state.sets, days, &settings, flag, tell) {
                Ok(report) => JobResult::History(Arc::new(report)),
                Err(MovedError::Stopped) => return Err(JobError::Stopped),
                Err(MovedError::Days(why)) => return Err(JobError::Senseless(why)),
                Err(MovedError::Case(list)) => return Err(JobError::Case(list)),
            }
        }
        Job::Drivers => {
            let draws = state.draws.unwrap_or(drivers::DRAWS).max(FEWEST);
            let settings = search::DriversSettings { by: By::Input, draws, top: TOP.into(), seed };
            let all = search::work(case, &settings);
            effort(all, &|effort| {
                Some(JobResult::Drivers(Arc::new(drivers::ask(case, &settings, effort))))
            })?
        }
        Job::Flip(p) => {
            let draws = state.draws.unwrap_or(flip::DRAWS).max(FEWEST);
            let (verify, top, joint) = (VERIFY * draws, TOP.into(), JOINT.into());
            let settings = reversal::FlipSettings { p: *p, draws, verify, top, joint, seed };
            let all = reversal::work(case, &settings);
            effort(all, &|effort| {
                Some(JobResult::Flip(Arc::new(flip::ask(case, &settings, effort))))
            })?
        }
        Job::Stability => {
            let draws = state.draws.unwrap_or(DRAWS);
            let all = draws + draws.min(COMPARED);
            effort(all, &|effort| {
                Some(JobResult::Stability(Arc::new(stability_of(case, seed, draws, effort))))
            })?
        }
        Job::Deals => {
            let draws = state.draws.unwrap_or(JUDGED);
            effort(Judged::work(draws), &|effort| {
                packages_of(case, state, draws, effort).map(|p| JobResult::Deals(Arc::new(p)))
            })?
        }
        Job::Brief => {
            let Some(forecast) = forecast else { return Err(JobError::Stopped) };
            let text = brief_page(server, loaded, state, forecast, flag);
            JobResult::Brief(text.map_err(|e| JobError::Senseless(format!("{e:#}")))?.into())
        }
        Job::Glance | Job::Forecast(_) => return Err(JobError::Stopped),
    })
}

/// The packages of a case: what `winset deals` says of them, and their map.
fn packages_of(
    case: &Case,
    state: &LinkState,
    draws: u64,
    effort: Effort<'_>,
) -> Option<PackageSearch> {
    let space = packages::space(case);
    let judged = judge(case, state.seed, draws, effort)?;
    let map = linked_deal_map(case, |terms| state.package(terms));
    Some(PackageSearch { judged, space, map })
}

/// What would hold without a deal, as `winset stability` has it.
fn stability_of(
    case: &Case,
    seed: u64,
    draws: u64,
    effort: Effort<'_>,
) -> Result<StabilityReport, String> {
    let run = Run { seed, draws: 0..draws.min(COMPARED) };
    let forecast = read_tally(case, seed, &run_in(case, &run, Depth::Lean, effort));
    let concepts = concepts(DEFAULT_CONCEPTS).unwrap_or_default();
    let asked = StabilityAsk { concepts: &concepts, draws, seed, coalitions: false, effort };
    let names = Names::new(case);
    case_report(&names, &forecast, ResponseRule::default(), &asked).map_err(|e| without_model(&e))
}

/// Through which inputs a case moves the answer that is not yet saved.
pub(crate) async fn through(
    server: &Arc<Server>,
    [before, after]: [&LoadedCase; 2],
    seed: u64,
    stop: &Stop,
) -> Result<Divided, Stopped> {
    let [before, after] = [before, after].map(|loaded| Arc::clone(&loaded.inner));
    let queue = Arc::clone(server);
    let work = move |flag: &AtomicBool| {
        let queue = &queue.queue;
        let run = Run { seed, draws: 0..THROUGH };
        let pause = |_: u64| queue.priority.pause(flag);
        let effort = Effort { threads: queue.threads, stop: flag, progress: &pause };
        divide(&before.case, &after.case, &run, effort).ok_or(Stopped)
    };
    in_turn(&server.queue.jobs, stop, work).await
}

/// The brief as `winset brief --format html` prints it.
fn brief_page(
    server: &Server,
    loaded: &LoadedCase,
    state: &LinkState,
    forecast: &Forecast,
    stop: &AtomicBool,
) -> anyhow::Result<String> {
    let name = server.store.place.name();
    let command = Command {
        case: Some(&name),
        as_of: state.as_of,
        overrides: &state.sets,
        since: None,
        draws: forecast.draws,
        seed: state.seed,
        compared: COMPARED,
        redact: false,
        marking: None,
    };
    let settings = BriefSettings {
        compared: COMPARED,
        leverage: COMPARED.div_ceil(4),
        threads: server.queue.threads,
        redact: false,
        marking: None,
        command: command.command(),
    };
    let log = match &server.store.place {
        CaseSource::Folder(folder) if folder.join("log.jsonl").is_file() => {
            Some(winset_files::log::read(&folder.join("log.jsonl"))?)
        }
        _ => None,
    };
    let past = Past { log: log.as_ref(), ..Past::default() };
    let mut text = html(&brief(&loaded.inner, forecast, past, &settings, stop))?;
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(text)
}
