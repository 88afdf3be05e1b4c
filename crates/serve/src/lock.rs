//! One workbench a case: a lock the system lets go of when the process ends, however it ends.

use std::fs::{File, Metadata, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use anyhow::Context;

/// The folder inside a case that holds the lock and drafts; nothing in it belongs to the case.
pub(crate) const OWN: &str = ".winset";

/// The lock, held as long as it lives.
pub(crate) struct Lock {
    file: File,
}

/// What taking the lock came to.
pub(crate) enum LockResult {
    Ours(Lock),
    /// Held by another workbench, and the address it wrote down.
    Theirs(String),
}

/// Takes the lock of a case folder.
///
/// # Errors
/// A folder that cannot be written.
pub(crate) fn take(folder: &Path) -> anyhow::Result<LockResult> {
    let own = folder.join(OWN);
    let path = own.join("serve.lock");
    std::fs::create_dir_all(&own).with_context(|| format!("cannot make {}", own.display()))?;
    let ignore = own.join(".gitignore");
    // A folder from somebody else may hold links that lead out of it.
    for (place, is_own) in
        [(&own, Metadata::is_dir as fn(&Metadata) -> bool), (&path, is_ours), (&ignore, is_ours)]
    {
        if let Ok(what) = place.symlink_metadata()
            && !is_own(&what)
        {
            anyhow::bail!(
                "{} is not winset's own\n\nhint: remove it; winset makes it anew",
                place.display()
            );
        }
    }
    // The case is under the user's git; what lies here is not for it.
    if !ignore.exists() {
        std::fs::write(&ignore, "*\n")
            .with_context(|| format!("cannot write {}", ignore.display()))?;
    }
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .with_context(|| format!("cannot open {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(LockResult::Ours(Lock { file })),
        Err(TryLockError::WouldBlock) => {
            let mut said = String::new();
            // Another system may not let a locked file be read; then the address is not known.
            let _ = file.read_to_string(&mut said);
            Ok(LockResult::Theirs(said.trim().to_owned()))
        }
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("cannot lock {}", path.display()))
        }
    }
}

/// Whether a file can be one that was made here: no link, nothing but a small file.
fn is_ours(what: &Metadata) -> bool {
    what.is_file() && what.len() <= 4096
}

impl Lock {
    /// Writes down where the workbench is, for whoever comes second.
    pub(crate) fn say(&mut self, address: &str) -> std::io::Result<()> {
        self.file.set_len(0)?;
        self.file.rewind()?;
        writeln!(self.file, "{address} (process {})", std::process::id())?;
        self.file.flush()
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// A folder from somebody else writes nothing outside itself.
    #[test]
    fn a_link_that_leads_out_is_not_followed() {
        for name in ["serve.lock", ".gitignore", ""] {
            let folder = tempfile::tempdir().unwrap();
            let (case, outside) = (folder.path().join("case"), folder.path().join("outside"));
            std::fs::create_dir(&case).unwrap();
            match name {
                "" => {
                    std::fs::create_dir(&outside).unwrap();
                    symlink(&outside, case.join(OWN)).unwrap();
                }
                name => {
                    std::fs::create_dir(case.join(OWN)).unwrap();
                    std::fs::write(&outside, "precious").unwrap();
                    symlink(&outside, case.join(OWN).join(name)).unwrap();
                }
            }
            let refused = take(&case).err().unwrap().to_string();
            assert!(refused.contains("is not winset's own"), "{refused}");
            match name {
                "" => assert_eq!(std::fs::read_dir(&outside).unwrap().count(), 0),
                _ => assert_eq!(std::fs::read_to_string(&outside).unwrap(), "precious"),
            }
        }
        // What is there by right is taken, and taken again.
        let folder = tempfile::tempdir().unwrap();
        for _ in 0..2 {
            let LockResult::Ours(mut lock) = take(folder.path()).unwrap() else { panic!() };
            lock.say("http://127.0.0.1:1/").unwrap();
        }
    }
}
