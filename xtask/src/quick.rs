//! `cargo xtask test --quick`: what can be known in a minute while one works.
//!
//! Clippy looks at the whole workspace, since cargo remembers what has not changed; the unit tests are
//! those of the crates with changed files. Everything else is left out, and the report says so.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::repo::Repo;
use crate::stage::{Outcome, Stage, capture};
use crate::test::{ALL, tally};

/// The last stage of `--quick`, in place of the tests.
pub(crate) const UNIT: Stage =
    Stage { name: "unit", what: "unit tests of the crates with changed files", run: unit };

/// What a reader should know was not run.
pub(crate) const LEFT_OUT: &str = "left out: tests from outside and of crates without changes, transcripts, study, doc, \
                                   gen, python, browser (`cargo xtask test` runs them)";

fn unit(repo: &Repo) -> Result<Outcome> {
    let (since, files) = changed(repo)?;
    let metadata = repo.metadata()?;
    let packages = packages(&metadata, &repo.root.to_string_lossy(), &files)?;
    if packages.is_empty() {
        return Ok(Outcome::nothing(format!("no crate differs from {since}")));
    }
    let mut args = vec!["test", "--no-fail-fast", "--lib", "--bins"];
    for package in &packages {
        args.extend(["--package", package]);
    }
    if packages.contains("winset") {
        args.extend(&ALL[1..]);
    }
    let ran = capture(repo.cargo(args), false)?;
    let mut outcome = tally(ran.ok, &ran.output, "");
    let names: Vec<&str> = packages.iter().map(String::as_str).collect();
    outcome.note = format!("{}; changed since {since}: {}", outcome.note, names.join(", "));
    Ok(outcome)
}

/// The files that differ from where the branch left `main`, and that place; on `main` itself, those
/// that are not committed.
fn changed(repo: &Repo) -> Result<(String, Vec<String>)> {
    let git = |args: &[&str]| -> Result<Option<String>> {
        let mut command = std::process::Command::new("git");
        command.args(args).current_dir(&repo.root);
        let ran = capture(command, false)?;
        Ok(ran.ok.then_some(ran.output))
    };
    let mut since = None;
    for main in ["origin/main", "main", "HEAD"] {
        since = git(&["merge-base", "HEAD", main])?;
        if since.is_some() {
            break;
        }
    }
    let since = since.context("`--quick` asks git what changed, and this is no checkout of git")?;
    let since = since.trim();
    let differ = git(&["diff", "--name-only", since])?.unwrap_or_default();
    let new = git(&["ls-files", "--others", "--exclude-standard"])?.unwrap_or_default();
    let files = differ.lines().chain(new.lines()).map(str::to_owned).collect();
    Ok((since.get(..8).unwrap_or(since).to_owned(), files))
}

/// The crates of the workspace that hold one of `files` and have unit tests.
fn packages(metadata: &Value, root: &str, files: &[String]) -> Result<BTreeSet<String>> {
    let members = metadata["workspace_members"].as_array().context("cargo metadata: no members")?;
    let mut found = BTreeSet::new();
    for package in metadata["packages"].as_array().context("cargo metadata: no packages")? {
        let manifest = package["manifest_path"].as_str().unwrap_or_default();
        let folder = manifest.trim_end_matches("Cargo.toml").trim_start_matches(root);
        let folder = folder.replace('\\', "/");
        let folder = folder.trim_start_matches('/');
        let tested = package["targets"].as_array().into_iter().flatten().any(|target| {
            let unit = |kind: &Value| matches!(kind.as_str(), Some("lib" | "bin"));
            target["test"] == true && target["kind"].as_array().into_iter().flatten().any(unit)
        });
        let holds = files.iter().any(|file| file.starts_with(folder) && is_built(file));
        if members.contains(&package["id"]) && tested && holds {
            found.insert(package["name"].as_str().unwrap_or_default().to_owned());
        }
    }
    Ok(found)
}

/// Whether a file has a part in the unit tests of its crate.
fn is_built(file: &str) -> bool {
    !file.contains("/tests/") && !file.contains("/benches/") && !file.contains("/examples/")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn crates_with_changed_files_are_tested() {
        let package = |name: &str, folder: &str, kind: &str, test: bool| {
            json!({ "id": name, "name": name, "manifest_path": format!("/p/{folder}/Cargo.toml"),
                    "targets": [{ "kind": [kind], "test": test }, { "kind": ["test"], "test": true }] })
        };
        let metadata = json!({
            "workspace_members": ["model", "winset", "xtask", "native"],
            "packages": [
                package("model", "crates/model", "lib", true),
                package("winset", "crates/winset", "bin", true),
                package("xtask", "xtask", "bin", true),
                package("native", "crates/py", "cdylib", false),
                package("elsewhere", "xtask", "lib", true),
            ],
        });
        let of = |files: &[&str]| {
            let files: Vec<String> = files.iter().map(|f| (*f).to_owned()).collect();
            let found = packages(&metadata, "/p", &files).expect("crates");
            found.into_iter().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(of(&["crates/model/src/a/b.rs", "xtask/Cargo.toml"]), "model xtask");
        assert_eq!(of(&["crates/py/src/lib.rs", "README.md", "docs/src/a.md"]), "");
        assert_eq!(of(&["crates/winset/tests/all/a.rs", "crates/model/benches/b.rs"]), "");
    }
}
