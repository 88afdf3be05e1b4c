//! The packages of a case: judged over the draws, traded, and what the classical solutions choose at
//! its central values.

pub mod domain;
mod map;
mod partial;
pub mod text;

pub use map::{DealPlane, MappedPackage, map};

use serde::Serialize;
use winset_model::case::{Case, Issue};
use winset_model::effort::Effort;
use winset_model::forecast::{
    Deals, PeopleBand, PeopleDeals, PeoplePackage, Ranked, Swap, VERSION, deal_space, deals,
};
use winset_model::theory::domain::Domain;
use winset_page::document::{Block, Document, Section, Table};
use winset_page::table::{Cell, CellKind, DataTable};
use winset_page::text::{pc, short, thousands};

use crate::deals::domain::DomainReport;
use crate::names::Names;

/// `winset/deals/1` of a case.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DealsReport {
    /// The deal space at central values.
    #[serde(flatten)]
    pub space: DomainReport,
    /// The fingerprint of the case.
    pub fingerprint: String,
    /// The day it is told from, ISO.
    pub as_of: String,
    /// The seed.
    pub seed: u64,
    /// Packages over the draws.
    #[serde(flatten)]
    pub judged: Deals,
}

/// The packages of a case at its central values.
///
/// # Errors
/// More packages than can be listed, in words.
pub fn domain(case: &Case) -> Result<Domain, String> {
    deal_space(case).map_err(|e| {
        let hint = "name fewer levels, such as [model] grid = [0, 50, 100]";
        format!("{}: {e}\n\nhint: {hint}", case.title)
    })
}

/// The classical solutions of a case.
///
/// # Errors
/// Those of [`domain()`], and utilities that have no solution, in words.
pub fn space(case: &Case) -> Result<DomainReport, String> {
    let domain = domain(case)?;
    let space = domain::ask(&domain).map_err(|e| format!("{}: {e}", domain.name()))?;
    Ok(DomainReport { kind: "case", note: Some(note(case)), ..space })
}

/// The packages of a case on its first `draws` draws, and the classical solutions; nothing if it was
/// stopped.
///
/// # Errors
/// Those of [`space`].
pub fn ask(
    case: &Case,
    seed: u64,
    draws: u64,
    effort: Effort<'_>,
) -> Result<Option<DealsReport>, String> {
    let space = space(case)?;
    Ok(deals(case, seed, draws, effort).map(|judged| report(case, seed, space, judged)))
}

/// The report of what was computed of a case with this seed.
pub fn report(case: &Case, seed: u64, space: DomainReport, judged: Deals) -> DealsReport {
    let (fingerprint, as_of) = (case.fingerprint(), case.as_of.to_string());
    DealsReport { space, fingerprint, as_of, seed, judged }
}

fn note(case: &Case) -> String {
    let levels = match &case.switches.grid {
        Some(_) => "the levels of [model] grid",
        None => "five levels",
    };
    format!(
        "The case at its central values, {levels} of every issue; each side is its negotiator. \
         Red lines and ratification are not applied here; above they are."
    )
}

/// The ranked packages as a table: a column an issue, and how each was judged.
pub fn table(case: &Case, judged: &Deals) -> DataTable {
    let kind = |j: &Issue| if j.is_unordered() { CellKind::Text } else { CellKind::Number };
    let issues = case.issues.iter().map(|j| (j.id.clone(), kind(j)));
    let judged_by =
        [("ratified", CellKind::Number), ("room", CellKind::Number), ("robust", CellKind::Flag)];
    let row = |r: &Ranked| {
        let cell = |(j, x): (&Issue, &f64)| match j.option_at(*x) {
            Some(option) => option.id.as_str().into(),
            None => Cell::Number(*x),
        };
        let mut row: Vec<Cell> = case.issues.iter().zip(&r.package).map(cell).collect();
        row.extend([r.ratified.into(), r.room.into(), r.robust.into()]);
        row
    };
    DataTable {
        columns: issues.chain(judged_by.map(|(name, kind)| (name.to_owned(), kind))).collect(),
        rows: judged.ranked.iter().map(row).collect(),
    }
}

