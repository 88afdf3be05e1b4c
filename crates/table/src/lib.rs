//! The tables of a report as Arrow.
//!
//! A table is a list of `--json` with its columns: the same names, the same order of rows, the same
//! numbers. Nothing is computed here, so that a data frame and the command cannot differ.

use std::sync::Arc;

use arrow_array::builder::{
    BooleanBuilder, Date32Builder, Float64Builder, ListBuilder, StringBuilder, UInt64Builder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use serde_json::Value;
use winset_model::case::Day;

/// What a column holds. Any value may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A day: Arrow's `date32`.
    Date,
    /// A number: `float64`.
    Number,
    /// A whole number from 0: `uint64`.
    Count,
    /// Text: `utf8`.
    Text,
    /// True or false: `bool`.
    Truth,
    /// Several texts: a list of `utf8`.
    Texts,
    /// Several numbers: a list of `float64`.
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
            Self::Count => "a whole number",
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

    /// One column of this kind; `values` has an item a row.
    fn array<'v>(
        self,
        column: &str,
        values: impl Iterator<Item = Option<&'v Value>>,
    ) -> Result<ArrayRef, TableError> {
        macro_rules! build {
            ($builder:expr, $read:expr) => {{
                let mut builder = $builder;
                for (row, value) in values.enumerate() {
                    match value.filter(|v| !v.is_null()) {
                        None => builder.append_null(),
                        Some(value) => {
                            let wrong =
                                || TableError { column: column.to_owned(), row, kind: self };
                            builder.append_value($read(value).ok_or_else(wrong)?);
                        }
                    }
                }
                Ok(Arc::new(builder.finish()))
            }};
        }
        fn items<'v, T>(
            v: &'v Value,
            of: impl Fn(&'v Value) -> Option<T>,
        ) -> Option<Vec<Option<T>>> {
            v.as_array()?.iter().map(|v| of(v).map(Some)).collect()
        }
        match self {
            Self::Date => build!(Date32Builder::new(), since_1970),
            Self::Number => build!(Float64Builder::new(), Value::as_f64),
            Self::Count => build!(UInt64Builder::new(), Value::as_u64),
            Self::Text => build!(StringBuilder::new(), Value::as_str),
            Self::Truth => build!(BooleanBuilder::new(), Value::as_bool),
            Self::Texts => {
                build!(ListBuilder::new(StringBuilder::new()), |v| items(v, Value::as_str))
            }
            Self::Numbers => {
                build!(ListBuilder::new(Float64Builder::new()), |v| items(v, Value::as_f64))
            }
        }
    }

    fn data_type(self) -> DataType {
        let list = |of| DataType::List(Arc::new(Field::new("item", of, true)));
        match self {
            Self::Date => DataType::Date32,
            Self::Number => DataType::Float64,
            Self::Count => DataType::UInt64,
            Self::Text => DataType::Utf8,
            Self::Truth => DataType::Boolean,
            Self::Texts => list(DataType::Utf8),
            Self::Numbers => list(DataType::Float64),
        }
    }
}

/// The days of a date from 1970-01-01.
fn since_1970(value: &Value) -> Option<i32> {
    Some(Day::parse(value.as_str()?)?.since(Day::parse("1970-01-01")?))
}

/// The rows of a list of `--json` under the columns given; keys without a column are left out, and
/// a row without a key has nothing there.
///
/// # Errors
/// If a value is not of the kind of its column.
pub fn table(columns: &[(&str, Kind)], rows: &[Value]) -> Result<RecordBatch, TableError> {
    let mut fields = Vec::with_capacity(columns.len());
    let mut arrays = Vec::with_capacity(columns.len());
    for (name, kind) in columns {
        fields.push(Field::new(*name, kind.data_type(), true));
        arrays.push(kind.array(name, rows.iter().map(|row| row.get(*name)))?);
    }
    // Every column has an item a row and the type of its field; only a table without columns is none.
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
        .unwrap_or_else(|_| RecordBatch::new_empty(Arc::new(Schema::empty()))))
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
    use arrow_array::Array;
    use arrow_array::cast::AsArray;
    use arrow_array::types::{Date32Type, Float64Type};
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
        let batch = table(&wanted, &rows).unwrap();
        // 2000-03-01 is 11 017 days after 1970-01-01 (RFC 3339 arithmetic: 10 957 + 60).
        assert_eq!(batch.column(0).as_primitive::<Date32Type>().values(), &[1, 11_017]);
        let p = batch.column(1).as_primitive::<Float64Type>();
        assert_eq!((p.value(0), p.is_null(1)), (0.25, true));
        assert_eq!(
            batch.column(2).as_string::<i32>().iter().collect::<Vec<_>>(),
            [Some("a"), None]
        );
        let sets = batch.column(3).as_list::<i32>();
        assert_eq!((sets.value(0).len(), sets.value(1).len()), (2, 0));
    }

    #[test]
    fn a_value_of_another_kind_is_named() {
        let rows = [json!({ "p": 1 }), json!({ "p": "high" })];
        let error = table(&[("p", Kind::Number)], &rows).unwrap_err();
        assert_eq!(error.to_string(), "row 1 of column `p` is not a number");
        assert!(table(&[("d", Kind::Date)], &[json!({ "d": "2025-02-30" })]).is_err());
    }

    #[test]
    fn an_empty_table_keeps_its_columns() {
        let batch = table(OPENS, &[]).unwrap();
        assert_eq!((batch.num_rows(), batch.num_columns()), (0, 5));
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
        assert!(table(&columns(&lists), &lists).is_ok());
    }
}
