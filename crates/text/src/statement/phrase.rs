//! Where phrases begin and end, judged by their words alone: no parser stands behind this.

use std::ops::Range;

use super::lexicon::{Inflection, Verb, noun, verbs};
use crate::sentence::Outline;
use crate::token::{Form, Token};

/// Words that begin a noun phrase.
pub(crate) const DETERMINERS: &[&str] = &[
    "the", "a", "an", "this", "that", "these", "those", "his", "her", "their", "its", "our", "my",
    "your", "some", "any", "no", "every", "each", "many", "most", "several", "few", "both", "all",
    "another", "such", "much", "more", "one", "two", "three", "four", "five", "six", "other",
];

/// Prepositions.
pub(crate) const PREPOSITIONS: &[&str] = &[
    "of",
    "in",
    "on",
    "at",
    "for",
    "with",
    "from",
    "by",
    "about",
    "against",
    "to",
    "into",
    "over",
    "under",
    "after",
    "before",
    "during",
    "between",
    "through",
    "among",
    "without",
    "within",
    "toward",
    "towards",
    "upon",
    "amid",
    "despite",
    "since",
    "until",
    "near",
    "across",
    "behind",
    "around",
    "via",
    "like",
    "as",
    "per",
    "regarding",
];

/// Pronouns that stand as a subject.
pub(crate) const SUBJECTS: &[&str] =
    &["he", "she", "they", "it", "i", "we", "you", "who", "others", "everyone", "nobody"];

/// Pronouns that stand as an object.
pub(crate) const OBJECTS: &[&str] =
    &["him", "her", "them", "it", "me", "us", "you", "himself", "herself", "themselves"];

/// Forms of *be*.
pub(crate) const BE: &[&str] = &[
    "is", "are", "was", "were", "be", "been", "being", "am", "'s", "'re", "'m", "isn't", "aren't",
    "wasn't", "weren't",
];

/// Forms of *have*.
pub(crate) const HAVE: &[&str] =
    &["has", "have", "had", "having", "'ve", "hasn't", "haven't", "hadn't"];

/// Modal verbs and forms of *do*.
pub(crate) const MODALS: &[&str] = &[
    "will",
    "would",
    "can",
    "could",
    "may",
    "might",
    "must",
    "shall",
    "should",
    "do",
    "does",
    "did",
    "'ll",
    "'d",
    "won't",
    "wouldn't",
    "can't",
    "cannot",
    "couldn't",
    "don't",
    "doesn't",
    "didn't",
    "shouldn't",
];

/// Adverbs that do not end in *-ly*.
const ADVERBS: &[&str] = &[
    "also",
    "not",
    "never",
    "again",
    "once",
    "then",
    "now",
    "often",
    "later",
    "even",
    "still",
    "just",
    "soon",
    "ever",
    "too",
    "instead",
    "further",
    "always",
    "sometimes",
    "first",
    "back",
    "yet",
    "already",
    "only",
    "earlier",
    "long",
    "thus",
    "rather",
    "almost",
    "twice",
    "today",
    "yesterday",
    "tonight",
    "far",
    "afterward",
    "afterwards",
];

/// Days and parts of a day that stand between a verb and its complement.
const TIMES: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "today",
    "yesterday",
    "tonight",
    "morning",
    "afternoon",
    "evening",
    "night",
    "earlier",
    "later",
    "recently",
];

/// Common verbs that attribute nothing, in forms that are hardly ever nouns.
pub(crate) const VERBS: &[&str] = &[
    "came", "comes", "went", "goes", "made", "makes", "took", "takes", "got", "gets", "gave",
    "gives", "began", "begins", "held", "holds", "met", "meets", "left", "ran", "won", "wins",
    "lost", "loses", "stood", "stands", "sat", "put", "led", "leads", "sent", "sends", "spent",
    "spends", "kept", "keeps", "brought", "brings", "built", "bought", "caught", "chose", "drew",
    "fell", "grew", "rose", "sold", "became", "becomes", "appeared", "appears", "turned", "turns",
    "wore", "heard", "hears", "broke", "paid", "pays", "drove", "fought", "hung", "flew", "threw",
    "struck", "includes", "included", "remains", "remained", "seems", "seemed", "tried", "tries",
    "used", "followed", "joined", "started", "stopped", "helped", "asked", "said", "says", "told",
];

/// Words that begin a clause within a sentence.
pub(crate) const CLAUSE: &[&str] = &[
    "that", "because", "when", "while", "if", "whether", "although", "though", "since", "until",
    "unless", "as", "after", "before", "where", "but", "so", "than", "which", "what", "how", "why",
    "once", "whereas", "and", "or", "who", "whom", "whose", "yet", "nor",
];

