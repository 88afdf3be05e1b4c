//! A text's own prose: what is left when code, markup, links and quotations are blanked out, cut
//! into sentences and words that know where they stand.

use std::ops::Range;

/// Ends a sentence where markup begins a new block.
const BREAK: u8 = 1;

/// A tag or quotation longer than this has lost its end, and is read as prose.
const LONGEST: usize = 2000;

/// A word with its place in the text.
#[derive(Debug, Clone)]
pub(super) struct Word {
    /// The word in lower case.
    pub(super) lower: String,
    /// Whether it begins with a capital.
    pub(super) capital: bool,
    /// Where it begins, in bytes.
    pub(super) start: usize,
    /// Where it ends, in bytes.
    pub(super) end: usize,
}

/// A sentence, a list item, a heading or a row of a table.
#[derive(Debug)]
pub(super) struct Sentence {
    /// Its place in the text, in bytes.
    pub(super) range: Range<usize>,
    /// Its words, quotations left out.
    pub(super) words: Vec<Word>,
}

/// The sentences of a text.
pub(super) fn sentences(text: &str) -> Vec<Sentence> {
    let prose = blanked(text);
    let mut found = Vec::new();
    for block in blocks(&prose) {
        let mut start = block.start;
        while start < block.end {
            let end = sentence_end(text, &prose, start, block.end);
            let words = words(&prose, start..end);
            if !words.is_empty() {
                found.push(Sentence { range: start..end, words });
            }
            start = end;
        }
    }
    found
}

