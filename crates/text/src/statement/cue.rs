//! Where a sentence attributes: verbs with a fitting complement, "according to", nouns and
//! adjectives that take a clause.

use std::ops::Range;

use super::Act;
use super::content::{ANNOUNCING, ending, whole};
use super::lexicon::{self, ADJECTIVES, Inflection, NOUNS, Verb, verbs};
use super::phrase::{
    self, BE, CLAUSE, DETERMINERS, MODALS, OBJECTS, PREPOSITIONS, SUBJECTS, WH, adverb, auxiliary,
    boundary, time,
};
use crate::sentence::Outline;
use crate::token::{Form, Token};

/// How a cue is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Build {
    /// "said", "has called for"
    Active,
    /// "was told", "is expected"
    Passive,
    /// ", saying"
    Participle,
    /// "according to"
    Preposition,
    /// "the claim that"
    Noun,
    /// "is confident that"
    Adjective,
    /// "Shaw: “…”"
    Colon,
}

/// What follows a cue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Complement {
    /// A clause with *that*.
    That,
    /// A question.
    Question,
    /// *to* and an infinitive.
    Infinitive,
    /// Words between quotation marks.
    Quote,
    /// A noun phrase, or a clause without *that*.
    Phrase,
    /// A preposition or particle of the verb, then a phrase.
    Particle,
    /// A mark, or nothing.
    Nothing,
    /// A quotation in the next sentence.
    Ahead,
}

/// A cue and what follows it.
#[derive(Debug, Clone)]
pub(crate) struct Cue {
    /// Its tokens, auxiliaries included.
    pub(crate) range: Range<usize>,
    /// The token that carries it.
    pub(crate) head: usize,
    /// How it is built.
    pub(crate) build: Build,
    /// What follows.
    pub(crate) complement: Complement,
    /// The token at which the complement begins.
    pub(crate) at: usize,
    /// What is done.
    pub(crate) act: Act,
    /// Whether the cue reports speech whatever it stands in: "said that", "told".
    pub(crate) strong: bool,
    /// Whether a phrase that follows is a noun phrase rather than a clause without *that*.
    pub(crate) noun: bool,
    /// Who is told or asked, between verb and complement.
    pub(crate) addressee: Option<Range<usize>>,
}

/// The cues of a sentence, in order.
pub(crate) fn cues(outline: &Outline, sentence: &Range<usize>) -> Vec<Cue> {
    let mut found: Vec<Cue> = Vec::new();
    for at in sentence.clone() {
        // What is said within a quotation belongs to it.
        if outline.quotation(at).is_some_and(|q| q.double) {
            continue;
        }
        let cue = colon(outline, at, sentence, found.last())
            .or_else(|| according(outline, at, sentence))
            .or_else(|| verbal(outline, at, sentence))
            .or_else(|| nominal(outline, at, sentence))
            .or_else(|| adjectival(outline, at, sentence))
            .or_else(|| unlisted(outline, at, sentence));
        let Some(cue) = cue else { continue };
        match found.last() {
            Some(last) if last.range.end > cue.range.start => {}
            _ => found.push(cue),
        }
    }
    if !found.iter().any(|c| c.act == Act::Saying) {
        let apart = |c: &Cue| found.iter().all(|f| f.range.end <= c.range.start);
        found.extend(ahead(outline, sentence).filter(apart));
    }
    found
}

/// A verb of saying in a sentence that a quoted sentence follows: "Devi *agreed* with them. “…”"
fn ahead(outline: &Outline, sentence: &Range<usize>) -> Option<Cue> {
    let next = outline.sentence_of[sentence.start] + 1;
    let quoted = outline.sentences.get(next).is_some_and(|range| whole(outline, range));
    if !quoted || outline.paragraph[next] != outline.paragraph[next - 1] {
        return None;
    }
    let says = |&i: &usize| {
        let token = &outline.tokens[i];
        let Some((verbs, inflection)) = verbs(&token.lower) else { return false };
        let saying = verbs.iter().any(|v| v.act == Act::Saying || v.takes('q'));
        let finite = matches!(inflection, Inflection::Past | Inflection::Third);
        let active = || built(outline, i, inflection, sentence) == Some(Build::Active);
        saying && finite && !token.capital && !outline.in_quote(i) && active()
    };
    let head = sentence.clone().rev().find(says).filter(|&h| h > sentence.start)?;
    Some(Cue {
        range: group(outline, head, sentence.start)..head + 1,
        head,
        build: Build::Active,
        complement: Complement::Ahead,
        at: sentence.end - 1,
        act: Act::Saying,
        noun: false,
        strong: true,
        addressee: None,
    })
}

