//! The `winset` command: parses, calls, prints, and turns errors into exit codes.

// What is printed goes through the door of `output`; the macros panic where nobody listens.
#![deny(clippy::print_stdout, clippy::print_stderr)]

mod backtest;
mod belief;
mod blockers;
mod brief;
mod browser;
mod check;
mod class;
mod cli;
mod colour;
mod deals;
mod diagnostics;
mod diff;
mod drivers;
mod ensemble;
mod exit;
mod explain;
mod export;
mod flip;
mod forecast;
mod history;
mod import;
mod import_domain;
mod input;
mod lint;
mod log;
#[cfg(feature = "documents")]
mod mcp;
mod moved;
mod new;
mod output;
#[cfg(feature = "documents")]
mod read;
mod record;
mod resolve;
#[cfg(feature = "documents")]
mod review;
mod score;
#[cfg(feature = "serve")]
mod serve;
mod spatial;
mod stability;
mod sweep;
mod talks;
#[cfg(feature = "documents")]
mod train;
mod verbs;
mod when;

use cli::Command;

fn main() -> std::process::ExitCode {
    outlive_limits();
    // Known before the rest is read, so that a word that is no verb is refused in the form asked for.
    output::answer_as_json(std::env::args_os().any(|word| word == "--json"));
    let cli = match verbs::parse() {
        Ok(cli) => cli,
        Err(error) => return exit::code(Err(error)),
    };
    colour::set(cli.color);
    let result = match cli.command.unwrap_or(Command::Forecast(cli.forecast)) {
        Command::Forecast(args) => forecast::run(&args),
        Command::Brief(args) => brief::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Class(args) => class::run(&args),
        Command::New(args) => new::run(&args),
        Command::Import(args) => import::run(&args),
        Command::Schema { keys } => cli::schema(keys),
        Command::Blockers(args) => blockers::run(&args),
        Command::When(args) => when::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Log(args) => log::run(&args),
        Command::Belief(args) => belief::run(&args),
        Command::Record(args) => record::run(&args),
        #[cfg(feature = "documents")]
        Command::Mcp(args) => mcp::run(&args),
        #[cfg(feature = "documents")]
        Command::Read(args) => read::run(&args),
        #[cfg(feature = "documents")]
        Command::Review(args) => review::run(&args),
        #[cfg(feature = "documents")]
        Command::Train(args) => train::run(&args),
        Command::Resolve(args) => resolve::run(&args),
        Command::Score(args) => score::run(&args),
        Command::Lint(args) => lint::run(&args),
        Command::Completions { shell } => cli::completions(shell),
        Command::Deals(args) => deals::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Spatial(args) => spatial::run(&args),
        Command::Stability(args) => stability::run(&args),
        Command::Drivers(args) => drivers::run(&args),
        Command::Flip(args) => flip::run(&args),
        Command::Backtest(args) => backtest::run(&args),
        Command::Moved(args) => moved::run(&args),
        Command::History(args) => history::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Sweep(args) => sweep::run(&args),
        Command::Ensemble(args) => ensemble::run(&args),
        #[cfg(feature = "serve")]
        Command::Serve(args) => serve::run(&args),
    };
    exit::code(result)
}

/// A limit on the size of files (`ulimit -f`) ends no write half way with a signal: held back, it is an error
/// of that write, which is said and has its exit code.
#[cfg(unix)]
fn outlive_limits() {
    let mut held = nix::sys::signal::SigSet::empty();
    held.add(nix::sys::signal::Signal::SIGXFSZ);
    // Where it cannot be held back, the signal does what it did.
    let _ = held.thread_block();
}

#[cfg(not(unix))]
fn outlive_limits() {}
