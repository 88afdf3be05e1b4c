//! A table as Arrow.

use std::sync::Arc;

use arrow_array::builder::{Float64Builder, ListBuilder, StringBuilder};
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray,
};
use arrow_schema::{Field, Schema};

use crate::{ColumnValues, Columns};

impl Columns {
    /// The table as Arrow; any value may be missing.
    pub fn arrow(&self) -> RecordBatch {
        let arrays: Vec<ArrayRef> = self.columns.iter().map(|(_, column)| column.arrow()).collect();
        let fields = self.columns.iter().zip(&arrays);
        let fields = fields.map(|((name, _), a)| Field::new(name, a.data_type().clone(), true));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        // Every field has the type of its array, and all have an item a row; only a table without
        // columns is none.
        RecordBatch::try_new(schema, arrays)
            .unwrap_or_else(|_| RecordBatch::new_empty(Arc::new(Schema::empty())))
    }
}

impl ColumnValues {
    fn arrow(&self) -> ArrayRef {
        match self {
            Self::Date(v) => Arc::new(Date32Array::from(v.clone())),
            Self::Number(v) => Arc::new(Float64Array::from(v.clone())),
            Self::Whole(v) => Arc::new(Int64Array::from(v.clone())),
            Self::Text(v) => Arc::new(v.iter().map(Option::as_deref).collect::<StringArray>()),
            Self::Truth(v) => Arc::new(BooleanArray::from(v.clone())),
            Self::Texts(v) => {
                let mut lists = ListBuilder::new(StringBuilder::new());
                for row in v {
                    lists.append_option(row.as_ref().map(|row| row.iter().map(Some)));
                }
                Arc::new(lists.finish())
            }
            Self::Numbers(v) => {
                let mut lists = ListBuilder::new(Float64Builder::new());
                for row in v {
                    lists.append_option(row.as_ref().map(|row| row.iter().copied().map(Some)));
                }
                Arc::new(lists.finish())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::Array;
    use arrow_array::cast::AsArray;
    use arrow_array::types::{Date32Type, Float64Type, Int64Type};
    use serde_json::json;

    use super::*;
    use winset_page::table::CellKind;

    #[test]
    fn columns_become_arrays_with_gaps() {
        let rows = [
            json!({ "d": "1970-01-02", "p": 0.25, "t": "a", "s": ["x", "y"], "n": [1, 2], "b": true }),
            json!({ "d": "2000-03-01", "s": [] }),
        ];
        let wanted = [
            ("d", CellKind::Date),
            ("p", CellKind::Number),
            ("t", CellKind::Text),
            ("s", CellKind::Texts),
            ("n", CellKind::Numbers),
            ("b", CellKind::Flag),
        ];
        let mut table = Columns::of_rows(&wanted, &rows).unwrap();
        table.columns.push(("k".to_owned(), ColumnValues::Whole(vec![None, Some(7)])));
        let batch = table.arrow();
        assert_eq!(batch.column(0).as_primitive::<Date32Type>().values(), &[1, 11_017]);
        let p = batch.column(1).as_primitive::<Float64Type>();
        assert_eq!((p.value(0), p.is_null(1)), (0.25, true));
        let texts = batch.column(2).as_string::<i32>();
        assert_eq!(texts.iter().collect::<Vec<_>>(), [Some("a"), None]);
        let lists = |k: usize| batch.column(k).as_list::<i32>();
        assert_eq!(lists(3).value(0).as_string::<i32>().value(1), "y");
        assert_eq!((lists(3).value(1).len(), lists(3).is_null(1)), (0, false));
        assert_eq!(lists(4).value(0).as_primitive::<Float64Type>().values(), &[1.0, 2.0]);
        assert!(lists(4).is_null(1));
        let truths = batch.column(5).as_boolean();
        assert_eq!((truths.value(0), truths.is_null(1)), (true, true));
        let whole = batch.column(6).as_primitive::<Int64Type>();
        assert_eq!((whole.is_null(0), whole.value(1)), (true, 7));
    }

    #[test]
    fn an_empty_table_keeps_its_columns() {
        let columns = [("constraints", CellKind::Texts), ("share", CellKind::Number)];
        let batch = Columns::of_rows(&columns, &[]).unwrap().arrow();
        assert_eq!((batch.num_rows(), batch.num_columns()), (0, 2));
        assert_eq!(Columns::default().arrow().num_columns(), 0);
    }
}
