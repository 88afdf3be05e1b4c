//! Asking the first draws for less changes nothing else.

use std::sync::atomic::AtomicBool;

use winset_files::builtin::CASES;
use winset_files::case::load;
use winset_files::diagnostic::Findings;
use winset_model::effort::Effort;
use winset_model::forecast::{Depth, FULL_DRAWS, Run, Sum, Tally, run, run_in};

#[test]
fn a_tally_in_parts_of_either_detail_is_the_whole() {
    let mut findings = Findings::default();
    let case = load(&CASES[0].sources(), None, &[], &mut findings).unwrap().case;
    let stop = AtomicBool::new(false);
    let effort = Effort::silent(1, &stop);
    let draws = |draws| Run { seed: 7, draws };
    let end = FULL_DRAWS + 40;
    let whole = run(&case, &draws(0..end), effort);
    let mut parts = run_in(&case, &draws(0..FULL_DRAWS), Depth::Full, effort);
    parts.merge(run_in(&case, &draws(FULL_DRAWS..end), Depth::Lean, effort));
    assert_eq!(whole, parts);

    // What is left out is empty; what is counted is the same, and so are the chances.
    let answer = run_in(&case, &draws(0..end), Depth::Lean, effort);
    assert!(answer.conflicts.is_empty() && !whole.conflicts.is_empty());
    assert_eq!((answer.varied, answer.explained, answer.explored), (0, 0, 0));
    assert_eq!((answer.draws, answer.zone, answer.room), (whole.draws, whole.zone, whole.room));
    assert_eq!((&answer.interventions, &answer.power), (&whole.interventions, &whole.power));
    assert_eq!((&answer.credible, &answer.moved), (&whole.credible, &whole.moved));
    let same = |a: &[Sum], b: &[Sum]| {
        assert_eq!(a.len(), b.len());
        for (a, b) in a.iter().zip(b) {
            let (a, b) = (a.mean(end), b.mean(end));
            assert!((a - b).abs() < 1e-9, "{a} {b}");
        }
    };
    same(&[answer.answer.0, answer.answer.1], &[whole.answer.0, whole.answer.1]);
    same(&answer.answer_nodes, &whole.answer_nodes);
    same(&answer.nodes, &whole.nodes);
    same(&answer.endings, &whole.endings);
    same(&answer.events, &whole.events);
    for (a, b) in answer.terms.iter().zip(&whole.terms) {
        let median = |h: &winset_model::forecast::Histogram| h.quantile(0.5).unwrap();
        assert!((median(a) - median(b)).abs() < 1e-6);
    }
}

/// A glance differs from a lean run in the bands alone, and those are the bands of every second
/// draw.
#[test]
fn a_glance_is_a_lean_run_with_the_bands_of_every_second_draw() {
    let mut findings = Findings::default();
    let case = load(&CASES[0].sources(), None, &[], &mut findings).unwrap().case;
    let stop = AtomicBool::new(false);
    let run =
        |draws, depth| run_in(&case, &Run { seed: 1, draws }, depth, Effort::silent(2, &stop));
    let end = 64;
    let mut even = Tally::default();
    (0..end).step_by(2).for_each(|k| even.merge(run(k..k + 1, Depth::Lean)));
    let glance = run(0..end, Depth::Glance);
    for (twice, once) in [(&glance.nodes, &even.nodes), (&glance.answer_nodes, &even.answer_nodes)]
    {
        assert!(once.iter().any(|sum| sum.mean(1) > 0.0));
        for (twice, once) in twice.iter().zip(once.iter()) {
            let mut sum = *once;
            sum.merge(*once);
            assert_eq!(*twice, sum);
        }
    }
    let mut rest = run(0..end, Depth::Lean);
    assert_ne!(rest, glance);
    (rest.nodes, rest.answer_nodes) = (glance.nodes.clone(), glance.answer_nodes.clone());
    assert_eq!(rest, glance);
}
