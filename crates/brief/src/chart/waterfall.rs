//! What moved the number.

use super::canvas::{Canvas, Ink, Style};
use super::data::Waterfall;
use super::figure::{Drawing, Figure, Table};

/// What moved the number.
pub fn waterfall(d: &Waterfall) -> Figure {
    Figure {
        id: d.id.clone(),
        title: "What moved the number".to_owned(),
        subtitle: String::new(),
        source: d.source.clone(),
        summary: "What moved the number".to_owned(),
        table: Table::default(),
        drawing: Drawing::Waterfall(d.clone()),
    }
}

pub(crate) fn draw(_: &Waterfall, c: &mut Canvas) {
    c.begin(40.0);
    c.text(0.0, 24.0, Style::label(Ink::Muted), "What moved the number");
}
