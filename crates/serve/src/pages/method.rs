//! Method: the coefficients and every equation.

use maud::{Markup, html};
use winset_page::document::html_text;
use winset_report::explain::{self, EQUATIONS};
use winset_report::forecast::unsupported;
use winset_report::names::Names;

use super::{fineness, number, overview, table};
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
    };
    Ok(visit.html(&loaded, content))
}

pub(crate) async fn json(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let f = visit.full(&loaded).await?.forecast;
    Ok(router::json(&explain::method(&f)))
}

pub(crate) async fn csv(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let f = visit.full(&loaded).await?.forecast;
    let rows = f.coefficients.iter().map(|c| {
        let numbers = [c.value, c.range[0], c.range[1]].map(|x| x.to_string());
        let mut row = vec![c.name.to_owned()];
        row.extend(numbers);
        row.push(c.unit.to_owned());
        row.extend(c.effect.map(|x| x.to_string()));
        row.push(c.source.clone());
        row
    });
    let heads = ["name", "value", "q05", "q95", "unit", "halved", "raised", "source"];
    Ok(router::csv(&heads, rows))
}

/// What follows from the draws.
pub(crate) fn outputs(
    loaded: &LoadedCase,
    state: &LinkState,
    answer: &PageForecast,
    _: Option<&Ghost>,
) -> Markup {
    let judged: Vec<&str> = unsupported(loaded.case()).collect();
    html! {
        section {
            h2 { "Coefficients" }
            (overview::coefficients(state, &Names::new(loaded.case()), answer))
            (fineness(state, answer))
        }
        @if !judged.is_empty() {
            section {
                h2 { "Numbers with no entry and no note behind them" }
                ul class="plain" { @for path in &judged { li { (number(state, path, path)) } } }
            }
        }
        section {
            h2 { "Every number of the forecast" }
            (table("Equation and source", &["Number", "What it is", "Equation", "Source"],
                EQUATIONS.iter().map(|e| vec![
                    html! { code { (e.path) } }, html! { (e.meaning) }, html! { code { (e.equation) } }, html! { (html_text(e.citation)) },
                ]).collect()))
        }
    }
}
