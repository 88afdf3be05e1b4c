//! `winset explain`: what a number is.

use winset_report::explain::{equation, hint, input, output as number};

use crate::cli::ForecastArgs;
use crate::exit::Failure;
use crate::{forecast, output};

/// `winset explain`
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct ExplainArgs {
    /// A number of the output (answer.p, zone.p, terms.ISSUE, blockers.ACTOR, endings.force,
    /// coefficients.base …) or an input (sides.us.discount)
    pub(crate) path: String,
    #[command(flatten)]
    pub(crate) forecast: ForecastArgs,
}

/// What a number is: equation, citation, inputs, value.
pub(crate) fn run(args: &ExplainArgs) -> anyhow::Result<()> {
    let f = &args.forecast;
    let loaded = crate::input::case(&f.case)?;
    if let Some(input) = input(&loaded, &args.path) {
        return output::print(&input, || input.document());
    }
    let Some(entry) = equation(&args.path) else {
        let hint = hint(&loaded.case, &args.path);
        return Err(
            Failure::Usage(format!("`{}` is no number of the output; {hint}", args.path)).into()
        );
    };
    let (computed, interrupted) = forecast::compute(&loaded.case, f.run, f.mcse)?;
    let Some(number) = number(&loaded.case, &computed, &args.path, entry) else {
        return Err(Failure::Usage(format!(
            "`{}` is not in the forecast of this case; its pattern is `{}`",
            args.path, entry.path
        ))
        .into());
    };
    output::print(&number, || number.document())?;
    forecast::finish(interrupted)
}
