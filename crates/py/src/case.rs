//! A case, ready to be asked.

use std::path::{Path, PathBuf};

use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use serde_json::{Value, json};
use winset_files::builtin;
use winset_files::case::{CaseFiles, ResolvedCase, load, open};
use winset_files::diagnostic::{Findings, Severity, Source, suggest};
use winset_files::shard::{self, Merge};
use winset_methods::spatial::positions;
use winset_methods::stability::ResponseRule;
use winset_model::case::{self, Day};
use winset_model::effort::Effort;
use winset_model::explain::groups::By;
use winset_model::explain::{Compared, Diff, compare, drivers, flip};
use winset_model::forecast::{Deals, Forecast as Values, Run, answers, run};
use winset_page::document::terminal;
use winset_report::backtest::{Split, ask as backtested, document as backtest_in_words};
use winset_report::belief::{self, BeliefChoice};
use winset_report::charts;
use winset_report::deals as packages;
use winset_report::diagnostics;
use winset_report::diff::{PairNames, document as compared_in_words};
use winset_report::drivers::{ask as drivers_report, document as drivers_in_words, split};
use winset_report::flip::{VERIFY, ask as flip_report, document as flip_in_words};
use winset_report::history::{self, HistoryDays};
use winset_report::moved;
use winset_report::names::{Names, counted, term};
use winset_report::spatial::{self, Subject};
use winset_report::stability;
use winset_report::when::COMPARED;

use crate::forecast::Forecast;
use crate::watch::{counting, watched};

/// How wide the chart of a report is drawn, px.
const WIDTH: f64 = 760.0;

/// A report as `--json` prints it, as the command prints it for readers, and its chart if it has one.
pub(crate) type Printed = (String, String, Option<String>);

/// A case with the texts it was read from.
#[pyclass(frozen, module = "winset._native")]
pub(crate) struct Case {
    pub(crate) files: CaseFiles,
    as_of: Option<String>,
    pub(crate) set: Vec<String>,
    pub(crate) loaded: ResolvedCase,
}

/// A case, if it could be read, and a JSON list of what was found on the way.
type Read = (Option<Case>, String);

/// A file beside a case: `record.csv` or a table of past cases as the folder knows it, what it is called
/// in messages, and its text.
type Beside = (String, String, String);

/// What a case is read from: name and text of the case, the files beside it, the day, the changes.
type Sources = (String, String, Vec<Beside>, Option<String>, Vec<String>);

/// What the record is called in a folder.
const RECORD: &str = "record.csv";

fn read(
    files: CaseFiles,
    mut findings: Findings,
    as_of: Option<String>,
    set: Vec<String>,
) -> PyResult<Read> {
    let day = as_of.as_deref().map(|text| self::day("as_of", text)).transpose()?;
    let loaded = load(&files, day, &set, &mut findings);
    let rows = diagnostics::findings(&findings.list, &files);
    let case = loaded.map(|loaded| Case { files, as_of, set, loaded });
    Ok((case, serde_json::to_string(&rows).unwrap_or_default()))
}

#[pymethods]
impl Case {
    /// Reads a folder or a `case.toml`.
    #[staticmethod]
    fn load(
        py: Python<'_>,
        path: PathBuf,
        as_of: Option<String>,
        set: Vec<String>,
    ) -> PyResult<Read> {
        py.detach(|| {
            let mut findings = Findings::default();
            let files = open(&path, &mut findings).map_err(|why| unread(&path, &why))?;
            read(files, findings, as_of, set)
        })
    }

    /// Reads a case that is compiled in; nothing if there is none of that name.
    #[staticmethod]
    fn demo(
        py: Python<'_>,
        name: &str,
        as_of: Option<String>,
        set: Vec<String>,
    ) -> PyResult<Option<Read>> {
        let Some(found) = builtin::find(name) else { return Ok(None) };
        py.detach(|| read(found.sources(), Findings::default(), as_of, set).map(Some))
    }

