//! Questions that take longer than a page should: what moved the number, what drives it, what would
//! flip it, the brief. They are answered beside the draws of the pages, one at a time, and end when
//! nobody waits for them any more.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use tokio::sync::{Semaphore, watch};
use winset_model::case::Day;
use winset_model::effort::Effort;
use winset_model::explain::through::{Divided, through as divide};
use winset_model::explain::{drivers as search, flip as reversal};
use winset_model::forecast::Run;
use winset_report::brief::html;

use super::Server;
use super::desk::{Place, Told, hold};
use super::http::{Request, Stop};
use super::state::State;
use super::work::Stopped;
use winset_report::brief::{Asked as Command, Past, Settings as BriefSettings, brief};
use winset_report::drivers::{self, DriversReport, FEWEST, TOP};
use winset_report::flip::{self, FlipReport, JOINT, VERIFY};
use winset_report::moved::{self, MovedError, MovedReport, MovedSettings};
use winset_report::when::COMPARED;

/// Answers that are kept.
const KEPT: usize = 16;

/// Draws on which the change of a preview is divided.
const THROUGH: u64 = 1_000;

/// What is asked.
#[derive(Clone, Debug)]
pub(super) enum Question {
    /// What moved the number between two days.
    Moved(Day, Day),
    /// What drives the answer.
    Drivers,
    /// What takes it across a threshold.
    Flip(f64),
    /// The brief as one page.
    Brief,
}

/// What was found.
pub(super) enum Found {
    Moved(MovedReport),
    Drivers(DriversReport),
    Flip(FlipReport),
    Brief(String),
}

/// Why nothing was found.
pub(super) enum Unfound {
    /// Nobody waits any more.
    Stopped,
    /// The question makes no sense, and how it would.
    Wrong(String),
}

impl From<Stopped> for Unfound {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}

/// The answers so far, and whose turn it is.
pub(super) struct Asked {
    turn: Arc<Semaphore>,
    kept: Mutex<VecDeque<(String, Arc<Found>)>>,
}

impl Default for Asked {
    fn default() -> Self {
        Self { turn: Arc::new(Semaphore::new(1)), kept: Mutex::default() }
    }
}

impl Question {
    /// The question of a page about a case, or why it is none; `None` for other pages.
    pub(super) fn read(page: &str, request: &Request, told: &Told) -> Option<Result<Self, String>> {
        let day = |name: &str, or: Day| match request.asked(name).filter(|t| !t.is_empty()) {
            None => Ok(or),
            Some(text) => Day::parse(text)
                .ok_or_else(|| format!("`{text}` is no day; write it as 2025-04-22")),
        };
        match page {
            "/moved" => Some((|| {
                let to = day("to", told.loaded.case.as_of)?;
                Ok(Self::Moved(day("from", to.plus(-1))?, to))
            })()),
            "/drivers" => Some(Ok(Self::Drivers)),
            "/flip" => {
                let text = request.asked("p").filter(|t| !t.is_empty()).unwrap_or("0.5");
                let p = text.parse::<f64>().ok().filter(|p| *p > 0.0 && *p < 1.0);
                Some(p.map(Self::Flip).ok_or_else(|| {
                    format!("`{text}` is no probability between 0 and 1, such as 0.5")
                }))
            }
            "/brief" => Some(Ok(Self::Brief)),
            _ => None,
        }
    }

    fn key(&self, told: &Told, state: &State) -> String {
        format!("{}\n{} {:?}\n{self:?}", told.key, state.seed, state.draws)
    }
}

/// The answer if it is known.
pub(super) fn known(
    server: &Server,
    told: &Told,
    state: &State,
    question: &Question,
) -> Option<Arc<Found>> {
    let key = question.key(told, state);
    hold(&server.asked.kept).iter().find(|(k, _)| *k == key).map(|(_, found)| Arc::clone(found))
}

