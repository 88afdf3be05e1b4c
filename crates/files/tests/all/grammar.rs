//! The table of keys, the reader, the JSON schema and the cases hold to one another.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;
use std::sync::atomic::AtomicBool;

use winset_files::case::grammar::{KEYS, KeyDefault, KeyKind, pattern, schema};
use winset_files::case::{CaseFiles, load, open};
use winset_files::diagnostic::{Findings, Source};
use winset_model::case::{COEFFICIENTS, Case};
use winset_model::effort::Effort;
use winset_model::forecast::{Forecast, Run, run};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A case that writes every key there is.
fn everything() -> String {
    std::fs::read_to_string(root().join("crates/files/tests/data/everything.toml")).unwrap()
}

/// The cases that together write every key: some keys exclude one another.
fn written() -> [String; 3] {
    ["everything", "rates", "steps"].map(|name| {
        let file = root().join(format!("crates/files/tests/data/{name}.toml"));
        std::fs::read_to_string(file).unwrap()
    })
}

/// Every case that is shipped, known or started from.
fn cases() -> Vec<PathBuf> {
    let mut found = vec![
        root().join("crates/files/src/templates/two-sides.toml"),
        root().join("crates/files/tests/data/everything.toml"),
    ];
    for entry in std::fs::read_dir(root().join("cases")).unwrap() {
        found.push(entry.unwrap().path().join("case.toml"));
    }
    for entry in std::fs::read_dir(root().join("crates/files/tests/known")).unwrap() {
        found.push(entry.unwrap().path());
    }
    found.retain(|p| p.is_file() && p.extension().is_some_and(|e| e == "toml"));
    assert!(found.len() >= 14);
    found
}

/// A TOML value as JSON, days as text.
fn as_json(value: &toml::Value) -> Value {
    match value {
        toml::Value::String(s) => s.as_str().into(),
        toml::Value::Integer(i) => (*i).into(),
        toml::Value::Float(f) => (*f).into(),
        toml::Value::Boolean(b) => (*b).into(),
        toml::Value::Datetime(d) => d.to_string().into(),
        toml::Value::Array(a) => a.iter().map(as_json).collect::<Vec<Value>>().into(),
        toml::Value::Table(t) => {
            Value::Object(t.iter().map(|(k, v)| (k.clone(), as_json(v))).collect())
        }
    }
}

fn document(text: &str) -> Value {
    as_json(&toml::Value::Table(text.parse().unwrap()))
}

/// The dotted paths of everything that is not a table.
fn paths(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(entries) => {
            for (k, v) in entries {
                let path = if at.is_empty() { k.clone() } else { format!("{at}.{k}") };
                paths(v, &path, found);
            }
        }
        _ => found.push(at.to_owned()),
    }
}

fn findings(text: &str) -> Findings {
    let mut findings = Findings::default();
    let case = Source { name: "case.toml".to_owned(), text: text.to_owned() };
    let rows = "id,said,entered,kind,text\nr01,2025-01-05,2025-01-05,event,Said.\n".to_owned();
    let record = Some(Source { name: "record.csv".to_owned(), text: rows });
    load(&CaseFiles { case, record, ..CaseFiles::default() }, None, &[], &mut findings);
    findings
}

/// A case without a record.
fn alone(text: impl Into<String>) -> CaseFiles {
    let case = Source { name: "case.toml".to_owned(), text: text.into() };
    CaseFiles { case, ..CaseFiles::default() }
}

/// What is found in a case without a record, with some of its keys set.
fn found(text: impl Into<String>, sets: &[&str]) -> Findings {
    let sets: Vec<String> = sets.iter().map(|s| (*s).to_owned()).collect();
    let mut findings = Findings::default();
    load(&alone(text), None, &sets, &mut findings);
    findings
}

fn codes(findings: &Findings) -> Vec<&str> {
    findings.list.iter().map(|d| d.code).collect()
}

