//! How fast the position models are: one JSON line a figure.

#[path = "../../../testing/timer.rs"]
mod timer;

use winset_methods::spatial::challenge::{Profile, monte_carlo};
use winset_methods::spatial::{MODELS, PositionActor, PositionIssue};
use winset_model::uncertain::counter::uniform;

const RUNS: usize = 7;

fn main() {
    let ten = issue(10);
    let large = issue(160);
    // The Python package `schelling` was reported to take 10.8 s for this; a hundredth is 108 ms.
    measure("challenge-10-actors-10000-draws", "<= 108 ms", || {
        monte_carlo(&ten, Profile::AsRun, 1, 0.1, 10_000, 1).iter().sum()
    });
    measure("challenge-10-actors-10000-draws-10-rounds", "", || {
        monte_carlo(&ten, Profile::AsRun, 10, 0.1, 10_000, 1).iter().sum()
    });
    measure("all-models-160-actors-10-rounds", "<= 5000 ms", || {
        MODELS.iter().map(|m| m.forecast(&large, 10).point).sum()
    });
}

fn issue(actors: u64) -> PositionIssue {
    let actor = |i: u64| PositionActor {
        name: i.to_string(),
        capability: 1.0 + 99.0 * uniform(1, i, 0),
        position: 100.0 * uniform(1, i, 1),
        salience: 10.0 + 90.0 * uniform(1, i, 2),
    };
    match PositionIssue::new(0.0, 100.0, Some(0.0), (0..actors).map(actor).collect()) {
        Ok(issue) => issue,
        Err(e) => {
            eprintln!("{e}");
            std::process::exit(1)
        }
    }
}

fn measure(figure: &str, target: &str, work: impl Fn() -> f64) {
    let times = timer::milliseconds(RUNS, || {
        std::hint::black_box(work());
    });
    timer::figure("spatial", figure, times, "ms", target);
}
