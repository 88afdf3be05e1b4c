//! The forecast asked more closely: deals, blockers, when, beliefs, method.

use maud::{Markup, html};
use winset_model::case::Case;
use winset_model::forecast::Deals;
use winset_page::chart::Figure;
use winset_page::document::html_section;
use winset_page::text::{pc, points, short, spoken};
use winset_report::belief::text::View;
use winset_report::deals::{self, domain, domain::DomainReport};
use winset_report::explain::EQUATIONS;
use winset_report::forecast::{dates, opens, unsupported};
use winset_report::names::Names;
use winset_report::when::{WhenReport, besides};

use super::super::desk::Told;
use super::super::state::State;
use super::super::work::Answered;
use super::names::named;
use super::{drawn, exported, fineness, number, overview, table};
use winset_report::charts;

/// Deals: packages by how often they would be ratified, trades, linkage, the classical solutions.
pub(in super::super) fn deals(
    case: &Case,
    state: &State,
    judged: &Deals,
    space: Option<&DomainReport>,
    map: Option<&Figure>,
) -> Markup {
    let names = Names::new(case);
    let packages = deals::packages(judged, &names);
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
                        html! { (names.side(&s.side)) }, html! { (names.issue(&s.gives)) },
                        html! { (names.issue(&s.gets)) }, html! { (pc(s.wanted)) },
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
    let (case, f) = (&told.loaded.case, &answered.forecast);
    let names = Names::new(case);
    html! {
        (drawn(&charts::blockers(case, f)))
        (exported(&state.link("/blockers")))
        (overview::blockers(state, &names, f))
        (fineness(state, answered))
        @if answered.whole {
            section {
                h2 { "What cannot hold together" }
                @if f.conflicts.is_empty() { p { "Nothing: every draw has a zone." } }
                (overview::conflicts(state, &names, f, 20))
            }
            section {
                h2 { "What alone would open the zone" }
                @if opens(f).next().is_none() { p { "No single change does." } } @else { (overview::opens(state, &names, f)) }
            }
        } @else {
            p { "What cannot hold together, and what would open the zone, is being looked for." }
        }
    }
}

/// When.
pub(in super::super) fn when(
    told: &Told,
    state: &State,
    answered: &Answered,
    report: &WhenReport,
) -> Markup {
    let (case, f) = (&told.loaded.case, &answered.forecast);
    html! {
        (drawn(&charts::endings(case, f)))
        (exported(&state.link("/when")))
        (table("P(agreement) by date", &["By", "P", "odds 5–95 %"], dates(case, f).iter().map(|row| vec![
            html! { (spoken(&row.date)) },
            number(state, &format!("agreement.{}", row.date), &pc(row.p)),
            html! { (winset_page::text::whole(row.lo)) "–" (pc(row.hi)) },
        ]).collect()))
        (fineness(state, answered))
        @for section in besides(report, &Names::new(case)) {
            (html_section(&section, &[]))
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
    let judged: Vec<&str> = unsupported(&told.loaded.case).collect();
    html! {
        section {
            h2 { "Coefficients" }
            (overview::coefficients(state, &answered.forecast, usize::MAX))
            (fineness(state, answered))
        }
        @if !judged.is_empty() {
            section {
                h2 { "Inputs that rest on judgement alone" }
                ul class="plain" { @for path in &judged { li { (number(state, path, path)) } } }
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
