//! `winset moved` and `winset history` from outside.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;
use winset_files::case::{CaseFiles, Hidden, ParsedCase, load, open};
use winset_files::diagnostic::Findings;
use winset_model::case::{Case, Day};
use winset_model::effort::Effort;
use winset_model::explain::through::through;
use winset_model::forecast::{Run, headline};
use winset_report::history::{HistoryDays, HistoryReport, ask as history};
use winset_report::moved::{MovedError, MovedSettings, ask as moved};

use crate::command::{json, run};

const BUILTIN: &str = "us-iran-2025";

const CASE: &str = r#"winset = 1
title = "Planted"
as_of = 2025-02-01
[question]
text = "Will they sign?"
yes = "a text"
by = 2025-06-30
[issues]
border = { now = 50 }
water = { now = 20 }
[sides.north]
ratify = "premier"
position = { border = "0..10..20", water = "70..80..90" }
salience = { border = 50, water = 50 }
discount = 10
[sides.south]
ratify = "president"
position = { border = "60..80..100", water = "10..20..30" }
salience = { border = 40, water = 60 }
discount = 10
cost = 5
[actors]
premier = { side = "north", role = "leader", red_max.border = 60 }
president = { side = "south", role = "leader", red_min.border = "20..30..40" }
[calendar]
began = { on = 2025-01-02, kind = "start", mediated = true }
talks = { on = 2025-03-01, kind = "round", known = 2025-01-20 }
"#;

/// r01 closes most zones; r02 moves a cost a little; r03 says nothing that counts.
const SINCE: &str = r#"[since.r02]
sides.south.cost = 4.9
[since.r01]
actors.premier.red_max.border = "20..25..30"
"#;

const RECORD: &str = "id,said,entered,speaker,kind,text
r00,2025-01-03,2025-01-03,,event,Long before.
r02,2025-01-15,2025-01-15,,event,Of little weight.
r01,2025-01-16,2025-01-17,premier,event,The decisive law.
r03,2025-01-18,2025-01-18,,event,Of no weight.
";

fn planted() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("case.toml"), format!("{CASE}{SINCE}")).unwrap();
    fs::write(folder.path().join("record.csv"), RECORD).unwrap();
    folder
}

fn parts(report: &Value) -> f64 {
    let entries = report["entries"].as_array().unwrap();
    let sum: f64 = entries.iter().map(|e| e["part"].as_f64().unwrap()).sum();
    report["time"]["part"].as_f64().unwrap() + sum
}

fn number(report: &Value, path: &str) -> f64 {
    report.pointer(path).and_then(Value::as_f64).unwrap()
}

#[test]
fn a_planted_decisive_entry_ranks_first_and_the_parts_add_up() {
    let folder = planted();
    let report = json(
        folder.path(),
        &["moved", "--from", "2025-01-14", "--to", "2025-01-31", "--draws", "200", "--json"],
    );
    let entries = report["entries"].as_array().unwrap();
    let ids: Vec<&str> = entries.iter().map(|e| e["id"].as_str().unwrap()).collect();
    assert_eq!(ids[0], "r01");
    assert_eq!(ids.iter().copied().collect::<BTreeSet<_>>().len(), 4);
    let part = |id: &str| number(entries.iter().find(|e| e["id"] == id).unwrap(), "/part");
    assert!(part("r01") < -0.1, "{report:#}");
    assert!(part("r01").abs() > 5.0 * part("r02").abs());
    assert!(part("calendar.talks") != 0.0, "a round moves agreement between days");
    // Nothing rests on it: exactly nothing, and it is said so.
    assert_eq!(part("r03"), 0.0);
    let silent: Vec<&Value> = entries.iter().filter(|e| e["counts"] == false).collect();
    assert_eq!((silent.len(), &silent[0]["id"]), (1, &Value::from("r03")));
    let total = number(&report, "/to/p") - number(&report, "/from/p");
    assert!((parts(&report) - total).abs() < 1e-12);
    assert!((number(&report, "/total") - total).abs() < 1e-15);
    let shares: f64 = entries.iter().map(|e| number(e, "/share")).sum();
    assert!((shares + number(&report, "/time/share") - 1.0).abs() < 1e-12);
}

