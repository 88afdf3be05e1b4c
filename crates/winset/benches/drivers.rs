//! How long it takes to say what drives the answer of the built-in case, and what change would be
//! enough to take it across a threshold.

#[path = "../../../testing/timer.rs"]
mod timer;

use std::hint::black_box;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use winset_files::case::{load, open};
use winset_files::diagnostic::Findings;
use winset_model::effort::Effort;
use winset_model::explain::groups::By;
use winset_model::explain::{drivers, flip};
use winset_report::{drivers::ask as report, flip::ask as flip_report};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/us-iran-2025");
    let mut findings = Findings::default();
    let files = open(&folder, &mut findings)?;
    let case = load(&files, None, &[], &mut findings).ok_or("the case has errors")?.case;
    let never = AtomicBool::new(false);
    let effort = Effort::silent(1, &never);
    for (by, split) in [(By::Input, "by input"), (By::Actor, "by actor")] {
        let settings = drivers::DriversSettings { by, draws: 1_024, top: 20, seed: 1 };
        let found = timer::seconds(5, || {
            black_box(report(&case, &settings, effort));
        });
        let figure = format!("drivers {split}, 1024 draws, one thread");
        timer::figure("drivers", &figure, found, "s", "");
    }
    // A threshold that one input crosses, and one that takes several.
    for p in [0.35, 0.5] {
        let settings =
            flip::FlipSettings { p, draws: 128, verify: 2_048, top: 20, joint: 6, seed: 1 };
        let found = timer::seconds(5, || {
            black_box(flip_report(&case, &settings, effort));
        });
        timer::figure("drivers", &format!("flip at {p}, 128 draws, one thread"), found, "s", "");
    }
    Ok(())
}
