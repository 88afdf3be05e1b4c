//! What drives the answer.

use maud::{Markup, html};
use winset_page::text::{pc, points, short};
use winset_report::charts;
use winset_report::drivers::{PartRow, Report as DriversReport, view_of};

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
            "What each input does to the answer over its own range, and how much of the answer's \
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
    let three = |p: f64, lo: f64, hi: f64| {
        let whole = |x: f64| (100.0 * x).clamp(0.0, 100.0).round();
        format!("{} % ({}–{})", whole(p), whole(lo), whole(hi))
    };
    let row = |p: &PartRow| {
        vec![
            match &p.path {
                Some(path) => name(path),
                None => html! { (p.name) },
            },
            html! { (three(p.first, p.first_lo, p.first_hi)) },
            html! { (three(p.total, p.total_lo, p.total_hi)) },
        ]
    };
    let view = view_of(case, r);
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
            @if r.sd == 0.0 { p { "Every draw gives the same answer: there is nothing to split." } }
            @else {
                p { "The answer varies over draws by " (points(r.sd)) " (standard deviation)." }
                (table("Sobol’ indices with their 5–95 %: alone, and together with others",
                    &["Input", "alone", "in all"], r.sobol.iter().map(row).collect()))
                @if let Some((share, inputs)) = view.judgement {
                    p { (inputs) " of the " (r.inputs) " uncertain inputs rest on judgement alone; they carry "
                        (three(share[0], share[1], share[2])) " of the variance." }
                }
            }
        }
        (how(r.answer.draws, r.seed))
    }
}
