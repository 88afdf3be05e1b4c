//! A case that was read, with some of its numbers changed where it stands.

use winset_model::case::{Case, Input};
use winset_model::uncertain::Dist;

use super::{ResolvedCase, number};

impl ResolvedCase {
    /// The case with `PATH=VALUE` laid over it, as far as it draws: what reading it again says, in no
    /// time. None where that may be more than another number in the same place: what is no number of the
    /// case, one that it reads from its record, one off its scale, one whose scale or whose neighbours
    /// depend on it.
    pub fn changed(&self, sets: &[String]) -> Option<Case> {
        let mut case = self.case.clone();
        let recorded = case.inputs.iter().any(|input| input.later.is_some());
        for set in sets {
            let (path, text) = set.split_once('=')?;
            let (path, dist) = (path.trim(), number::dist(text)?);
            let mut same = case.inputs.iter_mut().filter(|input| input.path == path);
            let (Some(input), None) = (same.next(), same.next()) else { return None };
            // What the record says of a position is read against what was written for the others.
            if recorded && path.contains(".position.") || !may_change(input, &dist) {
                return None;
            }
            input.dist = dist;
        }
        Some(case)
    }
}

/// Whether another belief is all that a number changes.
fn may_change(input: &Input, dist: &Dist) -> bool {
    let (lo, hi) = dist.written_bounds();
    let inside = lo >= input.scale.0 && hi <= input.scale.1;
    // Points beyond 100 widen their scale.
    let widened = input.scale.1.is_infinite() && input.dist.written_bounds().1 > 100.0;
    let narrows = widened && hi <= 100.0;
    // Whether a deadline is in doubt at all is asked before it is drawn.
    let doubt = input.path.ends_with(".put_off");
    inside && !narrows && !doubt && input.later.is_none() && !input.redundant
}
