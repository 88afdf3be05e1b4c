//! Two lists of changes on the same random numbers.

use maud::{Markup, html};
use winset_model::explain::InputChange;
use winset_model::forecast::Blocker;
use winset_page::chart::Figure;
use winset_page::document::html_text;
use winset_page::text::{pc, short, signed, thousands};
use winset_report::charts::overlay;
use winset_report::diff::{CompareReport, CompareRow};

use super::inputs::named;
use super::long::part;
use super::{PageFrame, drawn, exported, fewer, number, table};
use crate::http::{HTML, Pairs, Reply, query_text};
use crate::link::LinkState;
use crate::queue::{PairedForecasts, paired};
use crate::router::{self, ReplyError, Visit};
use crate::store::LoadedCase;

/// Two cases, each in its own state.
struct Sides {
    states: [LinkState; 2],
    cases: [LoadedCase; 2],
}

/// The two lists of a comparison: `a=…&b=…`, or both as lines of a form.
fn lists(query: &Pairs) -> [Vec<String>; 2] {
    let all = |one: &str, lines: &str| {
        let plain = query.iter().filter(|(n, _)| n == one).map(|(_, v)| v.clone());
        let typed = query.iter().filter(|(n, _)| n == lines).flat_map(|(_, v)| v.lines());
        let typed = typed.map(|l| l.trim().to_owned()).filter(|l| !l.is_empty());
        plain.chain(typed).collect()
    };
    [all("a", "as"), all("b", "bs")]
}

/// Both sides of a comparison on the same random numbers.
async fn both(visit: &Visit) -> Result<(Sides, PairedForecasts), ReplyError> {
    let [a, mut b] = lists(&visit.request.query);
    if b.is_empty() {
        // Without lists of its own: the changes of the link against the case.
        b.clone_from(&visit.state.sets);
    }
    let states = [a, b].map(|sets| LinkState { sets, draws: None, ..visit.state.clone() });
    let cases = [visit.case_in(&states[0])?, visit.case_in(&states[1])?];
    let [a, b] = &cases;
    let pair = paired(&visit.server.queue, a, b, visit.state.seed, &visit.stop).await?;
    Ok((Sides { states, cases }, pair))
}

pub(crate) async fn html(visit: Visit) -> Result<Reply, ReplyError> {
    let (Sides { states: [s, t], cases: [a, b] }, pair) = both(&visit).await?;
    let less = fewer(&visit.server.queue, (&a, &s), pair.a.draws, "the answer of A");
    let content = html! { (content((&a, &s), (&b, &t), &pair)) (less) };
    let frame = PageFrame { state: &t, ..visit.frame(Some(&b)) };
    Ok(Reply::ok(HTML, frame.page(content)))
}

pub(crate) async fn json(visit: Visit) -> Result<Reply, ReplyError> {
    let (Sides { states: [a, b], .. }, pair) = both(&visit).await?;
    Ok(router::json(&CompareReport {
        schema: "winset/compare/1",
        a: a.sets,
        b: b.sets,
        seed: visit.state.seed,
        draws: pair.a.draws,
        fingerprints: [pair.a.fingerprint.clone(), pair.b.fingerprint.clone()],
        deltas: pair.deltas,
    }))
}

pub(crate) async fn csv(visit: Visit) -> Result<Reply, ReplyError> {
    let (_, pair) = both(&visit).await?;
    let rows = pair.deltas.iter().map(|d| {
        let numbers = [d.a, d.b, d.b - d.a, d.error].map(|x| x.to_string());
        std::iter::once(d.path.to_owned()).chain(numbers).collect()
    });
    Ok(router::csv(&["path", "a", "b", "delta", "error"], rows))
}

pub(crate) async fn chart(visit: Visit) -> Result<Figure, ReplyError> {
    let (Sides { cases: [_, b], .. }, pair) = both(&visit).await?;
    Ok(overlay(b.case(), &pair.a, &pair.b))
}

/// The link that compares two states.
pub(crate) fn compare_link(a: &LinkState, b: &LinkState) -> String {
    let list = |name: &str, s: &LinkState| -> Vec<(String, String)> {
        s.sets.iter().map(|set| (name.to_owned(), set.clone())).collect()
    };
    let lists = query_text(&[list("a", a), list("b", b)].concat());
    let rest = LinkState { sets: Vec::new(), ..b.clone() }.query();
    let parts: Vec<&str> = [lists.as_str(), &rest].into_iter().filter(|p| !p.is_empty()).collect();
    match parts.is_empty() {
        true => "/compare".to_owned(),
        false => format!("/compare?{}", parts.join("&")),
    }
}

