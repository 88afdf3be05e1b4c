//! A table as Parquet.
//!
//! Written column by column with the format's own types and not through Arrow: that writer takes six
//! times as long to build, and for these few types it would do the same.

use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};

use crate::{ColumnValues, Columns};

impl Columns {
    /// The table as a Parquet file: one group of rows, not compressed, any value may be missing.
    ///
    /// # Errors
    /// What the writer of the format says; two columns of one name would be a reason.
    pub fn parquet(&self) -> Result<Vec<u8>, ParquetError> {
        let fields = self.columns.iter().map(|(name, column)| column.field(name));
        let fields = fields.collect::<Result<Vec<TypePtr>, ParquetError>>()?;
        let schema = Type::group_type_builder("table").with_fields(fields).build()?;
        let about = self.about.iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone()));
        let about = Some(about.collect::<Vec<_>>()).filter(|about| !about.is_empty());
        let head = WriterProperties::builder().set_key_value_metadata(about).build();
        let mut file = SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(head))?;
        let mut rows = file.next_row_group()?;
        for (_, column) in &self.columns {
            if let Some(mut to) = rows.next_column()? {
                column.write(&mut to)?;
                to.close()?;
            }
        }
        rows.close()?;
        file.into_inner()
    }
}

impl ColumnValues {
    /// The type of the column's values; in lists, of their items.
    fn kind(&self) -> (Physical, Option<LogicalType>) {
        match self {
            Self::Date(_) => (Physical::INT32, Some(LogicalType::Date)),
            Self::Number(_) | Self::Numbers(_) => (Physical::DOUBLE, None),
            Self::Whole(_) => (Physical::INT64, None),
            Self::Text(_) | Self::Texts(_) => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Self::Truth(_) => (Physical::BOOLEAN, None),
        }
    }

    /// The column in the schema. A list has the three levels the format prescribes.
    fn field(&self, name: &str) -> Result<TypePtr, ParquetError> {
        let (physical, logical) = self.kind();
        let value = |name| {
            let value = Type::primitive_type_builder(name, physical);
            value.with_repetition(Repetition::OPTIONAL).with_logical_type(logical.clone()).build()
        };
        if !matches!(self, Self::Texts(_) | Self::Numbers(_)) {
            return value(name).map(Arc::new);
        }
        let items = Type::group_type_builder("list")
            .with_repetition(Repetition::REPEATED)
            .with_fields(vec![Arc::new(value("element")?)])
            .build()?;
        let list = Type::group_type_builder(name)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(Some(LogicalType::List))
            .with_fields(vec![Arc::new(items)])
            .build()?;
        Ok(Arc::new(list))
    }

    fn write(&self, to: &mut SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        let bytes = |text: &String| text.as_str().into();
        match self {
            Self::Date(v) => flat::<Int32Type, _>(to, v, |day| *day),
            Self::Number(v) => flat::<DoubleType, _>(to, v, |x| *x),
            Self::Whole(v) => flat::<Int64Type, _>(to, v, |n| *n),
            Self::Text(v) => flat::<ByteArrayType, _>(to, v, bytes),
            Self::Truth(v) => flat::<BoolType, _>(to, v, |b| *b),
            Self::Texts(v) => nested::<ByteArrayType, _>(to, v, bytes),
            Self::Numbers(v) => nested::<DoubleType, _>(to, v, |x| *x),
        }
    }
}

/// A value a row: level 1 where there is one.
fn flat<D: DataType, T>(
    to: &mut SerializedColumnWriter<'_>,
    rows: &[Option<T>],
    of: impl Fn(&T) -> D::T,
) -> Result<(), ParquetError> {
    let values: Vec<D::T> = rows.iter().flatten().map(of).collect();
    let levels: Vec<i16> = rows.iter().map(|row| i16::from(row.is_some())).collect();
    to.typed::<D>().write_batch(&values, Some(&levels), None).map(|_| ())
}

