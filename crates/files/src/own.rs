//! What winset keeps for itself in a case folder: `.winset`, with the lock of the folder in it.
//!
//! A case may come from somebody else, by git or as an archive, and hold links. So files of its own
//! are opened only if they are regular files where they are looked for; a link is refused. Every
//! program of winset that writes to a case takes [`CaseLock`] first and reads again under it.

use std::fs::{File, Metadata, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The folder inside a case that holds locks and drafts; nothing in it belongs to the case.
pub const OWN: &str = ".winset";

/// How long a writer waits for another, unless it is told otherwise.
pub const WAIT: Duration = Duration::from_secs(5);

/// How long a waiting writer sleeps between two tries.
const PAUSE: Duration = Duration::from_millis(5);

/// Why a case folder could not be locked.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another program of winset writes to it.
    #[error("another process is writing to {}", .0.display())]
    Busy(PathBuf),
    /// The lock cannot be made or taken.
    #[error("cannot lock {}: {cause}", .folder.display())]
    Io {
        /// The case folder.
        folder: PathBuf,
        /// The cause.
        #[source]
        cause: io::Error,
    },
}

/// The right to write to a case folder, until it is dropped or the process ends, however it ends.
#[derive(Debug)]
pub struct CaseLock {
    _file: File,
}

impl CaseLock {
    /// Takes the lock of a case folder and waits up to `wait` for another writer to end; zero
    /// refuses at once.
    ///
    /// # Errors
    /// [`LockError::Busy`] if another writer has it, [`LockError::Io`] if it cannot be made.
    pub fn take(folder: &Path, wait: Duration) -> Result<Self, LockError> {
        let io = |cause| LockError::Io { folder: folder.to_path_buf(), cause };
        let file = open_lock(&own_folder(folder).map_err(io)?.join("lock")).map_err(io)?;
        match lock(&file, wait).map_err(io)? {
            true => Ok(Self { _file: file }),
            false => Err(LockError::Busy(folder.to_path_buf())),
        }
    }
}

/// Takes the lock of an open file; false if another holds it to the end of `wait`.
///
/// # Errors
/// What the system says.
pub fn lock(file: &File, wait: Duration) -> io::Result<bool> {
    let mut left = wait;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::Error(e)) => return Err(e),
            Err(TryLockError::WouldBlock) if left.is_zero() => return Ok(false),
            Err(TryLockError::WouldBlock) => {
                let pause = PAUSE.min(left);
                std::thread::sleep(pause);
                left -= pause;
            }
        }
    }
}

/// Makes the folder of winset's own inside a case folder, kept out of version control.
///
/// # Errors
/// One that cannot be made, or is a link.
pub fn own_folder(folder: &Path) -> io::Result<PathBuf> {
    let own = folder.join(OWN);
    match std::fs::create_dir(&own) {
        Err(e) if e.kind() == ErrorKind::AlreadyExists => {}
        made => made?,
    }
    if !own.symlink_metadata()?.is_dir() {
        return Err(foreign(&own));
    }
    // The case is under the user's version control; what lies here is not for it.
    let ignore = own.join(".gitignore");
    match ignore.symlink_metadata() {
        Ok(about) if is_ours(&about) => {}
        Ok(_) => return Err(foreign(&ignore)),
        Err(_) => match crate::atomic::create(&ignore, b"*\n") {
            // Another was as quick.
            Err(e) if e.kind() == ErrorKind::AlreadyExists => {}
            made => made?,
        },
    }
    Ok(own)
}

/// Opens the lock; one that another user of a shared folder made can be locked without the right to
/// write to it.
fn open_lock(path: &Path) -> io::Result<File> {
    match open(path) {
        Err(e) if e.kind() == ErrorKind::PermissionDenied && path.symlink_metadata()?.is_file() => {
            File::open(path)
        }
        opened => opened,
    }
}

