//! Who blocks: members by intervention, what cannot hold together, what would open the zone.

use serde::Serialize;
use winset_model::forecast::{Blocker, Conflict, Forecast, Opening, Zone};
use winset_page::document::{Block, Document, Section};

use crate::forecast::{blocking, title, zone_line};
use crate::head::RunHead;
use crate::names::Names;

/// Who blocks, as `--json` prints it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BlockersReport {
    /// `winset/blockers/1`.
    pub schema: &'static str,
    /// The case's title.
    pub case: String,
    /// What it was run on.
    #[serde(flatten)]
    pub run: RunHead,
    /// Whether there is a zone of agreement.
    pub zone: Zone,
    /// Who blocks, by intervention.
    pub blockers: Vec<Blocker>,
    /// The smallest sets of red lines and participation constraints that cannot hold together.
    pub conflicts: Vec<Conflict>,
    /// What would open the zone.
    pub opens: Vec<Opening>,
}

/// The part of a forecast about who blocks.
pub fn report(f: &Forecast) -> BlockersReport {
    BlockersReport {
        schema: "winset/blockers/1",
        case: f.case.clone(),
        run: RunHead {
            fingerprint: f.fingerprint.clone(),
            as_of: f.as_of.to_string(),
            seed: f.seed,
            draws: f.draws,
        },
        zone: f.zone,
        blockers: f.blockers.clone(),
        conflicts: f.conflicts.clone(),
        opens: f.opens.clone(),
    }
}

/// So many sets and so many changes are said.
const MOST: [usize; 2] = [12, 20];

/// What is said of it.
pub fn document(f: &Forecast, names: &Names<'_>) -> Document {
    let zone = Section::new("zone", "", vec![Block::Text(zone_line(f, names))]);
    Document {
        title: title(f),
        sections: vec![zone, blocking(f, names, MOST)],
        version: f.version.to_owned(),
        ..Document::default()
    }
}
