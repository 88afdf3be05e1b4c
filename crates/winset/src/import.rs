//! `winset import`: files of other software become a case to go on with.

use std::path::Path;

use anyhow::Context;
use winset_files::start::{GIT_ATTRIBUTES, start};
use winset_files::{bounded, import};
use winset_report::written::FilesReport;

use crate::cli::ImportArgs;
use crate::exit::Failure;
use crate::new::made;
use crate::output::print_files;
use crate::{deals, import_domain};

/// A table larger than this is not one of actors.
const LARGEST: u64 = bounded::TEXT;

/// Runs it.
pub(crate) fn run(args: &ImportArgs) -> anyhow::Result<()> {
    if let Some(folder) = deals::domain_folder(&args.table) {
        return import_domain::run(&folder, args.output.as_deref());
    }
    let file = args.table.display();
    absent(args.output.as_deref())?;
    let cannot = || format!("cannot read {file}");
    let size = bounded::open(&args.table).and_then(|f| f.metadata()).with_context(cannot)?.len();
    let bytes = if size > LARGEST {
        Vec::new()
    } else {
        bounded::read(&args.table, LARGEST).with_context(cannot)?
    };
    let title =
        args.table.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
    let case = match String::from_utf8(bytes) {
        _ if size > LARGEST => {
            Err("it is larger than 4 MB\n\nhint: is this the right file?".to_owned())
        }
        Ok(text) => import::case(&title, &text).map_err(|e| e.to_string()),
        Err(_) => Err("it is not UTF-8\n\nhint: save the table as CSV in UTF-8".to_owned()),
    };
    let case = match case {
        Ok(case) => case,
        Err(why) => return Err(Failure::Invalid(format!("{file}: {why}")).into()),
    };
    print(&case, args.output.as_deref(), "set what is marked `set`")
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
pub(crate) fn print(case: &str, output: Option<&Path>, first: &str) -> anyhow::Result<()> {
    let report =
        FilesReport { schema: "winset/import/1", files: Vec::new(), text: None, next: None };
    let Some(folder) = output else {
        return print_files(&FilesReport { text: Some(case.to_owned()), ..report });
    };
    let written = made(folder, start(folder, &[("case.toml", case), GIT_ATTRIBUTES]))?;
    let files = written.iter().map(|path| path.display().to_string()).collect();
    let next = Some(format!("{first}, then winset check {}", folder.display()));
    print_files(&FilesReport { files, next, ..report })
}
