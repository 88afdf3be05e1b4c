//! A case with inputs held at values, many changes on the same draws.

use crate::case::Case;
use crate::effort::Effort;
use crate::forecast::{Frame, Solver, draw_inputs, draw_later};
use crate::uncertain::Dist;

use super::drivers::values;
use super::rows::rows;

/// Inputs known to be some values: the place of each in the case, and the value in the units of the file.
pub type HeldInputs = Vec<(usize, f64)>;

/// A case with inputs known to be some values: what `--set PATH=VALUE` says, but for positions
/// read from the record, whose pool of evidence is left as it was.
pub fn fixed(case: &Case, changes: &[(usize, f64)]) -> Case {
    let mut case = case.clone();
    for (k, value) in changes {
        case.inputs[*k].dist = Dist::Point(*value);
        case.inputs[*k].later = None;
    }
    case
}

/// What each draw says of the answer: of the case as it is, then with each of some changes,
/// `[1 + changes][draws]`; all on the same draws, the first so many if it was stopped.
///
/// A draw is worked out for the case and for all changes in turn, so that what a change leaves as it
/// is, the packages or the class in its calendar, is worked out once.
pub fn held(
    frame: &Frame<'_>,
    changes: &[HeldInputs],
    draws: u64,
    seed: u64,
    effort: Effort<'_>,
) -> Vec<Vec<f64>> {
    let case = frame.case();
    let row = |solver: &mut Solver<'_>, d: usize| {
        let (mut now, mut later) = (Vec::new(), Vec::new());
        draw_inputs(case, seed, d as u64, &mut now);
        draw_later(case, seed, d as u64, &now, &mut later);
        solver.take(&now, &later);
        let mut y = vec![solver.weighed_first()];
        for change in changes {
            let drawn: Vec<[f64; 2]> = change.iter().map(|(k, _)| [now[*k], later[*k]]).collect();
            for (k, value) in change {
                (now[*k], later[*k]) = (*value, *value);
            }
            solver.take(&now, &later);
            y.push(solver.weighed());
            for ((k, _), drawn) in change.iter().zip(drawn) {
                [now[*k], later[*k]] = drawn;
            }
        }
        y
    };
    let done = rows(draws as usize, effort, &|| Solver::new(frame), &row);
    let column = |c: usize| done.iter().map(move |y| y[c]);
    let mut columns = vec![values(frame, column(0))];
    for change in changes {
        // The class in its calendar may depend on the inputs as well.
        let changed = fixed(case, change);
        columns.push(values(&Frame::beside(&changed, frame.tables()), column(columns.len())));
    }
    columns
}
