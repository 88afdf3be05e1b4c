//! "What is this?": equation, citation, inputs and value of any number.

use maud::{Markup, html};
use winset_page::text::short;

use super::super::desk::Told;
use super::super::state::State;
use super::{number, table};
use winset_report::why::{InputFacts, OutputFacts};

/// An input.
pub(in super::super) fn input(
    told: &Told,
    state: &State,
    facts: &InputFacts,
    editor: Option<Markup>,
) -> Markup {
    let n = super::names::named(&told.loaded.case, &facts.path);
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
                    @if facts.rests_on.is_empty() {
                        @if facts.written { "nothing: judgement" } @else { "a default of the model" }
                    }
                    @for (id, text) in &facts.rests_on { p { strong { (id) } " " (text) } }
                }
            }
            p { a class="button" href=(format!("{}#f-{}", state.link("/what-if"), facts.path.replace('.', "-"))) { "Change it in What-if" } }
            @if let Some(editor) = editor { (editor) }
        }
    }
}

/// A number of the output.
pub(in super::super) fn output(told: &Told, state: &State, facts: &OutputFacts) -> Markup {
    let e = facts.equation;
    let value = match &facts.value {
        v @ (serde_json::Value::Object(_) | serde_json::Value::Array(_)) => {
            serde_json::to_string_pretty(v).unwrap_or_default()
        }
        v => v.to_string(),
    };
    html! {
        article id="explained" {
            h2 { code { (facts.path) } }
            dl class="facts" {
                dt { "Value" } dd { pre tabindex="0" { code { (value) } } }
                dt { "What it is" } dd { (e.meaning) }
                dt { "Equation" } dd { code { (e.equation) } }
                dt { "Source" } dd { (e.citation) }
            }
            @if !facts.inputs.is_empty() {
                details {
                    summary { "The " (facts.inputs.len()) " inputs that enter" }
                    (table("Inputs at their central values", &["Input", "Path", "central"],
                        facts.inputs.iter().map(|(path, x)| {
                            let n = super::names::named(&told.loaded.case, path);
                            vec![html! { (n.group) ": " (n.name) }, html! { code { (path) } }, number(state, path, &short(*x))]
                        }).collect()))
                }
            }
        }
    }
}

/// A form that writes an input into the case.
pub(in super::super) fn editor(told: &Told, state: &State, path: &str, written: &str) -> Markup {
    let revision = told.seen.revisions.get("case.toml").map_or("", String::as_str);
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
