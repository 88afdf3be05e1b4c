//! Blockers: who blocks, what cannot hold together, what alone would open the zone.

use maud::{Markup, html};
use winset_page::chart::Figure;
use winset_report::forecast::opens;
use winset_report::names::Names;
use winset_report::{blockers, charts};

use super::flip::flip_form;
use super::{drawn, exported, fineness, overview};
use crate::http::Reply;
use crate::link::LinkState;
use crate::queue::{Ghost, PageForecast};
use crate::router::{self, ReplyError, Visit};
use crate::store::LoadedCase;

pub(crate) async fn html(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let answer = visit.quick(&loaded).await?;
    let content = html! {
        div id="outputs" aria-busy="false" data-whole=(answer.whole) {
            (outputs(&loaded, &visit.state, &answer, None))
        }
        section {
            h2 { "What would flip it" }
            (flip_form(&visit.state, 0.5))
        }
    };
    Ok(visit.html(&loaded, content))
}

pub(crate) async fn json(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    Ok(router::json(&blockers::report(&visit.full(&loaded).await?.forecast)))
}

pub(crate) async fn csv(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let f = visit.full(&loaded).await?.forecast;
    let rows = f.blockers.iter().map(|b| {
        let numbers = [b.block, b.walk, b.banzhaf, b.shapley].map(|x| x.to_string());
        [b.actor.clone(), b.side.clone()].into_iter().chain(numbers).collect()
    });
    Ok(router::csv(&["actor", "side", "block", "walk", "banzhaf", "shapley"], rows))
}

pub(crate) async fn chart(visit: Visit) -> Result<Figure, ReplyError> {
    let loaded = visit.case()?;
    let answer = visit.full(&loaded).await?;
    Ok(charts::blockers(loaded.case(), &answer.forecast))
}

/// What follows from the draws.
pub(crate) fn outputs(
    loaded: &LoadedCase,
    state: &LinkState,
    answer: &PageForecast,
    _: Option<&Ghost>,
) -> Markup {
    let (case, f) = (loaded.case(), &answer.forecast);
    let names = Names::new(case);
    html! {
        div class="twin" {
            div { (drawn(&charts::blockers(case, f))) (exported(&state.link("/blockers"))) }
            div class="beside" { (overview::blockers(state, &names, f)) }
        }
        (fineness(state, answer))
        @if answer.whole {
            section {
                h2 { "What cannot hold together" }
                @if f.conflicts.is_empty() { p { "Nothing: every draw has a zone." } }
                (overview::conflicts(state, &names, f, 20))
            }
            section {
                h2 { "What alone would open the zone" }
                @if opens(f).next().is_none() { p { "No single change does." } } @else { (overview::opens(state, &names, f)) }
            }
        } @else {
            p { "What cannot hold together, and what would open the zone, is being looked for." }
        }
    }
}
