//! What is wrong with a case, beside the line it is about.

use maud::{Markup, html};
use winset_files::case::CaseFiles;
use winset_files::diagnostic::{Diagnostic, Severity};

use super::super::desk::{Untold, source};

/// One finding.
pub(in super::super) fn finding(d: &Diagnostic, files: &CaseFiles) -> Markup {
    let place = d.span.as_ref().and_then(|span| {
        let source = source(files, &d.file)?;
        let (line, column) = source.position(span.start);
        Some((line, column, source.line(line).to_owned()))
    });
    let (class, word) = match d.severity {
        Severity::Error => ("problem", "Error"),
        Severity::Warning => ("problem warning", "Warning"),
    };
    html! {
        div class=(class) {
            p { strong { (word) ": " } (d.message) }
            @if let Some((line, column, text)) = place {
                p class="place" { (d.file) ", line " (line) ", column " (column) }
                pre { code { (text) } }
            } @else if d.file != "--set" {
                p class="place" { (d.file) }
            }
            @if let Some(hint) = &d.hint { p class="hint" { (hint) } }
        }
    }
}

/// All that is wrong.
pub(in super::super) fn list(untold: &Untold) -> Markup {
    html! {
        div role="alert" {
            @for d in untold.findings.iter().take(50) { (finding(d, &untold.seen.files)) }
            @if untold.findings.len() > 50 { p { (untold.findings.len() - 50) " more" } }
        }
    }
}
