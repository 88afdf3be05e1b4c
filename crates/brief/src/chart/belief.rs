//! What is believed of an actor on an issue.

use super::canvas::{Canvas, Ink, Style};
use super::data::Belief;
use super::figure::{Drawing, Figure, Table};

/// What is believed of an actor on an issue.
pub fn belief(d: &Belief) -> Figure {
    Figure {
        id: d.id.clone(),
        title: "What is believed of an actor on an issue".to_owned(),
        subtitle: String::new(),
        source: d.source.clone(),
        summary: "What is believed of an actor on an issue".to_owned(),
        table: Table::default(),
        drawing: Drawing::Belief(d.clone()),
    }
}

pub(crate) fn draw(_: &Belief, c: &mut Canvas) {
    c.begin(40.0);
    c.text(0.0, 24.0, Style::label(Ink::Muted), "What is believed of an actor on an issue");
}
