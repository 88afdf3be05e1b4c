//! The wording check: what a text about probabilities says against the standards.
//!
//! Answers for mixed lexicons, likelihood beside confidence, vague words, probabilities without a
//! date and judgements without a source, in English prose, Markdown or HTML. Code, markup, links
//! and quotations are left alone: other people may say "may". It knows no case and no forecast.

mod prose;

use serde::Serialize;

use crate::words::Lexicon;
use prose::{Sentence, Word, sentences};

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Code {
    /// A word of another lexicon than the rest of the text.
    MixedRows,
    /// Likelihood and confidence in one sentence.
    LikelihoodWithConfidence,
    /// A word that commits to nothing.
    Vague,
    /// A probability without a date.
    NoDate,
    /// A judgement without a source.
    NoSource,
}

impl Code {
    /// The stable code, such as `mixed-rows`.
    pub fn id(self) -> &'static str {
        ["mixed-rows", "likelihood-with-confidence", "vague", "no-date", "no-source"][self as usize]
    }
}

/// Something in a text that should be written otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Finding {
    /// What it is about.
    pub code: Code,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Length in characters, for the mark under it.
    pub length: usize,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub hint: String,
}

/// How a text is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// The lexicon the text is to keep to; without one, the one that most of its words are of.
    pub lexicon: Option<Lexicon>,
}

/// Checks the wording of a text. Findings come in the order of the text.
pub fn lint(text: &str, options: &Options) -> Vec<Finding> {
    let sentences = sentences(text);
    let mut marks: Vec<Mark> = Vec::new();
    let vocabulary = vocabulary();
    let terms: Vec<Vec<Term>> = sentences.iter().map(|s| terms(&vocabulary, &s.words)).collect();
    let lexicon = options.lexicon.unwrap_or_else(|| prevailing(&terms));
    for (sentence, terms) in sentences.iter().zip(&terms) {
        mixed(lexicon, terms, &mut marks);
        vague(&sentence.words, &mut marks);
        let source = &text[sentence.range.clone()];
        together(sentence, terms, source, &mut marks);
        undated(sentence, terms, source, &mut marks);
        unsourced(sentence, terms, source, &mut marks);
    }
    marks.sort_by_key(|m| (m.start, m.code));
    place(text, marks)
}

/// A finding by its place in bytes.
struct Mark {
    code: Code,
    start: usize,
    end: usize,
    message: String,
    hint: String,
}

impl Mark {
    fn new(code: Code, words: &[Word], message: String, hint: &str) -> Option<Self> {
        let (start, end) = (words.first()?.start, words.last()?.end);
        Some(Self { code, start, end, message, hint: hint.to_string() })
    }
}

/// A word of some lexicon found in a sentence.
struct Term {
    start: usize,
    end: usize,
    text: &'static str,
    /// The lexicons it belongs to.
    lexicons: Vec<Lexicon>,
    /// The middle of its band, in per cent.
    middle: u8,
}

/// A term to look for: its words, its text, the lexicons that hold it, the middle of its band.
type Entry = (Vec<&'static str>, &'static str, Vec<Lexicon>, u8);

/// Every term of every lexicon, the longest first.
fn vocabulary() -> Vec<Entry> {
    let split = |term: &'static str| term.split(' ').collect::<Vec<_>>();
    // PHIA's yardstick gives these two as one; apart they are of ICD 203's two rows.
    let both = "likely or probable";
    let mut all: Vec<Entry> = vec![(split(both), both, vec![Lexicon::Phia], 65)];
    for lexicon in Lexicon::ALL {
        for band in lexicon.bands() {
            match all.iter_mut().find(|(_, term, ..)| *term == band.term) {
                Some((_, _, lexicons, _)) => lexicons.push(lexicon),
                None => {
                    let middle = (band.lo + band.hi) / 2; // at most 199, so no overflow
                    all.push((split(band.term), band.term, vec![lexicon], middle));
                }
            }
        }
    }
    all.sort_by_key(|(words, ..)| std::cmp::Reverse(words.len()));
    all
}

