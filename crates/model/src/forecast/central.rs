//! A case at its central values: the one negotiation an analyst would write down without ranges.
//!
//! Other software knows no ranges; this is what is handed to it, and to the classical solutions and
//! to position models. Nothing is drawn here.

use crate::case::Case;
use crate::theory::UNIT;
use crate::theory::domain::{Domain, DomainError, DomainIssue, DomainSide, MAX_UTILITIES, Utility};
use crate::theory::grid::Grid;
use crate::theory::people::ZoneTerms;
use crate::theory::situation::{Situation, option_place};
use crate::theory::threat::NoDeal;

use super::draw::Frame;

/// The levels of every issue where a case names none, in per cent of the scale.
pub const LEVELS: [f64; 5] = [0.0, 25.0, 50.0, 75.0, 100.0];

/// Every input at its point or mode; at its median where the distribution is given by other
/// parameters than a mode. In the units of the file, in the order of [`Case::inputs`].
pub fn central_values(case: &Case) -> Vec<f64> {
    case.inputs.iter().map(|input| input.dist.central(input.scale)).collect()
}

/// The packages of a case at its central values, as a domain whose sides are the negotiators.
///
/// # Model
/// Issues take the levels of `[model] grid`, else [`LEVELS`]; values are named by their number in
/// the issue's units. A package is worth the value `v` of a deal (step 6) to the negotiator of each
/// side, and no deal its reservation `m` (step 5); where no side has a negotiator, every member
/// stands for itself. Red lines and ratification are not applied: this is the bargaining problem
/// of the textbooks, not the zone of agreement.
///
/// # Errors
/// [`DomainError`] if there are more packages than can be listed, or a value is not finite.
pub fn deal_space(case: &Case) -> Result<Domain, DomainError> {
    let (frame, s, no_deal) = negotiation(case);
    let mut table: Vec<usize> = s.negotiator.iter().flatten().copied().collect();
    if table.is_empty() {
        table = (0..s.members()).collect();
    }
    let levels = levels(case);
    let named = |(issue, levels): (&crate::case::Issue, &Vec<i32>)| DomainIssue {
        name: issue.id.clone(),
        // Millionths of the scale are all that a position has.
        values: levels
            .iter()
            .map(|x| match issue.option_at(issue.in_units(share(*x))) {
                Some(option) => option.id.clone(),
                None => number(issue.in_units(share(*x)), issue.scale.1 - issue.scale.0),
            })
            .collect(),
    };
    let issues: Vec<DomainIssue> = case.issues.iter().zip(&levels).map(named).collect();
    // Before anything is as large as that.
    let packages = issues.iter().try_fold(1usize, |n, issue| n.checked_mul(issue.values.len()));
    let sides = table.len();
    let Some(count) = packages.filter(|p| p.checked_mul(sides).is_some_and(|u| u <= MAX_UTILITIES))
    else {
        return Err(DomainError::TooLarge { packages, sides });
    };
    let mut worth = vec![Vec::with_capacity(count); sides];
    each_package(&levels, count, |x| {
        for (worth, &i) in worth.iter_mut().zip(&table) {
            worth.push(s.value(i, x, no_deal.m[i]));
        }
    });
    let side = |(&i, worth): (&usize, Vec<f64>)| DomainSide {
        name: case.actors[frame.members[i]].id.clone(),
        utility: Utility::Table(worth),
        reservation: no_deal.m[i],
        discount: None,
    };
    let sides = table.iter().zip(worth).map(side).collect();
    Domain::new(case.title.clone(), issues, sides)
}

/// Which sides would ratify each package of [`deal_space`], in its order: a bit a side, in the order of
/// the file. Red lines and rules count here (step 7); the status quo is ratified by none.
///
/// # Errors
/// Those of [`deal_space`].
pub fn ratified(case: &Case) -> Result<Vec<u64>, DomainError> {
    let count = deal_space(case)?.packages();
    let (_, s, no_deal) = negotiation(case);
    let mut all = Vec::with_capacity(count);
    each_package(&levels(case), count, |x| {
        let accepts = (0..s.members()).filter(|i| s.accepts(*i, x, no_deal.m[*i]));
        let accepts = accepts.fold(0u64, |mask, i| mask | 1 << i);
        let sides = (0..s.rules.len()).filter(|k| !s.is_quo(x) && s.ratifies(*k, accepts));
        all.push(sides.fold(0, |mask, k| mask | 1 << k));
    });
    Ok(all)
}

/// What people do with the zone at central values, over the packages of [`deal_space`] and as it counts
/// them; `None` where none of them is in the zone, they are too many to list, or some issue has no order.
pub fn people_at_centre(case: &Case) -> Option<ZoneTerms> {
    deal_space(case).ok()?;
    let (_, s, no_deal) = negotiation(case);
    if case.has_options() {
        return None;
    }
    let nodes = levels(case);
    Grid::size(&nodes)?;
    let mut grid = Grid::default();
    grid.evaluate(&s, &no_deal, nodes);
    let atom = if case.switches.public_values { super::people::ATOM } else { 0.0 };
    ZoneTerms::new(&grid, &s, &no_deal, atom)
}

/// The one negotiation of the central values.
pub(super) fn negotiation(case: &Case) -> (Frame<'_>, Situation, NoDeal) {
    let frame = Frame::new(case);
    let (mut s, mut no_deal) = (Situation::default(), NoDeal::default());
    frame.situation(&central_values(case), None, &mut s);
    s.no_deal(&mut no_deal);
    (frame, s, no_deal)
}

/// Every combination of the levels, the last issue fastest.
fn each_package(levels: &[Vec<i32>], count: usize, mut see: impl FnMut(&[i32])) {
    let mut x = vec![0; levels.len()];
    for package in 0..count {
        let mut rest = package;
        for (at, levels) in x.iter_mut().zip(levels).rev() {
            *at = levels[rest % levels.len()];
            rest /= levels.len();
        }
        see(&x);
    }
}

/// The levels of every issue, rising, in millionths of the scale; all options where they have no order.
fn levels(case: &Case) -> Vec<Vec<i32>> {
    let on_scale = scale_levels(case);
    let of = |issue: &crate::case::Issue| match issue.options.len() {
        0 => on_scale.clone(),
        n => (0..n).map(|k| option_place(k, n)).collect(),
    };
    case.issues.iter().map(of).collect()
}

/// The levels of every issue with a scale.
pub(super) fn scale_levels(case: &Case) -> Vec<i32> {
    let grid = case.switches.grid.as_deref().unwrap_or(&LEVELS);
    let mut levels: Vec<i32> =
        grid.iter().map(|g| (g / 100.0 * f64::from(UNIT)).round() as i32).collect();
    levels.sort_unstable();
    levels.dedup();
    levels
}

fn share(x: i32) -> f64 {
    f64::from(x) / f64::from(UNIT)
}

/// A number in the issue's units, to a millionth of its scale, without zeros at the end.
fn number(x: f64, width: f64) -> String {
    let (mut decimals, mut width) = (6, width);
    while width < 1.0 && decimals < 18 {
        width *= 10.0;
        decimals += 1;
    }
    let text = format!("{x:.decimals$}");
    let short = text.trim_end_matches('0').trim_end_matches('.');
    if short == "-0" { "0".into() } else { short.into() }
}
