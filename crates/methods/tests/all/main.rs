//! All tests of the crate from outside, in one binary: closed forms, published numbers, laws.

#![allow(clippy::unwrap_used, reason = "clippy sees tests only in functions marked so")]

mod people;
mod record_keeping;
mod score;
mod spatial;
mod spatial_backtest;
mod spatial_laws;
mod stability;
mod stability_laws;
mod textbook;
