//! The packages of a case as `winset deals` reports them, for the command and the workbench.

use serde_json::Value;
use winset_brief::deals as view;
use winset_brief::domain::DealSpace;
use winset_model::case::Case;
use winset_model::forecast::{Deals, deal_space};
use winset_model::theory::domain::Domain;

use crate::domain::{Report, report};

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
