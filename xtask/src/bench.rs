//! `cargo xtask bench`: measure, compare with other software, write the page of performance.
//!
//! A benchmark (`crates/*/benches/*.rs`, without a harness, or `benches/python/*.py` of the package) and
//! a comparison (`benches/compare/*.py`) print one JSON object a line for each figure:
//! `{"bench": "zone", "figure": "one draw", "value": 1.2, "min": 1.1, "max": 1.4, "unit": "ms",
//! "target": "<= 50 ms"}`. A comparison names the same `bench` and `figure` as ours and, in
//! `software`, what it measured (its file name if it does not); its line `# beside: zone` says whose work it
//! does. It finds in `WINSET_FIGURES` a file with the lines that our benchmarks printed, to compare what they
//! answered; `benches/peer.py` does so. Of software that is not there it says
//! `{"bench": "zone", "software": "Other", "missing": "why"}`. A run of some benchmarks replaces their
//! sections of the page and keeps the others.

use std::fmt::Write;

use anyhow::Result;
use serde_json::Value;

use crate::before;
use crate::curves;
use crate::gate;
use crate::points;
use crate::python;
use crate::repo::Repo;
use crate::stage::capture;

const PAGE: &str = "docs/src/performance.md";
const NOTES: &str = "docs/performance-notes.md";
const PYTHON: &str = "benches/python/";
const COMPARE: &str = "benches/compare/";

/// One measured figure.
#[derive(Debug, Clone, PartialEq)]
struct Figure {
    bench: String,
    figure: String,
    value: f64,
    min: f64,
    max: f64,
    unit: String,
    target: String,
    /// What was measured, if not winset.
    software: String,
    /// What repeats it.
    command: String,
}

/// Other software that was not measured, and why.
#[derive(Debug, Clone, PartialEq)]
struct Missing {
    bench: String,
    software: String,
    why: String,
}

