//! `winset class`: the reference classes that are shipped, and one fitted to an own table.

use crate::output::{say, wants_json};
use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use serde::Serialize;
use winset_files::case::CaseFiles;
use winset_files::class::{open, read_table, shipped};
use winset_files::diagnostic::{Findings, suggest};
use winset_model::case::Day;
use winset_page::document::Document;

use crate::colour::terminal;
use winset_report::class::{ClassReport, document, list, list_document, names, own, show};

use crate::exit::Failure;
use crate::{diagnostics, input};

/// The longest time after which a class is asked, days: a century.
const LATEST: u64 = 36_525;

/// `winset class`
#[derive(clap::Args, Clone, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct ClassArgs {
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(clap::Subcommand, Clone, Debug)]
enum Verb {
    /// What a class says by elapsed days, what it rests on, and how well it foretold unseen cases
    Show(ShowArgs),
    /// Fit a class to a table of past cases
    #[command(
        after_help = "The table is a CSV file with the columns `start,end,ending` (days such as \
                            2025-04-22) or `days,ending`. The ending is `agreement`, `other`, or empty \
                            for a case that is still open. `name`, `source`, `link` and `note` may \
                            stand beside them."
    )]
    Fit(FitArgs),
}

/// `winset class show`
#[derive(clap::Args, Clone, Debug)]
struct ShowArgs {
    /// The class
    name: String,
    /// Of a group of it, such as a country
    #[arg(long, value_name = "NAME")]
    group: Option<String>,
    #[command(flatten)]
    elapsed: Elapsed,
}

/// `winset class fit`
#[derive(clap::Args, Clone, Debug)]
struct FitArgs {
    /// The table, a CSV file
    table: PathBuf,
    /// Look at it from this day: later cases are not seen, later endings are still open
    #[arg(long, value_name = "DAY", value_parser = input::day)]
    as_of: Option<Day>,
    #[command(flatten)]
    elapsed: Elapsed,
}

/// After how many days a class is asked.
#[derive(clap::Args, Clone, Copy, Debug)]
struct Elapsed {
    /// Among those still open after so many days; days count from the start of the clock all the same
    #[arg(long, value_name = "DAYS", default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=LATEST))]
    from: u64,
}

impl Elapsed {
    fn days(self) -> usize {
        // At most a century, so the cast is exact.
        self.from as usize
    }
}

/// Runs it.
pub(crate) fn run(args: &ClassArgs) -> anyhow::Result<()> {
    match &args.verb {
        None => {
            let list = list();
            say(&list, &list_document(&list), wants_json())
        }
        Some(Verb::Show(a)) => {
            let report = shown(a)?;
            say(&report, &document(&report), wants_json())
        }
        Some(Verb::Fit(a)) => {
            let report = fitted(a)?;
            say(&report, &document(&report), wants_json())
        }
    }
}

fn say(report: &impl Serialize, document: &Document, json: bool) -> anyhow::Result<()> {
    let mut out = crate::output::door();
    if json {
        serde_json::to_writer_pretty(&mut out, report)?;
        writeln!(out)?;
    } else {
        out.write_all(terminal(document).as_bytes())?;
    }
    Ok(out.flush()?)
}

fn shown(args: &ShowArgs) -> anyhow::Result<ClassReport> {
    let name = args.name.as_str();
    let Some(class) = shipped(name) else {
        let hint = suggest(name, names()).unwrap_or_default();
        return Err(Failure::Usage(format!("there is no class `{name}`\n\nhint: {hint}")).into());
    };
    if let Some(group) = &args.group {
        let Some(grouped) = &class.class.grouped else {
            let why = format!("the class `{name}` has no groups\n\nhint: leave out `--group`");
            return Err(Failure::Usage(why).into());
        };
        let known = grouped.groups.iter().map(|g| g.name.as_str());
        if !wants_json() && class.class.group(group).is_none() {
            let hint = suggest(group, known).unwrap_or_default();
            say!(
                "no past case of `{name}` is of the group `{group}`: shown is the whole class\n\nhint: {hint}\n"
            );
        }
    }
    Ok(show(class, args.group.as_deref(), args.elapsed.days()))
}

fn fitted(args: &FitArgs) -> anyhow::Result<ClassReport> {
    let mut findings = Findings::default();
    let path = &args.table;
    let source =
        open(path, &mut findings).with_context(|| format!("cannot read {}", path.display()))?;
    let table = match findings.failed() {
        true => None,
        false => read_table(&source, &mut findings),
    };
    if let Some(day) = args.as_of.filter(|_| table.as_ref().is_some_and(|t| !t.is_dated())) {
        let why = format!("{}: days without dates cannot be looked at from {day}", source.name);
        let hint = "give `start` and `end` in the place of `days`, or leave out `--as-of`";
        return Err(Failure::Usage(format!("{why}\n\nhint: {hint}")).into());
    }
    let class = table.as_ref().and_then(|t| t.fit(&source.name, args.as_of, &mut findings));
    let name = source.name.clone();
    diagnostics::print(&findings.list, &CaseFiles { case: source, ..CaseFiles::default() });
    let (Some(table), Some(class)) = (table, class) else { return Err(Failure::Explained.into()) };
    let cases = table.seen(args.as_of).unwrap_or_default();
    Ok(own(&name, args.as_of, &class, &cases, args.elapsed.days()))
}
