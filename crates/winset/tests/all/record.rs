//! `winset record add`, `list` and `check` from outside.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::command::{json, run, winset};

const BUILTIN: &str = "us-iran-2025";

/// A folder with a copy of the built-in case.
fn copy() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases").join(BUILTIN);
    for file in ["case.toml", "record.csv"] {
        fs::copy(from.join(file), folder.path().join(file)).unwrap();
    }
    folder
}

fn fed(folder: &Path, args: &[&str], input: &str) -> Output {
    let mut command = winset(folder, args);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The child may end before it reads anything.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn record(folder: &Path) -> Vec<u8> {
    fs::read(folder.join("record.csv")).unwrap()
}

const DENIAL: [&str; 18] = [
    "record",
    "add",
    "--said",
    "2025-04-20~",
    "--speaker",
    "witkoff",
    "--issue",
    "enrichment",
    "--kind",
    "ideal",
    "--value",
    "20..30..40",
    "--channel",
    "interview",
    "--grade",
    "B2",
    "--text",
    "Some enrichment, \"under watch\"",
];

#[test]
fn an_entry_is_appended_and_read_back_and_read_by_its_position() {
    let folder = copy();
    let old = record(folder.path());
    let dry = run(folder.path(), &[&DENIAL[..], &["--dry-run"]].concat());
    assert_eq!(dry.status.code(), Some(0));
    assert_eq!(record(folder.path()), old);
    let row = "r24,2025-04-20~,2025-04-20,witkoff,enrichment,ideal,20..30..40,interview,,,B2,,,,\
               \"Some enrichment, \"\"under watch\"\"\",,\n";
    assert_eq!(String::from_utf8(dry.stdout).unwrap(), row);

    let out = run(folder.path(), &DENIAL);
    assert_eq!(out.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&out.stdout).contains("r24"));
    let hint = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(hint.contains("hint: `winset moved --from 2025-04-19 --to 2025-04-20`"), "{hint}");
    assert_eq!(record(folder.path()), [old.as_slice(), row.as_bytes()].concat());
    let mut left: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, [".winset", "case.toml", "record.csv"], "nothing is left lying about");

    let list = json(
        folder.path(),
        &["record", "list", "--json", "--since", "2025-04-20", "--actor", "witkoff"],
    );
    assert_eq!(list["schema"], "winset/record/1");
    let entries = list["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0]["text"], "Some enrichment, \"under watch\"");
    // B2: .9 of what it says (.80), else even odds.
    assert!((entries[0]["p_true"].as_f64().unwrap() - 0.77).abs() < 1e-12, "{}", entries[0]);
    assert_eq!(entries[0]["cited"], serde_json::json!(["actors.witkoff.position.enrichment"]));
}

#[test]
fn what_is_wrong_is_said_and_nothing_is_written() {
    let folder = copy();
    let old = record(folder.path());
    for (change, code) in [
        (["--value", "120"], "off-scale"),
        (["--speaker", "witkof"], "unknown-name"),
        (["--said", "soon"], "date"),
        (["--entered", "2025-04-01"], "said-after-entered"),
        (["--kind", "idael"], "kind"),
        (["--grade", "Q1"], "grade"),
        (["--id", "r01"], "duplicate-id"),
        (["--contradicts", "r77"], "unknown-name"),
    ] {
        let mut args: Vec<&str> = DENIAL.to_vec();
        match args.iter().position(|a| *a == change[0]) {
            Some(k) => args[k + 1] = change[1],
            None => args.extend(change),
        }
        let out = run(folder.path(), &[&args[..], &["--json"]].concat());
        assert_eq!(out.status.code(), Some(1), "{change:?}");
        let said: Value = serde_json::from_slice(&out.stderr).unwrap();
        let found = said["diagnostics"].as_array().unwrap();
        assert_eq!(found.len(), 1, "{said}");
        assert_eq!((&found[0]["code"], found[0]["line"].as_u64()), (&code.into(), Some(25)));
        let shown = run(folder.path(), &args);
        let shown = String::from_utf8(shown.stderr).unwrap();
        assert!(shown.contains("record.csv:25:1") && shown.contains("hint"), "{shown}");
        assert_eq!(record(folder.path()), old);
    }
}

#[test]
fn usage_is_told_from_input() {
    let folder = copy();
    let code = |args: &[&str]| run(folder.path(), args).status.code().unwrap();
    assert_eq!(code(&["record"]), 2);
    assert_eq!(code(&["record", "add", "--kind", "event", "--text", "x"]), 2, "said is required");
    assert_eq!(code(&[&DENIAL[..], &["--from", "x"]].concat()), 2);
    assert_eq!(code(&[&DENIAL[..], &["us-iran-2025"]].concat()), 2, "a built-in case is fixed");
    assert_eq!(code(&["record", "add", "--from", "no-such-file"]), 3);
    assert_eq!(code(&["record", "list", "--issue", "enrichmnt"]), 2);
    assert_eq!(code(&["record", "list", "--kind", "ideal", "--csv"]), 0);
    assert_eq!(code(&["record", "check"]), 0);
    assert_eq!(code(&["record", "check", "emission-standards-1994"]), 0, "without a record");
    let elsewhere = tempfile::tempdir().unwrap();
    let out = run(elsewhere.path(), &DENIAL);
    assert_eq!(out.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&out.stderr).contains("hint: `winset new"));
}

