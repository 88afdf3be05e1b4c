//! `winset drivers`: what matters.

use crate::output::wants_json;
use std::io::Write;

use crate::colour::terminal;
use clap::{Args, ValueEnum};
use winset_model::effort::Effort;
use winset_model::explain::drivers::{DriversSettings, work};
use winset_model::explain::groups::By;
use winset_report::drivers::{self, DRAWS, FEWEST, TOP};
use winset_report::names::counted;

use crate::cli::SeedArgs;
use crate::exit::Failure;
use crate::forecast::{bar, stop_on_interrupt, threads};
use crate::input::{self, CaseArgs};

/// What `drivers` and `flip` take.
#[derive(Args, Clone, Debug)]
pub(crate) struct SearchArgs {
    #[command(flatten)]
    pub(crate) case: CaseArgs,
    /// How many leading inputs are looked at one by one
    #[arg(long, default_value_t = TOP, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) top: u16,
    #[command(flatten)]
    pub(crate) chance: SeedArgs,
}

impl SearchArgs {
    /// Runs a search with progress on a terminal, ended early by Ctrl-C.
    pub(crate) fn watched<T>(&self, work: u64, run: impl FnOnce(Effort<'_>) -> T) -> T {
        let (stop, bar, threads) = (stop_on_interrupt(), bar(work), threads(self.chance.threads));
        let progress = |n: u64| bar.inc(n);
        let out = run(Effort { threads, stop, progress: &progress });
        bar.finish_and_clear();
        out
    }
}

/// Prints what a search found; one that was interrupted fails after it.
pub(crate) fn print(out: &str, interrupted: bool) -> anyhow::Result<()> {
    let mut stdout = crate::output::data();
    stdout.write_all(out.as_bytes())?;
    stdout.flush()?;
    if interrupted { Err(Failure::Interrupted.into()) } else { Ok(()) }
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

/// `winset drivers`
pub(crate) fn run(args: &DriversArgs) -> anyhow::Result<()> {
    let search = &args.search;
    let loaded = input::read(&search.case, wants_json() || args.csv)?;
    let case = &loaded.case;
    let by = match args.by {
        Split::Input => By::Input,
        Split::Actor => By::Actor,
        Split::Side => By::Side,
        Split::Issue => By::Issue,
        Split::Kind => By::Kind,
    };
    let top = usize::from(search.top);
    let settings = DriversSettings { by, draws: args.draws, top, seed: search.chance.seed };
    let report = search.watched(work(case, &settings), |e| drivers::ask(case, &settings, e));
    let out = if wants_json() {
        serde_json::to_string_pretty(&report)? + "\n"
    } else if args.csv {
        drivers::table(&report).csv()
    } else {
        terminal(&drivers::document(&report, &counted(case)))
    };
    print(&out, report.interrupted)
}
