//! The overview: the brief's bottom line and what stands behind it.

use maud::{Markup, html};
use winset_model::record::RecordEntry;
use winset_page::chart::Figure;
use winset_page::text::{pc, points, short, signed, spoken, whole};
use winset_report::charts;
use winset_report::forecast::text::{self as view};
use winset_report::forecast::view_of;

use super::moved::moved_form;
use super::{bar, drawn, exported, fineness, number, table};
use crate::http::Reply;
use crate::link::LinkState;
use crate::queue::PageForecast;
use crate::router::{self, ReplyError, Visit};
use crate::store::LoadedCase;

pub(crate) async fn html(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let answer = visit.quick(&loaded).await?;
    Ok(visit.html(&loaded, content(&loaded, &visit.state, &answer)))
}

pub(crate) async fn json(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    Ok(router::json(&*visit.full(&loaded).await?.forecast))
}

pub(crate) async fn csv(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let f = visit.full(&loaded).await?.forecast;
    let rows = f
        .agreement
        .iter()
        .map(|a| vec![a.date.to_string(), a.p.to_string(), a.lo.to_string(), a.hi.to_string()]);
    Ok(router::csv(&["date", "p", "lo", "hi"], rows))
}

pub(crate) async fn chart(visit: Visit) -> Result<Figure, ReplyError> {
    let loaded = visit.case()?;
    let answer = visit.full(&loaded).await?;
    Ok(charts::agreement(loaded.case(), &answer.forecast))
}

/// The page's content.
fn content(loaded: &LoadedCase, state: &LinkState, answer: &PageForecast) -> Markup {
    html! {
        p class="question" { (loaded.case().question.text) }
        div id="outputs" aria-busy="false" data-whole=(answer.whole) { (outputs(loaded, state, answer)) }
        section {
            h2 { "What moved it" }
            (moved_form(state, since(loaded)))
        }
    }
}

/// The day before the latest news, and the day the case is told from.
fn since(loaded: &LoadedCase) -> (String, String) {
    let to = loaded.case().as_of;
    let entries = &loaded.record().entries;
    let days = || entries.iter().map(RecordEntry::since).filter(|day| *day <= to);
    let before = days().max().unwrap_or(to).plus(-1);
    // Before the first of them nothing was known that could be told from.
    (days().min().map_or(before, |first| before.max(first)).to_string(), to.to_string())
}

/// What follows from the draws.
pub(crate) fn outputs(loaded: &LoadedCase, state: &LinkState, answer: &PageForecast) -> Markup {
    let case = loaded.case();
    let f = &answer.forecast;
    let v = view_of(case, f);
    let band = |lo: f64, hi: f64| format!("{}–{}", whole(lo), pc(hi));
    html! {
        (headline(loaded, state, answer))
        section {
            h2 { "By when" }
            (drawn(&charts::agreement(case, f)))
            (exported(&state.link("/overview")))
            (table("P(agreement) by date", &["By", "P", "odds 5–95 %", ""], v.dates.iter().map(|row| vec![
                html! { (spoken(&row.date)) @if row.asked { " " span class="tag" { "the question" } } },
                number(state, &format!("agreement.{}", row.date), &pc(row.p)),
                html! { (band(row.lo, row.hi)) },
                bar(row.p),
            ]).collect()))
        }
        section {
            h2 { "How the talks first ended by " (spoken(&v.by)) }
            (table("First endings", &["Ending", "P", ""], v.endings.iter().zip(ENDINGS).map(|((name, p), id)| vec![
                html! { (name) },
                number(state, &format!("endings.{id}"), &pc(*p)),
                bar(*p),
            ]).collect()))
        }
        section {
            h2 { "Is there a zone of agreement" }
            p { (view::zone_line(&v)) }
            p {
                "P(zone) " (number(state, "zone.p", &pc(f.zone.p)))
                " · at the horizon " (number(state, "zone.at_horizon", &pc(f.zone.at_horizon)))
                @if let Some(room) = f.zone.room {
                    " · room " (number(state, "zone.room", &points(room)))
                }
            }
        }
        section {
            h2 { "On which terms" }
            (terms(loaded, state, answer))
        }
        section {
            h2 { "Who blocks" }
            (blockers(state, &v, answer))
        }
        @if answer.whole {
            @if !v.conflicts.is_empty() {
                section {
                    h2 { "What cannot hold together" }
                    ul class="plain" {
                        @for (k, (set, share)) in v.conflicts.iter().take(5).enumerate() {
                            li { (number(state, &format!("conflicts.{k}"), &pc(*share))) " " (set.join("; ")) }
                        }
                    }
                }
            }
            @if !v.opens.is_empty() {
                section {
                    h2 { "What alone would open the zone" }
                    (opens(state, &v))
                }
            }
            section {
                h2 { "Assumptions that matter" }
                (coefficients(state, &v, 5))
            }
        }
    }
}

