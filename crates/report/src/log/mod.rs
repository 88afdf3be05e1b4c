//! The log of forecasts: what `winset log` answers.

mod document;
pub mod export;

use serde::Serialize;
use winset_files::log::{
    ChainFault, ChainHead, EntryRemark, Log, LogEntry, Replayed, Unproved, wording,
};
use winset_methods::score::{Assessed, Level, Reason};
use winset_model::case::{Day, Question};
use winset_model::forecast::Forecast;
use winset_model::forecast::UnseenDate;

/// The end of a log and whether its chain verifies.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChainState {
    /// How many entries there are and the hash of the last.
    pub head: ChainHead,
    /// Whether the chain verifies.
    pub verifies: bool,
}

/// What lies behind the last line, and what the chain cannot prove.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChainLimits {
    /// What a write that was cut off left behind the last line; `null` if nothing.
    pub torn_tail: Option<String>,
    /// What the chain cannot prove; `null` if nothing.
    pub unproved: Option<Unproved>,
}

/// The entries of a log.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LogReport {
    /// `winset/log/1`.
    pub schema: &'static str,
    /// The end of the log.
    #[serde(flatten)]
    pub state: ChainState,
    /// The entries, in the order of the lines.
    pub entries: Vec<LogEntry>,
}

/// The whole log as one document.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LogExport {
    /// `winset/log-export/1`.
    pub schema: &'static str,
    /// The end of the log.
    #[serde(flatten)]
    pub state: ChainState,
    /// Lines that were changed, dropped or moved.
    pub problems: Vec<ChainFault>,
    /// What the chain says nothing of.
    #[serde(flatten)]
    pub limits: ChainLimits,
    /// The entries, in the order of the lines.
    pub entries: Vec<LogEntry>,
}

/// Whether the chain of a log holds.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChainReport {
    /// `winset/log-verify/1`.
    pub schema: &'static str,
    /// Whether it does.
    pub verifies: bool,
    /// How many entries there are and the hash of the last.
    pub head: ChainHead,
    /// Lines that were changed, dropped or moved.
    pub problems: Vec<ChainProblem>,
    /// What the chain says nothing of.
    #[serde(flatten)]
    pub limits: ChainLimits,
}

/// A line that does not fit the chain.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChainProblem {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub message: String,
    /// What to do.
    pub hint: &'static str,
}

/// One entry.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EntryReport {
    /// `winset/log-show/1`.
    pub schema: &'static str,
    /// The entry.
    pub entry: LogEntry,
}

/// What was said on a day, what was told of it later, and what the case as it is now says of it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DayReport {
    /// `winset/log-day/1`.
    pub schema: &'static str,
    /// The day.
    pub on: Day,
    /// The question's id.
    pub question: String,
    /// The forecast that stood then; `null` if none.
    pub said: Option<LogEntry>,
    /// Entries told from that day or before, made later.
    pub told_later: Vec<LogEntry>,
    /// What the case as it is now says, told from that day; `null` if it cannot be told.
    pub replay: Option<DayReplay>,
    /// Why it cannot.
    pub replay_reason: Option<String>,
}

/// A number computed again.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DayReplay {
    /// The probability.
    pub p: f64,
    /// The lower end of the odds.
    pub lo: f64,
    /// The upper end.
    pub hi: f64,
    /// The word for it.
    pub term: String,
    /// The fingerprint of the case.
    pub fingerprint: String,
    /// The version of the formulas.
    pub version: String,
}

/// What was entered.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EnteredReport {
    /// `winset/log-entry/1`.
    pub schema: &'static str,
    /// The entry, as it is on disk.
    pub entry: LogEntry,
    /// The end of the log with it, to keep elsewhere: `winset log verify --head` takes it.
    pub head: ChainHead,
    /// The confidence; `null` where none was assessed.
    pub confidence: Option<ConfidenceReport>,
    /// What should be looked at.
    pub remarks: Vec<LogRemark>,
}

/// A confidence and what it rests on.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConfidenceReport {
    /// The level stated.
    pub level: Level,
    /// The level the evidence suggests.
    pub suggested: Level,
    /// What suggests it.
    pub reasons: Vec<Reason>,
    /// Why another level was stated; `null` if it was not.
    pub overridden_because: Option<String>,
}

/// Something to look at in a log.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LogRemark {
    /// A stable code: `needs-reason`, `stale`, `mass-passed`, `clock`, `backdated`, `worded-anew`,
    /// `closed`, `early`, `unproved`.
    pub code: &'static str,
    /// What is remarked.
    pub message: String,
    /// What to do.
    pub hint: &'static str,
}

/// Entries computed again.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReplayReport {
    /// `winset/log-replay/1`.
    pub schema: &'static str,
    /// Each entry with what came of it.
    pub entries: Vec<ReplayRow>,
}

/// An entry computed again.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReplayRow {
    /// The entry's id.
    pub id: String,
    /// `same`, `differs` or `cannot`.
    pub result: &'static str,
    /// The number, where it is the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p: Option<f64>,
    /// The number in the log, where it differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logged: Option<f64>,
    /// The number now, where it differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<f64>,
    /// Why it cannot be computed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// That the question was worded anew since, and how it was put; left out if it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worded_anew: Option<String>,
    /// Whether the number was computed once, and is not had again.
    #[serde(skip)]
    was_computed: bool,
    /// The day it is told from.
    #[serde(skip)]
    pub as_of: String,
}

