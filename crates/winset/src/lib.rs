//! What the commands of `winset` do: files in, reports out.

pub mod atomic;
pub mod backtest;
pub mod beliefs;
pub mod brief;
pub mod builtin;
pub mod charts;
pub mod compared;
pub mod confidence;
pub mod domain;
pub mod drivers;
pub mod findings;
pub mod moved;
pub mod packages;
pub mod reports;
pub mod scores;
#[cfg(feature = "serve")]
pub mod serve;
pub mod spatial;
pub mod through;
pub mod views;
