//! `winset log`, `resolve`, `score` and `lint` as they are typed.
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use winset_files::log::{Writer, read};

use crate::command::{err, json, ok, run, text};

const ID: &str = "agreement-by-2025-06-30";

#[track_caller]
fn fails(folder: &Path, args: &[&str], code: i32, says: &str) {
    let out = run(folder, args);
    let all = text(&out) + &err(&out);
    assert_eq!(out.status.code(), Some(code), "{args:?}: {all}");
    assert!(all.contains(says), "{args:?}: {all}");
}

/// A folder with the built-in case in it.
fn case() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    ok(folder.path(), &["new", "demo", "--from", "us-iran-2025"]);
    let demo = folder.path().join("demo");
    (folder, demo)
}

/// The exponential by its series.
fn exponential(x: f64) -> f64 {
    (1..60)
        .scan(1.0, |term, k| {
            *term *= x / f64::from(k);
            Some(*term)
        })
        .fold(1.0, |sum, term| sum + term)
}

/// Writes a log anew as if its last entry had been made at another moment: the clock of the command
/// cannot be set.
pub(crate) fn backdate(path: &Path, made: &str) {
    let mut statements: Vec<_> =
        read(path).unwrap().entries.into_iter().map(|e| e.statement).collect();
    statements.last_mut().unwrap().made_at = made.parse().unwrap();
    std::fs::remove_file(path).unwrap();
    std::fs::remove_file(path.with_extension("jsonl.head")).unwrap();
    let (mut writer, _) = Writer::open(path, Duration::ZERO).unwrap();
    for statement in statements {
        writer.append(statement).unwrap();
    }
}

const ADD: [&str; 6] = ["log", "add", "--draws", "8", "--author", "ana"];

fn add(folder: &Path, more: &[&str]) -> Value {
    json(folder, &[&ADD, more, &["--json"]].concat())
}

#[test]
fn an_entry_says_everything_it_takes_to_compute_it_again() {
    let (_keep, demo) = case();
    let first = add(&demo, &["--as-of", "2025-04-18", "--seed", "7"]);
    let e = &first["entry"];
    let forecast = json(
        &demo,
        &["forecast", "--as-of", "2025-04-18", "--seed", "7", "--draws", "8", "--json"],
    );
    assert_eq!(e["p"], forecast["answer"]["p"]);
    assert_eq!(e["inputs_hash"], forecast["fingerprint"]);
    assert_eq!((&e["seed"], &e["draws"]), (&7.into(), &8.into()));
    assert_eq!((e["id"].as_str(), e["question"].as_str()), (Some("f1"), Some(ID)));
    assert_eq!(e["author"], "ana");
    // The curve ends where the answer stands, by the question's date.
    let cdf = e["cdf"].as_array().unwrap();
    let by = cdf.iter().find(|row| row[0] == "2025-06-30").unwrap();
    assert!((by[1].as_f64().unwrap() - e["p"].as_f64().unwrap()).abs() < 1e-9);
    // The class alone.
    assert_eq!(e["references"]["base rate"], forecast["answer"]["table"]);
    assert_eq!(first["confidence"]["reasons"].as_array().unwrap().len(), 4);

    let again = json(&demo, &["log", "replay", "f1", "--json"]);
    assert_eq!(again["entries"][0]["result"], "same");
    assert_eq!(again["entries"][0]["p"], e["p"]);
    // Another case is another number, and is not passed off as this one.
    let toml = std::fs::read_to_string(demo.join("case.toml")).unwrap();
    std::fs::write(demo.join("case.toml"), toml.replace("now   = 85", "now   = 80")).unwrap();
    let out = run(&demo, &["log", "replay", "--json"]);
    assert_eq!(out.status.code(), Some(1), "nothing that looks at codes alone takes it for fine");
    let changed: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(changed["entries"][0]["result"], "cannot");
    assert!(changed["entries"][0]["why"].as_str().unwrap().contains("the case has changed"));
}

