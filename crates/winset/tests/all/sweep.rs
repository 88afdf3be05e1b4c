//! `winset sweep` from outside.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::command::{err, run, winset};

fn ok(folder: &Path, args: &[&str]) -> Vec<u8> {
    let out = run(folder, args);
    assert!(out.status.success(), "{args:?}: {}", err(&out));
    out.stdout
}

fn folder(spec: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("spec.toml"), spec).unwrap();
    folder
}

const SPEC: &str = r#"
case = "us-iran-2025"
draws = 300
seed = 9
as_of = 2025-04-20
set = ["sides.iran.cost=5"]
[grid]
sides.us.discount = [5, "10..20..30"]
[list]
actors.trump.red_max.enrichment = [0, 40]
"#;

fn close(a: &Value, b: &Value) {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => assert!((a - b).abs() < 1e-9, "{a} {b}"),
        // No zone, no terms.
        _ => assert!(a.is_null() && b.is_null(), "{a} {b}"),
    }
}

#[test]
fn every_row_is_what_the_forecast_of_its_point_says() {
    let place = folder(SPEC);
    let json =
        |args: &[&str]| -> Value { serde_json::from_slice(&ok(place.path(), args)).unwrap() };
    let table = json(&["sweep", "spec.toml", "--json"]);
    assert_eq!(table.as_object().unwrap().iter().next().unwrap().1, "winset/sweep/1");
    let rows = table["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 4);
    for (row, (red, discount)) in
        rows.iter().zip([("0", "5"), ("0", "10..20..30"), ("40", "5"), ("40", "10..20..30")])
    {
        let sets = [
            format!("actors.trump.red_max.enrichment={red}"),
            format!("sides.us.discount={discount}"),
        ];
        let forecast = json(&[
            "forecast",
            "us-iran-2025",
            "--draws",
            "300",
            "--seed",
            "9",
            "--as-of",
            "2025-04-20",
            "--set",
            "sides.iran.cost=5",
            "--set",
            &sets[0],
            "--set",
            &sets[1],
            "--json",
        ]);
        assert_eq!(row["zone"], forecast["zone"]["p"]);
        assert_eq!(row["closed"], forecast["closed"]);
        for key in ["p", "lo", "hi", "mcse"] {
            close(&row[key], &forecast["answer"][key]);
        }
        for terms in forecast["terms"].as_array().unwrap() {
            close(&row[format!("terms.{}", terms["issue"].as_str().unwrap())], &terms["q50"]);
        }
    }
    let csv = String::from_utf8(ok(place.path(), &["sweep", "spec.toml"])).unwrap();
    let lines: Vec<&str> = csv.lines().collect();
    assert!(
        lines[0].starts_with("point,actors.trump.red_max.enrichment,sides.us.discount,p,lo,hi,")
    );
    assert!(lines[4].starts_with(&format!("3,40,10..20..30,{},", rows[3]["p"])), "{}", lines[4]);
}

#[test]
fn the_bytes_depend_neither_on_threads_nor_on_stops() {
    let place = folder(&SPEC.replace("[5, \"10..20..30\"]", "{ from = 5, to = 20, steps = 4 }"));
    let one = ok(place.path(), &["sweep", "spec.toml", "--threads", "1"]);
    assert!(ok(place.path(), &["sweep", "spec.toml", "--threads", "3"]) == one);
    let part = place.path().join("out.csv.part");
    let args = ["sweep", "spec.toml", "-o", "out.csv", "--threads", "1"];
    let rows =
        || fs::read_to_string(&part).map_or(0, |text| text.lines().count().saturating_sub(1));
    // Killed once some rows are there, then interrupted, then whole.
    for stop in ["-KILL", "-INT"] {
        let before = rows();
        let mut child = winset(place.path(), &args).stderr(Stdio::piped()).spawn().unwrap();
        let start = Instant::now();
        while rows() <= before {
            assert!(start.elapsed() < Duration::from_secs(60), "no row came");
            std::thread::sleep(Duration::from_millis(5));
        }
        let pid = child.id().to_string();
        assert!(Command::new("kill").args([stop, &pid]).status().unwrap().success());
        let code = child.wait().unwrap().code();
        assert_eq!(code, if stop == "-INT" { Some(130) } else { None });
        assert!(!place.path().join("out.csv").exists());
    }
    let done = rows();
    assert!((2..8).contains(&done));
    let out = run(place.path(), &args);
    assert!(out.status.success() && out.stdout.is_empty());
    assert!(err(&out).contains(&format!("{done} of 8 points are done already")), "{}", err(&out));
    assert!(fs::read(place.path().join("out.csv")).unwrap() == one);
    assert!(!part.exists());
}

#[test]
fn a_part_of_another_sweep_is_refused() {
    let place = folder(&SPEC.replace("300", "2"));
    fs::write(place.path().join("out.csv.part"), "# winset sweep 00ff\n").unwrap();
    let out = run(place.path(), &["sweep", "spec.toml", "-o", "out.csv"]);
    assert_eq!(out.status.code(), Some(4));
    assert!(err(&out).contains("is of another sweep") && err(&out).contains("hint: remove it"));
}

#[test]
fn a_mistake_is_shown_at_its_line_of_the_spec() {
    for (from, to, line, says, hint) in [
        ("sides.us.discount", "sides.us.discont", 8, "discont", "did you mean `discount`?"),
        ("[0, 40]", "[0, 140]", 10, "140", ""),
        ("[grid]", "[gird]", 7, "unknown key `gird`", "did you mean `grid`?"),
    ] {
        let place = folder(&SPEC.replace(from, to));
        let out = run(place.path(), &["sweep", "spec.toml", "--json"]);
        assert_eq!(out.status.code(), Some(1), "{to}");
        let said: Value = serde_json::from_slice(&out.stderr).unwrap();
        let d = &said["diagnostics"][0];
        assert_eq!((&d["file"], &d["line"]), (&"spec.toml".into(), &line.into()), "{said}");
        assert!(d["message"].as_str().unwrap().contains(says), "{said}");
        assert!(d["hint"].as_str().unwrap().contains(hint), "{said}");
        let plain = err(&run(place.path(), &["sweep", "spec.toml"]));
        assert!(plain.contains(&format!("spec.toml:{line}")), "{plain}");
    }
}

#[test]
fn exit_codes_say_what_kind_of_failure_it_was() {
    let place = folder("case = \"no-such-case\"\n[grid]\na.b = [1]\n");
    let code = |args: &[&str]| run(place.path(), args).status.code().unwrap();
    assert_eq!(code(&["sweep"]), 2);
    assert_eq!(code(&["sweep", "no-such-spec.toml"]), 3);
    assert_eq!(code(&["sweep", "spec.toml"]), 3);
    fs::write(place.path().join("spec.toml"), SPEC.replace("sides.iran.cost=5", "a.b.c")).unwrap();
    assert_eq!(code(&["sweep", "spec.toml"]), 1);
}

#[cfg(not(feature = "parquet"))]
#[test]
fn without_the_feature_a_parquet_file_is_refused_with_how_to_get_it() {
    let place = folder(SPEC);
    let out = run(place.path(), &["sweep", "spec.toml", "-o", "out.parquet"]);
    assert_eq!((out.status.code(), out.stdout.len()), (Some(2), 0));
    let wanted = "error: out.parquet: this winset was built without Parquet\n\nhint: build it with \
                  `cargo build --release --features parquet`, or write CSV with -o to another name\n";
    assert_eq!(err(&out), wanted);
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
}

#[test]
fn days_and_flags_can_be_swept() {
    let grid =
        "[grid]\nquestion.by = [2025-06-30, 2025-07-31]\nmodel.noisy_signals = [true, false]\n";
    let place = folder(&format!("case = \"us-iran-2025\"\ndraws = 50\n{grid}"));
    let csv = String::from_utf8(ok(place.path(), &["sweep", "spec.toml"])).unwrap();
    let table: Value =
        serde_json::from_slice(&ok(place.path(), &["sweep", "spec.toml", "--json"])).unwrap();
    for (k, (by, noisy)) in
        [("2025-06-30", true), ("2025-06-30", false), ("2025-07-31", true), ("2025-07-31", false)]
            .into_iter()
            .enumerate()
    {
        let row = &table["rows"][k];
        assert_eq!((&row["question.by"], &row["model.noisy_signals"]), (&by.into(), &noisy.into()));
        let line = csv.lines().nth(k + 1).unwrap();
        assert!(line.starts_with(&format!("{k},{by},{noisy},{},", row["p"])), "{line}");
        let sets = [format!("question.by={by}"), format!("model.noisy_signals={noisy}")];
        let args = [
            "forecast",
            "us-iran-2025",
            "--draws",
            "50",
            "--json",
            "--set",
            &sets[0],
            "--set",
            &sets[1],
        ];
        let forecast: Value = serde_json::from_slice(&ok(place.path(), &args)).unwrap();
        close(&row["p"], &forecast["answer"]["p"]);
    }
}
