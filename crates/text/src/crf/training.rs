//! Training of the two fields on annotated texts.

use std::ops::Range;
use std::path::Path;

use crfs::{Attribute, Trainer};
use serde::Serialize;

use super::feature::Page;
use super::file::{CrfError, write};
use super::gap;
use crate::TextSpan;
use crate::brat::{AnnotatedText, Annotation, read};
use crate::sentence::Outline;

/// What was trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct TrainingOutcome {
    /// Files of annotations.
    pub documents: usize,
    /// Attributions in them.
    pub attributions: usize,
    /// Bytes of the file of weights.
    pub bytes: usize,
}

/// Items that are given to the optimiser as one sequence. It goes over all weights once a sequence,
/// so many short sequences would cost more than the items themselves.
const BLOCK: usize = 20_000;

/// Steps of the optimiser. The likelihood still grows by a hundredth a step when they end, so that this
/// holds weights back, too, and the constants below go with it. Judgement.
const STEPS: usize = 40;

/// How strongly large weights are held back in the field of cues. By cross-validation, see the table in
/// `docs/src/guide/documents.md`: with 1 contents and cues agree 0.3 worse, which may be chance.
const HELD_CUES: f64 = 2.5;

/// The same in the field of roles. With 3 contents agree a quarter of a point worse on a held-out fifth.
const HELD_ROLES: f64 = 1.0;

/// Trains on the annotations of a folder (see [`crate::brat`]) and writes the weights to a file,
/// which is there whole or not at all.
///
/// # Errors
/// If the folder cannot be read as annotations or holds too few, or the file cannot be written.
pub fn train(folder: &Path, out: &Path) -> Result<TrainingOutcome, CrfError> {
    train_on(&read(folder)?, out)
}

/// Trains on annotations that are read already; see [`train`].
///
/// # Errors
/// If there are too few annotations, or the file cannot be written.
pub fn train_on(annotated: &[AnnotatedText], out: &Path) -> Result<TrainingOutcome, CrfError> {
    let attributions = annotated.iter().map(|a| a.attributions.len()).sum();
    if attributions == 0 {
        return Err(CrfError::TooFew);
    }
    // The two know nothing of each other, and each takes one core.
    let (cues, roles) = std::thread::scope(|scope| {
        let cues = scope.spawn(|| cue_field(annotated));
        let roles = role_field(annotated);
        (cues.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), roles)
    });
    let (cues, roles) = (cues?, roles?);
    let bytes = write(out, &cues, &roles)?;
    Ok(TrainingOutcome { documents: annotated.len(), attributions, bytes })
}

/// The field of cues.
fn cue_field(annotated: &[AnnotatedText]) -> Result<Vec<u8>, CrfError> {
    field(2.0, HELD_CUES, &|rows| {
        each(annotated, &mut |page, marked| {
            for sentence in 0..page.items.len() {
                rows.push(page.cue_features(sentence), cue_labels(page, sentence, marked));
            }
        });
    })
}

/// The field of roles.
fn role_field(annotated: &[AnnotatedText]) -> Result<Vec<u8>, CrfError> {
    field(3.0, HELD_ROLES, &|rows| {
        each(annotated, &mut |page, marked| {
            for one in marked {
                rows.push(page.role_features(&one.cue), role_labels(page, one));
            }
        });
    })
}

/// Reads each text anew, so that one is held at a time.
fn each(annotated: &[AnnotatedText], visit: &mut dyn FnMut(&Page, &[TokenAnnotation])) {
    for document in annotated {
        let outline = Outline::new(&document.text);
        let marked: Vec<TokenAnnotation> =
            document.attributions.iter().filter_map(|a| marked(&outline, a)).collect();
        visit(&Page::new(&outline), &marked);
    }
}

