//! How an answer is printed: its JSON, or its document on a terminal.

use std::io::Write;

use serde::Serialize;
use winset_page::document::{Document, terminal};

/// The bytes of `--json`.
pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> anyhow::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Prints an answer: its values as JSON, or what is said of it.
pub(crate) fn print<T: Serialize + ?Sized>(
    as_json: bool,
    value: &T,
    document: impl FnOnce() -> Document,
) -> anyhow::Result<()> {
    let bytes = if as_json { json(value)? } else { terminal(&document()).into_bytes() };
    let mut out = std::io::stdout().lock();
    out.write_all(&bytes)?;
    Ok(out.flush()?)
}
