//! `winset import`: files of other software become a case to go on with.

use std::path::Path;

use anyhow::Context;
use winset_files::actors::{self, TableReading};
use winset_files::start::{GIT_ATTRIBUTES, start};
use winset_files::{import, sheet};
use winset_page::text::{Text, shell_path};
use winset_report::written::FilesReport;

use crate::cli::ImportArgs;
use crate::exit::Failure;
use crate::new::made;
use crate::output::{print_files, say, wants_json};
use crate::{deals, import_domain};

/// Runs it.
pub(crate) fn run(args: &ImportArgs) -> anyhow::Result<()> {
    if let Some(folder) = deals::domain_folder(&args.table) {
        return import_domain::run(&folder, args.output.as_deref());
    }
    let file = args.table.display();
    absent(args.output.as_deref())?;
    let cannot = || format!("cannot read {file}");
    let text = sheet::open(&args.table).with_context(cannot)?;
    let title =
        args.table.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
    let refused = |why: String| Failure::Invalid(format!("{file}: {why}"));
    let text = text.map_err(|e| refused(e.to_string()))?;
    let table = actors::of_sheet(&text).map_err(|e| refused(e.to_string()))?;
    let case = import::of_sheet(&title, &table).map_err(|e| refused(e.to_string()))?;
    if !wants_json() {
        said(&table.reading);
    }
    print(&case, args.output.as_deref(), "set what is marked `set`", Some(table.reading))
}

/// Says on stderr what was read of a table.
pub(crate) fn said(read: &TableReading) {
    let mut text = Text::default();
    text.hanging("read ", &read.sentence());
    say!("{}", text.out.trim_end());
}

/// Refuses a folder that holds a case.
pub(crate) fn absent(output: Option<&Path>) -> anyhow::Result<()> {
    match output.map(|folder| folder.join("case.toml")).filter(|target| target.exists()) {
        Some(target) => {
            let why = format!("{} is there already; nothing was changed", target.display());
            Err(Failure::Refused(why).into())
        }
        None => Ok(()),
    }
}

/// Writes a case to a folder, or prints it; says what to do with it first.
pub(crate) fn print(
    case: &str,
    output: Option<&Path>,
    first: &str,
    read: Option<TableReading>,
) -> anyhow::Result<()> {
    let schema = "winset/import/1";
    let report = FilesReport { schema, files: Vec::new(), text: None, next: None, read };
    let Some(folder) = output else {
        return print_files(&FilesReport { text: Some(case.to_owned()), ..report });
    };
    let written = made(folder, start(folder, &[("case.toml", case), GIT_ATTRIBUTES]))?;
    let files = written.iter().map(|path| path.display().to_string()).collect();
    let next = Some(format!("{first}, then winset check {}", shell_path(folder)));
    print_files(&FilesReport { files, next, ..report })
}
