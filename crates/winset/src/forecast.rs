//! `winset forecast`: the whole way through.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use winset::views::{term, view_of};
use winset_brief::forecast as view;
use winset_model::case::Case;
use winset_model::forecast::{Forecast, Run, Tally, run as run_draws};

use crate::cli::ForecastArgs;
use crate::exit::Failure;
use crate::input;

/// Draws between two looks at the error.
const STEP: u64 = 1_000;

/// Runs it.
pub(crate) fn run(args: &ForecastArgs) -> anyhow::Result<()> {
    let loaded = input::case(&args.case, args.json)?;
    let case = &loaded.case;
    let started = std::time::Instant::now();
    let (forecast, interrupted) = compute(case, args)?;
    let mut out = std::io::stdout().lock();
    if args.json {
        serde_json::to_writer_pretty(&mut out, &forecast)?;
        writeln!(out)?;
    } else {
        out.write_all(view::text(&view_of(case, &forecast)).as_bytes())?;
    }
    out.flush()?;
    if std::io::stderr().is_terminal() {
        eprintln!("{} draws in {:.1} s", forecast.draws, started.elapsed().as_secs_f64());
    }
    if interrupted {
        return Err(Failure::Interrupted.into());
    }
    Ok(())
}

/// Computes a forecast, with progress on a terminal; Ctrl-C ends it with the draws done so far.
pub(crate) fn compute(case: &Case, args: &ForecastArgs) -> anyhow::Result<(Forecast, bool)> {
    // One flag for all forecasts of a command: the handler is set once, and Ctrl-C ends them all.
    static STOP: AtomicBool = AtomicBool::new(false);
    let _ = ctrlc::set_handler(|| STOP.store(true, Ordering::Relaxed));
    let bar = indicatif::ProgressBar::new(args.draws);
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(indicatif::ProgressDrawTarget::hidden());
    }
    let threads = args
        .threads
        .map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from);
    // With a wanted error the draws come in steps, so that where it stops depends on nothing else.
    let step = if args.mcse.is_some() { STEP } else { args.draws };
    let mut tally = Tally::default();
    while tally.draws < args.draws && !STOP.load(Ordering::Relaxed) {
        let from = tally.draws;
        let to = (from + step).min(args.draws);
        let settings = Run { seed: args.seed, draws: from..to, threads };
        tally.merge(run_draws(case, &settings, &STOP, &|done| bar.set_position(from + done)));
        if args.mcse.is_some_and(|wanted| tally.mcse() <= wanted) {
            break;
        }
    }
    bar.finish_and_clear();
    let interrupted = STOP.load(Ordering::Relaxed);
    if tally.draws == 0 {
        return Err(Failure::Interrupted.into());
    }
    Ok((Forecast::new(case, args.seed, &tally, &term), interrupted))
}
