//! The log: what was forecast and when, how it ended, and the score.

use std::collections::BTreeMap;
use std::process::Stdio;

use hyper::StatusCode;
use maud::{Markup, html};
use winset_files::log::{self, Clock, Log, LogKind, questions};
use winset_methods::score::ScoreDivision;
use winset_page::document::html_section;
use winset_page::text::{pc, shell, short};
use winset_report::score::ScoreReport;

use super::{problem, table};
use crate::Server;
use crate::drafts::forget_draft;
use crate::http::{CSV, JSON, Pairs, Reply, TEXT, first};
use crate::router::{ReplyError, Visit};

pub(crate) async fn html(visit: Visit) -> Result<Reply, ReplyError> {
    page(&visit, None).await
}

pub(crate) async fn json(visit: Visit) -> Result<Reply, ReplyError> {
    twin(&visit, JSON, &["log", "list", "--json"]).await
}

pub(crate) async fn csv(visit: Visit) -> Result<Reply, ReplyError> {
    twin(&visit, CSV, &["log", "export"]).await
}

/// What a command prints.
async fn twin(visit: &Visit, kind: &'static str, words: &[&str]) -> Result<Reply, ReplyError> {
    visit.case()?;
    let done = command(&visit.server, owned(words)).await;
    Ok(match done.ok {
        true => Reply::ok(kind, done.output),
        false => Reply::new(StatusCode::UNPROCESSABLE_ENTITY, TEXT, done.output),
    })
}

/// Runs a command of winset on the case folder: what the page does is what a person would type.
async fn command(server: &Server, arguments: Vec<String>) -> CommandOutput {
    let Some(folder) = server.store.readable() else { return CommandOutput::default() };
    let (program, folder) = (server.program.clone(), folder.to_path_buf());
    let words: Vec<String> = arguments.iter().map(|word| shell(word)).collect();
    let shown = format!("winset {}", words.join(" "));
    let run = move || {
        let mut command = std::process::Command::new(program);
        command.args(&arguments).current_dir(folder).stdin(Stdio::null()).output()
    };
    let (ok, output) = match tokio::task::spawn_blocking(run).await {
        Ok(Ok(out)) => {
            let text = [out.stdout, out.stderr].map(|t| String::from_utf8_lossy(&t).into_owned());
            (out.status.success(), text.concat())
        }
        Ok(Err(error)) => (false, error.to_string()),
        Err(error) => (false, error.to_string()),
    };
    CommandOutput { command: shown, ok, output, fields: Vec::new() }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|w| (*w).to_owned()).collect()
}

async fn page(visit: &Visit, done: Option<CommandOutput>) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let folder = visit.server.store.readable();
    let read = folder.map(|f| log::read(&f.join("log.jsonl")));
    let unread = read.as_ref().and_then(|r| r.as_ref().err()).map(ToString::to_string);
    let log = read.and_then(Result::ok);
    let content = match unread {
        Some(why) => problem::sentence(&why),
        None => content(log.as_ref(), done.as_ref()),
    };
    let reply = visit.html(&loaded, content);
    Ok(match done.is_some_and(|d| !d.ok) {
        true => reply.status(StatusCode::UNPROCESSABLE_ENTITY),
        false => reply,
    })
}

/// Adds to the log, reaffirms, resolves.
pub(crate) async fn save(visit: Visit) -> Result<Reply, ReplyError> {
    let request = &visit.request;
    let mut arguments = match request.field("do") {
        "add" => owned(&["log", "add"]),
        "reaffirm" => owned(&["log", "reaffirm"]),
        "resolve" => vec!["resolve".to_owned(), format!("--on={}", request.field("on"))],
        _ => {
            let why = "add, reaffirm or resolve";
            return Ok(Reply::refuse(StatusCode::BAD_REQUEST, why));
        }
    };
    for name in ["author", "reason"] {
        let value = request.field(name).trim();
        if !value.is_empty() {
            arguments.push(format!("--{name}={value}"));
        }
    }
    if request.field("do") == "resolve" {
        // Last, behind the sign that no option follows.
        arguments.extend(owned(&["--", request.field("question"), request.field("outcome")]));
    }
    let mut done = command(&visit.server, arguments).await;
    done.fields.clone_from(&request.form);
    if let (true, Some(folder)) = (done.ok, visit.server.store.folder()) {
        forget_draft(folder, "log");
        visit.server.store.look();
    }
    page(&visit, Some(done)).await
}

