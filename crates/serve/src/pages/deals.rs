//! Deals: packages by how often they would be ratified, trades, linkage, the classical solutions.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use maud::{Markup, html};
use winset_model::case::{Case, Issue};
use winset_model::effort::Effort;
use winset_page::chart::Figure;
use winset_page::document::html_section;
use winset_page::text::{pc, short, thousands};
use winset_report::brief::deal_map;
use winset_report::charts;
use winset_report::deals as packages;
use winset_report::deals::DealsReport;
use winset_report::deals::text::{self, TextReport};
use winset_report::names::Names;

use super::long::{asked, held, known};
use super::{drawn, exported, fineness, number, overview, place, table};
use crate::http::{Reply, Request};
use crate::link::LinkState;
use crate::queue::{Ghost, JUDGED, Job, PackageSearch, PageForecast, Stopped};
use crate::router::{ReplyError, Visit, not_found};
use crate::scenarios::slug;
use crate::store::LoadedCase;

/// The job of a request.
pub(crate) fn job(_: &Request, _: &LoadedCase) -> Result<Job, String> {
    Ok(Job::Deals)
}

pub(crate) async fn html(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let known = known(&visit, &loaded, &Job::Deals).await?;
    let tested = tested(&visit, &loaded).await?;
    let answer = visit.soon(&loaded).await?;
    let content = html! {
        (packet(&loaded, &visit, tested))
        (place(&visit, answer.as_ref(), |answer| outputs(&loaded, &visit.state, answer, None)))
        (asked(&visit, &loaded, &Job::Deals, known.as_ref()))
    };
    Ok(visit.html(&loaded, content))
}

/// What `winset deals --json` prints.
///
/// # Errors
/// More packages than can be listed, in words.
pub(super) fn report(
    loaded: &LoadedCase,
    state: &LinkState,
    found: &PackageSearch,
) -> Result<DealsReport, String> {
    let space = found.space.clone()?;
    Ok(packages::report(loaded.case(), state.seed, space, found.judged.clone()))
}

pub(crate) async fn chart(visit: Visit) -> Result<Figure, ReplyError> {
    let loaded = visit.case()?;
    deal_map(loaded.case()).ok_or_else(|| not_found(&visit.server).into())
}

/// What a text is called that a link gives no name, beside those of the case.
const TESTED: &str = "tested";

/// What the text of a link is called: the name it gives, as a name of the grammar; one of the case is no
/// name for another text.
fn called(visit: &Visit, case: &Case) -> String {
    let given = visit.request.query_value("called").map(slug).unwrap_or_default();
    let taken = case.texts.iter().any(|t| t.id == given);
    if given.is_empty() || taken { TESTED.to_owned() } else { given }
}

/// The terms that a link names, in the order of the issues: one by one as a form does, or all of them in
/// `at`; `None` where it names none.
fn named_terms(visit: &Visit, case: &Case) -> Option<Vec<f64>> {
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|x| x.is_finite());
    if let Some(all) = visit.request.query_value("at") {
        let terms: Option<Vec<f64>> = all.split(',').map(number).collect();
        return terms.filter(|terms| terms.len() == case.issues.len());
    }
    let term = |issue: &Issue| number(visit.request.query_value(&format!("text.{}", issue.id))?);
    case.issues.iter().map(term).collect()
}

/// How the text of a link would fare, as `winset deals --text` has it, and the command that says so.
async fn tested(
    visit: &Visit,
    loaded: &LoadedCase,
) -> Result<Option<(TextReport, LoadedCase, String)>, ReplyError> {
    let Some(terms) = named_terms(visit, loaded.case()) else { return Ok(None) };
    let id = called(visit, loaded.case());
    let put = |state: LinkState, (issue, x): (&Issue, f64)| {
        state.with(&format!("texts.{id}.{}", issue.id), &short(x))
    };
    let state = loaded.case().issues.iter().zip(terms).fold(visit.state.clone(), put);
    let with = visit.case_in(&state)?;
    let Some(text) = with.case().texts.iter().position(|t| t.id == id) else { return Ok(None) };
    let (inner, seed) = (Arc::clone(&with.inner), visit.state.seed);
    let draws = visit.state.draws.unwrap_or(JUDGED);
    let work = move |threads, stop: &AtomicBool| {
        text::ask(&inner.case, text, seed, draws, Effort::silent(threads, stop))
    };
    let report = visit.server.queue.step(&visit.stop, work).await?.ok_or(Stopped)?;
    let verb = format!("deals --text {id}");
    let command = state.command(&verb, &visit.server.store.place.name());
    Ok(Some((report, with, command)))
}

