//! Which cues are kept, and with which content.
//!
//! # Model
//! Of `n` statements found and `m` marked let `c` be right: `F = 2 c / (n + m)`. One more, right with
//! chance `q`, makes that `2 (c + q) / (n + 1 + m)`, which is more just where `q > F / 2`. So a
//! statement is kept where `q`, the chance of its cue times that of its content given the cue, is
//! large enough ([`KEPT`]), however sure the cue alone may be.
//!
//! A content is right where it has half of its words in common with what a person marks
//! (see [`crate::evaluate`]). Its chance is the share of rows, cut evenly from all that the field of
//! roles gives this cue, whose content it has that much in common with; the content with the highest
//! chance is taken. It need not be the likeliest row: where the end of a content is open, one that ends
//! between goes with more of the others.
//!
//! # Reference
//! Lewis (1995), and Lipton, Elkan and Narayanaswamy (2014), for the threshold at half of F; Goel and
//! Byrne (2000) for the row with the least expected loss among rows of a sample.

use std::ops::Range;

use super::feature::Page;
use super::field::Reader;
use super::is_content;
use super::item::Item;
use crate::statement::Speech;
use crate::statement::content::speech;
use crate::statement::cue::Cue;
use crate::statement::rules::Draft;

/// The least chance of a statement that is kept; that it lies above half of F says that fields are too
/// sure. Chosen by cross-validation on articles of PolNeAR's train part, with the table in
/// `docs/src/guide/documents.md`.
const KEPT: f64 = 0.45;

/// The part of its likeliest word's chance that a word of the same cue has: it is likelier in than out
/// once there is a cue. With 0.35 or 0.7 nothing changes by more than its error.
const OF_CUE: f64 = 0.5;

/// Rows that are cut for a cue. With 32 contents agree 0.4 worse, see the same page; 256 change
/// nothing.
const ROWS: usize = 128;

/// A cue that is kept, with roles.
pub(super) struct Kept {
    /// The tokens of the cue.
    pub(super) range: Range<usize>,
    /// The cue as the rules see it.
    pub(super) cue: Cue,
    /// What the rules say for it.
    pub(super) rule: Draft,
    /// For each item of its window whether it is content; nothing where the rules say best what is.
    pub(super) content: Option<Vec<bool>>,
    /// For each item whether it is source.
    pub(super) source: Vec<bool>,
}

/// The cues of a text that are kept.
pub(super) fn kept(page: &Page, cues: &Reader, roles: &Reader) -> Vec<Kept> {
    (0..page.items.len())
        .flat_map(|sentence| candidates(page, sentence, cues))
        .filter_map(|(range, chance)| weighed(page, range, chance, roles))
        .collect()
}

/// The cues of a sentence that may be kept, with their chances.
fn candidates(page: &Page, sentence: usize, cues: &Reader) -> Vec<(Range<usize>, f64)> {
    let items = &page.items[sentence];
    let row = cues.row(&page.cue_features(sentence));
    cut(&row.chances('B'), &row.chances('I'))
        .into_iter()
        .map(|(range, chance)| {
            (items[range.start].range.start..items[range.end - 1].range.end, chance)
        })
        .collect()
}

/// Ranges of items that are cues with a chance of at least [`KEPT`], by the chances of each item to
/// begin a cue and to go on with one.
fn cut(begins: &[f64], goes_on: &[f64]) -> Vec<(Range<usize>, f64)> {
    let chance = |at: usize| begins[at] + goes_on[at];
    let mut found = Vec::new();
    let mut at = 0;
    while at < begins.len() {
        let start = at;
        at += 1;
        let mut best = start;
        while at < begins.len() && goes_on[at] >= begins[at] && chance(at) >= KEPT * OF_CUE {
            best = if chance(at) > chance(best) { at } else { best };
            at += 1;
        }
        let inside = |i: &usize| chance(*i) >= OF_CUE * chance(best);
        if chance(best) >= KEPT {
            let first = (start..best).rev().take_while(inside).last().unwrap_or(best);
            let last = (best + 1..at).take_while(inside).last().unwrap_or(best);
            found.push((first..last + 1, chance(best)));
        }
    }
    found
}

