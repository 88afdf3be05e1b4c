//! Tables that any library which speaks Arrow can take, and Parquet files of them.

use std::io;
use std::path::PathBuf;

use arrow_array::RecordBatchIterator;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use serde_json::Value;
use winset_files::atomic;
use winset_page::table::CellKind;
use winset_table::columns;

use crate::case::wrong;

/// The shapes of all reports, made of the structs that are printed.
const SHAPES: &str = include_str!("../../../docs/src/reference/output.schema.json");

/// What a column holds, by the name it has in Python.
const KINDS: [(&str, CellKind); 7] = [
    ("text", CellKind::Text),
    ("number", CellKind::Number),
    ("whole", CellKind::Whole),
    ("date", CellKind::Date),
    ("flag", CellKind::Flag),
    ("texts", CellKind::Texts),
    ("numbers", CellKind::Numbers),
];

/// The shapes of all reports as a JSON schema.
#[pyfunction]
pub(crate) fn shapes() -> &'static str {
    SHAPES
}

/// The columns of the rows of a JSON list and their kinds, read off their values.
#[pyfunction]
pub(crate) fn kinds(text: &str) -> PyResult<Vec<(String, &'static str)>> {
    let rows: Vec<Value> = serde_json::from_str(text).map_err(wrong)?;
    Ok(columns(&rows).into_iter().map(|(name, kind)| (name.to_owned(), word(kind))).collect())
}

/// The name of a kind in Python.
pub(crate) fn word(kind: CellKind) -> &'static str {
    KINDS.iter().find(|(_, known)| *known == kind).map_or("text", |(word, _)| word)
}

/// A table behind the Arrow PyCapsule interface.
#[pyclass(frozen, module = "winset._native")]
pub(crate) struct Table(winset_table::Columns);

#[pymethods]
impl Table {
    /// The rows of a JSON list as a table of these columns; `about` goes into the head of a file.
    #[staticmethod]
    fn of_json(
        text: &str,
        columns: Vec<(String, String)>,
        about: Vec<(String, String)>,
    ) -> PyResult<Self> {
        let rows: Vec<Value> = serde_json::from_str(text).map_err(wrong)?;
        let kind = |(name, word): &'_ (String, String)| {
            let known = KINDS.iter().find(|(known, _)| known == word);
            let unknown = || wrong(format!("column `{name}` is of no kind `{word}`"));
            known.map(|(_, kind)| *kind).ok_or_else(unknown)
        };
        let kinds = columns.iter().map(kind).collect::<PyResult<Vec<CellKind>>>()?;
        let named: Vec<_> = columns.iter().map(|(name, _)| name.as_str()).zip(kinds).collect();
        let table = winset_table::Columns::of_rows(&named, &rows).map_err(wrong)?;
        Ok(Self(winset_table::Columns { about, ..table }))
    }

    /// The Arrow C stream of the table. A consumer that wants another schema casts it itself.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = requested_schema;
        let batch = self.0.arrow();
        let schema = batch.schema();
        let reader = RecordBatchIterator::new([Ok(batch)], schema);
        let stream = FFI_ArrowArrayStream::new(Box::new(reader));
        PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
    }

    /// Writes the table as a Parquet file, whole or not at all.
    fn to_parquet(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        py.detach(|| {
            let bytes = self.0.parquet().map_err(wrong)?;
            atomic::write(&path, &bytes).map_err(|why| {
                let kind = why.kind();
                io::Error::new(kind, format!("{why:#}")).into()
            })
        })
    }
}
