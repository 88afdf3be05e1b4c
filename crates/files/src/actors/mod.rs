//! Actor tables: a spreadsheet's rows, or a KTAB file, become issues.
//!
//! A table has one row an actor (wide: a position and a salience column for each issue, paired by
//! their names) or one row an actor and issue (long: a column `issue`). Columns go by any of their
//! usual names, in whole words; titles may stand above the header, totals and notes below the rows.

mod heading;
mod layout;

use std::path::Path;

use winset_methods::spatial::{PositionActor, PositionIssue};

use crate::sheet::{self, SheetText};
use heading::ColumnRole;

/// One issue read from a table.
#[derive(Debug, Clone, PartialEq)]
pub struct ActorTable {
    /// The issue's name; the table's own, or that of its position column.
    pub name: String,
    /// The issue, checked.
    pub issue: PositionIssue,
}

/// All that was read from a table.
#[derive(Debug, Clone, PartialEq)]
pub struct ActorSheet {
    /// Its issues, in the order of the columns or of their first rows.
    pub issues: Vec<ActorTable>,
    /// The side of each actor, in the order of the rows; none where no column says it.
    pub sides: Vec<(String, String)>,
    /// What was read from where.
    pub reading: TableReading,
}

/// What was read from a table, and from where.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TableReading {
    /// How many actors.
    pub actors: usize,
    /// How many issues.
    pub issues: usize,
    /// The columns that were read, in the order of the table.
    pub columns: Vec<ColumnReading>,
    /// The columns that were not.
    pub unread: Vec<String>,
    /// What else was done: rows that were left out, an encoding that was guessed.
    pub remarks: Vec<String>,
}

/// A column that was read.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ColumnReading {
    /// Its heading.
    pub column: String,
    /// What it holds: `actor`, `side`, `issue`, `capability`, `position`, `salience` or `status quo`.
    pub holds: &'static str,
    /// The issue it is about; `null` where it is about all of them or the table has one.
    pub issue: Option<String>,
}

impl TableReading {
    /// The same in a sentence: `3 actors, 1 issue; position from `Ideal`, …`.
    pub fn sentence(&self) -> String {
        let many = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
        let from = |c: &ColumnReading| {
            let of = c.issue.as_ref().map_or_else(String::new, |issue| format!(" of {issue}"));
            format!("{}{of} from `{}`", c.holds, c.column)
        };
        let columns: Vec<String> = self.columns.iter().map(from).collect();
        let mut parts = vec![
            format!("{}, {}", many(self.actors, "actor"), many(self.issues, "issue")),
            columns.join(", "),
        ];
        if !self.unread.is_empty() {
            parts.push(format!("not read: `{}`", self.unread.join("`, `")));
        }
        parts.extend(self.remarks.iter().cloned());
        parts.join("; ")
    }
}

/// What is wrong with a table, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}{message}\n\nhint: {hint}", place = self.place())]
pub struct ActorTableError {
    /// Line in the file, from 1; 0 if it is about the file as a whole.
    pub line: usize,
    /// The heading of the column at fault; `None` if it is about a whole line or file.
    pub heading: Option<String>,
    /// What it is about: `actor`, `side`, `issue`, `capability`, `position`, `salience` or `reference`.
    pub field: Option<&'static str>,
    /// What was found and expected.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

impl ActorTableError {
    fn place(&self) -> String {
        match (self.line, &self.heading) {
            (0, _) => String::new(),
            (line, Some(column)) => format!("line {line}, column `{column}`: "),
            (line, None) => format!("line {line}: "),
        }
    }
}

pub(crate) fn wrong<T>(
    line: usize,
    field: Option<&'static str>,
    message: impl Into<String>,
    hint: impl Into<String>,
) -> Result<T, ActorTableError> {
    let (message, hint) = (message.into(), hint.into());
    Err(ActorTableError { line, heading: None, field, message, hint })
}

/// Reads an actor table from a file: text in any usual encoding, or a workbook where the build reads
/// them.
///
/// # Errors
/// If the file cannot be read as a table, or as [`parse`].
pub fn read(path: &Path) -> Result<ActorSheet, ActorTableError> {
    match sheet::open(path) {
        Ok(Ok(text)) => of_sheet(&text),
        Ok(Err(e)) => wrong(0, None, e.message, e.hint),
        Err(e) => {
            let hint = "give a CSV file with the columns actor, capability, position, salience";
            wrong(0, None, format!("cannot read `{}`: {e}", path.display()), hint)
        }
    }
}

/// Reads the issues of a table that was opened before.
///
/// # Errors
/// As [`parse`].
pub fn of_sheet(sheet: &SheetText) -> Result<ActorSheet, ActorTableError> {
    let mut read = parse(&sheet.text)?;
    read.reading.remarks.extend(sheet.remarks.iter().cloned());
    Ok(read)
}

/// Reads the issues of a table, each on its scale.
///
/// The scale is the held range, rounded outwards to whole numbers (the status quo included); that of
/// a KTAB file is 0–100, or wider if a position is.
///
/// # Errors
/// If no header is found, a column could be two things or lacks its partner, a number is missing, not
/// one or ambiguous, an actor comes twice, or an issue is not valid.
pub fn parse(text: &str) -> Result<ActorSheet, ActorTableError> {
    let text = text.trim_start_matches('\u{feff}');
    let delimiter = sheet::delimiter(text, layout::header_score);
    let rows = match sheet::rows(text, delimiter) {
        Ok(rows) => rows,
        Err(open) => {
            return wrong(open.line, None, open.message(), open.hint());
        }
    };
    // Rows that begin with `#` are remarks.
    let rows: Vec<_> = rows.into_iter().filter(|r| !r.cell(0).starts_with('#')).collect();
    layout::table(&rows, delimiter)
}

/// The held range rounded outwards to whole numbers, at least one wide.
fn whole(held: impl Iterator<Item = f64>) -> (f64, f64) {
    let (lo, hi) = held
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(x.floor()), b.max(x.ceil())));
    match lo < hi {
        true => (lo, hi),
        false if lo.is_finite() => (lo, lo + 1.0),
        false => (0.0, 1.0),
    }
}

/// An issue on the scale that its positions and `ends` need.
fn issue(
    name: &str,
    ends: &[f64],
    reference: Option<f64>,
    actors: Vec<PositionActor>,
) -> Result<ActorTable, ActorTableError> {
    let held = actors.iter().map(|a| a.position).chain(reference).chain(ends.iter().copied());
    let (lo, hi) = whole(held);
    match PositionIssue::new(lo, hi, reference, actors) {
        Ok(issue) => Ok(ActorTable { name: name.to_owned(), issue }),
        Err(e) => wrong(
            0,
            None,
            format!("issue `{name}`: {e}"),
            "each row needs a position, and a capability and salience from 0 up",
        ),
    }
}
