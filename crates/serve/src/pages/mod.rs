//! The pages: what stands on each, around it, and how numbers are written.

pub(crate) mod beliefs;
pub(crate) mod blockers;
pub(crate) mod classes;
mod clock;
pub(crate) mod compare;
pub(crate) mod conflict;
pub(crate) mod deals;
pub(crate) mod drivers;
pub(crate) mod explain;
pub(crate) mod flip;
mod frame;
pub(crate) mod history;
mod inputs;
pub(crate) mod log;
pub(crate) mod long;
pub(crate) mod method;
pub(crate) mod moved;
pub(crate) mod overview;
pub(crate) mod problem;
pub(crate) mod reading;
pub(crate) mod record;
pub(crate) mod stability;
pub(crate) mod start;
pub(crate) mod variants;
pub(crate) mod what_if;
pub(crate) mod when;

use maud::{Markup, PreEscaped, html};
use winset_model::forecast::Forecast;
use winset_page::chart::Figure;
use winset_page::text::{pc, points, thousands};

pub(crate) use frame::PageFrame;

use crate::link::{DRAWS, LinkState};
use crate::queue::{PageForecast, Queue};
use crate::router::Visit;
use crate::store::LoadedCase;

/// A figure as it stands in a page: the charts escape what they are given.
pub(crate) fn drawn(figure: &Figure) -> Markup {
    PreEscaped(figure.html())
}

/// The way to a page's chart as files: drawn to publish, and as numbers. With a script the chart has
/// buttons of its own.
pub(crate) fn exported(link: &str) -> Markup {
    let (page, query) = link.split_once('?').unwrap_or((link, ""));
    let sign = if query.is_empty() { "" } else { "?" };
    html! {
        noscript {
            p class="note" {
                "The chart as " a href=(format!("{page}.svg{sign}{query}")) download { "SVG" }
                " · " a href=(format!("{page}.chart.csv{sign}{query}")) download { "CSV" }
            }
        }
    }
}

/// A number that says what it is.
pub(crate) fn number(state: &LinkState, path: &str, text: &str) -> Markup {
    html! {
        a class="n" href=(state.link_with("/explain", "path", path)) title=(format!("What is {path}?")) {
            (text.replace(" %", "\u{a0}%").replace(" points", "\u{a0}points"))
        }
    }
}

/// The head of the paths of a forecast's curve: what counts as yes, by day.
pub(crate) fn curve_path(f: &Forecast) -> &'static str {
    if f.counted.is_empty() { "agreement" } else { "counted" }
}

/// How an answer was computed, and whether it gets finer.
pub(crate) fn fineness(state: &LinkState, answer: &PageForecast) -> Markup {
    let f = &answer.forecast;
    html! {
        p class="fineness" {
            @if answer.whole {
                (thousands(f.draws)) " draws"
            } @else {
                span class="refining" { "refining" } " · " (thousands(f.draws)) " draws so far"
                noscript {
                    a href=(state.link_with("/overview", "draws", &DRAWS.to_string())) {
                        "all " (thousands(DRAWS)) " draws"
                    }
                }
            }
            ", seed " (f.seed) ", Monte Carlo error "
            (number(state, "answer.mcse", &points(f.answer.mcse)))
        }
    }
}

/// The outputs of a page, or where they will be once there is an answer; `made` makes them of one.
pub(crate) fn place(
    visit: &Visit,
    answer: Option<&PageForecast>,
    made: impl Fn(&PageForecast) -> Markup,
) -> Markup {
    let wait = visit.state.link_with(visit.page.address, "wait", "1");
    html! {
        @match answer {
            Some(answer) => div id="outputs" aria-busy="false" data-whole=(answer.whole) { (made(answer)) },
            None => div id="outputs" aria-busy="true" data-whole="false" {
                p class="working" role="status" { "The first draws are on their way." }
                noscript { p { a class="button" href=(wait) { "Compute it" } " and wait: it takes some seconds." } }
            },
        }
    }
}

