//! `winset stability`: published models, the built-in case, what goes wrong, and bytes.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::class;
use crate::serve::client;

fn winset(args: &[&str]) -> std::process::Output {
    class::winset(&[&["stability"], args].concat())
}

fn report(args: &[&str]) -> Value {
    class::json(&[&["stability"], args].concat())
}

fn said(args: &[&str]) -> String {
    let out = winset(args);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

/// A text on one line.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

const ELMIRA: &str = "cases/stability/elmira.toml";

#[test]
fn the_json_holds_what_it_promises() {
    let r = report(&[ELMIRA, "--draws", "200"]);
    assert_eq!((&r["schema"], &r["status_quo"]), (&json!("winset/stability/1"), &json!(1)));
    assert_eq!(r["states"]["7"], "NYNNY");
    assert_eq!(r["equilibria"]["nash"], json!([5, 6, 7, 10, 11, 12]));
    assert_eq!(r["stable"]["seq"]["Local Government"], json!([2, 3, 5, 6, 7, 8, 9, 10, 11, 12]));
    assert_eq!(r["coalition_equilibria"]["nash"], json!([5, 6, 10, 11, 12]));
    let gives_way = &r["joint_improvements"][0];
    assert_eq!(
        (&gives_way["from"], &gives_way["to"], &gives_way["members"]),
        (&json!(7), &json!(10), &json!(["MoE", "Uniroyal"]))
    );
    for row in r["robustness"].as_array().unwrap() {
        assert!((0.0..=1.0).contains(&row["share"].as_f64().unwrap()), "{row}");
        assert!(row["state"].is_u64() && row["concept"].is_string());
        let keys = row.as_object().unwrap();
        assert!(keys.contains_key("hangs_on"));
    }
    for path in r["paths"].as_array().unwrap() {
        assert_eq!(path["from"], 1);
        let mut at = json!(1);
        for step in path["moves"].as_array().unwrap() {
            assert_eq!(step["from"], at);
            at = step["to"].clone();
        }
        assert_eq!(at, path["to"]);
    }
}

#[test]
fn the_sentences_name_the_sanction_and_the_coalition() {
    let text = said(&[ELMIRA, "--draws", "100"]);
    for part in [
        "State 7 (Delay and Insist) gives way: MoE and Uniroyal would go together to 10",
        "State 7 (Delay and Insist) holds (Nash).",
        "has no better state to go to.",
        "From the status quo, state 1",
        "legal-sequences",
    ] {
        assert!(flat(&text).contains(part), "{part} in\n{text}");
    }
    assert!(text.lines().all(|l| l.chars().count() <= 80), "{text}");
    let cuba = said(&["cases/stability/cuba.toml", "--draws", "100", "--concepts", "seq"]);
    let flat = cuba.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains("could gain by going to") && flat.contains("is no better for it than"),
        "{cuba}"
    );
}

#[test]
fn rankings_are_counted_backwards() {
    let r = report(&["cases/stability/syria-iraq.toml", "--draws", "1"]);
    let counts = &r["inverse"]["counts"];
    let of = |id: &str, key: &str| counts[id][key].as_u64().unwrap();
    let all = ["nash", "seq", "gmr", "smr"];
    assert_eq!(all.map(|id| of(id, "best_deterred")), [240, 420, 420, 300]);
    assert_eq!(all.map(|id| of(id, "stable")), [240, 384, 384, 300]);
    assert!(all.iter().all(|id| of(id, "rankings") == 720));
}

/// Which rule of responses counts matters only from three parties on.
const THREE: &str = r#"{"options": [
  {"name": "a", "owner": "A", "moves": "reversible"},
  {"name": "b", "owner": "B", "moves": "reversible"},
  {"name": "c", "owner": "C", "moves": "reversible"}],
 "states": {"1": "NNN", "2": "YNN", "3": "NYN", "4": "YYN", "5": "NNY", "6": "YNY", "7": "NYY", "8": "YYY"},
 "decision_makers": [
  {"name": "A", "ranking": [[2], [4], [6], [1], [3], [5], [7], [8]]},
  {"name": "B", "ranking": [[8], [4], [2], [1], [3], [5], [6], [7]]},
  {"name": "C", "ranking": [[8], [1], [2], [3], [4], [5], [6], [7]]}],
 "semantics": "whatever else stands here"}"#;

