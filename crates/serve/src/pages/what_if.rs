//! What-if: every input beside its slider, and what the forecast says to it.

use std::sync::Arc;

use hyper::StatusCode;
use maud::{Markup, PreEscaped, html};
use winset_model::case::Input;
use winset_page::text::{pc, points, short, signed, signed_whole, thousands};
use winset_report::charts;
use winset_report::names::Names;

use super::inputs::{named, rounded, spread, track, written};
use super::{clock, drawn, fineness, number, overview, problem, table};
use crate::http::{Reply, Stop, encode, pairs};
use crate::link::LinkState;
use crate::queue::{FirstNumber, Ghost, InputLeverage, PageForecast, leverage};
use crate::router::{self, ReplyError, Visit};
use crate::scenarios::scenarios;
use crate::store::{BrokenCase, CaseTexts, LoadedCase};

pub(crate) async fn html(visit: Visit) -> Result<Reply, ReplyError> {
    if let Some(path) = visit.request.query_value("path") {
        return Ok(set(&visit, path)?);
    }
    let base_state = LinkState { sets: Vec::new(), ..visit.state.clone() };
    let base = visit.case_in(&base_state)?;
    let server = &visit.server;
    let now = server.store.load(&visit.state);
    let now = match &now {
        Ok(loaded) => Ok((loaded, visit.quick(loaded).await?)),
        Err(broken) => Err(broken),
    };
    let levers = leverage(server, &base, &base_state);
    let view = WhatIfView {
        base: &base,
        now: now.as_ref().map(|(loaded, answer)| (*loaded, answer)).map_err(|broken| *broken),
        leverage: levers.as_ref().map(|all| all.as_slice()),
        case: server.store.place.name(),
        ghost: None,
        saved: visit.request.query_value("saved").map(str::to_owned),
        scenarios: scenarios(server.store.readable()),
    };
    let ghost = match view.now {
        Ok((loaded, _)) if !visit.state.sets.is_empty() => {
            let both = [&base, loaded];
            Some(server.queue.ghost(both, &visit.state, &visit.stop).await?)
        }
        _ => None,
    };
    let view = WhatIfView { ghost, ..view };
    // Solved while the page is read: the first change is then answered at once.
    let (server, case, seed) = (Arc::clone(server), base.clone(), visit.state.seed);
    tokio::spawn(
        async move { server.queue.kept_draws(&case, seed, &Stop::default()).await.is_ok() },
    );
    let status = if now.is_ok() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(visit.html(&base, content(&visit.state, &view)).status(status))
}

/// A field's own form: what it says is laid over the state it was shown in.
fn set(visit: &Visit, path: &str) -> Result<Reply, Reply> {
    let shown = pairs(visit.request.query_value("state").unwrap_or(""));
    let before =
        LinkState::read(&shown).map_err(|why| Reply::refuse(StatusCode::BAD_REQUEST, &why))?;
    let next = match visit.request.query_value("value").map(str::trim) {
        None | Some("") => before.without(path),
        Some(value) => with(visit, &before, path, value),
    };
    Ok(Reply::see(format!("{}#{}", next.link(visit.page.address), id("f", path))))
}

/// A change; a class needs a start, so a case without a clock of its own gets the one it is told with.
fn with(visit: &Visit, before: &LinkState, path: &str, value: &str) -> LinkState {
    let next = before.with(path, value);
    let start =
        matches!(path, "clock.class" | "clock.group").then(|| visit.server.store.load(before));
    match start.and_then(Result::ok).map(|loaded| (loaded.case().unnamed_class(), loaded)) {
        Some((Some(_), loaded)) => next.with("clock.start", &loaded.case().clock.start.to_string()),
        _ => next,
    }
}

pub(crate) async fn csv(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let rows = loaded.case().inputs.iter().map(|i| {
        let q = |u| i.dist.quantile(u, i.scale).to_string();
        let changed = visit.state.change(&i.path).is_some();
        vec![i.path.clone(), q(0.05), q(0.5), q(0.95), changed.to_string()]
    });
    Ok(router::csv(&["path", "q05", "q50", "q95", "changed"], rows))
}

/// Height of the curve beside the inputs, px.
const CURVE: f64 = 230.0;

