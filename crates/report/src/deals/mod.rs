//! The packages of a case as `winset deals` reports them, for the command and the workbench.

pub mod domain;
pub mod domain_text;
pub mod text;

use crate::deals::domain_text::DealSpace;
use crate::deals::text as view;
use serde_json::Value;
use winset_model::case::Case;
use winset_model::forecast::{Deals, deal_space, ratified};
use winset_model::theory::domain::Domain;
use winset_model::theory::frontier::{Precision, frontier};
use winset_model::theory::solutions::{Problem, solution};

use crate::deals::domain::{Report, report};

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

/// The classical solutions of a case, as a report and as people see them.
///
/// # Errors
/// Those of [`domain`], and utilities that have no solution, in words.
pub fn solved(case: &Case) -> Result<(Report, DealSpace), String> {
    let domain = domain(case)?;
    let (mut report, mut space) = report(&domain).map_err(|e| format!("{}: {e}", domain.name()))?;
    report.kind = "case";
    report.note = Some(note(case));
    space.note.clone_from(&report.note);
    Ok((report, space))
}

/// `winset deals --json` of a case.
///
/// # Errors
/// What cannot be written as JSON.
pub fn json(case: &Case, seed: u64, report: &Report, judged: &Deals) -> serde_json::Result<Value> {
    let mut json = serde_json::to_value(report)?;
    if let (Some(report), Value::Object(more)) =
        (json.as_object_mut(), serde_json::to_value(judged)?)
    {
        report.insert("fingerprint".to_owned(), case.fingerprint().into());
        report.insert("as_of".to_owned(), case.as_of.to_string().into());
        report.insert("seed".to_owned(), seed.into());
        report.extend(more);
    }
    Ok(json)
}

/// What people are shown of it.
pub fn view_of(case: &Case, d: &Deals) -> view::Judged {
    let issue = |id: &str| {
        case.issues.iter().find(|j| j.id == id).map_or_else(|| id.to_owned(), |j| j.name.clone())
    };
    let side = |id: &str| {
        case.sides.iter().find(|s| s.id == id).map_or_else(|| id.to_owned(), |s| s.name.clone())
    };
    view::Judged {
        title: case.title.clone(),
        as_of: case.as_of.to_string(),
        draws: d.draws,
        zone: d.zone,
        issues: case.issues.iter().map(|j| j.name.clone()).collect(),
        sides: case.sides.iter().map(|s| s.name.clone()).collect(),
        ranked: d
            .ranked
            .iter()
            .map(|r| view::Package {
                positions: r.package.clone(),
                ratified: r.ratified,
                by_side: r.by_side.clone(),
                room: r.room,
                robust: r.robust,
            })
            .collect(),
        swaps: d
            .swaps
            .iter()
            .map(|s| view::Swap {
                side: side(&s.side),
                other: side(&s.other),
                gives: issue(&s.gives),
                gets: issue(&s.gets),
                wanted: s.wanted,
                gains: [s.gain, s.other_gain],
            })
            .collect(),
        linkage: d.linkage.iter().map(|l| (issue(&l.issue), l.zone_without)).collect(),
    }
}

/// The packages of two sides at the case's central values, in the plane of what they give the two
/// negotiators.
pub struct Map {
    /// The two sides, by their place in the case.
    pub sides: [usize; 2],
    /// What each package gives them, and whether both sides would ratify it.
    pub packages: Vec<([f64; 2], bool)>,
    /// What no deal gives them.
    pub no_deal: [f64; 2],
    /// The packages on the Pareto frontier.
    pub frontier: Vec<[f64; 2]>,
    /// What the classical solutions choose among all packages, ratified or not.
    pub chosen: Vec<Chosen>,
}

/// A package that solutions choose.
pub struct Chosen {
    /// Those solutions.
    pub solutions: Vec<&'static str>,
    /// What it gives the two sides.
    pub at: [f64; 2],
    /// Its positions, in the issues' own units.
    pub terms: Vec<f64>,
    /// The sides that would not ratify it, by their place in the case.
    pub refused: Vec<usize>,
}

/// The map of a case; none unless it has two sides with negotiators, and packages that can be listed.
pub fn map(case: &Case) -> Option<Map> {
    let sides: Vec<usize> =
        (0..case.sides.len()).filter(|k| case.sides[*k].negotiator.is_some()).collect();
    let sides: [usize; 2] = sides.try_into().ok()?;
    let (domain, ratified) = (deal_space(case).ok()?, ratified(case).ok()?);
    let (values, reservations) = (domain.utilities(), domain.reservations());
    let at = |x: usize| [values[2 * x], values[2 * x + 1]];
    let all = (1u64 << case.sides.len()) - 1;
    let problem = Problem::new(&values, &reservations).ok()?;
    let mut chosen: Vec<(usize, Chosen)> = Vec::new();
    for (key, name) in [
        ("nash", "Nash"),
        ("kalai-smorodinsky", "Kalai–Smorodinsky"),
        ("egalitarian", "Egalitarian"),
    ] {
        let Some(choice) = solution(key).and_then(|s| s.solve(&problem).ok()) else { continue };
        let Some(&x) = choice.outcomes.first() else { continue };
        if let Some((_, same)) = chosen.iter_mut().find(|(other, _)| *other == x) {
            same.solutions.push(name);
            continue;
        }
        let levels = domain.package(x);
        let number = |(j, k): (usize, &usize)| domain.issues()[j].values[*k].parse().ok();
        let terms: Option<Vec<f64>> = levels.iter().enumerate().map(number).collect();
        let refused = (0..case.sides.len()).filter(|k| ratified[x] >> k & 1 == 0).collect();
        chosen.push((x, Chosen { solutions: vec![name], at: at(x), terms: terms?, refused }));
    }
    let edge = frontier(&values, 2, Precision::Exact);
    Some(Map {
        sides,
        packages: ratified.iter().enumerate().map(|(x, by)| (at(x), *by == all)).collect(),
        no_deal: [reservations[0], reservations[1]],
        frontier: edge.outcomes().iter().map(|x| at(*x)).collect(),
        chosen: chosen.into_iter().map(|c| c.1).collect(),
    })
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
