//! What each input could do to the number.

use super::canvas::{Canvas, Ink, Style};
use super::data::Tornado;
use super::figure::{Drawing, Figure, Table};

/// What each input could do to the number.
pub fn tornado(d: &Tornado) -> Figure {
    Figure {
        id: d.id.clone(),
        title: "What each input could do to the number".to_owned(),
        subtitle: String::new(),
        source: d.source.clone(),
        summary: "What each input could do to the number".to_owned(),
        table: Table::default(),
        drawing: Drawing::Tornado(d.clone()),
    }
}

pub(crate) fn draw(_: &Tornado, c: &mut Canvas) {
    c.begin(40.0);
    c.text(0.0, 24.0, Style::label(Ink::Muted), "What each input could do to the number");
}
