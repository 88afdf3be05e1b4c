//! What people are shown of a forecast: the model's values under the names of the case.

pub mod text;

use crate::forecast::text as view;
use winset_model::case::Case;
use winset_model::forecast::Forecast;
use winset_page::words::Lexicon;

/// The ICD 203 term of a probability.
pub fn term(p: f64) -> String {
    Lexicon::Icd203A.band(p).map_or_else(String::new, |b| b.term.to_owned())
}

/// What a case calls an agreement: a council signs no treaty with anybody.
pub fn event(case: &Case) -> &'static str {
    if case.sides.len() == 1 { "an agreement" } else { "a signed agreement" }
}

/// P(agreement) by the days that are shown, the question's own among them.
pub fn dates(case: &Case, f: &Forecast) -> Vec<view::DateRow> {
    let horizon = f.agreement.len();
    let by = case.question.by.since(case.as_of).max(0) as usize;
    let mut at: Vec<usize> =
        [30, 60, 90, 180, 365, by].into_iter().filter(|t| (1..=horizon).contains(t)).collect();
    at.sort_unstable();
    at.dedup();
    at.iter()
        .map(|t| {
            let row = &f.agreement[t - 1];
            let date = row.date.to_string();
            view::DateRow { date, p: row.p, lo: row.lo, hi: row.hi, asked: *t == by }
        })
        .collect()
}

/// What the terminal shows of a forecast.
pub fn view_of(case: &Case, f: &Forecast) -> view::View {
    let day = |d: winset_model::case::Day| d.to_string();
    let name = |path: &str| readable(case, path);
    let council = case.sides.len() == 1;
    let event = event(case);
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
        dates: dates(case, f),
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

/// Any input's path in words.
pub fn input(case: &Case, path: &str) -> String {
    let parts: Vec<&str> = path.split('.').collect();
    let found = |name: Option<&String>, id: &str| name.cloned().unwrap_or_else(|| id.to_owned());
    let actor = |id: &str| found(case.actors.iter().find(|a| a.id == id).map(|a| &a.name), id);
    let side = |id: &str| found(case.sides.iter().find(|s| s.id == id).map(|s| &s.name), id);
    let issue = |id: &str| found(case.issues.iter().find(|j| j.id == id).map(|j| &j.name), id);
    let who = |section: &str, id: &str| if section == "sides" { side(id) } else { actor(id) };
    match parts.as_slice() {
        ["issues", id, "now"] => format!("where {} stays without a deal", issue(id)),
        ["sides", id, "discount"] => format!("{}'s discount rate", side(id)),
        ["sides", id, "cost"] => format!("{}'s running cost of no deal", side(id)),
        ["sides", id, "noise"] => format!("how unsure others are of {}'s limits", side(id)),
        ["actors", id, "capability"] => format!("{}'s weight", actor(id)),
        ["actors", id, "audience"] => format!("{}'s audience cost", actor(id)),
        [section @ ("sides" | "actors"), id, key, j] => {
            let what = match *key {
                "red_min" => "least on",
                "red_max" => "most on",
                "position" => "ideal on",
                "salience" => "salience of",
                "demand" => "demand on",
                key => key,
            };
            format!("{}'s {what} {}", who(section, id), issue(j))
        }
        ["force", id, rest @ ..] => {
            let name = found(case.force.iter().find(|f| f.id == *id).map(|f| &f.name), id);
            let what = match rest {
                ["wins"] => "chance of winning".to_owned(),
                ["wins_joined"] => "chance of winning if joined".to_owned(),
                ["press"] => "uses a year while credible".to_owned(),
                ["hazard"] => "hazard a year".to_owned(),
                ["reacts"] => "reaction to the prospect of a deal".to_owned(),
                ["joins", id] => format!("chance that {} joins", actor(id)),
                ["cost", id] => format!("cost to {}", side(id)),
                ["cost_joined", id] => format!("cost to {} if joined", side(id)),
                ["if_won", j] => format!("{} if won", issue(j)),
                ["if_lost", j] => format!("{} if lost", issue(j)),
                ["after", j] => format!("{} after it", issue(j)),
                rest => rest.join(" "),
            };
            format!("{name}: {what}")
        }
        ["promises", id, rest @ ..] => {
            let name = found(case.promises.iter().find(|p| p.id == *id).map(|p| &p.name), id);
            let what = match rest {
                ["breaks"] => "exits a year".to_owned(),
                ["exposed"] => "cost of having signed".to_owned(),
                ["secures"] => "how far it can be bound".to_owned(),
                ["gain"] => "gain from cheating".to_owned(),
                ["loss"] => "loss if caught".to_owned(),
                ["miss"] => "chance that cheating is missed".to_owned(),
                ["sunk", j] => format!("{} that cannot be taken back", issue(j)),
                rest => rest.join(" "),
            };
            format!("\"{name}\": {what}")
        }
        ["calendar", id, "holds"] => {
            let name = found(case.calendar.iter().find(|e| e.id == *id).map(|e| &e.name), id);
            format!("chance that the round {name} is held")
        }
        ["constants", key] => match *key {
            "base" => "base rate of agreements a day",
            "zref" => "share of past cases with a zone",
            "gref" => "room of a typical case with a zone",
            "gamma" => "how strongly room moves the hazard",
            "chi" => "how much faster talks end without a zone",
            "window" => "how far a spoiler looks ahead",
            "breakdown" => "share of breakdowns among other endings",
            "suspension" => "share of suspensions among other endings",
            "interim" => "share of interim deals among other endings",
            "round_weight" => "weight of a round's day",
            "deadline_weight" => "weight of the days before a deadline",
            "deadline_days" => "days before a deadline that count",
            key => key,
        }
        .to_owned(),
        _ => path.to_owned(),
    }
}
