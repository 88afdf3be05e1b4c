//! The record: what was said and done, and a form that shows what an entry would do before it is
//! saved.

use std::collections::BTreeSet;

use maud::{Markup, html};
use winset_files::diagnostic::Diagnostic;
use winset_files::record::COLUMNS;
use winset_model::case::Case;
use winset_model::explain::through::Divided;
use winset_model::record::{EntryKind, RecordEntry};
use winset_page::document::html_text;
use winset_page::text::{pc, points};
use winset_report::charts;
use winset_report::record::in_words;

use super::inputs::{named, spread, written};
use super::long::part;
use super::reading::{self, ReadingView};
use super::{compare, drawn, number, table};
use crate::drafts::draft;
use crate::edit;
use crate::http::{CSV, Pairs, Reply, first};
use crate::link::LinkState;
use crate::queue::PairedForecasts;
use crate::router::{self, ReplyError, Visit};
use crate::store::LoadedCase;

pub(crate) async fn html(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let folder = visit.server.store.folder();
    let mut form = EntryForm {
        revision: loaded.texts.revisions.get("record.csv").cloned().unwrap_or_default(),
        writes: folder.is_some(),
        ..EntryForm::default()
    };
    if let Some(many) = visit.request.query_value("saved") {
        let rows = if many == "1" { "The entry is" } else { "The entries are" };
        form.said = Some(format!("{rows} saved in record.csv."));
    } else if let Some(path) = visit.request.query_value("since") {
        let n = named(loaded.case(), path);
        form.said = Some(format!(
            "The entry is saved in record.csv, and from its day on case.toml has it set {}, {}.",
            n.group, n.name
        ));
    } else if let Some(draft) = draft(folder, "record") {
        let of = |name: &str| first(&draft, name).unwrap_or("").to_owned();
        form.paste = of("paste");
        let fields = COLUMNS.iter().map(|c| ((*c).to_owned(), of(c)));
        form.fields = fields.filter(|(_, v)| !v.is_empty()).collect();
        form.said = Some("An entry that was not saved was kept; here it is.".to_owned());
    }
    let content = content(&loaded, &visit.state, &visit.request.query, &form);
    Ok(visit.html(&loaded, content))
}

pub(crate) async fn json(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let case = loaded.case();
    let rows: Vec<_> = chosen(&loaded, &visit.request.query)
        .iter()
        .map(|e| {
            serde_json::json!({
                "id": e.id, "said": e.said.written, "entered": e.entered,
                "speaker": e.speaker.map(|a| &case.actors[a].id),
                "issue": e.issue.map(|j| &case.issues[j].id),
                "kind": e.kind.name(), "value": e.value.as_ref().map(written),
                "channel": e.channel, "audience": e.audience, "source": e.source,
                "grade": e.grade.map(|g| g.to_string()), "origin": e.origin,
                "contradicts": e.contradicts, "supersedes": e.supersedes, "text": e.text,
                "link": e.link, "note": e.note,
            })
        })
        .collect();
    Ok(router::json(&serde_json::json!({ "schema": "winset/record/1", "entries": rows })))
}

/// The record as it stands on disk, to the byte.
pub(crate) async fn csv(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    Ok(Reply::ok(CSV, edit::text(&loaded.texts.files, "record.csv").to_owned()))
}

/// What the form holds, and what came of it.
#[derive(Default)]
pub(crate) struct EntryForm {
    pub(crate) fields: Pairs,
    /// Rows pasted from a spreadsheet.
    pub(crate) paste: String,
    pub(crate) revision: String,
    /// What is wrong with the new rows.
    pub(crate) findings: Vec<Diagnostic>,
    /// Said above the form.
    pub(crate) said: Option<String>,
    /// What the rows would do.
    pub(crate) preview: Option<Markup>,
    /// Whether the folder can be written.
    pub(crate) writes: bool,
    /// A document that was pasted.
    pub(crate) read: Option<ReadingView>,
}