/// Words that ask.
pub(crate) const WH: &[&str] =
    &["whether", "how", "why", "what", "who", "when", "where", "which", "if", "whom"];

/// Whether a token is an adverb, by its ending or the list.
pub(crate) fn adverb(token: &Token) -> bool {
    const NOT: &[&str] = &[
        "family", "ally", "reply", "supply", "july", "italy", "early", "only", "rally", "assembly",
        "emily", "kelly", "daily", "weekly",
    ];
    let word = &*token.lower;
    ADVERBS.contains(&word)
        || word.len() > 4
            && word.ends_with("ly")
            && !NOT.contains(&word)
            && !(token.capital && word.len() < 8)
}

/// Whether a token is a day or a part of one.
pub(crate) fn time(token: &Token) -> bool {
    token.among(TIMES)
}

/// Whether a token is a form of *be*, *have* or *do*, or a modal verb.
pub(crate) fn auxiliary(token: &Token) -> bool {
    let word = &*token.lower;
    word != "'s" && (BE.contains(&word) || HAVE.contains(&word) || MODALS.contains(&word))
}

/// Whether a token ends or interrupts a clause.
pub(crate) fn boundary(token: &Token) -> bool {
    matches!(token.form, Form::Stop | Form::Colon | Form::Dash | Form::Comma | Form::Quote)
}

/// The longest noun phrase that is looked for, in tokens.
const LONGEST: usize = 28;

/// The noun phrase that ends before `end`, not beginning before `from`.
pub(crate) fn before(outline: &Outline, end: usize, from: usize) -> Option<Range<usize>> {
    let mut end = end;
    while end > from && outline.tokens[end - 1].is(")") {
        end = (from..end).rev().find(|&i| outline.tokens[i].is("("))?;
    }
    let last = outline.tokens.get(end.checked_sub(1).filter(|&l| l >= from)?)?;
    if last.among(SUBJECTS) {
        return Some(end - 1..end);
    }
    if !last.wordy() || last.among(PREPOSITIONS) || last.among(CLAUSE) {
        return None;
    }
    let first =
        (from..end).rev().take(LONGEST).take_while(|&i| continues(outline, i, from, end)).last()?;
    let first = (first..end).find(|&i| !leads(&outline.tokens[i]))?;
    Some(first..end)
}

/// Whether a noun phrase that ends before `end` may go on to the left with the token at `at`.
fn continues(outline: &Outline, at: usize, from: usize, end: usize) -> bool {
    let token = &outline.tokens[at];
    if outline.in_quote(at) && !outline.in_quote(end - 1) {
        return outline.quotation(at).is_some_and(|q| q.range.len() < 8 && q.range.start > from);
    }
    if token.is("and") {
        let left = at.checked_sub(1).filter(|&l| l >= from).map(|l| &outline.tokens[l]);
        let right = &outline.tokens[at + 1];
        return left.is_some_and(|l| {
            l.capital && right.capital || l.wordy() && right.among(DETERMINERS) && at > from + 2
        });
    }
    if token.form == Form::Comma {
        // A list of names: "Cruz, Rubio and Kasich".
        let left = at.checked_sub(1).filter(|&l| l >= from).map(|l| &outline.tokens[l]);
        return left.is_some_and(|l| l.capital)
            && outline.tokens[at + 1].capital
            && (at..end).any(|i| outline.tokens[i].is("and"));
    }
    !boundary(token)
        && !auxiliary(token)
        && !token.among(CLAUSE)
        && !token.among(VERBS)
        && !reports(outline, at)
        && !token.among(&["he", "she", "they", "it", "we", "i"])
}

/// Whether a token is a finite verb that reports speech.
fn reports(outline: &Outline, at: usize) -> bool {
    let finite = |(verbs, inflection): (&[Verb], Inflection)| {
        verbs.iter().any(|v| v.takes('q'))
            && matches!(inflection, Inflection::Past | Inflection::Third)
    };
    let token = &outline.tokens[at];
    let base = token.lower.trim_end_matches('s');
    !noun(base) && !token.capital && verbs(&token.lower).is_some_and(finite)
}

/// Words that stand before a noun phrase without belonging to it.
fn leads(token: &Token) -> bool {
    token.among(PREPOSITIONS) || adverb(token) || time(token) || !token.wordy()
}

/// The noun phrase that begins at `start`, ending before `to`.
pub(crate) fn after(outline: &Outline, start: usize, to: usize) -> Option<Range<usize>> {
    let first = outline.get(start).filter(|t| start < to && t.wordy() && !outline.opens(start))?;
    if first.among(SUBJECTS) || first.among(OBJECTS) && !first.is("her") {
        return Some(start..start + 1);
    }
    if first.among(PREPOSITIONS) || first.among(CLAUSE) && !first.is("that") {
        return None;
    }
    let end = (start..to.min(start + LONGEST))
        .find(|&i| ends(outline, i, start))
        .unwrap_or(to.min(start + LONGEST));
    let end = apposition(outline, end, to);
    (end > start).then_some(start..end)
}

