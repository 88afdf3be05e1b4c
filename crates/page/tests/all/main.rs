//! All tests of the crate from outside, in one binary: drawings, words and the wording check.

#![allow(clippy::unwrap_used, reason = "clippy sees tests only in functions marked so")]

mod chart;
#[cfg(feature = "docx")]
mod docx;
mod lint;
mod words;
