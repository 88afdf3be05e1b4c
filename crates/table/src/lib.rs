//! The tables of a report as Arrow and as Parquet.
//!
//! A table is that of [`winset_page::table`], or a list of `--json` whose kinds are read off its
//! values: the same names, the same order of rows, the same numbers. Nothing is computed here, so that a data frame and the command cannot differ.

#[cfg(feature = "arrow")]
mod arrow;
#[cfg(feature = "parquet")]
mod parquet;

/// The format's own crate, for who reads a file back.
#[cfg(feature = "parquet")]
pub use ::parquet as format;
use serde_json::Value;
use winset_model::case::Day;
use winset_page::table::{Cell, CellKind, DataTable};

/// A row does not hold what its column says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableError {
    /// The column.
    pub column: String,
    /// The row, from 0.
    pub row: usize,
    /// What the column holds.
    pub kind: CellKind,
}

impl std::fmt::Display for TableError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { column, row, kind } = self;
        write!(f, "row {row} of column `{column}` is not {}", in_words(*kind))
    }
}

impl std::error::Error for TableError {}

fn in_words(kind: CellKind) -> &'static str {
    match kind {
        CellKind::Date => "a day",
        CellKind::Number => "a number",
        CellKind::Whole => "a whole number",
        CellKind::Text => "text",
        CellKind::Flag => "true or false",
        CellKind::Texts => "a list of texts",
        CellKind::Numbers => "a list of numbers",
    }
}

/// The kind that holds all values of a column, if there is one; text where there are none.
fn kind_of<'v>(values: impl Iterator<Item = &'v Value>) -> Option<CellKind> {
    let (mut kind, mut empty) = (None, false);
    for value in values {
        let here = match value {
            Value::Null => continue,
            // An empty list fits both kinds of lists.
            Value::Array(inner) if inner.is_empty() => {
                empty = true;
                continue;
            }
            Value::Bool(_) => CellKind::Flag,
            Value::Number(_) => CellKind::Number,
            Value::String(text) if Day::parse(text).is_some() => CellKind::Date,
            Value::String(_) => CellKind::Text,
            Value::Array(inner) if inner.iter().all(Value::is_number) => CellKind::Numbers,
            Value::Array(inner) if inner.iter().all(Value::is_string) => CellKind::Texts,
            Value::Array(_) | Value::Object(_) => return None,
        };
        kind = match (kind, here) {
            (None, here) => Some(here),
            (Some(had), here) if had == here => Some(had),
            (Some(CellKind::Date | CellKind::Text), CellKind::Date | CellKind::Text) => {
                Some(CellKind::Text)
            }
            _ => return None,
        };
    }
    match kind {
        None => Some(if empty { CellKind::Texts } else { CellKind::Text }),
        Some(CellKind::Numbers | CellKind::Texts) => kind,
        Some(_) => kind.filter(|_| !empty),
    }
}

/// A value of JSON as a cell of a kind; `None` if it is not of it.
fn cell(kind: CellKind, value: &Value) -> Option<Cell> {
    fn each<'v, T>(v: &'v Value, of: impl Fn(&'v Value) -> Option<T>) -> Option<Vec<T>> {
        v.as_array()?.iter().map(of).collect()
    }
    let text = |v: &Value| v.as_str().map(str::to_owned);
    if value.is_null() {
        return Some(Cell::Empty);
    }
    match kind {
        CellKind::Date => text(value).map(Cell::Date),
        CellKind::Number => value.as_f64().map(Cell::Number),
        CellKind::Whole => value.as_i64().map(Cell::Whole),
        CellKind::Text => text(value).map(Cell::Text),
        CellKind::Flag => value.as_bool().map(Cell::Flag),
        CellKind::Texts => each(value, text).map(Cell::Texts),
        CellKind::Numbers => each(value, Value::as_f64).map(Cell::Numbers),
    }
}

/// What `of` reads off each cell, nothing where there is none; an error is the row it cannot read.
fn gaps<'c, T>(
    cells: impl Iterator<Item = &'c Cell>,
    of: impl Fn(&'c Cell) -> Option<T>,
) -> Result<Vec<Option<T>>, usize> {
    let read = |(row, cell): (usize, &'c Cell)| match cell {
        Cell::Empty => Ok(None),
        cell => of(cell).map(Some).ok_or(row),
    };
    cells.enumerate().map(read).collect()
}