/// A cue of these tokens, whatever they are: what a model finds may stand in no lexicon.
pub(crate) fn general(outline: &Outline, range: &Range<usize>, sentence: &Range<usize>) -> Cue {
    let head = range.clone().rev().find(|&i| verbs(&outline.tokens[i].lower).is_some());
    let act =
        head.and_then(|h| verbs(&outline.tokens[h].lower)).map_or(Act::Saying, |(v, _)| v[0].act);
    let at = range.end.min(sentence.end.saturating_sub(1));
    let passive = outline.tokens[range.clone()].iter().any(|t| t.among(BE))
        && head.is_none_or(|h| h + 1 == range.end);
    let complement = follows(outline, at, sentence.end);
    Cue {
        range: range.clone(),
        head: head.unwrap_or(range.end - 1),
        build: if passive && outline.tokens[at].is("by") { Build::Passive } else { Build::Active },
        complement,
        at,
        act,
        noun: true,
        strong: false,
        addressee: None,
    }
}

/// A colon between somebody and what is quoted: "Shaw: “…”", where no verb says it.
fn colon(outline: &Outline, at: usize, sentence: &Range<usize>, last: Option<&Cue>) -> Option<Cue> {
    let verb =
        last.is_some_and(|c| c.complement == Complement::Quote || c.range.end + ANNOUNCING > at);
    let quoted = outline.opens(at + 1)
        && outline
            .quotation(at + 1)
            .is_some_and(|q| q.range.len() > 4 && (q.double || q.range.end + 1 >= sentence.end));
    let colon = outline.tokens[at].is(":") && at > sentence.start;
    (colon && quoted && !verb).then(|| Cue {
        range: at..at + 1,
        head: at,
        build: Build::Colon,
        complement: Complement::Quote,
        at: at + 1,
        act: Act::Saying,
        addressee: None,
        noun: false,
        strong: true,
    })
}

/// "according to".
fn according(outline: &Outline, at: usize, sentence: &Range<usize>) -> Option<Cue> {
    let next = outline.get(at + 1).filter(|_| at + 2 < sentence.end)?;
    if !(outline.tokens[at].is("according") && next.is("to")) {
        return None;
    }
    Some(Cue {
        range: at..at + 2,
        head: at,
        build: Build::Preposition,
        complement: Complement::Nothing,
        at: at + 2,
        act: Act::Saying,
        addressee: None,
        noun: false,
        strong: false,
    })
}

/// A verb of the lexicon with a complement it takes.
fn verbal(outline: &Outline, at: usize, sentence: &Range<usize>) -> Option<Cue> {
    let token = &outline.tokens[at];
    let (verbs, inflection) = verbs(&token.lower)?;
    if token.capital && at > sentence.start && !headline(outline, sentence) {
        return None;
    }
    let build = built(outline, at, inflection, sentence)?;
    let start = group(outline, at, sentence.start);
    verbs.iter().find_map(|verb| {
        let (complement, begin, addressee) = complement(outline, at, verb, build, sentence)?;
        let end = if complement == Complement::Particle { begin } else { at + 1 };
        Some(Cue {
            range: start..end,
            head: at,
            build,
            complement,
            at: begin,
            act: verb.act,
            noun: !verb.takes('t'),
            strong: verb.takes('q') && verb.act == Act::Saying,
            addressee,
        })
    })
}

