//! `winset new`: a folder with a case in it.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context;
use winset_files::builtin;
use winset_files::case::open;
use winset_files::diagnostic::{Findings, suggest};
use winset_files::start::{GIT_ATTRIBUTES, start};
use winset_page::text::shell_path;
use winset_report::written::FilesReport;

use crate::cli::NewArgs;
use crate::exit::Failure;
use crate::output::print_files;

/// Runs it.
pub(crate) fn run(args: &NewArgs) -> anyhow::Result<()> {
    let folder = &args.path;
    if folder.join("case.toml").exists() {
        return Err(Failure::Refused(format!(
            "{} already holds a case; nothing was changed",
            folder.display()
        ))
        .into());
    }
    let texts: Vec<(String, String)> = match (&args.from, &args.class) {
        (Some(from), _) => copied(from)?,
        (None, Some(class)) => vec![("case.toml".to_owned(), template(class)?.to_owned())],
        (None, None) => vec![("case.toml".to_owned(), builtin::TEMPLATE.to_owned())],
    };
    let mut files: Vec<(&str, &str)> =
        texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    files.push(GIT_ATTRIBUTES);
    let written = made(folder, start(folder, &files))?;
    let files = written.iter().map(|path| path.display().to_string()).collect();
    let next = format!("winset check {0} && winset forecast {0}", shell_path(folder));
    print_files(&FilesReport {
        schema: "winset/new/1",
        files,
        text: None,
        next: Some(next),
        read: None,
    })
}

/// The files of a folder that was to be made; one that holds something of the name is refused.
pub(crate) fn made(
    folder: &Path,
    started: std::io::Result<Vec<PathBuf>>,
) -> anyhow::Result<Vec<PathBuf>> {
    started.map_err(|e| match e.kind() {
        ErrorKind::AlreadyExists => Failure::Refused(format!("{e}; nothing was changed")).into(),
        _ => anyhow::Error::from(e)
            .context(format!("cannot make the folder {}; nothing was written", folder.display())),
    })
}

/// The case to start from for a class.
fn template(class: &str) -> anyhow::Result<&'static str> {
    let found = builtin::TEMPLATES.iter().find(|(name, _)| *name == class);
    found.map(|(_, text)| *text).ok_or_else(|| {
        let known = builtin::TEMPLATES.map(|(name, _)| name);
        let hint = suggest(class, known).unwrap_or_else(|| format!("one of: {}", known.join(", ")));
        Failure::Usage(format!("there is no template for the class `{class}`\n\nhint: {hint}"))
            .into()
    })
}

fn copied(from: &Path) -> anyhow::Result<Vec<(String, String)>> {
    if let Some(case) = from.to_str().and_then(builtin::find).filter(|_| !from.exists()) {
        return Ok(case.files.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned())).collect());
    }
    let toml = if from.is_dir() { from.join("case.toml") } else { from.to_path_buf() };
    if !toml.is_file() {
        let names: Vec<&str> = builtin::CASES.iter().map(|c| c.slug).collect();
        return Err(Failure::Usage(format!(
            "there is no case {}; built in: {}",
            from.display(),
            names.join(", ")
        ))
        .into());
    }
    let mut findings = Findings::default();
    let files =
        open(&toml, &mut findings).with_context(|| format!("cannot read {}", toml.display()))?;
    if let Some(finding) = findings.list.first() {
        return Err(Failure::Invalid(finding.message.clone()).into());
    }
    let mut texts = vec![("case.toml".to_owned(), files.case.text)];
    texts.extend(files.record.map(|record| ("record.csv".to_owned(), record.text)));
    texts.extend(files.tables.into_iter().map(|(name, table)| (name, table.text)));
    Ok(texts)
}
