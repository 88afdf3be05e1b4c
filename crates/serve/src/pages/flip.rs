//! What would take the answer across a threshold.

use maud::{Markup, html};
use winset_model::explain::flip::Flip;
use winset_page::text::{digits, pc, short, signed};
use winset_report::flip::{self, ChangeRow, FlipReport};

use super::inputs::named;
use super::long::{held, how};
use super::{number, table};
use crate::http::Request;
use crate::link::LinkState;
use crate::queue::Job;
use crate::store::LoadedCase;

/// The job of a request: one half, where it names no threshold.
pub(crate) fn job(request: &Request, _: &LoadedCase) -> Result<Job, String> {
    let text = request.query_value("p").filter(|t| !t.is_empty()).unwrap_or("0.5");
    let p = text.parse::<f64>().ok().filter(|p| *p > 0.0 && *p < 1.0);
    p.map(Job::Flip)
        .ok_or_else(|| format!("`{text}` is no probability between 0 and 1, such as 0.5"))
}

/// The form that asks what would take the answer across a threshold.
pub(crate) fn flip_form(state: &LinkState, p: f64) -> Markup {
    html! {
        form method="get" action="/flip" class="search" {
            (held(state))
            label for="across" { "The smallest change that takes P across" }
            input type="number" id="across" name="p" value=(p) min="0.01" max="0.99" step="0.01";
            button type="submit" { "Find it" }
        }
    }
}

/// The answer.
pub(super) fn result(loaded: &LoadedCase, state: &LinkState, r: &FlipReport) -> Markup {
    let case = loaded.case();
    let sets = |f: &Flip<ChangeRow>| {
        f.changes.iter().fold(state.clone(), |s, c| s.with(&c.path, &digits(c.to)))
    };
    let item = |f: &Flip<ChangeRow>| {
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
                    details open[r.single.is_empty()] {
                        summary { (r.cannot.len()) " cannot do it alone" }
                        (table("How near each comes", &["Input", "At", "P there"],
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
                    (table("Each input of it", &["Input", "From", "To", "Standard units"],
                        flip::told(f).map(|c| {
                            let n = named(case, &c.path);
                            vec![number(state, &c.path, &format!("{}: {}", n.group, n.name)), html! { (digits(c.from)) }, html! { (digits(c.to)) }, html! { (signed(c.z / 100.0)) }]
                        }).collect()))
                }
                p class="note" { (flip::measure(r)) }
            }
            (how(r.head.answer.draws, r.head.seed))
        }
    }
}
