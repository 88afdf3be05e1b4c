//! Statements by two conditional random fields, trained on annotations of the user.
//!
//! # Model
//! Each sentence is a row of items: words and marks, and longer quotations as one item. A first
//! linear-chain field marks cues (`B`, `I`, `O`); for each cue a second one marks the items of its
//! sentence as source (`S`), content (`L` its first item, `R` its last, `C` any other), the cue itself
//! (`K`) or neither (`O`). Which cues are kept with which content is decided by chances, see
//! `crf/choice.rs`. Content goes on behind the sentence by the rules for quotations. What both look at
//! is described in `crf/feature.rs`; the rules' answer is part of it, so that a model learns where to
//! trust them.
//!
//! Nothing trained is shipped: a person trains on texts of their own, see [`train`].
//!
//! # Reference
//! Lafferty, McCallum and Pereira (2001) for the fields; two steps (cues first, then spans for each
//! cue) as in Pareti, O'Keefe, Konstas, Curran and Koprinska (2013).

mod choice;
mod feature;
mod field;
mod file;
mod item;
mod training;

use std::ops::Range;

use crfs::Attribute;

pub use file::CrfError;
pub use training::{TrainingOutcome, train, train_on};

use crate::sentence::Outline;
use crate::statement::content::{continued, speech, trimmed};
use crate::statement::cue::Cue;
use crate::statement::rules::{Draft, followed, nested, statement};
use crate::statement::{Engine, ReportedStatement, Speech};
use choice::{Kept, kept};
use feature::Page;
use field::Field;
use item::Item;

/// A trained engine.
#[derive(Debug, Clone)]
pub struct Crf {
    /// The field that marks cues.
    cues: Field,
    /// The field that marks roles.
    roles: Field,
}

/// What stands between two rows of items that are given to the optimiser as one.
fn gap() -> Vec<Attribute> {
    vec![Attribute::new("gap", 1.0)]
}

/// Whether a label is one of content: its first item, its last one, or any other.
fn is_content(label: char) -> bool {
    matches!(label, 'L' | 'R' | 'C')
}

impl Engine for Crf {
    fn statements(&self, text: &str) -> Vec<ReportedStatement> {
        let outline = Outline::new(text);
        let (Some(cues), Some(roles)) = (self.cues.reader(), self.roles.reader()) else {
            return Vec::new();
        };
        let page = Page::new(&outline);
        let kept = kept(&page, &cues, &roles);
        let mut has_cue = vec![false; outline.sentences.len()];
        for one in &kept {
            has_cue[outline.sentence_of[one.range.start]] = true;
        }
        let mut drafts: Vec<(Cue, Draft)> =
            kept.into_iter().filter_map(|one| drawn(&page, one, &|s| !has_cue[s])).collect();
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

/// The statement of a cue by the roles of the items around it; the rules fill in content that is
/// missing.
fn drawn(page: &Page, kept: Kept, free: &dyn Fn(usize) -> bool) -> Option<(Cue, Draft)> {
    let outline = page.outline;
    let items = page.window(&kept.range);
    let mut content = kept.content.map_or(Vec::new(), |flags| runs(outline, items, &flags));
    if content.is_empty() {
        content = kept.rule.content;
    } else {
        continued(outline, &mut content, free);
    }
    let source = runs(outline, items, &kept.source).into_iter().max_by_key(|r| (r.len(), r.start));
    (!content.is_empty()).then_some((kept.cue, Draft { source, cue: kept.range, content }))
}

/// The tokens of items that are flagged, as ranges without marks at their ends.
fn runs(outline: &Outline, items: &[Item], flags: &[bool]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (item, _) in items.iter().zip(flags).filter(|(_, flag)| **flag) {
        match runs.last_mut() {
            Some(last) if last.end == item.range.start => last.end = item.range.end,
            _ => runs.push(item.range.clone()),
        }
    }
    runs.into_iter().filter_map(|r| trimmed(outline, r)).collect()
}
