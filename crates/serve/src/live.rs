//! What comes without being asked for: finer answers, and news of the files.

use std::sync::Arc;
use std::time::Duration;

use hyper::StatusCode;
use hyper::body::Bytes;
use tokio::sync::{mpsc, watch};

use super::Server;
use super::asked::{Question, Unfound, find};
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

/// What happens next to a question: it is answered, or further along.
enum Next {
    Answered(Result<Arc<super::asked::Found>, Unfound>),
    Further,
}

/// `/ask/PAGE?…`: how far the answer of a page is, then the answer. Nobody waits: it ends.
pub(super) fn ask(server: &Arc<Server>, request: &Request, state: State, page: String) -> Reply {
    let told = match server.desk.tell(&state) {
        Ok(told) => told,
        Err(_) => {
            return Reply::refuse(StatusCode::UNPROCESSABLE_ENTITY, "the case cannot be told");
        }
    };
    let question = match Question::read(&page, request, &told) {
        Some(Ok(question)) => question,
        Some(Err(why)) => return Reply::refuse(StatusCode::BAD_REQUEST, &why),
        None => return Reply::refuse(StatusCode::NOT_FOUND, "nobody asks this"),
    };
    let query = super::questions::query(request);
    let (to, parts) = mpsc::channel(4);
    let stop = Stop::default();
    let inner = Stop(Arc::clone(&stop.0));
    let server = Arc::clone(server);
    tokio::spawn(async move {
        let progress = Arc::new(watch::Sender::new(0));
        let mut heard = progress.subscribe();
        let mut answer = std::pin::pin!(find(&server, &told, &state, &question, &inner, &progress));
        let (name, data) = loop {
            let further = async {
                // The sender lives as long as this.
                let _ = heard.changed().await;
                Next::Further
            };
            match super::first(async { Next::Answered(answer.as_mut().await) }, further).await {
                Next::Further => {
                    let done = *heard.borrow_and_update();
                    if to.send(event("progress", &done.to_string())).await.is_err() {
                        return;
                    }
                }
                Next::Answered(Ok(found)) => {
                    let at = (page.as_str(), query.as_str());
                    break ("found", pages::asked::found(&told, &state, &found, at).into_string());
                }
                Next::Answered(Err(Unfound::Wrong(why))) => {
                    let said = maud::html! { div class="problem" role="alert" { p { (why) } } };
                    break ("found", said.into_string());
                }
                Next::Answered(Err(Unfound::Stopped)) => return,
            }
        };
        let _ = to.send(event(name, &data)).await;
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
