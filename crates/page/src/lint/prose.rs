//! A text's own prose: what is left when code, markup, links and quotations are blanked out, cut
//! into sentences and words that know where they stand.
//!
//! Markdown is read by its own parser. A page of HTML, and HTML within Markdown, is read tag by tag.

use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

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
    let Prose { prose, cuts } = Prose::of(text);
    let mut found = Vec::new();
    let mut start = 0;
    for limit in cuts {
        while start < limit {
            let end = sentence_end(text, &prose, start, limit);
            let words = words(&prose, start..end);
            if !words.is_empty() {
                found.push(Sentence { range: start..end, words });
            }
            start = end;
        }
    }
    found
}

/// A text with everything that is not the author's prose replaced by spaces, byte for byte.
struct Prose {
    prose: String,
    /// Where paragraphs, list items, headings and rows of tables begin and end.
    cuts: BTreeSet<usize>,
}

impl Prose {
    fn of(text: &str) -> Self {
        let mut marks = Marks { own: vec![false; text.len()], cuts: BTreeSet::from([text.len()]) };
        let first = text.trim_start().get(..9).unwrap_or_default().to_ascii_lowercase();
        if first == "<!doctype" || first.starts_with("<html") {
            marks.html(text, 0..text.len());
        } else {
            marks.markdown(text);
        }
        marks.addresses(text);
        let mut bytes = text.as_bytes().to_vec();
        for (byte, _) in
            bytes.iter_mut().zip(&marks.own).filter(|(byte, own)| !**own && **byte != b'\n')
        {
            *byte = b' ';
        }
        let mut start = 0;
        for &end in &marks.cuts {
            quotations(text, start..end, &mut bytes);
            start = end;
        }
        // Whole characters were replaced, so this is still text.
        let prose = String::from_utf8(bytes).unwrap_or_else(|_| " ".repeat(text.len()));
        Self { prose, cuts: marks.cuts }
    }
}

/// Which bytes of a text are prose, and where its blocks begin and end.
struct Marks {
    own: Vec<bool>,
    cuts: BTreeSet<usize>,
}

impl Marks {
    fn markdown(&mut self, text: &str) {
        // What is read over: code and what others wrote. Depth, as quotations nest.
        let mut others = 0_usize;
        // Within `<style>` or `<script>` in the middle of a paragraph.
        let mut raw = false;
        for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
            match event {
                Event::Start(tag) => {
                    if begins_cut(&tag) {
                        self.cuts.extend([range.start, range.end]);
                        raw = false;
                    }
                    if matches!(tag, Tag::CodeBlock(_) | Tag::BlockQuote(_)) {
                        others += 1;
                    } else if matches!(tag, Tag::HtmlBlock) && others == 0 {
                        self.html(text, range);
                    }
                }
                Event::End(TagEnd::CodeBlock | TagEnd::BlockQuote(_)) => {
                    others = others.saturating_sub(1);
                }
                // An entity such as `&nbsp;` is read as something else than it is written.
                Event::Text(said) if others == 0 && !raw && text[range.clone()] == *said => {
                    self.own[range].fill(true);
                }
                Event::InlineHtml(tag) => {
                    let name = name(&tag);
                    if name == "style" || name == "script" {
                        raw = !tag.starts_with("</");
                    } else if begins_block(&tag) {
                        self.cuts.insert(range.start);
                    }
                }
                _ => {}
            }
        }
    }

    /// Takes out the addresses that stand in the text as they are.
    fn addresses(&mut self, text: &str) {
        for (at, _) in text.match_indices("http") {
            let rest = &text[at..];
            if rest.starts_with("http://") || rest.starts_with("https://") {
                let ends = |c: char| c.is_whitespace() || matches!(c, ')' | '>' | '<' | '"');
                let length = rest.find(ends).unwrap_or(rest.len());
                self.own[at..at + length].fill(false);
            }
        }
    }

    /// Marks what stands between the tags of a stretch of HTML.
    fn html(&mut self, text: &str, range: Range<usize>) {
        let lower = text[range.clone()].to_ascii_lowercase();
        let last = ENDS.map(|mark| lower.rfind(mark));
        let mut at = 0;
        while at < lower.len() {
            let length = match tag(&lower, at, last) {
                Some(length) => {
                    if begins_block(&lower[at..]) {
                        self.cuts.insert(range.start + at);
                    }
                    length
                }
                None => {
                    let length = lower
                        .bytes()
                        .skip(at + 1)
                        .position(|b| b == b'<')
                        .map_or(lower.len() - at, |n| n + 1);
                    self.own[range.start + at..range.start + at + length].fill(true);
                    length
                }
            };
            at += length;
        }
    }
}

