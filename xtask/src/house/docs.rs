//! What the documents promise: invariants that are kept, links that lead somewhere, pages that
//! are listed, citations with an entry.

use std::collections::BTreeSet;

use anyhow::Result;

use super::CHECKS;
use crate::repo::{Repo, resolve};
use crate::{bib, markdown};

const BOOK: &str = "docs/src/";

/// Every `Invariant:` paragraph of `ARCHITECTURE.md` ends in `Kept by:` and names, in backticks,
/// only tests, lints and checks that exist.
pub(super) fn invariants(repo: &Repo) -> Result<Vec<String>> {
    const MAP: &str = "ARCHITECTURE.md";
    if !repo.files.iter().any(|f| f == MAP) {
        return Ok(Vec::new());
    }
    let known = keepers(repo)?;
    let mut complaints = Vec::new();
    for paragraph in repo.read(MAP)?.split("\n\n").map(|p| p.trim_start_matches(['-', ' ', '\n'])) {
        let Some(invariant) = paragraph.strip_prefix("Invariant:") else { continue };
        let short = invariant.lines().next().unwrap_or_default().trim();
        let kept = invariant.split_once("Kept by:").map(|(_, k)| k).unwrap_or_default();
        let names: Vec<&str> = kept.split('`').skip(1).step_by(2).collect();
        if names.is_empty() {
            complaints.push(format!("{MAP}: nothing keeps \"{short}\""));
        }
        for name in names.iter().filter(|n| !known.contains(**n)) {
            complaints.push(format!("{MAP}: \"{short}\": no test, lint or check `{name}`"));
        }
    }
    Ok(complaints)
}

/// The names an invariant may lean on: `house::check`, `lint::clippy::name`, `crate::test_name`.
fn keepers(repo: &Repo) -> Result<BTreeSet<String>> {
    let mut names: BTreeSet<String> = CHECKS.iter().map(|(n, _)| format!("house::{n}")).collect();
    let mut table = String::new();
    for line in repo.read("Cargo.toml")?.lines() {
        if let Some(head) = line.strip_prefix('[') {
            table = head.trim_end_matches(']').to_owned();
        } else if let (Some(tool), Some((lint, level))) =
            (table.strip_prefix("workspace.lints."), line.split_once('='))
            && !level.contains("allow")
        {
            names.insert(format!("{tool}::{}", lint.trim()));
        }
    }
    for file in repo.find("", &[".rs"]) {
        let Some(krate) = file.strip_prefix("crates/").unwrap_or(file).split('/').next() else {
            continue;
        };
        let mut marked = false;
        for line in repo.read(file)?.lines().map(str::trim_start) {
            if line.starts_with("#[test]") {
                marked = true;
            } else if let Some(rest) = line.strip_prefix("fn ") {
                if marked {
                    let end = rest.find(['(', '<']).unwrap_or(rest.len());
                    names.insert(format!("{krate}::{}", &rest[..end]));
                }
                marked = false;
            }
        }
    }
    Ok(names)
}

/// Every relative link in a Markdown file leads to a file or folder of the project.
pub(super) fn links(repo: &Repo) -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    for file in repo.find("", &[".md"]) {
        for (line, target) in markdown::links(&repo.read(file)?) {
            let path = target.split('#').next().unwrap_or_default();
            if path.is_empty() || path.contains("://") || path.starts_with("mailto:") {
                continue;
            }
            let leads = resolve(file, path).is_some_and(|to| {
                to.is_empty()
                    || repo.files.iter().any(|f| *f == to || f.starts_with(&format!("{to}/")))
            });
            if !leads {
                complaints.push(format!("{file}:{line}: `{target}` leads nowhere"));
            }
        }
    }
    Ok(complaints)
}

/// `SUMMARY.md` lists every page of the book (that its pages exist, `links` sees to).
pub(super) fn summary(repo: &Repo) -> Result<Vec<String>> {
    let contents = format!("{BOOK}SUMMARY.md");
    if !repo.files.contains(&contents) {
        return Ok(Vec::new());
    }
    let listed: BTreeSet<String> = markdown::links(&repo.read(&contents)?)
        .iter()
        .filter_map(|(_, target)| resolve(&contents, target))
        .collect();
    Ok(repo
        .find(BOOK, &[".md"])
        .filter(|page| *page != contents && !listed.contains(*page))
        .map(|page| format!("{contents}: `{page}` is not listed"))
        .collect())
}

/// Every `[@key]` in a document or a doc comment has an entry in `references.bib`.
pub(super) fn citations(repo: &Repo) -> Result<Vec<String>> {
    let entries = bib::parse(&repo.read("references.bib")?)?;
    let mut complaints = Vec::new();
    let mut look = |file: &str, number: usize, line: &str| {
        for key in markdown::citations(line).iter().filter(|k| !entries.contains_key(**k)) {
            complaints.push(format!("{file}:{number}: no entry `{key}` in references.bib"));
        }
    };
    for file in repo.find("", &[".md"]) {
        for (number, line) in markdown::prose(&repo.read(file)?) {
            look(file, number, &line);
        }
    }
    for file in repo.find("crates/", &[".rs"]) {
        for (index, line) in repo.read(file)?.lines().enumerate() {
            if line.trim_start().starts_with("//") {
                look(file, index + 1, line);
            }
        }
    }
    Ok(complaints)
}

