//! The bytes that are meant: files, folders, what is piped in.

use std::path::{Path, PathBuf};

use winset_files::bounded;
use winset_report::read::UnreadFile;
use winset_text::document::{self, KeptDocument, MOST};

use crate::exit::Failure;

/// So many files are read, and so deep are folders looked into.
const FILES: usize = 20_000;
const DEPTH: usize = 8;

/// A document with the bytes it came as.
pub(super) struct Gathered {
    pub(super) document: KeptDocument,
    pub(super) bytes: std::rc::Rc<Vec<u8>>,
}

/// Reads what is named. A file that cannot be read is said, and leaves the others.
pub(super) fn gather(paths: &[PathBuf]) -> anyhow::Result<(Vec<Gathered>, Vec<UnreadFile>)> {
    let (mut found, mut unread) = (Vec::new(), Vec::new());
    let mut files = Vec::new();
    for path in paths {
        if path == Path::new("-") {
            let bytes = bounded::rest(std::io::stdin().lock(), 0, MOST);
            take("-", bytes, &mut found, &mut unread);
        } else if path.is_dir() {
            folder(path, 0, &mut files)?;
        } else {
            files.push(path.clone());
        }
    }
    for file in files {
        take(&file.display().to_string(), bounded::read(&file, MOST), &mut found, &mut unread);
    }
    Ok((found, unread))
}

fn take(
    name: &str,
    bytes: std::io::Result<Vec<u8>>,
    found: &mut Vec<Gathered>,
    unread: &mut Vec<UnreadFile>,
) {
    let mut wrong = |why: String| unread.push(UnreadFile { name: name.to_owned(), why });
    let bytes = match bytes {
        Ok(bytes) => std::rc::Rc::new(bytes),
        Err(e) => return wrong(e.to_string()),
    };
    match document::read(name, &bytes) {
        Ok(documents) => {
            let with = |document| Gathered { document, bytes: bytes.clone() };
            found.extend(documents.into_iter().map(with));
        }
        Err(e) => wrong(e.to_string()),
    }
}

/// The files of a folder by name, hidden ones and links to folders left out.
fn folder(path: &Path, depth: usize, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(path)?.filter_map(|e| Some(e.ok()?.path())).collect();
    entries.sort();
    for entry in entries {
        let hidden = entry.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
        let about = entry.symlink_metadata()?;
        if hidden {
            continue;
        }
        if about.is_dir() && depth < DEPTH {
            folder(&entry, depth + 1, files)?;
        } else if about.is_file() {
            files.push(entry);
        }
        if files.len() > FILES {
            let what = format!("{} holds more than {FILES} files", path.display());
            return Err(Failure::Usage(format!("{what}\n\nhint: name folders within it")).into());
        }
    }
    Ok(())
}
