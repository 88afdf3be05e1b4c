//! What a line of the log says.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use winset_methods::score::Level;

use super::error::LogError;

/// What an entry does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum LogKind {
    /// States a number.
    Update,
    /// Looked, and kept the number.
    Reaffirm,
    /// Replaces an earlier entry that was wrong when it was made.
    Correction,
    /// Says how the question ended.
    Resolution,
}

impl LogKind {
    /// The word used in the file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Update => "update",
            Self::Reaffirm => "reaffirm",
            Self::Correction => "correction",
            Self::Resolution => "resolution",
        }
    }
}

/// How a question ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It happened.
    Yes,
    /// It did not.
    No,
    /// It cannot be answered; it is not scored.
    Void,
}

impl Outcome {
    /// The word used in the file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Void => "void",
        }
    }
}

/// One cause of a move, and what it contributed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Attribution {
    /// The cause: a record entry, an input's path, or `time`.
    pub cause: String,
    /// Its contribution to the change, in probability.
    pub p: f64,
}

/// An entry without its place in the chain: everything its author states.
///
/// Fields that do not apply are left out of the file. Probabilities are in `[0, 1]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LogStatement {
    /// The question's id, lower case with hyphens.
    pub question: String,
    /// The date the forecast is told from.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub as_of: Date,
    /// The moment it was entered.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub made_at: Timestamp,
    /// Who answers for it.
    pub author: String,
    /// What the entry does.
    pub kind: LogKind,
    /// The date the question asks about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub by: Option<Date>,
    /// The question in words, as it was put when the entry was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What counted as yes then, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yes: Option<String>,
    /// The probability.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p: Option<f64>,
    /// The chance that it has happened by each date, dates rising.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<(String, f64)>"))]
    pub cdf: Vec<(Date, f64)>,
    /// The words for the probability.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term: Option<String>,
    /// The confidence stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Level>,
    /// The number of the model; of older entries the version that named the formulas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_version: Option<String>,
    /// The fingerprint of the resolved case as of the date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inputs_hash: Option<String>,
    /// The seed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// The number of draws.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draws: Option<u64>,
    /// What led to the entry, such as a record entry's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger: Option<String>,
    /// The change in log-odds from the forecast before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delta_logit: Option<f64>,
    /// What moved the number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attribution: Vec<Attribution>,
    /// Reference forecasts of the same question, such as `base rate` and `zone-free model`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub references: BTreeMap<String, f64>,
    /// Tags, to divide scores by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rationale: Option<String>,
    /// The id of the entry this one replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<String>,
    /// How the question ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// The day it happened, or the day up to which it had not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub resolved_on: Option<Date>,
}

/// An entry as it stands in the log.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LogEntry {
    /// `f1`, `f2` … in the order of the lines.
    pub id: String,
    /// What it says.
    #[serde(flatten)]
    pub statement: LogStatement,
    /// The hash of the entry before, hexadecimal.
    pub prev_hash: String,
    /// This entry's own hash.
    pub hash: String,
}

impl std::ops::Deref for LogEntry {
    type Target = LogStatement;

    fn deref(&self) -> &LogStatement {
        &self.statement
    }
}

impl LogStatement {
    /// A statement of the given kind with nothing optional in it.
    pub fn new(
        kind: LogKind,
        question: &str,
        as_of: Date,
        made_at: Timestamp,
        author: &str,
    ) -> Self {
        Self {
            question: question.to_string(),
            as_of,
            made_at,
            author: author.to_string(),
            kind,
            by: None,
            text: None,
            yes: None,
            p: None,
            cdf: Vec::new(),
            term: None,
            confidence: None,
            model_version: None,
            inputs_hash: None,
            seed: None,
            draws: None,
            trigger: None,
            delta_logit: None,
            attribution: Vec::new(),
            references: BTreeMap::new(),
            tags: Vec::new(),
            rationale: None,
            supersedes: None,
            outcome: None,
            resolved_on: None,
        }
    }

    /// States the question in words, and what counts as yes; blank is unstated.
    pub fn word(&mut self, text: &str, yes: &str) {
        let stated = |words: &str| Some(words.trim().to_owned()).filter(|w| !w.is_empty());
        (self.text, self.yes) = (stated(text), stated(yes));
    }

