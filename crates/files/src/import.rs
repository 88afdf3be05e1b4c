//! From a table of actors to a case that can be read, checked and filled in.

use crate::actors::{self, ActorRow, ActorTable, ActorTableError};

/// The most members a case has.
const MOST: usize = 64;

/// A case with one side, a council, from the text of an actor table: an issue for each position
/// column. Capability and salience given as shares are multiplied by 100. What a table does not
/// say (dates, rule, `now` where there is no reference point) is marked `set` in the case.
///
/// # Errors
/// Those of [`actors::parse`]; and if it has more than 64 actors, or none.
pub fn case(title: &str, text: &str) -> Result<String, ActorTableError> {
    let tables = tables(text)?;
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
    let mut taken = vec!["council".to_owned()];
    let ids: Vec<String> = members.iter().map(|a| id(&a.name, "actor", &mut taken)).collect();
    let mut taken = Vec::new();
    let issues: Vec<String> = tables
        .iter()
        .map(|t| {
            let words = t.name.split_whitespace().filter(|w| !w.eq_ignore_ascii_case("position"));
            id(&words.collect::<Vec<_>>().join(" "), "issue", &mut taken)
        })
        .collect();
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
    line("[sides.council]".to_owned());
    line(format!("ratify   = \"50% of ({})\"  # set: who must accept", ids.join(", ")));
    line("discount = \"5..10..30 @j-import\"".to_owned());
    line("cost     = \"0..2..5 @j-import\"\n".to_owned());
    for (k, (actor, id)) in members.iter().zip(&ids).enumerate() {
        line(format!("[actors.{id}]"));
        line(format!("name       = {}", quoted(&actor.name)));
        line("side       = \"council\"\nrole       = \"faction\"".to_owned());
        line(format!("capability = {}", short(actor.capability * capability_unit)));
        let mut position = Vec::new();
        let mut salience = Vec::new();
        for (table, issue) in tables.iter().zip(&issues) {
            let a = &table.issue.actors()[k];
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

/// The issues of a table; a plain table with several position columns is read column by column.
fn tables(text: &str) -> Result<Vec<ActorTable>, ActorTableError> {
    let text = text.trim_start_matches('\u{feff}');
    let head = text.lines().find(|l| !l.trim().is_empty() && !l.starts_with('#')).unwrap_or("");
    let used = |d: &u8| head.bytes().filter(|b| b == d).count();
    let delimiter = [b',', b';', b'\t'].into_iter().max_by_key(used).unwrap_or(b',');
    let rows = actors::rows(text, delimiter)?;
    let Some(header) = rows.first().map(|row| &row.cells) else { return actors::parse(text) };
    let columns = |words: &[&str]| -> Vec<usize> {
        let named = |cell: &str| words.iter().any(|w| cell.to_lowercase().contains(w));
        (0..header.len()).filter(|k| named(&header[*k])).collect()
    };
    let position = columns(&["position", "pstn", "ideal"]);
    let salience = columns(&["salience", "sal"]);
    let described = header.get(1).is_some_and(|c| c.to_lowercase().starts_with("desc"));
    if position.len() < 2 || described {
        return actors::parse(text);
    }
    if salience.len() != position.len() {
        let message =
            format!("{} position columns but {} salience columns", position.len(), salience.len());
        let hint = "give each position column a salience column";
        return actors::wrong(0, Some("salience"), message, hint);
    }
    let shared: Vec<usize> =
        (0..header.len()).filter(|k| !position.contains(k) && !salience.contains(k)).collect();
    let mut found = Vec::new();
    for (p, s) in position.iter().zip(&salience) {
        let pick = |row: &ActorRow, last: [&str; 2]| {
            let cells = shared.iter().map(|k| row.cells.get(*k).map_or("", String::as_str));
            let cells = cells.chain(last).map(str::to_owned).collect();
            ActorRow { line: row.line, cells }
        };
        let one: Vec<ActorRow> = (rows.iter().enumerate())
            .map(|(k, row)| match k {
                0 => pick(row, ["position", "salience"]),
                _ => pick(row, [p, s].map(|k| row.cells.get(*k).map_or("", String::as_str))),
            })
            .collect();
        for mut table in actors::plain(&one, delimiter != b',')? {
            table.name.clone_from(&header[*p]);
            found.push(table);
        }
    }
    Ok(found)
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