/// The case that is started from.
fn template() -> String {
    std::fs::read_to_string(root().join("crates/files/src/templates/two-sides.toml")).unwrap()
}

#[test]
fn every_key_of_every_case_is_in_the_table() {
    for file in cases() {
        let mut used = Vec::new();
        paths(&document(&std::fs::read_to_string(&file).unwrap()), "", &mut used);
        for path in used {
            assert!(pattern(&path).is_some(), "{}: `{path}` is not in the table", file.display());
        }
    }
}

#[test]
fn every_key_of_the_table_is_accepted_by_the_reader() {
    let mut used = Vec::new();
    for text in written() {
        paths(&document(&text), "", &mut used);
        let found = findings(&text);
        assert!(!found.failed(), "{:#?}", found.list);
    }
    let used: BTreeSet<&str> = used.iter().map(|p| pattern(p).unwrap().path).collect();
    let all: BTreeSet<&str> = KEYS.iter().map(|k| k.path).collect();
    assert_eq!(used, all);
    assert_eq!(all.len(), KEYS.len(), "a key is listed twice");
}

/// The table knows no key the reader refuses, and the reader accepts none the table does not know:
/// each key, misspelt, is unknown to both.
#[test]
fn the_reader_refuses_what_is_not_in_the_table() {
    let mut all = Vec::new();
    for text in written() {
        let mut used = Vec::new();
        paths(&document(&text), "", &mut used);
        all.extend(used.into_iter().map(|path| (path, text.parse::<toml::Table>().unwrap())));
    }
    let mut tried = 0;
    for (path, plain) in all {
        let words: Vec<&str> = path.split('.').collect();
        let (last, parents) = words.split_last().unwrap();
        let ends_in_id = pattern(&path).unwrap().path.ends_with(|c: char| c.is_ascii_uppercase());
        if ends_in_id && path.starts_with("notes.") {
            continue;
        }
        let wrong = format!("{last}x");
        let mut table = plain.clone();
        let mut at = &mut table;
        for word in parents {
            at = at.get_mut(*word).unwrap().as_table_mut().unwrap();
        }
        let value = at.get(*last).unwrap().clone();
        at.insert(wrong.clone(), value);
        let misspelt = [parents, &[wrong.as_str()]].concat().join(".");
        // A text names issues beside its own keys.
        if !ends_in_id && !path.starts_with("texts.") {
            assert!(pattern(&misspelt).is_none(), "{misspelt}");
        }
        let found = findings(&toml::to_string(&table).unwrap());
        let said = found.list.iter().any(|d| {
            ["unknown-key", "unknown-name"].contains(&d.code) && d.message.contains(&wrong)
        });
        assert!(said, "{misspelt}: {:#?}", found.list);
        tried += 1;
    }
    assert!(tried >= KEYS.len() - 1);
}

