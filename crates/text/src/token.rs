//! Words and marks of a text, each with its place.

use crate::TextSpan;

/// What a token is, as far as its characters tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Letters, perhaps with digits, dots of an abbreviation and hyphens within.
    Word,
    /// Begins with a digit.
    Number,
    /// A double quotation mark of any kind; [`crate::sentence`] decides whether it opens or closes.
    Quote,
    /// A single quotation mark that stands apart from a word on one side.
    Single,
    /// `.`, `?`, `!` or `…`.
    Stop,
    /// `,`.
    Comma,
    /// `:` or `;`.
    Colon,
    /// A dash between words.
    Dash,
    /// Any other mark.
    Other,
}

/// One word or mark.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    /// Where it stands.
    pub(crate) span: TextSpan,
    /// In lower case, with a straight apostrophe.
    pub(crate) lower: Box<str>,
    /// What it is.
    pub(crate) form: Form,
    /// Whether its first letter is a capital.
    pub(crate) capital: bool,
}

impl Token {
    /// Whether the token is this word or mark, written in lower case.
    pub(crate) fn is(&self, word: &str) -> bool {
        &*self.lower == word
    }

    /// Whether the token is one of these.
    pub(crate) fn among(&self, words: &[&str]) -> bool {
        words.contains(&&*self.lower)
    }

    /// Whether it is a word or a number.
    pub(crate) fn wordy(&self) -> bool {
        matches!(self.form, Form::Word | Form::Number)
    }
}

/// Abbreviations whose dot ends no sentence.
const ABBREVIATIONS: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "sen", "sens", "rep", "reps", "gov", "govs", "gen", "lt",
    "col", "maj", "capt", "sgt", "adm", "rev", "hon", "pres", "st", "jr", "sr", "vs", "no", "inc",
    "corp", "co", "ltd", "jan", "feb", "mar", "apr", "aug", "sept", "sep", "oct", "nov", "dec",
    "mass", "conn", "calif", "fla", "ga", "ill", "ind", "mich", "minn", "miss", "mo", "pa", "tenn",
    "tex", "va", "vt", "wash", "wis", "ariz", "ark", "colo", "del", "kan", "ky", "la", "md",
    "mont", "neb", "nev", "okla", "ore", "etc", "dept", "est", "amb", "min",
];

/// Endings after an apostrophe that are words of their own.
const CLITICS: &[&str] = &["s", "re", "d", "ll", "ve", "m"];

/// The tokens of a text, in order; white space is between them.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::with_capacity(text.len() / 5);
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if c.is_whitespace() {
            at += c.len_utf8();
        } else if c.is_alphanumeric() {
            at = word(text, at, &mut found);
        } else {
            at = mark(text, at, c, &mut found);
        }
    }
    found
}

/// Reads the word at `at`; gives the place behind it.
fn word(text: &str, at: usize, found: &mut Vec<Token>) -> usize {
    let mut end = at;
    let mut apostrophe = None;
    let mut rest = text[at..].chars().peekable();
    while let Some(c) = rest.next() {
        let before_word = rest.peek().is_some_and(|n| n.is_alphanumeric());
        match c {
            '\'' | '’' if before_word => apostrophe = Some(end),
            '-' | '.' | '&' | '@' | '_' | '\u{ad}' | '‑' if before_word => {}
            ',' if before_word && numeric(text, end) => {}
            _ if c.is_alphanumeric() || combining(c) => {}
            _ => break,
        }
        end += c.len_utf8();
    }
    let split = apostrophe.filter(|&a| {
        let tail = text[a..end].trim_start_matches(['\'', '’']).to_lowercase();
        CLITICS.contains(&&*tail)
    });
    let first_end = split.unwrap_or_else(|| dotted(text, at, end));
    push(text, at, first_end, found);
    if split.is_some() {
        push(text, first_end, end, found);
        return end;
    }
    first_end
}

/// Whether the bytes around `at` are digits.
fn numeric(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    let digit = |i: Option<usize>| i.and_then(|i| bytes.get(i)).is_some_and(u8::is_ascii_digit);
    digit(at.checked_sub(1)) && digit(Some(at + 1))
}

/// Whether a character only adds to the one before.
fn combining(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// The end of a word with its dot, where the dot belongs to it.
fn dotted(text: &str, at: usize, end: usize) -> usize {
    if !text[end..].starts_with('.') {
        return end;
    }
    let word = &text[at..end];
    let initials =
        word.split('.').all(|p| p.chars().count() == 1 && p.chars().all(char::is_alphabetic));
    let single = word.chars().count() == 1;
    let lower = word.to_lowercase();
    let capital = word.chars().next().is_some_and(char::is_uppercase);
    let known = capital && ABBREVIATIONS.contains(&&*lower) || matches!(&*lower, "vs" | "etc");
    if initials && (!single || capital && lower != "i") || known { end + 1 } else { end }
}

/// Reads the mark at `at`; gives the place behind it.
fn mark(text: &str, at: usize, c: char, found: &mut Vec<Token>) -> usize {
    let rest = &text[at..];
    if rest.starts_with("'''") {
        // Three in a row close a quotation within a quotation, or open both.
        push(text, at, at + 1, found);
        return at + 1;
    }
    let length = ["...", "``", "''", "--"]
        .iter()
        .find(|m| rest.starts_with(**m))
        .map_or(c.len_utf8(), |m| m.len());
    push(text, at, at + length, found);
    at + length
}

/// Adds the token between two places.
fn push(text: &str, start: usize, end: usize, found: &mut Vec<Token>) {
    let word = &text[start..end];
    let lower = word.to_lowercase().replace('’', "'");
    let first = word.chars().next().unwrap_or(' ');
    found.push(Token {
        span: TextSpan { start, end },
        form: form(&lower, first),
        lower: lower.into(),
        capital: first.is_uppercase(),
    });
}

/// What kind of token these characters are.
fn form(lower: &str, first: char) -> Form {
    match lower {
        "\"" | "“" | "”" | "„" | "«" | "»" | "``" | "''" => Form::Quote,
        "'" | "‘" => Form::Single,
        "." | "?" | "!" | "…" | "..." => Form::Stop,
        "," => Form::Comma,
        ":" | ";" => Form::Colon,
        "--" | "–" | "—" | "-" => Form::Dash,
        _ if first.is_numeric() => Form::Number,
        _ if first.is_alphabetic() || lower.len() > 1 && first == '\'' || first == '’' => {
            Form::Word
        }
        _ => Form::Other,
    }
}