/// Packages and trades that are shown.
const SHOWN: usize = 5;

/// What is said where no package is named.
const NO_ZONE: &str = "There is no zone of agreement in any draw, so no package is named.";

/// Why no package is named.
pub fn no_package(d: &Deals) -> String {
    match d.zone > 0.0 {
        true => format!(
            "No package on the levels that were tried is ratified in any draw, though {} of draws have a zone: \
             it lies between the levels.",
            pc(d.zone)
        ),
        false => NO_ZONE.to_owned(),
    }
}

/// What the room of a package is, and when it is robust.
pub const ROBUST: &str = "room: what the negotiator who gains least gains where it is ratified; robust: ratified in at least \
                          half of the draws that have a zone.";

/// What the trades are.
pub const TRADES: &str = "Trades both would want, from splitting the difference";

/// The packages of a case, in words.
pub fn document(r: &DealsReport, names: &Names<'_>) -> Document {
    let d = &r.judged;
    let reading = format!("P(zone) is {}; {ROBUST}", pc(d.zone));
    let ranked = match d.ranked.is_empty() {
        true => vec![Block::Text(no_package(d))],
        false => vec![Block::Table(packages(d, names)), Block::Note(reading)],
    };
    let draws =
        if d.draws == 1 { "one draw".to_owned() } else { format!("{} draws", thousands(d.draws)) };
    let title = format!("Packages by P(ratified) × room, over {draws}");
    let mut sections = vec![Section::new("ranked", title, ranked)];
    if !d.swaps.is_empty() {
        let trades = d.swaps.iter().take(SHOWN).map(|s| trade(s, names)).collect();
        sections.push(Section::new("trades", TRADES, vec![Block::List(trades)]));
    }
    if let Some(trades) = &d.trades {
        sections.push(partial::trades(trades, names));
    }
    if !d.partial.is_empty() {
        sections.push(partial::partial(&d.partial, names));
    }
    if d.linkage.len() > 1 {
        let title = format!("P(zone) with an issue off the table (all on it: {})", pc(d.zone));
        let row = |l: &winset_model::forecast::Linkage| {
            vec![pc(l.zone_without), format!("without {}", names.issue(&l.issue))]
        };
        let rows = d.linkage.iter().map(row).collect();
        let table = Table::new("", &[("", true), ("", false)], rows);
        sections.push(Section::new("linkage", title, vec![Block::Table(table)]));
    }
    sections.extend(space_sections(&r.space, names));
    Document {
        title: format!("{} · as of {}", r.space.name, r.as_of),
        sections,
        version: VERSION.to_owned(),
        ..Document::default()
    }
}

/// What people call the id of an issue or of a negotiator.
fn named_id(id: &str, names: &Names<'_>) -> String {
    match names.case().issues.iter().any(|issue| issue.id == id) {
        true => names.issue(id),
        false => names.actor(id),
    }
}

/// The packages at central values, counted; what the classical solutions choose of them.
pub fn space_sections(space: &DomainReport, names: &Names<'_>) -> [Section; 2] {
    let counts = domain::counts(space, &|id| named_id(id, names));
    [Section::new("space", "The deal space", counts), space_solutions(space, names)]
}

fn space_solutions(space: &DomainReport, names: &Names<'_>) -> Section {
    let solutions = domain::solutions(space, &|id| named_id(id, names));
    Section::new("solutions", domain::CLASSICAL, solutions)
}