/// The part of JSON Schema that the schema uses.
fn violations(value: &Value, schema: &Value, at: &str, found: &mut Vec<String>) {
    let mut wrong = |what: String| found.push(format!("{at}: {what}"));
    let rules = schema.as_object().unwrap();
    let id = |key: &str| {
        key.starts_with(|c: char| c.is_ascii_lowercase())
            && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    for (rule, arg) in rules {
        match rule.as_str() {
            "$schema" | "title" | "description" | "properties" | "patternProperties"
            | "prefixItems" => {}
            "type" => {
                let is = match arg.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "boolean" => value.is_boolean(),
                    "number" => value.is_number(),
                    "integer" => value.is_i64(),
                    other => panic!("type {other}"),
                };
                if !is {
                    wrong(format!("is no {arg}"));
                }
            }
            "const" if value != arg => wrong(format!("is not {arg}")),
            "enum" if !arg.as_array().unwrap().contains(value) => wrong(format!("none of {arg}")),
            "const" | "enum" => {}
            "minimum" if value.as_f64() < arg.as_f64() => wrong("too small".to_owned()),
            "maximum" if value.as_f64() > arg.as_f64() => wrong("too large".to_owned()),
            "minimum" | "maximum" => {}
            "minLength" if value.as_str().is_some_and(str::is_empty) => wrong("empty".to_owned()),
            "minLength" => {}
            "pattern" => {
                assert_eq!(arg, "^[a-z][a-z0-9-]*$");
                if !value.as_str().is_some_and(id) {
                    wrong("is no id".to_owned());
                }
            }
            "format" => {
                assert_eq!(arg, "date");
                let day = value.as_str().and_then(winset_model::case::Day::parse);
                if day.is_none() {
                    wrong("is no day".to_owned());
                }
            }
            "minItems"
                if value.as_array().is_some_and(|a| (a.len() as u64) < arg.as_u64().unwrap()) =>
            {
                wrong("too short".to_owned());
            }
            "maxItems"
                if value.as_array().is_some_and(|a| (a.len() as u64) > arg.as_u64().unwrap()) =>
            {
                wrong("too long".to_owned());
            }
            "minItems" | "maxItems" => {}
            "required" => {
                for key in arg.as_array().unwrap() {
                    if value.get(key.as_str().unwrap()).is_none() {
                        wrong(format!("{key} is missing"));
                    }
                }
            }
            "anyOf" => {
                let fits = |s: &Value| {
                    let mut inner = Vec::new();
                    violations(value, s, at, &mut inner);
                    inner.is_empty()
                };
                if !arg.as_array().unwrap().iter().any(fits) {
                    wrong("fits none".to_owned());
                }
            }
            "items" | "additionalProperties" => {}
            other => panic!("the check does not know `{other}`"),
        }
    }
    if let (Some(items), Some(list)) = (rules.get("items"), value.as_array()) {
        for (k, item) in list.iter().enumerate() {
            violations(item, items, &format!("{at}[{k}]"), found);
        }
    }
    if let (Some(parts), Some(list)) = (rules.get("prefixItems"), value.as_array()) {
        for (part, item) in parts.as_array().unwrap().iter().zip(list) {
            violations(item, part, at, found);
        }
    }
    for (key, inner) in value.as_object().into_iter().flatten() {
        let path = format!("{at}.{key}");
        let named = rules.get("properties").and_then(|p| p.get(key));
        let by_id = rules.get("patternProperties").and_then(|p| p.get("^[a-z][a-z0-9-]*$"));
        match named.or(by_id.filter(|_| id(key))).or(rules.get("additionalProperties")) {
            None | Some(Value::Bool(true)) => {}
            Some(Value::Bool(false)) => found.push(format!("{path}: not expected")),
            Some(schema) => violations(inner, schema, &path, found),
        }
    }
}

#[test]
fn every_case_is_valid_under_the_schema() {
    let schema = schema();
    for file in cases() {
        let mut found = Vec::new();
        let text = std::fs::read_to_string(&file).unwrap();
        violations(&document(&text), &schema, "", &mut found);
        assert!(found.is_empty(), "{}: {found:#?}", file.display());
        let mut read = Findings::default();
        let files = open(&file, &mut read).unwrap();
        if file.file_name().unwrap() != "everything.toml" {
            assert!(load(&files, None, &[], &mut read).is_some(), "{}", file.display());
        }
    }
}

#[test]
fn the_schema_refuses_what_the_reader_refuses() {
    let schema = schema();
    for (good, bad) in [
        ("winset = 1", "winset = 2"),
        ("winset = 1\n", ""),
        ("discount = 10", "discount = -10"),
        ("discount = 10", "discont = 10"),
        ("role = \"leader\"", "role = \"chief\""),
        ("hard = true", "hard = \"yes\""),
        ("by   = 2025-06-30", "by   = \"soon\""),
        ("horizon = 300", "horizon = 0.5"),
        ("red_max.border = 55", "red_mx.border = 55"),
        ("red_max.border = 55", "name = \"Chief\""),
    ] {
        let text = everything();
        assert!(text.contains(good), "{good}");
        let text = text.replacen(good, bad, 1);
        let mut found = Vec::new();
        violations(&document(&text), &schema, "", &mut found);
        assert!(!found.is_empty(), "{bad}");
        assert!(findings(&text).failed(), "{bad}");
    }
}

