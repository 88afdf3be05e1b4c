//! The graph as a figure, and the states as a table.

use winset_page::chart::{self, ConflictMap, Figure, StateArc, StateMark};
use winset_page::table::{Cell, CellKind, DataTable};

use super::{StabilityReport, StateId};

/// States that are drawn one by one.
const DRAWN: usize = 24;

/// The states with the moves between them; of many only how many hold.
pub fn figure(r: &StabilityReport) -> Figure {
    let place = |id: &StateId| r.states.0.iter().position(|(own, _)| *own == id.to_string());
    let held = |id: &str| {
        let all = r.equilibria.0.iter().filter(|(_, all)| all.iter().any(|s| s.to_string() == id));
        all.map(|(concept, _)| concept.clone()).collect::<Vec<String>>()
    };
    let few = r.states.0.len() <= DRAWN;
    let mark = |(id, pattern): &(String, String)| StateMark {
        id: id.clone(),
        pattern: pattern.clone(),
        held: held(id),
        quo: *id == r.status_quo.to_string(),
    };
    let arc = |m: &super::NamedMove| {
        let party = r.parties.iter().position(|p| *p == m.party)?;
        Some(StateArc { by: party, ends: [place(&m.from)?, place(&m.to)?], gains: m.improves })
    };
    chart::conflict_map(&ConflictMap {
        id: "states".to_owned(),
        source: format!("winset {}, {}", r.version, r.title),
        parties: r.parties.clone(),
        states: if few { r.states.0.iter().map(mark).collect() } else { Vec::new() },
        arcs: if few { r.moves.iter().filter_map(arc).collect() } else { Vec::new() },
        counts: r.equilibria.0.iter().map(|(id, all)| (id.clone(), all.len())).collect(),
        all: r.states.0.len(),
    })
}

/// A row a state: its pattern, by concept and party whether it is stable, and the share of draws.
pub fn table(r: &StabilityReport) -> DataTable {
    let mut columns =
        vec![("state".to_owned(), CellKind::Text), ("pattern".to_owned(), CellKind::Text)];
    for (concept, parties) in &r.stable.0 {
        columns.extend(parties.0.iter().map(|(p, _)| (format!("{concept}: {p}"), CellKind::Text)));
        columns.push((format!("{concept}: all"), CellKind::Text));
    }
    let mut drawn: Vec<&str> = r.robustness.iter().map(|row| row.drawn.concept).collect();
    drawn.dedup();
    columns.extend(drawn.iter().map(|c| (format!("{c}: share"), CellKind::Number)));
    let rows = r.states.0.iter().map(|(id, pattern)| {
        let has = |all: &Vec<StateId>| -> Cell {
            if all.iter().any(|s| s.to_string() == *id) { "yes".into() } else { "no".into() }
        };
        let mut row: Vec<Cell> = vec![id.into(), pattern.into()];
        for (concept, parties) in &r.stable.0 {
            row.extend(parties.0.iter().map(|(_, all)| has(all)));
            row.push(r.equilibria.get(concept).map_or(Cell::Empty, has));
        }
        for concept in &drawn {
            let own = |row: &&super::RobustnessRow| {
                row.drawn.concept == *concept && row.drawn.state.to_string() == *id
            };
            let share = r.robustness.iter().find(own).map_or(0.0, |row| row.drawn.share);
            row.push(Cell::Number(share));
        }
        row
    });
    DataTable { columns, rows: rows.collect() }
}