/// Whether most words of a sentence are capitalised.
fn headline(outline: &Outline, sentence: &Range<usize>) -> bool {
    let words = outline.tokens[sentence.clone()]
        .iter()
        .filter(|t| t.form == Form::Word && t.lower.len() > 3);
    let (capital, all) = words.fold((0, 0), |(c, n), t| (c + usize::from(t.capital), n + 1));
    all > 3 && capital * 10 > all * 8
}

/// How the verb at `at` is used; `None` where it is rather a noun or an adjective.
fn built(
    outline: &Outline,
    at: usize,
    inflection: Inflection,
    sentence: &Range<usize>,
) -> Option<Build> {
    let before = preceding(outline, at, sentence.start);
    let Some(before) = before else {
        // A sentence that begins with the verb: an order, or a headline without a subject, if it is
        // not "Adding, “…”" or "Said Smith: “…”".
        return fronted(outline, at, inflection, sentence);
    };
    if tagging(outline, at, sentence.start) {
        return Some(Build::Active);
    }
    let token = &outline.tokens[before];
    let determined = token.among(DETERMINERS)
        && !token.among(&["that", "all", "both", "some", "many", "most", "others"])
        || token.is("'s")
            && !outline.tokens[before.saturating_sub(1)].among(SUBJECTS)
            && inflection != Inflection::Ing;
    match inflection {
        Inflection::Past if token.among(BE) => Some(Build::Passive),
        Inflection::Past if token.among(&["get", "got", "gets", "getting"]) => Some(Build::Passive),
        Inflection::Past if determined || token.among(PREPOSITIONS) && !token.is("to") => None,
        Inflection::Past => Some(Build::Active),
        Inflection::Third if determined || token.among(PREPOSITIONS) || auxiliary(token) => None,
        Inflection::Third if lexicon::noun(outline.tokens[at].lower.trim_end_matches('s')) => {
            let after = follows(outline, at + 1, sentence.end);
            let clear = token.capital
                || token.among(SUBJECTS)
                || matches!(after, Complement::That | Complement::Quote);
            (clear
                && (before != at - 1 || !outline.tokens[at].capital || headline(outline, sentence)))
            .then_some(Build::Active)
        }
        Inflection::Third => Some(Build::Active),
        Inflection::Base if base(token) => Some(Build::Active),
        Inflection::Base if lexicon::noun(&outline.tokens[at].lower) => None,
        Inflection::Base => {
            let plural = token.form == Form::Comma
                || token.form == Form::Number
                || token.lower.ends_with('s')
                || token.is("%")
                || token.among(&[
                    "many", "most", "some", "few", "both", "half", "percent", "others", "people",
                    "all", "and", "third",
                ])
                || token.capital;
            plural.then_some(Build::Active)
        }
        Inflection::Ing if token.among(BE) => Some(Build::Active),
        Inflection::Ing if determined => None,
        Inflection::Ing => Some(Build::Participle),
    }
}

/// Whether nothing but words stands between the verb at `at` and a quotation that asks for a speaker:
/// "“…,” the two *write*", "“…,” a voice over *says*".
fn tagging(outline: &Outline, at: usize, from: usize) -> bool {
    let said = |&i: &usize| outline.quotation(i).is_some_and(|q| q.double);
    let Some(mark) = (from..at).rev().take(9).find(said).filter(|&i| i + 1 < at) else {
        return false;
    };
    let asks = |t: &Token| t.form == Form::Comma || t.among(&["?", "!"]);
    let first = &outline.tokens[mark + 1];
    let quotes = |v: &Verb| v.takes('q') && v.act == Act::Saying;
    outline.closes(mark)
        && ending(outline, mark).is_some_and(asks)
        && verbs(&outline.tokens[at].lower).is_some_and(|(v, _)| v.iter().any(quotes))
        && (first.capital || first.among(DETERMINERS) || first.among(SUBJECTS))
        && outline.tokens[mark + 1..at].iter().all(|t| t.wordy() && !auxiliary(t))
}

