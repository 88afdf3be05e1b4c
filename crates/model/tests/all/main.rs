//! All tests of the crate from outside, in one binary: closed forms, published numbers, laws.

#![allow(clippy::unwrap_used, reason = "clippy sees tests only in functions marked so")]

#[path = "../../../../testing/dice.rs"]
#[allow(unreachable_pub, reason = "shared by the tests of all crates")]
mod dice;

mod belief;
mod belief_reference;
mod chambers;
mod clock;
mod closed_forms;
mod coupled;
mod exact;
mod footprint;
mod frontier;
mod no_deal;
mod promises;
mod solutions;
