//! `winset blockers`: who blocks, by intervention, and what would open the zone.

use winset_report::blockers::{document, report};
use winset_report::names::Names;

use crate::cli::ForecastArgs;
use crate::{forecast, input, output};

/// Runs it.
pub(crate) fn run(args: &ForecastArgs) -> anyhow::Result<()> {
    let loaded = input::case(&args.case)?;
    let (f, interrupted) = forecast::compute(&loaded.case, args.run, args.mcse)?;
    output::print(&report(&f), || document(&f, &Names::new(&loaded.case)))?;
    forecast::finish(interrupted)
}
