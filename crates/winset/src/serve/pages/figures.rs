//! The charts of the pages: values of a forecast as the charts take them.

use maud::{Markup, PreEscaped};
use winset_brief::chart::{
    self, Agreement, Branch, DatedMark, Endings, Layer, Leaf, MarkKind, Odds, Tree,
};
use winset_brief::forecast::thousands;
use winset_model::case::{CalendarKind, Case};
use winset_model::forecast::Forecast;

fn source(f: &Forecast) -> String {
    format!("winset {}, {} draws, seed {}", f.version, thousands(f.draws), f.seed)
}

/// A figure as it stands in a page: the charts escape what they are given.
fn markup(figure: &chart::Figure) -> Markup {
    PreEscaped(figure.html())
}

/// P(agreement) by day, with the band of the odds and the calendar.
pub(in super::super) fn agreement(case: &Case, f: &Forecast) -> Markup {
    let event = if case.sides.len() == 1 { "an agreement" } else { "a signed agreement" };
    let calendar = case.calendar.iter().filter_map(|e| {
        let kind = match e.kind {
            CalendarKind::Round { .. } => MarkKind::Round,
            CalendarKind::Deadline { hard: true } => MarkKind::Hard,
            CalendarKind::Deadline { hard: false } => MarkKind::Soft,
            CalendarKind::Start { .. } => return None,
        };
        (e.on > case.as_of).then(|| DatedMark {
            day: e.on.to_string(),
            label: e.name.clone(),
            kind,
        })
    });
    markup(&chart::agreement(&Agreement {
        id: "agreement".to_owned(),
        source: source(f),
        event: event.to_owned(),
        as_of: f.as_of.to_string(),
        question: f.question.by.to_string(),
        curve: f
            .agreement
            .iter()
            .map(|a| Odds { day: a.date.to_string(), p: a.p, lo: a.lo, hi: a.hi })
            .collect(),
        history: Vec::new(),
        entries: Vec::new(),
        calendar: calendar.collect(),
    }))
}

/// First endings by day, stacked.
pub(in super::super) fn endings(case: &Case, f: &Forecast) -> Markup {
    type Share = fn(&winset_model::forecast::Endings) -> f64;
    let layers: [(&str, Share); 6] = [
        ("agreement", |e| e.agreement),
        ("interim", |e| e.interim),
        ("breakdown", |e| e.breakdown),
        ("force", |e| e.force),
        ("suspension", |e| e.suspension),
        ("still open", |e| e.open),
    ];
    let layer = |(name, of): (&str, Share)| Layer {
        name: name.to_owned(),
        share: f.endings_by_day.iter().map(of).collect(),
    };
    // Where the case knows no force, nobody asks about it.
    let known = layers.into_iter().filter(|(name, _)| *name != "force" || !case.force.is_empty());
    markup(&chart::endings(&Endings {
        id: "endings".to_owned(),
        source: source(f),
        as_of: f.as_of.to_string(),
        days: f.agreement.iter().map(|a| a.date.to_string()).collect(),
        layers: known.map(layer).collect(),
    }))
}

/// Actors by side, and what each closes.
pub(in super::super) fn blockers(case: &Case, f: &Forecast) -> Markup {
    let leaf = |actor: &usize| {
        let actor = &case.actors[*actor];
        let row = f.blockers.iter().find(|b| b.actor == actor.id)?;
        let role = actor.role.name().to_owned();
        Some(Leaf { name: actor.name.clone(), role, block: row.block, walk: row.walk })
    };
    let sides = case.sides.iter().map(|side| Branch {
        name: side.name.clone(),
        actors: side.members.iter().filter_map(leaf).collect(),
    });
    markup(&chart::tree(&Tree {
        id: "blockers".to_owned(),
        source: source(f),
        sides: sides.collect(),
    }))
}
