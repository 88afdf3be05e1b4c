//! What can be typed.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use winset_files::own::{self, CaseLock, LockError};

use crate::colour::When;
use crate::exit::Failure;
use crate::input::CaseArgs;

/// Is there a deal both capitals would ratify, on which terms, by when, and who blocks it?
#[derive(Parser, Debug)]
#[command(name = "winset", version, args_conflicts_with_subcommands = true)]
#[command(after_help = "Without a command winset forecasts ./case.toml or, if there is none, the \
                        built-in case.\nExit codes: 0 fine, 1 invalid input, 2 usage, 3 \
                        input/output, 4 refused, 130 interrupted.")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) forecast: ForecastArgs,
    /// Answer in JSON; errors too, on stderr
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Bold and colour; `NO_COLOR` turns them off
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = When::Auto)]
    pub(crate) color: When,
}

/// The verbs.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Forecast: is there a zone of agreement, on which terms, by when, who blocks
    Forecast(ForecastArgs),
    /// Who blocks, by intervention, and what would open the zone
    Blockers(crate::blockers::BlockersArgs),
    /// When: P(agreement by a day), endings, dates, promises and force
    When(ForecastArgs),
    /// What a number is: equation, citation, inputs and value
    Explain(crate::explain::ExplainArgs),
    /// Write the brief: one HTML file, Markdown or JSON
    Brief(crate::brief::BriefArgs),
    /// Say everything that is wrong with a case
    Check(CheckArgs),
    /// Start a case, from a template or a finished one
    New(NewArgs),
    /// Keep the log: add, list, show, verify, reaffirm, correct, replay, export
    Log(crate::log::LogArgs),
    /// Where everyone stands and stood, who reversed, what was discounted and why
    Belief(crate::belief::BeliefArgs),
    /// Keep the record: add, list, check
    Record(crate::record::RecordArgs),
    /// Let an assistant of your choice ask, read and propose, over standard input and output
    #[cfg(feature = "documents")]
    Mcp(crate::mcp::McpArgs),
    /// Read documents: who said what, when, on which issue; entries proposed, each with its words
    #[cfg(feature = "documents")]
    Read(crate::read::ReadArgs),
    /// Train the reading of statements on texts that people annotated
    #[cfg(feature = "documents")]
    Train(crate::train::TrainArgs),
    /// Decide on proposed entries: accept, edit, reject, undo
    #[cfg(feature = "documents")]
    Review(crate::review::ReviewArgs),
    /// Enter how a question ended
    Resolve(crate::resolve::ResolveArgs),
    /// Score the forecasts of resolved questions
    Score(crate::score::ScoreArgs),
    /// Check the wording of a text: words for probabilities, dates, sources
    Lint(crate::lint::LintArgs),
    /// Start a case from a table of actors, or from a negotiation domain of Genius
    Import(ImportArgs),
    /// Print the JSON schema of case.toml, or its keys as a page
    #[command(hide = true)]
    Schema {
        /// Print the page instead
        #[arg(long)]
        keys: bool,
    },
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// List the packages of a domain or case, their frontier, and what each solution picks
    Deals(crate::deals::DealsArgs),
    /// Write a case at its central values as files of other software
    Export(crate::export::ExportArgs),
    /// How fast, and how, past negotiations of a kind ended: list, show, fit a table of your own
    Class(crate::class::ClassArgs),
    /// Ask every position model where each issue ends, and who moves whom
    Spatial(crate::spatial::SpatialArgs),
    /// What would hold without a deal: who would leave which state, why, and how sure that is
    Stability(crate::stability::StabilityArgs),
    /// What drives the answer: a tornado, Sobol' indices, what rests on judgement
    Drivers(crate::drivers::DriversArgs),
    /// The smallest change of inputs that takes the answer across a threshold
    Flip(crate::flip::FlipArgs),
    /// Score every position model on decisions whose outcome is known
    Backtest(crate::backtest::BacktestArgs),
    /// What moved the number between two days: the news, each with its part, and time passing
    Moved(crate::moved::MovedArgs),
    /// The number as told from each day, with what was new
    History(crate::history::HistoryArgs),
    /// Compare two cases, scenarios or dates on the same random numbers
    Diff(crate::diff::DiffArgs),
    /// A table of variants of a case: grids, lists, random points
    Sweep(crate::sweep::SweepArgs),
    /// A forecast in shards, on as many machines as there are: plan, run, status, merge
    Ensemble(crate::ensemble::EnsembleArgs),
    /// Open the workbench: the views of a case alive in the browser
    #[cfg(feature = "serve")]
    Serve(crate::serve::ServeArgs),
}

