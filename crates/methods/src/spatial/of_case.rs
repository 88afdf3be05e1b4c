//! What a position model is asked about a case.

use winset_model::case::{Case, Issue};
use winset_model::forecast::{Frame, central_values};
use winset_model::{Situation, UNIT};

use super::{PositionActor, PositionIssue, SpatialError};

/// The members of a case on each of its issues with a scale, at central values: what a position model is
/// asked. Options without order have no positions.
///
/// Positions are those of step 1, in the issue's units: an ideal taken over from the side is moved
/// inside the member's own red lines. The reference point is where the issue stays without a deal.
///
/// # Errors
/// [`SpatialError`] if a capability or salience is too large for products of weights.
pub fn positions(case: &Case) -> Result<Vec<PositionIssue>, SpatialError> {
    let frame = Frame::new(case);
    let values = central_values(case);
    let mut s = Situation::default();
    frame.situation(&values, None, &mut s);
    let count = case.issues.len();
    let on = |(j, issue): (usize, &Issue)| {
        let (lo, hi) = issue.scale;
        // Rounding must not leave the scale.
        let place = |x: i32| issue.in_units(f64::from(x) / f64::from(UNIT)).clamp(lo, hi);
        let actor = |(k, &i): (usize, &usize)| {
            let member = case.actors[i].member.as_ref()?;
            Some(PositionActor {
                name: case.actors[i].name.clone(),
                capability: values[member.capability.0],
                position: place(s.ideal[k * count + j]),
                salience: values[member.salience[j].0],
            })
        };
        let actors = frame.members.iter().enumerate().filter_map(actor).collect();
        PositionIssue::new(lo, hi, Some(place(s.quo[j])), actors)
    };
    case.ordered_issues().map(on).collect()
}
