//! What can be said without looking at the parties: the forecasts to be better than.

use crate::case::{Case, Ending};

use super::draw::Frame;

/// Reference forecasts of a case's question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct References {
    /// The class alone; `None` where the question counts other endings than agreement, or no class
    /// fits.
    pub base_rate: Option<f64>,
    /// The class in the calendar and the stages of this case.
    pub zone_free: f64,
}

/// Computes the reference forecasts of a case's question.
///
/// # Model
/// - base rate: the plain cumulative incidence of the case's class from the day told from, given that
///   nothing has ended by then, through the stages (`P_table` of clock (19)): nothing of this case
///   but its class and group, how long it has lasted, and what its text has to pass.
/// - zone-free: the class's own types, in the shares of those still open, in the calendar of the case
///   (`P_here`), without force or events, averaged over the nodes of the constants. It knows the
///   rounds and the deadlines, and nothing of what anybody wants.
pub fn references(case: &Case) -> References {
    let frame = Frame::new(case);
    let times = frame.times();
    let fits = case.clock.class.name != "none" && case.question.counts == [Ending::Agreement];
    References {
        base_rate: fits.then(|| times.yes(case, &times.table, times.by)),
        zone_free: times.yes(case, &times.here, times.by),
    }
}
