//! What would open a closed zone: for each lever alone, the least change that does, found and
//! checked by applying it to the draw.

use crate::theory::UNIT;
use crate::theory::grid::Constraint;
use crate::theory::situation::{NO_DEMAND, Situation};

use super::outcome::Solver;

/// Something that could give way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lever {
    /// A member's least on an issue goes down.
    RedMin(usize, usize),
    /// A member's most on an issue goes up.
    RedMax(usize, usize),
    /// A member is paid, in utility, for accepting.
    Payment(usize),
    /// A promise is broken less often, down to never.
    Promise(usize),
    /// A promise is guaranteed: what secures it binds harder, up to fully.
    Guarantee(usize),
    /// Those who rely on a promise are insured: its breach exposes them less, down to not at all.
    Insurance(usize),
    /// A member's audience tolerates more: what it gives up beyond its demand costs less, down to
    /// nothing.
    Tolerance(usize),
}

/// Shifts are found to this share of their range.
const FINE: f64 = 1.0 / 1024.0;

/// The levers of a negotiation: the same for every draw of a case.
pub(super) fn levers(s: &Situation) -> Vec<Lever> {
    let giving_way = |c: Constraint| match c {
        Constraint::RedMin(i, j) => Lever::RedMin(i, j),
        Constraint::RedMax(i, j) => Lever::RedMax(i, j),
        Constraint::Participation(i) => Lever::Payment(i),
    };
    let mut found: Vec<Lever> = s.constraints().into_iter().map(giving_way).collect();
    found.extend((0..s.promises.len()).map(Lever::Promise));
    let secured = |k: &usize| s.promises[*k].secured_by.is_some();
    found.extend((0..s.promises.len()).filter(secured).map(Lever::Guarantee));
    found.extend((0..s.promises.len()).map(Lever::Insurance));
    let issues = s.issues();
    let heard = |i: &usize| s.demand[i * issues..(i + 1) * issues].iter().any(|d| *d != NO_DEMAND);
    found.extend((0..s.members()).filter(heard).map(Lever::Tolerance));
    found
}

/// The least share of a lever's range, in (0, 1], that opens the zone of the current draw, which is
/// closed; `None` if all of it does not. The range is the rest of the scale for a red line, all of
/// utility for a payment, the whole hazard for a promise, the rest to a full bond for a guarantee, all
/// of the exposure for an insurance, and the whole audience cost for tolerance.
pub(super) fn least(solver: &mut Solver<'_>, lever: Lever) -> Option<f64> {
    let mut near = None;
    let mut opens = |share: f64| {
        let changed = apply(&solver.now.situation, lever, share);
        let paid = match lever {
            Lever::Payment(i) => Some((i, share)),
            _ => None,
        };
        solver.has_zone(&changed, paid, &mut near)
    };
    if !opens(1.0) {
        return None;
    }
    let (mut closed, mut open) = (0.0, 1.0);
    while open - closed > FINE {
        let middle = 0.5 * (open + closed);
        if opens(middle) { open = middle } else { closed = middle }
    }
    Some(open)
}

/// The negotiation with a share of a lever's range applied; payments are made elsewhere.
fn apply(s: &Situation, lever: Lever, share: f64) -> Situation {
    let mut changed = s.clone();
    let issues = s.issues();
    let part = |range: i32| (f64::from(range) * share).round() as i32;
    match lever {
        Lever::RedMin(i, j) => {
            let line = &mut changed.red_min[i * issues + j];
            *line -= part(*line);
        }
        Lever::RedMax(i, j) => {
            let line = &mut changed.red_max[i * issues + j];
            *line += part(UNIT - *line);
        }
        Lever::Payment(_) => {}
        Lever::Promise(k) => changed.promises[k].rate *= 1.0 - share,
        Lever::Guarantee(k) => {
            if let Some((_, y)) = &mut changed.promises[k].secured_by {
                *y += share * (1.0 - *y);
            }
        }
        Lever::Insurance(k) => changed.promises[k].exposed *= 1.0 - share,
        Lever::Tolerance(i) => changed.audience[i] *= 1.0 - share,
    }
    changed
}

/// What a share of a lever's range is in the units people read, given the middle of its input: the
/// value the input would have to have.
pub(super) fn target(lever: Lever, from: f64, scale: (f64, f64), share: f64) -> f64 {
    match lever {
        Lever::RedMin(..) => from - share * (from - scale.0),
        Lever::RedMax(..) => from + share * (scale.1 - from),
        Lever::Payment(_) => 100.0 * share,
        Lever::Guarantee(_) => from + share * (100.0 - from),
        Lever::Promise(_) | Lever::Insurance(_) | Lever::Tolerance(_) => from * (1.0 - share),
    }
}
