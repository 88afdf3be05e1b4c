//! What drives the answer.

use maud::{Markup, html};
use winset_model::support::JUDGEMENT;
use winset_page::document::html_text;
use winset_page::text::{pc, points, share, short};
use winset_report::charts;
use winset_report::drivers::{self, DriversReport, SobolRow};

use super::inputs::named;
use super::long::{how, part};
use super::{drawn, exported, number, table};
use crate::http::Request;
use crate::link::LinkState;
use crate::queue::Job;
use crate::store::LoadedCase;

/// The job of a request.
pub(crate) fn job(_: &Request, _: &LoadedCase) -> Result<Job, String> {
    Ok(Job::Drivers)
}

/// What stands above the answer.
pub(super) fn lead() -> Markup {
    html! {
        p class="note" {
            "What each input does to the answer over its own range, and how much of the answer’s \
             variance over draws it carries."
        }
    }
}

/// The answer.
pub(super) fn result(
    loaded: &LoadedCase,
    state: &LinkState,
    r: &DriversReport,
    link: &str,
) -> Markup {
    let case = loaded.case();
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
                &["Input", "10 %", "90 %", "P at 10 %", "P at 90 %", "Points", "Rests on"],
                r.tornado.iter().map(|b| vec![
                    name(&b.path), html! { (short(b.low)) }, html! { (short(b.high)) },
                    html! { (pc(b.p_low)) }, html! { (pc(b.p_high)) },
                    html! { (part(b.p_high - b.p_low, b.se)) },
                    html! { (b.basis.word()) },
                ]).collect()))
            p class="note" { (html_text(JUDGEMENT)) }
        }
        section {
            h2 { "Shares of the variance" }
            @if r.sd == 0.0 { p { (drivers::NO_VARIANCE) } }
            @else {
                p { "The answer varies over draws by " (points(r.sd)) " (standard deviation)." }
                (table("Sobol’ indices with their 5–95 %: alone, and together with others",
                    &["Input", "Alone", "In all"], r.sobol.iter().map(row).collect()))
                @if let Some(said) = drivers::judgement(r) { p { (said) } }
            }
        }
        (how(r.head.answer.draws, r.head.seed))
    }
}