/// Runs the benchmarks and comparisons whose name contains `filter`, and the others that do the same
/// work as one of those, and writes their sections of the page.
pub(crate) fn run(repo: &Repo, filter: Option<&str>) -> Result<bool> {
    let wanted = |name: &str| filter.is_none_or(|f| name.contains(f));
    let mut ours = Vec::new();
    let mut theirs = Vec::new();
    let mut missing = Vec::new();
    let mut failed = Vec::new();
    let mut lines = String::new();
    let mut scripts = Vec::new();
    for script in repo.find(COMPARE, &[".py"]) {
        scripts.push((script, beside(&repo.read(script)?)));
    }
    let all = benches(&repo.metadata()?);
    let compared =
        |bench: &String| scripts.iter().any(|(s, beside)| wanted(s) && beside.contains(bench));
    let ran: Vec<&(String, String)> =
        all.iter().filter(|(_, b)| wanted(b) || compared(b)).collect();
    for (package, bench) in &ran {
        let args = ["bench", "--quiet", "--package", package, "--bench", bench];
        let command = format!("cargo {}", args.join(" ").replace(" --quiet", ""));
        println!("==> {command}");
        let said = capture(repo.cargo(args), true)?;
        if !said.ok {
            failed.push(format!("`{command}` failed"));
        }
        ours.extend(figures(&said.output, "", &command));
        lines.push_str(&said.output);
    }
    if wanted("instructions") {
        println!("==> instructions of fixed jobs");
        ours.extend(figures(&gate::lines(repo)?.join("\n"), "", "cargo xtask bench instructions"));
    }
    if wanted("curves") {
        println!("==> how the work grows");
        let said = curves::lines(repo)?.join("\n");
        println!("{said}");
        ours.extend(figures(&said, "", "cargo xtask bench curves"));
    }
    if wanted("points") {
        println!("==> what scrambled points are worth");
        let said = points::lines(repo)?.join("\n");
        println!("{said}");
        ours.extend(figures(&said, "", "cargo xtask bench points"));
    }
    if wanted("before") {
        println!("==> commands against another commit");
        let [own, other] = before::lines(repo)?.map(|lines| lines.join("\n"));
        println!("{own}\n{other}");
        let command = "cargo xtask bench before";
        ours.extend(figures(&own, "", command));
        theirs.extend(figures(&other, "", command));
    }
    for script in repo.find(PYTHON, &[".py"]).filter(|script| wanted(script)) {
        println!("==> {script}");
        let name = script.trim_start_matches(PYTHON).trim_end_matches(".py");
        match python::script_with_needs(repo, script, &[], &[], false)? {
            Ok(ran) if ran.ok => {
                print!("{}", ran.output);
                ours.extend(figures(&ran.output, "", &format!("cargo xtask bench {name}")));
            }
            Ok(ran) => failed.push(format!("`{script}` failed: {}", ran.output.trim_end())),
            Err(skip) => failed.push(format!("{}; {}", skip.why, skip.how)),
        }
    }
    let file = repo.target().join("figures.jsonl");
    let own = lines.lines().filter(|l| !figures(l, "", "").is_empty());
    std::fs::write(&file, own.map(|l| format!("{l}\n")).collect::<String>())?;
    // One thread, as ours: what idle threads of a linear algebra library burn is not the work.
    let one = std::path::Path::new("1");
    let env = [("WINSET_FIGURES", &*file), ("OPENBLAS_NUM_THREADS", one), ("OMP_NUM_THREADS", one)];
    for (script, beside) in scripts {
        if !wanted(script) && !ran.iter().any(|(_, b)| beside.contains(b)) {
            continue;
        }
        println!("==> {script}");
        let name = script.trim_start_matches(COMPARE).trim_end_matches(".py");
        match python::script_with_needs(repo, script, &[], &env, false)? {
            Ok(ran) if ran.ok => {
                theirs.extend(figures(&ran.output, name, script));
                missing.extend(ran.output.lines().filter_map(absent));
            }
            Ok(ran) => failed.push(format!("`{script}` failed: {}", ran.output.trim_end())),
            // What other people publish may be gone tomorrow: no reason to lose all other figures.
            Err(skip) => missing.extend(beside.into_iter().map(|bench| Missing {
                bench,
                software: name.to_owned(),
                why: format!("{}; {}", skip.why, skip.how),
            })),
        }
    }
    for f in &theirs {
        println!("{}", f.beside(&ours));
    }
    for m in &missing {
        println!("not measured: {}: {}", m.software, m.why);
    }
    for complaint in &failed {
        eprintln!("error: {complaint}");
    }
    if failed.is_empty() && !(ours.is_empty() && theirs.is_empty()) {
        let notes = repo.files.iter().any(|f| f == NOTES).then(|| repo.read(NOTES)).transpose()?;
        let old = match filter {
            Some(_) => std::fs::read_to_string(repo.root.join(PAGE)).unwrap_or_default(),
            None => String::new(),
        };
        let notes = notes.as_deref().unwrap_or_default();
        let text = page(&machine(repo), &ours, (&theirs, &missing), notes, &old);
        std::fs::write(repo.root.join(PAGE), text)?;
        println!("wrote {PAGE}");
    }
    Ok(failed.is_empty())
}

/// A figure of a benchmark, of winset or of other software, as a line: median, fastest and slowest.
pub(crate) fn line(
    (bench, software): (&str, &str),
    figure: &str,
    [value, min, max]: [f64; 3],
    unit: &str,
) -> String {
    serde_json::json!({
        "bench": bench, "figure": figure, "value": value, "min": min, "max": max, "unit": unit,
        "software": software,
    })
    .to_string()
}

/// The benchmarks whose work a comparison does, as its line `# beside:` says.
fn beside(script: &str) -> Vec<String> {
    let lines = script.lines().take(20).filter_map(|l| l.strip_prefix("# beside:"));
    lines.flat_map(|names| names.split(',')).map(|name| name.trim().to_owned()).collect()
}

/// What a comparison says of software that is not there.
fn absent(line: &str) -> Option<Missing> {
    let json: Value = serde_json::from_str(line).ok()?;
    let text = |key: &str| json[key].as_str().map(str::to_owned);
    Some(Missing { bench: text("bench")?, software: text("software")?, why: text("missing")? })
}

impl Figure {
    /// The row of other software's figure: theirs, ours and how many times ours theirs is.
    fn beside(&self, ours: &[Self]) -> String {
        let same =
            |m: &&Self| m.bench == self.bench && m.figure == self.figure && m.unit == self.unit;
        let (own, ratio) = ours.iter().find(same).map_or_else(
            || ("not measured".to_owned(), String::new()),
            |m| {
                let ratio = format!("{}×", short(self.value / m.value));
                (format!("{} {}", short(m.value), m.unit), ratio)
            },
        );
        let theirs = format!("{} {}", short(self.value), self.unit);
        format!("| {} | {} | {theirs} | {own} | {ratio} |", self.figure, self.software)
    }
}

