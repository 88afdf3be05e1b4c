//! Deals: packages by how often they would be ratified, trades, linkage, the classical solutions.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use maud::{Markup, html};
use winset_model::effort::Effort;
use winset_model::forecast::{Deals, deals as judge};
use winset_page::chart::Figure;
use winset_page::text::{pc, points, short};
use winset_report::brief::deal_map;
use winset_report::deals as packages;
use winset_report::deals::domain_text::deal_space as classical_text;
use winset_report::deals::text::{Judged, Package};

use super::{drawn, exported, number, table};
use crate::http::Reply;
use crate::link::LinkState;
use crate::queue::Stopped;
use crate::router::{self, ReplyError, Visit, not_found};
use crate::store::LoadedCase;

/// Draws on which the page judges packages.
const GLANCE: u64 = 400;

/// Draws on which the command does.
const JUDGED: u64 = 1_000;

/// Packages judged over the draws.
async fn judged(visit: &Visit, loaded: &LoadedCase, usual: u64) -> Result<Deals, ReplyError> {
    let draws = visit.state.draws.unwrap_or(usual);
    let (inner, seed) = (Arc::clone(&loaded.inner), visit.state.seed);
    let work = move |threads, stop: &AtomicBool| {
        judge(&inner.case, seed, draws, Effort::silent(threads, stop))
    };
    Ok(visit.server.queue.step(&visit.stop, work).await?.ok_or(Stopped)?)
}

pub(crate) async fn html(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let judged = judged(&visit, &loaded, GLANCE).await?;
    let inner = Arc::clone(&loaded.inner);
    let central = move |_, _: &_| {
        let solved = packages::solved(&inner.case).map(|(_, space)| classical_text(&space));
        (solved.ok(), deal_map(&inner.case))
    };
    let (classical, map) = visit.server.queue.step(&visit.stop, central).await?;
    let view = packages::view_of(loaded.case(), &judged);
    let content = content(&visit.state, &view, classical.as_deref(), map.as_ref());
    Ok(visit.html(&loaded, content))
}

pub(crate) async fn json(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let inner = Arc::clone(&loaded.inner);
    let solve = move |_, _: &_| packages::solved(&inner.case).map(|(report, _)| report);
    let solved = visit.server.queue.step(&visit.stop, solve).await?;
    let report = solved.map_err(|why| visit.failure(Some(&loaded), 1, &why))?;
    let judged = judged(&visit, &loaded, JUDGED).await?;
    let value = packages::json(loaded.case(), visit.state.seed, &report, &judged);
    let value = value.map_err(|error| visit.failure(Some(&loaded), 3, &error.to_string()))?;
    Ok(router::json(&value))
}

pub(crate) async fn csv(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let judged = judged(&visit, &loaded, JUDGED).await?;
    let issues = loaded.case().issues.iter().map(|j| j.id.as_str());
    let heads: Vec<&str> = issues.chain(["ratified", "room", "robust"]).collect();
    let rows = judged.ranked.iter().map(|r| {
        let mut row: Vec<String> = r.package.iter().map(f64::to_string).collect();
        row.extend([r.ratified.to_string(), r.room.to_string(), r.robust.to_string()]);
        row
    });
    Ok(router::csv(&heads, rows))
}

pub(crate) async fn chart(visit: Visit) -> Result<Figure, ReplyError> {
    let loaded = visit.case()?;
    deal_map(loaded.case()).ok_or_else(|| not_found(&visit.server).into())
}

fn content(
    state: &LinkState,
    judged: &Judged,
    classical: Option<&str>,
    map: Option<&Figure>,
) -> Markup {
    let shown = &judged.ranked[..judged.ranked.len().min(5)];
    let mut heads = vec!["".to_owned()];
    heads.extend((1..=shown.len()).map(|k| format!("no. {k}")));
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let mut rows: Vec<Vec<Markup>> = Vec::new();
    for (j, issue) in judged.issues.iter().enumerate() {
        let mut row = vec![html! { (issue) }];
        row.extend(shown.iter().map(|p| html! { (short(p.positions[j])) }));
        rows.push(row);
    }
    let mut row = |name: String, cell: &dyn Fn(&Package) -> String| {
        let mut cells = vec![html! { (name) }];
        cells.extend(shown.iter().map(|p| html! { (cell(p)) }));
        rows.push(cells);
    };
    row("P(all ratify)".to_owned(), &|p| pc(p.ratified));
    for (s, side) in judged.sides.iter().enumerate() {
        row(format!("P({side})"), &|p| pc(p.by_side[s]));
    }
    row("room".to_owned(), &|p| points(p.room));
    row("robust".to_owned(), &|p| if p.robust { "yes".to_owned() } else { "no".to_owned() });
    html! {
        @if shown.is_empty() {
            p { "There is no zone of agreement in any draw, so no package is named." }
        } @else {
            (table("Packages by P(ratified) × room", &heads, rows))
            p class="note" {
                (judged.draws) " draws; P(zone) " (number(state, "zone.p", &pc(judged.zone)))
                "; robust: ratified in at least half of the draws that have a zone"
            }
        }
        @if !judged.swaps.is_empty() {
            section {
                h2 { "Trades both would want, from splitting the difference" }
                (table("Ten points on one issue for ten on another", &["gives", "on", "gets on", "both gain in", "its gain", "the other's"],
                    judged.swaps.iter().take(8).map(|s| vec![
                        html! { (s.side) }, html! { (s.gives) }, html! { (s.gets) },
                        html! { (pc(s.wanted)) }, html! { (points(s.gains[0])) }, html! { (points(s.gains[1])) },
                    ]).collect()))
            }
        }
        @if judged.linkage.len() > 1 {
            section {
                h2 { "With an issue off the table" }
                (table("P(zone) without it", &["Issue", "P(zone)"],
                    judged.linkage.iter().map(|(issue, p)| vec![html! { (issue) }, html! { (pc(*p)) }]).collect()))
            }
        }
        @if let Some(map) = map {
            section {
                h2 { "Packages at central values" }
                (drawn(map))
                (exported(&state.link("/deals")))
            }
        }
        @if let Some(text) = classical {
            section { h2 { "The classical solutions" } pre tabindex="0" { code { (text) } } }
        }
    }
}
