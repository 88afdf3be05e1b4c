//! The tests of the crate from outside.

mod articles;
mod mutations;
