//! A finished forecast.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use winset_files::shard::{Header, seal};
use winset_model::case;
use winset_model::forecast::{Forecast as Values, Tally};
use winset_page::chart::Figure;
use winset_page::document::terminal;
use winset_report::charts;
use winset_report::forecast::document;
use winset_report::names::{Names, term};

/// A finished forecast: as JSON, as text, as charts, and as the shard of all its draws.
#[pyclass(frozen, module = "winset._native")]
pub(crate) struct Forecast {
    json: String,
    text: String,
    shard: Vec<u8>,
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
        let shard = seal(&Header::new(case, seed, &(0..tally.draws)), tally);
        Ok(Self { json, text, shard, charts })
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

    /// All its draws as a shard, of which its case makes it again.
    fn shard<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.shard)
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