#[test]
fn a_move_of_ten_points_needs_a_reason() {
    let (_keep, demo) = case();
    let p = add(&demo, &[])["entry"]["p"].as_f64().unwrap();
    let far = format!("{}", if p < 0.5 { p + 0.2 } else { p - 0.2 });
    ok(&demo, &["log", "correct", "f1", "--p", &far, "--reason", "a slip"]);
    fails(&demo, &ADD, 2, "needs a reason\n\nhint: say why: `--reason");
    assert_eq!(read(&demo.join("log.jsonl")).unwrap().entries.len(), 2);
    let e = add(&demo, &["--reason", "the slip is over"]);
    let moved = e["entry"]["delta_logit"].as_f64().unwrap();
    // Odds multiply by e^Δ: the definition, without a logarithm.
    let odds = |p: f64| p / (1.0 - p);
    let back = odds(far.parse().unwrap()) * exponential(moved);
    assert!((back - odds(p)).abs() < 1e-9, "{back}");
    fails(&demo, &["log", "correct", "f3"], 2, "gives a reason");
    fails(&demo, &["log", "correct", "f9", "--reason", "x"], 1, "no entry `f9`");
}

#[test]
fn the_words_of_the_question_are_in_the_entry_and_another_wording_is_remarked() {
    let (_keep, demo) = case();
    let first = add(&demo, &[]);
    let toml = std::fs::read_to_string(demo.join("case.toml")).unwrap();
    let asks = first["entry"]["text"].as_str().unwrap();
    assert!(toml.contains(asks) && first["entry"]["yes"].is_string(), "{first}");
    let line = toml.lines().find(|l| l.starts_with("text") && l.contains(asks)).unwrap();
    std::fs::write(demo.join("case.toml"), toml.replace(line, "text = \"Will pigs fly?\""))
        .unwrap();
    let again = ok(&demo, &["log", "replay", "f1"]);
    let again = again.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(again.contains("the same number"), "{again}");
    assert!(again.contains(&format!("worded anew since: it was “{asks}”")), "{again}");
    let second = add(&demo, &[]);
    let codes: Vec<&str> =
        second["remarks"].as_array().unwrap().iter().map(|r| r["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"worded-anew"), "{codes:?}");
    ok(&demo, &["resolve", ID, "no", "--on", "2025-06-30"]);
    assert!(ok(&demo, &["score"]).contains(&format!("{ID} was worded anew since f1")));
}

#[test]
fn a_head_kept_elsewhere_shows_what_is_gone() {
    let (_keep, demo) = case();
    let path = demo.join("log.jsonl");
    let said = ok(&demo, &[&ADD[..], &["--reason", "r"]].concat());
    add(&demo, &["--reason", "r"]);
    let head = said.lines().find_map(|l| l.strip_prefix("head: ")).unwrap().to_owned();
    let kept = read(&path).unwrap().head().to_string();
    assert!(head.starts_with("1:") && kept.starts_with("2:"));
    ok(&demo, &["log", "verify", "--strict", "--head", &head, "--head", &kept]);
    // The last line dropped, and the note with it: only the kept head knows.
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{}\n", text.lines().next().unwrap())).unwrap();
    let note = demo.join("log.jsonl.head");
    std::fs::remove_file(&note).unwrap();
    assert!(ok(&demo, &["log", "verify"]).contains("there is no head note"));
    fails(&demo, &["log", "verify", "--strict"], 1, "there is no head note");
    fails(&demo, &["log", "verify", "--head", &kept], 1, "line 2: f2 is missing before it");
    ok(&demo, &["log", "verify", "--strict", "--head", &head]);
    fails(&demo, &["log", "verify", "--head", "2"], 2, "N:HASH");
    std::fs::write(&note, "garbage").unwrap();
    fails(&demo, &["log", "verify"], 1, "the head note cannot be read");
    let added = add(&demo, &["--reason", "r"]);
    assert!(added["remarks"].to_string().contains("\"unproved\""), "{added}");
    assert_eq!(added["head"]["entries"], 2);
    ok(&demo, &["log", "verify", "--strict"]);
}

#[test]
fn a_log_is_read_without_its_case() {
    let (keep, demo) = case();
    add(&demo, &[]);
    ok(&demo, &["resolve", ID, "no", "--on", "2025-06-30"]);
    let alone = keep.path().join("alone");
    std::fs::create_dir(&alone).unwrap();
    std::fs::copy(demo.join("log.jsonl"), alone.join("log.jsonl")).unwrap();
    std::fs::copy(demo.join("log.jsonl"), keep.path().join("copy.jsonl")).unwrap();
    for place in ["alone", "alone/log.jsonl", "copy.jsonl"] {
        assert!(ok(keep.path(), &["log", "verify", place]).contains("2 entries"));
        assert!(ok(keep.path(), &["log", "list", place]).contains(ID));
        assert!(ok(keep.path(), &["log", "show", "f1", place]).contains("f1: update"));
        ok(keep.path(), &["score", place]);
        ok(keep.path(), &["log", "export", place]);
        let day = json(keep.path(), &["log", "show", "--on", "2026-01-01", "--json", place]);
        assert!(day["replay_reason"].as_str().unwrap().contains("no case.toml"), "{day}");
    }
    fails(keep.path(), &["log", "list", "no.jsonl"], 2, "no.jsonl");
    fails(keep.path(), &["log", "add", "alone"], 2, "needs a case folder");
}

#[test]
fn no_option_sets_the_clock() {
    let (_keep, demo) = case();
    fails(&demo, &[&ADD[..], &["--made-at", "2025-04-22T12:00:00Z"]].concat(), 2, "--made-at");
    add(&demo, &[]);
    let past = ["resolve", ID, "yes", "--on"];
    fails(&demo, &[&past[..], &["2025-07-01"]].concat(), 1, "is after it");
    fails(&demo, &["resolve", ID, "no", "--on", "2999-01-01"], 1, "has not come yet");
    fails(&demo, &["resolve", ID, "no", "--on", "2025-04-01"], 1, "before 2025-04-22");
}

#[test]
fn a_confidence_of_ones_own_needs_a_reason() {
    let (_keep, demo) = case();
    fails(&demo, &[&ADD[..], &["--confidence", "low"]].concat(), 2, "--because");
    let e = add(&demo, &["--confidence", "low", "--because", "one interpreter"]);
    assert_eq!(e["entry"]["confidence"], "low");
    assert_eq!(e["confidence"]["overridden_because"], "one interpreter");
}

#[test]
fn what_was_said_then_is_told_apart_from_what_was_told_later_and_from_a_replay() {
    let (_keep, demo) = case();
    for (as_of, made) in [("2025-04-16", "2025-04-16"), ("2025-04-18", "2025-05-02")] {
        add(&demo, &["--as-of", as_of, "--reason", "r"]);
        backdate(&demo.join("log.jsonl"), &format!("{made}T08:00:00Z"));
    }
    let show = ["log", "show", "--on", "2025-04-18", "--draws", "8"];
    let day = json(&demo, &[&show[..], &["--json"]].concat());
    assert_eq!(day["said"]["id"], "f1");
    assert_eq!(day["told_later"][0]["id"], "f2");
    let then = json(&demo, &["forecast", "--as-of", "2025-04-18", "--draws", "8", "--json"]);
    assert_eq!(day["replay"]["p"], then["answer"]["p"]);
    let text = ok(&demo, &show);
    for says in ["said then", "f1 by ana", "told later", "replay", "the case as it is now"] {
        assert!(text.contains(says), "{text}");
    }
    // After the question's date there is no forecast to tell, but the log still answers.
    let late = json(&demo, &["log", "show", "--on", "2025-07-05", "--json"]);
    assert_eq!(late["said"]["id"], "f2");
    assert!(late["replay"].is_null() && late["replay_reason"].is_string());
}

#[test]
fn a_case_that_is_built_in_has_no_folder_to_keep_a_log_in() {
    let folder = tempfile::tempdir().unwrap();
    for args in [&["log", "add"][..], &["log", "add", "us-iran-2025"], &["log", "list", "nowhere"]]
    {
        fails(folder.path(), args, 2, "winset new PATH --from us-iran-2025");
    }
}

#[test]
fn a_changed_a_dropped_and_a_moved_line_are_named() {
    let (_keep, demo) = case();
    for seed in ["1", "2", "3", "4"] {
        add(&demo, &["--seed", seed, "--reason", "again"]);
    }
    assert!(ok(&demo, &["log", "verify"]).contains("4 entries, the chain verifies"));
    let path = demo.join("log.jsonl");
    let whole = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let changed = whole.replacen("again", "never", 2).replacen("never", "again", 1);
    let joined =
        |order: &[usize]| order.iter().map(|k| format!("{}\n", lines[*k])).collect::<String>();
    for (bytes, says) in [
        (changed, "line 2: f2 was changed"),
        (joined(&[0, 2, 3]), "line 2: f2 is missing before it"),
        (joined(&[0, 1, 2]), "line 4: f4 is missing before it"),
        (joined(&[1, 0, 2, 3]), "line 1: f2 was moved"),
        (joined(&[0, 1, 1, 2, 3]), "line 3: repeats line 2"),
    ] {
        std::fs::write(&path, bytes).unwrap();
        fails(&demo, &["log", "verify"], 1, says);
        let out = run(&demo, &["log", "verify", "--json"]);
        let report: Value = serde_json::from_slice(&out.stdout).unwrap();
        assert_eq!(report["verifies"], false);
        assert_eq!(report["problems"][0]["message"].as_str().unwrap().get(..6), says.get(..6));
        // Nothing is added to a broken chain.
        fails(&demo, &[&ADD[..], &["--reason", "r"]].concat(), 1, "is broken");
        fails(&demo, &["score"], 1, "is broken");
    }
}

#[test]
fn every_acknowledged_entry_survives_kill_9() {
    let (_keep, demo) = case();
    let (mut acknowledged, mut killed, mut state) = (Vec::new(), 0, 1_u64);
    // At random moments around the time an entry takes here, so that many fall into the write.
    let started = std::time::Instant::now();
    add(&demo, &["--reason", "r"]);
    let takes = u64::try_from(started.elapsed().as_micros()).unwrap();
    while acknowledged.len() < 20 || killed < 20 {
        // Knuth's linear congruential generator.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let wait = takes / 2 + (state >> 33) % (takes + 1);
        let mut child = Command::new(env!("CARGO_BIN_EXE_winset"))
            .args([&ADD[..], &["--reason", "r"]].concat())
            .current_dir(&demo)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_micros(wait));
        child.kill().unwrap();
        let out = child.wait_with_output().unwrap();
        killed += usize::from(!out.status.success());
        let text = text(&out);
        if let Some((id, _)) = text.split_once(" is in the log") {
            acknowledged.push(id.to_owned());
        }
    }
    let log = read(&demo.join("log.jsonl")).unwrap();
    assert_eq!(log.problems, []);
    let ids: Vec<&str> = log.entries.iter().map(|e| e.id.as_str()).collect();
    for id in &acknowledged {
        assert!(ids.contains(&id.as_str()), "{id} was acknowledged and is gone");
    }
    let last = add(&demo, &["--reason", "r"]);
    assert_eq!(last["entry"]["id"], format!("f{}", ids.len() + 1));
    ok(&demo, &["log", "verify"]);
}

#[test]
fn a_second_writer_waits_or_is_refused() {
    let (_keep, demo) = case();
    let path = demo.join("log.jsonl");
    let (writer, _) = Writer::open(&path, Duration::ZERO).unwrap();
    fails(&demo, &[&ADD[..], &["--wait", "0"]].concat(), 4, "another process is writing");
    let mut waiting = Command::new(env!("CARGO_BIN_EXE_winset"))
        .args([&ADD[..], &["--wait", "60"]].concat())
        .current_dir(&demo)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(300));
    assert!(waiting.try_wait().unwrap().is_none(), "it did not wait");
    drop(writer);
    assert!(waiting.wait().unwrap().success());
    assert_eq!(read(&path).unwrap().entries.len(), 1);
}

