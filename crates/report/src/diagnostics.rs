//! What was found in the files of a case, under the names of `--json`.

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