/// How the verb that begins a sentence is used, where it announces a quotation.
fn fronted(
    outline: &Outline,
    at: usize,
    inflection: Inflection,
    sentence: &Range<usize>,
) -> Option<Build> {
    let near = at + 1..sentence.end.min(at + 9);
    let mark = near.into_iter().find(|&i| boundary(&outline.tokens[i]))?;
    let quotes =
        matches!(outline.tokens[mark].form, Form::Comma | Form::Colon) && outline.begins(mark + 1);
    match inflection {
        _ if !quotes => None,
        Inflection::Ing if mark == at + 1 => Some(Build::Participle),
        Inflection::Past | Inflection::Third if mark > at + 1 => Some(Build::Active),
        _ => None,
    }
}

/// A verb of no lexicon beside a quotation that asks for a speaker: "“…,” fizzed Smith", "“…!” an
/// angry Smith fizzed". `at` is the first token behind the quotation.
fn unlisted(outline: &Outline, at: usize, sentence: &Range<usize>) -> Option<Cue> {
    let last = at.checked_sub(1).filter(|&l| l > sentence.start)?;
    let quotation = outline.quotation(last).filter(|q| q.double && outline.closes(last))?;
    let mark = ending(outline, last)?;
    if quotation.range.len() < 5 || !(mark.form == Form::Comma || mark.among(&["?", "!"])) {
        return None;
    }
    let named = |i: usize| {
        outline.get(i).filter(|_| i < sentence.end).is_some_and(|t| {
            t.capital || t.among(SUBJECTS) || t.among(DETERMINERS) && !t.among(&["this", "that"])
        })
    };
    let finite = |i: usize, ends: &[&str]| {
        let token = &outline.tokens[i];
        token.form == Form::Word
            && !token.capital
            && token.lower.len() > 4
            && verbs(&token.lower).is_none()
            && ends.iter().any(|e| token.lower.ends_with(e))
    };
    let head = if finite(at, &["ed", "s"]) && named(at + 1) {
        at
    } else {
        let row = (at..sentence.end.min(at + 8)).take_while(|&i| {
            let token = &outline.tokens[i];
            token.wordy()
                && !auxiliary(token)
                && !token.among(CLAUSE)
                && verbs(&token.lower).is_none()
        });
        let head = row.skip(1).find(|&i| finite(i, &["ed"])).filter(|_| named(at))?;
        let behind = outline.get(head + 1).filter(|_| head + 1 < sentence.end);
        let apart = |t: &Token| {
            boundary(t) || adverb(t) || t.among(PREPOSITIONS) || t.among(CLAUSE) || t.among(OBJECTS)
        };
        behind.is_none_or(apart).then_some(head)?
    };
    Some(Cue {
        range: head..head + 1,
        head,
        build: Build::Active,
        complement: Complement::Nothing,
        at: head + 1,
        act: Act::Saying,
        noun: false,
        strong: true,
        addressee: None,
    })
}

/// Whether a base form after this token is a verb.
fn base(token: &Token) -> bool {
    token.among(&["to", "not", "who", "others", "people", "they", "we", "i", "you"])
        || token.among(MODALS)
        || token.form == Form::Word
            && token.lower.ends_with('s')
            && token.lower.len() > 3
            && !token.among(BE)
            && !token.is("this")
}

/// The token before a verb, adverbs left out.
fn preceding(outline: &Outline, at: usize, from: usize) -> Option<usize> {
    (from..at).rev().find(|&i| !adverb(&outline.tokens[i]) || outline.tokens[i].is("not"))
}

/// The first token of the verb group that the verb at `at` ends: "has repeatedly refused to *say*".
fn group(outline: &Outline, at: usize, from: usize) -> usize {
    const LIGHT: &[&str] = &[
        "refused",
        "refuses",
        "declined",
        "declines",
        "went",
        "tried",
        "continued",
        "continues",
        "began",
        "going",
        "wanted",
        "seemed",
        "appeared",
        "appears",
        "seems",
        "used",
        "failed",
        "sought",
        "refusing",
        "declining",
    ];
    let mut start = at;
    while start > from {
        let token = &outline.tokens[start - 1];
        let to = token.is("to") && start - 1 > from && {
            let before = &outline.tokens[start - 2];
            before.among(LIGHT) || auxiliary(before)
        };
        let short = token.is("'s") && start - 1 > from && {
            let before = &outline.tokens[start - 2];
            before.among(SUBJECTS) || outline.tokens[at].lower.ends_with("ing")
        };
        let light = token.among(LIGHT) && outline.tokens[start].is("to");
        if !(auxiliary(token) || adverb(token) && !time(token) || to || light || short) {
            break;
        }
        start -= 1;
    }
    // An adverb at the very front belongs to the sentence.
    while start < at && adverb(&outline.tokens[start]) && start == from {
        start += 1;
    }
    start
}

