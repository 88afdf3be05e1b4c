//! Files that are there in full or not at all.

use std::io::{Error, Write};
use std::path::Path;

/// Writes a file beside its place and moves it there, so that no reader sees half of it.
///
/// # Errors
/// What the system says, with the file's name before it.
pub fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    let written = std::fs::File::create_new(&part).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    let moved = written.and_then(|()| std::fs::rename(&part, path));
    if moved.is_err() {
        // What was begun is of no use; that it cannot be removed would say nothing new.
        let _ = std::fs::remove_file(&part);
    }
    moved.map_err(|e| Error::new(e.kind(), format!("cannot write {}: {e}", path.display())))
}
