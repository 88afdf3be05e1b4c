//! What a suggested confidence rests on, measured from a case.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use winset_files::case::ResolvedCase;
use winset_model::case::COEFFICIENTS;
use winset_model::effort::Effort;
use winset_model::forecast::{Forecast, References, Run, run};
use winset_model::score::{Assessed, Evidence, suggest_confidence};
use winset_model::uncertain::Dist;

use crate::names::term;

/// Draws of the second forecast behind the share of judgement.
const DRAWS: u64 = 1_000;

/// Suggests a confidence for a forecast of a case, with the reasons.
///
/// An origin weighs once for each actor and issue it speaks on. The gaps are the notes whose key
/// begins `gap-`. The share of judgement is `judgement_share` if what drives the answer is known, else
/// what is left of the variance when everything with a source is held. The theories are the model and the zone-free one.
pub fn suggest(
    loaded: &ResolvedCase,
    forecast: &Forecast,
    references: &References,
    judgement_share: Option<f64>,
    threads: usize,
    stop: &AtomicBool,
) -> Assessed {
    let case = &loaded.case;
    // The best grade of each origin, speaker and issue.
    let mut units: BTreeMap<(&str, Option<usize>, Option<usize>), bool> = BTreeMap::new();
    for e in loaded.record.as_of(case.as_of).filter(|e| e.value.is_some()) {
        let good = e.grade.is_some_and(|g| g.is_b2_or_better());
        *units.entry((e.origin.as_str(), e.speaker, e.issue)).or_insert(false) |= good;
    }
    let mut origins: BTreeMap<&str, usize> = BTreeMap::new();
    for (origin, ..) in units.keys() {
        *origins.entry(origin).or_default() += 1;
    }
    let share = |n: usize| if units.is_empty() { 0.0 } else { n as f64 / units.len() as f64 };
    suggest_confidence(&Evidence {
        origins: origins.len(),
        largest_origin: share(origins.values().copied().max().unwrap_or(0)),
        graded_b2: share(units.values().filter(|good| **good).count()),
        judgement_variance: judgement_share
            .unwrap_or_else(|| judgement(loaded, forecast, threads, stop)),
        gaps: case.notes.iter().filter(|(key, _)| key.starts_with("gap-")).count(),
        theory_spread: (forecast.answer.p - references.zone_free).abs(),
        horizon_days: i64::from(case.question.by.since(case.as_of)),
    })
}

/// The share of the answer's variance over draws that is left when everything with a source is
/// held at its central value; not a number where nothing varies.
fn judgement(loaded: &ResolvedCase, forecast: &Forecast, threads: usize, stop: &AtomicBool) -> f64 {
    let variance = |f: &Forecast| f.answer.mcse * f.answer.mcse * f.draws as f64;
    let ids = loaded.record.ids();
    let mut held = loaded.case.clone();
    for input in &mut held.inputs {
        let from_record = matches!(input.dist, Dist::Steps(..))
            || input.rests_on.iter().any(|r| ids.contains(&r.as_str()));
        let coefficient = input.path.strip_prefix("constants.").filter(|_| !input.written);
        let measured = COEFFICIENTS
            .iter()
            .any(|c| coefficient == Some(c.name) && !c.source.starts_with("judgement"));
        if from_record || measured {
            input.dist = Dist::Point(input.dist.central(input.scale));
        }
    }
    let settings = Run { seed: forecast.seed, draws: 0..forecast.draws.min(DRAWS) };
    let tally = run(&held, &settings, Effort::silent(threads, stop));
    let left = Forecast::new(&held, forecast.seed, &tally, &term);
    let all = variance(forecast);
    if all > 0.0 { (variance(&left) / all).min(1.0) } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_without_a_record_has_no_origin() {
        let template = winset_files::case::CaseFiles {
            case: winset_files::diagnostic::Source {
                name: "case.toml".to_owned(),
                text: winset_files::builtin::TEMPLATE.to_owned(),
            },
            ..Default::default()
        };
        let mut findings = winset_files::diagnostic::Findings::default();
        let loaded = winset_files::case::load(&template, None, &[], &mut findings).unwrap();
        let case = &loaded.case;
        let stop = AtomicBool::new(false);
        let settings = Run { seed: 1, draws: 0..64 };
        let tally = run(case, &settings, Effort::silent(1, &stop));
        let forecast = Forecast::new(case, 1, &tally, &term);
        let references = winset_model::forecast::references(case);
        let assessed = suggest(&loaded, &forecast, &references, None, 1, &stop);
        assert_eq!(assessed.level().word(), "low");
        assert_eq!(assessed.reasons[0].text, "0 independent origins");
    }
}
