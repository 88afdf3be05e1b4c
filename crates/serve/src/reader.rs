//! How documents are read here: by whoever starts the workbench, since this crate knows no language.

use std::path::Path;

use winset_model::case::Case;

/// Reads a text that somebody pasted, for a case and its folder. Its error is said to whoever pasted it.
pub type DocumentReader = fn(&Case, Option<&Path>, &str) -> Result<ReadDocument, String>;

/// A text with the entries it proposes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadDocument {
    /// The text as it was read.
    pub text: String,
    /// The entries, in the order of the text.
    pub entries: Vec<ReadEntry>,
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