#[test]
fn both_ends_are_the_forecasts_of_those_days_and_the_builtin_parts_add_up() {
    let here = tempfile::tempdir().unwrap();
    let settings = ["--draws", "60", "--json"];
    let days = ["moved", BUILTIN, "--from", "2025-04-13", "--to", "2025-04-22"];
    let report = json(here.path(), &[&days[..], &settings].concat());
    for (end, day) in [("from", "2025-04-13"), ("to", "2025-04-22")] {
        let args = [&["forecast", BUILTIN, "--as-of", day][..], &settings].concat();
        let forecast = json(here.path(), &args);
        assert_eq!(report[end]["fingerprint"], forecast["fingerprint"]);
        for key in ["p", "lo", "hi"] {
            assert_eq!(report[end][key], forecast["answer"][key], "{end} {key}");
        }
    }
    assert!((parts(&report) - number(&report, "/total")).abs() < 1e-12);
    assert_eq!(report["method"], "exact");
    // Statements of one origin are one piece of news.
    let entries = report["entries"].as_array().unwrap();
    let ids: Vec<&str> = entries.iter().map(|e| e["id"].as_str().unwrap()).collect();
    assert!(ids.contains(&"r04+r11") && ids.contains(&"calendar.geneva"), "{ids:?}");
    assert!(!ids.iter().any(|id| id.contains("r19") || id.contains("r01")), "of an earlier day");
    // Threads and a second run change no byte.
    let one = run(here.path(), &[&days[..], &settings, &["--threads", "1"]].concat());
    let three = run(here.path(), &[&days[..], &settings, &["--threads", "3"]].concat());
    assert_eq!(one.stdout, three.stdout);
}

/// What an entry says of a round that is news itself is told apart from the round.
#[test]
fn an_entry_that_changes_the_chance_of_an_announced_round_has_its_part() {
    let folder = planted();
    let since = "[since.r02]\ncalendar.talks.holds = 1\n";
    fs::write(folder.path().join("case.toml"), format!("{CASE}{since}")).unwrap();
    let report =
        json(folder.path(), &["moved", "--from", "2025-01-10", "--draws", "200", "--json"]);
    assert!((parts(&report) - number(&report, "/total")).abs() < 1e-9, "{report}");
    let part = |id: &str| {
        let own = report["entries"].as_array().unwrap().iter().find(|e| e["id"] == id);
        own.unwrap_or_else(|| panic!("{id}: {report}"))["part"].as_f64().unwrap()
    };
    // Half of what the round brings it takes away again.
    let (round, entry) = (part("calendar.talks"), part("r02"));
    assert!(entry != 0.0 && entry.abs() < round.abs(), "{round} {entry}");
}

#[test]
fn more_news_than_coalitions_allow_are_sampled_and_still_add_up() {
    let folder = planted();
    let mut case = CASE.to_owned();
    let mut record = "id,said,entered,speaker,kind,text\n".to_owned();
    for k in 1..=13 {
        case += &format!("[since.r{k}]\n");
        case += &match k {
            7 => "actors.premier.red_max.border = \"20..25..30\"\n".to_owned(),
            k => format!("sides.south.salience.border = {}\n", 40 + k),
        };
        record += &format!("r{k},2025-01-{:02},2025-01-{:02},,event,News {k}.\n", k + 10, k + 10);
    }
    fs::write(folder.path().join("case.toml"), case).unwrap();
    fs::write(folder.path().join("record.csv"), record).unwrap();
    let args = ["moved", "--from", "2025-01-10", "--to", "2025-01-30", "--draws", "20", "--json"];
    let report = json(folder.path(), &args);
    assert_eq!(report["method"], "sampled");
    assert_eq!(report["entries"][0]["id"], "r7");
    assert!((parts(&report) - number(&report, "/total")).abs() < 1e-12);
}