/// Words before *likely* that compare instead of stating a likelihood.
const COMPARING: [&str; 10] =
    ["more", "less", "most", "least", "as", "how", "equally", "so", "too", "than"];
/// What can be remote without being improbable.
const REMOTE: [&str; 12] = [
    "monitoring",
    "sensing",
    "control",
    "site",
    "sites",
    "area",
    "areas",
    "inspection",
    "inspections",
    "camera",
    "cameras",
    "access",
];

fn terms(vocabulary: &[Entry], words: &[Word]) -> Vec<Term> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let hit = vocabulary.iter().find(|(term, ..)| starts_with(&words[at..], term));
        let Some((term, text, lexicons, middle)) = hit else {
            at += 1;
            continue;
        };
        let end = at + term.len();
        let before = at.checked_sub(1).map(|i| words[i].lower.as_str());
        let after = words.get(end).map(|w| w.lower.as_str());
        let compares = matches!(*text, "likely" | "unlikely" | "probable")
            && before.is_some_and(|w| COMPARING.contains(&w));
        let thing = *text == "remote" && after.is_some_and(|w| REMOTE.contains(&w));
        if !compares && !thing {
            let (start, end) = (words[at].start, words[end - 1].end);
            let lexicons = lexicons.clone();
            found.push(Term { start, end, text, lexicons, middle: *middle });
        }
        at = end;
    }
    found
}

fn starts_with(words: &[Word], term: &[&str]) -> bool {
    words.len() >= term.len() && words.iter().zip(term).all(|(word, t)| word.lower == *t)
}

/// The lexicon that most of a text's terms are of, the earlier one of equals.
fn prevailing(terms: &[Vec<Term>]) -> Lexicon {
    let count = |l: &Lexicon| terms.iter().flatten().filter(|t| t.lexicons.contains(l)).count();
    Lexicon::ALL.into_iter().rev().max_by_key(count).unwrap_or_default()
}

fn mixed(lexicon: Lexicon, terms: &[Term], marks: &mut Vec<Mark>) {
    for term in terms.iter().filter(|t| !t.lexicons.contains(&lexicon)) {
        let of = term.lexicons.first().copied().unwrap_or_default().name();
        let instead = lexicon.band(f64::from(term.middle) / 100.0).map_or("", |b| b.term);
        marks.push(Mark {
            code: Code::MixedRows,
            start: term.start,
            end: term.end,
            message: format!("`{}` is of {of}, the text keeps to {}", term.text, lexicon.name()),
            hint: format!("write `{instead}` if the number fits its band"),
        });
    }
}

/// Words and turns that commit to nothing.
const VAGUE: [&[&str]; 27] = [
    &["could"],
    &["may"],
    &["might"],
    &["cannot", "rule", "out"],
    &["cannot", "be", "ruled", "out"],
    &["can", "not", "rule", "out"],
    &["can", "not", "be", "ruled", "out"],
    &["can't", "rule", "out"],
    &["can't", "be", "ruled", "out"],
    &["possibly"],
    &["perhaps"],
    &["maybe"],
    &["conceivably"],
    &["presumably"],
    &["probably"],
    &["it", "is", "possible"],
    &["a", "possibility"],
    &["real", "possibility"],
    &["serious", "possibility"],
    &["distinct", "possibility"],
    &["good", "chance"],
    &["fair", "chance"],
    &["some", "chance"],
    &["chances", "are"],
    &["in", "all", "likelihood"],
    &["no", "doubt"],
    &["doubtless"],
];

fn vague(words: &[Word], marks: &mut Vec<Mark>) {
    let mut at = 0;
    while at < words.len() {
        let hit = VAGUE.iter().filter(|v| starts_with(&words[at..], v)).max_by_key(|v| v.len());
        // With a capital it is the month; nobody asks "May we" in a brief.
        let hit = hit.filter(|v| ***v != ["may"] || !words[at].capital);
        let Some(vague) = hit else {
            at += 1;
            continue;
        };
        let message = format!("`{}` commits to nothing", vague.join(" "));
        let hint = "say how likely: a word, its band, the number and a date";
        marks.extend(Mark::new(Code::Vague, &words[at..at + vague.len()], message, hint));
        at += vague.len();
    }
}

