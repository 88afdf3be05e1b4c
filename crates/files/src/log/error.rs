//! What can go wrong with a log.

use std::io;
use std::path::PathBuf;

use super::chain::ChainFault;

/// Why a log cannot be read or an entry cannot be added.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The file system refused; nothing was lost.
    #[error("could not {doing} `{}`: {cause}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What was being done, such as `write`.
        doing: &'static str,
        /// The cause.
        #[source]
        cause: io::Error,
    },
    /// Another writer holds the log.
    #[error("another process is writing to `{}`", .path.display())]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// The chain is broken, so nothing is added to it.
    #[error("the chain of `{}` is broken{}", .path.display(), first_three(problems))]
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong, first line first.
        problems: Vec<ChainFault>,
    },
    /// The entry itself is not acceptable.
    #[error("`{field}`: {message}")]
    Entry {
        /// The field.
        field: &'static str,
        /// What was found and expected.
        message: String,
        /// What to do.
        hint: String,
    },
    /// The writer failed before and may not write again.
    #[error("an earlier write to this log failed")]
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
            Self::Locked { .. } => {
                Some("wait for it to end, or tell this one to wait longer: `--wait 60`".into())
            }
            Self::Broken { problems, .. } => problems.first().map(|p| p.hint().to_string()),
            Self::Entry { hint, .. } => Some(hint.clone()),
            Self::Poisoned => Some("open the log again".into()),
        }
    }
}

/// The first three faults, each behind a semicolon, and how many more there are.
fn first_three(problems: &[ChainFault]) -> String {
    let mut words: String = problems.iter().take(3).map(|p| format!("; {p}")).collect();
    if problems.len() > 3 {
        words.push_str(&format!("; and {} more", problems.len() - 3));
    }
    words
}