/// The first packages, one a column: the terms, then how they were judged.
pub fn packages(d: &Deals, names: &Names<'_>) -> Table {
    let shown = &d.ranked[..d.ranked.len().min(SHOWN)];
    let heads: Vec<String> = (1..=shown.len()).map(|k| format!("no. {k}")).collect();
    let head: Vec<(&str, bool)> =
        [("", false)].into_iter().chain(heads.iter().map(|h| (h.as_str(), true))).collect();
    let line = |name: String, cell: &dyn Fn(&Ranked) -> String| -> Vec<String> {
        std::iter::once(name).chain(shown.iter().map(cell)).collect()
    };
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (j, issue) in names.case().issues.iter().enumerate() {
        rows.push(line(names.issue(&issue.id), &|p| names.value(issue, p.package[j])));
    }
    rows.push(line("P(all ratify)".to_owned(), &|p| pc(p.ratified)));
    for (s, side) in names.case().sides.iter().enumerate() {
        rows.push(line(format!("P({})", names.side(&side.id)), &|p| pc(p.by_side[s])));
    }
    rows.push(line("room, points".to_owned(), &|p| format!("{:.1}", 100.0 * p.room)));
    let yes = |robust| if robust { "yes" } else { "no" };
    rows.push(line("robust".to_owned(), &|p| yes(p.robust).to_owned()));
    Table::new("", &head, rows)
}

/// What people do with such a zone, in words: instead of the points of the solutions.
pub fn people_document(r: &DealsReport, names: &Names<'_>) -> Document {
    let solutions = domain::solutions(&r.space, &|id| named_id(id, names));
    Document {
        title: format!("{} · as of {}", r.space.name, r.as_of),
        sections: vec![
            people(&r.judged, names),
            Section::new("solutions", "The classical solutions, at central values", solutions),
        ],
        version: VERSION.to_owned(),
        ..Document::default()
    }
}

/// The section on what people do with such a zone.
pub fn people(d: &Deals, names: &Names<'_>) -> Section {
    let title = "What people do with such a zone";
    let Some(p) = &d.people else {
        let why = match names.case().has_options() {
            true => {
                "The rule was fitted to issues with an order, and some here are options without one."
            }
            false => {
                "There are too many packages to list: name fewer levels, such as [model] grid = [0, 50, 100]."
            }
        };
        return Section::new("people", title, vec![Block::Text(why.to_owned())]);
    };
    if p.open == 0 {
        return Section::new("people", title, vec![Block::Text(NO_ZONE.to_owned())]);
    }
    Section::new("people", title, people_blocks(&named(p, names), ["", ""]))
}

/// The distribution with the names people read instead of ids.
pub fn named(p: &PeopleDeals, names: &Names<'_>) -> PeopleDeals {
    let with = |id: String, b: &PeopleBand| PeopleBand { id, ..b.clone() };
    PeopleDeals {
        issues: p.issues.iter().map(|b| with(names.issue(&b.id), b)).collect(),
        gains: p.gains.iter().map(|b| with(names.actor(&b.id), b)).collect(),
        ..p.clone()
    }
}

/// The likeliest packages, the bands by issue and side, and how to read them; names stand for ids.
pub(crate) fn people_blocks(p: &PeopleDeals, [packages, bands]: [&str; 2]) -> Vec<Block> {
    let mut blocks = vec![Block::Table(likeliest(p, packages))];
    let head = [
        ("given a deal", false),
        ("10 %", true),
        ("median", true),
        ("90 %", true),
        ("mean", true),
        ("± people", true),
        ("± analyst", true),
    ];
    let line = |name: String, b: &PeopleBand, cell: &dyn Fn(f64) -> String| {
        let numbers = [b.q10, b.q50, b.q90, b.mean, b.people, b.analyst];
        std::iter::once(name).chain(numbers.map(cell)).collect::<Vec<_>>()
    };
    let issues = p.issues.iter().map(|b| line(b.id.clone(), b, &short));
    let points = |x: f64| format!("{x:.1}");
    let gains = p.gains.iter().map(|b| line(format!("{}: gain", b.id), b, &points));
    blocks.push(Block::Table(Table::new(bands, &head, issues.chain(gains).collect())));
    let narrow = match p.narrow {
        0 => String::new(),
        n => format!(" In {n} the zone holds no listed package but the draw’s own terms."),
    };
    let focal = match p.atom > 0.0 {
        true => format!(" Values are public: {} strike the most equal package.", pc(p.atom)),
        false => String::new(),
    };
    blocks.push(Block::Note(format!(
        "Over {} of {} draws with a zone; {} levels an issue, and the draw’s own terms.{narrow} ± people: the spread within a \
         draw, what people do; ± analyst: that of the draws’ means, what is not known. Gains in points of \
         utility. The rule is ρ {}, k {} an open issue, ε {}, fitted to talks of two sides over three issues.{focal}",
        thousands(p.open),
        thousands(p.draws),
        p.levels,
        short(p.rho).replace('-', "−"),
        short(p.k_per_issue),
        p.epsilon
    )));
    blocks
}