/// Whether a sentence states a probability: a term, or per cent with a word for chance.
fn states_probability(sentence: &Sentence, terms: &[Term], source: &str) -> bool {
    let chance = ["chance", "chances", "probability", "probabilities", "odds", "likelihood"];
    let has = |list: &[&str]| sentence.words.iter().any(|w| list.contains(&w.lower.as_str()));
    let percent = source.contains('%') || has(&["percent"]) || source.contains("per cent");
    !terms.is_empty() || (percent && has(&chance))
}

/// Where a sentence states how confident its author is.
fn confidence(words: &[Word]) -> Option<&[Word]> {
    const LEVELS: [&str; 6] = ["high", "moderate", "low", "medium", "limited", "full"];
    const OTHER: [&str; 6] = ["building", "interval", "intervals", "band", "bands", "measures"];
    let level = |w: &Word| LEVELS.contains(&w.lower.as_str());
    let at = words.iter().enumerate().position(|(i, word)| {
        let next = words.get(i + 1).is_some_and(|w| OTHER.contains(&w.lower.as_str()));
        let near = words[i.saturating_sub(3)..i].iter().any(level)
            || words[i + 1..words.len().min(i + 5)].iter().any(level);
        word.lower == "confident" || (word.lower == "confidence" && !next && near)
    })?;
    Some(&words[at..=at])
}

fn together(sentence: &Sentence, terms: &[Term], source: &str, marks: &mut Vec<Mark>) {
    let Some(word) = confidence(&sentence.words) else { return };
    if states_probability(sentence, terms, source) {
        marks.extend(Mark::new(
            Code::LikelihoodWithConfidence,
            word,
            "likelihood and confidence share a sentence".into(),
            "state the confidence, with its reasons, in a sentence of its own",
        ));
    }
}

/// The words that a finding about a sentence's probability points at.
fn point<'a>(sentence: &'a Sentence, terms: &[Term]) -> &'a [Word] {
    let words = &sentence.words;
    let chance = ["chance", "chances", "probability", "odds", "likelihood", "probabilities"];
    match terms.first() {
        Some(term) => {
            let from = words.partition_point(|w| w.start < term.start);
            let to = words.partition_point(|w| w.end <= term.end);
            &words[from..to.max(from)]
        }
        None => {
            let at = words.iter().position(|w| chance.contains(&w.lower.as_str())).unwrap_or(0);
            &words[at..words.len().min(at + 1)]
        }
    }
}

