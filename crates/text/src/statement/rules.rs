//! The rules: for each cue of a sentence its source and its content.

use std::ops::Range;

use super::act::{addressee, conditional, negated, nobody};
use super::content::{announced, content, continued, introduced, quoted_behind, spans, speech};
use super::cue::{Build, Complement, Cue, cues};
use super::phrase::{adverb, after, auxiliary, before, boundary, subject, time};
use super::unclaimed::unclaimed;
use super::{Act, ReportedStatement};
use crate::sentence::Outline;
use crate::token::Form;

/// A statement as ranges of tokens.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    /// The source.
    pub(crate) source: Option<Range<usize>>,
    /// The cue.
    pub(crate) cue: Range<usize>,
    /// The parts of the content.
    pub(crate) content: Vec<Range<usize>>,
}

/// The statements of a text.
pub(crate) fn read(outline: &Outline, positions: bool) -> Vec<ReportedStatement> {
    let found = kept(drafts(outline), positions);
    nested(found.iter().map(|(cue, draft)| statement(outline, cue, draft)).collect())
}

/// What each cue of the text attributes to whom; cues without content are left out.
pub(crate) fn drafts(outline: &Outline) -> Vec<(Cue, Draft)> {
    let all: Vec<Vec<Cue>> = outline.sentences.iter().map(|s| cues(outline, s)).collect();
    let free = |sentence: usize| all[sentence].is_empty();
    let mut found: Vec<(Cue, Draft)> = Vec::new();
    for (sentence, cues) in outline.sentences.iter().zip(&all) {
        let mut last: Option<Range<usize>> = None;
        let first = found.len();
        for (number, cue) in cues.iter().enumerate() {
            let mut draft = draft(outline, cue, sentence, last.as_ref());
            let end = cues.get(number + 1).map_or(sentence.end, |next| next.range.start);
            announce(&mut draft, cue, announced(outline, cue, sentence, end, &free));
            if draft.content.is_empty() && cue.strong {
                draft.content.extend(introduced(outline, outline.sentence_of[cue.head], &free));
            }
            continued(outline, &mut draft.content, &free);
            if !draft.content.is_empty() {
                last = draft.source.clone().or(last);
                found.push((cue.clone(), draft));
            }
        }
        followed(outline, &mut found[first..], sentence, &free);
    }
    unclaimed(outline, &mut found);
    found
}

/// Adds quoted sentences behind one that reports speech in other words to what it reports:
/// "Cole called it sad. “It is a mess.”"
pub(crate) fn followed(
    outline: &Outline,
    found: &mut [(Cue, Draft)],
    sentence: &Range<usize>,
    free: &dyn Fn(usize) -> bool,
) {
    if found.iter().any(|(_, d)| d.content.last().is_some_and(|part| part.start >= sentence.end)) {
        return;
    }
    let says = |(cue, draft): &&mut (Cue, Draft)| {
        cue.act == Act::Saying && cue.build != Build::Noun && draft.source.is_some()
    };
    let Some((_, draft)) = found.iter_mut().find(says) else { return };
    draft.content.extend(quoted_behind(outline, outline.sentence_of[sentence.start], free));
}

/// Puts what a colon announces into a draft: beside a clause with *that*, in place of anything else.
fn announce(draft: &mut Draft, cue: &Cue, quotation: Option<Range<usize>>) {
    let Some(quotation) = quotation else { return };
    if draft.content.iter().any(|part| part.contains(&quotation.start)) {
        return;
    }
    if cue.complement != Complement::That {
        draft.content.clear();
    }
    draft.content.push(quotation);
}

/// What a cue attributes to whom within its sentence; `last` is the source of the cue before.
pub(crate) fn draft(
    outline: &Outline,
    cue: &Cue,
    sentence: &Range<usize>,
    last: Option<&Range<usize>>,
) -> Draft {
    let source = source(outline, cue, sentence, last);
    let content = content(outline, cue, source.as_ref(), sentence);
    Draft { source, cue: cue.range.clone(), content }
}

/// Leaves out cues in the content of another, unless they report speech in a word or two, or take a
/// position and these are asked for.
fn kept(found: Vec<(Cue, Draft)>, positions: bool) -> Vec<(Cue, Draft)> {
    let outer: Vec<Vec<Range<usize>>> = found.iter().map(|(_, d)| d.content.clone()).collect();
    let buried = |number: usize, head: usize| {
        let near = number.saturating_sub(40)..(number + 20).min(outer.len());
        near.filter(|&o| o != number).any(|o| outer[o].iter().any(|p| p.contains(&head)))
    };
    let position = |cue: &Cue, draft: &Draft| {
        let built = matches!(cue.build, Build::Active | Build::Adjective) && draft.source.is_some();
        positions && built && !matches!(cue.act, Act::Saying | Act::Belief)
    };
    let keep = |(number, (cue, draft)): &(usize, (Cue, Draft))| {
        cue.strong && cue.range.len() < 3 || position(cue, draft) || !buried(*number, cue.head)
    };
    found.into_iter().enumerate().filter(keep).map(|(_, found)| found).collect()
}

