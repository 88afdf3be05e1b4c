//! Laws over every registered solution, and the examples from the books.

use winset_model::theory::solutions::{Nash, Problem, SOLUTIONS, Solution, Unsolved, solution};

use crate::dice::Dice;

/// Outcomes and a disagreement point; on a coarse grid, so that ties occur.
struct Case {
    rows: Vec<Vec<f64>>,
    disagreement: Vec<f64>,
}

impl Case {
    fn solve(&self, solution: &dyn Solution) -> Result<Vec<usize>, Unsolved> {
        let values = self.rows.concat();
        let problem = Problem::new(&values, &self.disagreement).unwrap();
        solution.solve(&problem).map(|choice| choice.outcomes)
    }

    fn is_rational(&self, row: &[f64]) -> bool {
        row.iter().zip(&self.disagreement).all(|(u, d)| *u >= d - 1e-9)
    }
}

fn cases() -> Vec<Case> {
    let mut uniform = Dice(3);
    let mut cases = Vec::new();
    for number in 0..300 {
        let sides = 2 + number % 4;
        let count = 1 + number % 23;
        let grid = if number % 2 == 0 { 8.0 } else { 4096.0 };
        let mut draw = || (uniform.unit() * grid).floor() / grid;
        let rows = (0..count).map(|_| (0..sides).map(|_| draw()).collect()).collect();
        cases.push(Case { rows, disagreement: (0..sides).map(|_| draw() * 0.5).collect() });
    }
    cases
}

fn sorted(mut outcomes: Vec<usize>) -> Vec<usize> {
    outcomes.sort_unstable();
    outcomes
}

#[test]
fn names_are_unique_and_found() {
    for (at, one) in SOLUTIONS.iter().enumerate() {
        assert!(SOLUTIONS[..at].iter().all(|other| other.id() != one.id()));
        assert_eq!(solution(one.id()).unwrap().id(), one.id());
        assert!(one.reference().contains('('), "{}", one.id());
    }
    assert!(solution("fair").is_none());
}

#[test]
fn an_answer_exists_iff_it_can_and_nothing_dominates_it() {
    for case in cases() {
        let any = case.rows.iter().any(|row| case.is_rational(row));
        for solution in SOLUTIONS {
            let answer = case.solve(*solution);
            if solution.promises().rational {
                assert_eq!(answer.is_ok(), any, "{}", solution.id());
            } else {
                assert!(answer.is_ok());
            }
            for x in answer.unwrap_or_default() {
                let dominated = case.rows.iter().any(|row| {
                    *row != case.rows[x] && row.iter().zip(&case.rows[x]).all(|(a, b)| a >= b)
                });
                assert!(!dominated, "{}", solution.id());
                if solution.promises().rational {
                    assert!(case.is_rational(&case.rows[x]), "{}", solution.id());
                }
            }
        }
    }
}

#[test]
fn order_of_outcomes_and_sides_does_not_matter() {
    for case in cases() {
        let count = case.rows.len();
        let turned = Case {
            rows: case.rows.iter().rev().map(|row| row.iter().rev().copied().collect()).collect(),
            disagreement: case.disagreement.iter().rev().copied().collect(),
        };
        for solution in SOLUTIONS {
            let back = turned
                .solve(*solution)
                .map(|outcomes| sorted(outcomes.into_iter().map(|x| count - 1 - x).collect()));
            assert_eq!(case.solve(*solution), back, "{}", solution.id());
        }
    }
}

#[test]
fn units_and_zeros_matter_only_where_said() {
    for case in cases() {
        let map = |scale: &dyn Fn(usize) -> f64, shift: &dyn Fn(usize) -> f64| {
            let along = |row: &Vec<f64>| {
                row.iter().enumerate().map(|(i, u)| scale(i) * u + shift(i)).collect::<Vec<_>>()
            };
            Case {
                rows: case.rows.iter().map(along).collect(),
                disagreement: along(&case.disagreement),
            }
        };
        // Powers of two, so that the map itself rounds nothing.
        let rescaled = map(&|i| [2.0, 0.5, 4.0, 1.0, 8.0][i % 5], &|_| 0.0);
        let shifted = map(&|_| 1.0, &|i| [0.5, -0.25, 2.0, 0.0, 1.0][i % 5]);
        for solution in SOLUTIONS {
            if solution.promises().scale_invariant {
                assert_eq!(case.solve(*solution), rescaled.solve(*solution), "{}", solution.id());
            }
            if solution.promises().translation_invariant {
                assert_eq!(case.solve(*solution), shifted.solve(*solution), "{}", solution.id());
            }
        }
    }
}

#[test]
fn what_was_not_chosen_can_be_removed_where_said() {
    for case in cases() {
        for solution in SOLUTIONS.iter().filter(|s| s.promises().independent) {
            let Ok(chosen) = case.solve(*solution) else { continue };
            for gone in (0..case.rows.len()).filter(|x| !chosen.contains(x)) {
                let mut rows = case.rows.clone();
                rows.remove(gone);
                let fewer = Case { rows, disagreement: case.disagreement.clone() };
                let back = fewer.solve(*solution).map(|outcomes| {
                    outcomes.into_iter().map(|x| if x >= gone { x + 1 } else { x }).collect()
                });
                assert_eq!(Ok(&chosen), back.as_ref(), "{}", solution.id());
            }
        }
    }
}

#[test]
fn what_is_best_for_all_is_chosen() {
    for mut case in cases() {
        let sides = case.disagreement.len();
        case.rows.push(vec![1.5; sides]);
        for solution in SOLUTIONS {
            let expected = vec![case.rows.len() - 1];
            assert_eq!(case.solve(*solution), Ok(expected), "{}", solution.id());
        }
    }
}

