//! The back-test on the real data.

use winset::backtest::{Split, run, text};
use winset_model::spatial::measured;

#[path = "../../../testing/data.rs"]
#[allow(unreachable_pub, reason = "shared by the tests of all crates")]
mod data;

/// The accuracy shown beside a forecast is what this command measures.
#[test]
fn measured_accuracy_is_what_the_command_measures() {
    let test = "measured_accuracy_is_what_the_command_measures";
    let Some(folder) = data::data(test, "deu") else { return };
    let (report, _) = run(&folder, Split::Train, None).unwrap();
    assert_eq!((report.scored, report.proposals), (223, 85));
    for m in &report.models {
        let (ours, shown) = (m.scores.as_ref().unwrap(), measured::of(m.model).unwrap());
        if shown.held_out {
            // Shown where it was not fitted, hence worse than in sample.
            assert!(ours.crps <= shown.crps && ours.crps > shown.crps - 1.0, "{}", m.model);
        } else {
            assert!((ours.mae - shown.mae).abs() < 0.006, "{}: {}", m.model, ours.mae);
            assert!((ours.crps - shown.crps).abs() < 0.006, "{}: {}", m.model, ours.crps);
        }
    }
    let text = text(&report);
    assert!(text.lines().all(|l| l.chars().count() <= 80), "{text}");
}
