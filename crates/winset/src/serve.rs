//! `winset serve`: opens the workbench and stays until Ctrl-C.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use winset_files::builtin;
use winset_serve::{CaseSource, DocumentReader, ServeError, ServeOptions, serve};

use winset_report::written::ServeReport;

use crate::exit::Failure;
use crate::forecast::stop_on_interrupt;
use crate::output::{say, wants_json};

/// `winset serve`
#[derive(clap::Args, Clone, Debug)]
#[command(
    after_help = "The printed link holds a token, without which nobody gets an answer. Every \
                        page works without script and holds its state in its link; .json and .csv \
                        behind a page's name give what programs read."
)]
pub(crate) struct ServeArgs {
    /// A folder with case.toml, an empty folder, or a built-in case by its name
    /// [default: the folder here if it has a case.toml, else the built-in us-iran-2025]
    case: Option<PathBuf>,
    /// The port [default: any that is free]
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// Listen on this address of the machine, which others can reach
    #[arg(long, value_name = "HOST")]
    host: Option<String>,
    /// Do not open the browser
    #[arg(long)]
    no_open: bool,
}

/// Runs it.
pub(crate) fn run(args: &ServeArgs) -> anyhow::Result<()> {
    let place = place(args.case.as_deref())?;
    if let CaseSource::Builtin(case) = &place {
        say!("the built-in case {}: nothing is written", case.slug);
    }
    let program = std::env::current_exe().context("this program does not know where it is")?;
    #[cfg(feature = "documents")]
    let reader: Option<DocumentReader> = Some(crate::read::pasted::READER);
    #[cfg(not(feature = "documents"))]
    let reader: Option<DocumentReader> = None;
    let (port, host) = (args.port, args.host.clone());
    let options = ServeOptions { place, port, host, program, reader };
    let opens = !args.no_open && std::io::stdout().is_terminal();
    let ready = |address: &str, read_only: bool| {
        if read_only {
            say!("the folder takes no writes: it is served to read only");
        }
        let mut out = std::io::stdout().lock();
        // Whoever started it may have stopped listening; the workbench goes on.
        let report = ServeReport { schema: "winset/serve/1", address: address.to_owned() };
        let line = if wants_json() {
            serde_json::to_string(&report).unwrap_or_default()
        } else {
            report.address
        };
        let _ = writeln!(out, "{line}").and_then(|()| out.flush());
        say!("Ctrl-C ends it");
        if opens {
            open(address);
        }
    };
    serve(options, stop_on_interrupt(), ready).map_err(|error| match error {
        ServeError::Taken(address) => {
            let at = if address.is_empty() { String::new() } else { format!(" at {address}") };
            let why = format!("another workbench has this case open{at}");
            Failure::Refused(format!("{why}\n\nhint: use that one, or end it first")).into()
        }
        ServeError::Other(error) => error,
    })
}

/// What is served.
fn place(case: Option<&Path>) -> anyhow::Result<CaseSource> {
    let Some(path) = case else {
        return Ok(match Path::new("case.toml").is_file() {
            true => CaseSource::Folder(PathBuf::from(".")),
            false => CaseSource::Builtin(&builtin::CASES[0]),
        });
    };
    if path.is_dir() {
        return Ok(CaseSource::Folder(path.to_path_buf()));
    }
    if path.is_file() && path.file_name().is_some_and(|n| n == "case.toml") {
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
        return Ok(CaseSource::Folder(folder.unwrap_or(Path::new(".")).to_path_buf()));
    }
    if let Some(case) = path.to_str().and_then(builtin::find) {
        return Ok(CaseSource::Builtin(case));
    }
    let why = format!("{} is no folder", path.display());
    let hint = "make it first, or name a folder with a case.toml";
    Err(Failure::Usage(format!("{why}\n\nhint: {hint}")).into())
}

/// Opens the browser of the system, if it has one; the address has been printed.
fn open(address: &str) {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let quiet = std::process::Stdio::null;
    let _ = std::process::Command::new(opener)
        .arg(address)
        .stdin(quiet())
        .stdout(quiet())
        .stderr(quiet())
        .spawn();
}
