//! Classes of past negotiations: the list, and what one of them says from the day the clock of this
//! case began.

use maud::{Markup, html};
use winset_files::class::shipped;
use winset_model::case::Case;
use winset_page::chart::{self, EndingsChart, Figure, Layer};
use winset_page::document::html_section;
use winset_page::text::spoken;
use winset_report::class::{ClassReport, document, list, list_document, names, show};

use super::{drawn, exported};
use crate::http::Reply;
use crate::link::LinkState;
use crate::router::{self, ReplyError, Visit};

/// So many days of a class are drawn.
const DRAWN: usize = 365;

/// The longest time after which a class is asked, days: a century.
const LATEST: usize = 36_525;

/// The class, the group and the elapsed days that a visit asks for: those of the case unless the link
/// says otherwise.
fn asked(visit: &Visit, case: &Case) -> Result<ClassReport, ReplyError> {
    let own = case.clock.class.name.as_str();
    let value = |name: &str| visit.request.query_value(name).filter(|text| !text.is_empty());
    let name = value("name").or_else(|| names().find(|name| *name == own)).unwrap_or("mediated");
    let Some(class) = shipped(name) else {
        let why = format!("there is no class `{name}`");
        return Err(visit.failure(None, 1, &why).into());
    };
    let group = value("group").or_else(|| {
        let of_case = case.clock.class.group.as_deref();
        of_case.filter(|_| name == own && value("name").is_none())
    });
    let from = match value("from").map(|text| (text, text.parse::<usize>())) {
        None => 0,
        Some((_, Ok(days))) if days <= LATEST => days,
        Some((text, _)) => {
            let why = format!("`from` is a number of days up to {LATEST}, not `{text}`");
            return Err(visit.failure(None, 1, &why).into());
        }
    };
    Ok(show(class, group, from))
}

pub(crate) async fn html(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let report = asked(&visit, loaded.case())?;
    let content = content(&visit.state, loaded.case(), &report);
    Ok(visit.html(&loaded, content))
}

pub(crate) async fn json(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    match visit.request.query_value("name") {
        None => Ok(router::json(&list())),
        Some(_) => Ok(router::json(&asked(&visit, loaded.case())?)),
    }
}

pub(crate) async fn csv(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let report = asked(&visit, loaded.case())?;
    let rows = report
        .cif
        .iter()
        .map(|row| vec![row.day.to_string(), row.agreement.to_string(), row.other.to_string()]);
    Ok(router::csv(&["day", "agreement", "other"], rows))
}

pub(crate) async fn chart(visit: Visit) -> Result<Figure, ReplyError> {
    let loaded = visit.case()?;
    Ok(curves(loaded.case(), &asked(&visit, loaded.case())?))
}

/// What had become of the class by each day, as dates from the start of the case's clock.
fn curves(case: &Case, r: &ClassReport) -> Figure {
    let rows = &r.cif[r.from.min(r.cif.len())..];
    let rows = &rows[..DRAWN.min(rows.len())];
    let start = case.clock.start;
    let date = |day: usize| start.plus(i32::try_from(day).unwrap_or(i32::MAX)).to_string();
    let layer = |name: &str, share: Vec<f64>| Layer { name: name.to_owned(), share };
    let mut layers = vec![layer("agreement", rows.iter().map(|row| row.agreement).collect())];
    if r.hazards.other.is_some() {
        layers.push(layer("another ending", rows.iter().map(|row| row.other).collect()));
    }
    let group = r.group.as_ref().map_or_else(String::new, |group| format!(", {group}"));
    let since = match r.from {
        0 => "from the start of the clock".to_owned(),
        from => format!("among those still open after {from} days"),
    };
    let figure = chart::endings(&EndingsChart {
        id: "class".to_owned(),
        source: format!("{}{group}: {} past cases; {}", r.name, r.n, r.source),
        as_of: date(r.from),
        days: rows.iter().map(|row| date(row.day)).collect(),
        layers,
    });
    Figure {
        title: format!("How {} past cases had ended by each day ({}{group})", r.n, r.name),
        subtitle: format!(
            "Share of past cases, {since}, in percent; dates as if it began on {}",
            spoken(&start.to_string())
        ),
        ..figure
    }
}

/// The page's content.
fn content(state: &LinkState, case: &Case, r: &ClassReport) -> Markup {
    let own = &case.clock.class;
    let here = |name: &str| state.link_with("/classes", "name", name);
    let shown = here(&r.name);
    let shown = match &r.group {
        Some(group) => format!("{shown}&group={}", crate::http::encode(group)),
        None => shown,
    };
    let told = document(r);
    html! {
        p {
            "The class of this case is " strong { (own.name) }
            @if let Some(group) = &own.group { ", " (group) }
            "; its clock runs from " (spoken(&case.clock.start.to_string())) ". "
            a href=(state.link("/what-if")) { "Choose another" }
        }
        ul class="chips" {
            @for name in names() {
                li { a href=(here(name)) aria-current=[(name == r.name).then_some("true")] { (name) } }
            }
        }
        @for section in list_document(&list()).sections { (html_section(&section, &[])) }
        section {
            h2 { (told.title) }
            dl class="figures" {
                @for (name, value) in &told.facts { div { dt { (name) } dd { (value) } } }
            }
            @if let Some(shipped) = shipped(&r.name) && let Some(groups) = &shipped.class.grouped {
                form class="search" method="get" action="/classes" {
                    @for set in &state.sets { input type="hidden" name="set" value=(set); }
                    input type="hidden" name="name" value=(r.name);
                    label for="group" { "Group" }
                    select id="group" name="group" data-submit {
                        option value="" { "the whole class" }
                        @for g in &groups.groups {
                            option value=(g.name) selected[r.group.as_ref() == Some(&g.name)] { (g.name) }
                        }
                    }
                    button type="submit" { "Show" }
                }
            }
        }
        div class="twin" {
            div { (drawn(&curves(case, r))) (exported(&shown)) }
            div { @for section in &told.sections { (html_section(section, &[])) } }
        }
    }
}
