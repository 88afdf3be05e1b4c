//! The brief and the workbench in a real browser.
//!
//! A test is a Python script in `testing/browser/`. It finds the browser in `WINSET_CHROMIUM`, the
//! built command in `WINSET_BIN`, names what it needs in its `# requires:` line (a WebSocket client
//! is enough to drive the browser), and says by its exit code whether all is well. The contact sheets
//! of `cargo xtask look` are made by the same browser and the same workbench, and judge nothing.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::python;
use crate::repo::Repo;
use crate::stage::{Outcome, capture};

const SCRIPTS: &str = "testing/browser/";
/// What makes the contact sheets.
const LOOK: &str = "testing/look/look.py";
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const GET: &str = "install Chromium (apt install chromium), or name one in WINSET_CHROMIUM";

/// The browser stage.
pub(crate) fn stage(repo: &Repo) -> Result<Outcome> {
    let scripts: Vec<&str> = repo.find(SCRIPTS, &[".py"]).collect();
    if scripts.is_empty() {
        return Ok(Outcome::nothing(format!("no scripts in {SCRIPTS}")));
    }
    let mut chromium = find();
    if chromium.is_none() && python::may_install() {
        python::apt_get(&["chromium"])?;
        chromium = find();
    }
    let Some(chromium) = chromium else {
        return Ok(Outcome::skipped("no Chromium", GET));
    };
    let mut outcome = Outcome::default();
    for script in scripts {
        outcome.add(python::checked(repo, script, &[], &[("WINSET_CHROMIUM", &chromium)])?);
    }
    Ok(outcome)
}

/// Makes the contact sheets; `args` chooses among cases, pages and kinds of brief.
pub(crate) fn look(repo: &Repo, args: &[String]) -> Result<bool> {
    let Some(chromium) = find() else {
        bail!("no Chromium to look with\n\nhint: {GET}");
    };
    python::shown(repo, LOOK, args, &[("WINSET_CHROMIUM", &chromium)])
}

/// The browser a person named, else the first on the path that answers.
fn find() -> Option<PathBuf> {
    let named = std::env::var_os("WINSET_CHROMIUM").map(PathBuf::from);
    named.into_iter().chain(NAMES.map(PathBuf::from)).find(|browser| {
        // Some systems install a stub that only says where to get the browser.
        let mut command = Command::new(browser);
        command.arg("--version");
        capture(command, false).is_ok_and(|ran| ran.ok && ran.output.contains("Chrom"))
    })
}
