//! `winset drivers` and `winset flip`: what matters, and what would be enough.

use std::io::Write;
use std::sync::atomic::Ordering;

use clap::{Args, ValueEnum};
use winset_model::effort::Effort;
use winset_model::explain::groups::By;
use winset_model::explain::{drivers, flip};
use winset_report::drivers::text;
use winset_report::drivers::{DRAWS, FEWEST, FLIP_DRAWS, JOINT, TOP, VERIFY};
use winset_report::drivers::{csv, flip_report, flip_view, report, view_of};

use crate::exit::Failure;
use crate::forecast::{bar, stop_on_interrupt, threads};
use crate::input::{self, CaseArgs};

/// What both commands take.
#[derive(Args, Clone, Debug)]
pub(crate) struct SearchArgs {
    #[command(flatten)]
    case: CaseArgs,
    /// How many leading inputs are looked at one by one
    #[arg(long, default_value_t = TOP, value_parser = clap::value_parser!(u16).range(1..=1000))]
    top: u16,
    /// The seed: same seed, same bytes
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many threads [default: all]; the result does not depend on it
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `winset drivers`
#[derive(Args, Clone, Debug)]
pub(crate) struct DriversArgs {
    #[command(flatten)]
    pub(crate) search: SearchArgs,
    /// What the variance is split over
    #[arg(long, value_enum, default_value_t = Split::Input)]
    by: Split,
    /// Draws of the tornado and rows of the Sobol' indices
    #[arg(long, default_value_t = DRAWS, value_parser = clap::value_parser!(u64).range(FEWEST..=10_000_000))]
    draws: u64,
    /// Print a table: a row an input or group
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

/// `winset flip`
#[derive(Args, Clone, Debug)]
pub(crate) struct FlipArgs {
    #[command(flatten)]
    pub(crate) search: SearchArgs,
    /// The threshold that the answer has to cross, between 0 and 1
    #[arg(long, value_parser = threshold)]
    p: f64,
    /// Draws of the search; what it finds is applied and run on four times as many
    #[arg(long, default_value_t = FLIP_DRAWS, value_parser = clap::value_parser!(u64).range(FEWEST..=1_000_000))]
    draws: u64,
    /// Change at most so many inputs together
    #[arg(long, default_value_t = JOINT, value_parser = clap::value_parser!(u16).range(1..=100))]
    joint: u16,
}

/// What the variance is split over.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Split {
    /// Single inputs
    Input,
    /// Actors
    Actor,
    /// Sides
    Side,
    /// Issues
    Issue,
    /// Red lines, positions, force, the calendar …
    Kind,
}

fn threshold(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(p) if p > 0.0 && p < 1.0 => Ok(p),
        _ => Err("write a probability between 0 and 1, such as 0.5".to_owned()),
    }
}

/// Runs something with progress on a terminal, ended early by Ctrl-C; says whether it was.
fn watched<T>(args: &SearchArgs, work: u64, run: impl FnOnce(Effort<'_>) -> T) -> (T, bool) {
    let (stop, bar, threads) = (stop_on_interrupt(), bar(work), threads(args.threads));
    let progress = |n: u64| bar.inc(n);
    let out = run(Effort { threads, stop, progress: &progress });
    bar.finish_and_clear();
    (out, stop.load(Ordering::Relaxed))
}

fn printed(out: &[u8], interrupted: bool) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(out)?;
    stdout.flush()?;
    if interrupted { Err(Failure::Interrupted.into()) } else { Ok(()) }
}

/// `winset drivers`
pub(crate) fn run(args: &DriversArgs) -> anyhow::Result<()> {
    let search = &args.search;
    let loaded = input::case(&search.case, search.json || args.csv)?;
    let case = &loaded.case;
    let by = match args.by {
        Split::Input => By::Input,
        Split::Actor => By::Actor,
        Split::Side => By::Side,
        Split::Issue => By::Issue,
        Split::Kind => By::Kind,
    };
    let top = usize::from(search.top);
    let settings = drivers::Settings { by, draws: args.draws, top, seed: search.seed };
    let work = drivers::work(case, &settings);
    let (found, interrupted) = watched(search, work, |effort| report(case, &settings, effort));
    let out = if search.json {
        serde_json::to_string_pretty(&found)? + "\n"
    } else if args.csv {
        csv(&found)
    } else {
        text::text(&view_of(case, &found))
    };
    printed(out.as_bytes(), interrupted)
}

/// `winset flip`
pub(crate) fn flip(args: &FlipArgs) -> anyhow::Result<()> {
    let search = &args.search;
    let loaded = input::case(&search.case, search.json)?;
    let case = &loaded.case;
    let settings = flip::Settings {
        p: args.p,
        draws: args.draws,
        verify: VERIFY * args.draws,
        top: usize::from(search.top),
        joint: usize::from(args.joint),
        seed: search.seed,
    };
    let work = flip::work(case, &settings);
    let (found, interrupted) = watched(search, work, |effort| flip_report(case, &settings, effort));
    let out = if search.json {
        serde_json::to_string_pretty(&found)? + "\n"
    } else {
        text::flip_text(&flip_view(case, &found))
    };
    printed(out.as_bytes(), interrupted)
}
