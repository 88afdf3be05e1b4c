//! Where a log lies, what the clock says, and errors of the log as the command's.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use winset_files::case::ResolvedCase;
use winset_files::log::{EntryRemark, Log, LogError, Opened, read};
use winset_model::case::{Case, Day, Ending};

use crate::exit::Failure;
use crate::input::{self, CaseArgs};
use crate::output::say;

const LOG: &str = "log.jsonl";

/// A log, and the case that it is of, where that is at hand.
pub(crate) struct Place {
    case: Option<PathBuf>,
    /// `log.jsonl`.
    pub(crate) log: PathBuf,
}

impl Place {
    /// The place of a case: a folder or a file in one, `./case.toml` without a name.
    ///
    /// # Errors
    /// A usage error where there is no case on disk: what is compiled in has no folder to keep a
    /// log in.
    pub(crate) fn of(case: Option<&Path>) -> anyhow::Result<Self> {
        let usage = |why: String| {
            let hint = "`winset new PATH --from us-iran-2025` makes one from the built-in case";
            Failure::Usage(format!("{why}\n\nhint: {hint}"))
        };
        let path = case.unwrap_or(Path::new("."));
        let toml = if path.is_dir() { path.join("case.toml") } else { path.to_path_buf() };
        if !toml.is_file() {
            let why = match case {
                None => "a log needs a case folder, and there is no case.toml here".to_owned(),
                Some(path) if winset_files::builtin::find(&path.to_string_lossy()).is_some() => {
                    format!("a log needs a case folder, and `{}` is built in", path.display())
                }
                Some(path) => {
                    format!("a log needs a case folder, and {} is none", path.display())
                }
            };
            return Err(usage(why).into());
        }
        Ok(Self { log: toml.with_file_name(LOG), case: Some(toml) })
    }

    /// A log to read: as [`Self::of`], or a log's own file, whatever its name, or a folder with a log
    /// and no case.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub(crate) fn to_read(path: Option<&Path>) -> anyhow::Result<Self> {
        let place = path.unwrap_or(Path::new("."));
        let is_log = place.extension().is_none_or(|e| e != "toml") && !place.is_dir();
        let log = if is_log { place.to_path_buf() } else { place.join(LOG) };
        let case = log.with_file_name("case.toml");
        if !log.is_dir() && log.exists() {
            return Ok(Self { case: case.is_file().then_some(case), log });
        }
        Self::of(path)
    }

    /// Reads the case as of a day; explains what is wrong on stderr.
    pub(crate) fn load(&self, as_of: Option<Day>) -> anyhow::Result<ResolvedCase> {
        let case = Some(self.case().map_err(Failure::Usage)?.to_path_buf());
        input::case(&CaseArgs { case, as_of, set: Vec::new() })
    }

    /// Where the case lies; in words, that there is none.
    pub(crate) fn case(&self) -> Result<&Path, String> {
        let case = self.case.as_deref();
        case.ok_or_else(|| format!("there is no case.toml beside {}", self.log.display()))
    }

    /// Reads the log; what is wrong with it goes to stderr.
    pub(crate) fn read(&self) -> anyhow::Result<Log> {
        let log = read(&self.log).map_err(failed)?;
        for problem in &log.problems {
            say!("warning: {problem}");
        }
        if let Some(tail) = &log.tail {
            say!("warning: {tail}; the next entry sets it aside");
        }
        Ok(log)
    }
}

/// The default id of a case's question: the endings that count, the stage where it is not the last, the
/// text where it is about one, and the date.
///
/// `agreement-by-2025-06-30`, `agreement-at-house-on-draft-by-2025-06-30`. It does not change when the
/// question is worded anew, and does when something else is asked.
pub(crate) fn question_id(case: &Case) -> String {
    let asked = &case.question;
    let stage = case.stages.get(asked.stage).filter(|_| asked.stage + 1 < case.stages.len());
    let ending = |e: &Ending| match stage {
        Some(stage) if *e == Ending::Agreement => format!("{}-at-{}", e.name(), stage.id),
        _ => e.name().to_owned(),
    };
    let counts: Vec<String> = asked.counts.iter().map(ending).collect();
    let about = asked.about_id.as_ref().map_or_else(String::new, |id| format!("-on-{id}"));
    format!("{}{about}-by-{}", counts.join("-or-"), asked.by)
}

/// The present moment: the only place where the clock is read.
///
/// # Errors
/// A clock beyond the years of a calendar: an entry with a made-up moment would stand in the log for good.
#[expect(
    clippy::disallowed_methods,
    reason = "an entry states when it was made; no forecast depends on it"
)]
pub(crate) fn now() -> anyhow::Result<Timestamp> {
    moment(std::time::SystemTime::now())
}

fn moment(clock: std::time::SystemTime) -> anyhow::Result<Timestamp> {
    Timestamp::try_from(clock).map_err(|_| {
        anyhow::anyhow!(
            "the clock of this machine stands beyond the year 9999, and an entry says when it was \
             made\n\nhint: set the clock; nothing was written"
        )
    })
}

/// Who answers for an entry: the option, the user's name, or `unknown`.
pub(crate) fn author(given: Option<&str>) -> String {
    let user = || std::env::var("USER").or_else(|_| std::env::var("USERNAME")).ok();
    let name = given.map(str::to_owned).or_else(user).filter(|n| !n.trim().is_empty());
    name.unwrap_or_else(|| "unknown".to_owned())
}

/// An error of the log as one of the command.
pub(crate) fn failed(error: LogError) -> anyhow::Error {
    let hint = error.hint().map_or_else(String::new, |hint| format!("\n\nhint: {hint}"));
    let message = format!("{error}{hint}");
    match error {
        LogError::Locked { .. } => Failure::Refused(message).into(),
        LogError::Broken { .. } | LogError::Entry { .. } => Failure::Invalid(message).into(),
        LogError::Io { .. } | LogError::Poisoned => anyhow::anyhow!(message),
    }
}

/// Says what opening a log put right.
pub(crate) fn opened(opened: &Opened) {
    match opened {
        Opened::Sound => {}
        Opened::SetAside { to, bytes, line } => say!(
            "warning: line {line}: {bytes} bytes of an entry that was never acknowledged were \
             moved to {}",
            to.display()
        ),
        Opened::LineEnd { line } => {
            say!("warning: line {line}: the line end was missing and was put back");
        }
    }
}

/// Says what is remarked.
pub(crate) fn said(remarks: &[EntryRemark]) {
    for r in remarks {
        say!("warning: {}: {} [{}]\nhint: {}", r.question, r.message, r.code, r.hint);
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    #[test]
    fn a_clock_beyond_the_calendar_is_an_error_and_not_1970() {
        let far = SystemTime::UNIX_EPOCH + Duration::from_secs(400_000_000_000);
        let why = moment(far).unwrap_err().to_string();
        assert!(why.contains("beyond the year 9999"), "{why}");
        assert_eq!(moment(SystemTime::UNIX_EPOCH).unwrap(), Timestamp::UNIX_EPOCH);
    }
}
