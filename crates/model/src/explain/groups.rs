//! Which uncertain inputs belong together: by actor, side, issue or kind.

use std::collections::BTreeMap;

use crate::case::{Case, ForceKind};

/// What the variance is split over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// Single inputs.
    #[default]
    Input,
    /// Actors, and what belongs to none.
    Actor,
    /// Sides, and what belongs to none.
    Side,
    /// Issues, and what is about none.
    Issue,
    /// Red lines, positions, force, the calendar …
    Kind,
}

/// The uncertain inputs in groups: each in exactly one, groups in the order of their ids, inputs as
/// indices in rising order.
///
/// A group of actors or sides is named by an id of the case, one that belongs to no actor (side) by
/// its section; inputs that are about no issue are `none`.
pub fn groups(case: &Case, by: By) -> Vec<(String, Vec<usize>)> {
    let mut found: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (k, input) in case.inputs.iter().enumerate().filter(|(_, i)| !i.dist.is_point()) {
        let parts: Vec<&str> = input.path.split('.').collect();
        // What moves together has no parts of its own.
        let moves = case.together.iter().find(|g| g.inputs.iter().any(|(id, _)| id.0 == k));
        let name = match by {
            _ if moves.is_some() => {
                moves.map_or_else(String::new, |group| format!("together.{}", group.id))
            }
            By::Input => input.path.clone(),
            By::Actor => actor(case, &parts),
            By::Side => side(case, &parts),
            By::Issue => issue(case, &parts),
            By::Kind => kind(&parts).to_owned(),
        };
        found.entry(name).or_default().push(k);
    }
    found.into_iter().collect()
}

fn actor(case: &Case, parts: &[&str]) -> String {
    match parts {
        ["actors", id, ..] => format!("actors.{id}"),
        ["sides", id, ..] => format!("sides.{id}"),
        ["force", id, ..] => {
            let by = case.force.iter().find(|f| f.id == *id).and_then(|f| match &f.kind {
                ForceKind::Event { by, .. } => Some(by),
                ForceKind::Choice { .. } => None,
            });
            let known = by.filter(|by| case.actors.iter().any(|a| a.id == **by));
            known.map_or_else(|| side(case, parts), |by| format!("actors.{by}"))
        }
        _ => side(case, parts),
    }
}

fn side(case: &Case, parts: &[&str]) -> String {
    let named = |side: usize| format!("sides.{}", case.sides[side].id);
    let found = match parts {
        ["sides", id, ..] => Some(format!("sides.{id}")),
        ["actors", id, ..] => {
            let actor = case.actors.iter().find(|a| a.id == *id);
            actor.and_then(|a| a.member.as_ref().map(|m| m.side).or(a.ally_of)).map(named)
        }
        ["force", id, ..] => case.force.iter().find(|f| f.id == *id).and_then(|f| match &f.kind {
            ForceKind::Choice { owner, .. } => Some(named(*owner)),
            ForceKind::Event { .. } => None,
        }),
        ["promises", id, ..] => case.promises.iter().find(|p| p.id == *id).map(|p| named(p.by)),
        ["calendar" | "clock" | "constants", ..] => Some("calendar".to_owned()),
        _ => None,
    };
    found.unwrap_or_else(|| match parts.first() {
        Some(&"actors" | &"force") => "outside".to_owned(),
        Some(section) => (*section).to_owned(),
        None => "none".to_owned(),
    })
}

fn issue(case: &Case, parts: &[&str]) -> String {
    // The issue closes a path, but for `issues.ID.now`, where it is in the middle.
    let id = match parts {
        ["issues", id, ..] => Some(id),
        ["calendar" | "clock" | "constants", ..] => return "calendar".to_owned(),
        ["sides" | "actors", _, "worth", id, _] => Some(id),
        [.., key, id] if ISSUE_KEYS.contains(key) => Some(id),
        _ => None,
    };
    let found = id.filter(|id| case.issues.iter().any(|j| j.id == **id));
    found.map_or_else(|| "none".to_owned(), |id| format!("issues.{id}"))
}

/// Keys whose last part is an issue.
#[rustfmt::skip]
const ISSUE_KEYS: [&str; 10] = [
    "position", "salience", "red_min", "red_max", "demand", "without", "if_won", "if_lost", "after",
    "sunk",
];

fn kind(parts: &[&str]) -> &'static str {
    match parts {
        ["issues", ..] => "status quo",
        [_, _, "red_min" | "red_max", ..] => "red lines",
        [_, _, "position", ..] => "positions",
        [_, _, "worth", ..] => "worth of options",
        [_, _, "salience", ..] => "salience",
        [_, _, "demand", ..] | [_, _, "audience"] => "audience costs",
        [_, _, "without", ..] => "status quo",
        ["actors", _, "cost" | "cost_later" | "cost_days"] => "patience and cost",
        [_, _, "capability"] => "capability",
        [_, _, "turnout" | "rebels" | "abstains"] => "how seats vote",
        ["sides", _, "rule"] => "rules",
        ["texts", ..] => "texts",
        ["partial", ..] => "partial deals",
        ["sides", _, "noise"] => "private information",
        ["sides", ..] => "patience and cost",
        ["force", ..] => "force",
        ["promises", ..] => "promises",
        ["calendar", _, "holds" | "decides"] => "rounds",
        ["calendar", ..] => "deadlines",
        ["clock" | "constants", ..] => "calendar constants",
        _ => "other",
    }
}