/// A package on sliders: who would ratify it, who refuses and why, the nearest that would pass.
fn packet(
    loaded: &LoadedCase,
    visit: &Visit,
    tested: Option<(TextReport, LoadedCase, String)>,
) -> Markup {
    let (case, state) = (loaded.case(), &visit.state);
    // Where no terms are named yet, those in the middle of a deal are a start.
    let named = named_terms(visit, case);
    let at = |k: usize, issue: &Issue| {
        let middle = (issue.scale.0 + issue.scale.1) / 2.0;
        named.as_ref().and_then(|terms| terms.get(k).copied()).unwrap_or(middle)
    };
    html! {
        section id="test" {
            h2 { "Test a text" }
            p class="note" { "Set the terms: who would ratify them, who refuses and why, and the nearest text that would pass." }
            form method="get" action="/deals#test" class="packet" {
                (held(state))
                @for (k, issue) in case.issues.iter().enumerate() {
                    @let name = format!("text.{}", issue.id);
                    @let (lo, hi) = issue.scale;
                    div class="issue" {
                        label for=(name) { bdi { (issue.name) } }
                        div class="level" {
                            input type="range" hidden aria-label=(format!("{}, as a slider", issue.name)) data-for=(name)
                                min=(short(lo)) max=(short(hi)) step=(short((hi - lo) / 100.0)) value=(short(at(k, issue)));
                            input type="number" id=(name) name=(name) required
                                min=(short(lo)) max=(short(hi)) step="any" value=(short(at(k, issue)));
                        }
                        p class="marks" {
                            @for (j, mark) in issue.marks.iter().enumerate() {
                                @if j > 0 { " · " }
                                (short(mark.0)) " " bdi { (mark.1) }
                            }
                        }
                    }
                }
                div class="issue" {
                    label for="called" { "What it is called" }
                    input type="text" id="called" name="called" maxlength="64" autocomplete="off"
                        placeholder="optional" value=(visit.request.query_value("called").unwrap_or_default());
                }
                div class="actions" { button type="submit" class="first" { "Test this text" } }
            }
            @if let Some((report, with, command)) = &tested {
                @let names = Names::new(with.case());
                // What it says stands on the sliders.
                @let said = text::document(report, &names);
                @for section in said.sections.iter().skip(1) { (html_section(section, &said.figures)) }
                @if let Some(near) = &report.odds.nearest {
                    p { a class="button" href=(state.package(&near.terms)) { "Test the nearest one that would pass" } }
                }
                details { summary { "As a command" } pre tabindex="0" { code { (command) } } }
            }
            p class="note" { "Or take one of the packages below: each can be tested." }
        }
    }
}

/// Where the sides stand, and the terms of a deal.
pub(crate) fn outputs(
    loaded: &LoadedCase,
    state: &LinkState,
    answer: &PageForecast,
    _: Option<&Ghost>,
) -> Markup {
    html! {
        section {
            h2 { "On which terms" }
            div class="twin" {
                @if let Some(strips) = charts::terms(loaded.case(), &answer.forecast) { (drawn(&strips)) }
                div class="beside" { (overview::terms(loaded, state, answer)) }
            }
            (fineness(state, answer))
        }
    }
}

/// The packages, once they are judged.
pub(super) fn result(loaded: &LoadedCase, state: &LinkState, found: &PackageSearch) -> Markup {
    let case = loaded.case();
    let PackageSearch { judged, space, map } = found;
    let names = Names::new(case);
    let shown = packages::packages(judged, &names);
    let heads: Vec<&str> = shown.head.iter().map(String::as_str).collect();
    let cells = |row: &Vec<String>| row.iter().map(|cell| html! { (cell) }).collect();
    let rows: Vec<Vec<Markup>> = shown.rows.iter().map(cells).collect();
    html! {
        @if judged.ranked.is_empty() {
            p { (packages::no_package(judged)) }
        } @else {
            (table("Packages by P(ratified) × room", &heads, rows))
            p {
                "Test "
                @for (k, ranked) in judged.ranked.iter().take(heads.len().saturating_sub(1)).enumerate() {
                    @if k > 0 { " · " }
                    a href=(state.package(&ranked.package)) { "no. " (k + 1) }
                }
            }
            p class="note" {
                "Shares of " (thousands(judged.draws)) " draws, "
                (number(state, "zone.p", &pc(judged.zone))) " of which have a zone; " (packages::ROBUST)
            }
        }
        (html_section(&packages::people(judged, &names), &[]))
        @if !judged.swaps.is_empty() {
            section {
                h2 { (packages::TRADES) }
                (table("Ten points on one issue for ten on another", &["Gives", "On", "Gets on", "From", "Both gain in", "Its gain", "The other’s"],
                    judged.swaps.iter().take(8).map(|s| vec![
                        html! { (names.side(&s.side)) }, html! { (names.issue(&s.gives)) },
                        html! { (names.issue(&s.gets)) }, html! { (names.side(&s.other)) }, html! { (pc(s.wanted)) },
                        html! { (format!("{:.1} points", s.gain)) }, html! { (format!("{:.1} points", s.other_gain)) },
                    ]).collect()))
            }
        }
        @if judged.linkage.len() > 1 {
            section {
                h2 { "With an issue off the table" }
                (table("P(zone) without it", &["Issue", "P(zone)"],
                    judged.linkage.iter().map(|l| vec![
                        html! { (names.issue(&l.issue)) }, html! { (pc(l.zone_without)) },
                    ]).collect()))
            }
        }
        div class="twin" {
            @if let Some(map) = map {
                section {
                    h2 { "Packages at central values" }
                    div.steer { (drawn(map)) }
                    p class="note" { "Every dot is a link to a package of its place: its terms on the sliders, who would refuse it and why, the nearest that would pass. The arrow keys go from dot to dot." }
                    (exported(&state.link("/deals")))
                }
            }
            @if let Ok(space) = space {
                div {
                    @for section in packages::space_sections(space, &names) { (html_section(&section, &[])) }
                }
            }
        }
    }
}
