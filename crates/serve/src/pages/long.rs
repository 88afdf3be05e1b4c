//! Pages whose answer takes longer: how far it is, then the answer; and the brief.

use std::sync::Arc;

use hyper::StatusCode;
use maud::{Markup, html};
use tokio::sync::watch;
use winset_page::chart::Figure;
use winset_report::{
    charts, deals as deciding, drivers as driving, flip as flipping, history as telling,
    moved as moving, stability as resting,
};

use super::{deals, drivers, fewer, flip, history, moved, stability};
use winset_report::names::counted;

use crate::http::{CSV, HTML, Reply};
use crate::link::LinkState;
use crate::queue::{Job, JobResult, anchored, answer};
use crate::router::{self, ReplyError, Visit, not_found};
use crate::store::LoadedCase;

/// The job of a visit.
///
/// # Errors
/// The reply that says why it makes no sense.
pub(crate) fn job(visit: &Visit, loaded: &LoadedCase) -> Result<Job, Reply> {
    let Some(job) = visit.page.job else { return Err(not_found(&visit.server)) };
    let refused =
        |why: String| visit.failure(Some(loaded), 1, &why).status(StatusCode::BAD_REQUEST);
    job(&visit.request, loaded).map_err(refused)
}

/// The result of a job, once it is there.
pub(super) async fn wait(
    visit: &Visit,
    loaded: &LoadedCase,
    job: &Job,
) -> Result<JobResult, ReplyError> {
    let progress = Arc::new(watch::Sender::new(0));
    let result = answer(&visit.server, loaded, &visit.state, job, &visit.stop, &progress).await;
    result.map_err(|error| visit.job_error(loaded, error))
}

pub(crate) async fn html(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let job = job(&visit, &loaded)?;
    let known = known(&visit, &loaded, &job).await?;
    let content = content(&visit, &loaded, &job, known.as_ref());
    Ok(visit.html(&loaded, content))
}

/// The result of a job where it is known, or the link waits for it.
pub(super) async fn known(
    visit: &Visit,
    loaded: &LoadedCase,
    job: &Job,
) -> Result<Option<JobResult>, ReplyError> {
    match visit.request.query_value("wait") {
        Some(_) => wait(visit, loaded, job).await.map(Some),
        None => Ok(visit.server.queue.known(loaded, &visit.state, job)),
    }
}

pub(crate) async fn json(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let job = job(&visit, &loaded)?;
    Ok(match wait(&visit, &loaded, &job).await? {
        JobResult::Moved(m) => router::json(&*m),
        JobResult::History(h) => router::json(&*h),
        JobResult::Drivers(r) => router::json(&*r),
        JobResult::Flip(r) => router::json(&*r),
        JobResult::Stability(r) => match &*r {
            Ok(r) => router::json(r),
            Err(why) => Reply::refuse(StatusCode::UNPROCESSABLE_ENTITY, why),
        },
        JobResult::Deals(d) => match deals::report(&loaded, &visit.state, &d) {
            Ok(report) => router::json(&report),
            Err(why) => visit.failure(Some(&loaded), 1, &why),
        },
        JobResult::Forecast(_) | JobResult::Brief(_) => not_found(&visit.server),
    })
}

pub(crate) async fn csv(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let job = job(&visit, &loaded)?;
    Ok(match wait(&visit, &loaded, &job).await? {
        JobResult::Moved(m) => Reply::ok(CSV, moving::table(&m).csv()),
        JobResult::History(h) => Reply::ok(CSV, telling::table(&h).csv()),
        JobResult::Drivers(r) => Reply::ok(CSV, driving::table(&r).csv()),
        JobResult::Flip(r) => Reply::ok(CSV, flipping::table(&r).csv()),
        JobResult::Stability(r) => match &*r {
            Ok(r) => Reply::ok(CSV, resting::table(r).csv()),
            Err(why) => Reply::refuse(StatusCode::UNPROCESSABLE_ENTITY, why),
        },
        JobResult::Deals(d) => Reply::ok(CSV, deciding::table(loaded.case(), &d.judged).csv()),
        JobResult::Forecast(_) | JobResult::Brief(_) => not_found(&visit.server),
    })
}

pub(crate) async fn chart(visit: Visit) -> Result<Figure, ReplyError> {
    let loaded = visit.case()?;
    let job = job(&visit, &loaded)?;
    match wait(&visit, &loaded, &job).await? {
        JobResult::Moved(m) => Ok(charts::moved(loaded.case(), &m)),
        JobResult::History(h) => {
            let h = anchored(&visit.server, &loaded, &visit.state, &h);
            Ok(charts::course(&h, &counted(loaded.case())))
        }
        JobResult::Drivers(r) => Ok(charts::tornado(loaded.case(), &r)),
        JobResult::Stability(r) => match &*r {
            Ok(r) => Ok(resting::figure(r)),
            Err(_) => Err(not_found(&visit.server).into()),
        },
        _ => Err(not_found(&visit.server).into()),
    }
}

