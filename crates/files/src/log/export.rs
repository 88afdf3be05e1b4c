//! The log as CSV and JSON.

use super::chain::Log;
use super::entry::Entry;
use crate::sheet;

/// Columns of the CSV, in order.
const COLUMNS: [&str; 27] = [
    "id",
    "question",
    "kind",
    "as_of",
    "made_at",
    "author",
    "by",
    "p",
    "term",
    "confidence",
    "model_version",
    "inputs_hash",
    "seed",
    "draws",
    "trigger",
    "delta_logit",
    "rationale",
    "supersedes",
    "outcome",
    "resolved_on",
    "tags",
    "cdf",
    "attribution",
    "references",
    "machine_tags",
    "prev_hash",
    "hash",
];

/// The entries as CSV with a header line; lists are joined with `; `, pairs with a space.
///
/// `machine_tags` gives the tags of an entry, so that words and grades travel with it. A text that
/// a spreadsheet would take for a formula is led by an apostrophe.
pub fn to_csv(entries: &[Entry], machine_tags: impl Fn(&Entry) -> Vec<String>) -> String {
    let text = |t: &Option<String>| t.clone().unwrap_or_default();
    let join = |parts: Vec<String>| parts.join("; ");
    sheet::table(
        COLUMNS,
        entries.iter().map(|e| {
            [
                e.id.clone(),
                e.question.clone(),
                e.kind.word().into(),
                e.as_of.to_string(),
                e.made_at.to_string(),
                e.author.clone(),
                written(e.by),
                written(e.p),
                text(&e.term),
                e.confidence.map_or_else(String::new, |c| c.word().into()),
                text(&e.model_version),
                text(&e.inputs_hash),
                written(e.seed),
                written(e.draws),
                text(&e.trigger),
                written(e.delta_logit),
                text(&e.rationale),
                text(&e.supersedes),
                e.outcome.map_or_else(String::new, |o| o.word().into()),
                written(e.resolved_on),
                join(e.tags.clone()),
                join(e.cdf.iter().map(|(date, p)| format!("{date} {p}")).collect()),
                join(e.attribution.iter().map(|a| format!("{} {}", a.cause, a.p)).collect()),
                join(e.references.iter().map(|(k, p)| format!("{k} {p}")).collect()),
                join(machine_tags(e)),
                e.prev_hash.clone(),
                e.hash.clone(),
            ]
        }),
    )
}

/// The text of a value, nothing for none.
fn written<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |v| v.to_string())
}

/// The whole log as one JSON document: schema, head, entries in order, faults.
///
/// # Errors
/// The serializer's, which plain data does not meet.
pub fn to_json(log: &Log) -> Result<String, serde_json::Error> {
    let document = serde_json::json!({
        "schema": "winset/log-export/1",
        "head": log.head(),
        "verifies": log.verifies(),
        "problems": log.problems,
        "torn_tail": log.tail.as_ref().map(ToString::to_string),
        "unproved": log.unproved,
        "entries": log.entries,
    });
    serde_json::to_string_pretty(&document)
}
