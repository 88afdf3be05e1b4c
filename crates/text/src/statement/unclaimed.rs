//! Quotations that no cue attributes. A name of something or a word that the reporter will not vouch
//! for is short; a long quotation is what somebody said, whatever stands beside it.

use std::ops::Range;

use super::Act;
use super::content::whole;
use super::cue::{Build, Complement, Cue};
use super::lexicon::verbs;
use super::phrase::{VERBS, auxiliary, subject};
use super::rules::Draft;
use crate::sentence::Outline;

/// The fewest words of a quotation that is taken for a statement by itself. Chosen on the training
/// part of the articles that people annotated: of quotations this long that nothing attributes, two
/// thirds are marked there, of those of seven to ten words three in ten.
const LONG: usize = 11;

/// Tokens between a quotation and the word that attributes it.
const NEAR: usize = 12;

/// Adds the long quotations in which no token is part of what was found.
pub(super) fn unclaimed(outline: &Outline, found: &mut Vec<(Cue, Draft)>) {
    let mut taken = vec![false; outline.tokens.len()];
    for token in found
        .iter()
        .flat_map(|(cue, d)| d.content.iter().cloned().chain([cue.range.clone()]))
        .flatten()
    {
        taken[token] = true;
    }
    let free = |range: &Range<usize>| !taken[range.clone()].contains(&true);
    let mut runs: Vec<Vec<Range<usize>>> = Vec::new();
    for quotation in outline.quotations.iter().filter(|q| q.double && free(&q.range)) {
        match runs.last_mut() {
            Some(run) if follows(outline, run, &quotation.range) => {
                run.push(quotation.range.clone())
            }
            _ => runs.push(vec![quotation.range.clone()]),
        }
    }
    // A mark that nothing closes may be a misprint.
    let closes = |run: &Vec<Range<usize>>| run.last().is_some_and(|r| outline.closes(r.end - 1));
    let long = |run: &Vec<Range<usize>>| {
        run.iter().cloned().flatten().filter(|&i| outline.tokens[i].wordy()).count() >= LONG
    };
    let runs = runs.into_iter().filter(|run| closes(run) && long(run));
    found.extend(runs.map(|run| alone(outline, &taken, run)));
    found.sort_by_key(|(cue, _)| cue.range.start);
}

/// Whether a quotation is the next sentence behind one that is quoted whole, and is itself.
fn follows(outline: &Outline, run: &[Range<usize>], next: &Range<usize>) -> bool {
    let sentence = |at: usize| outline.sentence_of[at];
    let last = run.last().map_or(0, |r| sentence(r.end - 1));
    let both = [last, sentence(next.start)].iter().all(|&s| whole(outline, &outline.sentences[s]));
    both && last + 1 == sentence(next.start)
}

/// A statement of a quotation alone: its cue is the nearest verb before it in its sentence that is part
/// of no other statement, else the mark that opens it.
fn alone(outline: &Outline, taken: &[bool], content: Vec<Range<usize>>) -> (Cue, Draft) {
    let start = content[0].start;
    let sentence = &outline.sentences[outline.sentence_of[start]];
    let verb = |&i: &usize| {
        let token = &outline.tokens[i];
        let known = verbs(&token.lower).is_some()
            || token.among(VERBS)
            || auxiliary(token)
            || token.lower.ends_with("ed");
        known && !token.capital && !taken[i] && !outline.in_quote(i)
    };
    let verb = (sentence.start..start).rev().take(NEAR).find(verb).filter(|&v| v > sentence.start);
    let head = verb.unwrap_or(start);
    let cue = Cue {
        range: head..head + 1,
        head,
        build: if verb.is_some() { Build::Active } else { Build::Colon },
        complement: Complement::Quote,
        at: start,
        act: Act::Saying,
        noun: false,
        strong: true,
        addressee: None,
    };
    let source = verb.and_then(|v| subject(outline, v, sentence.start));
    let draft = Draft { source, cue: cue.range.clone(), content };
    (cue, draft)
}
