//! `winset ensemble` from outside: shards as processes, killed and resumed, and what is refused.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::command::{self, err, known};

fn winset(args: &[&str]) -> Command {
    let mut command = command::winset(&known(), args);
    command.env_remove("SLURM_ARRAY_TASK_ID").env_remove("JOB_COMPLETION_INDEX");
    command
}

fn run(args: &[&str]) -> Output {
    winset(args).output().unwrap()
}

fn ok(args: &[&str]) -> Vec<u8> {
    let out = run(args);
    assert!(out.status.success(), "{args:?}: {}", err(&out));
    out.stdout
}

/// A folder for a plan, and its path as an argument.
struct Place {
    _kept: tempfile::TempDir,
    path: PathBuf,
}

impl Place {
    fn new() -> Self {
        let kept = tempfile::tempdir().unwrap();
        let path = kept.path().join("e");
        Self { _kept: kept, path }
    }

    fn arg(&self) -> &str {
        self.path.to_str().unwrap()
    }

    /// The same, planned.
    fn planned(args: &[&str]) -> Self {
        let place = Self::new();
        ok(&[&["ensemble", "plan"], args, &["--out", place.arg()]].concat());
        place
    }

    fn shard(&self, k: u64) -> PathBuf {
        self.path.join(format!("shards/{k:06}.shard"))
    }

    fn status(&self) -> Value {
        serde_json::from_slice(&ok(&["ensemble", "status", self.arg(), "--json"])).unwrap()
    }

    fn refused(&self, args: &[&str]) -> String {
        let out = run(&[&["ensemble", args[0], self.arg()], &args[1..]].concat());
        assert_eq!(out.status.code(), Some(4), "{args:?}: {}", err(&out));
        assert!(out.stdout.is_empty());
        let said = err(&out);
        assert!(said.contains("hint: "), "{said}");
        said
    }
}

const SETS: [&str; 4] = ["--set", "sides.us.discount=20", "--as-of", "2025-04-18"];

#[test]
fn merged_shards_are_the_forecast_to_the_byte_wherever_they_ran() {
    let mut place = Place::planned(
        &[&["us-iran-2025", "--draws", "1030", "--seed", "5", "--shards", "3"], &SETS[..]].concat(),
    );
    // Nothing outside the folder is needed.
    let moved = place.path.with_file_name("moved");
    fs::rename(&place.path, &moved).unwrap();
    place.path = moved;
    for (variable, index) in [("SLURM_ARRAY_TASK_ID", "2"), ("JOB_COMPLETION_INDEX", "0")] {
        let out = winset(&["ensemble", "run", place.arg()]).env(variable, index).output().unwrap();
        assert!(out.status.success(), "{}", err(&out));
    }
    assert_eq!(
        (&place.status()["done"], &place.status()["missing"]),
        (&2.into(), &serde_json::json!([1]))
    );
    let first = fs::metadata(place.shard(0)).unwrap().modified().unwrap();
    ok(&["ensemble", "run", place.arg(), "--all", "--threads", "2"]);
    // What was done is not run again.
    assert_eq!(fs::metadata(place.shard(0)).unwrap().modified().unwrap(), first);
    let plain =
        [&["forecast", "us-iran-2025", "--draws", "1030", "--seed", "5"], &SETS[..]].concat();
    let json = ok(&[&plain[..], &["--json"]].concat());
    assert!(ok(&["ensemble", "merge", place.arg(), "--json"]) == json);
    assert!(ok(&["ensemble", "merge", place.arg()]) == ok(&plain));
    let file = place.path.join("forecast.json");
    ok(&["ensemble", "merge", place.arg(), "-o", file.to_str().unwrap()]);
    assert!(fs::read(file).unwrap() == json);
    let text = String::from_utf8(ok(&["ensemble", "status", place.arg()])).unwrap();
    assert!(
        text.contains("1030 draws in 3 shards, seed 5") && text.contains("ensemble merge"),
        "{text}"
    );
}

#[test]
fn a_pilot_chooses_the_number_of_shards() {
    let place = Place::planned(&["us-iran-2025", "--draws", "2000000"]);
    let plan: Value =
        serde_json::from_slice(&fs::read(place.path.join("plan.json")).unwrap()).unwrap();
    let (draws, seconds) = (&plan["pilot"]["draws"], &plan["pilot"]["seconds"]);
    let wanted = 2e6 * seconds.as_f64().unwrap() / draws.as_f64().unwrap() / 60.0;
    assert_eq!(plan["shards"].as_f64().unwrap(), wanted.ceil());
    assert_eq!(plan["schema"], "winset/ensemble/1");
}

/// Starts a shard and lets it get going.
fn begun(place: &Place, shard: &str) -> std::process::Child {
    let mut child = winset(&["ensemble", "run", place.arg(), "--shard", shard])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(300));
    assert!(child.try_wait().unwrap().is_none(), "it was to be stopped midway");
    child
}

