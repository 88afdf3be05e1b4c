//! `winset backtest`: the position models on decisions whose outcome is known.

use std::path::PathBuf;

use winset_page::document::terminal;
use winset_report::backtest::{self, Split};
use winset_report::spatial::chosen;

use crate::drivers::print;
use crate::exit::Failure;
use winset_files::atomic;

/// `winset backtest`
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct BacktestArgs {
    #[command(subcommand)]
    pub(crate) data: Data,
}

impl BacktestArgs {
    /// Whether errors go out as JSON.
    pub(crate) fn json(&self) -> bool {
        let Data::Deu(args) = &self.data;
        args.json
    }
}

/// The data there are readers for.
#[derive(clap::Subcommand, Clone, Debug)]
pub(crate) enum Data {
    /// Decisions of the European Union (DEU III): issues.csv and positions.csv in a folder
    Deu(DeuArgs),
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
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Runs it.
pub(crate) fn run(args: &BacktestArgs) -> anyhow::Result<()> {
    let Data::Deu(args) = &args.data;
    chosen(args.model.as_deref()).map_err(|e| Failure::Usage(e.to_string()))?;
    let split = Split::named(&args.split).map_err(|e| Failure::Usage(e.to_string()))?;
    // A folder that cannot be read is another kind of trouble than what it holds.
    std::fs::read_dir(&args.dir).map_err(|e| {
        anyhow::Error::from(e).context(format!("cannot read {}", args.dir.display()))
    })?;
    let (report, predictions) = backtest::ask(&args.dir, split, args.model.as_deref())
        .map_err(|e| Failure::Invalid(format!("{e:#}")))?;
    if let Some(path) = &args.out {
        atomic::write(path, predictions.csv().as_bytes())?;
        eprintln!("wrote {}", path.display());
    }
    let out = match args.json {
        true => serde_json::to_string_pretty(&report)? + "\n",
        false => terminal(&backtest::document(&report)),
    };
    print(&out, false)
}
