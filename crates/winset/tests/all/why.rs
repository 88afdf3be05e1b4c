//! `winset blockers`, `when` and `explain` from outside.

use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use winset_report::explain::EQUATIONS;

use crate::command::{self, known};

fn winset(args: &[&str]) -> Command {
    command::winset(&known(), args)
}

fn run(args: &[&str]) -> Output {
    winset(args).output().unwrap()
}

fn json(args: &[&str]) -> Value {
    command::json(&known(), args)
}

const BUILTIN: &str = "us-iran-2025";

#[test]
fn exit_codes_say_what_kind_of_failure_it_was() {
    let code = |args: &[&str]| run(args).status.code().unwrap();
    for verb in [&["blockers"][..], &["when"], &["explain", "answer.p"]] {
        let with = |more: &[&'static str]| [verb, more].concat();
        assert_eq!(code(&with(&["01-zone.toml", "--draws", "3"])), 0, "{verb:?}");
        assert_eq!(code(&with(&["01-zone.toml", "--set", "sides.a.discount=0"])), 1, "{verb:?}");
        assert_eq!(code(&with(&["01-zone.toml", "--draws", "none"])), 2, "{verb:?}");
        assert_eq!(code(&with(&["no-such-case"])), 3, "{verb:?}");
    }
    assert_eq!(code(&["explain"]), 2);
    assert_eq!(code(&["explain", "no.such.number", "01-zone.toml", "--draws", "3"]), 2);
}

#[test]
fn json_names_its_schema_first_and_says_what_the_forecast_says() {
    let forecast = json(&["forecast", "12-council.toml", "--draws", "3", "--json"]);
    for (args, schema, shared) in [
        (&["blockers"][..], "winset/blockers/1", &["zone", "blockers", "conflicts", "opens"][..]),
        (
            &["when"],
            "winset/when/1",
            &["question", "answer", "agreement", "endings_by_day", "force"],
        ),
        (&["explain", "answer.p"], "winset/explain/1", &[]),
        (&["explain", "sides.a.discount"], "winset/explain/1", &[]),
    ] {
        let args = [args, &["12-council.toml", "--draws", "3", "--json"]].concat();
        let report = json(&args);
        let (first, value) = report.as_object().unwrap().iter().next().unwrap();
        assert_eq!((first.as_str(), value.as_str()), ("schema", Some(schema)), "{args:?}");
        for key in shared {
            assert_eq!(report[key], forecast[key], "{args:?} {key}");
        }
    }
}

/// The paths a pattern of the table stands for in a forecast: every row of its list, every ending.
fn paths(pattern: &str, forecast: &Value) -> Vec<String> {
    let (head, rest) = pattern.split_once('.').unwrap_or((pattern, ""));
    if rest.is_empty() || !rest.chars().all(|c| c.is_ascii_uppercase()) {
        return vec![pattern.to_owned()];
    }
    let named = |row: &Value| {
        let names = ["id", "entry", "issue", "actor", "name", "date", "path", "event", "option"];
        names.iter().find_map(|n| row.get(n)?.as_str().map(str::to_owned))
    };
    match &forecast[head] {
        Value::Array(rows) => rows
            .iter()
            .enumerate()
            .map(|(k, row)| format!("{head}.{}", named(row).unwrap_or_else(|| k.to_string())))
            .collect(),
        Value::Object(rows) => rows.keys().map(|k| format!("{head}.{k}")).collect(),
        other => panic!("{pattern}: {other}"),
    }
}

/// Every row of the table is about a number that a real forecast holds, and says that number.
#[test]
fn every_equation_is_about_a_number_of_a_forecast() {
    // Between them these cases have everything there is to explain.
    let counted = "question.counts=[\"agreement\",\"interim\"]";
    let cases: [&[&str]; 5] = [
        &[BUILTIN],
        &["12-council.toml"],
        &["02-red-lines.toml"],
        &["27-decisive-round.toml"],
        &[BUILTIN, "--set", counted],
    ];
    let asked =
        |words: &[&str], case: &[&str]| json(&[words, case, &["--draws", "40", "--json"]].concat());
    let forecasts: Vec<Value> = cases.iter().map(|c| asked(&["forecast"], c)).collect();
    for e in EQUATIONS {
        let head = e.path.split('.').next().unwrap();
        // One case that has the number is enough, and of many days the first and the last.
        let found = cases.iter().zip(&forecasts).find_map(|(case, forecast)| {
            let found = if forecast[head].is_null() { Vec::new() } else { paths(e.path, forecast) };
            (!found.is_empty()).then_some((case, forecast, found))
        });
        let (case, forecast, found) =
            found.unwrap_or_else(|| panic!("{} is in no forecast", e.path));
        let ends = if found.len() > 1 { &found[found.len() - 1..] } else { &[] };
        for path in found.iter().take(1).chain(ends) {
            let said = asked(&["explain", path], case);
            assert_eq!(said["equation"], e.equation, "{path}");
            assert_eq!(said["citation"], e.citation, "{path}");
            assert_eq!(said["value"], at(forecast, path), "{case:?} {path}");
        }
    }
}

/// The value at a path, read independently: a list's row is the one whose first text is the rest.
fn at(forecast: &Value, path: &str) -> Value {
    let Some((head, rest)) = path.split_once('.') else { return forecast[path].clone() };
    match &forecast[head] {
        Value::Array(rows) => {
            let named = |row: &&Value| {
                row.as_object().is_some_and(|o| o.values().any(|v| v.as_str() == Some(rest)))
            };
            match rest.parse::<usize>() {
                Ok(k) => rows[k].clone(),
                Err(_) => rows.iter().find(named).cloned().unwrap_or_default(),
            }
        }
        object => object[rest].clone(),
    }
}

/// No number of a forecast is left out: every key that holds one has a row.
#[test]
fn every_number_of_a_forecast_has_an_equation() {
    let forecast = json(&["forecast", "12-council.toml", "--draws", "3", "--json"]);
    let said = ["schema", "version", "case", "fingerprint", "as_of", "seed", "draws", "question"];
    for key in forecast.as_object().unwrap().keys().filter(|k| !said.contains(&k.as_str())) {
        let has = EQUATIONS.iter().any(|e| e.path.split('.').next() == Some(key));
        assert!(has, "{key}");
    }
}

#[test]
fn a_path_that_is_nothing_gets_the_nearest_that_is() {
    for (typed, meant) in [
        ("anser.p", "`answer.p`"),
        ("zone.rom", "`zone.room`"),
        ("sides.a.discont", "`sides.a.discount`"),
    ] {
        let out = run(&["explain", typed, "01-zone.toml", "--draws", "3"]);
        let said = String::from_utf8(out.stderr).unwrap();
        assert!(said.contains("did you mean") && said.contains(meant), "{typed}: {said}");
        assert!(out.stdout.is_empty());
    }
    let out = run(&["explain", "terms.no-such-issue", "01-zone.toml", "--draws", "3"]);
    let said = String::from_utf8(out.stderr).unwrap();
    assert!(said.contains("terms.ISSUE"), "{said}");
}

#[test]
fn no_line_is_wider_than_80_columns() {
    for case in [BUILTIN, "12-council.toml", "emission-standards-1994"] {
        for args in [
            &["blockers"][..],
            &["when"],
            &["explain", "answer.p"],
            &["explain", "zone.p"],
            &["explain", "sides.us.discount"],
        ] {
            let args = [args, &[case, "--draws", "200"]].concat();
            let out = run(&args);
            // Only one of the cases has that input.
            assert!(out.status.success() || args[1] == "sides.us.discount", "{args:?}");
            for line in String::from_utf8(out.stdout).unwrap().lines() {
                assert!(line.chars().count() <= 80, "{args:?}: {line}");
            }
        }
    }
}

#[test]
fn a_wanted_error_stops_early_with_the_bytes_of_that_many_draws() {
    let early = run(&["forecast", BUILTIN, "--draws", "50000", "--mcse", "0.003", "--json"]);
    let report: Value = serde_json::from_slice(&early.stdout).unwrap();
    let draws = report["draws"].as_u64().unwrap();
    assert!(draws.is_multiple_of(1000) && draws < 50_000, "{draws}");
    assert!(report["answer"]["mcse"].as_f64().unwrap() <= 0.003);
    let plain = run(&["forecast", BUILTIN, "--draws", &draws.to_string(), "--json"]);
    assert!(early.stdout == plain.stdout, "{draws} draws in steps and at once differ");
    // An error nobody reaches does not stop it.
    let never = json(&["forecast", BUILTIN, "--draws", "1500", "--mcse", "1e-9", "--json"]);
    assert_eq!(never["draws"], 1500);
}

/// Ctrl-C prints the draws done so far, and the exit code says that they are not all.
#[cfg(unix)]
#[test]
fn ctrl_c_prints_what_is_done() {
    let mut command = winset(&["blockers", BUILTIN, "--draws", "1000000000", "--json"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_secs(2));
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let out = child.wait_with_output().unwrap();
    assert_eq!(out.status.code(), Some(130));
    let report: Value = serde_json::from_slice(&out.stdout).unwrap();
    let draws = report["draws"].as_u64().unwrap();
    assert!(draws > 0 && draws < 1_000_000_000);
    // Only whole blocks from the first draw on: the same draws at once give the same zone.
    let again = json(&["blockers", BUILTIN, "--draws", &draws.to_string(), "--json"]);
    assert_eq!(report["zone"], again["zone"]);
}