/// What a form of the page came to.
#[derive(Default)]
pub(crate) struct CommandOutput {
    pub(crate) command: String,
    pub(crate) ok: bool,
    pub(crate) output: String,
    /// What was typed, kept where it failed.
    pub(crate) fields: Pairs,
}

/// The page's content; without a folder there is no log.
fn content(log: Option<&Log>, done: Option<&CommandOutput>) -> Markup {
    let typed =
        |name: &str| done.filter(|d| !d.ok).and_then(|d| first(&d.fields, name)).unwrap_or("");
    html! {
        @if let Some(done) = done {
            div class={ @if done.ok { "done" } @else { "problem" } } role=(if done.ok { "status" } else { "alert" }) {
                pre { code { (done.command) "\n\n" (done.output) } }
            }
        }
        @match log {
            None => { p { "A log needs a case folder; this case is built in. Save a copy of it first." } }
            Some(log) => {
                @for problem in &log.problems { div class="problem" role="alert" { p { (problem) } } }
                (entries(log))
                section {
                    h2 { "Add" }
                    form method="post" action="/log" class="form" data-draft="log" {
                        div { label for="author" { "who answers for it" } input type="text" id="author" name="author" value=(typed("author")); }
                        div { label for="reason" { "reason, needed when the number moves ten points" } input type="text" id="reason" name="reason" value=(typed("reason")); }
                        div class="actions wide" {
                            button type="submit" name="do" value="add" class="first" { "Forecast and enter the number" }
                            button type="submit" name="do" value="reaffirm" { "Enter that the number stands" }
                            span class="drafted note" role="status" {}
                        }
                    }
                }
                @if !log.entries.is_empty() {
                    section {
                        h2 { "Resolve" }
                        form method="post" action="/log" class="form" {
                            div { label for="question" { "question" } select id="question" name="question" { @for q in questions(&log.entries) { option value=(q) { (q) } } } }
                            div { label for="outcome" { "how it ended" } select id="outcome" name="outcome" { @for o in ["yes", "no", "void"] { option value=(o) { (o) } } } }
                            div { label for="on" { "on the day" } input type="date" id="on" name="on" value=(typed("on")) required; }
                            div class="actions wide" { button type="submit" name="do" value="resolve" { "Resolve" } }
                        }
                    }
                }
                section {
                    h2 { "Score" }
                    (score(log))
                }
            }
        }
    }
}

/// What `winset score` says of the log.
fn score(log: &Log) -> Markup {
    if !log.entries.iter().any(|e| e.outcome.is_some()) {
        return html! { p { "A score needs a resolved question." } };
    }
    if !log.verifies() {
        return html! { p { "The chain does not verify: nothing is scored." } };
    }
    let logs = std::slice::from_ref(log);
    let report = ScoreReport::new(logs, &BTreeMap::new(), ScoreDivision::All, Clock::MadeAt);
    let said = report.document();
    html! {
        p { (said.title) }
        @for section in &said.sections { (html_section(section, &[])) }
    }
}

fn entries(log: &Log) -> Markup {
    html! {
        section {
            h2 { "Entries" }
            @if log.entries.is_empty() { p { "Nothing has been entered yet." } } @else {
                (table("Newest first", &["Id", "Kind", "Told from", "Made", "P", "Change", "Outcome", "Reason", "Author"],
                    log.entries.iter().rev().map(|e| vec![
                        html! { (e.id) },
                        html! { (e.kind.word()) },
                        html! { (e.as_of) },
                        html! { (e.made_at.to_string().get(..16).unwrap_or("").replace('T', " ")) },
                        html! { @if let Some(p) = e.p { (pc(p)) } },
                        html! { @if let Some(d) = e.delta_logit { (short(d)) " logit" } },
                        html! { @if e.kind == LogKind::Resolution { @if let Some(o) = e.outcome { (o.word()) } } },
                        html! { @if let Some(r) = &e.rationale { (r) } },
                        html! { (e.author) },
                    ]).collect()))
                p class="note" {
                    @if log.verifies() { "the chain verifies" } @else { "the chain does not verify" }
                }
            }
        }
    }
}
