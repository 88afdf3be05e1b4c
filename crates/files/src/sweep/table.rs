//! The rows of a sweep: as a table of typed columns, and in a part file while it runs.

use crate::sheet;
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use winset_model::case::Day;
use winset_model::explain::SweepRow;

use super::{Axis, Setting, Spec};

/// A column; one value a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    /// Whole numbers.
    Whole(Vec<u64>),
    /// Numbers; `None` where there is none.
    Number(Vec<Option<f64>>),
    /// True or false.
    Truth(Vec<bool>),
    /// Days.
    Date(Vec<Day>),
    /// Texts.
    Text(Vec<String>),
}

impl Column {
    /// The settings of a path at some points. Its kind is that of all values in the spec, so that a
    /// few rows have the columns of the whole table.
    fn of(axis: &Axis, points: &[&Setting]) -> Self {
        fn all<T>(axis: &Axis, at: &[&Setting], of: fn(&Setting) -> Option<T>) -> Option<Vec<T>> {
            let one_kind = axis.values.iter().all(|v| of(v).is_some());
            one_kind.then(|| at.iter().filter_map(|v| of(v)).collect())
        }
        let number = |v: &Setting| if let Setting::Number(x) = v { Some(Some(*x)) } else { None };
        let truth = |v: &Setting| if let Setting::Truth(b) = v { Some(*b) } else { None };
        let day = |v: &Setting| if let Setting::Day(day) = v { Some(*day) } else { None };
        all(axis, points, number)
            .map(Self::Number)
            .or_else(|| all(axis, points, truth).map(Self::Truth))
            .or_else(|| all(axis, points, day).map(Self::Date))
            .unwrap_or_else(|| Self::Text(points.iter().map(|v| v.to_string()).collect()))
    }
}

/// The rows of a sweep by column, in the order of the points: `point`, the paths that vary, `p`,
/// `lo`, `hi`, `mcse`, `zone`, `closed`, and the median terms as `terms.ISSUE`.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Names and columns, all equally long.
    pub columns: Vec<(String, Column)>,
}

impl Table {
    /// The table of the rows there are; `issues` are the ids that the terms are of.
    pub fn new(spec: &Spec, issues: &[String], rows: &BTreeMap<usize, SweepRow>) -> Self {
        let mut columns =
            vec![("point".to_owned(), Column::Whole(rows.keys().map(|k| *k as u64).collect()))];
        let points: Vec<Vec<&Setting>> = rows.keys().map(|k| spec.point(*k)).collect();
        for (k, axis) in spec.axes().enumerate() {
            let settings: Vec<&Setting> = points.iter().map(|point| point[k]).collect();
            columns.push((axis.path.clone(), Column::of(axis, &settings)));
        }
        let mut number = |name: &str, of: &dyn Fn(&SweepRow) -> Option<f64>| {
            columns.push((name.to_owned(), Column::Number(rows.values().map(of).collect())));
        };
        number("p", &|r| Some(r.p));
        number("lo", &|r| Some(r.lo));
        number("hi", &|r| Some(r.hi));
        number("mcse", &|r| Some(r.mcse));
        number("zone", &|r| Some(r.zone));
        number("closed", &|r| Some(r.closed));
        for (j, issue) in issues.iter().enumerate() {
            number(&format!("terms.{issue}"), &|r| r.terms.get(j).copied().flatten());
        }
        Self { columns }
    }

    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |(_, column)| match column {
            Column::Whole(v) => v.len(),
            Column::Number(v) => v.len(),
            Column::Truth(v) => v.len(),
            Column::Date(v) => v.len(),
            Column::Text(v) => v.len(),
        })
    }

    /// The value of a row in a column, as JSON.
    fn value(column: &Column, row: usize) -> serde_json::Value {
        match column {
            Column::Whole(v) => v[row].into(),
            Column::Number(v) => v[row].into(),
            Column::Truth(v) => v[row].into(),
            Column::Date(v) => v[row].to_string().into(),
            Column::Text(v) => v[row].as_str().into(),
        }
    }

    /// The table as CSV with a header; an empty field where there is no value.
    pub fn csv(&self) -> String {
        let field = |column: &Column, row: usize| match column {
            Column::Whole(v) => v[row].to_string(),
            Column::Number(v) => v[row].map_or_else(String::new, |x| x.to_string()),
            Column::Truth(v) => v[row].to_string(),
            Column::Date(v) => v[row].to_string(),
            Column::Text(v) => v[row].clone(),
        };
        let row = |row| self.columns.iter().map(move |(_, column)| field(column, row));
        sheet::table(self.columns.iter().map(|(name, _)| name), (0..self.rows()).map(row))
    }

    /// The rows as JSON objects with the columns as keys.
    pub fn json(&self) -> Vec<serde_json::Value> {
        let row = |row| {
            let fields = self.columns.iter();
            let fields = fields.map(|(name, column)| (name.clone(), Self::value(column, row)));
            serde_json::Value::Object(fields.collect())
        };
        (0..self.rows()).map(row).collect()
    }
}

