//! `cargo xtask test`: everything that must hold before a change lands, in stages.

use anyhow::{Result, bail};

use crate::repo::Repo;
use crate::stage::{Outcome, Skip, Stage, capture, run_all};
use crate::{browser, gen_files, house, python, quick, study};

/// The file to which tests append a line for each one they skip: `name (how to get it)`.
///
/// A passing test's output is swallowed by the test harness, so a file is the one sure way.
/// `testing/data.rs` writes to it; so may Python.
pub(crate) const SKIPPED: &str = "WINSET_SKIPPED";

const STAGES: &[Stage] = &[
    Stage { name: "format", what: "cargo fmt --check", run: format },
    Stage {
        name: "house",
        what: "dependencies, links, citations, sizes, invariants",
        run: house::run,
    },
    Stage { name: "clippy", what: "cargo clippy, warnings denied", run: clippy },
    Stage { name: "test", what: "cargo test: unit, property, golden, transcripts", run: tests },
    Stage {
        name: "study",
        what: "beliefs and reference classes keep their marks, at a reduced size",
        run: study::stage,
    },
    Stage { name: "doc", what: "cargo doc, warnings denied", run: doc },
    Stage {
        name: "gen",
        what: "files made from code are as the code makes them",
        run: gen_files::stage,
    },
    Stage {
        name: "python",
        what: "the package, and scores against other libraries",
        run: python::stage,
    },
    Stage { name: "browser", what: "brief and workbench in a real browser", run: browser::stage },
];

/// Runs the stages named in `only` (all, if empty; with `quick` the short ones), or lists them.
pub(crate) fn run(repo: &Repo, only: &[String], list: bool, quick: bool) -> Result<bool> {
    if list {
        for stage in STAGES {
            println!("{:<8} {}", stage.name, stage.what);
        }
        return Ok(true);
    }
    if quick {
        let short = ["format", "house", "clippy"];
        let mut chosen: Vec<&Stage> = STAGES.iter().filter(|s| short.contains(&s.name)).collect();
        chosen.push(&quick::UNIT);
        let ok = run_all(repo, &chosen, false, &mut std::io::stdout())?;
        println!("{}", quick::LEFT_OUT);
        return Ok(ok);
    }
    for name in only {
        if !STAGES.iter().any(|s| s.name == name) {
            let names: Vec<_> = STAGES.iter().map(|s| s.name).collect();
            bail!("no stage `{name}`\n\nhint: one of {}", names.join(", "));
        }
    }
    let chosen: Vec<&Stage> =
        STAGES.iter().filter(|s| only.is_empty() || only.iter().any(|o| o == s.name)).collect();
    run_all(repo, &chosen, in_ci(), &mut std::io::stdout())
}

/// Whether nothing may be skipped.
pub(crate) fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|v| v == "true")
}

fn format(repo: &Repo) -> Result<Outcome> {
    with_component(repo, "fmt", "rustfmt", || {
        Ok(Outcome::of(capture(repo.cargo(["fmt", "--all", "--check"]), false)?))
    })
}

/// Everything, and in the command also what it leaves out by default: one set of features for all
/// stages, so that nothing is built twice.
pub(crate) const ALL: [&str; 3] =
    ["--workspace", "--features", "winset/parquet,winset/spreadsheets,winset/documents"];

fn clippy(repo: &Repo) -> Result<Outcome> {
    with_component(repo, "clippy", "clippy", || {
        let args = [&["clippy"], &ALL[..], &["--all-targets", "--", "-D", "warnings"]].concat();
        Ok(Outcome::of(capture(repo.cargo(args), false)?))
    })
}

/// A toolchain installed with the minimal profile lacks the component.
fn with_component(
    repo: &Repo,
    command: &str,
    component: &str,
    then: impl Fn() -> Result<Outcome>,
) -> Result<Outcome> {
    if capture(repo.cargo([command, "--version"]), false)?.ok {
        return then();
    }
    let how = format!("rustup component add {component}");
    Ok(Outcome::skipped(format!("this toolchain has no {component}"), how))
}

fn doc(repo: &Repo) -> Result<Outcome> {
    let only_ours = ["--no-deps", "--document-private-items"];
    let mut command = repo.cargo([&["doc"], &ALL[..], &only_ours].concat());
    command.env("RUSTDOCFLAGS", "-D warnings");
    Ok(Outcome::of(capture(command, false)?))
}

