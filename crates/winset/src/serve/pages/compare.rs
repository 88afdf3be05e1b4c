//! Two lists of changes on the same random numbers.

use maud::{Markup, html};
use winset_brief::forecast::{pc, points, short, signed};

use super::super::desk::Told;
use super::super::paired::{Delta, Paired};
use super::super::state::State;
use super::{number, table};

/// The page's content.
pub(in super::super) fn content(a: (&Told, &State), b: (&Told, &State), paired: &Paired) -> Markup {
    html! {
        p class="bottom" { (words(paired)) }
        div class="sides" {
            (side("A", a.1)) (side("B", b.1))
        }
        (forms(a.1, b.1))
        section { h2 { "What changes" } (deltas(b.1, &paired.deltas)) }
        section { h2 { "Terms where there is a deal" } (terms(a.0, paired)) }
        section { h2 { "Who blocks" } (blockers(a.0, paired)) }
        p class="note" {
            (paired.a.draws) " draws on the same random numbers on both sides; the error is that of \
             the difference, draw by draw"
        }
    }
}

/// The difference in a sentence.
pub(in super::super) fn words(paired: &Paired) -> String {
    let Some(d) = paired.deltas.first() else { return String::new() };
    let by = d.b - d.a;
    // Where whole per cents do not show the difference, a decimal does.
    let fine = |p: f64| format!("{:.1} %", 100.0 * p);
    let (from, to) = match pc(d.a) == pc(d.b) && by != 0.0 {
        true => (fine(d.a), fine(d.b)),
        false => (pc(d.a), pc(d.b)),
    };
    if by == 0.0 {
        return format!("The answer is {to} on both sides.");
    }
    if by.abs() < 2.0 * d.error {
        let error = points(d.error);
        return format!("The answer moves from {from} to {to}, within twice the error ({error}).");
    }
    let way = if by > 0.0 { "up" } else { "down" };
    let size = points(by.abs());
    format!("The answer goes {way} from {from} to {to}: {size}, ± {}.", points(2.0 * d.error))
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