/// The text with everything that is not the author's prose replaced by spaces, byte for byte.
fn blanked(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let mut at = 0;
    let mut fence: Option<u8> = None;
    let mut line_start = true;
    while at < bytes.len() {
        if line_start {
            let line_end =
                bytes[at..].iter().position(|&b| b == b'\n').map_or(bytes.len(), |n| at + n);
            let line = text[at..line_end].trim_start();
            let mark = line.as_bytes().first().copied();
            let opens = line.starts_with("```") || line.starts_with("~~~");
            if fence.is_some() || opens || line.starts_with('>') {
                if opens && (fence.is_none() || fence == mark) {
                    fence = if fence.is_some() { None } else { mark };
                }
                blank(&mut out, at..line_end);
                // All bytes of the character, so that the next block begins with a whole one.
                let first = text[at..line_end].chars().next().map_or(0, char::len_utf8);
                out[at..at + first].fill(BREAK);
                at = line_end + 1;
                continue;
            }
        }
        line_start = bytes[at] == b'\n';
        let rest = &text[at..];
        let skip = match bytes[at] {
            b'`' => code(rest),
            b'<' => tag(rest),
            b'h' if rest.starts_with("http://") || rest.starts_with("https://") => {
                rest.find(|c: char| c.is_whitespace() || c == ')' || c == '>').or(Some(rest.len()))
            }
            b'"' => quotation(rest, '"'),
            0xE2 if rest.starts_with('“') => quotation(rest, '”'),
            _ => None,
        };
        match skip {
            Some(n) => {
                blank(&mut out, at..at + n);
                if begins_block(rest) {
                    out[at] = BREAK;
                }
                at += n;
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    // Whole characters were replaced, so this is still text.
    String::from_utf8(out).unwrap_or_else(|_| " ".repeat(text.len()))
}

/// Replaces bytes by spaces, line ends kept.
fn blank(bytes: &mut [u8], range: Range<usize>) {
    bytes[range].iter_mut().filter(|b| **b != b'\n').for_each(|b| *b = b' ');
}

/// The length of a code span in one line.
fn code(rest: &str) -> Option<usize> {
    let ticks = rest.bytes().take_while(|&b| b == b'`').count();
    let (mut run, mut at) = (0, ticks);
    for b in rest.bytes().skip(ticks).take(LONGEST).take_while(|&b| b != b'\n') {
        at += 1;
        run = if b == b'`' { run + 1 } else { 0 };
        if run == ticks {
            return Some(at);
        }
    }
    None
}

/// The length of an HTML tag or comment, of a style or script its content too.
fn tag(rest: &str) -> Option<usize> {
    if rest.starts_with("<!--") {
        return Some(rest.find("-->").map_or(rest.len(), |n| n + 3));
    }
    for (open, close) in [("<style", "</style>"), ("<script", "</script>")] {
        if rest.get(..open.len()).is_some_and(|s| s.eq_ignore_ascii_case(open)) {
            return Some(rest.find(close).map_or(rest.len(), |n| n + close.len()));
        }
    }
    let inner = rest[1..].bytes().next()?;
    (inner.is_ascii_alphabetic() || inner == b'/' || inner == b'!')
        .then(|| rest.bytes().take(LONGEST).position(|b| b == b'>').map(|n| n + 1))
        .flatten()
}

/// Whether a text begins with a tag that begins or ends a block.
fn begins_block(rest: &str) -> bool {
    let Some(inner) = rest.strip_prefix('<') else { return false };
    let name: String = inner
        .trim_start_matches('/')
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let blocks = ["p", "li", "tr", "br", "div", "section", "article", "table", "ul", "ol", "title"];
    let heading = name.len() == 2 && name.starts_with('h') && name != "hr";
    heading || blocks.contains(&name.as_str())
}

/// The length of a quotation within its paragraph.
fn quotation(rest: &str, close: char) -> Option<usize> {
    let mut before = ' ';
    for (n, c) in rest.char_indices().skip(1).take(LONGEST) {
        if c == close {
            return Some(n + c.len_utf8());
        }
        if c == '\n' && before == '\n' {
            return None;
        }
        before = c;
    }
    None
}

/// Paragraphs, list items, headings and rows of tables.
fn blocks(prose: &str) -> Vec<Range<usize>> {
    let mut blocks = Vec::new();
    let mut start = 0;
    let mut cut = |start: &mut usize, at: usize, next: usize| {
        if at > *start {
            blocks.push(*start..at);
        }
        *start = next;
    };
    let mut at = 0;
    let mut alone = false;
    for line in prose.split_inclusive('\n') {
        let trimmed = line.trim();
        let first = trimmed.chars().next();
        let item = trimmed.starts_with("- ")
            || trimmed.starts_with("* ")
            || trimmed.starts_with("+ ")
            || numbered(trimmed);
        let single = matches!(first, Some('#' | '|'));
        if trimmed.is_empty() || item || single || alone {
            cut(&mut start, at, at);
        }
        for (n, _) in line.bytes().enumerate().filter(|(_, b)| *b == BREAK) {
            cut(&mut start, at + n, at + n + 1);
        }
        alone = single;
        at += line.len();
    }
    cut(&mut start, prose.len(), prose.len());
    blocks
}

/// Whether a line is an item of a numbered list, `1. …` or `1) …`.
fn numbered(line: &str) -> bool {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = line.len() - rest.len();
    (1..=3).contains(&digits) && (rest.starts_with(". ") || rest.starts_with(") "))
}

/// Abbreviations whose point ends no sentence.
const ABBREVIATIONS: [&str; 24] = [
    "e.g", "i.e", "cf", "vs", "etc", "approx", "mr", "mrs", "ms", "dr", "prof", "gen", "st", "no",
    "art", "para", "jan", "feb", "aug", "sept", "oct", "nov", "dec", "al",
];

/// Where the sentence that begins at `start` ends, at most `limit`.
fn sentence_end(text: &str, prose: &str, start: usize, limit: usize) -> usize {
    for (n, mark) in
        prose[start..limit].char_indices().filter(|(_, c)| matches!(c, '.' | '!' | '?'))
    {
        let at = start + n;
        let after = &prose[at + 1..limit];
        let closing = after.len() - after.trim_start_matches([')', ']', '"', '”', '’', '*']).len();
        // A note's mark may follow without a space: `agreed.[^1]`.
        let rest = &after[closing..];
        if !rest.is_empty() && !rest.starts_with(|c: char| c.is_whitespace() || c == '[') {
            continue;
        }
        let next = rest.trim_start().chars().next();
        if next.is_some_and(char::is_lowercase) {
            continue;
        }
        if mark == '.' {
            let word = prose[start..at].rsplit(char::is_whitespace).next().unwrap_or_default();
            let word = word.trim_start_matches(['(', '[', '“', '"']).to_lowercase();
            let initial = word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
            let letters = word.split('.').all(|part| part.chars().count() == 1);
            if ABBREVIATIONS.contains(&word.as_str()) || initial || (letters && word.contains('.'))
            {
                continue;
            }
        }
        return with_notes(text, at + 1 + closing, limit);
    }
    limit
}

/// Moves the end of a sentence past the references in brackets that follow it on the line.
fn with_notes(text: &str, mut end: usize, limit: usize) -> usize {
    loop {
        let rest = &text[end..limit];
        let gap = rest.len() - rest.trim_start_matches([' ', '\u{a0}']).len();
        let note = &rest[gap..];
        let close = note.bytes().take(80).position(|b| b == b']');
        match close.filter(|_| note.starts_with('[')) {
            Some(n) => end += gap + n + 1,
            None => return end,
        }
    }
}

/// The words of a stretch of prose; a hyphen parts words, an apostrophe does not.
fn words(prose: &str, range: Range<usize>) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut open = false;
    for (n, c) in prose[range.clone()].char_indices() {
        let start = range.start + n;
        let inside = c.is_alphanumeric() || (open && matches!(c, '\'' | '’'));
        if inside {
            let end = start + c.len_utf8();
            if !open {
                let (lower, capital) = (String::new(), c.is_uppercase());
                words.push(Word { lower, capital, start, end });
            }
            if let Some(word) = words.last_mut() {
                let c = if c == '’' { '\'' } else { c };
                word.lower.extend(c.to_lowercase());
                word.end = end;
            }
        }
        open = inside;
    }
    words
}
