//! The chain: bytes to entries, with every line that was changed, dropped or moved named.
//!
//! A line is one JSON object that begins `{"schema":"winset/log/1","id":"f7",` and ends
//! `,"prev_hash":"…","hash":"…"}`. `hash` is BLAKE3 over the bytes of the same line without its
//! hash (everything before `,"hash"`, then `}`), so the bytes on disk are the canonical ones and
//! nothing hangs on how a reader would print them; `prev_hash` is the hash of the line before.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::entry::{LogEntry, LogStatement};
use super::error::LogError;
use crate::bounded;

/// The `prev_hash` of the first line.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

const START: &str = "{\"schema\":\"winset/log/1\",\"id\":\"";
const PREV: &[u8] = b",\"prev_hash\":\"";
const HASH: &[u8] = b"\",\"hash\":\"";
const HEX: usize = 64;

/// How many entries a log holds and the hash of the last one: note it elsewhere to prove the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChainHead {
    /// Number of entries.
    pub entries: usize,
    /// Hash of the last one, [`GENESIS`] if there is none.
    pub hash: String,
}

impl fmt::Display for ChainHead {
    /// `3:…`, the number of entries and the hash.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.entries, self.hash)
    }
}

impl std::str::FromStr for ChainHead {
    type Err = &'static str;

    /// Reads `3:…`, with at least the first sixteen digits of the hash.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = || {
            let (entries, hash) = text.trim().split_once(':')?;
            let is_start = (16..=HEX).contains(&hash.len()) && is_digits(hash.as_bytes());
            let entries = entries.parse().ok().filter(|_| is_start)?;
            Some(Self { entries, hash: hash.to_owned() })
        };
        read().ok_or("write N:HASH as `winset log add` printed it, at least 16 digits of the hash")
    }
}

/// A fault in the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "fault", rename_all = "kebab-case")]
pub enum ChainFault {
    /// The bytes of the line do not have the hash it states.
    Changed {
        /// Line, from 1.
        line: usize,
        /// The entry's id.
        id: String,
    },
    /// The line is no entry.
    Malformed {
        /// Line, from 1.
        line: usize,
        /// What was expected.
        why: String,
    },
    /// Entries that were here are not.
    Dropped {
        /// The line before which they are missing; one past the last line for the end.
        line: usize,
        /// Id of the first missing entry.
        first: String,
        /// Id of the last missing entry.
        last: String,
    },
    /// The line stands in the wrong place.
    Reordered {
        /// Line, from 1.
        line: usize,
        /// The entry's id.
        id: String,
        /// The line it belongs after; 0 if it is the first.
        after: usize,
    },
    /// The line repeats an earlier one.
    Repeated {
        /// Line, from 1.
        line: usize,
        /// The line it repeats.
        of: usize,
    },
    /// The line follows an entry that this log never held.
    Foreign {
        /// Line, from 1.
        line: usize,
        /// The entry's id.
        id: String,
    },
    /// The line follows the same entry as an earlier one: two logs that went on apart were joined.
    Forked {
        /// Line, from 1.
        line: usize,
        /// The entry's id.
        id: String,
        /// The line that follows the same entry.
        of: usize,
    },
    /// The line ends were changed, from this line on; the entries were not.
    LineEnds {
        /// Line, from 1.
        line: usize,
    },
    /// A consistent chain, but not the one the head note remembers.
    Rewritten {
        /// Line, from 1, whose hash is not the noted one.
        line: usize,
    },
}

impl ChainFault {
    /// The line the fault is at.
    pub fn line(&self) -> usize {
        match self {
            Self::Changed { line, .. }
            | Self::Malformed { line, .. }
            | Self::Dropped { line, .. }
            | Self::Reordered { line, .. }
            | Self::Repeated { line, .. }
            | Self::Foreign { line, .. }
            | Self::Forked { line, .. }
            | Self::LineEnds { line }
            | Self::Rewritten { line } => *line,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Repeated { .. } => "remove the repeated line",
            Self::Reordered { .. } => "put the line back in its place",
            Self::Forked { .. } => {
                "keep the branch whose head you kept elsewhere, and enter the forecasts of the other anew"
            }
            Self::LineEnds { .. } => {
                "take the carriage returns out again (`dos2unix log.jsonl`), and write `log.jsonl -text` into .gitattributes beside it"
            }
            _ => "restore the line from a backup or from version control; entries are never edited",
        }
    }
}

