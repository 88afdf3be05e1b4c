//! Forecast against outcome.

use super::canvas::{Canvas, Ink, Style};
use super::data::Reliability;
use super::figure::{Drawing, Figure, Table};

/// Forecast against outcome.
pub fn reliability(d: &Reliability) -> Figure {
    Figure {
        id: d.id.clone(),
        title: "Forecast against outcome".to_owned(),
        subtitle: String::new(),
        source: d.source.clone(),
        summary: "Forecast against outcome".to_owned(),
        table: Table::default(),
        drawing: Drawing::Reliability(d.clone()),
    }
}

pub(crate) fn draw(_: &Reliability, c: &mut Canvas) {
    c.begin(40.0);
    c.text(0.0, 24.0, Style::label(Ink::Muted), "Forecast against outcome");
}
