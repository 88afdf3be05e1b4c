//! `winset backtest`: models on decisions, negotiations and talks whose end is known.

use crate::output::{say, wants_json};
use std::path::PathBuf;
use std::sync::atomic::Ordering;

use crate::colour::terminal;
use winset_model::forecast::Run;
use winset_report::backtest::{self, Split};
use winset_report::past;

use crate::cli::RunArgs;
use crate::drivers::print;
use crate::exit::Failure;
use crate::forecast::{stop_on_interrupt, threads};
use winset_files::atomic;

/// `winset backtest`
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct BacktestArgs {
    #[command(subcommand)]
    pub(crate) data: Data,
}

/// The data there are readers for.
#[derive(clap::Subcommand, Clone, Debug)]
pub(crate) enum Data {
    /// Decisions of the European Union (DEU III): issues.csv and positions.csv in a folder
    Deu(DeuArgs),
    /// Past negotiations: a folder with cases and with outcomes.csv, which says how each ended
    Cases(CasesArgs),
    /// Talks of people over known values: tables of how each ended and what each side got
    Talks(crate::talks::TalksArgs),
}

/// `winset backtest cases`
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct CasesArgs {
    /// The folder with the cases and outcomes.csv
    pub(crate) dir: PathBuf,
    /// Change an input of every case, such as constants.gamma=0..0.5..1, and say how the scores differ
    /// (repeatable)
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
    #[command(flatten)]
    pub(crate) run: RunArgs,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `winset backtest deu`
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct DeuArgs {
    /// The folder with the data
    pub(crate) dir: PathBuf,
    /// Which issues; those without an outcome are predicted and not scored
    #[arg(long, default_value = "train", value_parser = ["train", "holdout", "all"])]
    pub(crate) split: String,
    /// Run one model only
    #[arg(long, value_name = "ID")]
    pub(crate) model: Option<String>,
    /// Write every prediction: issue, model, point, and the distribution function at 0 … 100 %
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// Runs it.
pub(crate) fn run(args: &BacktestArgs) -> anyhow::Result<()> {
    let args = match &args.data {
        Data::Deu(args) => args,
        Data::Cases(args) => return cases(args),
        Data::Talks(args) => return crate::talks::run(args),
    };
    backtest::known(args.model.as_deref()).map_err(|e| Failure::Usage(e.to_string()))?;
    let split = Split::named(&args.split).map_err(|e| Failure::Usage(e.to_string()))?;
    // A folder that cannot be read is another kind of trouble than what it holds.
    std::fs::read_dir(&args.dir).map_err(|e| {
        anyhow::Error::from(e).context(format!("cannot read {}", args.dir.display()))
    })?;
    let (report, predictions) = backtest::ask(&args.dir, split, args.model.as_deref())
        .map_err(|e| Failure::Invalid(format!("{e:#}")))?;
    if let Some(path) = &args.out {
        atomic::write(path, predictions.csv().as_bytes())?;
        say!("wrote {}", path.display());
    }
    let out = match wants_json() {
        true => serde_json::to_string_pretty(&report)? + "\n",
        false => terminal(&backtest::document(&report)),
    };
    print(&out, false)
}

/// Scores the cases of a folder.
fn cases(args: &CasesArgs) -> anyhow::Result<()> {
    std::fs::read_dir(&args.dir).map_err(|e| {
        anyhow::Error::from(e).context(format!("cannot read {}", args.dir.display()))
    })?;
    let stop = stop_on_interrupt();
    let run = Run { seed: args.run.seed, draws: 0..args.run.draws };
    let asked = past::ask(&args.dir, &args.set, &run, threads(args.run.threads), stop, &|_| {});
    if stop.load(Ordering::Relaxed) {
        return Err(Failure::Interrupted.into());
    }
    let report = asked.map_err(|e| Failure::Invalid(format!("{e:#}")))?;
    let out = match args.json {
        true => serde_json::to_string_pretty(&report)? + "\n",
        false => terminal(&past::document(&report)),
    };
    print(&out, false)
}
