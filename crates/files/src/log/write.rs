//! Adding entries so that none is lost.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::ask::{asks_by, forecasts, resolution, standing, superseded};
use super::chain::{self, ChainHead, Log, Tail};
use super::entry::{LogEntry, LogKind, LogStatement, Outcome, shortened};
use super::error::LogError;
use crate::atomic;
use crate::own::{self, CaseLock, LockError};

/// What opening the log had to put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// Nothing.
    Sound,
    /// Part of a line that was never acknowledged was moved to a file of its own.
    SetAside {
        /// The file it was moved to.
        to: PathBuf,
        /// How many bytes.
        bytes: usize,
        /// Line, from 1.
        line: usize,
    },
    /// The last entry had lost its line end, which was put back.
    LineEnd {
        /// Line, from 1.
        line: usize,
    },
}

/// The one writer of a log: holds the lock of its folder, and of the file, until dropped.
#[derive(Debug)]
pub struct Writer {
    /// Let go of when nothing more can be written.
    lock: Option<CaseLock>,
    file: File,
    path: PathBuf,
    log: Log,
    len: u64,
    poisoned: bool,
    note_error: Option<io::Error>,
}

impl Writer {
    /// Opens a log for adding, making the file if there is none, and waits up to `wait` for another
    /// writer to end; zero refuses at once.
    ///
    /// A torn tail is moved to `<log>.torn-<n>`, on disk before it leaves the log.
    ///
    /// # Errors
    /// [`LogError::Locked`] if another process writes, [`LogError::Broken`] if the chain does not
    /// verify, [`LogError::Io`].
    pub fn open(path: &Path, wait: Duration) -> Result<(Self, Opened), LogError> {
        let io = |doing| move |e| LogError::io(path, doing, e);
        let locked = || LogError::Locked { path: path.to_path_buf() };
        // Every writer of the folder waits for every other; the file's own lock is for readers,
        // who leave out what is being written.
        let lock = CaseLock::take(atomic::parent(path), wait).map_err(|e| match e {
            LockError::Busy(_) => locked(),
            LockError::Io { cause, .. } => LogError::io(path, "lock", cause),
        })?;
        let mut file = own::open_regular(path).map_err(io("open"))?;
        if !own::lock(&file, wait).map_err(io("lock"))? {
            return Err(locked());
        }
        let note = chain::read_note(path)?;
        let bytes = chain::contents(&mut file, path)?;
        let mut log = note.verify(&bytes);
        if !log.verifies() {
            return Err(LogError::Broken { path: path.to_path_buf(), problems: log.problems });
        }
        let mut len = bytes.len() as u64;
        let opened = match log.tail.take() {
            None => Opened::Sound,
            Some(Tail::Torn { line, start, bytes: count }) => {
                let to = set_aside(path, &bytes[start..])?;
                len = start as u64;
                file.set_len(len).map_err(io("shorten"))?;
                file.sync_all().map_err(io("sync"))?;
                Opened::SetAside { to, bytes: count, line }
            }
            Some(Tail::Unterminated { line }) => {
                file.seek(SeekFrom::Start(len)).map_err(io("seek"))?;
                file.write_all(b"\n").map_err(io("write"))?;
                file.sync_all().map_err(io("sync"))?;
                len += 1;
                Opened::LineEnd { line }
            }
        };
        if len == 0 {
            sync_folder(path)?;
        }
        let path = path.to_path_buf();
        Ok((
            Self { lock: Some(lock), file, path, log, len, poisoned: false, note_error: None },
            opened,
        ))
    }

    /// The log as it stands, own entries included.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// Why the head note could not be renewed, if it could not; the entries are safe all the same.
    pub fn note_error(&self) -> Option<&io::Error> {
        self.note_error.as_ref()
    }

    /// Adds an entry. Returns only after its line is on disk.
    ///
    /// # Errors
    /// [`LogError::Entry`] if it does not fit the log, [`LogError::Io`] if it could not be written;
    /// the log is then as it was before.
    pub fn append(&mut self, statement: LogStatement) -> Result<LogEntry, LogError> {
        if self.poisoned {
            return Err(LogError::Poisoned);
        }
        statement.check()?;
        fits(&statement, &self.log.entries)?;
        if let Err(cause) = self.still_ours() {
            self.poison();
            return Err(LogError::io(&self.path, "write", cause));
        }
        let (entry, line) = chain::link(statement, &self.log.head())
            .map_err(|e| LogError::io(&self.path, "write", io::Error::other(e)))?;
        if let Err((doing, cause)) = self.put(line.as_bytes()) {
            // Part of the line may be in the file; without it the log is as it was.
            let undone = self.file.set_len(self.len).and_then(|()| self.file.sync_all());
            // After a failed sync what is on disk is not known: the next opening reads it anew.
            if undone.is_err() || doing == "sync" {
                self.poison();
            }
            return Err(LogError::io(&self.path, doing, cause));
        }
        self.len += line.len() as u64;
        self.log.entries.push(entry.clone());
        self.note_error = write_note(&self.path, &self.log.head()).err();
        Ok(entry)
    }

    fn poison(&mut self) {
        self.poisoned = true;
        self.lock = None;
    }

    /// Checks that the path still names the file that is open, as long as this writer left it.
    ///
    /// Editors and version control know no locks: a line added to a file they have replaced would
    /// be acknowledged and gone.
    fn still_ours(&self) -> io::Result<()> {
        let (named, open) = (self.path.symlink_metadata()?, self.file.metadata()?);
        if own::is_same_file(&named, &open) && named.len() == self.len {
            return Ok(());
        }
        Err(io::Error::other("another program replaced or changed it"))
    }

