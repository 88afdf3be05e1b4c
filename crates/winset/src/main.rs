//! The `winset` command: parses, calls, prints, and turns errors into exit codes.

mod builtin;
mod check;
mod cli;
mod diagnostics;
mod exit;
mod forecast;
mod input;
mod new;

mod atomic;
mod deals;
mod deals_case;
mod export;
mod import;
mod import_domain;
mod judge;
mod position;

use clap::Parser;
use cli::{Cli, Command};

fn main() -> std::process::ExitCode {
    let cli = Cli::parse();
    let json = cli.wants_json();
    let result = match cli.command.unwrap_or(Command::Forecast(cli.forecast)) {
        Command::Forecast(args) => forecast::run(&args),
        Command::Check(args) => check::run(&args),
        Command::New(args) => new::run(&args),
        Command::Completions { shell } => cli::completions(shell),
        Command::Deals(args) => deals::run(&args),
        Command::Import(args) => import::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Spatial(args) => position::run(&args),
        Command::Backtest(args) => judge::run(&args),
    };
    exit::code(result, json)
}
