//! The command from outside: exit codes, streams, JSON, and what a forecast does not depend on.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Output, Stdio};

use serde_json::Value;

use crate::command::{err, known, winset};

fn run(args: &[&str]) -> Output {
    winset(&known(), args).output().unwrap()
}

fn code(args: &[&str]) -> i32 {
    run(args).status.code().unwrap()
}

fn json(out: &Output) -> Value {
    assert!(out.status.success(), "{}", err(out));
    serde_json::from_slice(&out.stdout).unwrap()
}

fn forecast(file: &str) -> Value {
    json(&run(&["forecast", file, "--draws", "3", "--json"]))
}

#[test]
fn exit_codes_say_what_kind_of_failure_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().to_str().unwrap();
    assert_eq!(code(&["check", "01-zone.toml"]), 0);
    assert_eq!(code(&["check", "01-zone.toml", "--set", "sides.a.discount=0"]), 1);
    assert_eq!(code(&["forecast", "01-zone.toml", "--set", "sides.a.discount=0"]), 1);
    assert_eq!(code(&["forecast", "--draws", "none"]), 2);
    assert_eq!(code(&["no-such-verb", "x"]), 2);
    // An error that no draws come down to would be taken and do nothing.
    for error in ["nan", "0", "-1", "inf", "1", "0.5 points"] {
        assert_eq!(code(&["forecast", "01-zone.toml", &format!("--mcse={error}")]), 2, "{error}");
    }
    assert_eq!(code(&["forecast", here]), 2);
    assert_eq!(code(&["forecast", "no-such-case"]), 3);
    let case = folder.path().join("made");
    let case = case.to_str().unwrap();
    assert_eq!(code(&["new", case]), 0);
    assert_eq!(code(&["new", case]), 4);
}

#[test]
fn warnings_fail_only_where_that_is_asked_for() {
    // A red line of an actor that rules out the position written for it.
    let own = ["--set", "actors.a1.position.land=80"];
    let plain = run(&[["check", "01-zone.toml"], own].concat());
    assert!(plain.status.success());
    assert!(err(&plain).starts_with("warning[moved-red-line]"), "{}", err(&plain));
    assert_eq!(code(&[&["check", "01-zone.toml", "--strict"], &own[..]].concat()), 1);
}

#[test]
fn with_json_errors_are_json_on_stderr() {
    for (args, schema, code) in [
        (vec!["forecast", "01-zone.toml", "--set", "sides.a.discount=0"], "diagnostics", 1),
        (vec!["forecast", "no-such-case"], "error", 3),
    ] {
        let out = run(&[args, vec!["--json"]].concat());
        assert_eq!(out.status.code(), Some(code));
        assert!(out.stdout.is_empty());
        let said: Value = serde_json::from_slice(&out.stderr).unwrap();
        assert_eq!(said["schema"], format!("winset/{schema}/1"));
    }
}

/// `winset check case | head -1` says of a case with errors that it has some.
#[test]
fn a_verdict_stands_whoever_stops_reading() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("text.md"), "It could be.\n").unwrap();
    std::fs::write(folder.path().join("plain.md"), "Nothing.\n").unwrap();
    assert!(crate::command::run(folder.path(), &["new", "talks"]).status.success());
    std::fs::write(folder.path().join("talks/log.jsonl"), "{}\n").unwrap();
    std::fs::write(folder.path().join("talks/record.csv"), "id\n").unwrap();
    for (args, code) in [
        (&["check", "talks", "--set", "sides.north.discount=0"][..], 1),
        (&["check", "us-iran-2025"], 0),
        (&["check", "talks", "--set", "sides.north.discount=0", "--json"], 1),
        (&["record", "check", "talks"], 1),
        (&["lint", "text.md"], 1),
        (&["lint", "plain.md"], 0),
        (&["log", "verify", "talks"], 1),
    ] {
        // Nobody reads: the other end is closed before the command writes.
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let out = winset(folder.path(), args).stdout(writer).output().unwrap();
        assert_eq!(out.status.code(), Some(code), "{args:?}: {}", err(&out));
    }
}

#[test]
fn a_reader_that_has_read_enough_is_no_failure() {
    for args in [&["forecast", "01-zone.toml", "--draws", "3", "--json"][..], &["schema"]] {
        let mut child =
            winset(&known(), args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut first = [0];
        let mut pipe = child.stdout.take().unwrap();
        pipe.read_exact(&mut first).unwrap();
        drop(pipe);
        let out = child.wait_with_output().unwrap();
        assert!(out.status.success(), "{}", err(&out));
        assert_eq!((first, err(&out).as_str()), ([b'{'], ""));
    }
}

#[test]
fn without_colour_nothing_is_coloured() {
    for args in [&["check", "01-zone.toml", "--set", "sides.a.discont=1"][..], &["check"]] {
        let out = winset(&known(), args).env("NO_COLOR", "1").output().unwrap();
        assert!(!out.stdout.contains(&0x1b) && !out.stderr.contains(&0x1b));
    }
}

#[test]
fn a_forecast_fits_eighty_columns() {
    for case in ["us-iran-2025", "emission-standards-1994", "12-council.toml"] {
        let out = run(&["forecast", case, "--draws", "20"]);
        let text = String::from_utf8(out.stdout).unwrap();
        assert!(text.lines().count() > 30);
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "{case}: {line}");
        }
    }
}

