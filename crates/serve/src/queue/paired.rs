//! Two cases on the same random numbers, and the error of their difference.

use std::sync::Arc;

use winset_model::case::Ending;
use winset_model::explain::{Compared, Diff, InputChange, Paired as Pair, compare};
use winset_model::forecast::{Forecast, Run};

use winset_report::diff::{CompareRow, PairNames, sentence};

use super::forecasts::{STEP, read_tally};
use super::{Queue, Stopped};
use crate::http::Stop;
use crate::store::LoadedCase;

/// Draws of a comparison.
const DRAWS: u64 = 2_000;

/// Two forecasts and how they differ.
#[derive(Clone)]
pub(crate) struct PairedForecasts {
    pub(crate) a: Arc<Forecast>,
    pub(crate) b: Arc<Forecast>,
    pub(crate) deltas: Vec<CompareRow>,
    /// What `winset diff` says in one sentence.
    pub(crate) sentence: String,
    /// What is not the same in both.
    pub(crate) inputs: Vec<InputChange>,
}

/// A number of a forecast, and the error of its difference.
type Figure = (&'static str, &'static str, fn(&Forecast) -> f64, fn(&Pair) -> f64);

/// What is compared: path, words, value, error.
const FIGURES: [Figure; 7] = [
    ("answer.p", "the question: yes", |f| f.answer.p, Pair::answer_error),
    ("zone.p", "a zone of agreement", |f| f.zone.share(), Pair::zone_error),
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
pub(crate) async fn paired(
    queue: &Queue,
    a: &LoadedCase,
    b: &LoadedCase,
    seed: u64,
    stop: &Stop,
) -> Result<PairedForecasts, Stopped> {
    let mut all = Compared::default();
    let mut from = 0;
    while from < DRAWS {
        let draws = from..(from + STEP).min(DRAWS);
        let ([a, b], priority) = ([a, b].map(|c| Arc::clone(&c.inner)), queue.priority.clone());
        let step = queue.step(stop, move |threads, stop| {
            let run = Run { seed, draws };
            priority.until(threads, stop, |effort| compare(&[&a.case, &b.case], &run, effort))
        });
        let step = step.await?;
        from += step.tallies.first().map_or(0, |t| t.draws);
        all.merge(step);
    }
    let cases = [a.case(), b.case()];
    let Some(diff) = Diff::new(&cases, seed, &all, 1) else { return Err(Stopped) };
    let sentence = sentence(&diff, PairNames { a: cases[0], b: cases[1] });
    let ([first, second], Some(pair)) = (all.tallies.as_slice(), all.paired.get(1)) else {
        return Err(Stopped);
    };
    let [a, b] =
        [(a, first), (b, second)].map(|(c, tally)| Arc::new(read_tally(c.case(), seed, tally)));
    let deltas = FIGURES
        .iter()
        .map(|(path, name, of, error)| CompareRow {
            path,
            name,
            a: of(&a),
            b: of(&b),
            delta: of(&b) - of(&a),
            error: error(pair),
        })
        .collect();
    Ok(PairedForecasts { a, b, deltas, sentence, inputs: diff.inputs })
}
