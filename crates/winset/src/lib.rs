//! What the commands of `winset` do: files in, reports out.

pub mod backtest;
pub mod domain;
pub mod spatial;
