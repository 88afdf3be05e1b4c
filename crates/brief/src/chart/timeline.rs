//! Record and calendar.

use super::canvas::{Canvas, Ink, Style};
use super::data::Timeline;
use super::figure::{Drawing, Figure, Table};

/// Record and calendar.
pub fn timeline(d: &Timeline) -> Figure {
    Figure {
        id: d.id.clone(),
        title: "Record and calendar".to_owned(),
        subtitle: String::new(),
        source: d.source.clone(),
        summary: "Record and calendar".to_owned(),
        table: Table::default(),
        drawing: Drawing::Timeline(d.clone()),
    }
}

pub(crate) fn draw(_: &Timeline, c: &mut Canvas) {
    c.begin(40.0);
    c.text(0.0, 24.0, Style::label(Ink::Muted), "Record and calendar");
}
