//! Ideals that move with a red line: a member who takes its position from its side is held to its own
//! red lines, so that a line that softens moves the ideal too.

use serde::Serialize;

use crate::case::{Case, Input, Member};
use crate::forecast::draw_inputs;

/// Draws over which an ideal is averaged.
const DRAWS: u64 = 512;

/// Moves smaller than this share of the scale are not told.
const LEAST: f64 = 1e-3;

/// An ideal taken from the side that is not the same in two variants, since a red line is not.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IdealShift {
    /// The actor.
    pub actor: String,
    /// The issue.
    pub issue: String,
    /// Its mean ideal in the first, held to the red lines there, in the issue's own units.
    pub from: f64,
    /// In the second.
    pub to: f64,
}

/// The ideals of members of both that are taken from the side and move because a red line of the member
/// moved, in the order of the first.
pub fn shifts(a: &Case, b: &Case, seed: u64) -> Vec<IdealShift> {
    let mut found = Vec::new();
    for actor in &a.actors {
        let other = b.actors.iter().find(|x| x.id == actor.id);
        let (Some(before), Some(after)) = (&actor.member, other.and_then(|x| x.member.as_ref()))
        else {
            continue;
        };
        for (j, issue) in a.issues.iter().enumerate() {
            let Some(k) = b.issues.iter().position(|x| x.id == issue.id) else { continue };
            let inherits = |m: &Member, j: usize| m.ideal.get(j).is_some_and(|i| !i.own);
            if !inherits(before, j)
                || !inherits(after, k)
                || lines(a, before, j) == lines(b, after, k)
            {
                continue;
            }
            let [from, to] = [(a, before, j), (b, after, k)].map(|(c, m, j)| held(c, m, j, seed));
            let width = (issue.scale.1 - issue.scale.0).abs();
            if (to - from).abs() > LEAST * width {
                let (actor, issue) = (actor.id.clone(), issue.id.clone());
                found.push(IdealShift { actor, issue, from, to });
            }
        }
    }
    found
}

/// What is believed of a member's red lines on an issue.
fn lines(case: &Case, m: &Member, j: usize) -> [Option<String>; 2] {
    let dist = |i: &Input| format!("{:?} {:?}", i.dist, i.later);
    [m.red_min[j], m.red_max[j]].map(|id| id.map(|id| dist(case.input(id))))
}

/// The mean over draws of an ideal held to the member's red lines.
fn held(case: &Case, m: &Member, j: usize, seed: u64) -> f64 {
    let mut values = Vec::new();
    let draw = |d: u64| {
        draw_inputs(case, seed, d, &mut values);
        let ideal = values[m.ideal[j].input.0];
        let max = m.red_max[j].map_or(f64::INFINITY, |id| values[id.0]);
        let min = m.red_min[j].map_or(f64::NEG_INFINITY, |id| values[id.0]);
        ideal.min(max).max(min)
    };
    (0..DRAWS).map(draw).sum::<f64>() / DRAWS as f64
}