#[test]
fn a_record_that_is_not_there_is_begun() {
    let folder = copy();
    fs::remove_file(folder.path().join("record.csv")).unwrap();
    let out = run(
        folder.path(),
        &["record", "add", "--said", "2025-04-18", "--kind", "event", "--text", "A round"],
    );
    assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stderr));
    let text = String::from_utf8(record(folder.path())).unwrap();
    let columns = winset_files::record::COLUMNS.join(",");
    assert_eq!(text, format!("{columns}\nr01,2025-04-18,2025-04-18,,,event,,,,,,,,,A round,,\n"));
}

#[test]
fn rows_of_a_spreadsheet_are_added_all_or_none() {
    let folder = copy();
    let old = record(folder.path());
    let good = "Text\tKind\tSaid\tSpeaker\tIssue\tValue\r\n\
                Zero, or nothing\tdemand\t2025-04-21\trubio\tenrichment\t0..0..5\r\n\
                A visit\tevent\t2025-04-22\t\t\t\r\n";
    let bad = good.replace("rubio", "nobody");
    let out = fed(folder.path(), &["record", "add", "--from", "-"], &bad);
    assert_eq!(out.status.code(), Some(1));
    assert_eq!(record(folder.path()), old);
    // The row is named where it stands, and not where it would have been put.
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(said.contains("--> stdin:2:1") && said.contains("2 | Zero, or nothing"), "{said}");
    fs::write(folder.path().join("rows.txt"), &bad).unwrap();
    let out = run(folder.path(), &["record", "add", "--from", "rows.txt", "--json"]);
    let said: Value = serde_json::from_slice(&out.stderr).unwrap();
    let first = &said["diagnostics"][0];
    assert_eq!((&first["file"], &first["line"]), (&"rows.txt".into(), &2.into()), "{said}");
    let out = fed(folder.path(), &["record", "add", "--from", "-", "--json"], good);
    assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stderr));
    let report: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(report["schema"], "winset/record-add/1");
    assert_eq!(report["ids"], serde_json::json!(["r24", "r25"]));
    let new = String::from_utf8(record(folder.path())).unwrap();
    let tail = new.strip_prefix(std::str::from_utf8(&old).unwrap()).unwrap();
    assert_eq!(
        tail,
        "r24,2025-04-21,2025-04-21,rubio,enrichment,demand,0..0..5,,,,,,,,\"Zero, or nothing\",,\n\
         r25,2025-04-22,2025-04-22,,,event,,,,,,,,,A visit,,\n"
    );
}

/// Rows that are pasted twice would count twice: the second time it is said, and by `check` too.
#[test]
fn what_is_said_word_for_word_again_is_told() {
    let folder = copy();
    let rows = "said,kind,speaker,issue,value,text,origin\n\
                2025-04-21,demand,rubio,enrichment,0..0..5,Zero,ORIGIN\n";
    let add = |origin: &str| {
        let out =
            fed(folder.path(), &["record", "add", "--from", "-"], &rows.replace("ORIGIN", origin));
        assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8_lossy(&out.stderr).into_owned()
    };
    assert!(!add("leak").contains("word for word"));
    // Reports of one origin count once.
    assert!(!add("leak").contains("word for word"));
    let said = add("");
    assert!(said.contains("`r26` says what `r24` says, word for word\n --> stdin:2:1"), "{said}");
    let said = run(folder.path(), &["record", "check"]);
    let said = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(said.contains("`r26` says what `r24` says, word for word"), "{said}");
}

#[test]
fn a_mark_of_byte_order_and_an_open_last_line_stay() {
    let folder = copy();
    let mut old = vec![0xEF, 0xBB, 0xBF];
    old.extend(
        String::from_utf8(record(folder.path())).unwrap().trim_end().replace('\n', "\r\n").bytes(),
    );
    fs::write(folder.path().join("record.csv"), &old).unwrap();
    let out = run(folder.path(), &DENIAL);
    assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stderr));
    let new = record(folder.path());
    let tail = String::from_utf8(new.strip_prefix(old.as_slice()).unwrap().to_vec()).unwrap();
    assert!(tail.starts_with("\r\nr24,") && tail.ends_with(",,\r\n"), "{tail:?}");
}

#[test]
fn the_built_in_record_draws_no_error_and_its_listing_names_what_cites_an_entry() {
    let folder = tempfile::tempdir().unwrap();
    let report = json(folder.path(), &["record", "check", BUILTIN, "--json"]);
    assert_eq!((&report["ok"], &report["entries"]), (&true.into(), &23.into()));
    let list = json(folder.path(), &["record", "list", BUILTIN, "--json", "--kind", "red_max"]);
    let waltz = &list["entries"].as_array().unwrap()[0];
    let cited: Vec<&str> =
        waltz["cited"].as_array().unwrap().iter().map(|c| c.as_str().unwrap()).collect();
    assert!(cited.contains(&"actors.waltz.red_max.enrichment"), "{cited:?}");
    let csv = run(folder.path(), &["record", "list", BUILTIN, "--csv"]);
    let csv = String::from_utf8(csv.stdout).unwrap();
    assert_eq!(csv.lines().count(), 24);
}