/// The crate and name of every benchmark of the workspace.
fn benches(metadata: &Value) -> Vec<(String, String)> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut found = Vec::new();
    for package in list(&metadata["packages"]) {
        if !list(&metadata["workspace_members"]).contains(&package["id"]) {
            continue;
        }
        for target in list(&package["targets"]) {
            let bench = list(&target["kind"]).iter().any(|k| k == "bench");
            if let (true, Some(package), Some(name)) =
                (bench, package["name"].as_str(), target["name"].as_str())
            {
                found.push((package.to_owned(), name.to_owned()));
            }
        }
    }
    found
}

/// The figures among the lines of a benchmark's output.
fn figures(output: &str, software: &str, command: &str) -> Vec<Figure> {
    let read = |line: &str| -> Option<Figure> {
        let json: Value = serde_json::from_str(line).ok()?;
        let text = |key: &str| json[key].as_str().map(str::to_owned);
        let value = json["value"].as_f64()?;
        Some(Figure {
            bench: text("bench")?,
            figure: text("figure")?,
            value,
            min: json["min"].as_f64().unwrap_or(value),
            max: json["max"].as_f64().unwrap_or(value),
            unit: text("unit")?,
            target: text("target").unwrap_or_default(),
            software: text("software").unwrap_or_else(|| software.to_owned()),
            command: command.to_owned(),
        })
    };
    output.lines().filter_map(read).collect()
}

/// The machine, toolchain and commit the figures belong to.
fn machine(repo: &Repo) -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|l| l.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    });
    let cpu = cpu.unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let said = |program: &str, args: &[&str]| {
        let mut command = std::process::Command::new(program);
        command.args(args).current_dir(&repo.root);
        let ran = capture(command, false).ok().filter(|r| r.ok);
        ran.map_or_else(|| format!("no {program}"), |r| r.output.trim().to_owned())
    };
    format!(
        "{cpu}, {cores} cores, {}; {}; commit {}",
        std::env::consts::OS,
        said("rustc", &["--version"]),
        said("git", &["rev-parse", "--short", "HEAD"])
    )
}

/// What a section of figures ends with, and no section of notes has.
const MEASURED: &str = "\n\nMeasured on: ";

/// The page: a section a benchmark, those of `old` that were not measured again, and the notes.
fn page(
    machine: &str,
    ours: &[Figure],
    (theirs, missing): (&[Figure], &[Missing]),
    notes: &str,
    old: &str,
) -> String {
    let mut page = String::from(
        "# Performance\n\nWritten by `cargo xtask bench`. Each figure is the median of several runs after a \
         warm-up, with the fastest and the slowest beside it. No test asserts a time.\n",
    );
    let mut benches: Vec<&str> = Vec::new();
    for figure in ours.iter().chain(theirs) {
        if !benches.contains(&figure.bench.as_str()) {
            benches.push(&figure.bench);
        }
    }
    for bench in &benches {
        let mine: Vec<&Figure> = ours.iter().filter(|f| f.bench == *bench).collect();
        let others: Vec<&Figure> = theirs.iter().filter(|f| f.bench == *bench).collect();
        // Writing to a String cannot fail.
        let _ = writeln!(page, "\n## {bench}\n");
        if !mine.is_empty() {
            page.push_str("| figure | median | min–max | target |\n|---|---|---|---|\n");
        }
        for f in &mine {
            let (value, low, high) = (short(f.value), short(f.min), short(f.max));
            let target = judged(f);
            let _ =
                writeln!(page, "| {} | {value} {} | {low}–{high} | {target} |", f.figure, f.unit);
        }
        if !others.is_empty() {
            page.push_str(
                "\n| figure | software | theirs | ours | ratio |\n|---|---|---|---|---|\n",
            );
        }
        for f in &others {
            let _ = writeln!(page, "{}", f.beside(ours));
        }
        for m in missing.iter().filter(|m| m.bench == *bench) {
            let _ = writeln!(page, "\nNot measured: {}: {}.", m.software, m.why);
        }
        let mut commands: Vec<&str> =
            mine.iter().chain(&others).map(|f| f.command.as_str()).collect();
        commands.dedup();
        let _ = writeln!(page, "\nAgain: `{}`{MEASURED}{machine}.", commands.join("`, `"));
    }
    for section in old.split("\n## ").skip(1).filter(|s| s.contains(MEASURED)) {
        let title = section.lines().next().unwrap_or_default();
        if !benches.contains(&title) {
            let _ = writeln!(page, "\n## {}", section.trim_end());
        }
    }
    if !notes.is_empty() {
        let _ = writeln!(page, "\n{}", notes.trim());
    }
    page
}

