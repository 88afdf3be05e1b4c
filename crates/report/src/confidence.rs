//! What a suggested confidence rests on, measured from a case.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use winset_files::case::ResolvedCase;
use winset_methods::score::{Assessed, Evidence, suggest_confidence};
use winset_model::case::Case;
use winset_model::effort::Effort;
use winset_model::explain::drivers::{JudgementShare, judged};
use winset_model::forecast::{Forecast, References};
use winset_model::support;

use crate::drivers::DRAWS;

/// What its words mean, each where it first stands.
pub const DEFINITIONS: [&str; 3] = [support::ORIGIN, support::JUDGEMENT, support::GAP];

/// The share of variance that rests on judgement, on the rows that `winset drivers` takes unless it is
/// told otherwise: the same figure everywhere.
pub fn judgement(
    case: &Case,
    f: &Forecast,
    threads: usize,
    stop: &AtomicBool,
) -> Option<JudgementShare> {
    judged(case, f.draws.min(DRAWS), f.seed, Effort::silent(threads, stop))
}

/// Suggests a confidence for a forecast of a case, with the reasons. `judgement` is the share of
/// variance that rests on judgement, see [`judgement`].
///
/// What counts as evidence, as judgement, as an origin and as a gap is said in [`support`]. An origin weighs
/// once for each actor and issue it speaks on. The theories are the model and the zone-free one.
pub fn suggest(
    loaded: &ResolvedCase,
    forecast: &Forecast,
    references: &References,
    judgement: Option<JudgementShare>,
) -> Assessed {
    let case = &loaded.case;
    let evidence = support::evidence(case, loaded.record.as_of(case.as_of));
    // The best grade of each origin, speaker and issue.
    let mut units: BTreeMap<(&str, Option<usize>, Option<usize>), bool> = BTreeMap::new();
    for e in &evidence {
        let good = e.grade.is_some_and(|g| g.is_b2_or_better());
        *units.entry((e.origin.as_str(), e.speaker, e.issue)).or_insert(false) |= good;
    }
    let mut origins: BTreeMap<&str, usize> = BTreeMap::new();
    for (origin, ..) in units.keys() {
        *origins.entry(origin).or_default() += 1;
    }
    let share = |n: usize| if units.is_empty() { 0.0 } else { n as f64 / units.len() as f64 };
    suggest_confidence(&Evidence {
        origins: support::origins(evidence.iter().copied()),
        largest_origin: share(origins.values().copied().max().unwrap_or(0)),
        graded_b2: share(units.values().filter(|good| **good).count()),
        judgement_variance: judgement.map_or(f64::NAN, |j| j.share.value),
        gaps: support::gaps(case),
        theory_spread: (forecast.answer.p - references.zone_free).abs(),
        horizon_days: i64::from(case.question.by.since(case.as_of)),
    })
}

#[cfg(test)]
mod tests {
    use winset_model::forecast::{Run, run};

    use super::*;
    use crate::names::term;

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
        let assessed =
            suggest(&loaded, &forecast, &references, judgement(case, &forecast, 1, &stop));
        assert_eq!(assessed.level().word(), "low");
        assert_eq!(assessed.reasons[0].text, "0 independent origins");
    }
}