/// The number alone, while the rest is being computed.
pub(crate) fn first(state: &LinkState, found: &FirstNumber) -> Markup {
    html! {
        section class="headline" {
            p class="big" { (number(state, "answer.p", &pc(found.p))) }
            // On the draws of a first answer a tenth of a point is not known.
            (since(Some(signed_whole(found.change))))
            p class="fineness" {
                span class="refining" { "refining" } " · " (thousands(found.draws)) " draws of the change so far"
                ", seed " (state.seed) ", Monte Carlo error " (points(found.mcse))
            }
        }
    }
}

/// What the changes add to the answer.
fn since(change: Option<String>) -> Markup {
    html! {
        p class="since" {
            @match change {
                Some(change) => { strong { (change) "\u{a0}points" } " against the case as it stands, on the same draws" }
                None => { "the case as it stands" }
            }
        }
    }
}

/// What follows from the draws.
pub(crate) fn outputs(
    loaded: &LoadedCase,
    state: &LinkState,
    answer: &PageForecast,
    ghost: Option<&Ghost>,
) -> Markup {
    let (case, f) = (loaded.case(), &answer.forecast);
    let before = ghost.map(|g| ("the case".to_owned(), (f.answer.p - g.delta).clamp(0.0, 1.0)));
    html! {
        section class="headline" {
            (overview::big(state, f))
            (since(ghost.map(|g| signed(g.delta))))
            (fineness(state, answer))
        }
        (drawn(&charts::answer(case, f, before)))
        (PreEscaped(charts::agreement_since(case, f, ghost.map(|g| &*g.forecast)).html_tall(CURVE)))
        dl class="figures" {
            div { dt { "P(zone)" } dd { @match f.zone.p { Some(p) => (number(state, "zone.p", &pc(p))), None => "the text is agreed" } } }
            div { dt { "breakdown" } dd { (number(state, "endings.breakdown", &pc(f.endings.breakdown))) } }
            @if !case.force.is_empty() {
                div { dt { "force" } dd { (number(state, "endings.force", &pc(f.endings.force))) } }
            }
            div { dt { "still open" } dd { (number(state, "endings.open", &pc(f.endings.open))) } }
        }
        (overview::terms(loaded, state, answer))
        (overview::blockers(state, &Names::new(case), f))
        (overview::said(loaded, answer))
    }
}

/// What the page shows.
struct WhatIfView<'a> {
    /// The case without changes.
    base: &'a LoadedCase,
    /// The case with them, and its answer; or why there is none.
    now: Result<(&'a LoadedCase, &'a PageForecast), &'a BrokenCase>,
    leverage: Option<&'a [InputLeverage]>,
    /// The answer before the changes.
    ghost: Option<Ghost>,
    /// The scenario that was saved just now.
    saved: Option<String>,
    /// What the case is called on a command line.
    case: String,
    /// Scenarios of the folder.
    scenarios: Vec<String>,
}

