//! What a cue attributes: which quotation, clause or phrase, and how far it reaches.

use std::ops::Range;

use super::Speech;
use super::cue::{Build, Complement, Cue};
use super::lexicon::{Inflection, verbs};
use super::phrase::{SUBJECTS, VERBS, adverb, auxiliary, boundary};
use crate::TextSpan;
use crate::sentence::Outline;
use crate::token::{Form, Token};

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
pub(crate) fn spans(outline: &Outline, parts: &[Range<usize>]) -> Vec<TextSpan> {
    parts.iter().map(|r| outline.span(r)).collect()
}

/// Adds what goes on behind the sentence: sentences that are quoted whole, in its paragraph or at the
/// head of the next, and paragraphs that a quotation left open goes on in. `free` says whether a
/// sentence has no cue.
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
        let goes_on = whole(outline, &range) && free(next) || open && outline.in_quote(range.start);
        if !goes_on {
            let beside = outline.paragraph[next] == outline.paragraph[from];
            parts.extend(leads(outline, &range).filter(|_| beside && free(next)));
            return;
        }
        open = outline.quotation(range.end - 1).is_some_and(|q| !q.closed);
        parts.push(range);
    }
}

/// The sentences right behind one that are quoted whole and have no cue.
pub(crate) fn quoted_behind(
    outline: &Outline,
    sentence: usize,
    free: &dyn Fn(usize) -> bool,
) -> Vec<Range<usize>> {
    let next = outline.sentences.iter().enumerate().skip(sentence + 1);
    next.take_while(|(number, range)| whole(outline, range) && free(*number))
        .map(|(_, range)| range.clone())
        .collect()
}

/// The quoted sentence behind one that names who speaks and says no more: "Cruz continued:".
pub(crate) fn introduced(
    outline: &Outline,
    sentence: usize,
    free: &dyn Fn(usize) -> bool,
) -> Option<Range<usize>> {
    let last = outline.sentences[sentence].end - 1;
    let next = outline.sentences.get(sentence + 1)?;
    let near = outline.paragraph[sentence + 1] == outline.paragraph[sentence]
        || outline.tokens[last].is(":");
    let quoted =
        outline.opens(next.start) && outline.quotation(next.start).is_some_and(|q| q.double);
    (near && quoted && free(sentence + 1) && !outline.in_quote(last)).then(|| next.clone())
}

/// The quotation that a colon behind a cue announces, in its sentence or the next: "Cruz called them
/// on it: “…”". `end` is where the next cue begins.
pub(crate) fn announced(
    outline: &Outline,
    cue: &Cue,
    sentence: &Range<usize>,
    end: usize,
    free: &dyn Fn(usize) -> bool,
) -> Option<Range<usize>> {
    if !matches!(cue.build, Build::Active | Build::Participle | Build::Preposition) {
        return None;
    }
    let reach = cue.range.end..end.min(sentence.end).min(cue.range.end + ANNOUNCING);
    // "said about the movement, “…”": a comma does it where the verb quotes.
    let aside = cue.strong && matches!(cue.complement, Complement::Particle | Complement::Phrase);
    let marks = |i: &usize| {
        let token = &outline.tokens[*i];
        let comma = aside && token.form == Form::Comma && outline.begins(*i + 1);
        (token.is(":") || comma) && !outline.in_quote(*i)
    };
    let colon = reach.into_iter().find(marks)?;
    let quotation =
        outline.quotation(colon + 1).filter(|q| q.double && outline.opens(colon + 1))?;
    if colon + 1 < sentence.end {
        let whole = quotation.range.len() > 4;
        return whole.then(|| colon + 1..quotation_end(outline, colon + 1, sentence));
    }
    let next = outline.sentence_of[colon + 1];
    free(next).then(|| outline.sentences[next].clone())
}

/// Tokens between a cue and the colon that announces what was said.
pub(crate) const ANNOUNCING: usize = 25;

