//! The log as JSON.

use super::chain::Log;

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