/// Opens a small file of winset's own, making it if there is none; its content stays.
///
/// # Errors
/// One that cannot be opened, or is not what winset made.
pub fn open(path: &Path) -> io::Result<File> {
    let file = open_regular(path).map_err(|e| match e.kind() {
        ErrorKind::InvalidInput => foreign(path),
        _ => e,
    })?;
    if is_ours(&file.metadata()?) { Ok(file) } else { Err(foreign(path)) }
}

/// Opens a file to read and write, making it if there is none, only if it is a regular file at this
/// very place: no link is followed, and its content stays.
///
/// # Errors
/// One that cannot be opened, a link, a device.
pub fn open_regular(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    match path.symlink_metadata() {
        // Never through a link that leads to nothing: a new file is made at this name alone.
        Err(e) if e.kind() == ErrorKind::NotFound => match options.create_new(true).open(path) {
            Err(e) if e.kind() == ErrorKind::AlreadyExists => return open_regular(path),
            made => return made,
        },
        Err(e) => return Err(e),
        Ok(about) if !about.is_file() => return Err(irregular()),
        Ok(_) => {}
    }
    let file = options.open(path)?;
    // What was looked at may have been exchanged since.
    if is_same_file(&path.symlink_metadata()?, &file.metadata()?) {
        Ok(file)
    } else {
        Err(irregular())
    }
}

/// Whether a file can be one that was made here: no link, nothing but a small file.
fn is_ours(what: &Metadata) -> bool {
    what.is_file() && what.len() <= 4096
}

fn irregular() -> io::Error {
    io::Error::new(ErrorKind::InvalidInput, "expected a regular file there, no link and no folder")
}

fn foreign(path: &Path) -> io::Error {
    io::Error::other(format!(
        "{} is not winset's own\n\nhint: remove it; winset makes it anew",
        path.display()
    ))
}

/// Whether two files are one.
#[cfg(unix)]
pub(crate) fn is_same_file(a: &Metadata, b: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

/// Elsewhere an open file cannot be replaced, or its identity is not to be had.
#[cfg(not(unix))]
pub(crate) fn is_same_file(_: &Metadata, _: &Metadata) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_writer_at_a_time_has_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let first = CaseLock::take(folder.path(), Duration::ZERO).unwrap();
        let refused = CaseLock::take(folder.path(), Duration::from_millis(20)).unwrap_err();
        assert!(matches!(refused, LockError::Busy(_)), "{refused}");
        std::thread::scope(|scope| {
            let second = scope.spawn(|| CaseLock::take(folder.path(), WAIT).is_ok());
            std::thread::sleep(Duration::from_millis(30));
            drop(first);
            assert!(second.join().unwrap());
        });
        assert_eq!(std::fs::read(folder.path().join(".winset/.gitignore")).unwrap(), b"*\n");
    }

    /// A folder from somebody else writes nothing outside itself.
    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_out_is_not_followed() {
        use std::os::unix::fs::symlink;
        for (name, target) in
            [("lock", "victim"), (".gitignore", "victim"), ("", "outside"), ("lock", "nowhere")]
        {
            let root = tempfile::tempdir().unwrap();
            let case = root.path().join("case");
            std::fs::create_dir(&case).unwrap();
            std::fs::create_dir(root.path().join("outside")).unwrap();
            std::fs::write(root.path().join("victim"), "precious").unwrap();
            if !name.is_empty() {
                std::fs::create_dir(case.join(OWN)).unwrap();
            }
            let at = if name.is_empty() { case.join(OWN) } else { case.join(OWN).join(name) };
            symlink(root.path().join(target), at).unwrap();
            let refused = CaseLock::take(&case, Duration::ZERO).unwrap_err().to_string();
            assert!(refused.contains("is not winset's own"), "{refused}");
            assert_eq!(std::fs::read_to_string(root.path().join("victim")).unwrap(), "precious");
            assert_eq!(root.path().join("outside").read_dir().unwrap().count(), 0);
            assert!(!root.path().join("nowhere").exists());
        }
    }
}
