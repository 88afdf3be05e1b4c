//! The pages of questions that take longer, and their twins.

use std::sync::Arc;

use hyper::StatusCode;
use tokio::sync::watch;

use super::Server;
use super::asked::{Found, Question, Unfound, find, known};
use super::desk::Told;
use super::http::{CSV, HTML, Reply, Request, Stop, encode};
use super::pages::{self, Frame};
use super::routes::{Answer, Twin, json, told};
use super::state::State;
use super::work::Stopped;
use winset_report::{drivers, flip, moved};

/// The query of a question, without what only says how to answer.
pub(super) fn query(request: &Request) -> String {
    let kept = request.query.iter().filter(|(name, _)| name != "wait");
    let parts: Vec<String> =
        kept.map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    parts.join("&")
}

/// The question of a request, or the reply that says why it is none.
fn question(page: &str, request: &Request, told: &Told) -> Result<Question, Reply> {
    match Question::read(page, request, told) {
        Some(Ok(question)) => Ok(question),
        Some(Err(why)) => Err(Reply::refuse(StatusCode::BAD_REQUEST, &why)),
        None => Err(Reply::refuse(StatusCode::NOT_FOUND, "nobody asks this")),
    }
}

/// What was found, or the reply that says why not.
pub(super) async fn answer(
    server: &Arc<Server>,
    request: &Request,
    (told, state): (&Told, &State),
    page: &str,
) -> Result<Result<Arc<Found>, Reply>, Stopped> {
    let question = match question(page, request, told) {
        Ok(question) => question,
        Err(reply) => return Ok(Err(reply)),
    };
    if let Some(found) = known(server, told, state, &question) {
        return Ok(Ok(found));
    }
    let (stop, progress) = (Stop::default(), Arc::new(watch::Sender::new(0)));
    match find(server, told, state, &question, &stop, &progress).await {
        Ok(found) => Ok(Ok(found)),
        Err(Unfound::Stopped) => Err(Stopped),
        Err(Unfound::Wrong(why)) => Ok(Err(Reply::refuse(StatusCode::UNPROCESSABLE_ENTITY, &why))),
    }
}

pub(super) async fn page(
    server: &Arc<Server>,
    request: &Request,
    state: &State,
    (at, title): (&'static str, &str),
    twin: Twin,
) -> Answer {
    let told = match told(server, state, at, title, twin) {
        Ok(told) => told,
        Err(reply) => return Ok(reply),
    };
    let question = match question(at, request, &told) {
        Ok(question) => question,
        Err(reply) => return Ok(reply),
    };
    let waits = twin != Twin::Page || request.asked("wait").is_some();
    let found = match waits {
        true => match answer(server, request, (&told, state), at).await? {
            Ok(found) => Some(found),
            Err(reply) => return Ok(reply),
        },
        false => known(server, &told, state, &question),
    };
    Ok(match (twin, found.as_deref()) {
        (Twin::Page, found) => {
            let query = query(request);
            let content =
                pages::asked::content(&told, state, &question, (at, query.as_str()), found);
            let told = Some(&told);
            let frame =
                Frame { desk: &server.desk, state, told, at, title, query: Some(query.as_str()) };
            Reply::ok(HTML, frame.page(content))
        }
        (Twin::Json, Some(Found::Moved(found))) => json(found),
        (Twin::Json, Some(Found::Drivers(found))) => json(found),
        (Twin::Json, Some(Found::Flip(found))) => json(found),
        (Twin::Csv, Some(found)) => table(found),
        (Twin::Json, _) | (Twin::Csv, None) => super::routes::not_found(server),
    })
}

/// What was found as a table.
fn table(found: &Found) -> Reply {
    match found {
        Found::Moved(report) => Reply::ok(CSV, moved::table(report).csv()),
        Found::Drivers(report) => Reply::ok(CSV, drivers::table(report).csv()),
        Found::Flip(report) => Reply::ok(CSV, flip::table(report).csv()),
        Found::Brief(text) => Reply::ok(HTML, text.clone()),
    }
}

/// `/brief.html`: what leaves the desk, the bytes of `winset brief`.
pub(super) async fn brief(server: &Arc<Server>, request: &Request, state: &State) -> Answer {
    let told = match told(server, state, "/overview", "Brief", Twin::Page) {
        Ok(told) => told,
        Err(reply) => return Ok(reply),
    };
    let found = match answer(server, request, (&told, state), "/brief").await? {
        Ok(found) => found,
        Err(reply) => return Ok(reply),
    };
    let mut reply = table(&found);
    let name = "attachment; filename=\"brief.html\"".to_owned();
    reply.headers.push(("content-disposition", name));
    Ok(reply)
}
