//! `cargo xtask study`: long simulations and nested cross-validation.
//!
//! A study is an example of a crate whose name starts with `study-`; it runs optimised, takes what
//! follows `--`, and prints what its docs page quotes.

use std::path::PathBuf;

use anyhow::{Result, bail};
use serde_json::Value;

use crate::repo::Repo;
use crate::stage::{Outcome, capture};

/// Runs a study, or lists them.
pub(crate) fn run(repo: &Repo, name: Option<&str>, args: &[String]) -> Result<bool> {
    let studies = studies(&repo.metadata()?);
    let Some(name) = name else {
        if studies.is_empty() {
            println!("no studies (a study is an example called `study-NAME` of a crate)");
        }
        for (package, study) in &studies {
            println!("{study:<20} {package}");
        }
        return Ok(true);
    };
    let Some((package, study)) = studies.iter().find(|(_, s)| s == name) else {
        let names: Vec<&str> = studies.iter().map(|(_, s)| s.as_str()).collect();
        bail!("no study `{name}`\n\nhint: there are {} ({})", names.len(), names.join(", "));
    };
    let example = format!("study-{study}");
    let mut command = repo.cargo(["run", "--release", "--quiet", "--package", package]);
    command.args(["--example", &example, "--"]).args(args);
    Ok(capture(command, true)?.ok)
}

/// The studies that fail where they miss their marks, and which of other people's data they need.
const KEPT: [(&str, &[&str]); 3] =
    [("belief", &[]), ("classes", &["icb", "classes"]), ("people", &["talks"])];
/// The folder with other people's data.
const DATA: &str = "WINSET_DATA";

/// The studies that keep marks, at a reduced size.
pub(crate) fn stage(repo: &Repo) -> Result<Outcome> {
    let studies = studies(&repo.metadata()?);
    let mut outcome = Outcome::default();
    for (study, needs) in KEPT {
        if !studies.iter().any(|(_, s)| s == study) {
            outcome.add(Outcome::nothing(format!("there is no study `{study}`")));
            continue;
        }
        let data = std::env::var_os(DATA).map(PathBuf::from).unwrap_or_default();
        if let Some(missing) = needs.iter().find(|folder| !data.join(folder).exists()) {
            let how = format!("set {DATA} to the folder that holds `{missing}`");
            outcome.add(Outcome::skipped(format!("the study `{study}` has no data"), how));
            continue;
        }
        let mut command = std::process::Command::new(repo.build(&format!("study-{study}"))?);
        command.arg("--reduced").current_dir(&repo.root);
        outcome.add(Outcome::of(capture(command, false)?));
    }
    Ok(outcome)
}

/// The crate and name of every study in the workspace.
fn studies(metadata: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let ours = metadata["workspace_members"]
            .as_array()
            .is_some_and(|members| members.contains(&package["id"]));
        for target in package["targets"].as_array().into_iter().flatten().filter(|_| ours) {
            let example = target["kind"].as_array().is_some_and(|k| k.contains(&"example".into()));
            let study = target["name"].as_str().and_then(|n| n.strip_prefix("study-"));
            if let (true, Some(study), Some(package)) = (example, study, package["name"].as_str()) {
                found.push((package.to_owned(), study.to_owned()));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn studies_are_examples_of_our_own_crates() {
        let target = |kind: &str, name: &str| json!({ "kind": [kind], "name": name });
        let metadata = json!({
            "workspace_members": ["ours"],
            "packages": [
                { "id": "ours", "name": "winset-model", "targets": [
                    target("example", "study-belief"), target("example", "demo"), target("bin", "study-x"),
                ] },
                { "id": "theirs", "name": "other", "targets": [target("example", "study-y")] },
            ],
        });
        assert_eq!(studies(&metadata), [("winset-model".to_owned(), "belief".to_owned())]);
    }
}
