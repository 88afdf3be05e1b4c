//! `winset log`: the book of what was forecast, `log.jsonl` beside the case.

mod add;
mod place;
mod read;
mod redo;
mod tags;

use std::path::PathBuf;

use winset_files::log::ChainHead;
use winset_methods::score::Level;
use winset_model::case::Day;

use crate::cli::{RunArgs, WaitArgs};

pub(crate) use add::append;
pub(crate) use place::{Place, author, failed, now};

/// `winset log`
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct LogArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand, Clone, Debug)]
enum Verb {
    /// Forecast the case and enter the number; answers once the line is on disk
    Add(AddArgs),
    /// List the entries, a line each
    List(ReadArgs),
    /// Show an entry, or what was said on a day
    Show(ShowArgs),
    /// Check the chain: names a line that was changed, dropped or moved
    Verify(VerifyArgs),
    /// Enter that the number was looked at and kept
    Reaffirm(ReaffirmArgs),
    /// Replace an entry that was wrong when it was made
    Correct(CorrectArgs),
    /// Compute entries again, or tell the case anew day by day
    Replay(ReplayArgs),
    /// Print the log as CSV, or its machine tags
    Export(ExportArgs),
}

/// What every entry can say.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct EntryArgs {
    /// Who answers for it [default: the name of the user, else `unknown`]
    #[arg(long)]
    pub(crate) author: Option<String>,
    /// Why; asked for when the number moves ten points or more
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
}

/// `winset log add`
#[derive(clap::Args, Clone, Debug)]
struct AddArgs {
    /// A folder with case.toml, or the file itself [default: ./case.toml]
    case: Option<PathBuf>,
    /// The question's id [default: what counts and the date, such as agreement-by-2025-06-30]
    #[arg(long, value_name = "ID")]
    question: Option<String>,
    /// Tell it from this day: later entries and announcements are not seen
    #[arg(long, value_name = "DAY", value_parser = crate::input::day)]
    as_of: Option<Day>,
    #[command(flatten)]
    run: RunArgs,
    /// What led to it, such as r05 [default: the record's entries since the last forecast]
    #[arg(long)]
    trigger: Option<String>,
    /// A tag to divide scores by (repeatable)
    #[arg(long = "tag")]
    tags: Vec<String>,
    /// State this confidence instead of the one suggested
    #[arg(long, value_name = "LEVEL", value_parser = level, requires = "because")]
    confidence: Option<Level>,
    /// Why that confidence
    #[arg(long, value_name = "TEXT", requires = "confidence")]
    because: Option<String>,
    #[command(flatten)]
    entry: EntryArgs,
}

fn level(text: &str) -> Result<Level, String> {
    let levels = [Level::Low, Level::Moderate, Level::High];
    let found = levels.into_iter().find(|l| l.word() == text);
    found.ok_or_else(|| "write low, moderate or high".to_owned())
}

/// `winset log list`
#[derive(clap::Args, Clone, Debug)]
struct ReadArgs {
    /// A folder with a log, with or without its case, or the log itself [default: the folder here]
    case: Option<PathBuf>,
}

/// `winset log verify`
#[derive(clap::Args, Clone, Debug)]
struct VerifyArgs {
    /// A folder with a log, with or without its case, or the log itself [default: the folder here]
    case: Option<PathBuf>,
    /// Hold the log against a head kept elsewhere, as `log add` printed it (repeatable)
    #[arg(long, value_name = "N:HASH", value_parser = str::parse::<ChainHead>)]
    head: Vec<ChainHead>,
    /// Fail where the end of the log is not proved: no head note and no `--head` of all entries
    #[arg(long)]
    strict: bool,
}

/// `winset log show`
#[derive(clap::Args, Clone, Debug)]
struct ShowArgs {
    /// An entry such as f3 [default: the last], and the folder of the log or the log itself
    /// [default: the folder here]
    #[arg(value_name = "ID|CASE", num_args = 0..=2)]
    what: Vec<PathBuf>,
    /// What was said on this day, and what the case as it is now says as of it
    #[arg(long, value_name = "DAY", value_parser = crate::input::day)]
    on: Option<Day>,
    /// The question [default: that of the case, or the only one]
    #[arg(long, value_name = "ID")]
    question: Option<String>,
    #[command(flatten)]
    run: RunArgs,
}

/// `winset log reaffirm`
#[derive(clap::Args, Clone, Debug)]
struct ReaffirmArgs {
    /// A folder with case.toml, or the file itself [default: ./case.toml]
    case: Option<PathBuf>,
    /// The question [default: that of the case]
    #[arg(long, value_name = "ID")]
    question: Option<String>,
    /// The day it is told from [default: that of the case]
    #[arg(long, value_name = "DAY", value_parser = crate::input::day)]
    as_of: Option<Day>,
    #[command(flatten)]
    entry: EntryArgs,
}

/// `winset log correct`
#[derive(clap::Args, Clone, Debug)]
struct CorrectArgs {
    /// The entry that was wrong, such as f3
    id: String,
    /// A folder with case.toml, or the file itself [default: ./case.toml]
    case: Option<PathBuf>,
    /// The number it should have said [default: the case is forecast anew as of its day]
    #[arg(long, value_name = "P", value_parser = probability)]
    p: Option<f64>,
    #[command(flatten)]
    run: RunArgs,
    #[command(flatten)]
    entry: EntryArgs,
}

fn probability(text: &str) -> Result<f64, String> {
    let (number, scale) = match text.strip_suffix('%') {
        Some(percent) => (percent, 100.0),
        None => (text, 1.0),
    };
    let p = number.trim().parse::<f64>().ok().map(|x| x / scale);
    p.filter(|p| (0.0..=1.0).contains(p)).ok_or_else(|| "write 0.35 or 35%".to_owned())
}

/// `winset log replay`
#[derive(clap::Args, Clone, Debug)]
struct ReplayArgs {
    /// An entry such as f3 [default: all], and the case [default: ./case.toml]
    #[arg(value_name = "ID|CASE", num_args = 0..=2)]
    what: Vec<PathBuf>,
    /// Tell the case anew every day of a period into a new folder, marked as coded with hindsight
    #[arg(long, requires = "from", requires = "to", requires = "out")]
    daily: bool,
    /// The first day
    #[arg(long, value_name = "DAY", value_parser = crate::input::day, requires = "daily")]
    from: Option<Day>,
    /// The last day, before the question's own
    #[arg(long, value_name = "DAY", value_parser = crate::input::day, requires = "daily")]
    to: Option<Day>,
    /// The folder to make
    #[arg(short = 'o', long, value_name = "FOLDER", requires = "daily")]
    out: Option<PathBuf>,
    #[command(flatten)]
    run: RunArgs,
}

/// `winset log export`
#[derive(clap::Args, Clone, Debug)]
struct ExportArgs {
    /// A folder with case.toml, or the file itself [default: ./case.toml]
    case: Option<PathBuf>,
    /// Only the machine tags: likelihood and confidence of the entries, grades of the record
    #[arg(long)]
    tags: bool,
}

/// Runs it.
pub(crate) fn run(args: &LogArgs) -> anyhow::Result<()> {
    match &args.verb {
        Verb::Add(a) => add::add(a),
        Verb::List(a) => read::list(a),
        Verb::Show(a) => read::show(a),
        Verb::Verify(a) => read::verify(a),
        Verb::Reaffirm(a) => add::reaffirm(a),
        Verb::Correct(a) => add::correct(a),
        Verb::Replay(a) if a.daily => redo::daily(a),
        Verb::Replay(a) => redo::again(a),
        Verb::Export(a) => tags::export(a),
    }
}