#[test]
fn scores_are_those_of_the_entries() {
    let (_keep, demo) = case();
    let made = |day: &str| format!("2025-{day}T08:00:00Z");
    let mut p = Vec::new();
    for (k, day) in ["04-20", "05-20"].into_iter().enumerate() {
        let (seed, as_of, made) = (k.to_string(), format!("2025-{day}"), made(day));
        let args = ["--seed", &seed, "--as-of", &as_of, "--tag", "nuclear", "--reason", "r"];
        p.push(add(&demo, &args)["entry"]["p"].as_f64().unwrap());
        backdate(&demo.join("log.jsonl"), &made);
    }
    fails(&demo, &["resolve", "other", "no", "--on", "2025-06-30"], 1, "no forecast in this log");
    fails(&demo, &["resolve", ID, "maybe", "--on", "2025-06-30"], 2, "yes, no or void");
    ok(&demo, &["resolve", ID, "no", "--on", "2025-06-30"]);
    fails(&demo, &["resolve", ID, "yes", "--on", "2025-06-30"], 1, "is resolved already");
    fails(&demo, &[&ADD[..], &["--reason", "r"]].concat(), 1, "is resolved");
    std::fs::write(demo.join("crowd.csv"), "date,p\n2025-04-20,50%\n").unwrap();
    let report = json(&demo, &["score", "--crowd", "crowd.csv", "--json"]);
    // A log counts once, and what a crowd says of no question here is told.
    fails(&demo, &["score", ".", "log.jsonl"], 2, "are one log");
    let others = format!("date,p,question\n2025-04-20,50%,other\n2026-01-01,50%,{ID}\n");
    std::fs::write(demo.join("others.csv"), others).unwrap();
    let said = ok(&demo, &["score", "--crowd", "others.csv"]);
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("the crowd's numbers of other are set beside nothing"), "{said}");
    assert!(said.contains(&format!("no number from before {ID} closed")), "{said}");
    // 30 days of the first number, 41 of the second.
    let brier = (30.0 * p[0] * p[0] + 41.0 * p[1] * p[1]) / 71.0;
    let card = &report["cards"][0];
    let close = |x: &Value, y: f64| assert!((x.as_f64().unwrap() - y).abs() < 1e-12, "{x} {y}");
    close(&card["brier"], brier);
    close(&card["brier_two_category"], 2.0 * brier);
    assert_eq!((&card["days"], &card["small_sample"]), (&71.into(), &true.into()));
    let skill = |name: &str| {
        let list = card["skills"].as_array().unwrap();
        list.iter().find(|s| s["against"] == name).unwrap_or_else(|| panic!("{name}"))
    };
    close(&skill("crowd")["skill"], 1.0 - brier / 0.25);
    close(&skill("first forecast")["theirs"], p[0] * p[0]);
    for name in ["base rate", "zone-free model", "previous forecast"] {
        assert!(skill(name)["theirs"].as_f64().unwrap() > 0.0);
    }
    let notices = report["notices"].as_array().unwrap();
    assert!(notices.iter().any(|n| n == "one case scores nothing"), "{notices:?}");
    assert_eq!(report["reliability"]["curve"], false);
    assert!(report["corp"].is_null() && report["corp_reason"].is_string());
    for (by, label) in [("tag", "nuclear"), ("period", "2025-Q2"), ("horizon", "30 days or less")] {
        let text = ok(&demo, &["score", "--by", by]);
        assert!(text.contains(&format!("{label}: 1 question")), "{text}");
    }
    std::fs::write(demo.join("crowd.csv"), "date,p\n2025-04-20,150\n").unwrap();
    fails(&demo, &["score", "--crowd", "crowd.csv"], 1, "line 2");
}

