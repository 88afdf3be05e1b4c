//! Levers: whose feasible shift moves the forecast most.

use serde::Serialize;

use super::{PositionIssue, PositionModel};

/// What one actor's shift would do. `A` says which actor: its index, or its name.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PositionLever<A = usize> {
    /// Who.
    pub actor: A,
    /// Where it stands.
    pub from: f64,
    /// Where it would stand.
    pub to: f64,
    /// The forecast after the shift minus the forecast before, on the issue's scale.
    pub effect: f64,
}

/// Every actor's shift by `step` of the scale's width in the direction that moves the forecast
/// more, largest effect first (ties in the order of the actors).
///
/// A shift is feasible within the scale; an actor that cannot move either way is left out.
/// The forecast is run again on each variant: nothing is linearised.
pub fn levers(
    model: &dyn PositionModel,
    issue: &PositionIssue,
    rounds: usize,
    step: f64,
) -> Vec<PositionLever> {
    let before = model.forecast(issue, rounds).point;
    let mut found: Vec<PositionLever> = Vec::new();
    for (actor, a) in issue.actors().iter().enumerate() {
        let shift = step.abs() * issue.width();
        let reached = [a.position - shift, a.position + shift]
            .map(|x| x.clamp(issue.lo(), issue.hi()))
            .into_iter()
            .filter(|&to| to != a.position)
            .filter_map(|to| {
                let variant = issue.with_position(actor, to).ok()?;
                let effect = model.forecast(&variant, rounds).point - before;
                Some(PositionLever { actor, from: a.position, to, effect })
            });
        let most = reached.reduce(|a, b| if b.effect.abs() > a.effect.abs() { b } else { a });
        found.extend(most);
    }
    found.sort_by(|a, b| b.effect.abs().total_cmp(&a.effect.abs()).then(a.actor.cmp(&b.actor)));
    found
}
