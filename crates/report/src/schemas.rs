//! The shapes of everything that `--json` prints, derived from the structs that are printed.

use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value};

use winset_model::explain::Diff;
use winset_model::forecast::Forecast;

use crate::{
    backtest, belief, blockers, brief, class, deals, diagnostics, diff, drivers, ensemble, explain,
    flip, history,
};
use crate::{
    lint, log, moved, past, read, record, redaction, score, spatial, stability, sweep, talks, when,
    written,
};

/// One answer: its name, who prints it, and its shape.
pub struct AnswerShape {
    /// The value of its key `schema`.
    pub id: &'static str,
    /// What prints it.
    pub printed_by: &'static str,
    /// Its JSON schema, without references.
    pub shape: Schema,
}

/// A row of the reference: a key, what it holds and what that means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    /// The dotted path; `[]` where the value before it is a list.
    pub key: String,
    /// Text, number, list …
    pub holds: String,
    /// In words.
    pub meaning: String,
}

/// Every answer, in the order of the reference.
pub fn answers() -> Vec<AnswerShape> {
    vec![
        of::<Forecast>("winset/forecast/2", "winset forecast"),
        of::<blockers::BlockersReport>("winset/blockers/1", "winset blockers"),
        of::<when::WhenReport>("winset/when/1", "winset when"),
        of::<explain::OutputExplanation>("winset/explain/1", "winset explain of an output"),
        of::<explain::InputExplanation>("winset/explain/1", "winset explain of an input"),
        of::<explain::MethodReport>("winset/method/1", "the workbench's page on the method"),
        of::<belief::BeliefReport>("winset/belief/1", "winset belief"),
        of::<deals::DealsReport>("winset/deals/1", "winset deals of a case"),
        of::<deals::text::TextReport>("winset/text/1", "winset deals --text"),
        of::<deals::domain::DomainReport>("winset/deals/1", "winset deals of a domain"),
        of::<moved::MovedReport>("winset/moved/1", "winset moved"),
        of::<history::HistoryReport>("winset/history/1", "winset history"),
        of::<drivers::DriversReport>("winset/drivers/1", "winset drivers"),
        of::<flip::FlipReport>("winset/flip/1", "winset flip"),
        of::<Diff>("winset/diff/1", "winset diff"),
        of::<diff::CompareReport>("winset/compare/1", "the workbench's page Compare"),
        of::<sweep::SweepReport>("winset/sweep/1", "winset sweep"),
        of::<spatial::SpatialReport>("winset/spatial/1", "winset spatial"),
        of::<stability::StabilityReport>("winset/stability/1", "winset stability"),
        of::<backtest::BacktestReport>("winset/backtest/1", "winset backtest"),
        of::<past::PastReport>("winset/backtest-cases/1", "winset backtest cases"),
        of::<talks::TalksReport>("winset/backtest-talks/1", "winset backtest talks"),
        of::<brief::Brief>("winset/brief/1", "winset brief --format json"),
        of::<class::ClassList>("winset/classes/1", "winset class"),
        of::<class::ClassReport>("winset/class/1", "winset class show and fit"),
        of::<diagnostics::CheckReport>("winset/check/1", "winset check"),
        of::<record::RecordReport>("winset/record/1", "winset record list"),
        of::<record::RecordAdded>("winset/record-add/1", "winset record add"),
        of::<diagnostics::CheckReport>("winset/record-check/1", "winset record check"),
        of::<read::VerifyReport>("winset/record-verify/1", "winset record verify"),
        of::<read::ReadReport>("winset/read/1", "winset read"),
        of::<read::EvaluateReport>("winset/read-evaluate/1", "winset read --evaluate"),
        of::<read::ReviewReport>("winset/review/1", "winset review"),
        of::<log::EnteredReport>(
            "winset/log-entry/1",
            "winset log add, reaffirm and correct, winset resolve",
        ),
        of::<log::LogReport>("winset/log/1", "winset log list"),
        of::<log::EntryReport>("winset/log-show/1", "winset log show"),
        of::<log::DayReport>("winset/log-day/1", "winset log show --on"),
        of::<log::ChainReport>("winset/log-verify/1", "winset log verify"),
        of::<log::ReplayReport>("winset/log-replay/1", "winset log replay"),
        of::<log::DailyReport>("winset/log-daily/1", "winset log replay --daily"),
        of::<log::TagsReport>("winset/tags/1", "winset log export --tags"),
        of::<log::LogExport>("winset/log-export/1", "winset log export"),
        of::<score::ScoreReport>("winset/score/1", "winset score"),
        of::<ensemble::EnsembleStatus>("winset/ensemble-status/1", "winset ensemble status"),
        of::<written::FilesReport>("winset/new/1", "winset new"),
        of::<written::FilesReport>("winset/import/1", "winset import"),
        of::<written::FilesReport>("winset/export/1", "winset export"),
        of::<written::ServeReport>("winset/serve/1", "winset serve"),
        of::<lint::LintReport>("winset/lint/1", "winset lint"),
        of::<diagnostics::DiagnosticsReport>(
            "winset/diagnostics/1",
            "every command, on stderr, where a file is wrong",
        ),
        of::<diagnostics::ErrorReport>(
            "winset/error/1",
            "every command, on stderr, where anything else is wrong",
        ),
        of::<redaction::RedactionReport>("winset/redaction/1", "winset brief --redact, on stderr"),
    ]
}