/// The values of a column, one a row; `None` where there is none.
#[derive(Clone, Debug, PartialEq)]
pub enum ColumnValues {
    /// Days, counted from 1970-01-01: `date32`, in Parquet `DATE`.
    Date(Vec<Option<i32>>),
    /// Numbers: `float64`, in Parquet `DOUBLE`.
    Number(Vec<Option<f64>>),
    /// Whole numbers: `int64`, in Parquet `INT64`.
    Whole(Vec<Option<i64>>),
    /// Texts: `utf8`, in Parquet `STRING`.
    Text(Vec<Option<String>>),
    /// True or false: `bool`, in Parquet `BOOLEAN`.
    Truth(Vec<Option<bool>>),
    /// Several texts a row: a list of `utf8`, in Parquet `LIST`.
    Texts(Vec<Option<Vec<String>>>),
    /// Several numbers a row: a list of `float64`, in Parquet `LIST`.
    Numbers(Vec<Option<Vec<f64>>>),
}

/// Columns with their names, all equally long.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns {
    /// The name and the values of each, in their order.
    pub columns: Vec<(String, ColumnValues)>,
    /// What the table is of, as key and value: a file says it in its head.
    pub about: Vec<(String, String)>,
}

impl ColumnValues {
    /// A column of cells of one kind; an error is the row that is not of it.
    fn of<'c>(kind: CellKind, cells: impl Iterator<Item = &'c Cell>) -> Result<Self, usize> {
        macro_rules! read {
            ($to:ident, $from:ident) => {
                Self::$to(gaps(cells, |c| match c {
                    Cell::$from(x) => Some(x.to_owned()),
                    _ => None,
                })?)
            };
        }
        let day = |c: &Cell| match c {
            Cell::Date(day) => Day::parse(day).map(|day| day.0),
            _ => None,
        };
        Ok(match kind {
            CellKind::Date => Self::Date(gaps(cells, day)?),
            CellKind::Number => read!(Number, Number),
            CellKind::Whole => read!(Whole, Whole),
            CellKind::Text => read!(Text, Text),
            CellKind::Flag => read!(Truth, Flag),
            CellKind::Texts => read!(Texts, Texts),
            CellKind::Numbers => read!(Numbers, Numbers),
        })
    }
}

impl Columns {
    /// The columns of a table, each of its own type.
    ///
    /// # Errors
    /// If a cell is not of the kind of its column.
    pub fn of(table: &DataTable) -> Result<Self, TableError> {
        let column = |(k, (name, kind)): (usize, &(String, CellKind))| {
            let cells = table.rows.iter().map(|row| row.get(k).unwrap_or(&Cell::Empty));
            let wrong = |row| TableError { column: name.clone(), row, kind: *kind };
            Ok((name.clone(), ColumnValues::of(*kind, cells).map_err(wrong)?))
        };
        let columns = table.columns.iter().enumerate().map(column);
        Ok(Self { columns: columns.collect::<Result<_, _>>()?, about: Vec::new() })
    }

    /// The rows of a list of `--json` under the columns given; keys without a column are left out,
    /// and a row without a key has nothing there.
    ///
    /// # Errors
    /// If a value is not of the kind of its column.
    pub fn of_rows(columns: &[(&str, CellKind)], rows: &[Value]) -> Result<Self, TableError> {
        let cells = |(k, row): (usize, &Value)| {
            let of = |(name, kind): &(&str, CellKind)| {
                let wrong = || TableError { column: (*name).to_owned(), row: k, kind: *kind };
                row.get(*name).map_or(Ok(Cell::Empty), |v| cell(*kind, v).ok_or_else(wrong))
            };
            columns.iter().map(of).collect::<Result<Vec<Cell>, TableError>>()
        };
        Self::of(&DataTable {
            columns: columns.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect(),
            rows: rows.iter().enumerate().map(cells).collect::<Result<_, _>>()?,
        })
    }

    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |(_, column)| match column {
            ColumnValues::Date(v) => v.len(),
            ColumnValues::Number(v) => v.len(),
            ColumnValues::Whole(v) => v.len(),
            ColumnValues::Text(v) => v.len(),
            ColumnValues::Truth(v) => v.len(),
            ColumnValues::Texts(v) => v.len(),
            ColumnValues::Numbers(v) => v.len(),
        })
    }
}

