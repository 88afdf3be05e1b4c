//! What would take the answer across a threshold.

use maud::{Markup, html};
use winset_page::text::{pc, short, signed};
use winset_report::drivers::text::{Flip, flip_sentence};
use winset_report::drivers::{ChangeRow, FlipReport, FlipRow, flip_view};

use super::inputs::named;
use super::long::{held, how};
use super::{number, table};
use crate::http::{Reply, Request};
use crate::link::LinkState;
use crate::queue::Job;
use crate::router;
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
            button type="submit" { "What would flip it" }
        }
    }
}

/// A number to four digits: enough that what is tried is what was found.
fn digits(x: f64) -> String {
    let (mut size, mut decimals) = (x.abs(), 0);
    while size < 1_000.0 && decimals < 8 {
        size *= 10.0;
        decimals += 1;
    }
    let text = format!("{x:.decimals$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

/// The answer.
pub(super) fn result(loaded: &LoadedCase, state: &LinkState, r: &FlipReport) -> Markup {
    let case = loaded.case();
    let view = flip_view(case, r);
    let goal = pc(r.threshold);
    let sets =
        |f: &FlipRow| f.changes.iter().fold(state.clone(), |s, c| s.with(&c.path, &digits(c.to)));
    let item = |f: &FlipRow, said: &Flip| {
        html! {
            li { (flip_sentence(&view, said)) " " a class="try" href=(sets(f).link("/what-if")) { "try it" } }
        }
    };
    html! {
        @if r.inputs == 0 {
            p { "Every input of the case is known: none has a range to change it in." }
        } @else {
            section {
                h2 { "One input alone, of the " (r.tried) " that matter most" }
                @if r.single.is_empty() { p { "None of them takes P across " (goal) " within its range." } }
                ul class="plain" { @for (f, said) in r.single.iter().zip(&view.single) { (item(f, said)) } }
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
                @match (&r.joint, &view.joint) {
                    (Some(f), Some(said)) => ul class="plain" { (item(f, said)) },
                    _ if r.single.is_empty() => p { "No joint change was found that takes P across " (goal) "." },
                    _ => p { "No joint change was found that is smaller than the first." },
                }
                @if let Some(f) = &r.joint {
                    (table("Each input of it", &["Input", "from", "to", "standard units"],
                        f.changes.iter().map(|c| {
                            let n = named(case, &c.path);
                            vec![number(state, &c.path, &format!("{}: {}", n.group, n.name)), html! { (digits(c.from)) }, html! { (digits(c.to)) }, html! { (signed(c.z / 100.0)) }]
                        }).collect()))
                }
                p class="note" {
                    "The size of a change is in standard units of the inputs' own ranges: 1 is from the \
                     median to the 84 % quantile. Each was applied and run on " (r.answer.draws)
                    " draws. The search for several is local: a smaller change may exist."
                }
            }
            (how(r.answer.draws, r.seed))
        }
    }
}

/// The answer as a table.
pub(super) fn csv(r: &FlipReport) -> Reply {
    let changes = |kind: &str, k: usize, f: &FlipRow| -> Vec<Vec<String>> {
        let row = |c: &ChangeRow| {
            let numbers = [c.from, c.to, c.z, f.distance, f.p, f.mcse].map(|x| x.to_string());
            let mut row = vec![kind.to_owned(), (k + 1).to_string(), c.path.clone()];
            row.extend(numbers);
            row.push(f.across.to_string());
            row
        };
        f.changes.iter().map(row).collect()
    };
    let mut rows: Vec<Vec<String>> =
        r.single.iter().enumerate().flat_map(|(k, f)| changes("single", k, f)).collect();
    rows.extend(r.joint.iter().flat_map(|f| changes("joint", 0, f)));
    rows.extend(r.cannot.iter().enumerate().map(|(k, s)| {
        let mut row = vec!["cannot".to_owned(), (k + 1).to_string(), s.path.clone()];
        let gap = String::new;
        row.extend([gap(), s.at.to_string(), gap(), gap(), s.p.to_string()]);
        row.extend([s.mcse.to_string(), "false".to_owned()]);
        row
    }));
    let heads = ["kind", "number", "path", "from", "to", "z", "distance", "p", "mcse", "across"];
    router::csv(&heads, rows)
}

#[cfg(test)]
mod tests {
    use super::digits;

    #[test]
    fn a_number_has_four_digits() {
        let written = [0.005_843_21, 49.612_3, 1_234.56, 0.0, -7.5, 20.0].map(digits);
        assert_eq!(written, ["0.005843", "49.61", "1235", "0", "-7.5", "20"]);
    }
}
