//! `winset resolve`: how a question ended.

use std::path::PathBuf;

use winset_files::log::{LogKind, LogStatement, Outcome};
use winset_model::case::Day;

use crate::exit::Failure;
use crate::log::{EntryArgs, Place, append, author, now};

/// `winset resolve`
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct ResolveArgs {
    /// The question's id, such as agreement-by-2025-06-30
    question: String,
    /// How it ended: yes, no, or void where it cannot be answered
    #[arg(value_parser = outcome)]
    outcome: Outcome,
    /// The day it happened, or the day up to which it had not
    #[arg(long, value_name = "DAY", value_parser = crate::input::day)]
    on: Day,
    /// The case whose log it is in [default: ./case.toml]
    #[arg(long, value_name = "CASE")]
    case: Option<PathBuf>,
    /// The resolution this one replaces, such as f9
    #[arg(long, value_name = "ID")]
    replaces: Option<String>,
    #[command(flatten)]
    entry: EntryArgs,
}

fn outcome(text: &str) -> Result<Outcome, String> {
    let found = [Outcome::Yes, Outcome::No, Outcome::Void].into_iter().find(|o| o.word() == text);
    found.ok_or_else(|| "write yes, no or void".to_owned())
}

/// Runs it.
pub(crate) fn run(args: &ResolveArgs) -> anyhow::Result<()> {
    let place = Place::of(args.case.as_deref())?;
    let on = args.on.date().ok_or_else(|| {
        Failure::Usage(format!("{} is no day\n\nhint: write it as 2025-06-30", args.on))
    })?;
    let made = now()?;
    let who = author(args.entry.author.as_deref());
    let mut new = LogStatement::new(LogKind::Resolution, &args.question, on, made, &who);
    (new.outcome, new.resolved_on) = (Some(args.outcome), Some(on));
    new.supersedes.clone_from(&args.replaces);
    new.rationale.clone_from(&args.entry.reason);
    append(&place, new, &args.entry, None)
}
