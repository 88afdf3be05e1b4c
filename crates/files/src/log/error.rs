//! What can go wrong with a log.

use std::fmt;
use std::io;
use std::path::PathBuf;

use super::chain::Problem;

/// Why a log cannot be read or an entry cannot be added.
#[derive(Debug)]
pub enum LogError {
    /// The file system refused; nothing was lost.
    Io {
        /// The file.
        path: PathBuf,
        /// What was being done, such as `write`.
        doing: &'static str,
        /// The cause.
        cause: io::Error,
    },
    /// Another writer holds the log.
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// The chain is broken, so nothing is added to it.
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong, first line first.
        problems: Vec<Problem>,
    },
    /// The entry itself is not acceptable.
    Entry {
        /// The field.
        field: &'static str,
        /// What was found and expected.
        message: String,
        /// What to do.
        hint: String,
    },
    /// The writer failed before and may not write again.
    Poisoned,
}

impl LogError {
    /// Whether the command refuses (another writer, exit code 4) rather than fails.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Locked { .. })
    }

    pub(super) fn io(path: &std::path::Path, doing: &'static str, cause: io::Error) -> Self {
        Self::Io { path: path.to_path_buf(), doing, cause }
    }

    pub(super) fn entry(field: &'static str, message: String, hint: &str) -> Self {
        Self::Entry { field, message, hint: hint.to_string() }
    }

    /// What to do about it, if there is something to say.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Io { doing: "write" | "sync", .. } => {
                Some("the entry was not added; make room and add it again".into())
            }
            Self::Io { .. } => None,
            Self::Locked { .. } => Some("wait for the other `winset log` to end".into()),
            Self::Broken { problems, .. } => problems.first().map(|p| p.hint().to_string()),
            Self::Entry { hint, .. } => Some(hint.clone()),
            Self::Poisoned => Some("open the log again".into()),
        }
    }
}

impl fmt::Display for LogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { path, doing, cause } => {
                write!(f, "could not {doing} `{}`: {cause}", path.display())
            }
            Self::Locked { path } => {
                write!(f, "another process is writing to `{}`", path.display())
            }
            Self::Broken { path, problems } => {
                write!(f, "the chain of `{}` is broken", path.display())?;
                problems.iter().take(3).try_for_each(|p| write!(f, "; {p}"))?;
                match problems.len().saturating_sub(3) {
                    0 => Ok(()),
                    more => write!(f, "; and {more} more"),
                }
            }
            Self::Entry { field, message, .. } => write!(f, "`{field}`: {message}"),
            Self::Poisoned => write!(f, "an earlier write to this log failed"),
        }
    }
}

impl std::error::Error for LogError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { cause, .. } => Some(cause),
            _ => None,
        }
    }
}
