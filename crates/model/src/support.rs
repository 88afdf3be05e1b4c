//! What a number of a case rests on: the record, a source, or judgement. The one place that says so;
//! confidence, drivers, flips, the brief, the log and the workbench ask here.
//!
//! # Model
//! An entry of the record is *evidence* of an input if the input is read from it, or if the input
//! cites it and the entry says it: of the same actor (of a side, one of its members), on the same issue,
//! of the same kind (a position: an ideal or a demand), with a range that meets the input's own. What is
//! more likely false than true by its grade, or what an entry seen by then supersedes, is evidence of
//! nothing it is cited for. A note is a source if it names one: a link, or a year as references have it.
//! Notes whose key begins with `j-` say that a number is judgement, whatever else it cites; notes whose
//! key begins with `gap-` name what is missing.

use std::collections::{BTreeMap, BTreeSet};

use crate::case::{Case, Input, InputId};
use crate::record::{EntryKind, RecordEntry};
use crate::uncertain::Dist;

/// What "rests on judgement" means, where it first stands.
pub const JUDGEMENT: &str = "Rests on judgement: no entry of the record says the number and no note behind it names a source, or \
     the case marks it by a note `j-…`.";

/// What an independent origin is.
pub const ORIGIN: &str = "Independent origin: what entries that are evidence of a number go back to; ten reports of one \
     origin are one.";

/// What a named gap is.
pub const GAP: &str =
    "Named gap: a note `gap-…` of the case. Gaps lower confidence; naming none does not raise it.";

/// The beginning of the key of a note that marks a number as judgement.
const JUDGED: &str = "j-";

/// The beginning of the key of a note that names what is missing.
const MISSING: &str = "gap-";

/// What a number rests on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Basis {
    /// At least one entry of the record is evidence of it.
    Record,
    /// A note names a source, or the model's default has one.
    Source,
    /// Neither.
    #[default]
    Judgement,
}

impl Basis {
    /// In words, behind "rests on".
    pub fn word(self) -> &'static str {
        match self {
            Self::Record => "the record",
            Self::Source => "a source",
            Self::Judgement => "judgement",
        }
    }
}

/// What an input of a case rests on. A default of the model rests on what its table says.
pub fn basis(case: &Case, input: usize) -> Basis {
    let input = &case.inputs[input];
    if !input.written {
        let of = |(_, id): &(_, InputId)| case.input(*id).path == input.path;
        return match case.coefficients().find(of) {
            Some((c, _)) if !c.source.starts_with("judgement") => Basis::Source,
            _ => Basis::Judgement,
        };
    }
    let noted = |id: &String| case.notes.iter().any(|(key, _)| key == id);
    match input.evidence.as_slice() {
        [] => Basis::Judgement,
        // The first that is no note settles it.
        all if all.iter().all(noted) => Basis::Source,
        _ => Basis::Record,
    }
}

/// The notes that name what is missing.
pub fn gaps(case: &Case) -> usize {
    case.notes.iter().filter(|(key, _)| key.starts_with(MISSING)).count()
}

/// The entries that are evidence of some input, in the order of the record.
pub fn evidence<'r>(
    case: &Case,
    entries: impl Iterator<Item = &'r RecordEntry>,
) -> Vec<&'r RecordEntry> {
    let used: BTreeSet<&String> = case.inputs.iter().flat_map(|i| &i.evidence).collect();
    entries.filter(|e| used.contains(&e.id)).collect()
}

/// The independent origins of some entries.
pub fn origins<'r>(entries: impl Iterator<Item = &'r RecordEntry>) -> usize {
    entries.map(|e| e.origin.as_str()).collect::<BTreeSet<_>>().len()
}

/// Says on every input which of what it rests on is evidence of it, from the entries that are seen;
/// `read` are the inputs that are read from entries.
pub fn settle(case: &mut Case, seen: &[&RecordEntry], read: &BTreeSet<InputId>) {
    let superseded: BTreeSet<&String> = seen.iter().filter_map(|e| e.supersedes.as_ref()).collect();
    let entries: BTreeMap<&str, &RecordEntry> = seen.iter().map(|e| (e.id.as_str(), *e)).collect();
    let notes: BTreeMap<&str, &String> =
        case.notes.iter().map(|(k, text)| (k.as_str(), text)).collect();
    let found: Vec<Vec<String>> = case
        .inputs
        .iter()
        .enumerate()
        .map(|(k, input)| {
            if input.rests_on.iter().any(|id| id.starts_with(JUDGED)) {
                return Vec::new();
            }
            let counts = |id: &&String| {
                if let Some(text) = notes.get(id.as_str()) {
                    return !id.starts_with(MISSING) && names_a_source(text);
                }
                let Some(e) = entries.get(id.as_str()) else { return false };
                let cited = || !superseded.contains(id) && says(case, input, e);
                e.p_true() >= EVEN && (read.contains(&InputId(k)) || cited())
            };
            input.rests_on.iter().filter(counts).cloned().collect()
        })
        .collect();
    for (input, evidence) in case.inputs.iter_mut().zip(found) {
        input.evidence = evidence;
    }
}

/// What is less likely true supports nothing.
const EVEN: f64 = 0.5;

/// Whether a note names a source: a link, or a year as references have it.
fn names_a_source(text: &str) -> bool {
    let year =
        |word: &str| word.len() == 4 && word.parse().is_ok_and(|y: u32| (1500..2200).contains(&y));
    text.contains("://") || text.split(|c: char| !c.is_alphanumeric()).any(year)
}

/// Whether an entry says the number of an input: whose it is, on what, of what kind, and how much.
fn says(case: &Case, input: &Input, e: &RecordEntry) -> bool {
    let (Some(speaker), Some(issue), Some(value)) = (e.speaker, e.issue, &e.value) else {
        return false;
    };
    let (Some(actor), Some(on)) = (case.actors.get(speaker), case.issues.get(issue)) else {
        return false;
    };
    let mut path = input.path.split('.');
    let (Some(section), Some(who), Some(leaf), Some(what), None) =
        (path.next(), path.next(), path.next(), path.next(), path.next())
    else {
        return false;
    };
    let own = match section {
        "actors" => actor.id == who,
        "sides" => actor.member.as_ref().is_some_and(|m| case.sides[m.side].id == who),
        _ => false,
    };
    let kind = match e.kind {
        EntryKind::Ideal => leaf == "position",
        EntryKind::Demand => matches!(leaf, "position" | "demand"),
        EntryKind::RedMin => leaf == "red_min",
        EntryKind::RedMax => leaf == "red_max",
        EntryKind::Event | EntryKind::Stage | EntryKind::Talks => false,
    };
    let ends = |of: &Dist| [0.05, 0.95].map(|u| of.quantile(u, input.scale));
    let ([a, b], [lo, hi]) = (ends(&input.dist), ends(value));
    own && kind && on.id == what && a <= hi && lo <= b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_names_a_source_by_a_link_or_a_year() {
        assert!(names_a_source("Raiffa 1982, p. 44"));
        assert!(names_a_source("https://example.org/a"));
        assert!(!names_a_source("because it seems so"));
        assert!(!names_a_source("about 12345 of them, or 300"));
    }
}