/// The likeliest packages, one a column.
fn likeliest(p: &PeopleDeals, caption: &str) -> Table {
    let shown = &p.packages[..p.packages.len().min(SHOWN)];
    let heads: Vec<String> = (1..=shown.len()).map(|k| format!("no. {k}")).collect();
    let head: Vec<(&str, bool)> =
        [("", false)].into_iter().chain(heads.iter().map(|h| (h.as_str(), true))).collect();
    let line = |name: String, cell: &dyn Fn(&PeoplePackage) -> String| -> Vec<String> {
        std::iter::once(name).chain(shown.iter().map(cell)).collect()
    };
    let issues = p.issues.iter().enumerate();
    let mut rows: Vec<Vec<String>> =
        issues.map(|(j, b)| line(b.id.clone(), &|p| short(p.package[j]))).collect();
    rows.push(line("P(struck, given a deal)".to_owned(), &|p| format!("{:.1} %", 100.0 * p.p)));
    rows.push(line("most equal (leximin) in".to_owned(), &|p| pc(p.most_equal)));
    Table::new(caption, &head, rows)
}

fn trade(s: &Swap, names: &Names<'_>) -> String {
    let [this, other] = [&s.side, &s.other].map(|id| names.side(id));
    format!(
        "{this} gives ten points on {} and gets ten on {}: both gain in {} of draws ({this} {:.1} \
         points, {other} {:.1}).",
        names.issue(&s.gives),
        names.issue(&s.gets),
        pc(s.wanted),
        s.gain,
        s.other_gain
    )
}

#[cfg(test)]
mod tests {
    use winset_files::builtin::CASES;
    use winset_files::case::load;
    use winset_files::diagnostic::Findings;
    use winset_page::document::terminal;
    use winset_page::text::width;

    use super::*;

    #[test]
    fn no_zone_is_an_answer_and_no_line_is_too_wide() {
        let mut case = load(&CASES[0].sources(), None, &[], &mut Findings::default()).unwrap().case;
        for issue in &mut case.issues {
            issue.name = "A very long name of an issue that goes on and on".to_owned();
        }
        let never = std::sync::atomic::AtomicBool::new(false);
        let mut report = ask(&case, 1, 20, Effort::silent(1, &never)).unwrap().unwrap();
        let text = terminal(&document(&report, &Names::new(&case)));
        assert!(text.lines().all(|l| width(l) <= 80), "{text}");
        assert!(text.contains("no. 1") && text.contains("Nash"), "{text}");
        assert_eq!(table(&case, &report.judged).rows.len(), report.judged.ranked.len());
        let people = terminal(&people_document(&report, &Names::new(&case)));
        assert!(people.lines().all(|l| width(l) <= 80), "{people}");
        assert!(people.contains("± analyst") && people.contains("P(struck"), "{people}");
        report.judged.ranked.clear();
        let missed = terminal(&document(&report, &Names::new(&case)));
        assert!(missed.contains("it lies between the levels"), "{missed}");
        report.judged.zone = 0.0;
        assert!(terminal(&document(&report, &Names::new(&case))).contains("no package is named"));
    }
}
