//! When: endings by day, what each day adds, promises, force as an option.

use std::convert::Infallible;
use std::sync::Arc;

use maud::{Markup, html};
use winset_model::case::Case;
use winset_model::effort::Effort;
use winset_model::forecast::{Depth, Forecast, Run, Tally, promises, run_in};
use winset_page::chart::Figure;
use winset_page::document::html_section;
use winset_page::text::{pc, spoken, whole};
use winset_report::charts;
use winset_report::forecast::dates;
use winset_report::names::{self, Names};
use winset_report::when::{self, WhenReport, besides};

use super::{curve_path, drawn, exported, fineness, number, table};
use crate::http::Reply;
use crate::link::{DRAWS, LinkState};
use crate::queue::{Ghost, PageForecast, Stopped, read_tally};
use crate::router::{self, ReplyError, Visit};
use crate::store::LoadedCase;

/// Draws on which the page judges promises and force.
const GLANCE: u64 = 400;

/// The report; what is asked of fewer draws than the forecast has is asked of at most `most`.
async fn report(
    visit: &Visit,
    loaded: &LoadedCase,
    answer: &PageForecast,
    most: u64,
) -> Result<WhenReport, ReplyError> {
    let (queue, seed) = (&visit.server.queue, visit.state.seed);
    let most = most.min(visit.state.draws.unwrap_or(DRAWS));
    let (compared, relied) = (most.min(when::COMPARED), most.min(when::RELIED));
    let inner = Arc::clone(&loaded.inner);
    let promises = queue.step(&visit.stop, move |threads, stop| {
        promises(&inner.case, seed, relied, Effort::silent(threads, stop))
    });
    let promises = promises.await?.ok_or(Stopped)?;
    let inner = Arc::clone(&loaded.inner);
    let without = queue.step(&visit.stop, move |threads, stop| {
        when::without_force(&inner.case, compared, |case| {
            let run = Run { seed, draws: 0..compared };
            let tally: Tally = run_in(case, &run, Depth::Terms, Effort::silent(threads, stop));
            Ok::<_, Infallible>(read_tally(case, seed, &tally))
        })
    });
    let without = without.await?.unwrap_or_default();
    Ok(when::report(loaded.case(), &answer.forecast, promises, without))
}

pub(crate) async fn html(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let answer = visit.quick(&loaded).await?;
    // Of so many draws as the link names, the page says what the command says.
    let most = if visit.state.draws.is_some() { u64::MAX } else { GLANCE };
    let report = report(&visit, &loaded, &answer, most).await?;
    let content = content(&loaded, &visit.state, &answer, &report);
    Ok(visit.html(&loaded, content))
}

pub(crate) async fn json(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let answer = visit.full(&loaded).await?;
    Ok(router::json(&report(&visit, &loaded, &answer, u64::MAX).await?))
}

pub(crate) async fn csv(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let f = visit.full(&loaded).await?.forecast;
    let rows = f.endings_by_day.iter().zip(&f.agreement).map(|(e, a)| {
        let shares = names::shares(e).into_iter().map(|(_, p)| p.to_string());
        std::iter::once(a.date.to_string()).chain(shares).collect()
    });
    let keys = names::shares(&f.endings).into_iter().map(|(key, _)| key);
    let heads: Vec<&str> = std::iter::once("date").chain(keys).collect();
    Ok(router::csv(&heads, rows))
}

pub(crate) async fn chart(visit: Visit) -> Result<Figure, ReplyError> {
    let loaded = visit.case()?;
    let answer = visit.full(&loaded).await?;
    Ok(charts::endings(loaded.case(), &answer.forecast))
}

fn content(
    loaded: &LoadedCase,
    state: &LinkState,
    answer: &PageForecast,
    report: &WhenReport,
) -> Markup {
    html! {
        div id="outputs" aria-busy="false" data-whole=(answer.whole) { (outputs(loaded, state, answer, None)) }
        div id="rest" {
            @for section in besides(report, &Names::new(loaded.case())) {
                (html_section(&section, &[]))
            }
        }
    }
}

/// Both curves, and the chance by date.
pub(crate) fn outputs(
    loaded: &LoadedCase,
    state: &LinkState,
    answer: &PageForecast,
    _: Option<&Ghost>,
) -> Markup {
    let (case, f) = (loaded.case(), &answer.forecast);
    html! {
        div class="twin" {
            div { (drawn(&charts::agreement(case, f))) (exported(&state.link("/overview"))) }
            div { (drawn(&charts::endings(case, f))) (exported(&state.link("/when"))) }
            div class="beside" { (by_date(state, case, f)) (fineness(state, answer)) }
        }
    }
}

/// The chance by a few dates.
fn by_date(state: &LinkState, case: &Case, f: &Forecast) -> Markup {
    html! {
        (table(&format!("P({}) by date", names::counted(case)), &["By", "P", "Odds 5–95 %"], dates(case, f).iter().map(|row| vec![
            html! { (spoken(&row.date.to_string())) @if row.asked { " " span class="tag" { "the question" } } },
            number(state, &format!("{}.{}", curve_path(f), row.date), &pc(row.p)),
            html! { (whole(row.lo)) "–" (pc(row.hi)) },
        ]).collect()))
    }
}