fn tests(repo: &Repo) -> Result<Outcome> {
    let list = repo.target().join("skipped.txt");
    std::fs::create_dir_all(repo.target())?;
    std::fs::write(&list, "")?;
    let mut command = repo.cargo([&["test", "--no-fail-fast"], &ALL[..]].concat());
    command.env(SKIPPED, &list);
    let ran = capture(command, true)?;
    Ok(tally(ran.ok, &ran.output, &std::fs::read_to_string(&list)?))
}

/// Counts cargo's closing lines; skips are what the tests wrote down and what is ignored.
pub(crate) fn tally(ok: bool, output: &str, skipped: &str) -> Outcome {
    let mut outcome = Outcome::default();
    for line in output.lines() {
        if line.starts_with("test result: ") {
            outcome.passed += count(line, "passed");
            outcome.failed += count(line, "failed");
        } else if let Some((name, reason)) =
            line.strip_prefix("test ").and_then(|l| l.split_once(" ... ignored"))
        {
            let why = format!("{name} is ignored{reason}");
            outcome.skipped.push(Skip { why, how: "take the mark off the test".to_owned() });
        }
    }
    for line in skipped.lines() {
        let (name, how) = line.split_once(" (").unwrap_or((line, "see the test"));
        let how = how.strip_suffix(')').unwrap_or(how);
        outcome.skipped.push(Skip { why: name.to_owned(), how: how.to_owned() });
    }
    // Each test counts once as passed or skipped, however it was left out.
    outcome.passed = outcome.passed.saturating_sub(skipped.lines().count() as u64);
    outcome.note = format!("{} tests", outcome.passed);
    if !ok {
        outcome.failed = outcome.failed.max(1);
        outcome.output = failures(output);
    }
    outcome
}

/// The number before `word` in `test result: ok. 5 passed; 0 failed; …`.
fn count(line: &str, word: &str) -> u64 {
    line.split([';', '.'])
        .filter_map(|part| part.trim().strip_suffix(word))
        .find_map(|number| number.trim().parse().ok())
        .unwrap_or(0)
}

/// The part of cargo's output that tells of failures; the end of it if there is no such part.
fn failures(output: &str) -> String {
    let mut kept = Vec::new();
    let mut inside = false;
    for line in output.lines() {
        let error = line.starts_with("error");
        inside |= line == "failures:" || error;
        if inside {
            kept.push(line);
        }
        // A compiler error ends in an empty line, a list of failures in its result.
        if line.starts_with("test result:") || (line.is_empty() && kept.len() > 1 && !within(&kept))
        {
            inside = false;
        }
    }
    if kept.is_empty() {
        let lines: Vec<&str> = output.lines().collect();
        kept = lines[lines.len().saturating_sub(60)..].to_vec();
    }
    kept.join("\n")
}

/// Whether the last block opened in `kept` is a list of failures that has no result yet.
fn within(kept: &[&str]) -> bool {
    let opened = kept.iter().rposition(|l| *l == "failures:");
    let closed = kept.iter().rposition(|l| l.starts_with("test result:"));
    opened > closed
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "   Compiling a v0.1.0\nrunning 3 tests\ntest one ... ok\n\
        test two ... FAILED\ntest three ... ignored, slow\n\nfailures:\n\n---- two stdout ----\n\
        left: 1\n\n\nfailures:\n    two\n\n\
        test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\n\
        running 2 tests\n\
        test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s\n";

    #[test]
    fn every_closing_line_counts_and_every_skip_is_named() {
        let outcome = tally(false, OUTPUT, "one (set X to Y)\n");
        assert_eq!((outcome.passed, outcome.failed), (2, 1));
        let named: Vec<_> = outcome.skipped.iter().map(|s| (&*s.why, &*s.how)).collect();
        assert_eq!(
            named,
            [("three is ignored, slow", "take the mark off the test"), ("one", "set X to Y")]
        );
        assert!(outcome.output.starts_with("failures:") && outcome.output.contains("left: 1"));
        assert!(!outcome.output.contains("running 2 tests"), "{}", outcome.output);
    }

    #[test]
    fn what_does_not_compile_is_a_failure() {
        let outcome =
            tally(false, "   Compiling a\nerror[E0308]: mismatch\n --> a.rs\n\nmore\n", "");
        assert_eq!((outcome.passed, outcome.failed), (0, 1));
        assert_eq!(outcome.output.trim_end(), "error[E0308]: mismatch\n --> a.rs");
    }

    #[test]
    fn stage_names_are_unique() {
        let mut names: Vec<_> = STAGES.iter().map(|s| s.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), STAGES.len());
    }
}
