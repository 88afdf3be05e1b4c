//! `winset diff` from outside.

use std::process::Output;

use serde_json::Value;

use crate::command::{self, err, known};

fn run(args: &[&str]) -> Output {
    command::run(&known(), args)
}

fn text(args: &[&str]) -> String {
    command::ok(&known(), args)
}

fn json(args: &[&str]) -> Value {
    command::json(&known(), &[args, &["--json"]].concat())
}

fn close(a: &Value, b: &Value) {
    assert!((a.as_f64().unwrap() - b.as_f64().unwrap()).abs() < 1e-9, "{a} {b}");
}

#[test]
fn both_sides_are_what_their_own_forecasts_say() {
    let size = ["--draws", "60", "--seed", "4"];
    let with = |args: &[&'static str]| json(&[args, &size].concat());
    let diff = with(&[
        "diff",
        "us-iran-2025",
        "--set",
        "sides.iran.cost=10",
        "--a-as-of",
        "2025-04-18",
        "--as-of",
        "2025-04-20",
        "--a-set",
        "sides.us.cost=4",
        "--with",
        "sides.us.discount=20",
    ]);
    let a = with(&[
        "forecast",
        "us-iran-2025",
        "--set",
        "sides.iran.cost=10",
        "--set",
        "sides.us.cost=4",
        "--as-of",
        "2025-04-18",
    ]);
    let b = with(&[
        "forecast",
        "us-iran-2025",
        "--set",
        "sides.iran.cost=10",
        "--set",
        "sides.us.discount=20",
        "--as-of",
        "2025-04-20",
    ]);
    assert_eq!(diff.as_object().unwrap().iter().next().unwrap().1, "winset/diff/1");
    for (side, forecast) in [("a", &a), ("b", &b)] {
        assert_eq!(diff[side]["fingerprint"], forecast["fingerprint"]);
        close(&diff["answer"][side], &forecast["answer"]["p"]);
        close(&diff["zone"][side], &forecast["zone"]["p"]);
        for row in diff["endings"].as_array().unwrap() {
            close(&row[side], &forecast["endings"][row["ending"].as_str().unwrap()]);
        }
        for (k, row) in diff["blockers"].as_array().unwrap().iter().enumerate() {
            assert_eq!(row["block"][side], forecast["blockers"][k]["block"]);
        }
        for (k, row) in diff["terms"].as_array().unwrap().iter().enumerate() {
            close(&row[side], &forecast["terms"][k]["q50"]);
        }
    }
    let paths: Vec<&str> =
        diff["inputs"].as_array().unwrap().iter().map(|i| i["path"].as_str().unwrap()).collect();
    for path in ["as_of", "sides.us.cost", "sides.us.discount"] {
        assert!(paths.contains(&path), "{paths:?}");
    }
    assert!(!paths.contains(&"sides.iran.cost"));
}

#[test]
fn two_cases_are_compared_and_the_bytes_do_not_depend_on_threads() {
    let args = ["diff", "01-zone.toml", "12-council.toml", "--draws", "40"];
    let one = text(&[&args[..], &["--json", "--threads", "1"]].concat());
    assert_eq!(one, text(&[&args[..], &["--json", "--threads", "2"]].concat()));
    let said = text(&args);
    assert!(said.contains("\nA: ") && said.contains("\nB: ") && said.contains("From A to B: P("));
    assert!(said.lines().all(|line| line.chars().count() <= 80), "{said}");
}

#[test]
fn a_scenario_against_its_case_is_told_in_words() {
    let said = text(&[
        "diff",
        "us-iran-2025",
        "--draws",
        "200",
        "--with",
        "actors.trump.red_max.enrichment=0..1..2",
    ]);
    let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("P(a signed agreement by 30 June 2025) falls from"), "{said}");
    assert!(flat.contains("→ 0..1..2"), "{said}");
}

#[test]
fn exit_codes_say_what_kind_of_failure_it_was() {
    let code = |args: &[&str]| run(args).status.code().unwrap();
    assert_eq!(code(&["diff", "01-zone.toml", "--with", "sides.a.discount=30", "--draws", "3"]), 0);
    assert_eq!(code(&["diff", "01-zone.toml", "--with", "sides.a.discount=0"]), 1);
    assert_eq!(code(&["diff", "01-zone.toml", "no-such-case"]), 3);
    let same = run(&["diff", "01-zone.toml"]);
    assert_eq!(same.status.code(), Some(2));
    assert!(err(&same).contains("hint: winset diff --with"));
}

/// What is no number differs as well: each change of a law's two houses, of the built-in case and of others
/// is named, and nothing else is.
#[test]
fn what_is_no_number_is_named_where_it_is_not_the_same() {
    let root = crate::command::root();
    for (case, path, from, to) in [
        ("cases/past/debt-limit-2011", "question.stage", "signed", "house"),
        ("cases/past/debt-limit-2011", "stages.house.tries", "2", "3"),
        ("cases/past/debt-limit-2011", "stages.house.passes", "70..85..95", "30"),
        ("cases/chamber", "question.about", "none", "draft"),
        ("us-iran-2025", "clock.start", "2025-04-12", "2025-04-01"),
        ("us-iran-2025", "promises.us-word.secured_by", "durability", "verification"),
        ("us-iran-2025", "calendar.letter.hard", "false", "true"),
        ("us-iran-2025", "calendar.geneva.known", "2025-04-20", "2025-04-22"),
        ("us-iran-2025", "force.israel-strike.by", "netanyahu", "trump"),
    ] {
        let with = format!("{path}={to}");
        let args = ["diff", case, "--with", &with, "--draws", "2", "--json"];
        let diff = command::json(&root, &args);
        let expected = serde_json::json!([{ "path": path, "from": from, "to": to }]);
        assert_eq!(diff["inputs"], expected, "{path}");
    }
}