/// A list a row. Level 0 is no list, 1 an empty one, 3 an item (2 would be one that is missing);
/// what repeats at level 1 belongs to the list before.
fn nested<D: DataType, T>(
    to: &mut SerializedColumnWriter<'_>,
    rows: &[Option<Vec<T>>],
    of: impl Fn(&T) -> D::T,
) -> Result<(), ParquetError> {
    let values: Vec<D::T> = rows.iter().flatten().flatten().map(of).collect();
    let (mut levels, mut repeats) = (Vec::new(), Vec::new());
    for row in rows {
        match row.as_deref() {
            None => levels.push(0),
            Some([]) => levels.push(1),
            Some(items) => levels.extend(items.iter().map(|_| 3)),
        }
        repeats.push(0);
        repeats.resize(levels.len(), 1);
    }
    to.typed::<D>().write_batch(&values, Some(&levels), Some(&repeats)).map(|_| ())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;
    use serde_json::{Value, json};
    use winset_model::case::Day;

    use super::*;
    use winset_page::table::CellKind;

    use crate::columns;

    fn value(field: &Field) -> Value {
        match field {
            Field::Null => Value::Null,
            Field::Bool(b) => (*b).into(),
            Field::Long(n) => (*n).into(),
            Field::Double(x) => (*x).into(),
            Field::Str(text) => text.as_str().into(),
            Field::Date(days) => Day(*days).to_string().into(),
            Field::ListInternal(list) => list.elements().iter().map(value).collect(),
            other => panic!("{other:?}"),
        }
    }

    /// The rows of a table's file as the format's reader gives them; its schema, too.
    fn read(table: &Columns) -> (Vec<Value>, String) {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&table.parquet().unwrap()).unwrap();
        let reader = SerializedFileReader::new(file).unwrap();
        let mut schema = Vec::new();
        let metadata = reader.metadata().file_metadata();
        parquet::schema::printer::print_schema(&mut schema, metadata.schema());
        let rows = reader.get_row_iter(None).unwrap().map(|row| {
            let row = row.unwrap();
            let fields = row.get_column_iter().map(|(name, field)| (name.clone(), value(field)));
            Value::Object(fields.collect())
        });
        (rows.collect(), String::from_utf8(schema).unwrap())
    }

    #[test]
    fn a_file_gives_its_rows_back() {
        let rows = [
            json!({ "d": "1970-01-02", "p": 0.1 + 0.2, "t": "ä,\"\n", "s": ["x", ""], "n": [1.0, 5e-324], "b": true }),
            json!({ "d": null, "p": null, "t": null, "s": null, "n": null, "b": null }),
            json!({ "d": "1969-12-31", "p": f64::MAX, "t": "", "s": [], "n": [], "b": false }),
            json!({ "d": "2025-04-22", "p": -1e-300, "t": "x", "s": ["y"], "n": [0.5, 0.25, 0.5], "b": true }),
        ];
        let table = Columns::of_rows(&columns(&rows), &rows).unwrap();
        let (found, schema) = read(&table);
        assert_eq!(found, rows);
        for line in [
            "OPTIONAL INT32 d (DATE);",
            "OPTIONAL DOUBLE p;",
            "OPTIONAL BYTE_ARRAY t (STRING);",
            "OPTIONAL group s (LIST) {",
            "REPEATED group list {",
            "OPTIONAL BYTE_ARRAY element (STRING);",
            "OPTIONAL BOOLEAN b;",
        ] {
            assert!(schema.lines().any(|l| l.trim() == line), "{line}\n{schema}");
        }
    }

    #[test]
    fn whole_numbers_stay_whole() {
        let column = ColumnValues::Whole(vec![Some(0), None, Some(i64::MAX)]);
        let columns = vec![("point".to_owned(), column)];
        let table = Columns { columns, ..Columns::default() };
        let wanted = [json!(0), Value::Null, json!(i64::MAX)];
        let found: Vec<Value> = read(&table).0.iter().map(|row| row["point"].clone()).collect();
        assert_eq!(found, wanted);
    }

    #[test]
    fn an_empty_table_keeps_its_columns() {
        let columns = [("constraints", CellKind::Texts), ("share", CellKind::Number)];
        let (rows, schema) = read(&Columns::of_rows(&columns, &[]).unwrap());
        assert!(rows.is_empty());
        assert!(schema.contains(" constraints (LIST) {") && schema.contains(" share"), "{schema}");
        assert!(read(&Columns::default()).0.is_empty());
    }

    #[test]
    fn the_head_of_a_file_says_what_it_is_of() {
        let about = vec![("winset.seed".to_owned(), "7".to_owned())];
        let mut file = tempfile::tempfile().unwrap();
        let table = Columns { about, ..Columns::default() };
        file.write_all(&table.parquet().unwrap()).unwrap();
        let reader = SerializedFileReader::new(file).unwrap();
        let found = reader.metadata().file_metadata().key_value_metadata().unwrap();
        assert_eq!((found[0].key.as_str(), found[0].value.as_deref()), ("winset.seed", Some("7")));
    }

    #[test]
    fn the_same_table_has_the_same_bytes() {
        let rows: Vec<Value> = (0..5_000).map(|k| json!({ "k": k, "t": k % 7 })).collect();
        let table = Columns::of_rows(&columns(&rows), &rows).unwrap();
        assert!(table.parquet().unwrap() == table.parquet().unwrap());
        assert_eq!(read(&table).0.len(), 5_000);
    }
}
