//! `winset deals` on a case: packages judged over the draws, trades, linkage, and the classical
//! solutions at its central values.

use std::io::Write;

use winset::packages::packages;
use winset_brief::deals as view;
use winset_brief::domain::deal_space as classical_text;
use winset_model::case::Case;
use winset_model::theory::domain::Domain;

use crate::deals::DealsArgs;
use crate::exit::Failure;
use crate::input;

/// Runs it.
pub(crate) fn run(args: &DealsArgs) -> anyhow::Result<()> {
    let loaded = input::case(&args.case, args.json)?;
    let case = &loaded.case;
    let found = packages(case, args.seed, args.draws).map_err(Failure::Invalid)?;
    let mut out = std::io::stdout().lock();
    if args.json {
        let json = found.json(case, args.seed)?;
        serde_json::to_writer_pretty(&mut out, &json)?;
        writeln!(out)?;
    } else {
        out.write_all(view::text(&view_of(case, &found.judged)).as_bytes())?;
        writeln!(out)?;
        out.write_all(classical_text(&found.space).as_bytes())?;
    }
    Ok(out.flush()?)
}

fn view_of(case: &Case, d: &winset_model::forecast::Deals) -> view::Judged {
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

/// The packages of a case at its central values.
pub(crate) fn domain(case: &Case) -> anyhow::Result<Domain> {
    winset::packages::domain(case).map_err(|e| Failure::Invalid(e).into())
}
