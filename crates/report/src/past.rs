//! Past negotiations whose end is known: what class, structure and both pooled said of them.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use anyhow::{Context, anyhow, bail};
use serde::Serialize;
use winset_files::case::{Hidden, ParsedCase, open};
use winset_files::diagnostic::{Findings, Severity, suggest};
use winset_files::record::iso_day;
use winset_files::sheet::{self, SheetRow};
use winset_model::case::{Case, Day, Ending};
use winset_model::effort::Effort;
use winset_model::forecast::{Run, VERSION, headline};
use winset_page::document::{Block, Document, Section};
use winset_page::text::pc;

use crate::forecast::sections::table;
use crate::names::OF_TEXT;

/// No chance is scored below this, nor above its counterpart: a chance of 0 that comes true would
/// weigh for ever.
const SUREST: f64 = 1e-6;

/// A row of `outcomes.csv`.
#[derive(Clone, Debug)]
struct OutcomeRow {
    /// Where it stands: file and line.
    place: String,
    case: String,
    kind: String,
    told: Day,
    /// How it ended, by the key in JSON.
    ending: String,
    ended: Day,
}

/// A row of `before.csv`: what an earlier clock scored.
#[derive(Clone, Debug)]
struct BeforeRow {
    case: String,
    told: Day,
    score: PastScore,
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
    /// The same with inputs changed; `null` where none were.
    pub changed: Option<PastChanged>,
}

/// What other inputs would have said, and whether that is better.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PastChanged {
    /// The changes, `path=value`.
    pub set: Vec<String>,
    /// The pooled answer and the structure alone with them, a pair a row.
    pub said: Vec<[f64; 2]>,
    /// The answer's scores with the changes less those without; below zero the changes are better.
    pub pool: PastGain,
    /// The same of the structure alone.
    pub structure: PastGain,
}

/// A mean difference of scores with its standard error, rows of one case taken together.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PastGain {
    /// Of the Brier score.
    pub brier: f64,
    /// Its standard error.
    pub brier_error: f64,
    /// Of the log score.
    pub log: f64,
    /// Its standard error.
    pub log_error: f64,
}

impl PastGain {
    /// # Model
    /// With `D_c` the sum over the rows of case `c` of differences from their mean, N rows and C cases, the
    /// standard error is `√(C/(C − 1) Σ_c D_c²)/N`; that of a single case is infinite.
    fn new(cases: &[&str], before: &[PastScore], after: &[PastScore]) -> Self {
        let n = cases.len() as f64;
        let gain = |of: fn(&PastScore) -> f64| {
            let each: Vec<f64> = before.iter().zip(after).map(|(b, a)| of(a) - of(b)).collect();
            let mean = each.iter().sum::<f64>() / n;
            let mut sums: std::collections::BTreeMap<&str, f64> = Default::default();
            cases.iter().zip(&each).for_each(|(c, d)| *sums.entry(c).or_default() += d - mean);
            let cases = sums.len() as f64;
            let spread: f64 = sums.values().map(|s| s * s).sum();
            let error = (cases / (cases - 1.0) * spread).sqrt() / n;
            (mean, if cases > 1.0 { error } else { f64::INFINITY })
        };
        let ((brier, brier_error), (log, log_error)) = (gain(|s| s.brier), gain(|s| s.log));
        Self { brier, brier_error, log, log_error }
    }
}

/// The cells of a table under some headings, each row with its file and line; other columns are not read.
fn rows<const N: usize>(
    path: &Path,
    columns: [&str; N],
) -> anyhow::Result<Vec<(String, [String; N])>> {
    let name = path.display();
    let sheet = sheet::open(path).with_context(|| format!("cannot read {name}"))?;
    let text = sheet.map_err(|e| anyhow!("{name}: {e}"))?.text;
    let known = |cells: &[String]| cells.iter().filter(|c| columns.contains(&c.as_str())).count();
    let rows = sheet::rows(&text, sheet::delimiter(&text, known))
        .map_err(|e| anyhow!("{name}:{}: {}\n\nhint: {}", e.line, e.message(), e.hint()))?;
    let Some((header, rows)) = rows.split_first() else { bail!("{name}: the table is empty") };
    let mut at = [0; N];
    for (at, column) in at.iter_mut().zip(columns) {
        let found = header.cells.iter().position(|cell| cell == column);
        let missing = || {
            let hint = format!("the first line names {}", columns.join(", "));
            format!("{name}:{}: the column `{column}` is missing\n\nhint: {hint}", header.line)
        };
        *at = found.with_context(missing)?;
    }
    let cells = |row: &SheetRow| {
        if row.filled() > header.filled() {
            let hint = "put a text with separators in it in quotation marks";
            let (n, of) = (row.filled(), header.filled());
            bail!("{name}:{}: {n} cells, and the header has {of}\n\nhint: {hint}", row.line);
        }
        Ok((format!("{name}:{}", row.line), at.map(|k| row.cell(k).to_owned())))
    };
    rows.iter().map(cells).collect()
}

