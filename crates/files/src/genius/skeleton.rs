//! A domain as a case to start from: its issues, its sides, and what each would like.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use winset_model::theory::domain::{Domain, Utility};

/// Writes a `case.toml` with the issues and sides of a domain.
///
/// # Model
/// The values of an issue become landmarks at equal distances on 0–100, in file order: the domain
/// says nothing about how far apart they are, so the scale is a placeholder. A side's position is
/// the landmark it values most, its salience the share of that issue's range of worth; both are
/// read off the profile. Profiles of rectangles have no such reading and get neither.
#[must_use]
pub fn case_skeleton(domain: &Domain, as_of: &str) -> String {
    let mut toml = String::new();
    let mut line = |text: String| {
        // Writing into a string cannot fail.
        let _ = writeln!(toml, "{text}");
    };
    line("winset = 1".into());
    line(format!("title  = {}", quoted(domain.name())));
    line(format!("as_of  = {as_of}"));
    line(String::new());
    line("[question]".into());
    line(format!("text = {}", quoted(&format!("Will the sides of {} agree?", domain.name()))));
    line("yes  = \"all sides announce a signed text\"".into());
    line(format!("by   = {as_of}    # set the date the question is asked for"));
    line(String::new());
    line("[issues]    # landmarks stand at equal distances: move them to where they belong".into());
    let mut taken = BTreeSet::new();
    let ids: Vec<String> =
        domain.issues().iter().map(|i| id(&i.name, "issue", &mut taken)).collect();
    for (issue, id) in domain.issues().iter().zip(&ids) {
        let count = issue.values.len();
        let marks: Vec<String> = issue
            .values
            .iter()
            .enumerate()
            // A hundred landmarks help nobody; the ends do.
            .filter(|(at, _)| count <= 12 || *at == 0 || at + 1 == count)
            .map(|(at, value)| format!("[{}, {}]", place(at, count), quoted(value)))
            .collect();
        line(format!(
            "{id} = {{ name = {}, now = 0, marks = [{}] }}",
            quoted(&issue.name),
            marks.join(", ")
        ));
    }
    let mut taken = BTreeSet::new();
    for side in domain.sides() {
        let side_id = id(&side.name, "side", &mut taken);
        let actor = id(&format!("{side_id}-leader"), "actor", &mut taken);
        line(String::new());
        line(format!("[sides.{side_id}]"));
        line(format!("ratify   = {}", quoted(&actor)));
        if let Utility::Additive(parts) = &side.utility {
            let ranges: Vec<f64> = parts.iter().map(|part| range(part)).collect();
            let whole: f64 = ranges.iter().sum();
            let positions: Vec<String> = ids
                .iter()
                .zip(parts)
                .map(|(id, part)| format!("{id} = {}", place(best(part), part.len())))
                .collect();
            let saliences: Vec<String> = ids
                .iter()
                .zip(&ranges)
                .map(|(id, range)| {
                    let share = if whole > 0.0 { 100.0 * range / whole } else { 0.0 };
                    format!("{id} = {}", tenth(share))
                })
                .collect();
            line(format!("position = {{ {} }}", positions.join(", ")));
            line(format!("salience = {{ {} }}", saliences.join(", ")));
        }
        line("discount = \"5..10..30\"    # per cent a year: a placeholder".into());
        line(format!("# reservation in the domain: {}", side.reservation));
        line(String::new());
        line(format!("[actors.{actor}]"));
        line(format!("side = {}", quoted(&side_id)));
        line("role = \"leader\"".into());
        line("capability = 100".into());
    }
    toml
}

fn place(at: usize, count: usize) -> f64 {
    if count <= 1 { 0.0 } else { tenth(100.0 * at as f64 / (count - 1) as f64) }
}

fn tenth(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

fn range(part: &[f64]) -> f64 {
    let high = part.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let low = part.iter().copied().fold(f64::INFINITY, f64::min);
    (high - low).max(0.0)
}

fn best(part: &[f64]) -> usize {
    let mut best = 0;
    for (at, worth) in part.iter().enumerate() {
        if *worth > part[best] {
            best = at;
        }
    }
    best
}

/// A TOML basic string.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// An id `[a-z][a-z0-9-]*` made of a name, unique among those taken.
fn id(name: &str, otherwise: &str, taken: &mut BTreeSet<String>) -> String {
    let mut id = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' => id.push(c),
            '0'..='9' if !id.is_empty() => id.push(c),
            _ if !id.is_empty() && !id.ends_with('-') => id.push('-'),
            _ => {}
        }
    }
    let id = id.trim_end_matches('-');
    let base = if id.is_empty() { otherwise } else { id };
    let mut unique = base.to_owned();
    let mut number = 2;
    while !taken.insert(unique.clone()) {
        unique = format!("{base}-{number}");
        number += 1;
    }
    unique
}