impl fmt::Display for ChainFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed { line, id } => write!(f, "line {line}: {id} was changed"),
            Self::Malformed { line, why } => write!(f, "line {line}: not an entry: {why}"),
            Self::Dropped { line, first, last } if first == last => {
                write!(f, "line {line}: {first} is missing before it")
            }
            Self::Dropped { line, first, last } => {
                write!(f, "line {line}: {first} to {last} are missing before it")
            }
            Self::Reordered { line, id, after: 0 } => {
                write!(f, "line {line}: {id} was moved, it belongs at the start")
            }
            Self::Reordered { line, id, after } => {
                write!(f, "line {line}: {id} was moved, it belongs after line {after}")
            }
            Self::Repeated { line, of } => write!(f, "line {line}: repeats line {of}"),
            Self::Foreign { line, id } => {
                write!(f, "line {line}: {id} follows an entry that is not in this log")
            }
            Self::Forked { line, id, of } => write!(
                f,
                "line {line}: {id} follows the same entry as line {of}: the log forked, and both \
                 branches are in it"
            ),
            Self::LineEnds { line } => {
                write!(f, "line {line}: the line ends were changed to CRLF, as git's autocrlf does")
            }
            Self::Rewritten { line } => {
                write!(f, "line {line}: the log was rewritten, its hash is not the noted one")
            }
        }
    }
}

/// What stands after the last whole line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tail {
    /// Part of a line that was never acknowledged.
    Torn {
        /// Line, from 1.
        line: usize,
        /// Where it begins, in bytes.
        start: usize,
        /// Its length in bytes.
        bytes: usize,
    },
    /// A whole entry that lacks only its line end.
    Unterminated {
        /// Line, from 1.
        line: usize,
    },
}

impl fmt::Display for Tail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Torn { line, bytes, .. } => {
                write!(f, "line {line}: {bytes} bytes of an entry that was never acknowledged")
            }
            Self::Unterminated { line } => write!(f, "line {line}: the line end is missing"),
        }
    }
}

/// What a verification could not prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Unproved {
    /// There is no head note, so entries dropped from the end would not be noticed.
    End,
    /// There is a head note and it is none: the same, and somebody or a power cut spoilt it.
    Note,
}

impl fmt::Display for Unproved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::End => "there is no head note: entries dropped from the end would not show",
            Self::Note => {
                "the head note cannot be read, a power cut or somebody spoilt it: entries dropped \
                 from the end would not show"
            }
        })
    }
}

/// A log as read.
#[derive(Debug, Clone, PartialEq)]
pub struct Log {
    /// The entries that can be read, in order, those a problem names included.
    pub entries: Vec<LogEntry>,
    /// The faults of the chain, by line; empty if it verifies.
    pub problems: Vec<ChainFault>,
    /// What stands after the last whole line.
    pub tail: Option<Tail>,
    /// What could not be proved.
    pub unproved: Option<Unproved>,
}

impl Log {
    /// Whether the chain verifies (a torn tail was never part of it).
    pub fn verifies(&self) -> bool {
        self.problems.is_empty()
    }

    /// Holds the log against a head that was kept elsewhere; its hash may be cut to the first
    /// digits. What does not fit is added to the problems; a head of all entries proves the end.
    pub fn hold_against(&mut self, head: &ChainHead) {
        let count = self.entries.len();
        let found = head.entries.checked_sub(1).map(|at| self.entries.get(at));
        match found {
            None => {}
            Some(None) => self.problems.push(ChainFault::Dropped {
                line: count + 1,
                first: format!("f{}", count + 1),
                last: format!("f{}", head.entries),
            }),
            Some(Some(entry)) if !entry.hash.starts_with(&head.hash) => {
                self.problems.push(ChainFault::Rewritten { line: head.entries });
            }
            Some(Some(_)) if head.entries == count => self.unproved = None,
            Some(Some(_)) => {}
        }
        self.problems.dedup();
    }

