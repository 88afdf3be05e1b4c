//! `winset deals`: the packages of a domain or a case, their frontier and the classical solutions.

use std::io::Write;
use std::path::{Path, PathBuf};

use winset_files::genius;
use winset_model::theory::domain::Domain;
use winset_report::deals::domain::{Report, report};
use winset_report::deals::domain_text::{DealSpace, deal_space};

use crate::deals_case;
use crate::exit::Failure;
use crate::input::CaseArgs;

/// `winset deals`
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = "PATH may also be a folder with a Genius domain and its profiles, or one \
                        of its XML files.")]
pub(crate) struct DealsArgs {
    #[command(flatten)]
    pub(crate) case: CaseArgs,
    /// How many draws a case's packages are judged on
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub(crate) draws: u64,
    /// The seed: same seed, same bytes
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// How many threads [default: all]; the result does not depend on it
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Runs it.
pub(crate) fn run(args: &DealsArgs) -> anyhow::Result<()> {
    match args.case.case.as_deref().and_then(domain_folder) {
        Some(_) if args.case.as_of.is_some() || !args.case.set.is_empty() => {
            let why = "`--as-of` and `--set` change a case; this is a domain of Genius\n\nhint: \
                       `winset import` makes a case of it";
            Err(Failure::Usage(why.to_owned()).into())
        }
        Some(folder) => {
            let (report, view) = solved(&load(&folder)?)?;
            print(&report, &view, args.json)
        }
        None => deals_case::run(args),
    }
}

/// The folder of a Genius domain, if the path is one or one of its files.
pub(crate) fn domain_folder(path: &Path) -> Option<PathBuf> {
    let xml = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("xml"));
    let folder = if xml && path.is_file() { path.parent()? } else { path };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    if !genius::is_domain(folder) {
        return None;
    }
    // `.` and `..` do not say what the domain is called.
    match folder.file_name() {
        Some(_) => Some(folder.to_path_buf()),
        None => Some(folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf())),
    }
}

/// Loads a domain.
pub(crate) fn load(folder: &Path) -> anyhow::Result<Domain> {
    genius::load(folder).map_err(|error| match error.io {
        true => anyhow::anyhow!("{error}"),
        false => Failure::Invalid(error.to_string()).into(),
    })
}

/// Solves a domain; its utilities may be refused.
pub(crate) fn solved(domain: &Domain) -> anyhow::Result<(Report, DealSpace)> {
    report(domain).map_err(|e| Failure::Invalid(format!("{}: {e}", domain.name())).into())
}

/// Prints the report.
pub(crate) fn print(report: &Report, view: &DealSpace, json: bool) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    if json {
        serde_json::to_writer_pretty(&mut out, report)?;
        writeln!(out)?;
    } else {
        out.write_all(deal_space(view).as_bytes())?;
    }
    Ok(out.flush()?)
}
