//! The gallery of broken cases: each folder holds one intended mistake (or several, as its name
//! says) and the message it gets, which `WINSET_BLESS=1` rewrites and a person then reads.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use serde_json::Value;

use crate::command::{run, winset};

fn gallery() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../files/tests/gallery");
    let mut found: Vec<PathBuf> = fs::read_dir(root).unwrap().map(|e| e.unwrap().path()).collect();
    found.retain(|p| p.is_dir());
    found.sort();
    found
}

/// Whether the folder holds a table of past cases, and no case.
fn is_table(folder: &Path) -> bool {
    folder.join("past.csv").is_file()
}

fn check(folder: &Path, args: &[&str]) -> Output {
    let verb: &[&str] = match is_table(folder) {
        true => &["class", "fit", "past.csv", "--as-of", "2025-06-30"],
        false => &["check", "case.toml"],
    };
    run(folder, &[verb, args].concat())
}

fn name(folder: &Path) -> String {
    folder.file_name().unwrap().to_string_lossy().into_owned()
}

fn diagnostics(folder: &Path) -> Vec<Value> {
    let out = check(folder, &["--json"]);
    let said = if is_table(folder) { &out.stderr } else { &out.stdout };
    let report: Value = serde_json::from_slice(said).unwrap();
    report["diagnostics"].as_array().unwrap().clone()
}

#[test]
fn every_broken_case_gets_its_message() {
    let bless = std::env::var_os("WINSET_BLESS").is_some();
    let mut wrong = Vec::new();
    for folder in gallery() {
        let out = check(&folder, &[]);
        // A warning leaves a case usable, unless that is not good enough.
        let code = if name(&folder).contains("-warning-") { 0 } else { 1 };
        assert_eq!(out.status.code(), Some(code), "{}", name(&folder));
        let mut said = String::from_utf8(out.stderr).unwrap();
        // What a usable table says belongs elsewhere.
        if !is_table(&folder) {
            let strict = check(&folder, &["--strict"]).status.code();
            assert_eq!(strict, Some(1), "{}", name(&folder));
            said += &String::from_utf8(out.stdout).unwrap();
        }
        let file = folder.join("expected.txt");
        let expected = fs::read_to_string(&file).unwrap_or_default();
        if bless {
            fs::write(&file, &said).unwrap();
        } else if said != expected {
            wrong.push(format!("{}\n--- expected\n{expected}--- said\n{said}", name(&folder)));
        }
    }
    assert!(wrong.is_empty(), "{}\n\nhint: WINSET_BLESS=1 rewrites them", wrong.join("\n"));
}

#[test]
fn every_message_names_file_and_line_and_gives_a_hint() {
    assert!(gallery().len() >= 30);
    for folder in gallery() {
        let (id, found) = (name(&folder), diagnostics(&folder));
        let one = !id.ends_with("-several");
        assert!(!found.is_empty() && (!one || found.len() == 1), "{id}: {found:#?}");
        // A file that is empty or no text has no lines to show, nor has what is missing from all of it.
        let has_lines =
            !["empty-file", "invalid-utf8", "binary-file", "no-ending", "few-agreements"]
                .iter()
                .any(|whole| id.ends_with(whole));
        for d in &found {
            let file = d["file"].as_str().unwrap();
            assert!(["case.toml", "record.csv", "past.csv"].contains(&file), "{id}: {d}");
            assert_eq!(d["line"].is_u64(), has_lines, "{id}: {d}");
            assert!(d["hint"].as_str().is_some_and(|h| !h.is_empty()), "{id}: {d}");
            let message = d["message"].as_str().unwrap();
            assert!(!message.is_empty() && !message.ends_with('.'), "{id}: {d}");
        }
    }
}

#[test]
fn all_mistakes_of_a_file_are_reported_in_one_pass() {
    let folder = gallery().into_iter().find(|p| name(p).ends_with("-several")).unwrap();
    let found = diagnostics(&folder);
    let mut codes: Vec<&str> = found.iter().map(|d| d["code"].as_str().unwrap()).collect();
    codes.sort_unstable();
    assert_eq!(
        codes,
        [
            "grade",
            "off-scale",
            "off-scale",
            "range",
            "unknown-key",
            "unknown-name",
            "unknown-reference"
        ]
    );
}

#[test]
fn the_place_is_where_the_mistake_was_written() {
    // The text at the place a message points to, read from the file itself.
    for (id, starts) in [
        ("unknown-key", "discont = 3"),
        ("off-scale", "55 }"),
        ("range-upside-down", "\"20..10..0\""),
        ("question-before-as-of", "2024-03-31"),
        ("question-beyond-horizon", "2027-03-31"),
        ("starts-twice", "again = "),
        ("zero-discount", "0\n"),
        ("red-lines-crossed", "60 }"),
        ("record-without-record", "\"record\""),
        ("record-contradicts-unknown", "r02,"),
        ("unknown-section", "promisses]"),
        ("table-ends-before-start", "2021-09-13,2021-06-01"),
        ("table-unknown-ending", "112,agrement"),
    ] {
        let folder = gallery().into_iter().find(|p| name(p)[3..] == *id).unwrap();
        let found = &diagnostics(&folder)[0];
        let text = fs::read_to_string(folder.join(found["file"].as_str().unwrap())).unwrap();
        let at = |key: &str| found[key].as_u64().unwrap() as usize;
        let rest: String = text.split_inclusive('\n').skip(at("line") - 1).collect::<String>();
        let rest: String = rest.chars().skip(at("column") - 1).collect();
        assert!(rest.starts_with(starts), "{id}: {:?}", rest.lines().next());
    }
}

/// The broken cases that stand beside the finished ones: each has its mistake in its first line.
#[test]
fn no_broken_case_passes_or_fails_without_a_hint() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/broken");
    let mut found: Vec<PathBuf> = fs::read_dir(root).unwrap().map(|e| e.unwrap().path()).collect();
    found.sort();
    assert!(found.len() >= 30);
    let mut wrong = Vec::new();
    for path in found {
        let out = run(Path::new("."), &["check", "--json", path.to_str().unwrap()]);
        let report: Value = serde_json::from_slice(&out.stdout).unwrap();
        let hints = report["diagnostics"].as_array().unwrap().iter().all(|d| d["hint"].is_string());
        if out.status.code() != Some(1) || report["errors"] != 1 || !hints {
            wrong.push(format!("{}: {report:#}", name(&path)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_file_that_is_far_too_large_is_refused_before_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("case.toml"), "# padding\n".repeat(500_000)).unwrap();
    let out = check(folder.path(), &[]);
    assert_eq!(out.status.code(), Some(1));
    let said = String::from_utf8(out.stderr).unwrap();
    assert!(said.contains("the file has 5 MB; a case has at most 4 MB"), "{said}");
    assert!(said.contains("hint: is this the right file?"), "{said}");
}

#[test]
fn nothing_is_read_from_standard_input() {
    // A pipe that never closes: a command that waited for it would hang.
    let folder = tempfile::tempdir().unwrap();
    let mut child = winset(folder.path(), &["check", "us-iran-2025"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let open = child.stdin.take();
    assert!(child.wait().unwrap().success());
    drop(open);
}
