//! A finished forecast.

use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::prelude::*;
use winset_model::case;
use winset_model::forecast::{Forecast as Values, Tally};
use winset_page::chart::Figure;
use winset_page::document::terminal;
use winset_report::forecast::document;
use winset_report::names::{Names, term};
use winset_report::{charts, tables};

use crate::table::Table;

/// A finished forecast: as JSON, as text, as tables.
#[pyclass(frozen, module = "winset._native")]
pub(crate) struct Forecast {
    json: String,
    values: Values,
    text: String,
    charts: [Figure; 2],
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
        let text = terminal(&document(&forecast, &Names::new(case)));
        let charts = [charts::agreement(case, &forecast), charts::endings(case, &forecast)];
        Ok(Self { json, values: forecast, text, charts })
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
        let table = tables::forecast(&self.values, name).ok_or_else(unknown)?;
        winset_table::Table::of(&table).map(Table).map_err(|e| PyValueError::new_err(e.to_string()))
    }

    /// One of its charts as an SVG file of a width in px.
    fn chart(&self, kind: &str, width: f64) -> PyResult<String> {
        let found = self.charts.iter().find(|figure| figure.id == kind);
        let unknown = || {
            let kinds = self.charts.each_ref().map(|figure| figure.id.as_str()).join(", ");
            PyValueError::new_err(format!("no chart `{kind}`\n\nhint: one of {kinds}"))
        };
        Ok(found.ok_or_else(unknown)?.standalone_svg(width))
    }
}
