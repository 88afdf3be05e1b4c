//! What the check of a text's wording found.

use serde::Serialize;

/// What was found in a text.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LintReport {
    /// `winset/lint/1`.
    pub schema: &'static str,
    /// The file.
    pub file: String,
    /// The findings, in the order of the text.
    pub findings: Vec<LintRow>,
}

/// A place of a text.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LintRow {
    /// A stable code.
    pub code: &'static str,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// How many characters.
    pub length: usize,
    /// What is wrong there.
    pub message: String,
    /// What to do.
    pub hint: String,
}

impl LintReport {
    /// The findings in a file.
    pub fn new(file: &str, found: &[winset_page::lint::Finding]) -> Self {
        let row = |f: &winset_page::lint::Finding| LintRow {
            code: f.code.id(),
            line: f.line,
            column: f.column,
            length: f.length,
            message: f.message.clone(),
            hint: f.hint.clone(),
        };
        Self {
            schema: "winset/lint/1",
            file: file.to_owned(),
            findings: found.iter().map(row).collect(),
        }
    }
}
