//! `winset forecast`: the whole way through.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};

use winset_model::case::Case;
use winset_model::effort::Effort;
use winset_model::forecast::{Depth, Forecast, Frame, Run, Tally, run_in};
use winset_report::forecast::document;
use winset_report::names::{Names, term};

use crate::cli::{ForecastArgs, RunArgs};
use crate::exit::Failure;
use crate::output::say;
use crate::{input, output};

/// Draws between two looks at the error.
const STEP: u64 = 1_000;

/// Runs it.
pub(crate) fn run(args: &ForecastArgs) -> anyhow::Result<()> {
    let loaded = input::case(&args.case)?;
    let case = &loaded.case;
    let started = std::time::Instant::now();
    let (forecast, interrupted) = compute(case, args.run, args.mcse)?;
    print(case, &forecast)?;
    if std::io::stderr().is_terminal() {
        say!("{} draws in {:.1} s", forecast.draws, started.elapsed().as_secs_f64());
    }
    finish(interrupted)
}

/// Prints a forecast.
pub(crate) fn print(case: &Case, forecast: &Forecast) -> anyhow::Result<()> {
    output::print(forecast, || document(forecast, &Names::new(case)))
}

/// Says that what was printed has fewer draws than were asked for.
pub(crate) fn finish(interrupted: bool) -> anyhow::Result<()> {
    if interrupted { Err(Failure::Interrupted.into()) } else { Ok(()) }
}

/// Computes a forecast, with progress on a terminal; Ctrl-C ends it with the draws done so far, and
/// so does a Monte Carlo error as small as is wanted.
pub(crate) fn compute(
    case: &Case,
    run: RunArgs,
    wanted: Option<f64>,
) -> anyhow::Result<(Forecast, bool)> {
    compute_as(("the case", Depth::Full), case, run, wanted)
}

/// The same of a case that is told apart from others by what its progress is called, with so much asked of
/// each draw.
pub(crate) fn compute_as(
    (what, depth): (&'static str, Depth),
    case: &Case,
    run: RunArgs,
    wanted: Option<f64>,
) -> anyhow::Result<(Forecast, bool)> {
    let stop = stop_on_interrupt();
    let bar = bar(run.draws).with_message(what);
    let progress = |n: u64| bar.inc(n);
    let effort = Effort { threads: threads(run.threads), stop, progress: &progress };
    // With a wanted error the draws come in steps, so that where it stops depends on nothing else.
    let step = if wanted.is_some() { STEP } else { run.draws };
    let mut tally = Tally::default();
    let pool = Frame::new(case).times().pool();
    while tally.draws < run.draws && !stop.load(Ordering::Relaxed) {
        let from = tally.draws;
        let to = (from + step).min(run.draws);
        let settings = Run { seed: run.seed, draws: from..to };
        tally.merge(run_in(case, &settings, depth, effort));
        if wanted.is_some_and(|wanted| tally.mcse(pool) <= wanted) {
            break;
        }
    }
    bar.finish_and_clear();
    let interrupted = stop.load(Ordering::Relaxed);
    if tally.draws == 0 {
        return Err(Failure::Interrupted.into());
    }
    let forecast = Forecast::new(case, run.seed, &tally, &term);
    if !forecast.lasted {
        let why = format!(
            "this structure cannot have lasted so long: no draw explains that nothing has ended by {}\n\n\
             hint: check `clock.start`, and what has changed since under `[since]`",
            case.as_of
        );
        return Err(Failure::Invalid(why).into());
    }
    Ok((forecast, interrupted))
}

/// What Ctrl-C sets. One flag for all runs of a command: the handler is set once, and ends them all.
pub(crate) fn stop_on_interrupt() -> &'static AtomicBool {
    static STOP: AtomicBool = AtomicBool::new(false);
    let _ = ctrlc::set_handler(|| STOP.store(true, Ordering::Relaxed));
    &STOP
}

/// A bar that is seen on a terminal only.
pub(crate) fn bar(steps: u64) -> indicatif::ProgressBar {
    let bar = indicatif::ProgressBar::new(steps);
    if let Ok(style) = indicatif::ProgressStyle::with_template("{msg:26} {wide_bar} {pos}/{len}") {
        bar.set_style(style);
    }
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(indicatif::ProgressDrawTarget::hidden());
    }
    bar
}

/// How many threads: as asked, else all there are.
pub(crate) fn threads(asked: Option<u16>) -> usize {
    let all = || std::thread::available_parallelism().map_or(1, usize::from);
    asked.map_or_else(all, usize::from)
}
