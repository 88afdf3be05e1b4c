//! Who said what, read offline from documents.
//!
//! A document is kept as it came; everything that is said about it is a [`Span`] of its text, so
//! that a person can be shown the words behind each proposal. Nothing here knows a forecast.

pub mod brat;
pub mod crf;
pub mod evaluate;
mod sentence;
mod span;
pub mod statement;
mod token;

pub use span::Span;
pub use statement::Statement;
