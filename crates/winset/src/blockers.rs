//! `winset blockers`: who blocks, by intervention, and what would open the zone.

use winset_model::effort::Effort;
use winset_model::forecast::blocs;
use winset_report::blockers::{BlockersReport, bloc, document, report};
use winset_report::names::Names;

use crate::cli::ForecastArgs;
use crate::exit::Failure;
use crate::forecast::{stop_on_interrupt, threads};
use crate::{forecast, input, output};

/// `winset blockers`
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct BlockersArgs {
    #[command(flatten)]
    pub(crate) forecast: ForecastArgs,
    /// Actors and sides, with commas between: what they do to the zone together; may be repeated
    #[arg(long, value_name = "LIST")]
    pub(crate) together: Vec<String>,
}

/// Runs it.
pub(crate) fn run(args: &BlockersArgs) -> anyhow::Result<()> {
    let ForecastArgs { case, run, mcse } = &args.forecast;
    let loaded = input::case(case)?;
    let asked = args.together.iter().map(|list| bloc(&loaded.case, list));
    let asked: Vec<Vec<usize>> = asked.collect::<Result<_, _>>().map_err(Failure::Usage)?;
    let (f, interrupted) = forecast::compute(&loaded.case, *run, *mcse)?;
    let mut found = Vec::new();
    if !asked.is_empty() && !interrupted {
        let effort =
            Effort { threads: threads(run.threads), stop: stop_on_interrupt(), progress: &|_| {} };
        let told = blocs(&loaded.case, run.seed, f.draws, &asked, effort);
        found = told.ok_or(Failure::Interrupted)?;
    }
    let answer = BlockersReport { blocs: found, ..report(&f) };
    output::print(&answer, || document(&f, &answer.blocs, &Names::new(&loaded.case)))?;
    forecast::finish(interrupted)
}
