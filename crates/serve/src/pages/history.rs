//! The number day by day: its course, a slider over the days, and what was new on each.

use maud::{Markup, PreEscaped, html};
use winset_model::case::Day;
use winset_page::document::html_text;
use winset_page::text::{pc, spoken, whole};
use winset_report::history::{HistoryDays, HistoryReport, HistoryRow, every, first_day};
use winset_report::{charts, names};

use super::exported;
use super::long::{held, how, wait};
use crate::http::{HTML, Reply, Request};
use crate::link::LinkState;
use crate::queue::{Job, JobResult, anchored};
use crate::router::{ReplyError, Visit, not_found};
use crate::store::LoadedCase;

/// Days that a page tells the case from, unless the link says how many lie between two.
const MOST: i32 = 40;

/// The job of a request: from the start of the talks to the day the case is told from.
pub(crate) fn job(request: &Request, loaded: &LoadedCase) -> Result<Job, String> {
    let day = |name: &str| match request.query_value(name).filter(|t| !t.is_empty()) {
        None => Ok(None),
        Some(text) => Day::parse(text)
            .map(Some)
            .ok_or_else(|| format!("`{text}` is no day; write it as 2025-04-22")),
    };
    let step = match request.query_value("every").filter(|t| !t.is_empty()) {
        None => every(loaded.case(), loaded.record(), MOST),
        Some(text) => match text.parse::<i32>() {
            Ok(n) if n > 0 => n,
            _ => return Err(format!("`every` is a number of days, not `{text}`")),
        },
    };
    let to = day("to")?.unwrap_or(loaded.case().as_of);
    Ok(Job::History(HistoryDays { from: day("from")?, to: Some(to), every: step }))
}

/// `/course`: the course alone, for a place on another page.
pub(crate) async fn course(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let job = super::long::job(&visit, &loaded)?;
    let JobResult::History(h) = wait(&visit, &loaded, &job).await? else {
        return Err(not_found(&visit.server).into());
    };
    let h = anchored(&visit.server, &loaded, &visit.state, &h);
    let figure = charts::course(&h, &names::counted(loaded.case()));
    Ok(Reply::ok(HTML, figure.html_tall(LOW)))
}

/// Height of the course on another page, px.
const LOW: f64 = 200.0;

/// What stands above the answer.
pub(super) fn lead(state: &LinkState, loaded: &LoadedCase, days: HistoryDays) -> Markup {
    let to = days.to.unwrap_or(loaded.case().as_of).to_string();
    let first = || first_day(loaded.case(), loaded.record());
    let from = days.from.unwrap_or_else(first).to_string();
    html! {
        p class="note" { "The case as it is told from each day: with what was said, entered and announced by then, and nothing later." }
        form method="get" action="/history" class="search" {
            (held(state))
            label for="first" { "From" }
            input type="date" id="first" name="from" value=(from);
            label for="last" { "to" }
            input type="date" id="last" name="to" value=(to);
            label for="every" { "in steps of so many days" }
            input type="number" id="every" name="every" min="1" value=(days.every);
            button type="submit" { "Show" }
        }
    }
}

/// The answer: the course, one day of it, and the list of all.
pub(super) fn result(
    loaded: &LoadedCase,
    state: &LinkState,
    h: &HistoryReport,
    link: &str,
) -> Markup {
    let figure = charts::course(h, &names::counted(loaded.case()));
    let last = h.days.len().saturating_sub(1);
    html! {
        (PreEscaped(figure.html_tall(TALL)))
        div class="player" hidden {
            div class="track" {
                button type="button" class="play" aria-label="Play the days" { "▶" }
                label for="told" { "Day" }
                input type="range" id="told" min="0" max=(last) value=(last) step="1";
            }
            div id="day" class="day" role="status" aria-live="polite" {}
        }
        h2 { "Every day" }
        ol class="days" {
            @for (k, row) in h.days.iter().enumerate() {
                (day(state, row, k.checked_sub(1).and_then(|before| h.days.get(before))))
            }
        }
        (exported(link))
        (how(h.draws, h.seed))
        @if state.draws.is_none_or(|draws| draws > h.draws) {
            p class="note" {
                "So many draws tell the days apart; together they are moved so that the last has the answer of Overview, which has more."
            }
        }
    }
}

/// Height of the course on its own page, px.
const TALL: f64 = 260.0;

/// A day: the number, what it was on the one before, and what was new.
fn day(state: &LinkState, row: &HistoryRow, before: Option<&HistoryRow>) -> Markup {
    let told = LinkState { as_of: Some(row.date), ..state.clone() };
    let date = row.date.to_string();
    html! {
        li data-day=(date) {
            p class="head" {
                a href=(told.link("/overview")) { (spoken(&date)) }
                " " strong { (pc(row.p)) }
                span class="note" { " " (whole(row.lo)) "–" (html_text(&pc(row.hi))) " · zone " (html_text(&pc(row.zone))) }
                @if let Some(before) = before {
                    span class="step" { " " (winset_page::text::signed(row.p - before.p)) " points" }
                }
            }
            @if !row.entries.is_empty() {
                ul class="news" {
                    @for e in &row.entries {
                        li dir="auto" {
                            @if let Some(who) = &e.speaker { strong { bdi { (who) } } ": " }
                            (e.text) " "
                            @if !e.id.starts_with("calendar.") {
                                a href=(format!("{}#e-{}", state.link("/record"), e.id)) { (e.id) }
                            }
                        }
                    }
                }
            }
        }
    }
}