/// Verbs that quote with a second word alone: "as Smith put it, “…”", "“…,” she went on".
const IDIOMS: &[(&str, &str)] = &[("put", "it"), ("go", "on")];

/// What follows the verb at `head`, if the verb takes it: the kind, where it begins, who is addressed.
fn complement(
    outline: &Outline,
    head: usize,
    verb: &Verb,
    build: Build,
    sentence: &Range<usize>,
) -> Option<(Complement, usize, Option<Range<usize>>)> {
    let idiom = IDIOMS.iter().find(|(lemma, _)| *lemma == verb.lemma).map(|(_, second)| *second);
    let next = outline.get(head + 1).filter(|_| head + 1 < sentence.end);
    if idiom.is_some_and(|second| next.is_none_or(|t| !t.is(second))) {
        return None;
    }
    let at = modified(outline, head + 1 + usize::from(idiom.is_some()), sentence.end);
    let kind = follows(outline, at, sentence.end);
    let found = |kind, at| Some((kind, at, None));
    let circumstance = match kind {
        Complement::Particle => true,
        Complement::Infinitive => !verb.takes('i'),
        Complement::Question => outline.tokens[at].among(&["when", "where", "if", "who"]),
        _ => false,
    };
    let behind = "pq".contains(|c| verb.takes(c)) && stands_behind(outline, head, sentence.start);
    if circumstance && behind {
        return found(Complement::Nothing, at);
    }
    // "…,” beamed Smith"
    if kind == Complement::Phrase && behind && !"tno".contains(|c| verb.takes(c)) {
        return found(Complement::Nothing, at);
    }
    if kind == Complement::Phrase && verb.takes('p') && verb.takes('o') && behind {
        let whom = phrase::after(outline, at, sentence.end);
        let end = whom.as_ref().map_or(at, |w| w.end);
        return Some((Complement::Nothing, end, whom));
    }
    if let Some(token) = outline.get(at).filter(|t| at < sentence.end && verb.with(&t.lower)) {
        let that = token.is("that");
        return found(
            if that { Complement::That } else { Complement::Particle },
            if that { at } else { at + 1 },
        );
    }
    if build == Build::Passive && outline.get(at).is_some_and(|t| at < sentence.end && t.is("by")) {
        return verb.takes('n').then_some((Complement::Nothing, at, None));
    }
    match kind {
        Complement::That if verb.takes('t') => found(kind, at),
        Complement::Question if verb.takes('w') => found(kind, at),
        Complement::Question if verb.takes('n') && outline.tokens[at].is("what") => found(kind, at),
        Complement::Infinitive if verb.takes('i') || build == Build::Passive && verb.takes('o') => {
            found(kind, at)
        }
        Complement::Quote if "qtn".contains(|c| verb.takes(c)) => found(kind, at),
        Complement::Nothing if verb.takes('p') || behind => found(kind, at),
        Complement::Phrase | Complement::Nothing => {
            phrase(outline, head, at, verb, build, sentence)
        }
        _ => None,
    }
}

/// Whether a quotation, or a clause and a comma, stands before the subject of the verb at `head`.
fn stands_behind(outline: &Outline, head: usize, from: usize) -> bool {
    let mark = (from..head).rev().take(30).find(|&i| {
        outline.quotation(i).is_some_and(|q| q.double)
            || auxiliary(&outline.tokens[i]) && i + 3 < head && !relative(outline, i)
    });
    mark.is_some_and(|i| {
        outline.closes(i)
            && ending(outline, i).is_some_and(|t| matches!(t.form, Form::Comma | Form::Stop))
    })
}

