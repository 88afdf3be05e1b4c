//! What is done by a statement: whether the cue is denied, hangs on a condition, and to whom it is
//! said.

use std::ops::Range;

use super::Act;
use super::cue::{Complement, Cue};
use crate::TextSpan;
use crate::sentence::Outline;

/// Whether a cue is denied: "did not say", "never agreed", "has no plans to".
pub(crate) fn negated(outline: &Outline, cue: &Range<usize>) -> bool {
    let from = cue.start.saturating_sub(1);
    outline.tokens[from..cue.end].iter().any(|t| {
        t.among(&["not", "never", "cannot", "no", "neither", "nor", "nobody", "without"])
            || t.lower.ends_with("n't")
    })
}

/// Whether a source says that nobody does it: "neither Lee nor Ruiz", "no official".
pub(crate) fn nobody(outline: &Outline, source: &Range<usize>) -> bool {
    let none = |i: usize| outline.tokens[i].among(&["neither", "nor", "no", "none", "nobody"]);
    none(source.start) || source.start.checked_sub(1).is_some_and(none)
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

/// To whom a cue speaks, or of whom it demands: "told *reporters*", "urged *Iran* to", "called on
/// *Iran* to", "demanded that *Iran* stop".
pub(crate) fn addressee(outline: &Outline, cue: &Cue) -> Option<TextSpan> {
    let sentence = &outline.sentences[outline.sentence_of[cue.head]];
    let range = match (&cue.addressee, cue.complement) {
        (Some(range), _) => range.clone(),
        (None, Complement::Particle)
            if cue.act == Act::Demand && outline.tokens[cue.range.end - 1].is("on") =>
        {
            let to =
                (cue.at..sentence.end.min(cue.at + 8)).find(|&i| outline.tokens[i].is("to"))?;
            cue.at..to
        }
        (None, Complement::That) if cue.act == Act::Demand => {
            named(outline, cue.at + 1, sentence.end)?
        }
        _ => return None,
    };
    (!range.is_empty()).then(|| outline.span(&range))
}

/// The capitalised words at `at`, with an article before them.
fn named(outline: &Outline, at: usize, end: usize) -> Option<Range<usize>> {
    let article = outline.get(at).is_some_and(|t| at < end && t.is("the"));
    let from = at + usize::from(article);
    let length = outline.tokens[from.min(end)..end].iter().take_while(|t| t.capital).count();
    (length > 0).then_some(at..from + length)
}
