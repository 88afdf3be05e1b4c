//! Who a pronoun or a surname stands for, within one text and only where it is sure.

use std::collections::BTreeMap;
use std::ops::Range;

use super::ReportedStatement;
use crate::TextSpan;
use crate::sentence::Outline;
use crate::token::{Form, Token};

/// Words that no name of a person holds.
const BODIES: &[&str] = &[
    "ministry",
    "department",
    "party",
    "committee",
    "times",
    "post",
    "news",
    "house",
    "council",
    "agency",
    "government",
    "administration",
    "office",
    "union",
    "university",
    "institute",
    "group",
    "court",
    "senate",
    "congress",
    "parliament",
    "army",
    "guard",
    "bank",
    "company",
    "journal",
    "press",
    "reuters",
    "axios",
    "ap",
    "cnn",
    "bbc",
    "nations",
    "states",
    "republic",
    "kingdom",
    "campaign",
    "coalition",
    "league",
    "association",
    "center",
    "centre",
    "foundation",
    "embassy",
    "pentagon",
    "kremlin",
    "organization",
    "organisation",
    "board",
];

/// Titles before a name.
const TITLES: &[&str] = &[
    "mr.",
    "mrs.",
    "ms.",
    "dr.",
    "sen.",
    "rep.",
    "gov.",
    "gen.",
    "president",
    "minister",
    "senator",
    "secretary",
    "ambassador",
    "envoy",
    "representative",
    "governor",
    "general",
    "prime",
    "foreign",
    "chancellor",
    "king",
    "prince",
    "ayatollah",
    "pope",
    "judge",
    "justice",
    "professor",
    "spokesman",
    "spokeswoman",
    "spokesperson",
    "chairman",
    "speaker",
    "negotiator",
    "adviser",
    "advisor",
    "special",
    "deputy",
    "vice",
    "former",
    "chief",
    "the",
    "supreme",
    "leader",
];

/// So many speakers before a pronoun are looked at.
const LAST: usize = 40;

/// A mention of a person by name.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Person {
    /// The mention.
    span: TextSpan,
    /// The last word of the name.
    surname: String,
    /// How many words the name has.
    words: usize,
    /// What the title says of the pronoun: `he`, `she`.
    pronoun: Option<&'static str>,
}

/// Who the source of each statement stands for: for *he* and *she* the person who spoke last, for a
/// surname alone the first mention with a given name.
///
/// `None` wherever it is not sure: where two people spoke in this and the last paragraph, where the
/// title fits another pronoun, for *they*, *it*, "the envoy" and the like, and for names that stand
/// for themselves. `statements` are those of the same text in order.
#[must_use]
pub fn antecedents(text: &str, statements: &[ReportedStatement]) -> Vec<Option<TextSpan>> {
    let outline = Outline::new(text);
    let names = full_names(&outline);
    (0..statements.len()).map(|which| antecedent(&outline, statements, which, &names)).collect()
}

/// Who the source of one statement stands for.
fn antecedent(
    outline: &Outline,
    statements: &[ReportedStatement],
    which: usize,
    names: &BTreeMap<&str, usize>,
) -> Option<TextSpan> {
    let source = statements[which].source?;
    let range = outline.range(source);
    let first = outline.get(range.start)?;
    if range.len() == 1 && first.among(&["he", "she"]) {
        return speaker(outline, statements, which, &first.lower);
    }
    let person = person(outline, &range)?;
    if person.words > 1 {
        return None;
    }
    let last = *names.get(&*person.surname).filter(|&&at| at < range.start)?;
    let first =
        (0..last).rev().take(3).take_while(|&i| given(&outline.tokens[i])).last().unwrap_or(last);
    Some(outline.span(&(first..last + 1)))
}

/// The one person who spoke in this paragraph or the last before a pronoun.
fn speaker(
    outline: &Outline,
    statements: &[ReportedStatement],
    which: usize,
    pronoun: &str,
) -> Option<TextSpan> {
    let source = statements[which].source?;
    let here = paragraph(outline, source);
    let before =
        statements[..which].iter().rev().filter_map(|s| s.source).filter(|s| s.end <= source.start);
    let near = before.take(LAST).take_while(|s| paragraph(outline, *s) + 1 >= here);
    let mut found: Option<Person> = None;
    for span in near {
        let Some(person) = person(outline, &outline.range(span)) else { continue };
        match &found {
            Some(other) if other.surname != person.surname => return None,
            Some(_) => {}
            None => found = Some(person),
        }
    }
    let found = found?;
    let fits = found.pronoun.is_none_or(|p| p == pronoun);
    fits.then_some(found.span)
}

/// The paragraph a span begins in.
fn paragraph(outline: &Outline, span: TextSpan) -> usize {
    let token = outline.range(span).start.min(outline.tokens.len().saturating_sub(1));
    outline.sentence_of.get(token).map_or(0, |&s| outline.paragraph[s])
}

/// The person that tokens name: capitalised words, titles left out, up to the first comma.
fn person(outline: &Outline, range: &Range<usize>) -> Option<Person> {
    let tokens = &outline.tokens[range.clone()];
    let length = tokens.iter().take_while(|t| t.wordy() && !t.among(&["who", "of", "and"])).count();
    let tokens = &tokens[..length];
    let pronoun = tokens.first().and_then(|t| match &*t.lower {
        "mr." => Some("he"),
        "mrs." | "ms." => Some("she"),
        _ => None,
    });
    let start = tokens.iter().rposition(|t| t.among(TITLES) || !t.capital).map_or(0, |i| i + 1);
    let titled = start > 0 && tokens[start - 1].among(TITLES) && !tokens[start - 1].is("the");
    let name = &tokens[start..];
    let plain = |t: &Token| t.form == Form::Word && t.capital && !t.among(BODIES);
    let only =
        !name.is_empty() && name.len() <= 4 && name.iter().all(plain) && (start == 0 || titled);
    only.then(|| Person {
        span: TextSpan { start: tokens[0].span.start, end: tokens[length - 1].span.end },
        surname: name[name.len() - 1].lower.to_string(),
        words: name.len(),
        pronoun,
    })
}

/// Whether a token can be a given name.
fn given(token: &Token) -> bool {
    let word = &*token.lower;
    token.form == Form::Word
        && token.capital
        && !TITLES.contains(&word)
        && !BODIES.contains(&word)
        && !super::phrase::CLAUSE.contains(&word)
        && !super::phrase::PREPOSITIONS.contains(&word)
}

/// Where each surname first stands behind a given name.
fn full_names(outline: &Outline) -> BTreeMap<&str, usize> {
    let mut names = BTreeMap::new();
    for (at, pair) in outline.tokens.windows(2).enumerate() {
        if pair[1].capital && given(&pair[0]) {
            names.entry(&*pair[1].lower).or_insert(at + 1);
        }
    }
    names
}
