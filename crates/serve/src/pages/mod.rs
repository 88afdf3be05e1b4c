//! The pages: what stands on each, around it, and how numbers are written.

pub(super) mod asked;
pub(super) mod closer;
pub(super) mod compare;
pub(super) mod conflict;
pub(super) mod explain;
pub(super) mod log;
pub(super) mod names;
pub(super) mod overview;
pub(super) mod problem;
pub(super) mod record;
pub(super) mod what_if;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use winset_page::chart::Figure;
use winset_page::text::{spoken, thousands};

use super::desk::{Desk, Told};
use super::state::State;
use super::work::Answered;

/// A figure as it stands in a page: the charts escape what they are given.
pub(super) fn drawn(figure: &Figure) -> Markup {
    PreEscaped(figure.html())
}

/// The way to a page's chart as files: drawn to publish, and as numbers.
pub(super) fn exported(link: &str) -> Markup {
    let (page, query) = link.split_once('?').unwrap_or((link, ""));
    let sign = if query.is_empty() { "" } else { "?" };
    html! {
        p class="note" {
            "The chart as " a href=(format!("{page}.svg{sign}{query}")) download { "SVG" }
            " · " a href=(format!("{page}.chart.csv{sign}{query}")) download { "CSV" }
        }
    }
}

/// Every page: its address and its name.
pub(super) const PAGES: [(&str, &str); 13] = [
    ("/overview", "Overview"),
    ("/deals", "Deals"),
    ("/blockers", "Blockers"),
    ("/when", "When"),
    ("/record", "Record"),
    ("/beliefs", "Beliefs"),
    ("/moved", "Moved"),
    ("/drivers", "Drivers"),
    ("/flip", "Flip"),
    ("/what-if", "What-if"),
    ("/compare", "Compare"),
    ("/log", "Log and score"),
    ("/method", "Method"),
];

/// Makes the outputs of a page from an answer.
pub(super) type Outputs = fn(&Told, &State, &Answered) -> Markup;

/// The outputs of a page that can be refined.
pub(super) fn outputs(page: &str) -> Option<Outputs> {
    match page {
        "overview" => Some(overview::outputs),
        "what-if" => Some(what_if::outputs),
        "blockers" => Some(closer::blockers),
        "method" => Some(closer::method),
        _ => None,
    }
}

/// What stands around a page.
pub(super) struct Frame<'a> {
    pub(super) desk: &'a Desk,
    pub(super) state: &'a State,
    /// The case, where it can be told.
    pub(super) told: Option<&'a Told>,
    /// Which of [`PAGES`]; another address stands beside them.
    pub(super) at: &'static str,
    pub(super) title: &'a str,
    /// The whole query, where the page holds more than the state.
    pub(super) query: Option<&'a str>,
}

