//! Past negotiations whose end is known: what class, structure and both pooled said of them.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use winset_files::case::{Hidden, ParsedCase, open};
use winset_files::diagnostic::{Findings, Severity};
use winset_model::case::Day;
use winset_model::effort::Effort;
use winset_model::forecast::{Run, VERSION, headline};
use winset_page::document::{Block, Document, Section};
use winset_page::text::pc;

use crate::forecast::sections::table;

/// No chance is scored below this, nor above its counterpart: a chance of 0 that comes true would
/// weigh for ever.
const SUREST: f64 = 1e-6;

/// A row of `outcomes.csv`.
#[derive(Clone, Debug, Deserialize)]
struct OutcomeRow {
    case: String,
    kind: String,
    told: String,
    ending: String,
    ended: String,
}

/// A row of `before.csv`: what an earlier clock scored.
#[derive(Clone, Debug, Deserialize)]
struct BeforeRow {
    case: String,
    told: String,
    brier: f64,
    log: f64,
}

/// The scores of a chance against what happened; smaller is better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PastScore {
    /// `(p − o)²`.
    pub brier: f64,
    /// `−ln` of the chance of what happened.
    pub log: f64,
}

impl PastScore {
    fn new(p: f64, yes: bool) -> Self {
        let happened = if yes { p } else { 1.0 - p };
        let happened = happened.clamp(SUREST, 1.0 - SUREST);
        Self { brier: (1.0 - happened) * (1.0 - happened), log: -libm::log(happened) }
    }

    fn mean(all: &[Self]) -> Option<Self> {
        let n = all.len() as f64;
        let mean = |of: fn(&Self) -> f64| all.iter().map(of).sum::<f64>() / n;
        (n > 0.0).then(|| Self { brier: mean(|s| s.brier), log: mean(|s| s.log) })
    }
}

/// One negotiation told from one day.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PastRow {
    /// The folder of the case.
    pub case: String,
    /// What kind of negotiation it was.
    pub kind: String,
    /// The day it is told from.
    pub told: Day,
    /// The last day that counted.
    pub by: Day,
    /// Whether the answer was yes.
    pub yes: bool,
    /// The pooled answer.
    pub p: f64,
    /// The structure alone.
    pub structure: f64,
    /// The class in the calendar of the case.
    pub class: f64,
    /// The class alone; `None` where no class fits.
    pub table: Option<f64>,
    /// What an earlier clock scored, where it is recorded.
    pub before: Option<PastScore>,
}

/// Mean scores of some rows, by what foretold them.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PastKind {
    /// The kind, or `all`.
    pub kind: String,
    /// How many rows.
    pub rows: usize,
    /// The structure alone.
    pub structure: PastScore,
    /// The class in the calendar of the case.
    pub class: PastScore,
    /// Both pooled.
    pub pool: PastScore,
    /// A coin.
    pub coin: PastScore,
    /// An earlier clock, over the rows it is recorded for.
    pub before: Option<PastScore>,
}

/// `winset/backtest-cases/1`.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PastReport {
    /// The schema.
    pub schema: &'static str,
    /// The version of the formulas.
    pub version: &'static str,
    /// The seed.
    pub seed: u64,
    /// Draws a row.
    pub draws: u64,
    /// A row a case and day.
    pub rows: Vec<PastRow>,
    /// Mean scores by kind, in the order of the outcomes, and of all.
    pub kinds: Vec<PastKind>,
}

fn rows<T: for<'de> Deserialize<'de>>(path: &Path) -> anyhow::Result<Vec<T>> {
    let mut reader =
        csv::Reader::from_path(path).with_context(|| format!("cannot read {}", path.display()))?;
    let rows: Result<Vec<T>, csv::Error> = reader.deserialize().collect();
    rows.with_context(|| format!("{} is no table of past cases", path.display()))
}

fn day(text: &str) -> anyhow::Result<Day> {
    Day::parse(text).with_context(|| format!("`{text}` is no day\n\nhint: write it as 2025-04-22"))
}

