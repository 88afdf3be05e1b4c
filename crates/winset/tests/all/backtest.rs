//! The back-test on the real data.

use winset_methods::spatial::measured;
use winset_page::document::terminal;
use winset_report::backtest::{COUNCIL, Split, ask as run, document};

/// The accuracy shown beside a forecast is what this command measures.
#[test]
fn measured_accuracy_is_what_the_command_measures() {
    let test = "measured_accuracy_is_what_the_command_measures";
    let Some(folder) = crate::data::data(test, "deu") else { return };
    let (report, _) = run(&folder, Split::Train, None).unwrap();
    assert_eq!((report.scored, report.proposals), (223, 85));
    for m in report.models.iter().filter(|m| !COUNCIL.contains(&m.model)) {
        let ours = m.scores.as_ref().unwrap();
        let Some(shown) = measured::of(m.model) else {
            // Where the data are, nothing stays pending.
            panic!("{}: MAE {:.2}, CRPS {:.2} belong in MEASURED", m.model, ours.mae, ours.crps)
        };
        if shown.held_out {
            // Shown where it was not fitted, hence worse than in sample.
            assert!(ours.crps <= shown.crps && ours.crps > shown.crps - 1.0, "{}", m.model);
        } else {
            assert!((ours.mae - shown.mae).abs() < 0.006, "{}: {}", m.model, ours.mae);
            assert!((ours.crps - shown.crps).abs() < 0.006, "{}: {}", m.model, ours.crps);
        }
    }
    // The main model's own terms lose to the weighted mean, and by so much.
    for (id, mae, crps) in [(COUNCIL[0], 34.19, 34.19), (COUNCIL[1], 33.35, 29.83)] {
        let council = report.models.iter().find(|m| m.model == id).unwrap();
        let ours = council.scores.as_ref().unwrap();
        assert!((ours.mae - mae).abs() < 0.006 && (ours.crps - crps).abs() < 0.006, "{ours:?}");
        assert!(council.crps_difference.unwrap().lo > 0.0);
    }
    // By the PIT the mixture holds its levels, in sample as left out.
    let mixture = report.models.iter().find(|m| m.model == "predictive").unwrap();
    let [half, _, most] = mixture.scores.as_ref().unwrap().pit_coverage;
    assert!((0.45..0.58).contains(&half) && (0.87..0.94).contains(&most), "{half} {most}");
    let text = terminal(&document(&report));
    assert!(text.lines().all(|l| l.chars().count() <= 80), "{text}");
}

fn winset(args: &[&str]) -> std::process::Output {
    crate::command::run(std::path::Path::new("."), args)
}

/// `reference/position_models.json`: mean absolute errors computed outside the project.
#[test]
fn known_errors_come_out_of_the_command() {
    let Some(folder) = crate::data::data("known_errors_come_out_of_the_command", "deu") else {
        return;
    };
    let out = winset(&["backtest", "deu", folder.to_str().unwrap(), "--split", "train", "--json"]);
    assert!(out.status.success());
    let report: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(report["schema"], "winset/backtest/1");
    for (model, mae) in [("weighted-mean", 24.148), ("mean", 24.838)] {
        let rows = report["models"].as_array().unwrap();
        let row = rows.iter().find(|m| m["model"] == model).unwrap();
        let ours = row["scores"]["mae"].as_f64().unwrap();
        assert!((ours - mae).abs() <= 0.001, "{model}: {ours}");
        for key in ["rmse", "median_error", "crps", "log_score"] {
            assert!(row["scores"][key].is_f64(), "{model}: {key}");
        }
        assert!(row["scores"]["coverage"].is_array() && row["scores"]["pit"].is_array());
        let groups: Vec<&str> = row["groups"]
            .as_array()
            .unwrap()
            .iter()
            .map(|g| g["group"].as_str().unwrap())
            .collect();
        assert_eq!(groups, ["COD", "CNS", "known", "unknown"]);
        assert!(row["mae_difference"]["lo"].is_f64() && row["crps_difference"]["hi"].is_f64());
    }
}

#[test]
fn every_issue_is_predicted_by_every_model() {
    let Some(folder) = crate::data::data("every_issue_is_predicted_by_every_model", "deu") else {
        return;
    };
    let target = tempfile::tempdir().unwrap();
    let file = target.path().join("predictions.csv");
    let (from, to) = (folder.to_str().unwrap(), file.to_str().unwrap());
    let out = winset(&["backtest", "deu", from, "--split", "all", "--out", to]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let issues = winset_files::deu::read(&folder).unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    assert_eq!(
        (&header[..4], header[103], header.len()),
        (&["issue", "model", "point", "F0"][..], "F100", 104)
    );
    let mut asked: Vec<(String, String)> = Vec::new();
    let registered = winset_methods::spatial::MODELS.iter().map(|m| m.id());
    for id in registered.chain(COUNCIL) {
        asked.extend(issues.iter().map(|i| (i.id.clone(), id.to_owned())));
    }
    let answered: Vec<(String, String)> = lines
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            let numbers: Vec<f64> = cells[2..].iter().map(|c| c.parse().unwrap()).collect();
            assert!((0.0..=100.0).contains(&numbers[0]), "{line}");
            assert!(numbers[1..].is_sorted() && numbers[101] == 1.0, "{line}");
            (cells[0].to_owned(), cells[1].to_owned())
        })
        .collect();
    asked.sort();
    let mut sorted = answered;
    sorted.sort();
    assert_eq!(asked, sorted);
    // Nothing half-written is left beside it.
    assert_eq!(std::fs::read_dir(target.path()).unwrap().count(), 1);
}

