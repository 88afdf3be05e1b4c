//! One workbench a case: a lock the system lets go of when the process ends, however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use anyhow::Context;

/// The folder inside a case that holds the lock and drafts; nothing in it belongs to the case.
pub(super) const OWN: &str = ".winset";

/// The lock, held as long as it lives.
pub(super) struct Lock {
    file: File,
}

/// What taking the lock came to.
pub(super) enum Taken {
    Ours(Lock),
    /// Held by another workbench, and the address it wrote down.
    Theirs(String),
}

/// Takes the lock of a case folder.
///
/// # Errors
/// A folder that cannot be written.
pub(super) fn take(folder: &Path) -> anyhow::Result<Taken> {
    let own = folder.join(OWN);
    let path = own.join("serve.lock");
    std::fs::create_dir_all(&own).with_context(|| format!("cannot make {}", own.display()))?;
    // The case is under the user's git; what lies here is not for it.
    let ignore = own.join(".gitignore");
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
        Ok(()) => Ok(Taken::Ours(Lock { file })),
        Err(TryLockError::WouldBlock) => {
            let mut said = String::new();
            // Another system may not let a locked file be read; then the address is not known.
            let _ = file.read_to_string(&mut said);
            Ok(Taken::Theirs(said.trim().to_owned()))
        }
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("cannot lock {}", path.display()))
        }
    }
}

impl Lock {
    /// Writes down where the workbench is, for whoever comes second.
    pub(super) fn say(&mut self, address: &str) -> std::io::Result<()> {
        self.file.set_len(0)?;
        self.file.rewind()?;
        writeln!(self.file, "{address} (process {})", std::process::id())?;
        self.file.flush()
    }
}
