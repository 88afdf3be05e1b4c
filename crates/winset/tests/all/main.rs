//! All tests of the crate from outside, in one binary: the command, the workbench, the pages.

#![allow(clippy::unwrap_used, reason = "clippy sees tests only in functions marked so")]

#[path = "../../../../testing/data.rs"]
#[allow(unreachable_pub, reason = "shared by the tests of all crates")]
mod data;

mod backtest;
mod belief;
mod brief;
mod brief_command;
mod class;
mod cli;
mod command;
mod deals;
mod detail;
mod diff;
#[cfg(feature = "documents")]
mod documents;
mod drivers;
mod ensemble;
mod figures;
mod gallery;
mod hostile;
mod import;
mod laws;
mod limits;
mod log;
mod moved;
#[cfg(feature = "parquet")]
mod parquet;
mod recipes;
mod record;
#[cfg(feature = "serve")]
mod serve;
mod spatial;
mod stability;
mod sweep;
mod talks;
#[cfg(unix)]
mod together;
mod transcripts;
mod trust;
mod why;