/// Every fenced block names its language.
pub(super) fn fences(repo: &Repo) -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    for file in repo.find("", &[".md"]) {
        for fence in markdown::fences(&repo.read(file)?).iter().filter(|f| f.info.is_empty()) {
            complaints.push(format!("{file}:{}: a block without its language", fence.line));
        }
    }
    Ok(complaints)
}

/// Equations are plain text: stock mdBook shows TeX as it is typed, and so does an editor.
pub(super) fn equations(repo: &Repo) -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    for file in repo.find("", &[".md"]) {
        for (number, line) in markdown::prose(&repo.read(file)?) {
            if let Some(mark) = [r"\\[", r"\\(", "$$"].iter().find(|mark| line.contains(**mark)) {
                complaints
                    .push(format!("{file}:{number}: `{mark}` begins TeX; write a `text` block"));
            }
        }
    }
    Ok(complaints)
}

/// How many terminal blocks are marked as not to be run.
pub(super) fn unrun_transcripts(repo: &Repo) -> Result<usize> {
    let mut count = 0;
    for file in repo.find("", &[".md"]) {
        let text = repo.read(file)?;
        count += markdown::fences(&text).iter().filter(|f| f.info == "console,ignore").count();
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repo::scratch;

    #[test]
    fn an_invariant_names_what_keeps_it() {
        let map = "# Map\n\nInvariant: a holds.\nKept by: `house::links`, `clippy::todo`, `model::holds`.\n\n\
                   Invariant: b holds.\n\n- Invariant: c holds. Kept by: `model::gone`, `clippy::off`.\n";
        let (_dir, repo) = scratch(&[
            ("ARCHITECTURE.md", map),
            ("Cargo.toml", "[workspace.lints.clippy]\ntodo = \"warn\"\noff = \"allow\"\n"),
            ("crates/model/src/a.rs", "#[test]\nfn holds() {}\nfn gone() {}\n"),
        ]);
        let said = invariants(&repo).expect("run");
        assert_eq!(said.len(), 3, "{said:?}");
        assert!(said[0].contains("nothing keeps \"b holds.\""), "{said:?}");
        assert!(said[1].ends_with("`model::gone`") && said[2].ends_with("`clippy::off`"));
    }

    #[test]
    fn links_and_pages_are_followed_both_ways() {
        let (_dir, repo) = scratch(&[
            ("README.md", "[a](docs/src/a.md#top) [web](https://x.org) [here](#x) [gone](b.md)"),
            ("docs/src/SUMMARY.md", "- [A](a.md)\n- [folder](../)\n- [Up](../../../up.md)\n"),
            ("docs/src/a.md", "```text\n[code](x.md)\n```\n"),
            ("docs/src/deep/c.md", "[a](../a.md)"),
        ]);
        let said = links(&repo).expect("run");
        assert_eq!(
            said,
            [
                "README.md:1: `b.md` leads nowhere",
                "docs/src/SUMMARY.md:3: `../../../up.md` leads nowhere"
            ]
        );
        let said = summary(&repo).expect("run");
        assert_eq!(said, ["docs/src/SUMMARY.md: `docs/src/deep/c.md` is not listed"]);
    }

    #[test]
    fn citations_have_an_entry() {
        let (_dir, repo) = scratch(&[
            ("references.bib", "@book{here,\n  title = {T}\n}\n"),
            ("docs/src/a.md", "[@here] [@gone] `[@code]`"),
            ("crates/model/src/a.rs", "//! See [@lost, p. 3].\nconst NOT: &str = \"[@text]\";\n"),
        ]);
        let said = citations(&repo).expect("run");
        assert_eq!(
            said,
            [
                "docs/src/a.md:1: no entry `gone` in references.bib",
                "crates/model/src/a.rs:1: no entry `lost` in references.bib"
            ]
        );
    }

    #[test]
    fn blocks_name_their_language_and_equations_are_text() {
        let page =
            "```\nx\n```\n\n- a\n  ~~~text\n  $$\n  ~~~\n\n\\\\[ x \\\\] \\[y] `$$`\n\n$$z$$\n";
        let (_dir, repo) = scratch(&[("docs/src/a.md", page)]);
        assert_eq!(fences(&repo).expect("run"), ["docs/src/a.md:1: a block without its language"]);
        let said = equations(&repo).expect("run");
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(
            said[0].starts_with("docs/src/a.md:10: ") && said[1].starts_with("docs/src/a.md:12: ")
        );
    }

    #[test]
    fn transcripts_that_are_not_run_are_counted() {
        let (_dir, repo) = scratch(&[("a.md", "```console,ignore\n```\n\n```console\n```\n")]);
        assert_eq!(unrun_transcripts(&repo).expect("run"), 1);
    }
}
