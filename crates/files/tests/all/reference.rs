//! The reference forecasts of the built-in case against plain loops.
use std::path::PathBuf;

use winset_files::case::{load, open};
use winset_files::diagnostic::Findings;
use winset_model::case::{Case, Day};
use winset_model::forecast::references;

fn case(as_of: &str, set: &[&str]) -> Case {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../cases/us-iran-2025");
    let mut findings = Findings::default();
    let files = open(&folder, &mut findings).unwrap();
    let set: Vec<String> = set.iter().map(|s| (*s).to_owned()).collect();
    let loaded = load(&files, Some(Day::parse(as_of).unwrap()), &set, &mut findings);
    assert!(!findings.failed(), "{findings:?}");
    loaded.unwrap().case
}

#[test]
fn the_base_rate_is_the_chance_of_a_constant_hazard() {
    // 79 days from 12 April to 30 June, 0.0046 a day: 1 − e^−0.3634.
    let base = references(&case("2025-04-12", &[])).base_rate.unwrap();
    assert!((base - 0.304_691_9).abs() < 1e-6, "{base}");
    let alone = references(&case("2025-04-12", &["calendar.began.mediated=false"]));
    // 0.00232967 a day: 1 − e^−0.1840440.
    assert!((alone.base_rate.unwrap() - 0.168_100_8).abs() < 1e-6, "{alone:?}");
}

/// Competing risks day by day, as the book writes them: with a zone at its typical room, and
/// without one; no rounds, no hard deadline.
#[expect(clippy::disallowed_methods, reason = "a second implementation, compared to 1e-9")]
fn by_hand(base: f64, zref: f64, chi: f64, elapsed: i32, days: i32) -> f64 {
    let other = |t: i32| match elapsed + t {
        ..=30 => 0.0090,
        31..=60 => 0.0052,
        61..=90 => 0.0045,
        91..=365 => 0.0030,
        _ => 0.0016,
    };
    let (mut survival, mut cif) = (1.0, 0.0);
    for t in 1..=days {
        let agree = base / zref;
        let total = agree + other(t) / (zref + chi * (1.0 - zref));
        let ends = 1.0 - f64::exp(-total);
        cif += survival * ends * agree / total;
        survival *= 1.0 - ends;
    }
    zref * cif
}

#[test]
fn the_zone_free_model_is_the_calendar_with_the_share_of_past_cases() {
    let fixed = [
        "constants.base=0.004",
        "constants.zref=40",
        "constants.chi=2",
        "constants.round_weight=0",
        "constants.breakdown=40",
        "constants.suspension=40",
        "constants.interim=20",
    ];
    for (as_of, elapsed, days) in [("2025-04-12", 0, 79), ("2025-05-20", 38, 41)] {
        let ours = references(&case(as_of, &fixed)).zone_free;
        let theirs = by_hand(0.004, 0.4, 2.0, elapsed, days);
        assert!((ours - theirs).abs() < 1e-9, "{as_of}: {ours} {theirs}");
    }
}

#[test]
fn what_the_parties_want_moves_no_reference() {
    let plain = references(&case("2025-04-22", &[]));
    let other = references(&case("2025-04-22", &["sides.iran.position.enrichment=0"]));
    assert_eq!(plain, other);
}