fn undated(sentence: &Sentence, terms: &[Term], source: &str, marks: &mut Vec<Mark>) {
    if states_probability(sentence, terms, source) && !has_date(&sentence.words) {
        marks.extend(Mark::new(
            Code::NoDate,
            point(sentence, terms),
            "a probability without a date".into(),
            "say by when: `by 30 June 2025`",
        ));
    }
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Whether a sentence names a time: a year, a month, a weekday, a span of days.
fn has_date(words: &[Word]) -> bool {
    const UNITS: [&str; 9] =
        ["day", "days", "week", "weeks", "month", "months", "year", "years", "quarter"];
    const LEADING: [&str; 9] =
        ["within", "in", "next", "coming", "this", "over", "by", "before", "until"];
    words.iter().enumerate().any(|(i, word)| {
        let text = word.lower.as_str();
        let before = &words[i.saturating_sub(5)..i]; // by the end of the year
        let year = text.len() == 4 && text.parse::<u16>().is_ok_and(|y| (1900..=2100).contains(&y));
        let named = word.capital && (MONTHS.contains(&text) || WEEKDAYS.contains(&text));
        let span = UNITS.contains(&text)
            && before
                .iter()
                .any(|w| LEADING.contains(&w.lower.as_str()) || w.lower.parse::<u32>().is_ok());
        let quarter = matches!(text, "q1" | "q2" | "q3" | "q4");
        let day = matches!(text, "today" | "tonight" | "tomorrow" | "horizon");
        year || named || span || quarter || day
    })
}

fn unsourced(sentence: &Sentence, terms: &[Term], source: &str, marks: &mut Vec<Mark>) {
    let judging = judgement(&sentence.words);
    if (judging.is_none() && terms.is_empty()) || has_source(sentence, source) {
        return;
    }
    marks.extend(Mark::new(
        Code::NoSource,
        judging.unwrap_or_else(|| point(sentence, terms)),
        "a judgement without a source".into(),
        "name what it rests on: a record entry `[r05]`, a source with its grade, or `model 68 %`",
    ));
}

/// Where a sentence says that its author judges.
fn judgement(words: &[Word]) -> Option<&[Word]> {
    const VERBS: [&str; 9] = [
        "judge",
        "assess",
        "believe",
        "estimate",
        "expect",
        "think",
        "conclude",
        "anticipate",
        "reckon",
    ];
    const PASSIVE: [&str; 4] = ["assessed", "judged", "believed", "expected"];
    const NOUNS: [&str; 5] = ["judgement", "judgment", "view", "assessment", "estimation"];
    let is = |i: usize, list: &[&str]| {
        words.get(i).is_some_and(|w: &Word| list.contains(&w.lower.as_str()))
    };
    let at = (0..words.len()).find(|&i| {
        (is(i, &["we", "i"]) && is(i + 1, &VERBS))
            || (is(i, &["it"]) && is(i + 1, &["is"]) && is(i + 2, &PASSIVE))
            || (is(i, &["in"]) && is(i + 1, &["our", "my"]) && is(i + 2, &NOUNS))
    })?;
    Some(&words[at..words.len().min(at + 2)])
}

/// Whether a sentence names what it rests on.
fn has_source(sentence: &Sentence, source: &str) -> bool {
    let words = &sentence.words;
    let at = |i: usize| words.get(i).map(|w| w.lower.as_str());
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    // `[r05]`, `[1]`, `[^2]`, a link's text; not the box of a task, `[ ]` or `[x]`.
    let reference = source.split('[').skip(1).any(|rest| {
        let inner = rest.split_once(']').map_or("", |(inner, _)| inner.trim());
        inner.len() > 1 || digits(inner)
    });
    let note = source.split('@').skip(1).any(|r| r.starts_with(|c: char| c.is_ascii_lowercase()));
    let link = source.contains("http://") || source.contains("https://");
    let by_words = (0..words.len()).any(|i| {
        let Some(text) = at(i) else { return false };
        let entry = text.strip_prefix('r').is_some_and(digits);
        let model = text == "model" && at(i + 1).is_some_and(digits);
        let told = text == "according" && at(i + 1) == Some("to");
        let said = matches!(
            text,
            "said" | "says" | "told" | "reported" | "reports" | "source" | "sources"
        );
        entry || model || told || said || is_grade(&words[i], text)
    });
    reference || note || link || by_words
}

/// Whether a word is a grade such as `B2`.
fn is_grade(word: &Word, text: &str) -> bool {
    let bytes = text.as_bytes();
    word.capital
        && bytes.len() == 2
        && (b'a'..=b'f').contains(&bytes[0])
        && (b'1'..=b'6').contains(&bytes[1])
}

/// Turns places in bytes into lines and columns, in one walk.
fn place(text: &str, marks: Vec<Mark>) -> Vec<Finding> {
    let mut findings = Vec::with_capacity(marks.len());
    let (mut line, mut column, mut walked) = (1, 1, 0);
    for mark in marks {
        for c in text[walked..mark.start].chars() {
            (line, column) = if c == '\n' { (line + 1, 1) } else { (line, column + 1) };
        }
        walked = mark.start;
        findings.push(Finding {
            code: mark.code,
            line,
            column,
            length: text[mark.start..mark.end].chars().count(),
            message: mark.message,
            hint: mark.hint,
        });
    }
    findings
}
