//! What every run says of itself.

use serde::Serialize;

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