#[test]
fn a_worker_killed_midway_leaves_nothing_and_is_run_again() {
    let place = Place::planned(&["us-iran-2025", "--draws", "20000", "--shards", "2"]);
    let mut killed = begun(&place, "0");
    killed.kill().unwrap();
    killed.wait().unwrap();
    let mut interrupted = begun(&place, "1/2");
    let pid = interrupted.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert_eq!(interrupted.wait().unwrap().code(), Some(130));
    assert_eq!(fs::read_dir(place.path.join("shards")).unwrap().count(), 0);
    // Had it died while writing, a part would lie there.
    fs::write(place.path.join("shards/.aBcD12.part"), "winset shard 1\n{").unwrap();
    assert_eq!(place.status()["missing"], serde_json::json!([0, 1]));
    ok(&["ensemble", "run", place.arg(), "--all"]);
    let json = ok(&["forecast", "us-iran-2025", "--draws", "20000", "--json"]);
    assert!(ok(&["ensemble", "merge", place.arg(), "--json"]) == json);
}

#[test]
fn what_is_missing_damaged_or_of_something_else_is_refused_by_name() {
    let cheap = ["01-zone.toml", "--draws", "9", "--shards", "4"];
    let place = Place::planned(&cheap);
    assert!(place.refused(&["merge"]).contains("shards 0-3 are missing"));
    ok(&["ensemble", "run", place.arg(), "--all"]);
    ok(&["ensemble", "merge", place.arg()]);
    let good = fs::read(place.shard(1)).unwrap();

    fs::remove_file(place.shard(1)).unwrap();
    let said = place.refused(&["merge"]);
    assert!(said.contains("shard 1 is missing") && said.contains("--shard 1/4"), "{said}");

    fs::write(place.shard(1), &good[..good.len() - 3]).unwrap();
    assert!(place.refused(&["merge"]).contains("shard 1 is damaged"));
    assert_eq!(place.status()["bad"][0]["shard"], 1);

    fs::copy(place.shard(2), place.shard(1)).unwrap();
    assert!(place.refused(&["merge"]).contains("shard 1 holds the draws from 4 to before 6"));

    for (other, why) in [
        (&["--seed", "2"][..], "shard 1 was drawn from seed 2"),
        (&["--set", "sides.a.discount=33"], "shard 1 is of another case"),
    ] {
        let other = Place::planned(&[&cheap[..], other].concat());
        ok(&["ensemble", "run", other.arg(), "--all"]);
        fs::copy(other.shard(1), place.shard(1)).unwrap();
        let said = place.refused(&["merge", "--json"]);
        assert!(said.contains(why), "{said}");
    }
    // A worker replaces what cannot be used.
    ok(&["ensemble", "run", place.arg(), "--shard", "1"]);
    assert!(fs::read(place.shard(1)).unwrap() == good);
    ok(&["ensemble", "merge", place.arg()]);
}

#[test]
fn a_folder_that_was_changed_or_is_of_another_version_is_refused() {
    let place = Place::planned(&["01-zone.toml", "--draws", "4", "--shards", "2"]);
    let twice = run(&[
        "ensemble",
        "plan",
        "01-zone.toml",
        "--draws",
        "4",
        "--shards",
        "2",
        "--out",
        place.arg(),
    ]);
    assert_eq!(twice.status.code(), Some(4));
    let edit = |file: &str, from: &str, to: &str| {
        let path = place.path.join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{text}");
        fs::write(path, text.replacen(from, to, 1)).unwrap();
    };
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    edit("plan.json", &version, "\"version\": \"0.0.1\"");
    for verb in ["run", "status", "merge"] {
        assert!(place.refused(&[verb]).contains("winset 0.0.1"));
    }
    edit("plan.json", "\"version\": \"0.0.1\"", &version);
    edit("plan.json", "\"as_of\": \"", "\"as_of\": \"x");
    assert!(place.refused(&["merge"]).contains("is no day"));
    edit("plan.json", "\"as_of\": \"x", "\"as_of\": \"");
    edit("plan.json", "\"set\": []", "\"set\": [\"sides.a.discount=33\"]");
    assert!(place.refused(&["run"]).contains("not the one that was planned"));
    edit("plan.json", "\"set\": [\"sides.a.discount=33\"]", "\"set\": [\"sides.a.discount=-1\"]");
    assert!(place.refused(&["run"]).contains("has errors"));
    edit("plan.json", "{", "{{");
    assert!(place.refused(&["status"]).contains("the plan cannot be read"));
}

#[test]
fn which_shard_is_meant_must_be_said_and_exist() {
    let place = Place::planned(&["01-zone.toml", "--draws", "4", "--shards", "2"]);
    let usage = |args: &[&str]| {
        let out = run(&[&["ensemble", "run"], args].concat());
        assert_eq!(out.status.code(), Some(2), "{args:?}");
        err(&out)
    };
    assert!(usage(&[place.arg()]).contains("--shard 0/2"));
    assert!(usage(&[place.arg(), "--shard", "2"]).contains("there is no shard 2"));
    assert!(usage(&[place.arg(), "--shard", "1/3"]).contains("the plan has 2 shards"));
    assert!(usage(&[place.arg(), "--shard", "3/3"]).contains("counted from 0"));
    assert!(usage(&[place.arg(), "--shard", "one"]).contains("3 or 3/17"));
    assert!(usage(&["no-such-folder", "--all"]).contains("holds no plan"));
    let out = winset(&["ensemble", "run", place.arg()])
        .env("SLURM_ARRAY_TASK_ID", "four")
        .output()
        .unwrap();
    assert_eq!(out.status.code(), Some(2));
    assert!(err(&out).contains("SLURM_ARRAY_TASK_ID is `four`"));
}
