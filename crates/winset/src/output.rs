//! Answers on stdout: as JSON, or as a document on a terminal.

use std::io::Write;
use std::sync::OnceLock;

use anyhow::Context;
use serde::Serialize;
use winset_page::document::{Document, terminal};
use winset_report::written::FilesReport;

/// Whether `--json` was given: said once, before a verb runs.
static AS_JSON: OnceLock<bool> = OnceLock::new();

/// Says how this process answers.
pub(crate) fn answer_as_json(json: bool) {
    let _ = AS_JSON.set(json);
}

/// Whether answers and errors go out as JSON.
pub(crate) fn wants_json() -> bool {
    AS_JSON.get().copied().unwrap_or_default()
}

/// The bytes of `--json`: a line a key, and a line end.
pub(crate) fn json<T: Serialize + ?Sized>(answer: &T) -> anyhow::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(answer)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Prints an answer: its values as JSON, or what is said of it.
pub(crate) fn print<T: Serialize + ?Sized>(
    answer: &T,
    document: impl FnOnce() -> Document,
) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    if wants_json() {
        return print_json(&mut out, answer);
    }
    out.write_all(terminal(&document()).as_bytes())?;
    Ok(out.flush()?)
}

/// Writes an answer as JSON, a line a key, and a line end.
pub(crate) fn print_json<T: Serialize + ?Sized>(
    out: &mut impl Write,
    answer: &T,
) -> anyhow::Result<()> {
    out.write_all(&json(answer)?)?;
    Ok(out.flush()?)
}

/// Prints an answer: its values as JSON, or a text.
pub(crate) fn print_text<T: Serialize + ?Sized>(
    answer: &T,
    text: impl FnOnce() -> String,
) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    if wants_json() {
        return print_json(&mut out, answer);
    }
    out.write_all(text().as_bytes())?;
    Ok(out.flush()?)
}

/// Says which files were written.
pub(crate) fn print_files(report: &FilesReport) -> anyhow::Result<()> {
    let printed = print_text(report, || report.lines());
    match report.files.is_empty() {
        true => printed,
        false => unprinted(&format!("wrote {}", report.files.join(", ")), printed),
    }
}

/// The outcome of printing what was done: where that fails, what was done stays done, and is said.
pub(crate) fn unprinted(what: &str, printed: anyhow::Result<()>) -> anyhow::Result<()> {
    printed.with_context(|| format!("{what}, but that could not be printed"))
}
