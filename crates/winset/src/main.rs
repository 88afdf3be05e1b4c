//! The `winset` command: parses, calls, prints, and turns errors into exit codes.

mod builtin;
mod check;
mod cli;
mod diagnostics;
mod exit;
mod forecast;
mod input;
mod lint;
mod log;
mod new;
mod resolve;
mod score;

use clap::Parser;
use cli::{Cli, Command};

fn main() -> std::process::ExitCode {
    let cli = Cli::parse();
    let json = cli.wants_json();
    let result = match cli.command.unwrap_or(Command::Forecast(cli.forecast)) {
        Command::Forecast(args) => forecast::run(&args),
        Command::Check(args) => check::run(&args),
        Command::New(args) => new::run(&args),
        Command::Log(args) => log::run(&args),
        Command::Resolve(args) => resolve::run(&args),
        Command::Score(args) => score::run(&args),
        Command::Lint(args) => lint::run(&args),
        Command::Completions { shell } => cli::completions(shell),
    };
    exit::code(result, json)
}