    /// Number of entries and hash of the last.
    pub fn head(&self) -> ChainHead {
        ChainHead {
            entries: self.entries.len(),
            hash: self.entries.last().map_or_else(|| GENESIS.to_string(), |e| e.hash.clone()),
        }
    }
}

/// Reads and verifies a log. A file that does not exist is an empty log.
///
/// While another process writes, what it has not finished is left out.
///
/// # Errors
/// [`LogError::Io`] if the file cannot be read or is not a regular one. Faults of the chain are no
/// errors but [`Log::problems`].
pub fn read(path: &Path) -> Result<Log, LogError> {
    // The note first: a writer that comes in between makes the log longer than it, never shorter.
    let note = read_note(path)?;
    let mut file = match bounded::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            return Ok(note.verify(&[]));
        }
        Err(e) => return Err(LogError::io(path, "open", e)),
    };
    let busy = matches!(file.try_lock_shared(), Err(std::fs::TryLockError::WouldBlock));
    let bytes = contents(&mut file, path)?;
    let mut log = note.verify(&bytes);
    if busy {
        log.tail = None;
    }
    Ok(log)
}

/// All bytes of an open log.
pub(super) fn contents(file: &mut File, path: &Path) -> Result<Vec<u8>, LogError> {
    let read = file.metadata().and_then(|about| bounded::rest(file, about.len(), bounded::RESULTS));
    read.map_err(|e| LogError::io(path, "read", e))
}

/// Where the head note of a log is kept.
pub(super) fn head_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(".head");
    PathBuf::from(name)
}

/// What stands in the place of the head note.
pub(super) enum HeadNote {
    Absent,
    /// Something that no writer leaves there.
    Unreadable,
    Noted(ChainHead),
}

impl HeadNote {
    /// Verifies the bytes of the log beside it.
    pub(super) fn verify(&self, bytes: &[u8]) -> Log {
        match self {
            Self::Absent => read_bytes(bytes, None),
            Self::Unreadable => Log { unproved: Some(Unproved::Note), ..read_bytes(bytes, None) },
            Self::Noted(head) => read_bytes(bytes, Some(head)),
        }
    }
}

/// Reads the head note.
pub(super) fn read_note(path: &Path) -> Result<HeadNote, LogError> {
    let path = head_path(path);
    match bounded::read(&path, bounded::TEXT) {
        Ok(bytes) => {
            let head = std::str::from_utf8(&bytes).ok().and_then(parse_head);
            Ok(head.map_or(HeadNote::Unreadable, HeadNote::Noted))
        }
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(HeadNote::Absent),
        Err(e) if e.kind() == std::io::ErrorKind::FileTooLarge => Ok(HeadNote::Unreadable),
        Err(e) => Err(LogError::io(&path, "read", e)),
    }
}

/// Reads `count hash` and a line end; a note torn by a power cut is no note.
fn parse_head(text: &str) -> Option<ChainHead> {
    // Version control may have changed its line end; the log's own are another matter.
    let text = text.strip_suffix('\n')?;
    let (count, hash) = text.strip_suffix('\r').unwrap_or(text).trim_start().split_once(' ')?;
    is_hash(hash.as_bytes())
        .then(|| count.parse().ok().map(|entries| ChainHead { entries, hash: hash.to_string() }))
        .flatten()
}

/// The bytes of a head note; always of the same length, so that it is overwritten in place.
pub(super) fn head_note(head: &ChainHead) -> String {
    format!("{:>20} {}\n", head.entries, head.hash)
}

fn is_hash(bytes: &[u8]) -> bool {
    bytes.len() == HEX && is_digits(bytes)
}

fn is_digits(bytes: &[u8]) -> bool {
    bytes.iter().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(b))
}