fn of<T: JsonSchema>(id: &'static str, printed_by: &'static str) -> AnswerShape {
    let settings = SchemaSettings::draft2020_12().with(|s| {
        s.inline_subschemas = true;
        s.meta_schema = None;
    });
    AnswerShape {
        id,
        printed_by,
        shape: SchemaGenerator::new(settings).into_root_schema_for::<T>(),
    }
}

/// All answers as one JSON schema: an answer's key `schema` says which of them it is.
pub fn schema() -> Value {
    let mut definitions = Map::new();
    for answer in answers() {
        let mut shape = answer.shape.to_value();
        if let Some(id) = shape.pointer_mut("/properties/schema") {
            *id = serde_json::json!({ "const": answer.id, "description": "Which answer this is." });
        }
        match definitions.get_mut(answer.id) {
            // An answer of two shapes is either.
            Some(known) => *known = serde_json::json!({ "anyOf": [known.take(), shape] }),
            None => {
                definitions.insert(answer.id.to_owned(), shape);
            }
        }
    }
    let one_of: Vec<Value> = definitions
        .keys()
        .map(|id| serde_json::json!({ "$ref": format!("#/$defs/{}", id.replace('/', "~1")) }))
        .collect();
    serde_json::json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What winset prints with --json",
        "oneOf": one_of,
        "$defs": definitions,
    })
}

/// The keys of an answer, a row each, in the order they are printed.
///
/// # Errors
/// Keys that say nothing about themselves.
pub fn keys(answer: &AnswerShape) -> Result<Vec<KeyRow>, String> {
    let mut rows = Vec::new();
    walk(answer.shape.as_value(), "", &mut rows);
    let silent: Vec<&str> =
        rows.iter().filter(|r| r.meaning.is_empty()).map(|r| r.key.as_str()).collect();
    if silent.is_empty() {
        Ok(rows)
    } else {
        Err(format!("{}: nothing is said about {}", answer.id, silent.join(", ")))
    }
}

fn walk(shape: &Value, at: &str, rows: &mut Vec<KeyRow>) {
    let shape = filled(shape);
    for (name, value) in properties(shape) {
        let key = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
        let meaning = value.get("description").and_then(Value::as_str).unwrap_or_default();
        let meaning = meaning.split_whitespace().collect::<Vec<_>>().join(" ");
        let (holds, inner, list) = held(value);
        rows.push(KeyRow { key: key.clone(), holds, meaning });
        if let Some(inner) = inner {
            walk(inner, &if list { format!("{key}[]") } else { key }, rows);
        }
    }
}

/// The one alternative that is not null, where null is the other.
fn filled(shape: &Value) -> &Value {
    let alternatives = shape.get("anyOf").and_then(Value::as_array);
    let filled = |v: &&Value| v.get("type").and_then(Value::as_str) != Some("null");
    match alternatives {
        Some(all) if all.iter().filter(filled).count() == 1 => {
            all.iter().find(filled).unwrap_or(shape)
        }
        _ => shape,
    }
}

fn properties(shape: &Value) -> impl Iterator<Item = (&String, &Value)> {
    shape.get("properties").and_then(Value::as_object).into_iter().flatten()
}

