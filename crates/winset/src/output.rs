//! Answers on stdout: as JSON, or as a document on a terminal.

use std::io::Write;
use std::sync::OnceLock;

use anyhow::Context;
use serde::Serialize;
use winset_page::document::Document;
use winset_page::plain;
use winset_report::written::FilesReport;

use crate::colour::{obeyed, terminal};

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

/// Stdout, behind the door of [`winset_page::plain`]: nothing that a case says is obeyed by a terminal.
pub(crate) struct Door {
    out: std::io::StdoutLock<'static>,
    /// Whether it is read by people, not by programs.
    prose: bool,
}

/// Stdout for what people read, or JSON where that is asked for.
pub(crate) fn door() -> Door {
    Door { out: std::io::stdout().lock(), prose: true }
}

/// Stdout for tables that programs read, or JSON where that is asked for.
pub(crate) fn data() -> Door {
    Door { out: std::io::stdout().lock(), prose: false }
}

impl Write for Door {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match std::str::from_utf8(bytes) {
            Ok(text) if wants_json() => self.out.write_all(plain::json(text).as_bytes())?,
            Ok(text) if self.prose => self.out.write_all(obeyed(&plain::lines(text)).as_bytes())?,
            Ok(text) => self.out.write_all(plain::shown(text).as_bytes())?,
            // No text: a binary table.
            Err(_) => self.out.write_all(bytes)?,
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

/// A line on stderr, which may be closed or full: then there is nobody to tell.
pub(crate) fn say_line(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", plain::lines(text));
}

/// A line of JSON on stderr.
pub(crate) fn say_json(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", plain::json(line));
}

/// What a renderer made of harmless texts, perhaps with colours, on stderr.
pub(crate) fn say_rendered(text: &str) {
    let lines: String =
        text.split_inclusive('\n').map(|line| plain::isolated(line).into_owned()).collect();
    let _ = writeln!(std::io::stderr().lock(), "{lines}");
}

/// Says a line on stderr, formatted as by `format!`.
macro_rules! say {
    ($($part:tt)*) => { $crate::output::say_line(&format!($($part)*)) };
}
pub(crate) use say;

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
    let mut out = door();
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
    put(door(), answer, text)
}

/// The same of a text that is kept as it is, or read by programs.
fn put<T: Serialize + ?Sized>(
    mut out: Door,
    answer: &T,
    text: impl FnOnce() -> String,
) -> anyhow::Result<()> {
    if wants_json() {
        return print_json(&mut out, answer);
    }
    out.write_all(text().as_bytes())?;
    Ok(out.flush()?)
}

/// Says which files were written.
pub(crate) fn print_files(report: &FilesReport) -> anyhow::Result<()> {
    // A case that is printed is to be kept: nothing is put into it.
    let printed = put(data(), report, || report.lines());
    match report.files.is_empty() {
        true => printed,
        false => unprinted(&format!("wrote {}", report.files.join(", ")), printed),
    }
}

/// The outcome of printing what was done: where that fails, what was done stays done, and is said.
pub(crate) fn unprinted(what: &str, printed: anyhow::Result<()>) -> anyhow::Result<()> {
    printed.with_context(|| format!("{what}, but that could not be printed"))
}
