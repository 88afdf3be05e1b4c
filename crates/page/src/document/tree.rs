//! A document as a small tree: what is said, before it is written down.

use crate::chart::Figure;

/// A document.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The title.
    pub title: String,
    /// Facts under it, name and value: as-of date, fingerprint, version.
    pub facts: Vec<(String, String)>,
    /// Who may read it, as it is written at the head of every page of paper.
    pub marking: Option<String>,
    /// What has to stand on page one, before the sections; may be empty.
    pub front: Vec<Section>,
    /// The sections, in order.
    pub sections: Vec<Section>,
    /// The charts, each with the place where it stands; see [`Block::Figure`].
    pub figures: Vec<(&'static str, Figure)>,
    /// The version of the formulas behind the numbers.
    pub version: String,
    /// The values as JSON, which the HTML carries along.
    pub values: Option<String>,
}

/// A section.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// The anchor.
    pub id: &'static str,
    /// The heading; none if it is empty.
    pub title: String,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// A piece of a section. Texts are plain: no markup in them means anything.
#[derive(Clone, Debug)]
pub enum Block {
    /// The sentences that matter most.
    Lead(String),
    /// A paragraph.
    Text(String),
    /// How to read what stands above it.
    Note(String),
    /// A list.
    List(Vec<String>),
    /// A table.
    Table(Table),
    /// A command to type.
    Command(String),
    /// The charts of this place.
    Figure(&'static str),
    /// A drawing in characters. Only a terminal shows it: elsewhere the chart or the table beside it
    /// says the same.
    Sketch(Sketch),
}

/// A table.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// What it shows, with its units; none if it is empty.
    pub caption: String,
    /// The heads of the columns.
    pub head: Vec<String>,
    /// The cells, as wide as `head`.
    pub rows: Vec<Vec<String>>,
    /// Which columns hold numbers.
    pub numeric: Vec<bool>,
}

/// A drawing of fixed-width characters, at most 80 columns wide.
#[derive(Clone, Debug, Default)]
pub struct Sketch {
    /// Its lines.
    pub lines: Vec<String>,
    /// Whether it is all a terminal needs to see: then the tables of its section are left out there.
    pub instead_of_tables: bool,
}

impl Table {
    /// A table of columns, each with its head and whether it holds numbers.
    pub fn new(caption: impl Into<String>, head: &[(&str, bool)], rows: Vec<Vec<String>>) -> Table {
        Table {
            caption: caption.into(),
            head: head.iter().map(|h| h.0.to_owned()).collect(),
            numeric: head.iter().map(|h| h.1).collect(),
            rows,
        }
    }
}

impl Section {
    /// A section with an anchor, a heading and what it says.
    pub fn new(id: &'static str, title: impl Into<String>, blocks: Vec<Block>) -> Section {
        Section { id, title: title.into(), blocks }
    }
}

impl Document {
    /// Every text of the document, in order; no drawings in characters, which only a terminal shows.
    pub fn texts(&self) -> Vec<&str> {
        let mut all = vec![self.title.as_str()];
        all.extend(self.facts.iter().flat_map(|(k, v)| [k.as_str(), v.as_str()]));
        all.extend(self.marking.as_deref());
        for section in self.front.iter().chain(&self.sections) {
            all.push(&section.title);
            for block in &section.blocks {
                match block {
                    Block::Lead(t) | Block::Text(t) | Block::Note(t) | Block::Command(t) => {
                        all.push(t);
                    }
                    Block::List(items) => all.extend(items.iter().map(String::as_str)),
                    Block::Table(table) => {
                        all.push(&table.caption);
                        let cells = table.head.iter().chain(table.rows.iter().flatten());
                        all.extend(cells.map(String::as_str));
                    }
                    Block::Sketch(_) | Block::Figure(_) => {}
                }
            }
        }
        all
    }
}
