//! The tables of a report as Arrow and as Parquet.
//!
//! A table is a list of `--json` with its columns: the same names, the same order of rows, the same
//! numbers. Nothing is computed here, so that a data frame and the command cannot differ.

#[cfg(feature = "arrow")]
mod arrow;
#[cfg(feature = "parquet")]
mod parquet;

/// The format's own crate, for who reads a file back.
#[cfg(feature = "parquet")]
pub use ::parquet as format;
use serde_json::Value;
use winset_model::case::Day;

/// What a column holds. Any value may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A day.
    Date,
    /// A number.
    Number,
    /// Text.
    Text,
    /// True or false.
    Truth,
    /// Several texts.
    Texts,
    /// Several numbers.
    Numbers,
}

/// The name and the kind of each column, in their order.
pub type Columns = &'static [(&'static str, Kind)];

const DAYS: Columns =
    &[("date", Kind::Date), ("p", Kind::Number), ("lo", Kind::Number), ("hi", Kind::Number)];

const ENDINGS: Columns = &[
    ("agreement", Kind::Number),
    ("interim", Kind::Number),
    ("breakdown", Kind::Number),
    ("force", Kind::Number),
    ("suspension", Kind::Number),
    ("open", Kind::Number),
];

const TERMS: Columns = &[
    ("issue", Kind::Text),
    ("q05", Kind::Number),
    ("q25", Kind::Number),
    ("q50", Kind::Number),
    ("q75", Kind::Number),
    ("q95", Kind::Number),
    ("q50_reason", Kind::Text),
];

const BLOCKERS: Columns = &[
    ("actor", Kind::Text),
    ("side", Kind::Text),
    ("block", Kind::Number),
    ("walk", Kind::Number),
    ("veto", Kind::Number),
    ("binding", Kind::Number),
    ("banzhaf", Kind::Number),
    ("shapley", Kind::Number),
];

const OPENS: Columns = &[
    ("path", Kind::Text),
    ("from", Kind::Number),
    ("to", Kind::Number),
    ("zone", Kind::Number),
    ("zone_without", Kind::Number),
];

const COEFFICIENTS: Columns = &[
    ("name", Kind::Text),
    ("value", Kind::Number),
    ("range", Kind::Numbers),
    ("unit", Kind::Text),
    ("source", Kind::Text),
    ("effect", Kind::Numbers),
];

/// The tables of a forecast: the key of each list of `winset forecast --json`, and its columns.
pub const FORECAST: &[(&str, Columns)] = &[
    ("agreement", DAYS),
    ("endings_by_day", ENDINGS),
    ("events", &[("event", Kind::Text), ("p", Kind::Number)]),
    ("terms", TERMS),
    ("blockers", BLOCKERS),
    ("conflicts", &[("constraints", Kind::Texts), ("share", Kind::Number)]),
    ("opens", OPENS),
    ("force", &[("option", Kind::Text), ("credible", Kind::Number)]),
    ("coefficients", COEFFICIENTS),
];

/// A row does not hold what its column says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableError {
    /// The column.
    pub column: String,
    /// The row, from 0.
    pub row: usize,
    /// What the column holds.
    pub kind: Kind,
}

impl std::fmt::Display for TableError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { column, row, kind } = self;
        write!(f, "row {row} of column `{column}` is not {}", kind.in_words())
    }
}

impl std::error::Error for TableError {}

impl Kind {
    fn in_words(self) -> &'static str {
        match self {
            Self::Date => "a day",
            Self::Number => "a number",
            Self::Text => "text",
            Self::Truth => "true or false",
            Self::Texts => "a list of texts",
            Self::Numbers => "a list of numbers",
        }
    }

    /// The kind that holds all values of a column, if there is one; text where there are none.
    fn of<'v>(values: impl Iterator<Item = &'v Value>) -> Option<Self> {
        let (mut kind, mut empty) = (None, false);
        for value in values {
            let here = match value {
                Value::Null => continue,
                // An empty list fits both kinds of lists.
                Value::Array(inner) if inner.is_empty() => {
                    empty = true;
                    continue;
                }
                Value::Bool(_) => Self::Truth,
                Value::Number(_) => Self::Number,
                Value::String(text) if Day::parse(text).is_some() => Self::Date,
                Value::String(_) => Self::Text,
                Value::Array(inner) if inner.iter().all(Value::is_number) => Self::Numbers,
                Value::Array(inner) if inner.iter().all(Value::is_string) => Self::Texts,
                Value::Array(_) | Value::Object(_) => return None,
            };
            kind = match (kind, here) {
                (None, here) => Some(here),
                (Some(had), here) if had == here => Some(had),
                (Some(Self::Date | Self::Text), Self::Date | Self::Text) => Some(Self::Text),
                _ => return None,
            };
        }
        match kind {
            None => Some(if empty { Self::Texts } else { Self::Text }),
            Some(Self::Numbers | Self::Texts) => kind,
            Some(_) => kind.filter(|_| !empty),
        }
    }

    /// The values of a column of this kind.
    fn read<'v>(
        self,
        column: &str,
        values: impl Iterator<Item = Option<&'v Value>>,
    ) -> Result<Column, TableError> {
        fn each<'v, T>(v: &'v Value, of: impl Fn(&'v Value) -> Option<T>) -> Option<Vec<T>> {
            v.as_array()?.iter().map(of).collect()
        }
        let text = |v: &Value| v.as_str().map(str::to_owned);
        let day = |v: &Value| Some(Day::parse(v.as_str()?)?.0);
        let wrong = |row| TableError { column: column.to_owned(), row, kind: self };
        Ok(match self {
            Self::Date => Column::Date(gaps(values, day).map_err(wrong)?),
            Self::Number => Column::Number(gaps(values, Value::as_f64).map_err(wrong)?),
            Self::Text => Column::Text(gaps(values, text).map_err(wrong)?),
            Self::Truth => Column::Truth(gaps(values, Value::as_bool).map_err(wrong)?),
            Self::Texts => Column::Texts(gaps(values, |v| each(v, text)).map_err(wrong)?),
            Self::Numbers => {
                Column::Numbers(gaps(values, |v| each(v, Value::as_f64)).map_err(wrong)?)
            }
        })
    }
}

