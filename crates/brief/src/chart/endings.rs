//! How the talks first end, by date.

use super::canvas::{Canvas, Ink, Style};
use super::data::Endings;
use super::figure::{Drawing, Figure, Table};

/// How the talks first end, by date.
pub fn endings(d: &Endings) -> Figure {
    Figure {
        id: d.id.clone(),
        title: "How the talks first end, by date".to_owned(),
        subtitle: String::new(),
        source: d.source.clone(),
        summary: "How the talks first end, by date".to_owned(),
        table: Table::default(),
        drawing: Drawing::Endings(d.clone()),
    }
}

pub(crate) fn draw(_: &Endings, c: &mut Canvas) {
    c.begin(40.0);
    c.text(0.0, 24.0, Style::label(Ink::Muted), "How the talks first end, by date");
}
