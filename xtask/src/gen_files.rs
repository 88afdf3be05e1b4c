//! `cargo xtask gen`: files made from code, written or checked.
//!
//! To add one, write a function from the project to its text and name it in [`FILES`].

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::bib;
use crate::repo::Repo;
use crate::stage::Outcome;

/// Makes a file's text; `None` while there is nothing it could hold.
type Make = fn(&Repo) -> Result<Option<String>>;

/// Every generated file and what makes it.
const FILES: &[(&str, Make)] = &[
    ("docs/src/reference/case.schema.json", schema),
    ("docs/src/reference/cli.md", cli),
    ("docs/src/reference/errors.md", errors),
    ("docs/src/reference/json.md", answers),
    ("docs/src/reference/keys.md", keys),
    ("docs/src/reference/output.schema.json", answers_schema),
    ("docs/src/reference/references.md", references),
    ("docs/src/verification.md", verification),
];

/// Writes the files, or with `check` only says which are stale.
pub(crate) fn run(repo: &Repo, check: bool) -> Result<bool> {
    if check {
        let outcome = stage(repo)?;
        print!("{}", outcome.output);
        return Ok(outcome.failed == 0);
    }
    for (path, make) in FILES {
        let full = repo.root.join(path);
        match make(repo).with_context(|| format!("making {path}"))? {
            Some(text) if on_disk(&full)?.as_deref() == Some(&text) => println!("same    {path}"),
            Some(text) => {
                std::fs::create_dir_all(full.parent().unwrap_or(&repo.root))?;
                std::fs::write(&full, text)?;
                println!("wrote   {path}");
            }
            None if full.exists() => {
                std::fs::remove_file(&full)?;
                println!("removed {path}");
            }
            None => println!("nothing {path}"),
        }
    }
    Ok(true)
}

/// The check as a stage; each file counts once.
pub(crate) fn stage(repo: &Repo) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    for (path, make) in FILES {
        let made = make(repo).with_context(|| format!("making {path}"))?;
        outcome.add(
            match difference(path, on_disk(&repo.root.join(path))?.as_deref(), made.as_deref()) {
                None => Outcome::passed(),
                Some(said) => Outcome::failed(format!("{said}\nhint: cargo xtask gen\n")),
            },
        );
    }
    Ok(outcome)
}

fn on_disk(path: &Path) -> Result<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("reading {}", path.display())),
    }
}

/// The first difference between what is there and what the code makes.
fn difference(path: &str, is: Option<&str>, should: Option<&str>) -> Option<String> {
    let (is, should) = match (is, should) {
        (None, None) => return None,
        (None, Some(_)) => return Some(format!("{path} is missing")),
        (Some(_), None) => return Some(format!("{path} is there, but the code makes none")),
        (Some(is), Some(should)) if is == should => return None,
        (Some(is), Some(should)) => (is, should),
    };
    let same = is.lines().zip(should.lines()).take_while(|(a, b)| a == b).count();
    let line = |text: &str| text.lines().nth(same).unwrap_or("(the end)").to_owned();
    Some(format!("{path}:{}\n  - is        {}\n  + should be {}", same + 1, line(is), line(should)))
}

fn references(repo: &Repo) -> Result<Option<String>> {
    Ok(Some(bib::page(&bib::parse(&repo.read("references.bib")?)?)?))
}

/// The reference of what `--json` prints, from the structs that are printed.
fn answers(repo: &Repo) -> Result<Option<String>> {
    described(repo, "page")
}

/// The same as a JSON schema.
fn answers_schema(repo: &Repo) -> Result<Option<String>> {
    described(repo, "schema")
}

/// What the example of the registry prints; the schemas are derived for it alone.
fn described(repo: &Repo, what: &str) -> Result<Option<String>> {
    let mut command = Command::new(repo.build_schemas()?);
    let out =
        command.arg(what).stdin(Stdio::null()).output().context("running the example `schemas`")?;
    if !out.status.success() {
        bail!("the answers are not described: {}", String::from_utf8_lossy(&out.stderr));
    }
    Ok(Some(String::from_utf8(out.stdout)?))
}

/// The JSON schema of a case.
fn schema(repo: &Repo) -> Result<Option<String>> {
    printed(repo, &["schema"])
}

/// The keys of a case.
fn keys(repo: &Repo) -> Result<Option<String>> {
    printed(repo, &["schema", "--keys"])
}

fn printed(repo: &Repo, args: &[&str]) -> Result<Option<String>> {
    let out = Command::new(repo.build_winset()?).args(args).stdin(Stdio::null()).output()?;
    if !out.status.success() {
        bail!("`winset {}` failed: {}", args.join(" "), String::from_utf8_lossy(&out.stderr));
    }
    Ok(Some(String::from_utf8(out.stdout)?))
}