#[test]
fn wrong_requests_are_answered() {
    let code = |args: &[&str]| winset(args).status.code();
    assert_eq!(code(&["backtest", "deu", "/no/such/folder"]), Some(3));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    assert_eq!(code(&["backtest", "deu", path]), Some(1));
    assert_eq!(code(&["backtest", "deu", path, "--split", "test"]), Some(2));
    assert_eq!(code(&["backtest", "deu", path, "--model", "x"]), Some(2));
}

/// Every past case is told from both its days, and each score is that of its own chance.
#[test]
fn past_cases_are_scored_by_structure_class_and_pool() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../cases/past");
    let out = winset(&["backtest", "cases", folder, "--draws", "40", "--json"]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let report: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    let rows = report["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 20);
    let kinds = report["kinds"].as_array().unwrap();
    assert_eq!((kinds.len(), &kinds[7]["kind"]), (8, &"all".into()));
    for (key, of) in [("pool", "p"), ("structure", "structure"), ("class", "class")] {
        let brier = rows.iter().map(|row| {
            let miss = row[of].as_f64().unwrap() - f64::from(u8::from(row["yes"] == true));
            miss * miss
        });
        let mean = brier.sum::<f64>() / 20.0;
        let said = kinds[7][key]["brier"].as_f64().unwrap();
        assert!((said - mean).abs() < 1e-9, "{key}: {said} {mean}");
    }
    assert_eq!(kinds[7]["coin"]["brier"], 0.25);
    // As the table beside the cases has it.
    let before = kinds[7]["before"]["brier"].as_f64().unwrap();
    assert!((before - 0.383).abs() < 5e-4, "{before}");
}

/// With other inputs the same rows are told again; what is written already makes no difference.
#[test]
fn past_cases_say_what_other_inputs_would_have_scored() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../cases/past");
    let ask = |set: &[&str]| {
        let mut args = vec!["backtest", "cases", folder, "--draws", "40", "--json"];
        set.iter().for_each(|s| args.extend(["--set", s]));
        let out = winset(&args);
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        serde_json::from_slice::<serde_json::Value>(&out.stdout).unwrap()
    };
    let same = ask(&["constants.gamma=0..1..2"])["changed"].clone();
    assert_eq!((&same["pool"]["brier"], &same["pool"]["log_error"]), (&0.0.into(), &0.0.into()));
    let report = ask(&["constants.gamma=0..0.5..1", "constants.gref=15..25..40"]);
    let (rows, said) = (report["rows"].as_array().unwrap(), &report["changed"]["said"]);
    let miss = |p: &serde_json::Value, yes: bool| {
        let off = p.as_f64().unwrap() - f64::from(u8::from(yes));
        off * off
    };
    let gains = rows.iter().enumerate().map(|(k, row)| {
        let yes = row["yes"] == true;
        miss(&said[k][0], yes) - miss(&row["p"], yes)
    });
    let mean = gains.sum::<f64>() / 20.0;
    let told = &report["changed"]["pool"];
    assert!((told["brier"].as_f64().unwrap() - mean).abs() < 1e-6, "{told} {mean}");
    assert!(told["brier_error"].as_f64().unwrap() > 0.0);
    let wrong = winset(&["backtest", "cases", folder, "--draws", "40", "--set", "no.such=1"]);
    assert_eq!(wrong.status.code(), Some(1));
}

/// How a case ended is read by what its question counts, and not by one spelling of one word.
#[test]
fn outcomes_are_read_by_line_and_by_what_the_question_counts() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    assert!(crate::command::run(place, &["new", "talks"]).status.success());
    let ask = |table: &str, sets: &[&str]| {
        std::fs::write(place.join("outcomes.csv"), table).unwrap();
        let sets = sets.iter().flat_map(|set| ["--set", set]);
        let args = ["backtest", "cases", ".", "--draws", "20", "--json"].into_iter().chain(sets);
        crate::command::run(place, &args.collect::<Vec<_>>())
    };
    let happened = |table: &str| {
        let out = ask(table, &[]);
        assert!(out.status.success(), "{table}: {}", crate::command::err(&out));
        let report: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
        report["rows"][0]["yes"].as_bool().unwrap()
    };
    let row = |ending: &str| {
        format!("case,kind,told,ending,ended\ntalks,any,2025-01-01,{ending},2025-06-01\n")
    };
    assert!(happened(&row("agreement")));
    assert!(!happened(&row("breakdown")));
    // As spreadsheets of other countries save it.
    let german = row("agreement").replace(',', ";").replace("2025-06-01", "01.06.2025");
    assert!(happened(&format!("\u{feff}{german}")));
    let toml = place.join("talks/case.toml");
    let text = std::fs::read_to_string(&toml).unwrap();
    let counts = "[question]\ncounts = [\"breakdown\"]";
    std::fs::write(&toml, text.replace("[question]", counts)).unwrap();
    assert!(happened(&row("breakdown")));
    assert!(!happened(&row("agreement")));
    for (table, said) in [
        (row("Agreement"), "outcomes.csv:2: `Agreement` is not a way to end"),
        (row("agreement") + "talks,any,2025-01-01,breakdown,2025-06-01\n", "has a row already"),
        (row("agreement").replace("2025-06-01", "June"), "outcomes.csv:2: `June` is no day"),
        (row("agreement").replace("2025-06-01", "2024-06-01"), "after it ended"),
        (row("agreement").replace("talks,", "nowhere,"), "outcomes.csv:2: cannot read the case"),
        (row("agreement").replace("any", "a,ny"), "outcomes.csv:2: 6 cells"),
        (row("agreement").replace("told", "from"), "outcomes.csv:1: the column `told` is missing"),
    ] {
        let out = ask(&table, &[]);
        let err = crate::command::err(&out);
        assert!(!out.status.success() && err.contains(said), "{table}: {err}");
    }
}
