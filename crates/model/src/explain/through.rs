//! Through which inputs a changed case moves the answer: the change divided among what differs.

use crate::case::{Case, Input};
use crate::effort::Effort;
use crate::forecast::{KeptRooms, Run, answers_beside};

use super::changes;
use super::moved::{ShapleyPart, exact, mean};

/// So many inputs are looked at one by one; what else differs is one part.
const SINGLE: usize = 5;

/// A part of the change.
#[derive(Clone, Debug, PartialEq)]
pub struct Through {
    /// The input's path; `None` for all else that differs.
    pub path: Option<String>,
    /// What the first case says.
    pub from: String,
    /// What the second says.
    pub to: String,
    /// What it adds to P.
    pub part: f64,
    /// Its standard error, on the same draws.
    pub se: f64,
    /// Its size as a share of the sizes of all parts.
    pub share: f64,
}

/// The answer before and after, and what is between.
#[derive(Clone, Debug, PartialEq)]
pub struct Divided {
    /// The answer of the first case.
    pub from: f64,
    /// The answer of the second.
    pub to: f64,
    /// The parts, the largest first; they add up to the change.
    pub parts: Vec<Through>,
    /// How many draws.
    pub draws: u64,
}

/// Divides the change of the answer from one case to another of the same actors and issues among
/// the inputs that differ: the Shapley value of each, over all their coalitions.
///
/// # Errors
/// `None` if it was stopped before the last draw.
pub fn through(before: &Case, after: &Case, run: &Run, effort: Effort<'_>) -> Option<Divided> {
    let differs: Vec<usize> = (0..after.inputs.len())
        .filter(|k| {
            let now = &after.inputs[*k];
            before.inputs.get(*k).is_some_and(|was| {
                was.path == now.path && (was.dist != now.dist || was.later != now.later)
            })
        })
        .collect();
    // By how far the median moves over the input's own range: the order decides only what stands
    // alone.
    let shift = |k: &usize| {
        let [was, now] = [&before.inputs[*k], &after.inputs[*k]];
        let q = |i: &Input, u| i.dist.quantile(u, i.scale);
        let width = (q(was, 0.95) - q(was, 0.05)).abs().max(1e-9);
        (q(now, 0.5) - q(was, 0.5)).abs() / width
    };
    let mut single = differs;
    single.sort_by(|a, b| shift(b).total_cmp(&shift(a)));
    single.truncate(SINGLE);
    let rest = single.len();
    let variant = |set: usize| -> Case {
        let whole = set >> rest & 1 == 1;
        let mut case = if whole { after.clone() } else { before.clone() };
        for (bit, k) in single.iter().enumerate() {
            let from = if set >> bit & 1 == 1 { after } else { before };
            if let (Some(to), Some(from)) = (case.inputs.get_mut(*k), from.inputs.get(*k)) {
                (to.dist, to.later) = (from.dist.clone(), from.later.clone());
            }
        }
        case
    };
    // Whether anything differs beside the inputs that stand alone.
    let others = variant(1 << rest).fingerprint() != before.fingerprint();
    let players = rest + usize::from(others);
    let all = 1u64 << players;
    let draws = run.draws.end - run.draws.start;
    let rooms = KeptRooms::new(run.draws.end);
    let mut worths: Vec<Vec<f64>> = Vec::new();
    for set in 0..all {
        let case = variant(set as usize);
        let worth = answers_beside(&case, &[&case.calendar], run, &rooms, effort)?;
        worths.extend(worth);
    }
    let class: Vec<usize> = (0..worths.len()).collect();
    let found =
        exact(players, &class, &mut |c| Ok::<_, std::convert::Infallible>(worths[c].clone()));
    let Ok(found) = found;
    let said = changes(before, after);
    let mut parts: Vec<Through> = found
        .parts
        .iter()
        .enumerate()
        .map(|(bit, ShapleyPart { part, se })| {
            let path = single.get(bit).map(|k| after.inputs[*k].path.clone());
            let row = path.as_ref().and_then(|path| said.iter().find(|c| c.path == *path));
            let text = |t: Option<&Option<String>>| t.cloned().flatten().unwrap_or_default();
            Through {
                from: text(row.map(|r| &r.from)),
                to: text(row.map(|r| &r.to)),
                path,
                part: *part,
                se: *se,
                share: 0.0,
            }
        })
        .collect();
    let sizes: f64 = parts.iter().map(|p| p.part.abs()).sum();
    if sizes > 0.0 {
        parts.iter_mut().for_each(|p| p.share = p.part.abs() / sizes);
    }
    parts.sort_by(|a, b| b.part.abs().total_cmp(&a.part.abs()).then(a.path.cmp(&b.path)));
    let answer = |worth: Option<&Vec<f64>>| worth.map_or(0.0, |w| mean(w).part);
    Some(Divided { from: answer(worths.first()), to: answer(worths.last()), parts, draws })
}