/// Verifies the bytes of a log against a head noted earlier, if there is one. Never panics.
pub fn read_bytes(bytes: &[u8], head: Option<&ChainHead>) -> Log {
    let whole = bytes.iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
    let mut lines: Vec<&[u8]> = bytes[..whole].split(|&b| b == b'\n').collect();
    lines.pop(); // what follows the last line end, which is nothing
    let mut start = whole;
    // A page of zeros is what a power cut can leave of a line that was being written.
    if whole == bytes.len() && lines.last().is_some_and(|line| line.contains(&0)) {
        start -= lines.pop().map_or(0, |line| line.len() + 1);
    }
    let mut tail = (start < bytes.len()).then(|| Tail::Torn {
        line: lines.len() + 1,
        start,
        bytes: bytes.len() - start,
    });
    if tail.is_some() && whole < bytes.len() && parse(&bytes[start..]).is_ok_and(|l| l.unchanged) {
        lines.push(&bytes[start..]);
        tail = Some(Tail::Unterminated { line: lines.len() });
    }
    // No entry ends so: the line ends were changed, which is no change of an entry.
    let changed = lines.iter().position(|line| line.ends_with(b"\r"));
    let bare = |line: &&[u8]| parse(line.strip_suffix(b"\r").unwrap_or(line));
    let parsed: Vec<Result<LogLine, String>> = lines.iter().map(bare).collect();
    let mut problems = faults(&parsed);
    let count = parsed.len();
    if let Some(noted) = head {
        let serials = parsed.iter().flatten().filter(|line| line.unchanged);
        let last = serials.filter_map(|line| serial(&line.entry.id)).max().unwrap_or(0).max(count);
        if noted.entries > last {
            problems.push(ChainFault::Dropped {
                line: count + 1,
                first: format!("f{}", last + 1),
                last: format!("f{}", noted.entries),
            });
        } else if let (true, Some(at)) = (problems.is_empty(), noted.entries.checked_sub(1))
            && !matches!(parsed.get(at), Some(Ok(line)) if line.entry.hash == noted.hash)
        {
            problems.push(ChainFault::Rewritten { line: at + 1 });
        }
    }
    if let Some(at) = changed {
        problems.insert(0, ChainFault::LineEnds { line: at + 1 });
    }
    let unproved = (head.is_none() && count > 0).then_some(Unproved::End);
    let entries = parsed.into_iter().filter_map(Result::ok).map(|line| line.entry).collect();
    Log { entries, problems, tail, unproved }
}

/// A line that has the form of an entry.
struct LogLine {
    entry: LogEntry,
    /// Whether its bytes have the hash it states.
    unchanged: bool,
}

/// The faults of the lines themselves and of their order.
fn faults(lines: &[Result<LogLine, String>]) -> Vec<ChainFault> {
    let mut first_at: BTreeMap<&str, usize> = BTreeMap::new();
    // The first line that follows an entry, by the entry's hash.
    let mut follower_at: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, line) in lines.iter().enumerate() {
        if let Ok(line) = line {
            first_at.entry(&line.entry.hash).or_insert(at);
            if line.unchanged {
                follower_at.entry(&line.entry.prev_hash).or_insert(at);
            }
        }
    }
    let mut problems = Vec::new();
    // The entry that the next line must follow, and its number.
    let (mut hash, mut last) = (GENESIS, 0_usize);
    // After a broken line the number that is taken on trust, since its hash may be broken too.
    let mut trusted = None;
    for (at, line) in lines.iter().enumerate() {
        let number = at + 1;
        let line = match line {
            Ok(line) => line,
            Err(why) => {
                problems.push(ChainFault::Malformed { line: number, why: why.clone() });
                trusted = trusted.unwrap_or(last.saturating_add(1)).checked_add(1);
                continue;
            }
        };
        let (entry, id) = (&line.entry, line.entry.id.clone());
        let serial = serial(&id).unwrap_or(0);
        if !line.unchanged {
            problems.push(ChainFault::Changed { line: number, id });
            (hash, last, trusted) = (&entry.hash, serial, serial.checked_add(1));
            continue;
        }
        if hash != entry.prev_hash && trusted != Some(serial) {
            let follows = match entry.prev_hash == GENESIS {
                true => Some(0),
                false => first_at.get(entry.prev_hash.as_str()).map(|at| at + 1),
            };
            let repeats = first_at.get(entry.hash.as_str()).filter(|&&first| first < at);
            let twin = follower_at.get(entry.prev_hash.as_str()).filter(|&&first| first < at);
            problems.push(match (repeats, follows) {
                (None, Some(_)) if twin.is_some() => {
                    let of = twin.map_or(0, |&at| at + 1);
                    ChainFault::Forked { line: number, id, of }
                }
                (Some(first), _) => ChainFault::Repeated { line: number, of: first + 1 },
                (None, Some(after)) => ChainFault::Reordered { line: number, id, after },
                (None, None) if serial > last.saturating_add(1) => ChainFault::Dropped {
                    line: number,
                    first: format!("f{}", last.saturating_add(1)),
                    last: format!("f{}", serial - 1),
                },
                (None, None) => ChainFault::Foreign { line: number, id },
            });
        } else if serial != number && problems.is_empty() {
            let why = format!("its id is {id}, expected f{number}");
            problems.push(ChainFault::Malformed { line: number, why });
        }
        (hash, last, trusted) = (&entry.hash, serial, None);
    }
    problems
}

