//! One module a question: what a forecast, a case, a record or a log is asked, what the answer holds,
//! and how it is said.

pub mod backtest;
pub mod belief;
pub mod blockers;
pub mod brief;
pub mod charts;
pub mod class;
pub mod confidence;
pub mod deals;
pub mod diagnostics;
pub mod diff;
pub mod drivers;
pub mod ensemble;
pub mod explain;
pub mod flip;
pub mod forecast;
pub mod head;
pub mod history;
pub mod lint;
pub mod log;
pub mod moved;
pub mod names;
pub mod past;
#[cfg(feature = "documents")]
pub mod read;
pub mod record;
pub mod redaction;
#[cfg(feature = "schema")]
pub mod schemas;
pub mod score;
pub mod spatial;
pub mod stability;
pub mod sweep;
pub mod talks;
pub mod when;
pub mod written;