#[test]
fn every_coefficient_has_its_own_row() {
    for c in COEFFICIENTS {
        let key = pattern(&format!("constants.{}", c.name)).unwrap();
        let taken = (key.kind, key.unit, key.default);
        let (lo, hi) = c.scale;
        assert_eq!(taken, (KeyKind::Number(lo, hi), c.unit, KeyDefault::Value(c.default)));
    }
}

/// A case that leaves out every key that has a default, and has what each of them may stand in.
const BARE: &str = r#"
winset = 1
as_of = 2025-01-10
question.by = 2025-06-30
question.stage = "vote"

[issues]
border = { now = "40..60" }
guarantee = { now = 0 }

[sides.north]
ratify = "majority of (premier)"
position = { border = "0..10..30", guarantee = "0..20..40" }
salience = { border = 80, guarantee = 20 }
discount = 10

[sides.south]
ratify = "president and 50% of (guard, senate)"
position = { border = "60..90..100", guarantee = 80 }
salience = { border = 50, guarantee = 50 }
discount = "5..10..30"

[actors]
premier = { side = "north", role = "leader", demand = { border = 5 } }
president = { side = "south", role = "leader" }
guard = { side = "south", role = "faction" }
senate = { side = "south", role = "faction", position = { border = "50..70" } }
empire = { role = "ally", of = "south" }
raiders = { role = "spoiler" }

[force]
strike = { by = "north", on = "south", choice = true, wins = "30..60" }
raid = { by = "raiders", on = "south", choice = false, hazard = "0.1..0.5" }

[promises]
word = { by = "north", to = "south", breaks = "gamma(1.5, 7.3)", secured_by = "guarantee", verified_by = "border" }

[clock]
class = "crisis"
start = 2025-01-02

[stages]
accord = {}
vote   = { takes = 3 }

[calendar]
began = { on = 2025-01-02, kind = "start" }
round = { on = 2025-01-20, kind = "round", known = 2025-01-02 }
letter = { on = 2025-03-20, kind = "deadline", known = 2025-01-02 }
"#;

/// Where the keys of a pattern may be written in [`BARE`].
fn places(pattern: &str) -> String {
    let entry = match pattern.rsplit('.').next().unwrap() {
        "mediated" => "began",
        "holds" | "decides" => "round",
        _ => "letter",
    };
    let force = match pattern.rsplit('.').next().unwrap() {
        "reacts" | "hazard" => "raid",
        _ => "strike",
    };
    let actor = if pattern.starts_with("force") { "empire" } else { "premier" };
    let with = [
        ("ISSUE", "border"),
        ("SIDE", "south"),
        ("ACTOR", actor),
        ("FORCE", force),
        ("PROMISE", "word"),
        ("ENTRY", entry),
        ("STAGE", "vote"),
    ];
    let word = |word: &str| {
        with.iter().find(|(w, _)| *w == word).map_or(word.to_owned(), |(_, id)| (*id).to_owned())
    };
    pattern.split('.').map(word).collect::<Vec<_>>().join(".")
}

fn bare(overrides: &[String]) -> Case {
    let mut findings = Findings::default();
    let loaded = load(&alone(BARE), None, overrides, &mut findings);
    // The demand of [`BARE`] costs nothing, as long as no audience is written.
    findings.list.retain(|d| d.code != "idle");
    assert!(findings.list.is_empty(), "{overrides:?}: {:#?}", findings.list);
    loaded.unwrap().case
}

/// The forecast of a case; where a coefficient comes from is left out: the case, where it is written.
fn answer(case: &Case) -> Value {
    let settings = Run { seed: 1, draws: 0..64 };
    let tally = run(case, &settings, Effort::silent(1, &AtomicBool::new(false)));
    let mut report =
        serde_json::to_value(Forecast::new(case, 1, &tally, &|_| String::new())).unwrap();
    for coefficient in report["coefficients"].as_array_mut().unwrap() {
        coefficient.as_object_mut().unwrap().remove("source").unwrap();
    }
    report
}

