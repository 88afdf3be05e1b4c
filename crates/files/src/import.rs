//! From a table of actors to a case that can be read, checked and filled in.

use winset_methods::spatial::PositionActor;

use crate::actors::{self, ActorSheet, ActorTable, ActorTableError};

/// The most members a case has.
const MOST: usize = 64;

/// A case from the text of an actor table: an issue for each position column, a side for each word of
/// its column `side`, or one side, a council. Capability and salience given as shares are multiplied by
/// 100. What a table does not say (dates, rule, `now` where there is no reference point) is marked
/// `set` in the case.
///
/// # Errors
/// Those of [`actors::parse`] and [`of_sheet`].
pub fn case(title: &str, text: &str) -> Result<String, ActorTableError> {
    of_sheet(title, &actors::parse(text)?)
}

/// A case from an actor table that was read before.
///
/// # Errors
/// If it has more than 64 actors, or an actor is not on every issue or has two capabilities.
pub fn of_sheet(title: &str, sheet: &ActorSheet) -> Result<String, ActorTableError> {
    let tables = &sheet.issues;
    let Some(first) = tables.first() else {
        let message = "the table has no position column";
        return actors::wrong(0, Some("position"), message, "name a column position");
    };
    let members = first.issue.actors();
    if members.len() > MOST {
        return actors::wrong(
            0,
            None,
            format!("{} actors; a case has at most {MOST} members", members.len()),
            "merge actors that want the same, or leave out the weakest",
        );
    }
    // By issue, the actors in the order of the first one.
    let mut by_issue: Vec<Vec<&PositionActor>> = Vec::with_capacity(tables.len());
    for table in tables {
        by_issue.push(members.iter().map(|m| of(table, first, m)).collect::<Result<_, _>>()?);
        let new = table.issue.actors().iter().find(|a| !members.iter().any(|m| m.name == a.name));
        if let Some(new) = new {
            return absent(&new.name, &first.name, &table.name);
        }
    }
    let mut taken = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    for (_, side) in &sheet.sides {
        if !names.contains(&side.as_str()) {
            names.push(side);
        }
    }
    if names.is_empty() {
        names.push("");
    }
    let sides: Vec<String> = names
        .iter()
        .map(|name| id(if name.is_empty() { "council" } else { name }, "side", &mut taken))
        .collect();
    let side_of = |actor: &PositionActor| {
        let named = sheet.sides.iter().find(|(name, _)| *name == actor.name);
        named.and_then(|(_, side)| names.iter().position(|n| n == side)).unwrap_or(0)
    };
    let ids: Vec<String> = members.iter().map(|a| id(&a.name, "actor", &mut taken)).collect();
    let mut taken = Vec::new();
    let issues: Vec<String> = tables.iter().map(|t| id(&t.name, "issue", &mut taken)).collect();
    let capability: Vec<f64> = members.iter().map(|a| a.capability).collect();
    let capability_unit = unit(capability.iter().copied(), f64::INFINITY);
    let all = tables.iter().flat_map(|t| t.issue.actors()).map(|a| a.salience);
    let salience_unit = unit(all, 100.0);

    let mut out = String::new();
    let mut line = |text: String| {
        out.push_str(&text);
        out.push('\n');
    };
    line("winset = 1".to_owned());
    line(format!("title  = {}", quoted(if title.is_empty() { "Imported" } else { title })));
    line("as_of  = 2025-01-01  # set: the day it is told from\n".to_owned());
    line("[question]               # set: what is asked, and by when".to_owned());
    line("text = \"Will they agree by the end of the year?\"".to_owned());
    line("yes  = \"they adopt a common text\"".to_owned());
    line("by   = 2025-12-31\n".to_owned());
    for (table, issue) in tables.iter().zip(&issues) {
        line(format!("[issues.{issue}]"));
        line(format!("name  = {}", quoted(&table.name)));
        line(format!("scale = [{}, {}]", short(table.issue.lo()), short(table.issue.hi())));
        match table.issue.reference() {
            Some(now) => line(format!("now   = {}\n", short(now))),
            None => line(format!(
                "now   = {}  # set: where it stays without a deal\n",
                short(table.issue.lo())
            )),
        }
    }
    for (k, (side, name)) in sides.iter().zip(&names).enumerate() {
        let its = members.iter().zip(&ids).filter(|(m, _)| side_of(m) == k);
        let its: Vec<&str> = its.map(|(_, id)| id.as_str()).collect();
        line(format!("[sides.{side}]"));
        if !name.is_empty() {
            line(format!("name     = {}", quoted(name)));
        }
        line(format!("ratify   = \"50% of ({})\"  # set: who must accept", its.join(", ")));
        if sides.len() > 1 {
            // Somebody has to speak for each side: its strongest member, till somebody says who does.
            let its = members.iter().zip(&ids).filter(|(m, _)| side_of(m) == k);
            let first = its.reduce(|a, b| if b.0.capability > a.0.capability { b } else { a });
            if let Some((_, id)) = first {
                line(format!("negotiator = {}  # set: who speaks for it", quoted(id)));
            }
        }
        line("discount = \"5..10..30 @j-import\"".to_owned());
        line("cost     = \"0..2..5 @j-import\"\n".to_owned());
    }
    for (k, (actor, id)) in members.iter().zip(&ids).enumerate() {
        line(format!("[actors.{id}]"));
        line(format!("name       = {}", quoted(&actor.name)));
        line(format!("side       = \"{}\"\nrole       = \"faction\"", sides[side_of(actor)]));
        line(format!("capability = {}", short(actor.capability * capability_unit)));
        let mut position = Vec::new();
        let mut salience = Vec::new();
        for (actors, issue) in by_issue.iter().zip(&issues) {
            let a = actors[k];
            position.push(format!("{issue} = {}", short(a.position)));
            salience.push((issue, a.salience * salience_unit));
        }
        let indifferent = salience.iter().all(|(_, s)| *s == 0.0);
        let salience: Vec<String> = salience
            .iter()
            // Weights are relative: without any, every issue weighs the same.
            .map(|(issue, s)| format!("{issue} = {}", short(if indifferent { 1.0 } else { *s })))
            .collect();
        line(format!("position   = {{ {} }}", position.join(", ")));
        line(format!("salience   = {{ {} }}\n", salience.join(", ")));
    }
    line("[calendar]               # set: when the talks began".to_owned());
    line("began = { on = 2025-01-01, kind = \"start\", mediated = false }\n".to_owned());
    line("[notes]".to_owned());
    line("j-import = \"Judgement: the table says nothing of it.\"".to_owned());
    Ok(out)
}

