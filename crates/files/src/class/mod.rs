//! Reference classes as files: those that are shipped, and own tables of past cases.

mod file;
pub mod sources;
mod table;

pub use file::{ClassScores, HEADER, ShippedClass, read as read_class, render};
pub(crate) use table::line_at;
pub use table::{COLUMNS, PastTable, read as read_table};

use std::path::Path;

use crate::case::table_text;
use crate::diagnostic::{Findings, Source};

/// The shipped classes: name and text, in the order they are listed.
pub const SHIPPED: [(&str, &str); 5] = [
    ("crisis", include_str!("../../../../classes/crisis.toml")),
    ("mediated", include_str!("../../../../classes/mediated.toml")),
    ("formation-election", include_str!("../../../../classes/formation-election.toml")),
    ("formation-other", include_str!("../../../../classes/formation-other.toml")),
    ("strike", include_str!("../../../../classes/strike.toml")),
];

/// A shipped class by its name; `None` if there is none of that name.
pub fn shipped(name: &str) -> Option<ShippedClass> {
    let (name, text) = SHIPPED.iter().find(|(known, _)| *known == name)?;
    let source = Source { name: format!("classes/{name}.toml"), text: (*text).to_owned() };
    read_class(&source, &mut Findings::default())
}

/// The text of an own table.
///
/// # Errors
/// If the file cannot be read; what is wrong with its size or encoding is a finding.
pub fn open(path: &Path, findings: &mut Findings) -> Result<Source, std::io::Error> {
    table_text(path, "a table", findings)
}