/// The answer in a sentence and a number.
pub(crate) fn headline(loaded: &LoadedCase, state: &LinkState, answer: &PageForecast) -> Markup {
    let f = &answer.forecast;
    let v = view_of(loaded.case(), f);
    let line = view::bottom_line(&v);
    let mut letters = line.chars();
    let line = letters
        .next()
        .map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect::<String>());
    html! {
        section class="headline" {
            p class="bottom" { (line) }
            p class="big" {
                (number(state, "answer.p", &pc(f.answer.p)))
                span class="interval" {
                    " " (number(state, "answer.lo", &whole(f.answer.lo))) "–"
                    (number(state, "answer.hi", &pc(f.answer.hi)))
                }
            }
            (fineness(state, answer))
        }
    }
}

const ENDINGS: [&str; 6] = ["agreement", "interim", "breakdown", "force", "suspension", "open"];

/// The terms by issue.
pub(crate) fn terms(loaded: &LoadedCase, state: &LinkState, answer: &PageForecast) -> Markup {
    let v = view_of(loaded.case(), &answer.forecast);
    let rows = v.terms.iter().zip(&loaded.case().issues).map(|(row, issue)| {
        let path = |q: &str| format!("terms.{}.{q}", issue.id);
        let mut cells = vec![html! { (row.name) }];
        match row.quantiles {
            None => {
                cells.extend(["–", "–", "–"].map(|t| html! { (t) }));
                cells.push(html! { "no draw has a zone" });
            }
            Some([lo, mid, hi]) => {
                cells.push(number(state, &path("q05"), &short(lo)));
                cells.push(number(state, &path("q50"), &short(mid)));
                cells.push(number(state, &path("q95"), &short(hi)));
                cells.push(html! {
                    @if let Some((x, mark)) = view::nearest(&row.marks, mid) {
                        (mark) " (" (short(x)) ")"
                    }
                });
            }
        }
        cells
    });
    table(
        "Terms where there is a deal",
        &["Issue", "5 %", "median", "95 %", "nearest landmark"],
        rows.collect(),
    )
}

/// Who blocks, most first.
pub(crate) fn blockers(state: &LinkState, v: &view::View, answer: &PageForecast) -> Markup {
    let mut rows: Vec<_> = v.blockers.iter().zip(&answer.forecast.blockers).collect();
    rows.sort_by(|(a, _), (b, _)| b.block.total_cmp(&a.block).then(b.walk.total_cmp(&a.walk)));
    let rows = rows.into_iter().map(|(b, row)| {
        let path = |what: &str| format!("blockers.{}.{what}", row.actor);
        vec![
            html! { (b.name) },
            html! { (b.side) },
            number(state, &path("block"), &pc(b.block)),
            number(state, &path("walk"), &pc(b.walk)),
            number(state, &path("banzhaf"), &format!("{:.2}", b.banzhaf)),
            bar(b.block),
        ]
    });
    html! {
        (table("Share of draws in which each closes the zone", &["Actor", "Side", "blocks", "holds open", "power in its rule", ""], rows.collect()))
        p class="note" {
            "blocks: no zone, but one if it accepted anything; holds open: a zone, but none without it"
        }
    }
}

/// What alone would open the zone.
pub(crate) fn opens(state: &LinkState, v: &view::View) -> Markup {
    table(
        "The least change of one input that opens the zone of half the draws it can open",
        &["Change", "from", "to", "P(zone) then", "giving way in full"],
        v.opens
            .iter()
            .map(|o| {
                let path = |what: &str| format!("opens.{}.{what}", o.path);
                vec![
                    html! {
                        (o.what) " "
                        @if !o.path.starts_with("participation.") {
                            a class="try" href=(state.with(&o.path, &short(o.to)).link("/what-if")) { "try it" }
                        }
                    },
                    html! { (short(o.from)) },
                    number(state, &path("to"), &short(o.to)),
                    number(state, &path("zone"), &pc(o.zone)),
                    number(state, &path("zone_without"), &pc(o.zone_without)),
                ]
            })
            .collect(),
    )
}

/// The coefficients, those that matter most first.
pub(crate) fn coefficients(state: &LinkState, v: &view::View, most: usize) -> Markup {
    let size = |c: &view::Coefficient| c.effect[0].abs().max(c.effect[1].abs());
    let mut rows: Vec<&view::Coefficient> = v.coefficients.iter().collect();
    rows.sort_by(|a, b| size(b).total_cmp(&size(a)));
    table(
        "Change of P in points when halved, and when raised by half",
        &["Coefficient", "value", "5–95 %", "halved", "raised by half", "source"],
        rows.into_iter()
            .take(most)
            .map(|c| {
                let path = format!("coefficients.{}", c.name);
                vec![
                    html! { (c.name) },
                    number(state, &path, &format!("{} {}", short(c.value), c.unit)),
                    html! { (short(c.range[0])) "–" (short(c.range[1])) },
                    html! { (signed(c.effect[0])) },
                    html! { (signed(c.effect[1])) },
                    html! { (c.source) },
                ]
            })
            .collect(),
    )
}
