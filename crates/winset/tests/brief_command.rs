//! `winset brief` as it is typed.

use std::process::{Command, Output};

fn winset(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_winset"));
    command.args(["brief", "emission-standards-1994", "--draws", "64", "--compared", "16"]);
    command.args(arguments).output().expect("it runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

#[test]
fn the_ending_of_the_file_names_the_format() {
    let folder = tempfile::tempdir().unwrap();
    for (name, begins) in [
        ("b.html", "<!DOCTYPE html>"),
        ("b.md", "# "),
        ("b.json", "{\n  \"schema\": \"winset/brief/1\""),
    ] {
        let path = folder.path().join(name);
        let out = winset(&["-o", path.to_str().unwrap()]);
        assert!(out.status.success(), "{}", text(&out.stderr));
        assert!(out.stdout.is_empty());
        let written = std::fs::read_to_string(&path).unwrap();
        assert!(written.starts_with(begins), "{name}: {}", &written[..60]);
    }
    let out = winset(&["-o", folder.path().join("b.doc").to_str().unwrap()]);
    assert_eq!(out.status.code(), Some(2));
    assert!(text(&out.stderr).contains("hint: "), "{}", text(&out.stderr));
}

#[test]
fn every_chart_is_written_as_a_drawing_and_its_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let charts = folder.path().join("charts");
    let out = winset(&["--figures", charts.to_str().unwrap()]);
    assert!(out.status.success(), "{}", text(&out.stderr));
    let mut names: Vec<String> = std::fs::read_dir(&charts)
        .unwrap()
        .map(|f| f.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert!(names.len() >= 8 && names.len().is_multiple_of(2), "{names:?}");
    for name in &names {
        let written = std::fs::read_to_string(charts.join(name)).unwrap();
        match name.rsplit_once('.').unwrap() {
            (id, "svg") => {
                assert!(
                    written.starts_with("<svg ") && written.contains("width=\"760\""),
                    "{name}"
                );
                // Colours of its own, so that it looks the same in any document.
                assert!(!written.contains("var(--"), "{name}");
                assert!(names.contains(&format!("{id}.csv")), "{names:?}");
            }
            (_, ending) => {
                assert!(ending == "csv" && written.starts_with("# "), "{name}");
                let rows = written.lines().filter(|l| !l.starts_with("# ")).count();
                assert!(rows >= 2, "{name}: {written}");
            }
        }
    }
}

#[test]
fn without_a_file_the_markdown_goes_to_stdout_and_is_the_same_every_time() {
    let (a, b) = (winset(&["--threads", "1"]), winset(&["--threads", "2"]));
    assert!(a.status.success() && text(&a.stdout).starts_with("# European emission standards"));
    assert_eq!(text(&a.stdout), text(&b.stdout));
    let json = winset(&["--json"]);
    let value: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(value["schema"], "winset/brief/1");
}

#[test]
fn what_changed_is_told_from_an_earlier_day() {
    let run = |since: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_winset"));
        command.args([
            "brief",
            "us-iran-2025",
            "--draws",
            "64",
            "--compared",
            "16",
            "--since",
            since,
        ]);
        command.output().unwrap()
    };
    let out = run("2025-04-18");
    assert!(out.status.success(), "{}", text(&out.stderr));
    let said = text(&out.stdout);
    assert!(said.contains("## What changed since 18 April 2025"), "{said}");
    assert!(said.contains("the days that passed, with nothing new"), "{said}");
    // The parts and the days add up to the change, as printed to a tenth of a point each.
    let section = said.split("## What changed").nth(1).unwrap().split("\n## ").next().unwrap();
    let number = |t: &str| t.trim().replace('−', "-").replace(['+', '±'], "").parse::<f64>().ok();
    let parts: Vec<f64> = section
        .lines()
        .filter(|l| l.starts_with('|'))
        .filter_map(|l| number(l.trim_end_matches('|').rsplit('|').next()?))
        .collect();
    let total = section.split(" points)").next().unwrap().rsplit('(').next().unwrap();
    let sum: f64 = parts.iter().sum();
    let slack = 0.05 * (parts.len() as f64 + 1.0) + 0.5;
    assert!(!parts.is_empty() && (sum - number(total).unwrap()).abs() < slack, "{section}");
    let out = run("2025-04-22");
    assert_eq!(out.status.code(), Some(2));
    assert!(text(&out.stderr).contains("hint: "));
}
