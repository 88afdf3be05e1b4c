//! The tidied DEU data: a folder with `issues.csv` and `positions.csv`.
//!
//! Arregui & Perarnaud 2021, doi 10.34810/data53, CC BY 4.0.

use std::collections::BTreeMap;
use std::path::Path;
use winset_methods::spatial::{PositionActor, PositionIssue};

/// One issue of one proposal, with those actors that hold a position and a salience.
#[derive(Debug, Clone, PartialEq)]
pub struct DeuIssue {
    /// The issue's id.
    pub id: String,
    /// The proposal it belongs to; issues of one proposal are not independent.
    pub proposal: String,
    /// The proposal's short name.
    pub name: String,
    /// Year of introduction.
    pub year: i32,
    /// `Reg`, `Dir` or `Dec`.
    pub act: String,
    /// The Council formation.
    pub council: String,
    /// `COD` (Parliament decides too) or `CNS` (it is heard).
    pub procedure: String,
    /// `QMV`, `QMV(10)` or `Unan`.
    pub council_rule: String,
    /// The outcome, if it is known and in this split.
    pub outcome: Option<f64>,
    /// `train` or `holdout`.
    pub split: String,
    /// The issue on its scale of 0–100, with the reference point if known.
    pub issue: PositionIssue,
    /// Actors left out for want of a position or a salience.
    pub left_out: usize,
}

impl DeuIssue {
    /// Whether the issue counts in a back-test: an outcome, and at least three actors.
    pub fn usable(&self) -> bool {
        self.outcome.is_some() && self.issue.actors().len() >= 3
    }
}

/// What is wrong with the folder, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}: {message}\n\nhint: the folder holds `issues.csv` and `positions.csv` as in the README of the tidied DEU data", crate::diagnostic::after_colon(*line))]
pub struct DeuError {
    /// The file.
    pub file: &'static str,
    /// Line, from 1; 0 if it is about the file as a whole.
    pub line: usize,
    /// What was found and expected.
    pub message: String,
}

/// Reads the folder; issues in file order, those without any usable actor left out.
///
/// # Errors
/// If a file or column is missing, a number is not one, or a value is off the scale of 0–100.
pub fn read(folder: &Path) -> Result<Vec<DeuIssue>, DeuError> {
    let text = |file: &'static str| {
        crate::bounded::read_to_string(&folder.join(file), crate::bounded::TABLE).map_err(|e| {
            DeuError {
                file,
                line: 0,
                message: format!("cannot read it in `{}`: {e}", folder.display()),
            }
        })
    };
    parse(&text("issues.csv")?, &text("positions.csv")?)
}

/// Reads the two tables from text.
///
/// # Errors
/// As [`read`].
pub fn parse(issues: &str, positions: &str) -> Result<Vec<DeuIssue>, DeuError> {
    let mut actors: BTreeMap<String, (Vec<PositionActor>, usize)> = BTreeMap::new();
    let table = Columns::new("positions.csv", positions)?;
    let at = table.find(["issue", "actor", "position", "salience", "capability"])?;
    for row in table.rows() {
        let row = row?;
        let entry = actors.entry(row.text(at[0]).to_owned()).or_default();
        match (row.number(at[2])?, row.number(at[3])?, row.number(at[4])?) {
            (Some(position), Some(salience), Some(capability)) => entry.0.push(PositionActor {
                name: row.text(at[1]).to_owned(),
                capability,
                position,
                salience,
            }),
            _ => entry.1 += 1,
        }
    }
    let table = Columns::new("issues.csv", issues)?;
    let at = table.find([
        "issue",
        "proposal",
        "name",
        "year",
        "act",
        "council",
        "procedure",
        "council_rule",
        "reference_point",
        "outcome",
        "split",
    ])?;
    let mut out = Vec::new();
    for row in table.rows() {
        let row = row?;
        let text = |k: usize| row.text(at[k]).to_owned();
        let (who, left_out) = actors.remove(&text(0)).unwrap_or_default();
        if who.is_empty() {
            continue;
        }
        let outcome = row.number(at[9])?;
        if outcome.is_some_and(|y| !(0.0..=100.0).contains(&y)) {
            return Err(row.wrong(format!("outcome of `{}` is not in 0–100", text(0))));
        }
        let issue = PositionIssue::new(0.0, 100.0, row.number(at[8])?, who)
            .map_err(|e| row.wrong(format!("issue `{}`: {e}", text(0))))?;
        out.push(DeuIssue {
            id: text(0),
            proposal: text(1),
            name: text(2),
            year: row.number(at[3])?.unwrap_or(0.0) as i32,
            act: text(4),
            council: text(5),
            procedure: text(6),
            council_rule: text(7),
            outcome,
            split: text(10),
            issue,
            left_out,
        });
    }
    Ok(out)
}

/// A CSV file with a header.
struct Columns {
    file: &'static str,
    header: csv::StringRecord,
    records: Vec<Result<csv::StringRecord, csv::Error>>,
}

struct Row<'a> {
    file: &'static str,
    line: usize,
    header: &'a csv::StringRecord,
    record: &'a csv::StringRecord,
}

impl Columns {
    fn new(file: &'static str, text: &str) -> Result<Self, DeuError> {
        let text = text.trim_start_matches('\u{feff}');
        let mut reader =
            csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let header = reader
            .headers()
            .map_err(|e| DeuError { file, line: 1, message: e.to_string() })?
            .clone();
        let records = reader.records().collect();
        Ok(Self { file, header, records })
    }

    fn find<const N: usize>(&self, names: [&str; N]) -> Result<[usize; N], DeuError> {
        let mut at = [0; N];
        for (at, name) in at.iter_mut().zip(names) {
            *at = self.header.iter().position(|h| h == name).ok_or_else(|| DeuError {
                file: self.file,
                line: 1,
                message: format!(
                    "no column `{name}` among `{}`",
                    self.header.iter().collect::<Vec<_>>().join("`, `")
                ),
            })?;
        }
        Ok(at)
    }

    fn rows(&self) -> impl Iterator<Item = Result<Row<'_>, DeuError>> {
        self.records.iter().map(|r| match r {
            Ok(record) => Ok(Row {
                file: self.file,
                line: record.position().map_or(0, |p| p.line() as usize),
                header: &self.header,
                record,
            }),
            Err(e) => Err(DeuError {
                file: self.file,
                line: e.position().map_or(0, |p| p.line() as usize),
                message: e.to_string(),
            }),
        })
    }
}

impl Row<'_> {
    fn text(&self, k: usize) -> &str {
        self.record.get(k).unwrap_or("")
    }

    fn wrong(&self, message: String) -> DeuError {
        DeuError { file: self.file, line: self.line, message }
    }

    /// A number, or `None` for an empty cell.
    fn number(&self, k: usize) -> Result<Option<f64>, DeuError> {
        let text = self.text(k);
        if text.is_empty() {
            return Ok(None);
        }
        match text.parse::<f64>() {
            Ok(v) if v.is_finite() => Ok(Some(v)),
            _ => {
                let column = self.header.get(k).unwrap_or("");
                Err(self.wrong(format!("`{text}` in column `{column}` is not a number")))
            }
        }
    }
}
