//! The direction of dependencies, and the licences of what comes in.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::repo::Repo;
use crate::stage::capture;

/// Crates of ours a crate may build on; a crate not named here may use all.
const MAY_USE: &[(&str, &[&str])] = &[
    ("winset-model", &[]),
    ("winset-page", &[]),
    ("winset-files", &["winset-model"]),
    ("winset-text", &[]),
    ("winset-report", &["winset-model", "winset-files", "winset-page", "winset-text"]),
    ("winset-serve", &["winset-model", "winset-files", "winset-page", "winset-report"]),
    ("winset-table", &["winset-model", "winset-page"]),
];

/// Crates under which Arrow and Parquet do not stand unless asked for: they cost minutes of building.
const WITHOUT_ARROW: &[&str] = &["winset", "winset-model", "winset-files", "winset-page"];

/// Licences that let anyone use the binary for anything.
const PERMISSIVE: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Data flows one way: files → model, page → nothing of ours, report → these, the doors → all.
pub(super) fn direction(repo: &Repo) -> Result<Vec<String>> {
    // As everything is built without being asked for more: `cargo metadata` takes default features.
    let mut complaints = wrong_way(&repo.metadata()?)?;
    // And as the command is built with Parquet. Not by the metadata, where every crate has the
    // features that any other asks for.
    let tree = ["tree", "--package", "winset", "--features", "parquet", "--edges", "normal,build"];
    let ran = capture(repo.cargo(tree.into_iter().chain(["--prefix", "none"])), false)?;
    if !ran.ok {
        bail!("cargo tree: {}", ran.output);
    }
    complaints.extend(arrow_below(&ran.output));
    Ok(complaints)
}

/// What the tree of the command with Parquet must not hold: files are written without Arrow.
fn arrow_below(tree: &str) -> Vec<String> {
    let names: BTreeSet<&str> = tree.lines().filter_map(|l| l.split(' ').next()).collect();
    let mut complaints: Vec<String> = names
        .iter()
        .filter(|name| name.starts_with("arrow"))
        .map(|name| format!("`winset` with the feature `parquet` must not build on `{name}`"))
        .collect();
    if !names.contains("parquet") {
        complaints.push("`winset` with the feature `parquet` does not build on it".to_owned());
    }
    complaints
}

/// Everything we link is under a permissive licence.
pub(super) fn licences(repo: &Repo) -> Result<Vec<String>> {
    let metadata = repo.metadata()?;
    let mut complaints = Vec::new();
    for package in list(&metadata["packages"])? {
        let licence = package["license"].as_str().unwrap_or_default();
        if !permits(licence) {
            complaints.push(format!("{}: licence `{licence}` is not permissive", package["name"]));
        }
    }
    Ok(complaints)
}

fn wrong_way(metadata: &Value) -> Result<Vec<String>> {
    let mut names = BTreeMap::new();
    for package in list(&metadata["packages"])? {
        names.insert(text(&package["id"])?, text(&package["name"])?);
    }
    // Edges of the built graph; tests may look across.
    let mut uses: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for node in list(&metadata["resolve"]["nodes"])? {
        let id = text(&node["id"])?;
        for dep in list(&node["deps"])? {
            if list(&dep["dep_kinds"])?.iter().any(|k| k["kind"] != "dev") {
                uses.entry(names[id]).or_default().push(names[text(&dep["pkg"])?]);
            }
        }
    }
    let ours: BTreeSet<&str> = list(&metadata["workspace_members"])?
        .iter()
        .filter_map(|id| names.get(id.as_str()?).copied())
        .filter(|n| n.starts_with("winset"))
        .collect();
    let mut complaints = Vec::new();
    for name in &ours {
        let below = reach(name, &uses);
        if let Some((_, may)) = MAY_USE.iter().find(|(n, _)| n == name) {
            for other in below.iter().filter(|b| ours.contains(*b) && !may.contains(b)) {
                complaints.push(format!("`{name}` must not build on `{other}`"));
            }
        }
        if WITHOUT_ARROW.contains(name) {
            for other in below.iter().filter(|b| b.starts_with("arrow") || **b == "parquet") {
                complaints.push(format!("`{name}` must not build on `{other}`"));
            }
        }
    }
    Ok(complaints)
}

fn reach<'a>(from: &str, uses: &BTreeMap<&'a str, Vec<&'a str>>) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<&str> = uses.get(from).cloned().unwrap_or_default();
    while let Some(name) = open.pop() {
        if let Some((name, below)) = uses.get_key_value(name) {
            if seen.insert(*name) {
                open.extend(below);
            }
        } else {
            // A leaf: it uses nothing, so it stands only on the right of an edge.
            seen.extend(uses.values().flatten().find(|n| **n == name));
        }
    }
    seen
}

