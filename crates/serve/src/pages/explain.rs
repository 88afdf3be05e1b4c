//! "What is this?": equation, citation, inputs and value of any number.

use hyper::StatusCode;
use maud::{Markup, html};
use serde_json::Value;
use winset_page::document::html_text;
use winset_page::text::short;
use winset_report::explain::{
    self as explaining, Equation, InputExplanation, OutputExplanation, equation,
};

use super::inputs::named;
use super::{number, table};
use crate::edit;
use crate::http::Reply;
use crate::link::LinkState;
use crate::router::{self, ReplyError, Visit};
use crate::store::LoadedCase;

/// The path a visit asks about.
fn path(visit: &Visit) -> &str {
    visit.request.query_value("path").unwrap_or("answer.p")
}

/// The equation of an output, or why there is none.
fn equation_of(visit: &Visit, loaded: &LoadedCase) -> Result<&'static Equation, String> {
    let path = path(visit);
    equation(path).ok_or_else(|| {
        let hint = explaining::hint(loaded.case(), path);
        format!("`{path}` is no number of the output; {hint}")
    })
}

fn not_there(path: &str, equation: &Equation) -> String {
    format!("`{path}` is not in the forecast of this case; its pattern is `{}`", equation.path)
}

pub(crate) async fn html(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let path = path(&visit);
    if let Some(facts) = explaining::input(&loaded.inner, path) {
        let written = edit::leaf(&loaded.texts.files.case.text, path);
        let editor = visit
            .server
            .store
            .folder()
            .map(|_| editor(&loaded, &visit.state, path, written.as_deref().unwrap_or("")));
        return Ok(visit.html(&loaded, input(&loaded, &visit.state, &facts, editor)));
    }
    let missing =
        |why: String| visit.html(&loaded, html! { p { (why) } }).status(StatusCode::NOT_FOUND);
    let equation = equation_of(&visit, &loaded).map_err(missing)?;
    let f = visit.quick(&loaded).await?.forecast;
    let facts = explaining::output(loaded.case(), &f, path, equation);
    let facts = facts.ok_or_else(|| missing(not_there(path, equation)))?;
    Ok(visit.html(&loaded, output(&loaded, &visit.state, &facts)))
}

/// What is said of a number.
enum Explained {
    Input(InputExplanation),
    Output(OutputExplanation),
}

async fn explained(visit: &Visit) -> Result<Explained, ReplyError> {
    let loaded = visit.case()?;
    let path = path(visit);
    if let Some(facts) = explaining::input(&loaded.inner, path) {
        return Ok(Explained::Input(facts));
    }
    let missing = |why: String| visit.failure(Some(&loaded), 2, &why).status(StatusCode::NOT_FOUND);
    let equation = equation_of(visit, &loaded).map_err(missing)?;
    let f = visit.full(&loaded).await?.forecast;
    let facts = explaining::output(loaded.case(), &f, path, equation);
    let facts = facts.ok_or_else(|| missing(not_there(path, equation)))?;
    Ok(Explained::Output(facts))
}

pub(crate) async fn json(visit: Visit) -> Result<Reply, ReplyError> {
    Ok(match explained(&visit).await? {
        Explained::Input(facts) => router::json(&facts),
        Explained::Output(facts) => router::json(&facts),
    })
}

/// The number itself, then the inputs that enter at their central values; of a row each of its numbers.
pub(crate) async fn csv(visit: Visit) -> Result<Reply, ReplyError> {
    let rows = match explained(&visit).await? {
        Explained::Input(facts) => vec![vec![facts.path, facts.quantiles[1].to_string()]],
        Explained::Output(facts) => {
            let cells = |path: &str, value: &Value| vec![path.to_owned(), value.to_string()];
            let mut rows: Vec<Vec<String>> = match &facts.value {
                Value::Object(row) => (row.iter())
                    .filter(|(_, value)| value.is_number())
                    .map(|(key, value)| cells(&format!("{}.{key}", facts.path), value))
                    .collect(),
                value => vec![cells(&facts.path, value)],
            };
            rows.extend(facts.inputs.into_iter().map(|i| vec![i.path, i.central.to_string()]));
            rows
        }
    };
    Ok(router::csv(&["path", "value"], rows))
}

/// An input.
fn input(
    loaded: &LoadedCase,
    state: &LinkState,
    facts: &InputExplanation,
    editor: Option<Markup>,
) -> Markup {
    let n = named(loaded.case(), &facts.path);
    let [lo, mid, hi] = facts.quantiles;
    html! {
        article id="explained" {
            h2 { (n.group) ": " (n.name) }
            p { code { (facts.path) } }
            dl class="facts" {
                dt { "Value" }
                dd { (short(mid)) " " (n.unit) ", 5–95 %: " (short(lo)) " to " (short(hi)) }
                @if !facts.meaning.is_empty() { dt { "What it is" } dd { (facts.meaning) } }
                dt { "Rests on" }
                dd {
                    (facts.basis)
                    @for s in &facts.rests_on { p { strong { (s.id) } " " (s.text) } }
                }
            }
            p { a class="button" href=(format!("{}#f-{}", state.link("/what-if"), facts.path.replace('.', "-"))) { "Change it in What-if" } }
            @if let Some(editor) = editor { (editor) }
        }
    }
}

/// A number of the output.
fn output(loaded: &LoadedCase, state: &LinkState, facts: &OutputExplanation) -> Markup {
    html! {
        article id="explained" {
            p class="bottom" { (facts.meaning.trim_end_matches('.')) "." }
            dl class="facts" {
                dt { "Value" } dd { pre tabindex="0" { code { (facts.shown()) } } }
                dt { "Path" } dd { code { (facts.path) } }
                dt { "Equation" } dd { code { (facts.equation) } }
                dt { "Source" } dd { (html_text(facts.citation)) }
            }
            @if !facts.inputs.is_empty() {
                details {
                    summary { "The " (facts.inputs.len()) " inputs that enter" }
                    (table("Inputs at their central values", &["Input", "Path", "central"],
                        facts.inputs.iter().map(|input| {
                            let n = named(loaded.case(), &input.path);
                            vec![html! { (n.group) ": " (n.name) }, html! { code { (input.path) } }, number(state, &input.path, &short(input.central))]
                        }).collect()))
                }
            }
        }
    }
}

/// A form that writes an input into the case.
fn editor(loaded: &LoadedCase, state: &LinkState, path: &str, written: &str) -> Markup {
    let revision = loaded.texts.revisions.get("case.toml").map_or("", String::as_str);
    html! {
        form method="post" action="/edit" class="search" {
            input type="hidden" name="revision" value=(revision);
            input type="hidden" name="state" value=(state.query());
            input type="hidden" name="path" value=(path);
            label for="value" { "In case.toml" }
            input type="text" id="value" name="value" value=(written) required autocomplete="off" spellcheck="false" size="24";
            button type="submit" { "Write" }
        }
    }
}