/// Each default is what the reader takes: written out, one by one and all at once, it changes neither
/// what the case says nor what comes of it.
#[test]
fn every_default_is_what_holds_where_nothing_is_written() {
    let plain = bare(&[]);
    let (fingerprint, expected) = (plain.fingerprint(), answer(&plain));
    let defaults: Vec<String> = KEYS
        .iter()
        .filter_map(|key| match key.default {
            KeyDefault::Value(value) => Some(format!("{}={value}", places(key.path))),
            _ => None,
        })
        .collect();
    assert!(defaults.len() >= 40, "{defaults:?}");
    for written in defaults.iter().map(std::slice::from_ref).chain([defaults.as_slice()]) {
        let case = bare(written);
        assert_eq!(case.fingerprint(), fingerprint, "{written:?}");
        assert_eq!(answer(&case), expected, "{written:?}");
    }
    // And a number that is not its default does change what the case says.
    for key in KEYS.iter().filter(|key| matches!(key.kind, KeyKind::Number(..))) {
        if let KeyDefault::Value(value) = key.default {
            let path = places(key.path);
            assert_ne!(value, "1", "{path}");
            assert_ne!(bare(&[format!("{path}=1")]).fingerprint(), fingerprint, "{path}");
        }
    }
}

/// What is written and moves nothing is named: the case without it has the same inputs but that one.
#[test]
fn keys_that_nothing_reads_are_named() {
    const TALKS: &str = r#"winset = 1
as_of = 2025-03-01
[question]
by = 2025-12-31
COUNTS
[issues]
flow = { now = 60 }
[sides.hill]
ratify = "mayor"
position.flow = 20
salience.flow = 70
discount = 10
[sides.port]
ratify = "warden"
position.flow = 85
salience.flow = 60
discount = 10
[actors]
mayor = { side = "hill", role = "leader", MAYOR }
warden = { side = "port", role = "leader" }
[force.strike]
by = "hill"
on = "port"
choice = true
wins = 50
STRIKE
[promises.word]
by = "hill"
to = "port"
breaks = 0.1
PROMISE
[calendar]
began = { on = 2025-02-15, kind = "start", BEGAN }
law = { on = 2025-06-01, kind = "deadline", LAW }
[clock]
start = 2025-02-15
CLOCK
"#;
    let findings = |changes: &[(&str, &str)]| {
        let mut text = TALKS.to_owned();
        for (place, line) in changes {
            text = text.replace(place, line);
        }
        for place in ["COUNTS", "STRIKE", "PROMISE", "CLOCK"] {
            text = text.replace(place, if place == "CLOCK" { "class = \"crisis\"" } else { "" });
        }
        for place in [", MAYOR", ", BEGAN", ", LAW"] {
            text = text.replace(place, "");
        }
        let findings = found(text, &[]);
        let said = findings.list.iter().filter(|d| d.code != "two-starts");
        said.map(|d| (d.code, d.field.clone().unwrap_or_default())).collect::<Vec<_>>()
    };
    assert_eq!(findings(&[]), []);
    for (place, line, path) in [
        ("MAYOR", "of = \"port\"", "actors.mayor.of"),
        ("MAYOR", "demand.flow = 10", "actors.mayor.demand"),
        ("MAYOR", "audience = 10", "actors.mayor.audience"),
        ("STRIKE", "wins_joined = 90", "force.strike.wins_joined"),
        ("STRIKE", "cost_joined.port = 9", "force.strike.cost_joined"),
        ("PROMISE", "miss = 40", "promises.word.miss"),
        ("PROMISE", "gain = 40", "promises.word.gain"),
        ("BEGAN", "mediated = true", "calendar.began.mediated"),
        ("LAW", "put_off = 40", "calendar.law.put_off"),
        ("LAW", "hard = true, put_off = 40", "calendar.law.put_off"),
        ("LAW", "known = 2025-07-01", "calendar.law.known"),
        ("CLOCK", "class = \"none\"\npool = 40", "clock.pool"),
    ] {
        assert_eq!(findings(&[(place, line)]), [("idle", path.to_owned())], "{line}");
    }
    for (place, line) in [
        ("MAYOR", "demand.flow = 10, audience = 10"),
        ("PROMISE", "verified_by = \"flow\"\nmiss = 40"),
        ("BEGAN", "mediated = false"),
        ("LAW", "hard = true, ends = true, put_off = 40, known = 2025-02-20"),
    ] {
        assert_eq!(findings(&[(place, line)]), [], "{line}");
    }
    let mediated = [("BEGAN", "mediated = true"), ("CLOCK", "class = \"mediated\"")];
    assert_eq!(findings(&mediated), []);
    assert_eq!(findings(&[("COUNTS", "counts = []")])[0].0, "ending");
}

