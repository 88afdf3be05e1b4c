//! "What is this?": equation, citation, inputs and value of any number.

use maud::{Markup, html};
use winset_page::text::short;

use super::super::desk::Told;
use super::super::state::State;
use super::{number, table};
use winset_report::explain::{InputExplanation, OutputExplanation};

/// An input.
pub(in super::super) fn input(
    told: &Told,
    state: &State,
    facts: &InputExplanation,
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
                        (facts.unsupported())
                    }
                    @for s in &facts.rests_on { p { strong { (s.id) } " " (s.text) } }
                }
            }
            p { a class="button" href=(format!("{}#f-{}", state.link("/what-if"), facts.path.replace('.', "-"))) { "Change it in What-if" } }
            @if let Some(editor) = editor { (editor) }
        }
    }
}

/// A number of the output.
pub(in super::super) fn output(told: &Told, state: &State, facts: &OutputExplanation) -> Markup {
    html! {
        article id="explained" {
            h2 { code { (facts.path) } }
            dl class="facts" {
                dt { "Value" } dd { pre tabindex="0" { code { (facts.shown()) } } }
                dt { "What it is" } dd { (facts.meaning) }
                dt { "Equation" } dd { code { (facts.equation) } }
                dt { "Source" } dd { (facts.citation) }
            }
            @if !facts.inputs.is_empty() {
                details {
                    summary { "The " (facts.inputs.len()) " inputs that enter" }
                    (table("Inputs at their central values", &["Input", "Path", "central"],
                        facts.inputs.iter().map(|input| {
                            let n = super::names::named(&told.loaded.case, &input.path);
                            vec![html! { (n.group) ": " (n.name) }, html! { code { (input.path) } }, number(state, &input.path, &short(input.central))]
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
