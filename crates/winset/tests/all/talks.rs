//! `winset backtest talks`: a sample of our own making, and real talks where they are.

use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::class;

/// Talks that were simulated from the rule of people and from hazards with room to the power 2.5.
const OWN: &str = "cases/tables/talks.csv";

fn winset(args: &[&str]) -> Output {
    class::winset(&[&["backtest", "talks"], args].concat())
}

fn json(args: &[&str]) -> Value {
    class::json(&[&["backtest", "talks"], args].concat())
}

fn rule<'r>(corpus: &'r Value, rule: &str) -> &'r Value {
    corpus["terms"].as_array().unwrap().iter().find(|t| t["rule"] == rule).unwrap()
}

fn number(of: &Value, key: &str) -> f64 {
    of[key].as_f64().unwrap_or_else(|| panic!("`{key}` of {of}"))
}

#[test]
fn own_talks_are_told_whole() {
    let report = json(&[OWN]);
    assert_eq!(
        (&report["schema"], &report["fitted"]),
        (&"winset/backtest-talks/1".into(), &false.into())
    );
    let corpus = &report["corpora"][0];
    assert_eq!((&corpus["file"], &corpus["n"]), (&OWN.into(), &120.into()));
    let ended = ["deals", "contradictions", "failures"].map(|k| corpus[k].as_u64().unwrap());
    assert_eq!(ended.iter().sum::<u64>(), 120);
    for row in corpus["agreement"].as_array().unwrap() {
        assert!(number(row, "log") < 0.0 && number(row, "brier") > 0.0 && row["model"].is_string());
    }
    let hazard = &corpus["hazard"];
    // It was made with 2.5.
    assert!(number(hazard, "lo") < 2.5 && 2.5 < number(hazard, "hi"), "{hazard}");
    assert!(number(hazard, "nll") > 0.0);
    for row in corpus["terms"].as_array().unwrap() {
        for key in ["log", "hit", "crps", "pit", "coverage80"] {
            assert!(number(row, key).is_finite(), "{row}");
        }
    }
    assert!(number(rule(corpus, "people"), "log") > number(rule(corpus, "nash"), "log"));
    assert_eq!(
        rule(corpus, "people")["constants"],
        serde_json::json!({"ε": 0.02, "k": 12.0, "ρ": -3.0})
    );
    assert!(report["transfer"].as_array().unwrap().is_empty());
    // The same files, the same bytes; rows in another order, the same scores.
    assert_eq!(winset(&[OWN, "--json"]).stdout, winset(&[OWN, "--json"]).stdout);
    let text = String::from_utf8(winset(&[OWN]).stdout).unwrap();
    for part in ["120 talks", "does it end in a deal?", "grows with room to the power", "people"] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    assert!(text.lines().all(|l| l.chars().count() <= 80), "{text}");
}

#[test]
fn what_is_fitted_is_scored_elsewhere_and_carried_from_file_to_file() {
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = std::fs::read_to_string(root.join(OWN)).unwrap();
    let half = folder.path().join("half.csv");
    let kept: Vec<&str> =
        text.lines().enumerate().filter(|(k, _)| k % 2 == 0).map(|r| r.1).collect();
    std::fs::write(&half, kept.join("\n") + "\n").unwrap();
    let half = half.to_str().unwrap();
    let report = json(&[OWN, half, "--fit"]);
    assert_eq!(report["fitted"], true);
    let moved = report["transfer"].as_array().unwrap();
    assert_eq!(moved.len(), 2 * report["corpora"][0]["terms"].as_array().unwrap().len());
    for row in moved {
        assert!(number(row, "log") <= number(row, "own") + 1e-6, "{row}");
    }
    assert_ne!(rule(&report["corpora"][0], "people")["constants"]["k"], 12.0);
}

