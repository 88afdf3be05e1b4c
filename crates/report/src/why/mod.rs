//! One forecast asked more closely: the reports behind `winset blockers`, `when` and `explain`, as
//! values, for the command and the workbench.

pub mod text;

use crate::why::text::{self as view, Equation};
use serde_json::{Value, json};
use winset_files::case::Loaded;
use winset_files::diagnostic::closest;
use winset_model::case::{CalendarKind, Case, Ending, ForceKind};
use winset_model::forecast::{Endings, Forecast, PromiseRow};

/// Draws of the forecasts that are only compared: enough for whole points.
pub const COMPARED: u64 = 2_000;

/// Draws in which promises are looked at.
pub const RELIED: u64 = 1_000;

/// `winset blockers --json`.
pub fn blockers(f: &Forecast) -> Value {
    json!({
        "schema": "winset/blockers/1",
        "case": f.case,
        "fingerprint": f.fingerprint,
        "as_of": f.as_of,
        "seed": f.seed,
        "draws": f.draws,
        "zone": f.zone,
        "blockers": f.blockers,
        "conflicts": f.conflicts,
        "opens": f.opens,
    })
}

/// What `winset when` asks besides the forecast.
pub struct Asked {
    /// What each promise is worth.
    pub promises: Vec<PromiseRow>,
    /// The forecast without each force option.
    pub without: Vec<Without>,
    /// The draws of that comparison.
    pub compared: u64,
    /// The calendar.
    pub dates: Vec<Date>,
}

