//! Paragraphs, quotations and sentences of a text.
//!
//! A quotation that closes within its paragraph is never split: `"I came. I saw," he said.` is one
//! sentence, so that what is quoted and who is quoted stand together.

use std::ops::Range;

use crate::TextSpan;
use crate::statement::Act;
use crate::statement::content::ending;
use crate::statement::lexicon::{Inflection, verbs};
use crate::statement::phrase::adverb;
use crate::token::{Form, Token, tokens};

/// The most tokens of a sentence; a longer one is cut, so that no text takes long to read.
const LONGEST: usize = 1_000;

/// A quotation: the tokens of its marks and all between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Quotation {
    /// From the opening mark to behind the closing one, as indices of tokens.
    pub(crate) range: Range<usize>,
    /// Whether a closing mark was found; a quotation may go on in the next paragraph.
    pub(crate) closed: bool,
    /// Whether its marks are double ones.
    pub(crate) double: bool,
}

/// A text cut into tokens, paragraphs, sentences and quotations.
#[derive(Debug)]
pub(crate) struct Outline {
    /// Its tokens.
    pub(crate) tokens: Vec<Token>,
    /// Sentences as ranges of tokens, in order, without gaps.
    pub(crate) sentences: Vec<Range<usize>>,
    /// The paragraph of each sentence.
    pub(crate) paragraph: Vec<usize>,
    /// Quotations in order; single marks within double ones are not counted.
    pub(crate) quotations: Vec<Quotation>,
    /// For each token the quotation it stands in, marks included.
    pub(crate) quoted: Vec<Option<usize>>,
    /// For each token its sentence.
    pub(crate) sentence_of: Vec<usize>,
    /// Tokens that begin a line, in order.
    lines: Vec<usize>,
}

impl Outline {
    /// Reads a text.
    pub(crate) fn new(text: &str) -> Self {
        let tokens = tokens(text);
        let paragraphs = paragraphs(text, &tokens);
        let mut outline = Self {
            quoted: vec![None; tokens.len()],
            sentence_of: vec![0; tokens.len()],
            lines: gaps(text, &tokens, 1),
            tokens,
            sentences: Vec::new(),
            paragraph: Vec::new(),
            quotations: Vec::new(),
        };
        for (number, range) in paragraphs.into_iter().enumerate() {
            outline.quote(range.clone());
            outline.split(range, number);
        }
        outline
    }

    /// The place of a range of tokens.
    pub(crate) fn span(&self, range: &Range<usize>) -> TextSpan {
        let start = self.tokens[range.start].span.start;
        TextSpan { start, end: self.tokens[range.end - 1].span.end.max(start) }
    }

    /// The tokens that overlap with a place.
    pub(crate) fn range(&self, span: TextSpan) -> Range<usize> {
        let start = self.tokens.partition_point(|t| t.span.end <= span.start);
        let end = self.tokens.partition_point(|t| t.span.start < span.end);
        start..end.max(start)
    }

