//! The brief and the workbench in a real browser.
//!
//! A test is a Python script in `testing/browser/`. It finds the browser in `WINSET_CHROMIUM`, the
//! built command in `WINSET_BIN`, names what it needs in its `# requires:` line (a WebSocket client
//! is enough to drive the browser), and says by its exit code whether all is well.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::python;
use crate::repo::Repo;
use crate::stage::{Outcome, capture};

const SCRIPTS: &str = "testing/browser/";
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

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
        return Ok(Outcome::skipped(
            "no Chromium",
            "install Chromium (apt install chromium), or name one in WINSET_CHROMIUM",
        ));
    };
    let mut outcome = Outcome::default();
    for script in scripts {
        outcome.add(python::checked(repo, script, &[("WINSET_CHROMIUM", &chromium)])?);
    }
    Ok(outcome)
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