/// The number in an id such as `f7`.
fn serial(id: &str) -> Option<usize> {
    id.strip_prefix('f')?.parse().ok()
}

/// Takes a line apart; the error says what was expected.
fn parse(line: &[u8]) -> Result<LogLine, String> {
    let rest = line
        .strip_prefix(START.as_bytes())
        .ok_or_else(|| format!("expected it to begin `{START}`"))?;
    let end = rest.iter().position(|&b| b == b'"').ok_or("expected an id such as `f7`")?;
    let id = std::str::from_utf8(&rest[..end])
        .ok()
        .filter(|id| serial(id).is_some_and(|n| *id == format!("f{n}")))
        .ok_or("expected an id such as `f7`")?;
    let close = "expected it to end with `\"prev_hash\":\"…\",\"hash\":\"…\"}`";
    let body = line.strip_suffix(b"\"}").ok_or(close)?;
    let (body, hash) = body.split_at_checked(body.len().wrapping_sub(HEX)).ok_or(close)?;
    let body = body.strip_suffix(HASH).ok_or(close)?;
    let (start, prev) = body.split_at_checked(body.len().wrapping_sub(HEX)).ok_or(close)?;
    if !start.ends_with(PREV) || !is_hash(prev) || !is_hash(hash) {
        return Err(close.into());
    }
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let unchanged = seal(body).as_bytes() == hash;
    let statement: LogStatement =
        serde_json::from_slice(line).map_err(|e| format!("{e} (in column {})", e.column()))?;
    if unchanged {
        // What a changed line says is not worth checking, and would hide that it was changed.
        statement.check().map_err(|e| e.to_string())?;
    }
    let entry = LogEntry { id: id.to_string(), statement, prev_hash: text(prev), hash: text(hash) };
    Ok(LogLine { entry, unchanged })
}

/// The hash of a line, given its bytes up to and including the digits of `prev_hash`.
fn seal(body: &[u8]) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(body).update(b"\"}");
    hasher.finalize().to_hex().to_string()
}

/// An entry and its line, the line end included, that follows `head`.
///
/// # Errors
/// The serializer's, which plain data does not meet.
pub(super) fn link(
    statement: LogStatement,
    head: &ChainHead,
) -> Result<(LogEntry, String), serde_json::Error> {
    let id = format!("f{}", head.entries + 1);
    let stated = serde_json::to_string(&statement)?;
    let inner = stated.strip_prefix('{').and_then(|s| s.strip_suffix('}')).unwrap_or(&stated);
    let body = format!("{START}{id}\",{inner},\"prev_hash\":\"{}", head.hash);
    let hash = seal(body.as_bytes());
    let line = format!("{body}\",\"hash\":\"{hash}\"}}\n");
    Ok((LogEntry { id, statement, prev_hash: head.hash.clone(), hash }, line))
}
