//! Stages: named steps with a time, an outcome and a count, and the report at the end.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::repo::Repo;

/// One step of `cargo xtask test`.
pub(crate) struct Stage {
    /// What `--only` takes.
    pub(crate) name: &'static str,
    /// One line for `--list`.
    pub(crate) what: &'static str,
    /// The step itself; an error counts as a failure with the error as its output.
    pub(crate) run: fn(&Repo) -> Result<Outcome>,
}

/// Something that was not run, and what a person does to have it run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Skip {
    pub(crate) why: String,
    pub(crate) how: String,
}

/// What came of a stage.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Checks that held.
    pub(crate) passed: u64,
    /// Checks that did not.
    pub(crate) failed: u64,
    /// What was left out.
    pub(crate) skipped: Vec<Skip>,
    /// What a reader needs to see of the failure.
    pub(crate) output: String,
    /// A remark for the stage's closing line.
    pub(crate) note: String,
}

impl Outcome {
    /// One check that held.
    pub(crate) fn passed() -> Self {
        Self { passed: 1, ..Self::default() }
    }

    /// One check that did not hold.
    pub(crate) fn failed(output: impl Into<String>) -> Self {
        Self { failed: 1, output: output.into(), ..Self::default() }
    }

    /// The stage could not run here.
    pub(crate) fn skipped(why: impl Into<String>, how: impl Into<String>) -> Self {
        let skip = Skip { why: why.into(), how: how.into() };
        Self { skipped: vec![skip], ..Self::default() }
    }

    /// The project has nothing for this stage to look at.
    pub(crate) fn nothing(why: impl Into<String>) -> Self {
        Self { note: why.into(), ..Self::default() }
    }

    /// A command's success as an outcome.
    pub(crate) fn of(ran: Ran) -> Self {
        if ran.ok { Self::passed() } else { Self::failed(ran.output) }
    }

    /// Adds the counts and texts of `other`.
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped.extend(other.skipped);
        for (mine, theirs) in [(&mut self.output, &other.output), (&mut self.note, &other.note)] {
            if !mine.is_empty() && !theirs.is_empty() {
                mine.push('\n');
            }
            mine.push_str(theirs);
        }
    }

    fn word(&self) -> &'static str {
        match (self.failed, self.passed, self.skipped.len()) {
            (1.., _, _) => "FAILED",
            (0, 1.., _) => "passed",
            (0, 0, 1..) => "skipped",
            (0, 0, 0) => "nothing to do",
        }
    }
}

/// A command that ended: whether it succeeded, and its output and errors as they came.
pub(crate) struct Ran {
    pub(crate) ok: bool,
    pub(crate) output: String,
}

/// Runs a command without input; `live` also shows its output as it comes.
pub(crate) fn capture(mut command: Command, live: bool) -> Result<Ran> {
    let name = command.get_program().to_string_lossy().into_owned();
    // One pipe for both streams keeps them in order.
    let (reader, writer) = std::io::pipe()?;
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    let mut child = command.spawn().with_context(|| format!("running {name}"))?;
    drop(command); // it holds the pipe's writing end, and reading would never end
    let mut output = String::new();
    let mut reader = BufReader::new(reader);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(&line);
        if live {
            print!("{text}");
            std::io::stdout().flush()?;
        }
        output.push_str(&text);
        line.clear();
    }
    Ok(Ran { ok: child.wait()?.success(), output })
}

/// Runs the stages in order and reports on `out`; true if all is well.
///
/// Every failure is shown at once and again at the end. With `strict` a skip is a failure too.
pub(crate) fn run_all(
    repo: &Repo,
    stages: &[&Stage],
    strict: bool,
    out: &mut impl Write,
) -> Result<bool> {
    let began = Instant::now();
    let mut done: Vec<(&Stage, Outcome, Duration)> = Vec::new();
    for stage in stages {
        writeln!(out, "==> {}: {}", stage.name, stage.what)?;
        out.flush()?;
        let clock = Instant::now();
        let outcome =
            (stage.run)(repo).unwrap_or_else(|error| Outcome::failed(format!("{error:#}\n")));
        if outcome.failed > 0 {
            writeln!(out, "{}", outcome.output.trim_end())?;
        }
        writeln!(out, "    {}", line(stage, &outcome, clock.elapsed()))?;
        done.push((stage, outcome, clock.elapsed()));
    }
    report(&done, began.elapsed(), strict, out)
}

