//! What forms do: every write of the workbench comes through here.

use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

use hyper::StatusCode;
use maud::{Markup, html};
use winset_files::builtin::{self, TEMPLATE};
use winset_files::case::CaseFiles;
use winset_files::diagnostic::{Diagnostic, Findings, Source};
use winset_files::record::COLUMNS;
use winset_files::record::add::{Draft, pasted};
use winset_files::start::{GIT_ATTRIBUTES, start};

use crate::Server;
use crate::drafts::{forget_draft, keep_draft};
use crate::edit::{self, WriteError};
use crate::http::{HTML, Pairs, Reply, Request, pairs};
use crate::link::LinkState;
use crate::pages::reading::{ReadingView, words_alone};
use crate::pages::record::{self, AppliedEntry, EntryForm};
use crate::pages::{self, PageFrame, log, problem};
use crate::queue::{paired, through};
use crate::reader::{ReadDocument, ReadEntry};
use crate::router::{PAGES, PageFormat, ReplyError, Visit, not_found, page};
use crate::scenarios::{is_name, save_scenario, slug};
use crate::store::{CaseSource, LoadedCase};

/// Does what a form asks.
type Save = fn(Visit) -> Pin<Box<dyn Future<Output = Result<Reply, ReplyError>> + Send>>;

/// Every form: where it is sent, the page it belongs to, what it does.
static FORMS: [(&str, &str, Save); 7] = [
    ("/record", "/record", |visit| Box::pin(save_entry(visit))),
    ("/edit", "/what-if", |visit| Box::pin(async move { Ok(save_edit(&visit)) })),
    ("/scenario", "/what-if", |visit| Box::pin(async move { Ok(scenario(&visit)) })),
    ("/log", "/log", |visit| Box::pin(log::save(visit))),
    ("/draft", "/record", |visit| {
        Box::pin(async move { Ok(draft(&visit.server, &visit.request)) })
    }),
    ("/copy", "/overview", |visit| Box::pin(async move { Ok(copy(&visit)) })),
    ("/new", "/overview", |visit| Box::pin(async move { Ok(new(&visit.server, &visit.request)) })),
];

/// Answers a posted form.
pub(crate) async fn post(server: &Arc<Server>, request: Request) -> Result<Reply, ReplyError> {
    let Some((_, at, save)) = FORMS.iter().find(|(address, ..)| *address == request.path) else {
        return Ok(not_found(server));
    };
    let state = LinkState::read(&pairs(request.field("state")))
        .map_err(|why| Reply::refuse(StatusCode::BAD_REQUEST, &why))?;
    let page = page(at).unwrap_or(&PAGES[0]);
    save(Visit::new(server, request, state, (page, PageFormat::Html))).await
}

/// The page that answers a form.
fn answer(visit: &Visit, title: &str, status: StatusCode, content: Markup) -> Reply {
    let loaded = visit.server.store.load(&visit.state).ok();
    let frame = PageFrame { title, ..visit.frame(loaded.as_ref()) };
    Reply::new(status, HTML, frame.page(content))
}

