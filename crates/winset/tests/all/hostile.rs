//! A case that tries to reach the terminal: whatever its texts hold, every verb shows it.

use std::fs;
use std::process::{Command, Stdio};

use winset_page::text::width;

use crate::command::run;

/// Escapes, OSC, C1, turns of direction, letters from right to left, wide letters, and a long word.
const CASE: &str = r#"winset = 1
title = "T\u001b[2J\u001b]52;c;UFdORUQ=\u0007 \u009b31m \u202e evil"
as_of = 2025-02-01
[question]
text = "Will they\u001b[31m sign? \u202e \u2069\u2069"
yes = "a \u009d8;;http://x text"
by = 2025-06-30
[issues]
border = { name = "نفط وغاز\u202e", now = 50, marks = [[0, "no\u001b[0m"], [100, "الكل"]] }
water = { name = "北京北京北京北京北京北京北京北京北京北京北京北京北京北京北京北京北京北京北京北京北京北京", now = 20 }
[sides.north]
name = "Nord\u001b]0;PWNED\u0007"
ratify = "premier"
position = { border = "0..10..20", water = "70..80..90" }
salience = { border = 50, water = 50 }
discount = 10
[sides.south]
name = "Süd-Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
ratify = "president"
position = { border = "60..80..100", water = "10..20..30" }
salience = { border = 40, water = 60 }
discount = 10
cost = 5
[actors]
premier = { name = "Donald\u001b]0;PWNED\u0007\u009b2J", side = "north", role = "leader", position.border = "record", red_max.border = 60 }
president = { name = "رئيس 2\u2069", side = "south", role = "leader", red_min.border = "20..30..40 @j-x" }
[calendar]
began = { on = 2025-01-02, kind = "start", mediated = true }
talks = { name = "Runde\u001b[5m", on = 2025-03-01, kind = "round", known = 2025-01-20 }
[notes]
j-x = "A\u001b[7m note \u202d"
"#;

const RECORD: &str = "id,said,entered,speaker,issue,kind,value,source,grade,text\n\
    r01,2025-01-10,2025-01-11,premier,border,ideal,0..10..20,A\u{1b}[2J,B2,\"all\u{1b}]0;PWNED\u{7} of it \u{202e}\"\n\
    r02,2025-01-20,2025-01-21,premier,border,demand,0..5..10,B,B2,كل شيء\u{9b}2J\n";

/// Verbs that answer with a document, within 80 columns.
const DOCUMENTS: [&str; 11] = [
    "forecast", "when", "blockers", "deals", "drivers", "flip", "moved", "history", "spatial",
    "belief", "diff",
];

/// Whether a terminal would obey a character; isolates are what the output may set.
fn obeyed(c: char) -> bool {
    c.is_control() && c != '\n' && c != '\t'
        || matches!(
            c,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}' | '\u{2067}'
        )
}

#[test]
fn no_verb_lets_a_case_reach_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fs::write(here.join("case.toml"), CASE).unwrap();
    fs::write(here.join("record.csv"), RECORD).unwrap();
    fs::write(
        here.join("t.csv"),
        "actor,capability,position,salience\nA\u{1b}[2J,1,0,5\nنفط\u{202e},1,9,5\n",
    )
    .unwrap();
    fs::write(
        here.join("odd\u{1b}[2J.toml"),
        CASE.replace("discount = 10", "discont = \"\u{9b}\""),
    )
    .unwrap();
    let draws: &[&str] = &["--draws", "40"];
    let verbs: Vec<Vec<&str>> = vec![
        [&["forecast", "."], draws].concat(),
        [&["forecast", ".", "--json"], draws].concat(),
        [&["when", "."], draws].concat(),
        [&["blockers", "."], draws].concat(),
        [&["deals", "."], draws].concat(),
        [&["drivers", "."], draws].concat(),
        [&["flip", ".", "--p", "0.6"], draws].concat(),
        [&["moved", ".", "--from", "2025-01-05"], draws].concat(),
        [&["history", "."], draws].concat(),
        [&["spatial", "."], draws].concat(),
        vec!["spatial", "t.csv"],
        vec!["import", "t.csv"],
        vec!["explain", "actors.president.red_min.border", "."],
        vec!["explain", "answer.p", "."],
        vec!["belief", "."],
        vec!["belief", ".", "--json"],
        vec!["check", "."],
        vec!["check", "odd\u{1b}[2J.toml"],
        vec!["record", "list", "."],
        vec!["record", "list", ".", "--csv"],
        vec!["record", "check", "."],
        [&["log", "add", ".", "--reason", "w\u{1b}[2Jhy", "--author", "me\u{9b}2J"], draws]
            .concat(),
        vec!["log", "list", "."],
        vec!["log", "show", "f1", "."],
        vec!["log", "verify", "."],
        vec!["log", "export", "."],
        vec!["log", "replay", "."],
        vec!["lint", "case.toml"],
        vec!["score", "."],
        [&["diff", ".", "us-iran-2025"], draws].concat(),
        [&["brief", ".", "--compared", "20"], draws].concat(),
        [&["brief", ".", "--compared", "20", "--format", "html"], draws].concat(),
        [&["brief", ".", "--compared", "20", "--json"], draws].concat(),
    ];
    for args in verbs {
        let done = run(here, &args);
        let code = done.status.code();
        let broken = args.iter().any(|a| a.starts_with("odd"));
        let says = String::from_utf8_lossy(&done.stderr).into_owned();
        // `lint` finds what it is there to find.
        assert_eq!(code == Some(0) || args[0] == "lint", !broken, "{args:?}: {code:?}\n{says}");
        for (stream, bytes) in [("stdout", done.stdout), ("stderr", done.stderr)] {
            let text = String::from_utf8(bytes).unwrap();
            let found = text.find(obeyed).map(|k| text[k..].chars().take(30).collect::<String>());
            assert_eq!(found, None, "{args:?} on {stream}:\n{text}");
            for line in text.lines() {
                let count = |c: char| line.matches(c).count();
                assert_eq!(count('\u{2068}'), count('\u{2069}'), "{args:?} on {stream}: {line}");
                let free = line.contains("$ ") || args.contains(&"--json");
                if stream == "stdout" && DOCUMENTS.contains(&args[0]) && !free {
                    assert!(width(line) <= 80, "{args:?}: {} columns: {line}", width(line));
                }
            }
        }
    }
}

#[test]
fn nobody_listening_is_no_panic() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("case.toml"), CASE).unwrap();
    for args in [
        &["completions", "bash"][..],
        &["schema"],
        &["forecast", ".", "--draws", "20"],
        &["check", "nowhere"],
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_winset"));
        command.args(args).current_dir(folder.path()).stdin(Stdio::null());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // Both readers go before anything is said.
        drop((child.stdout.take(), child.stderr.take()));
        let code = child.wait().unwrap().code();
        assert!(matches!(code, Some(0..=4)), "{args:?}: {code:?}");
    }
}