/// Finds the answer; `progress` is told how many per cent of the work are done.
pub(super) async fn find(
    server: &Arc<Server>,
    told: &Told,
    state: &State,
    question: &Question,
    stop: &Stop,
    progress: &Arc<watch::Sender<u64>>,
) -> Result<Arc<Found>, Unfound> {
    let forecast = match question {
        Question::Brief => Some(server.desk.work.full(told, state, stop).await?),
        _ => None,
    };
    let turn = Arc::clone(&server.asked.turn).acquire_owned().await.map_err(|_| Stopped)?;
    // Whoever had the turn may have asked the same.
    if let Some(found) = known(server, told, state, question) {
        return Ok(found);
    }
    let (server, told, state) = (Arc::clone(server), told.clone(), state.clone());
    let (question, flag, progress) = (question.clone(), Arc::clone(&stop.0), Arc::clone(progress));
    let work = move || {
        let _turn = turn;
        let (haste, threads) = (&server.desk.work.haste, server.desk.work.threads);
        let tell = |done: u64, all: u64| {
            let now = (100 * done / all.max(1)).min(100);
            progress.send_if_modified(|p| std::mem::replace(p, now) != now);
            haste.pause(&flag);
        };
        let done = AtomicU64::new(0);
        let seed = state.seed;
        let effort = |all: u64, run: &dyn Fn(Effort<'_>) -> Found| {
            let progress = |n: u64| tell(done.fetch_add(n, Ordering::Relaxed) + n, all);
            run(Effort { threads, stop: &flag, progress: &progress })
        };
        let case = &told.loaded.case;
        let found = match &question {
            Question::Moved(from, to) => {
                let settings =
                    MovedSettings { seed, draws: state.draws.unwrap_or(moved::DRAWS), threads };
                let days = (*from, *to);
                match moved::ask(&told.seen.files, &state.sets, days, &settings, &flag, &tell) {
                    Ok(found) => Found::Moved(found),
                    Err(MovedError::Stopped) => return Err(Unfound::Stopped),
                    Err(MovedError::Days(why)) => return Err(Unfound::Wrong(why)),
                    Err(MovedError::Case(list)) => {
                        let why = list.into_iter().next().map_or_else(String::new, |d| d.message);
                        return Err(Unfound::Wrong(why));
                    }
                }
            }
            Question::Drivers => {
                let draws = state.draws.unwrap_or(drivers::DRAWS).max(FEWEST);
                let by = winset_model::explain::groups::By::Input;
                let settings = search::Settings { by, draws, top: TOP.into(), seed };
                let all = search::work(case, &settings);
                effort(all, &|effort| Found::Drivers(drivers::ask(case, &settings, effort)))
            }
            Question::Flip(p) => {
                let draws = state.draws.unwrap_or(flip::DRAWS).max(FEWEST);
                let verify = VERIFY * draws;
                let settings = reversal::Settings {
                    p: *p,
                    draws,
                    verify,
                    top: TOP.into(),
                    joint: JOINT.into(),
                    seed,
                };
                let all = reversal::work(case, &settings);
                effort(all, &|effort| Found::Flip(flip::ask(case, &settings, effort)))
            }
            Question::Brief => {
                let Some(answered) = &forecast else { return Err(Unfound::Stopped) };
                let text = page(&server, &told, &state, &answered.forecast, threads, &flag);
                Found::Brief(text.map_err(|e| Unfound::Wrong(format!("{e:#}")))?)
            }
        };
        if flag.load(Ordering::Relaxed) {
            return Err(Unfound::Stopped);
        }
        let found = Arc::new(found);
        let mut kept = hold(&server.asked.kept);
        kept.push_back((question.key(&told, &state), Arc::clone(&found)));
        while kept.len() > KEPT {
            kept.pop_front();
        }
        Ok(found)
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(found) => found,
        Err(error) => match error.try_into_panic() {
            // Caught where the request is answered.
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(Unfound::Stopped),
        },
    }
}

/// Through which inputs a case moves the answer that is not yet saved.
pub(super) async fn through(
    server: &Arc<Server>,
    [before, after]: [&Told; 2],
    seed: u64,
    stop: &Stop,
) -> Result<Divided, Stopped> {
    let turn = Arc::clone(&server.asked.turn).acquire_owned().await.map_err(|_| Stopped)?;
    let [before, after] = [before, after].map(|told| Arc::clone(&told.loaded));
    let (server, flag) = (Arc::clone(server), Arc::clone(&stop.0));
    let work = move || {
        let _turn = turn;
        let work = &server.desk.work;
        let run = Run { seed, draws: 0..THROUGH };
        let pause = |_: u64| work.haste.pause(&flag);
        let effort = Effort { threads: work.threads, stop: &flag, progress: &pause };
        divide(&before.case, &after.case, &run, effort)
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(found) => found.ok_or(Stopped),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(Stopped),
        },
    }
}

/// The brief as `winset brief --format html` prints it.
fn page(
    server: &Server,
    told: &Told,
    state: &State,
    forecast: &winset_model::forecast::Forecast,
    threads: usize,
    stop: &std::sync::atomic::AtomicBool,
) -> anyhow::Result<String> {
    let name = server.desk.place.name();
    let command = Command {
        case: Some(&name),
        as_of: state.as_of,
        set: &state.sets,
        since: None,
        draws: forecast.draws,
        seed: state.seed,
        compared: COMPARED,
        redact: false,
    };
    let settings = BriefSettings {
        compared: COMPARED,
        leverage: COMPARED.div_ceil(4),
        threads,
        redact: false,
        command: command.command(),
    };
    let log = match &server.desk.place {
        Place::Folder(folder) if folder.join("log.jsonl").is_file() => {
            Some(winset_files::log::read(&folder.join("log.jsonl"))?)
        }
        _ => None,
    };
    let past = Past { log: log.as_ref(), ..Past::default() };
    let mut text = html(&brief(&told.loaded, forecast, past, &settings, stop))?;
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(text)
}
