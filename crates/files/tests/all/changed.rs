//! Numbers changed where the case stands, and the first answer to that.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use winset_files::builtin::CASES;
use winset_files::case::{CaseFiles, ResolvedCase, load};
use winset_files::diagnostic::Findings;
use winset_model::case::{Case, Input};
use winset_model::effort::Effort;
use winset_model::explain::KeptDraws;
use winset_model::forecast::{KeptRooms, Run, answers, answers_beside, headline, headline_beside};

fn read(files: &CaseFiles, sets: &[String]) -> Option<ResolvedCase> {
    load(files, None, sets, &mut Findings::default())
}

/// What is believed about the inputs of a case, by their paths: the order in which they were read is no
/// matter.
fn believed(case: &Case) -> Vec<String> {
    let input =
        |i: &Input| format!("{} {:?} {:?} {:?} {:?}", i.path, i.stream, i.dist, i.later, i.scale);
    let mut inputs: Vec<String> = case.inputs.iter().map(input).collect();
    inputs.sort();
    inputs
}

/// What the first draws of a case say.
fn said(case: &Case, draws: u64) -> Vec<f64> {
    let stop = AtomicBool::new(false);
    let run = Run { seed: 5, draws: 0..draws };
    answers(case, &[&case.calendar], &run, Effort::silent(2, &stop)).unwrap().remove(0)
}

#[test]
fn a_number_changed_in_place_is_the_number_read_again() {
    for builtin in &CASES {
        let files = builtin.sources();
        let base = read(&files, &[]).unwrap();
        let (mut changed, mut asked) = (0, 0);
        for input in base.case.inputs.iter().filter(|i| !i.dist.is_point()) {
            let at = |u: f64| (input.dist.quantile(u, input.scale) * 1e3).round() / 1e3;
            for text in [at(0.5).to_string(), format!("{}..{}..{}", at(0.05), at(0.5), at(0.95))] {
                let sets = [format!("{}={text}", input.path)];
                asked += 1;
                let Some(case) = base.changed(&sets) else { continue };
                let again = read(&files, &sets).unwrap_or_else(|| panic!("{sets:?}"));
                assert_eq!(believed(&case), believed(&again.case), "{sets:?}");
                assert_eq!(said(&case, 4), said(&again.case, 4), "{sets:?}");
                changed += 1;
            }
        }
        assert!(2 * changed > asked, "{}: {changed} of {asked}", builtin.slug);
        for wrong in ["as_of=2025-01-01", "nothing=3", "title=3", "no number"] {
            assert!(base.changed(&[wrong.to_owned()]).is_none(), "{wrong}");
        }
    }
}

/// What is kept of draws changes nothing of what a change comes to on them.
#[test]
fn a_shift_on_kept_draws_is_the_difference_of_two_forecasts_on_them() {
    const DRAWS: u64 = 120;
    let files = CASES[0].sources();
    let stop = AtomicBool::new(false);
    let effort = Effort::silent(2, &stop);
    let base = read(&files, &[]).unwrap().case;
    let kept = KeptDraws::new(&base, 5, DRAWS, effort).unwrap();
    let answer = |case: &Case| said(case, DRAWS).iter().sum::<f64>() / DRAWS as f64;
    assert_eq!(kept.shift(&base, effort).unwrap().change, 0.0);
    let before = answer(&base);
    let inputs = base.inputs.iter().filter(|i| !i.dist.is_point() && i.later.is_none());
    let mut moved = 0;
    for input in inputs.step_by(7) {
        let set = format!("{}={}", input.path, input.dist.quantile(0.9, input.scale));
        let case = read(&files, std::slice::from_ref(&set)).unwrap().case;
        // A change may bring inputs of its own: then nothing is paired.
        let Some(shift) = kept.shift(&case, effort) else { continue };
        let plain = answer(&case) - before;
        assert!((shift.change - plain).abs() < 1e-12, "{set}: {} {plain}", shift.change);
        moved += usize::from(shift.change != 0.0);
        assert!(shift.mcse < 0.05 && (shift.mcse > 0.0 || shift.change == 0.0), "{set}");
    }
    assert!(moved > 5, "{moved}");
}

/// Case after case on the draws that were kept of those before says what it says alone.
#[test]
fn draws_kept_of_one_case_serve_another_to_the_bit() {
    const DRAWS: u64 = 6;
    let stop = AtomicBool::new(false);
    let (run, effort) = (Run { seed: 5, draws: 0..DRAWS }, Effort::silent(2, &stop));
    for builtin in &CASES {
        let files = builtin.sources();
        let base = read(&files, &[]).unwrap().case;
        let rooms = Arc::new(KeptRooms::new(DRAWS));
        let alone = said(&base, DRAWS);
        let mut moved = 0;
        for input in base.inputs.iter().filter(|i| !i.dist.is_point()) {
            let set = format!("{}={}", input.path, input.dist.quantile(0.9, input.scale));
            let Some(told) = read(&files, std::slice::from_ref(&set)) else { continue };
            for case in [&told.case, &base] {
                let beside = answers_beside(case, &[&case.calendar], &run, &rooms, effort);
                assert_eq!(beside.unwrap()[0], said(case, DRAWS), "{set}");
            }
            let (plain, beside) = (
                headline(&told.case, &run, effort),
                headline_beside(&told.case, &run, &rooms, effort),
            );
            assert_eq!(plain, beside, "{set}");
            moved += usize::from(said(&told.case, DRAWS) != alone);
        }
        assert!(moved > 4, "{}: {moved}", builtin.slug);
    }
}
