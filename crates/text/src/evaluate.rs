//! How well an engine finds the statements that people marked.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Serialize;

use crate::TextSpan;
use crate::brat::{AnnotatedText, Annotation, BratError, read};
use crate::sentence::Outline;
use crate::statement::{Engine, Outermost, ReportedStatement, Speech, reported};

/// How well the statements found agree with those that people marked, in percent.
///
/// # Model
/// Each file of annotations is compared with what is found in its text, and counts are added up over
/// all files.
///
/// - A found cue and a marked one **match** if they share at least one token (a word or mark at the
///   same place). Pairs are one to one: those that share most tokens first, then in the order of the
///   text. `cue_f` is `2 m / (found + marked)` for `m` pairs.
/// - **Content** is right where it belongs to a pair of matching cues and `|A ∩ B| / |A ∪ B| ≥ 1/2`
///   for the words `A` found and `B` marked, a word being counted at its place.
///   `content_f` is `2 c / (found + marked)`.
/// - A **source** is right where it belongs to a pair of matching cues and shares a word with the
///   marked one. `source_f` is `2 s / (found sources + marked sources)`.
/// - `whole_f` counts pairs of matching cues whose content and source are both right (no source on
///   either side is right, too): `2 w / (found + marked)`.
/// - **Direct** statements have nine tenths of the words of their content between quotation marks, by
///   the same rule for what is found and what is marked. `direct_p` is the share of those found whose
///   content is, by the measure above, that of a marked attribution, whatever its cue; `direct_r` the
///   share of those marked whose content is that of a statement found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EngineScores {
    /// F1 of cues.
    pub cue_f: f64,
    /// F1 of contents, given the cue.
    pub content_f: f64,
    /// F1 of sources, given the cue.
    pub source_f: f64,
    /// F1 of statements right in cue, content and source.
    pub whole_f: f64,
    /// Precision of direct quotations.
    pub direct_p: f64,
    /// Recall of direct quotations.
    pub direct_r: f64,
    /// Precision of cues.
    pub cue_p: f64,
    /// Recall of cues.
    pub cue_r: f64,
    /// Files of annotations.
    pub documents: usize,
    /// Attributions that people marked.
    pub marked: usize,
    /// Statements that were found.
    pub found: usize,
}

/// How well the rules, as [`Outermost`], agree with the annotations of a folder (see [`crate::brat`]).
///
/// # Errors
/// If the folder cannot be read as annotations.
pub fn evaluate(folder: &Path) -> Result<EngineScores, BratError> {
    Ok(agreement(&Outermost, &read(folder)?))
}

/// How well an engine agrees with annotations.
#[must_use]
pub fn agreement(engine: &dyn Engine, annotated: &[AnnotatedText]) -> EngineScores {
    let mut counts = Counts::default();
    let mut last: Option<(&str, Vec<ReportedStatement>)> = None;
    for document in annotated {
        // Two people may have marked one text: it is read once.
        if last.as_ref().is_none_or(|(text, _)| *text != document.text) {
            last = Some((&document.text, engine.statements(&document.text)));
        }
        if let Some((_, statements)) = &last {
            counts.add(document, statements);
        }
    }
    counts.agreement(annotated.len())
}

/// What is counted.
#[derive(Debug, Default)]
struct Counts {
    found: usize,
    marked: usize,
    found_sources: usize,
    marked_sources: usize,
    cues: usize,
    contents: usize,
    sources: usize,
    wholes: usize,
    direct_found: usize,
    direct_found_right: usize,
    direct_marked: usize,
    direct_marked_right: usize,
}

/// The tokens of a statement's parts.
struct Tokens {
    cue: BTreeSet<usize>,
    content: BTreeSet<usize>,
    source: BTreeSet<usize>,
    direct: bool,
}

impl Counts {
    /// Adds a document.
    fn add(&mut self, document: &AnnotatedText, statements: &[ReportedStatement]) {
        let outline = Outline::new(&document.text);
        let found: Vec<Tokens> = statements.iter().map(|s| of_statement(&outline, s)).collect();
        let marked: Vec<Tokens> =
            document.attributions.iter().map(|a| of_attribution(&outline, a)).collect();
        self.found += found.len();
        self.marked += marked.len();
        self.found_sources += found.iter().filter(|t| !t.source.is_empty()).count();
        self.marked_sources += marked.iter().filter(|t| !t.source.is_empty()).count();
        for (f, m) in pairs(&found, &marked) {
            let (f, m) = (&found[f], &marked[m]);
            let content = alike(&f.content, &m.content);
            let source = !f.source.is_disjoint(&m.source);
            let neither = f.source.is_empty() && m.source.is_empty();
            self.cues += 1;
            self.contents += usize::from(content);
            self.sources += usize::from(source);
            self.wholes += usize::from(content && (source || neither));
        }
        self.direct(&found, &marked);
    }

