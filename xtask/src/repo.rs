//! The project on disk: where it is, which files belong to it, how to call cargo in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// A checkout of the project.
pub(crate) struct Repo {
    /// The folder that holds the workspace's `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Every file of the project, relative to `root`, `/` between folders, sorted.
    pub(crate) files: Vec<String>,
}

impl Repo {
    /// Opens the checkout this program was built from.
    pub(crate) fn open() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask has no parent")?;
        Self::at(root)
    }

    /// Opens the project at `root`: the files git knows or would add; all of them without git.
    pub(crate) fn at(root: &Path) -> Result<Self> {
        let git = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(root)
            .output();
        let mut files: Vec<String> = match git {
            Ok(out) if out.status.success() => String::from_utf8(out.stdout)
                .context("a file name is not UTF-8")?
                .split('\0')
                .filter(|f| !f.is_empty() && root.join(f).is_file())
                .map(str::to_owned)
                .collect(),
            _ => {
                let mut found = Vec::new();
                walk(root, "", &mut found)?;
                found
            }
        };
        files.sort();
        files.dedup();
        Ok(Self { root: root.to_owned(), files })
    }

    /// The text of a file of the project.
    pub(crate) fn read(&self, file: &str) -> Result<String> {
        std::fs::read_to_string(self.root.join(file)).with_context(|| format!("reading {file}"))
    }

    /// The files below `folder` (`""` for all) that end in one of `endings`.
    pub(crate) fn find<'a>(
        &'a self,
        folder: &'a str,
        endings: &'a [&'a str],
    ) -> impl Iterator<Item = &'a str> {
        self.files
            .iter()
            .map(String::as_str)
            .filter(move |f| f.starts_with(folder) && endings.iter().any(|e| f.ends_with(e)))
    }

    /// Cargo's build folder: the only place on a person's machine the chores write to.
    pub(crate) fn target(&self) -> PathBuf {
        std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| self.root.join("target"), |t| self.root.join(t))
    }

    /// The cargo that runs us, in the project's folder, without colour.
    pub(crate) fn cargo<I: IntoIterator<Item = S>, S: AsRef<std::ffi::OsStr>>(
        &self,
        args: I,
    ) -> Command {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(args).current_dir(&self.root).env("CARGO_TERM_COLOR", "never");
        command
    }

    /// What `cargo metadata` says of the workspace.
    pub(crate) fn metadata(&self) -> Result<Value> {
        let out = self
            .cargo(["metadata", "--format-version", "1"])
            .stdin(Stdio::null())
            .output()
            .context("running cargo metadata")?;
        if !out.status.success() {
            bail!("cargo metadata: {}", String::from_utf8_lossy(&out.stderr));
        }
        Ok(serde_json::from_slice(&out.stdout)?)
    }

    /// Builds the command and returns the path of its binary.
    pub(crate) fn build_winset(&self) -> Result<PathBuf> {
        self.build("winset")
    }

    /// Builds the command and all examples, and returns the path of one of them.
    ///
    /// What is asked for is what the tests have built already. Asked for alone, the same source would
    /// get other features of what stands below it, and cargo would build everything again.
    pub(crate) fn build(&self, name: &str) -> Result<PathBuf> {
        self.built(&["--bin", "winset", "--examples"], name)
    }

    /// Builds the example that knows the shapes of all answers, which are derived for it alone.
    ///
    /// With the features of the tests and one more, so that nothing of other people's is built again;
    /// nothing is computed, so that the model need not be optimised.
    pub(crate) fn build_schemas(&self) -> Result<PathBuf> {
        let plain = "profile.dev.package.winset-model.opt-level=0";
        let features = ["--features", "winset-report/schema", "--config", plain];
        self.built(&[&["--example", "schemas"], &features[..]].concat(), "schemas")
    }

    fn built(&self, what: &[&str], name: &str) -> Result<PathBuf> {
        let out = self
            .cargo([&["build"], what, &crate::test::ALL[..]].concat())
            .args(["--message-format", "json-render-diagnostics"])
            .stdin(Stdio::null())
            .output()
            .context("running cargo build")?;
        if !out.status.success() {
            bail!("cargo build: {}", String::from_utf8_lossy(&out.stderr));
        }
        String::from_utf8_lossy(&out.stdout)
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .filter(|m| m["target"]["name"] == name)
            .find_map(|m| m["executable"].as_str().map(PathBuf::from))
            .with_context(|| format!("cargo built no program called {name}"))
    }
}

fn walk(root: &Path, below: &str, found: &mut Vec<String>) -> Result<()> {
    const NOT_OURS: [&str; 6] = [".git", "target", "site", ".venv", "__pycache__", "node_modules"];
    for entry in std::fs::read_dir(root.join(below))? {
        let entry = entry?;
        let name = entry.file_name().into_string().unwrap_or_default();
        let path = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
        let kind = entry.file_type()?;
        if kind.is_dir() && !NOT_OURS.contains(&name.as_str()) {
            walk(root, &path, found)?;
        } else if kind.is_file() {
            found.push(path);
        }
    }
    Ok(())
}

/// The directory of `file` inside the project, joined with a relative link; `None` if it leaves it.
pub(crate) fn resolve(file: &str, link: &str) -> Option<String> {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
pub(crate) fn scratch(files: &[(&str, &str)]) -> (tempfile::TempDir, Repo) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in files {
        let path = dir.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    let repo = Repo::at(dir.path()).expect("a project");
    (dir, repo)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_resolve_from_the_file_that_holds_them() {
        assert_eq!(resolve("README.md", "docs/src/a.md").as_deref(), Some("docs/src/a.md"));
        assert_eq!(resolve("docs/src/a.md", "../../README.md").as_deref(), Some("README.md"));
        assert_eq!(resolve("docs/a.md", "./b/./c.md").as_deref(), Some("docs/b/c.md"));
        assert_eq!(resolve("README.md", "../outside.md"), None);
    }

    #[test]
    fn a_folder_without_git_is_walked_and_build_output_left_out() {
        let (_dir, repo) =
            scratch(&[("b.md", ""), ("a/c.rs", ""), ("target/x.rs", ""), ("a/target/y.rs", "")]);
        assert_eq!(repo.files, ["a/c.rs", "b.md"]);
        assert_eq!(repo.find("a/", &[".rs", ".md"]).collect::<Vec<_>>(), ["a/c.rs"]);
    }
}
