//! Where the sides stand on each issue.

use super::canvas::{Canvas, Ink, Style};
use super::data::Positions;
use super::figure::{Drawing, Figure, Table};

/// Where the sides stand on each issue.
pub fn positions(d: &Positions) -> Figure {
    Figure {
        id: d.id.clone(),
        title: "Where the sides stand on each issue".to_owned(),
        subtitle: String::new(),
        source: d.source.clone(),
        summary: "Where the sides stand on each issue".to_owned(),
        table: Table::default(),
        drawing: Drawing::Positions(d.clone()),
    }
}

pub(crate) fn draw(_: &Positions, c: &mut Canvas) {
    c.begin(40.0);
    c.text(0.0, 24.0, Style::label(Ink::Muted), "Where the sides stand on each issue");
}
