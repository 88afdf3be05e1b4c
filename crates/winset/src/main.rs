//! The `winset` command: parses, calls, prints, and turns errors into exit codes.

mod builtin;
mod check;
mod cli;
mod diagnostics;
mod exit;
mod forecast;
mod import;
mod input;
mod new;
mod why;

use clap::Parser;
use cli::{Cli, Command};

fn main() -> std::process::ExitCode {
    let cli = Cli::parse();
    let json = cli.wants_json();
    let result = match cli.command.unwrap_or(Command::Forecast(cli.forecast)) {
        Command::Forecast(args) => forecast::run(&args),
        Command::Check(args) => check::run(&args),
        Command::New(args) => new::run(&args),
        Command::Import(args) => import::run(&args),
        Command::Schema { keys } => cli::schema(keys),
        Command::Blockers(args) => why::blockers(&args),
        Command::When(args) => why::when(&args),
        Command::Explain(args) => why::explain(&args),
        Command::Completions { shell } => cli::completions(shell),
    };
    exit::code(result, json)
}
