//! Through which inputs a changed case moves the answer: the change divided among what differs.

use winset_model::case::Case;
use winset_model::effort::Effort;
use winset_model::explain::changes;
use winset_model::explain::moved::{ShapleyPart, exact, mean};
use winset_model::forecast::{Run, answers};

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
        let q = |i: &winset_model::case::Input, u| i.dist.quantile(u, i.scale);
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
    let mut worths: Vec<Vec<f64>> = Vec::new();
    for set in 0..all {
        let case = variant(set as usize);
        worths.push(answers(&case, &[&case.calendar], run, effort)?.swap_remove(0));
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use winset_files::case::load;
    use winset_files::diagnostic::Findings;
    use winset_model::effort::Effort;
    use winset_model::forecast::{Run, headline};

    use super::through;
    use winset_files::builtin::CASES;

    fn case(sets: &[&str]) -> winset_model::case::Case {
        let sets: Vec<String> = sets.iter().map(|s| (*s).to_owned()).collect();
        load(&CASES[0].sources(), None, &sets, &mut Findings::default()).unwrap().case
    }

    #[test]
    fn parts_add_up_to_the_change_and_name_what_differs() {
        let stop = AtomicBool::new(false);
        let run = Run { seed: 1, draws: 0..200 };
        let before = case(&[]);
        let after = case(&["sides.us.discount=25", "actors.trump.red_max.enrichment=60"]);
        let found = through(&before, &after, &run, Effort::silent(1, &stop)).unwrap();
        let paths: Vec<_> = found.parts.iter().map(|p| p.path.as_deref()).collect();
        assert_eq!(paths.len(), 2);
        assert!(paths.contains(&Some("sides.us.discount")));
        assert!(paths.contains(&Some("actors.trump.red_max.enrichment")));
        let sum: f64 = found.parts.iter().map(|p| p.part).sum();
        assert!((sum - (found.to - found.from)).abs() < 1e-12);
        let shares: f64 = found.parts.iter().map(|p| p.share).sum();
        assert!((shares - 1.0).abs() < 1e-12);
        for (case, p) in [(&before, found.from), (&after, found.to)] {
            let whole = headline(case, &run, Effort::silent(1, &stop)).unwrap();
            assert!((whole.p - p).abs() < 1e-12);
        }
        // One input alone does all of it, and nothing of it where nothing differs.
        let one =
            through(&before, &case(&["sides.us.discount=25"]), &run, Effort::silent(1, &stop));
        let one = one.unwrap();
        assert_eq!(one.parts.len(), 1);
        assert!((one.parts[0].part - (one.to - one.from)).abs() < 1e-12);
        assert_eq!(through(&before, &before, &run, Effort::silent(1, &stop)).unwrap().parts, []);
    }

    /// What is no input is a part of its own.
    #[test]
    fn what_is_no_input_is_one_part() {
        let stop = AtomicBool::new(false);
        let run = Run { seed: 1, draws: 0..100 };
        let (before, after) = (case(&[]), case(&["question.by=2025-09-30"]));
        let found = through(&before, &after, &run, Effort::silent(1, &stop)).unwrap();
        assert_eq!(found.parts.len(), 1);
        assert_eq!(found.parts[0].path, None);
        assert!(found.parts[0].part > 0.0);
    }
}