    /// The names of the cases that are compiled in; the first is the default.
    #[staticmethod]
    fn demos() -> Vec<&'static str> {
        builtin::CASES.iter().map(|c| c.slug).collect()
    }

    /// Reads a case from texts.
    #[staticmethod]
    fn of_texts(
        py: Python<'_>,
        name: String,
        case: String,
        beside: Vec<Beside>,
        as_of: Option<String>,
        set: Vec<String>,
    ) -> PyResult<Read> {
        let case = Source { name, text: case };
        let mut files = CaseFiles { case, ..CaseFiles::default() };
        for (key, name, text) in beside {
            let source = Source { name, text };
            match key.as_str() {
                RECORD => files.record = Some(source),
                _ => files.tables.push((key, source)),
            }
        }
        py.detach(|| read(files, Findings::default(), as_of, set))
    }

    /// What [`Case::of_texts`] takes to make the same case again.
    fn texts(&self) -> Sources {
        let CaseFiles { case, record, tables } = self.files.clone();
        let record = record.map(|record| (RECORD.to_owned(), record));
        let beside = record.into_iter().chain(tables);
        let beside = beside.map(|(key, source)| (key, source.name, source.text)).collect();
        (case.name, case.text, beside, self.as_of.clone(), self.set.clone())
    }

    #[getter]
    fn title(&self) -> &str {
        &self.loaded.case.title
    }

    #[getter]
    fn as_of(&self) -> String {
        self.loaded.case.as_of.to_string()
    }

    #[getter]
    fn fingerprint(&self) -> String {
        self.loaded.case.fingerprint()
    }

    /// Every number of the case as a JSON list.
    fn inputs(&self) -> String {
        let rows = self.loaded.case.inputs.iter().map(|input| {
            let [q05, q50, q95] = [0.05, 0.5, 0.95].map(|q| input.dist.quantile(q, input.scale));
            json!({
                "path": input.path,
                "q05": q05,
                "q50": q50,
                "q95": q95,
                "rests_on": input.rests_on,
                "written": input.written,
            })
        });
        Value::from_iter(rows).to_string()
    }

    /// Computes a forecast.
    fn forecast(
        &self,
        py: Python<'_>,
        draws: u64,
        seed: u64,
        threads: Option<usize>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Forecast> {
        let case = &self.loaded.case;
        let threads = threads.unwrap_or_else(cores);
        let settings = Run { seed, draws: 0..draws };
        watched(py, draws, progress, |effort| {
            let tally = run(case, &settings, Effort { threads, ..effort });
            Forecast::new(case, seed, &tally)
        })?
    }

    /// What each draw says of the answer, in the order of the draws; their mean is the answer.
    fn answers(
        &self,
        py: Python<'_>,
        draws: u64,
        seed: u64,
        threads: Option<usize>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Vec<f64>> {
        let case = &self.loaded.case;
        let threads = threads.unwrap_or_else(cores);
        let settings = Run { seed, draws: 0..draws };
        watched(py, draws, progress, |effort| {
            let found = answers(case, &[&case.calendar], &settings, Effort { threads, ..effort });
            found.and_then(|mut found| found.pop()).ok_or_else(ended)
        })?
    }

    /// Computes the draws from `start` to before `stop`, for [`Case::merged`].
    fn shard<'py>(
        &self,
        py: Python<'py>,
        seed: u64,
        start: u64,
        stop: u64,
        threads: usize,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let case = &self.loaded.case;
        let bytes = watched(py, stop.saturating_sub(start), None, |effort| {
            shard::run(case, seed, start..stop, Effort { threads, ..effort })
        })?;
        let bytes = bytes.ok_or_else(|| wrong("a shard was ended early"))?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// The forecast of all draws from 0 to before `draws`, from shards that hold each of them once.
    fn merged(
        &self,
        py: Python<'_>,
        seed: u64,
        draws: u64,
        shards: Vec<Vec<u8>>,
    ) -> PyResult<Forecast> {
        let case = &self.loaded.case;
        py.detach(|| {
            let mut merge = Merge::new(case, seed);
            for (k, bytes) in shards.iter().enumerate() {
                merge.add(bytes).map_err(|why| wrong(format!("shard {} {why}", k + 1)))?;
            }
            Forecast::new(case, seed, &merge.finish(draws).map_err(wrong)?)
        })
    }

    /// What `winset diff --json` prints of this case and another.
    fn diff(
        &self,
        py: Python<'_>,
        other: &Bound<'_, Self>,
        draws: u64,
        seed: u64,
        threads: Option<usize>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Printed> {
        let cases = [&self.loaded.case, &other.get().loaded.case];
        let (settings, threads) = (Run { seed, draws: 0..draws }, threads.unwrap_or_else(cores));
        watched(py, draws, progress, |effort| {
            let compared = compare(&cases, &settings, Effort { threads, ..effort });
            let diff = Diff::new(&cases, seed, &compared, 1);
            let diff = diff.ok_or_else(|| wrong("nothing was compared"))?;
            let text = terminal(&compared_in_words(&diff, PairNames { a: cases[0], b: cases[1] }));
            let chart = over_each_other(&cases, seed, &compared);
            Ok((printed(&diff)?, text, chart))
        })?
    }

    /// What `winset deals --json` prints.
    fn deals(&self, py: Python<'_>, draws: u64, seed: u64) -> PyResult<Printed> {
        let case = &self.loaded.case;
        watched(py, Deals::work(draws), None, |effort| {
            let report = packages::ask(case, seed, draws, effort).map_err(PyValueError::new_err)?;
            let report = report.ok_or_else(ended)?;
            let text = terminal(&packages::document(&report, &Names::new(case)));
            Ok((printed(&report)?, text, None))
        })?
    }

    /// What `winset spatial --json` prints.
    fn spatial(
        &self,
        py: Python<'_>,
        model: Option<&str>,
        rounds: usize,
        draws: u64,
    ) -> PyResult<Printed> {
        let case = &self.loaded.case;
        watched(py, draws, None, |effort| {
            let issues = positions(case).map_err(wrong)?;
            let mut terms = vec![None; case.issues.len()];
            if draws > 0 {
                let tally = run(case, &Run { seed: 1, draws: 0..draws }, effort);
                let rows = Values::new(case, 1, &tally, &term).terms;
                terms = rows.iter().map(|row| row.q50).collect();
            }
            let each = case.ordered_issues().zip(issues);
            let subjects: Vec<Subject> = each
                .map(|((j, i), issue)| Subject { name: i.name.clone(), issue, terms: terms[j] })
                .collect();
            let report = spatial::ask(&subjects, model, rounds).map_err(wrong)?;
            Ok((printed(&report)?, terminal(&spatial::document(&report)), None))
        })?
    }

    /// What `winset moved --json` prints: by default of the day the case is told from and the day
    /// before.
    fn moved(
        &self,
        py: Python<'_>,
        from_: Option<&str>,
        to: Option<&str>,
        draws: u64,
        seed: u64,
        threads: Option<usize>,
    ) -> PyResult<Printed> {
        let to = to.map_or(Ok(self.loaded.case.as_of), |to| day("to", to))?;
        let days = (from_.map_or(Ok(to.plus(-1)), |from| day("from_", from))?, to);
        let threads = threads.unwrap_or_else(cores);
        let settings = moved::MovedSettings { seed, draws, threads };
        watched(py, draws, None, |effort| {
            let untold = |_, _| {};
            let found = moved::ask(&self.files, &self.set, days, &settings, effort.stop, &untold);
            let found = found.map_err(untellable)?;
            let chart = charts::moved(&self.loaded.case, &found).standalone_svg(WIDTH);
            Ok((printed(&found)?, terminal(&moved::document(&found)), Some(chart)))
        })?
    }

    /// What `winset history --json` prints.
    #[expect(clippy::too_many_arguments, reason = "the options of the command")]
    fn history(
        &self,
        py: Python<'_>,
        from_: Option<&str>,
        to: Option<&str>,
        every: i32,
        draws: u64,
        seed: u64,
        threads: Option<usize>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Printed> {
        let from = from_.map(|from| day("from_", from)).transpose()?;
        let to = to.map_or(Ok(self.loaded.case.as_of), |to| day("to", to))?;
        let days = HistoryDays { from, to: Some(to), every };
        let threads = threads.unwrap_or_else(cores);
        let settings = moved::MovedSettings { seed, draws, threads };
        counting(py, progress, |stop, tell| {
            let found = history::ask(&self.files, &self.set, &days, &settings, stop, tell);
            let found = found.map_err(untellable)?;
            let event = counted(&self.loaded.case);
            let chart = charts::course(&found, &event).standalone_svg(WIDTH);
            Ok((printed(&found)?, terminal(&history::document(&found)), Some(chart)))
        })?
    }

    /// What `winset drivers --json` prints.
    #[expect(clippy::too_many_arguments, reason = "the options of the command")]
    fn drivers(
        &self,
        py: Python<'_>,
        by: &str,
        draws: u64,
        top: usize,
        seed: u64,
        threads: Option<usize>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Printed> {
        let all = [By::Input, By::Actor, By::Side, By::Issue, By::Kind];
        let at = place("split", Some(by), all.iter().map(|by| split(*by)))?;
        let by = at.map_or(By::Input, |k| all[k]);
        let case = &self.loaded.case;
        let settings = drivers::DriversSettings { by, draws, top, seed };
        let total = drivers::work(case, &settings);
        self.searched(py, total, threads, progress, |case, effort| {
            let report = drivers_report(case, &settings, effort);
            let text = terminal(&drivers_in_words(&report, &counted(case)));
            let chart = charts::tornado(case, &report).standalone_svg(WIDTH);
            Ok((printed(&report)?, text, Some(chart)))
        })
    }

    /// What `winset flip --json` prints.
    #[expect(clippy::too_many_arguments, reason = "the options of the command")]
    fn flip(
        &self,
        py: Python<'_>,
        p: f64,
        draws: u64,
        top: usize,
        joint: usize,
        seed: u64,
        threads: Option<usize>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Printed> {
        let settings = flip::FlipSettings { p, draws, verify: VERIFY * draws, top, joint, seed };
        let total = flip::work(&self.loaded.case, &settings);
        self.searched(py, total, threads, progress, |case, effort| {
            let report = flip_report(case, &settings, effort);
            Ok((printed(&report)?, terminal(&flip_in_words(&report, &counted(case))), None))
        })
    }

    /// What `winset stability --json` prints.
    fn stability(
        &self,
        py: Python<'_>,
        responses: &str,
        draws: u64,
        seed: u64,
        threads: Option<usize>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Printed> {
        let rules = ResponseRule::ALL;
        let at = place("rule of responses", Some(responses), rules.iter().map(|(name, _)| *name))?;
        let responses = at.map_or(ResponseRule::default(), |k| rules[k].1);
        let total = draws + draws.min(COMPARED);
        self.searched(py, total, threads, progress, |case, effort| {
            let run_of = Run { seed, draws: 0..draws.min(COMPARED) };
            let told = Values::new(case, seed, &run(case, &run_of, effort), &term);
            let concepts = stability::concepts(stability::DEFAULT_CONCEPTS).unwrap_or_default();
            let asked = stability::StabilityAsk {
                concepts: &concepts,
                draws,
                seed,
                coalitions: false,
                effort,
            };
            let report = stability::case_report(&Names::new(case), &told, responses, &asked)
                .map_err(|error| wrong(stability::without_model(&error)))?;
            let chart = stability::figure(&report).standalone_svg(WIDTH);
            let text = terminal(&stability::document(&report));
            Ok((printed(&report)?, text, Some(chart)))
        })
    }

    /// What `winset belief --json` prints.
    fn belief(
        &self,
        py: Python<'_>,
        actor: Option<&str>,
        issue: Option<&str>,
    ) -> PyResult<Printed> {
        let case = &self.loaded.case;
        let actor = place("actor", actor, case.actors.iter().map(|a| a.id.as_str()))?;
        let issue = place("issue", issue, case.issues.iter().map(|j| j.id.as_str()))?;
        watched(py, 0, None, |_| {
            let choice = BeliefChoice { actor, issue };
            let report =
                belief::ask(case, &self.loaded.record, choice).map_err(PyValueError::new_err)?;
            Ok((printed(&report)?, terminal(&belief::document(&report, &Names::new(case))), None))
        })?
    }
}

impl Case {
    /// The day that was asked for, if one was.
    pub(crate) fn day(&self) -> PyResult<Option<Day>> {
        self.as_of.as_deref().map(|text| day("as_of", text)).transpose()
    }

    /// Runs a search that counts its work piece by piece.
    fn searched(
        &self,
        py: Python<'_>,
        total: u64,
        threads: Option<usize>,
        progress: Option<&Bound<'_, PyAny>>,
        search: impl FnOnce(&case::Case, Effort<'_>) -> PyResult<Printed> + Send,
    ) -> PyResult<Printed> {
        let threads = threads.unwrap_or_else(cores);
        watched(py, total, progress, |effort| {
            search(&self.loaded.case, Effort { threads, ..effort })
        })?
    }
}

/// What `winset backtest --json` prints: how the position models do on the decisions in a folder.
#[pyfunction]
pub(crate) fn backtest(
    py: Python<'_>,
    folder: PathBuf,
    split: &str,
    model: Option<&str>,
) -> PyResult<Printed> {
    let split = Split::named(split).map_err(wrong)?;
    watched(py, 0, None, |_| {
        let (report, _) = backtested(&folder, split, model).map_err(|e| wrong(format!("{e:#}")))?;
        Ok((printed(&report)?, terminal(&backtest_in_words(&report)), None))
    })?
}

/// Both curves of a comparison in one drawing.
fn over_each_other(cases: &[&case::Case; 2], seed: u64, compared: &Compared) -> Option<String> {
    let read = |k: usize| compared.forecast(cases[k], seed, k, &term);
    Some(charts::overlay(cases[1], &read(0)?, &read(1)?).standalone_svg(WIDTH))
}

/// A report as the command prints it.
pub(crate) fn printed(report: &impl serde::Serialize) -> PyResult<String> {
    Ok(serde_json::to_string_pretty(report).map_err(wrong)? + "\n")
}

pub(crate) fn day(what: &str, text: &str) -> PyResult<Day> {
    let hint = || wrong(format!("{what} is `{text}`; write a day as 2025-04-22"));
    Day::parse(text).ok_or_else(hint)
}

pub(crate) fn wrong(error: impl std::fmt::Display) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// Work that was stopped; what stopped it is raised instead.
pub(crate) fn ended() -> PyErr {
    wrong("it was ended early")
}

/// Why a case cannot be told from some days.
pub(crate) fn untellable(why: moved::MovedError) -> PyErr {
    match why {
        moved::MovedError::Days(why) => wrong(why),
        moved::MovedError::Case(list) => {
            let errors = list.iter().filter(|d| d.severity == Severity::Error);
            let said: Vec<&str> = errors.map(|d| d.message.as_str()).collect();
            wrong(said.join("; "))
        }
        moved::MovedError::Stopped => ended(),
    }
}

/// A case that cannot be read, with the number and the words of the system, and which file it is.
fn unread(path: &Path, why: &std::io::Error) -> PyErr {
    let toml = if path.is_dir() { path.join("case.toml") } else { path.to_path_buf() };
    let Some(number) = why.raw_os_error() else {
        return PyOSError::new_err(format!("cannot read {}: {why}", toml.display()));
    };
    let words = why.to_string();
    let words = words.split(" (os error").next().unwrap_or_default().to_owned();
    let toml = toml.display().to_string();
    // Python makes a `FileNotFoundError` and its like of the number.
    PyOSError::new_err((number, words, toml))
}

/// Which of the ids is meant.
fn place<'a>(
    what: &str,
    id: Option<&str>,
    ids: impl Iterator<Item = &'a str> + Clone,
) -> PyResult<Option<usize>> {
    let Some(id) = id else { return Ok(None) };
    let found = ids.clone().position(|known| known == id);
    let hint = || suggest(id, ids).map_or_else(String::new, |hint| format!("\n\nhint: {hint}"));
    found.map(Some).ok_or_else(|| wrong(format!("no {what} `{id}`{}", hint())))
}

/// How many threads there are without asking.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
