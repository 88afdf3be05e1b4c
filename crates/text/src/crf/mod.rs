//! Statements by two conditional random fields, trained on annotations of the user.
//!
//! # Model
//! Each sentence is a row of items: words and marks, and longer quotations as one item. A first
//! linear-chain field marks cues (`B`, `I`, `O`); for each cue a second one marks the items of its
//! sentence as source (`S`), content (`C`), the cue itself (`K`) or neither (`O`). Content goes on
//! behind the sentence by the rules for quotations. What both look at is described in
//! `crf/feature.rs`; the rules' answer is part of it, so that a model learns where to trust them.
//!
//! Nothing trained is shipped: a person trains on texts of their own, see [`train`].
//!
//! # Reference
//! Lafferty, McCallum and Pereira (2001) for the fields; two steps (cues first, then spans for each
//! cue) as in Pareti, O'Keefe, Konstas, Curran and Koprinska (2013).

mod feature;
mod file;
mod item;
mod training;

use std::ops::Range;

use crfs::{Attribute, Model};

pub use file::CrfError;
pub use training::{TrainingOutcome, train, train_on};

use crate::sentence::Outline;
use crate::statement::content::{continued, speech, trimmed};
use crate::statement::cue::Cue;
use crate::statement::rules::{Draft, followed, nested, statement};
use crate::statement::{Engine, ReportedStatement, Speech};
use feature::Page;

/// A trained engine.
#[derive(Debug, Clone)]
pub struct Crf {
    /// The field that marks cues, in the format of CRFsuite.
    cues: Vec<u8>,
    /// The field that marks roles.
    roles: Vec<u8>,
}

/// What stands between two rows of items that are given to a field as one.
fn gap() -> Vec<Attribute> {
    vec![Attribute::new("gap", 1.0)]
}

/// Items that are labelled at once; what is held in memory depends on it alone.
const BLOCK: usize = 4_000;

/// The labels a field gives to `count` rows of items. Rows are joined, as in training.
fn labels(
    model: &Model,
    count: usize,
    row: &dyn Fn(usize) -> Vec<Vec<Attribute>>,
) -> Vec<Vec<char>> {
    let mut parted = Vec::with_capacity(count);
    let mut joined = vec![gap()];
    let mut lengths = Vec::new();
    for number in 0..count {
        let items = row(number);
        lengths.push(items.len());
        joined.extend(items);
        joined.push(gap());
        if joined.len() >= BLOCK || number + 1 == count {
            let found = tagged(model, &joined);
            let mut rest = &found[1..];
            for length in lengths.drain(..) {
                let (own, behind) = rest.split_at(length);
                parted.push(own.to_vec());
                rest = &behind[1..];
            }
            joined.truncate(1);
        }
    }
    parted
}

/// The label of each item of a row; nothing is marked should the field refuse, though its file was
/// checked when it was loaded.
fn tagged(model: &Model, items: &[Vec<Attribute>]) -> Vec<char> {
    let found = model.tagger().and_then(|tagger| {
        let labels = tagger.tag(items)?;
        Ok(labels.iter().map(|l| l.chars().next().unwrap_or('O')).collect())
    });
    found.unwrap_or_else(|_| vec!['O'; items.len()])
}

impl Engine for Crf {
    fn statements(&self, text: &str) -> Vec<ReportedStatement> {
        let outline = Outline::new(text);
        let (Ok(cues), Ok(roles)) = (Model::new(&self.cues), Model::new(&self.roles)) else {
            return Vec::new();
        };
        let page = Page::new(&outline, feature::READ);
        let found = marked(&page, &cues);
        let mut has_cue = vec![false; outline.sentences.len()];
        for range in &found {
            has_cue[outline.sentence_of[range.start]] = true;
        }
        let row = |number: usize| page.role_features(&found[number]);
        let labels = labels(&roles, found.len(), &row);
        let mut drafts: Vec<(Cue, Draft)> = found
            .iter()
            .zip(&labels)
            .filter_map(|(range, labels)| {
                let draft = drawn(&page, range, labels, &|s| !has_cue[s])?;
                Some((page.cue_at(range).0, draft))
            })
            .collect();
        let free = |sentence: usize| !has_cue[sentence];
        for found in drafts.chunk_by_mut(|(_, a), (_, b)| {
            outline.sentence_of[a.cue.start] == outline.sentence_of[b.cue.start]
        }) {
            let sentence = outline.sentence_of[found[0].1.cue.start];
            followed(&outline, found, &outline.sentences[sentence], &free);
        }
        missed(&page, &mut drafts);
        nested(drafts.iter().map(|(cue, draft)| statement(&outline, cue, draft)).collect())
    }
}

/// Adds direct statements of the rules whose words stand in no content: a quotation that somebody
/// is named for seldom is not a statement.
fn missed(page: &Page, drafts: &mut Vec<(Cue, Draft)>) {
    let mut taken = vec![false; page.outline.tokens.len()];
    for token in
        drafts.iter().flat_map(|(_, d)| d.content.iter().cloned().chain([d.cue.clone()])).flatten()
    {
        taken[token] = true;
    }
    for (cue, draft) in page.rules.values() {
        let free =
            draft.content.iter().cloned().chain([draft.cue.clone()]).flatten().all(|t| !taken[t]);
        if free && speech(page.outline, &draft.content) == Speech::Direct {
            drafts.push((cue.clone(), draft.clone()));
        }
    }
    drafts.sort_by_key(|(_, d)| d.cue.start);
}

/// The cues that a field marks, as ranges of tokens.
fn marked(page: &Page, model: &Model) -> Vec<Range<usize>> {
    let labels = labels(model, page.items.len(), &|s| page.cue_features(s));
    let mut found: Vec<Range<usize>> = Vec::new();
    for (items, labels) in page.items.iter().zip(&labels) {
        let mut open: Option<Range<usize>> = None;
        for (item, label) in items.iter().zip(labels) {
            match label {
                'I' if open.is_some() => open = open.map(|o| o.start..item.range.end),
                'B' | 'I' => found.extend(open.replace(item.range.clone())),
                _ => found.extend(open.take()),
            }
        }
        found.extend(open);
    }
    found
}

/// The statement of a cue by the labels of its sentence; the rules fill in content that is missing.
fn drawn(
    page: &Page,
    cue: &Range<usize>,
    labels: &[char],
    free: &dyn Fn(usize) -> bool,
) -> Option<Draft> {
    let outline = page.outline;
    let items = page.window(cue);
    let runs = |wanted: char| {
        let mut runs: Vec<Range<usize>> = Vec::new();
        for (item, _) in items.iter().zip(labels).filter(|(_, l)| **l == wanted) {
            match runs.last_mut() {
                Some(last) if last.end == item.range.start => last.end = item.range.end,
                _ => runs.push(item.range.clone()),
            }
        }
        runs
    };
    let mut content: Vec<_> = runs('C').into_iter().filter_map(|r| trimmed(outline, r)).collect();
    let (_, rule, _) = page.cue_at(cue);
    if content.is_empty() || speech(outline, &rule.content) == Speech::Direct {
        // The rules see best where a quotation and what goes on of it begins and ends.
        content = rule.content;
    } else {
        continued(outline, &mut content, free);
    }
    let source = runs('S')
        .into_iter()
        .filter_map(|r| trimmed(outline, r))
        .max_by_key(|r| (r.len(), r.start));
    (!content.is_empty()).then_some(Draft { source, cue: cue.clone(), content })
}
