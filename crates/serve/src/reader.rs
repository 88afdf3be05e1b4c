//! How documents are read here: by whoever starts the workbench, since this crate knows no language.

use std::path::Path;

use winset_model::case::Case;

/// The link and the text of an entry.
pub type LinkedText<'a> = (&'a str, &'a str);

/// What is done with a text that somebody pasted. An error is said to whoever pasted it.
#[derive(Clone, Copy, Debug)]
pub struct DocumentReader {
    /// Reads it, for a case and its folder.
    pub read: fn(&Case, Option<&Path>, &str) -> Result<ReadDocument, String>,
    /// Keeps it in the folder, as it came, for entries that are about to be saved.
    /// Refuses an entry whose link names the text and whose words do not stand there.
    pub keep: fn(&Path, &str, &[LinkedText<'_>]) -> Result<(), String>,
}

/// A text with the entries it proposes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadDocument {
    /// The text as it was read.
    pub text: String,
    /// The entries, in the order of the text.
    pub entries: Vec<ReadEntry>,
    /// The link to all its words, for an entry that a person makes of them.
    pub link: String,
}

/// A proposed entry of the record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadEntry {
    /// Columns of the record with what stands in them.
    pub fields: Vec<(String, String)>,
    /// The first byte of its words in the text.
    pub start: usize,
    /// One past their last byte.
    pub end: usize,
}
