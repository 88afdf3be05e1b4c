//! Classes of past negotiations.

use pyo3::prelude::*;
use winset_files::class::shipped;
use winset_files::diagnostic::suggest;
use winset_page::document::terminal;
use winset_report::class::{document, list, names, show};

use crate::case::{Printed, printed, wrong};

/// What `winset class --json` prints.
#[pyfunction]
pub(crate) fn classes() -> PyResult<String> {
    printed(&list())
}

/// What `winset class show --json` prints of a class, of a group of it, after some elapsed days.
#[pyfunction]
pub(crate) fn class_(name: &str, group: Option<&str>, elapsed: u16) -> PyResult<Printed> {
    let Some(class) = shipped(name) else {
        let hint = suggest(name, names()).unwrap_or_default();
        return Err(wrong(format!("there is no class `{name}`\n\nhint: {hint}")));
    };
    let report = show(class, group, usize::from(elapsed));
    Ok((printed(&report)?, terminal(&document(&report)), None))
}