/// The reply to what was not written; a conflict shows both sides and `again`.
fn unwritten(
    visit: &Visit,
    why: WriteError,
    (title, file): (&str, &str),
    mine: &[String],
    again: impl FnOnce(&str) -> Markup,
) -> Reply {
    let page = |status, content| answer(visit, title, status, content);
    match why {
        WriteError::Conflict { seen, now, revision } => page(
            StatusCode::CONFLICT,
            pages::conflict::content(file, seen.as_deref(), &now, mine, again(&revision)),
        ),
        WriteError::Invalid { files, findings } => {
            let revisions = &visit.server.store.texts().revisions;
            page(
                StatusCode::UNPROCESSABLE_ENTITY,
                html! {
                    p { "Nothing was written: with this the case could not be read." }
                    (problem::all(&findings, &files))
                    (again(&revisions.get("case.toml").cloned().unwrap_or_default()))
                },
            )
        }
        WriteError::Busy(why) => page(StatusCode::SERVICE_UNAVAILABLE, problem::sentence(&why)),
        WriteError::Refused(why) => page(StatusCode::UNPROCESSABLE_ENTITY, problem::sentence(&why)),
        WriteError::Failed(error) => {
            page(StatusCode::INTERNAL_SERVER_ERROR, problem::sentence(&format!("{error:#}")))
        }
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
async fn save_entry(visit: Visit) -> Result<Reply, ReplyError> {
    let (server, request, state) = (&visit.server, &visit.request, &visit.state);
    if let ("discard", Some(folder)) = (request.field("do"), server.store.folder()) {
        forget_draft(folder, "record");
        return Ok(Reply::see(state.link("/record")));
    }
    let loaded = visit.case()?;
    let fields = COLUMNS.iter().map(|c| ((*c).to_owned(), request.field(c).trim().to_owned()));
    let mut form = EntryForm {
        fields: fields.filter(|(_, v)| !v.is_empty()).collect(),
        paste: request.field("paste").to_owned(),
        revision: request.field("revision").to_owned(),
        writes: server.store.folder().is_some(),
        ..EntryForm::default()
    };
    let page = |status, form: &EntryForm| {
        let content = record::content(&loaded, state, &Vec::new(), form);
        visit.html(&loaded, content).status(status)
    };
    let wrong = |mut form: EntryForm, findings| {
        form.findings = findings;
        page(StatusCode::UNPROCESSABLE_ENTITY, &form)
    };
    // Forms end lines in their own way: a text is one however often it is sent.
    let pasted = &*request.field("document").replace("\r\n", "\n");
    if !pasted.trim().is_empty() {
        let read = match read_document(&visit, &loaded, pasted).await? {
            Ok(read) => read,
            Err(why) => {
                form.said = Some(why);
                return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &form));
            }
        };
        // Once a person has corrected the form, it is what they say.
        if !matches!(request.field("do"), "preview" | "save" | "since") {
            let taken = read.document.entries.get(read.chosen).map(|entry| entry.fields.clone());
            let nothing = taken.is_none();
            form.fields = taken.unwrap_or_else(|| words_alone(loaded.case(), &read.document));
            if nothing {
                form.read = Some(read);
                return Ok(page(StatusCode::OK, &form));
            }
        }
        form.read = Some(read);
    }
    let rows = match entries(&form.fields, &form.paste) {
        Ok(rows) => rows,
        Err(findings) => return Ok(wrong(form, findings)),
    };
    let unfit = edit::unfit(&loaded.texts.files, &rows);
    if !unfit.is_empty() {
        return Ok(wrong(form, unfit));
    }
    if matches!(request.field("do"), "save" | "since") {
        if let Err(why) = keep_document(server, pasted, &rows) {
            form.said = Some(why);
            return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &form));
        }
        let change = |text: &str| Ok(edit::with_entries(text, &rows));
        let error = match edit::write(server, "record.csv", &form.revision, &change) {
            Ok(()) => {
                if let Some(folder) = server.store.folder() {
                    forget_draft(folder, "record");
                }
                return Ok(match request.field("do") {
                    "since" => taken_up(&visit, &loaded)?,
                    _ => Reply::see(state.link_with("/record", "saved", &rows.len().to_string())),
                });
            }
            Err(WriteError::Invalid { findings, .. }) => return Ok(wrong(form, findings)),
            Err(error) => error,
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
        return Ok(unwritten(&visit, error, ("Record", "record.csv"), &mine, again));
    }
    let text = edit::with_entries(edit::text(&loaded.texts.files, "record.csv"), &rows);
    let files = edit::replaced(&loaded.texts.files, "record.csv", text);
    // In the state of the link, and as of a day that sees the entry, if the link names none.
    match server.store.load_from(&loaded.texts, &files, state, String::new()) {
        Ok(after) => {
            let both = paired(&server.queue, &loaded, &after, state.seed, &visit.stop).await?;
            let why = through(server, [&loaded, &after], state.seed, &visit.stop).await?;
            let applied = match why.parts.iter().all(|p| p.path.is_none()) {
                true => applied(&visit, [&loaded, &after], &files).await?,
                false => None,
            };
            let cases = [&loaded, &after];
            let less =
                pages::fewer(&server.queue, (&loaded, state), both.a.draws, "the answer of A");
            form.preview = Some(html! {
                (record::preview(cases, state, &both, &why, applied.as_ref()))
                @if let Some(applied) = applied.as_ref().filter(|_| form.writes) {
                    (record::take_up(&loaded, state, &form, pasted, applied))
                }
                (less)
            });
            Ok(page(StatusCode::OK, &form))
        }
        // A proposal is there to be corrected.
        Err(broken) => Ok(wrong(form, broken.findings)),
    }
}

