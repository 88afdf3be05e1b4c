//! All tests of the crate from outside, in one binary.

#![allow(clippy::unwrap_used, reason = "clippy sees tests only in functions marked so")]

#[path = "../../../../testing/data.rs"]
#[allow(unreachable_pub, reason = "shared by the tests of all crates")]
mod data;

mod articles;
mod attribution;
#[cfg(feature = "mcp")]
mod mcp;
mod mutations;