#[test]
fn responses_are_of_three_rules() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("three.json");
    std::fs::write(&file, THREE).unwrap();
    let file = file.to_str().unwrap();
    let of = |rule: &str| {
        let r = report(&[file, "--semantics", rule, "--draws", "1"]);
        assert_eq!(r["responses"], rule.replace('_', "-"));
        r["stable"]["gmr"]["A"].clone()
    };
    // A gains from 1 by going to 2; only B and C together reach 8 from there, which A likes least.
    let stable: BTreeMap<&str, Value> =
        ["one_step", "each_once", "legal_sequences"].map(|rule| (rule, of(rule))).into();
    assert!(!stable["one_step"].as_array().unwrap().contains(&json!(1)), "{stable:?}");
    assert!(stable["each_once"].as_array().unwrap().contains(&json!(1)), "{stable:?}");
    assert_eq!(stable["legal_sequences"], stable["each_once"]);
}

#[test]
fn what_is_wrong_is_said_with_its_line_and_an_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("m.toml");
    let of = |text: &str, more: &[&str]| {
        std::fs::write(&file, text).unwrap();
        let out = winset(&[&[file.to_str().unwrap()], more].concat());
        (out.status.code(), String::from_utf8_lossy(&out.stderr).into_owned())
    };
    let good = "[options]\na = \"P\"\n[preferences]\nP = [1, 2]\n";
    assert_eq!(of(good, &["--draws", "10"]).0, Some(0));
    let (code, why) = of(&good.replace("[1, 2]", "[1, 3]"), &[]);
    assert!(
        code == Some(1) && why.contains("m.toml:4:9") && why.contains("`3` is no state"),
        "{why}"
    );
    let (code, why) = of(good, &["--concepts", "nahs"]);
    assert!(code == Some(2) && why.contains("did you mean `nash`?"), "{why}");
    assert_eq!(of(good, &["--model", "x"]).0, Some(1));
    assert_eq!(of(good, &["--as-of", "2025-01-01"]).0, Some(2));
    let wide: String = (0..24).map(|k| format!("o{k} = \"P\"\n")).collect();
    let (code, why) = of(&format!("[options]\n{wide}[preferences]\nP = [1]\n"), &[]);
    assert!(code == Some(1) && why.contains("more than 65536 feasible states"), "{why}");
    assert_eq!(winset(&["no-such-file.toml"]).status.code(), Some(3));
}

#[test]
fn a_case_says_what_holds_if_the_talks_fail_and_how_that_squares() {
    let r = report(&["us-iran-2025", "--draws", "300"]);
    assert_eq!(r["parties"], json!(["United States", "Iran"]));
    assert_eq!(r["states"].as_object().unwrap().len(), 10);
    assert_eq!(r["states"]["10"], "----Y");
    // The same numbers as the forecast on as many draws.
    let when = class::json(&["when", "us-iran-2025", "--draws", "300"]);
    let talks = &r["talks"];
    let close = |a: &Value, b: &Value| (a.as_f64().unwrap() - b.as_f64().unwrap()).abs() < 1e-12;
    assert!(close(&talks["answer"], &when["answer"]["p"]), "{talks}");
    let shares = ["credible", "quo_holds", "force_open", "peace_holds"];
    assert!(shares.iter().all(|k| (0.0..=1.0).contains(&talks[*k].as_f64().unwrap())));
    // Force is a credible threat in about as many draws as the forecast says.
    let credible = when["force"][0]["credible"].as_f64().unwrap();
    assert!((talks["credible"].as_f64().unwrap() - credible).abs() < 0.08, "{talks} {credible}");
    let text = said(&["us-iran-2025", "--draws", "300"]);
    assert!(text.contains("How it squares with the talks"), "{text}");
    assert!(flat(&text).contains("`winset when` answers for the same case"), "{text}");
    let set = said(&["us-iran-2025", "--draws", "50", "--set", "sides.us.cost=90"]);
    assert_ne!(set, said(&["us-iran-2025", "--draws", "50"]));
}

#[test]
fn a_case_that_says_nothing_of_it_has_one_state() {
    let folder = tempfile::tempdir().unwrap();
    let files = [("case.toml", client::CASE), ("record.csv", client::RECORD)];
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let text = said(&[folder.path().to_str().unwrap(), "--draws", "20"]);
    assert!(flat(&text).contains("the status quo is all there is"), "{text}");
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_any_threads() {
    for model in [ELMIRA, "us-iran-2025"] {
        let run = |threads: &str| {
            winset(&[model, "--draws", "300", "--threads", threads, "--json"]).stdout
        };
        assert!(!run("1").is_empty());
        assert_eq!(run("1"), run("3"), "{model}");
    }
    let csv = said(&[ELMIRA, "--csv", "--draws", "50"]);
    assert!(csv.starts_with("state,pattern,nash: MoE,"), "{csv}");
    assert_eq!(csv.lines().count(), 13);
}
