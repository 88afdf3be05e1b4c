//! What forms do: every write of the workbench comes through here.

use std::sync::Arc;

use hyper::StatusCode;
use maud::{Markup, html};
use winset_files::diagnostic::{Diagnostic, Findings, Source};
use winset_files::record::add::{Draft, pasted};

use super::Server;
use super::asked::through;
use super::desk::Place;
use super::edit::{self, Unwritten};
use super::http::{HTML, Pairs, Reply, Request, Stop, pairs};
use super::pages::{self, Frame, record};
use super::paired::paired;
use super::routes::{Answer, html_page, untold_reply};
use super::state::State;

/// Answers a posted form.
pub(super) async fn post(server: &Arc<Server>, request: &Request) -> Answer {
    let state = match State::read(&pairs(request.field("state"))) {
        Ok(state) => state,
        Err(why) => return Ok(Reply::refuse(StatusCode::BAD_REQUEST, &why)),
    };
    match request.path.as_str() {
        "/record" => save_entry(server, request, &state).await,
        "/edit" => Ok(save_edit(server, request, &state)),
        "/scenario" => Ok(save_scenario(server, request, &state)),
        "/log" => super::views::save_log(server, request, &state).await,
        "/draft" => Ok(keep_draft(server, request)),
        "/copy" => Ok(copy(server, request)),
        "/new" => Ok(new(server, request)),
        _ => Ok(super::routes::not_found(server)),
    }
}