/// What an answer is on the draws of Overview, where a page has fewer; `whose` names it.
pub(crate) fn fewer(
    queue: &Queue,
    (loaded, state): (&LoadedCase, &LinkState),
    draws: u64,
    whose: &str,
) -> Markup {
    let all = state.draws.unwrap_or(DRAWS);
    let known = queue.finest(loaded, state).filter(|f| f.draws == all);
    html! {
        @if draws < all {
            p class="note" {
                "Overview has " (thousands(all)) " draws"
                @if let Some(f) = known {
                    ", on which " (whose) " is " (number(state, "answer.p", &pc(f.answer.p)))
                }
                ": on the " (thousands(draws)) " of this page a share may differ from it by a point or two, and differences are better known than that."
            }
        }
    }
}

/// A table that scrolls on its own where it is too wide.
pub(crate) fn table(caption: &str, heads: &[&str], rows: Vec<Vec<Markup>>) -> Markup {
    // Many columns with words in them do not fit on a phone: there every cell has a line and its own heading.
    let wordy = rows.iter().flat_map(|row| row.iter().skip(1)).any(|cell| length(cell) > WORDY);
    let cards = (heads.len() > 3 && wordy).then_some("cards");
    // More of them do not fit on a tablet either.
    let shape = cards.map(|cards| if heads.len() > 7 { "cards wide" } else { cards });
    let heading = |k: usize| heads.get(k).filter(|_| cards.is_some());
    let numeric = numeric(heads.len(), &rows);
    let number = |k: usize| numeric.get(k).copied().unwrap_or(false).then_some("n");
    html! {
        div class="scroll" tabindex="0" role="region" aria-label=(caption) {
            table class=[shape] {
                caption { (caption) }
                thead { tr { @for (k, head) in heads.iter().enumerate() { @if head.is_empty() { td {} } @else { th scope="col" class=[number(k)] { (head.replace(" %", "\u{a0}%")) } } } } }
                tbody {
                    @for row in rows {
                        tr {
                            @for (k, cell) in row.into_iter().enumerate() {
                                @let long = cards.filter(|_| length(&cell) > WORDY).map(|_| "long");
                                @let brief = number(k).or(brief(&cell).then_some("brief")).or(long);
                                @if k == 0 { th scope="row" { (cell) } } @else { td class=[brief] data-head=[heading(k)] { (cell) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Which columns, after the first, hold numbers with their units alone: those stand on the right.
fn numeric(columns: usize, rows: &[Vec<Markup>]) -> Vec<bool> {
    let number = |cell: &Markup| {
        let text = seen(cell);
        let bare = text.replace("points", "");
        matches!(bare.as_str(), "yes" | "no")
            || bare.chars().all(|c| c.is_ascii_digit() || " \u{a0}.,<>%±+−–()".contains(c))
    };
    let of = |k: usize| rows.iter().filter_map(move |row| row.get(k));
    let any = |k: usize| of(k).any(|cell| seen(cell).contains(|c: char| c.is_ascii_digit()));
    (0..columns).map(|k| k > 0 && of(k).all(number) && any(k)).collect()
}

/// Whether a cell is so short that it stands on one line: a number with its unit, a day.
fn brief(cell: &Markup) -> bool {
    length(cell) <= BRIEF
}

/// How many signs of a cell are seen.
fn length(cell: &Markup) -> usize {
    seen(cell).chars().count()
}

/// What is seen of a cell.
fn seen(cell: &Markup) -> String {
    let mut inside = false;
    let shown = cell.0.chars().filter(|c| {
        inside = (inside || *c == '<') && *c != '>';
        !inside && *c != '>'
    });
    shown.collect::<String>().replace("&lt;", "<").replace("&gt;", ">")
}

/// Signs of a cell that is a text.
const WORDY: usize = 30;

/// Signs of a cell that does not break.
const BRIEF: usize = 18;

/// A probability as a bar beside its number.
pub(crate) fn bar(p: f64) -> Markup {
    let width = format!("{:.1}", 100.0 * p.clamp(0.0, 1.0));
    html! {
        svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" {
            rect class="ground" x="0" y="0" width="100" height="8" {}
            rect class="fill" x="0" y="0" width=(width) height="8" {}
        }
    }
}
