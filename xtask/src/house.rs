//! The rules of the house that no compiler checks: who depends on whom, what the docs promise.
//!
//! Each check takes the project and returns its complaints, one a line, each naming the place.

mod deps;
mod docs;
mod sources;
mod types;

use anyhow::Result;

use crate::repo::Repo;
use crate::stage::Outcome;

type Check = fn(&Repo) -> Result<Vec<String>>;

/// Every check by the name `ARCHITECTURE.md` may use, as `house::name`.
pub(crate) const CHECKS: &[(&str, Check)] = &[
    ("dependencies", deps::direction),
    ("licences", deps::licences),
    ("sizes", sources::sizes),
    ("rooms", sources::rooms),
    ("minified", sources::minified),
    ("answers", sources::answers),
    ("ignored", sources::ignored),
    ("test_binaries", sources::test_binaries),
    ("twins", types::twins),
    ("names", types::names),
    ("substance", types::substance),
    ("invariants", docs::invariants),
    ("links", docs::links),
    ("summary", docs::summary),
    ("citations", docs::citations),
    ("fences", docs::fences),
    ("equations", docs::equations),
];

/// Runs all checks and prints what they say, or lists the structs that say the same twice.
pub(crate) fn chore(repo: &Repo, twins: bool) -> Result<bool> {
    if twins {
        let found = types::all_twins(repo)?;
        for pair in &found {
            println!("{pair}");
        }
        println!("{} pairs", found.len());
        return Ok(true);
    }
    let outcome = run(repo)?;
    println!("{}{} checks hold, {} do not", outcome.output, outcome.passed, outcome.failed);
    Ok(outcome.failed == 0)
}

/// Runs all checks; each counts once.
pub(crate) fn run(repo: &Repo) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    for (name, check) in CHECKS {
        let complaints = check(repo)?;
        outcome.add(if complaints.is_empty() {
            Outcome::passed()
        } else {
            Outcome::failed(format!("house::{name}\n  {}\n", complaints.join("\n  ")))
        });
    }
    let ignored = docs::unrun_transcripts(repo)?;
    if ignored > 0 {
        outcome.note = format!("{ignored} transcripts marked `console,ignore` are not run");
    }
    Ok(outcome)
}
