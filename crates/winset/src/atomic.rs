//! Files that are there in full or not at all.

use std::io::Write;
use std::path::Path;

use anyhow::Context;

/// Writes a file beside its place and moves it there, so that no reader sees half of it.
pub fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
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
    moved.with_context(|| format!("cannot write {}", path.display()))
}
