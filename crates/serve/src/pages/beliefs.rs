//! Beliefs: where everyone stands, what each statement weighs, who reversed, how many voices.

use maud::{Markup, html};
use winset_model::uncertain::Dist;
use winset_page::document::{html_section, html_text};
use winset_page::text::short;
use winset_report::belief::{self, BeliefChoice, BeliefReport};
use winset_report::names::Names;

use super::inputs::named;
use super::{number, table};
use crate::edit;
use crate::http::Reply;
use crate::link::LinkState;
use crate::router::{self, ReplyError, Visit};
use crate::store::LoadedCase;

fn report(visit: &Visit, loaded: &LoadedCase) -> Result<BeliefReport, ReplyError> {
    let report = belief::ask(loaded.case(), loaded.record(), BeliefChoice::default());
    report.map_err(|why| visit.failure(Some(loaded), 1, &why).into())
}

pub(crate) async fn html(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let content = content(&loaded, &visit.state, &report(&visit, &loaded)?);
    Ok(visit.html(&loaded, content))
}

pub(crate) async fn json(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    Ok(router::json(&report(&visit, &loaded)?))
}

pub(crate) async fn csv(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let heads =
        ["path", "written", "q05", "q50", "q95", "later_q05", "later_q50", "later_q95", "rests_on"];
    let rows = recorded(&loaded).into_iter().map(|b| {
        let numbers = b.now.iter().chain(&b.later).map(f64::to_string).collect::<Vec<_>>();
        let mut row = vec![b.path, b.written];
        row.extend(numbers);
        row.push(b.rests_on.join(" "));
        row
    });
    Ok(router::csv(&heads, rows))
}

/// One belief that comes from the record.
struct RecordedBelief {
    path: String,
    name: String,
    /// What the case writes.
    written: String,
    /// 5 %, median, 95 % now and at the horizon.
    now: [f64; 3],
    later: [f64; 3],
    rests_on: Vec<String>,
}

/// The beliefs of a case that the record informs.
fn recorded(loaded: &LoadedCase) -> Vec<RecordedBelief> {
    let case = loaded.case();
    let mut found: Vec<RecordedBelief> = Vec::new();
    for actor in &case.actors {
        for ideal in actor.member.iter().flat_map(|m| &m.ideal).filter(|i| i.recorded) {
            let input = case.input(ideal.input);
            if found.iter().any(|b| b.path == input.path) {
                continue;
            }
            let at = |d: &Dist| [0.05, 0.5, 0.95].map(|u| d.quantile(u, input.scale));
            let n = named(case, &input.path);
            let text = &loaded.texts.files.case.text;
            found.push(RecordedBelief {
                path: input.path.clone(),
                name: format!("{}: {}", n.group, n.name),
                written: edit::leaf(text, &input.path).unwrap_or_default(),
                now: at(&input.dist),
                later: at(input.later.as_ref().unwrap_or(&input.dist)),
                rests_on: input.rests_on.clone(),
            });
        }
    }
    found
}

fn content(loaded: &LoadedCase, state: &LinkState, report: &BeliefReport) -> Markup {
    let three = |x: [f64; 3]| format!("{} ({}–{})", short(x[1]), short(x[0]), short(x[2]));
    let positions = recorded(loaded);
    let names = Names::new(loaded.case());
    let entry = |id: &str| html! { a href=(format!("{}#e-{id}", state.link("/record"))) { (id) } };
    html! {
        @if positions.is_empty() {
            p { (belief::NO_PATH) }
        } @else {
            (table("What the record says of positions: median (5–95 %)", &["Position", "Now", "At the horizon", "Entries"],
                positions.iter().map(|b| vec![
                    html! { (b.name) },
                    number(state, &b.path, &three(b.now)),
                    html! { (three(b.later)) },
                    html! { @for id in &b.rests_on { (entry(id)) " " } },
                ]).collect()))
        }
        @if !report.statements.is_empty() {
            section {
                h2 { "What each statement weighs" }
                (table("How far it is believed by its grade, and once all is weighed", &belief::STATEMENT_HEAD.map(|(head, _)| head),
                    report.statements.iter().map(|s| {
                        let cells = belief::statement_row(s, &names).into_iter().enumerate();
                        cells.map(|(k, cell)| if k == 0 { entry(&cell) } else { html_text(&cell) }).collect()
                    }).collect()))
            }
        }
        @for section in belief::besides(report, &names) { (html_section(&section, &[])) }
    }
}
