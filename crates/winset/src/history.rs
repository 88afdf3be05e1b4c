//! `winset history`: the number day by day.

use crate::colour::terminal;
use crate::output::wants_json;
use winset_model::case::Day;
use winset_report::history::{self, DRAWS, HistoryDays};

use crate::drivers::print;
use crate::input;
use crate::moved::{NewsArgs, with};

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

/// `winset history`
pub(crate) fn run(args: &HistoryArgs) -> anyhow::Result<()> {
    let days = HistoryDays { from: args.from, to: args.to, every: args.every };
    let report = with(&args.news, DRAWS, |files, settings, stop, progress| {
        history::ask(files, &args.news.set, &days, settings, stop, progress)
    })?;
    let out = if wants_json() {
        serde_json::to_string_pretty(&report)? + "\n"
    } else if args.csv {
        history::table(&report).csv()
    } else {
        terminal(&history::document(&report))
    };
    print(&out, !report.complete)
}
