//! `study classes`: fits the shipped classes anew from other people's data and judges them on cases
//! left out.
//!
//! Prints the table of `docs/src/method/classes.md`, and fails where a score leaves its range, a
//! shipped number differs or the page shows another line. With `--write` it writes the fitted numbers into `classes/*.toml` and
//! keeps their sentences; with `--reduced` it leaves out the groups, whose fits are the slow ones.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use winset_files::class::sources::{self, SourceRows};
use winset_files::class::{ClassScores, ShippedClass, render, shipped};
use winset_model::class::unseen::{Estimator, SEEDS, UnseenScores, UnseenSummary, unseen};

/// The range of each score over five divisions by an independent implementation: agreement, other
/// endings, log.
struct Gate {
    class: &'static str,
    by: Estimator,
    agreement: (f64, f64),
    other: (f64, f64),
    log: (f64, f64),
}

const NONE: (f64, f64) = (0.0, 0.0);
/// Ranges are widened by this much: another division of the cases moves the scores, too.
const WIDER: f64 = 0.001;
/// The same for the log score.
const WIDER_LOG: f64 = 0.01;

const fn gate(
    class: &'static str,
    by: Estimator,
    agreement: (f64, f64),
    other: (f64, f64),
    log: (f64, f64),
) -> Gate {
    Gate { class, by, agreement, other, log }
}

use Estimator::{AalenJohansen, Grouped, Pooled};

const GATES: [Gate; 8] = [
    gate("crisis", Pooled, (0.1024, 0.1034), (0.2071, 0.2086), (2.636, 2.649)),
    gate("crisis", Grouped, (0.0995, 0.1010), (0.2066, 0.2081), (2.603, 2.617)),
    gate("mediated", Pooled, (0.2115, 0.2144), (0.1691, 0.1725), (2.732, 2.750)),
    gate("formation-election", Pooled, (0.1147, 0.1156), NONE, (1.748, 1.752)),
    gate("formation-election", Grouped, (0.0870, 0.0884), NONE, (1.524, 1.538)),
    gate("formation-other", Pooled, (0.0696, 0.0708), NONE, (1.440, 1.455)),
    gate("formation-other", Grouped, (0.0653, 0.0677), NONE, (1.370, 1.403)),
    gate("strike", Pooled, (0.1307, 0.1311), NONE, (1.792, 1.795)),
];

fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let has = |word: &str| words.iter().any(|w| w == word);
    let data = words.iter().find(|w| !w.starts_with("--")).map(PathBuf::from);
    let Some(data) = data.or_else(|| std::env::var_os("WINSET_DATA").map(PathBuf::from)) else {
        bail!(
            "which folder?\n\nhint: set WINSET_DATA, or `cargo xtask study classes -- FOLDER [--reduced] [--write]`"
        );
    };
    run(&data, has("--reduced"), has("--write"))
}

fn run(data: &Path, reduced: bool, write: bool) -> anyhow::Result<()> {
    println!(
        "10-fold cross-validation from the start of the clock, mean of {} divisions (lowest–highest)\n",
        SEEDS.len()
    );
    println!(
        "| class | cases | foretold by | agreement | other | log |\n|---|---|---|---|---|---|"
    );
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src/method/classes.md");
    let page =
        std::fs::read_to_string(&page).with_context(|| format!("reading `{}`", page.display()))?;
    let mut wrong = Vec::new();
    for rows in sources::read(data).map_err(anyhow::Error::msg)? {
        let (scores, lines) = foretell(&rows, reduced, &mut wrong)?;
        let stale = lines.iter().filter(|l| !write && !page.lines().any(|p| p == *l));
        wrong.extend(stale.map(|l| format!("the page lacks the line {l}")));
        let old = shipped(rows.class).with_context(|| format!("no class `{}`", rows.class))?;
        let class = rows.fit().with_context(|| format!("no case of `{}` ended", rows.class))?;
        // A reduced run has not scored the groups.
        let scores = ClassScores { grouped: scores.grouped.or(old.unseen.grouped), ..scores };
        let new = ShippedClass { class, unseen: scores, ..old.clone() };
        if write {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../classes");
            let path = folder.join(format!("{}.toml", rows.class));
            std::fs::write(&path, render(&new).map_err(anyhow::Error::msg)?)
                .with_context(|| format!("writing `{}`", path.display()))?;
        } else if new != old {
            wrong.push(format!("`classes/{}.toml` is not what the fit gives", rows.class));
        }
    }
    if wrong.is_empty() {
        let done = if write { "written" } else { "as shipped" };
        println!("\nevery score is within its range; the classes are {done}");
        return Ok(());
    }
    bail!("{}\n\nhint: `cargo xtask study classes -- --write` writes the fit", wrong.join("\n"));
}

