//! A text that somebody pastes into the workbench: read by the rules, and kept when an entry of it is saved.

use std::path::Path;

use winset_files::record::COLUMNS;
use winset_model::case::Case;
use winset_serve::{DocumentReader, ReadDocument, ReadEntry};
use winset_text::document;
use winset_text::proposal::{Published, propose_with};
use winset_text::statement::Outermost;

use super::{kept, setting};

/// What the workbench does with a text that somebody pasted.
pub(crate) const READER: DocumentReader = DocumentReader { read, keep };

/// The name by which a pasted text is read.
const NAME: &str = "pasted.txt";

/// What a text proposes, as rows of a record. Their links say where it is kept once one of them is saved.
fn read(case: &Case, folder: Option<&Path>, text: &str) -> Result<ReadDocument, String> {
    let setting = setting::setting(case, folder).map_err(|e| e.to_string())?;
    let read = document::read(NAME, text.as_bytes()).map_err(|e| e.to_string())?;
    let document = read.into_iter().next().unwrap_or_default();
    // A pasted text is as old as the case sees it, unless it says its own day.
    let day = document.published.or_else(|| case.as_of.date());
    let day = day.ok_or("the case's day is none of the calendar")?;
    let about = Published { day, by: document.publisher.as_deref(), origin: None };
    let found = propose_with(&Outermost, &document, &setting, about);
    let link = |start, end| kept::address(&kept::name(&document), document.item, start, end);
    let entries = found.iter().map(|p| {
        let draft = crate::review::draft(Path::new(""), p).with("link", &link(p.start, p.end));
        let cell = |column: &&str| ((*column).to_owned(), draft.get(column).to_owned());
        let fields = COLUMNS.iter().map(cell).filter(|(_, text)| !text.is_empty()).collect();
        ReadEntry { fields, start: p.start, end: p.end }
    });
    let entries = entries.collect();
    let start = document.text.len() - document.text.trim_start().len();
    let link = link(start, document.text.trim_end().len());
    Ok(ReadDocument { entries, link, text: document.text.clone() })
}

/// Keeps a text where one of the entries points to it, whose words must stand there.
fn keep(folder: &Path, text: &str, entries: &[(&str, &str)]) -> Result<(), String> {
    let documents = document::read(NAME, text.as_bytes()).map_err(|e| e.to_string())?;
    let Some(first) = documents.first() else { return Ok(()) };
    let place = format!("{}/{}#", kept::DOCUMENTS, kept::name(first));
    let own = |entry: &&(&str, &str)| entry.0.starts_with(&place);
    let mut keeps = false;
    for (link, words) in entries.iter().filter(own) {
        let why = |why| format!("{why}: put the words back, or leave `link` blank");
        kept::stands(&documents, &link[place.len()..], words).map_err(why)?;
        keeps = true;
    }
    if keeps {
        kept::keep(folder, first, text.as_bytes()).map_err(|e| e.to_string())?;
    }
    Ok(())
}
