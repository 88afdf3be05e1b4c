//! Chance of agreement by date.

use super::canvas::{Canvas, Ink, Style};
use super::data::Agreement;
use super::figure::{Drawing, Figure, Table};

/// Chance of agreement by date.
pub fn agreement(d: &Agreement) -> Figure {
    Figure {
        id: d.id.clone(),
        title: "Chance of agreement by date".to_owned(),
        subtitle: String::new(),
        source: d.source.clone(),
        summary: "Chance of agreement by date".to_owned(),
        table: Table::default(),
        drawing: Drawing::Agreement(d.clone()),
    }
}

pub(crate) fn draw(_: &Agreement, c: &mut Canvas) {
    c.begin(40.0);
    c.text(0.0, 24.0, Style::label(Ink::Muted), "Chance of agreement by date");
}