#[test]
fn a_path_that_is_misspelt_gets_the_right_one() {
    for (set, hint) in [
        ("sides.a.discont=5", "did you mean `discount`?"),
        ("actors.a1.red_mx.land=5", "did you mean `red_max`?"),
        ("actors.a1.red_max.lnd=5", "did you mean `land`?"),
        ("constants.horizn=300", "did you mean `horizon`?"),
        ("sydes.a.discount=5", "did you mean `sides`?"),
        ("sides.a.discount", "for example --set sides.us.discount=5..10..30"),
    ] {
        let out = run(&["check", "01-zone.toml", "--set", set]);
        assert_eq!(out.status.code(), Some(1), "{set}");
        assert!(err(&out).contains(hint), "{set}: {}", err(&out));
        assert!(err(&out).contains("--set"), "{set}: {}", err(&out));
    }
}

#[test]
fn a_new_case_is_whole_and_an_old_one_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    for (name, from) in
        [("a", None), ("b", Some("us-iran-2025")), ("c", Some("emission-standards-1994"))]
    {
        let mut args = vec!["new", name];
        args.extend(from.into_iter().flat_map(|f| ["--from", f]));
        assert!(winset(folder.path(), &args).output().unwrap().status.success());
        let checked = winset(folder.path(), &["check", name, "--strict"]).output().unwrap();
        assert!(checked.status.success(), "{name}: {}", err(&checked));
        let file = folder.path().join(name).join("case.toml");
        fs::write(&file, "mine").unwrap();
        let again = winset(folder.path(), &args).output().unwrap();
        assert_eq!(again.status.code(), Some(4));
        assert!(err(&again).contains("nothing was changed"), "{}", err(&again));
        assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    }
}

#[test]
fn threads_change_no_byte() {
    for case in ["us-iran-2025", "emission-standards-1994"] {
        let with = |n| run(&["forecast", case, "--draws", "120", "--json", "--threads", n]).stdout;
        let one = with("1");
        assert!(one.len() > 10_000);
        assert_eq!(one, with("2"), "{case}");
    }
}

#[test]
fn the_order_of_the_actors_changes_no_byte() {
    for file in ["08-dictator.toml", "12-council.toml", "02-red-lines.toml"] {
        let text = fs::read_to_string(known().join(file)).unwrap();
        let (before, rest) = text.split_once("[actors]\n").unwrap();
        let (actors, after) = rest.split_once("\n\n").unwrap();
        let mut lines: Vec<&str> = actors.lines().collect();
        lines.reverse();
        let folder = tempfile::tempdir().unwrap();
        let turned = folder.path().join(file);
        fs::write(&turned, format!("{before}[actors]\n{}\n\n{after}", lines.join("\n"))).unwrap();
        let (one, other) = (forecast(file), forecast(turned.to_str().unwrap()));
        assert!(one["fingerprint"].is_string());
        assert_eq!(one.to_string(), other.to_string(), "{file}");
    }
}

/// Without a class of its own a case is priced as mediated talks from the day on which it is known that
/// somebody mediates, and says that it names none.
#[test]
fn mediation_counts_only_once_it_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/us-iran-2025");
    let text = fs::read_to_string(from.join("case.toml")).unwrap();
    let (before, rest) = text.split_once("[clock]\n").unwrap();
    let (_, after) = rest.split_once("[calendar]\n").unwrap();
    let unnamed = folder.path().join("case.toml");
    fs::write(&unnamed, format!("{before}[calendar]\n{after}")).unwrap();
    fs::copy(from.join("record.csv"), folder.path().join("record.csv")).unwrap();
    let class = |case: &str, day: &str| {
        let f = json(&run(&["forecast", case, "--draws", "3", "--json", "--as-of", day]));
        f["class"].clone()
    };
    let path = folder.path().to_str().unwrap();
    let (early, late) = (class(path, "2025-04-06"), class(path, "2025-04-07"));
    assert_eq!((&early["name"], &late["name"]), (&"crisis".into(), &"mediated".into()));
    assert!(early["name_reason"].is_string() && late["name_reason"].is_string());
    assert!(class("us-iran-2025", "2025-04-22")["name_reason"].is_null());
    assert_eq!(class("us-iran-2025", "2025-04-22")["elapsed"], 10);
}

#[track_caller]
fn close(what: &str, ours: &Value, theirs: &Value) {
    match (ours.as_f64(), theirs.as_f64()) {
        (Some(a), Some(b)) => assert!((a - b).abs() < 1e-9, "{what}: ours {a}, theirs {b}"),
        _ => assert_eq!(ours, theirs, "{what}"),
    }
}