/// Whether the subject of the verb at `head` stands behind a clause and a comma: "Karsia will not pay,
/// the minister *told* parliament".
fn trails(outline: &Outline, head: usize, from: usize) -> bool {
    let subject = phrase::subject(outline, group(outline, head, from), from);
    subject.and_then(|s| s.start.checked_sub(1)).is_some_and(|comma| {
        let clause = comma > from + 3 && outline.tokens[comma].form == Form::Comma;
        clause && (from..comma).any(|i| auxiliary(&outline.tokens[i]))
    })
}

/// Whether the subject of the auxiliary at `at` is a relative pronoun: "Lott, who *was* …, told".
fn relative(outline: &Outline, at: usize) -> bool {
    at > 0 && outline.tokens[at - 1].among(&["who", "which", "that"])
}

/// A noun phrase behind the verb: content itself, or somebody addressed with the content behind.
fn phrase(
    outline: &Outline,
    head: usize,
    at: usize,
    verb: &Verb,
    build: Build,
    sentence: &Range<usize>,
) -> Option<(Complement, usize, Option<Range<usize>>)> {
    if build == Build::Passive {
        let by = (head + 1..sentence.end.min(head + 8)).any(|i| outline.tokens[i].is("by"));
        return (verb.takes('n') && by).then_some((Complement::Nothing, at, None));
    }
    if at >= sentence.end || boundary(&outline.tokens[at]) {
        return None;
    }
    let limit = sentence.end.min(at + 9);
    let end =
        (at..limit).find(|&i| boundary(&outline.tokens[i]) && !outline.opens(i)).unwrap_or(limit);
    let person = outline.tokens[at].capital
        || outline.tokens[at].among(OBJECTS)
        || outline.tokens[at].among(DETERMINERS)
        || outline.tokens[at].lower.ends_with('s');
    let told = matches!(
        verb.lemma,
        "tell"
            | "remind"
            | "assure"
            | "reassure"
            | "inform"
            | "notify"
            | "advise"
            | "warn"
            | "ask"
            | "caution"
            | "promise"
    );
    if told && person {
        let that = (at + 1..end).find(|&i| {
            outline.tokens[i].is("that") || outline.opens(i) || outline.tokens[i].among(WH)
        });
        if let Some(that) = that {
            let kind = if outline.opens(that) { Complement::Quote } else { Complement::That };
            return Some((kind, that, Some(at..that)));
        }
        let quote = outline
            .get(end)
            .is_some_and(|t| end < sentence.end && matches!(t.form, Form::Comma | Form::Colon))
            && outline.opens(end + 1)
            && end + 1 < sentence.end;
        if quote {
            return Some((Complement::Quote, end + 1, Some(at..end)));
        }
    }
    if verb.takes('o') {
        let to = (at + 1..end).find(|&i| outline.tokens[i].is("to"));
        if let Some(to) = to {
            return Some((Complement::Infinitive, at, Some(at..to)));
        }
    }
    if told && verb.takes('p') && trails(outline, head, sentence.start) {
        return Some((Complement::Nothing, end, Some(at..end)));
    }
    if told && verb.takes('p') && (end < limit || end == sentence.end) && person {
        let before_mark = outline.get(end).is_some_and(boundary);
        if before_mark {
            return Some((Complement::Nothing, end, Some(at..end)));
        }
    }
    (verb.takes('n') || verb.takes('t') && !outline.tokens[at].among(PREPOSITIONS)).then_some((
        Complement::Phrase,
        at,
        None,
    ))
}

