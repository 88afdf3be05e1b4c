//! The `winset` command: parses, calls, prints, and turns errors into exit codes.

mod belief;
mod brief_file;
mod check;
mod cli;
mod deals;
mod deals_case;
mod diagnostics;
mod diff;
mod ensemble;
mod exit;
mod export;
mod forecast;
mod import;
mod import_domain;
mod influence;
mod input;
mod judge;
mod lint;
mod log;
mod new;
mod news;
mod position;
mod record;
mod resolve;
mod score;
mod sweep;
mod why;
#[cfg(feature = "serve")]
mod workbench;

use clap::Parser;
use cli::{Cli, Command};

fn main() -> std::process::ExitCode {
    let cli = Cli::parse();
    let json = cli.wants_json();
    let result = match cli.command.unwrap_or(Command::Forecast(cli.forecast)) {
        Command::Forecast(args) => forecast::run(&args),
        Command::Brief(args) => brief_file::run(&args),
        Command::Check(args) => check::run(&args),
        Command::New(args) => new::run(&args),
        Command::Import(args) => import::run(&args),
        Command::Schema { keys } => cli::schema(keys),
        Command::Blockers(args) => why::blockers(&args),
        Command::When(args) => why::when(&args),
        Command::Explain(args) => why::explain(&args),
        Command::Log(args) => log::run(&args),
        Command::Belief(args) => belief::run(&args),
        Command::Record(args) => record::run(&args),
        Command::Resolve(args) => resolve::run(&args),
        Command::Score(args) => score::run(&args),
        Command::Lint(args) => lint::run(&args),
        Command::Completions { shell } => cli::completions(shell),
        Command::Deals(args) => deals::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Spatial(args) => position::run(&args),
        Command::Drivers(args) => influence::run(&args),
        Command::Flip(args) => influence::flip(&args),
        Command::Backtest(args) => judge::run(&args),
        Command::Moved(args) => news::moved(&args),
        Command::History(args) => news::history(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Sweep(args) => sweep::run(&args),
        Command::Ensemble(args) => ensemble::run(&args),
        #[cfg(feature = "serve")]
        Command::Serve(args) => workbench::run(&args),
    };
    exit::code(result, json)
}
