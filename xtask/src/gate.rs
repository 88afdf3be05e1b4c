//! What a few fixed jobs cost in instructions: a figure that a busy machine does not move.
//!
//! Valgrind counts them, one thread, the build of the first run. They are compared with
//! `benches/instructions.json` under the very compiler that file names: another one makes other code.
//! `WINSET_BLESS=1` writes the file anew.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::bench::line;
use crate::repo::Repo;
use crate::stage::capture;

const FILE: &str = "benches/instructions.json";

/// How far a job may lie above what is written down.
const ALLOWED: f64 = 0.03;

/// A job: its name and its arguments.
type Job = (&'static str, &'static [&'static str]);

/// The forecast of either built-in case, what is read and fitted before it, and its packages.
const JOBS: [Job; 5] = [
    ("check", &["check", "us-iran-2025"]),
    ("belief", &["belief", "us-iran-2025", "--json"]),
    ("forecast", &["forecast", "us-iran-2025", "--draws", "100", "--json"]),
    ("forecast of a law", &["forecast", "emission-standards-1994", "--draws", "100", "--json"]),
    ("deals", &["deals", "us-iran-2025", "--draws", "50", "--json"]),
];

/// What is written down.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Known {
    /// What `rustc --version` says.
    rustc: String,
    /// Millions of instructions of each job.
    jobs: Vec<(String, f64)>,
}

/// Counts, prints the ratios to what is known, and says whether all lie within what is allowed.
pub(crate) fn run(repo: &Repo) -> Result<bool> {
    let strict = std::env::var_os("CI").is_some_and(|ci| ci == "true");
    if !has_valgrind() {
        println!("skipped: the instructions of {} jobs (apt-get install valgrind)", JOBS.len());
        return Ok(!strict);
    }
    let rustc = capture(version(), false)?.output.trim().to_owned();
    let known: Known = std::fs::read_to_string(repo.root.join(FILE))
        .map_or_else(|_| Ok(Known::default()), |text| serde_json::from_str(&text))
        .with_context(|| {
            format!("{FILE} is not what `WINSET_BLESS=1 cargo xtask bench --gate` writes")
        })?;
    let now = Known { rustc, jobs: count(repo)? };
    println!("{}", table(&known, &now));
    if std::env::var_os("WINSET_BLESS").is_some_and(|bless| bless == "1") {
        std::fs::write(repo.root.join(FILE), serde_json::to_string_pretty(&now)? + "\n")?;
        println!("wrote {FILE}");
        return Ok(true);
    }
    if known.rustc != now.rustc {
        println!("not compared: {FILE} is of {}, this is {}", known.rustc, now.rustc);
        return Ok(true);
    }
    let slower = slower(&known, &now);
    for complaint in &slower {
        eprintln!("error: {complaint}");
    }
    Ok(slower.is_empty())
}

/// The counts as lines that a benchmark prints; none where they cannot be counted.
pub(crate) fn lines(repo: &Repo) -> Result<Vec<String>> {
    if !has_valgrind() {
        return Ok(Vec::new());
    }
    let counts = count(repo)?;
    let line = |(name, millions): &(String, f64)| {
        line(("instructions", ""), name, [*millions; 3], "million")
    };
    let all = counts.iter().map(line);
    Ok(all.collect())
}

fn version() -> Command {
    let mut command = Command::new("rustc");
    command.arg("--version");
    command
}

pub(crate) fn has_valgrind() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok_and(|ran| ran.status.success())
}

/// Builds as the first run does, and says where.
pub(crate) fn release(repo: &Repo) -> Result<PathBuf> {
    let built = capture(repo.cargo(["build", "--release", "--quiet"]), true)?;
    if !built.ok {
        bail!("the build failed");
    }
    Ok(repo.target().join("release").join("winset"))
}

/// Counts every job.
fn count(repo: &Repo) -> Result<Vec<(String, f64)>> {
    let winset = release(repo)?;
    let one = |(name, arguments): &Job| Ok(((*name).to_owned(), millions(&winset, arguments)?));
    JOBS.iter().map(one).collect()
}

/// Millions of instructions of a job.
pub(crate) fn millions(winset: &Path, arguments: &[&str]) -> Result<f64> {
    let mut command = Command::new("valgrind");
    command.args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]);
    command.arg(winset).args(arguments);
    if arguments[0] == "forecast" {
        command.args(["--threads", "1"]);
    }
    let ran = command.output().context("valgrind")?;
    let said = String::from_utf8_lossy(&ran.stderr);
    let instructions = instructions(&said).filter(|_| ran.status.success());
    let instructions =
        instructions.with_context(|| format!("{arguments:?}: {}", said.trim_end()))?;
    Ok((instructions as f64 / 1e4).round() / 1e2)
}

/// How many instructions valgrind says there were.
fn instructions(said: &str) -> Option<u64> {
    let line = said.lines().find(|line| line.contains("I refs:") || line.contains("I   refs:"))?;
    line.rsplit(':').next()?.trim().replace(',', "").parse().ok()
}

/// The jobs that cost more than is allowed.
fn slower(known: &Known, now: &Known) -> Vec<String> {
    let mut found = Vec::new();
    for (name, millions) in &now.jobs {
        let Some((_, before)) = known.jobs.iter().find(|(known, _)| known == name) else {
            found.push(format!("`{name}` is not in {FILE}"));
            continue;
        };
        if *millions > before * (1.0 + ALLOWED) {
            let more = 100.0 * (millions / before - 1.0);
            found.push(format!(
                "`{name}` takes {more:.1} % more instructions than {FILE} allows for"
            ));
        }
    }
    found
}

/// What each job costs, and in the ratio to what is known.
fn table(known: &Known, now: &Known) -> String {
    let mut text =
        format!("{:<20}{:>12}{:>12}{:>8}", "million instructions", "known", "now", "ratio");
    for (name, millions) in &now.jobs {
        let before = known.jobs.iter().find(|(known, _)| known == name).map(|k| k.1);
        let known = before.map_or("–".to_owned(), |before| format!("{before:.1}"));
        let ratio = before.map_or("–".to_owned(), |before| format!("{:.3}", millions / before));
        text.push_str(&format!("\n{name:<20}{known:>12}{millions:>12.1}{ratio:>8}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(forecast: f64) -> Known {
        let jobs = vec![("check".to_owned(), 80.0), ("forecast".to_owned(), forecast)];
        Known { rustc: "rustc 1.2.3".to_owned(), jobs }
    }

    #[test]
    fn a_job_that_costs_more_than_is_allowed_is_named() {
        assert!(slower(&known(1_000.0), &known(1_029.0)).is_empty());
        assert!(slower(&known(1_000.0), &known(500.0)).is_empty());
        let found = slower(&known(1_000.0), &known(1_031.0));
        assert!(found.len() == 1 && found[0].contains("`forecast` takes 3.1 % more"), "{found:?}");
        let new = Known { jobs: Vec::new(), ..known(1.0) };
        assert_eq!(slower(&new, &known(1.0)).len(), 2);
        assert!(table(&known(1_000.0), &known(900.0)).ends_with("900.0   0.900"));
    }

    #[test]
    fn instructions_are_read_off_what_valgrind_says() {
        assert_eq!(instructions("==7== \n==7== I   refs:      1,330,012\n"), Some(1_330_012));
        assert_eq!(instructions("==7== I refs:        42\n"), Some(42));
        assert_eq!(instructions("nothing"), None);
    }
}