fn day(place: &str, text: &str) -> anyhow::Result<Day> {
    let wrong = || format!("{place}: `{text}` is no day\n\nhint: write it as 2025-04-22");
    Day::parse(&iso_day(text)).with_context(wrong)
}

/// How past negotiations ended, a row a day that one is told from.
fn outcomes(path: &Path) -> anyhow::Result<Vec<OutcomeRow>> {
    let of_talks = Ending::ALL.into_iter().map(Ending::name);
    let known: Vec<&str> = of_talks.chain(OF_TEXT.map(|(key, _)| key)).chain(["open"]).collect();
    let mut found: Vec<OutcomeRow> = Vec::new();
    for (place, cells) in rows(path, ["case", "kind", "told", "ending", "ended"])? {
        let [case, kind, told, ending, ended] = cells;
        let (told, ended) = (day(&place, &told)?, day(&place, &ended)?);
        if !known.contains(&ending.as_str()) {
            let hint = suggest(&ending, known.iter().copied()).unwrap_or_default();
            bail!("{place}: `{ending}` is not a way to end\n\nhint: {hint}");
        }
        if told > ended {
            bail!("{place}: `{case}` is told from {told}, after it ended on {ended}");
        }
        if let Some(twin) = found.iter().find(|row| row.case == case && row.told == told) {
            let twin = &twin.place;
            bail!("{place}: `{case}` told from {told} has a row already, {twin}\n\nhint: keep one");
        }
        found.push(OutcomeRow { place, case, kind, told, ending, ended });
    }
    Ok(found)
}

fn before(path: &Path) -> anyhow::Result<Vec<BeforeRow>> {
    let number = |place: &str, text: &str| {
        let read = text.parse::<f64>().ok().filter(|x| x.is_finite());
        read.with_context(|| format!("{place}: `{text}` is no score"))
    };
    let row = |(place, [case, told, brier, log]): (String, [String; 4])| {
        let score = PastScore { brier: number(&place, &brier)?, log: number(&place, &log)? };
        Ok(BeforeRow { case, told: day(&place, &told)?, score })
    };
    rows(path, ["case", "told", "brier", "log"])?.into_iter().map(row).collect()
}

/// One case of a folder, told from a day.
fn resolved(folder: &Path, row: &OutcomeRow, set: &[String]) -> anyhow::Result<Case> {
    let (told, place) = (row.told, &row.place);
    let mut findings = Findings::default();
    let files = open(&folder.join(&row.case), &mut findings)
        .with_context(|| format!("{place}: cannot read the case `{}`", row.case))?;
    let telling = ParsedCase::new(&files, set, &mut findings);
    let loaded = telling.and_then(|mut t| t.resolve(Some(told), &Hidden::default(), &mut findings));
    let Some(loaded) = loaded else {
        let error = findings.list.iter().find(|d| d.severity == Severity::Error);
        let why = error.map_or("it has errors", |d| d.message.as_str());
        bail!("{place}: the case `{}` cannot be told from {told}: {why}", row.case);
    };
    Ok(loaded.case)
}

