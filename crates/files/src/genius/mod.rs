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
#[error("{}{}: {message}; expected {expected}\n\nhint: {hint}", .file.display(), crate::diagnostic::after_colon(*line))]
pub struct GeniusError {
    /// The file or folder at fault.
    pub file: PathBuf,
    /// The line, from 1; 0 when the trouble has no line.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// What was expected instead.
    pub expected: String,
    /// What to do about it.
    pub hint: String,
    /// Whether reading failed rather than the content.
    pub io: bool,
}

/// Trouble inside one text, before the file is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub(crate) line: usize,
    pub(crate) message: String,
    pub(crate) expected: String,
    pub(crate) hint: String,
}

impl Trouble {
    pub(crate) fn new(
        line: usize,
        message: impl Into<String>,
        expected: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self { line, message: message.into(), expected: expected.into(), hint: hint.into() }
    }

    pub(crate) fn in_file(self, file: impl Into<PathBuf>) -> GeniusError {
        GeniusError {
            file: file.into(),
            line: self.line,
            message: self.message,
            expected: self.expected,
            hint: self.hint,
            io: false,
        }
    }
}
