//! Files that are there in full or not at all.
//!
//! A text is written to a part file beside its place (`.NAME.XXXXXX.part`, the letters random), synced,
//! given the mode and, where that is permitted, the owner of the file it replaces, and moved there;
//! then the folder is synced. A part file is locked for as long as it is written, so that one whose
//! writer was killed is told from one that is in the making: the next writer of the same file
//! removes it.

use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// What is done where a link stands in the place of a file to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Links<'a> {
    /// The file that it names is replaced, and the link stays: for what the user names as output.
    Followed,
    /// The same, if that file lies in this folder, links resolved; otherwise it is refused: for the
    /// files of a case, which may come from somebody else.
    Inside(&'a Path),
}

/// Writes a file beside its place and moves it there, so that no reader sees half of it.
///
/// A link in its place is followed. What is no file and no folder, such as a terminal or a pipe, is
/// written to as it is.
///
/// # Errors
/// What the system says, with the file's name before it.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_through(path, bytes, Links::Followed)
}

/// The same, with a rule for links.
///
/// # Errors
/// What the system says, with the file's name before it; a link that is not to be followed.
pub fn write_through(path: &Path, bytes: &[u8], links: Links<'_>) -> io::Result<()> {
    let written = target(path, links).and_then(|(target, old)| match old {
        Some(old) if !old.is_file() => OpenOptions::new()
            .write(true)
            .open(&target)
            .and_then(|mut file| file.write_all(bytes).and_then(|()| file.flush())),
        old => put(&target, bytes, old.as_ref(), |part, to| {
            part.persist(to).map(drop).map_err(|e| e.error)
        }),
    });
    written.map_err(|e| named(path, &e))
}

/// Writes a file that is not there yet, in full or not at all; one that is there stays as it is.
///
/// # Errors
/// [`ErrorKind::AlreadyExists`], or what else the system says, with the file's name before it.
pub fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let made = match path.symlink_metadata() {
        Ok(_) => Err(io::Error::new(ErrorKind::AlreadyExists, "it is there already")),
        Err(_) => put(path, bytes, None, |part, to| {
            part.persist_noclobber(to).map(drop).map_err(|e| e.error)
        }),
    };
    made.map_err(|e| named(path, &e))
}

/// Makes the name of a new or replaced file survive a power cut, where folders can be synced.
///
/// # Errors
/// What the system says.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("cannot write {}: {error}", path.display()))
}

