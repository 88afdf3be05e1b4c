//! `winset spatial` as it is typed, and one readable trace a published case.

use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;
use winset_methods::spatial::MODELS;
use winset_methods::spatial::measured::PENDING;

use crate::command::{self, run};

fn winset(args: &[&str]) -> Output {
    run(Path::new("."), args)
}

fn json(args: &[&str]) -> Value {
    command::json(Path::new("."), args)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The published cases: every folder of `cases/` with a case in it.
fn published() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(root().join("cases"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("case.toml").is_file())
        .collect();
    found.sort();
    assert!(found.len() >= 2);
    found
}

/// Every model on every issue of a case: forecast, interval, then who moved whom.
fn trace(case: &Path) -> String {
    let report =
        json(&["spatial", case.to_str().unwrap(), "--draws", "0", "--rounds", "3", "--json"]);
    let mut text =
        "# winset spatial CASE --draws 0 --rounds 3; WINSET_BLESS=1 rewrites this\n".to_owned();
    for issue in report["issues"].as_array().unwrap() {
        let scale = &issue["scale"];
        text += &format!(
            "\n{}: {} actors, scale {} to {}, reference point {}\n",
            issue["issue"].as_str().unwrap(),
            issue["actors"],
            scale[0],
            scale[1],
            issue["reference_point"]
        );
        for m in issue["models"].as_array().unwrap() {
            let number = |v: &Value| format!("{:.3}", v.as_f64().unwrap() + 0.0);
            let [a, b] = [&m["interval"][0], &m["interval"][1]];
            text += &format!(
                "  {:<20} {:>9}  [{}, {}]\n",
                m["model"].as_str().unwrap(),
                number(&m["point"]),
                number(a),
                number(b)
            );
            for s in m["moves"].as_array().unwrap() {
                let word = |key: &str| s[key].as_str().unwrap().to_owned();
                text += &format!(
                    "    {} {} -> {}: {} {} to {}\n",
                    s["round"],
                    word("actor"),
                    word("rival"),
                    word("kind"),
                    number(&s["from"]),
                    number(&s["to"])
                );
            }
        }
    }
    text
}

#[test]
fn golden_traces_of_the_published_cases() {
    let bless = std::env::var_os("WINSET_BLESS").is_some();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut wrong = Vec::new();
    for case in published() {
        let slug = case.file_name().unwrap().to_str().unwrap();
        let file = folder.join(format!("spatial-{slug}.txt"));
        let is = trace(&case);
        for m in MODELS {
            assert!(is.contains(&format!("\n  {} ", m.id())), "{slug}: {} leaves no trace", m.id());
        }
        let should = std::fs::read_to_string(&file).unwrap_or_default();
        if is == should {
            continue;
        }
        let at = is.lines().zip(should.lines()).position(|(a, b)| a != b).unwrap_or_default();
        wrong.push(format!(
            "{}:{}\n--- is\n{}\n--- was\n{}",
            file.display(),
            at + 1,
            is.lines().nth(at).unwrap_or_default(),
            should.lines().nth(at).unwrap_or_default()
        ));
        if bless {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&file, is).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{}\n\nhint: WINSET_BLESS=1 rewrites the traces", wrong.join("\n\n"));
}

#[test]
fn a_case_shows_its_terms_and_every_model_with_its_accuracy_and_levers() {
    let case = root().join("cases/us-iran-2025");
    let case = case.to_str().unwrap();
    let report = json(&["spatial", case, "--json"]);
    assert_eq!(report["schema"], "winset/spatial/1");
    let forecast = json(&["forecast", case, "--draws", "1000", "--seed", "1", "--json"]);
    let issues = report["issues"].as_array().unwrap();
    assert_eq!(issues.len(), forecast["terms"].as_array().unwrap().len());
    for (issue, row) in issues.iter().zip(forecast["terms"].as_array().unwrap()) {
        assert_eq!(issue["terms"], row["q50"]);
        let models = issue["models"].as_array().unwrap();
        assert_eq!(models.len(), MODELS.len());
        for m in models {
            let pending = PENDING.iter().any(|id| m["model"] == *id);
            assert!(m["measured"]["mae"].is_f64() != pending && m["levers"].is_array(), "{m}");
        }
    }
    let out = winset(&["spatial", case]);
    let text = String::from_utf8(out.stdout).unwrap();
    for part in ["this case’s terms", "Who moved whom", "Whose shift moves the forecast most"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(text.lines().all(|l| l.chars().count() <= 80), "{text}");
}

/// The coded case and the published table it was coded from are one issue.
#[test]
fn the_case_of_emission_standards_is_the_published_table() {
    let case = root().join("cases/emission-standards-1994");
    let ours = json(&["spatial", case.to_str().unwrap(), "--draws", "0", "--json"]);
    // Bueno de Mesquita 1994, as printed in Scholz, Calbert & Smith 2011, table 1.
    let table = "actor,capability,position,salience,reference point\nNetherlands,.08,4,.8,10\n\
                 Belgium,.08,7,.4,10\nLuxembourg,.03,4,.2,10\nGermany,.16,4,.8,10\n\
                 France,.16,10,.6,10\nItaly,.16,10,.6,10\nUK,.16,10,.9,10\nIreland,.05,7,.1,10\n\
                 Denmark,.05,4,1,10\nGreece,.08,7,.7,10\n";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("actors.csv");
    std::fs::write(&file, table).unwrap();
    let theirs = json(&["spatial", file.to_str().unwrap(), "--json"]);
    let (ours, theirs) = (&ours["issues"][0], &theirs["issues"][0]);
    assert_eq!((&ours["scale"], &ours["actors"]), (&theirs["scale"], &theirs["actors"]));
    for (a, b) in
        ours["models"].as_array().unwrap().iter().zip(theirs["models"].as_array().unwrap())
    {
        let (x, y) = (a["point"].as_f64().unwrap(), b["point"].as_f64().unwrap());
        assert!((x - y).abs() < 1e-4, "{}: {x} {y}", a["model"]);
    }
    assert!(theirs["terms"].is_null());
}

#[test]
fn wrong_requests_are_answered() {
    let code = |args: &[&str]| winset(args).status.code();
    assert_eq!(code(&["spatial", "--model", "scholtz"]), Some(2));
    assert_eq!(code(&["spatial", "--rounds", "0"]), Some(2));
    assert_eq!(code(&["spatial", "/no/such/table.csv"]), Some(3));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("actors.csv");
    std::fs::write(&file, "actor,power\na,1\n").unwrap();
    let out = winset(&["spatial", file.to_str().unwrap()]);
    assert_eq!(out.status.code(), Some(1));
    let said = String::from_utf8(out.stderr).unwrap();
    assert!(said.contains("no column `position`") && said.contains("hint:"), "{said}");
    assert_eq!(code(&["spatial", file.to_str().unwrap(), "--as-of", "2025-01-01"]), Some(2));
}
