//! The clock against known answers, closed forms and laws.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

#[path = "clock/closed_forms.rs"]
mod closed_forms;
#[path = "clock/given.rs"]
mod given;
#[path = "clock/known.rs"]
mod known;
#[path = "clock/laws.rs"]
mod laws;
#[path = "clock/stages.rs"]
mod stages;