impl Frame<'_> {
    /// The whole page around its content.
    pub(super) fn page(&self, content: Markup) -> String {
        let case = self.told.map(|t| &t.loaded.case);
        let name = case.map_or("winset", |c| c.title.as_str());
        let seen = self.desk.seen();
        let page = self.at.trim_start_matches('/');
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (self.title) " · " (name) }
                    link rel="icon" href="/assets/icon.svg";
                    link rel="stylesheet" href="/assets/chart.css";
                    link rel="stylesheet" href="/assets/workbench.css";
                    script type="module" src="/assets/workbench.js" {}
                }
                body data-page=(page) data-number=(seen.number) data-query=(self.state.query()) {
                    a class="skip" href="#main" { "Skip to the content" }
                    header class="top" {
                        p class="case" {
                            a href=(self.state.link("/overview")) { (name) }
                            @if let Some(case) = case {
                                span class="asof" { "as of " (spoken(&case.as_of.to_string())) }
                            }
                        }
                        nav aria-label="Pages" {
                            ul {
                                @for (address, name) in PAGES {
                                    li {
                                        a href=(self.state.link(address))
                                            aria-current=[(address == self.at).then_some("page")] {
                                            (name)
                                        }
                                    }
                                }
                                @if case.is_some() {
                                    li { a href=(self.state.link("/brief.html")) download="brief.html" { "Brief ↓" } }
                                }
                            }
                        }
                    }
                    @if case.is_some() { (self.changes()) }
                    main id="main" tabindex="-1" {
                        h1 { (self.title) }
                        @if let Some(told) = self.told.filter(|t| !t.findings.is_empty()) {
                            details class="warnings" {
                                summary { "Warnings of the case: " (told.findings.len()) }
                                @for d in told.findings.iter() { (problem::finding(d, &told.seen.files)) }
                            }
                        }
                        (content)
                    }
                    footer {
                        p {
                            (self.desk.place.name())
                            @if self.desk.folder().is_none() { " · built in, not written to" }
                            " · winset " (winset_model::forecast::VERSION)
                            " · " a href=(self.twin("json")) { "JSON" }
                            " · " a href=(self.twin("csv")) { "CSV" }
                        }
                    }
                    @if self.desk.folder().is_none() && self.at == "/overview" {
                        form method="post" action="/copy" class="search copy" {
                            label for="copy" { "Save a copy as the folder" }
                            input type="text" id="copy" name="name" required pattern="[a-z0-9][a-z0-9-]*" autocomplete="off";
                            button type="submit" { "Save a copy" }
                        }
                    }
                    div id="said" class="said" role="status" aria-live="polite" {}
                }
            }
        }
        .into_string()
    }

    /// The same for programs.
    fn twin(&self, kind: &str) -> String {
        let page = format!("{}.{kind}", self.at);
        match self.query {
            Some(query) if !query.is_empty() => format!("{page}?{query}"),
            _ => self.state.link(&page),
        }
    }

    /// The changes that the link holds, and what can be done with them.
    pub(super) fn changes(&self) -> Markup {
        let State { sets, .. } = self.state;
        let base = State { sets: Vec::new(), ..self.state.clone() };
        let command = self.state.command("forecast", &self.desk.place.name());
        let many = if sets.len() == 1 { "change" } else { "changes" };
        html! {
            section id="changes" class="changes" aria-label="Changes to the case" hidden[sets.is_empty()] {
                @if !sets.is_empty() {
                    p class="lead" {
                        strong { (sets.len()) " " (many) } " to the case "
                        a class="button" href=(base.link(self.at)) { "Reset all" } " "
                        a class="button" href=(compare_link(&base, self.state)) { "Compare with the case" }
                    }
                    ul class="chips" {
                        @for set in sets {
                            @let path = set.split_once('=').map_or(set.as_str(), |(p, _)| p).trim();
                            li {
                                code { (set) } " "
                                a href=(self.state.without(path).link(self.at))
                                    aria-label=(format!("Reset {path}")) { "reset" }
                            }
                        }
                    }
                    details {
                        summary { "Copy as a command" }
                        pre tabindex="0" { code { (command) } }
                        button type="button" class="copy" data-copy=(command) hidden { "Copy" }
                    }
                    @if self.desk.folder().is_some() { (what_if::keep(self.state, &self.desk.seen())) }
                }
            }
        }
    }
}

/// The link that compares two states.
pub(super) fn compare_link(a: &State, b: &State) -> String {
    let list = |name: &str, s: &State| -> String {
        s.sets.iter().map(|set| format!("{name}={}&", super::http::encode(set))).collect()
    };
    let rest = State { sets: Vec::new(), ..b.clone() }.query();
    let all = format!("/compare?{}{}{rest}", list("a", a), list("b", b));
    all.trim_end_matches(['&', '?']).to_owned()
}

/// A number that says what it is.
pub(super) fn number(state: &State, path: &str, text: &str) -> Markup {
    html! {
        a class="n" href=(state.link_with("/explain", "path", path)) title=(format!("What is {path}?")) {
            (text)
        }
    }
}

/// How an answer was computed, and whether it gets finer.
pub(super) fn fineness(state: &State, answered: &Answered) -> Markup {
    let f = &answered.forecast;
    html! {
        p class="fineness" {
            @if answered.whole {
                (thousands(f.draws)) " draws"
            } @else {
                span class="refining" { "refining" } " · " (thousands(f.draws)) " draws so far"
                noscript {
                    a href=(state.link_with("/overview", "draws", &super::state::DRAWS.to_string())) {
                        "all " (thousands(super::state::DRAWS)) " draws"
                    }
                }
            }
            ", seed " (f.seed) ", Monte Carlo error "
            (number(state, "answer.mcse", &winset_page::text::points(f.answer.mcse)))
        }
    }
}

/// A table that scrolls on its own where it is too wide.
pub(super) fn table(caption: &str, heads: &[&str], rows: Vec<Vec<Markup>>) -> Markup {
    html! {
        div class="scroll" tabindex="0" role="region" aria-label=(caption) {
            table {
                caption { (caption) }
                thead { tr { @for head in heads { @if head.is_empty() { td {} } @else { th scope="col" { (head) } } } } }
                tbody {
                    @for row in rows {
                        tr {
                            @for (k, cell) in row.into_iter().enumerate() {
                                @if k == 0 { th scope="row" { (cell) } } @else { td { (cell) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A probability as a bar beside its number.
pub(super) fn bar(p: f64) -> Markup {
    let width = format!("{:.1}", 100.0 * p.clamp(0.0, 1.0));
    html! {
        svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" {
            rect class="ground" x="0" y="0" width="100" height="8" {}
            rect class="fill" x="0" y="0" width=(width) height="8" {}
        }
    }
}
