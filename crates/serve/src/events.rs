//! What comes as it happens: finer answers, how far a job is, and news of the files.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::StatusCode;
use hyper::body::Bytes;
use tokio::sync::{mpsc, watch};

use crate::Server;
use crate::http::{Body, Parts, Reply, Stop};
use crate::link::LinkState;
use crate::pages;
use crate::queue::{self, JobError, PageForecast};
use crate::router::{Outputs, ReplyError, Visit};
use crate::store::LoadedCase;

/// How long an answer may take that is followed: whoever asks for more is told so.
const BUDGET: Duration = Duration::from_secs(600);

/// How long after a first number the rest of the answer is put off: a slider is seldom held so long.
const MOVES_ON: Duration = Duration::from_millis(25);

/// How often a listener hears that nothing happened, so that a dead connection is noticed.
const QUIET: Duration = Duration::from_secs(15);

/// An event as the browser reads it.
fn event(name: &str, data: &str) -> Bytes {
    let mut text = format!("event: {name}\n");
    for line in data.lines() {
        text.push_str("data: ");
        text.push_str(line);
        text.push('\n');
    }
    if data.is_empty() {
        text.push_str("data:\n");
    }
    text.push('\n');
    Bytes::from(text)
}

/// A reply that goes on, and where its parts are to be sent; `stop` is set once nobody listens.
///
/// # Errors
/// The reply to a peer that holds too many already.
fn stream(
    server: &Server,
    peer: IpAddr,
    stop: Stop,
) -> Result<(mpsc::Sender<Bytes>, Reply), Reply> {
    let why = "too many open streams from this address; close some of its tabs";
    let slot = server.streams.take(peer);
    let _slot = slot.ok_or_else(|| Reply::refuse(StatusCode::TOO_MANY_REQUESTS, why))?;
    let (to, parts) = mpsc::channel(4);
    let mut reply = Reply::ok("text/event-stream", "");
    reply.body = Body::Parts(Parts { parts, _stop: stop, _slot });
    Ok((to, reply))
}

/// `/events`: the number of the files whenever it changes.
pub(crate) fn files(server: &Arc<Server>, peer: IpAddr) -> Result<Reply, ReplyError> {
    let (to, reply) = stream(server, peer, Stop::default())?;
    let server = Arc::clone(server);
    tokio::spawn(async move {
        let mut news = server.store.news.subscribe();
        let mut levers = server.leverage.done.subscribe();
        levers.mark_unchanged();
        loop {
            // Told again when nothing happened: a listener that is gone shows in the sending.
            let number = *news.borrow_and_update();
            if to.send(event("files", &number.to_string())).await.is_err() {
                return;
            }
            if levers.has_changed().unwrap_or(false) {
                levers.mark_unchanged();
                if to.send(event("levers", "")).await.is_err() {
                    return;
                }
            }
            let go_on = tokio::select! {
                changed = news.changed() => changed.is_ok(),
                // Seen again by the loop.
                changed = levers.changed() => changed.map(|()| levers.mark_changed()).is_ok(),
                () = tokio::time::sleep(QUIET) => true,
                () = to.closed() => false,
            };
            if !go_on {
                return;
            }
        }
    });
    Ok(reply)
}