/// Why a part file cannot be gone on with.
#[derive(Debug, thiserror::Error)]
pub enum PartError {
    /// It cannot be read or written.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// It is of another spec, case or version, or no part file.
    #[error("it is of another sweep")]
    Other,
    /// Another process works on it.
    #[error("another process works on it")]
    Busy,
}

/// A file that rows are appended to as they are done.
#[derive(Debug)]
pub struct Part {
    file: File,
    /// The rows that were there when it was opened.
    pub done: BTreeMap<usize, SweepRow>,
}

impl Part {
    /// Opens the part file of a sweep with this [`Spec::hash`], or begins it. A row that was cut
    /// short is dropped, with whatever follows it.
    ///
    /// # Errors
    /// A file of something else, one that another process holds, or one that cannot be used.
    pub fn open(path: &Path, hash: &str, points: usize, issues: usize) -> Result<Self, PartError> {
        let mut options = OpenOptions::new();
        let mut file = options.read(true).write(true).create(true).truncate(false).open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => return Err(PartError::Busy),
            // Some file systems know no locks; rows are the same whoever writes them.
            Err(std::fs::TryLockError::Error(_)) => {}
        }
        let mut text = Vec::new();
        file.read_to_end(&mut text)?;
        let head = format!("# winset sweep {hash}\n");
        let mut done = BTreeMap::new();
        let mut whole = head.len();
        match text.strip_prefix(head.as_bytes()) {
            Some(rows) => {
                for line in rows.split_inclusive(|b| *b == b'\n') {
                    let Some((k, row)) = parse(line, issues).filter(|(k, _)| *k < points) else {
                        break;
                    };
                    whole += line.len();
                    done.insert(k, row);
                }
            }
            // Killed while it wrote the first line: nothing is lost.
            None if head.as_bytes().starts_with(&text) => {
                file.set_len(0)?;
                file.seek(SeekFrom::Start(0))?;
                file.write_all(head.as_bytes())?;
            }
            None => return Err(PartError::Other),
        }
        file.set_len(whole as u64)?;
        file.seek(SeekFrom::End(0))?;
        Ok(Self { file, done })
    }

    /// Appends a row.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn add(&mut self, point: usize, row: &SweepRow) -> Result<(), std::io::Error> {
        let mut line = point.to_string();
        for x in [row.p, row.lo, row.hi, row.mcse, row.zone, row.closed] {
            line.push_str(&format!(",{x}"));
        }
        for x in &row.terms {
            line.push(',');
            line.push_str(&x.map_or_else(String::new, |x| x.to_string()));
        }
        line.push('\n');
        self.file.write_all(line.as_bytes())
    }
}

/// Reads a row that ends with its line.
fn parse(line: &[u8], issues: usize) -> Option<(usize, SweepRow)> {
    let line = std::str::from_utf8(line.strip_suffix(b"\n")?).ok()?;
    let fields: Vec<&str> = line.split(',').collect();
    if fields.len() != 7 + issues {
        return None;
    }
    let number = |k: usize| fields[k].parse::<f64>().ok().filter(|x| x.is_finite());
    let terms: Option<Vec<Option<f64>>> = (7..7 + issues)
        .map(|k| if fields[k].is_empty() { Some(None) } else { number(k).map(Some) })
        .collect();
    let row = SweepRow {
        p: number(1)?,
        lo: number(2)?,
        hi: number(3)?,
        mcse: number(4)?,
        zone: number(5)?,
        closed: number(6)?,
        terms: terms?,
    };
    Some((fields[0].parse().ok()?, row))
}
