//! What is wrong with a case, beside the line it is about.

use std::path::Path;

use maud::{Markup, html};
use winset_files::case::CaseFiles;
use winset_files::diagnostic::{Diagnostic, Severity};
use winset_page::document::html_text;

use winset_report::diagnostics::source;

use crate::store::BrokenCase;

/// The most that are shown.
const MOST: usize = 50;

/// One finding.
pub(crate) fn finding(d: &Diagnostic, files: &CaseFiles) -> Markup {
    let place = d.span.as_ref().and_then(|span| {
        let source = source(files, &d.file)?;
        let (line, column) = source.position(span.start);
        Some((line, column, source.line(line).to_owned()))
    });
    let (class, word) = match d.severity {
        Severity::Error => ("problem", "Error"),
        Severity::Warning => ("problem warning", "Warning"),
    };
    // The folder is known to whoever reads.
    let file =
        Path::new(&d.file).file_name().map_or(d.file.clone().into(), |f| f.to_string_lossy());
    html! {
        div class=(class) {
            p { strong { (word) ": " } (html_text(&d.message)) }
            @if let Some((line, column, text)) = place {
                p class="place" { (file) ", line " (line) ", column " (column) }
                pre { code { (text) } }
            } @else if d.file != "--set" {
                p class="place" { (file) }
            }
            @if let Some(hint) = &d.hint { p class="hint" { (html_text(hint)) } }
        }
    }
}

/// All that is wrong with a case.
pub(crate) fn list(broken: &BrokenCase) -> Markup {
    all(&broken.findings, &broken.texts.files)
}

/// Findings about files.
pub(crate) fn all(findings: &[Diagnostic], files: &CaseFiles) -> Markup {
    html! {
        div role="alert" {
            @for d in findings.iter().take(MOST) { (finding(d, files)) }
            @if findings.len() > MOST { p { (findings.len() - MOST) " more" } }
        }
    }
}

/// What is wrong, in a sentence.
pub(crate) fn sentence(why: &str) -> Markup {
    html! { div class="problem" role="alert" { p { (html_text(why)) } } }
}
