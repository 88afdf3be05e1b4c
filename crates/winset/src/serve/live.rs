//! What comes without being asked for: finer answers, and news of the files.

use std::sync::Arc;
use std::time::Duration;

use hyper::StatusCode;
use hyper::body::Bytes;
use tokio::sync::mpsc;

use super::Server;
use super::http::{Body, Reply, Request, Stop};
use super::pages;
use super::state::State;

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

fn stream(parts: mpsc::Receiver<Bytes>, stop: Stop) -> Reply {
    let mut reply = Reply::ok("text/event-stream", "");
    reply.body = Body::Parts(parts, stop);
    reply
}

/// `/events`: the number of the files whenever it changes.
pub(super) fn events(server: &Arc<Server>) -> Reply {
    let (to, parts) = mpsc::channel(4);
    let server = Arc::clone(server);
    tokio::spawn(async move {
        let mut news = server.desk.news.subscribe();
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
            let changed = super::first(async { news.changed().await.is_ok() }, async {
                levers.changed().await.is_ok()
            });
            // Seen by `changed`; seen again by the loop.
            if tokio::time::timeout(QUIET, changed).await == Ok(false) {
                return;
            }
        }
    });
    stream(parts, Stop::default())
}

/// `/refine?page=…`: the outputs of a page, ever finer.
pub(super) fn refine(server: &Arc<Server>, request: &Request, state: State) -> Reply {
    let Some(outputs) = pages::outputs(request.asked("page").unwrap_or("overview")) else {
        return Reply::refuse(StatusCode::NOT_FOUND, "this page has nothing to refine");
    };
    let (to, parts) = mpsc::channel(2);
    let stop = Stop::default();
    let inner = Stop(Arc::clone(&stop.0));
    let server = Arc::clone(server);
    tokio::spawn(async move {
        let told = match server.desk.tell(&state) {
            Ok(told) => told,
            Err(untold) => {
                let html = pages::problem::list(&untold).into_string();
                let _ = to.send(event("problem", &html)).await;
                return;
            }
        };
        let hand = async |answered: super::work::Answered| {
            let html = outputs(&told, &state, &answered).into_string();
            let name = if answered.whole { "whole" } else { "answer" };
            to.send(event(name, &html)).await.is_ok()
        };
        // Stopped: nobody listens.
        let _ = server.desk.work.refine(&told, &state, &inner, hand).await;
    });
    stream(parts, stop)
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
