//! Two lists of changes on the same random numbers.

use maud::{Markup, html};
use winset_model::explain::InputChange;
use winset_page::text::{pc, short, signed};

use super::super::desk::Told;
use super::super::paired::{Delta, Paired};
use super::super::state::State;
use super::names::named;
use super::{compare_link, drawn, exported, number, table};
use winset_report::charts::overlay;

/// The page's content.
pub(in super::super) fn content(a: (&Told, &State), b: (&Told, &State), paired: &Paired) -> Markup {
    let here = compare_link(a.1, b.1);
    html! {
        p class="bottom" { (words(paired)) }
        div class="sides" {
            (side("A", a.1)) (side("B", b.1))
        }
        (forms(a.1, b.1))
        section { h2 { "What is not the same" } (unlike(a.0, b.0, b.1, paired)) }
        section {
            h2 { "By when" }
            (drawn(&overlay(&b.0.loaded.case, &paired.a, &paired.b)))
            (exported(&here))
        }
        section { h2 { "What changes" } (deltas(b.1, &paired.deltas)) }
        section { h2 { "Terms where there is a deal" } (terms(a.0, paired)) }
        section { h2 { "Who blocks" } (blockers(a.0, paired)) }
        p class="note" {
            (paired.a.draws) " draws on the same random numbers on both sides; the error is that of \
             the difference, draw by draw"
        }
    }
}

/// The difference in a sentence: that of `winset diff`.
pub(in super::super) fn words(paired: &Paired) -> String {
    format!("From A to B: {}", paired.sentence)
}

/// What the two cases say otherwise, in words.
fn unlike(a: &Told, b: &Told, state: &State, paired: &Paired) -> Markup {
    let not = |said: &Option<String>| said.clone().unwrap_or_else(|| "not there".to_owned());
    let rows: Vec<Vec<Markup>> = paired
        .inputs
        .iter()
        .map(|InputChange { path, from, to }| {
            let case = if to.is_some() { &b.loaded.case } else { &a.loaded.case };
            let name = match case.inputs.iter().any(|i| i.path == *path) {
                true => {
                    let n = named(case, path);
                    number(state, path, &format!("{}: {}", n.group, n.name))
                }
                false => html! { (path) },
            };
            vec![name, html! { (not(from)) }, html! { (not(to)) }]
        })
        .collect();
    html! {
        @if rows.is_empty() { p { "Nothing: both are the same case." } }
        @else { (table("What A and B say otherwise", &["Input", "A", "B"], rows)) }
    }
}

fn side(name: &str, state: &State) -> Markup {
    html! {
        section {
            h2 { (name) }
            @if state.sets.is_empty() { p { "the case as it stands" } }
            ul class="chips" { @for set in &state.sets { li { code { (set) } } } }
            p { a class="button" href=(state.link("/what-if")) { "Open in What-if" } }
        }
    }
}

/// Both lists to be changed by hand, one change a line.
fn forms(a: &State, b: &State) -> Markup {
    html! {
        details {
            summary { "Change the lists" }
            form method="get" action="/compare" class="form" {
                div { label for="la" { "A, one change a line" } textarea id="la" name="as" rows="5" { (a.sets.join("\n")) } }
                div { label for="lb" { "B, one change a line" } textarea id="lb" name="bs" rows="5" { (b.sets.join("\n")) } }
                div class="actions wide" { button type="submit" { "Compare" } }
            }
        }
    }
}

/// The table of differences.
pub(in super::super) fn deltas(state: &State, deltas: &[Delta]) -> Markup {
    table(
        "Shares of draws, and their difference in points with its paired error",
        &["", "A", "B", "B − A", "± error"],
        deltas
            .iter()
            .map(|d| {
                vec![
                    html! { (d.name) },
                    html! { (pc(d.a)) },
                    number(state, d.path, &pc(d.b)),
                    html! { (signed(d.b - d.a)) },
                    html! { (format!("{:.2}", 100.0 * d.error)) },
                ]
            })
            .collect(),
    )
}

fn terms(a: &Told, paired: &Paired) -> Markup {
    let or = |x: Option<f64>| x.map_or_else(|| "–".to_owned(), short);
    let rows = a.loaded.case.issues.iter().zip(&paired.a.terms).map(|(issue, x)| {
        let y = paired.b.terms.iter().find(|t| t.issue == x.issue).and_then(|t| t.q50);
        let by = x.q50.zip(y).map(|(x, y)| y - x);
        vec![
            html! { (issue.name) },
            html! { (or(x.q50)) },
            html! { (or(y)) },
            html! { @if let Some(by) = by { (signed(by / 100.0)) } @else { "–" } },
        ]
    });
    table("Median terms, on the issue's scale", &["Issue", "A", "B", "B − A"], rows.collect())
}

fn blockers(a: &Told, paired: &Paired) -> Markup {
    let rows = paired.a.blockers.iter().map(|x| {
        let y = paired.b.blockers.iter().find(|y| y.actor == x.actor).map_or(0.0, |y| y.block);
        let name = a.loaded.case.actors.iter().find(|n| n.id == x.actor);
        vec![
            html! { (name.map_or(x.actor.as_str(), |n| n.name.as_str())) },
            html! { (pc(x.block)) },
            html! { (pc(y)) },
            html! { (signed(y - x.block)) },
        ]
    });
    table("Share of draws in which each blocks", &["Actor", "A", "B", "B − A"], rows.collect())
}
