//! Who blocks: members by intervention, what cannot hold together, what would open the zone.

use serde::Serialize;
use winset_files::diagnostic::suggest;
use winset_model::case::Case;
use winset_model::forecast::{Bloc, Blocker, Conflict, Forecast, Opening, Zone};
use winset_page::document::{Block, Document, Section};
use winset_page::text::{and, pc};

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
    /// What members do to the zone together, where that was asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blocs: Vec<Bloc>,
}

/// The members that a list of actors and sides stands for, as indices of actors.
///
/// # Errors
/// What the list names and the case does not have, in words.
pub fn bloc(case: &Case, list: &str) -> Result<Vec<usize>, String> {
    let mut found = Vec::new();
    for id in list.split(',').map(str::trim) {
        let side = case.sides.iter().find(|s| s.id == id);
        let member = case.members().into_iter().find(|i| case.actors[*i].id == id);
        match (side, member) {
            (Some(side), _) => found.extend(&side.members),
            (None, Some(i)) => found.push(i),
            (None, None) => {
                let sides = case.sides.iter().map(|s| s.id.as_str());
                let members = case.members();
                let known = sides.chain(members.iter().map(|i| case.actors[*i].id.as_str()));
                let known: Vec<&str> = known.collect();
                let hint = suggest(id, known.iter().copied()).unwrap_or_default();
                return Err(format!("`{id}` is no side and no member of one\n\nhint: {hint}"));
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
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
        blocs: Vec::new(),
    }
}

/// So many sets and so many changes are said.
const MOST: [usize; 2] = [12, 20];

/// What is said of it.
pub fn document(f: &Forecast, blocs: &[Bloc], names: &Names<'_>) -> Document {
    let zone = Section::new("zone", "", vec![Block::Text(zone_line(f, names))]);
    let mut sections = vec![zone, blocking(f, names, MOST)];
    if !blocs.is_empty() {
        let lines = blocs.iter().map(|b| together(b, names)).collect();
        sections.push(Section::new("together", "Freed together", vec![Block::List(lines)]));
    }
    Document { title: title(f), sections, version: f.version.to_owned(), ..Document::default() }
}

/// What a bloc does, in words.
fn together(b: &Bloc, names: &Names<'_>) -> String {
    let who = and(&b.actors.iter().map(|id| names.actor(id)).collect::<Vec<_>>());
    format!(
        "{who}: were they to accept anything, a zone would open in {} of draws (in {} none of them \
         opens it alone); were they to reject everything, it would close in {}.",
        pc(b.block),
        pc(b.only_together),
        pc(b.walk)
    )
}
