//! Packages by what they give the two sides.

use super::canvas::{Canvas, Ink, Style};
use super::data::DealMap;
use super::figure::{Drawing, Figure, Table};

/// Packages by what they give the two sides.
pub fn deal_map(d: &DealMap) -> Figure {
    Figure {
        id: d.id.clone(),
        title: "Packages by what they give the two sides".to_owned(),
        subtitle: String::new(),
        source: d.source.clone(),
        summary: "Packages by what they give the two sides".to_owned(),
        table: Table::default(),
        drawing: Drawing::DealMap(d.clone()),
    }
}

pub(crate) fn draw(_: &DealMap, c: &mut Canvas) {
    c.begin(40.0);
    c.text(0.0, 24.0, Style::label(Ink::Muted), "Packages by what they give the two sides");
}
