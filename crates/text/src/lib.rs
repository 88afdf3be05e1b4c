//! Who said what, read offline from documents.
//!
//! A document is kept as it came; everything that is said about it is a [`TextSpan`] of its text, so
//! that a person can be shown the words behind each proposal. Nothing here knows a forecast.

pub mod alpha;
pub mod brat;
pub mod codebook;
pub mod crf;
pub mod day;
pub mod document;
mod effect;
pub mod evaluate;
mod event;
#[cfg(feature = "mcp")]
pub mod mcp;
mod number;
pub mod proposal;
mod sentence;
pub mod setting;
mod span;
pub mod speaker;
pub mod statement;
mod token;
mod word;

pub use document::KeptDocument;
pub use proposal::{Proposal, propose};
pub use setting::ReadingSetting;
pub use span::TextSpan;
pub use statement::ReportedStatement;
