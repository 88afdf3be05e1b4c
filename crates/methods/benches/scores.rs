//! How long scores of many forecasts take, one thread: one JSON line a figure.
//!
//! `benches/compare/scoringrules.py` scores the same forecasts, told by the same counted uniforms.

#[path = "../../../testing/timer.rs"]
mod timer;

use winset_methods::score::{brier, crps, log_score};
use winset_model::uncertain::counter::uniform;

const RUNS: usize = 7;
const SEED: u64 = 11;
/// The stream of what came; those below are a forecast's draws.
const CAME: u64 = 1 << 20;

fn main() {
    for (forecasts, draws) in [(10_000, 100), (1_000, 1_000)] {
        let of = |i: u64| -> Vec<f64> { (0..draws).map(|d| uniform(SEED, i, d)).collect() };
        let cases: Vec<(Vec<f64>, f64)> =
            (0..forecasts).map(|i| (of(i), uniform(SEED, i, CAME))).collect();
        measure(&format!("CRPS of {forecasts} forecasts, {draws} draws each"), || {
            cases.iter().filter_map(|(x, y)| crps(x, *y).ok()).collect()
        });
    }
    let stated: Vec<(f64, bool)> = (0..1_000_000)
        .map(|i| (uniform(SEED, i, 0), uniform(SEED, i, CAME) < uniform(SEED, i, 0)))
        .collect();
    measure("Brier score of 1000000 forecasts", || {
        stated.iter().map(|(p, came)| brier(*p, *came)).collect()
    });
    measure("log score of 1000000 forecasts", || {
        stated.iter().map(|(p, came)| log_score(*p, *came)).collect()
    });
}

/// Times the scores, and hands their mean on to be compared.
fn measure(figure: &str, scores: impl Fn() -> Vec<f64>) {
    let times = timer::milliseconds(RUNS, || {
        std::hint::black_box(scores());
    });
    let all = scores();
    let mean = all.iter().sum::<f64>() / all.len() as f64;
    timer::answered("scores", figure, times, "ms", "", &[mean]);
}
