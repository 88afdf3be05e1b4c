//! `winset import` on a Genius domain: a case to go on with.

use std::io::Write;
use std::path::Path;

use anyhow::Context;
use winset_files::genius;

use crate::deals;
use crate::exit::Failure;
use winset_files::atomic;

/// The placeholder for a day that the domain does not know.
const DAY: &str = "2025-01-01";

/// Writes the skeleton of a domain to a folder, or prints it.
pub(crate) fn run(folder: &Path, output: Option<&Path>) -> anyhow::Result<()> {
    let case = genius::case_skeleton(&deals::load(folder)?, DAY);
    let mut out = std::io::stdout().lock();
    let Some(output) = output else { return Ok(out.write_all(case.as_bytes())?) };
    let target = output.join("case.toml");
    if target.exists() {
        let why = format!("{} is there already; nothing was changed", target.display());
        return Err(Failure::Refused(why).into());
    }
    std::fs::create_dir_all(output)
        .with_context(|| format!("cannot make the folder {}", output.display()))?;
    atomic::write(&target, case.as_bytes())?;
    writeln!(out, "wrote {}", target.display())?;
    writeln!(
        out,
        "next: set the dates and move the landmarks, then winset check {}",
        output.display()
    )?;
    Ok(())
}
