//! All tests of the crate from outside, in one binary: closed forms, published numbers, laws.

#![allow(clippy::unwrap_used, reason = "clippy sees tests only in functions marked so")]

mod belief;
mod belief_reference;
mod chambers;
mod clock;
mod closed_forms;
mod coupled;
mod dice;
mod exact;
mod frontier;
mod no_deal;
mod promises;
mod solutions;