/// Lets the case take up an entry that was just saved: the input it speaks of has its value from its day on,
/// under `[since.ENTRY]`, so that what was told of earlier days stays.
fn taken_up(visit: &Visit, before: &LoadedCase) -> Result<Reply, ReplyError> {
    let after = visit.case()?;
    let saved = Reply::see(visit.state.link_with("/record", "saved", "1"));
    let Some((path, value)) = record::spoken_of(before, &after) else { return Ok(saved) };
    let place = format!("since.{}.{path}", record::first_new(before, &after));
    let set = format!("{place}={value}");
    let change = |text: &str| edit::set_all(text, std::slice::from_ref(&set));
    let revision = visit.request.field("case_revision");
    let Err(why) = edit::write(&visit.server, "case.toml", revision, &change) else {
        return Ok(Reply::see(visit.state.link_with("/record", "since", &path)));
    };
    let again = |revision: &str| {
        html! {
            p { "The entry is saved in record.csv; what it is to set is not." }
            form method="post" action="/edit" {
                input type="hidden" name="revision" value=(revision);
                input type="hidden" name="state" value=(visit.state.query());
                input type="hidden" name="path" value=(place);
                input type="hidden" name="value" value=(value);
                div class="actions" { button type="submit" class="first" { "Write mine on top" } }
            }
        }
    };
    Ok(unwritten(visit, why, ("Record", "case.toml"), std::slice::from_ref(&set), again))
}

/// What the answer would be with the input that a new entry speaks of as the entry has it.
async fn applied(
    visit: &Visit,
    [before, after]: [&LoadedCase; 2],
    files: &CaseFiles,
) -> Result<Option<AppliedEntry>, ReplyError> {
    let Some((path, value)) = record::spoken_of(before, after) else { return Ok(None) };
    let state = visit.state.with(&path, &value);
    let Ok(with) = visit.server.store.load_from(&before.texts, files, &state, String::new()) else {
        return Ok(None);
    };
    let both = paired(&visit.server.queue, before, &with, state.seed, &visit.stop).await?;
    Ok(Some(AppliedEntry { path, value, sentence: both.sentence }))
}

/// Keeps a text that somebody pasted, where entries of it are to be saved in a folder.
fn keep_document(server: &Server, text: &str, rows: &[Draft]) -> Result<(), String> {
    let (Some(reader), Some(folder)) = (server.reader, server.store.folder()) else {
        return Ok(());
    };
    if text.trim().is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = rows.iter().map(|row| (row.get("link"), row.get("text"))).collect();
    (reader.keep)(folder, text, &rows)
}

/// Reads a text that somebody pasted, beside the server's own work.
async fn read_document(
    visit: &Visit,
    loaded: &LoadedCase,
    text: &str,
) -> Result<Result<ReadingView, String>, ReplyError> {
    let chosen = visit.request.field("take").parse().ok();
    let Some(reader) = visit.server.reader else {
        let document = ReadDocument { text: text.to_owned(), ..ReadDocument::default() };
        return Ok(Ok(ReadingView { document, came: text.to_owned(), chosen: 0, reads: false }));
    };
    let (inner, came) = (Arc::clone(&loaded.inner), text.to_owned());
    let text = came.clone();
    let folder = visit.server.store.folder().map(Path::to_owned);
    let work = move |_, _: &_| (reader.read)(&inner.case, folder.as_deref(), &text);
    let read = visit.server.queue.step(&visit.stop, work).await?;
    Ok(read.map(|document| {
        // What says where somebody stands comes before what happened.
        let stands = |e: &ReadEntry| e.fields.iter().any(|(name, _)| name == "value");
        let first = document.entries.iter().position(stands).unwrap_or(0);
        ReadingView { document, came, chosen: chosen.unwrap_or(first), reads: true }
    }))
}

/// Writes the changes of a link, or those of one field, into `case.toml`.
fn save_edit(visit: &Visit) -> Reply {
    let (request, state) = (&visit.request, &visit.state);
    let path = request.field("path");
    let sets = match path.is_empty() {
        true => state.sets.clone(),
        false => vec![format!("{path}={}", request.field("value").trim())],
    };
    let change = |text: &str| edit::set_all(text, &sets);
    match edit::write(&visit.server, "case.toml", request.field("revision"), &change) {
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
                        @let mine = LinkState { sets: sets.clone(), ..state.clone() };
                        input type="hidden" name="state" value=(mine.query());
                        label for="copy-of-mine" { "or leave theirs, and save mine as a scenario called" }
                        input type="text" id="copy-of-mine" name="name" required autocomplete="off";
                        button type="submit" { "Save a copy of mine" }
                    }
                }
            };
            unwritten(visit, why, ("Write into the case", "case.toml"), &sets, again)
        }
    }
}