/// The page's content.
fn content(state: &LinkState, v: &WhatIfView<'_>) -> Markup {
    let loaded = v.now.as_ref().map_or(v.base, |(loaded, _)| loaded);
    let case = loaded.case();
    let effect = |path: &str| {
        let found = v.leverage?.iter().find(|l| l.path == path)?;
        Some(found.ends[1] - found.ends[0])
    };
    let mut groups: Vec<(String, Vec<&Input>)> = Vec::new();
    for input in &case.inputs {
        let group = named(case, &input.path).group;
        match groups.iter_mut().find(|(g, _)| *g == group) {
            Some((_, inputs)) => inputs.push(input),
            None => groups.push((group, vec![input])),
        }
    }
    // Uncertain ones first, by what they do where that is known.
    let rank = |input: &Input| {
        let size = effect(&input.path).map_or(0.0, f64::abs);
        (input.dist.is_point() && state.change(&input.path).is_none(), size)
    };
    for (_, inputs) in &mut groups {
        inputs.sort_by(|a, b| {
            let (a, b) = (rank(a), rank(b));
            a.0.cmp(&b.0).then(b.1.total_cmp(&a.1))
        });
    }
    let top = |inputs: &[&Input]| inputs.iter().map(|i| rank(i).1).fold(0.0, f64::max);
    groups.sort_by(|a, b| top(&b.1).total_cmp(&top(&a.1)));
    // What moves the answer most stands first and in one place.
    let mut first: Vec<&Input> = case.inputs.iter().filter(|i| rank(i).1 > 0.0).collect();
    first.sort_by(|a, b| rank(b).1.total_cmp(&rank(a).1));
    first.truncate(LEVERAGE);
    if !first.is_empty() {
        for (_, inputs) in &mut groups {
            inputs.retain(|i| first.iter().all(|f| f.path != i.path));
        }
        groups.retain(|(_, inputs)| !inputs.is_empty());
        groups.insert(0, (FIRST.to_owned(), first));
    }
    html! {
        div class="workbench" {
            div class="inputs" id="inputs" data-levers=(v.leverage.is_some()) {
                div id="problems" {
                    @if let Err(broken) = v.now { (problem::list(broken)) }
                }
                form class="search" role="search" {
                    label for="search" { "Find an input" }
                    input type="search" id="search" name="find" autocomplete="off"
                        aria-describedby="found";
                    span id="found" class="note" aria-live="polite" {}
                }
                (kept(v))
                @if v.leverage.is_none() {
                    p class="note" { "The inputs that move the answer most are being looked for; they will stand first." }
                }
                @for (k, (group, inputs)) in groups.iter().enumerate() {
                    @let changed = inputs.iter().any(|i| state.change(&i.path).is_some());
                    details class="group" open[k < 3 || changed] {
                        summary { (group) " " span class="note" { (inputs.len()) } }
                        @for input in inputs {
                            (field(state, v.base, loaded, input, (group == FIRST, effect(&input.path))))
                        }
                    }
                }
                (clock::choices(state, v.base.case(), case))
                (clock::stages(state, v.base.case(), case))
                @if let Some(leverage) = v.leverage { (levers(state, loaded, leverage)) }
                (sweep(state, v.base, &v.case))
            }
            div class="answer" {
                p id="old" class="old" role="status" hidden { "The answer before this change, which cannot be read." }
                div id="outputs" aria-busy="false"
                    data-whole=(v.now.as_ref().map_or(true, |(_, a)| a.whole)) {
                    @match &v.now {
                        Ok((loaded, answer)) => { (outputs(loaded, state, answer, v.ghost.as_ref())) }
                        Err(_) => { p { "There is no forecast with this change." } }
                    }
                }
            }
        }
    }
}

/// The scenarios that are kept, and the one that was saved just now.
fn kept(v: &WhatIfView<'_>) -> Markup {
    html! {
        @if let Some(name) = &v.saved {
            p class="done" role="status" {
                "Saved as the scenario " strong { (name) } ". " a href="/scenarios" { "All scenarios side by side" }
            }
        }
        @if !v.scenarios.is_empty() {
            details class="group" {
                summary { "Saved scenarios " span class="note" { (v.scenarios.len()) } }
                ul class="plain" {
                    @for name in &v.scenarios { li { a href=(format!("/scenario?name={}", encode(name))) { (name) } } }
                }
                p { a href="/scenarios" { "All of them side by side" } }
            }
        }
    }
}

/// What stands above the inputs that move the answer most.
const FIRST: &str = "What moves the answer most";

/// So many inputs stand first.
const LEVERAGE: usize = 8;

/// Values of a sweep over an input's own range.
const STEPS: usize = 5;

/// The changed inputs as a spec of `winset sweep`: each over its own range, in all combinations.
fn sweep(state: &LinkState, base: &LoadedCase, case_name: &str) -> Markup {
    let inputs = &base.case().inputs;
    let changed: Vec<&Input> =
        inputs.iter().filter(|i| state.change(&i.path).is_some() && !i.dist.is_point()).collect();
    let line = |i: &&Input| {
        let q = |u| short(i.dist.quantile(u, i.scale));
        format!("{} = {{ from = {}, to = {}, steps = {STEPS} }}\n", i.path, q(0.05), q(0.95))
    };
    let lines: String = changed.iter().take(3).map(line).collect();
    let name = case_name.replace('\\', "\\\\").replace('"', "\\\"");
    let spec = format!("case = \"{name}\"\ndraws = 2000\nseed = {}\n[grid]\n{lines}", state.seed);
    html! {
        @if !changed.is_empty() {
            details {
                summary { "Sweep them: all combinations over their own ranges" }
                p { "Save this as " code { "sweep.toml" } " and run " code { "winset sweep sweep.toml" } "." }
                pre tabindex="0" { code { (spec) } }
                button type="button" class="copy" data-copy=(spec) hidden { "Copy" }
            }
        }
    }
}

