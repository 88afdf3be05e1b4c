//! Reading what a path names, whatever that is: a regular file, and never more than a bound.
//!
//! A path may come from somebody else and name a device or a pipe, which has no end or no beginning.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// What a text typed by people has at most, in bytes.
pub const TEXT: u64 = 4 << 20;

/// What a table or a page has at most, in bytes.
pub const TABLE: u64 = 64 << 20;

/// What a log or a file of results has at most, in bytes.
pub const RESULTS: u64 = 1 << 30;

/// Opens a regular file to read.
///
/// # Errors
/// What the system says; a folder, a device or a pipe.
pub fn open(path: &Path) -> io::Result<File> {
    let regular = |is_file: bool| match is_file {
        true => Ok(()),
        false => Err(io::Error::new(ErrorKind::InvalidInput, "expected a regular file")),
    };
    // Before it is opened: opening a pipe waits for somebody to write to it.
    regular(path.metadata()?.is_file())?;
    let file = File::open(path)?;
    regular(file.metadata()?.is_file())?;
    Ok(file)
}

/// Reads a regular file of at most so many bytes.
///
/// # Errors
/// What the system says; what is no regular file; [`ErrorKind::FileTooLarge`].
pub fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    open(path).and_then(|file| rest(&file, file.metadata()?.len(), most))
}

/// The same as text.
///
/// # Errors
/// As [`read`], and [`ErrorKind::InvalidData`] for what is not UTF-8.
pub fn read_to_string(path: &Path, most: u64) -> io::Result<String> {
    let text = String::from_utf8(read(path, most)?);
    text.map_err(|_| io::Error::new(ErrorKind::InvalidData, "it is not UTF-8"))
}

/// Reads to the end of something that may have none, such as what is piped in.
///
/// # Errors
/// What the system says; [`ErrorKind::FileTooLarge`].
pub fn rest(from: impl Read, expected: u64, most: u64) -> io::Result<Vec<u8>> {
    let large = || {
        let most = match most >> 20 {
            0 => format!("{most} bytes"),
            mega => format!("{mega} MB"),
        };
        Err(io::Error::new(ErrorKind::FileTooLarge, format!("it is larger than {most}")))
    };
    if expected > most {
        return large();
    }
    let mut bytes = Vec::with_capacity(usize::try_from(expected).unwrap_or(0));
    from.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most { large() } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_larger_than_its_bound_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, "12345").unwrap();
        assert_eq!(read(&path, 5).unwrap(), b"12345");
        assert_eq!(read(&path, 4).unwrap_err().kind(), ErrorKind::FileTooLarge);
        assert_eq!(rest(io::repeat(7), 0, 10).unwrap_err().kind(), ErrorKind::FileTooLarge);
        assert_eq!(rest(&b"abc"[..], 0, 3).unwrap(), b"abc");
    }

    #[cfg(unix)]
    #[test]
    fn only_regular_files_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("/dev/zero", &link).unwrap();
        for path in [Path::new("/dev/zero"), &link, folder.path()] {
            let refused = read(path, 10).unwrap_err().to_string();
            assert!(refused.contains("expected a regular file"), "{refused}");
        }
        let pipe = folder.path().join("pipe");
        if std::process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|s| s.success()) {
            assert!(read(&pipe, 10).is_err());
        }
    }
}
