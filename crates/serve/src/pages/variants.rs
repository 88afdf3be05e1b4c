//! Saved scenarios and what comes of each: a row a scenario, on the same random numbers.

use std::sync::Arc;

use maud::{Markup, html};
use winset_model::forecast::Forecast;
use winset_page::text::{capital, pc, short, signed, thousands, whole};
use winset_report::names::{self, Names};

use super::compare::compare_link;
use super::{fewer, table};
use crate::http::{Reply, encode};
use crate::link::LinkState;
use crate::router::{self, ReplyError, Visit};
use crate::scenarios::{scenario, scenarios};
use crate::store::LoadedCase;

/// More are not run for a page.
const MOST: usize = 40;

/// A scenario, and its forecast where the case can be read with it.
struct Variant {
    name: String,
    state: LinkState,
    forecast: Option<Arc<Forecast>>,
}

/// The case as it stands, then its scenarios.
async fn variants(visit: &Visit) -> Result<(LoadedCase, Vec<Variant>), ReplyError> {
    let base = LinkState { sets: Vec::new(), ..visit.state.clone() };
    let loaded = visit.case_in(&base)?;
    let store = &visit.server.store;
    let folder = store.readable();
    let saved = scenarios(folder).into_iter().take(MOST).filter_map(|name| {
        let sets = folder.and_then(|folder| scenario(folder, &name))?;
        Some((name, LinkState { sets, ..base.clone() }))
    });
    let mut all = Vec::new();
    for (name, state) in std::iter::once((String::new(), base.clone())).chain(saved) {
        let forecast = match store.load(&state) {
            Ok(case) => Some(visit.server.queue.glance(&case, &state, &visit.stop).await?.forecast),
            Err(_) => None,
        };
        all.push(Variant { name, state, forecast });
    }
    Ok((loaded, all))
}

/// Who closes the zone most often.
fn blocker(f: &Forecast, names: &Names<'_>) -> String {
    let most = f.blockers.iter().max_by(|a, b| a.block.total_cmp(&b.block));
    most.map_or_else(String::new, |b| format!("{} {}", names.actor(&b.actor), pc(b.block)))
}

pub(crate) async fn html(visit: Visit) -> Result<Reply, ReplyError> {
    let (loaded, all) = variants(&visit).await?;
    let base = all.first().and_then(|v| Some((&v.state, v.forecast.as_deref()?.draws)));
    let less = base.filter(|_| all.len() > 1).map(|(state, draws)| {
        fewer(&visit.server.queue, (&loaded, state), draws, "the answer of the case")
    });
    Ok(visit.html(&loaded, html! { (content(&loaded, &all)) @if let Some(less) = less { (less) } }))
}

/// Shares of a forecast by the names of their columns.
fn shares(f: &Forecast) -> Vec<(String, f64)> {
    let mut all = vec![("p".to_owned(), f.answer.p), ("lo".to_owned(), f.answer.lo)];
    all.push(("hi".to_owned(), f.answer.hi));
    all.push(("zone".to_owned(), f.zone.share()));
    all.extend(names::shares(&f.endings).into_iter().map(|(key, p)| (key.to_owned(), p)));
    all
}

pub(crate) async fn json(visit: Visit) -> Result<Reply, ReplyError> {
    let (_, all) = variants(&visit).await?;
    let rows: Vec<_> = all
        .iter()
        .map(|v| {
            let shares = v.forecast.as_deref().map(|f| {
                shares(f).into_iter().collect::<std::collections::BTreeMap<String, f64>>()
            });
            serde_json::json!({ "name": v.name, "sets": v.state.sets, "shares": shares })
        })
        .collect();
    Ok(router::json(&serde_json::json!({ "scenarios": rows })))
}

pub(crate) async fn csv(visit: Visit) -> Result<Reply, ReplyError> {
    let (loaded, all) = variants(&visit).await?;
    let known = || all.iter().filter_map(|v| Some((v, v.forecast.as_deref()?)));
    let mut heads = vec!["scenario".to_owned()];
    heads.extend(known().next().into_iter().flat_map(|(_, f)| shares(f)).map(|s| s.0));
    heads.extend(loaded.case().issues.iter().map(|issue| issue.id.clone()));
    let rows = known().map(|(v, f)| {
        let mut row = vec![v.name.clone()];
        row.extend(shares(f).into_iter().map(|s| s.1.to_string()));
        row.extend(f.terms.iter().map(|t| t.q50.map_or_else(String::new, |x| x.to_string())));
        row
    });
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    Ok(router::csv(&heads, rows))
}

fn content(loaded: &LoadedCase, all: &[Variant]) -> Markup {
    let case = loaded.case();
    let names = Names::new(case);
    let Some(Variant { state, forecast: Some(base), .. }) = all.first() else {
        return html! { p { "There is no forecast of the case." } };
    };
    if all.len() == 1 {
        return html! {
            p { "No scenario is saved yet. A scenario is a list of changes to the case, kept under a name beside it." }
            p { a class="button" href=(state.link("/what-if")) { "Change something in What-if" } }
        };
    }
    let ends = |f: &Forecast| names::shares_in(case, &f.endings);
    let mut heads = vec!["Scenario".to_owned(), "P".to_owned(), "Odds 5–95 %".to_owned()];
    heads.extend(["Points", "P(zone)"].map(str::to_owned));
    heads.extend(ends(base).into_iter().map(|(_, name, _)| capital(name)));
    heads.push("Blocks most".to_owned());
    heads.extend(case.issues.iter().map(|issue| issue.name.clone()));
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let rows = all.iter().map(|v| {
        let mut cells = vec![name(v, state)];
        let Some(f) = v.forecast.as_deref() else {
            cells.push(html! { "cannot be read" });
            cells.resize_with(heads.len(), || html! {});
            return cells;
        };
        cells.push(html! { (pc(f.answer.p)) });
        cells.push(html! { (whole(f.answer.lo)) "–" (pc(f.answer.hi)) });
        cells.push(match v.name.is_empty() {
            true => html! {},
            false => html! { (signed(f.answer.p - base.answer.p)) },
        });
        cells.push(html! { (pc(f.zone.share())) });
        cells.extend(ends(f).into_iter().map(|(_, _, p)| html! { (pc(p)) }));
        cells.push(html! { (blocker(f, &names)) });
        cells.extend(
            f.terms.iter().map(|t| html! { (t.q50.map_or_else(|| "–".to_owned(), short)) }),
        );
        cells
    });
    html! {
        (table("Scenarios by what comes of them; terms are medians in the draws with a deal", &heads, rows.collect()))
        p class="note" {
            (thousands(base.draws)) " draws each, on the same random numbers; points are the difference from the case."
        }
    }
}

/// The name of a scenario with the ways to it.
fn name(v: &Variant, base: &LinkState) -> Markup {
    html! {
        @if v.name.is_empty() {
            a href=(base.link("/overview")) { "the case as it stands" }
        } @else {
            a href=(format!("/scenario?name={}", encode(&v.name))) { (v.name) } " "
            a class="try" href=(compare_link(base, &v.state)) { "compare" }
        }
    }
}