/// `winset when --json`.
pub fn when(f: &Forecast, asked: &Asked) -> Value {
    json!({
        "schema": "winset/when/1",
        "case": f.case,
        "fingerprint": f.fingerprint,
        "as_of": f.as_of,
        "seed": f.seed,
        "draws": f.draws,
        "question": f.question,
        "answer": f.answer,
        "agreement": f.agreement,
        "endings_by_day": f.endings_by_day,
        "dates": asked.dates.iter().map(|d| json!({
            "id": d.id, "date": d.date, "kind": d.kind, "day_share": d.share,
        })).collect::<Vec<_>>(),
        "promises": asked.promises,
        "force": f.force,
        "without_force": asked.without.iter().map(|w| json!({
            "option": w.option, "answer": w.with, "without": w.without, "draws": asked.compared,
            "endings": { "with": w.endings[0], "without": w.endings[1] },
            "terms": w.terms.iter().map(|t| json!({
                "issue": t.0, "with": t.1, "without": t.2,
            })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })
}

/// What people are shown of it.
pub fn when_view(case: &Case, f: &Forecast, asked: &Asked) -> view::When {
    view::When {
        endings: f
            .endings_by_day
            .iter()
            .map(|e| [e.agreement, e.interim, e.breakdown, e.force, e.suspension])
            .collect(),
        bands: f.agreement.iter().map(|a| (a.lo, a.hi)).collect(),
        days: f.agreement.iter().map(|a| a.date.to_string()).collect(),
        dates: asked
            .dates
            .iter()
            .map(|d| view::DateMark {
                name: d.name.clone(),
                date: d.date.clone(),
                kind: d.kind,
                share: d.share,
            })
            .collect(),
        promises: asked.promises.iter().map(|r| promise_row(case, r)).collect(),
        force: f
            .force
            .iter()
            .filter_map(|row| {
                let w = asked.without.iter().find(|w| w.option == row.option)?;
                Some(view::Force {
                    name: w.name.clone(),
                    credible: row.credible,
                    with: w.with,
                    without: w.without,
                    endings: with_and_without(&w.endings),
                    terms: w.terms.clone(),
                })
            })
            .collect(),
    }
}

/// Each ending's name and share with a force option and without it.
fn with_and_without([with, without]: &[Endings; 2]) -> Vec<(String, f64, f64)> {
    let row = |e: &Ending| (e.name().to_owned(), with.get(*e), without.get(*e));
    Ending::ALL.iter().map(row).chain([("open".to_owned(), with.open, without.open)]).collect()
}

/// A day of the calendar.
pub struct Date {
    /// The id in paths.
    pub id: String,
    /// The name people read.
    pub name: String,
    /// The day, ISO.
    pub date: String,
    /// A round, a hard or a soft deadline.
    pub kind: &'static str,
    /// What that day alone adds to P(agreement).
    pub share: f64,
}

/// The calendar's entries within the horizon, and what each day adds.
pub fn dates(case: &Case, f: &Forecast) -> Vec<Date> {
    let mut found: Vec<Date> = case
        .calendar
        .iter()
        .filter_map(|e| {
            let t = e.on.since(case.as_of);
            let kind = match e.kind {
                CalendarKind::Round { .. } => "round",
                CalendarKind::Deadline { hard: true } => "hard deadline",
                CalendarKind::Deadline { hard: false } => "soft deadline",
                CalendarKind::Start { .. } => return None,
            };
            let at = usize::try_from(t).ok().filter(|t| (1..=f.agreement.len()).contains(t))?;
            let before = if at == 1 { 0.0 } else { f.agreement[at - 2].p };
            Some(Date {
                id: e.id.clone(),
                name: e.name.clone(),
                date: e.on.to_string(),
                kind,
                share: f.agreement[at - 1].p - before,
            })
        })
        .collect();
    found.sort_by(|a, b| a.date.cmp(&b.date));
    found
}

fn promise_row(case: &Case, r: &PromiseRow) -> view::Promise {
    let side = case.sides.iter().find(|s| s.id == r.side);
    view::Promise {
        side: side.map_or_else(|| r.side.clone(), |s| s.name.clone()),
        believed: r.believed,
        critical: r.critical,
        tight: r.tight,
    }
}

/// What changes when a force option is taken away.
pub struct Without {
    /// Its id.
    pub option: String,
    /// Its name.
    pub name: String,
    /// The answer with it.
    pub with: f64,
    /// The answer without.
    pub without: f64,
    /// First endings with it and without.
    pub endings: [Endings; 2],
    /// The median terms by issue, with and without.
    pub terms: Vec<(String, Option<f64>, Option<f64>)>,
}

/// The forecast with each force option taken away, on the same random numbers.
///
/// # Errors
/// Those of `compute`.
pub fn without_force<E>(
    case: &Case,
    mut compute: impl FnMut(&Case) -> Result<Forecast, E>,
) -> Result<Vec<Without>, E> {
    let options: Vec<(String, String)> = case
        .force
        .iter()
        .filter(|f| matches!(f.kind, ForceKind::Choice { .. }))
        .map(|f| (f.id.clone(), f.name.clone()))
        .collect();
    if options.is_empty() {
        return Ok(Vec::new());
    }
    let with = compute(case)?;
    options
        .into_iter()
        .map(|(option, name)| {
            let mut changed = case.clone();
            changed.force.retain(|f| f.id != option);
            let f = compute(&changed)?;
            let terms = with
                .terms
                .iter()
                .zip(&f.terms)
                .zip(&case.issues)
                .map(|((a, b), issue)| (issue.name.clone(), a.q50, b.q50))
                .collect();
            let endings = [with.endings, f.endings];
            Ok(Without { option, name, with: with.answer.p, without: f.answer.p, endings, terms })
        })
        .collect()
}

/// What an input is.
pub struct InputFacts {
    /// Its path.
    pub path: String,
    /// What it means, in a sentence.
    pub meaning: String,
    /// 5 %, median, 95 %, in the units of the file.
    pub quantiles: [f64; 3],
    /// The ends of its scale.
    pub scale: (f64, f64),
    /// Whether the file says it.
    pub written: bool,
    /// What it rests on: ids and texts.
    pub rests_on: Vec<(String, String)>,
}

impl InputFacts {
    /// `winset explain --json` of an input.
    pub fn json(&self) -> Value {
        json!({
            "schema": "winset/explain/1", "path": self.path, "kind": "input",
            "meaning": self.meaning, "quantiles": self.quantiles, "scale": finite(self.scale),
            "written": self.written,
            "rests_on": self.rests_on.iter().map(|n| json!({"id": n.0, "text": n.1}))
                .collect::<Vec<_>>(),
        })
    }
}

/// What the input of a path is; `None` if it is no input of the case.
pub fn input(loaded: &Loaded, path: &str) -> Option<InputFacts> {
    let case = &loaded.case;
    let input = case.inputs.iter().find(|i| i.path == path)?;
    let rests_on = input.rests_on.iter().map(|id| {
        let note = case.notes.iter().find(|n| n.0 == *id).map(|n| n.1.clone());
        let said = loaded.record.entries.iter().find(|e| e.id == *id).map(|e| {
            let grade = e.grade.map_or_else(|| "ungraded".to_owned(), |g| g.to_string());
            format!("{} ({}, {grade})", e.text, e.source)
        });
        (id.clone(), note.or(said).unwrap_or_default())
    });
    let q = |u| input.dist.quantile(u, input.scale);
    Some(InputFacts {
        path: input.path.clone(),
        meaning: winset_files::case::grammar::pattern(&input.path)
            .map_or_else(String::new, |key| key.meaning.to_owned()),
        quantiles: [q(0.05), q(0.5), q(0.95)],
        scale: input.scale,
        written: input.written,
        rests_on: rests_on.collect(),
    })
}

/// What a number of the output is.
pub struct OutputFacts {
    /// Its path.
    pub path: String,
    /// Its value; an object for a row.
    pub value: Value,
    /// The equation behind it.
    pub equation: &'static Equation,
    /// The inputs that enter, at their central values.
    pub inputs: Vec<(String, f64)>,
}

impl OutputFacts {
    /// `winset explain --json` of an output.
    pub fn json(&self) -> Value {
        let e = self.equation;
        json!({
            "schema": "winset/explain/1", "path": self.path, "kind": "output", "value": self.value,
            "meaning": e.meaning, "equation": e.equation, "citation": e.citation,
            "inputs": self.inputs.iter().map(|i| json!({"path": i.0, "central": i.1}))
                .collect::<Vec<_>>(),
        })
    }
}

/// What the number at a path of a forecast is; `None` if the forecast has none there.
pub fn output(
    case: &Case,
    f: &Forecast,
    path: &str,
    equation: &'static Equation,
) -> Option<OutputFacts> {
    let value = lookup(&serde_json::to_value(f).ok()?, path)?;
    let inputs = case
        .inputs
        .iter()
        .filter(|i| equation.inputs.iter().any(|head| i.path.starts_with(head)))
        .map(|i| (i.path.clone(), i.dist.central(i.scale)));
    Some(OutputFacts { path: path.to_owned(), value, equation, inputs: inputs.collect() })
}

/// What may have been meant by a path that is no number.
pub fn known(case: &Case, path: &str) -> String {
    let paths = case.inputs.iter().map(|i| i.path.as_str());
    let known: Vec<&str> = view::EQUATIONS.iter().map(|e| e.path).chain(paths).collect();
    match closest(path, known.iter().copied()) {
        Some(path) => format!("did you mean `{path}`?"),
        None => {
            let heads: Vec<&str> = view::EQUATIONS.iter().map(|e| e.path).collect();
            format!("one of: {}, or the path of an input", heads.join(", "))
        }
    }
}

/// A scale as JSON: an open end is `null`.
fn finite((lo, hi): (f64, f64)) -> [Option<f64>; 2] {
    [Some(lo).filter(|x| x.is_finite()), Some(hi).filter(|x| x.is_finite())]
}

/// The value at a dotted path; rows of a list go by their `issue`, `actor`, `name`, `date`, `path`,
/// `event` or `option`, or by their index.
fn lookup(json: &Value, path: &str) -> Option<Value> {
    let mut at = json;
    let mut rest = path;
    while !rest.is_empty() {
        let (key, tail) = rest.split_once('.').unwrap_or((rest, ""));
        match at {
            Value::Array(rows) => {
                let names = ["issue", "actor", "name", "date", "path", "event", "option"];
                // A row's own name may hold dots.
                let named = rows.iter().find_map(|row| {
                    let name = names.iter().find_map(|n| row.get(n)?.as_str())?;
                    let tail = rest.strip_prefix(name)?;
                    (tail.is_empty() || tail.starts_with('.')).then_some((row, tail))
                });
                match named {
                    Some((row, tail)) => {
                        at = row;
                        rest = tail.trim_start_matches('.');
                    }
                    None => {
                        at = rows.get(key.parse::<usize>().ok()?)?;
                        rest = tail;
                    }
                }
            }
            other => {
                at = other.get(key)?;
                rest = tail;
            }
        }
    }
    Some(at.clone())
}