/// Whether a noun phrase from `start` ends before the token at `at`.
fn ends(outline: &Outline, at: usize, start: usize) -> bool {
    const OUTSIDE: &[&str] = &[
        "in", "on", "at", "during", "after", "before", "when", "while", "as", "to", "by", "about",
    ];
    let token = &outline.tokens[at];
    let opens = outline.opens(at) && outline.quotation(at).is_some_and(|q| q.double);
    opens
        || boundary(token)
        || auxiliary(token)
        || token.is("(")
        || at > start
            && (token.among(OUTSIDE)
                || time(token) && !outline.tokens[at - 1].among(DETERMINERS)
                || token.among(CLAUSE) && !token.is("and"))
}

/// The end of a phrase with what stands beside it between commas: "Smith, a spokesman for the group".
fn apposition(outline: &Outline, end: usize, to: usize) -> usize {
    let comma = outline.get(end).is_some_and(|t| end < to && t.form == Form::Comma);
    let begins = outline.get(end + 1).is_some_and(|t| {
        end + 1 < to
            && t.wordy()
            && !outline.in_quote(end + 1)
            && (t.among(&[
                "a",
                "an",
                "the",
                "who",
                "whose",
                "which",
                "head",
                "president",
                "chairman",
            ]) || t.form == Form::Number)
    });
    if !comma || !begins {
        return end;
    }
    let stop = (end + 1..to.min(end + 30)).find(|&i| {
        let token = &outline.tokens[i];
        matches!(token.form, Form::Comma | Form::Stop | Form::Colon | Form::Dash)
            || outline.opens(i)
    });
    stop.unwrap_or(end)
}

/// The subject whose verb group begins at `at`: the noun phrase to the left, with what is set beside
/// it between commas; a relative pronoun with what it stands for.
pub(crate) fn subject(outline: &Outline, at: usize, from: usize) -> Option<Range<usize>> {
    let at = aside(outline, at, from);
    let last = at.checked_sub(1).filter(|&l| l >= from)?;
    let token = &outline.tokens[last];
    if token.among(&["who", "which", "that"]) {
        let comma = last > from && outline.tokens[last - 1].form == Form::Comma;
        return before(outline, last - usize::from(comma), from)
            .map(|r| r.start..at)
            .or(Some(last..at));
    }
    if matches!(token.form, Form::Comma | Form::Dash) {
        return set_apart(outline, last, from);
    }
    before(outline, at, from)
}

/// A noun phrase with what stands beside it up to the closing comma or dash at `last`: "Smith, 57,".
pub(crate) fn set_apart(outline: &Outline, last: usize, from: usize) -> Option<Range<usize>> {
    let form = outline.tokens[last].form;
    let opening = (from..last).rev().take(LONGEST + 12).take_while(|&i| {
        let token = &outline.tokens[i];
        !matches!(token.form, Form::Colon | Form::Stop)
            && outline.quotation(i).is_none_or(|q| !q.double || q.range.len() < 10)
    });
    let mut best = None;
    for open in opening.filter(|&i| outline.tokens[i].form == form) {
        let beside = &outline.tokens[open + 1];
        let Some(whole) = before(outline, open, from) else { continue };
        let clause = whole.start == from
            || !outline.tokens[whole.start - 1].wordy()
            || outline.tokens[whole.start - 1].among(CLAUSE)
            || adverb(&outline.tokens[whole.start - 1])
            || outline.tokens[whole.start - 1].among(PREPOSITIONS);
        let beside_fits = !beside.among(SUBJECTS) || beside.is("who");
        if clause
            && beside_fits
            && (whole.len() > 1 || !outline.tokens[whole.start].among(SUBJECTS))
        {
            best = Some(whole.start..last + 1);
            if !beside.capital {
                break;
            }
        }
    }
    best
}

/// The place before a word set apart between commas: "Murphy*, though,* said".
fn aside(outline: &Outline, at: usize, from: usize) -> usize {
    let comma = |i: usize| outline.tokens[i].form == Form::Comma;
    let word = at >= from + 3
        && comma(at - 1)
        && comma(at - 3)
        && (adverb(&outline.tokens[at - 2])
            || outline.tokens[at - 2].among(&["however", "though", "meanwhile"]));
    let phrase = at >= from + 5 && comma(at - 1) && comma(at - 4);
    if word {
        at - 3
    } else if phrase
        && outline.tokens[at - 3].among(&["in", "for", "of", "at"])
        && outline.tokens[at - 2].among(&["turn", "part", "course", "least"])
    {
        at - 4
    } else {
        at
    }
}