    fn put(&mut self, line: &[u8]) -> Result<(), (&'static str, io::Error)> {
        self.file.seek(SeekFrom::Start(self.len)).map_err(|e| ("write", e))?;
        self.file.write_all(line).map_err(|e| ("write", e))?;
        self.file.sync_all().map_err(|e| ("sync", e))
    }
}

/// Writes bytes to the first free `<log>.torn-<n>` and to disk.
fn set_aside(path: &Path, bytes: &[u8]) -> Result<PathBuf, LogError> {
    let mut n = 1_u64;
    loop {
        let mut name = path.as_os_str().to_os_string();
        name.push(format!(".torn-{n}"));
        let to = PathBuf::from(name);
        match OpenOptions::new().write(true).create_new(true).open(&to) {
            Ok(mut file) => {
                let done = file.write_all(bytes).and_then(|()| file.sync_all());
                done.map_err(|e| LogError::io(&to, "set the torn tail aside in", e))?;
                sync_folder(path)?;
                return Ok(to);
            }
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => n += 1,
            Err(e) => return Err(LogError::io(&to, "set the torn tail aside in", e)),
        }
    }
}

/// Makes a new file's name survive a power cut, where folders can be synced.
fn sync_folder(path: &Path) -> Result<(), LogError> {
    let folder = atomic::parent(path);
    atomic::sync_folder(folder).map_err(|e| LogError::io(folder, "sync", e))
}

/// Renews the head note in place. It is not synced: a note that lags behind proves less, not wrong.
fn write_note(path: &Path, head: &ChainHead) -> io::Result<()> {
    let mut file = own::open(&chain::head_path(path))?;
    let note = chain::head_note(head);
    file.write_all(note.as_bytes())?;
    file.set_len(note.len() as u64)
}

/// Checks that a question can have ended on a day.
fn closes(new: &LogStatement, on: Date, entries: &[LogEntry]) -> Result<(), LogError> {
    let refuse = |message, hint: &str| Err(LogError::entry("resolved_on", message, hint));
    // Where the day begins first it is fourteen hours ahead.
    let today = (new.made_at + 14.hours()).to_zoned(TimeZone::UTC).date();
    if on > today {
        return refuse(format!("{on} has not come yet"), "resolve it when it has");
    }
    let first = forecasts(entries, &new.question).map(|e| e.as_of).min();
    if let Some(first) = first.filter(|first| on < *first) {
        return refuse(
            format!("{on} is before {first}, the day of the first forecast of `{}`", new.question),
            "what had happened by then was no question; `void` on a later day takes it out",
        );
    }
    if let (Some(Outcome::Yes), Some(by)) = (new.outcome, asks_by(entries, &new.question))
        && on > by
    {
        return refuse(
            format!("`{}` asks what happens by {by}, and {on} is after it", new.question),
            &format!("it ended with no: `winset resolve {} no --on {by}`", new.question),
        );
    }
    Ok(())
}

/// Checks an entry against those before it.
fn fits(new: &LogStatement, entries: &[LogEntry]) -> Result<(), LogError> {
    let of_question = || entries.iter().filter(|e| e.question == new.question);
    let resolved = resolution(entries, &new.question);
    match (new.kind, &new.supersedes) {
        (LogKind::Update | LogKind::Reaffirm, _) if resolved.is_some() => {
            return Err(LogError::entry(
                "question",
                format!("`{}` is resolved", new.question),
                "correct the resolution first if it was wrong",
            ));
        }
        (LogKind::Resolution, None) if resolved.is_some() => {
            return Err(LogError::entry(
                "outcome",
                format!("`{}` is resolved already", new.question),
                "name the resolution it replaces: `--replaces ID`",
            ));
        }
        (LogKind::Resolution, _) if of_question().next().is_none() => {
            return Err(LogError::entry(
                "question",
                format!("`{}` has no forecast in this log", new.question),
                "`winset log list` names the questions",
            ));
        }
        _ => (),
    }
    if let (LogKind::Resolution, Some(on)) = (new.kind, new.resolved_on) {
        closes(new, on, entries)?;
    }
    if new.kind == LogKind::Reaffirm {
        let Some(standing) = standing(entries, &new.question, new.as_of, None) else {
            return Err(LogError::entry(
                "kind",
                format!("no forecast of `{}` stands to be reaffirmed", new.question),
                "add one first",
            ));
        };
        if standing.p != new.p {
            return Err(LogError::entry(
                "p",
                format!("reaffirming {} keeps its number", standing.id),
                "add an update to change it",
            ));
        }
    }
    if let Some(id) = &new.supersedes {
        let replaced = of_question().find(|e| e.id == *id).ok_or_else(|| {
            LogError::entry(
                "supersedes",
                format!("`{}` is no entry of `{}`", shortened(id), new.question),
                "`winset log list` names the entries",
            )
        })?;
        if (replaced.kind == LogKind::Resolution) != (new.kind == LogKind::Resolution) {
            return Err(LogError::entry(
                "supersedes",
                format!("{id} is of kind `{}`", replaced.kind.word()),
                "a resolution replaces a resolution, a correction a forecast",
            ));
        }
        if let Some(by) = superseded(entries, None).get(id.as_str()) {
            return Err(LogError::entry(
                "supersedes",
                format!("{id} was replaced by {by} already"),
                "correct the newer entry",
            ));
        }
    }
    Ok(())
}