/// A draft with its kind, in spans.
pub(crate) fn statement(outline: &Outline, cue: &Cue, draft: &Draft) -> ReportedStatement {
    ReportedStatement {
        source: draft.source.as_ref().map(|r| outline.span(r)),
        cue: outline.span(&draft.cue),
        content: spans(outline, &draft.content),
        speech: speech(outline, &draft.content),
        act: cue.act,
        negated: negated(outline, &draft.cue)
            || draft.source.as_ref().is_some_and(|source| nobody(outline, source)),
        conditional: conditional(outline, &draft.cue),
        addressee: addressee(outline, cue),
        within: None,
    }
}

/// Notes which statement stands in whose content: the shortest content around its cue.
pub(crate) fn nested(mut statements: Vec<ReportedStatement>) -> Vec<ReportedStatement> {
    for inner in 0..statements.len() {
        let cue = statements[inner].cue;
        let around = |s: &ReportedStatement| {
            s.content
                .iter()
                .filter(|c| c.start <= cue.start && cue.end <= c.end)
                .map(|c| c.end - c.start)
                .min()
        };
        let near = inner.saturating_sub(40)..(inner + 20).min(statements.len());
        let best =
            near.filter(|&o| o != inner).filter_map(|o| Some((around(&statements[o])?, o))).min();
        statements[inner].within = best.map(|(_, o)| o);
    }
    statements
}

/// The source of "according to" at the front of a sentence: what follows its comma is content, where
/// nothing else is.
fn fronted(outline: &Outline, cue: &Cue, source: Range<usize>) -> Range<usize> {
    let comma = source.clone().find(|&i| outline.tokens[i].form == Form::Comma);
    let ends = outline.tokens.get(source.end).is_none_or(|t| t.form == Form::Stop);
    let first = outline.sentences[outline.sentence_of[cue.head]].start == cue.range.start;
    comma.filter(|_| first && ends).map_or(source.clone(), |c| source.start..c)
}

/// Who a cue attributes to; `last` is the source of the cue before in the sentence.
fn source(
    outline: &Outline,
    cue: &Cue,
    sentence: &Range<usize>,
    last: Option<&Range<usize>>,
) -> Option<Range<usize>> {
    match cue.build {
        Build::Preposition => {
            after(outline, cue.at, sentence.end).map(|found| fronted(outline, cue, found))
        }
        Build::Passive => by(outline, cue, sentence),
        Build::Colon => first(outline, cue, sentence)
            .or_else(|| before(outline, cue.range.start, sentence.start)),
        Build::Noun => possessor(outline, cue.range.start, sentence.start)
            .filter(|found| !its(outline, found))
            .or_else(|| holder(outline, cue.range.start, sentence.start))
            .or_else(|| possessor(outline, cue.range.start, sentence.start)),
        Build::Participle => participle(outline, cue, sentence, last),
        Build::Active | Build::Adjective => active(outline, cue, sentence, last),
    }
}

/// The source of an active verb: left of it, right of it where a quotation stands before, or shared
/// with the verb before.
fn active(
    outline: &Outline,
    cue: &Cue,
    sentence: &Range<usize>,
    last: Option<&Range<usize>>,
) -> Option<Range<usize>> {
    let start = cue.range.start;
    if start == sentence.start {
        return inverted(outline, cue, sentence);
    }
    let from = floor(outline, start, sentence.start);
    let previous = start.checked_sub(1).filter(|&p| p >= sentence.start)?;
    let token = &outline.tokens[previous];
    let comma = token.form == Form::Comma && start == from + 1 || outline.closes(previous);
    let apart = comma || token.form == Form::Comma && subject(outline, start, from).is_none();
    if let Some(found) = inverted(outline, cue, sentence).filter(|_| apart) {
        return Some(found);
    }
    if token.among(&["and", "but", "or", "then", "to"])
        || token.form == Form::Comma && last.is_some() && subject(outline, start, from).is_none()
    {
        return last.cloned().or_else(|| first(outline, cue, sentence));
    }
    subject(outline, start, from).or_else(|| last.cloned())
}