/// A reply to what was not written; a conflict shows both sides and `again`.
fn unwritten(
    server: &Server,
    state: &State,
    why: Unwritten,
    (at, title, file): (&'static str, &str, &str),
    mine: &[String],
    again: impl FnOnce(&str) -> Markup,
) -> Reply {
    let page = |status, content| {
        let told = server.desk.tell(state).ok();
        let frame =
            Frame { desk: &server.desk, state, told: told.as_ref(), at, title, query: None };
        Reply::new(status, HTML, frame.page(content))
    };
    match why {
        Unwritten::Conflict { seen, now, revision } => page(
            StatusCode::CONFLICT,
            pages::conflict::content(file, seen.as_deref(), &now, mine, again(&revision)),
        ),
        Unwritten::Invalid { files, findings } => page(
            StatusCode::UNPROCESSABLE_ENTITY,
            html! {
                p { "Nothing was written: with this the case could not be told." }
                div role="alert" { @for d in &findings { (pages::problem::finding(d, &files)) } }
                (again(&server.desk.seen().revisions.get("case.toml").cloned().unwrap_or_default()))
            },
        ),
        Unwritten::Refused(why) => page(
            StatusCode::UNPROCESSABLE_ENTITY,
            html! { div class="problem" role="alert" { p { (why) } } },
        ),
        Unwritten::Failed(error) => page(
            StatusCode::INTERNAL_SERVER_ERROR,
            html! { div class="problem" role="alert" { p { (format!("{error:#}")) } } },
        ),
    }
}

/// The entries a form means: its own fields, or what was pasted.
fn entries(fields: &Pairs, paste: &str) -> Result<Vec<Draft>, Vec<Diagnostic>> {
    if paste.trim().is_empty() {
        return Ok(vec![edit::draft_of(fields)]);
    }
    let mut findings = Findings::default();
    let source = Source { name: "pasted rows".to_owned(), text: paste.to_owned() };
    let drafts = pasted(&source, &mut findings);
    if findings.failed() { Err(findings.list) } else { Ok(drafts) }
}

/// Preview, save, or discard entries of the record.
async fn save_entry(server: &Arc<Server>, request: &Request, state: &State) -> Answer {
    let columns = winset_files::record::COLUMNS;
    let mut fields: Pairs =
        columns.iter().map(|c| ((*c).to_owned(), request.field(c).trim().to_owned())).collect();
    fields.retain(|(_, v)| !v.is_empty());
    let paste = request.field("paste").to_owned();
    let revision = request.field("revision").to_owned();
    if let ("discard", Some(folder)) = (request.field("do"), server.desk.folder()) {
        edit::forget_draft(folder, "record");
        return Ok(Reply::see(state.link("/record")));
    }
    let told = match server.desk.tell(state) {
        Ok(told) => told,
        Err(untold) => return Ok(untold_reply(server, state, &untold, "/record", "Record")),
    };
    let mut form = record::Form {
        fields,
        paste,
        revision,
        writes: server.desk.folder().is_some(),
        ..record::Form::default()
    };
    let page = |status, form: &record::Form| {
        let content = record::content(&told, state, &Vec::new(), form);
        let mut reply = html_page(server, state, Some(&told), "/record", "Record", content);
        reply.status = status;
        Ok(reply)
    };
    let rows = match entries(&form.fields, &form.paste) {
        Ok(rows) => rows,
        Err(findings) => {
            form.findings = findings;
            return page(StatusCode::UNPROCESSABLE_ENTITY, &form);
        }
    };
    if request.field("do") == "save" {
        let change = |text: &str| Ok(edit::with_entries(text, &rows));
        let wrong = match edit::write(server, "record.csv", &form.revision, &change) {
            Ok(()) => {
                if let Some(folder) = server.desk.folder() {
                    edit::forget_draft(folder, "record");
                }
                let many = rows.len();
                return Ok(Reply::see(state.link_with("/record", "saved", &many.to_string())));
            }
            Err(Unwritten::Invalid { findings, .. }) => {
                form.findings = findings;
                return page(StatusCode::UNPROCESSABLE_ENTITY, &form);
            }
            Err(wrong) => wrong,
        };
        let mine: Vec<String> =
            edit::with_entries("", &rows).lines().skip(1).map(str::to_owned).collect();
        let again = |revision: &str| {
            html! {
                form method="post" action="/record" {
                    input type="hidden" name="revision" value=(revision);
                    input type="hidden" name="state" value=(state.query());
                    @for (name, value) in &form.fields { input type="hidden" name=(name) value=(value); }
                    input type="hidden" name="paste" value=(form.paste);
                    div class="actions" {
                        button type="submit" name="do" value="save" class="first" { "Add mine to theirs" }
                        button type="submit" name="do" value="preview" { "Preview first" }
                    }
                }
            }
        };
        let about = ("/record", "Record", "record.csv");
        return Ok(unwritten(server, state, wrong, about, &mine, again));
    }
    let text = edit::with_entries(edit::text(&told.seen.files, "record.csv"), &rows);
    let files = edit::replaced(&told.seen.files, "record.csv", text);
    // In the state of the link, and as of a day that sees the entry, if the link names none.
    match server.desk.tell_of(&told.seen, &files, state, String::new()) {
        Ok(after) => {
            let stop = Stop::default();
            let both = paired(&server.desk.work, &told, &after, state.seed, &stop).await?;
            let why = through(server, [&told, &after], state.seed, &stop).await?;
            form.preview = Some(record::preview(&told, &after, state, &both, &why));
            page(StatusCode::OK, &form)
        }
        Err(untold) => {
            form.findings = untold.findings;
            page(StatusCode::UNPROCESSABLE_ENTITY, &form)
        }
    }
}

/// Writes the changes of a link, or those of one field, into `case.toml`.
fn save_edit(server: &Server, request: &Request, state: &State) -> Reply {
    let path = request.field("path");
    let sets = match path.is_empty() {
        true => state.sets.clone(),
        false => vec![format!("{path}={}", request.field("value").trim())],
    };
    let change = |text: &str| edit::set_all(text, &sets);
    match edit::write(server, "case.toml", request.field("revision"), &change) {
        Ok(()) => {
            // What was written is no longer a change.
            let mut rest = state.clone();
            rest.sets.retain(|s| !sets.contains(s));
            match path.is_empty() {
                true => Reply::see(rest.link("/what-if")),
                false => Reply::see(rest.link_with("/explain", "path", path)),
            }
        }
        Err(why) => {
            let again = |revision: &str| {
                html! {
                    form method="post" action="/edit" {
                        input type="hidden" name="revision" value=(revision);
                        input type="hidden" name="state" value=(state.query());
                        @if !path.is_empty() {
                            input type="hidden" name="path" value=(path);
                            label for="again" { (path) } " "
                            input type="text" id="again" name="value" value=(request.field("value")) aria-invalid="true";
                        }
                        div class="actions" { button type="submit" class="first" { "Write mine on top" } }
                    }
                    form method="post" action="/scenario" class="search" {
                        @let mine = State { sets: sets.clone(), ..state.clone() };
                        input type="hidden" name="state" value=(mine.query());
                        label for="copy-of-mine" { "or leave theirs, and save mine as a scenario called" }
                        input type="text" id="copy-of-mine" name="name" required pattern="[a-z0-9][a-z0-9-]*" autocomplete="off";
                        button type="submit" { "Save a copy of mine" }
                    }
                }
            };
            let about = ("/what-if", "Write into the case", "case.toml");
            unwritten(server, state, why, about, &sets, again)
        }
    }
}

fn save_scenario(server: &Server, request: &Request, state: &State) -> Reply {
    let name = request.field("name").trim();
    let saved = match server.desk.folder() {
        Some(folder) => edit::save_scenario(folder, name, state),
        None => Err(edit::read_only()),
    };
    match saved {
        Ok(()) => Reply::see(state.link_with("/what-if", "saved", name)),
        Err(why) => {
            let about = ("/what-if", "Save a scenario", "");
            unwritten(server, state, why, about, &state.sets, |_| html! {})
        }
    }
}

fn keep_draft(server: &Server, request: &Request) -> Reply {
    let kept = match server.desk.folder() {
        Some(folder) => edit::keep_draft(folder, request.field("draft"), &request.form),
        None => Err(edit::read_only()),
    };
    match kept {
        Ok(()) => Reply::refuse(StatusCode::OK, "kept"),
        Err(Unwritten::Failed(error)) => {
            Reply::refuse(StatusCode::INTERNAL_SERVER_ERROR, &format!("{error:#}"))
        }
        Err(_) => Reply::refuse(StatusCode::UNPROCESSABLE_ENTITY, "no draft is kept of this"),
    }
}

/// Saves a copy of the built-in case as a new folder where the workbench was started.
fn copy(server: &Server, request: &Request) -> Reply {
    let name = request.field("name").trim();
    let Place::Builtin(case) = &server.desk.place else {
        return Reply::refuse(StatusCode::UNPROCESSABLE_ENTITY, "this case has a folder already");
    };
    if !edit::is_name(name) {
        let why = "a name has small letters, digits and dashes";
        return Reply::refuse(StatusCode::UNPROCESSABLE_ENTITY, why);
    }
    let folder = std::path::Path::new(name);
    let made = std::fs::create_dir(folder).and_then(|()| {
        case.files.iter().try_for_each(|(file, text)| {
            winset_files::atomic::write(&folder.join(file), text.as_bytes())
        })
    });
    let state = State { sets: Vec::new(), as_of: None, seed: 1, draws: None };
    let (status, content) = match made {
        Ok(()) => (
            StatusCode::OK,
            html! {
                p class="done" { "Saved in the folder " code { (name) } ". Open it with" }
                pre { code { "winset serve " (name) } }
            },
        ),
        Err(error) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            html! { div class="problem" role="alert" { p { "The folder " code { (name) } " cannot be made: " (format!("{error:#}")) } } },
        ),
    };
    let told = server.desk.tell(&state).ok();
    let mut reply = html_page(server, &state, told.as_ref(), "", "Save a copy", content);
    reply.status = status;
    reply
}

/// Starts a case in the empty folder that is served.
fn new(server: &Server, request: &Request) -> Reply {
    let Some(folder) = server.desk.folder() else {
        return Reply::refuse(StatusCode::UNPROCESSABLE_ENTITY, "this case is built in");
    };
    let pen = server.desk.pen();
    if server.desk.seen().exists {
        return Reply::refuse(StatusCode::CONFLICT, "there is a case in the folder already");
    }
    let from = request.field("from");
    let texts: Vec<(&str, &str)> = match winset_files::builtin::find(from) {
        Some(case) => case.files.to_vec(),
        None if from == "template" => vec![("case.toml", winset_files::builtin::TEMPLATE)],
        None => return Reply::refuse(StatusCode::UNPROCESSABLE_ENTITY, "there is no such case"),
    };
    // Last the file that makes it a case.
    for (name, text) in texts.iter().rev() {
        if let Err(error) = winset_files::atomic::write(&folder.join(name), text.as_bytes()) {
            return Reply::refuse(StatusCode::INTERNAL_SERVER_ERROR, &format!("{error:#}"));
        }
    }
    drop(pen);
    server.desk.look();
    Reply::see("/overview".to_owned())
}
