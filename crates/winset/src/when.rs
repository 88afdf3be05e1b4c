//! `winset when`: P(agreement by a day), endings, what each day contributes, promises and force.

use winset_model::effort::Effort;
use winset_model::forecast::{Depth, promises};
use winset_report::names::Names;
use winset_report::when::{COMPARED, RELIED, document, report, without_force};

use crate::cli::{ForecastArgs, RunArgs};
use crate::exit::Failure;
use crate::{forecast, input, output};

/// Runs it.
pub(crate) fn run(args: &ForecastArgs) -> anyhow::Result<()> {
    let loaded = input::case(&args.case)?;
    let case = &loaded.case;
    let (f, interrupted) = forecast::compute(case, args.run, args.mcse)?;
    let compared = RunArgs { draws: args.run.draws.min(COMPARED), ..args.run };
    let relied = args.run.draws.min(RELIED);
    let effort = Effort::silent(forecast::threads(args.run.threads), forecast::stop_on_interrupt());
    let promises = promises(case, args.run.seed, relied, effort).ok_or(Failure::Interrupted)?;
    let without = without_force(case, compared.draws, |case| {
        let asked = ("without an option of force", Depth::Terms);
        anyhow::Ok(forecast::compute_as(asked, case, compared, args.mcse)?.0)
    })?;
    let report = report(case, &f, promises, without);
    output::print(&report, || document(&report, &Names::new(case)))?;
    forecast::finish(interrupted)
}
