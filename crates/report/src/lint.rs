//! What the check of a text's wording found.

use serde::Serialize;
use winset_page::lint::Finding;

/// What was found in a text.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LintReport {
    /// `winset/lint/1`.
    pub schema: &'static str,
    /// The file.
    pub file: String,
    /// The findings, in the order of the text.
    pub findings: Vec<Finding>,
}

impl LintReport {
    /// The findings in a file.
    pub fn new(file: &str, found: &[Finding]) -> Self {
        Self { schema: "winset/lint/1", file: file.to_owned(), findings: found.to_vec() }
    }
}