/// The first token from `at` that is no adverb, day, or phrase of occasion before *that* or a quote.
fn modified(outline: &Outline, at: usize, end: usize) -> usize {
    let mut at = at;
    while at < end
        && (adverb(&outline.tokens[at]) || time(&outline.tokens[at]))
        && !outline.opens(at)
    {
        at += 1;
    }
    let occasion = outline.get(at).is_some_and(|t| {
        at < end && (t.among(&["in", "on", "at", "during", "to", "by", "from", "of", "with"]))
    });
    if !occasion {
        return at;
    }
    let limit = end.min(at + 12);
    let stop = (at + 1..limit).find(|&i| {
        let token = &outline.tokens[i];
        token.is("that") || outline.opens(i) || boundary(token) || auxiliary(token)
    });
    match stop {
        Some(i) if outline.tokens[i].is("that") || outline.opens(i) => i,
        Some(i)
            if outline.tokens[i].form != Form::Dash
                && boundary(&outline.tokens[i])
                && outline.opens(i + 1)
                && i + 1 < end =>
        {
            i
        }
        _ => at,
    }
}

/// What kind of complement begins at `at`.
fn follows(outline: &Outline, at: usize, end: usize) -> Complement {
    let Some(token) = outline.get(at).filter(|_| at < end) else { return Complement::Nothing };
    if outline.opens(at) {
        return Complement::Quote;
    }
    if matches!(token.form, Form::Comma | Form::Colon) && at + 1 < end && outline.opens(at + 1) {
        return Complement::Quote;
    }
    if token.is(":") && at + 1 < end {
        return Complement::Quote;
    }
    if boundary(token) {
        return Complement::Nothing;
    }
    if token.is("that") {
        return Complement::That;
    }
    if token.among(WH) {
        return Complement::Question;
    }
    if token.is("to") {
        let next = outline.get(at + 1).filter(|_| at + 1 < end);
        let verb = next.is_some_and(|n| {
            n.form == Form::Word && !n.capital && !n.among(DETERMINERS) && !n.among(OBJECTS)
        });
        return if verb { Complement::Infinitive } else { Complement::Particle };
    }
    if token.among(PREPOSITIONS) || token.among(CLAUSE) {
        return Complement::Particle;
    }
    Complement::Phrase
}

/// "the claim that", "a promise to", "his call for".
fn nominal(outline: &Outline, at: usize, sentence: &Range<usize>) -> Option<Cue> {
    let token = &outline.tokens[at];
    let &(_, followers, act) = NOUNS.iter().find(|(n, _, _)| token.is(n))?;
    let next = outline.get(at + 1).filter(|_| at + 2 < sentence.end)?;
    if !followers.split(' ').any(|f| next.is(f)) {
        return None;
    }
    let complement = if next.is("that") { Complement::That } else { Complement::Particle };
    let begin = if next.among(&["that", "to"]) { at + 1 } else { at + 2 };
    let range = at..begin;
    Some(Cue {
        range,
        head: at,
        build: Build::Noun,
        complement,
        at: begin,
        act,
        addressee: None,
        noun: false,
        strong: false,
    })
}

/// "is confident that", "was clear", "are open to".
fn adjectival(outline: &Outline, at: usize, sentence: &Range<usize>) -> Option<Cue> {
    const LINKS: &[&str] = &[
        "feel", "feels", "felt", "remain", "remains", "remained", "seemed", "seems", "became",
        "grew", "made", "makes", "make",
    ];
    let token = &outline.tokens[at];
    let &(_, act) = ADJECTIVES.iter().find(|(a, _)| token.is(a))?;
    let before = preceding(outline, at, sentence.start)?;
    let link = &outline.tokens[before];
    if !(link.among(BE) || link.among(LINKS)) {
        return None;
    }
    let next = outline.get(at + 1).filter(|_| at + 1 < sentence.end)?;
    let complement = match &*next.lower {
        "that" => Complement::That,
        "to" | "about" | "of" | "with" | "by" | "for" | "over" | "in" => Complement::Particle,
        "if" | "whether" | "how" | "what" | "why" => Complement::Question,
        _ => return None,
    };
    let start = group(outline, at, sentence.start).min(before);
    let particle = complement == Complement::Particle && !next.is("to");
    let end = if particle { at + 2 } else { at + 1 };
    Some(Cue {
        range: start..end,
        head: at,
        build: Build::Adjective,
        complement,
        at: end,
        act,
        addressee: None,
        noun: false,
        strong: false,
    })
    .filter(|c| c.at < sentence.end && !SUBJECTS.contains(&&*outline.tokens[c.head].lower))
}