/// The columns of rows whose keys nobody wrote down: every key of any row, in the order met, with
/// the kind that holds all its values. Keys that hold objects or a mixture have no column.
pub fn columns(rows: &[Value]) -> Vec<(&str, CellKind)> {
    let mut names: Vec<&str> = Vec::new();
    for row in rows.iter().filter_map(Value::as_object) {
        for key in row.keys().filter(|k| !names.contains(&k.as_str())).collect::<Vec<_>>() {
            names.push(key);
        }
    }
    let kind = |name: &&str| kind_of(rows.iter().filter_map(|row| row.get(*name)));
    names.into_iter().filter_map(|n| kind(&n).map(|k| (n, k))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rows_become_columns_with_gaps() {
        let rows = [
            json!({ "date": "1970-01-02", "p": 0.25, "who": "a", "sets": ["x", "y"], "more": 1 }),
            json!({ "date": "2000-03-01", "p": null, "sets": [] }),
        ];
        let wanted = [
            ("date", CellKind::Date),
            ("p", CellKind::Number),
            ("who", CellKind::Text),
            ("sets", CellKind::Texts),
        ];
        let table = Columns::of_rows(&wanted, &rows).unwrap();
        let texts = |texts: &[&str]| Some(texts.iter().map(|t| (*t).to_owned()).collect());
        let found: Vec<&ColumnValues> = table.columns.iter().map(|(_, column)| column).collect();
        // 2000-03-01 is 11 017 days after 1970-01-01 (RFC 3339 arithmetic: 10 957 + 60).
        assert_eq!(found[0], &ColumnValues::Date(vec![Some(1), Some(11_017)]));
        assert_eq!(found[1], &ColumnValues::Number(vec![Some(0.25), None]));
        assert_eq!(found[2], &ColumnValues::Text(vec![Some("a".to_owned()), None]));
        assert_eq!(found[3], &ColumnValues::Texts(vec![texts(&["x", "y"]), texts(&[])]));
        assert_eq!((found.len(), table.rows()), (4, 2));
    }

    #[test]
    fn a_value_of_another_kind_is_named() {
        let rows = [json!({ "p": 1 }), json!({ "p": "high" })];
        let error = Columns::of_rows(&[("p", CellKind::Number)], &rows).unwrap_err();
        assert_eq!(error.to_string(), "row 1 of column `p` is not a number");
        let day = [json!({ "d": "2025-02-30" })];
        assert!(Columns::of_rows(&[("d", CellKind::Date)], &day).is_err());
        let mixed = [json!({ "l": [1, "x"] })];
        assert!(Columns::of_rows(&[("l", CellKind::Numbers)], &mixed).is_err());
    }

    #[test]
    fn an_empty_table_keeps_its_columns() {
        let columns = [("path", CellKind::Text), ("from", CellKind::Number)];
        let table = Columns::of_rows(&columns, &[]).unwrap();
        assert_eq!((table.rows(), table.columns.len()), (0, 2));
    }

    #[test]
    fn kinds_are_read_off_rows() {
        let rows = [
            json!({ "a": 1, "d": "2025-04-22", "t": null, "l": [], "o": {} }),
            json!({ "a": 0.5, "d": "2025-04-23", "t": "x", "l": ["y"], "b": true }),
        ];
        let found = columns(&rows);
        let wanted = [
            ("a", CellKind::Number),
            ("d", CellKind::Date),
            ("t", CellKind::Text),
            ("l", CellKind::Texts),
            ("b", CellKind::Flag),
        ];
        assert_eq!(found, wanted);
        for other in [json!("x"), json!([]), json!([1])] {
            assert_eq!(columns(&[json!({ "a": 1 }), json!({ "a": other })]), []);
        }
        let lists = [json!({ "a": ["x"] }), json!({ "a": [] }), json!({ "a": ["y"] })];
        assert_eq!(columns(&lists), [("a", CellKind::Texts)]);
        assert!(Columns::of_rows(&columns(&lists), &lists).is_ok());
    }
}