    /// Adds the direct statements of a document.
    fn direct(&mut self, found: &[Tokens], marked: &[Tokens]) {
        let right = |one: &Tokens, others: &[Tokens]| {
            others.iter().any(|o| alike(&one.content, &o.content))
        };
        for one in found.iter().filter(|t| t.direct) {
            self.direct_found += 1;
            self.direct_found_right += usize::from(right(one, marked));
        }
        for one in marked.iter().filter(|t| t.direct) {
            self.direct_marked += 1;
            self.direct_marked_right += usize::from(right(one, found));
        }
    }

    /// The shares, in percent.
    fn agreement(&self, documents: usize) -> EngineScores {
        let f = |right: usize, found: usize, marked: usize| percent(2 * right, found + marked);
        EngineScores {
            cue_f: f(self.cues, self.found, self.marked),
            content_f: f(self.contents, self.found, self.marked),
            source_f: f(self.sources, self.found_sources, self.marked_sources),
            whole_f: f(self.wholes, self.found, self.marked),
            direct_p: percent(self.direct_found_right, self.direct_found),
            direct_r: percent(self.direct_marked_right, self.direct_marked),
            cue_p: percent(self.cues, self.found),
            cue_r: percent(self.cues, self.marked),
            documents,
            marked: self.marked,
            found: self.found,
        }
    }
}

/// A share in percent; nothing of nothing is 0.
fn percent(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { 100.0 * part as f64 / whole as f64 }
}

/// Whether two sets of words have at least half of their union in common.
fn alike(a: &BTreeSet<usize>, b: &BTreeSet<usize>) -> bool {
    let common = a.intersection(b).count();
    common > 0 && 2 * common >= a.len() + b.len() - common
}

/// Pairs of found and marked statements by their cues, one to one.
fn pairs(found: &[Tokens], marked: &[Tokens]) -> Vec<(usize, usize)> {
    let mut candidates: Vec<(usize, usize, usize)> = Vec::new();
    for (f, one) in found.iter().enumerate() {
        for (m, other) in marked.iter().enumerate() {
            let common = one.cue.intersection(&other.cue).count();
            if common > 0 {
                candidates.push((usize::MAX - common, f, m));
            }
        }
    }
    candidates.sort_unstable();
    let (mut used_found, mut used_marked) = (BTreeSet::new(), BTreeSet::new());
    let mut pairs = Vec::new();
    for (_, f, m) in candidates {
        if !used_found.contains(&f) && !used_marked.contains(&m) {
            used_found.insert(f);
            used_marked.insert(m);
            pairs.push((f, m));
        }
    }
    pairs
}

/// The tokens of a statement that was found.
fn of_statement(outline: &Outline, statement: &ReportedStatement) -> Tokens {
    Tokens {
        cue: within(outline, &[statement.cue], false),
        content: within(outline, &statement.content, true),
        source: within(outline, statement.source.as_slice(), true),
        direct: statement.speech == Speech::Direct,
    }
}

/// The tokens of an attribution that was marked.
fn of_attribution(outline: &Outline, attribution: &Annotation) -> Tokens {
    Tokens {
        cue: within(outline, &attribution.cue, false),
        content: within(outline, &attribution.content, true),
        source: within(outline, &attribution.source, true),
        direct: reported(outline, &attribution.content) == Speech::Direct,
    }
}

/// The tokens that overlap with spans; words alone, if so asked.
fn within(outline: &Outline, spans: &[TextSpan], words: bool) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    for span in spans {
        let first = outline.tokens.partition_point(|t| t.span.end <= span.start);
        let inside = outline.tokens[first..].iter().take_while(|t| t.span.start < span.end);
        found.extend(
            inside.enumerate().filter(|(_, t)| !words || t.wordy()).map(|(i, _)| first + i),
        );
    }
    found
}