/// The folder that a file lies in.
pub(crate) fn parent(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The file to replace, links resolved, and what is there now.
fn target(path: &Path, links: Links<'_>) -> io::Result<(PathBuf, Option<Metadata>)> {
    let outside = || io::Error::other("it lies outside the case folder by a link");
    if let Links::Inside(folder) = links
        && !parent(path).canonicalize()?.starts_with(folder.canonicalize()?)
    {
        return Err(outside());
    }
    let target = match path.symlink_metadata() {
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok((path.to_path_buf(), None)),
        Err(e) => return Err(e),
        Ok(about) if about.is_symlink() => match links {
            // What a link under `/dev` or `/proc` names need not have a name of its own.
            Links::Followed if path.metadata().is_ok_and(|m| !m.is_file()) => path.to_path_buf(),
            _ => path.canonicalize().map_err(|e| match e.kind() {
                ErrorKind::NotFound => io::Error::other("the link there leads to nothing"),
                _ => e,
            })?,
        },
        Ok(_) => path.to_path_buf(),
    };
    let old = target.metadata()?;
    if let Links::Inside(folder) = links {
        if !target.canonicalize()?.starts_with(folder.canonicalize()?) {
            return Err(outside());
        }
        if !old.is_file() {
            return Err(io::Error::other("expected a regular file"));
        }
    }
    if old.is_dir() {
        return Err(io::Error::new(ErrorKind::IsADirectory, "it is a folder"));
    }
    if old.is_file() {
        // A file that is protected from writing is not replaced either.
        OpenOptions::new().write(true).open(&target)?;
    }
    Ok((target, Some(old)))
}

/// Writes the part file and hands it to what moves it.
fn put(
    path: &Path,
    bytes: &[u8],
    old: Option<&Metadata>,
    persist: impl FnOnce(tempfile::NamedTempFile, &Path) -> io::Result<()>,
) -> io::Result<()> {
    let folder = parent(path);
    let mut prefix = OsString::from(".");
    prefix.push(path.file_name().unwrap_or_default());
    prefix.push(".");
    sweep(folder, &prefix);
    let done = || {
        let mut part = begin(folder, &prefix, old.is_none())?;
        part.write_all(bytes)?;
        if let Some(old) = old {
            keep_access(part.as_file(), old)?;
        }
        part.as_file().sync_all()?;
        persist(part, path)?;
        sync_folder(folder)
    };
    done().map_err(|e| without_part(&e))
}

/// An error without the name of the part file behind it: nobody but winset knows that name.
pub(crate) fn without_part(e: &io::Error) -> io::Error {
    let text = e.to_string();
    io::Error::new(e.kind(), text.split(" at path ").next().unwrap_or_default())
}

/// A new part file, locked.
fn begin(folder: &Path, prefix: &OsStr, is_new: bool) -> io::Result<tempfile::NamedTempFile> {
    // Between making and locking it another writer may have swept it.
    for _ in 0..100 {
        let mut builder = tempfile::Builder::new();
        builder.prefix(prefix).suffix(PART);
        #[cfg(unix)]
        if is_new {
            use std::os::unix::fs::PermissionsExt;
            // As any other file: what the user's mask leaves of it.
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        #[cfg(not(unix))]
        let _ = is_new;
        let part = builder.tempfile_in(folder)?;
        match part.as_file().try_lock() {
            Err(std::fs::TryLockError::WouldBlock) => continue,
            // Some file systems know no locks; then nothing is swept either.
            Ok(()) | Err(std::fs::TryLockError::Error(_)) => {}
        }
        if part.path().exists() {
            return Ok(part);
        }
    }
    Err(io::Error::other("its part file is removed again and again"))
}

const PART: &str = ".part";

/// Removes part files of writers that are no more.
fn sweep(folder: &Path, prefix: &OsStr) {
    let Ok(entries) = folder.read_dir() else { return };
    for entry in entries.flatten() {
        if !is_part(&entry.file_name(), prefix) || !entry.file_type().is_ok_and(|t| t.is_file()) {
            continue;
        }
        let path = entry.path();
        if let Ok(file) = File::open(&path)
            && file.try_lock().is_ok()
        {
            // Still locked, so that nobody takes it up in between. What cannot be removed is in
            // nobody's way.
            let _ = std::fs::remove_file(&path);
        }
    }
}

/// Whether a name is this prefix, six letters or digits, and the ending of part files.
pub(crate) fn is_part(name: &OsStr, prefix: &OsStr) -> bool {
    let rest = name.as_encoded_bytes().strip_prefix(prefix.as_encoded_bytes());
    let random = rest.and_then(|rest| rest.strip_suffix(PART.as_bytes()));
    random.is_some_and(|r| r.len() == 6 && r.iter().all(u8::is_ascii_alphanumeric))
}

/// Gives a new file the mode of the one it replaces, and its owner where that is permitted.
fn keep_access(file: &File, old: &Metadata) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
        let now = file.metadata()?;
        let mut mode = old.mode() & 0o7777;
        let same_owner = now.uid() == old.uid() || fchown(file, Some(old.uid()), None).is_ok();
        let same_group = now.gid() == old.gid() || fchown(file, None, Some(old.gid())).is_ok();
        if !same_group {
            // Another group than the one that was meant may do what everybody may.
            mode = (mode & !0o070) | ((mode & 0o007) << 3);
        }
        if !same_owner || !same_group {
            mode &= 0o777;
        }
        file.set_permissions(std::fs::Permissions::from_mode(mode))
    }
    #[cfg(not(unix))]
    {
        file.set_permissions(old.permissions())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = folder.read_dir().unwrap();
        let mut names: Vec<String> =
            entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_created_once_and_replaced_as_a_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        create(&path, b"one").unwrap();
        assert_eq!(create(&path, b"two").unwrap_err().kind(), ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read(&path).unwrap(), b"one");
        write(&path, b"three").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"three");
        assert_eq!(names(folder.path()), ["a.txt"]);
        let gone = write(&folder.path().join("no/a.txt"), b"x").unwrap_err();
        assert_eq!(gone.kind(), ErrorKind::NotFound);
        assert!(gone.to_string().starts_with("cannot write "), "{gone}");
        assert_eq!(write(folder.path(), b"x").unwrap_err().kind(), ErrorKind::IsADirectory);
    }

    #[test]
    fn an_error_names_the_file_and_no_part_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("nowhere/brief.html");
        for why in [write(&path, b"x").unwrap_err(), create(&path, b"x").unwrap_err()] {
            let why = why.to_string();
            assert_eq!(why.matches("brief.html").count(), 1, "{why}");
            assert!(!why.contains(".part"), "{why}");
        }
    }

    /// A part whose writer was killed goes; one in the making, and what only looks alike, stays.
    #[test]
    fn stale_parts_are_swept() {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        for name in
            [".a.txt.aB3dEf.part", ".a.txt.aaaaaa.part", ".b.txt.aaaaaa.part", ".a.txt.part"]
        {
            std::fs::write(place(name), "x").unwrap();
        }
        let held = File::open(place(".a.txt.aaaaaa.part")).unwrap();
        held.lock().unwrap();
        write(&place("a.txt"), b"new").unwrap();
        assert_eq!(
            names(folder.path()),
            [".a.txt.aaaaaa.part", ".a.txt.part", ".b.txt.aaaaaa.part", "a.txt"]
        );
        drop(held);
        write(&place("a.txt"), b"newer").unwrap();
        assert!(!place(".a.txt.aaaaaa.part").exists());
    }

    /// Threads of one process and processes alike: no writer takes away another's part.
    #[test]
    fn many_writers_of_one_file_all_succeed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        std::thread::scope(|scope| {
            for k in 0..8 {
                let path = &path;
                scope.spawn(move || {
                    for n in 0..20 {
                        write(path, format!("{k} {n}\n").repeat(100).as_bytes()).unwrap();
                    }
                });
            }
        });
        let text = std::fs::read_to_string(&path).unwrap();
        let first = text.lines().next().unwrap();
        assert!(text.lines().count() == 100 && text.lines().all(|line| line == first));
        assert_eq!(names(folder.path()), ["a.txt"]);
    }

    #[cfg(unix)]
    #[test]
    fn the_mode_stays_and_a_new_file_has_the_usual_one() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o7777;
        let (path, plain) = (folder.path().join("a"), folder.path().join("plain"));
        for wanted in [0o600, 0o640, 0o664, 0o755] {
            std::fs::write(&path, "old").unwrap();
            std::fs::set_permissions(&path, PermissionsExt::from_mode(wanted)).unwrap();
            write(&path, b"new").unwrap();
            assert_eq!(mode(&path), wanted);
        }
        std::fs::write(&plain, "").unwrap();
        write(&folder.path().join("b"), b"new").unwrap();
        assert_eq!(mode(&folder.path().join("b")), mode(&plain));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_where_it_may_be_and_stays_a_link() {
        use std::os::unix::fs::symlink;
        let root = tempfile::tempdir().unwrap();
        let case = root.path().join("case");
        std::fs::create_dir(&case).unwrap();
        let place = |name: &str| case.join(name);
        let victim = root.path().join("victim");
        std::fs::write(&victim, "precious").unwrap();
        std::fs::write(place("inner"), "old").unwrap();
        symlink("inner", place("in")).unwrap();
        symlink("../victim", place("out")).unwrap();
        symlink("nowhere", place("dangling")).unwrap();
        symlink("..", place("up")).unwrap();
        let inside = Links::Inside(&case);
        write_through(&place("in"), b"new", inside).unwrap();
        assert!(place("in").symlink_metadata().unwrap().is_symlink());
        assert_eq!(std::fs::read(place("inner")).unwrap(), b"new");
        for name in ["out", "dangling", "up/victim", "up/new"] {
            let refused = write_through(&place(name), b"x", inside).unwrap_err();
            assert!(refused.to_string().contains("link"), "{name}: {refused}");
        }
        assert_eq!(std::fs::read(&victim).unwrap(), b"precious");
        assert_eq!(names(root.path()), ["case", "victim"]);
        // What the user names is the user's to name.
        write(&place("out"), b"report").unwrap();
        assert!(place("out").symlink_metadata().unwrap().is_symlink());
        assert_eq!(std::fs::read(&victim).unwrap(), b"report");
        assert!(create(&place("dangling"), b"x").is_err());
        assert!(!place("nowhere").exists());
        // A device is written to, and stays one.
        write(Path::new("/dev/null"), b"x").unwrap();
        assert!(!Path::new("/dev/null").metadata().unwrap().is_file());
    }
}
