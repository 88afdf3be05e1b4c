//! Tables that any library which speaks Arrow can take.

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{RecordBatch, RecordBatchIterator};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use serde_json::Value;
use winset_table::{columns, table};

/// A table behind the Arrow PyCapsule interface.
#[pyclass(frozen, module = "winset._native")]
pub(crate) struct Table(pub(crate) RecordBatch);

#[pymethods]
impl Table {
    /// A table of the rows of a JSON list; the columns are what the rows hold.
    #[staticmethod]
    fn of_json(text: &str) -> PyResult<Self> {
        let wrong = |e: &dyn std::fmt::Display| PyValueError::new_err(e.to_string());
        let rows: Vec<Value> = serde_json::from_str(text).map_err(|e| wrong(&e))?;
        table(&columns(&rows), &rows).map(Self).map_err(|e| wrong(&e))
    }

    /// The Arrow C stream of the table. A consumer that wants another schema casts it itself.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = requested_schema;
        let batch = self.0.clone();
        let schema = batch.schema();
        let reader = RecordBatchIterator::new([Ok(batch)], schema);
        let stream = FFI_ArrowArrayStream::new(Box::new(reader));
        PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
    }

    fn __len__(&self) -> usize {
        self.0.num_rows()
    }
}
