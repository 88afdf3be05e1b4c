//! What moved the number, what drives it, what would flip it: a form, how far the work is, and what
//! was found.

use maud::{Markup, html};
use winset_page::text::{digits, pc, points, share, short, signed, spoken};

use super::super::asked::{Found, Question};
use super::super::desk::Told;
use super::super::state::State;
use super::names::named;
use super::{drawn, exported, number, table};
use winset_report::charts;
use winset_report::drivers::{self, DriversReport, SobolRow};
use winset_report::flip::{self, FlipReport, FlipRow};
use winset_report::moved::{MovedReport, sentence};

/// The state of a link as the hidden fields of a form.
pub(in super::super) fn held(state: &State) -> Markup {
    html! {
        @for set in &state.sets { input type="hidden" name="set" value=(set); }
        @if let Some(day) = state.as_of { input type="hidden" name="as_of" value=(day); }
        @if state.seed != 1 { input type="hidden" name="seed" value=(state.seed); }
        @if let Some(draws) = state.draws { input type="hidden" name="draws" value=(draws); }
    }
}

/// The form that asks what moved the number since a day.
pub(in super::super) fn moved_form(state: &State, days: (String, String)) -> Markup {
    html! {
        form method="get" action="/moved" class="search" {
            (held(state))
            label for="since" { "From" }
            input type="date" id="since" name="from" value=(days.0);
            label for="until" { "to" }
            input type="date" id="until" name="to" value=(days.1);
            button type="submit" { "What moved it" }
        }
    }
}

/// The form that asks what would take the answer across a threshold.
pub(in super::super) fn flip_form(state: &State, p: f64) -> Markup {
    html! {
        form method="get" action="/flip" class="search" {
            (held(state))
            label for="across" { "The smallest change that takes P across" }
            input type="number" id="across" name="p" value=(p) min="0.01" max="0.99" step="0.01";
            button type="submit" { "What would flip it" }
        }
    }
}

/// What stands above the answer.
fn lead(told: &Told, state: &State, question: &Question) -> Markup {
    html! {
        p class="question" { (told.loaded.case.question.text) }
        @match question {
            Question::Moved(from, to) => {
                p class="note" {
                    "The change of the number between two days, divided among the news in between and \
                     time passing: the part of each is its Shapley value, averaged over every order in \
                     which they could have come."
                }
                (moved_form(state, (from.to_string(), to.to_string())))
            }
            Question::Drivers => p class="note" {
                "What each input does to the answer over its own range, and how much of the answer's \
                 variance over draws it carries."
            },
            Question::Flip(p) => { (flip_form(state, *p)) }
            Question::Brief => {}
        }
    }
}

/// A page whose answer is known, or is on its way.
pub(in super::super) fn content(
    told: &Told,
    state: &State,
    question: &Question,
    (page, query): (&str, &str),
    answer: Option<&Found>,
) -> Markup {
    let sign = if query.is_empty() { "" } else { "&" };
    html! {
        (lead(told, state, question))
        @match answer {
            Some(answer) => div id="asked" { (found(told, state, answer, (page, query))) },
            None => div id="asked" aria-busy="true" data-ask=(format!("/ask{page}?{query}")) {
                p class="working" hidden {
                    label for="done" { "Being computed" } " "
                    progress id="done" max="100" value="0" {}
                }
                noscript {
                    p { a class="button" href=(format!("{page}?{query}{sign}wait=1")) { "Compute it" }
                        " and wait: it takes some seconds." }
                }
            },
        }
    }
}

/// What was found.
pub(in super::super) fn found(
    told: &Told,
    state: &State,
    found: &Found,
    (page, query): (&str, &str),
) -> Markup {
    let link = if query.is_empty() { page.to_owned() } else { format!("{page}?{query}") };
    match found {
        Found::Moved(m) => moved(told, state, m, &link),
        Found::Drivers(r) => driven(told, state, r, &link),
        Found::Flip(r) => flipped(told, state, r),
        Found::Brief(_) => html! {},
    }
}

/// A part of a change with its error: `−1.8 ± 0.3`.
pub(in super::super) fn part(part: f64, se: f64) -> String {
    format!("{} ± {:.1}", signed(part), 100.0 * se)
}