/// Nothing that is said, entered or announced later changes a byte of an earlier day.
#[test]
fn history_does_not_look_ahead() {
    let of = |folder: &Path| -> Vec<Value> {
        let args = ["history", "--from", "2025-01-12", "--to", "2025-01-24"];
        let report = json(folder, &[&args[..], &["--draws", "40", "--json"]].concat());
        report["days"].as_array().unwrap().clone()
    };
    let folder = planted();
    let plain = of(folder.path());
    assert_eq!(plain.len(), 13);
    let cut = plain.iter().position(|d| d["date"] == "2025-01-20").unwrap();
    let (case, record) = (folder.path().join("case.toml"), folder.path().join("record.csv"));
    let since = "[since.r09]\nactors.president.red_min.border = 5\n";
    let round = "\ntalks = {";
    let soon = "\nsoon = { on = 2025-02-03, kind = \"round\", known = 2025-01-20 }\ntalks = {";
    for (row, table, calendar) in [
        ("r09,2025-01-20,2025-01-20,,event,Said later.\n", since, round),
        ("r09,2025-01-13,2025-01-20,,event,Entered later.\n", since, round),
        ("", "", soon),
    ] {
        fs::write(&case, format!("{}{SINCE}{table}", CASE.replace(round, calendar))).unwrap();
        fs::write(&record, format!("{RECORD}{row}")).unwrap();
        let told = of(folder.path());
        assert_eq!(told[..cut], plain[..cut], "{row}{calendar}");
        assert_ne!(told[cut]["p"], plain[cut]["p"], "{row}{calendar}");
    }
}

#[test]
fn a_day_of_the_history_is_the_forecast_told_from_it() {
    let folder = planted();
    let args = ["history", "--from", "2025-01-10", "--every", "1w", "--draws", "50", "--json"];
    let report = json(folder.path(), &args);
    let days = report["days"].as_array().unwrap();
    let dates: Vec<&str> = days.iter().map(|d| d["date"].as_str().unwrap()).collect();
    // Weeks, and the last day whatever the step.
    assert_eq!(dates, ["2025-01-10", "2025-01-17", "2025-01-24", "2025-01-31", "2025-02-01"]);
    for row in days {
        let day = row["date"].as_str().unwrap();
        let forecast = json(
            folder.path(),
            &["forecast", "case.toml", "--as-of", day, "--draws", "50", "--json"],
        );
        for key in ["p", "lo", "hi", "mcse"] {
            assert_eq!(row[key], forecast["answer"][key], "{day} {key}");
        }
        assert_eq!(row["zone"], forecast["zone"]["p"]);
    }
    // What was new since the row before: r02 of the 15th and r01, entered on the 17th.
    let ids = |k: usize| -> Vec<&str> {
        let entries = days[k]["entries"].as_array().unwrap();
        entries.iter().map(|e| e["id"].as_str().unwrap()).collect()
    };
    assert_eq!(ids(1), ["r02", "r01"]);
    assert_eq!(ids(2), ["r03", "calendar.talks"]);
    let csv = run(folder.path(), &[&args[..6], &["50", "--csv"]].concat());
    let csv = String::from_utf8(csv.stdout).unwrap();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines[0], "date,p,lo,hi,mcse,zone,entries");
    assert_eq!(lines.len(), 6);
    assert!(lines[2].starts_with("2025-01-17,") && lines[2].ends_with(",r02 r01"), "{csv}");
    let p: f64 = lines[2].split(',').nth(1).unwrap().parse().unwrap();
    assert_eq!(p, number(&days[1], "/p"));
}

#[test]
fn json_says_its_schema_first_and_has_the_promised_keys() {
    let folder = planted();
    let keys = |v: &Value| -> Vec<String> { v.as_object().unwrap().keys().cloned().collect() };
    let args = ["moved", "--from", "2025-01-14", "--to", "2025-01-31", "--draws", "3", "--json"];
    let report = json(folder.path(), &args);
    let wanted = "schema case question by from to total time entries method draws seed";
    assert_eq!(keys(&report).join(" "), wanted);
    assert_eq!(keys(&report["from"]).join(" "), "date p lo hi fingerprint");
    let wanted = "id entries calendar said seen speaker text part se share counts";
    assert_eq!(keys(&report["entries"][0]).join(" "), wanted);
    assert_eq!(report["schema"], "winset/moved/1");
    let report = json(folder.path(), &["history", "--draws", "3", "--json"]);
    assert_eq!(keys(&report).join(" "), "schema case question by draws seed complete days");
    let wanted = "date p lo hi mcse zone fingerprint entries";
    assert_eq!(keys(&report["days"][0]).join(" "), wanted);
    assert_eq!(report["days"][0]["date"], "2025-01-02", "from the start of the talks");
    assert_eq!(report["days"].as_array().unwrap().len(), 31);
}