/// `/refine?page=…`: the outputs of a page, ever finer.
pub(crate) fn refine(
    server: &Arc<Server>,
    peer: IpAddr,
    state: LinkState,
    (outputs, haunted): (Outputs, bool),
) -> Result<Reply, ReplyError> {
    let stop = Stop::default();
    let inner = Stop(Arc::clone(&stop.0));
    let (to, reply) = stream(server, peer, stop)?;
    let server = Arc::clone(server);
    tokio::spawn(async move {
        let new = haunted && !server.store.is_loaded(&state);
        let at_once = if new { first(&server, &state, None, &inner).await } else { None };
        let told = at_once.is_some();
        if let Some(html) = at_once {
            let _ = to.send(event("first", &html)).await;
            // A slider that moves on has its next number before the rest of this one is begun; and
            // whoever hands this one on waits on this thread.
            if tokio::time::timeout(MOVES_ON, to.closed()).await.is_ok() {
                return;
            }
        }
        let loaded = match server.store.load(&state) {
            Ok(loaded) => loaded,
            Err(broken) => {
                let html = pages::problem::list(&broken).into_string();
                let _ = to.send(event("problem", &html)).await;
                return;
            }
        };
        if new
            && !told
            && let Some(html) = first(&server, &state, Some(&loaded), &inner).await
        {
            let _ = to.send(event("first", &html)).await;
        }
        let base = LinkState { sets: Vec::new(), ..state.clone() };
        let ghost = match server.store.load(&base) {
            Ok(base) if haunted => server.queue.ghost([&base, &loaded], &state, &inner).await.ok(),
            _ => None,
        };
        // On the draws of the ghost the case itself is known better by now.
        let finer =
            server.store.load(&base).ok().and_then(|base| server.queue.finest(&base, &state));
        let hand = async |answer: PageForecast| {
            let answer = match (&ghost, &finer) {
                (Some(ghost), Some(finer)) if !answer.whole => answer.beside(ghost, finer),
                _ => answer,
            };
            let html = outputs(&loaded, &state, &answer, ghost.as_ref()).into_string();
            let name = if answer.whole { "whole" } else { "answer" };
            to.send(event(name, &html)).await.is_ok()
        };
        let refined = server.queue.refine(&loaded, &state, &inner, hand);
        // Stopped: nobody listens.
        if tokio::time::timeout(BUDGET, refined).await.is_err() {
            let html = pages::problem::sentence(TOO_LONG).into_string();
            let _ = to.send(event("problem", &html)).await;
        }
    });
    Ok(reply)
}

/// The number of a changed case before anything else of it: at once where its numbers are changed in
/// place, else when it is `read`.
async fn first(
    server: &Server,
    state: &LinkState,
    read: Option<&LoadedCase>,
    stop: &Stop,
) -> Option<String> {
    if state.draws.is_some()
        || state.sets.is_empty()
        || read.is_none() && server.store.is_loaded(state)
    {
        return None;
    }
    let base = server.store.load(&LinkState { sets: Vec::new(), ..state.clone() }).ok()?;
    let changed = match read {
        Some(read) => read.case().clone(),
        None => base.inner.changed(&state.sets)?,
    };
    let found = server.queue.first_number(&base, changed, state, stop).await.ok()??;
    Some(pages::what_if::first(state, &found).into_string())
}

const TOO_LONG: &str = "This takes longer than ten minutes; ask for fewer draws, or the command.";

/// `/ask/PAGE?…`: how far the answer of a page is, then the answer. Nobody waits: it ends.
pub(crate) fn ask(visit: Visit) -> Result<Reply, ReplyError> {
    let unreadable = "the case cannot be read";
    let loaded = visit.server.store.load(&visit.state);
    let loaded = loaded.map_err(|_| Reply::refuse(StatusCode::UNPROCESSABLE_ENTITY, unreadable))?;
    let job = pages::long::job(&visit, &loaded)?;
    let stop = Stop::default();
    let inner = Stop(Arc::clone(&stop.0));
    let (to, reply) = stream(&visit.server, visit.request.peer, stop)?;
    tokio::spawn(async move {
        let progress = Arc::new(watch::Sender::new(0));
        let mut heard = progress.subscribe();
        let budget = tokio::time::sleep(BUDGET);
        let answer = queue::answer(&visit.server, &loaded, &visit.state, &job, &inner, &progress);
        let (mut budget, mut answer) = (std::pin::pin!(budget), std::pin::pin!(answer));
        let found = loop {
            tokio::select! {
                result = &mut answer => break match result {
                    Ok(result) => pages::long::result(&visit, &loaded, &result),
                    Err(JobError::Senseless(why)) => pages::problem::sentence(&why),
                    Err(JobError::Case(list)) => pages::problem::all(&list, &loaded.texts.files),
                    Err(JobError::Stopped) => return,
                },
                // The sender lives as long as this.
                _ = heard.changed() => {
                    let done = *heard.borrow_and_update();
                    if to.send(event("progress", &done.to_string())).await.is_err() {
                        return;
                    }
                }
                () = &mut budget => break pages::problem::sentence(TOO_LONG),
            }
        };
        let _ = to.send(event("found", &found.into_string())).await;
    });
    Ok(reply)
}

#[cfg(test)]
mod tests {
    use super::event;

    #[test]
    fn an_event_carries_every_line() {
        assert_eq!(event("answer", "<p>\n</p>"), "event: answer\ndata: <p>\ndata: </p>\n\n");
        assert_eq!(event("gone", ""), "event: gone\ndata:\n\n");
    }
}
