//! Actor tables: a spreadsheet's rows, or a KTAB file, become issues.
//!
//! Two layouts are read. A plain table has one row an actor and the columns actor, capability,
//! position and salience under any of their usual names; it may be pasted from a spreadsheet (tab
//! or semicolon, decimal comma). The KTAB layout opens with a line `name, description, actors,
//! issues`, then `Actor, Description, Power, Pstn1, Sal1, …`, two columns an issue.

use std::path::Path;
use winset_model::spatial::{PositionActor, PositionIssue};

/// One issue read from a table.
#[derive(Debug, Clone, PartialEq)]
pub struct ActorTable {
    /// The issue's name; the table's own, or that of its position column.
    pub name: String,
    /// The issue, checked.
    pub issue: PositionIssue,
}

/// What is wrong with a table, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}{message}\n\nhint: {hint}", place = self.place())]
pub struct ActorTableError {
    /// Line in the file, from 1; 0 if it is about the file as a whole.
    pub line: usize,
    /// The column it is about: `actor`, `capability`, `position`, `salience` or `reference`.
    pub field: Option<&'static str>,
    /// What was found and expected.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

impl ActorTableError {
    fn place(&self) -> String {
        if self.line > 0 { format!("line {}: ", self.line) } else { String::new() }
    }
}

pub(crate) fn wrong<T>(
    line: usize,
    field: Option<&'static str>,
    message: impl Into<String>,
    hint: impl Into<String>,
) -> Result<T, ActorTableError> {
    Err(ActorTableError { line, field, message: message.into(), hint: hint.into() })
}

const NAME: &[&str] = &["actor", "name", "player", "stakeholder", "group", "country", "party"];
const CAPABILITY: &[&str] =
    &["capability", "capabilities", "power", "influence", "resources", "weight", "c"];
const POSITION: &[&str] = &["position", "pstn", "pos", "ideal", "preference", "x"];
const SALIENCE: &[&str] = &["salience", "sal", "importance", "priority", "s"];
const REFERENCE: &[&str] =
    &["reference", "referencepoint", "statusquo", "statusquopoint", "now", "sq"];

/// Reads an actor table from a file.
///
/// # Errors
/// If the file cannot be read as text, or as [`parse`].
pub fn read(path: &Path) -> Result<Vec<ActorTable>, ActorTableError> {
    let hint = "give a CSV file with the columns actor, capability, position, salience";
    match std::fs::read_to_string(path) {
        Ok(text) => parse(&text),
        Err(e) => wrong(0, None, format!("cannot read `{}`: {e}", path.display()), hint),
    }
}

/// Reads the issues of a table, each on its scale.
///
/// The scale of a plain table is the held range, rounded outwards to whole numbers (a column
/// `reference point` included); that of a KTAB file is 0–100, or wider if a position is.
///
/// # Errors
/// If no layout fits, a number is missing or not one, or an issue is not valid.
pub fn parse(text: &str) -> Result<Vec<ActorTable>, ActorTableError> {
    let text = text.trim_start_matches('\u{feff}');
    let delimiter = delimiter(text);
    let rows = rows(text, delimiter)?;
    let decimal_comma = delimiter != b',';
    // KTAB's own files open with a line about the scenario; a pasted part may lack it.
    let second = rows.get(1).is_some_and(|r| is_ktab_header(&r.cells));
    let first = rows.first().is_some_and(|r| is_ktab_header(&r.cells) && r.cells.len() >= 7);
    match (second, first) {
        (true, _) => ktab(&rows[1..], decimal_comma),
        (_, true) => ktab(&rows, decimal_comma),
        _ => plain(&rows, decimal_comma),
    }
}

/// A row of a table that is not blank and no remark.
pub(crate) struct ActorRow {
    pub(crate) line: usize,
    pub(crate) cells: Vec<String>,
}

/// The separator that the first two lines both use most; on a tie tab, then semicolon.
fn delimiter(text: &str) -> u8 {
    let lines = || text.lines().filter(|l| !l.trim().is_empty() && !l.starts_with('#')).take(2);
    let used = |d: char| lines().map(|l| l.matches(d).count()).min().unwrap_or(0);
    let best = ['\t', ';', ','].into_iter().rev().max_by_key(|&d| used(d));
    best.map_or(b',', |d| d as u8)
}

pub(crate) fn rows(text: &str, delimiter: u8) -> Result<Vec<ActorRow>, ActorTableError> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        match record {
            Ok(r) => {
                let line = r.position().map_or(0, |p| p.line() as usize);
                let mut cells: Vec<String> = r.iter().map(str::to_owned).collect();
                // A trailing separator is no column.
                while cells.last().is_some_and(String::is_empty) {
                    cells.pop();
                }
                if !cells.is_empty() && !cells[0].starts_with('#') {
                    rows.push(ActorRow { line, cells });
                }
            }
            Err(e) => {
                let line = e.position().map_or(0, |p| p.line() as usize);
                return wrong(
                    line,
                    None,
                    format!("not a table: {e}"),
                    "check the quotes on this line",
                );
            }
        }
    }
    Ok(rows)
}

