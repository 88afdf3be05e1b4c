//! A document: what is said, before it is written for a terminal, as Markdown or as HTML.

mod html;
mod markdown;
mod terminal;
mod tree;

pub use html::{html, section as html_section};
pub use markdown::markdown;
pub use terminal::{terminal, terminal_parts};
pub use tree::{Block, Document, Section, Sketch, Table};
