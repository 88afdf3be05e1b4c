//! What promises are worth: the risk of exit at which each side would just sign, beside the one it
//! faces.

use std::ops::Range;

use serde::Serialize;

use crate::case::Case;
use crate::effort::{Effort, in_order};
use crate::theory::UNIT;

use super::draw::Frame;
use super::ensemble::BLOCK;
use super::outcome::Solver;

/// A side that relies on promises.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PromiseRow {
    /// The side.
    pub side: String,
    /// The promises it relies on.
    pub promises: Vec<String>,
    /// Exits a year that its negotiator faces under the terms: 5 %, median, 95 % of draws.
    pub believed: [f64; 3],
    /// Exits a year at which it would just sign them: `ρ* = r(u − m)/κ`.
    pub critical: [f64; 3],
    /// Share of draws in which half of the margin is used up: ρ above ρ*/2.
    pub tight: f64,
    /// Draws with terms.
    pub draws: usize,
}

/// The promises of a case over its first draws.
///
/// # Errors
/// `None` if it was stopped before the last draw.
pub fn promises(case: &Case, seed: u64, draws: u64, effort: Effort<'_>) -> Option<Vec<PromiseRow>> {
    let frame = Frame::new(case);
    let block = |solver: &mut Solver<'_>, draws: Range<u64>| {
        let mut found: Vec<(usize, (f64, f64))> = Vec::new();
        for draw in draws {
            solver.draw(seed, draw);
            solver.solve();
            let (s, no_deal) = (&solver.now.situation, &solver.now.no_deal);
            let Some(x) = solver.now.solution.terms.get(..s.issues()) else { continue };
            for (side, negotiator) in s.negotiator.iter().enumerate() {
                if let Some(i) = *negotiator {
                    let critical = s.critical_risk(i, x, no_deal.m[i]);
                    found.push((side, (s.reneging(i, x), critical.min(f64::from(UNIT)))));
                }
            }
        }
        found
    };
    let mut rows: Vec<(usize, Vec<(f64, f64)>)> =
        (0..case.sides.len()).map(|side| (side, Vec::new())).collect();
    let begin = || Solver::new(&frame);
    let done = in_order(0..draws, BLOCK, effort, begin, block, |found| {
        found.into_iter().for_each(|(side, risk)| rows[side].1.push(risk));
    });
    if done != draws {
        return None;
    }
    let rows = rows.into_iter().filter_map(|(side, found)| {
        let relies: Vec<String> =
            case.promises.iter().filter(|p| p.to == side).map(|p| p.id.clone()).collect();
        if relies.is_empty() || found.is_empty() {
            return None;
        }
        let tight = found.iter().filter(|(rho, most)| *rho > 0.5 * most).count();
        Some(PromiseRow {
            side: case.sides[side].id.clone(),
            promises: relies,
            believed: quantiles(found.iter().map(|f| f.0).collect()),
            critical: quantiles(found.iter().map(|f| f.1).collect()),
            tight: tight as f64 / found.len() as f64,
            draws: found.len(),
        })
    });
    Some(rows.collect())
}

/// 5 %, median and 95 % of some numbers; there is at least one.
fn quantiles(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    [0.05, 0.5, 0.95].map(|q| values[((values.len() - 1) as f64 * q).round() as usize])
}