/// Whether an SPDX expression of `OR`, `AND`, `/` and parentheses can be met with our list.
fn permits(expression: &str) -> bool {
    let plain = expression.replace('/', " OR ");
    // `A AND (B OR C)` is rare; split on AND outside parentheses first, as OR binds weaker there.
    if let Some((left, right)) = split_outside(&plain, " OR ") {
        return permits(left) || permits(right);
    }
    if let Some((left, right)) = split_outside(&plain, " AND ") {
        return permits(left) && permits(right);
    }
    let plain = plain.trim();
    match plain.strip_prefix('(').and_then(|p| p.strip_suffix(')')) {
        Some(inside) => permits(inside),
        None => PERMISSIVE.contains(&plain),
    }
}

fn split_outside<'a>(text: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    let at = text.match_indices(word).map(|(at, _)| at).find(|at| {
        let before = &text[..*at];
        before.matches('(').count() == before.matches(')').count()
    })?;
    Some((&text[..at], &text[at + word.len()..]))
}

fn list(value: &Value) -> Result<&Vec<Value>> {
    value.as_array().context("cargo metadata: expected a list")
}

fn text(value: &Value) -> Result<&str> {
    value.as_str().context("cargo metadata: expected a text")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A workspace whose crates use each other as the pairs say; `dev` marks a test-only use.
    fn graph(edges: &[(&str, &str, Option<&str>)]) -> Value {
        let names: BTreeSet<&str> = edges.iter().flat_map(|(a, b, _)| [*a, *b]).collect();
        let node = |name: &&str| {
            let deps: Vec<Value> = edges
                .iter()
                .filter(|(a, _, _)| a == name)
                .map(|(_, b, kind)| json!({ "pkg": b, "dep_kinds": [{ "kind": kind }] }))
                .collect();
            json!({ "id": name, "deps": deps })
        };
        json!({
            "packages": names.iter().map(|n| json!({ "id": n, "name": n })).collect::<Vec<_>>(),
            "workspace_members": names.iter().filter(|n| n.starts_with("winset")).collect::<Vec<_>>(),
            "resolve": { "nodes": names.iter().map(node).collect::<Vec<_>>() },
        })
    }

    #[test]
    fn data_flows_one_way() {
        let right = graph(&[
            ("winset", "winset-files", None),
            ("winset", "winset-page", None),
            ("winset-files", "winset-model", None),
            ("winset-model", "winset-files", Some("dev")),
        ]);
        assert_eq!(wrong_way(&right).expect("a graph"), Vec::<String>::new());
        let wrong = graph(&[("winset-model", "middle", None), ("middle", "winset-page", None)]);
        let said = ["`winset-model` must not build on `winset-page`"];
        assert_eq!(wrong_way(&wrong).expect("a graph"), said);
    }

    #[test]
    fn arrow_stands_only_under_the_table() {
        let wrong = graph(&[
            ("winset-table", "arrow-array", None),
            ("winset", "parquet", None),
            ("winset-py", "winset-table", None),
        ]);
        let said = ["`winset` must not build on `parquet`"];
        assert_eq!(wrong_way(&wrong).expect("a graph"), said);
        // The feature switched on for everybody.
        let wrong = graph(&[
            ("winset", "winset-table", None),
            ("winset-table", "parquet", None),
            ("winset-table", "arrow-array", None),
        ]);
        let said =
            ["`winset` must not build on `arrow-array`", "`winset` must not build on `parquet`"];
        assert_eq!(wrong_way(&wrong).expect("a graph"), said);
    }

    #[test]
    fn parquet_is_written_without_arrow() {
        let tree =
            "winset v0.1.0 (/a)\nwinset-table v0.1.0 (/b)\nparquet v60.1.0\nhalf v2.7.1 (*)\n";
        assert_eq!(arrow_below(tree), Vec::<String>::new());
        let said = ["`winset` with the feature `parquet` must not build on `arrow-ipc`"];
        assert_eq!(arrow_below(&format!("{tree}arrow-ipc v60.1.0\n")), said);
        let said = ["`winset` with the feature `parquet` does not build on it"];
        assert_eq!(arrow_below("winset v0.1.0 (/a)\n"), said);
    }

    #[test]
    fn cargo_deny_allows_the_same_licences() {
        let text = Repo::open().and_then(|repo| repo.read("deny.toml")).expect("deny.toml");
        let (_, list) = text.split_once("\nallow = [").expect("a list");
        let list = list.split(']').next().expect("its end");
        let allowed: Vec<&str> = list.split('"').skip(1).step_by(2).collect();
        assert_eq!(allowed, PERMISSIVE);
    }

    #[test]
    fn licences_are_expressions() {
        for good in ["MIT", "MIT OR GPL-3.0", "MIT/Apache-2.0", "(MIT OR X) AND Unicode-3.0"] {
            assert!(permits(good), "{good}");
        }
        for bad in ["", "GPL-3.0", "MIT AND GPL-3.0", "AGPL-3.0 OR LGPL-3.0"] {
            assert!(!permits(bad), "{bad}");
        }
    }
}