fn line(stage: &Stage, outcome: &Outcome, time: Duration) -> String {
    let text = format!(
        "{:<8} {:<13} {:>7.1} s  {}",
        stage.name,
        outcome.word(),
        time.as_secs_f64(),
        outcome.note.replace('\n', "; ")
    );
    text.trim_end().to_owned()
}

fn report(
    done: &[(&Stage, Outcome, Duration)],
    total: Duration,
    strict: bool,
    out: &mut impl Write,
) -> Result<bool> {
    for (stage, outcome, _) in done.iter().filter(|(_, o, _)| o.failed > 0) {
        writeln!(out, "\n==> {} failed\n{}", stage.name, outcome.output.trim_end())?;
    }
    writeln!(out, "\n==> stages")?;
    for (stage, outcome, time) in done {
        writeln!(out, "    {}", line(stage, outcome, *time))?;
    }
    writeln!(out, "    {:<22} {:>7.1} s", "total", total.as_secs_f64())?;
    let skipped: Vec<_> =
        done.iter().flat_map(|(s, o, _)| o.skipped.iter().map(move |k| (s.name, k))).collect();
    if !skipped.is_empty() {
        writeln!(out, "\n==> skipped")?;
        for (stage, skip) in &skipped {
            writeln!(out, "    {stage}: {}\n        hint: {}", skip.why, skip.how)?;
        }
        if strict {
            writeln!(out, "    with CI=true nothing may be skipped")?;
        }
    }
    let passed: u64 = done.iter().map(|(_, o, _)| o.passed).sum();
    let failed: u64 = done.iter().map(|(_, o, _)| o.failed).sum();
    writeln!(out, "\n{passed} passed, {failed} failed, {} skipped", skipped.len())?;
    Ok(failed == 0 && (skipped.is_empty() || !strict))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repo::scratch;

    const GOOD: Stage = Stage { name: "good", what: "holds", run: |_| Ok(Outcome::passed()) };
    const BAD: Stage =
        Stage { name: "bad", what: "breaks", run: |_| Ok(Outcome::failed("the reason")) };
    const BROKEN: Stage = Stage { name: "broken", what: "errs", run: |_| anyhow::bail!("no disk") };
    const SKIP: Stage =
        Stage { name: "skip", what: "cannot", run: |_| Ok(Outcome::skipped("no cat", "get one")) };

    fn reported(stages: &[&Stage], strict: bool) -> (bool, String) {
        let (_dir, repo) = scratch(&[]);
        let mut out = Vec::new();
        let ok = run_all(&repo, stages, strict, &mut out).expect("a report");
        (ok, String::from_utf8(out).expect("text"))
    }

    #[test]
    fn a_failure_is_shown_at_once_and_again_at_the_end() {
        let (ok, text) = reported(&[&BAD, &GOOD, &BROKEN], false);
        assert!(!ok);
        assert_eq!(text.matches("the reason").count(), 2);
        assert_eq!(text.matches("no disk").count(), 2);
        let next = text.find("==> good").expect("the next stage");
        assert!(text[..next].contains("the reason"), "{text}");
        assert_eq!(text.lines().last(), Some("1 passed, 2 failed, 0 skipped"));
    }

    #[test]
    fn a_skip_says_why_and_how_and_fails_only_where_nothing_may_be_skipped() {
        let (ok, text) = reported(&[&GOOD, &SKIP], false);
        assert!(ok);
        assert!(text.contains("skip: no cat\n        hint: get one"), "{text}");
        assert_eq!(text.lines().last(), Some("1 passed, 0 failed, 1 skipped"));
        let (ok, text) = reported(&[&GOOD, &SKIP], true);
        assert!(!ok);
        assert!(text.contains("nothing may be skipped"), "{text}");
    }

    #[test]
    fn output_and_errors_of_a_command_come_in_order() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo one; echo two >&2; echo three; exit 3"]);
        let ran = capture(command, false).expect("sh");
        assert!(!ran.ok);
        assert_eq!(ran.output, "one\ntwo\nthree\n");
    }
}