/// The quotation of several words that a sentence begins with, and goes on from in other words.
fn leads(outline: &Outline, range: &Range<usize>) -> Option<Range<usize>> {
    let quotation = outline.quotation(range.start).filter(|q| q.double && q.closed)?;
    (outline.begins(range.start) && quotation.range.len() > 8).then(|| quotation.range.clone())
}

/// Whether a sentence stands between quotation marks from its first word to its last.
pub(crate) fn whole(outline: &Outline, range: &Range<usize>) -> bool {
    outline.opens(range.start)
        && outline.quotation(range.start).is_some_and(|q| q.double)
        && range.clone().all(|i| outline.in_quote(i) || !outline.tokens[i].wordy())
}

/// What the cue attributes, as ranges of tokens in order; empty where nothing is found.
pub(crate) fn content(
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
        (_, Complement::Ahead) => {}
        // What a colon at the end announces stands in the next sentence.
        (_, Complement::Nothing) if right + 1 == sentence.end && outline.tokens[right].is(":") => {}
        (_, Complement::Nothing) => around(outline, left, right, sentence, &mut parts),
        _ if source.is_some_and(|s| s.start >= cue.range.end) => {
            around(outline, left, right, sentence, &mut parts)
        }
        (_, Complement::Quote) => {
            let beside = source.is_none_or(|s| s.end + 3 > cue.range.start);
            if cue.build != Build::Participle && beside {
                quoted_before(outline, left, sentence, &mut parts);
            }
            let start = cue.at
                + usize::from(matches!(outline.tokens[cue.at].form, Form::Comma | Form::Colon));
            let end = quotation_end(outline, start, sentence);
            parts.push(start..end);
            parts.extend(joined(outline, end, sentence));
        }
        // What stands behind "“…,” he said" is circumstance: "in his speech that night".
        (Build::Active, _) | (_, Complement::Phrase | Complement::Particle)
            if quoted_right_before(outline, left, sentence) =>
        {
            around(outline, left, right, sentence, &mut parts);
        }
        (_, Complement::Phrase) if cue.noun => {
            parts.push(cue.at..phrase_end(outline, cue.at, sentence))
        }
        (_, Complement::Particle) => parts.push(cue.at..phrase_end(outline, cue.at, sentence)),
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

/// The last token within a quotation that closes at `at`, single marks left out.
pub(crate) fn ending(outline: &Outline, at: usize) -> Option<&Token> {
    outline.tokens[..at].iter().rev().find(|t| t.form != Form::Single && !t.is("’"))
}

/// Whether a quotation that asks for a speaker ends right before the source and cue: with a comma
/// within, or a question or exclamation mark.
fn quoted_right_before(outline: &Outline, left: usize, sentence: &Range<usize>) -> bool {
    let Some(last) = left.checked_sub(1).filter(|&l| l > sentence.start) else { return false };
    let mark = ending(outline, last);
    let asks = mark.is_some_and(|m| m.form == Form::Comma || m.among(&["?", "!"]));
    let within = outline.closes(last) && asks;
    let behind = outline.tokens[last].form == Form::Comma && outline.closes(last - 1);
    (within || behind) && outline.quotation(last - usize::from(behind)).is_some_and(|q| q.double)
}

/// Such a quotation, with what leads to it.
fn quoted_before(
    outline: &Outline,
    left: usize,
    sentence: &Range<usize>,
    parts: &mut Vec<Range<usize>>,
) {
    if quoted_right_before(outline, left, sentence) {
        parts.push(leading(outline, left, sentence)..left);
    }
}

/// Where what stands before source and cue begins: with the sentence, or with a quotation right
/// before them that a dash, a colon or a bracket sets off.
fn leading(outline: &Outline, left: usize, sentence: &Range<usize>) -> usize {
    let quotation = (sentence.start..left).rev().take(2).find(|&i| outline.closes(i));
    let opening = quotation.and_then(|i| outline.quotation(i)).filter(|q| q.double);
    opening
        .map(|q| q.range.start)
        .filter(|&start| start > sentence.start)
        .filter(|&start| {
            let before = &outline.tokens[start - 1];
            matches!(before.form, Form::Dash | Form::Colon) || before.is("(")
        })
        .unwrap_or(sentence.start)
}

/// Content that stands around source and cue, as in "…, she said, …".
fn around(
    outline: &Outline,
    left: usize,
    right: usize,
    sentence: &Range<usize>,
    parts: &mut Vec<Range<usize>>,
) {
    let before = leading(outline, left, sentence)..left;
    if outline.tokens[before.clone()].iter().any(Token::wordy) {
        parts.push(before);
    }
    let rest = (right..sentence.end).find(|&i| boundary(&outline.tokens[i]) || outline.opens(i));
    let Some(rest) = rest else { return };
    // "told “Fox and Friends”": what follows without a mark is not said.
    let marked = parts.is_empty() || !outline.opens(rest);
    let near = marked
        && (rest..sentence.end.min(rest + 3))
            .any(|i| outline.opens(i) && outline.quotation(i).is_some_and(|q| q.double));
    let direct = (sentence.start..left).any(|i| outline.quotation(i).is_some_and(|q| q.double));
    let comma = outline.tokens[rest].form == Form::Comma;
    let goes_on = parts.is_empty() || near || comma && !direct;
    let clause = parts.is_empty() || near || !joins(outline, rest + 1);
    if goes_on && clause && rest + 1 < sentence.end {
        let start = if outline.opens(rest) { rest } else { rest + 1 };
        let end = if outline.opens(start) { quotation_end } else { clause_end };
        parts.push(start..end(outline, start, sentence));
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

/// Words after a comma with which the reporter speaks again.
const AGAIN: &[&str] = &[
    "but",
    "while",
    "who",
    "which",
    "although",
    "though",
    "whereas",
    "according",
    "where",
    "despite",
    "citing",
    "referring",
    "adding",
    "including",
    "during",
    "whose",
    "yet",
    "so",
];

/// Words that begin a clause of circumstance behind a noun phrase.
const CIRCUMSTANCE: &[&str] = &[
    "while", "after", "before", "when", "during", "because", "although", "though", "until",
    "since", "who", "over",
];

/// Where a clause that begins at `at` ends: at the end of the sentence, or before ", but", ", while",
/// "and called" and the like.
fn clause_end(outline: &Outline, at: usize, sentence: &Range<usize>) -> usize {
    let inside = outline.quoted[at];
    let again = |i: usize| i < sentence.end && outline.tokens[i].among(AGAIN);
    let own = |i: usize| another(outline, i, sentence);
    (at + 1..sentence.end)
        .find_map(|i| {
            let quotation = outline.quotation(i).filter(|q| q.double);
            if quotation.is_some_and(|q| outline.quoted[i] != inside || q.range.start == at) {
                let ends = comma_closes(outline, i)
                    && (again(i + 1) || own(i + 1) || resumes(outline, i, true, sentence));
                return ends.then_some(i + 1);
            }
            let token = &outline.tokens[i];
            let comma = token.form == Form::Comma;
            let ends =
                token.is(";") || comma && again(i + 1) || resumes(outline, i, comma, sentence);
            ends.then_some(i)
        })
        .unwrap_or(sentence.end)
}

/// Whether a clause with a subject of its own is joined here: "*and he* left".
fn another(outline: &Outline, at: usize, sentence: &Range<usize>) -> bool {
    let joined = at + 1 < sentence.end && outline.tokens[at].among(&["and", "but"]);
    joined && outline.tokens[at + 1].among(SUBJECTS)
}

/// Whether a token closes a quotation with a comma within: "…,” *but*".
fn comma_closes(outline: &Outline, at: usize) -> bool {
    outline.closes(at) && ending(outline, at).is_some_and(|t| t.form == Form::Comma)
}

/// Where content that begins with a quotation ends: with it, where it is a whole sentence.
fn quotation_end(outline: &Outline, at: usize, sentence: &Range<usize>) -> usize {
    let whole =
        outline.quotation(at).filter(|q| q.double && q.range.start == at && q.closed).filter(|q| {
            let last = &outline.tokens[q.range.end.saturating_sub(2)];
            let next = outline.get(q.range.end).filter(|_| q.range.end < sentence.end);
            let set_off =
                at > 0 && matches!(outline.tokens[at - 1].form, Form::Comma | Form::Colon);
            matches!(last.form, Form::Comma | Form::Stop)
                || set_off
                || next.is_none_or(|t| t.form == Form::Comma)
        });
    whole.map_or_else(|| clause_end(outline, at, sentence), |q| q.range.end)
}

/// A further quotation behind one that ended: "told them, “…,” *and, “…”*".
fn joined(outline: &Outline, at: usize, sentence: &Range<usize>) -> Option<Range<usize>> {
    let joins = |t: &Token| t.form == Form::Comma || t.among(&["and", "then", "but"]);
    let next = (at..sentence.end.min(at + 4)).find(|&i| !joins(&outline.tokens[i]))?;
    let further = next > at && outline.closes(at - 1) && outline.begins(next);
    further.then(|| next..quotation_end(outline, next, sentence))
}

/// Where a noun phrase that is attributed ends.
fn phrase_end(outline: &Outline, at: usize, sentence: &Range<usize>) -> usize {
    (at + 1..sentence.end)
        .find_map(|i| {
            if outline.quotation(i).is_some_and(|q| q.double) {
                return phrase_closes(outline, i, sentence).then_some(i + 1);
            }
            let token = &outline.tokens[i];
            let comma = token.form == Form::Comma;
            let list = comma
                && (outline.get(i + 1).is_some_and(|t| t.capital) || listed(outline, i, sentence));
            let ends = boundary(token) && !list
                || token.among(CIRCUMSTANCE)
                || resumes(outline, i, comma, sentence);
            ends.then_some(i)
        })
        .unwrap_or(sentence.end)
}

/// Whether a noun phrase ends with a quotation that closes here with a comma within, and is no list:
/// "the “masters of the trade,” *and he* left".
fn phrase_closes(outline: &Outline, at: usize, sentence: &Range<usize>) -> bool {
    let list = outline.opens(at + 1) || listed(outline, at, sentence);
    comma_closes(outline, at) && (!list || resumes(outline, at, true, sentence))
}

/// Whether a list goes on behind a comma.
fn listed(outline: &Outline, comma: usize, sentence: &Range<usize>) -> bool {
    let next = outline.get(comma + 1);
    next.is_some_and(|t| t.among(&["and", "including"])) && !another(outline, comma + 1, sentence)
}

/// Whether the subject of the cue goes on to do something else here: "and *called* …", ", *saying*".
/// `comma` says whether a comma stands here.
fn resumes(outline: &Outline, at: usize, comma: bool, sentence: &Range<usize>) -> bool {
    let token = &outline.tokens[at];
    if !(comma || token.among(&["and", "but"])) {
        return false;
    }
    let mut next = at + 1;
    while outline.get(next).is_some_and(|t| {
        next < sentence.end
            && (adverb(t) || comma && t.among(&["and", "but"]) || auxiliary(t) && !comma)
    }) {
        next += 1;
    }
    let Some(verb) = outline.get(next).filter(|_| next < sentence.end) else { return false };
    let known = verbs(&verb.lower).is_some_and(|(_, i)| match i {
        Inflection::Past => true,
        Inflection::Third => !comma,
        Inflection::Ing => comma,
        Inflection::Base => false,
    });
    known || !comma && verb.among(VERBS)
}
