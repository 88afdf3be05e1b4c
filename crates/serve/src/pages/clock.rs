//! The clock on the what-if page: the class, its group and the start as choices, and the numbers of
//! the stages, which are no inputs of a draw but part of its calendar.

use maud::{Markup, html};
use winset_files::class::shipped;
use winset_model::case::{Case, Stage, StageStart};
use winset_model::uncertain::Dist;
use winset_page::text::short;
use winset_report::class::names;

use super::inputs::{Track, rounded, written};
use super::number;
use super::what_if::id;
use crate::link::LinkState;

/// No class of past negotiations.
const NONE: &str = "none";

/// The class, the group and the start.
pub(crate) fn choices(state: &LinkState, base: &Case, case: &Case) -> Markup {
    let clock = &case.clock;
    let own = base.clock.class.name.as_str();
    let mut classes: Vec<&str> = names().chain([NONE]).collect();
    if !classes.contains(&own) {
        classes.push(own);
    }
    let found = shipped(&clock.class.name);
    let groups = found.as_ref().and_then(|found| found.class.grouped.as_ref());
    let groups: Vec<&str> =
        groups.map_or_else(Vec::new, |g| g.groups.iter().map(|g| g.name.as_str()).collect());
    let group = clock.class.group.as_deref();
    html! {
        details class="group" open {
            summary { "Class and start of the clock" }
            @if let Some(unnamed) = case.unnamed_class() { p class="note" { (unnamed) } }
            (choice(state, "clock.class", "class", html! {
                select id=(id("t", "clock.class")) name="value" data-submit {
                    @for name in &classes { option value=(name) selected[*name == clock.class.name] { (name) } }
                }
            }))
            @if !groups.is_empty() {
                (choice(state, "clock.group", "group", html! {
                    select id=(id("t", "clock.group")) name="value" data-submit {
                        @if group.is_none() { option value="" selected { "the whole class" } }
                        @for name in &groups { option value=(name) selected[Some(*name) == group] { (name) } }
                    }
                }))
            }
            (choice(state, "clock.start", "start", html! {
                input type="date" id=(id("t", "clock.start")) name="value" value=(clock.start.to_string()) required data-submit;
            }))
            p class="note" { a href=(state.link("/classes")) { "What the classes say" } }
        }
    }
}

/// One choice: its name, its control, and the way back.
fn choice(state: &LinkState, path: &str, name: &str, control: Markup) -> Markup {
    let changed = state.change(path).is_some();
    html! {
        div class={ "choice" @if changed { " changed" } } id=(id("f", path)) {
            form class="set" method="get" action="/what-if" {
                input type="hidden" name="state" value=(state.query());
                input type="hidden" name="path" value=(path);
                label for=(id("t", path)) { (name) }
                (control)
                button type="submit" { "Set" }
                @if changed {
                    a class="reset" href=(state.without(path).link("/what-if")) aria-label=(format!("Reset {path}")) { "Reset" }
                }
            }
        }
    }
}

/// A number of a stage: its key, its unit, its law, and how far its slider goes.
struct StageNumber {
    key: &'static str,
    unit: &'static str,
    law: Dist,
    most: f64,
}

/// The numbers that a stage has, as the file may write them.
fn numbers(stage: &Stage) -> Vec<StageNumber> {
    let days = |key: &'static str, law: &Dist| StageNumber {
        key,
        unit: "days",
        law: law.clone(),
        most: 60.0,
    };
    let mut rows = Vec::new();
    if let StageStart::Takes(law) = &stage.first {
        rows.push(days("takes", law));
    }
    let passes = stage.passes.clone();
    rows.push(StageNumber { key: "passes", unit: "per cent", law: passes, most: 100.0 });
    let tries = Dist::Point(f64::from(stage.tries));
    rows.push(StageNumber { key: "tries", unit: "times", law: tries, most: 20.0 });
    rows.extend(stage.again.as_ref().map(|law| days("again", law)));
    rows
}

/// The stages after the text, each number beside its slider.
pub(crate) fn stages(state: &LinkState, base: &Case, case: &Case) -> Markup {
    html! {
        @if case.stages.len() > 1 {
            details class="group" open {
                summary { "Stages of the text" }
                @for stage in case.stages.iter().skip(1) {
                    @let before = base.stages.iter().find(|s| s.id == stage.id);
                    @let was = before.map(numbers).unwrap_or_default();
                    @for n in numbers(stage) {
                        (field(state, stage, &n, was.iter().find(|was| was.key == n.key)))
                    }
                }
            }
        }
    }
}

fn field(state: &LinkState, stage: &Stage, n: &StageNumber, was: Option<&StageNumber>) -> Markup {
    let path = format!("stages.{}.{}", stage.id, n.key);
    let change = state.change(&path);
    let scale = (0.0, n.most);
    let middle = n.law.central(scale);
    let t = Track { lo: 0.0, hi: n.most.max(middle), step: 1.0 };
    let text = change.map_or_else(|| written(&n.law), str::to_owned);
    let name = format!("{}: {}", stage.name, n.key);
    html! {
        div class={ "field" @if change.is_some() { " changed" } } id=(id("f", &path)) data-path=(path)
            data-words=(format!("stage {name} {path}").to_lowercase()) {
            div class="name" {
                label for=(id("t", &path)) { (name) }
                " " (number(state, &format!("stages.{}", stage.id), "?"))
                span class="was" {
                    @if change.is_some() {
                        @if let Some(was) = was { "was " (short(was.law.central(scale))) }
                    } @else { (short(middle)) }
                    " " (n.unit)
                }
            }
            input type="range" hidden id=(id("r", &path)) min=(rounded(t.lo, t.step)) max=(rounded(t.hi, t.step))
                step="1" value=(rounded(middle, t.step)) aria-label=(name);
            form class="set" method="get" action="/what-if" {
                input type="hidden" name="state" value=(state.query());
                input type="hidden" name="path" value=(path);
                input type="text" id=(id("t", &path)) name="value" value=(text) autocomplete="off" spellcheck="false" size="14";
                button type="submit" { "Set" }
                a class="reset" href=(state.without(&path).link("/what-if")) hidden[change.is_none()]
                    aria-label=(format!("Reset {path}")) { "Reset" }
            }
        }
    }
}
