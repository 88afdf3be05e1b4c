//! What a change adds to the answer, at once: on draws of the case that were kept.

use std::sync::Arc;

use crate::case::{Case, Input};
use crate::effort::Effort;
use crate::forecast::{
    CaseTimes, Frame, KeptSolution, Solver, draw_inputs, draw_later, redraw_inputs,
};

use super::drivers::{mean, values};
use super::held::{FEW, FINE};
use super::rows::rows;

/// The first draws of a case with what each came to, to ask changed cases on.
///
/// # Model
/// Draw d says `y_d` of the answer of the case and `y'_d` of that of a changed one, from the same
/// uniforms. The changed answer is the case's own on many draws plus the mean of `y'_d − y_d` over
/// the few that were kept: a difference estimator, whose error is that of the difference alone.
pub struct KeptDraws {
    case: Case,
    tables: Arc<CaseTimes>,
    seed: u64,
    draws: Vec<KeptDraw>,
}

/// One of them: its inputs now and at the horizon, its weight and answer, and what it was solved to.
struct KeptDraw {
    values: [Vec<f64>; 2],
    weighed: (f64, f64),
    kept: Arc<KeptSolution>,
}

/// What a change adds to the answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shift {
    /// The changed answer less that of the case, a share.
    pub change: f64,
    /// Its Monte Carlo standard error.
    pub mcse: f64,
    /// The draws it was asked on: all that are kept only where the first of them leave it too unsure.
    pub draws: u64,
}

impl KeptDraws {
    /// Solves the first draws of a case and keeps them; none if it was stopped.
    pub fn new(case: &Case, seed: u64, draws: u64, effort: Effort<'_>) -> Option<Self> {
        let frame = Frame::new(case);
        let row = |solver: &mut Solver<'_>, d: usize| {
            let (mut now, mut later) = (Vec::new(), Vec::new());
            draw_inputs(case, seed, d as u64, &mut now);
            draw_later(case, seed, d as u64, &now, &mut later);
            solver.take(&now, &later);
            let weighed = solver.weighed_first();
            vec![KeptDraw { values: [now, later], weighed, kept: solver.kept() }]
        };
        let done = rows(draws as usize, effort, &|| Solver::new(&frame), &row);
        let done: Vec<KeptDraw> = done.into_iter().flatten().collect();
        let (case, tables) = (case.clone(), Arc::clone(frame.tables()));
        (done.len() as u64 == draws).then_some(Self { case, tables, seed, draws: done })
    }

    /// What a changed case adds; none if it was stopped, or if it has other inputs.
    pub fn shift(&self, changed: &Case, effort: Effort<'_>) -> Option<Shift> {
        let moved = moved(&self.case, changed)?;
        let frame = Frame::beside(changed, &self.tables);
        let tables = Arc::ptr_eq(frame.tables(), &self.tables);
        let mut asked = Vec::new();
        for n in [self.draws.len().min(FEW as usize), self.draws.len()] {
            let from = asked.len();
            let row = |solver: &mut Solver<'_>, k: usize| {
                let (d, draw) = ((from + k) as u64, &self.draws[from + k]);
                let [mut now, mut later] = draw.values.clone();
                redraw_inputs(changed, &moved, (self.seed, d), [&mut now, &mut later]);
                solver.take(&now, &later);
                solver.lend(&draw.kept, tables);
                vec![solver.weighed()]
            };
            let more = rows(n - from, effort, &|| Solver::new(&frame), &row);
            asked.extend(more.into_iter().flatten());
            if asked.len() < n {
                return None;
            }
            let shift = self.against(&frame, &asked);
            if shift.mcse <= FINE || n == self.draws.len() {
                return Some(shift);
            }
        }
        None
    }

    /// What a changed case adds whose first draws came to these weights and answers.
    fn against(&self, frame: &Frame<'_>, asked: &[(f64, f64)]) -> Shift {
        let own = Frame::beside(&self.case, &self.tables);
        let before = values(&own, self.draws[..asked.len()].iter().map(|draw| draw.weighed));
        let after = values(frame, asked.iter().copied());
        let (change, mcse) = mean(after.iter().zip(&before).map(|(after, before)| after - before));
        Shift { change, mcse, draws: asked.len() as u64 }
    }
}

/// The inputs about which something else is believed in the second of two cases that have the same.
fn moved(before: &Case, after: &Case) -> Option<Vec<usize>> {
    let pairs = || before.inputs.iter().zip(&after.inputs);
    let named = before.inputs.len() == after.inputs.len() && pairs().all(|(a, b)| a.path == b.path);
    let differ =
        |a: &Input, b: &Input| a.dist != b.dist || a.later != b.later || a.scale != b.scale;
    (named && before.together == after.together).then(|| {
        let all = pairs().enumerate().filter(|(_, (a, b))| differ(a, b));
        all.map(|(k, _)| k).collect()
    })
}