#[test]
fn the_dominated_do_not_matter() {
    for case in cases() {
        let mut more = Case { rows: case.rows.clone(), disagreement: case.disagreement.clone() };
        more.rows.push(case.rows[0].iter().map(|u| u - 0.001).collect());
        for solution in SOLUTIONS {
            assert_eq!(case.solve(*solution), more.solve(*solution), "{}", solution.id());
        }
    }
}

fn pick(name: &str, rows: &[&[f64]], disagreement: &[f64]) -> Vec<usize> {
    let case = Case {
        rows: rows.iter().map(|row| row.to_vec()).collect(),
        disagreement: disagreement.to_vec(),
    };
    case.solve(solution(name).unwrap()).unwrap()
}

const FOUR: [&[f64]; 4] = [&[1.0, 0.0], &[0.72, 0.55], &[0.5, 0.56], &[0.0, 1.0]];

#[test]
fn textbook_kalai_smorodinsky_is_not_the_smallest_spread() {
    assert_eq!(pick("kalai-smorodinsky", &FOUR, &[0.0, 0.0]), [1]);
    assert_eq!(pick("genius-min-asymmetry", &FOUR, &[0.0, 0.0]), [2]);
    assert_eq!(pick("negmas-ks", &FOUR, &[0.0, 0.0]), [2]);
}

#[test]
fn egalitarian_and_utilitarian_depend_on_units() {
    let rows: [&[f64]; 3] = [&[0.9, 0.2], &[0.5, 0.45], &[0.1, 0.8]];
    let doubled: [&[f64]; 3] = [&[1.8, 0.2], &[1.0, 0.45], &[0.2, 0.8]];
    assert_eq!(pick("nash", &rows, &[0.0, 0.0]), pick("nash", &doubled, &[0.0, 0.0]));
    assert_eq!(pick("utilitarian", &rows, &[0.0, 0.0]), [0]);
    let rows: [&[f64]; 2] = [&[0.3, 0.6], &[0.4, 0.25]];
    let halved: [&[f64]; 2] = [&[0.15, 0.6], &[0.2, 0.25]];
    assert_eq!(pick("egalitarian", &rows, &[0.0, 0.0]), [0]);
    assert_eq!(pick("egalitarian", &halved, &[0.0, 0.0]), [1]);
}

/// Both lose 0.3 and 0.4 against 0.5: the product of two losses is positive.
#[test]
fn two_losses_are_not_a_gain() {
    let rows: [&[f64]; 2] = [&[0.2, 0.1], &[0.6, 0.4]];
    let case =
        Case { rows: rows.iter().map(|r| r.to_vec()).collect(), disagreement: vec![0.7, 0.7] };
    assert_eq!(case.solve(&Nash::EQUAL), Err(Unsolved::NothingRational));
    assert_eq!(pick("genius-nash", &rows, &[0.7, 0.7]), [1]);
}

#[test]
fn the_power_of_a_side_moves_the_nash_point() {
    // On u2 = 1 − u1 the weighted point is u1 = ω1/(ω1 + ω2).
    let rows: Vec<Vec<f64>> = (0..=100).map(|k| vec![f64::from(k), f64::from(100 - k)]).collect();
    let case = Case { rows, disagreement: vec![0.0, 0.0] };
    let weighted = Nash::weighted(vec![3.0, 1.0]).unwrap();
    assert_eq!(case.solve(&Nash::EQUAL), Ok(vec![50]));
    assert_eq!(case.solve(&weighted), Ok(vec![75]));
    assert!(Nash::weighted(vec![1.0, 0.0]).is_none());
}

#[test]
fn a_thousand_sides_do_not_underflow() {
    let rows =
        vec![vec![0.01; 1000], (0..1000).map(|i| if i == 0 { 1.0 } else { 0.0099 }).collect()];
    // ln: 1000 ln .01 = −4605.17 against 999 ln .0099 = −4610.6.
    let case = Case { rows, disagreement: vec![0.0; 1000] };
    assert_eq!(case.solve(&Nash::EQUAL), Ok(vec![0]));
}

#[test]
fn where_every_product_is_zero_the_smallest_gain_decides() {
    let rows: [&[f64]; 3] = [&[0.5, 0.8, 0.9], &[0.5, 0.85, 0.7], &[0.5, 0.7, 0.95]];
    assert_eq!(pick("nash", &rows, &[0.5, 0.5, 0.5]), [0]);
    assert_eq!(pick("kalai-smorodinsky", &rows, &[0.5, 0.5, 0.5]), [0]);
}

#[test]
fn leximin_looks_past_the_smallest_gain() {
    let rows: [&[f64]; 2] = [&[0.2, 0.5, 0.9], &[0.2, 0.6, 0.7]];
    assert_eq!(pick("egalitarian", &rows, &[0.0; 3]), [0, 1]);
    assert_eq!(pick("leximin", &rows, &[0.0; 3]), [1]);
}

#[test]
fn numbers_that_are_no_problem_are_refused() {
    assert!(Problem::new(&[1.0, 2.0, 3.0], &[0.0, 0.0]).is_err());
    assert!(Problem::new(&[1.0, f64::NAN], &[0.0, 0.0]).is_err());
    assert!(Problem::new(&[], &[]).is_err());
    let problem = Problem::new(&[], &[0.0, 0.0]).unwrap();
    for solution in SOLUTIONS {
        assert_eq!(solution.solve(&problem), Err(Unsolved::NothingRational));
    }
}