/// Fits a field to rows and gives its bytes; attributes that occur less than `least` times are left
/// out, and `held` times the squares of the weights is added to what is made small.
fn field(least: f64, held: f64, feed: &dyn Fn(&mut Rows)) -> Result<Vec<u8>, CrfError> {
    let mut trainer = Trainer::lbfgs();
    let mut append =
        |items: &[Vec<Attribute>], labels: &[&'static str]| trainer.append(items, labels);
    let mut rows =
        Rows { append: &mut append, items: vec![gap()], labels: vec!["O"], failed: Ok(()) };
    feed(&mut rows);
    rows.flush();
    rows.failed.map_err(CrfError::Fit)?;
    let params = trainer.params_mut();
    params.set_c2(held).map_err(CrfError::Fit)?;
    params.set_max_iterations(STEPS).map_err(CrfError::Fit)?;
    trainer.set_feature_minfreq(least).map_err(CrfError::Fit)?;
    // The library writes to a path alone.
    let folder = tempfile::tempdir().map_err(CrfError::Fit)?;
    let path = folder.path().join("field");
    trainer.train(&path).map_err(CrfError::Fit)?;
    std::fs::read(&path).map_err(CrfError::Fit)
}

/// An attribution in tokens.
struct TokenAnnotation {
    cue: Range<usize>,
    source: Vec<Range<usize>>,
    content: Vec<Range<usize>>,
}

/// An attribution's tokens; `None` where its cue has none.
fn marked(outline: &Outline, attribution: &Annotation) -> Option<TokenAnnotation> {
    let ranges = |spans: &[TextSpan]| {
        spans.iter().map(|s| outline.range(*s)).filter(|r| !r.is_empty()).collect::<Vec<_>>()
    };
    let cue = ranges(&attribution.cue).into_iter().next()?;
    Some(TokenAnnotation {
        cue,
        source: ranges(&attribution.source),
        content: ranges(&attribution.content),
    })
}

/// The labels of a sentence's items in the field of cues.
fn cue_labels(page: &Page, sentence: usize, marked: &[TokenAnnotation]) -> Vec<&'static str> {
    let label = |range: &Range<usize>| {
        let inside = marked.iter().find(|m| m.cue.start < range.end && range.start < m.cue.end);
        match inside {
            Some(m) if range.contains(&m.cue.start) => "B",
            Some(_) => "I",
            None => "O",
        }
    };
    page.items[sentence].iter().map(|i| if i.quotation { "O" } else { label(&i.range) }).collect()
}

/// The labels of a sentence's items in the field of roles, for one attribution.
fn role_labels(page: &Page, marked: &TokenAnnotation) -> Vec<&'static str> {
    let within = |ranges: &[Range<usize>], item: &Range<usize>| {
        let common: usize = ranges
            .iter()
            .map(|r| r.end.min(item.end).saturating_sub(r.start.max(item.start)))
            .sum();
        2 * common >= item.len()
    };
    let label = |item: &Range<usize>| {
        if item.start < marked.cue.end && marked.cue.start < item.end {
            "K"
        } else if within(&marked.source, item) {
            "S"
        } else if within(&marked.content, item) {
            "C"
        } else {
            "O"
        }
    };
    bounded(page.window(&marked.cue).iter().map(|i| label(&i.range)).collect())
}

/// Labels with the first item of each run of content as `L` and its last, where that is another, as
/// `R`: what begins and what ends a content looks unlike what stands within.
fn bounded(labels: Vec<&'static str>) -> Vec<&'static str> {
    let content = |at: usize| labels.get(at) == Some(&"C");
    let label = |at: usize| match labels[at] {
        "C" if at == 0 || !content(at - 1) => "L",
        "C" if !content(at + 1) => "R",
        other => other,
    };
    (0..labels.len()).map(label).collect()
}

/// How the optimiser takes a sequence of items and labels.
type Append<'a> = &'a mut dyn FnMut(&[Vec<Attribute>], &[&'static str]) -> std::io::Result<()>;

/// Labelled rows of items on their way to the optimiser.
struct Rows<'a> {
    append: Append<'a>,
    items: Vec<Vec<Attribute>>,
    labels: Vec<&'static str>,
    failed: std::io::Result<()>,
}

impl Rows<'_> {
    /// Adds a row.
    fn push(&mut self, items: Vec<Vec<Attribute>>, labels: Vec<&'static str>) {
        self.items.extend(items);
        self.labels.extend(labels);
        self.items.push(gap());
        self.labels.push("O");
        if self.items.len() >= BLOCK {
            self.flush();
        }
    }

    /// Hands over what was gathered.
    fn flush(&mut self) {
        if self.failed.is_ok() {
            self.failed = (self.append)(&self.items, &self.labels);
        }
        self.items = vec![gap()];
        self.labels = vec!["O"];
    }
}
