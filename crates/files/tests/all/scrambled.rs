//! Draws that are scrambled Sobol' points: the same answer on fewer of them, with an error that holds.

use std::sync::atomic::AtomicBool;

use winset_files::builtin::CASES;
use winset_files::case::load;
use winset_files::diagnostic::Findings;
use winset_files::shard::{Merge, run as shard};
use winset_model::case::Case;
use winset_model::effort::Effort;
use winset_model::forecast::{Forecast, Headline, Run, draw_inputs, headline, run};

fn case(builtin: usize, sets: &[&str]) -> Case {
    let sets: Vec<String> = sets.iter().map(|s| (*s).to_owned()).collect();
    load(&CASES[builtin].sources(), None, &sets, &mut Findings::default()).unwrap().case
}

const SCRAMBLED: &str = "model.scrambled=true";

fn answers(case: &Case, draws: u64) -> Vec<Headline> {
    let stop = AtomicBool::new(false);
    let seeds = 0..12;
    let answer = |seed| headline(case, &Run { seed, draws: 0..draws }, Effort::silent(2, &stop));
    seeds.map(|seed| answer(seed).unwrap()).collect()
}

/// Mean and standard deviation.
fn spread(x: impl ExactSizeIterator<Item = f64> + Clone) -> (f64, f64) {
    let n = x.len() as f64;
    let mean = x.clone().sum::<f64>() / n;
    (mean, (x.map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0)).sqrt())
}

#[test]
fn scrambled_draws_say_the_same_with_less_noise_and_know_how_little() {
    for builtin in 0..CASES.len() {
        let draws = [&[][..], &[SCRAMBLED]];
        let [plain, points] = draws.map(|sets| answers(&case(builtin, sets), 2_048));
        let of = |found: &[Headline]| spread(found.iter().map(|h| h.odds.p));
        let said = |found: &[Headline]| spread(found.iter().map(|h| h.odds.mcse)).0;
        let ((m, _), (n, t)) = (of(&plain), of(&points));
        // The error of independent draws is known well: half as many points would do, and fewer.
        let s = said(&plain);
        assert!(t < 0.7 * s, "{builtin}: {t} {s}");
        assert!((m - n).abs() < 4.0 * s / 12f64.sqrt(), "{builtin}: {m} {n}");
        // What is said of theirs is as large as it is, on eight scramblings and twelve seeds.
        let told = said(&points);
        assert!(told > 0.4 * t && told < 2.5 * t, "{builtin}: {told} {t}");
    }
}

#[test]
fn scrambled_draws_are_one_forecast_however_they_are_cut() {
    let case = case(0, &[SCRAMBLED]);
    let stop = AtomicBool::new(false);
    let whole = |threads| {
        let settings = Run { seed: 3, draws: 0..100 };
        run(&case, &settings, Effort::silent(threads, &stop)).to_bytes()
    };
    let part = |draws| shard(&case, 3, draws, Effort::silent(1, &stop)).unwrap();
    let mut merge = Merge::new(&case, 3);
    for draws in [40..100, 0..7, 7..40] {
        merge.add(&part(draws)).unwrap();
    }
    let merged = merge.finish(100).unwrap().to_bytes();
    assert!(whole(1) == whole(3) && whole(1) == merged);
}

/// Variants share their points, so that differences between them stay paired.
#[test]
fn an_input_keeps_its_points_beside_others() {
    let plain = case(0, &[SCRAMBLED]);
    let more = case(0, &[SCRAMBLED, "sides.us.cost=1..2..3", "constants.paused=20..25..30"]);
    let values = |case: &Case, draw| {
        let mut values = Vec::new();
        draw_inputs(case, 5, draw, &mut values);
        values
    };
    for draw in [0, 9, 700] {
        let (a, b) = (values(&plain, draw), values(&more, draw));
        let mut same = 0;
        for (input, x) in plain.inputs.iter().zip(a) {
            let k = more.inputs.iter().position(|other| other.path == input.path).unwrap();
            same += usize::from(x == b[k]);
        }
        assert!(same + 3 >= plain.inputs.len(), "{draw}: {same} of {}", plain.inputs.len());
    }
    // Other draws than without, another fingerprint, and the forecast says so.
    let random = case(0, &[]);
    assert_ne!(values(&plain, 1), values(&random, 1));
    assert_ne!(plain.fingerprint(), random.fingerprint());
    assert_eq!(case(0, &["model.scrambled=false"]).fingerprint(), random.fingerprint());
    let stop = AtomicBool::new(false);
    let tally = |case: &Case| run(case, &Run { seed: 1, draws: 0..16 }, Effort::silent(1, &stop));
    let said = |case: &Case| Forecast::new(case, 1, &tally(case), &|_| String::new()).points;
    assert_eq!((said(&plain), said(&random)), (Some("scrambled"), None));
}
