//! What a cue attributes: which quotation, clause or phrase, and how far it reaches.

use std::ops::Range;

use super::Speech;
use super::cue::{Build, Complement, Cue};
use super::phrase::boundary;
use crate::Span;
use crate::sentence::Outline;
use crate::token::Form;

/// Ranges of tokens, trimmed: no mark at the ends that is no quotation mark.
pub(crate) fn trimmed(outline: &Outline, range: Range<usize>) -> Option<Range<usize>> {
    let keep = |i: usize| {
        outline.tokens[i].wordy()
            || outline.in_quote(i)
            || matches!(outline.tokens[i].form, Form::Other | Form::Quote | Form::Single)
    };
    let start = range.clone().find(|&i| keep(i))?;
    let end = range.rev().find(|&i| keep(i))?;
    Some(start..end + 1)
}

/// How content is reported, judged by its quotation marks: direct where nine tenths of its words
/// stand within, mixed where some do.
pub(crate) fn speech(outline: &Outline, parts: &[Range<usize>]) -> Speech {
    let words = parts.iter().cloned().flatten().filter(|&i| outline.tokens[i].wordy());
    let (quoted, all) =
        words.fold((0, 0), |(q, n), i| (q + usize::from(outline.in_quote(i)), n + 1));
    match quoted {
        0 => Speech::Indirect,
        _ if quoted * 10 >= all * 9 => Speech::Direct,
        _ => Speech::Mixed,
    }
}

/// The spans of ranges of tokens.
pub(crate) fn spans(outline: &Outline, parts: &[Range<usize>]) -> Vec<Span> {
    parts.iter().map(|r| outline.span(r)).collect()
}

/// Adds what goes on behind the sentence: sentences of the paragraph that are quoted whole, and
/// paragraphs that a quotation left open goes on in. `free` says whether a sentence has no cue.
pub(crate) fn continued(
    outline: &Outline,
    parts: &mut Vec<Range<usize>>,
    free: &dyn Fn(usize) -> bool,
) {
    let Some(last) = parts.last().map(|r| r.end - 1) else { return };
    if !outline.in_quote(parts[0].start) && !outline.in_quote(last) {
        return;
    }
    let from = outline.sentence_of[last];
    let mut open = outline.quotation(last).is_some_and(|q| !q.closed);
    for next in from + 1..outline.sentences.len() {
        let range = outline.sentences[next].clone();
        let same = outline.paragraph[next] == outline.paragraph[from];
        let goes_on =
            same && whole(outline, &range) && free(next) || open && outline.in_quote(range.start);
        if !goes_on {
            return;
        }
        open = outline.quotation(range.end - 1).is_some_and(|q| !q.closed);
        parts.push(range);
    }
}

/// Whether a sentence stands between quotation marks from its first word to its last.
fn whole(outline: &Outline, range: &Range<usize>) -> bool {
    outline.opens(range.start)
        && range.clone().all(|i| outline.in_quote(i) || !outline.tokens[i].wordy())
}

/// What the cue attributes, as ranges of tokens in order; empty where nothing is found.
pub(super) fn content(
    outline: &Outline,
    cue: &Cue,
    source: Option<&Range<usize>>,
    sentence: &Range<usize>,
) -> Vec<Range<usize>> {
    let left = source.map_or(cue.range.start, |s| s.start.min(cue.range.start));
    let right = source.map_or(cue.range.end, |s| s.end.max(cue.range.end));
    let mut parts = Vec::new();
    match (cue.build, cue.complement) {
        (Build::Preposition, _) => around(outline, left, right, sentence, &mut parts),
        (Build::Passive, Complement::Nothing) => {
            parts.extend(source_free_subject(outline, cue, sentence))
        }
        (_, Complement::Nothing) => around(outline, left, right, sentence, &mut parts),
        _ if source.is_some_and(|s| s.start >= cue.range.end) => {
            around(outline, left, right, sentence, &mut parts)
        }
        (_, Complement::Quote) => {
            quoted_before(outline, left, sentence, &mut parts);
            parts.push(cue.at..clause_end(outline, cue.at, sentence));
        }
        _ => parts.push(cue.at..clause_end(outline, cue.at, sentence)),
    }
    parts.into_iter().filter_map(|r| trimmed(outline, r)).collect()
}

/// The subject of a passive cue: "*the plan* was criticised by …".
fn source_free_subject(
    outline: &Outline,
    cue: &Cue,
    sentence: &Range<usize>,
) -> Option<Range<usize>> {
    super::phrase::subject(outline, cue.range.start, sentence.start)
}

/// A quotation that ends right before the source and cue, with a comma within or behind.
fn quoted_before(
    outline: &Outline,
    left: usize,
    sentence: &Range<usize>,
    parts: &mut Vec<Range<usize>>,
) {
    let Some(last) = left.checked_sub(1).filter(|&l| l >= sentence.start) else { return };
    if outline.closes(last)
        && outline.quotation(last).is_some_and(|q| q.double)
        && outline.tokens[last - 1].form == Form::Comma
    {
        parts.push(sentence.start..left);
    }
}

/// Content that stands around source and cue, as in "…, she said, …".
fn around(
    outline: &Outline,
    left: usize,
    right: usize,
    sentence: &Range<usize>,
    parts: &mut Vec<Range<usize>>,
) {
    let before = sentence.start..left;
    if outline.tokens[before.clone()].iter().any(super::super::token::Token::wordy) {
        parts.push(lead(outline, before));
    }
    let rest = (right..sentence.end).find(|&i| boundary(&outline.tokens[i]) || outline.opens(i));
    let Some(rest) = rest else { return };
    let goes_on = parts.is_empty()
        || outline.tokens[rest].form == Form::Comma
        || outline.opens(rest)
        || outline.tokens[rest].is(":");
    let quoted = (rest..sentence.end).any(|i| outline.opens(i));
    let clause = parts.is_empty() || quoted || sentence.end - rest > 6 && !joins(outline, rest + 1);
    if goes_on && clause && rest + 1 < sentence.end {
        let start = if outline.opens(rest) { rest } else { rest + 1 };
        parts.push(start..clause_end(outline, start, sentence));
    }
}

/// Whether a word begins something that is no longer said: ", adding", ", who", ", while".
fn joins(outline: &Outline, at: usize) -> bool {
    outline.get(at).is_some_and(|t| {
        t.among(&[
            "who",
            "which",
            "while",
            "but",
            "and",
            "as",
            "when",
            "after",
            "before",
            "referring",
            "citing",
            "in",
            "during",
            "on",
            "although",
            "though",
            "a",
            "an",
            "the",
        ]) || t.lower.ends_with("ing")
    })
}

/// The part of what stands before source and cue that is attributed: from the last sentence-like
/// beginning. A quotation right before is taken with what leads to it.
fn lead(outline: &Outline, before: Range<usize>) -> Range<usize> {
    let last = before.end - 1;
    let quotation =
        (before.start..=last).rev().take(2).find_map(|i| outline.quotation(i).filter(|q| q.double));
    match quotation {
        Some(q) if q.range.len() > 3 && q.range.start > before.start => {
            let behind = outline.tokens[q.range.start - 1].form == Form::Comma;
            if behind { before } else { before }
        }
        _ => before,
    }
}

/// Where a clause that begins at `at` ends: at the end of the sentence, or before ", he said" and
/// the like.
fn clause_end(outline: &Outline, at: usize, sentence: &Range<usize>) -> usize {
    let _ = (outline, at);
    sentence.end
}
