//! A negotiation of some sides over some issues: an interim, or a deal of some without the others.

use super::UNIT;
use super::situation::{ForceEvent, PromiseRate, Situation};
use super::threat::NoDeal;

/// What is dealt with, and among whom.
#[derive(Clone, Debug, PartialEq)]
pub struct PartialScope {
    /// Whether each issue is dealt with; the others stay where they are.
    pub dealt: Vec<bool>,
    /// The sides that deal, in rising order.
    pub insiders: Vec<usize>,
    /// How much of each change comes about, 0 to 1: the terms reach so far from the status quo.
    pub keeps: f64,
    /// How much of the running cost of no deal it ends, 0 to 1.
    pub relief: f64,
}

/// The negotiation of some sides over some issues, and what no deal is worth to its members.
///
/// # Model
/// The members of the sides that stay out are gone, with their rules, their promises and what was promised
/// to them. An issue that is left out lies at the status quo, whatever the red lines: nothing is agreed on it.
/// Where only a share κ of each change comes about, terms lie within `SQ + κ[0 − SQ, 1 − SQ]`. A deal that ends
/// a share ζ of the running cost k is worth `v − (1 − ζ)k`: the reservation and the threat point are higher by
/// `(1 − ζ)k` instead. No deal is what it is in the whole: force that pays is not left behind.
pub fn among(s: &Situation, no_deal: &NoDeal, scope: &PartialScope) -> (Situation, NoDeal) {
    let issues = s.issues();
    let members: Vec<usize> =
        (0..s.members()).filter(|i| scope.insiders.contains(&s.side[*i])).collect();
    let side = |old: usize| scope.insiders.iter().position(|x| *x == old);
    let at = |i: usize| members.iter().position(|x| *x == i).unwrap_or(0);
    let rows = |table: &[i32]| -> Vec<i32> {
        members.iter().flat_map(|i| table[i * issues..(i + 1) * issues].to_vec()).collect()
    };
    let of_sides =
        |table: &[f64]| -> Vec<f64> { scope.insiders.iter().map(|k| table[*k]).collect() };
    let mut out = Situation {
        quo: s.quo.clone(),
        side: members.iter().filter_map(|i| side(s.side[*i])).collect(),
        ideal: rows(&s.ideal),
        weight: members
            .iter()
            .flat_map(|i| s.weight[i * issues..(i + 1) * issues].to_vec())
            .collect(),
        red_min: rows(&s.red_min),
        red_max: rows(&s.red_max),
        demand: rows(&s.demand),
        audience: members.iter().map(|i| s.audience[*i]).collect(),
        capability: members.iter().map(|i| s.capability[*i]).collect(),
        discount: of_sides(&s.discount),
        cost: of_sides(&s.cost),
        rules: scope.insiders.iter().map(|k| s.rules[*k].renumbered(&at)).collect(),
        negotiator: scope.insiders.iter().map(|k| s.negotiator[*k].map(at)).collect(),
        events: s
            .events
            .iter()
            .map(|e| ForceEvent { cost: of_sides(&e.cost), ..e.clone() })
            .collect(),
        promises: s
            .promises
            .iter()
            .filter_map(|p| Some(PromiseRate { by: side(p.by)?, to: side(p.to)?, ..p.clone() }))
            .collect(),
        alpha: s.alpha,
        ..Situation::default()
    };
    let per_option = |lacks: &Vec<i32>| {
        let n = lacks.len() / s.members().max(1);
        members.iter().flat_map(|i| lacks[i * n..(i + 1) * n].to_vec()).collect()
    };
    out.lacks = s.lacks.iter().map(per_option).collect();
    for j in 0..issues {
        let quo = f64::from(s.quo[j]);
        let reach = |end: f64| (quo + scope.keeps * (end - quo)).round() as i32;
        let whole = scope.keeps >= 1.0 || s.options_on(j).is_some();
        for k in (0..members.len()).map(|i| i * issues + j) {
            if !scope.dealt[j] {
                (out.red_min[k], out.red_max[k]) = (s.quo[j], s.quo[j]);
            } else if !whole {
                out.red_min[k] = out.red_min[k].max(reach(0.0));
                out.red_max[k] = out.red_max[k].min(reach(f64::from(UNIT)));
            }
        }
    }
    let kept = |i: &usize| (1.0 - scope.relief) * s.running_cost(*i);
    let own = NoDeal {
        d: members.iter().map(|i| no_deal.d[*i] + kept(i)).collect(),
        m: members.iter().map(|i| no_deal.m[*i] + kept(i)).collect(),
        ..NoDeal::default()
    };
    (out, own)
}
