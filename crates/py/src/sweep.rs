//! Variants of a case, a row each.

use std::collections::BTreeMap;
use std::sync::Mutex;

use pyo3::prelude::*;
use winset_files::case::load;
use winset_files::diagnostic::{Findings, Severity, Source};
use winset_files::sweep::{Spec, read};
use winset_model::case;
use winset_model::effort::Effort;
use winset_model::explain::{Sweep, SweepRow, sweep};
use winset_model::forecast::OddsEstimate;
use winset_report::sweep::{report, table};

use crate::case::{Case, cores, ended, printed, wrong};
use crate::table::word;
use crate::watch::watched;

/// A point of a sweep and what it came to: `p`, `lo`, `hi`, `mcse`, `zone`, `closed`, median terms.
type Point = (usize, [f64; 6], Vec<Option<f64>>);

/// The columns of a table with their kinds.
type Columns = Vec<(String, &'static str)>;

/// How many points a spec has, if each of them is a case.
#[pyfunction]
pub(crate) fn points(case: &Bound<'_, Case>, py: Python<'_>, spec: &str) -> PyResult<usize> {
    let case = case.get();
    let spec = case.spec(spec)?;
    watched(py, 0, None, |effort| {
        for k in 0..spec.points() {
            if effort.stopped() {
                return Err(ended());
            }
            case.variant(&spec, k).map_err(wrong)?;
        }
        Ok(spec.points())
    })?
}

/// Some points of a spec, by number.
#[pyfunction]
pub(crate) fn swept(
    case: &Bound<'_, Case>,
    py: Python<'_>,
    spec: &str,
    points: Vec<usize>,
    threads: Option<usize>,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Vec<Point>> {
    let case = case.get();
    let spec = case.spec(spec)?;
    let threads = threads.unwrap_or_else(cores);
    let total = points.len() as u64 * spec.draws;
    watched(py, total, progress, |effort| {
        let found = Mutex::new(Vec::new());
        let keep = |k: usize, r: SweepRow| {
            let row = (k, [r.p, r.lo, r.hi, r.mcse, r.zone, r.closed], r.terms);
            if let Ok(mut found) = found.lock() {
                found.push(row);
            }
        };
        let asked = points.len();
        let work = Sweep { points, draws: spec.draws, seed: spec.seed };
        let effort = Effort { threads, ..effort };
        sweep(&work, &|k| case.variant(&spec, k).ok(), &keep, effort);
        let mut rows = found.into_inner().unwrap_or_default();
        rows.sort_by_key(|row: &Point| row.0);
        if rows.len() == asked { Ok(rows) } else { Err(ended()) }
    })?
}

/// What `winset sweep` prints of all points, as JSON and as comma-separated values, and its
/// columns with their kinds.
#[pyfunction]
pub(crate) fn sweep_report(
    case: &Bound<'_, Case>,
    spec: &str,
    rows: Vec<Point>,
) -> PyResult<(String, String, Columns)> {
    let case = case.get();
    let spec = case.spec(spec)?;
    let row = |(k, [p, lo, hi, mcse, zone, closed], terms): Point| {
        (k, SweepRow { odds: OddsEstimate { p, lo, hi, mcse }, zone, closed, terms })
    };
    let rows: BTreeMap<usize, SweepRow> = rows.into_iter().map(row).collect();
    let base = &case.loaded.case;
    let table = table(base, &spec, &rows);
    let columns = table.columns.iter().map(|(name, kind)| (name.clone(), word(*kind)));
    Ok((printed(&report(base, &spec, &rows))?, table.csv(), columns.collect()))
}

impl Case {
    /// Reads a spec, which varies this case.
    fn spec(&self, text: &str) -> PyResult<Spec> {
        let source = Source { name: "sweep".to_owned(), text: text.to_owned() };
        let mut findings = Findings::default();
        let mut spec = read(&source, &mut findings).ok_or_else(|| wrong(said(&findings)))?;
        spec.set.clone_from(&self.set);
        spec.as_of = self.day()?;
        Ok(spec)
    }

    /// The case at a point, or what is wrong with it.
    fn variant(&self, spec: &Spec, point: usize) -> Result<case::Case, String> {
        let mut findings = Findings::default();
        let loaded = load(&self.files, spec.as_of, &spec.overrides(point), &mut findings);
        let found = loaded.ok_or_else(|| said(&findings))?.case;
        let ids = |case: &case::Case| case.issues.iter().map(|j| j.id.clone()).collect::<Vec<_>>();
        if ids(&found) == ids(&self.loaded.case) {
            Ok(found)
        } else {
            Err(format!("point {point} adds an issue to the case"))
        }
    }
}

/// The errors among what was found.
fn said(findings: &Findings) -> String {
    let errors = findings.list.iter().filter(|d| d.severity == Severity::Error);
    let hint = |d: &winset_files::diagnostic::Diagnostic| {
        let hint = d.hint.as_ref().map(|hint| format!("\n\nhint: {hint}"));
        format!("{}: {}{}", d.file, d.message, hint.unwrap_or_default())
    };
    errors.map(hint).collect::<Vec<_>>().join("\n")
}
