//! What moved the number between two days.

use maud::{Markup, html};
use winset_model::case::Day;
use winset_page::document::html_text;
use winset_page::text::{pc, spoken};
use winset_report::charts;
use winset_report::moved::{MovedReport, sentence};

use super::long::{held, how, part};
use super::{drawn, exported, table};
use crate::http::Request;
use crate::link::LinkState;
use crate::queue::Job;
use crate::store::LoadedCase;

/// The job of a request: the day before the case's own, where it names none.
pub(crate) fn job(request: &Request, loaded: &LoadedCase) -> Result<Job, String> {
    let day = |name: &str, or: Day| match request.query_value(name).filter(|t| !t.is_empty()) {
        None => Ok(or),
        Some(text) => {
            Day::parse(text).ok_or_else(|| format!("`{text}` is no day; write it as 2025-04-22"))
        }
    };
    let to = day("to", loaded.case().as_of)?;
    Ok(Job::Moved(day("from", to.plus(-1))?, to))
}

/// The form that asks what moved the number since a day.
pub(crate) fn moved_form(state: &LinkState, days: (String, String)) -> Markup {
    html! {
        form method="get" action="/moved" class="search" {
            (held(state))
            label for="since" { "From" }
            input type="date" id="since" name="from" value=(days.0);
            label for="until" { "to" }
            input type="date" id="until" name="to" value=(days.1);
            button type="submit" { "What moved it" }
        }
    }
}

/// What stands above the answer.
pub(super) fn lead(state: &LinkState, from: Day, to: Day) -> Markup {
    html! {
        p class="note" {
            "The change of the number between two days, divided among the news in between and time \
             passing: the part of each is its Shapley value, averaged over every order in which \
             they could have come."
        }
        (moved_form(state, (from.to_string(), to.to_string())))
    }
}

/// The answer.
pub(super) fn result(
    loaded: &LoadedCase,
    state: &LinkState,
    m: &MovedReport,
    link: &str,
) -> Markup {
    let entry =
        |id: &String| html! { a href=(format!("{}#e-{id}", state.link("/record"))) { (id) } };
    let mut rows = vec![vec![
        html! { "time passing" },
        html! {},
        html! { (part(m.time.part, m.time.se)) },
        html! { (pc(m.time.share)) },
        html! { "told from the later day with what was known on the earlier" },
    ]];
    rows.extend(m.entries.iter().filter(|n| n.counts).map(|n| {
        vec![
            html! {
                @for id in &n.entries { (entry(id)) " " }
                @for id in &n.calendar { code { "calendar." (id) } " " }
            },
            html! { (spoken(&n.seen.to_string())) },
            html! { (part(n.part, n.se)) },
            html! { (pc(n.share)) },
            html! { @if let Some(who) = &n.speaker { strong { (who) } ": " } (n.text) },
        ]
    }));
    let bare = m.entries.iter().filter(|n| !n.counts && n.still.is_none());
    let silent: Vec<_> = bare.flat_map(|n| &n.entries).collect();
    html! {
        p class="bottom" { (html_text(&sentence(m))) }
        (drawn(&charts::moved(loaded.case(), m)))
        (exported(link))
        (table("What each added, in points, with its standard error, and its share of all movement",
            &["News", "Seen on", "Points", "Share", "What"], rows))
        @for still in m.entries.iter().filter_map(|n| n.still.as_ref()) { p class="note" { (html_text(still)) } }
        @if !silent.is_empty() {
            p class="note" { "No input rests on " @for (k, id) in silent.iter().enumerate() { @if k > 0 { ", " } (entry(id)) } "." }
        }
        (how(m.draws, m.seed))
    }
}
