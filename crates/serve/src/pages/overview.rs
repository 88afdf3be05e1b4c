//! The overview: the brief's bottom line and what stands behind it.

use maud::{Markup, PreEscaped, html};
use winset_model::case::Case;
use winset_model::forecast::{Blocker, CoefficientRow, Forecast};
use winset_model::record::RecordEntry;
use winset_page::chart::Figure;
use winset_page::document::html_text;
use winset_page::text::{and, capital, pc, short, signed, spoken, whole};
use winset_report::charts;
use winset_report::forecast::odds::odds;
use winset_report::forecast::sections::{members_note, placed};
use winset_report::forecast::{
    AskedEvent, bottom_line, class as shares, nearest, opens as openings, zone_line,
};
use winset_report::names::{self, Names};

use super::{bar, drawn, fineness, number, place, table};
use crate::http::Reply;
use crate::link::LinkState;
use crate::queue::{Ghost, PageForecast};
use crate::router::{self, ReplyError, Visit};
use crate::store::LoadedCase;

pub(crate) async fn html(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let answer = visit.soon(&loaded).await?;
    let content = html! {
        p class="question" { (loaded.case().question.text) }
        (place(&visit, answer.as_ref(), |answer| outputs(&loaded, &visit.state, answer, None)))
    };
    Ok(visit.html(&loaded, content))
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

/// The day before the latest news, and the day the case is told from.
fn since(loaded: &LoadedCase) -> (String, String) {
    let to = loaded.case().as_of;
    let entries = &loaded.record().entries;
    let days = || entries.iter().map(RecordEntry::since).filter(|day| *day <= to);
    let before = days().max().unwrap_or(to).plus(-1);
    // Before the first of them nothing was known that could be told from.
    (days().min().map_or(before, |first| before.max(first)).to_string(), to.to_string())
}

/// Heights of charts that stand among others, px.
const LOW: f64 = 188.0;

/// What follows from the draws, on one screen; each part leads to its page.
pub(crate) fn outputs(
    loaded: &LoadedCase,
    state: &LinkState,
    answer: &PageForecast,
    _: Option<&Ghost>,
) -> Markup {
    let (case, f) = (loaded.case(), &answer.forecast);
    let names = Names::new(case);
    let by = spoken(&f.question.by.to_string());
    let (from, to) = since(loaded);
    let moved = format!("/moved?from={from}&to={to}");
    html! {
        div class="dash" {
            div class="stack" {
                section class="tile" aria-label="The answer" { (hero(loaded, state, answer)) }
                (tile(state, "/when", "By when", low(&charts::agreement(case, f))))
                @if let Some(o) = openings(f).next().filter(|_| answer.whole) {
                    (tile(state, "/blockers", "What alone would open the zone", html! {
                        p {
                            (capital(&names.lever(&o.path))) ", from " (placed(&names, &o.path, o.from)) " to " (placed(&names, &o.path, o.to)) ": P(zone) "
                            (number(state, &format!("opens.{}.zone", o.path), &pc(o.zone)))
                            @if !o.path.starts_with("participation.") {
                                " " a class="try" href=(state.with(&o.path, &short(o.to)).link("/what-if")) { "try it" }
                            }
                        }
                    }))
                }
            }
            div class="stack" {
                (tile(state, "/history", "As it was told, and what moved it", html! {
                    div id="before" data-course=(state.link("/course")) {
                        p { a class="button" href=(state.link("/history")) { "The number day by day" } }
                    }
                    p class="note" { a href=(joined(state, &moved)) { "What moved it since " (spoken(&from)) } }
                }))
                (tile(state, "/when", &format!("How the talks first ended by {by}"), endings(state, case, f)))
                (tile(state, "/blockers", "Who blocks, in % of draws", html! {
                    (leading(state, &names, f))
                }))
            }
            @if let Some(strips) = charts::terms(case, f) {
                div class="stack" { (tile(state, "/deals", "On which terms", low(&strips))) }
            }
        }
    }
}

/// A link in a state with a query of its own.
fn joined(state: &LinkState, link: &str) -> String {
    match state.query() {
        query if query.is_empty() => link.to_owned(),
        query => format!("{link}&{query}"),
    }
}

/// A part of the overview, whose heading leads to its page.
fn tile(state: &LinkState, page: &str, title: &str, content: Markup) -> Markup {
    html! {
        section class="tile" {
            h2 { a href=(state.link(page)) { (title) } }
            (content)
        }
    }
}

/// A chart in a place among others.
fn low(figure: &Figure) -> Markup {
    PreEscaped(figure.html_tall(LOW))
}

/// The number on its scale, and the sentence that says it.
fn hero(loaded: &LoadedCase, state: &LinkState, answer: &PageForecast) -> Markup {
    let f = &answer.forecast;
    let names = Names::new(loaded.case());
    html! {
        (big(state, f))
        (drawn(&charts::answer(loaded.case(), f, None)))
        p {
            (html_text(&zone_line(f, &names)))
            // A zone is told from a deal where both are named first.
            @if let Some(p) = f.zone.p {
                " A draw is one run of these talks; with a zone (" (number(state, "zone.p", &pc(p))) ") time may still run out."
            }
        }
        (fineness(state, answer))
    }
}

/// The number with its band.
pub(crate) fn big(state: &LinkState, f: &Forecast) -> Markup {
    html! {
        p class="big" {
            (number(state, "answer.p", &pc(f.answer.p)))
            span class="interval" {
                " " (number(state, "answer.lo", &whole(f.answer.lo))) "–"
                (number(state, "answer.hi", &pc(f.answer.hi)))
            }
        }
    }
}

/// How the talks first end, each with its bar.
fn endings(state: &LinkState, case: &Case, f: &Forecast) -> Markup {
    let rows = names::shares_in(case, &f.endings).into_iter().map(|(key, name, p)| {
        vec![html! { (name) }, number(state, &format!("endings.{key}"), &pc(p)), bar(p)]
    });
    table("First endings", &["Ending", "P", ""], rows.collect())
}

/// So many members stand on the overview.
const THREE: usize = 3;

/// Who closes the zone most often.
fn leading(state: &LinkState, names: &Names<'_>, f: &Forecast) -> Markup {
    let rows = ranked(f).into_iter().take(THREE).map(|row| {
        vec![
            html! { (names.actor(&row.actor)) span class="note" { " " (names.side(&row.side)) } },
            number(state, &format!("blockers.{}.block", row.actor), &pc(row.block)),
            bar(row.block),
        ]
    });
    table("Share of draws in which each closes the zone", &["Actor", "blocks", ""], rows.collect())
}

/// Members, who closes most first.
fn ranked(f: &Forecast) -> Vec<&Blocker> {
    let mut rows: Vec<_> = f.blockers.iter().collect();
    rows.sort_by(|a, b| b.block.total_cmp(&a.block).then(b.walk.total_cmp(&a.walk)));
    rows
}

/// The answer in a sentence, and what it is made of.
pub(crate) fn said(loaded: &LoadedCase, answer: &PageForecast) -> Markup {
    let f = &answer.forecast;
    let names = Names::new(loaded.case());
    let asked = AskedEvent::new(&names, f);
    html! {
        p class="bottom" { (html_text(&bottom_line(f, &names))) }
        @for text in odds(&asked.topic(&names, f), &shares(&names, f)) { p { (html_text(&text)) } }
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
        &["Issue", "5 %", "Median", "95 %", "Nearest landmark"],
        rows.collect(),
    )
}

/// Who blocks, most first.
pub(crate) fn blockers(state: &LinkState, names: &Names<'_>, f: &Forecast) -> Markup {
    let rows = ranked(f).into_iter().map(|row| {
        let path = |what: &str| format!("blockers.{}.{what}", row.actor);
        vec![
            html! { (names.actor(&row.actor)) span class="note of" { " " (names.side(&row.side)) } },
            number(state, &path("block"), &pc(row.block)),
            number(state, &path("walk"), &pc(row.walk)),
            number(state, &path("banzhaf"), &format!("{:.2}", row.banzhaf)),
            bar(row.block),
        ]
    });
    html! {
        (table("Share of draws in which each closes the zone", &["Actor", "Blocks", "Holds open", "Power", ""], rows.collect()))
        p class="note" { (members_note(names::is_council(names.case()))) }
    }
}

/// Sets of demands below this share of draws are not shown at once.
const RARE: f64 = 0.01;

/// What cannot hold together, most frequent first.
pub(crate) fn conflicts(state: &LinkState, names: &Names<'_>, f: &Forecast, most: usize) -> Markup {
    let demands = |paths: &[String]| {
        and(&paths.iter().map(|path| names.constraint(path)).collect::<Vec<_>>())
    };
    html! {
        @let (often, rare): (Vec<_>, Vec<_>) =
            f.conflicts.iter().take(most).enumerate().partition(|(_, c)| c.share >= RARE);
        @let line = |k: usize, share: f64, paths: &[String]| html! {
            li { (number(state, &format!("conflicts.{k}"), &pc(share))) " " (demands(paths)) }
        };
        ul class="plain" { @for (k, c) in often { (line(k, c.share, &c.constraints)) } }
        @if !rare.is_empty() {
            details {
                summary { (rare.len()) " rarer sets" }
                ul class="plain" { @for (k, c) in rare { (line(k, c.share, &c.constraints)) } }
            }
        }
    }
}

/// What alone would open the zone.
pub(crate) fn opens(state: &LinkState, names: &Names<'_>, f: &Forecast) -> Markup {
    table(
        "The least change of one input that opens the zone of half the draws it can open",
        &["Change", "From", "To", "P(zone) then", "Giving way in full"],
        openings(f)
            .map(|o| {
                let path = |what: &str| format!("opens.{}.{what}", o.path);
                vec![
                    html! {
                        (capital(&names.lever(&o.path))) " "
                        @if !o.path.starts_with("participation.") {
                            a class="try" href=(state.with(&o.path, &short(o.to)).link("/what-if")) { "try it" }
                        }
                    },
                    html! { (placed(names, &o.path, o.from)) },
                    number(state, &path("to"), &placed(names, &o.path, o.to)),
                    number(state, &path("zone"), &pc(o.zone)),
                    number(state, &path("zone_without"), &pc(o.zone_without)),
                ]
            })
            .collect(),
    )
}

/// The coefficients, those that matter most first.
/// Nothing is tried before the answer is whole.
pub(crate) fn coefficients(state: &LinkState, names: &Names<'_>, answer: &PageForecast) -> Markup {
    let f = &answer.forecast;
    let tried = |effect: f64| if answer.whole { signed(effect) } else { "–".to_owned() };
    let size = |c: &CoefficientRow| c.effect[0].abs().max(c.effect[1].abs());
    let mut rows: Vec<&CoefficientRow> = f.coefficients.iter().collect();
    rows.sort_by(|a, b| size(b).total_cmp(&size(a)));
    table(
        "Change of P in points when halved, and when raised by half",
        &["Coefficient", "Value", "5–95 %", "Halved", "Raised by half", "Source"],
        rows.into_iter()
            .map(|c| {
                let path = format!("coefficients.{}", c.name);
                vec![
                    html! {
                        @let called = names.input(&match c.name.as_str() {
                            "pool" => "clock.pool".to_owned(),
                            name => format!("constants.{name}"),
                        });
                        @if called == c.name { (c.name) } @else { (called) " " code { (c.name) } }
                    },
                    number(state, &path, &format!("{} {}", short(c.value), c.unit)),
                    html! { (short(c.range[0])) "–" (short(c.range[1])) },
                    html! { (tried(c.effect[0])) },
                    html! { (tried(c.effect[1])) },
                    html! { (c.source) },
                ]
            })
            .collect(),
    )
}