/// The page's content.
fn content(
    a: (&LoadedCase, &LinkState),
    b: (&LoadedCase, &LinkState),
    paired: &PairedForecasts,
) -> Markup {
    let here = compare_link(a.1, b.1);
    html! {
        p class="bottom" { (html_text(&words(paired))) }
        div class="sides" {
            (side("A", a.1)) (side("B", b.1))
        }
        (forms(a.1, b.1))
        section { h2 { "What is not the same" } (unlike(a.0, b.0, b.1, paired)) }
        div class="twin" {
            section {
                h2 { "By when" }
                (drawn(&overlay(b.0.case(), &paired.a, &paired.b)))
                (exported(&here))
            }
            section { h2 { "What changes" } (deltas(b.1, &paired.deltas)) }
            section { h2 { "Who blocks" } (blockers(a.0, paired)) }
            section { h2 { "Terms where there is a deal" } (terms(a.0, paired)) }
        }
        p class="note" {
            (thousands(paired.a.draws)) " draws on the same random numbers on both sides; the error is that of \
             the difference, draw by draw"
        }
    }
}

/// The difference in a sentence: that of `winset diff`.
pub(crate) fn words(paired: &PairedForecasts) -> String {
    format!("From A to B: {}", paired.sentence)
}

/// What the two cases say otherwise, in words.
fn unlike(a: &LoadedCase, b: &LoadedCase, state: &LinkState, paired: &PairedForecasts) -> Markup {
    let not = |said: &Option<String>| said.clone().unwrap_or_else(|| "not there".to_owned());
    let rows: Vec<Vec<Markup>> = paired
        .inputs
        .iter()
        .map(|InputChange { path, from, to }| {
            let case = if to.is_some() { b.case() } else { a.case() };
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

fn side(name: &str, state: &LinkState) -> Markup {
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
fn forms(a: &LinkState, b: &LinkState) -> Markup {
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
pub(crate) fn deltas(state: &LinkState, deltas: &[CompareRow]) -> Markup {
    table(
        "Shares of draws, and their difference in points with its paired error",
        &["", "A", "B", "B\u{a0}−\u{a0}A"],
        deltas
            .iter()
            .map(|d| {
                vec![
                    html! { (d.name) },
                    html! { (pc(d.a)) },
                    number(state, d.path, &pc(d.b)),
                    html! { (part(d.b - d.a, d.error)) },
                ]
            })
            .collect(),
    )
}

fn terms(a: &LoadedCase, paired: &PairedForecasts) -> Markup {
    let or = |x: Option<f64>| x.map_or_else(|| "–".to_owned(), short);
    let rows = a.case().issues.iter().zip(&paired.a.terms).map(|(issue, x)| {
        let y = paired.b.terms.iter().find(|t| t.issue == x.issue).and_then(|t| t.q50);
        let by = x.q50.zip(y).map(|(x, y)| y - x);
        vec![
            html! { (issue.name) },
            html! { (or(x.q50)) },
            html! { (or(y)) },
            html! { @if let Some(by) = by { (signed(by / 100.0)) } @else { "–" } },
        ]
    });
    table(
        "Median terms, on the issue’s scale",
        &["Issue", "A", "B", "B\u{a0}−\u{a0}A"],
        rows.collect(),
    )
}

fn blockers(a: &LoadedCase, paired: &PairedForecasts) -> Markup {
    let after = |x: &Blocker| {
        let same = paired.b.blockers.iter().find(|y| y.actor == x.actor);
        same.map_or(0.0, |y| y.block)
    };
    // Who blocks most on either side stands first.
    let mut most: Vec<&Blocker> = paired.a.blockers.iter().collect();
    let share = |x: &Blocker| x.block.max(after(x));
    most.sort_by(|x, y| share(y).total_cmp(&share(x)).then(x.actor.cmp(&y.actor)));
    let rows = most.into_iter().map(|x| {
        let y = after(x);
        let name = a.case().actors.iter().find(|n| n.id == x.actor);
        vec![
            html! { (name.map_or(x.actor.as_str(), |n| n.name.as_str())) },
            html! { (pc(x.block)) },
            html! { (pc(y)) },
            html! { (signed(y - x.block)) },
        ]
    });
    table(
        "Share of draws in which each blocks",
        &["Actor", "A", "B", "B\u{a0}−\u{a0}A"],
        rows.collect(),
    )
}
