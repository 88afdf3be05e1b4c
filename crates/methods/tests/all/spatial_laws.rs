//! Laws that every registered position model keeps, on random issues.

use winset_methods::spatial::{Distribution, MODELS, PositionActor, PositionIssue};
use winset_model::uncertain::counter::{below, uniform};

const CASES: u64 = 150;
const ROUNDS: usize = 3;

/// A random issue: 1 to 12 actors, half of the time on a coarse grid, so that positions tie.
fn random(seed: u64) -> PositionIssue {
    let u = |k: u64| uniform(11, seed, k);
    let n = 1 + below(12, seed, 0, 12);
    let coarse = u(1) < 0.5;
    let place = |u: f64| if coarse { 10.0 * (u * 11.0).floor() } else { 100.0 * u };
    let actors = (0..n as u64)
        .map(|i| PositionActor {
            name: format!("a{i}"),
            capability: if u(10 * i + 3) < 0.05 { 0.0 } else { 100.0 * u(10 * i + 4) },
            position: place(u(10 * i + 5)),
            salience: if u(10 * i + 6) < 0.05 { 0.0 } else { 100.0 * u(10 * i + 7) },
        })
        .collect();
    let reference = (u(2) < 0.5).then(|| place(u(1000)));
    PositionIssue::new(0.0, 100.0, reference, actors).unwrap()
}

fn mapped(issue: &PositionIssue, lo: f64, hi: f64, f: impl Fn(f64) -> f64) -> PositionIssue {
    let actors = issue
        .actors()
        .iter()
        .map(|a| PositionActor { position: f(a.position), ..a.clone() })
        .collect();
    PositionIssue::new(lo, hi, issue.reference().map(&f), actors).unwrap()
}

/// Distance between distribution functions, in the scale's units: ∫ |F − G|.
fn apart(a: &Distribution, b: &Distribution) -> f64 {
    let mut at: Vec<f64> = a.atoms().iter().chain(b.atoms()).map(|p| p.0).collect();
    at.sort_by(f64::total_cmp);
    at.windows(2).map(|w| (w[1] - w[0]) * (a.cdf(w[0]) - b.cdf(w[0])).abs()).sum()
}

fn flip(d: &Distribution, f: impl Fn(f64) -> f64) -> Distribution {
    Distribution::from_atoms(d.atoms().iter().map(|&(x, m)| (f(x), m)).collect()).unwrap()
}

#[test]
fn ids_are_unique() {
    let mut ids: Vec<&str> = MODELS.iter().map(|m| m.id()).collect();
    assert!(ids.iter().all(|id| id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')));
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), MODELS.len());
    assert!(MODELS.iter().all(|m| !m.title().is_empty() && !m.reference().is_empty()));
}

#[test]
fn every_model_has_a_page() {
    for m in MODELS {
        let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src/spatial");
        let page = docs.join(format!("{}.md", m.id()));
        assert!(page.exists(), "`{}` has no page {}", m.id(), page.display());
    }
}

#[test]
fn every_model_answers_and_repeats_itself() {
    for seed in 0..CASES {
        let issue = random(seed);
        for m in MODELS {
            let f = m.forecast(&issue, ROUNDS);
            assert!(f.point.is_finite(), "{} on {seed}", m.id());
            let sum: f64 = f.distribution.atoms().iter().map(|a| a.1).sum();
            assert!((sum - 1.0).abs() < 1e-9, "{} on {seed}: mass {sum}", m.id());
            assert_eq!(f, m.forecast(&issue, ROUNDS), "{} on {seed}", m.id());
        }
    }
}

#[test]
fn order_of_actors_does_not_matter() {
    for seed in 0..CASES {
        let issue = random(seed);
        let mut actors = issue.actors().to_vec();
        actors.reverse();
        let k = below(13, seed, 1, actors.len());
        actors.rotate_left(k);
        let other = PositionIssue::new(0.0, 100.0, issue.reference(), actors).unwrap();
        for m in MODELS {
            let (a, b) = (m.forecast(&issue, ROUNDS), m.forecast(&other, ROUNDS));
            assert!(
                (a.point - b.point).abs() < 1e-6,
                "{} on {seed}: {} {}",
                m.id(),
                a.point,
                b.point
            );
            assert!(apart(&a.distribution, &b.distribution) < 1e-6, "{} on {seed}", m.id());
        }
    }
}

#[test]
fn reversing_the_scale_reverses_the_forecast() {
    let mut broken = vec![0; MODELS.len()];
    for seed in 0..CASES {
        let issue = random(seed);
        let other = mapped(&issue, 0.0, 100.0, |x| 100.0 - x);
        for (m, broken) in MODELS.iter().zip(&mut broken) {
            let (a, b) = (m.forecast(&issue, ROUNDS), m.forecast(&other, ROUNDS));
            let same = (a.point - (100.0 - b.point)).abs() < 1e-6
                && apart(&a.distribution, &flip(&b.distribution, |x| 100.0 - x)) < 1e-6;
            *broken += usize::from(!same);
            assert!(same || !m.reverses(), "{} on {seed}: {} {}", m.id(), a.point, b.point);
        }
    }
    // A model that asks for the exemption must need it.
    for (m, broken) in MODELS.iter().zip(broken) {
        assert_eq!(m.reverses(), broken == 0, "{}: {broken} of {CASES}", m.id());
    }
}

#[test]
fn units_do_not_matter() {
    for seed in 0..CASES {
        let issue = random(seed);
        let f = |x: f64| 0.25 * x - 7.0;
        let moved = mapped(&issue, f(0.0), f(100.0), f);
        let actors = moved
            .actors()
            .iter()
            .map(|a| PositionActor { capability: 8.0 * a.capability, ..a.clone() })
            .collect();
        let other = PositionIssue::new(f(0.0), f(100.0), moved.reference(), actors).unwrap();
        for m in MODELS {
            let (a, b) = (m.forecast(&issue, ROUNDS), m.forecast(&other, ROUNDS));
            assert!(
                (f(a.point) - b.point).abs() < 1e-6,
                "{} on {seed}: {} {}",
                m.id(),
                f(a.point),
                b.point
            );
            assert!(
                apart(&flip(&a.distribution, f), &b.distribution) < 1e-6,
                "{} on {seed}",
                m.id()
            );
        }
    }
}

#[test]
fn unanimity_is_certainty() {
    for seed in 0..CASES {
        let x = random(seed).actors()[0].position;
        let issue = mapped(&random(seed), 0.0, 100.0, |_| x);
        for reference in [None, Some(x)] {
            let issue = PositionIssue::new(0.0, 100.0, reference, issue.actors().to_vec()).unwrap();
            for m in MODELS {
                let f = m.forecast(&issue, ROUNDS);
                assert!((f.point - x).abs() < 1e-9, "{} on {seed}", m.id());
                assert!(f.distribution.crps(x) < 1e-9, "{} on {seed}", m.id());
            }
        }
    }
}

#[test]
fn nothing_lies_beyond_what_anybody_holds_or_has() {
    for seed in 0..CASES {
        let issue = random(seed);
        let (mut lo, mut hi) = issue.held_range();
        if let Some(r) = issue.reference() {
            (lo, hi) = (lo.min(r), hi.max(r));
        }
        for m in MODELS {
            let f = m.forecast(&issue, ROUNDS);
            assert!(lo - 1e-9 <= f.point && f.point <= hi + 1e-9, "{} on {seed}", m.id());
            for &(x, _) in f.distribution.atoms() {
                assert!(lo - 1e-9 <= x && x <= hi + 1e-9, "{} on {seed}: {x}", m.id());
            }
        }
    }
}
