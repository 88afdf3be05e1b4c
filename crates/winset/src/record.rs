//! `winset record`: add to the record, list it, check it.

mod add;
mod list;
#[cfg(feature = "documents")]
mod verify;

use std::io::Write;
use std::path::PathBuf;

use winset_files::case::CaseFiles;
use winset_files::case::outline;
use winset_files::diagnostic::Findings;
use winset_files::record;
use winset_report::diagnostics::{CheckReport, counts};

use crate::exit::judged;
use crate::output::{print_json, wants_json};
use crate::{diagnostics, input};

/// `winset record`
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct RecordArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand, Clone, Debug)]
enum Verb {
    /// Append an entry, or rows pasted from a spreadsheet
    Add(Box<add::AddArgs>),
    /// List the entries: who said what, how far it is believed, what rests on it
    List(list::ListArgs),
    /// Say what is wrong with the record, and what somebody should look at
    Check(CheckArgs),
    /// Hold every entry that was read from a document against the words it rests on
    #[cfg(feature = "documents")]
    Verify(verify::VerifyArgs),
}

/// `winset record check`
#[derive(clap::Args, Clone, Debug)]
struct CheckArgs {
    /// A folder with case.toml, or the file itself; a built-in case by its name
    case: Option<PathBuf>,
    /// Fail on warnings too
    #[arg(long)]
    strict: bool,
}

/// Runs it.
pub(crate) fn run(args: &RecordArgs) -> anyhow::Result<()> {
    match &args.verb {
        Verb::Add(a) => add::run(a),
        Verb::List(a) => list::run(a),
        Verb::Check(a) => check(a),
        #[cfg(feature = "documents")]
        Verb::Verify(a) => verify::run(a),
    }
}

fn check(args: &CheckArgs) -> anyhow::Result<()> {
    let mut findings = Findings::default();
    let files = input::files(args.case.as_deref(), &mut findings, wants_json())?;
    let mut entries = 0;
    if let Some(outline) = outline(&files, &[], &mut findings)
        && let Some(source) = &files.record
    {
        let read = record::read(source, &outline.names, &mut findings);
        entries = read.entries.len();
        if !findings.failed() {
            record::warn(&read, source, &outline, &mut findings);
        }
    }
    let (errors, warnings) = counts(&findings.list);
    let good = errors == 0 && !(args.strict && warnings > 0);
    judged(said(&findings, &files, entries), good)
}

/// Prints what was found, and how much the record holds.
fn said(findings: &Findings, files: &CaseFiles, entries: usize) -> anyhow::Result<()> {
    let (errors, warnings) = counts(&findings.list);
    let file = files.record.as_ref().map(|s| s.name.as_str());
    let mut out = crate::output::door();
    if wants_json() {
        print_json(&mut out, &CheckReport::of_record(entries, &findings.list, files))?;
    } else {
        diagnostics::print(&findings.list, files);
        match file {
            Some(file) => writeln!(out, "{file}: {}", plural(entries, "entry", "entries"))?,
            None => writeln!(out, "{}: there is no record.csv beside it", files.case.name)?,
        }
        let (errors, warnings) =
            (plural(errors, "error", "errors"), plural(warnings, "warning", "warnings"));
        writeln!(out, "{errors}, {warnings}")?;
    }
    Ok(())
}

pub(crate) fn plural(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