fn scenario(visit: &Visit) -> Reply {
    let (store, title) = (&visit.server.store, visit.request.field("name"));
    let name = &slug(title);
    let saved = match store.folder() {
        // One that is gone is not made again.
        Some(_) if !store.texts().exists => {
            Err(WriteError::Refused("there is no case in the folder".to_owned()))
        }
        Some(folder) => {
            let pen = store.pen().map_err(WriteError::from);
            pen.and_then(|_pen| save_scenario(folder, name, &visit.state))
        }
        None => Err(edit::read_only(&visit.server)),
    };
    match saved {
        Ok(()) => Reply::see(visit.state.link_with("/what-if", "saved", name)),
        Err(WriteError::Refused(why)) => {
            let back = pages::what_if::scenario_form(&visit.state, "again", title);
            let content = html! {
                (problem::sentence(&why))
                (back)
                p { a href=(visit.state.link("/what-if")) { "Back to What-if, with the changes" } }
            };
            answer(visit, "Save a scenario", StatusCode::UNPROCESSABLE_ENTITY, content)
        }
        Err(why) => unwritten(visit, why, ("Save a scenario", ""), &visit.state.sets, |_| html! {}),
    }
}

fn draft(server: &Server, request: &Request) -> Reply {
    let kept = match server.store.folder() {
        Some(folder) => keep_draft(folder, request.field("draft"), &request.form),
        None => Err(edit::read_only(server)),
    };
    match kept {
        Ok(()) => Reply::refuse(StatusCode::OK, "kept"),
        Err(WriteError::Failed(error)) => {
            Reply::refuse(StatusCode::INTERNAL_SERVER_ERROR, &format!("{error:#}"))
        }
        Err(_) => Reply::refuse(StatusCode::UNPROCESSABLE_ENTITY, "no draft is kept of this"),
    }
}

/// Saves a copy of the built-in case as a new folder where the workbench was started.
fn copy(visit: &Visit) -> Reply {
    let refuse = |why: &str| Reply::refuse(StatusCode::UNPROCESSABLE_ENTITY, why);
    let name = visit.request.field("name").trim();
    let CaseSource::Builtin(case) = &visit.server.store.place else {
        return refuse("this case has a folder already");
    };
    if !is_name(name) {
        return refuse("a name has small letters, digits and dashes");
    }
    let folder = Path::new(name);
    let mut files = case.files.to_vec();
    files.push(GIT_ATTRIBUTES);
    let made = match folder.symlink_metadata() {
        Ok(_) => Err(std::io::Error::from(std::io::ErrorKind::AlreadyExists)),
        Err(_) => start(folder, &files),
    };
    let (status, content) = match made {
        Ok(_) => (
            StatusCode::OK,
            html! {
                p class="done" { "Saved in the folder " code { (name) } ". Open it with" }
                pre { code { "winset serve " (name) } }
            },
        ),
        Err(error) => {
            let why = format!("The folder {name} cannot be made: {error:#}");
            (StatusCode::UNPROCESSABLE_ENTITY, problem::sentence(&why))
        }
    };
    answer(visit, "Save a copy", status, content)
}

/// Starts a case in the empty folder that is served.
fn new(server: &Server, request: &Request) -> Reply {
    let refuse = |why: &str| Reply::refuse(StatusCode::UNPROCESSABLE_ENTITY, why);
    let Some(folder) = server.store.folder() else { return refuse("this case is not written to") };
    let pen = match server.store.pen() {
        Ok(pen) => pen,
        Err(why) => {
            return Reply::refuse(StatusCode::SERVICE_UNAVAILABLE, &why.to_string());
        }
    };
    if server.store.texts().exists {
        return Reply::refuse(StatusCode::CONFLICT, "there is a case in the folder already");
    }
    let from = request.field("from");
    let mut texts: Vec<(&str, &str)> = match builtin::find(from) {
        Some(case) => case.files.to_vec(),
        None if from == "template" => vec![("case.toml", TEMPLATE)],
        None => return refuse("there is no such case"),
    };
    texts.push(GIT_ATTRIBUTES);
    if let Err(error) = start(folder, &texts) {
        return Reply::refuse(StatusCode::INTERNAL_SERVER_ERROR, &format!("{error:#}"));
    }
    drop(pen);
    server.store.look();
    Reply::see(PAGES[0].address.to_owned())
}
