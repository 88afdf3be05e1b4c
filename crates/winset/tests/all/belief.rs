//! `winset belief` from outside, and the laws its numbers keep.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::command::{json, run};

const BUILTIN: &str = "us-iran-2025";

/// The built-in case with rows behind its record.
fn with(rows: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases").join(BUILTIN);
    fs::copy(from.join("case.toml"), folder.path().join("case.toml")).unwrap();
    let mut text = fs::read_to_string(from.join("record.csv")).unwrap();
    for row in rows {
        text.push_str(row);
        text.push('\n');
    }
    fs::write(folder.path().join("record.csv"), text).unwrap();
    folder
}

fn list<'a>(v: &'a Value, key: &str) -> &'a [Value] {
    v[key].as_array().unwrap()
}

fn path<'a>(v: &'a Value, actor: &str, issue: &str) -> &'a Value {
    list(v, "paths").iter().find(|p| p["actor"] == actor && p["issue"] == issue).unwrap()
}

fn number(v: &Value) -> f64 {
    v.as_f64().unwrap()
}

fn keys(v: &Value) -> Vec<&str> {
    v.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn the_keys_are_those_of_the_page() {
    let folder = with(&[]);
    let v = json(folder.path(), &["belief", "--json"]);
    assert_eq!(
        keys(&v),
        [
            "schema",
            "version",
            "case",
            "fingerprint",
            "as_of",
            "paths",
            "ranges",
            "statements",
            "reversals",
            "sides",
            "scales"
        ]
    );
    assert_eq!((&v["schema"], &v["as_of"]), (&"winset/belief/1".into(), &"2025-04-22".into()));
    let forecast = json(folder.path(), &["forecast", "--draws", "20", "--json"]);
    assert_eq!(v["fingerprint"], forecast["fingerprint"]);
    let first = path(&v, "witkoff", "enrichment");
    assert_eq!(
        keys(first),
        ["actor", "issue", "scale", "prior_mean", "prior_sd", "points", "changes"]
    );
    let points = list(first, "points");
    assert_eq!(
        keys(&points[0]),
        [
            "date",
            "filtered_mean",
            "filtered_sd",
            "filtered_q05",
            "filtered_q95",
            "smoothed_mean",
            "smoothed_sd"
        ]
    );
    for point in points {
        let [q05, mean, q95] =
            ["filtered_q05", "filtered_mean", "filtered_q95"].map(|k| number(&point[k]));
        assert!((0.0..mean).contains(&q05) && q95 > mean && q95 <= 100.0, "{point}");
        let sd = number(&point["filtered_sd"]);
        assert!((q95 - q05 - 2.0 * 1.645 * sd).abs() < 0.8 * sd, "{point}");
    }
    // From the start of the talks to the day it is told from, a point a day.
    let dates: Vec<&str> = points.iter().map(|p| p["date"].as_str().unwrap()).collect();
    let expected: Vec<String> = (12..=22).map(|d| format!("2025-04-{d}")).collect();
    assert_eq!(dates, expected);
    for s in list(&v, "statements") {
        assert_eq!(s["weight"].is_null(), s["weight_reason"].is_string(), "{s}");
    }
    assert_eq!(list(&v, "sides").len(), 10);
}

#[test]
fn the_envoys_reversal_is_reported_and_his_statements_are_weighed() {
    let folder = with(&[]);
    let v = json(folder.path(), &["belief", "--json"]);
    let [r] = list(&v, "reversals") else { panic!("{}", v["reversals"]) };
    for (key, value) in [
        ("actor", "witkoff"),
        ("issue", "enrichment"),
        ("from", "r02"),
        ("to", "r04"),
        ("from_date", "2025-04-14"),
        ("to_date", "2025-04-15"),
    ] {
        assert_eq!(r[key], value);
    }
    assert_eq!((number(&r["from_value"]), number(&r["to_value"])), (35.0, 0.0));
    assert!(number(&r["z"]) < -2.0 && (number(&r["z"]) + 35.0 / number(&r["sd"])).abs() < 1e-9);
    let statement = |id: &str| list(&v, "statements").iter().find(|s| s["id"] == id).unwrap();
    let reasons = |id: &str| -> Vec<&str> {
        list(statement(id), "discounted").iter().map(|d| d["reason"].as_str().unwrap()).collect()
    };
    assert_eq!(reasons("r02"), ["grade"]);
    assert_eq!(reasons("r04"), ["grade", "posture"]);
    assert!(statement("r12")["weight"].is_null(), "a red line is no reading");
    let text = String::from_utf8(run(folder.path(), &["belief"]).stdout).unwrap();
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains("Steve Witkoff reversed on Enrichment in Iran: 14 April 35, 15 April 0"),
        "{text}"
    );
    assert!(text.lines().all(|l| l.chars().count() <= 80), "{text}");
}

