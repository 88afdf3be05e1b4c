//! Findings as people and programs read them.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use winset_files::case::CaseFiles;
use winset_files::diagnostic::{Diagnostic, MOST_LISTED, Severity};
use winset_page::plain::{placed, shown};
use winset_report::diagnostics::{DiagnosticsReport, counts, source};

use crate::output::{say, say_json, say_rendered, wants_json};

/// One finding with its line, as the compiler of a language would show it.
pub(crate) fn render(d: &Diagnostic, files: &CaseFiles, renderer: &Renderer) -> String {
    let level = match d.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let (message, file) = (shown(&d.message), shown(&d.file));
    let hint = d.hint.as_deref().map(shown);
    let (text, before, span) = match source(files, &d.file) {
        Some(source) => {
            let (text, before, span) = around(&source.text, d.span.clone());
            (Some(placed(text)), before, span)
        }
        None => (None, 0, d.span.clone()),
    };
    let title = level.primary_title(&*message).id(d.code);
    let mut group = annotate_snippets::Group::with_title(title);
    match (&span, &text) {
        (Some(span), Some(text)) if !text.is_empty() => {
            let end = span.end.clamp(span.start, text.len());
            group = group.element(
                Snippet::source(&**text)
                    .path(&*file)
                    .line_start(before + 1)
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

/// Texts up to this many bytes are handed on whole.
const WHOLE: usize = 100_000;

/// Of a long text the lines that a span is on, how many lines come before them, and the span in them.
fn around(text: &str, span: Option<Range<usize>>) -> (&str, usize, Option<Range<usize>>) {
    let span = match span {
        Some(span) if text.len() > WHOLE => span,
        span => return (text, 0, span),
    };
    let whole = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let (start, end) = (whole(span.start), whole(span.end).max(whole(span.start)));
    let from = text[..start].rfind('\n').map_or(0, |k| k + 1);
    let to = text[end..].find('\n').map_or(text.len(), |k| end + k + 1);
    let before = text.as_bytes()[..from].iter().filter(|b| **b == b'\n').count();
    (&text[from..to], before, Some(start - from..end - from))
}

/// A renderer for stderr: coloured on a terminal unless `NO_COLOR` is set.
pub(crate) fn renderer() -> Renderer {
    if crate::colour::on_stderr() { Renderer::styled() } else { Renderer::plain() }
}

/// Findings that are shown with their lines.
const MOST_SHOWN: usize = 100;

/// Prints findings to stderr.
pub(crate) fn print(list: &[Diagnostic], files: &CaseFiles) {
    if wants_json() {
        if !list.is_empty() {
            say_json(&DiagnosticsReport::new(list, files).line());
        }
        return;
    }
    let renderer = renderer();
    for d in list.iter().take(MOST_SHOWN) {
        say_rendered(&format!("{}\n", render(d, files, &renderer)));
    }
    if let Some(rest) = list.get(MOST_SHOWN..).filter(|rest| !rest.is_empty()) {
        let (errors, warnings) = counts(rest);
        let count = winset_page::text::count;
        say!(
            "{} and {} more are not shown; `--json` lists the first {MOST_LISTED} findings\n",
            count(errors, "error", "errors"),
            count(warnings, "warning", "warnings")
        );
    }
}
