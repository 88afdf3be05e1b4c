//! A document as a small tree: what is said, before it is Markdown or HTML.

/// A document.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The title.
    pub title: String,
    /// A line of facts under it: as-of date, fingerprint, version.
    pub facts: Vec<(String, String)>,
    /// The sections, in order.
    pub sections: Vec<Section>,
}

/// A section.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// The anchor.
    pub id: &'static str,
    /// The heading.
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
    /// A list.
    List(Vec<String>),
    /// A table.
    Table {
        /// What it shows, with its units.
        caption: String,
        /// The heads of the columns.
        head: Vec<String>,
        /// The cells; those after the first column of a numeric table are numbers.
        rows: Vec<Vec<String>>,
        /// Which columns hold numbers.
        numeric: Vec<bool>,
    },
    /// A command to type.
    Command(String),
    /// A chart, by its id.
    Figure(&'static str),
}

impl Document {
    /// Every text of the document, in order.
    pub fn texts(&self) -> Vec<&str> {
        let mut all = vec![self.title.as_str()];
        all.extend(self.facts.iter().flat_map(|(k, v)| [k.as_str(), v.as_str()]));
        for section in &self.sections {
            all.push(&section.title);
            for block in &section.blocks {
                match block {
                    Block::Lead(t) | Block::Text(t) | Block::Command(t) => all.push(t),
                    Block::List(items) => all.extend(items.iter().map(String::as_str)),
                    Block::Table { caption, head, rows, .. } => {
                        all.push(caption);
                        all.extend(head.iter().chain(rows.iter().flatten()).map(String::as_str));
                    }
                    Block::Figure(_) => {}
                }
            }
        }
        all
    }
}
