//! Deals: packages by how often they would be ratified, trades, linkage, the classical solutions.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use maud::{Markup, html};
use winset_model::case::Case;
use winset_model::effort::Effort;
use winset_model::forecast::{Deals, deals as judge};
use winset_page::chart::Figure;
use winset_page::document::html_section;
use winset_page::text::pc;
use winset_report::brief::deal_map;
use winset_report::charts;
use winset_report::deals as packages;
use winset_report::deals::domain::{self, DomainReport};
use winset_report::names::Names;

use super::{drawn, exported, number, overview, table};
use crate::http::{CSV, Reply};
use crate::link::LinkState;
use crate::queue::{PageForecast, Stopped};
use crate::router::{self, ReplyError, Visit, not_found};
use crate::store::LoadedCase;

/// Draws on which the command does, and the page: what both say is the same.
const JUDGED: u64 = 1_000;

/// Packages judged over the draws.
async fn judged(visit: &Visit, loaded: &LoadedCase) -> Result<Deals, ReplyError> {
    let draws = visit.state.draws.unwrap_or(JUDGED);
    let (inner, seed) = (Arc::clone(&loaded.inner), visit.state.seed);
    let work = move |threads, stop: &AtomicBool| {
        judge(&inner.case, seed, draws, Effort::silent(threads, stop))
    };
    Ok(visit.server.queue.step(&visit.stop, work).await?.ok_or(Stopped)?)
}

pub(crate) async fn html(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let judged = judged(&visit, &loaded).await?;
    let inner = Arc::clone(&loaded.inner);
    let central = move |_, _: &_| (packages::space(&inner.case).ok(), deal_map(&inner.case));
    let (space, map) = visit.server.queue.step(&visit.stop, central).await?;
    let answer = visit.quick(&loaded).await?;
    let terms = terms(&loaded, &visit.state, &answer);
    let rest = content(loaded.case(), &visit.state, &judged, space.as_ref(), map.as_ref());
    let content = html! { (terms) (rest) };
    Ok(visit.html(&loaded, content))
}

pub(crate) async fn json(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let inner = Arc::clone(&loaded.inner);
    let space = visit.server.queue.step(&visit.stop, move |_, _: &_| packages::space(&inner.case));
    let space = space.await?.map_err(|why| visit.failure(Some(&loaded), 1, &why))?;
    let judged = judged(&visit, &loaded).await?;
    Ok(router::json(&packages::report(loaded.case(), visit.state.seed, space, judged)))
}

pub(crate) async fn csv(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let judged = judged(&visit, &loaded).await?;
    Ok(Reply::ok(CSV, packages::table(loaded.case(), &judged).csv()))
}

pub(crate) async fn chart(visit: Visit) -> Result<Figure, ReplyError> {
    let loaded = visit.case()?;
    deal_map(loaded.case()).ok_or_else(|| not_found(&visit.server).into())
}

/// Where the sides stand, and the terms of a deal.
fn terms(loaded: &LoadedCase, state: &LinkState, answer: &PageForecast) -> Markup {
    html! {
        section {
            h2 { "On which terms" }
            @if let Some(strips) = charts::terms(loaded.case(), &answer.forecast) { (drawn(&strips)) }
            (overview::terms(loaded, state, answer))
        }
    }
}

fn content(
    case: &Case,
    state: &LinkState,
    judged: &Deals,
    space: Option<&DomainReport>,
    map: Option<&Figure>,
) -> Markup {
    let names = Names::new(case);
    let shown = packages::packages(judged, &names);
    let heads: Vec<&str> = shown.head.iter().map(String::as_str).collect();
    let cells = |row: &Vec<String>| row.iter().map(|cell| html! { (cell) }).collect();
    let rows: Vec<Vec<Markup>> = shown.rows.iter().map(cells).collect();
    html! {
        @if judged.ranked.is_empty() {
            p { (packages::NO_ZONE) }
        } @else {
            (table("Packages by P(ratified) × room", &heads, rows))
            p class="note" {
                (judged.draws) " draws; P(zone) " (number(state, "zone.p", &pc(judged.zone)))
                "; " (packages::ROBUST)
            }
        }
        (html_section(&packages::people(judged, &names), &[]))
        @if !judged.swaps.is_empty() {
            section {
                h2 { (packages::TRADES) }
                (table("Ten points on one issue for ten on another", &["gives", "on", "gets on", "both gain in", "its gain", "the other's"],
                    judged.swaps.iter().take(8).map(|s| vec![
                        html! { (names.side(&s.side)) }, html! { (names.issue(&s.gives)) },
                        html! { (names.issue(&s.gets)) }, html! { (pc(s.wanted)) },
                        html! { (format!("{:.1} points", s.gain)) }, html! { (format!("{:.1} points", s.other_gain)) },
                    ]).collect()))
            }
        }
        @if judged.linkage.len() > 1 {
            section {
                h2 { "With an issue off the table" }
                (table("P(zone) without it", &["Issue", "P(zone)"],
                    judged.linkage.iter().map(|l| vec![
                        html! { (names.issue(&l.issue)) }, html! { (pc(l.zone_without)) },
                    ]).collect()))
            }
        }
        @if let Some(map) = map {
            section {
                h2 { "Packages at central values" }
                (drawn(map))
                (exported(&state.link("/deals")))
            }
        }
        @if let Some(space) = space {
            @for section in domain::document(space).sections { (html_section(&section, &[])) }
        }
    }
}