/// What a value holds in words, the shape inside it, and whether that is of each item.
fn held(value: &Value) -> (String, Option<&Value>, bool) {
    let or_null = if nullable(value) { " or null" } else { "" };
    let shape = filled(value);
    if let Some(items) = shape.get("items") {
        let items_shape = filled(items);
        let inner = properties(items_shape).next().is_some().then_some(items_shape);
        return (format!("list of {}{or_null}", plural(items_shape)), inner, true);
    }
    if properties(shape).next().is_some() {
        return (format!("object{or_null}"), Some(shape), false);
    }
    (format!("{}{or_null}", word(shape)), None, false)
}

fn nullable(value: &Value) -> bool {
    let types = value.get("type").and_then(Value::as_array);
    let listed = types.is_some_and(|all| all.iter().any(|t| t == "null"));
    let alternatives = value.get("anyOf").and_then(Value::as_array);
    listed
        || alternatives.is_some_and(|all| all.iter().any(|v| v.get("type") == Some(&"null".into())))
}

fn word(shape: &Value) -> String {
    let options: Vec<&str> = match shape.get("enum").and_then(Value::as_array) {
        Some(all) => all.iter().filter_map(Value::as_str).collect(),
        None => {
            let all = shape.get("oneOf").and_then(Value::as_array).into_iter().flatten();
            all.filter_map(|v| v.get("const").and_then(Value::as_str)).collect()
        }
    };
    if !options.is_empty() {
        let ticked: Vec<String> = options.iter().map(|o| format!("`{o}`")).collect();
        return ticked.join(", ");
    }
    let kind = match shape.get("type") {
        Some(Value::String(kind)) => Some(kind.as_str()),
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).find(|k| *k != "null"),
        _ => None,
    };
    match (kind, shape.get("format").and_then(Value::as_str)) {
        (Some("string"), Some("date")) => "day",
        (Some("string"), _) => "text",
        (Some("integer"), _) => "whole number",
        (Some("number"), _) => "number",
        (Some("boolean"), _) => "true or false",
        (Some("array"), _) => "list",
        (Some("object"), _) => "object",
        _ => "any value",
    }
    .to_owned()
}

fn plural(shape: &Value) -> String {
    if properties(shape).next().is_some() {
        return "objects".to_owned();
    }
    match word(shape).as_str() {
        "text" => "texts".to_owned(),
        "true or false" => "true or false".to_owned(),
        "list" => "lists".to_owned(),
        "any value" => "values".to_owned(),
        other if other.starts_with('`') => other.to_owned(),
        other => format!("{other}s"),
    }
}

/// The reference page of all answers.
///
/// # Errors
/// Keys that say nothing about themselves.
pub fn page() -> Result<String, String> {
    let mut page = String::from(
        "# The JSON of every answer\n\nWritten by `cargo xtask gen` from the structs that are printed. \
         Every command takes `--json`; the key `schema`\nsays which answer it is. Probabilities and \
         shares run from 0 to 1, positions stand in the issue's own units, days\nare ISO dates, lists \
         keep the order of the case. What does not exist is `null`, never NaN. The same as a JSON\n\
         schema: [output.schema.json](output.schema.json).\n",
    );
    for answer in answers() {
        page.push_str(&format!(
            "\n## {}\n\nPrinted by {}.\n",
            answer.id,
            ticked(answer.printed_by)
        ));
        page.push_str("\n| key | holds | meaning |\n|---|---|---|\n");
        for row in keys(&answer)? {
            let meaning = row.meaning.replace('|', "\\|");
            page.push_str(&format!("| `{}` | {} | {meaning} |\n", row.key, row.holds));
        }
    }
    Ok(page)
}

/// Commands in code, sentences as they are.
fn ticked(printed_by: &str) -> String {
    if printed_by.starts_with("winset") { format!("`{printed_by}`") } else { printed_by.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_every_answer_says_what_it_means() {
        for answer in answers() {
            let rows = keys(&answer).expect("every key has a meaning");
            assert_eq!(rows.first().map(|r| r.key.as_str()), Some("schema"), "{}", answer.id);
        }
        assert!(page().expect("a page").contains("| `entries[].p_true` | number |"));
    }

    #[test]
    fn a_key_without_a_meaning_is_named() {
        let shape = schemars::json_schema!({ "properties": { "p": { "type": "number" } } });
        let answer = AnswerShape { id: "winset/x/1", printed_by: "winset x", shape };
        assert_eq!(keys(&answer), Err("winset/x/1: nothing is said about p".to_owned()));
    }
}