/// A cue with the content that is likeliest right, where that is likely enough.
fn weighed(page: &Page, range: Range<usize>, chance: f64, roles: &Reader) -> Option<Kept> {
    let items = page.window(&range);
    let row = roles.row(&page.role_features(&range));
    let (cue, rule, _) = page.cue_at(&range);
    // The rules see best where a quotation and what goes on of it begins and ends.
    let content = if speech(page.outline, &rule.content) == Speech::Direct {
        None
    } else {
        let ruled: Vec<bool> =
            items.iter().map(|i| rule.content.iter().any(|c| c.contains(&i.range.start))).collect();
        let contents = row.rows(ROWS).map(|labels| told(&labels, &ruled));
        let (content, share) = likeliest(contents, &words(page, items))?;
        if chance * share < KEPT {
            return None;
        }
        Some(content).filter(|c| *c != ruled)
    };
    let source = row.chances('S').into_iter().map(|chance| chance >= 0.5).collect();
    Some(Kept { range, cue, rule, content, source })
}

/// For each item the words it holds.
fn words(page: &Page, items: &[Item]) -> Vec<usize> {
    let tokens = &page.outline.tokens;
    items.iter().map(|i| tokens[i.range.clone()].iter().filter(|t| t.wordy()).count()).collect()
}

/// The items that a row of labels makes content; a row without any leaves it to the rules.
fn told(labels: &[char], ruled: &[bool]) -> Vec<bool> {
    let content: Vec<bool> = labels.iter().copied().map(is_content).collect();
    if content.contains(&true) { content } else { ruled.to_vec() }
}

/// Of contents the one that has enough in common with most, itself included, and the share of these.
/// `words` says how much each item counts.
fn likeliest(all: impl Iterator<Item = Vec<bool>>, words: &[usize]) -> Option<(Vec<bool>, f64)> {
    let mut contents: Vec<(Vec<bool>, usize)> = Vec::new();
    for content in all {
        match contents.iter_mut().rev().find(|(other, _)| *other == content) {
            Some((_, count)) => *count += 1,
            None => contents.push((content, 1)),
        }
    }
    let alike = |one: &[bool]| -> usize {
        contents.iter().filter(|(other, _)| half(one, other, words)).map(|(_, count)| count).sum()
    };
    let best = contents.iter().map(|(content, count)| (alike(content), *count, content));
    // Of equals the one that more rows have, then the first.
    let (alike, _, content) = best.reduce(|a, b| if (b.0, b.1) > (a.0, a.1) { b } else { a })?;
    let count: usize = contents.iter().map(|(_, count)| count).sum();
    Some((content.clone(), alike as f64 / count as f64))
}

/// Whether two contents have at least half of their words in common.
fn half(one: &[bool], other: &[bool], words: &[usize]) -> bool {
    let (mut both, mut any) = (0, 0);
    for ((a, b), words) in one.iter().zip(other).zip(words) {
        both += if *a && *b { *words } else { 0 };
        any += if *a || *b { *words } else { 0 };
    }
    both > 0 && 2 * both >= any
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cue_is_what_is_half_as_likely_as_its_likeliest_word() {
        // "has said" surely, "noted" hardly, two cues side by side.
        let begins = [0.0, 0.5, 0.1, 0.0, 0.3, 0.0, 0.9, 0.8];
        let goes_on = [0.0, 0.0, 0.8, 0.1, 0.0, 0.0, 0.0, 0.1];
        let found: Vec<Range<usize>> = cut(&begins, &goes_on).into_iter().map(|(r, _)| r).collect();
        assert_eq!(found, [1..3, 6..7, 7..8]);
        // An auxiliary that seldom belongs to it is left out.
        assert_eq!(cut(&[0.3, 0.1], &[0.0, 0.8])[0].0, 1..2);
        assert!(cut(&[], &[]).is_empty());
    }

    #[test]
    fn the_content_that_most_have_half_in_common_with_is_taken() {
        let until = |end: usize| (0..8).map(|i| i < end).collect::<Vec<bool>>();
        let words = [1; 8];
        // The likeliest alone is eight words, but four go with two as well as with eight.
        let rows = [8, 8, 8, 2, 2, 4, 3];
        let (content, share) = likeliest(rows.into_iter().map(until), &words).unwrap();
        assert_eq!((content, share), (until(4), 1.0));
        // What counts is words: the last item is a quotation of twelve.
        let quoted = [1, 1, 1, 1, 1, 1, 1, 12];
        let (content, share) = likeliest(rows.into_iter().map(until), &quoted).unwrap();
        assert_eq!((content, share), (until(2), 4.0 / 7.0));
        assert!(likeliest(std::iter::empty(), &words).is_none());
    }

    #[test]
    fn a_row_without_content_leaves_it_to_the_rules() {
        let ruled = [false, true, true];
        assert_eq!(told(&['O', 'K', 'S'], &ruled), ruled);
        assert_eq!(told(&['L', 'R', 'K'], &ruled), [true, true, false]);
    }
}
