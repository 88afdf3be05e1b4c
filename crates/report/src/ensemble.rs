//! How an ensemble stands, on a terminal.

use serde::Serialize;
use winset_page::text::{Text, shell};

use crate::head::RunHead;

/// How an ensemble stands.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EnsembleStatus {
    /// `winset/ensemble-status/1`.
    pub schema: &'static str,
    /// The version of the formulas.
    pub version: String,
    /// What it was run on.
    #[serde(flatten)]
    pub run: RunHead,
    /// How many shards.
    pub shards: u64,
    /// Shards that are done.
    pub done: u64,
    /// Shards that have no file.
    pub missing: Vec<u64>,
    /// Shards whose file cannot be used.
    pub bad: Vec<BadShard>,
    /// The folder.
    #[serde(skip)]
    pub folder: String,
}

/// A shard whose file cannot be used.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BadShard {
    /// Which.
    pub shard: u64,
    /// Why.
    pub why: String,
}

/// Numbers as people write them: `3, 7, 12-14`.
pub fn ranges(numbers: &[u64]) -> String {
    let mut parts: Vec<(u64, u64)> = Vec::new();
    for n in numbers {
        match parts.last_mut() {
            Some((_, last)) if *last + 1 == *n => *last = *n,
            _ => parts.push((*n, *n)),
        }
    }
    let part = |(a, b): &(u64, u64)| if a == b { a.to_string() } else { format!("{a}-{b}") };
    parts.iter().map(part).collect::<Vec<_>>().join(", ")
}

/// The state of an ensemble as text.
pub fn text(v: &EnsembleStatus) -> String {
    let mut t = Text::default();
    let shards = if v.shards == 1 { "1 shard" } else { &format!("{} shards", v.shards) };
    t.wrapped("", &format!("{}: {} draws in {shards}, seed {}", v.folder, v.run.draws, v.run.seed));
    t.line(&format!("  done     {:>6}", v.done));
    if !v.missing.is_empty() {
        let head = format!("  missing  {:>6}: ", v.missing.len());
        t.wrapped(&head, &ranges(&v.missing));
    }
    for bad in &v.bad {
        t.wrapped("  ", &format!("shard {} {}", bad.shard, bad.why));
    }
    let folder = shell(&v.folder);
    let next = v.missing.iter().chain(v.bad.iter().map(|b| &b.shard)).min();
    t.line(&match next {
        Some(k) => format!("next: winset ensemble run {folder} --shard {k}/{}", v.shards),
        None => format!("next: winset ensemble merge {folder}"),
    });
    t.out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_written_as_a_range() {
        assert_eq!(ranges(&[]), "");
        assert_eq!(ranges(&[0, 1, 2, 5, 7, 8]), "0-2, 5, 7-8");
    }

    #[test]
    fn what_is_next_is_the_first_shard_that_is_not_done() {
        let mut v =
            EnsembleStatus { folder: "e".into(), shards: 3, done: 1, ..EnsembleStatus::default() };
        (v.missing, v.bad) = (vec![2], vec![BadShard { shard: 1, why: "is damaged".into() }]);
        assert!(text(&v).ends_with("next: winset ensemble run e --shard 1/3\n"));
        (v.missing, v.bad, v.done) = (vec![], vec![], 3);
        assert!(text(&v).ends_with("next: winset ensemble merge e\n"));
    }
}
