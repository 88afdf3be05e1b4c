//! How fast a brief is written once the forecast is there.

#[path = "../../../testing/timer.rs"]
mod timer;

use std::hint::black_box;
use std::sync::atomic::AtomicBool;

use winset_files::case::load;
use winset_files::diagnostic::Findings;
use winset_model::effort::Effort;
use winset_model::forecast::{Forecast, Run, run};
use winset_report::brief::{Past, Settings, brief};
use winset_report::brief::{html, markdown};
use winset_report::names::term;

fn main() {
    let files = winset_files::builtin::CASES[0].sources();
    let Some(loaded) = load(&files, None, &[], &mut Findings::default()) else { return };
    let stop = AtomicBool::new(false);
    let settings = Run { seed: 1, draws: 0..1_000 };
    let tally = run(&loaded.case, &settings, Effort::silent(1, &stop));
    let forecast = Forecast::new(&loaded.case, 1, &tally, &term);
    let settings = Settings {
        compared: 200,
        leverage: 50,
        threads: 1,
        redact: false,
        marking: None,
        command: "winset brief".to_owned(),
    };
    let made = brief(&loaded, &forecast, Past::default(), &settings, &stop);
    let size = html(&made).map_or(0, |page| page.len());
    measure("rendering the built-in brief as HTML", || {
        black_box(html(&made).is_ok());
    });
    measure("rendering the built-in brief as Markdown", || {
        black_box(markdown(&made));
    });
    let size = vec![size as f64 / 1e3];
    timer::figure("brief", "size of the built-in brief as HTML", size, "kB", "< 1000 kB");
}

fn measure(figure: &str, once: impl Fn()) {
    timer::figure("brief", figure, timer::milliseconds(15, once), "ms", "<= 50 ms");
}