/// The page's content.
pub(crate) fn content(
    loaded: &LoadedCase,
    state: &LinkState,
    query: &Pairs,
    form: &EntryForm,
) -> Markup {
    let document = form.read.as_ref().map_or("", |read| read.came.as_str());
    html! {
        (reading::paste(state, &form.revision, document))
        div class=[form.read.is_some().then_some("reading")] {
            @if let Some(read) = &form.read { (reading::marked(loaded.case(), state, &form.revision, read)) }
            div { (entry_form(loaded.case(), state, form)) }
        }
        section id="table" {
            h2 { "Entries" }
            (filters(loaded, state, query))
            (entries(loaded, state, query))
        }
    }
}

/// The column a finding is about, so that it stands beside its field; empty where it is about none.
fn column(d: &Diagnostic) -> &str {
    d.field.as_deref().filter(|field| COLUMNS.contains(field)).unwrap_or("")
}

/// Every column with what it takes.
fn hint(name: &str) -> &'static str {
    match name {
        "said" => "when it was said: 2025-04-18, 2025-04-18~, 2025-04",
        "id" => "blank: the next free one",
        "entered" => "the day of the entry; blank: the day it was said",
        "value" => "the coded position: 35, 20..50, 20..35..50",
        "grade" => "source A–F, information 1–6: B2",
        "origin" => "entries of one origin count once",
        "text" => "in words",
        _ => "",
    }
}

fn entry_form(case: &Case, state: &LinkState, form: &EntryForm) -> Markup {
    let value = |name: &str| first(&form.fields, name).unwrap_or("");
    let open = form.said.is_some()
        || form.preview.is_some()
        || !form.findings.is_empty()
        || !form.fields.is_empty()
        || !form.paste.is_empty();
    let pasted = !form.paste.trim().is_empty();
    html! {
        @if let Some(said) = &form.said { p class="done" role="status" { (said) } }
        @if let Some(preview) = &form.preview { (preview) }
        @if !form.writes {
            p class="note" { "This case is built in: entries can be tried here; to save them, save a copy of the case first." }
        }
        details open[open] id="new" {
            summary { "Add an entry" }
            form method="post" action="/record" data-draft="record" {
                input type="hidden" name="revision" value=(form.revision);
                input type="hidden" name="state" value=(state.query());
                @if let Some(read) = &form.read {
                    input type="hidden" name="document" value=(read.came);
                    input type="hidden" name="take" value=(read.chosen);
                }
                @let general: Vec<&Diagnostic> = form.findings.iter().filter(|d| pasted || column(d).is_empty()).collect();
                @if !general.is_empty() {
                    div role="alert" {
                        @for d in general {
                            div class="problem" { p { (d.message) } @if let Some(hint) = &d.hint { p class="hint" { (hint) } } }
                        }
                    }
                }
                div class="form" {
                    @for name in COLUMNS {
                        @let wrong: Vec<&Diagnostic> = form.findings.iter().filter(|d| !pasted && column(d) == name).collect();
                        @let id = format!("n-{name}");
                        @let invalid = (!wrong.is_empty()).then_some("true");
                        @let about = format!("h-{name}");
                        div class=[(name == "text").then_some("wide")] {
                            label for=(id) { (name) }
                            @match name {
                                "speaker" => {
                                    select id=(id) name=(name) aria-invalid=[invalid] {
                                        option value="" {}
                                        @for a in &case.actors { option value=(a.id) selected[value(name) == a.id] { (a.name) } }
                                    }
                                }
                                "issue" => {
                                    select id=(id) name=(name) aria-invalid=[invalid] {
                                        option value="" {}
                                        @for j in &case.issues { option value=(j.id) selected[value(name) == j.id] { (j.name) } }
                                    }
                                }
                                "kind" => {
                                    select id=(id) name=(name) aria-invalid=[invalid] {
                                        option value="" {}
                                        @for k in EntryKind::ALL { option value=(k.name()) selected[value(name) == k.name()] { (k.name()) @if in_words(k) != k.name() { " – " (in_words(k)) } } }
                                    }
                                }
                                "text" => { textarea id=(id) name=(name) rows="2" aria-invalid=[invalid] aria-describedby=(about) { (value(name)) } }
                                _ => { input type="text" id=(id) name=(name) value=(value(name)) autocomplete="off" aria-invalid=[invalid] aria-describedby=(about); }
                            }
                            span class="note" id=(about) { (hint(name)) }
                            @for d in wrong { p class="wrong" role="alert" { (d.message) @if let Some(h) = &d.hint { ": " (h) } } }
                        }
                    }
                    div class="wide" {
                        label for="n-paste" { "or paste rows from a spreadsheet, the first naming the columns" }
                        textarea id="n-paste" name="paste" rows="3" { (form.paste) }
                    }
                }
                div class="actions" {
                    button type="submit" name="do" value="preview" { "Preview" }
                    button type="submit" name="do" value="save" class="first" disabled[!form.writes] { "Save" }
                    button type="submit" name="do" value="discard" { "Discard" }
                    span class="drafted note" role="status" {}
                }
            }
        }
    }
}

