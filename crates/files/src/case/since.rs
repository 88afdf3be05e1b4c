//! `[since.ENTRY]`: values that hold from the day an entry of the record was said and entered.

use winset_model::record::{Record, RecordEntry};
use winset_model::uncertain::Dist;

use super::grammar::{KEYS, is_id, pattern};
use super::number;
use super::tree::{TomlNode, Value, WrittenAt, assign};
use crate::diagnostic::{Findings, suggest};

/// One value and the entry that brings it.
#[derive(Clone, Debug)]
pub(super) struct SinceChange {
    /// The index of the entry in the record.
    pub(super) entry: usize,
    path: Vec<String>,
    value: TomlNode,
}

/// Takes the table out of the tree and reads it against the record and the rest of the tree: every
/// change, the later ones last.
pub(super) fn take(
    root: &mut TomlNode,
    record: Option<&Record>,
    file: &str,
    findings: &mut Findings,
) -> Vec<SinceChange> {
    let Value::Table(top) = &mut root.value else { return Vec::new() };
    let Some(place) = top.iter().position(|(k, _, _)| k == "since") else { return Vec::new() };
    let (_, _, node) = top.remove(place);
    let mut said = |at: &WrittenAt, code, message: String, hint: Option<String>| {
        let (file, span) = match at {
            WrittenAt::File(span) => (file.to_owned(), Some(span.clone())),
            WrittenAt::Set(path) => (format!("--set {path}"), None),
        };
        findings.error(code, &file, span, message, hint);
    };
    let Value::Table(entries) = node.value else {
        let message = format!("`since` is {}, a table is expected", node.kind());
        let hint = "write `[since.r08]` and below it the paths that change".to_owned();
        said(&node.at, "type", message, Some(hint));
        return Vec::new();
    };
    let known: &[RecordEntry] = record.map_or(&[], |r| &r.entries);
    let mut changes = Vec::new();
    for (id, at, node) in entries {
        let Some(entry) = known.iter().position(|e| e.id == id) else {
            let message = format!("`[since.{id}]`: there is no entry `{id}` in the record");
            let hint = suggest(&id, known.iter().map(|e| e.id.as_str()))
                .or_else(|| Some("put the entry into record.csv beside the case".to_owned()));
            said(&at, "unknown-name", message, hint);
            continue;
        };
        let mut leaves = Vec::new();
        if !matches!(node.value, Value::Table(_)) {
            let message = format!("`since.{id}` is {}, a table is expected", node.kind());
            let hint = format!("write `[since.{id}]` and below it the paths that change");
            said(&node.at, "type", message, Some(hint));
            continue;
        }
        flatten(node, &mut Vec::new(), &mut leaves);
        for (keys, value) in leaves {
            let path: Vec<String> = keys.iter().map(|k| k.0.clone()).collect();
            match check(root, &path) {
                Ok(()) => changes.push(SinceChange { entry, path, value }),
                Err((k, code, message, hint)) => {
                    said(&keys[k].1, code, format!("`[since.{id}]`: {message}"), hint);
                }
            }
        }
    }
    // In the order of the days; of one day in that of the record.
    changes.sort_by_key(|c| (known[c.entry].said.latest, known[c.entry].entered, c.entry));
    changes
}

/// The keys that lead to a value, each with its place.
type Keys = Vec<(String, WrittenAt)>;

/// The leaves of a table.
fn flatten(node: TomlNode, keys: &mut Keys, found: &mut Vec<(Keys, TomlNode)>) {
    match node.value {
        Value::Table(entries) => {
            for (key, at, child) in entries {
                keys.push((key, at));
                flatten(child, keys, found);
                keys.pop();
            }
        }
        _ => found.push((keys.clone(), node)),
    }
}