#[test]
fn the_json_of_every_known_case_has_the_exact_answers() {
    let mut cases = 0;
    for entry in fs::read_dir(known()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "toml") {
            continue;
        }
        cases += 1;
        let name = path.file_stem().unwrap().to_str().unwrap();
        let answers = fs::read_to_string(path.with_extension("json")).unwrap();
        let known: Value = serde_json::from_str(&answers).unwrap();
        if known["branches"].is_array() {
            // Not every draw is the same.
            continue;
        }
        let ours = forecast(path.to_str().unwrap());
        let zone = known["zone"].as_bool().unwrap();
        assert_eq!(ours["zone"]["p"], if zone { 1.0 } else { 0.0 }, "{name}");
        assert_eq!(ours["closed"], if zone { 0.0 } else { 1.0 }, "{name}");

        let exact = &ours["exact"];
        for (key, theirs) in [
            ("room", "G"),
            ("screening", "screening_s"),
            ("nash_value", "nash_value"),
            ("credible", "credible"),
            ("zone", "zone"),
        ] {
            close(&format!("{name} {key}"), &exact[key], &known[theirs]);
        }
        for key in ["d", "m"] {
            let members = known[key].as_object().unwrap();
            assert_eq!(exact[key].as_object().unwrap().len(), members.len(), "{name}");
            for (id, value) in members {
                close(&format!("{name} {key} {id}"), &exact[key][id], value);
            }
        }
        // Of every bargaining day.
        let days = known["clock"]["bargaining"].as_array().unwrap();
        let terms = days.iter().filter_map(|day| day["terms"].as_array());
        let terms: Vec<Value> = terms.flatten().cloned().collect();
        if zone {
            assert_eq!(exact["terms"], known["terms"], "{name}");
            assert_eq!(exact["terms_rule"], known["terms_rule"], "{name}");
            assert_eq!(exact["above_threat"], known["zplus"], "{name}");
        }

        // A histogram of 4,096 bins a scale: a quantile is one of the terms to within a bin.
        for (j, row) in ours["terms"].as_array().unwrap().iter().enumerate() {
            for q in ["q05", "q25", "q50", "q75", "q95"] {
                match row[q].as_f64() {
                    Some(x) => assert!(
                        terms.iter().any(|t| (t[j].as_f64().unwrap() - x).abs() < 100.0 / 4096.0),
                        "{name} {row}"
                    ),
                    None => assert!(!zone && row["q50_reason"].is_string(), "{name} {row}"),
                }
            }
        }

        let rows = ours["blockers"].as_array().unwrap();
        assert_eq!(rows.len(), known["block"].as_object().unwrap().len(), "{name}");
        for row in rows {
            let id = row["actor"].as_str().unwrap();
            let at = |what: &str| format!("{name} {what} {id}");
            close(&at("block"), &row["block"], &known["block"][id]);
            close(&at("walk"), &row["walk"], &known["walk"][id]);
            close(&at("banzhaf"), &row["banzhaf"], &known["power"][id]["banzhaf"]);
            close(&at("shapley"), &row["shapley"], &known["power"][id]["shapley"]);
        }

        let sets = |list: &Value, key: &dyn Fn(&Value) -> Value| {
            let mut sets: Vec<Vec<String>> = list
                .as_array()
                .unwrap()
                .iter()
                .map(|set| {
                    let mut set: Vec<String> = serde_json::from_value(key(set)).unwrap();
                    set.sort();
                    set
                })
                .collect();
            sets.sort();
            sets
        };
        for conflict in ours["conflicts"].as_array().unwrap() {
            assert_eq!(conflict["share"], 1.0, "{name}");
        }
        assert_eq!(
            sets(&ours["conflicts"], &|c| c["constraints"].clone()),
            sets(&known["minimal_conflicts"], &Clone::clone),
            "{name}"
        );

        for (day, theirs) in known["cif"].as_object().unwrap() {
            let t: usize = day.parse().unwrap();
            let row = &ours["agreement"][t - 1];
            close(&format!("{name} day {t}"), &row["p"], &theirs["pooled"]["yes"]);
            for (key, theirs) in [
                ("structure", &theirs["structure"]["yes"]),
                ("class", &theirs["class_here"]["yes"]),
                ("table", &theirs["table"]["yes"]),
            ] {
                close(&format!("{name} {key} {t}"), &row[key], theirs);
            }
            let row = &ours["endings_by_day"][t - 1];
            for ending in ["interim", "breakdown", "suspension", "open"] {
                close(&format!("{name} {ending} {t}"), &row[ending], &theirs["pooled"][ending]);
            }
            let all: f64 = row.as_object().unwrap().values().filter_map(Value::as_f64).sum();
            assert!((all - 1.0).abs() < 1e-12, "{name} day {t}: {all}");
        }
    }
    assert!(cases >= 10);
}