/// The id of the first entry that is in one record and not in the other.
pub(crate) fn first_new<'a>(before: &LoadedCase, after: &'a LoadedCase) -> &'a str {
    let known: BTreeSet<&str> = before.record().entries.iter().map(|e| e.id.as_str()).collect();
    let new = after.record().entries.iter().find(|e| !known.contains(e.id.as_str()));
    new.map_or("ENTRY", |e| e.id.as_str())
}

/// The input that a new entry speaks of, and what it says of it: the first one's, where it says where
/// somebody stands.
pub(crate) fn spoken_of(before: &LoadedCase, after: &LoadedCase) -> Option<(String, String)> {
    let case = after.case();
    let id = first_new(before, after);
    let entry = after.record().entries.iter().find(|e| e.id == id)?;
    let actor = &case.actors[entry.speaker?].id;
    let issue = &case.issues[entry.issue?].id;
    let of = match entry.kind {
        EntryKind::Ideal => "position",
        EntryKind::RedMin | EntryKind::RedMax => entry.kind.name(),
        _ => return None,
    };
    Some((format!("actors.{actor}.{of}.{issue}"), written(entry.value.as_ref()?)))
}

/// What the answer would be with an input as a new entry has it.
pub(crate) struct AppliedEntry {
    pub(crate) path: String,
    pub(crate) value: String,
    pub(crate) sentence: String,
}

/// An entry that changes no input by itself, and what would follow if it did.
fn unwired(
    [before, after]: [&LoadedCase; 2],
    state: &LinkState,
    why: &Divided,
    applied: Option<&AppliedEntry>,
) -> Markup {
    let case = before.case();
    html! {
        p {
            @if why.parts.iter().any(|p| p.part != 0.0) {
                "No input takes it; what moves is how far messages differ, dates and the like. "
            } @else {
                "It changes no input by itself. "
            }
            "Where it bears on a number, write that number into case.toml under "
            code { "[since." (first_new(before, after)) "]" }
            "; a red line counts once the case says " code { "\"record\"" } " in its place."
        }
        @if let Some(AppliedEntry { path, value, sentence }) = applied {
            @let n = named(case, path);
            @let old = case.inputs.iter().find(|i| i.path == *path).map_or_else(String::new, spread);
            p class="bottom" {
                "If it sets " bdi { (n.group) } ", " (n.name) ", "
                @if !old.is_empty() { "from " (old) " " }
                "to " (value) ": " (sentence)
            }
            p { a class="button" href=(state.with(path, value).link("/what-if")) { "Let it be so in What-if" } }
        }
    }
}

