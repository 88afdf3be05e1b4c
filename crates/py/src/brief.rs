//! The brief of a case.

use pyo3::prelude::*;
use winset_model::effort::Effort;
use winset_model::forecast::{Forecast as Values, Run, run};
use winset_report::brief::{
    Brief, BriefCommand, NumberChange, Past, Settings, brief as make, changed, history, html, json,
    markdown,
};
use winset_report::forecast::DateRow;
use winset_report::history::{HistoryDays, ask as daily};
use winset_report::moved;
use winset_report::names::term;

use crate::case::{Case, cores, day, ended, untellable, wrong};
use crate::watch::watched;

/// What `winset brief` writes of a case without a log: as JSON, Markdown and HTML.
#[expect(clippy::too_many_arguments, reason = "the options of the command")]
#[pyfunction]
pub(crate) fn brief(
    case: &Bound<'_, Case>,
    py: Python<'_>,
    draws: u64,
    seed: u64,
    compared: u64,
    since: Option<&str>,
    redact: bool,
    threads: Option<usize>,
) -> PyResult<(String, String, String)> {
    let since = since.map(|since| day("since", since)).transpose()?;
    let asked_of = case.get();
    let case = &asked_of.loaded.case;
    if let Some(since) = since.filter(|since| *since >= case.as_of) {
        return Err(wrong(format!(
            "{since} is not before {}, the day of the brief\n\nhint: name an earlier day in \
             `since`",
            case.as_of
        )));
    }
    let threads = threads.unwrap_or_else(cores);
    watched(py, 0, None, |effort| {
        let effort = Effort { threads, ..effort };
        let tally = run(case, &Run { seed, draws: 0..draws }, effort);
        let computed = Values::new(case, seed, &tally, &term);
        if effort.stopped() {
            return Err(ended());
        }
        let name = &asked_of.files.case.name;
        let asked = BriefCommand {
            case: Some(name.strip_suffix("/case.toml").unwrap_or(name)),
            as_of: asked_of.day()?,
            overrides: &asked_of.set,
            since,
            draws,
            seed,
            compared,
            redact,
            marking: None,
        };
        let settings = Settings {
            compared,
            leverage: compared.div_ceil(4),
            threads,
            redact,
            marking: None,
            command: asked.command(),
        };
        let (changed, history) = match since {
            Some(since) => {
                let (change, history) =
                    asked_of.since(since, computed.answer.p, (seed, compared), effort)?;
                (Some(change), history)
            }
            None => (None, Vec::new()),
        };
        let past = Past { log: None, changed, history };
        let made: Brief = make(&asked_of.loaded, &computed, past, &settings, effort.stop);
        if effort.stopped() {
            return Err(ended());
        }
        let lines = |mut text: String| {
            if !text.ends_with('\n') {
                text.push('\n');
            }
            text
        };
        let [json, page] = [json(&made).map_err(wrong)?, html(&made).map_err(wrong)?];
        Ok((lines(json), lines(markdown(&made)), lines(page)))
    })?
}

impl Case {
    /// What moved the number since an earlier day, and the number on each day from then on.
    fn since(
        &self,
        since: winset_model::case::Day,
        answer: f64,
        (seed, draws): (u64, u64),
        effort: Effort<'_>,
    ) -> PyResult<(NumberChange, Vec<DateRow>)> {
        let to = self.loaded.case.as_of;
        let settings = moved::MovedSettings { seed, draws, threads: effort.threads };
        let untold = |_, _| {};
        let (files, set, stop) = (&self.files, &self.set, effort.stop);
        let found = moved::ask(files, set, (since, to), &settings, stop, &untold);
        let found = found.map_err(untellable)?;
        let days = HistoryDays { from: Some(since), to: Some(to), every: 1 };
        let told = daily(files, set, &days, &settings, stop, &untold).map_err(untellable)?;
        Ok((changed(&found, answer), history(&told, answer)))
    }
}
