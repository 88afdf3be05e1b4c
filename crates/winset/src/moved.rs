//! `winset moved`: what the record did to the number between two days.

use crate::output::wants_json;
use std::sync::atomic::AtomicBool;

use crate::colour::terminal;
use winset_files::case::{CaseFiles, load};
use winset_files::diagnostic::Findings;
use winset_model::case::Day;
use winset_report::moved::{self, MovedError, MovedSettings};

use crate::cli::SeedArgs;
use crate::drivers::print;
use crate::exit::Failure;
use crate::forecast::{bar, stop_on_interrupt, threads};
use crate::{diagnostics, input};

/// What `moved` and `history` take.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct NewsArgs {
    /// A folder with case.toml, or the file itself; a built-in case by its name
    /// [default: ./case.toml, else the built-in us-iran-2025]
    pub(crate) case: Option<std::path::PathBuf>,
    /// How many draws [default: 1000 of `moved`, which asks many forecasts; 2000 of `history`]
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    draws: Option<u64>,
    #[command(flatten)]
    pub(crate) chance: SeedArgs,
    /// Change an input for this run, such as sides.us.discount=5..10..30 (repeatable)
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
}

/// `winset moved`
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct MovedArgs {
    #[command(flatten)]
    pub(crate) news: NewsArgs,
    #[command(flatten)]
    days: MovedDays,
    /// Print a table: a row for time passing and for each of the news
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

/// The days that `moved` compares.
#[derive(clap::Args, Clone, Copy, Debug)]
struct MovedDays {
    /// The day before: news of later days are divided [default: the day before `--to`]
    #[arg(long, value_name = "DAY", value_parser = input::day)]
    from: Option<Day>,
    /// The day after, its own news included [default: the day the case is told from]
    #[arg(long, value_name = "DAY", value_parser = input::day)]
    to: Option<Day>,
}

/// What moved the number between two days.
pub(crate) fn run(args: &MovedArgs) -> anyhow::Result<()> {
    let report = with(&args.news, moved::DRAWS, |files, settings, stop, progress| {
        let to = match args.days.to {
            Some(to) => to,
            None => own_day(files, &args.news.set)?,
        };
        let days = (args.days.from.unwrap_or(to.plus(-1)), to);
        moved::ask(files, &args.news.set, days, settings, stop, progress)
    })?;
    let out = if wants_json() {
        serde_json::to_string_pretty(&report)? + "\n"
    } else if args.csv {
        moved::table(&report).csv()
    } else {
        terminal(&moved::document(&report))
    };
    print(&out, false)
}

/// The day a case is told from.
fn own_day(files: &CaseFiles, overrides: &[String]) -> Result<Day, MovedError> {
    let mut findings = Findings::default();
    let loaded = load(files, None, overrides, &mut findings);
    loaded.map(|l| l.case.as_of).ok_or(MovedError::Case(findings.list))
}

/// Progress in draws: done, and of how many.
pub(crate) type Progress<'a> = &'a (dyn Fn(u64, u64) + Sync);

/// Reads the files, runs, and turns what went wrong into a failure; progress on a terminal, and
/// Ctrl-C stops.
pub(crate) fn with<T>(
    args: &NewsArgs,
    draws: u64,
    work: impl FnOnce(&CaseFiles, &MovedSettings, &AtomicBool, Progress<'_>) -> Result<T, MovedError>,
) -> anyhow::Result<T> {
    let stop = stop_on_interrupt();
    let mut findings = Findings::default();
    let files = input::files(args.case.as_deref(), &mut findings, wants_json())?;
    if findings.failed() {
        diagnostics::print(&findings.list, &files);
        return Err(Failure::Explained.into());
    }
    // What the case's own day cannot have seen.
    let mut early = Findings::default();
    let _ = load(&files, None, &args.set, &mut early);
    early.list.retain(|d| d.code == "foresight");
    diagnostics::print(&early.list, &files);
    let threads = threads(args.chance.threads);
    let settings =
        MovedSettings { seed: args.chance.seed, draws: args.draws.unwrap_or(draws), threads };
    let bar = bar(1);
    let progress = |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    };
    let done = work(&files, &settings, stop, &progress);
    bar.finish_and_clear();
    done.map_err(|error| match error {
        MovedError::Case(list) => {
            diagnostics::print(&list, &files);
            Failure::Explained.into()
        }
        MovedError::Days(why) => Failure::Invalid(why).into(),
        MovedError::Stopped => Failure::Interrupted.into(),
    })
}
