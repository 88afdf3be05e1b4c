//! How long it takes to say what moved the number of the built-in case, and to tell its history.

#[path = "../../../testing/timer.rs"]
mod timer;

use std::hint::black_box;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use winset_files::case::{Hidden, ParsedCase, open};
use winset_files::diagnostic::Findings;
use winset_model::case::Day;
use winset_report::history::{HistoryDays, ask as history};
use winset_report::moved::{MovedSettings, ask as moved};

fn print(figure: &str, found: Vec<f64>, unit: &str, target: &str) {
    timer::figure("moved", figure, found, unit, target);
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/us-iran-2025");
    let files = open(&folder, &mut Findings::default())?;
    let day = |text| Day::parse(text).ok_or("not a day");
    let (from, to) = (day("2025-04-13")?, day("2025-04-22")?);
    let never = AtomicBool::new(false);

    let mut parsed =
        ParsedCase::new(&files, &[], &mut Findings::default()).ok_or("the case has errors")?;
    let once = || black_box(parsed.resolve(Some(to), &Hidden::default(), &mut Findings::default()));
    let mut once = once;
    let told = timer::milliseconds(9, || {
        once();
    });
    print("the case told again", told, "ms", "");
    for threads in [2, 1] {
        let settings = MovedSettings { seed: 1, draws: 2_000, threads };
        let words = if threads == 1 { "one thread" } else { "two threads" };
        let days = HistoryDays::default();
        let found = timer::seconds(3, || {
            black_box(history(&files, &[], &days, &settings, &never, &|_, _| {}).is_ok());
        });
        print(&format!("daily history, 11 days of 2000 draws, {words}"), found, "s", "<= 10 s");
        let found = timer::seconds(3, || {
            let found = moved(&files, &[], (from, to), &settings, &never, &|_, _| {});
            black_box(found.is_ok());
        });
        let figure = format!("what moved the number in nine days, 2000 draws, {words}");
        print(&figure, found, "s", "<= 20 s");
    }
    Ok(())
}
