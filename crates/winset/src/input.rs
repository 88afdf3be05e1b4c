//! Which case is meant, and reading it.

use std::path::{Path, PathBuf};

use anyhow::Context;
use winset_files::case::{CaseFiles, ResolvedCase, load, open};
use winset_files::diagnostic::{Findings, suggest};
use winset_model::case::Day;

use crate::diagnostics;
use crate::exit::Failure;
use crate::output::{say, wants_json};
use winset_files::builtin;
use winset_page::text::{quoted, shell_path};
use winset_report::diagnostics::no_case;
use winset_report::names::Names;

/// The options that say which case, as of when, with which changes.
#[derive(clap::Args, Clone, Debug, Default)]
pub(crate) struct CaseArgs {
    /// A folder with case.toml, or the file itself; a built-in case by its name
    /// [default: ./case.toml, else the built-in us-iran-2025]
    pub(crate) case: Option<PathBuf>,
    /// Tell it from this day: later entries and announcements are not seen
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) as_of: Option<Day>,
    /// Change an input for this run, such as sides.us.discount=5..10..30 (repeatable)
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
}

/// Reads a day.
pub(crate) fn day(text: &str) -> Result<Day, String> {
    Day::parse(text).ok_or_else(|| "write a day as 2025-04-22".to_owned())
}

/// How the names of tables end.
const TABLES: [&str; 6] = ["csv", "tsv", "tab", "xlsx", "xls", "ods"];

/// The files of the case that is meant.
pub(crate) fn files(
    case: Option<&Path>,
    findings: &mut Findings,
    quiet: bool,
) -> anyhow::Result<CaseFiles> {
    let here = Path::new("case.toml");
    let path = match case {
        Some(path) => path,
        None if here.is_file() => here,
        None => {
            let default = &builtin::CASES[0];
            if !quiet {
                say!("no case.toml here: the built-in case {}", default.slug);
            }
            return Ok(default.sources());
        }
    };
    if !path.exists()
        && let Some(found) = path.to_str().and_then(builtin::find)
    {
        return Ok(found.sources());
    }
    if !path.exists()
        && let Some(verb) = path.to_str().and_then(verb_like)
    {
        let said = format!("there is no case {}", path.display());
        return Err(Failure::Usage(format!("{said}\n\nhint: did you mean `winset {verb}`?")).into());
    }
    if path.is_dir() && !path.join("case.toml").is_file() {
        return Err(Failure::Usage(no_case(path)).into());
    }
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    if path.is_file() && ending.is_some_and(|e| TABLES.contains(&e.as_str())) {
        let (word, path) = (shell_path(path), path.display());
        let hint = format!("`winset import {word} -o FOLDER` makes a case of it");
        return Err(Failure::Usage(format!("{path} is a table, not a case\n\nhint: {hint}")).into());
    }
    open(path, findings).with_context(|| format!("cannot read {}", path.display()))
}

/// The verb that a word was probably meant to be.
fn verb_like(word: &str) -> Option<String> {
    let command = <crate::cli::Cli as clap::CommandFactory>::command();
    let verbs: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
    winset_files::diagnostic::closest(word, verbs).map(str::to_owned)
}

/// Reads the case that is meant; explains what is wrong on stderr.
pub(crate) fn case(args: &CaseArgs) -> anyhow::Result<ResolvedCase> {
    read(args, wants_json())
}

/// The same; `quiet` does not say which case was taken by default.
pub(crate) fn read(args: &CaseArgs, quiet: bool) -> anyhow::Result<ResolvedCase> {
    let mut findings = Findings::default();
    let files = files(args.case.as_deref(), &mut findings, quiet)?;
    let loaded = load(&files, args.as_of, &args.set, &mut findings);
    diagnostics::print(&findings.list, &files);
    if let (Some(loaded), false) = (&loaded, quiet) {
        let case = &loaded.case;
        let day = case.as_of;
        for entry in &case.unseen {
            let name = Names::new(case).date(&entry.id);
            say!("not known yet on {day}: {} on {}", quoted(&name), entry.on);
        }
    }
    loaded.ok_or_else(|| Failure::Explained.into())
}

/// The place of a name among those there are.
pub(crate) fn named<'a>(
    name: Option<&str>,
    what: &str,
    among: impl Iterator<Item = &'a str> + Clone,
) -> Result<Option<usize>, Failure> {
    let Some(name) = name else { return Ok(None) };
    match among.clone().position(|known| known == name) {
        Some(k) => Ok(Some(k)),
        None => {
            let hint = suggest(name, among).unwrap_or_else(|| format!("the case has no {what}"));
            Err(Failure::Usage(format!("there is no {what} `{name}`\n\nhint: {hint}")))
        }
    }
}