    /// The token at an index, if there is one.
    pub(crate) fn get(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at)
    }

    /// Whether a token stands within quotation marks (or is one).
    pub(crate) fn in_quote(&self, at: usize) -> bool {
        self.quoted.get(at).is_some_and(Option::is_some)
    }

    /// Whether a token opens a quotation.
    pub(crate) fn opens(&self, at: usize) -> bool {
        self.quotation(at).is_some_and(|q| q.range.start == at)
    }

    /// Whether a token opens a quotation between double marks that begins like a sentence.
    pub(crate) fn begins(&self, at: usize) -> bool {
        let quotation = self.quotation(at).filter(|q| q.double && q.range.start == at);
        quotation.is_some_and(|q| q.range.len() > 4)
            && self.tokens[at + 1..].iter().find(|t| t.wordy()).is_some_and(|t| t.capital)
    }

    /// Whether a token closes a quotation.
    pub(crate) fn closes(&self, at: usize) -> bool {
        self.quotation(at).is_some_and(|q| q.closed && q.range.end == at + 1)
    }

    /// The quotation a token stands in.
    pub(crate) fn quotation(&self, at: usize) -> Option<&Quotation> {
        self.quoted.get(at).copied().flatten().map(|q| &self.quotations[q])
    }

    /// Finds the quotations of a paragraph: with quotations in quotations, if all of them close.
    fn quote(&mut self, range: Range<usize>) {
        let nested =
            self.doubles(&range, true).filter(|found| found.iter().all(|(_, closed)| *closed));
        let found = nested.or_else(|| self.doubles(&range, false)).unwrap_or_default();
        for (range, closed) in found {
            self.add(range, closed, true);
        }
        self.singles(range);
    }

    /// Quotations between double marks, and whether they close; the outer ones where they nest.
    fn doubles(&self, range: &Range<usize>, nested: bool) -> Option<Vec<(Range<usize>, bool)>> {
        let mut found = Vec::new();
        let (mut open, mut depth) = (None, 0);
        for at in range.clone().filter(|&i| self.tokens[i].form == Form::Quote) {
            match open {
                None if self.may_open(at, range) => (open, depth) = (Some(at), 1),
                None => {}
                Some(_) if self.reopens(at) && !self.misprint(at) => depth += usize::from(nested),
                Some(start) => {
                    depth -= 1;
                    if depth == 0 {
                        found.push((start..at + 1, true));
                        open = None;
                    }
                }
            }
        }
        found.extend(open.map(|start| (start..range.end, false)));
        Some(found)
    }

    /// Whether an opening mark stands where only a closing one makes sense: ",“ said".
    fn misprint(&self, at: usize) -> bool {
        at > 0
            && matches!(self.tokens[at - 1].form, Form::Comma | Form::Stop)
            && self.tight_left(at)
            && !self.tight_right(at)
    }

    /// Whether a double mark can be the first of a pair.
    fn may_open(&self, at: usize, range: &Range<usize>) -> bool {
        let token = &self.tokens[at];
        match &*token.lower {
            "“" | "„" | "``" | "«" => true,
            "”" | "»" => false,
            _ => {
                at + 1 < range.end
                    && self.tight_right(at)
                    && !(self.tight_left(at) && self.tokens[at - 1].wordy())
            }
        }
    }

    /// Whether a mark that can only open stands where one is open already.
    fn reopens(&self, at: usize) -> bool {
        matches!(&*self.tokens[at].lower, "“" | "„" | "``" | "«")
    }

    /// Whether the next token follows without white space.
    fn tight_right(&self, at: usize) -> bool {
        self.get(at + 1).is_some_and(|next| next.span.start == self.tokens[at].span.end)
    }

    /// Whether the token before stands without white space.
    fn tight_left(&self, at: usize) -> bool {
        at > 0 && self.tokens[at - 1].span.end == self.tokens[at].span.start
    }

    /// Finds quotations between single marks, as headlines have them.
    fn singles(&mut self, range: Range<usize>) {
        let mut open: Option<usize> = None;
        for at in range {
            if self.tokens[at].form != Form::Single && !self.tokens[at].is("’") {
                continue;
            }
            if self.in_quote(at) {
                open = None;
            } else if self.tight_right(at) && !(self.tight_left(at) && self.tokens[at - 1].wordy())
            {
                open = Some(at);
            } else if let Some(start) = open.filter(|s| at - s <= 60 && self.tight_left(at)) {
                if (start..at).all(|t| !self.in_quote(t)) {
                    self.add(start..at + 1, true, false);
                }
                open = None;
            }
        }
    }

    /// Notes a quotation.
    fn add(&mut self, range: Range<usize>, closed: bool, double: bool) {
        let number = self.quotations.len();
        for at in range.clone() {
            self.quoted[at] = Some(number);
        }
        self.quotations.push(Quotation { range, closed, double });
    }

    /// Cuts a paragraph into sentences.
    fn split(&mut self, range: Range<usize>, paragraph: usize) {
        let mut start = range.start;
        for at in range.clone() {
            let end = at + 1;
            let long = end - start >= LONGEST;
            if end == range.end || long || self.ends(at) && self.may_begin(end) {
                for token in start..end {
                    self.sentence_of[token] = self.sentences.len();
                }
                self.sentences.push(start..end);
                self.paragraph.push(paragraph);
                start = end;
            }
        }
    }

    /// Whether a token begins a line.
    fn breaks(&self, at: usize) -> bool {
        self.lines.binary_search(&at).is_ok()
    }

    /// Whether a sentence may end with this token.
    fn ends(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        if let Some(last) = ending(self, at).filter(|_| self.closes(at)) {
            return if self.breaks(at + 1) {
                last.form == Form::Stop
            } else if last.is(".") {
                !self.tagged(at + 1)
            } else {
                last.form == Form::Stop && !self.attributed(at + 1)
            };
        }
        let free = self.quotation(at).is_none_or(|q| !q.closed);
        let closing = token.among(&[")", "]"]) && at > 0 && self.tokens[at - 1].form == Form::Stop;
        free && (token.form == Form::Stop || closing)
    }

    /// Whether words behind a question or exclamation say who asked: a verb before the next mark.
    fn attributed(&self, from: usize) -> bool {
        let rest = &self.tokens[from.min(self.tokens.len())..];
        // "“Is it over?” Later, he claimed that …" goes on about something else.
        let near = rest.iter().take(8).take_while(|t| t.wordy() || t.form == Form::Comma);
        let verb = near.enumerate().find(|(_, t)| speaks(t)).map(|(i, _)| i);
        let apart = rest.first().is_some_and(adverb);
        verb.is_some_and(|v| !apart && rest.get(v + 1).is_none_or(|t| !t.is("that")))
    }

    /// Whether nothing but who said it and that it was said stands before the next full stop: a
    /// quotation that ends in one is followed by "Trump said.", as a misprint for a comma.
    fn tagged(&self, from: usize) -> bool {
        let rest = &self.tokens[from.min(self.tokens.len())..];
        let words = rest.iter().take(6).take_while(|t| t.wordy()).count();
        words > 1
            && rest.get(words).is_some_and(|t| t.form == Form::Stop)
            && speaks(&rest[words - 1])
    }

    /// Whether a sentence may begin with this token.
    fn may_begin(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        token.capital
            || self.opens(at)
            || matches!(token.form, Form::Number | Form::Dash | Form::Quote | Form::Single)
            || matches!(&*token.lower, "(" | "[" | "•" | "*")
    }
}

