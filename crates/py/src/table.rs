//! Tables that any library which speaks Arrow can take, and Parquet files of them.

use std::io;
use std::path::PathBuf;

use arrow_array::RecordBatchIterator;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use serde_json::Value;
use winset_files::atomic;
use winset_table::columns;

use crate::case::wrong;

/// A table behind the Arrow PyCapsule interface.
#[pyclass(frozen, module = "winset._native")]
pub(crate) struct Table(pub(crate) winset_table::Table);

#[pymethods]
impl Table {
    /// A table of the rows of a JSON list; the columns are what the rows hold.
    #[staticmethod]
    fn of_json(text: &str) -> PyResult<Self> {
        let rows: Vec<Value> = serde_json::from_str(text).map_err(wrong)?;
        winset_table::Table::of_rows(&columns(&rows), &rows).map(Self).map_err(wrong)
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

    fn __len__(&self) -> usize {
        self.0.rows()
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
