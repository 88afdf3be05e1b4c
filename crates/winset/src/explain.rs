//! `winset blockers`, `winset when` and `winset explain`: one forecast, asked more closely.

use std::io::Write;

use winset_model::effort::Effort;
use winset_model::forecast::promises;
use winset_report::why::text as view;

use crate::cli::{ForecastArgs, RunArgs};
use crate::exit::Failure;
use crate::{forecast, input};
use winset_report::{forecast as views, why as reports};

/// `winset explain`
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct ExplainArgs {
    /// A number of the output (answer.p, zone.p, terms.ISSUE, blockers.ACTOR, endings.force,
    /// coefficients.base …) or an input (sides.us.discount)
    pub(crate) path: String,
    #[command(flatten)]
    pub(crate) forecast: ForecastArgs,
}

/// Who blocks, by intervention; what cannot hold together; what would open the zone.
pub(crate) fn blockers(args: &ForecastArgs) -> anyhow::Result<()> {
    let loaded = input::case(&args.case, args.json)?;
    let (f, interrupted) = forecast::compute(&loaded.case, args.run, args.mcse)?;
    let mut out = std::io::stdout().lock();
    if args.json {
        let report = reports::blockers(&f);
        serde_json::to_writer_pretty(&mut out, &report)?;
        writeln!(out)?;
    } else {
        let v = views::view_of(&loaded.case, &f);
        out.write_all(view::blockers(&v).as_bytes())?;
    }
    finish(interrupted)
}

fn finish(interrupted: bool) -> anyhow::Result<()> {
    if interrupted { Err(Failure::Interrupted.into()) } else { Ok(()) }
}

/// P(agreement by a day), endings, what each day contributes, promises and force.
pub(crate) fn when(args: &ForecastArgs) -> anyhow::Result<()> {
    let loaded = input::case(&args.case, args.json)?;
    let case = &loaded.case;
    let (f, interrupted) = forecast::compute(case, args.run, args.mcse)?;
    let compared = RunArgs { draws: args.run.draws.min(reports::COMPARED), ..args.run };
    let relied = args.run.draws.min(reports::RELIED);
    let effort = Effort::silent(forecast::threads(args.run.threads), forecast::stop_on_interrupt());
    let promises = promises(case, args.run.seed, relied, effort).ok_or(Failure::Interrupted)?;
    let asked = reports::Asked {
        promises,
        without: reports::without_force(case, |case| {
            anyhow::Ok(forecast::compute(case, compared, args.mcse)?.0)
        })?,
        compared: compared.draws,
        dates: reports::dates(case, &f),
    };
    let mut out = std::io::stdout().lock();
    if args.json {
        let report = reports::when(&f, &asked);
        serde_json::to_writer_pretty(&mut out, &report)?;
        writeln!(out)?;
    } else {
        let v = views::view_of(case, &f);
        let when = reports::when_view(case, &f, &asked);
        out.write_all(view::when(&v, &when).as_bytes())?;
    }
    finish(interrupted)
}

/// What a number is: equation, citation, inputs, value.
pub(crate) fn explain(args: &ExplainArgs) -> anyhow::Result<()> {
    let f = &args.forecast;
    let loaded = input::case(&f.case, f.json)?;
    let mut out = std::io::stdout().lock();
    if let Some(input) = reports::input(&loaded, &args.path) {
        if f.json {
            serde_json::to_writer_pretty(&mut out, &input.json())?;
            writeln!(out)?;
        } else {
            let reports::InputFacts { path, meaning, quantiles, written, rests_on, .. } = &input;
            let text = view::input(path, meaning, *quantiles, *written, rests_on);
            out.write_all(text.as_bytes())?;
        }
        return Ok(());
    }
    let Some(entry) = view::equation(&args.path) else {
        let hint = reports::known(&loaded.case, &args.path);
        return Err(
            Failure::Usage(format!("`{}` is no number of the output; {hint}", args.path)).into()
        );
    };
    let (computed, interrupted) = forecast::compute(&loaded.case, f.run, f.mcse)?;
    let Some(number) = reports::output(&loaded.case, &computed, &args.path, entry) else {
        return Err(Failure::Usage(format!(
            "`{}` is not in the forecast of this case; its pattern is `{}`",
            args.path, entry.path
        ))
        .into());
    };
    if f.json {
        serde_json::to_writer_pretty(&mut out, &number.json())?;
        writeln!(out)?;
    } else {
        // A row or a whole object is read line by line.
        let shown = serde_json::to_string_pretty(&number.value)?;
        let text = view::output(&args.path, entry, &shown, &number.inputs);
        out.write_all(text.as_bytes())?;
    }
    finish(interrupted)
}
