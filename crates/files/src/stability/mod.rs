//! A graph model as it is typed: options, states, rules and preferences, in TOML or in JSON.
//!
//! ```toml
//! title = "Two neighbours"
//! quo   = 1                                  # the status quo, by the id of a state
//!
//! [options]                                  # in the order of the letters of a pattern
//! release  = "Upstream"                      # who owns it; it can be taken and taken back
//! escalate = "Upstream"
//! attack   = { by = "Downstream", moves = "no-to-yes-only" }
//!
//! [rules]
//! exclusive    = [["release", "escalate"]]   # at most one of them
//! at_least_one = [["release", "escalate", "attack"]]
//! infeasible   = ["YY-", "escalate and not attack"]
//! coalesce     = ["--Y"]                     # patterns of this kind are one state
//!
//! [states]                                   # left out: every feasible pattern, numbered from 1
//! 1 = "YNN"
//! 2 = "NNY"
//!
//! [preferences]
//! Upstream   = [2, [1, 3], ">>", 4]          # the best first; ties together; `>>` a strong step
//! Downstream = { statements = ["release", "not attack if escalate"] }
//! ```
//! Instead of a ranking or statements a party may have `weights` (an option or statement each with a
//! number) or `utilities` (a number or a range a state). JSON has the same keys; there options may be a
//! list of `{name, owner, moves}` and preferences a list `decision_makers` of `{name, ranking}`, one file
//! may hold several models by name, and what is not known is passed over.

mod json;
mod read;
mod statement;

pub use read::{ConflictFile, InverseAsk};

use std::path::Path;

use crate::case::tree::{TomlNode, Value, parse};
use crate::diagnostic::{Findings, Source, suggest};

/// Reads the text of a file; what is wrong with its size or encoding is a finding.
///
/// # Errors
/// If the file cannot be read.
pub fn open(path: &Path, findings: &mut Findings) -> Result<Source, std::io::Error> {
    crate::case::text(path, "a graph model", findings)
}

/// Whether a text is a graph model and no case: it has options, states or preferences, and no issues.
pub fn is_model(source: &Source) -> bool {
    if is_json(source) {
        return true;
    }
    let mut unheard = Findings::default();
    let Some(root) = parse(source, &mut unheard) else { return false };
    let has = |key: &str| root.child(key).is_some();
    !has("issues") && !has("sides") && (has("options") || has("preferences") || has("states"))
}

fn is_json(source: &Source) -> bool {
    source.name.to_lowercase().ends_with(".json") || source.text.trim_start().starts_with('{')
}

/// Reads a model; of a file that holds several the one that is named. Everything wrong is found in one
/// pass; `None` if any of it is an error.
pub fn read(source: &Source, name: Option<&str>, findings: &mut Findings) -> Option<ConflictFile> {
    let mut own = Findings::default();
    let json = is_json(source);
    let root = match json {
        true => json::parse(source, &mut own),
        false => parse(source, &mut own),
    };
    let chosen = root.as_ref().and_then(|root| choose(source, root, name, &mut own));
    let read = chosen.and_then(|(title, node)| read::model(source, node, title, !json, &mut own));
    let good = !own.failed();
    findings.list.append(&mut own.list);
    read.filter(|_| good)
}

/// The model that is meant, with its name.
fn choose<'a>(
    source: &Source,
    root: &'a TomlNode,
    name: Option<&str>,
    findings: &mut Findings,
) -> Option<(Option<&'a str>, &'a TomlNode)> {
    let is_one = |node: &TomlNode| ["options", "states"].iter().any(|k| node.child(k).is_some());
    let Value::Table(entries) = &root.value else { return Some((None, root)) };
    let several: Vec<(&str, &TomlNode)> = match is_one(root) {
        true => Vec::new(),
        false => {
            let inside = entries.iter().filter(|(_, _, node)| is_one(node));
            inside.map(|(key, _, node)| (key.as_str(), node)).collect()
        }
    };
    let names = || several.iter().map(|(key, _)| *key);
    match (name, several.as_slice()) {
        (None, []) => Some((None, root)),
        (None, [(key, node)]) => Some((Some(*key), node)),
        (None, more) => {
            let all: Vec<String> = names().map(|n| format!("`{n}`")).collect();
            let said = format!("the file holds {} models: {}", more.len(), all.join(", "));
            let hint = format!("name one: `--model {}`", more[0].0);
            findings.error("stability", &source.name, None, said, hint);
            None
        }
        (Some(name), several) => {
            let found = several.iter().find(|(key, _)| *key == name);
            if found.is_none() {
                let said = format!("the file holds no model `{name}`");
                let hint = match several {
                    [] => Some("it holds one: leave out `--model`".to_owned()),
                    _ => suggest(name, names().collect::<Vec<_>>()),
                };
                findings.error("stability", &source.name, None, said, hint);
            }
            found.map(|(key, node)| (Some(*key), *node))
        }
    }
}