/// An actor on an issue, as able there as on the first.
fn of<'t>(
    table: &'t ActorTable,
    first: &ActorTable,
    member: &PositionActor,
) -> Result<&'t PositionActor, ActorTableError> {
    let Some(actor) = table.issue.actors().iter().find(|a| a.name == member.name) else {
        return absent(&member.name, &table.name, &first.name);
    };
    if actor.capability != member.capability {
        let message = format!(
            "the capability of `{}` is {} on `{}` and {} on `{}`",
            member.name, member.capability, first.name, actor.capability, table.name
        );
        let hint = "in a case an actor has one capability: write the same in all its rows";
        return actors::wrong(0, Some("capability"), message, hint);
    }
    Ok(actor)
}

fn absent<T>(actor: &str, issue: &str, other: &str) -> Result<T, ActorTableError> {
    let message = format!("`{actor}` has a row on `{other}` and none on `{issue}`");
    let hint = "in a case every member has a position on every issue: add the row; `winset spatial` \
                takes the table as it is";
    actors::wrong(0, Some("position"), message, hint)
}

/// What to multiply by: 100 for shares; what brings the largest down to `most`, if it is beyond.
fn unit(values: impl Iterator<Item = f64>, most: f64) -> f64 {
    let largest = values.fold(0.0, f64::max);
    if largest <= 1.0 {
        100.0
    } else if largest > most {
        most / largest
    } else {
        1.0
    }
}

/// An id made of a name; a number behind it where it is taken.
fn id(name: &str, otherwise: &str, taken: &mut Vec<String>) -> String {
    let mut id = String::new();
    for c in name.to_lowercase().chars() {
        if c.is_ascii_lowercase() || c.is_ascii_digit() {
            id.push(c);
        } else if !id.is_empty() && !id.ends_with('-') {
            id.push('-');
        }
    }
    let id = id.trim_end_matches('-');
    let id = match id.chars().next() {
        None => otherwise.to_owned(),
        Some(c) if c.is_ascii_digit() => format!("{otherwise}-{id}"),
        // Words of the ratification grammar.
        Some(_) if ["all", "any", "of", "and", "or"].contains(&id) => format!("{otherwise}-{id}"),
        Some(_) => id.to_owned(),
    };
    let mut free = id.clone();
    let mut n = 2;
    while taken.contains(&free) {
        free = format!("{id}-{n}");
        n += 1;
    }
    taken.push(free.clone());
    free
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A number without the noise of a multiplication.
fn short(x: f64) -> String {
    let rounded = (x * 1e9).round() / 1e9;
    if rounded.is_finite() { format!("{rounded}") } else { format!("{x}") }
}