/// The inputs that move the answer most over their own range.
fn levers(state: &LinkState, loaded: &LoadedCase, leverage: &[InputLeverage]) -> Markup {
    let mut rows: Vec<&InputLeverage> = leverage.iter().collect();
    let size = |l: &InputLeverage| (l.ends[1] - l.ends[0]).abs();
    rows.sort_by(|a, b| size(b).total_cmp(&size(a)));
    html! {
        details class="levers" {
            summary { "What moves the answer most, as a table" }
            (table("The answer with one input at its 5 % and at its 95 %", &["Input", "at 5 %", "at 95 %", "points"],
                rows.into_iter().take(12).map(|l| {
                    let n = named(loaded.case(), &l.path);
                    vec![
                        html! { a href=(format!("#{}", id("f", &l.path))) { (n.group) ": " (n.name) } },
                        html! { (pc(l.ends[0])) },
                        html! { (pc(l.ends[1])) },
                        number(state, &l.path, &signed_whole(l.ends[1] - l.ends[0])),
                    ]
                }).collect()))
            p { a href=(state.link("/drivers")) { "What drives it, with the shares of the variance" } }
        }
    }
}

/// An id that a path makes.
pub(crate) fn id(kind: &str, path: &str) -> String {
    format!("{kind}-{}", path.replace('.', "-"))
}

/// One input: its name, its slider, what is written, and the way back.
fn field(
    state: &LinkState,
    base: &LoadedCase,
    loaded: &LoadedCase,
    input: &Input,
    (first, effect): (bool, Option<f64>),
) -> Markup {
    let path = input.path.as_str();
    let n = named(loaded.case(), path);
    let change = state.change(path);
    let was = base.case().inputs.iter().find(|i| i.path == path);
    let t = track(was.unwrap_or(input));
    let middle = input.dist.quantile(0.5, input.scale);
    let text = change.map_or_else(|| written(&input.dist), str::to_owned);
    html! {
        div class={ "field" @if change.is_some() { " changed" } } id=(id("f", path)) data-path=(path)
            data-name=(format!("{}: {}", n.group, n.name))
            data-words=(format!("{} {} {path}", n.group, n.name).to_lowercase()) {
            div class="name" {
                // Out of its group an input says itself whose it is.
                label for=(id("t", path)) { @if first { bdi { (n.group) } ": " } bdi { (n.name) } }
                " " (number(state, path, "?"))
                span class="was" dir="ltr" {
                    @if change.is_some() {
                        @if let Some(was) = was { "was " (spread(was)) }
                    } @else { (spread(input)) }
                    " " (n.unit)
                }
                @if let Some(effect) = effect {
                    span class="effect" title="Change of P, in points, from its 5 % to its 95 %" { (signed_whole(effect)) }
                }
            }
            @if !n.meaning.is_empty() { p class="note help" id=(id("h", path)) { (n.meaning) } }
            input type="range" hidden id=(id("r", path)) aria-describedby=(id("h", path)) min=(rounded(t.lo, t.step)) max=(rounded(t.hi, t.step))
                step=(rounded(t.step, t.step)) value=(rounded(middle, t.step))
                aria-label=(format!("{}: {}", n.group, n.name));
            form class="set" method="get" action="/what-if" {
                input type="hidden" name="state" value=(state.query());
                input type="hidden" name="path" value=(path);
                input type="text" id=(id("t", path)) name="value" value=(text) aria-describedby=(id("h", path)) autocomplete="off" spellcheck="false" size="14";
                button type="submit" { "Set" }
                a class="reset" href=(state.without(path).link("/what-if")) hidden[change.is_none()]
                    aria-label=(format!("Reset {path}")) { "Reset" }
            }
        }
    }
}

/// The form that keeps the changes under a name; any title makes one.
pub(crate) fn scenario_form(state: &LinkState, id: &str, title: &str) -> Markup {
    html! {
        form method="post" action="/scenario" class="search" {
            input type="hidden" name="state" value=(state.query());
            label for=(id) { "As a scenario called" }
            input type="text" id=(id) name="name" value=(title) required maxlength="64" autocomplete="off";
            button type="submit" { "Save the scenario" }
        }
    }
}

/// Keeping the changes: as a scenario, or in the case itself.
pub(crate) fn keep(state: &LinkState, seen: &CaseTexts) -> Markup {
    html! {
        details {
            summary { "Keep them" }
            (scenario_form(state, "scenario", ""))
            form method="post" action="/edit" {
                input type="hidden" name="state" value=(state.query());
                input type="hidden" name="revision" value=(seen.revisions.get("case.toml").map_or("", String::as_str));
                button type="submit" { "Write them into case.toml" }
            }
        }
    }
}
