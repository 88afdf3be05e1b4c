//! The recipes for clusters, run by local processes with the environment a scheduler would set.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn recipe(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../recipes").join(name)
}

/// The path on which `winset` is the command that was built.
fn path() -> OsString {
    let here = Path::new(env!("CARGO_BIN_EXE_winset")).parent().unwrap().to_owned();
    let old = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths([here].into_iter().chain(std::env::split_paths(&old))).unwrap()
}

fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.env("PATH", path()).stdin(Stdio::null());
    command
}

fn winset(args: &[&str]) -> Vec<u8> {
    let out = command("winset").args(args).output().unwrap();
    assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
    out.stdout
}

/// A plan, and what the merge must come to.
fn planned(folder: &Path, shards: &str) -> (String, Vec<u8>) {
    let place = folder.join("e").to_str().unwrap().to_owned();
    let size = ["us-iran-2025", "--draws", "64", "--seed", "3"];
    winset(&[&["ensemble", "plan"], &size[..], &["--shards", shards, "--out", &place]].concat());
    (place, winset(&[&["forecast"], &size[..], &["--json"]].concat()))
}

#[test]
fn a_slurm_array_of_any_size_runs_every_shard_once() {
    let folder = tempfile::tempdir().unwrap();
    let (place, forecast) = planned(folder.path(), "7");
    let task = |i: u32| {
        let mut task = command("bash");
        task.arg(recipe("slurm/ensemble.sbatch")).env("DIR", &place);
        task.env("SLURM_ARRAY_TASK_ID", i.to_string()).env("SLURM_ARRAY_TASK_COUNT", "3");
        let out = task.output().unwrap();
        let said = String::from_utf8(out.stderr).unwrap();
        assert!(out.status.success(), "{said}");
        said
    };
    let said: Vec<String> = [2, 0, 1].map(task).into();
    let run = |said: &String| said.lines().filter(|l| l.contains(": draws ")).count();
    assert_eq!(said.iter().map(run).collect::<Vec<_>>(), [2, 3, 2]);
    assert!(winset(&["ensemble", "merge", &place, "--json"]) == forecast);
    // Submitted again after a shard was lost, it runs that one alone.
    fs::remove_file(Path::new(&place).join("shards/000004.shard")).unwrap();
    let said: Vec<String> = [0, 1, 2].map(task).into();
    assert_eq!(said.iter().map(run).collect::<Vec<_>>(), [0, 1, 0]);
    assert!(winset(&["ensemble", "merge", &place, "--json"]) == forecast);
}

/// A task of an array as Slurm starts it: its id, and first, last, step and number of all.
fn task(place: &str, id: u32, [first, last, step, count]: [u32; 4]) -> Output {
    let mut task = command("bash");
    task.arg(recipe("slurm/ensemble.sbatch")).env("DIR", place);
    for (name, value) in
        [("ID", id), ("MIN", first), ("MAX", last), ("STEP", step), ("COUNT", count)]
    {
        task.env(format!("SLURM_ARRAY_TASK_{name}"), value.to_string());
    }
    task.output().unwrap()
}

#[test]
fn a_slurm_array_may_begin_anywhere_and_have_steps() {
    for (ids, [first, last, step]) in [(vec![1, 2, 3], [1, 3, 1]), (vec![4, 6], [4, 6, 2])] {
        let folder = tempfile::tempdir().unwrap();
        let (place, forecast) = planned(folder.path(), "5");
        let count = u32::try_from(ids.len()).unwrap();
        for id in ids {
            let out = task(&place, id, [first, last, step, count]);
            assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        }
        assert!(winset(&["ensemble", "merge", &place, "--json"]) == forecast);
    }
}

#[test]
fn a_slurm_array_with_gaps_is_refused_and_one_task_runs_all() {
    let folder = tempfile::tempdir().unwrap();
    let (place, forecast) = planned(folder.path(), "5");
    let out = task(&place, 3, [1, 7, 1, 3]);
    assert!(!out.status.success());
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(said.contains("must be a range, such as 0-2"), "{said}");
    assert!(task(&place, 4, [4, 4, 1, 1]).status.success());
    assert!(winset(&["ensemble", "merge", &place, "--json"]) == forecast);
}

#[test]
fn a_kubernetes_job_pins_its_version_and_says_how_the_volume_is_shared() {
    let text = fs::read_to_string(recipe("kubernetes/job.yaml")).unwrap();
    assert!(text.contains(concat!("image: winset:", env!("CARGO_PKG_VERSION"), "\n")));
    assert!(text.contains("imagePullPolicy: IfNotPresent"));
    assert!(text.contains("accessModes: [\"ReadWriteMany\"]"));
    assert!(text.contains("Complete|Failed"));
}

#[test]
fn a_slurm_task_without_a_folder_says_so() {
    let out = command("bash")
        .arg(recipe("slurm/ensemble.sbatch"))
        .env_remove("DIR")
        .env("SLURM_ARRAY_TASK_ID", "0")
        .output()
        .unwrap();
    assert!(!out.status.success());
    assert!(String::from_utf8_lossy(&out.stderr).contains("DIR is the folder"));
}

#[test]
fn a_kubernetes_job_runs_a_shard_for_each_completion() {
    let text = fs::read_to_string(recipe("kubernetes/job.yaml")).unwrap();
    let value = |key: &str| {
        let mut found = text.lines().filter_map(|l| l.trim_start().strip_prefix(key));
        found.next().unwrap().trim().to_owned()
    };
    assert_eq!((value("kind:"), value("completionMode:")), ("Job".into(), "Indexed".into()));
    let completions = value("completions:");
    // A flow sequence of quoted strings is JSON, too.
    let words: Vec<String> = serde_json::from_str(&value("command:")).unwrap();
    let mount = "/work";
    assert!(text.contains(&format!("mountPath: {mount}")));
    let folder = tempfile::tempdir().unwrap();
    let (place, forecast) = planned(folder.path(), &completions);
    for index in 0..completions.parse::<u32>().unwrap() {
        let args = words[1..].iter().map(|w| {
            w.strip_prefix(mount).map_or_else(|| w.into(), |rest| folder.path().join(&rest[1..]))
        });
        let args: Vec<PathBuf> = args.collect();
        let mut pod = command(&words[0]);
        let out = pod.args(args).env("JOB_COMPLETION_INDEX", index.to_string()).output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    }
    assert!(winset(&["ensemble", "merge", &place, "--json"]) == forecast);
}