#[test]
fn mistakes_are_said_with_what_to_do() {
    let folder = planted();
    for (args, code, said) in [
        (&["moved", "--from", "2025-01-20", "--to", "2025-01-14"][..], 1, "comes after"),
        (&["moved", "--from", "2024-12-01", "--to", "2025-01-14"], 1, "nothing is known on"),
        (&["moved", "--from", "2025-01-14", "--to", "2025-07-14"], 1, "the question ends on"),
        (&["moved", "--from", "soon", "--to", "2025-01-14"], 2, "write a day as"),
        (&["history", "--from", "2025-01-20", "--to", "2025-01-14"], 1, "comes after"),
        (&["history", "--from", "2024-12-01"], 1, "hint: start on or after 2025-01-02"),
        (&["history", "--every", "often"], 2, "write a step as"),
        (&["history", "--every", "0d"], 2, "write a step as"),
        (&["history", "no-such-case"], 3, "no-such-case"),
        (&["history", "--set", "sides.south.cost=-4"], 1, "off the scale"),
    ] {
        let out = run(folder.path(), args);
        let text = String::from_utf8_lossy(&out.stderr).into_owned();
        assert_eq!(out.status.code(), Some(code), "{args:?}: {text}");
        assert!(text.contains(said), "{args:?}: {text}");
        assert!(out.stdout.is_empty(), "{args:?}");
    }
    let out =
        run(folder.path(), &["moved", "--from", "2025-01-20", "--to", "2025-01-14", "--json"]);
    let said: Value = serde_json::from_slice(&out.stderr).unwrap();
    assert_eq!(said["schema"], "winset/error/1");
}

#[test]
fn without_days_the_last_day_is_asked_about() {
    let folder = planted();
    let json = |args: &[&str]| {
        let out = run(folder.path(), &[&["moved", "--draws", "32", "--json"], args].concat());
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap()
    };
    let said: Value = serde_json::from_str(&json(&[])).unwrap();
    let day = |end: &str| Day::parse(said[end]["date"].as_str().unwrap()).unwrap();
    assert_eq!(day("to").since(day("from")), 1);
    let (from, to) = (day("from").to_string(), day("to").to_string());
    assert_eq!(json(&["--from", &from, "--to", &to]), json(&[]));
    assert_eq!(json(&["--from", &from]), json(&["--to", &to]));
}

fn builtin() -> CaseFiles {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/us-iran-2025");
    open(&folder, &mut Findings::default()).unwrap()
}

#[test]
fn what_is_done_is_kept_when_a_history_is_stopped_and_a_change_is_all_or_nothing() {
    let settings = MovedSettings { seed: 1, draws: 32, threads: 1 };
    let day = |text| Day::parse(text);
    let days = HistoryDays { from: day("2025-04-12"), to: day("2025-04-20"), every: 1 };
    let whole = history(&builtin(), &[], &days, &settings, &AtomicBool::new(false), &|_, _| {});
    let whole = whole.unwrap();
    assert!(whole.complete && whole.days.len() == 9);
    let stop = AtomicBool::new(false);
    let after_three = |done: u64, _| stop.store(done >= 96, Ordering::Relaxed);
    let part = history(&builtin(), &[], &days, &settings, &stop, &after_three).unwrap();
    assert!(!part.complete);
    assert_eq!(part.days.len(), 3);
    let text = |h: &HistoryReport| serde_json::to_string(&h.days[..3]).unwrap();
    assert_eq!(text(&part), text(&whole));
    let days = (day("2025-04-13").unwrap(), day("2025-04-20").unwrap());
    let stopped = moved(&builtin(), &[], days, &settings, &AtomicBool::new(true), &|_, _| {});
    assert!(matches!(stopped, Err(MovedError::Stopped)));
}

