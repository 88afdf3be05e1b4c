//! Two cases on the same random numbers, and the error of their difference.

use std::sync::Arc;

use winset_model::case::Ending;
use winset_model::explain::{Compared, Diff, InputChange, Paired as Pair, compare};
use winset_model::forecast::{Forecast, Run};

use super::desk::Told;
use super::http::Stop;
use super::work::{STEP, Stopped, Work, read};
use winset_report::diff::{PairNames, sentence};

/// Draws of a comparison.
const DRAWS: u64 = 2_000;

/// A number before and after.
#[derive(Clone, Debug)]
pub(super) struct Delta {
    /// Its path in the forecast.
    pub(super) path: &'static str,
    /// In words.
    pub(super) name: &'static str,
    pub(super) a: f64,
    pub(super) b: f64,
    /// Standard error of `b − a`.
    pub(super) error: f64,
}

/// Two forecasts and how they differ.
#[derive(Clone)]
pub(super) struct Paired {
    pub(super) a: Arc<Forecast>,
    pub(super) b: Arc<Forecast>,
    pub(super) deltas: Vec<Delta>,
    /// What `winset diff` says in one sentence.
    pub(super) sentence: String,
    /// What is not the same in both.
    pub(super) inputs: Vec<InputChange>,
}

/// A number of a forecast, and the error of its difference.
type Figure = (&'static str, &'static str, fn(&Forecast) -> f64, fn(&Pair) -> f64);

/// What is compared: path, words, value, error.
const FIGURES: [Figure; 7] = [
    ("answer.p", "the question: yes", |f| f.answer.p, Pair::answer_error),
    ("zone.p", "a zone of agreement", |f| f.zone.p, Pair::zone_error),
    (
        "endings.interim",
        "ends first in an interim understanding",
        |f| f.endings.interim,
        |p| p.ending_error(Some(Ending::Interim)),
    ),
    (
        "endings.breakdown",
        "ends first in breakdown",
        |f| f.endings.breakdown,
        |p| p.ending_error(Some(Ending::Breakdown)),
    ),
    (
        "endings.force",
        "ends first in force",
        |f| f.endings.force,
        |p| p.ending_error(Some(Ending::Force)),
    ),
    (
        "endings.suspension",
        "ends first in suspension",
        |f| f.endings.suspension,
        |p| p.ending_error(Some(Ending::Suspension)),
    ),
    ("endings.open", "still open", |f| f.endings.open, |p| p.ending_error(None)),
];

/// Runs both on the same draws, a step at a time.
pub(super) async fn paired(
    work: &Work,
    a: &Told,
    b: &Told,
    seed: u64,
    stop: &Stop,
) -> Result<Paired, Stopped> {
    let mut all = Compared::default();
    let mut from = 0;
    while from < DRAWS {
        let draws = from..(from + STEP).min(DRAWS);
        let ([a, b], haste) = ([a, b].map(|told| Arc::clone(&told.loaded)), work.haste.clone());
        let step = work.take_turn(stop, move |threads, stop| {
            let run = Run { seed, draws };
            haste.until(threads, stop, |effort| compare(&[&a.case, &b.case], &run, effort))
        });
        let step = step.await?;
        from += step.tallies.first().map_or(0, |t| t.draws);
        all.merge(step);
    }
    let cases = [&a.loaded.case, &b.loaded.case];
    let Some(diff) = Diff::new(&cases, seed, &all, 1) else { return Err(Stopped) };
    let sentence = sentence(&diff, PairNames { a: cases[0], b: cases[1] });
    let ([first, second], Some(pair)) = (all.tallies.as_slice(), all.paired.get(1)) else {
        return Err(Stopped);
    };
    let [a, b] = [(a, first), (b, second)]
        .map(|(told, tally)| Arc::new(read(&told.loaded.case, seed, tally)));
    let deltas = FIGURES
        .iter()
        .map(|(path, name, of, error)| Delta {
            path,
            name,
            a: of(&a),
            b: of(&b),
            error: error(pair),
        })
        .collect();
    Ok(Paired { a, b, deltas, sentence, inputs: diff.inputs })
}
