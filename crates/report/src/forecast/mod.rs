//! What people are shown of a forecast: the model's values under the names of the case.

pub mod text;

use crate::forecast::text as view;
use winset_model::case::Case;
use winset_model::forecast::Forecast;

use crate::names::{self, Names};

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
    let names = Names::new(case);
    let endings = names::endings(case).into_iter();
    let endings = endings
        .map(|e| (names::ending(case, e).to_owned(), names::ending_share(&f.endings, e)))
        .collect();
    view::View {
        title: f.case.clone(),
        council: names::is_council(case),
        as_of: day(f.as_of),
        event: names::event(case).to_owned(),
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
                name: names.actor(&b.actor),
                side: names.side(&b.side),
                block: b.block,
                walk: b.walk,
                binding: b.binding,
                banzhaf: b.banzhaf,
            })
            .collect(),
        conflicts: f
            .conflicts
            .iter()
            .map(|c| (c.constraints.iter().map(|p| names.constraint(p)).collect(), c.share))
            .collect(),
        opens: f
            .opens
            .iter()
            .filter(|o| o.zone_without >= f.zone.p + 0.005)
            .map(|o| view::Opening {
                what: names.lever(&o.path),
                path: o.path.clone(),
                from: o.from,
                to: o.to,
                zone: o.zone,
                zone_without: o.zone_without,
            })
            .collect(),
        force: f.force.iter().map(|row| (names.force(&row.option), row.credible)).collect(),
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
