//! The brief an analyst sends: one set of values, one text, three ways of writing it down.
//!
//! [`Brief`] holds every value; [`compose()`] says them once, in a small tree of sections; [`markdown()`]
//! and [`html()`] write that tree, so that they cannot say different things; [`json()`] is the values
//! themselves. Pure: it reads no file and knows no model.

mod compose;
mod evidence;
mod figures;
mod html;
mod markdown;
mod sections;
mod standards;
mod tree;
mod view;
mod words;

pub use compose::compose;
pub use figures::{deal_map, figures};
pub use html::html;
pub use markdown::markdown;
pub use tree::{Block, Document, Section};
pub use view::*;

/// The brief as JSON, the schema line first.
///
/// # Errors
/// Whatever the serialiser says; there is no value of a [`Brief`] it should refuse.
pub fn json(brief: &Brief) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(brief)
}
