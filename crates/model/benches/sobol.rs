//! How long Sobol' indices of two standard functions take, one thread: points, evaluations, estimates, intervals.
//!
//! `benches/compare/salib.py` sets SALib beside it.

#[path = "../../../testing/standard_functions.rs"]
mod standard_functions;
#[path = "../../../testing/timer.rs"]
mod timer;

use std::sync::atomic::AtomicBool;

use standard_functions::{Formula, Plain, g, ishigami};
use winset_model::effort::Effort;
use winset_model::explain::sobol::{Function, Indices, indices};

const RUNS: usize = 7;
const ROWS: usize = 16_384;
const SEED: u64 = 5;

fn main() {
    let stop = AtomicBool::new(false);
    let functions: [(_, Plain<Formula>); 2] =
        [("Ishigami", Plain(3, ishigami)), ("g-function", Plain(8, g))];
    for (name, f) in functions {
        let singles: Vec<Vec<usize>> = (0..f.0).map(|j| vec![j]).collect();
        let run = || indices(&f, &singles, ROWS, SEED, Effort::silent(1, &stop));
        let times = timer::milliseconds(RUNS, || {
            std::hint::black_box(run());
        });
        let groups = run().map_or_else(Vec::new, |Indices { groups, .. }| groups);
        let mut answer: Vec<f64> = groups.iter().map(|group| group.first.value).collect();
        answer.extend(groups.iter().map(|group| group.total.value));
        let figure = format!("{name}, {} inputs, {ROWS} rows: first and total indices", f.0);
        timer::answered("sobol", &figure, times, "ms", "", &answer);
    }
}
