//! A finished forecast.

use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::prelude::*;
use serde_json::Value;
use winset::views::{term, view_of};
use winset_brief::forecast as view;
use winset_model::case;
use winset_model::forecast::{Forecast as Values, Tally};
use winset_table::{FORECAST, table};

use crate::table::Table;

/// A finished forecast: as JSON, as text, as tables.
#[pyclass(frozen, module = "winset._native")]
pub(crate) struct Forecast {
    json: String,
    values: Value,
    text: String,
}

impl Forecast {
    /// Reads a forecast off a tally.
    ///
    /// # Errors
    /// If it has no JSON form, which numbers that are not finite would be a reason for.
    pub(crate) fn new(case: &case::Case, seed: u64, tally: &Tally) -> PyResult<Self> {
        let forecast = Values::new(case, seed, tally, &term);
        let wrong = |e: serde_json::Error| PyValueError::new_err(e.to_string());
        let json = serde_json::to_string_pretty(&forecast).map_err(wrong)? + "\n";
        let values = serde_json::to_value(&forecast).map_err(wrong)?;
        Ok(Self { json, values, text: view::text(&view_of(case, &forecast)) })
    }
}

#[pymethods]
impl Forecast {
    /// What `winset forecast --json` prints, to the byte.
    fn json(&self) -> &str {
        &self.json
    }

    /// What `winset forecast` prints, to the byte.
    fn text(&self) -> &str {
        &self.text
    }

    /// One of its lists as a table.
    fn table(&self, name: &str) -> PyResult<Table> {
        let unknown = || PyKeyError::new_err(name.to_owned());
        let (_, columns) = FORECAST.iter().find(|(n, _)| *n == name).ok_or_else(unknown)?;
        let rows = self.values.get(name).and_then(Value::as_array).ok_or_else(unknown)?;
        table(columns, rows).map(Table).map_err(|e| PyValueError::new_err(e.to_string()))
    }
}