/// Whether a word is a finite verb that quotes.
fn speaks(token: &Token) -> bool {
    !token.capital
        && verbs(&token.lower).is_some_and(|(verbs, inflection)| {
            matches!(inflection, Inflection::Past | Inflection::Third)
                && verbs.iter().any(|v| v.takes('q') && v.act == Act::Saying)
        })
}

/// Ranges of tokens without a blank line between. A text without blank lines and with long lines has
/// a paragraph a line.
fn paragraphs(text: &str, tokens: &[Token]) -> Vec<Range<usize>> {
    let blank = gaps(text, tokens, 2);
    let lines = gaps(text, tokens, 1);
    let long = text.len() > 90 * (lines.len() + 1);
    let cuts = if blank.is_empty() && long { lines } else { blank };
    let mut start = 0;
    let mut found = Vec::new();
    for end in cuts.into_iter().chain([tokens.len()]) {
        if end > start {
            found.push(start..end);
        }
        start = end;
    }
    found
}

/// Indices of tokens before which at least `lines` ends of line stand.
fn gaps(text: &str, tokens: &[Token], lines: usize) -> Vec<usize> {
    (1..tokens.len())
        .filter(|&i| {
            let between = &text[tokens[i - 1].span.end..tokens[i].span.start];
            between.matches('\n').count() >= lines
        })
        .collect()
}