/// `winset forecast`
#[derive(Args, Clone, Debug)]
pub(crate) struct ForecastArgs {
    #[command(flatten)]
    pub(crate) case: CaseArgs,
    #[command(flatten)]
    pub(crate) run: RunArgs,
    /// Stop as soon as the Monte Carlo error of the answer is this small (0.005: half a point)
    #[arg(long, value_name = "ERROR", value_parser = error)]
    pub(crate) mcse: Option<f64>,
}

/// An error that draws can come down to.
fn error(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(error) if error > 0.0 && error < 1.0 => Ok(error),
        _ => Err("write a number above 0 and below 1: 0.005 is half a point".to_owned()),
    }
}

/// How a forecast is run.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct RunArgs {
    /// How many draws
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    pub(crate) draws: u64,
    /// The seed: same seed, same bytes
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// How many threads [default: all]; the result does not depend on it
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
}

/// What a result does, or does not, depend on.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct SeedArgs {
    /// The seed: same seed, same bytes
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// How many threads [default: all]; the result does not depend on it
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
}

/// How long a writer waits for another.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct WaitArgs {
    /// How long to wait for another writer of the case, in seconds
    #[arg(long, default_value_t = own::WAIT.as_secs(), value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(..=86_400))]
    wait: u64,
}

impl WaitArgs {
    /// As a time.
    pub(crate) fn time(self) -> Duration {
        Duration::from_secs(self.wait)
    }

    /// Takes the lock of a case folder.
    ///
    /// # Errors
    /// Another writer that has it to the end of the wait, code 4; a folder that cannot be written.
    pub(crate) fn lock(self, folder: &Path) -> anyhow::Result<CaseLock> {
        CaseLock::take(folder, self.time()).map_err(|error| match error {
            LockError::Busy(_) => {
                let hint = "nothing was written; wait for it to end, or wait longer: `--wait 60`";
                Failure::Refused(format!("{error}\n\nhint: {hint}")).into()
            }
            // It names its cause itself.
            LockError::Io { .. } => anyhow::anyhow!("{error}"),
        })
    }
}

/// `winset check`
#[derive(Args, Clone, Debug)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) case: CaseArgs,
    /// Fail on warnings too
    #[arg(long)]
    pub(crate) strict: bool,
}

/// `winset new`
#[derive(Args, Clone, Debug)]
pub(crate) struct NewArgs {
    /// The folder to make
    pub(crate) path: PathBuf,
    /// Copy this case: a folder, or a built-in one by its name
    #[arg(long, value_name = "CASE")]
    pub(crate) from: Option<PathBuf>,
    /// Start from a commented case of this class: crisis, mediated, formation-election,
    /// formation-other, strike; or none, a parliament before a day on which money ends
    #[arg(long, value_name = "CLASS", conflicts_with = "from")]
    pub(crate) class: Option<String>,
}

/// `winset import`
#[derive(Args, Clone, Debug)]
pub(crate) struct ImportArgs {
    /// A table pasted from a spreadsheet (comma, semicolon or tab), or in the layout of KTAB; or a
    /// folder with a Genius domain and its profiles, or one of its XML files
    pub(crate) table: PathBuf,
    /// Write FOLDER/case.toml instead of printing it
    #[arg(short, long, value_name = "FOLDER")]
    pub(crate) output: Option<PathBuf>,
}

/// `winset schema`
pub(crate) fn schema(keys: bool) -> anyhow::Result<()> {
    use std::io::Write;
    use winset_files::case::grammar;
    let mut out = crate::output::door();
    match keys {
        true => write!(out, "{}", grammar::page())?,
        false => writeln!(out, "{}", serde_json::to_string_pretty(&grammar::schema())?)?,
    }
    Ok(())
}

/// `winset completions`
pub(crate) fn completions(shell: clap_complete::Shell) -> anyhow::Result<()> {
    use clap::CommandFactory;
    use std::io::Write;
    // Into memory first: the generator panics where it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "winset", &mut script);
    let mut out = std::io::stdout().lock();
    out.write_all(&script)?;
    Ok(out.flush()?)
}
