//! Evaluate, frontier and every solution point of a domain, on one thread; a JSON line a figure.
//!
//! `cargo bench -p winset-model --bench classical`

use std::hint::black_box;

use winset_model::theory::domain::{Domain, DomainIssue, DomainSide, Utility};
use winset_model::theory::frontier::{Precision, frontier};
use winset_model::theory::solutions::{Problem, SOLUTIONS, solution};

use dice::Dice;

#[path = "../../../testing/dice.rs"]
#[allow(unreachable_pub, reason = "shared with the tests of all crates")]
mod dice;
#[path = "../../../testing/timer.rs"]
mod timer;

fn domain(values: &[usize], sides: usize) -> Option<Domain> {
    let mut uniform = Dice(11);
    let issues = values
        .iter()
        .enumerate()
        .map(|(at, count)| DomainIssue {
            name: at.to_string(),
            values: (0..*count).map(|v| v.to_string()).collect(),
        })
        .collect();
    let sides = (0..sides)
        .map(|side| {
            let weights: Vec<f64> = values.iter().map(|_| 0.1 + uniform.unit()).collect();
            let sum: f64 = weights.iter().sum();
            let parts = values.iter().zip(&weights).map(|(count, weight)| {
                let raw: Vec<f64> = (0..*count).map(|_| uniform.unit()).collect();
                let most = raw.iter().copied().fold(0.0, f64::max);
                raw.into_iter().map(|e| weight / sum * e / most).collect()
            });
            DomainSide {
                name: side.to_string(),
                utility: Utility::Additive(parts.collect()),
                reservation: 0.3,
                discount: None,
            }
        })
        .collect();
    Domain::new("bench".into(), issues, sides).ok()
}

fn measure(figure: &str, target: &str, work: impl FnMut() -> usize) {
    answered(figure, target, &[], work);
}

fn answered(figure: &str, target: &str, answer: &[f64], mut work: impl FnMut() -> usize) {
    let times = timer::milliseconds(7, || {
        black_box(work());
    });
    timer::answered("classical", figure, times, "ms", target, answer);
}

/// The frontier's size and, of one Nash and one utilitarian outcome, everybody's utility.
fn answer(values: &[f64], reservations: &[f64]) -> Vec<f64> {
    let sides = reservations.len();
    let mut found = vec![frontier(values, sides, Precision::Exact).len() as f64];
    let Ok(problem) = Problem::new(values, reservations) else { return found };
    for solution in ["nash", "utilitarian"].iter().filter_map(|id| solution(id)) {
        let at = solution.solve(&problem).map_or(0, |choice| choice.outcomes[0]);
        found.extend(&values[at * sides..(at + 1) * sides]);
    }
    found
}

fn solve_all(values: &[f64], reservations: &[f64]) -> usize {
    let exact = frontier(values, reservations.len(), Precision::Exact).len();
    let Ok(problem) = Problem::new(values, reservations) else { return 0 };
    let solved = SOLUTIONS.iter().filter_map(|solution| solution.solve(&problem).ok());
    exact + problem.frontier().len() + solved.map(|choice| choice.outcomes.len()).sum::<usize>()
}

fn main() {
    let cases: [(&str, &[usize], usize, &str); 4] = [
        ("10^5 outcomes x 3 sides, additive", &[10, 10, 10, 10, 10], 3, "<= 50 ms"),
        ("10^5 outcomes x 5 sides, additive", &[10, 10, 10, 10, 10], 5, "<= 250 ms"),
        ("10^6 outcomes x 3 sides, additive", &[10, 10, 10, 10, 10, 10], 3, "<= 500 ms"),
        // 1,944,000
        ("1.94 million outcomes x 2 sides, additive", &[9, 10, 12, 12, 10, 15], 2, "<= 1000 ms"),
    ];
    // Part of the first case, to set beside benches/compare/negmas.py.
    if let Some(domain) = domain(cases[0].1, cases[0].2) {
        let answer = answer(&domain.utilities(), &domain.reservations());
        answered("10^5 outcomes x 3 sides, additive: frontier", "none", &answer[..1], || {
            frontier(&domain.utilities(), cases[0].2, Precision::Exact).len()
        });
    }
    for (figure, values, sides, target) in cases {
        let Some(domain) = domain(values, sides) else { continue };
        let answer = answer(&domain.utilities(), &domain.reservations());
        answered(figure, target, &answer, || {
            solve_all(&domain.utilities(), &domain.reservations())
        });
    }
    for (count, sides, target) in
        [(100_000, 3, "<= 50 ms"), (100_000, 5, "<= 250 ms"), (1_000_000, 3, "<= 500 ms")]
    {
        let mut uniform = Dice(5);
        let values: Vec<f64> = (0..count * sides).map(|_| uniform.unit()).collect();
        let figure = format!("{count} outcomes x {sides} sides, uniform");
        measure(&figure, target, || solve_all(&values, &vec![0.3; sides]));
        // Nearly everything undominated: no target, only to know.
        if count <= 100_000 {
            let plane: Vec<f64> = values
                .chunks_exact(sides)
                .flat_map(|row| {
                    let sum: f64 = row.iter().sum();
                    row.iter().map(move |x| x / sum)
                })
                .collect();
            let figure = format!("{count} outcomes x {sides} sides, all on the frontier");
            measure(&figure, "none", || solve_all(&plane, &vec![0.1; sides]));
        }
    }
}