/// The source of a verb in *-ing*: the noun it stands at, or the subject of the sentence.
fn participle(
    outline: &Outline,
    cue: &Cue,
    sentence: &Range<usize>,
    last: Option<&Range<usize>>,
) -> Option<Range<usize>> {
    const OPENERS: &[&str] = &[
        "before", "after", "while", "by", "in", "for", "of", "without", "from", "when", "and",
        "or", "to", "with", "about",
    ];
    let previous =
        &outline.tokens[cue.range.start.checked_sub(1).filter(|&p| p >= sentence.start)?];
    if previous.wordy() && !previous.among(OPENERS) {
        return before(outline, cue.range.start, floor(outline, cue.range.start, sentence.start));
    }
    last.cloned().or_else(|| first(outline, cue, sentence))
}

/// The source behind the verb: "…, said Smith".
fn inverted(outline: &Outline, cue: &Cue, sentence: &Range<usize>) -> Option<Range<usize>> {
    let skip = |i: &usize| !(adverb(&outline.tokens[*i]) || time(&outline.tokens[*i]));
    let start = (cue.range.end..sentence.end).find(skip)?;
    let found = after(outline, start, sentence.end)?;
    let pronoun = outline.tokens[start].among(super::phrase::SUBJECTS);
    let closed = found.end >= sentence.end || boundary(&outline.tokens[found.end]);
    (!pronoun || closed).then_some(found)
}

/// The first place a subject may begin: behind the last quotation that closed before `at`.
fn floor(outline: &Outline, at: usize, from: usize) -> usize {
    let inside = outline.quoted[at];
    (from..at)
        .rev()
        .find(|&i| {
            let long = outline.quotation(i).is_some_and(|q| q.double && q.range.len() > 6);
            outline.quoted[i] != inside && (long || inside.is_some())
        })
        .map_or(from, |i| i + 1)
}

/// The first noun phrase of a sentence before its first auxiliary or verb.
fn first(outline: &Outline, cue: &Cue, sentence: &Range<usize>) -> Option<Range<usize>> {
    let verb = (sentence.start..cue.range.start).find(|&i| {
        let token = &outline.tokens[i];
        !outline.in_quote(i)
            && (auxiliary(token)
                || !token.capital
                    && i > sentence.start
                    && super::lexicon::verbs(&token.lower).is_some()
                || token.among(super::phrase::VERBS)
                || token.lower.ends_with("ed") && !token.capital)
    })?;
    before(outline, verb, sentence.start)
}

/// "by" and a noun phrase behind a passive verb.
fn by(outline: &Outline, cue: &Cue, sentence: &Range<usize>) -> Option<Range<usize>> {
    let limit = sentence.end.min(cue.head + 10);
    let by = (cue.head + 1..limit)
        .take_while(|&i| !boundary(&outline.tokens[i]))
        .find(|&i| outline.tokens[i].is("by"))?;
    after(outline, by + 1, sentence.end)
}

/// Whether a source is "its" or the like, which the subject of a verb before says better.
fn its(outline: &Outline, found: &Range<usize>) -> bool {
    found.len() == 1 && outline.tokens[found.start].among(&["its", "their", "his", "her"])
}

/// Who has the claim by a verb before it: "*Norland* took the view that", "*Oslo* expressed its
/// readiness to".
fn holder(outline: &Outline, at: usize, from: usize) -> Option<Range<usize>> {
    const HOLDING: &[&str] = &[
        "took",
        "takes",
        "take",
        "made",
        "makes",
        "make",
        "expressed",
        "expresses",
        "voiced",
        "voices",
        "reiterated",
        "reiterates",
        "reaffirmed",
        "reaffirms",
        "repeated",
        "repeats",
        "restated",
        "conveyed",
        "signalled",
        "signaled",
        "held",
        "holds",
        "rejected",
        "issued",
        "dropped",
        "renewed",
        "withdrew",
        "stressed",
        "underlined",
        "affirmed",
        "confirmed",
    ];
    let verb = (from..at).rev().take(4).find(|&i| outline.tokens[i].among(HOLDING))?;
    subject(outline, verb, from)
}

/// Whose claim it is: "*Trump's* claim", "*his* promise".
fn possessor(outline: &Outline, at: usize, from: usize) -> Option<Range<usize>> {
    let near = (from..at).rev().take(4);
    for i in near {
        let token = &outline.tokens[i];
        if token.among(&["his", "her", "their", "its", "my", "our"]) {
            return Some(i..i + 1);
        }
        if token.is("'s") || token.is("'") || token.is("’") {
            return before(outline, i, from).map(|r| r.start..i + 1);
        }
    }
    None
}