/// What `of` reads off each value, nothing where there is none; an error is the row it cannot read.
fn gaps<'v, T>(
    values: impl Iterator<Item = Option<&'v Value>>,
    of: impl Fn(&'v Value) -> Option<T>,
) -> Result<Vec<Option<T>>, usize> {
    let read = |(row, value): (usize, Option<&'v Value>)| match value.filter(|v| !v.is_null()) {
        None => Ok(None),
        Some(value) => of(value).map(Some).ok_or(row),
    };
    values.enumerate().map(read).collect()
}

/// The values of a column, one a row; `None` where there is none.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
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
pub struct Table {
    /// The name and the values of each, in their order.
    pub columns: Vec<(String, Column)>,
}

impl Table {
    /// The rows of a list of `--json` under the columns given; keys without a column are left out,
    /// and a row without a key has nothing there.
    ///
    /// # Errors
    /// If a value is not of the kind of its column.
    pub fn of_rows(columns: &[(&str, Kind)], rows: &[Value]) -> Result<Self, TableError> {
        let column = |(name, kind): &(&str, Kind)| {
            let values = rows.iter().map(|row| row.get(*name));
            Ok(((*name).to_owned(), kind.read(name, values)?))
        };
        Ok(Self { columns: columns.iter().map(column).collect::<Result<_, _>>()? })
    }

    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |(_, column)| match column {
            Column::Date(v) => v.len(),
            Column::Number(v) => v.len(),
            Column::Whole(v) => v.len(),
            Column::Text(v) => v.len(),
            Column::Truth(v) => v.len(),
            Column::Texts(v) => v.len(),
            Column::Numbers(v) => v.len(),
        })
    }
}

/// The columns of rows whose keys nobody wrote down: every key of any row, in the order met, with
/// the kind that holds all its values. Keys that hold objects or a mixture have no column.
pub fn columns(rows: &[Value]) -> Vec<(&str, Kind)> {
    let mut names: Vec<&str> = Vec::new();
    for row in rows.iter().filter_map(Value::as_object) {
        for key in row.keys().filter(|k| !names.contains(&k.as_str())).collect::<Vec<_>>() {
            names.push(key);
        }
    }
    let kind = |name: &&str| Kind::of(rows.iter().filter_map(|row| row.get(*name)));
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
        let wanted =
            [("date", Kind::Date), ("p", Kind::Number), ("who", Kind::Text), ("sets", Kind::Texts)];
        let table = Table::of_rows(&wanted, &rows).unwrap();
        let texts = |texts: &[&str]| Some(texts.iter().map(|t| (*t).to_owned()).collect());
        let found: Vec<&Column> = table.columns.iter().map(|(_, column)| column).collect();
        // 2000-03-01 is 11 017 days after 1970-01-01 (RFC 3339 arithmetic: 10 957 + 60).
        assert_eq!(found[0], &Column::Date(vec![Some(1), Some(11_017)]));
        assert_eq!(found[1], &Column::Number(vec![Some(0.25), None]));
        assert_eq!(found[2], &Column::Text(vec![Some("a".to_owned()), None]));
        assert_eq!(found[3], &Column::Texts(vec![texts(&["x", "y"]), texts(&[])]));
        assert_eq!((found.len(), table.rows()), (4, 2));
    }

    #[test]
    fn a_value_of_another_kind_is_named() {
        let rows = [json!({ "p": 1 }), json!({ "p": "high" })];
        let error = Table::of_rows(&[("p", Kind::Number)], &rows).unwrap_err();
        assert_eq!(error.to_string(), "row 1 of column `p` is not a number");
        let day = [json!({ "d": "2025-02-30" })];
        assert!(Table::of_rows(&[("d", Kind::Date)], &day).is_err());
        let mixed = [json!({ "l": [1, "x"] })];
        assert!(Table::of_rows(&[("l", Kind::Numbers)], &mixed).is_err());
    }

    #[test]
    fn an_empty_table_keeps_its_columns() {
        let table = Table::of_rows(OPENS, &[]).unwrap();
        assert_eq!((table.rows(), table.columns.len()), (0, 5));
    }

    #[test]
    fn kinds_are_read_off_rows() {
        let rows = [
            json!({ "a": 1, "d": "2025-04-22", "t": null, "l": [], "o": {} }),
            json!({ "a": 0.5, "d": "2025-04-23", "t": "x", "l": ["y"], "b": true }),
        ];
        let found = columns(&rows);
        let wanted = [
            ("a", Kind::Number),
            ("d", Kind::Date),
            ("t", Kind::Text),
            ("l", Kind::Texts),
            ("b", Kind::Truth),
        ];
        assert_eq!(found, wanted);
        for other in [json!("x"), json!([]), json!([1])] {
            assert_eq!(columns(&[json!({ "a": 1 }), json!({ "a": other })]), []);
        }
        let lists = [json!({ "a": ["x"] }), json!({ "a": [] }), json!({ "a": ["y"] })];
        assert_eq!(columns(&lists), [("a", Kind::Texts)]);
        assert!(Table::of_rows(&columns(&lists), &lists).is_ok());
    }
}
