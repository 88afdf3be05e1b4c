//! The reference forecasts of the built-in case against plain loops.
use std::path::PathBuf;

use winset_files::case::{load, open};
use winset_files::class::shipped;
use winset_files::diagnostic::Findings;
use winset_model::case::{Case, Day};
use winset_model::class::risk::Risk;
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

/// Competing risks day by day, as the book writes them: two Weibull hazards, given that nothing has
/// ended by the day told from.
#[expect(clippy::disallowed_methods, reason = "a second implementation, compared to 1e-9")]
fn by_hand(agreement: (f64, f64), other: (f64, f64), elapsed: i32, days: i32) -> f64 {
    let rate = |(shape, scale): (f64, f64), day: i32| {
        let by = |t: i32| (f64::from(t) / scale).powf(shape);
        by(day) - by(day - 1)
    };
    let (mut survival, mut cif) = (1.0, 0.0);
    for t in elapsed + 1..=elapsed + days {
        let (a, o) = (rate(agreement, t), rate(other, t));
        let ends = 1.0 - f64::exp(-(a + o));
        cif += survival * ends * a / (a + o);
        survival *= 1.0 - ends;
    }
    cif
}

fn weibull(risk: &Risk) -> (f64, f64) {
    match risk {
        Risk::Weibull { shape, scale, .. } => (*shape, *scale),
        Risk::Steps { .. } => panic!("{risk:?}"),
    }
}

#[test]
fn the_base_rate_is_the_incidence_of_the_class_given_that_it_lasted() {
    let class = shipped("mediated").unwrap().class;
    let risks = (weibull(&class.agreement), weibull(class.other.as_ref().unwrap()));
    for (as_of, elapsed, days) in [("2025-04-12", 0, 79), ("2025-05-20", 38, 41)] {
        let ours = references(&case(as_of, &[])).base_rate.unwrap();
        let theirs = by_hand(risks.0, risks.1, elapsed, days);
        assert!((ours - theirs).abs() < 1e-9, "{as_of}: {ours} {theirs}");
    }
    assert_eq!(references(&case("2025-04-22", &["clock.class=none"])).base_rate, None);
    let counted = references(&case("2025-04-22", &["question.counts=[\"interim\"]"]));
    assert_eq!(counted.base_rate, None);
}

/// A typical structure in a calendar without rounds is the class, whatever the constants.
#[test]
fn without_rounds_the_zone_free_model_is_the_class() {
    let none = ["rome", "geneva", "oman-2"].map(|round| format!("calendar.{round}.holds=0"));
    let none: Vec<&str> = none.iter().map(String::as_str).collect();
    for as_of in ["2025-04-12", "2025-05-20"] {
        let plain = references(&case(as_of, &none));
        assert!((plain.zone_free - plain.base_rate.unwrap()).abs() < 1e-12, "{plain:?}");
    }
    let moved = references(&case("2025-04-22", &[]));
    assert!((moved.zone_free - moved.base_rate.unwrap()).abs() > 1e-4, "{moved:?}");
}

#[test]
fn what_the_parties_want_moves_no_reference() {
    let plain = references(&case("2025-04-22", &[]));
    let other = references(&case("2025-04-22", &["sides.iran.position.enrichment=0"]));
    assert_eq!(plain, other);
}