/// Forecasts every case of a folder from each day that `outcomes.csv` in it names.
///
/// # Errors
/// The folder has no such table, a case in it cannot be read, or it was stopped.
pub fn ask(
    folder: &Path,
    run: &Run,
    threads: usize,
    stop: &AtomicBool,
    progress: &(dyn Fn(u64) + Sync),
) -> anyhow::Result<PastReport> {
    let outcomes: Vec<OutcomeRow> = rows(&folder.join("outcomes.csv"))?;
    let before = folder.join("before.csv");
    let before: Vec<BeforeRow> = if before.is_file() { rows(&before)? } else { Vec::new() };
    let mut found = Vec::with_capacity(outcomes.len());
    for row in &outcomes {
        let (told, ended) = (day(&row.told)?, day(&row.ended)?);
        let mut findings = Findings::default();
        let files = open(&folder.join(&row.case), &mut findings)
            .with_context(|| format!("cannot read the case `{}`", row.case))?;
        let telling = ParsedCase::new(&files, &[], &mut findings);
        let loaded =
            telling.and_then(|mut t| t.resolve(Some(told), &Hidden::default(), &mut findings));
        let Some(loaded) = loaded else {
            let error = findings.list.iter().find(|d| d.severity == Severity::Error);
            let why = error.map_or("it has errors", |d| d.message.as_str());
            bail!("the case `{}` cannot be told from {told}: {why}", row.case);
        };
        let case = loaded.case;
        let effort = Effort { threads, stop, progress };
        let Some(answer) = headline(&case, run, effort) else { bail!("interrupted") };
        let known = before.iter().find(|b| b.case == row.case && b.told == row.told);
        found.push(PastRow {
            case: row.case.clone(),
            kind: row.kind.clone(),
            told,
            by: case.question.by,
            yes: row.ending == "agreement" && ended <= case.question.by,
            p: answer.p,
            structure: answer.structure,
            class: answer.class,
            table: answer.table,
            before: known.map(|b| PastScore { brier: b.brier, log: b.log }),
        });
    }
    let mut kinds: Vec<&str> = Vec::new();
    for row in &found {
        if !kinds.contains(&row.kind.as_str()) {
            kinds.push(&row.kind);
        }
    }
    let all = kind("all", &found.iter().collect::<Vec<_>>());
    let of = |name: &&str| {
        let rows: Vec<&PastRow> = found.iter().filter(|row| row.kind == **name).collect();
        kind(name, &rows)
    };
    let kinds: Vec<PastKind> = kinds.iter().filter_map(of).chain(all).collect();
    Ok(PastReport {
        schema: "winset/backtest-cases/1",
        version: VERSION,
        seed: run.seed,
        draws: run.draws.end - run.draws.start,
        rows: found,
        kinds,
    })
}

/// The mean scores of some rows; none without any.
fn kind(name: &str, rows: &[&PastRow]) -> Option<PastKind> {
    let scores = |p: &dyn Fn(&PastRow) -> f64| {
        let each: Vec<PastScore> = rows.iter().map(|row| PastScore::new(p(row), row.yes)).collect();
        PastScore::mean(&each)
    };
    let before: Vec<PastScore> = rows.iter().filter_map(|row| row.before).collect();
    Some(PastKind {
        kind: name.to_owned(),
        rows: rows.len(),
        structure: scores(&|row| row.structure)?,
        class: scores(&|row| row.class)?,
        pool: scores(&|row| row.p)?,
        coin: scores(&|_| 0.5)?,
        before: PastScore::mean(&before),
    })
}

/// The report in words and tables.
pub fn document(r: &PastReport) -> Document {
    let rows = r
        .rows
        .iter()
        .map(|row| {
            let yes = if row.yes { "yes" } else { "no" };
            vec![
                row.case.clone(),
                row.told.to_string(),
                row.by.to_string(),
                yes.to_owned(),
                pc(row.p),
                pc(row.structure),
                pc(row.class),
                row.table.map_or_else(|| "–".to_owned(), pc),
            ]
        })
        .collect();
    let head = [
        ("case", false),
        ("told from", false),
        ("by", false),
        ("happened", false),
        ("P(yes)", true),
        ("structure", true),
        ("class", true),
        ("table", true),
    ];
    let answers =
        table(format!("What was said, on {} draws with seed {}", r.draws, r.seed), &head, rows);
    let score = |s: PastScore| format!("{:.3} {:.3}", s.brier, s.log);
    let rows = r
        .kinds
        .iter()
        .map(|k| {
            vec![
                k.kind.clone(),
                k.rows.to_string(),
                score(k.structure),
                score(k.class),
                score(k.pool),
                score(k.coin),
                k.before.map_or_else(|| "–".to_owned(), score),
            ]
        })
        .collect();
    let head = [
        ("kind", false),
        ("rows", true),
        ("structure", true),
        ("class", true),
        ("pool", true),
        ("coin", true),
        ("before", true),
    ];
    let caption = "Brier score and log score by kind; smaller is better".to_owned();
    let scores = table(caption, &head, rows);
    let note = "Rows of one case share their ending, and the cases were chosen: small differences rank \
                nothing. *before* is what an earlier clock scored, as it was recorded.";
    Document {
        title: "Past negotiations".to_owned(),
        sections: vec![
            Section::new("answers", "", vec![answers]),
            Section::new("scores", "", vec![scores, Block::Note(note.to_owned())]),
        ],
        version: r.version.to_owned(),
        ..Document::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_have_their_closed_forms() {
        let half = PastScore::new(0.5, true);
        assert!(
            (half.brier - 0.25).abs() < 1e-15 && (half.log - std::f64::consts::LN_2).abs() < 1e-9
        );
        let sure = PastScore::new(0.9, false);
        assert!(
            (sure.brier - 0.81).abs() < 1e-12 && (sure.log - std::f64::consts::LN_10).abs() < 1e-8
        );
        assert!(PastScore::new(0.0, true).log.is_finite());
        assert_eq!(PastScore::mean(&[]), None);
    }
}
