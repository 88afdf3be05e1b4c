//! Attributions annotated by people, in the stand-off format of the annotation tool *brat*.
//!
//! A folder holds `text/NAME.txt` and `attributions/NAME.ann` or `attributions/NAME_ANNOTATOR.ann`.
//! A line `T1⇥Cue 13 18⇥calls` names a place in characters, parts parted by `;`; a line
//! `E1⇥Attribution:T4 Content:T3 Cue:T2 Source:T1` names an attribution's parts. Other lines are
//! skipped, as such files hold notes, too.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::TextSpan;

/// An attribution as a person marked it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// Places of the source; empty where there is none.
    pub source: Vec<TextSpan>,
    /// Places of the cue.
    pub cue: Vec<TextSpan>,
    /// Places of the content.
    pub content: Vec<TextSpan>,
}

/// A text and what one person marked in it.
#[derive(Debug, Clone)]
pub struct AnnotatedText {
    /// The name of the file of annotations, without its ending.
    pub name: String,
    /// The text.
    pub text: String,
    /// What is marked, in the order of the cues.
    pub attributions: Vec<Annotation>,
}

/// Why a folder of annotations could not be read.
#[derive(Debug, thiserror::Error)]
pub enum BratError {
    /// A file or folder could not be read.
    #[error("cannot read `{}`: {source}\n\nhint: a folder of annotations holds `text/NAME.txt` and `attributions/NAME.ann`", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file of annotations has no text.
    #[error("`{}` has no text\n\nhint: expected `text/NAME.txt`, where the annotations are `NAME.ann` or `NAME_ANNOTATOR.ann`", path.display())]
    NoText {
        /// The annotations.
        path: PathBuf,
    },
    /// A place lies behind the end of the text.
    #[error("`{}`, line {line}: characters {place} lie behind the end of the text\n\nhint: places are counted in characters, not bytes, from 0", path.display())]
    Place {
        /// The annotations.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is written.
        place: String,
    },
    /// The folder holds no annotations.
    #[error("`{}` holds no file that ends in `.ann`", path.display())]
    Empty {
        /// The folder.
        path: PathBuf,
    },
}

/// Reads all annotations of a folder, in the order of their names.
///
/// # Errors
/// If a file cannot be read or is no UTF-8, annotations have no text, or a place lies outside it.
pub fn read(folder: &Path) -> Result<Vec<AnnotatedText>, BratError> {
    let annotations = folder.join("attributions");
    let listed = std::fs::read_dir(&annotations)
        .map_err(|source| BratError::Read { path: annotations.clone(), source })?;
    let mut paths: Vec<PathBuf> = listed
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "ann"))
        .collect();
    paths.sort();
    if paths.is_empty() {
        return Err(BratError::Empty { path: annotations });
    }
    paths.iter().map(|path| annotated(folder, path)).collect()
}

/// Reads one file of annotations and its text.
fn annotated(folder: &Path, path: &Path) -> Result<AnnotatedText, BratError> {
    let load = |path: &Path| {
        std::fs::read_to_string(path)
            .map_err(|source| BratError::Read { path: path.to_owned(), source })
    };
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let text = folder.join("text");
    let candidates = [Some(&*name), name.rsplit_once('_').map(|(stem, _)| stem)];
    let text = candidates
        .into_iter()
        .flatten()
        .map(|stem| text.join(format!("{stem}.txt")))
        .find(|p| p.exists())
        .ok_or_else(|| BratError::NoText { path: path.to_owned() })?;
    let text = load(&text)?;
    let attributions = parse(&load(path)?, &text, path)?;
    Ok(AnnotatedText { name, text, attributions })
}

/// Reads the lines of a file of annotations.
fn parse(annotations: &str, text: &str, path: &Path) -> Result<Vec<Annotation>, BratError> {
    let mut bytes: Vec<usize> = text.char_indices().map(|(i, _)| i).collect();
    bytes.push(text.len());
    let mut places: BTreeMap<&str, (&str, Vec<TextSpan>)> = BTreeMap::new();
    let mut found = Vec::new();
    for (number, line) in annotations.lines().enumerate() {
        let mut fields = line.split('\t');
        let (Some(id), Some(body)) = (fields.next(), fields.next()) else { continue };
        match id.chars().next() {
            Some('T') => {
                let Some((kind, offsets)) = body.split_once(' ') else { continue };
                let spans = spans(offsets, &bytes).ok_or_else(|| BratError::Place {
                    path: path.to_owned(),
                    line: number + 1,
                    place: offsets.to_owned(),
                })?;
                places.insert(id, (kind, spans));
            }
            Some('E') => found.push(body),
            _ => {}
        }
    }
    let mut attributions: Vec<Annotation> =
        found.into_iter().filter_map(|body| event(body, &places)).collect();
    attributions.sort_by_key(|a| a.cue.first().copied());
    Ok(attributions)
}

/// The places `13 18;20 25` in bytes; `None` where one lies outside the text.
fn spans(offsets: &str, bytes: &[usize]) -> Option<Vec<TextSpan>> {
    offsets
        .split(';')
        .map(|part| {
            let (start, end) = part.trim().split_once(' ')?;
            let at = |n: &str| n.trim().parse::<usize>().ok().and_then(|n| bytes.get(n).copied());
            let (start, end) = (at(start)?, at(end)?);
            (start <= end).then_some(TextSpan { start, end })
        })
        .collect()
}

/// An attribution of its named parts; `None` where cue or content is missing.
fn event(body: &str, places: &BTreeMap<&str, (&str, Vec<TextSpan>)>) -> Option<Annotation> {
    let mut attribution = Annotation { source: Vec::new(), cue: Vec::new(), content: Vec::new() };
    for part in body.split_whitespace() {
        let (_, id) = part.split_once(':')?;
        let Some((kind, spans)) = places.get(id) else { continue };
        match *kind {
            "Source" => attribution.source.extend(spans),
            "Cue" => attribution.cue.extend(spans),
            "Content" => attribution.content.extend(spans),
            _ => {}
        }
    }
    for spans in [&mut attribution.source, &mut attribution.cue, &mut attribution.content] {
        spans.sort_unstable();
    }
    (!attribution.cue.is_empty() && !attribution.content.is_empty()).then_some(attribution)
}