/// Forecasts every case of a folder from each day that `outcomes.csv` in it names; with changes, both as
/// the cases are written and with them.
///
/// # Errors
/// The folder has no such table, a case in it cannot be read, a change fits none, or it was stopped.
pub fn ask(
    folder: &Path,
    set: &[String],
    run: &Run,
    threads: usize,
    stop: &AtomicBool,
    progress: &(dyn Fn(u64) + Sync),
) -> anyhow::Result<PastReport> {
    let outcomes = outcomes(&folder.join("outcomes.csv"))?;
    let earlier = folder.join("before.csv");
    let earlier = if earlier.is_file() { before(&earlier)? } else { Vec::new() };
    let mut found = Vec::with_capacity(outcomes.len());
    let mut said = Vec::new();
    for row in &outcomes {
        let case = resolved(folder, row, &[])?;
        let effort = Effort { threads, stop, progress };
        let Some(answer) = headline(&case, run, effort) else { bail!("interrupted") };
        if !set.is_empty() {
            let other = resolved(folder, row, set)?;
            let effort = Effort { threads, stop, progress };
            let Some(answer) = headline(&other, run, effort) else { bail!("interrupted") };
            said.push([answer.p, answer.structure]);
        }
        let known = earlier.iter().find(|b| b.case == row.case && b.told == row.told);
        let counts = case.question.counts.iter().any(|e| e.name() == row.ending);
        found.push(PastRow {
            case: row.case.clone(),
            kind: row.kind.clone(),
            told: row.told,
            by: case.question.by,
            yes: counts && row.ended <= case.question.by,
            p: answer.p,
            structure: answer.structure,
            class: answer.class,
            table: answer.table,
            before: known.map(|b| b.score),
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
    let changed = (!set.is_empty() && !found.is_empty()).then(|| changed(set, said, &found));
    Ok(PastReport {
        schema: "winset/backtest-cases/1",
        version: VERSION,
        seed: run.seed,
        draws: run.draws.end - run.draws.start,
        rows: found,
        kinds,
        changed,
    })
}

/// The scores with other inputs beside those of the rows.
fn changed(set: &[String], said: Vec<[f64; 2]>, rows: &[PastRow]) -> PastChanged {
    let cases: Vec<&str> = rows.iter().map(|row| row.case.as_str()).collect();
    let gain = |of: fn(&PastRow) -> f64, k: usize| {
        let score = |p: f64, row: &PastRow| PastScore::new(p, row.yes);
        let before: Vec<PastScore> = rows.iter().map(|row| score(of(row), row)).collect();
        let after: Vec<PastScore> = rows.iter().zip(&said).map(|(r, p)| score(p[k], r)).collect();
        PastGain::new(&cases, &before, &after)
    };
    let (pool, structure) = (gain(|row| row.p, 0), gain(|row| row.structure, 1));
    PastChanged { set: set.to_vec(), said, pool, structure }
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
    let mut sections = vec![
        Section::new("answers", "", vec![answers]),
        Section::new("scores", "", vec![scores, Block::Note(note.to_owned())]),
    ];
    sections.extend(r.changed.as_ref().map(|c| changes(c, &r.rows)));
    Document {
        title: "Past negotiations".to_owned(),
        sections,
        version: r.version.to_owned(),
        ..Document::default()
    }
}

/// What other inputs would have said.
fn changes(c: &PastChanged, rows: &[PastRow]) -> Section {
    let row = |(row, [p, structure]): (&PastRow, &[f64; 2])| {
        let told = [row.p, *p, row.structure, *structure].map(pc);
        [row.case.clone(), row.told.to_string()].into_iter().chain(told).collect()
    };
    let head = [
        ("case", false),
        ("told from", false),
        ("P(yes)", true),
        ("changed", true),
        ("structure", true),
        ("changed", true),
    ];
    let caption = format!("With {}", c.set.join(", "));
    let said = table(caption, &head, rows.iter().zip(&c.said).map(row).collect());
    let signed = |x: f64, error: f64| format!("{x:+.4} ({error:.4})").replace('-', "−");
    let gain = |what: &str, g: &PastGain| {
        let (brier, log) = (signed(g.brier, g.brier_error), signed(g.log, g.log_error));
        vec![what.to_owned(), brier, log]
    };
    let head = [("changed less as written", false), ("Brier", true), ("log", true)];
    let caption =
        "Differences, and their standard errors by case; below zero the changes are better";
    let list = vec![gain("answer", &c.pool), gain("structure", &c.structure)];
    let note = "Within one standard error nothing is decided.";
    let blocks = vec![said, table(caption.to_owned(), &head, list), Block::Note(note.to_owned())];
    Section::new("changed", "", blocks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_have_the_error_of_their_cases() {
        let score = |brier| PastScore { brier, log: 0.0 };
        let before = [0.5, 0.5, 0.5, 0.5].map(score);
        let after = [0.4, 0.4, 0.6, 0.8].map(score);
        // Differences −.1, −.1, .1, .3 with mean .05; by case −.3 and .3 from it.
        let gain = PastGain::new(&["a", "a", "b", "b"], &before, &after);
        assert!((gain.brier - 0.05).abs() < 1e-12);
        assert!((gain.brier_error - (2.0f64 * 0.18).sqrt() / 4.0).abs() < 1e-12, "{gain:?}");
        assert_eq!((gain.log, gain.log_error), (0.0, 0.0));
        let one = PastGain::new(&["a", "a"], &before[..2], &after[..2]);
        assert!(one.brier_error.is_infinite());
    }

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
