//! What a sequence model sees of a sentence: words one by one, a longer quotation as one item.

use std::ops::Range;

use crate::sentence::Outline;
use crate::statement::lexicon::{self, Inflection, verbs};
use crate::statement::phrase::{
    self, BE, CLAUSE, DETERMINERS, HAVE, MODALS, OBJECTS, PREPOSITIONS, SUBJECTS, WH,
};
use crate::token::{Form, Token};

/// A word, a mark, or a whole quotation.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// Its tokens.
    pub(super) range: Range<usize>,
    /// Whether it is a quotation.
    pub(super) quotation: bool,
    /// A coarse part of speech, by lists and endings.
    pub(super) class: &'static str,
}

/// Quotations of up to this many tokens, marks included, are read word by word.
const SHORT: usize = 6;

/// The items of a sentence.
pub(super) fn items(outline: &Outline, sentence: &Range<usize>) -> Vec<Item> {
    let mut found = Vec::new();
    let mut at = sentence.start;
    while at < sentence.end {
        let quotation = outline.quotation(at).filter(|q| q.double && q.range.len() > SHORT);
        let end = quotation.map_or(at + 1, |q| q.range.end.min(sentence.end));
        let class =
            if quotation.is_some() { quoted(outline, end) } else { class(&outline.tokens[at]) };
        found.push(Item { range: at..end, quotation: quotation.is_some(), class });
        at = end;
    }
    found
}

/// The class of a quotation that ends before `end`: by the mark before its closing one.
fn quoted(outline: &Outline, end: usize) -> &'static str {
    if !outline.closes(end - 1) {
        return "Qopen";
    }
    match outline.tokens[end.saturating_sub(2)].form {
        Form::Comma => "Q,",
        Form::Stop if outline.tokens[end - 2].is(".") => "Q.",
        Form::Stop => "Q?",
        _ => "Q",
    }
}

/// The coarse part of speech of a token.
pub(super) fn class(token: &Token) -> &'static str {
    let word = &*token.lower;
    match token.form {
        Form::Quote | Form::Single => return "“",
        Form::Stop => return ".",
        Form::Comma => return ",",
        Form::Colon => return ":",
        Form::Dash => return "-",
        Form::Other => return "x",
        Form::Number => return "num",
        Form::Word => {}
    }
    let listed: &[(&str, &[&str])] = &[
        ("'s", &["'s"]),
        ("to", &["to"]),
        ("of", &["of"]),
        ("that", &["that"]),
        ("and", &["and", "or"]),
        ("but", &["but"]),
        ("who", &["who", "which"]),
        ("neg", &["not", "never"]),
        ("poss", &["his", "her", "their", "its", "my", "our"]),
        ("he", SUBJECTS),
        ("him", OBJECTS),
        ("be", BE),
        ("have", HAVE),
        ("modal", MODALS),
        ("det", DETERMINERS),
        ("prep", PREPOSITIONS),
        ("wh", WH),
        ("conj", CLAUSE),
    ];
    if let Some((class, _)) = listed.iter().find(|(_, words)| words.contains(&word)) {
        return class;
    }
    if phrase::time(token) {
        return "time";
    }
    verbal(token).unwrap_or_else(|| other(token))
}

/// The class of a form of a verb of the lexicon.
fn verbal(token: &Token) -> Option<&'static str> {
    let (_, inflection) = verbs(&token.lower)?;
    let base = token.lower.trim_end_matches('s');
    Some(match inflection {
        Inflection::Base if lexicon::noun(base) => "Vn",
        Inflection::Third if lexicon::noun(base) => "Vns",
        Inflection::Base => "Vb",
        Inflection::Third => "Vs",
        Inflection::Past => "Vd",
        Inflection::Ing => "Vg",
    })
}

/// The class of any other word, by its ending and its first letter.
fn other(token: &Token) -> &'static str {
    let word = &*token.lower;
    if phrase::adverb(token) {
        "adv"
    } else if phrase::VERBS.contains(&word) {
        "verb"
    } else if token.capital {
        "Cap"
    } else if word.ends_with("ed") {
        "ed"
    } else if word.ends_with("ing") {
        "ing"
    } else if word.ends_with('s') {
        "ns"
    } else {
        "w"
    }
}

/// The word of an item, or the class of a quotation.
pub(super) fn word<'o>(outline: &'o Outline, item: &Item) -> &'o str {
    if item.quotation { item.class } else { &outline.tokens[item.range.start].lower }
}

/// The last `n` characters of a word.
pub(super) fn ending(word: &str, n: usize) -> &str {
    let start = word.char_indices().rev().nth(n - 1).map_or(0, |(i, _)| i);
    &word[start..]
}

/// A word without the endings of a verb or a plural, so that "claims", "claimed" and "claiming" are
/// one.
pub(super) fn stem(word: &str) -> &str {
    let cut = ["ing", "ied", "ies", "ed", "es", "s", "e", "y"];
    let rest = cut.iter().find_map(|end| word.strip_suffix(end));
    rest.filter(|r| r.len() > 2).unwrap_or(word)
}