/// Whether a piece of Markdown shares no sentence with what stands before and after it.
fn begins_cut(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Paragraph
            | Tag::Heading { .. }
            | Tag::BlockQuote(_)
            | Tag::CodeBlock(_)
            | Tag::HtmlBlock
            | Tag::List(_)
            | Tag::Item
            | Tag::Table(_)
            | Tag::TableHead
            | Tag::TableRow
    )
}

/// What ends a comment, a style, a script; a tag's end may stand apart from its name.
const ENDS: [&str; 3] = ["-->", "</style", "</script"];

/// The length of the HTML tag or comment at a place, of a style or script its content too; `None`
/// where none begins. One that does not end is none, so that what follows is still read. `last` is
/// where each of [`ENDS`] stands for the last time: behind it nobody looks for it.
fn tag(lower: &str, at: usize, last: [Option<usize>; 3]) -> Option<usize> {
    let rest = &lower[at..];
    let inner = rest.strip_prefix('<')?.bytes().next()?;
    let end = |which: usize| {
        last[which].filter(|last| *last >= at)?;
        let behind = |n: usize| n + ENDS[which].len();
        if which == 0 {
            return rest.find(ENDS[0]).map(behind);
        }
        // `</scripted>` ends nothing; white space or a slash may stand before `>`.
        rest.match_indices(ENDS[which]).map(|(n, _)| behind(n)).find_map(|n| {
            let gap =
                rest[n..].bytes().take_while(|b| b.is_ascii_whitespace() || *b == b'/').count();
            rest[n + gap..].starts_with('>').then_some(n + gap + 1)
        })
    };
    if rest.starts_with("<!--") {
        return end(0);
    }
    if !(inner.is_ascii_alphabetic() || inner == b'/' || inner == b'!') {
        return None;
    }
    let length = rest.bytes().take(LONGEST).position(|b| b == b'>').map(|n| n + 1)?;
    let whole = match name(rest).as_str() {
        "style" if inner != b'/' => end(1),
        "script" if inner != b'/' => end(2),
        _ => None,
    };
    Some(whole.unwrap_or(length))
}

/// The name of the tag that a text begins with, in lower case.
fn name(rest: &str) -> String {
    rest.trim_start_matches('<')
        .trim_start_matches('/')
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// Whether a text begins with a tag that begins or ends a block.
fn begins_block(rest: &str) -> bool {
    let name = name(rest);
    let blocks = ["p", "li", "tr", "br", "div", "section", "article", "table", "ul", "ol", "title"];
    let heading = name.len() == 2 && name.starts_with('h') && name != "hr";
    heading || blocks.contains(&name.as_str())
}

/// Blanks the quotations of a block: other people may say "may".
fn quotations(text: &str, block: Range<usize>, bytes: &mut [u8]) {
    let mut at = block.start;
    while let Some(n) = text[at..block.end].find(['"', '“']) {
        let open = at + n;
        let own = bytes[open] == text.as_bytes()[open];
        let (close, width) = if text[open..].starts_with('"') { ('"', 1) } else { ('”', 3) };
        at = open + width;
        let length = |(n, c): (usize, char)| (c == close).then_some(n + c.len_utf8());
        let end = text[at..block.end].char_indices().take(LONGEST).find_map(length);
        if let Some(length) = end.filter(|_| own) {
            let quotation = &mut bytes[open..at + length];
            quotation.iter_mut().filter(|b| **b != b'\n').for_each(|b| *b = b' ');
            at += length;
        }
    }
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