/// What is wrong: which key of the path, a code, a message, a hint.
type Wrong = (usize, &'static str, String, Option<String>);

/// Whether a path names a number or rule of what the case has.
fn check(root: &TomlNode, path: &[String]) -> Result<(), Wrong> {
    let dotted = path.join(".");
    let patterns: Vec<Vec<&str>> = KEYS
        .iter()
        .filter(|key| key.kind.may_change())
        .map(|key| key.path.split('.').collect())
        .collect();
    let mut fitting: Vec<&Vec<&str>> = patterns.iter().collect();
    for (k, word) in path.iter().enumerate() {
        let mut candidates: Vec<String> = Vec::new();
        for next in fitting.iter().filter_map(|p| p.get(k)) {
            match is_id(next) {
                true => candidates.extend(ids(root, next)),
                false => candidates.push((*next).to_owned()),
            }
        }
        candidates.sort();
        candidates.dedup();
        if !candidates.contains(word) {
            if pattern(&dotted).is_some_and(|key| !key.kind.may_change()) {
                let hint = "numbers and rules can change with an entry".to_owned();
                let message = format!("`{dotted}` cannot change");
                return Err((path.len() - 1, "since", message, Some(hint)));
            }
            let hint = suggest(word, candidates.iter().map(String::as_str));
            let message = format!("unknown path `{dotted}`: there is no `{word}` here");
            return Err((k, "unknown-key", message, hint));
        }
        fitting.retain(|p| p.get(k).is_some_and(|next| is_id(next) || next == word));
    }
    if fitting.iter().any(|p| p.len() == path.len()) {
        return Ok(());
    }
    let hint = suggest("", fitting.iter().filter_map(|p| p.get(path.len()).copied()));
    Err((path.len() - 1, "unknown-key", format!("`{dotted}` is a table, no number or rule"), hint))
}

/// The ids that a word in capitals of a pattern may stand for.
fn ids(root: &TomlNode, word: &str) -> Vec<String> {
    let section = match word {
        "ISSUE" => "issues",
        "SIDE" => "sides",
        "ACTOR" | "ALLY" => "actors",
        "PROMISE" => "promises",
        "ENTRY" => "calendar",
        "STAGE" => "stages",
        "TEXT" => "texts",
        "PARTIAL" => "partial",
        "GROUP" => "together",
        "OPTION" => return super::options::all(root),
        _ => "force",
    };
    let Value::Table(top) = &root.value else { return Vec::new() };
    let found = top.iter().find(|(k, _, _)| k == section).map(|(_, _, node)| &node.value);
    match found {
        Some(Value::Table(entries)) => entries.iter().map(|(k, _, _)| k.clone()).collect(),
        _ => Vec::new(),
    }
}

impl SinceChange {
    /// Whether it moves something that packages depend on: not rounds, the clock, the stages or the
    /// constants, but what a deadline costs, leaves, and how likely it is put off. What says again what
    /// was written, or changed `before`, moves nothing.
    pub(super) fn moves_structure(&self, written: &TomlNode, before: &[&Self]) -> bool {
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        let last = before.iter().rev().find(|change| change.path == self.path);
        let held = match last {
            Some(change) => Some(&change.value),
            None => path.iter().try_fold(written, |node, key| node.child(key)),
        };
        if held.is_some_and(|held| same(held, &self.value)) {
            return false;
        }
        match path[..] {
            ["calendar", _, key, ..] => matches!(key, "cost" | "after" | "put_off"),
            [head, ..] => !matches!(
                head,
                "clock" | "stages" | "texts" | "partial" | "question" | "constants" | "notes"
            ),
            [] => false,
        }
    }
}

/// Whether two values are the same number or the same rule, whatever they rest on.
fn same(a: &TomlNode, b: &TomlNode) -> bool {
    let dist = |node: &TomlNode| match &node.value {
        Value::Number(x) => Some(Dist::Point(*x)),
        Value::Text(text) => number::dist(text),
        _ => None,
    };
    let words = |text: &str| -> Vec<String> {
        text.split_whitespace().filter(|word| !word.starts_with('@')).map(str::to_owned).collect()
    };
    match (&a.value, &b.value) {
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Text(a), Value::Text(b)) if words(a) == words(b) => true,
        _ => dist(a).is_some_and(|a| dist(b) == Some(a)),
    }
}

/// Lays changes over the tree.
pub(super) fn lay<'c>(root: &mut TomlNode, changes: impl Iterator<Item = &'c SinceChange>) {
    let Value::Table(top) = &mut root.value else { return };
    for change in changes {
        let keys: Vec<&str> = change.path.iter().map(String::as_str).collect();
        assign(top, &keys, change.value.clone());
    }
}

/// Whether a place lies in one of the values.
pub(super) fn holds(changes: &[SinceChange], span: &std::ops::Range<usize>) -> bool {
    changes.iter().any(|c| match &c.value.at {
        WrittenAt::File(at) => at.start <= span.start && span.end <= at.end,
        WrittenAt::Set(_) => false,
    })
}