fn plain_name(cell: &str) -> String {
    // Units in brackets and everything but letters and digits are noise.
    let cell = cell.split(['(', '[']).next().unwrap_or("");
    cell.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn is_ktab_header(cells: &[String]) -> bool {
    let name = |k: usize| cells.get(k).map(|c| plain_name(c)).unwrap_or_default();
    name(0) == "actor" && name(1).starts_with("desc") && cells.len() >= 5
}

/// A finite number of a column; with `comma`, one with a decimal comma too.
fn number(
    cell: &str,
    comma: bool,
    field: &'static str,
    what: &str,
    line: usize,
) -> Result<f64, ActorTableError> {
    let mut text = cell.trim().trim_end_matches('%').trim().to_owned();
    if comma && !text.contains('.') {
        text = text.replacen(',', ".", 1);
    }
    match text.parse::<f64>() {
        Ok(v) if v.is_finite() => Ok(v),
        _ => wrong(
            line,
            Some(field),
            format!("{what} `{cell}` is not a number"),
            "leave out the row, or write a plain number such as 35 or 0.35",
        ),
    }
}

/// The issue of a plain table; with `comma`, numbers may have a decimal comma.
pub(crate) fn plain(rows: &[ActorRow], comma: bool) -> Result<Vec<ActorTable>, ActorTableError> {
    let Some(header) = rows.first() else {
        return wrong(
            0,
            None,
            "the table is empty",
            "start with a header: actor,capability,position,salience",
        );
    };
    let names: Vec<String> = header.cells.iter().map(|c| plain_name(c)).collect();
    let find = |known: &[&'static str]| {
        let exact = names.iter().position(|n| known.contains(&n.as_str()));
        // `Position on sanctions` is a position too; one-letter names must match whole.
        let long = |n: &String| known.iter().any(|k| k.len() > 2 && n.contains(k));
        exact.or_else(|| names.iter().position(long))
    };
    let column = |known: &[&'static str]| match find(known) {
        Some(k) => Ok(k),
        None => wrong(
            header.line,
            Some(known[0]),
            format!("no column `{}` among `{}`", known[0], header.cells.join("`, `")),
            format!("name one of the columns {}", known.join(", ")),
        ),
    };
    let (name, capability) = (column(NAME)?, column(CAPABILITY)?);
    let (position, salience) = (column(POSITION)?, column(SALIENCE)?);
    let reference_column = find(REFERENCE).filter(|&k| k != position);
    let mut actors = Vec::new();
    let mut reference: Option<f64> = None;
    for row in &rows[1..] {
        let cell = |k: usize| row.cells.get(k).map_or("", String::as_str);
        let value = |k: usize, field: &'static str, what: &str| {
            number(cell(k), comma, field, &format!("{what} of `{}`", cell(name)), row.line)
        };
        if let Some(k) = reference_column.filter(|&k| !cell(k).is_empty()) {
            let r = value(k, REFERENCE[0], "reference point")?;
            if reference.is_some_and(|old| old != r) {
                return wrong(
                    row.line,
                    Some(REFERENCE[0]),
                    format!("reference point `{r}` differs from the one above"),
                    "an issue has one reference point: write it once",
                );
            }
            reference = Some(r);
        }
        actors.push(PositionActor {
            name: cell(name).to_owned(),
            capability: value(capability, CAPABILITY[0], "capability")?,
            position: value(position, POSITION[0], "position")?,
            salience: value(salience, SALIENCE[0], "salience")?,
        });
    }
    let held = actors.iter().map(|a| a.position).chain(reference);
    let (lo, hi) = whole(held);
    table("issue", lo, hi, reference, actors).map(|t| vec![t])
}

fn ktab(rows: &[ActorRow], comma: bool) -> Result<Vec<ActorTable>, ActorTableError> {
    let Some((header, rows)) = rows.split_first() else { return Ok(Vec::new()) };
    let issues = header.cells.len().saturating_sub(3) / 2;
    let mut tables = Vec::with_capacity(issues);
    for k in 0..issues {
        let (position, salience) = (3 + 2 * k, 4 + 2 * k);
        let mut actors = Vec::new();
        for row in rows {
            let cell = |k: usize| row.cells.get(k).map_or("", String::as_str);
            let value = |k: usize, field: &'static str, what: &str| {
                number(cell(k), comma, field, &format!("{what} of `{}`", cell(0)), row.line)
            };
            actors.push(PositionActor {
                name: cell(0).to_owned(),
                capability: value(2, CAPABILITY[0], "power")?,
                position: value(position, POSITION[0], "position")?,
                salience: value(salience, SALIENCE[0], "salience")?,
            });
        }
        let (lo, hi) = whole(actors.iter().map(|a| a.position).chain([0.0, 100.0]));
        tables.push(table(&header.cells[position], lo, hi, None, actors)?);
    }
    Ok(tables)
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

fn table(
    name: &str,
    lo: f64,
    hi: f64,
    reference: Option<f64>,
    actors: Vec<PositionActor>,
) -> Result<ActorTable, ActorTableError> {
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
