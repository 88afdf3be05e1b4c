//! One workbench a case: a lock the system lets go of when the process ends, however it ends.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use anyhow::Context;
use winset_files::own;

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
    let own = own::own_folder(folder)
        .with_context(|| format!("cannot make {}", folder.join(own::OWN).display()))?;
    let path = own.join("serve.lock");
    let mut file = own::open(&path).with_context(|| format!("cannot open {}", path.display()))?;
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

/// Whether what went wrong is that a folder, or its disk, may be read but not written.
pub(crate) fn takes_no_writes(error: &anyhow::Error) -> bool {
    use std::io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
    let kind = error.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
    matches!(kind, Some(PermissionDenied | ReadOnlyFilesystem))
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

    #[test]
    fn what_may_be_read_and_not_written_is_told_from_what_is_wrong() {
        use std::io::{Error, ErrorKind};
        let told = |kind: ErrorKind| {
            takes_no_writes(&anyhow::Error::from(Error::from(kind)).context("cannot make .winset"))
        };
        assert!(told(ErrorKind::PermissionDenied) && told(ErrorKind::ReadOnlyFilesystem));
        assert!(!told(ErrorKind::NotFound) && !told(ErrorKind::StorageFull));
    }

    /// A folder from somebody else writes nothing outside itself.
    #[test]
    fn a_link_that_leads_out_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let (case, outside) = (folder.path().join("case"), folder.path().join("outside"));
        std::fs::create_dir_all(case.join(own::OWN)).unwrap();
        std::fs::write(&outside, "precious").unwrap();
        symlink(&outside, case.join(own::OWN).join("serve.lock")).unwrap();
        let refused = format!("{:#}", take(&case).err().unwrap());
        assert!(refused.contains("is not winset's own"), "{refused}");
        assert_eq!(std::fs::read_to_string(&outside).unwrap(), "precious");
        // What is there by right is taken, and taken again.
        let folder = tempfile::tempdir().unwrap();
        for _ in 0..2 {
            let LockResult::Ours(mut lock) = take(folder.path()).unwrap() else { panic!() };
            lock.say("http://127.0.0.1:1/").unwrap();
        }
    }
}
