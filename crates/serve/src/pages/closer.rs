//! The forecast asked more closely: deals, blockers, when, beliefs, method.

use maud::{Markup, html};
use winset_model::case::Case;
use winset_model::forecast::Deals;
use winset_page::chart::Figure;
use winset_page::document::html_section;
use winset_page::text::{pc, points, short, signed, spoken};
use winset_report::belief::text::View;
use winset_report::deals::{self, domain, domain::DomainReport};
use winset_report::why::text::{EQUATIONS, When};

use super::super::desk::Told;
use super::super::state::State;
use super::super::work::Answered;
use super::names::named;
use super::{drawn, exported, fineness, number, overview, table};
use winset_report::charts;
use winset_report::forecast::view_of;

/// Deals: packages by how often they would be ratified, trades, linkage, the classical solutions.
pub(in super::super) fn deals(
    case: &Case,
    state: &State,
    judged: &Deals,
    space: Option<&DomainReport>,
    map: Option<&Figure>,
) -> Markup {
    let packages = deals::packages(judged, case);
    let heads: Vec<&str> = packages.head.iter().map(String::as_str).collect();
    let cells = |row: &Vec<String>| row.iter().map(|cell| html! { (cell) }).collect();
    let rows: Vec<Vec<Markup>> = packages.rows.iter().map(cells).collect();
    html! {
        @if judged.ranked.is_empty() {
            p { (deals::NO_ZONE) }
        } @else {
            (table("Packages by P(ratified) × room", &heads, rows))
            p class="note" {
                (judged.draws) " draws; P(zone) " (number(state, "zone.p", &pc(judged.zone)))
                "; " (deals::ROBUST)
            }
        }
        @if !judged.swaps.is_empty() {
            section {
                h2 { (deals::TRADES) }
                (table("Ten points on one issue for ten on another", &["gives", "on", "gets on", "both gain in", "its gain", "the other's"],
                    judged.swaps.iter().take(8).map(|s| vec![
                        html! { (deals::side(case, &s.side)) }, html! { (deals::issue(case, &s.gives)) },
                        html! { (deals::issue(case, &s.gets)) }, html! { (pc(s.wanted)) },
                        html! { (format!("{:.1} points", s.gain)) }, html! { (format!("{:.1} points", s.other_gain)) },
                    ]).collect()))
            }
        }
        @if judged.linkage.len() > 1 {
            section {
                h2 { "With an issue off the table" }
                (table("P(zone) without it", &["Issue", "P(zone)"],
                    judged.linkage.iter().map(|l| vec![
                        html! { (deals::issue(case, &l.issue)) }, html! { (pc(l.zone_without)) },
                    ]).collect()))
            }
        }
        @if let Some(map) = map {
            section {
                h2 { "Packages at central values" }
                (drawn(map))
                (exported(&state.link("/deals")))
            }
        }
        @if let Some(space) = space {
            @for section in domain::document(space).sections { (html_section(&section, &[])) }
        }
    }
}

/// Blockers.
pub(in super::super) fn blockers(told: &Told, state: &State, answered: &Answered) -> Markup {
    let v = view_of(&told.loaded.case, &answered.forecast);
    html! {
        (drawn(&charts::blockers(&told.loaded.case, &answered.forecast)))
        (exported(&state.link("/blockers")))
        (overview::blockers(state, &v, answered))
        (fineness(state, answered))
        @if answered.whole {
            section {
                h2 { "What cannot hold together" }
                @if v.conflicts.is_empty() { p { "Nothing: every draw has a zone." } }
                ul class="plain" {
                    @for (k, (set, share)) in v.conflicts.iter().take(20).enumerate() {
                        li { (number(state, &format!("conflicts.{k}"), &pc(*share))) " " (set.join("; ")) }
                    }
                }
            }
            section {
                h2 { "What alone would open the zone" }
                @if v.opens.is_empty() { p { "No single change does." } } @else { (overview::opens(state, &v)) }
            }
        } @else {
            p { "What cannot hold together, and what would open the zone, is being looked for." }
        }
    }
}