fn moved(told: &Told, state: &State, m: &MovedReport, link: &str) -> Markup {
    let entry =
        |id: &String| html! { a href=(format!("{}#e-{id}", state.link("/record"))) { (id) } };
    let mut rows = vec![vec![
        html! { "time passing" },
        html! {},
        html! { (part(m.time.part, m.time.se)) },
        html! { (pc(m.time.share)) },
        html! { "told from the later day with what was known on the earlier" },
    ]];
    rows.extend(m.entries.iter().filter(|n| n.counts).map(|n| {
        vec![
            html! {
                @for id in &n.entries { (entry(id)) " " }
                @for id in &n.calendar { code { "calendar." (id) } " " }
            },
            html! { (spoken(&n.seen.to_string())) },
            html! { (part(n.part, n.se)) },
            html! { (pc(n.share)) },
            html! { @if let Some(who) = &n.speaker { strong { (who) } ": " } (n.text) },
        ]
    }));
    let silent: Vec<_> = m.entries.iter().filter(|n| !n.counts).flat_map(|n| &n.entries).collect();
    html! {
        p class="bottom" { (sentence(m)) }
        (drawn(&charts::moved(&told.loaded.case, m)))
        (exported(link))
        (table("What each added, in points, with its standard error, and its share of all movement",
            &["News", "seen on", "points", "share", "what"], rows))
        @if !silent.is_empty() {
            p class="note" { "No input rests on " @for (k, id) in silent.iter().enumerate() { @if k > 0 { ", " } (entry(id)) } "." }
        }
        (how(m.draws, m.seed))
    }
}

fn how(draws: u64, seed: u64) -> Markup {
    html! {
        p class="note" {
            (winset_page::text::thousands(draws)) " draws, seed " (seed)
            ", the same random numbers throughout"
        }
    }
}

fn driven(told: &Told, state: &State, r: &DriversReport, link: &str) -> Markup {
    let case = &told.loaded.case;
    let name = |path: &str| {
        let n = named(case, path);
        number(state, path, &format!("{}: {}", n.group, n.name))
    };
    let row = |p: &SobolRow| {
        vec![
            match &p.path {
                Some(path) => name(path),
                None => html! { (p.name) },
            },
            html! { (share(p.alone())) },
            html! { (share(p.in_all())) },
        ]
    };
    html! {
        (drawn(&charts::tornado(case, r)))
        (exported(link))
        section {
            h2 { "One input at a time" }
            (table("The answer with one input at its 10 % and at its 90 %, all others as drawn",
                &["Input", "10 %", "90 %", "P then", "P then", "points", "rests on"],
                r.tornado.iter().map(|b| vec![
                    name(&b.path), html! { (short(b.low)) }, html! { (short(b.high)) },
                    html! { (pc(b.p_low)) }, html! { (pc(b.p_high)) },
                    html! { (part(b.p_high - b.p_low, b.se)) },
                    html! { @if b.judgement { "judgement" } @else { "the record" } },
                ]).collect()))
        }
        section {
            h2 { "Shares of the variance" }
            @if r.sd == 0.0 { p { (drivers::NO_VARIANCE) } }
            @else {
                p { "The answer varies over draws by " (points(r.sd)) " (standard deviation)." }
                (table("Sobol’ indices with their 5–95 %: alone, and together with others",
                    &["Input", "alone", "in all"], r.sobol.iter().map(row).collect()))
                @if let Some(said) = drivers::judgement(r) { p { (said) } }
            }
        }
        (how(r.answer.draws, r.seed))
    }
}

fn flipped(told: &Told, state: &State, r: &FlipReport) -> Markup {
    let case = &told.loaded.case;
    let sets =
        |f: &FlipRow| f.changes.iter().fold(state.clone(), |s, c| s.with(&c.path, &digits(c.to)));
    let item = |f: &FlipRow| {
        html! {
            li { (flip::sentence(r, f)) " " a class="try" href=(sets(f).link("/what-if")) { "try it" } }
        }
    };
    html! {
        @if r.inputs == 0 {
            p { (flip::ALL_KNOWN) }
        } @else {
            section {
                h2 { (flip::heading_alone(r)) }
                @if r.single.is_empty() { p { (flip::none_alone(r)) } }
                ul class="plain" { @for f in &r.single { (item(f)) } }
                @if !r.cannot.is_empty() {
                    details {
                        summary { (r.cannot.len()) " cannot do it alone" }
                        (table("How near each comes", &["Input", "at", "P there"],
                            r.cannot.iter().map(|s| {
                                let n = named(case, &s.path);
                                vec![number(state, &s.path, &format!("{}: {}", n.group, n.name)), html! { (short(s.at)) }, html! { (pc(s.p)) }]
                            }).collect()))
                    }
                }
            }
            section {
                h2 { "Several together" }
                @match &r.joint {
                    Some(f) => ul class="plain" { (item(f)) },
                    None => p { (flip::none_together(r)) },
                }
                @if let Some(f) = &r.joint {
                    (table("Each input of it", &["Input", "from", "to", "standard units"],
                        f.changes.iter().map(|c| {
                            let n = named(case, &c.path);
                            vec![number(state, &c.path, &format!("{}: {}", n.group, n.name)), html! { (digits(c.from)) }, html! { (digits(c.to)) }, html! { (signed(c.z / 100.0)) }]
                        }).collect()))
                }
                p class="note" { (flip::measure(r)) }
            }
            (how(r.answer.draws, r.seed))
        }
    }
}
