//! What was found in the files of a case, and what a command says when it fails, as `--json` prints it.

use std::path::Path;

use serde::Serialize;
use winset_files::case::CaseFiles;
use winset_files::diagnostic::{Diagnostic, LineStarts, MOST_LISTED, Severity, Source};
use winset_page::text::shell_path;

/// What is wrong with the files of a case, on stderr.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DiagnosticsReport {
    /// `winset/diagnostics/1`.
    pub schema: &'static str,
    /// Everything found, in the order of the files; of more than a thousand the first thousand.
    pub diagnostics: Vec<DiagnosticRow>,
}

/// What is wrong, and what to do about it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Advice {
    /// The key or column of the file it is about, such as `grade`; `null` where it is about none.
    pub field: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// One thing that is wrong or strange in a file.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DiagnosticRow {
    /// A stable code, such as `unknown-key`.
    pub code: &'static str,
    /// `error` or `warning`.
    pub severity: Severity,
    /// The file, as it was named.
    pub file: String,
    /// Where in it.
    #[serde(flatten)]
    pub place: TextPlace,
    /// What it is about and what to do.
    #[serde(flatten)]
    pub advice: Advice,
}

/// A place of a text.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TextPlace {
    /// The line, from 1; `null` where it is about the whole file.
    pub line: Option<usize>,
    /// The column in characters, from 1.
    pub column: Option<usize>,
}

/// Why a command failed, on stderr.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ErrorReport {
    /// `winset/error/1`.
    pub schema: &'static str,
    /// The exit code.
    pub code: u8,
    /// What went wrong, with its hint.
    pub message: String,
}

/// The findings of a check of a case or of a record.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CheckReport {
    /// `winset/check/1` of a case, `winset/record-check/1` of a record.
    pub schema: &'static str,
    /// The file; `null` where there is no record beside the case.
    pub file: Option<String>,
    /// Whether there is no error.
    pub ok: bool,
    /// How many entries, of a record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entries: Option<usize>,
    /// How many errors.
    pub errors: usize,
    /// How many warnings.
    pub warnings: usize,
    /// All of them; of more than a thousand the first thousand.
    pub diagnostics: Vec<DiagnosticRow>,
}

/// The text a finding is about.
pub fn source<'a>(files: &'a CaseFiles, name: &str) -> Option<&'a Source> {
    sources(files).find(|s| s.name == name)
}

/// Every text that findings of a case may point into.
fn sources(files: &CaseFiles) -> impl Iterator<Item = &Source> {
    let tables = files.tables.iter().map(|(_, table)| table);
    std::iter::once(&files.case).chain(&files.record).chain(tables)
}

/// The findings with their lines and columns, of very many the first thousand.
pub fn findings(list: &[Diagnostic], files: &CaseFiles) -> Vec<DiagnosticRow> {
    let lines: Vec<(&str, LineStarts<'_>)> =
        sources(files).map(|s| (s.name.as_str(), LineStarts::of(s))).collect();
    let of = |file: &str| lines.iter().find(|(name, _)| *name == file).map(|(_, lines)| lines);
    list.iter()
        .take(MOST_LISTED)
        .map(|d| {
            let at = d.span.as_ref().and_then(|span| of(&d.file).map(|l| l.position(span.start)));
            DiagnosticRow {
                code: d.code,
                severity: d.severity,
                file: d.file.clone(),
                place: TextPlace { line: at.map(|a| a.0), column: at.map(|a| a.1) },
                advice: Advice {
                    field: d.field.clone(),
                    message: d.message.clone(),
                    hint: d.hint.clone(),
                },
            }
        })
        .collect()
}

/// How many errors and how many warnings.
pub fn counts(list: &[Diagnostic]) -> (usize, usize) {
    let count = |s: Severity| list.iter().filter(|d| d.severity == s).count();
    (count(Severity::Error), count(Severity::Warning))
}

impl DiagnosticsReport {
    /// The findings of the files of a case.
    pub fn new(list: &[Diagnostic], files: &CaseFiles) -> Self {
        Self { schema: "winset/diagnostics/1", diagnostics: findings(list, files) }
    }

    /// The line a command prints on stderr.
    pub fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl ErrorReport {
    /// An exit code and what went wrong.
    pub fn new(code: u8, message: String) -> Self {
        Self { schema: "winset/error/1", code, message }
    }

    /// The line a command prints on stderr.
    pub fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Why a folder is no case, and how to make it one.
pub fn no_case(folder: &Path) -> String {
    let word = shell_path(folder);
    format!("{} has no case.toml; `winset new {word}` starts one", folder.display())
}

impl CheckReport {
    /// What a check found.
    pub fn new(list: &[Diagnostic], files: &CaseFiles) -> Self {
        let (errors, warnings) = counts(list);
        Self {
            schema: "winset/check/1",
            file: Some(files.case.name.clone()),
            ok: errors == 0,
            entries: None,
            errors,
            warnings,
            diagnostics: findings(list, files),
        }
    }

    /// What a check of a record of so many entries found.
    pub fn of_record(entries: usize, list: &[Diagnostic], files: &CaseFiles) -> Self {
        Self {
            schema: "winset/record-check/1",
            file: files.record.as_ref().map(|s| s.name.clone()),
            entries: Some(entries),
            ..Self::new(list, files)
        }
    }
}
