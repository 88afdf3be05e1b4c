//! `winset import`: files of other software become a case to go on with.

use std::io::Write;

use anyhow::Context;
use winset_files::import;

use crate::cli::ImportArgs;
use crate::exit::Failure;
use crate::{deals, import_domain};

/// A table larger than this is not one of actors.
const LARGEST: u64 = 4 << 20;

/// Runs it.
pub(crate) fn run(args: &ImportArgs) -> anyhow::Result<()> {
    if let Some(folder) = deals::domain_folder(&args.table) {
        return import_domain::run(&folder, args.output.as_deref());
    }
    let file = args.table.display();
    let target = args.output.as_ref().map(|folder| folder.join("case.toml"));
    if let Some(target) = target.as_ref().filter(|t| t.exists()) {
        let why = format!("{} is there already; nothing was changed", target.display());
        return Err(Failure::Refused(why).into());
    }
    let cannot = || format!("cannot read {file}");
    let size = std::fs::metadata(&args.table).with_context(cannot)?.len();
    let bytes = if size > LARGEST {
        Vec::new()
    } else {
        std::fs::read(&args.table).with_context(cannot)?
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
        Err(why) => {
            eprintln!("error: {file}: {why}");
            return Err(Failure::Explained.into());
        }
    };
    let mut out = std::io::stdout().lock();
    match (&args.output, target) {
        (Some(folder), Some(target)) => {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("cannot make the folder {}", folder.display()))?;
            // Created anew, so that a file that came in between is not overwritten either.
            let mut file = match std::fs::File::create_new(&target) {
                Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
                    let why = format!("{} is there already; nothing was changed", target.display());
                    return Err(Failure::Refused(why).into());
                }
                made => made.with_context(|| format!("cannot write {}", target.display()))?,
            };
            file.write_all(case.as_bytes())
                .with_context(|| format!("cannot write {}", target.display()))?;
            writeln!(out, "wrote {}", target.display())?;
            writeln!(
                out,
                "next: set what is marked `set`, then winset check {}",
                folder.display()
            )?;
        }
        _ => out.write_all(case.as_bytes())?,
    }
    Ok(())
}
