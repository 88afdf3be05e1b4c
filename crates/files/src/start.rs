//! Starting a case: a folder that is made in full or not at all.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::{atomic, bounded};

/// What keeps version control from changing the line ends of a log, whose bytes are hashed.
pub const GIT_ATTRIBUTES: (&str, &str) = (
    ".gitattributes",
    "# The bytes of a log are hashed: they are kept as they are.\nlog.jsonl -text\nlog.jsonl.head -text\n",
);

/// Makes a folder with these files in it, names and texts, the one that makes it a case first; they
/// come back as they were written.
///
/// A folder that is not there is filled under another name and moved to its place. In one that is
/// there every file is new, and the first comes last; a file with the very bytes is as good as
/// written, and [`GIT_ATTRIBUTES`] that are there stay. If one cannot be written, those that were are
/// taken back.
///
/// # Errors
/// [`ErrorKind::AlreadyExists`] names a file that is there; else what the system says.
pub fn start(folder: &Path, files: &[(&str, &str)]) -> io::Result<Vec<PathBuf>> {
    match folder.symlink_metadata() {
        Err(e) if e.kind() == ErrorKind::NotFound => whole(folder, files),
        Err(e) => Err(e),
        Ok(_) => within(folder, files),
    }
}

/// A new folder.
fn whole(folder: &Path, files: &[(&str, &str)]) -> io::Result<Vec<PathBuf>> {
    let parent = atomic::parent(folder);
    std::fs::create_dir_all(parent)?;
    let mut prefix = OsString::from(".");
    prefix.push(folder.file_name().ok_or(ErrorKind::InvalidInput)?);
    prefix.push(".");
    sweep(parent, &prefix);
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o777));
    }
    let part = builder.tempdir_in(parent).map_err(|e| atomic::without_part(&e))?;
    // As long as it is open and locked it is in the making; elsewhere than on Unix nothing is swept.
    let held = File::open(part.path()).ok().filter(|held| held.try_lock().is_ok());
    for (name, text) in files {
        atomic::create(&part.path().join(name), text.as_bytes())?;
    }
    std::fs::rename(part.path(), folder)?;
    drop((held, part.keep()));
    atomic::sync_folder(parent)?;
    Ok(files.iter().map(|(name, _)| folder.join(name)).collect())
}

/// Removes what a process that was killed left half made.
fn sweep(parent: &Path, prefix: &OsString) {
    for entry in parent.read_dir().into_iter().flatten().flatten() {
        let is_folder = entry.file_type().is_ok_and(|t| t.is_dir());
        if is_folder && atomic::is_part(&entry.file_name(), prefix) {
            let path = entry.path();
            if let Ok(held) = File::open(&path)
                && held.try_lock().is_ok()
            {
                // What could not be removed is in nobody's way.
                let _ = std::fs::remove_dir_all(&path);
            }
        }
    }
}

/// A folder that is there.
fn within(folder: &Path, files: &[(&str, &str)]) -> io::Result<Vec<PathBuf>> {
    let mut made = Vec::new();
    for (name, text) in files.iter().rev() {
        let path = folder.join(name);
        match atomic::create(&path, text.as_bytes()) {
            Ok(()) => made.push(path),
            Err(e) if e.kind() == ErrorKind::AlreadyExists && *name == GIT_ATTRIBUTES.0 => {}
            Err(e) => {
                let first = files.first().is_some_and(|(first, _)| first == name);
                let same = || {
                    let there = bounded::read(&path, bounded::TEXT);
                    there.is_ok_and(|bytes| bytes == text.as_bytes())
                };
                if e.kind() == ErrorKind::AlreadyExists && !first && same() {
                    continue;
                }
                for path in made {
                    // What was begun is of no use; that it cannot be removed would say nothing new.
                    let _ = std::fs::remove_file(path);
                }
                return Err(match e.kind() {
                    ErrorKind::AlreadyExists => {
                        let why = format!("{} is there already", path.display());
                        io::Error::new(ErrorKind::AlreadyExists, why)
                    }
                    _ => e,
                });
            }
        }
    }
    made.reverse();
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [(&str, &str); 3] =
        [("case.toml", "winset = 1\n"), ("record.csv", "id\n"), GIT_ATTRIBUTES];

    #[test]
    fn a_new_folder_is_there_in_full() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("a/talks");
        // What a killed run left.
        std::fs::create_dir_all(root.path().join("a/.talks.aB3dEf.part")).unwrap();
        assert_eq!(start(&folder, &FILES).unwrap().len(), 3);
        assert_eq!(std::fs::read_to_string(folder.join("record.csv")).unwrap(), "id\n");
        assert_eq!(root.path().join("a").read_dir().unwrap().count(), 1);
        let again = start(&folder, &FILES).unwrap_err();
        assert_eq!(again.kind(), ErrorKind::AlreadyExists);
        assert!(again.to_string().contains("case.toml"), "{again}");
    }

    /// A run that failed leaves what was there before it, and the next one works.
    #[test]
    fn what_cannot_be_made_in_full_is_taken_back() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("talks");
        assert!(start(&folder, &[("case.toml", "x"), ("no/such", "x")]).is_err());
        assert_eq!(root.path().read_dir().unwrap().count(), 0);
        std::fs::create_dir(&folder).unwrap();
        assert!(start(&folder, &[("case.toml", "x"), ("no/such", "x"), FILES[1]]).is_err());
        assert_eq!(folder.read_dir().unwrap().count(), 0);
        // Somebody's own record is not written over.
        std::fs::write(folder.join("record.csv"), "mine").unwrap();
        assert!(start(&folder, &FILES).unwrap_err().to_string().contains("record.csv"));
        assert_eq!(folder.read_dir().unwrap().count(), 1);
        // What a run that was killed had written already is what this one would write.
        std::fs::write(folder.join("record.csv"), FILES[1].1).unwrap();
        std::fs::write(folder.join(".gitattributes"), "* text\n").unwrap();
        assert_eq!(start(&folder, &FILES).unwrap(), [folder.join("case.toml")]);
        assert_eq!(std::fs::read_to_string(folder.join(".gitattributes")).unwrap(), "* text\n");
    }
}
