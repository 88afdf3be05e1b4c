//! What people read: one document tree written for a terminal, as HTML and as Markdown; charts; words
//! for numbers, dates and probabilities.
//!
//! Values in, bytes out: nothing here knows where a number came from.

pub mod chart;
pub mod document;
pub mod lint;
pub mod plain;
pub mod table;
pub mod text;
pub mod words;