/// The entries that are not evaluated change nothing, whatever else is seen: hidden or not, the
/// case is the same.
#[test]
fn what_is_said_to_count_for_nothing_changes_no_byte_of_the_case() {
    let settings = MovedSettings { seed: 1, draws: 1, threads: 1 };
    let day = |text| Day::parse(text).unwrap();
    let (from, to) = (day("2025-04-13"), day("2025-04-22"));
    let stop = AtomicBool::new(false);
    let report = moved(&builtin(), &[], (from, to), &settings, &stop, &|_, _| {}).unwrap();
    let silent = report.entries.iter().filter(|n| !n.counts);
    let silent: BTreeSet<String> = silent.flat_map(|n| n.entries.clone()).collect();
    assert!(silent.len() >= 5, "{silent:?}");
    let others = report.entries.iter().filter(|n| n.counts);
    let others: BTreeSet<String> = others.flat_map(|n| n.entries.clone()).collect();
    let files = builtin();
    let mut parsed = ParsedCase::new(&files, &[], &mut Findings::default()).unwrap();
    let mut of = |entries: BTreeSet<String>| {
        let hidden = Hidden { entries, ..Hidden::default() };
        let told = parsed.resolve(Some(to), &hidden, &mut Findings::default());
        told.unwrap().case.fingerprint()
    };
    assert_eq!(of(BTreeSet::new()), of(silent.clone()));
    assert_eq!(of(others.clone()), of(&others | &silent));
    assert_ne!(of(BTreeSet::new()), of(others));
}

fn changed_case(sets: &[&str]) -> Case {
    let sets: Vec<String> = sets.iter().map(|s| (*s).to_owned()).collect();
    load(&builtin(), None, &sets, &mut Findings::default()).unwrap().case
}

#[test]
fn parts_add_up_to_the_change_and_name_what_differs() {
    let stop = AtomicBool::new(false);
    let run = Run { seed: 1, draws: 0..200 };
    let before = changed_case(&[]);
    let after = changed_case(&["sides.us.discount=25", "actors.trump.red_max.enrichment=60"]);
    let found = through(&before, &after, &run, Effort::silent(1, &stop)).unwrap();
    let paths: Vec<_> = found.parts.iter().map(|p| p.path.as_deref()).collect();
    assert_eq!(paths.len(), 2);
    assert!(paths.contains(&Some("sides.us.discount")));
    assert!(paths.contains(&Some("actors.trump.red_max.enrichment")));
    let sum: f64 = found.parts.iter().map(|p| p.part).sum();
    assert!((sum - (found.to - found.from)).abs() < 1e-12);
    let shares: f64 = found.parts.iter().map(|p| p.share).sum();
    assert!((shares - 1.0).abs() < 1e-12);
    for (case, p) in [(&before, found.from), (&after, found.to)] {
        let whole = headline(case, &run, Effort::silent(1, &stop)).unwrap();
        assert!((whole.p - p).abs() < 1e-12);
    }
    // One input alone does all of it, and nothing of it where nothing differs.
    let one =
        through(&before, &changed_case(&["sides.us.discount=25"]), &run, Effort::silent(1, &stop));
    let one = one.unwrap();
    assert_eq!(one.parts.len(), 1);
    assert!((one.parts[0].part - (one.to - one.from)).abs() < 1e-12);
    assert_eq!(through(&before, &before, &run, Effort::silent(1, &stop)).unwrap().parts, []);
}

/// What is no input is a part of its own.
#[test]
fn what_is_no_input_is_one_part() {
    let stop = AtomicBool::new(false);
    let run = Run { seed: 1, draws: 0..100 };
    let (before, after) = (changed_case(&[]), changed_case(&["question.by=2025-09-30"]));
    let found = through(&before, &after, &run, Effort::silent(1, &stop)).unwrap();
    assert_eq!(found.parts.len(), 1);
    assert_eq!(found.parts[0].path, None);
    assert!(found.parts[0].part > 0.0);
}
