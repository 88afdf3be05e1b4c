//! Exit codes, in one place: 0 fine, 1 invalid input, 2 usage, 3 input/output, 4 refused,
//! 130 interrupted.

use std::process::ExitCode;

use winset_report::diagnostics::ErrorReport;

use crate::output::{say, wants_json};

/// Why a command did not succeed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Invalid input, already explained on stderr.
    Explained,
    /// Invalid input, and what is wrong with it.
    Invalid(String),
    /// Wrong use of the command.
    Usage(String),
    /// Refused: a lock, a merge, something that would be overwritten.
    Refused(String),
    /// Stopped by the user.
    Interrupted,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Explained => f.write_str("the input has errors"),
            Self::Invalid(why) | Self::Usage(why) | Self::Refused(why) => f.write_str(why),
            Self::Interrupted => f.write_str("interrupted"),
        }
    }
}

impl std::error::Error for Failure {}

/// Says what went wrong and gives the code.
pub(crate) fn code(result: anyhow::Result<()>) -> ExitCode {
    let Err(error) = result else { return ExitCode::SUCCESS };
    if error.chain().any(broken_pipe) {
        // Whoever read has read enough.
        return ExitCode::SUCCESS;
    }
    let (code, said) = match error.downcast_ref::<Failure>() {
        Some(Failure::Explained) => (1, true),
        Some(Failure::Invalid(_)) => (1, false),
        Some(Failure::Usage(_)) => (2, false),
        Some(Failure::Refused(_)) => (4, false),
        Some(Failure::Interrupted) => (130, false),
        None => (3, false),
    };
    if !said {
        let message = format!("{error:#}");
        if wants_json() {
            crate::output::say_json(&ErrorReport::new(code, message).line());
        } else {
            say!("error: {message}");
        }
    }
    ExitCode::from(code)
}

/// The outcome of a command whose answer is a verdict, which stands whether or not somebody reads it to
/// its end.
pub(crate) fn judged(printed: anyhow::Result<()>, good: bool) -> anyhow::Result<()> {
    match printed {
        Err(error) if !error.chain().any(broken_pipe) => Err(error),
        _ if !good => Err(Failure::Explained.into()),
        printed => printed,
    }
}

/// Whether the reader of a pipe has gone, said by the system or by the writer of JSON.
fn broken_pipe(error: &(dyn std::error::Error + 'static)) -> bool {
    let io = error.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
    let json = error.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
    io.or(json) == Some(std::io::ErrorKind::BrokenPipe)
}
