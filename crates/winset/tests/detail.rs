//! Asking the first draws for less changes nothing else.

use std::sync::atomic::AtomicBool;

use winset::builtin::CASES;
use winset_files::case::load;
use winset_files::diagnostic::Findings;
use winset_model::forecast::{Depth, FULL_DRAWS, Run, Tally, run, run_in};

#[test]
fn a_tally_in_parts_of_either_detail_is_the_whole() {
    let mut findings = Findings::default();
    let case = load(&CASES[0].sources(), None, &[], &mut findings).unwrap().case;
    let stop = AtomicBool::new(false);
    let draws = |draws| Run { seed: 7, draws, threads: 1 };
    let end = FULL_DRAWS + 40;
    let whole = run(&case, &draws(0..end), &stop, &|_| {});
    let mut parts = run_in(&case, &draws(0..FULL_DRAWS), Depth::Full, &stop, &|_| {});
    parts.merge(run_in(&case, &draws(FULL_DRAWS..end), Depth::Lean, &stop, &|_| {}));
    assert_eq!(whole, parts);

    // What is left out is empty, and nothing else differs.
    let mut answer = run_in(&case, &draws(0..end), Depth::Lean, &stop, &|_| {});
    assert!(answer.conflicts.is_empty() && !whole.conflicts.is_empty());
    let Tally { explained, explored, varied, varied_answer, .. } = whole;
    (answer.explained, answer.explored) = (explained, explored);
    (answer.varied, answer.varied_answer) = (varied, varied_answer);
    answer.conflicts.clone_from(&whole.conflicts);
    answer.openings.clone_from(&whole.openings);
    answer.coefficients.clone_from(&whole.coefficients);
    // The band's calendars run in other company, which shows in the last bit.
    for (a, b) in answer.nodes.iter().zip(&whole.nodes) {
        let (a, b) = (a.mean(end), b.mean(end));
        assert!((a - b).abs() < 1e-9, "{a} {b}");
    }
    answer.nodes.clone_from(&whole.nodes);
    answer.answer_nodes.clone_from(&whole.answer_nodes);
    assert!(whole == answer);
}
