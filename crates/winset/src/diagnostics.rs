//! Findings as people and programs read them.

use std::io::IsTerminal;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use winset_files::case::CaseFiles;
use winset_files::diagnostic::{Diagnostic, Severity};
use winset_page::plain::{placed, shown};
use winset_report::diagnostics::{DiagnosticsReport, source};

use crate::output::{say_json, say_rendered, wants_json};

/// One finding with its line, as the compiler of a language would show it.
pub(crate) fn render(d: &Diagnostic, files: &CaseFiles, renderer: &Renderer) -> String {
    let level = match d.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let (message, file) = (shown(&d.message), shown(&d.file));
    let (hint, text) =
        (d.hint.as_deref().map(shown), source(files, &d.file).map(|s| placed(&s.text)));
    let title = level.primary_title(&*message).id(d.code);
    let mut group = annotate_snippets::Group::with_title(title);
    match (&d.span, &text) {
        (Some(span), Some(text)) if !text.is_empty() => {
            let end = span.end.clamp(span.start, text.len());
            group = group.element(
                Snippet::source(&**text)
                    .path(&*file)
                    .annotation(AnnotationKind::Primary.span(span.start.min(end)..end)),
            );
        }
        _ => group = group.element(annotate_snippets::Origin::path(&*file)),
    }
    if let Some(hint) = &hint {
        group = group.element(Level::HELP.with_name("hint").message(&**hint));
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
            say_json(&DiagnosticsReport::new(list, files).line());
        }
        return;
    }
    let renderer = renderer();
    for d in list {
        say_rendered(&format!("{}\n", render(d, files, &renderer)));
    }
}
