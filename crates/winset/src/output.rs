//! Answers on stdout.

use std::io::Write;

use serde::Serialize;

/// Writes an answer as JSON, a line a key, and a line end.
pub(crate) fn print_json(out: &mut impl Write, answer: &impl Serialize) -> anyhow::Result<()> {
    serde_json::to_writer_pretty(&mut *out, answer)?;
    writeln!(out)?;
    Ok(out.flush()?)
}
