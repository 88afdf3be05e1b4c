//! What would take too long is said before it is begun, and what is slow can be ended.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::command::run;

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Two sides of so many members that want opposite ends of three issues; with `lines` none goes far.
fn crowd(members: usize, lines: bool) -> String {
    let mut case = "winset = 1\ntitle = \"A crowd\"\nas_of = 2025-04-22\n[question]\n\
                    text = \"Will they agree?\"\nyes = \"a text is signed\"\nby = 2025-12-31\n[issues]\n"
        .to_owned();
    for j in 0..3 {
        writeln!(case, "i{j} = {{ name = \"Issue {j}\", now = 50 }}").unwrap();
    }
    for side in 0..2 {
        let own: Vec<String> =
            (0..members).filter(|i| i % 2 == side).map(|i| format!("a{i}")).collect();
        let at = if side == 0 { 20 } else { 80 };
        writeln!(
            case,
            "[sides.s{side}]\nname = \"Side {side}\"\nnegotiator = \"{}\"\nratify = \"50% of ({})\"\n\
             discount = \"5..15..30\"\ncost = \"5..10..15\"\nposition = {{ i0 = {at}, i1 = {at}, i2 = {at} }}\n\
             salience = {{ i0 = 30, i1 = 50, i2 = 70 }}",
            own[0],
            own.join(", ")
        )
        .unwrap();
    }
    case += "[actors]\n";
    for i in 0..members {
        let (side, least) = (i % 2, 10 + i % 30);
        write!(case, "a{i} = {{ name = \"Member {i}\", role = \"faction\", side = \"s{side}\"")
            .unwrap();
        write!(case, ", capability = \"{least}..50..90\"").unwrap();
        for j in 0..3 {
            let far = 22 + (7 * i + 11 * j) % 9;
            match (lines, side) {
                (false, _) => {}
                (true, 0) => write!(case, ", red_max.i{j} = {far}").unwrap(),
                (true, _) => write!(case, ", red_min.i{j} = {}", 100 - far).unwrap(),
            }
        }
        case += " }\n";
    }
    case
}

#[test]
fn what_will_be_slow_is_said_by_a_check() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("crowd.toml"), crowd(64, false)).unwrap();
    std::fs::write(folder.path().join("few.toml"), crowd(6, false)).unwrap();
    let check = |case: &str| {
        let out = run(folder.path(), &["check", case]);
        (out.status.code(), text(&[out.stdout, out.stderr].concat()))
    };
    let (code, said) = check("crowd.toml");
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("warning[slow]: 64 members: about"), "{said}");
    let (code, said) = check("few.toml");
    assert!(code == Some(0) && !said.contains("warning[slow]"), "{said}");
}

#[test]
fn a_grid_that_nobody_would_wait_for_is_refused_by_every_verb() {
    let grid: Vec<String> = (0..=100).map(|k| k.to_string()).collect();
    let set = format!("model.grid=[{}]", grid.join(","));
    for verb in ["forecast", "blockers", "when", "drivers", "brief", "deals"] {
        let out = run(Path::new("."), &[verb, "us-iran-2025", "--set", &set, "--draws", "16"]);
        let said = text(&out.stderr);
        assert_eq!(out.status.code(), Some(1), "{verb}: {said}");
        assert!(said.contains("error[too-slow]: a grid of 1"), "{verb}: {said}");
        assert!(said.contains("hint: leave out `alpha` and `grid`"), "{verb}: {said}");
    }
}

#[test]
fn models_that_weigh_every_pair_are_left_out_where_actors_are_many() {
    let folder = tempfile::tempdir().unwrap();
    let rows: String = (0..501).map(|i| format!("a{i},{},{i},1\n", 1 + i % 7)).collect();
    let table = format!("actor,capability,position,salience\n{rows}");
    std::fs::write(folder.path().join("many.csv"), table).unwrap();
    let out = run(folder.path(), &["spatial", "many.csv"]);
    let said = text(&out.stdout);
    assert!(out.status.success(), "{}", text(&out.stderr));
    let sentence = "Left out, since they weigh every pair of 501 actors by the votes of all: ";
    let (_, left) = said.split_once(sentence).expect(&said);
    assert!(left.starts_with("scholz-as-run,"), "{left}");
}

#[test]
fn a_search_for_conflicts_that_was_ended_is_said() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("shut.toml"), crowd(16, true)).unwrap();
    let ask = |verb: &str, case: &str, more: &[&str]| {
        let out = run(folder.path(), &[&[verb, case, "--draws", "40"], more].concat());
        assert!(out.status.success(), "{}", text(&out.stderr));
        text(&out.stdout)
    };
    let share = |case: &str| {
        let said: serde_json::Value =
            serde_json::from_str(&ask("forecast", case, &["--json"])).unwrap();
        said["conflicts_unended"].as_f64()
    };
    assert_eq!(share("us-iran-2025"), None);
    assert!(share("shut.toml").is_some_and(|share| share > 0.5));
    let sentence = "there may be more sets that cannot hold together than were found";
    assert!(ask("blockers", "shut.toml", &[]).contains(sentence));
    assert!(!ask("blockers", "us-iran-2025", &[]).contains(sentence));
}

/// A stop breaks off the draws that have begun where draws are slow, and what was done is the first so
/// many.
#[cfg(unix)]
#[test]
fn slow_draws_are_broken_off() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("crowd.toml"), crowd(64, false)).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_winset"));
    command.args(["forecast", "crowd.toml", "--draws", "1000000", "--threads", "2", "--json"]);
    command.current_dir(folder.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    std::thread::sleep(Duration::from_secs(2));
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let out = child.wait_with_output().unwrap();
    let said: serde_json::Value =
        serde_json::from_slice(&out.stdout).unwrap_or_else(|_| panic!("{}", text(&out.stderr)));
    let draws = said["draws"].as_u64().unwrap();
    assert!(draws < 1_000_000);
    let out = run(
        folder.path(),
        &["forecast", "crowd.toml", "--draws", &draws.to_string(), "--threads", "1", "--json"],
    );
    let first: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(first, said);
}
