//! `winset import` on a Genius domain: a case to go on with.

use std::path::Path;

use winset_files::genius;

use crate::{deals, import};

/// The placeholder for a day that the domain does not know.
const DAY: &str = "2025-01-01";

/// Writes the skeleton of a domain to a folder, or prints it.
pub(crate) fn run(folder: &Path, output: Option<&Path>) -> anyhow::Result<()> {
    let case = genius::case_skeleton(&deals::load(folder)?, DAY);
    import::absent(output)?;
    import::print(&case, output, "set the dates and move the landmarks", None)
}