/// What new rows do to the forecast, and through which inputs.
pub(crate) fn preview(
    [before, after]: [&LoadedCase; 2],
    state: &LinkState,
    paired: &PairedForecasts,
    why: &Divided,
    applied: Option<&AppliedEntry>,
) -> Markup {
    let case = after.case();
    let name = |path: &str| {
        let n = named(case, path);
        format!("{}: {}", n.group, n.name)
    };
    let shown = |case: &Case, path: &str| {
        case.inputs.iter().find(|i| i.path == path).map_or_else(String::new, spread)
    };
    html! {
        section id="preview" class="done" {
            h2 { "What it would do" }
            p class="bottom" { (html_text(&compare::words(paired))) }
            (compare::deltas(state, &paired.deltas))
            h3 { "Why" }
            @if why.parts.iter().all(|p| p.path.is_none()) {
                (unwired([before, after], state, why, applied))
            } @else {
                p { (reason(why, &name)) }
                (drawn(&charts::through(case, why, &name)))
                (table("The inputs that move: median (5–95 %), what each adds in points with its standard error, and its share",
                    &["Input", "Before", "After", "Points", "Share"],
                    why.parts.iter().map(|p| match &p.path {
                        Some(path) => vec![
                            html! { (name(path)) },
                            html! { (shown(before.case(), path)) },
                            number(state, path, &shown(case, path)),
                            html! { (part(p.part, p.se)) },
                            html! { (pc(p.share)) },
                        ],
                        None => vec![
                            html! { "all else: mixed messages, dates, further inputs" }, html! {}, html! {},
                            html! { (part(p.part, p.se)) }, html! { (pc(p.share)) },
                        ],
                    }).collect()))
                p class="note" {
                    "The change on " (why.draws) " draws, divided among what the entry shifts: each part is \
                     its Shapley value, as in " code { "winset moved" } "."
                }
            }
        }
    }
}

/// Saves the entry that was tried, and lets the case take it up.
pub(crate) fn take_up(
    loaded: &LoadedCase,
    state: &LinkState,
    form: &EntryForm,
    document: &str,
    applied: &AppliedEntry,
) -> Markup {
    let n = named(loaded.case(), &applied.path);
    let case = loaded.texts.revisions.get("case.toml").map_or("", String::as_str);
    html! {
        form method="post" action="/record" {
            input type="hidden" name="revision" value=(form.revision);
            input type="hidden" name="case_revision" value=(case);
            input type="hidden" name="state" value=(state.query());
            input type="hidden" name="paste" value=(form.paste);
            @for (name, value) in &form.fields { input type="hidden" name=(name) value=(value); }
            @if let Some(read) = &form.read {
                input type="hidden" name="document" value=(document);
                input type="hidden" name="take" value=(read.chosen);
            }
            div class="actions" {
                button type="submit" name="do" value="since" { "Save it, and let it set this from its day on" }
                span class="note" {
                    bdi { (n.group) } ", " (n.name) ": " (applied.value)
                    ", written into case.toml beside the entry; what was told of earlier days stays"
                }
            }
        }
    }
}

/// What did most, in a sentence.
fn reason(why: &Divided, name: &dyn Fn(&str) -> String) -> String {
    let Some(most) = why.parts.first().filter(|p| p.part != 0.0) else {
        return "What the entry shifts does not move the answer in any draw.".to_owned();
    };
    let what = most.path.as_deref().map_or_else(|| "all else that it shifts".to_owned(), name);
    let way = if most.part > 0.0 { "up" } else { "down" };
    let size = format!("{} ± {:.1}", points(most.part.abs()), 100.0 * most.se);
    match why.parts.len() {
        1 => format!("All of it comes through {what}: {way} by {size}."),
        _ => format!(
            "Most comes through {what}: {way} by {size}, {} of all movement.",
            pc(most.share)
        ),
    }
}

/// What the table can be narrowed to.
const FILTERS: [&str; 5] = ["speaker", "issue", "kind", "grade", "origin"];

fn cell(case: &Case, e: &RecordEntry, name: &str) -> String {
    match name {
        "speaker" => e.speaker.map_or_else(String::new, |a| case.actors[a].id.clone()),
        "issue" => e.issue.map_or_else(String::new, |j| case.issues[j].id.clone()),
        "kind" => e.kind.name().to_owned(),
        "grade" => e.grade.map_or_else(String::new, |g| g.to_string()),
        "origin" => e.origin.clone(),
        _ => String::new(),
    }
}

/// What a value of a filter is called where people read it.
fn called(case: &Case, name: &str, value: &str) -> String {
    let found = match name {
        "speaker" => case.actors.iter().find(|a| a.id == value).map(|a| a.name.as_str()),
        "issue" => case.issues.iter().find(|j| j.id == value).map(|j| j.name.as_str()),
        "kind" => EntryKind::ALL.into_iter().find(|k| k.name() == value).map(in_words),
        _ => None,
    };
    found.unwrap_or(value).to_owned()
}

