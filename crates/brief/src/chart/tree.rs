//! Who blocks, by side.

use super::canvas::{Canvas, Ink, Style};
use super::data::Tree;
use super::figure::{Drawing, Figure, Table};

/// Who blocks, by side.
pub fn tree(d: &Tree) -> Figure {
    Figure {
        id: d.id.clone(),
        title: "Who blocks, by side".to_owned(),
        subtitle: String::new(),
        source: d.source.clone(),
        summary: "Who blocks, by side".to_owned(),
        table: Table::default(),
        drawing: Drawing::Tree(d.clone()),
    }
}

pub(crate) fn draw(_: &Tree, c: &mut Canvas) {
    c.begin(40.0);
    c.text(0.0, 24.0, Style::label(Ink::Muted), "Who blocks, by side");
}