/// `/brief.html`: what is handed on, the bytes of `winset brief`.
pub(crate) async fn brief(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    match wait(&visit, &loaded, &Job::Brief).await? {
        JobResult::Brief(text) => {
            let name = "attachment; filename=\"brief.html\"".to_owned();
            Ok(Reply::ok(HTML, text.to_string()).with("content-disposition", name))
        }
        _ => Err(not_found(&visit.server).into()),
    }
}

/// The page, whether its answer is known or on its way.
fn content(visit: &Visit, loaded: &LoadedCase, job: &Job, known: Option<&JobResult>) -> Markup {
    html! {
        p class="question" { (loaded.case().question.text) }
        @match job {
            Job::Moved(from, to) => { (moved::lead(&visit.state, *from, *to)) }
            Job::History(days) => { (history::lead(&visit.state, loaded, *days)) }
            Job::Drivers => { (drivers::lead()) }
            Job::Flip(p) => { (flip::flip_form(&visit.state, *p)) }
            Job::Stability => { (stability::lead()) }
            Job::Glance | Job::Forecast(_) | Job::Brief | Job::Deals => {}
        }
        (asked(visit, loaded, job, known))
    }
}

/// Where the answer stands, whether it is known or on its way.
pub(super) fn asked(
    visit: &Visit,
    loaded: &LoadedCase,
    job: &Job,
    known: Option<&JobResult>,
) -> Markup {
    let (page, query) = (visit.page.address, visit.request.link_query());
    let sign = if query.is_empty() { "" } else { "&" };
    html! {
        @match known {
            Some(known) => div id="asked" { (result(visit, loaded, known)) },
            None => div id="asked" aria-busy="true" data-ask=(format!("/ask{page}?{query}")) {
                p class="working" hidden {
                    label for="done" { (working(job)) } " "
                    progress id="done" max="100" value="0" {} " "
                    span id="percent" {}
                }
                noscript {
                    p { a class="button" href=(format!("{page}?{query}{sign}wait=1")) { "Compute it" }
                        " and wait: it takes some seconds." }
                }
            },
        }
    }
}

/// What is being done while one waits.
fn working(job: &Job) -> &'static str {
    match job {
        Job::Moved(..) => "The case is told with and without each piece of news",
        Job::History(_) => "The case is told from each day",
        Job::Drivers => "Each input is put at either end of its range",
        Job::Flip(_) => "Each input is tried alone, then several together",
        Job::Stability => "The states without a deal are drawn",
        Job::Deals => "Packages are put to the draws",
        Job::Glance | Job::Forecast(_) | Job::Brief => "Being computed",
    }
}

/// The answer.
pub(crate) fn result(visit: &Visit, loaded: &LoadedCase, result: &JobResult) -> Markup {
    let (page, query) = (visit.page.address, visit.request.link_query());
    let link = if query.is_empty() { page.to_owned() } else { format!("{page}?{query}") };
    let state = &visit.state;
    let (found, draws) = match result {
        JobResult::Moved(m) => (moved::result(loaded, state, m, &link), Some(m.draws)),
        JobResult::History(h) => {
            let told = anchored(&visit.server, loaded, state, h);
            (history::result(loaded, state, &told, &link), None)
        }
        JobResult::Drivers(r) => {
            (drivers::result(loaded, state, r, &link), Some(r.head.answer.draws))
        }
        JobResult::Flip(r) => (flip::result(loaded, state, r), Some(r.head.answer.draws)),
        JobResult::Stability(r) => (stability::result(r, &link), None),
        JobResult::Deals(d) => (deals::result(loaded, state, d), Some(d.judged.draws)),
        JobResult::Forecast(_) | JobResult::Brief(_) => (html! {}, None),
    };
    html! {
        (found)
        @if let Some(draws) = draws { (fewer(&visit.server.queue, (loaded, state), draws, "the answer")) }
    }
}

/// The state of a link as the hidden fields of a form.
pub(crate) fn held(state: &LinkState) -> Markup {
    html! {
        @for set in &state.sets { input type="hidden" name="set" value=(set); }
        @if let Some(day) = state.as_of { input type="hidden" name="as_of" value=(day); }
        @if state.seed != 1 { input type="hidden" name="seed" value=(state.seed); }
        @if let Some(draws) = state.draws { input type="hidden" name="draws" value=(draws); }
    }
}

/// A part of a change with its error: `−1.8 ± 0.3`.
pub(crate) fn part(part: f64, se: f64) -> String {
    moving::with_error(part, se)
}

/// How it was computed.
pub(super) fn how(draws: u64, seed: u64) -> Markup {
    html! {
        p class="note" {
            (winset_page::text::thousands(draws)) " draws, seed " (seed)
            ", the same random numbers throughout"
        }
    }
}