/// A case told anew day by day.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DailyReport {
    /// `winset/log-daily/1`.
    pub schema: &'static str,
    /// Always true: nobody said this then.
    pub hindsight: bool,
    /// The folder that was made.
    pub folder: String,
    /// An entry a day.
    pub entries: Vec<LogEntry>,
    /// Entries of the calendar that the first day does not see yet.
    pub unseen: Vec<UnseenDate>,
}

/// Machine tags of a log and its record.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TagsReport {
    /// `winset/tags/1`.
    pub schema: &'static str,
    /// The tags, by what they are of.
    pub tags: Vec<TagsRow>,
}

/// The tags of an entry.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TagsRow {
    /// `log` or `record`.
    pub of: &'static str,
    /// The entry's id.
    pub id: String,
    /// The tags.
    pub tags: Vec<String>,
}

impl ChainState {
    fn new(log: &Log) -> Self {
        Self { head: log.head(), verifies: log.verifies() }
    }
}

impl ChainLimits {
    fn new(log: &Log) -> Self {
        Self { torn_tail: log.tail.as_ref().map(ToString::to_string), unproved: log.unproved }
    }
}

impl LogReport {
    /// The log as it was read.
    pub fn new(log: &Log) -> Self {
        Self { schema: "winset/log/1", state: ChainState::new(log), entries: log.entries.clone() }
    }
}

impl LogExport {
    /// The log as it was read.
    pub fn new(log: &Log) -> Self {
        Self {
            schema: "winset/log-export/1",
            state: ChainState::new(log),
            problems: log.problems.clone(),
            limits: ChainLimits::new(log),
            entries: log.entries.clone(),
        }
    }
}

impl ChainReport {
    /// What the chain of a log proves.
    pub fn new(log: &Log) -> Self {
        let problem = |p: &ChainFault| ChainProblem {
            line: p.line(),
            message: p.to_string(),
            hint: p.hint(),
        };
        Self {
            schema: "winset/log-verify/1",
            verifies: log.verifies(),
            head: log.head(),
            problems: log.problems.iter().map(problem).collect(),
            limits: ChainLimits::new(log),
        }
    }
}

impl EntryReport {
    /// An entry.
    pub fn new(entry: &LogEntry) -> Self {
        Self { schema: "winset/log-show/1", entry: entry.clone() }
    }
}

impl DayReplay {
    /// What a forecast says.
    pub fn new(f: &Forecast) -> Self {
        Self {
            p: f.answer.p,
            lo: f.answer.lo,
            hi: f.answer.hi,
            term: f.answer.term.clone(),
            fingerprint: f.fingerprint.clone(),
            version: f.version.to_owned(),
        }
    }
}

impl EnteredReport {
    /// An entry, how sure its author is, and what should be looked at.
    pub fn new(
        entry: LogEntry,
        head: ChainHead,
        assessed: Option<&Assessed>,
        remarks: &[EntryRemark],
    ) -> Self {
        let remark =
            |r: &EntryRemark| LogRemark { code: r.code, message: r.message.clone(), hint: r.hint };
        Self {
            schema: "winset/log-entry/1",
            entry,
            head,
            confidence: assessed.map(|a| ConfidenceReport {
                level: a.level(),
                suggested: a.suggested,
                reasons: a.reasons.clone(),
                overridden_because: a.overridden.as_ref().map(|(_, why)| why.clone()),
            }),
            remarks: remarks.iter().map(remark).collect(),
        }
    }
}

impl ReplayRow {
    /// What came of computing an entry again.
    ///
    /// `question` is how the case puts it now, if it can be read.
    pub fn new(entry: &LogEntry, replayed: &Replayed, question: Option<&Question>) -> Self {
        let mut now = entry.statement.clone();
        if let Some(question) = question {
            now.word(&question.text, &question.yes);
        }
        let anew = now.is_worded_otherwise(entry);
        let row = Self {
            id: entry.id.clone(),
            result: "cannot",
            p: None,
            logged: None,
            now: None,
            why: None,
            worded_anew: anew.then(|| wording(entry)),
            was_computed: false,
            as_of: entry.as_of.to_string(),
        };
        match replayed {
            Replayed::Same { p } => Self { result: "same", p: Some(*p), ..row },
            Replayed::Differs { logged, now } => {
                Self { result: "differs", logged: Some(*logged), now: Some(*now), ..row }
            }
            Replayed::Cannot { why, was_computed } => {
                Self { why: Some(why.clone()), was_computed: *was_computed, ..row }
            }
        }
    }

    /// Whether a number that was computed did not come out again.
    pub fn is_fault(&self) -> bool {
        self.logged.is_some() || self.was_computed
    }

    /// In words.
    pub fn text(&self) -> String {
        let what = match (self.p, self.logged.zip(self.now)) {
            (Some(p), _) => format!("the same number, {p}"),
            (None, Some((logged, now))) => format!("differs: logged {logged}, now {now}"),
            (None, None) => {
                format!("cannot be computed: {}", self.why.as_deref().unwrap_or_default())
            }
        };
        let anew = self.worded_anew.as_ref();
        let anew =
            anew.map_or_else(String::new, |was| format!("; worded anew since: it was {was}"));
        format!("{} as of {}: {what}{anew}", self.id, self.as_of)
    }
}
