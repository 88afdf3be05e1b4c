//! Two cases on the same random numbers, and the error of their difference.

use std::sync::Arc;

use winset_model::forecast::{Depth, Forecast, Run, Tally, run_in};

use super::desk::Told;
use super::http::Stop;
use super::work::{Stopped, Work, read};

/// Draws of a comparison.
const DRAWS: u64 = 2_000;

/// Draws of a batch: within one, errors average out; between them they show.
const BATCH: u64 = 50;

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
}

/// A number of a forecast.
type Figure = fn(&Forecast) -> f64;

/// What is compared: path, words, value.
const FIGURES: [(&str, &str, Figure); 7] = [
    ("answer.p", "the question: yes", |f| f.answer.p),
    ("zone.p", "a zone of agreement", |f| f.zone.p),
    ("endings.interim", "ends first in an interim understanding", |f| f.endings.interim),
    ("endings.breakdown", "ends first in breakdown", |f| f.endings.breakdown),
    ("endings.force", "ends first in force", |f| f.endings.force),
    ("endings.suspension", "ends first in suspension", |f| f.endings.suspension),
    ("endings.open", "still open", |f| f.endings.open),
];

/// Runs both on the same draws.
///
/// The error of a difference is that of the mean of its batches, which are independent: with the
/// same random numbers on both sides it is far smaller than the errors of the two.
pub(super) async fn paired(
    work: &Work,
    a: &Told,
    b: &Told,
    seed: u64,
    stop: &Stop,
) -> Result<Paired, Stopped> {
    let mut sums = [Tally::default(), Tally::default()];
    let mut batches: Vec<Vec<f64>> = Vec::new();
    for batch in 0..DRAWS / BATCH {
        let draws = batch * BATCH..(batch + 1) * BATCH;
        let cases = [Arc::clone(&a.loaded), Arc::clone(&b.loaded)];
        let tallies = work
            .take_turn(stop, move |threads, stop| {
                cases.map(|loaded| {
                    let run = Run { seed, draws: draws.clone(), threads };
                    let tally = run_in(&loaded.case, &run, Depth::Lean, stop, &|_| {});
                    let forecast = read(&loaded.case, seed, &tally);
                    (tally, FIGURES.map(|(_, _, of)| of(&forecast)))
                })
            })
            .await?;
        let [(first, x), (second, y)] = tallies;
        batches.push(x.iter().zip(&y).map(|(x, y)| y - x).collect());
        sums[0].merge(first);
        sums[1].merge(second);
    }
    let [a, b] = [(a, &sums[0]), (b, &sums[1])]
        .map(|(told, sum)| Arc::new(read(&told.loaded.case, seed, sum)));
    let n = batches.len() as f64;
    let deltas = FIGURES
        .iter()
        .enumerate()
        .map(|(k, (path, name, of))| {
            let mean = batches.iter().map(|d| d[k]).sum::<f64>() / n;
            let squares: f64 = batches.iter().map(|d| (d[k] - mean) * (d[k] - mean)).sum();
            let error = (squares / (n - 1.0) / n).sqrt();
            Delta { path, name, a: of(&a), b: of(&b), error }
        })
        .collect();
    Ok(Paired { a, b, deltas })
}
