//! How long Sobol' indices of two standard functions take, one thread: points, evaluations, estimates, intervals.
//!
//! `benches/compare/salib.py` sets SALib beside it.

#[path = "../../../testing/timer.rs"]
mod timer;

use std::f64::consts::PI;
use std::sync::atomic::AtomicBool;

use winset_model::effort::Effort;
use winset_model::explain::sobol::{Function, Indices, indices};

const RUNS: usize = 7;
const ROWS: usize = 16_384;
const SEED: u64 = 5;

struct Plain(usize, fn(&[f64]) -> f64);

impl Function for Plain {
    type Value = f64;
    type State = ();
    fn inputs(&self) -> usize {
        self.0
    }
    fn state(&self) {}
    fn value(&self, _: usize, u: f64) -> f64 {
        u
    }
    fn at(&self, (): &mut (), x: &[f64]) -> f64 {
        (self.1)(x)
    }
}

/// Ishigami & Homma 1990 with a = 7, b = 0.1.
fn ishigami(u: &[f64]) -> f64 {
    let x = [u[0], u[1], u[2]].map(|u| PI * (2.0 * u - 1.0));
    let (s, c) = (libm::sin(x[0]), libm::sin(x[1]));
    s + 7.0 * c * c + 0.1 * x[2] * x[2] * x[2] * x[2] * s
}

/// Saltelli & Sobol' 1995.
fn g(u: &[f64]) -> f64 {
    let a = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0];
    u.iter().zip(a).map(|(u, a)| ((4.0 * u - 2.0).abs() + a) / (1.0 + a)).product()
}

fn main() {
    let stop = AtomicBool::new(false);
    for (name, f) in [("Ishigami", Plain(3, ishigami)), ("g-function", Plain(8, g))] {
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
