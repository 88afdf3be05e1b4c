//! What people are shown of a forecast: the model's values under the names of the case.

use winset_brief::forecast as view;
use winset_brief::words::Lexicon;
use winset_model::case::Case;
use winset_model::forecast::Forecast;

/// The ICD 203 term of a probability.
pub fn term(p: f64) -> String {
    Lexicon::Icd203A.band(p).map_or_else(String::new, |b| b.term.to_owned())
}

/// What the terminal shows of a forecast.
pub fn view_of(case: &Case, f: &Forecast) -> view::View {
    let day = |d: winset_model::case::Day| d.to_string();
    let name = |path: &str| readable(case, path);
    let horizon = f.agreement.len();
    let by = case.question.by.since(case.as_of).max(0) as usize;
    let mut at: Vec<usize> = [30, 60, 90, 180, 365].into_iter().filter(|t| *t <= horizon).collect();
    at.push(by.max(1));
    at.sort_unstable();
    at.dedup();
    let council = case.sides.len() == 1;
    let event = if council { "an agreement" } else { "a signed agreement" };
    let mut endings = vec![
        (event.to_owned(), f.endings.agreement),
        ("an interim understanding".to_owned(), f.endings.interim),
        ("breakdown".to_owned(), f.endings.breakdown),
        ("force".to_owned(), f.endings.force),
        ("suspension".to_owned(), f.endings.suspension),
        ("still open".to_owned(), f.endings.open),
    ];
    // Where the case knows no force, nobody asks about it.
    endings.retain(|(name, _)| name != "force" || !case.force.is_empty());
    view::View {
        title: f.case.clone(),
        council,
        as_of: day(f.as_of),
        event: event.to_owned(),
        by: day(f.question.by),
        p: f.answer.p,
        lo: f.answer.lo,
        hi: f.answer.hi,
        mcse: f.answer.mcse,
        dates: at
            .iter()
            .map(|t| {
                let row = &f.agreement[t - 1];
                view::DateRow {
                    date: day(row.date),
                    p: row.p,
                    lo: row.lo,
                    hi: row.hi,
                    asked: *t == by,
                }
            })
            .collect(),
        curve: f.agreement.iter().map(|row| row.p).collect(),
        endings,
        zone: f.zone.p,
        zone_mcse: f.zone.mcse,
        closed: f.closed,
        terms: case
            .issues
            .iter()
            .zip(&f.terms)
            .map(|(issue, row)| view::Terms {
                name: issue.name.clone(),
                scale: issue.scale,
                quantiles: row.q05.zip(row.q50).zip(row.q95).map(|((a, b), c)| [a, b, c]),
                marks: issue.marks.clone(),
            })
            .collect(),
        blockers: f
            .blockers
            .iter()
            .map(|b| view::Blocker {
                name: case
                    .actors
                    .iter()
                    .find(|a| a.id == b.actor)
                    .map_or_else(|| b.actor.clone(), |a| a.name.clone()),
                side: case
                    .sides
                    .iter()
                    .find(|s| s.id == b.side)
                    .map_or_else(|| b.side.clone(), |s| s.name.clone()),
                block: b.block,
                walk: b.walk,
                binding: b.binding,
                banzhaf: b.banzhaf,
            })
            .collect(),
        conflicts: f
            .conflicts
            .iter()
            .map(|c| (c.constraints.iter().map(|p| name(p)).collect(), c.share))
            .collect(),
        opens: f
            .opens
            .iter()
            .filter(|o| o.zone_without >= f.zone.p + 0.005)
            .map(|o| view::Opening {
                what: lever(case, &o.path),
                path: o.path.clone(),
                from: o.from,
                to: o.to,
                zone: o.zone,
                zone_without: o.zone_without,
            })
            .collect(),
        force: f
            .force
            .iter()
            .map(|row| {
                let name = case.force.iter().find(|x| x.id == row.option);
                (name.map_or_else(|| row.option.clone(), |x| x.name.clone()), row.credible)
            })
            .collect(),
        coefficients: f
            .coefficients
            .iter()
            .map(|c| view::Coefficient {
                name: c.name.to_owned(),
                value: c.value,
                range: c.range,
                unit: c.unit.to_owned(),
                source: c.source.clone(),
                effect: c.effect,
            })
            .collect(),
        judged: case
            .inputs
            .iter()
            .filter(|i| i.written && i.rests_on.is_empty() && !i.path.starts_with("constants."))
            .map(|i| i.path.clone())
            .collect(),
        draws: f.draws,
        seed: f.seed,
        fingerprint: f.fingerprint.clone(),
        version: f.version.to_owned(),
    }
}

/// A lever's path in words.
pub fn lever(case: &Case, path: &str) -> String {
    let parts: Vec<&str> = path.split('.').collect();
    let actor = |id: &str| {
        case.actors.iter().find(|a| a.id == id).map_or_else(|| id.to_owned(), |a| a.name.clone())
    };
    let issue = |id: &str| {
        case.issues.iter().find(|j| j.id == id).map_or_else(|| id.to_owned(), |j| j.name.clone())
    };
    match parts.as_slice() {
        ["participation", id] => format!("a side payment to {}, in points", actor(id)),
        ["actors", id, "red_min", j] => format!("{}'s least on {}", actor(id), issue(j)),
        ["actors", id, "red_max", j] => format!("{}'s most on {}", actor(id), issue(j)),
        ["actors", id, "audience"] => format!("what {}'s audience charges, in per cent", actor(id)),
        ["promises", id, leaf] => {
            let found = case.promises.iter().find(|p| p.id == *id);
            let name = found.map_or_else(|| (*id).to_owned(), |p| p.name.clone());
            match *leaf {
                "secures" => format!("a guarantee of \"{name}\": how far the terms bind, per cent"),
                "exposed" => format!("an insurance against \"{name}\" broken: exposure, points"),
                _ => format!("exits a year from \"{name}\""),
            }
        }
        _ => path.to_owned(),
    }
}

/// A constraint's path in words, with its central value.
pub fn readable(case: &Case, path: &str) -> String {
    let parts: Vec<&str> = path.split('.').collect();
    let actor = |id: &str| {
        case.actors.iter().find(|a| a.id == id).map_or_else(|| id.to_owned(), |a| a.name.clone())
    };
    match parts.as_slice() {
        ["participation", id] => format!("{} must gain", actor(id)),
        ["actors", id, kind @ ("red_min" | "red_max"), issue] => {
            let found = case.issues.iter().find(|j| j.id == *issue);
            let issue = found.map_or((*issue).to_owned(), |j| j.name.clone());
            let value =
                case.inputs.iter().find(|i| i.path == path).map(|i| i.dist.central(i.scale));
            let bound = if *kind == "red_min" { "≥" } else { "≤" };
            match value {
                Some(v) => format!("{}: {issue} {bound} {v}", actor(id)),
                None => format!("{}: {issue}", actor(id)),
            }
        }
        _ => path.to_owned(),
    }
}