fn filters(loaded: &LoadedCase, state: &LinkState, query: &Pairs) -> Markup {
    let case = loaded.case();
    let options = |name: &str| {
        let mut all: Vec<String> =
            loaded.record().entries.iter().map(|e| cell(case, e, name)).collect();
        all.sort();
        all.dedup();
        all.retain(|v| !v.is_empty());
        all
    };
    html! {
        form method="get" action="/record" class="search" {
            @for set in &state.sets { input type="hidden" name="set" value=(set); }
            @for name in FILTERS {
                label {
                    (name) " "
                    select name=(name) {
                        option value="" { "all" }
                        @for v in options(name) { option value=(v) selected[first(query, name) == Some(v.as_str())] { (called(case, name, &v)) } }
                    }
                }
            }
            label { "words " input type="search" name="words" value=(first(query, "words").unwrap_or("")); }
            button type="submit" { "Filter" }
        }
    }
}

/// The entries that a query asks for.
pub(crate) fn chosen<'a>(loaded: &'a LoadedCase, query: &Pairs) -> Vec<&'a RecordEntry> {
    let case = loaded.case();
    let words = first(query, "words").unwrap_or("").to_lowercase();
    loaded
        .record()
        .entries
        .iter()
        .filter(|e| {
            let fits = |name: &str| {
                first(query, name).is_none_or(|v| v.is_empty() || cell(case, e, name) == v)
            };
            let text = format!("{} {} {} {}", e.id, e.text, e.source, e.note).to_lowercase();
            FILTERS.iter().all(|name| fits(name))
                && words.split_whitespace().all(|w| text.contains(w))
        })
        .collect()
}

fn entries(loaded: &LoadedCase, state: &LinkState, query: &Pairs) -> Markup {
    let case = loaded.case();
    let chosen = chosen(loaded, query);
    let seen = |e: &RecordEntry| e.seen(case.as_of);
    let rests = |e: &RecordEntry| -> Vec<&str> {
        let on = case.inputs.iter().filter(|i| i.rests_on.contains(&e.id));
        on.map(|i| i.path.as_str()).collect()
    };
    html! {
        @if loaded.record().entries.is_empty() {
            p { "Nothing is on the record yet: what was said and done, with its day, its source and its grade. It moves what is believed of positions, and the number with it." }
            p { a class="button" href="#new" { "Add the first entry" } }
        }
        p class="note" { (chosen.len()) " of " (loaded.record().entries.len()) " entries" }
        (table("The record", &["Id", "Said", "Speaker", "Issue", "Kind", "Value", "Grade", "Origin", "What", "Used by"],
            chosen.iter().map(|e| {
                let value = e.value.as_ref().map_or_else(String::new, written);
                vec![
                    html! { span id=(format!("e-{}", e.id)) { (e.id) } @if !seen(e) { " " span class="tag" { "not yet seen" } } },
                    html! { (e.said.written) },
                    html! { @if let Some(a) = e.speaker { (case.actors[a].name) } },
                    html! { @if let Some(j) = e.issue { (case.issues[j].name) } },
                    html! { (in_words(e.kind)) },
                    html! { (value) },
                    html! { (cell(case, e, "grade")) },
                    html! { (e.origin) },
                    html! {
                        (e.text) " "
                        span class="note of" {
                            (e.source)
                            @if let Some(id) = &e.contradicts { " · contradicts " (id) }
                            @if let Some(id) = &e.supersedes { " · supersedes " (id) }
                            @if !e.note.is_empty() { " · " (e.note) }
                            @if e.link.starts_with("https://") || e.link.starts_with("http://") {
                                " · " a href=(e.link) rel="noreferrer" { "source" }
                            }
                        }
                    },
                    html! {
                        @let paths = rests(e);
                        @if !paths.is_empty() {
                            details {
                                summary { (paths.len()) }
                                @for path in paths {
                                    @let n = named(case, path);
                                    div { (number(state, path, &format!("{}: {}", n.group, n.name))) }
                                }
                            }
                        }
                    },
                ]
            }).collect()))
    }
}
