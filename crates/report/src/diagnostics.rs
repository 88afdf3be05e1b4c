//! What was found in the files of a case, under the names of `--json`.

use std::path::Path;

use winset_files::case::CaseFiles;
use winset_files::diagnostic::{Diagnostic, Source};

/// The text a finding is about.
pub fn source<'a>(files: &'a CaseFiles, name: &str) -> Option<&'a Source> {
    [Some(&files.case), files.record.as_ref()].into_iter().flatten().find(|s| s.name == name)
}

/// The findings as JSON rows.
pub fn json(list: &[Diagnostic], files: &CaseFiles) -> Vec<serde_json::Value> {
    list.iter()
        .map(|d| {
            let at = d
                .span
                .as_ref()
                .and_then(|span| source(files, &d.file).map(|s| s.position(span.start)));
            serde_json::json!({
                "code": d.code,
                "severity": d.severity,
                "file": d.file,
                "line": at.map(|a| a.0),
                "column": at.map(|a| a.1),
                "message": d.message,
                "hint": d.hint,
            })
        })
        .collect()
}

/// What `--json` prints on stderr of findings: one line, and none where there are none.
pub fn line(list: &[Diagnostic], files: &CaseFiles) -> String {
    if list.is_empty() {
        return String::new();
    }
    let rows = json(list, files);
    format!("{}\n", serde_json::json!({ "schema": "winset/diagnostics/1", "diagnostics": rows }))
}

/// What `--json` prints on stderr of a failure: one line with the exit code and why.
pub fn failure(code: u8, message: &str) -> String {
    let line = serde_json::json!({ "schema": "winset/error/1", "code": code, "message": message });
    format!("{line}\n")
}

/// Why a folder is no case, and how to make it one.
pub fn no_case(folder: &Path) -> String {
    let folder = folder.display();
    format!("{folder} has no case.toml; `winset new {folder}` starts one")
}