/// Published results against ours, from an example that computes them.
fn verification(repo: &Repo) -> Result<Option<String>> {
    let example = "crates/winset/examples/verification.rs";
    if !repo.files.iter().any(|f| f == example) {
        return Ok(None);
    }
    let out = Command::new(repo.build("verification")?)
        .current_dir(&repo.root)
        .stdin(Stdio::null())
        .output()
        .context("running the example")?;
    if !out.status.success() {
        bail!("{example} failed: {}", String::from_utf8_lossy(&out.stderr));
    }
    Ok(Some(String::from_utf8(out.stdout)?))
}

/// The messages for broken cases, from the gallery that the tests hold the command to.
fn errors(repo: &Repo) -> Result<Option<String>> {
    const GALLERY: &str = "crates/files/tests/gallery/";
    let mut page = String::from(
        "# Messages\n\nWritten by `cargo xtask gen` from a gallery of broken cases and tables: what `winset \
         check` says of each\nmistake, and `winset class fit` of a table of past cases. A message has a \
         stable code in brackets, the file,\nthe line and column, and a hint; `--json` gives the \
         same as data. Everything wrong with a case is said in one\npass.\n",
    );
    let before = page.len();
    for file in repo.find(GALLERY, &["expected.txt"]) {
        let said = repo.read(file)?;
        let name = file.trim_start_matches(GALLERY).split('/').next().unwrap_or_default();
        let title = name.split_once('-').map_or(name, |(_, title)| title).replace('-', " ");
        // A case that draws a warning alone is described as well.
        let lines = said.lines().map(str::trim_end).filter(|l| !l.starts_with("case.toml: "));
        let lines: Vec<&str> = lines.collect();
        // The last line counts them.
        let lines = &lines[..lines.len().saturating_sub(1)];
        page.push_str(&format!("\n## {title}\n\n```text\n{}\n```\n", lines.join("\n").trim_end()));
    }
    Ok((page.len() > before).then_some(page))
}

/// The help of the command and of each subcommand, in the order the command lists them.
fn cli(repo: &Repo) -> Result<Option<String>> {
    let binary = repo.build_winset()?;
    let mut page = String::from(
        "# The command line\n\nWritten by `cargo xtask gen` from `winset --help` and the help of each command.\n",
    );
    let before = page.len();
    describe(&binary, &[], &mut page)?;
    Ok((page.len() > before).then_some(page))
}

fn describe(binary: &Path, path: &[&str], page: &mut String) -> Result<()> {
    let out = Command::new(binary)
        .args(path)
        .arg("--help")
        // Without a terminal clap wraps at COLUMNS, so the page does not depend on a window.
        .env("COLUMNS", "100")
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("running {}", binary.display()))?;
    let name = [&["winset"], path].concat().join(" ");
    if !out.status.success() {
        bail!("`{name} --help` failed: {}", String::from_utf8_lossy(&out.stderr));
    }
    let help = String::from_utf8(out.stdout)?;
    if help.trim().is_empty() {
        return Ok(());
    }
    let help: Vec<&str> = help.trim_end().lines().map(str::trim_end).collect();
    page.push_str(&format!("\n## {name}\n\n```text\n{}\n```\n", help.join("\n")));
    for command in subcommands(&help) {
        describe(binary, &[path, &[command]].concat(), page)?;
    }
    Ok(())
}

/// The names under `Commands:`, which clap indents by two; `help` itself is left out.
fn subcommands<'a>(help: &[&'a str]) -> Vec<&'a str> {
    help.iter()
        .skip_while(|l| **l != "Commands:")
        .skip(1)
        .take_while(|l| l.is_empty() || l.starts_with(' '))
        .filter_map(|l| l.strip_prefix("  ").filter(|l| !l.starts_with(' ')))
        .filter_map(|l| l.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_shown() {
        assert_eq!(difference("a", Some("x\n"), Some("x\n")), None);
        assert_eq!(difference("a", None, None), None);
        assert_eq!(difference("a", None, Some("x")).as_deref(), Some("a is missing"));
        let said = difference("a", Some("x\ny\nz"), Some("x\nY")).expect("a difference");
        assert_eq!(said, "a:2\n  - is        y\n  + should be Y");
        let said = difference("a", Some("x\n"), Some("x\ny\n")).expect("a difference");
        assert_eq!(said, "a:2\n  - is        (the end)\n  + should be y");
    }

    #[test]
    fn subcommands_are_read_from_the_help() {
        let help = "Is there a deal\n\nUsage: winset\n\nCommands:\n  forecast  The odds\n            \
                    and more\n  check     Look\n  help      Print this\n\nOptions:\n  -h, --help";
        let lines: Vec<&str> = help.lines().collect();
        assert_eq!(subcommands(&lines), ["forecast", "check"]);
        assert_eq!(subcommands(&["Usage: winset"]), Vec::<&str>::new());
    }
}