#[test]
fn a_planted_reversal_is_found_and_what_is_none_is_not() {
    let row = |id: &str, day: &str, value: &str, origin: &str| {
        format!(
            "{id},{day},{day},vance,verification,ideal,{value},post,public,X,A1,{origin},,,words,,"
        )
    };
    let reversed = |rows: &[String]| {
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let folder = with(&rows);
        let v = json(folder.path(), &["belief", "--json", "--actor", "vance"]);
        list(&v, "reversals")
            .iter()
            .map(|r| r["to"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let (a, b) = (row("x1", "2025-04-16", "85..90..95", "x1"), row("x2", "2025-04-18", "20", "x2"));
    assert_eq!(reversed(&[a.clone(), b.clone()]), ["x2"]);
    // The order of the file is not that of the days.
    assert_eq!(reversed(&[b, a.clone()]), ["x2"]);
    assert!(reversed(&[a.clone(), row("x2", "2025-04-18", "75..80..85", "x2")]).is_empty());
    assert!(reversed(&[a.clone(), row("x2", "2025-04-18", "20", "x1")]).is_empty(), "one origin");
    assert!(reversed(&[row("x2", "2025-03-01", "20", "x2"), a]).is_empty(), "long ago");
}

#[test]
fn a_day_is_believed_as_it_was_then_and_nothing_later_reaches_it() {
    let base = with(&[]);
    let later = with(&[
        "x1,2025-04-16,2025-04-20,witkoff,enrichment,ideal,90,post,public,X,A1,x1,,,entered later,,",
        "x2,2025-04-21,2025-04-21,witkoff,enrichment,ideal,80,letter,closed,X,A1,x2,,,said later,,",
    ]);
    let points = |folder: &TempDir, day: &str| {
        let v = json(folder.path(), &["belief", "--json", "--as-of", day]);
        list(path(&v, "witkoff", "enrichment"), "points").to_vec()
    };
    let (one, other) = (points(&base, "2025-04-22"), points(&later, "2025-04-22"));
    let filtered =
        |p: &Value| (p["date"].clone(), p["filtered_mean"].clone(), p["filtered_sd"].clone());
    for (k, day) in ["2025-04-13", "2025-04-14", "2025-04-15", "2025-04-19"].into_iter().enumerate()
    {
        let at = |all: &[Value]| filtered(all.iter().find(|p| p["date"] == day).unwrap());
        assert_eq!(at(&one), at(&other), "{k} {day}");
        // The last point of what was told then.
        assert_eq!(filtered(points(&base, day).last().unwrap()), at(&one), "{day}");
        assert_eq!(filtered(points(&later, day).last().unwrap()), at(&one), "{day}");
    }
    let mean = |all: &[Value]| number(&all.last().unwrap()["filtered_mean"]);
    assert!(mean(&other) > mean(&one) + 10.0);
    // After the last statement there is nothing to smooth with.
    let last = one.last().unwrap();
    assert_eq!(last["filtered_mean"], last["smoothed_mean"]);
}

#[test]
fn ten_reports_of_one_origin_weigh_as_one() {
    let row = |id: &str| {
        format!(
            "{id},2025-04-16,2025-04-16,witkoff,enrichment,ideal,60..70..80,post,public,X,B2,x,,,w,,"
        )
    };
    let one = with(&[&row("x1")]);
    let ids: Vec<String> = (1..=10).map(|k| format!("x{k}")).collect();
    let rows: Vec<String> = ids.iter().map(|id| row(id)).collect();
    let ten = with(&rows.iter().map(String::as_str).collect::<Vec<_>>());
    let of = |folder: &TempDir| {
        json(folder.path(), &["belief", "--json", "--actor", "witkoff", "--issue", "enrichment"])
    };
    let (a, b) = (of(&one), of(&ten));
    assert_eq!(a["paths"], b["paths"]);
    for s in list(&b, "statements").iter().filter(|s| s["id"].as_str().unwrap().starts_with('x')) {
        let first = s["id"] == "x1";
        assert_eq!(number(&s["weight"]) > 0.0, first, "{s}");
        let why: Vec<&str> =
            list(s, "discounted").iter().map(|d| d["reason"].as_str().unwrap()).collect();
        assert_eq!(why.contains(&"origin"), !first, "{s}");
    }
    let check = json(ten.path(), &["record", "check", "--json"]);
    assert_eq!(check["diagnostics"][0]["code"], "one-origin");
}

/// Two members of equal weight at the ends of a scale of 20 to 60, and one side of one mind.
const ENDS: &str = r#"
winset = 1
title = "Ends"
as_of = 2025-02-01
[question]
text = "?"
yes = "!"
by = 2025-03-01
[issues]
line = { name = "Line", now = 30, scale = [20, 60] }
[sides.a]
ratify = "low and high"
negotiator = "low"
position = { line = 20 }
salience = { line = 50 }
discount = 10
[sides.b]
ratify = "other"
position = { line = 50 }
salience = { line = 50 }
discount = 10
[actors]
low = { side = "a", role = "leader", capability = 50 }
high = { side = "a", role = "faction", capability = 50, position.line = 60 }
other = { side = "b", role = "leader", capability = 50 }
[calendar]
began = { on = 2025-01-01, kind = "start", mediated = false }
"#;

#[test]
fn a_side_split_in_two_halves_has_no_cohesion_and_is_as_polarised_as_can_be() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("case.toml"), ENDS).unwrap();
    let v = json(folder.path(), &["belief", "--json"]);
    let row = |k: usize| {
        let s = &v["sides"][k];
        (number(&s["cohesion"]), number(&s["polarisation"]), number(&s["incoherence"]))
    };
    let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
    assert!(near(row(0).0, 0.0) && near(row(0).1, 1.0) && near(row(0).2, 0.0), "{:?}", row(0));
    assert!(near(row(1).0, 1.0) && near(row(1).1, 0.0), "{:?}", row(1));
    assert!(list(&v, "paths").is_empty() && v["scales"].is_null());
    let text = run(folder.path(), &["belief"]);
    assert_eq!(text.status.code(), Some(0), "a case without a record");
}

#[test]
fn positions_are_in_the_issues_own_units() {
    let folder = tempfile::tempdir().unwrap();
    let case = ENDS
        .replace("line = 20 }", "line = \"20..30..40\" }")
        .replace("capability = 50 }\nhigh", "capability = 50, position.line = \"record\" }\nhigh");
    fs::write(folder.path().join("case.toml"), case).unwrap();
    let record = "id,said,entered,speaker,issue,kind,value,grade,text\n\
                  r1,2025-01-10,2025-01-10,low,line,ideal,44..46..48,A1,x\n";
    fs::write(folder.path().join("record.csv"), record).unwrap();
    let v = json(folder.path(), &["belief", "--json"]);
    let points = list(&v["paths"][0], "points");
    let mean = |p: &Value| number(&p["filtered_mean"]);
    assert!((mean(&points[0]) - 30.0).abs() < 2.0, "before: its side's range");
    let last = mean(points.last().unwrap());
    assert!(last > 33.0 && last < 46.0, "{last}: between the range and what was said");
    let s = &v["statements"][0];
    assert_eq!((number(&s["value"]), &s["said"]), (46.0, &"2025-01-10".into()));
    // 44 to 48 hold nine in ten.
    assert!((number(&s["sd"]) - 2.0 / 1.645).abs() < 0.02, "{s}");
}

#[test]
fn names_that_are_not_there_and_cases_that_are_wrong_are_told_apart() {
    let folder = with(&[]);
    let out = run(folder.path(), &["belief", "--actor", "witkof"]);
    assert_eq!(out.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&out.stderr).contains("did you mean `witkoff`?"));
    let code = |args: &[&str]| run(folder.path(), args).status.code().unwrap();
    assert_eq!(code(&["belief", "--issue", "nothing"]), 2);
    assert_eq!(code(&["belief", "no-such-case"]), 3);
    assert_eq!(code(&["belief", "--set", "sides.us.discount=0"]), 1);
    assert_eq!(code(&["belief", "--as-of", "soon"]), 2);
    assert_eq!(code(&["belief", "--as-of", "2025-04-01"]), 0, "before the talks and any statement");
    assert_eq!(code(&["belief", "--actor", "russia"]), 0, "who holds no position");
}
