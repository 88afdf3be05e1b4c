//! Beliefs: where everyone stands, what each statement weighs, who reversed, how many voices.

use maud::{Markup, html};
use winset_model::uncertain::Dist;
use winset_page::text::{pc, short};
use winset_report::belief::text::View;
use winset_report::belief::{Choice, view_of};

use super::inputs::named;
use super::{number, table};
use crate::edit;
use crate::http::Reply;
use crate::link::LinkState;
use crate::router::{self, ReplyError, Visit};
use crate::store::LoadedCase;

fn view(visit: &Visit, loaded: &LoadedCase) -> Result<View, ReplyError> {
    let view = view_of(loaded.case(), loaded.record(), Choice::default());
    view.map_err(|why| visit.failure(Some(loaded), 1, &why).into())
}

pub(crate) async fn html(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let content = content(&loaded, &visit.state, &view(&visit, &loaded)?);
    Ok(visit.html(&loaded, content))
}

pub(crate) async fn json(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    Ok(router::json(&view(&visit, &loaded)?))
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

fn content(loaded: &LoadedCase, state: &LinkState, v: &View) -> Markup {
    let three = |x: [f64; 3]| format!("{} ({}–{})", short(x[1]), short(x[0]), short(x[2]));
    let beliefs = recorded(loaded);
    let case = loaded.case();
    let actor = |id: &str| {
        case.actors.iter().find(|a| a.id == id).map_or_else(|| id.to_owned(), |a| a.name.clone())
    };
    let issue = |id: &str| {
        case.issues.iter().find(|j| j.id == id).map_or_else(|| id.to_owned(), |j| j.name.clone())
    };
    let side = |id: &str| {
        case.sides.iter().find(|s| s.id == id).map_or_else(|| id.to_owned(), |s| s.name.clone())
    };
    let entry = |id: &str| html! { a href=(format!("{}#e-{id}", state.link("/record"))) { (id) } };
    html! {
        @if beliefs.is_empty() {
            p { "Nothing in this case comes from the record: a position does where it is written as " code { "\"record\"" } "." }
        } @else {
            (table("What the record says of positions: median (5–95 %)", &["Position", "now", "at the horizon", "entries"],
                beliefs.iter().map(|b| vec![
                    html! { (b.name) },
                    number(state, &b.path, &three(b.now)),
                    html! { (three(b.later)) },
                    html! { @for id in &b.rests_on { (entry(id)) " " } },
                ]).collect()))
        }
        @if !v.statements.is_empty() {
            section {
                h2 { "What each statement weighs" }
                (table("How far it is believed by its grade, and once all is weighed", &["Entry", "who", "on", "kind", "value", "by grade", "weight", "why less"],
                    v.statements.iter().map(|s| vec![
                        entry(&s.id), html! { (actor(&s.actor)) }, html! { (issue(&s.issue)) }, html! { (s.kind) },
                        html! { @if let Some(x) = s.value { (short(x)) } },
                        html! { (pc(s.p_true)) },
                        html! { @if let Some(w) = s.weight { (pc(w)) } @else if let Some(why) = &s.weight_reason { span class="note" { (why) } } },
                        html! { @for d in &s.discounted { div class="note" { (d.text) } } },
                    ]).collect()))
            }
        }
        @if !v.reversals.is_empty() {
            section {
                h2 { "Who reversed" }
                ul class="plain" { @for r in &v.reversals { li { (winset_report::belief::text::sentence(v, r)) } } }
            }
        }
        @if !v.sides.is_empty() {
            section {
                h2 { "How many voices" }
                (table("Each from 0 to 1", &["Side", "Issue", "cohesion", "mixed messages", "polarisation"],
                    v.sides.iter().map(|s| vec![
                        html! { (side(&s.side)) }, html! { (issue(&s.issue)) }, html! { (short(s.cohesion)) },
                        html! { (short(s.incoherence)) }, html! { (short(s.polarisation)) },
                    ]).collect()))
            }
        }
    }
}