#[test]
fn a_daily_replay_is_marked_and_never_passes_for_a_record() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let days = ["--from", "2025-06-25", "--to", "2025-06-29", "-o", "again", "--draws", "8"];
    let daily = [&["log", "replay", "us-iran-2025", "--daily"][..], &days].concat();
    let text = ok(here, &daily);
    assert!(text.contains("5 entries from 2025-06-25 to 2025-06-29"), "{text}");
    assert!(text.contains("coded with hindsight"), "{text}");
    fails(here, &daily, 4, "already holds");
    let late = ["log", "replay", "us-iran-2025", "--daily", "--from", "2025-06-29", "--to"];
    fails(here, &[&late[..], &["2025-06-30", "-o", "late"]].concat(), 1, "2025-06-30");
    assert!(!here.join("late").exists());
    ok(here, &["resolve", ID, "no", "--on", "2025-06-30", "--case", "again"]);
    assert!(ok(here, &["score", "again"]).contains("nothing to score"));
    let report = json(here, &["score", "again", "--replayed", "--json"]);
    assert_eq!(report["cards"][0]["days"], 5);
    assert_eq!(report["notices"][0], "5 entries were coded with hindsight");
    assert!(ok(here, &["log", "replay", "f1", "again"]).contains("the same number"));
}

