//! Drafts: what was typed into a form and not yet saved, kept in `.winset` in the case folder.

use std::path::{Path, PathBuf};

use winset_files::atomic::{self, Links};
use winset_files::bounded;
use winset_files::own::{self, OWN};

use crate::edit::WriteError;
use crate::http::{Pairs, pairs, query_text};

/// Forms that keep drafts.
const DRAFTS: [&str; 2] = ["record", "log"];

fn draft_path(folder: &Path, name: &str) -> Option<PathBuf> {
    DRAFTS.contains(&name).then(|| folder.join(OWN).join(format!("draft-{name}.txt")))
}

/// Keeps what was typed into a form and not yet saved.
pub(crate) fn keep_draft(folder: &Path, name: &str, fields: &Pairs) -> Result<(), WriteError> {
    let path = draft_path(folder, name)
        .ok_or_else(|| WriteError::Refused(format!("there is no form `{name}`")))?;
    own::own_folder(folder)?;
    Ok(atomic::write_through(&path, query_text(fields).as_bytes(), Links::Inside(folder))?)
}

/// What was kept.
pub(crate) fn draft(folder: Option<&Path>, name: &str) -> Option<Pairs> {
    let text = bounded::read_to_string(&draft_path(folder?, name)?, bounded::TEXT).ok()?;
    Some(pairs(&text)).filter(|fields| {
        fields
            .iter()
            .any(|(n, v)| !["draft", "revision", "state"].contains(&n.as_str()) && !v.is_empty())
    })
}

/// Forgets it: it was saved, or is not wanted.
pub(crate) fn forget_draft(folder: &Path, name: &str) {
    if let Some(path) = draft_path(folder, name) {
        // There may be none.
        let _ = std::fs::remove_file(path);
    }
}
