//! Asking the first draws for less changes nothing else.

use std::sync::atomic::AtomicBool;

use winset_files::builtin::CASES;
use winset_files::case::load;
use winset_files::diagnostic::Findings;
use winset_model::effort::Effort;
use winset_model::forecast::{Depth, FULL_DRAWS, Run, run, run_in};

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
    assert_eq!((answer.answer, &answer.outcomes), (whole.answer, &whole.outcomes));
    assert_eq!((&answer.nodes, &answer.node_text), (&whole.nodes, &whole.node_text));
    for (a, b) in answer.terms.iter().zip(&whole.terms) {
        let median = |h: &winset_model::forecast::Histogram| h.quantile(0.5).unwrap();
        assert!((median(a) - median(b)).abs() < 1e-6);
    }
}
