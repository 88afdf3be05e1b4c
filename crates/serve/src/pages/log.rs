//! The log: what was forecast and when, how it ended, and the score.

use maud::{Markup, html};
use winset_files::log::{Log, LogKind, questions};
use winset_page::text::{pc, short};

use super::super::http::{Pairs, first};
use super::table;

/// What a form of the page came to.
#[derive(Default)]
pub(in super::super) struct Done {
    pub(in super::super) command: String,
    pub(in super::super) ok: bool,
    pub(in super::super) output: String,
    /// What was typed, kept where it failed.
    pub(in super::super) fields: Pairs,
}

/// The page's content; without a folder there is no log.
pub(in super::super) fn content(
    log: Option<&Log>,
    done: Option<&Done>,
    score: Option<&str>,
) -> Markup {
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
                    @match score {
                        Some(text) => { pre tabindex="0" { code { (text) } } }
                        None => { p { "A score needs a resolved question." } }
                    }
                }
            }
        }
    }
}

fn entries(log: &Log) -> Markup {
    html! {
        section {
            h2 { "Entries" }
            @if log.entries.is_empty() { p { "Nothing has been entered yet." } } @else {
                (table("Newest first", &["id", "kind", "told from", "made", "P", "change", "outcome", "reason", "author"],
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
