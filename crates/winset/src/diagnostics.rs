//! Findings as people and programs read them.

use std::io::IsTerminal;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use winset_files::case::CaseFiles;
use winset_files::diagnostic::{Diagnostic, Severity};
use winset_report::diagnostics::{DiagnosticsReport, source};

use crate::output::wants_json;

/// One finding with its line, as the compiler of a language would show it.
pub(crate) fn render(d: &Diagnostic, files: &CaseFiles, renderer: &Renderer) -> String {
    let level = match d.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(d.message.as_str()).id(d.code);
    let mut group = annotate_snippets::Group::with_title(title);
    match (&d.span, source(files, &d.file)) {
        (Some(span), Some(source)) if !source.text.is_empty() => {
            let end = span.end.clamp(span.start, source.text.len());
            group = group.element(
                Snippet::source(source.text.as_str())
                    .path(source.name.as_str())
                    .annotation(AnnotationKind::Primary.span(span.start.min(end)..end)),
            );
        }
        _ => group = group.element(annotate_snippets::Origin::path(d.file.as_str())),
    }
    if let Some(hint) = &d.hint {
        group = group.element(Level::HELP.with_name("hint").message(hint.as_str()));
    }
    renderer.render(&[group])
}

/// A renderer for stderr: coloured on a terminal unless `NO_COLOR` is set.
pub(crate) fn renderer() -> Renderer {
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    if colour { Renderer::styled() } else { Renderer::plain() }
}

/// Prints findings to stderr.
pub(crate) fn print(list: &[Diagnostic], files: &CaseFiles) {
    if wants_json() {
        if !list.is_empty() {
            say!("{}", DiagnosticsReport::new(list, files).line());
        }
        return;
    }
    let renderer = renderer();
    for d in list {
        say!("{}\n", render(d, files, &renderer));
    }
}
