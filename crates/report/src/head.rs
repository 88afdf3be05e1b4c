//! What every run says of itself.

use serde::Serialize;
use winset_model::case::Case;
use winset_model::forecast::VERSION;

/// The case, day and draws of a run, which together give its numbers again.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RunHead {
    /// The fingerprint of the case.
    pub fingerprint: String,
    /// The day it is told from, ISO.
    pub as_of: String,
    /// The seed.
    pub seed: u64,
    /// How many draws.
    pub draws: u64,
}

/// The answer that is explained.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExplainedAnswer {
    /// The last day that counts, ISO.
    pub by: String,
    /// The probability; `null` if it was stopped before any draw.
    pub p: Option<f64>,
    /// Its Monte Carlo standard error.
    pub mcse: f64,
    /// On how many draws.
    pub draws: u64,
}

/// What a search about the answer says of itself: its case, seed and the answer it starts from.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SearchHead {
    /// The schema.
    pub schema: &'static str,
    /// The case's title.
    pub case: String,
    /// Its fingerprint.
    pub fingerprint: String,
    /// The version of the formulas.
    pub version: &'static str,
    /// The day it is told from.
    pub as_of: String,
    /// The seed.
    pub seed: u64,
    /// The answer, on the draws of the tornado or of the verification.
    pub answer: ExplainedAnswer,
}

impl SearchHead {
    /// The head of a search on a case, with the answer's probability, its error and its draws.
    pub fn new(
        schema: &'static str,
        case: &Case,
        seed: u64,
        (p, mcse, draws): (Option<f64>, f64, u64),
    ) -> Self {
        let by = case.question.by.to_string();
        Self {
            schema,
            case: case.title.clone(),
            fingerprint: case.fingerprint(),
            version: VERSION,
            as_of: case.as_of.to_string(),
            seed,
            answer: ExplainedAnswer { by, p, mcse, draws },
        }
    }
}
