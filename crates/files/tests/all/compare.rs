//! Variants of a case on common random numbers: what is paired is what single draws say one by one.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use winset_files::case::{load, open};
use winset_files::diagnostic::Findings;
use winset_model::case::{Case, Day};
use winset_model::effort::Effort;
use winset_model::explain::{Compared, Diff, changes, compare};
use winset_model::forecast::{
    AnswerScale, Deals, Forecast, Frame, Run, Tally, deals, promises, run,
};

const SEED: u64 = 3;

fn case(as_of: Option<&str>, set: &[&str]) -> Case {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/us-iran-2025");
    let mut findings = Findings::default();
    let files = open(&path, &mut findings).unwrap();
    let set: Vec<String> = set.iter().map(|s| (*s).to_owned()).collect();
    load(&files, as_of.and_then(Day::parse), &set, &mut findings).unwrap().case
}

fn compared(cases: &[&Case], draws: u64, threads: usize) -> Compared {
    let settings = Run { seed: SEED, draws: 0..draws };
    compare(cases, &settings, Effort::silent(threads, &AtomicBool::new(false)))
}

fn drawn(case: &Case, draws: std::ops::Range<u64>) -> Tally {
    let settings = Run { seed: SEED, draws };
    run(case, &settings, Effort::silent(1, &AtomicBool::new(false)))
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

#[test]
fn the_paired_change_and_its_error_are_those_of_draws_taken_one_by_one() {
    let (a, b) = (case(None, &[]), case(None, &["actors.trump.red_max.enrichment=10..20..30"]));
    let n = 60;
    let found = compared(&[&a, &b], n, 1).paired[1];
    let (mut ones, mut twos) = (Vec::new(), Vec::new());
    let mut zones = [0, 0];
    for k in 0..n {
        let (one, two) = (drawn(&a, k..k + 1), drawn(&b, k..k + 1));
        ones.push((one.weight().value(), one.structure().unwrap()));
        twos.push((two.weight().value(), two.structure().unwrap()));
        zones[0] += u64::from(two.zone[0] > one.zone[0]);
        zones[1] += u64::from(two.zone[0] < one.zone[0]);
    }
    // What each draw says of the pooled answer; mean and standard error by their definitions.
    let values = |case: &Case, draws: Vec<(f64, f64)>| -> Vec<f64> {
        let frame = Frame::new(case);
        let scale = AnswerScale::new(&frame, draws.iter().copied());
        draws.into_iter().map(|draw| scale.value(draw)).collect()
    };
    let differences: Vec<f64> =
        values(&b, twos).iter().zip(values(&a, ones)).map(|(two, one)| two - one).collect();
    let mean = differences.iter().sum::<f64>() / n as f64;
    let variance = differences.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / n as f64;
    assert!(mean < -0.01, "{mean}");
    assert!((found.answer() - mean).abs() < 1e-9);
    assert!((found.answer_error() - (variance / n as f64).sqrt()).abs() < 1e-7);
    assert_eq!(found.zone, zones);
    let share = (zones[0] as f64 - zones[1] as f64) / n as f64;
    assert!((found.zone() - share).abs() < 1e-12);
}

#[test]
fn each_side_is_the_forecast_of_its_own_and_threads_change_nothing() {
    let (a, b) = (case(None, &[]), case(Some("2025-04-18"), &["sides.us.discount=20"]));
    let n = 100;
    let one = compared(&[&a, &b], n, 1);
    let two = compared(&[&a, &b], n, 2);
    assert_eq!((&one.tallies, &one.paired), (&two.tallies, &two.paired));
    for (case, lean) in [&a, &b].into_iter().zip(&one.tallies) {
        let full = drawn(case, 0..n);
        assert_eq!((full.draws, full.zone, full.room), (lean.draws, lean.zone, lean.room));
        assert_eq!(full.interventions, lean.interventions);
        assert_eq!((&full.powered, &full.power), (&lean.powered, &lean.power));
        assert_eq!((&full.credible, &full.moved), (&lean.credible, &lean.moved));
        assert_eq!((lean.explained, lean.explored, lean.varied), (0, 0, 0));
        // The varied coefficients run beside a draw's own calendar and change nothing in it.
        assert_eq!((&full.answer, &full.outcomes), (&lean.answer, &lean.outcomes));
        assert_eq!((&full.nodes, &full.node_text), (&lean.nodes, &lean.node_text));
    }
    let diff = Diff::new(&[&a, &b], SEED, &one, 1).unwrap();
    let forecast = |case: &Case| Forecast::new(case, SEED, &drawn(case, 0..n), &|_| String::new());
    let (fa, fb) = (forecast(&a), forecast(&b));
    assert!(close(diff.answer.a, fa.answer.p) && close(diff.answer.b, fb.answer.p));
    assert!(close(diff.answer.change, fb.answer.p - fa.answer.p));
    assert!(close(diff.zone.change, fb.zone.share() - fa.zone.share()));
    for (row, (ta, tb)) in diff.terms.iter().zip(fa.terms.iter().zip(&fb.terms)) {
        assert!(close(row.a.unwrap(), ta.q50.unwrap()) && close(row.b.unwrap(), tb.q50.unwrap()));
    }
    let total: f64 = diff.endings.iter().map(|e| e.p.change).sum();
    assert!(total.abs() < 1e-9 && diff.endings.len() == 9);
}

#[test]
fn many_variants_in_one_loop_are_the_same_as_two_at_a_time() {
    let a = case(None, &[]);
    let b = case(None, &["sides.us.discount=20"]);
    let c = case(None, &["sides.iran.cost=20"]);
    let n = 40;
    let all = compared(&[&a, &b, &c, &a], n, 1);
    assert_eq!(all.paired[1], compared(&[&a, &b], n, 1).paired[1]);
    assert_eq!(all.paired[2], compared(&[&a, &c], n, 1).paired[1]);
    // A case does not differ from itself, in any draw; and there and back is nothing.
    let same = all.paired[3];
    assert_eq!((same.answer(), same.answer_error(), same.zone), (0.0, 0.0, [0, 0]));
    assert!(all.tallies[3] == all.tallies[0]);
    let back = compared(&[&c, &a], n, 1).paired[1];
    assert_eq!(back.answer(), -all.paired[2].answer());
    assert_eq!(back.answer_error(), all.paired[2].answer_error());
    assert_eq!(back.zone, [all.paired[2].zone[1], all.paired[2].zone[0]]);
}

#[test]
fn common_random_numbers_shrink_the_error_of_a_difference() {
    let (a, b) = (case(None, &[]), case(None, &["sides.us.discount=20"]));
    let found = compared(&[&a, &b], 300, 1);
    let [one, two] = [(&a, 0), (&b, 1)]
        .map(|(case, k): (&Case, usize)| found.tallies[k].mcse(Frame::new(case).times().pool()));
    let independent = (one * one + two * two).sqrt();
    assert!(found.paired[1].answer_error() < 0.5 * independent);
}

#[test]
fn what_is_not_the_same_is_named_with_both_values() {
    let base = case(None, &[]);
    assert_eq!(changes(&base, &base), []);
    let set = [
        "sides.us.discount=20",
        "actors.waltz.position.enrichment=0..5..10",
        "question.by=2025-05-31",
        "sides.us.ratify=trump",
    ];
    let rows = changes(&base, &case(None, &set));
    let row = |path: &str| {
        let row = rows.iter().find(|r| r.path == path).unwrap();
        (row.from.as_deref(), row.to.as_deref())
    };
    assert_eq!(row("sides.us.discount"), (Some("5..10..30"), Some("20")));
    assert_eq!(row("question.by"), (Some("2025-06-30"), Some("2025-05-31")));
    assert_eq!(row("actors.waltz.position.enrichment").1, Some("0..5..10"));
    assert_eq!(row("sides.us.ratify").1, Some("trump"));
    // Earlier: entries and announcements that were not known yet.
    let earlier = changes(&base, &case(Some("2025-04-13"), &[]));
    assert!(earlier.iter().any(|r| r.path == "as_of" && r.to.as_deref() == Some("2025-04-13")));
    assert!(earlier.iter().any(|r| r.path.starts_with("calendar.") && r.to.is_none()));
}

#[test]
fn deals_and_promises_are_the_same_on_any_number_of_threads_and_end_when_stopped() {
    let case = case(None, &[]);
    let (n, stop) = (90, AtomicBool::new(false));
    let told = AtomicU64::new(0);
    let progress = |k: u64| {
        told.fetch_add(k, Ordering::Relaxed);
    };
    let judged = |threads: usize| {
        let effort = Effort { threads, stop: &stop, progress: &progress };
        let judged = deals(&case, SEED, n, effort).unwrap();
        let promises = promises(&case, SEED, n, Effort::silent(threads, &stop)).unwrap();
        (serde_json::to_string(&judged).unwrap(), serde_json::to_string(&promises).unwrap())
    };
    let one = judged(1);
    assert_eq!(told.load(Ordering::Relaxed), Deals::work(n));
    assert!(one == judged(2) && one == judged(5));
    // Stopped while the packages are judged: nothing half done is handed out.
    told.store(0, Ordering::Relaxed);
    let late = |k: u64| {
        if told.fetch_add(k, Ordering::Relaxed) > n {
            stop.store(true, Ordering::Relaxed);
        }
    };
    assert!(deals(&case, SEED, n, Effort { threads: 2, stop: &stop, progress: &late }).is_none());
    assert!(told.load(Ordering::Relaxed) < Deals::work(n));
    assert!(promises(&case, SEED, n, Effort::silent(1, &stop)).is_none());
}