/// The scores of a class, and a line for each way of foretelling with one for what is allowed.
fn foretell(
    rows: &SourceRows,
    reduced: bool,
    wrong: &mut Vec<String>,
) -> anyhow::Result<(ClassScores, Vec<String>)> {
    let mut lines = Vec::new();
    let mut say = |what: &str, cells: [String; 3]| {
        let [agreement, other, log] = cells;
        let (class, n) = (rows.class, rows.cases.len());
        lines.push(format!("| `{class}` | {n} | {what} | {agreement} | {other} | {log} |"));
        println!("{}", lines[lines.len() - 1]);
    };
    let mut score = |by: Estimator, name: &str| {
        let found = unseen(&rows.cases, &rows.plan(), by, &SEEDS)
            .with_context(|| format!("too few cases of `{}` ended", rows.class))?;
        let cells = [
            cell(&found, |s| s.agreement, 4),
            cell(&found, |s| s.other, 4),
            cell(&found, |s| s.log, 3),
        ];
        say(name, cells);
        if let Some(gate) = GATES.iter().find(|g| g.class == rows.class && g.by == by) {
            say("allowed", gate.words());
            let missed = gate.missed(&found.mean);
            wrong.extend(missed.map(|what| format!("`{}`, {name}: {what}", rows.class)));
        }
        anyhow::Ok(found.mean)
    };
    let counted = score(AalenJohansen, "counting (Aalen–Johansen)")?;
    let pooled = score(Pooled, "the class")?;
    let grouped = match rows.groups.is_empty() || reduced {
        true => None,
        false => Some(score(Grouped, "the class with groups")?),
    };
    Ok((ClassScores { counted, pooled, grouped }, lines))
}

fn cell(found: &UnseenSummary, of: fn(&UnseenScores) -> f64, digits: usize) -> String {
    let [mean, lo, hi] = [found.mean, found.lowest, found.highest].map(|s| of(&s));
    if hi == 0.0 {
        return "–".to_owned();
    }
    format!("{mean:.digits$} ({lo:.digits$}–{hi:.digits$})")
}

impl Gate {
    /// The ranges of a mean.
    fn words(&self) -> [String; 3] {
        let range = |(lo, hi): (f64, f64), wider: f64, digits: usize| match hi == 0.0 {
            true => "–".to_owned(),
            false => format!("{:.digits$}–{:.digits$}", lo - wider, hi + wider),
        };
        [
            range(self.agreement, WIDER, 4),
            range(self.other, WIDER, 4),
            range(self.log, WIDER_LOG, 3),
        ]
    }

    /// Which score left its range.
    fn missed(&self, mean: &UnseenScores) -> Option<String> {
        let scores = [
            ("agreement", mean.agreement, self.agreement, WIDER),
            ("other", mean.other, self.other, WIDER),
            ("log", mean.log, self.log, WIDER_LOG),
        ];
        let out = |(_, x, (lo, hi), wider): &(&str, f64, (f64, f64), f64)| {
            *x < lo - wider || *x > hi + wider
        };
        let (name, x, (lo, hi), wider) = scores.into_iter().find(out)?;
        Some(format!("{name} is {x:.4}, expected {:.4} to {:.4}", lo - wider, hi + wider))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_outside_its_widened_range_is_named() {
        let g = gate("strike", Pooled, (0.1, 0.2), NONE, (1.0, 2.0));
        let at = |agreement, log| g.missed(&UnseenScores { agreement, other: 0.0, log });
        assert_eq!(at(0.0995, 2.005), None);
        assert!(at(0.0985, 1.5).is_some_and(|m| m.starts_with("agreement is 0.0985")));
        assert!(at(0.15, 2.02).is_some_and(|m| m.starts_with("log is 2.02")));
    }
}
