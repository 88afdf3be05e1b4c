//! What stands around a page: the head, the row of links, the changes of the link, the twins.

use maud::{DOCTYPE, Markup, html};
use winset_model::case::Day;
use winset_page::text::spoken;

use super::compare::compare_link;
use super::inputs::named;
use super::long::held;
use super::problem::finding;
use super::what_if::keep;
use crate::edit;
use crate::link::LinkState;
use crate::router::{PAGES, Page};
use crate::store::{CaseStore, LoadedCase};

/// The last part of a path: what a folder is called.
fn folder(path: &str) -> &str {
    path.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or(path)
}

/// What stands around a page.
pub(crate) struct PageFrame<'a> {
    pub(crate) store: &'a CaseStore,
    pub(crate) state: &'a LinkState,
    /// The case, where it can be read.
    pub(crate) loaded: Option<&'a LoadedCase>,
    /// The page, where it is one of the table.
    pub(crate) page: Option<&'static Page>,
    pub(crate) title: &'a str,
    /// The whole query, which may hold more than the state; empty where a form was posted.
    pub(crate) query: String,
}

impl PageFrame<'_> {
    /// The whole page around its content.
    pub(crate) fn page(&self, content: Markup) -> String {
        let case = self.loaded.map(LoadedCase::case);
        let name = case.map_or("winset", |c| c.title.as_str());
        let at = self.address();
        let page = at.trim_start_matches('/');
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
                body data-page=(page) data-number=(self.store.texts().number) data-query=(self.state.query()) {
                    a class="skip" href="#main" { "Skip to the content" }
                    header class="top" {
                        p class="case" {
                            a href=(self.state.link(PAGES[0].address)) { (name) }
                            @if let Some(case) = case {
                                span class="asof" { "as of " (spoken(&case.as_of.to_string())) }
                            }
                        }
                        @if let Some(case) = case { (self.told(case.as_of)) }
                        // Without a case no page has anything to show.
                        @let shown = |row: &&Page| !row.name.is_empty() && self.store.texts().exists;
                        nav aria-label="Pages" {
                            ul {
                                @for row in PAGES.iter().filter(shown) {
                                    li {
                                        a href=(self.state.link(row.address))
                                            aria-current=[(row.address == at).then_some("page")] {
                                            (row.name)
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
                        @if let Some(loaded) = self.loaded.filter(|l| !l.findings.is_empty()) {
                            details class="warnings" {
                                summary { "Warnings of the case: " (loaded.findings.len()) }
                                @for d in loaded.findings.iter() { (finding(d, &loaded.texts.files)) }
                            }
                        }
                        (content)
                    }
                    footer {
                        p {
                            span title=(self.store.place.name()) { (folder(&self.store.place.name())) }
                            @if let Some(why) = self.store.unwritten() { " · " (why) }
                            " · winset " (winset_model::forecast::VERSION)
                            @if self.page.is_some() {
                                " · " a href=(self.twin("json")) { "JSON" }
                                " · " a href=(self.twin("csv")) { "CSV" }
                            }
                        }
                    }
                    @if self.store.readable().is_none() && at == PAGES[0].address {
                        form method="post" action="/copy" class="search copy" {
                            label for="copy" { "Save a copy as the folder" }
                            input type="text" id="copy" name="name" required pattern="[a-z0-9][a-z0-9\\-]*" autocomplete="off";
                            button type="submit" { "Save a copy" }
                        }
                    }
                    div id="said" class="said" role="status" aria-live="polite" {}
                }
            }
        }
        .into_string()
    }

    /// The day it is told from, to be changed: on every page that is one of the row of links.
    fn told(&self, day: Day) -> Markup {
        let own = LinkState { as_of: None, ..self.state.clone() };
        let before = LinkState { as_of: Some(day.plus(-1)), ..self.state.clone() };
        html! {
            @if self.page.is_some() {
                form method="get" action=(self.address()) class="told" {
                    (held(&own))
                    a href=(before.link(self.address())) rel="prev" { "◂ a day earlier" }
                    label for="as_of" { "told from" }
                    input type="date" id="as_of" name="as_of" value=(day.to_string()) required;
                    button type="submit" { "Go" }
                    @if self.state.as_of.is_some() {
                        a href=(own.link(self.address())) { "back to the case’s own day" }
                    }
                }
            }
        }
    }

    fn address(&self) -> &'static str {
        self.page.map_or("", |page| page.address)
    }

    /// The same for programs.
    fn twin(&self, kind: &str) -> String {
        let page = format!("{}.{kind}", self.address());
        match self.query.as_str() {
            "" => self.state.link(&page),
            query => format!("{page}?{query}"),
        }
    }

    /// A change as people read it; as it is written where it is no input of the case.
    fn in_words(&self, set: &str) -> Markup {
        let known = self.loaded.zip(set.split_once('=')).and_then(|(loaded, (path, value))| {
            let n = named(loaded.case(), path.trim());
            let was = edit::leaf(&loaded.texts.files.case.text, path.trim());
            let was = was.map(|w| w.split('@').next().unwrap_or_default().trim().to_owned());
            (n.name != path.trim()).then_some((n, was, value.trim()))
        });
        html! {
            @match known {
                Some((n, was, value)) => {
                    bdi { (n.group) ": " (n.name) } ": "
                    @if let Some(was) = was { "from " (was) " to " }
                    strong { (value) }
                }
                None => { code { (set) } }
            }
        }
    }

    /// The changes that the link holds, and what can be done with them.
    pub(crate) fn changes(&self) -> Markup {
        let LinkState { sets, .. } = self.state;
        let base = LinkState { sets: Vec::new(), ..self.state.clone() };
        let command = self.state.command("forecast", &self.store.place.name());
        let many = if sets.len() == 1 { "change" } else { "changes" };
        html! {
            section id="changes" class="changes" aria-label="Changes to the case" hidden[sets.is_empty()] {
                @if !sets.is_empty() {
                    p class="lead" {
                        strong { (sets.len()) " " (many) } " to the case "
                        a class="button" href=(base.link(self.address())) { "Reset all" } " "
                        @if self.address() != "/compare" {
                            a class="button" href=(compare_link(&base, self.state)) { "Compare with the case" }
                        }
                    }
                    ul class="chips" {
                        @for set in sets {
                            @let path = set.split_once('=').map_or(set.as_str(), |(p, _)| p).trim();
                            li title=(set) {
                                (self.in_words(set)) " "
                                a href=(self.state.without(path).link(self.address()))
                                    aria-label=(format!("Reset {path}")) { "reset" }
                            }
                        }
                    }
                    details {
                        summary { "Copy as a command" }
                        pre tabindex="0" { code { (command) } }
                        button type="button" class="copy" data-copy=(command) hidden { "Copy" }
                    }
                    @if self.store.folder().is_some() { (keep(self.state, &self.store.texts())) }
                }
            }
        }
    }
}
