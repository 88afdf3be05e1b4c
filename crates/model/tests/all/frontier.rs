//! The frontier against the definition, on random and awkward sets.

use winset_model::theory::frontier::{Precision, frontier};

use crate::dice::Dice;

fn by_definition(values: &[f64], sides: usize) -> Vec<usize> {
    let rows: Vec<&[f64]> = values.chunks_exact(sides).collect();
    let dominates = |a: &[f64], b: &[f64]| {
        a.iter().zip(b).all(|(x, y)| x >= y) && a.iter().zip(b).any(|(x, y)| x > y)
    };
    (0..rows.len()).filter(|&i| !rows.iter().any(|row| dominates(row, rows[i]))).collect()
}

fn ours(values: &[f64], sides: usize, precision: Precision) -> Vec<usize> {
    let mut outcomes = frontier(values, sides, precision).outcomes().to_vec();
    outcomes.sort_unstable();
    outcomes
}

#[test]
fn equals_the_definition_for_one_to_six_sides() {
    let mut uniform = Dice(1);
    for sides in 1..=6 {
        // Coarse grids bring ties, fine ones bring large frontiers.
        for grid in [2.0, 5.0, 1000.0] {
            for count in [0, 1, 2, 17, 300, 900] {
                let values: Vec<f64> = (0..count * sides)
                    .map(|_| (uniform.unit() * grid).floor() / grid - 0.3)
                    .collect();
                let expected = by_definition(&values, sides);
                let what = format!("{count} outcomes, {sides} sides, grid {grid}");
                assert_eq!(ours(&values, sides, Precision::Exact), expected, "{what}");
                assert_eq!(ours(&values, sides, Precision::Rounded), expected, "{what}, rounded");
            }
        }
    }
}

/// Outcomes on a plane: hardly any is dominated, so no window helps.
#[test]
fn equals_the_definition_where_nearly_all_stay() {
    let mut uniform = Dice(7);
    for sides in 2..=5 {
        let mut values = Vec::new();
        for _ in 0..700 {
            let row: Vec<f64> = (0..sides).map(|_| (uniform.unit() * 30.0).floor() + 1.0).collect();
            let sum: f64 = row.iter().sum();
            values.extend(row.iter().map(|x| x / sum));
        }
        let expected = by_definition(&values, sides);
        assert!(expected.len() > 350);
        assert_eq!(ours(&values, sides, Precision::Exact), expected);
    }
}

#[test]
fn points_group_the_outcomes_that_give_them() {
    let values = [0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.5];
    let found = frontier(&values, 2, Precision::Exact);
    let points: Vec<Vec<usize>> = found.points().map(<[usize]>::to_vec).collect();
    assert_eq!(points, [vec![1], vec![0, 2]]);
    assert_eq!((found.len(), found.outcomes().len()), (2, 3));
}

#[test]
fn the_last_bit_counts_only_when_asked() {
    let values = [0.1 + 0.2, 0.5, 0.3, 0.5];
    assert_eq!(frontier(&values, 2, Precision::Exact).outcomes().len(), 1);
    assert_eq!(frontier(&values, 2, Precision::Rounded).outcomes().len(), 2);
}

#[test]
fn keys_keep_the_order_of_all_doubles() {
    let ordered = [f64::NEG_INFINITY, -2.0, -1.0, -1e-300, 0.0, 1e-300, 0.5, 1.0, f64::INFINITY];
    for pair in ordered.windows(2) {
        assert!(Precision::Exact.key(pair[0]) < Precision::Exact.key(pair[1]), "{pair:?}");
    }
    assert_eq!(Precision::Exact.key(-0.0), Precision::Exact.key(0.0));
    assert!(Precision::Exact.key(f64::NAN) < Precision::Exact.key(f64::NEG_INFINITY));
}
