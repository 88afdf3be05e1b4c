//! What is done by a statement: whether the cue is denied, hangs on a condition, and to whom it is
//! said.

use std::ops::Range;

use super::cue::Cue;
use super::phrase::BE;
use crate::Span;
use crate::sentence::Outline;

/// Whether a cue is denied: "did not say", "never agreed", "has no plans to".
pub(crate) fn negated(outline: &Outline, cue: &Range<usize>) -> bool {
    let from = cue.start.saturating_sub(1);
    outline.tokens[from..cue.end].iter().any(|t| {
        t.among(&["not", "never", "cannot", "no", "neither", "nor", "nobody", "without"])
            || t.lower.ends_with("n't")
    })
}

/// Whether a cue holds only under a condition or as a possibility: "would agree", "might say", "if
/// he says".
pub(crate) fn conditional(outline: &Outline, cue: &Range<usize>) -> bool {
    let words = &outline.tokens[cue.clone()];
    let modal = words
        .iter()
        .any(|t| t.among(&["would", "could", "might", "may", "should", "wouldn't", "couldn't"]));
    let sentence = outline.sentences[outline.sentence_of[cue.start]].clone();
    let before = sentence.start.max(cue.start.saturating_sub(8))..cue.start;
    let hung = before
        .rev()
        .take_while(|&i| outline.tokens[i].wordy())
        .any(|i| outline.tokens[i].among(&["if", "unless"]));
    modal || hung
}

/// To whom a cue speaks, or of whom it demands.
pub(crate) fn addressee(outline: &Outline, cue: &Cue) -> Option<Span> {
    let range = cue.addressee.clone().filter(|r| !r.is_empty())?;
    let person = !outline.tokens[range.start].among(BE);
    person.then(|| outline.span(&range))
}
