//! Rows with typed columns, and the one way they are written as comma-separated values.
//!
//! A kind of row declares its columns once, each with its name, its kind and how it is read off a
//! row; whoever needs another form (a data frame, a file) builds on [`DataTable`].

use serde_json::{Map, Value};

/// What a column holds. Any value may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellKind {
    /// Text.
    Text,
    /// A number.
    Number,
    /// A whole number.
    Whole,
    /// A day.
    Date,
    /// True or false.
    Flag,
    /// Several texts.
    Texts,
    /// Several numbers.
    Numbers,
}

/// A value of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text.
    Text(String),
    /// A number.
    Number(f64),
    /// A whole number.
    Whole(i64),
    /// A day, as `2025-04-22`.
    Date(String),
    /// True or false.
    Flag(bool),
    /// Several texts.
    Texts(Vec<String>),
    /// Several numbers.
    Numbers(Vec<f64>),
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for Cell {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<f64> for Cell {
    fn from(x: f64) -> Self {
        Self::Number(x)
    }
}

impl From<bool> for Cell {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<usize> for Cell {
    fn from(n: usize) -> Self {
        i64::try_from(n).map_or(Self::Empty, Self::Whole)
    }
}

impl From<u64> for Cell {
    fn from(n: u64) -> Self {
        i64::try_from(n).map_or(Self::Empty, Self::Whole)
    }
}

impl From<&[String]> for Cell {
    fn from(texts: &[String]) -> Self {
        Self::Texts(texts.to_vec())
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// A column of rows `R`: its name, what it holds and how it is read off a row.
pub struct Column<R: ?Sized> {
    /// The name, as in the JSON.
    pub name: &'static str,
    /// What it holds.
    pub kind: CellKind,
    /// The value of a row: of that kind, or [`Cell::Empty`].
    pub of: fn(&R) -> Cell,
}

impl<R: ?Sized> Column<R> {
    /// A column of any kind.
    pub const fn new(name: &'static str, kind: CellKind, of: fn(&R) -> Cell) -> Self {
        Self { name, kind, of }
    }

    /// A column of texts.
    pub const fn text(name: &'static str, of: fn(&R) -> Cell) -> Self {
        Self::new(name, CellKind::Text, of)
    }

    /// A column of numbers.
    pub const fn number(name: &'static str, of: fn(&R) -> Cell) -> Self {
        Self::new(name, CellKind::Number, of)
    }

    /// A column of whole numbers.
    pub const fn whole(name: &'static str, of: fn(&R) -> Cell) -> Self {
        Self::new(name, CellKind::Whole, of)
    }

    /// A column of days.
    pub const fn date(name: &'static str, of: fn(&R) -> Cell) -> Self {
        Self::new(name, CellKind::Date, of)
    }

    /// A column of what is true or false.
    pub const fn flag(name: &'static str, of: fn(&R) -> Cell) -> Self {
        Self::new(name, CellKind::Flag, of)
    }
}

/// A table of typed columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DataTable {
    /// The name and the kind of each column, in order.
    pub columns: Vec<(String, CellKind)>,
    /// The cells, as wide as `columns`.
    pub rows: Vec<Vec<Cell>>,
}

impl DataTable {
    /// The table of some rows under their columns.
    pub fn new<'r, R: ?Sized + 'r>(
        columns: &[Column<R>],
        rows: impl IntoIterator<Item = &'r R>,
    ) -> Self {
        Self {
            columns: columns.iter().map(|c| (c.name.to_owned(), c.kind)).collect(),
            rows: rows
                .into_iter()
                .map(|row| columns.iter().map(|c| (c.of)(row)).collect())
                .collect(),
        }
    }

    /// A table of texts.
    pub fn texts(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Self {
        Self {
            columns: head.iter().map(|h| ((*h).to_owned(), CellKind::Text)).collect(),
            rows: rows.into_iter().map(|row| row.into_iter().map(Cell::Text).collect()).collect(),
        }
    }

    /// The rows as objects with the columns as keys; what is missing is `null`.
    pub fn objects(&self) -> Vec<Map<String, Value>> {
        let names = || self.columns.iter().map(|(name, _)| name.clone());
        self.rows.iter().map(|row| names().zip(row.iter().map(value)).collect()).collect()
    }

    /// The table as comma-separated values under a line of heads.
    ///
    /// What is missing is empty; several values stand in one cell with spaces between numbers and
    /// texts. A text that a spreadsheet would take for a formula is led by an apostrophe.
    pub fn csv(&self) -> String {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        let heads = self.columns.iter().map(|(name, _)| safe(name));
        // Memory refuses no bytes, and rows may be of any length.
        let _ = writer.write_record(heads);
        for row in &self.rows {
            let _ = writer.write_record(row.iter().map(written));
        }
        let bytes = writer.into_inner().unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Text(text) | Cell::Date(text) => text.as_str().into(),
        Cell::Number(x) => (*x).into(),
        Cell::Whole(n) => (*n).into(),
        Cell::Flag(flag) => (*flag).into(),
        Cell::Texts(texts) => texts.as_slice().into(),
        Cell::Numbers(numbers) => numbers.as_slice().into(),
    }
}

fn written(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => safe(text),
        Cell::Number(x) => x.to_string(),
        Cell::Whole(n) => n.to_string(),
        Cell::Date(day) => safe(day),
        Cell::Flag(flag) => flag.to_string(),
        Cell::Texts(texts) => safe(&texts.join(" ")),
        Cell::Numbers(numbers) => numbers.iter().map(f64::to_string).collect::<Vec<_>>().join(" "),
    }
}

/// A text that no spreadsheet runs as a formula; a number with a sign is none, nor is a range.
fn safe(text: &str) -> String {
    let formula =
        text.starts_with(['\t', '\r']) || text.trim_start().starts_with(['=', '+', '-', '@']);
    let number = |end: &str| end.parse::<f64>().is_ok();
    match formula && !text.split("..").all(number) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Town {
        name: &'static str,
        people: u64,
        height: Option<f64>,
        coast: bool,
        rivers: Vec<String>,
    }

    const COLUMNS: &[Column<Town>] = &[
        Column::text("name", |t| t.name.into()),
        Column::whole("people", |t| t.people.into()),
        Column::number("height", |t| t.height.into()),
        Column::flag("coast", |t| t.coast.into()),
        Column::new("rivers", CellKind::Texts, |t| t.rivers.as_slice().into()),
    ];

    fn towns() -> [Town; 2] {
        let rivers = vec!["Aare".to_owned(), "Gürbe".to_owned()];
        [
            Town {
                name: "Bern, \"the\" city",
                people: 134_794,
                height: None,
                coast: false,
                rivers,
            },
            Town { name: "=1+1", people: 7, height: Some(-2.5), coast: true, rivers: Vec::new() },
        ]
    }

    #[test]
    fn cells_are_quoted_where_they_must_be_and_no_text_is_a_formula() {
        let csv = DataTable::new(COLUMNS, &towns()).csv();
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(lines[0], "name,people,height,coast,rivers");
        assert_eq!(lines[1], "\"Bern, \"\"the\"\" city\",134794,,false,Aare Gürbe");
        // A number may be negative; a text may not begin as a formula does.
        assert_eq!(lines[2], "'=1+1,7,-2.5,true,");
        let rows = ["-0.25", "-5..0..1", "-1+2", " =A1", "@A1"].map(|t| vec![t.to_owned()]);
        let csv = DataTable::texts(&["t"], rows).csv();
        assert_eq!(csv, "t\n-0.25\n-5..0..1\n'-1+2\n' =A1\n'@A1\n");
    }

    #[test]
    fn columns_keep_their_kinds_without_rows() {
        let table = DataTable::new(COLUMNS, &[]);
        assert_eq!(table.columns[2], ("height".to_owned(), CellKind::Number));
        assert_eq!(table.csv(), "name,people,height,coast,rivers\n");
    }
}