#[test]
fn grades_and_likelihoods_are_exported_as_machine_tags() {
    let (_keep, demo) = case();
    add(&demo, &["--confidence", "low", "--because", "test"]);
    let tags = ok(&demo, &["log", "export", "--tags"]);
    for line in [
        "log,f1,\"estimative-language:confidence-in-analytic-judgment=\"\"low\"\"\"",
        "record,r01,\"admiralty-scale:source-reliability=\"\"c\"\"\"",
        "record,r01,\"admiralty-scale:information-credibility=\"\"3\"\"\"",
    ] {
        assert!(tags.lines().any(|l| l == line), "{line}\n{tags}");
    }
    let whole = ok(&demo, &["log", "export"]);
    assert!(whole.starts_with("id,question,kind,as_of,made_at,author,"));
    let all = json(&demo, &["log", "export", "--json"]);
    assert_eq!(all["entries"][0]["id"], "f1");
}

#[test]
fn a_reaffirmation_keeps_the_number() {
    let (_keep, demo) = case();
    fails(&demo, &["log", "reaffirm"], 1, "to be reaffirmed");
    let p = add(&demo, &[])["entry"]["p"].clone();
    let kept = json(&demo, &["log", "reaffirm", "--reason", "nothing new", "--json"]);
    assert_eq!((&kept["entry"]["p"], &kept["entry"]["kind"]), (&p, &"reaffirm".into()));
    assert!(ok(&demo, &["log", "list"]).contains("reaffirm"));
    assert!(ok(&demo, &["log", "show", "f2"]).contains("nothing new"));
}