/// When.
pub(in super::super) fn when(told: &Told, state: &State, answered: &Answered, w: &When) -> Markup {
    let v = view_of(&told.loaded.case, &answered.forecast);
    html! {
        (drawn(&charts::endings(&told.loaded.case, &answered.forecast)))
        (exported(&state.link("/when")))
        (table("P(agreement) by date", &["By", "P", "odds 5–95 %"], v.dates.iter().map(|row| vec![
            html! { (spoken(&row.date)) },
            number(state, &format!("agreement.{}", row.date), &pc(row.p)),
            html! { (winset_page::text::whole(row.lo)) "–" (pc(row.hi)) },
        ]).collect()))
        (fineness(state, answered))
        @if !w.dates.is_empty() {
            section {
                h2 { "Dates" }
                (table("What each day alone adds to P(agreement)", &["Date", "", "kind", "adds"], w.dates.iter().map(|d| vec![
                    html! { (spoken(&d.date)) }, html! { (d.name) }, html! { (d.kind) }, html! { (points(d.share)) },
                ]).collect()))
            }
        }
        @if !w.promises.is_empty() {
            section {
                h2 { "Promises" }
                (table("Exits a year: believed, and at which a side would just sign", &["Relies on it", "believed: median (5–95 %)", "would just sign at", "tight in"], w.promises.iter().map(|p| {
                    let three = |x: [f64; 3]| format!("{} ({}–{})", short(x[1]), short(x[0]), short(x[2]));
                    vec![html! { (p.side) }, html! { (three(p.believed)) }, html! { (three(p.critical)) }, html! { (pc(p.tight)) }]
                }).collect()))
            }
        }
        @if !w.force.is_empty() {
            section {
                h2 { "Force as an option" }
                (table("The answer with and without it, on the same random numbers", &["Option", "credible in", "with", "without", "points"], w.force.iter().map(|f| vec![
                    html! { (f.name) }, html! { (pc(f.credible)) }, html! { (pc(f.with)) }, html! { (pc(f.without)) }, html! { (signed(f.with - f.without)) },
                ]).collect()))
            }
        }
    }
}

/// One belief that comes from the record.
pub(in super::super) struct Belief {
    pub(in super::super) path: String,
    pub(in super::super) name: String,
    /// What the case writes.
    pub(in super::super) written: String,
    /// 5 %, median, 95 % now and at the horizon.
    pub(in super::super) now: [f64; 3],
    pub(in super::super) later: [f64; 3],
    pub(in super::super) rests_on: Vec<String>,
}

/// The beliefs of a case that the record informs.
pub(in super::super) fn recorded(told: &Told) -> Vec<Belief> {
    let case = &told.loaded.case;
    let mut found: Vec<Belief> = Vec::new();
    for actor in &case.actors {
        for ideal in actor.member.iter().flat_map(|m| &m.ideal).filter(|i| i.recorded) {
            let input = case.input(ideal.input);
            if found.iter().any(|b| b.path == input.path) {
                continue;
            }
            let at = |d: &winset_model::uncertain::Dist| {
                [0.05, 0.5, 0.95].map(|u| d.quantile(u, input.scale))
            };
            let n = named(case, &input.path);
            let text = &told.seen.files.case.text;
            found.push(Belief {
                path: input.path.clone(),
                name: format!("{}: {}", n.group, n.name),
                written: super::super::edit::leaf(text, &input.path).unwrap_or_default(),
                now: at(&input.dist),
                later: at(input.later.as_ref().unwrap_or(&input.dist)),
                rests_on: input.rests_on.clone(),
            });
        }
    }
    found
}

