//! Negotiation domains as Genius writes them: XML in, XML out, and a case to start from.
//!
//! A folder holds one domain (`negotiation_template`) and one profile per side
//! (`utility_space`). This module knows the file format; what a package is worth is computed in
//! [`winset_model::theory::domain`].

mod folder;
mod profile;
mod skeleton;
mod write;
mod xml;

pub use folder::{is_domain, load, parse};
pub use skeleton::case_skeleton;
pub use write::{Description, IssueDescription, ProfileDescription, write_domain, write_profile};

use std::path::PathBuf;

/// The number of steps into which a real-valued issue is cut, both ends included, unless the
/// file says otherwise; the number Genius uses.
pub const REAL_STEPS: usize = 21;

/// What is wrong with a Genius folder, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{}: {}; expected {}\n\nhint: {}", .file.display(), crate::diagnostic::after_colon(fault.line), fault.message, fault.expected, fault.hint)]
pub struct GeniusError {
    /// The file or folder at fault.
    pub file: PathBuf,
    /// What is wrong in it.
    pub fault: GeniusFault,
    /// Whether reading failed rather than the content.
    pub io: bool,
}

/// What is wrong in one text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeniusFault {
    /// The line, from 1; 0 when the trouble has no line.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// What was expected instead.
    pub expected: String,
    /// What to do about it.
    pub hint: String,
}

impl GeniusFault {
    pub(crate) fn new(
        line: usize,
        message: impl Into<String>,
        expected: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self { line, message: message.into(), expected: expected.into(), hint: hint.into() }
    }

    pub(crate) fn in_file(self, file: impl Into<PathBuf>) -> GeniusError {
        GeniusError { file: file.into(), fault: self, io: false }
    }
}