/// Among three sides it matters who uses force, and what leaves every issue alone leaves it otherwise than
/// its owner would: no two of these cases are one.
#[test]
fn who_uses_force_and_what_it_leaves_are_in_the_fingerprint() {
    let text = |by: &str, more: &str| {
        let side = |id: &str, at: u32| {
            format!(
                "[sides.{id}]\nratify = \"{id}-lead\"\nposition.flow = {at}\nsalience.flow = 50\n\
                 discount = 10\n[actors.{id}-lead]\nside = \"{id}\"\nrole = \"leader\"\n"
            )
        };
        let sides = [side("a", 10), side("b", 60), side("c", 90)].concat();
        format!(
            "winset = 1\nas_of = 2025-03-01\n[question]\nby = 2025-12-31\n[issues]\n\
             flow = {{ now = 50 }}\n{sides}[force.raid]\nby = \"{by}\"\non = \"b\"\nchoice = true\n\
             wins = 80\n{more}\n"
        )
    };
    let print = |by: &str, more: &str| {
        let mut findings = Findings::default();
        let loaded = load(&alone(text(by, more)), None, &[], &mut findings);
        loaded.map(|l| l.case.fingerprint()).ok_or_else(|| findings.list[0].code)
    };
    let all: BTreeSet<String> = [("a", ""), ("c", ""), ("a", "if_won = {}"), ("a", "if_lost = {}")]
        .into_iter()
        .map(|(by, more)| print(by, more).unwrap())
        .collect();
    assert_eq!(all.len(), 4);
    assert_eq!(print("b", ""), Err("force"));
}

/// Where the day is unknown nothing is said that would follow from it.
#[test]
fn a_day_that_is_none_is_said_once() {
    let said = |as_of: &str| found(template().replace("as_of  = 2025-01-01", as_of), &[]);
    assert_eq!(codes(&said("as_of = 2025-01-01")), [""; 0]);
    assert_eq!(codes(&said("")), ["missing"]);
    for day in ["\"22.04.2025\"", "2025-04-22T23:30:00-05:00", "20250422"] {
        assert_eq!(codes(&said(&format!("as_of = {day}"))), ["date"], "{day}");
    }
}

/// A grid that nobody chose is told, and so is what stands twice or where there is nothing to name.
#[test]
fn what_a_switch_leaves_out_is_told() {
    for (sets, expected) in [
        (&["model.alpha=2"][..], &["grid"][..]),
        (&["model.alpha=2", "model.grid=[0, 50, 100]"], &[]),
        (&["model.grid=[0, 50, 100]"], &[]),
        (&["model.alpha=1"], &[]),
        (&["issues.border.marks=[[50, \"half\"], [50, \"so so\"]]"], &["marks"]),
        (&["question.stage=vote"], &["stages"]),
    ] {
        assert_eq!(codes(&found(template(), sets)), expected, "{sets:?}");
    }
}