#[test]
fn predictions_have_a_row_a_talk_and_give_the_score_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("said.csv");
    let report = json(&[OWN, "--out", path.to_str().unwrap()]);
    let text = std::fs::read_to_string(&path).unwrap();
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().unwrap().split(',').collect();
    assert_eq!(head[..5], ["file", "id", "ending", "room", "deal"]);
    let people = head.iter().position(|h| *h == "people").unwrap();
    let (mut sum, mut deals, mut rows) = (0.0, 0, 0);
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        rows += 1;
        let p: f64 = cells[4].parse().unwrap();
        assert!((0.0..=1.0).contains(&p), "{line}");
        if cells[2] == "deal" {
            sum += libm::log(cells[people].parse().unwrap());
            deals += 1;
        } else {
            assert_eq!(cells[people], "");
        }
    }
    let corpus = &report["corpora"][0];
    assert_eq!((rows, Value::from(deals)), (120, corpus["deals"].clone()));
    let log = number(rule(corpus, "people"), "log");
    assert!((sum / f64::from(deals) - log).abs() < 1e-6);
}

#[test]
fn wrong_tables_and_wrong_use_have_their_exit_codes() {
    let code = |args: &[&str]| {
        let out = winset(args);
        (out.status.code().unwrap(), out.stdout.is_empty())
    };
    assert_eq!(code(&["cases/water/water.csv"]), (1, true));
    assert_eq!(code(&["no-such-file.csv"]), (3, true));
    assert_eq!(code(&[]), (2, true));
    let out = winset(&[OWN, "cases/water/water.csv", "--json"]);
    let said: Value = serde_json::from_slice(&out.stderr).unwrap();
    assert_eq!(said["diagnostics"][0]["code"], "missing-column");
}

/// The figures that real talks must give again, with the shipped constants and with fitted ones.
#[test]
fn real_talks_are_foretold_as_well_as_the_method_says() {
    let test = "real_talks_are_foretold_as_well_as_the_method_says";
    let Some(folder) = crate::data::data(test, "talks") else { return };
    let [divided, camp] =
        ["deal_or_no_deal.csv", "casino.csv"].map(|f| folder.join(f).to_str().unwrap().to_owned());
    let shipped = json(&[&divided, &camp]);
    let [d, c] = [&shipped["corpora"][0], &shipped["corpora"][1]];
    assert_eq!((&d["deals"], &c["deals"]), (&3942.into(), &876.into()));
    assert!((number(rule(d, "people"), "log") + 1.242).abs() <= 0.001);
    assert!((number(rule(c, "people"), "log") + 3.011).abs() <= 0.001);
    let hazard = &d["hazard"];
    assert!(number(hazard, "nll") <= 1.770, "{hazard}");
    assert!((number(hazard, "gamma") - 2.99).abs() < 0.02, "{hazard}");
    let best = |list: &Value| {
        let rows = list.as_array().unwrap();
        let log = rows.iter().map(|r| number(r, "log")).fold(f64::NEG_INFINITY, f64::max);
        (log, rows.iter().map(|r| number(r, "brier")).fold(f64::INFINITY, f64::min))
    };
    let (log, brier) = best(&d["agreement"]);
    assert!(log >= -0.480 && brier <= 0.154, "{log} {brier}");
    let (log, brier) = best(&d["agreement_or_contradiction"]);
    assert!(log >= -0.410 && brier <= 0.124, "{log} {brier}");
    for share in d["shares"].as_array().unwrap() {
        let [observed, said] = ["observed", "said"].map(|k| number(share, k));
        assert!((observed - said).abs() < 0.04, "{share}");
    }
    let fitted = json(&[&divided, &camp, "--fit"]);
    let [d, c] = [0, 1].map(|k| rule(&fitted["corpora"][k], "people"));
    assert!(number(d, "log") >= -1.245 && number(d, "hit") >= 0.555, "{d}");
    assert!(number(d, "crps") <= 0.046 && number(d, "pit") <= 0.020, "{d}");
    assert!(number(c, "log") >= -3.015, "{c}");
    // The egalitarian rule in both readings: on the frontier alone, and dominated packages too.
    for (k, id, log) in [(0, "egalitarian", -1.875), (0, "max-min", -1.751), (1, "max-min", -3.835)]
    {
        let said = number(rule(&fitted["corpora"][k], id), "log");
        assert!((said - log).abs() <= 0.001, "{id}: {said}");
    }
    for row in fitted["transfer"].as_array().unwrap().iter().filter(|r| r["rule"] == "people") {
        let least = if row["from"] == divided.as_str() { -3.04 } else { -1.28 };
        assert!(number(row, "log") >= least, "{row}");
    }
}
