//! A case with inputs held at values, many changes on the same draws.

use std::ops::Range;

use crate::case::Case;
use crate::effort::Effort;
use crate::forecast::{Frame, Solver, draw_inputs, draw_later};
use crate::uncertain::Dist;

use super::drivers::{mean, values};
use super::rows::rows;

/// Inputs known to be some values: the place of each in the case, and the value in the units of the file.
pub type HeldInputs = Vec<(usize, f64)>;

/// Draws that a change is asked on at first: of what one draw in fifty feels, one is among them in
/// twelve cases of thirteen.
pub(super) const FEW: u64 = 128;

/// The standard error, a share, with which those are enough: below that of a thousand draws asked anew.
pub(super) const FINE: f64 = 0.005;

/// How many times as many draws are taken where those are not.
const MORE: u64 = 4;

/// On how many of some draws a change is asked, one number after another until its error will do.
pub fn stages(draws: u64) -> impl Iterator<Item = u64> {
    let next = move |n: &u64| (*n < draws).then(|| (n * MORE).min(draws));
    std::iter::successors(Some(FEW.min(draws)), next)
}

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

/// What the first draws of a case say of its answer, as it is and with each of a group of changes.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldColumns {
    /// As it is, by draw.
    pub before: Vec<f64>,
    /// With each change, by draw.
    pub after: Vec<Vec<f64>>,
}

impl HeldColumns {
    /// The answer with a change and its error, where that of the case is known with its error on many
    /// draws, those among them: the regression estimator of double sampling.
    pub fn answer(&self, change: usize, base: (f64, f64)) -> (f64, f64) {
        let (p, mcse) = regressed(&self.after[change], &self.before, base);
        (p.clamp(0.0, 1.0), mcse)
    }

    /// What a change adds to the answer, and its error: less than that of either, on the same draws.
    pub fn change(&self, change: usize, base: (f64, f64)) -> (f64, f64) {
        let both = self.after[change].iter().zip(&self.before);
        let difference: Vec<f64> = both.map(|(after, before)| after - before).collect();
        regressed(&difference, &self.before, base)
    }

    /// What the second of two changes adds to the answer with the first, and its error.
    pub fn between(&self, [from, to]: [usize; 2], base: (f64, f64)) -> (f64, f64) {
        let both = self.after[to].iter().zip(&self.after[from]);
        let difference: Vec<f64> = both.map(|(to, from)| to - from).collect();
        regressed(&difference, &self.before, base)
    }

    /// Whether no answer would have an error above half a point, were that of the case known exactly.
    pub fn is_fine(&self) -> bool {
        let exactly = (mean(self.before.iter().copied()).0, 0.0);
        (0..self.after.len()).all(|c| self.answer(c, exactly).1 <= FINE)
    }
}

/// A changed quantity and its error, from what few draws say of it and of the answer of the case as it is,
/// and that answer with its error on many draws, those among them: the regression estimator of double
/// sampling (Cochran 1977, Sampling Techniques, 3rd ed., section 12.6).
pub(super) fn regressed(after: &[f64], before: &[f64], (p, mcse): (f64, f64)) -> (f64, f64) {
    let n = after.len() as f64;
    let [(a, _), (b, _)] = [after, before].map(|y| mean(y.iter().copied()));
    let product =
        |x: &[f64], m: f64| -> f64 { x.iter().zip(before).map(|(x, y)| (x - m) * (y - b)).sum() };
    let spread = product(before, b);
    let slope = if spread > 0.0 { product(after, a) / spread } else { 0.0 };
    let left = after.iter().zip(before).map(|(y, x)| (y - a) - slope * (x - b));
    let left: f64 = left.map(|e| e * e).sum::<f64>() / n / (n - 2.0).max(1.0);
    (a + slope * (p - b), (left + slope * slope * mcse * mcse).sqrt())
}

