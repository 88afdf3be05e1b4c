//! All tests of the crate from outside, in one binary: cases and records as people write them, logs, shards, sweeps.

#![allow(clippy::unwrap_used, reason = "clippy sees tests only in functions marked so")]

#[path = "../../../../testing/data.rs"]
#[allow(unreachable_pub, reason = "shared by the tests of all crates")]
mod data;
#[path = "../../../../testing/dice.rs"]
#[allow(unreachable_pub, reason = "shared by the tests of all crates")]
mod dice;

mod actors;
mod belief;
mod chambers;
mod changed;
mod class;
mod compare;
mod deu;
mod fields;
mod genius_files;
mod genius_reference;
mod grammar;
mod known;
mod laws;
mod log;
mod moved_together;
mod no_deal;
mod partial;
mod reference;
mod reversal;
mod robust;
mod scrambled;
mod shard;
mod since;
mod stability;
mod sweep;
mod templates;
mod unordered;
#[cfg(feature = "spreadsheets")]
mod workbook;
