//! Charts: values in, SVG out.
//!
//! Each chart is a plain struct of values ([`Agreement`], [`PositionsChart`], …) and a function of the
//! same name that makes a [`Figure`] of it: a title that says the finding, units, a source, a
//! table, a text alternative, and a drawing that is laid out anew for every width. The caller may
//! replace any of the texts. Nothing here knows the model, and no number is computed that the
//! table does not show.
//!
//! `Invariant:` text never overlaps text, and nothing is drawn outside the frame.
//! `Kept by:` `every_chart_is_clean_at_every_width` in `tests/chart.rs`.

mod agreement;
mod answer;
mod belief;
mod canvas;
mod conflict_map;
mod course;
mod data;
mod day;
mod deal_map;
mod endings;
mod figure;
mod gates;
mod inline;
mod overlay;
mod palette;
mod positions;
mod reliability;
mod scale;
mod text;
mod timeline;
mod tornado;
mod tree;
mod waterfall;

pub use agreement::agreement;
pub use answer::answer;
pub use belief::belief;
pub use conflict_map::conflict_map;
pub use course::course;
pub use data::*;
pub use deal_map::deal_map;
pub use endings::endings;
pub use figure::{Drawing, Figure, FigureTable};
pub use gates::gates;
pub use inline::{bar, sparkline};
pub use overlay::overlay;
pub use palette::{CSS, DARK, LIGHT, Palette};
pub use positions::positions;
pub use reliability::reliability;
pub use text::{escape, width as text_width};
pub use timeline::timeline;
pub use tornado::tornado;
pub use tree::tree;
pub use waterfall::waterfall;
