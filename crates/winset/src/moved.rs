//! `winset moved` and `winset history`: what the record did to the number.

use std::io::Write;
use std::sync::atomic::AtomicBool;

use winset_files::case::{CaseFiles, load};
use winset_files::diagnostic::Findings;
use winset_files::sheet::table;
use winset_model::case::Day;
use winset_report::moved::text as view;
use winset_report::moved::{self, Days, Error, History, Settings};

use crate::exit::Failure;
use crate::forecast::{bar, stop_on_interrupt, threads};
use crate::{diagnostics, input};

/// What both commands take.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct NewsArgs {
    /// A folder with case.toml, or the file itself; a built-in case by its name
    /// [default: ./case.toml, else the built-in us-iran-2025]
    pub(crate) case: Option<std::path::PathBuf>,
    /// How many draws [default: 1000 of `moved`, which asks many forecasts; 2000 of `history`]
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    draws: Option<u64>,
    /// The seed: same seed, same bytes
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many threads [default: all]; the result does not depend on it
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Change an input for this run, such as sides.us.discount=5..10..30 (repeatable)
    #[arg(long = "set", value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `winset moved`
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct MovedArgs {
    #[command(flatten)]
    pub(crate) news: NewsArgs,
    /// The day before: news of later days are divided [default: the day before `--to`]
    #[arg(long, value_name = "DAY", value_parser = input::day)]
    from: Option<Day>,
    /// The day after, its own news included [default: the day the case is told from]
    #[arg(long, value_name = "DAY", value_parser = input::day)]
    to: Option<Day>,
}

/// `winset history`
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct HistoryArgs {
    #[command(flatten)]
    pub(crate) news: NewsArgs,
    /// The first day [default: the start of the talks, else the first entry]
    #[arg(long, value_name = "DAY", value_parser = input::day)]
    from: Option<Day>,
    /// The last day [default: the day the case is told from]
    #[arg(long, value_name = "DAY", value_parser = input::day)]
    to: Option<Day>,
    /// How far apart the days are: 1d, 3d, 1w
    #[arg(long, value_name = "STEP", default_value = "1d", value_parser = step)]
    every: i32,
    /// Print CSV
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

/// Reads a step in days.
fn step(text: &str) -> Result<i32, String> {
    let (number, days) = match text.strip_suffix('w') {
        Some(weeks) => (weeks, 7),
        None => (text.strip_suffix('d').unwrap_or(""), 1),
    };
    let steps = number.parse::<i32>().ok().filter(|n| (1..=3650).contains(n));
    steps.map(|n| n * days).ok_or_else(|| "write a step as 1d, 3d or 1w".to_owned())
}

/// What moved the number between two days.
pub(crate) fn moved(args: &MovedArgs) -> anyhow::Result<()> {
    let found = with(&args.news, moved::DRAWS, |files, settings, stop, progress| {
        let to = match args.to {
            Some(to) => to,
            None => own_day(files, &args.news.set)?,
        };
        let days = (args.from.unwrap_or(to.plus(-1)), to);
        moved::moved(files, &args.news.set, days, settings, stop, progress)
    })?;
    let mut out = std::io::stdout().lock();
    if args.news.json {
        serde_json::to_writer_pretty(&mut out, &found)?;
        writeln!(out)?;
    } else {
        out.write_all(view::text(&moved::view_of(&found)).as_bytes())?;
    }
    out.flush()?;
    Ok(())
}

/// The day a case is told from.
fn own_day(files: &CaseFiles, overrides: &[String]) -> Result<Day, Error> {
    let mut findings = Findings::default();
    let loaded = load(files, None, overrides, &mut findings);
    loaded.map(|l| l.case.as_of).ok_or(Error::Case(findings.list))
}

/// The number day by day.
pub(crate) fn history(args: &HistoryArgs) -> anyhow::Result<()> {
    let days = Days { from: args.from, to: args.to, every: args.every };
    let found = with(&args.news, 2_000, |files, settings, stop, progress| {
        moved::history(files, &args.news.set, &days, settings, stop, progress)
    })?;
    let mut out = std::io::stdout().lock();
    if args.news.json {
        serde_json::to_writer_pretty(&mut out, &found)?;
        writeln!(out)?;
    } else if args.csv {
        out.write_all(csv(&found).as_bytes())?;
    } else {
        out.write_all(view::course(&moved::history_view(&found)).as_bytes())?;
    }
    out.flush()?;
    if found.complete { Ok(()) } else { Err(Failure::Interrupted.into()) }
}

/// A row a day; ids of entries are separated by spaces.
fn csv(h: &History) -> String {
    let rows = h.days.iter().map(|d| {
        let ids: Vec<&str> = d.entries.iter().map(|e| e.id.as_str()).collect();
        let numbers = [d.p, d.lo, d.hi, d.mcse, d.zone].map(|x| x.to_string());
        std::iter::once(d.date.to_string()).chain(numbers).chain([ids.join(" ")])
    });
    table(["date", "p", "lo", "hi", "mcse", "zone", "entries"], rows)
}

/// Progress in draws: done, and of how many.
type Progress<'a> = &'a (dyn Fn(u64, u64) + Sync);

/// Reads the files, runs, and turns what went wrong into a failure; progress on a terminal, and
/// Ctrl-C stops.
fn with<T>(
    args: &NewsArgs,
    draws: u64,
    work: impl FnOnce(&CaseFiles, &Settings, &AtomicBool, Progress<'_>) -> Result<T, Error>,
) -> anyhow::Result<T> {
    let stop = stop_on_interrupt();
    let mut findings = Findings::default();
    let files = input::files(args.case.as_deref(), &mut findings, args.json)?;
    if findings.failed() {
        diagnostics::print(&findings.list, &files, args.json);
        return Err(Failure::Explained.into());
    }
    let threads = threads(args.threads);
    let settings = Settings { seed: args.seed, draws: args.draws.unwrap_or(draws), threads };
    let bar = bar(1);
    let progress = |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    };
    let found = work(&files, &settings, stop, &progress);
    bar.finish_and_clear();
    found.map_err(|error| match error {
        Error::Case(list) => {
            diagnostics::print(&list, &files, args.json);
            Failure::Explained.into()
        }
        Error::Days(why) => Failure::Invalid(why).into(),
        Error::Stopped => Failure::Interrupted.into(),
    })
}