/// What the first draws of a case say of its answer as it is and with each change, group by group. A group is
/// asked on the first 128; while they leave one of its changes less sure than half a point, on more
/// ([`stages`]). What was begun when it was stopped rests on fewer; nothing is
/// found if no draw was done.
pub fn held(
    frame: &Frame<'_>,
    groups: &[Vec<HeldInputs>],
    (draws, seed): (u64, u64),
    effort: Effort<'_>,
) -> Option<Vec<HeldColumns>> {
    let mut before = Vec::new();
    let mut after: Vec<Vec<Vec<(f64, f64)>>> =
        groups.iter().map(|group| vec![Vec::new(); group.len()]).collect();
    let mut found: Vec<Option<HeldColumns>> = vec![None; groups.len()];
    let (mut open, mut done): (Vec<usize>, u64) = ((0..groups.len()).collect(), 0);
    for until in stages(draws) {
        if open.is_empty() {
            break;
        }
        let changes: Vec<&HeldInputs> = open.iter().flat_map(|g| &groups[*g]).collect();
        let asked = weighed(frame, &changes, done..until, seed, effort);
        done += asked.len() as u64;
        if done == 0 {
            return None;
        }
        let mut columns = (0..).map(|c| asked.iter().map(move |y| y[c]));
        before.extend(columns.next().into_iter().flatten());
        let own = open.iter().flat_map(|g| (0..groups[*g].len()).map(move |k| (*g, k)));
        for ((g, k), column) in own.zip(columns) {
            after[g][k].extend(column);
        }
        let last = done < until || until == draws;
        let as_it_is = values(frame, before.iter().copied());
        open.retain(|g| {
            let own = groups[*g].iter().zip(&after[*g]);
            let columns = HeldColumns {
                before: as_it_is.clone(),
                after: own.map(|(change, y)| changed(frame, change, y)).collect(),
            };
            let enough = last || columns.is_fine();
            if enough {
                found[*g] = Some(columns);
            }
            !enough
        });
        if last {
            break;
        }
    }
    found.into_iter().collect()
}

/// What draws say of the answer of a changed case, whose class in its calendar may be another as well.
fn changed(frame: &Frame<'_>, change: &HeldInputs, weighed: &[(f64, f64)]) -> Vec<f64> {
    let changed = fixed(frame.case(), change);
    values(&Frame::beside(&changed, frame.tables()), weighed.iter().copied())
}

/// Weight and answer of some draws of the case as it is, and then with each change; the first so many if
/// it was stopped.
///
/// A draw is worked out for the case and for all changes in turn, so that what a change leaves as it
/// is, the packages or the class in its calendar, is worked out once.
fn weighed(
    frame: &Frame<'_>,
    changes: &[&HeldInputs],
    draws: Range<u64>,
    seed: u64,
    effort: Effort<'_>,
) -> Vec<Vec<(f64, f64)>> {
    let case = frame.case();
    let row = |solver: &mut Solver<'_>, k: usize| {
        let d = draws.start + k as u64;
        let (mut now, mut later) = (Vec::new(), Vec::new());
        draw_inputs(case, seed, d, &mut now);
        draw_later(case, seed, d, &now, &mut later);
        solver.take(&now, &later);
        let mut y = vec![solver.weighed_first()];
        for change in changes {
            let drawn: Vec<[f64; 2]> = change.iter().map(|(k, _)| [now[*k], later[*k]]).collect();
            for (k, value) in *change {
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
    rows((draws.end - draws.start) as usize, effort, &|| Solver::new(frame), &row)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against the textbook's formulas, and where one draw says exactly what the other does.
    #[test]
    fn a_regression_takes_from_many_draws_what_few_share_with_them() {
        let before = [0.1, 0.4, 0.2, 0.7, 0.6, 0.3];
        let base = (0.35, 0.01);
        let line: Vec<f64> = before.iter().map(|y| 0.2 + 0.5 * y).collect();
        let (p, mcse) = regressed(&line, &before, base);
        assert!((p - (0.2 + 0.5 * 0.35)).abs() < 1e-15 && (mcse - 0.5 * 0.01).abs() < 1e-9);
        let columns = HeldColumns { before: before.to_vec(), after: vec![line.clone()] };
        let (change, error) = columns.change(0, base);
        assert!((change - (p - base.0)).abs() < 1e-15 && (error - 0.5 * 0.01).abs() < 1e-9);
        // Not related to it: the mean of the few with its own error.
        let apart = [0.3, 0.3, 0.5, 0.3, 0.3, 0.5];
        let (before, after) = ([0.1, 0.4, 0.1, 0.4, 0.1, 0.4], apart);
        let (p, mcse) = regressed(&after, &before, (0.9, 0.3));
        let (m, error) = mean(after.iter().copied());
        assert!((p - m).abs() < 1e-15);
        assert!((mcse - error * (5.0_f64 / 4.0).sqrt()).abs() < 1e-12, "{mcse} {error}");
        assert_eq!(regressed(&[0.4], &[0.2], (0.3, 0.1)).0, 0.4);
        // What is no probability is none, and a difference is that of the answers.
        let columns =
            HeldColumns { before: line.clone(), after: vec![line.clone(), apart.to_vec()] };
        assert_eq!(columns.answer(0, (9.0, 0.0)).0, 1.0);
        let [a, b] = [0, 1].map(|c| columns.answer(c, base).0);
        assert!((columns.between([0, 1], base).0 - (b - a)).abs() < 1e-15);
    }
}