/// Beliefs: where everyone stands, what each statement weighs, who reversed, how many voices.
pub(in super::super) fn beliefs(told: &Told, state: &State, v: &View) -> Markup {
    let three = |x: [f64; 3]| format!("{} ({}–{})", short(x[1]), short(x[0]), short(x[2]));
    let beliefs = recorded(told);
    let case = &told.loaded.case;
    let actor = |id: &str| {
        case.actors.iter().find(|a| a.id == id).map_or_else(|| id.to_owned(), |a| a.name.clone())
    };
    let issue = |id: &str| {
        case.issues.iter().find(|j| j.id == id).map_or_else(|| id.to_owned(), |j| j.name.clone())
    };
    let side = |id: &str| {
        case.sides.iter().find(|s| s.id == id).map_or_else(|| id.to_owned(), |s| s.name.clone())
    };
    let entry = |id: &str| html! { a href=(format!("{}#e-{id}", state.link("/record"))) { (id) } };
    html! {
        @if beliefs.is_empty() {
            p { "Nothing in this case comes from the record: a position does where it is written as " code { "\"record\"" } "." }
        } @else {
            (table("What the record says of positions: median (5–95 %)", &["Position", "now", "at the horizon", "entries"],
                beliefs.iter().map(|b| vec![
                    html! { (b.name) },
                    number(state, &b.path, &three(b.now)),
                    html! { (three(b.later)) },
                    html! { @for id in &b.rests_on { (entry(id)) " " } },
                ]).collect()))
        }
        @if !v.statements.is_empty() {
            section {
                h2 { "What each statement weighs" }
                (table("How far it is believed by its grade, and once all is weighed", &["Entry", "who", "on", "kind", "value", "by grade", "weight", "why less"],
                    v.statements.iter().map(|s| vec![
                        entry(&s.id), html! { (actor(&s.actor)) }, html! { (issue(&s.issue)) }, html! { (s.kind) },
                        html! { @if let Some(x) = s.value { (short(x)) } },
                        html! { (pc(s.p_true)) },
                        html! { @if let Some(w) = s.weight { (pc(w)) } @else if let Some(why) = &s.weight_reason { span class="note" { (why) } } },
                        html! { @for d in &s.discounted { div class="note" { (d.text) } } },
                    ]).collect()))
            }
        }
        @if !v.reversals.is_empty() {
            section {
                h2 { "Who reversed" }
                ul class="plain" { @for r in &v.reversals { li { (winset_report::belief::text::sentence(v, r)) } } }
            }
        }
        @if !v.sides.is_empty() {
            section {
                h2 { "How many voices" }
                (table("Each from 0 to 1", &["Side", "Issue", "cohesion", "mixed messages", "polarisation"],
                    v.sides.iter().map(|s| vec![
                        html! { (side(&s.side)) }, html! { (issue(&s.issue)) }, html! { (short(s.cohesion)) },
                        html! { (short(s.incoherence)) }, html! { (short(s.polarisation)) },
                    ]).collect()))
            }
        }
    }
}

/// Method: the coefficients and every equation.
pub(in super::super) fn method(told: &Told, state: &State, answered: &Answered) -> Markup {
    let v = view_of(&told.loaded.case, &answered.forecast);
    html! {
        section {
            h2 { "Coefficients" }
            (overview::coefficients(state, &v, usize::MAX))
            (fineness(state, answered))
        }
        @if !v.judged.is_empty() {
            section {
                h2 { "Inputs that rest on judgement alone" }
                ul class="plain" { @for path in &v.judged { li { (number(state, path, path)) } } }
            }
        }
        section {
            h2 { "Every number of the forecast" }
            (table("Equation and source", &["Number", "what it is", "equation", "source"],
                EQUATIONS.iter().map(|e| vec![
                    html! { code { (e.path) } }, html! { (e.meaning) }, html! { code { (e.equation) } }, html! { (e.citation) },
                ]).collect()))
        }
    }
}

/// An empty folder: a case to start from.
pub(in super::super) fn start(folder: &str) -> Markup {
    html! {
        p { "The folder " code { (folder) } " holds no case yet. Start from" }
        form method="post" action="/new" class="actions" {
            button type="submit" name="from" value="template" class="first" { "a template, explained in its comments" }
            @for case in &winset_files::builtin::CASES {
                button type="submit" name="from" value=(case.slug) { "the finished case " (case.slug) }
            }
        }
        p class="note" { "Either writes plain files into the folder: case.toml, and record.csv where there is a record." }
    }
}