/// The target with whether the median meets it: `<= 50 ms (met)`.
fn judged(figure: &Figure) -> String {
    let words: Vec<&str> = figure.target.split_whitespace().collect();
    let met = match words.as_slice() {
        [sign, limit, unit] if *unit == figure.unit => match (*sign, limit.parse::<f64>()) {
            ("<=", Ok(limit)) => Some(figure.value <= limit),
            (">=", Ok(limit)) => Some(figure.value >= limit),
            _ => None,
        },
        _ => None,
    };
    match met {
        Some(true) => format!("{} (met)", figure.target),
        Some(false) => format!("{} (**missed**)", figure.target),
        None => figure.target.clone(),
    }
}

/// About three significant digits.
fn short(value: f64) -> String {
    match value.abs() {
        a if a >= 100.0 => format!("{value:.0}"),
        a if a >= 10.0 => format!("{value:.1}"),
        a if a >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = "running\n{\"bench\":\"zone\",\"figure\":\"one draw\",\"value\":2.0,\"min\":1.5,\
        \"max\":123.4,\"unit\":\"ms\",\"target\":\"<= 50 ms\"}\n\
        {\"bench\":\"zone\",\"figure\":\"rate\",\"value\":7,\"unit\":\"/s\",\"target\":\">= 10 /s\"}\n";
    const THEIRS: &str = "{\"bench\":\"zone\",\"figure\":\"one draw\",\"value\":30,\"unit\":\"ms\"}\n\
        {\"bench\":\"zone\",\"figure\":\"rate\",\"value\":30,\"unit\":\"/h\",\"software\":\"Other 1.2\"}\n";

    #[test]
    fn a_comparison_says_whose_work_it_does() {
        assert_eq!(beside("# requires: a==1\n# beside: zone, log\nimport a\n"), ["zone", "log"]);
        assert_eq!(beside("import a\n"), Vec::<String>::new());
    }

    #[test]
    fn figures_become_tables_with_ratios() {
        let ours = figures(OURS, "", "cargo bench -p a");
        let theirs = figures(THEIRS, "peer", "benches/compare/peer.py");
        assert_eq!((ours.len(), theirs.len()), (2, 2));
        let missing = absent("{\"bench\":\"zone\",\"software\":\"Third\",\"missing\":\"no disk\"}");
        let missing: Vec<Missing> = missing.into_iter().collect();
        let text =
            page("a machine", &ours, (&theirs, &missing), "## Where the time goes\n\nHere.\n", "");
        for line in [
            "| one draw | 2.00 ms | 1.50–123 | <= 50 ms (met) |",
            "| rate | 7.00 /s | 7.00–7.00 | >= 10 /s (**missed**) |",
            "| one draw | peer | 30.0 ms | 2.00 ms | 15.0× |",
            "| rate | Other 1.2 | 30.0 /h | not measured |  |",
            "Not measured: Third: no disk.",
            "Again: `cargo bench -p a`, `benches/compare/peer.py`",
        ] {
            assert!(text.lines().any(|l| l == line), "{line}\n{text}");
        }
        assert!(text.ends_with("## Where the time goes\n\nHere.\n"), "{text}");
        // Measuring one of two again keeps the other, and the notes stand there once.
        let other = figures(&OURS.replace("zone", "log"), "", "cargo bench -p b");
        let both = page("another", &other, (&[], &[]), "## Where the time goes\n\nHere.\n", &text);
        let again = page("a third", &other, (&[], &[]), "## Where the time goes\n\nHere.\n", &both);
        assert_eq!(both.replace("another", "a third"), again);
        for line in ["## zone", "## log", "Measured on: a machine.", "Measured on: a third."] {
            assert_eq!(again.lines().filter(|l| *l == line).count(), 1, "{line}\n{again}");
        }
    }
}
