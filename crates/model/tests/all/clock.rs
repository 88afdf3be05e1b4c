//! The clock against known answers, closed forms and laws.

mod closed_forms;
mod given;
mod known;
mod laws;
mod stages;
