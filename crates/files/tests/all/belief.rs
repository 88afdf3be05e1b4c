//! The record in the forecast: what it moves, and what it may not see.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use winset_files::case::{CaseFiles, ResolvedCase, load, open};
use winset_files::diagnostic::Findings;
use winset_model::case::Day;
use winset_model::effort::Effort;
use winset_model::forecast::{Forecast, Run, run};

#[allow(clippy::unwrap_used, reason = "a test may panic")]
fn files() -> CaseFiles {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../cases/us-iran-2025");
    open(&folder, &mut Findings::default()).unwrap()
}

#[allow(clippy::unwrap_used, reason = "a test may panic")]
fn loaded(files: &CaseFiles, as_of: &str) -> ResolvedCase {
    let mut findings = Findings::default();
    let loaded = load(files, Day::parse(as_of), &[], &mut findings);
    assert!(!findings.failed(), "{findings:?}");
    loaded.unwrap()
}

fn forecast(l: &ResolvedCase, threads: usize) -> String {
    let settings = Run { seed: 1, draws: 0..300 };
    let tally = run(&l.case, &settings, Effort::silent(threads, &AtomicBool::new(false)));
    let f = Forecast::new(&l.case, 1, &tally, &|_| String::new());
    serde_json::to_string(&f).unwrap_or_default()
}

fn central(l: &ResolvedCase, path: &str) -> f64 {
    let found = l.case.inputs.iter().find(|i| i.path == path);
    found.map_or(f64::NAN, |i| i.dist.quantile(0.5, i.scale))
}

const WITKOFF: &str = "actors.witkoff.position.enrichment";

/// 14 April: limited enrichment may stay (25..45). 15 April: it must be eliminated (a demand at 0).
#[test]
fn the_envoy_follows_what_he_says_and_is_discounted_when_he_turns() {
    let at = |day| central(&loaded(&files(), day), WITKOFF);
    let (before, interview, post) = (at("2025-04-13"), at("2025-04-14"), at("2025-04-15"));
    assert!(interview > before + 2.0, "{before} {interview}");
    assert!(post < interview - 2.0 && post > 0.0, "{interview} {post}");
    let l = loaded(&files(), "2025-04-22");
    let input = l.case.inputs.iter().find(|i| i.path == WITKOFF);
    assert_eq!(input.map(|i| i.rests_on.clone()), Some(vec!["r02".to_owned(), "r04".to_owned()]));
    // By the horizon less is known.
    let width = |dist: &winset_model::uncertain::Dist| {
        dist.quantile(0.95, (0.0, 100.0)) - dist.quantile(0.05, (0.0, 100.0))
    };
    let (now, later) =
        input.and_then(|i| Some((width(&i.dist), width(i.later.as_ref()?)))).unwrap_or((1.0, 0.0));
    assert!(later > now, "{now} {later}");
}

#[test]
fn a_side_that_says_two_things_is_seen_to() {
    let spread = |day: &str| {
        let l = loaded(&files(), day);
        let side = l.case.sides.iter().find(|s| s.id == "us").map(|s| s.incoherence[0]);
        side.unwrap_or(f64::NAN)
    };
    assert!(spread("2025-04-15") > spread("2025-04-14"));
    assert!(spread("2025-04-15") > 0.1);
}

/// Nothing said or entered later, and nothing announced later, reaches a forecast before it.
#[test]
fn there_is_no_look_ahead() {
    let base = files();
    let mut told = base.clone();
    if let Some(record) = &mut told.record {
        record.text.push_str(
            "x1,2025-04-19,2025-04-19,witkoff,enrichment,ideal,90,post,public,X,A1,x1,,,later,,\n",
        );
        record.text.push_str("x2,2025-04-14,2025-04-20,witkoff,enrichment,ideal,90,post,public,X,A1,x2,,,entered later,,\n");
    }
    told.case.text = told.case.text.replace(
        "[calendar]\n",
        "[calendar]\nsurprise = { on = 2025-05-20, kind = \"round\", holds = 90, known = 2025-04-19 }\n",
    );
    assert_ne!(base.case.text, told.case.text);
    let day = "2025-04-18";
    let (one, other) = (loaded(&base, day), loaded(&told, day));
    assert_eq!(one.case.fingerprint(), other.case.fingerprint());
    let strip = |l: &ResolvedCase| forecast(l, 1);
    assert_eq!(strip(&one), strip(&other));
    // From their day on they count.
    let (without, with) = (loaded(&base, "2025-04-20"), loaded(&told, "2025-04-20"));
    assert_ne!(without.case.fingerprint(), with.case.fingerprint());
    assert!(central(&with, WITKOFF) > central(&without, WITKOFF));
}

#[test]
fn drifting_positions_keep_the_bytes_of_threads_and_the_horizon_has_its_own_zone() {
    let l = loaded(&files(), "2025-04-22");
    assert_eq!(forecast(&l, 1), forecast(&l, 2));
    let json: serde_json::Value = serde_json::from_str(&forecast(&l, 2)).unwrap_or_default();
    let (now, later) = (&json["zone"]["p"], &json["zone"]["at_horizon"]);
    let closed = json["closed"].as_f64().unwrap_or(f64::NAN);
    assert!(now.as_f64().is_some() && later.as_f64().is_some());
    assert!(closed <= 1.0 - now.as_f64().unwrap_or(0.0) + 1e-12);
    assert!(closed <= 1.0 - later.as_f64().unwrap_or(0.0) + 1e-12);
}
