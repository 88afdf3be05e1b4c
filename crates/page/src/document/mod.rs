//! A document: what is said, before it is written for a terminal, as Markdown or as HTML.

#[cfg(feature = "docx")]
mod docx;
mod html;
mod markdown;
mod terminal;
mod tree;

#[cfg(feature = "docx")]
pub use docx::{FIGURE_WIDTH, Images, WITHOUT_IMAGES, docx};
pub use html::{html, kept as html_text, section as html_section};
pub use markdown::markdown;
pub use terminal::{terminal, terminal_parts};
pub use tree::{Block, Document, Section, Sketch, Table};
