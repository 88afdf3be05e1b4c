//! Scores of logs.

use std::collections::BTreeMap;
use std::path::PathBuf;

use pyo3::prelude::*;
use winset_files::log::{self, Clock};
use winset_methods::score::ScoreDivision;
use winset_page::document::terminal;
use winset_report::score::{ScoreReport, same_log};

use crate::case::{Printed, printed, wrong};
use crate::watch::watched;

/// What `winset score --json` prints of the logs in some case folders.
#[pyfunction]
pub(crate) fn score(
    py: Python<'_>,
    folders: Vec<PathBuf>,
    by: Option<&str>,
    replayed: bool,
) -> PyResult<Printed> {
    let by = match by {
        None => ScoreDivision::All,
        Some("tag") => ScoreDivision::Tag,
        Some("horizon") => ScoreDivision::Horizon,
        Some("period") => ScoreDivision::Period,
        Some(other) => {
            return Err(wrong(format!("by is `{other}`; write tag, horizon or period")));
        }
    };
    let clock = if replayed { Clock::AsOf } else { Clock::MadeAt };
    watched(py, 0, None, |_| {
        let mut logs = Vec::new();
        for folder in &folders {
            let path = if folder.is_file() { folder.clone() } else { folder.join("log.jsonl") };
            if !path.is_file() && !folder.join("case.toml").is_file() {
                let folder = folder.display();
                return Err(wrong(format!("{folder} has no log.jsonl, and no case.toml either")));
            }
            let log = log::read(&path).map_err(wrong)?;
            if !log.verifies() {
                let hint = "`winset log verify` names the lines";
                let why = format!("the chain of {} is broken\n\nhint: {hint}", path.display());
                return Err(wrong(why));
            }
            logs.push(log);
        }
        if let Some((a, b)) = same_log(&logs) {
            let [a, b] = [a, b].map(|k| folders[k].display());
            return Err(wrong(format!("{a} and {b} are one log, which would count twice")));
        }
        let report = ScoreReport::new(&logs, &BTreeMap::new(), by, clock);
        Ok((printed(&report)?, terminal(&report.document()), None))
    })?
}
