//! What commands cost against another commit: both are built as the first run builds them and run in turn, so
//! that both see the same load.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::bench::line;
use crate::gate::release;
use crate::repo::Repo;
use crate::stage::capture;

/// Names the commit; the one before this one unless it is set.
const COMMIT: &str = "WINSET_BEFORE";

/// How often each command is run.
const TIMES: usize = 3;

const SWEEP: &str = r#"case = "us-iran-2025"
draws = 2000
[grid]
"sides.us.discount" = { from = 5, to = 20, steps = 3 }
"constants.zref" = { from = 50, to = 80, steps = 3 }
"#;

/// The commands that ask more than one forecast, and a forecast.
const COMMANDS: [&[&str]; 9] = [
    &["forecast", "us-iran-2025"],
    &["drivers", "us-iran-2025"],
    &["flip", "us-iran-2025", "--p", "0.5"],
    &["moved", "us-iran-2025", "--from", "2025-04-13"],
    &["history", "us-iran-2025"],
    &["when", "us-iran-2025"],
    &["deals", "us-iran-2025"],
    &["brief", "us-iran-2025", "--format", "json"],
    &["sweep", "sweep.toml"],
];

/// The figures of this commit and of the other one, as lines that a benchmark prints, and how to repeat
/// them.
pub(crate) fn lines(repo: &Repo) -> Result<[Vec<String>; 2]> {
    let named = std::env::var(COMMIT).unwrap_or_else(|_| "HEAD^".to_owned());
    let short = git(repo, &["rev-parse", "--short", &named])?;
    let programs = [release(repo)?, built(repo, &named)?];
    let folder = repo.target().join("before-cases");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("sweep.toml"), SWEEP)?;
    let mut found = [Vec::new(), Vec::new()];
    for command in COMMANDS {
        let mut seconds = [Vec::new(), Vec::new()];
        for _ in 0..TIMES {
            for (program, seconds) in programs.iter().zip(&mut seconds) {
                seconds.push(timed(program, command, &folder)?);
            }
        }
        for (which, (found, mut seconds)) in found.iter_mut().zip(seconds).enumerate() {
            seconds.sort_by(f64::total_cmp);
            let row = [seconds[TIMES / 2], seconds[0], seconds[TIMES - 1]];
            let figure = format!("winset {}, one thread", command.join(" "));
            let software = if which == 0 { String::new() } else { format!("commit {short}") };
            found.push(line(("before", &software), &figure, row, "s"));
        }
    }
    Ok(found)
}

/// Seconds that a command takes on one thread.
fn timed(program: &Path, command: &[&str], folder: &Path) -> Result<f64> {
    let began = Instant::now();
    let ran = Command::new(program)
        .args(command)
        .args(["--threads", "1"])
        .current_dir(folder)
        .output()
        .context("winset")?;
    if !ran.status.success() {
        bail!("{command:?}: {}", String::from_utf8_lossy(&ran.stderr).trim_end());
    }
    Ok(began.elapsed().as_secs_f64())
}

/// The program of another commit, built in a tree of its own below `target`.
fn built(repo: &Repo, commit: &str) -> Result<PathBuf> {
    let tree = repo.target().join("before");
    let at = git(repo, &["rev-parse", commit])?;
    let path = tree.to_string_lossy().into_owned();
    if !tree.join(".git").exists() {
        git(repo, &["worktree", "prune"])?;
        git(repo, &["worktree", "add", "--detach", &path, &at])?;
    }
    git(repo, &["-C", &path, "checkout", "--detach", &at])?;
    let mut command = Command::new("cargo");
    command.args(["build", "--release", "--quiet", "--target-dir"]).arg(tree.join("target"));
    command.current_dir(&tree);
    let ran = capture(command, true)?;
    if !ran.ok {
        bail!("commit {at} does not build");
    }
    Ok(tree.join("target").join("release").join("winset"))
}

fn git(repo: &Repo, arguments: &[&str]) -> Result<String> {
    let mut command = Command::new("git");
    command.args(arguments).current_dir(&repo.root);
    let ran = capture(command, false)?;
    if !ran.ok {
        bail!("git {}: {}", arguments.join(" "), ran.output.trim_end());
    }
    Ok(ran.output.trim().to_owned())
}