#[test]
fn wording_is_checked_with_line_and_column() {
    let folder = tempfile::tempdir().unwrap();
    let text = "# Brief\n\nA deal is likely (model 68 %).\n";
    std::fs::write(folder.path().join("brief.md"), text).unwrap();
    let out = run(folder.path(), &["lint", "brief.md", "--json"]);
    assert_eq!(out.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&out.stdout).unwrap();
    let first = &report["findings"][0];
    assert_eq!((&first["code"], &first["line"]), (&"no-date".into(), &3.into()));
    fails(folder.path(), &["lint", "brief.md"], 1, "brief.md:3:");
    std::fs::write(folder.path().join("fine.md"), "Nothing is claimed here.\n").unwrap();
    assert_eq!(ok(folder.path(), &["lint", "fine.md"]), "0 findings\n");
    fails(folder.path(), &["lint", "none.md"], 3, "none.md");
}

/// Another stage of the same law is another question, whose dates are those of its number.
#[test]
fn a_question_of_another_stage_or_text_has_an_id_and_dates_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let from = crate::command::root().join("cases/past/debt-limit-2011");
    ok(folder.path(), &["new", "law", "--from", from.to_str().unwrap()]);
    let law = folder.path().join("law");
    let text = std::fs::read_to_string(law.join("case.toml")).unwrap();
    let mut seen = Vec::new();
    for stage in ["signed", "house"] {
        let asked = text.replace("stage = \"signed\"", &format!("stage = \"{stage}\""));
        std::fs::write(law.join("case.toml"), asked).unwrap();
        let entry = add(&law, &["--reason", "r"])["entry"].clone();
        let at = |by: &str| {
            let dates = entry["cdf"].as_array().unwrap();
            dates.iter().find(|d| d[0] == by).unwrap()[1].as_f64().unwrap()
        };
        assert!((at("2011-08-02") - entry["p"].as_f64().unwrap()).abs() < 1e-9, "{stage}");
        seen.push(entry["question"].as_str().unwrap().to_owned());
    }
    assert_eq!(seen, ["agreement-by-2011-08-02", "agreement-at-house-by-2011-08-02"]);
    let chamber = crate::command::root().join("cases/chamber");
    ok(folder.path(), &["new", "budget", "--from", chamber.to_str().unwrap()]);
    let budget = folder.path().join("budget");
    let toml = std::fs::read_to_string(budget.join("case.toml")).unwrap();
    let toml = toml.replace("[question]", "[question]\nabout = \"draft\"");
    std::fs::write(budget.join("case.toml"), toml).unwrap();
    let entry = add(&budget, &["--reason", "r"]);
    assert_eq!(entry["entry"]["question"], "agreement-on-draft-by-2025-11-30");
}