    /// Whether the question is put in other words than `other` puts it; entries that hold no words
    /// say nothing of it.
    pub fn is_worded_otherwise(&self, other: &Self) -> bool {
        let stated = |s: &Self| s.text.is_some() || s.yes.is_some();
        stated(self) && stated(other) && (&self.text, &self.yes) != (&other.text, &other.yes)
    }

    /// Whether a reason is given.
    pub fn has_reason(&self) -> bool {
        self.rationale.as_deref().is_some_and(|r| !r.trim().is_empty())
    }

    /// Checks what the entry says by itself.
    ///
    /// # Errors
    /// [`LogError::Entry`] names the field that is missing or out of range.
    pub fn check(&self) -> Result<(), LogError> {
        if !is_id(&self.question) {
            return Err(LogError::entry(
                "question",
                format!("`{}` is not an id", shortened(&self.question)),
                "use lower-case letters, digits and hyphens, a letter first: `deal-by-june`",
            ));
        }
        if self.author.trim().is_empty() {
            return Err(LogError::entry("author", "nobody answers for it".into(), "name somebody"));
        }
        self.check_numbers()?;
        match (self.kind, self.p.is_some() || !self.cdf.is_empty()) {
            (LogKind::Resolution, _) if self.outcome.is_none() || self.resolved_on.is_none() => {
                Err(LogError::entry(
                    "outcome",
                    "a resolution needs an outcome and a day".into(),
                    "`winset resolve QUESTION yes|no|void --on DATE`",
                ))
            }
            (LogKind::Resolution, true) => Err(LogError::entry(
                "p",
                "a resolution states no probability".into(),
                "leave the probability out",
            )),
            (LogKind::Resolution, false) => Ok(()),
            (_, false) => Err(LogError::entry(
                "p",
                "no probability and no dates".into(),
                "state `p`, from 0 to 1, or `cdf`",
            )),
            (_, true) if self.outcome.is_some() || self.resolved_on.is_some() => {
                Err(LogError::entry(
                    "outcome",
                    format!("an entry of kind `{}` has no outcome", self.kind.word()),
                    "resolve the question in an entry of its own",
                ))
            }
            (LogKind::Correction, true) if self.supersedes.is_none() || !self.has_reason() => {
                Err(LogError::entry(
                    "supersedes",
                    "a correction names the entry it replaces and the reason".into(),
                    "`winset log correct ID --reason \"…\"`",
                ))
            }
            (LogKind::Update | LogKind::Reaffirm, true) if self.supersedes.is_some() => {
                Err(LogError::entry(
                    "supersedes",
                    format!("an entry of kind `{}` replaces nothing", self.kind.word()),
                    "use a correction",
                ))
            }
            (_, true) => Ok(()),
        }
    }

    fn check_numbers(&self) -> Result<(), LogError> {
        let chance = |p: f64| (0.0..=1.0).contains(&p);
        let refuse = |field, p: f64| {
            Err(LogError::entry(field, format!("{p} is no probability"), "use 0 to 1"))
        };
        if let Some(p) = self.p.filter(|p| !chance(*p)) {
            return refuse("p", p);
        }
        if let Some((_, p)) = self.cdf.iter().find(|(_, p)| !chance(*p)) {
            return refuse("cdf", *p);
        }
        if let Some((_, p)) = self.references.iter().find(|(_, p)| !chance(**p)) {
            return refuse("references", *p);
        }
        if self.cdf.windows(2).any(|w| w[1].0 <= w[0].0 || w[1].1 < w[0].1) {
            return Err(LogError::entry(
                "cdf",
                "dates must rise and probabilities must not fall".into(),
                "give the chance of having happened *by* each date",
            ));
        }
        let parts = self.attribution.iter().map(|a| a.p).chain(self.delta_logit);
        if parts.into_iter().any(|x| !x.is_finite()) {
            return Err(LogError::entry(
                "attribution",
                "a contribution is not a finite number".into(),
                "leave it out if it is not known",
            ));
        }
        Ok(())
    }
}

/// Whether a text is an id: `[a-z][a-z0-9-]*`, at most 200 bytes.
fn is_id(text: &str) -> bool {
    let mut bytes = text.bytes();
    text.len() <= 200
        && bytes.next().is_some_and(|b| b.is_ascii_lowercase())
        && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// The first characters of a text that may be long.
pub(super) fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}
