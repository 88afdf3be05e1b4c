//! `winset score`: how far the forecasts of resolved questions were from what happened.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context;
use winset_files::log::{Clock, Crowd, crowd_csv};
use winset_methods::score::ScoreDivision;
use winset_report::score::{ScoreReport, same_log};

use crate::exit::Failure;
use crate::log::Place;
use crate::output::print;

/// `winset score`
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct ScoreArgs {
    /// Folders with a log, with or without its case, or logs themselves [default: the one here]
    #[arg(value_name = "CASE")]
    cases: Vec<PathBuf>,
    /// Divide by tag, by days left to the question's date, or by the quarter of resolution
    #[arg(long, value_enum)]
    by: Option<DividedBy>,
    /// A crowd's series to compare with: columns `date`, `p`, and `question` for several
    #[arg(long, value_name = "FILE")]
    crowd: Option<PathBuf>,
    /// Count each forecast from the day it is told from, not from the day it was made: a replay
    #[arg(long)]
    replayed: bool,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum DividedBy {
    Tag,
    Horizon,
    Period,
}

/// Runs it.
pub(crate) fn run(args: &ScoreArgs) -> anyhow::Result<()> {
    let crowds = match &args.crowd {
        Some(path) => crowd(path)?,
        None => BTreeMap::new(),
    };
    let clock = if args.replayed { Clock::AsOf } else { Clock::MadeAt };
    let places = match args.cases.as_slice() {
        [] => vec![Place::to_read(None)?],
        cases => cases.iter().map(|c| Place::to_read(Some(c))).collect::<Result<_, _>>()?,
    };
    let mut logs = Vec::new();
    for place in &places {
        let log = place.read()?;
        if !log.verifies() {
            let why = format!("the chain of {} is broken", place.log.display());
            let hint = "`winset log verify` names the lines";
            return Err(Failure::Invalid(format!("{why}\n\nhint: {hint}")).into());
        }
        logs.push(log);
    }
    if let Some((a, b)) = same_log(&logs) {
        let [a, b] = [a, b].map(|k| places[k].log.display());
        let why = format!("{a} and {b} are one log, which would count twice");
        return Err(Failure::Usage(format!("{why}\n\nhint: name it once")).into());
    }
    let by = match args.by {
        None => ScoreDivision::All,
        Some(DividedBy::Tag) => ScoreDivision::Tag,
        Some(DividedBy::Horizon) => ScoreDivision::Horizon,
        Some(DividedBy::Period) => ScoreDivision::Period,
    };
    let report = ScoreReport::new(&logs, &crowds, by, clock);
    print(&report, || report.document())
}

fn crowd(path: &Path) -> anyhow::Result<BTreeMap<String, Crowd>> {
    let name = path.display();
    let sheet = winset_files::sheet::open(path).with_context(|| format!("cannot read {name}"))?;
    let sheet = sheet.map_err(|e| Failure::Invalid(format!("{name}: {e}")))?;
    let hint = "columns `date` and `p`: `2025-04-18,0.35`";
    let bad = |e| Failure::Invalid(format!("{name}: {e}\n\nhint: {hint}"));
    Ok(crowd_csv(&sheet.text).map_err(bad)?)
}
