//! Minimal conflicting sets without enumerating packages: whether a set of constraints leaves a
//! package is a feasibility problem of the exact solver.
//!
//! # Model
//! Member i counts only by those of its constraints that are in the set; who has none accepts
//! everything. The set leaves a package if some coalition that suffices on every side accepts one.
//!
//! # Reference
//! As for [`conflicts`](crate::theory::conflicts).

use super::bargain::Goal;
use super::{Draw, Exact, Forced, whole};
use crate::theory::conflicts::{Conflicts, Limits, MOST_CONSTRAINTS, Set, minimal_conflicts};
use crate::theory::grid::Constraint;
use crate::theory::situation::Situation;
use crate::theory::threat::NoDeal;

/// A draw that needs more reports the conflicts found by then.
const LIMITS: Limits = Limits { rounds: 400, sets: 200 };

impl Exact<'_> {
    /// The minimal conflicting sets over `constraints`, smallest first; the zone is empty.
    pub fn conflicts(
        &mut self,
        s: &Situation,
        no_deal: &NoDeal,
        constraints: &[Constraint],
    ) -> Conflicts {
        if constraints.len() > MOST_CONSTRAINTS {
            return Conflicts::default();
        }
        self.footprint = None;
        let mut draw = Draw::new(s, no_deal);
        let owned = s.owned(constraints);
        minimal_conflicts(LIMITS, |set| {
            let (x, accepted) = self.package_under(&mut draw, constraints, set)?;
            // Rounding to millionths may break what was met by a hair: what the package was found
            // under counts as met.
            Some(s.correction(&owned, s.violated(constraints, &x, no_deal), accepted) & !set)
        })
    }

    /// A package some coalition accepts when only the constraints in `set` count, and who does.
    fn package_under(
        &mut self,
        draw: &mut Draw<'_>,
        constraints: &[Constraint],
        set: Set,
    ) -> Option<(Vec<i32>, u64)> {
        let counted = constraints.iter().enumerate().filter(|(k, _)| set >> k & 1 == 1);
        draw.only = Some(counted.map(|(_, c)| *c).collect());
        let levels = vec![0.0; draw.functions.list.len()];
        let goal = Goal::Feasible { levels: &levels };
        let found = self.best(draw, &goal, Forced::default()).pop()?;
        // Mostly the next set leaves something near.
        draw.hint = Some(found.at.clone());
        Some((whole(&found.x), found.accepted))
    }
}
