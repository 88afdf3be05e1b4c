//! `winset new`: a folder with a case in it.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context;
use winset_files::start::{GIT_ATTRIBUTES, start};
use winset_files::{bounded, builtin};
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
    let texts: Vec<(String, String)> = match &args.from {
        None => vec![("case.toml".to_owned(), builtin::TEMPLATE.to_owned())],
        Some(from) => copied(from)?,
    };
    let mut files: Vec<(&str, &str)> =
        texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    files.push(GIT_ATTRIBUTES);
    let written = made(folder, start(folder, &files))?;
    let files = written.iter().map(|path| path.display().to_string()).collect();
    let next = format!("winset check {0} && winset forecast {0}", folder.display());
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
    let read = |path: &Path| {
        bounded::read_to_string(path, bounded::TEXT)
            .with_context(|| format!("cannot read {}", path.display()))
    };
    let mut texts = vec![("case.toml".to_owned(), read(&toml)?)];
    let csv = toml.with_file_name("record.csv");
    if csv.is_file() {
        texts.push(("record.csv".to_owned(), read(&csv)?));
    }
    Ok(texts)
}
