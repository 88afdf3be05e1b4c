//! The overview: the brief's bottom line and what stands behind it.

use maud::{Markup, html};
use winset_model::forecast::{CoefficientRow, Forecast};
use winset_model::record::RecordEntry;
use winset_page::chart::Figure;
use winset_page::text::{and, pc, points, short, signed, spoken, whole};
use winset_report::charts;
use winset_report::forecast::odds::odds;
use winset_report::forecast::sections::members_note;
use winset_report::forecast::{
    AskedEvent, bottom_line, class as shares, dates, nearest, opens as openings, zone_line,
};
use winset_report::names::{self, Names};

use super::moved::moved_form;
use super::{bar, curve_path, drawn, exported, fineness, number, table};
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
        .curve()
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
    let names = Names::new(case);
    let by = spoken(&f.question.by.to_string());
    let band = |lo: f64, hi: f64| format!("{}–{}", whole(lo), pc(hi));
    html! {
        (headline(loaded, state, answer))
        section {
            h2 { "By when" }
            (drawn(&charts::agreement(case, f)))
            (exported(&state.link("/overview")))
            (table(&format!("P({}) by date", names::counted(case)), &["By", "P", "odds 5–95 %", ""], dates(case, f).iter().map(|row| vec![
                html! { (spoken(&row.date.to_string())) @if row.asked { " " span class="tag" { "the question" } } },
                number(state, &format!("{}.{}", curve_path(f), row.date), &pc(row.p)),
                html! { (band(row.lo, row.hi)) },
                bar(row.p),
            ]).collect()))
        }
        section {
            h2 { "How the talks first ended by " (by) }
            (table("First endings", &["Ending", "P", ""], names::endings(case).into_iter().map(|e| {
                let p = names::ending_share(&f.endings, e);
                vec![
                    html! { (names::ending(case, e)) },
                    number(state, &format!("endings.{}", names::ending_key(e)), &pc(p)),
                    bar(p),
                ]
            }).collect()))
        }
        section {
            h2 { "Is there a zone of agreement" }
            p { (zone_line(f, &names)) }
            p {
                @if let Some((p, later)) = f.zone.p.zip(f.zone.at_horizon) {
                    "P(zone) " (number(state, "zone.p", &pc(p)))
                    " · at the horizon " (number(state, "zone.at_horizon", &pc(later)))
                }
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
            (blockers(state, &names, f))
        }
        @if answer.whole {
            @if !f.conflicts.is_empty() {
                section {
                    h2 { "What cannot hold together" }
                    (conflicts(state, &names, f, 5))
                }
            }
            @if openings(f).next().is_some() {
                section {
                    h2 { "What alone would open the zone" }
                    (opens(state, &names, f))
                }
            }
            section {
                h2 { "Assumptions that matter" }
                (coefficients(state, f, 5))
            }
        }
    }
}

/// The answer in a sentence and a number.
pub(crate) fn headline(loaded: &LoadedCase, state: &LinkState, answer: &PageForecast) -> Markup {
    let f = &answer.forecast;
    let names = Names::new(loaded.case());
    let line = bottom_line(f, &names);
    let asked = AskedEvent::new(&names, f);
    html! {
        section class="headline" {
            p class="bottom" { (line) }
            @for text in odds(&asked.topic(&names, f), &shares(&names, f)) { p { (text) } }
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

/// The terms by issue.
pub(crate) fn terms(loaded: &LoadedCase, state: &LinkState, answer: &PageForecast) -> Markup {
    let case = loaded.case();
    let names = Names::new(case);
    let rows = answer.forecast.terms.iter().zip(&case.issues).map(|(row, issue)| {
        let path = |q: &str| format!("terms.{}.{q}", issue.id);
        let mut cells = vec![html! { (names.issue(&issue.id)) }];
        match (row.q05, row.q50, row.q95) {
            (Some(lo), Some(mid), Some(hi)) => {
                cells.push(number(state, &path("q05"), &short(lo)));
                cells.push(number(state, &path("q50"), &short(mid)));
                cells.push(number(state, &path("q95"), &short(hi)));
                cells.push(html! {
                    @if let Some(mark) = nearest(&names, &issue.marks, mid) {
                        (mark.text) " (" (short(mark.at)) ")"
                    }
                });
            }
            _ => {
                cells.extend(["–", "–", "–"].map(|t| html! { (t) }));
                let mut shares: Vec<_> = row.options.iter().collect();
                shares.sort_by(|a, b| b.p.total_cmp(&a.p));
                let share = |o: &&winset_model::forecast::OptionShare| {
                    format!("{} {}", names.option(&issue.id, &o.option), pc(o.p))
                };
                let said = shares.iter().map(share).collect::<Vec<_>>().join(", ");
                let none = if said.is_empty() { "no draw has a zone" } else { said.as_str() };
                cells.push(html! { (none) });
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
pub(crate) fn blockers(state: &LinkState, names: &Names<'_>, f: &Forecast) -> Markup {
    let mut rows: Vec<_> = f.blockers.iter().collect();
    rows.sort_by(|a, b| b.block.total_cmp(&a.block).then(b.walk.total_cmp(&a.walk)));
    let rows = rows.into_iter().map(|row| {
        let path = |what: &str| format!("blockers.{}.{what}", row.actor);
        vec![
            html! { (names.actor(&row.actor)) },
            html! { (names.side(&row.side)) },
            number(state, &path("block"), &pc(row.block)),
            number(state, &path("walk"), &pc(row.walk)),
            number(state, &path("banzhaf"), &format!("{:.2}", row.banzhaf)),
            bar(row.block),
        ]
    });
    html! {
        (table("Share of draws in which each closes the zone", &["Actor", "Side", "blocks", "holds open", "power", ""], rows.collect()))
        p class="note" { (members_note(names::is_council(names.case()))) }
    }
}

/// What cannot hold together, most frequent first.
pub(crate) fn conflicts(state: &LinkState, names: &Names<'_>, f: &Forecast, most: usize) -> Markup {
    let demands = |paths: &[String]| {
        and(&paths.iter().map(|path| names.constraint(path)).collect::<Vec<_>>())
    };
    html! {
        ul class="plain" {
            @for (k, c) in f.conflicts.iter().take(most).enumerate() {
                li { (number(state, &format!("conflicts.{k}"), &pc(c.share))) " " (demands(&c.constraints)) }
            }
        }
    }
}

/// What alone would open the zone.
pub(crate) fn opens(state: &LinkState, names: &Names<'_>, f: &Forecast) -> Markup {
    table(
        "The least change of one input that opens the zone of half the draws it can open",
        &["Change", "from", "to", "P(zone) then", "giving way in full"],
        openings(f)
            .map(|o| {
                let path = |what: &str| format!("opens.{}.{what}", o.path);
                vec![
                    html! {
                        (names.lever(&o.path)) " "
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
pub(crate) fn coefficients(state: &LinkState, f: &Forecast, most: usize) -> Markup {
    let size = |c: &CoefficientRow| c.effect[0].abs().max(c.effect[1].abs());
    let mut rows: Vec<&CoefficientRow> = f.coefficients.iter().collect();
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
