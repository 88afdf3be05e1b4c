//! `winset blockers`, `winset when` and `winset explain`: one forecast, asked more closely.

use std::io::Write;

use winset_brief::why as view;
use winset_model::case::{CalendarKind, Case, Ending};
use winset_model::forecast::{Endings, Forecast, PromiseRow, promises};

use crate::cli::ForecastArgs;
use crate::exit::Failure;
use crate::{forecast, input};
use winset::views;

/// Draws of the forecasts that are only compared: enough for whole points.
const COMPARED: u64 = 2_000;

/// `winset explain`
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct ExplainArgs {
    /// A number of the output (answer.p, zone.p, terms.ISSUE, blockers.ACTOR, endings.force,
    /// coefficients.base …) or an input (sides.us.discount)
    pub(crate) path: String,
    #[command(flatten)]
    pub(crate) forecast: ForecastArgs,
}

/// Who blocks, by intervention; what cannot hold together; what would open the zone.
pub(crate) fn blockers(args: &ForecastArgs) -> anyhow::Result<()> {
    let loaded = input::case(&args.case, args.json)?;
    let (f, interrupted) = forecast::compute(&loaded.case, args)?;
    let mut out = std::io::stdout().lock();
    if args.json {
        let report = serde_json::json!({
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
        });
        serde_json::to_writer_pretty(&mut out, &report)?;
        writeln!(out)?;
    } else {
        let v = views::view_of(&loaded.case, &f);
        out.write_all(view::blockers(&v).as_bytes())?;
    }
    finish(interrupted)
}

fn finish(interrupted: bool) -> anyhow::Result<()> {
    if interrupted { Err(Failure::Interrupted.into()) } else { Ok(()) }
}

/// P(agreement by a day), endings, what each day contributes, promises and force.
pub(crate) fn when(args: &ForecastArgs) -> anyhow::Result<()> {
    let loaded = input::case(&args.case, args.json)?;
    let case = &loaded.case;
    let (f, interrupted) = forecast::compute(case, args)?;
    let relied = promises(case, args.seed, args.draws.min(1_000));
    let compared = ForecastArgs { draws: args.draws.min(COMPARED), ..args.clone() };
    let without = without_force(case, &compared)?;
    let dates = dates(case, &f);
    let mut out = std::io::stdout().lock();
    if args.json {
        let report = serde_json::json!({
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
            "dates": dates.iter().map(|d| serde_json::json!({
                "id": d.id, "date": d.date, "kind": d.kind, "day_share": d.share,
            })).collect::<Vec<_>>(),
            "promises": relied,
            "force": f.force,
            "without_force": without.iter().map(|w| serde_json::json!({
                "option": w.option, "answer": w.with, "without": w.without, "draws": compared.draws,
                "endings": { "with": w.endings[0], "without": w.endings[1] },
                "terms": w.terms.iter().map(|t| serde_json::json!({
                    "issue": t.0, "with": t.1, "without": t.2,
                })).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
        });
        serde_json::to_writer_pretty(&mut out, &report)?;
        writeln!(out)?;
    } else {
        let v = views::view_of(case, &f);
        let rows = relied.iter().map(|r| promise_row(case, r)).collect();
        let when = view::When {
            endings: f
                .endings_by_day
                .iter()
                .map(|e| [e.agreement, e.interim, e.breakdown, e.force, e.suspension])
                .collect(),
            bands: f.agreement.iter().map(|a| (a.lo, a.hi)).collect(),
            days: f.agreement.iter().map(|a| a.date.to_string()).collect(),
            dates: dates
                .into_iter()
                .map(|d| view::DateMark {
                    name: d.name,
                    date: d.date,
                    kind: d.kind,
                    share: d.share,
                })
                .collect(),
            promises: rows,
            force: f
                .force
                .iter()
                .filter_map(|row| {
                    let w = without.iter().find(|w| w.option == row.option)?;
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
        };
        out.write_all(view::when(&v, &when).as_bytes())?;
    }
    finish(interrupted)
}

/// Each ending's name and share with a force option and without it.
fn with_and_without([with, without]: &[Endings; 2]) -> Vec<(String, f64, f64)> {
    let row = |e: &Ending| (e.name().to_owned(), with.get(*e), without.get(*e));
    Ending::ALL.iter().map(row).chain([("open".to_owned(), with.open, without.open)]).collect()
}

struct Date {
    id: String,
    name: String,
    date: String,
    kind: &'static str,
    /// What that day alone adds to P(agreement).
    share: f64,
}

/// The calendar's entries within the horizon, and what each day adds.
fn dates(case: &Case, f: &Forecast) -> Vec<Date> {
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

struct Without {
    option: String,
    name: String,
    with: f64,
    without: f64,
    endings: [Endings; 2],
    terms: Vec<(String, Option<f64>, Option<f64>)>,
}

/// The forecast with each force option taken away, on the same random numbers.
fn without_force(case: &Case, args: &ForecastArgs) -> anyhow::Result<Vec<Without>> {
    use winset_model::case::ForceKind;
    let options: Vec<(String, String)> = case
        .force
        .iter()
        .filter(|f| matches!(f.kind, ForceKind::Choice { .. }))
        .map(|f| (f.id.clone(), f.name.clone()))
        .collect();
    if options.is_empty() {
        return Ok(Vec::new());
    }
    let with = forecast::compute(case, args)?.0;
    options
        .into_iter()
        .map(|(option, name)| {
            let mut changed = case.clone();
            changed.force.retain(|f| f.id != option);
            let f = forecast::compute(&changed, args)?.0;
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

/// What a number is: equation, citation, inputs, value.
pub(crate) fn explain(args: &ExplainArgs) -> anyhow::Result<()> {
    let f = &args.forecast;
    let loaded = input::case(&f.case, f.json)?;
    let case = &loaded.case;
    let mut out = std::io::stdout().lock();
    if let Some(input) = case.inputs.iter().find(|i| i.path == args.path) {
        let notes: Vec<(String, String)> = input
            .rests_on
            .iter()
            .map(|id| {
                let note = case.notes.iter().find(|n| n.0 == *id).map(|n| n.1.clone());
                let entry = loaded.record.entries.iter().find(|e| e.id == *id);
                let said = entry.map(|e| {
                    let grade = e.grade.map_or_else(|| "ungraded".to_owned(), |g| g.to_string());
                    format!("{} ({}, {grade})", e.text, e.source)
                });
                (id.clone(), note.or(said).unwrap_or_default())
            })
            .collect();
        let q = |u| input.dist.quantile(u, input.scale);
        let quantiles = [q(0.05), q(0.5), q(0.95)];
        let about = winset_files::case::grammar::pattern(&input.path)
            .map_or_else(String::new, |key| key.meaning.to_owned());
        if f.json {
            let report = serde_json::json!({
                "schema": "winset/explain/1", "path": input.path, "kind": "input",
                "meaning": about, "quantiles": quantiles, "scale": finite(input.scale),
                "written": input.written,
                "rests_on": notes.iter().map(|n| serde_json::json!({"id": n.0, "text": n.1}))
                    .collect::<Vec<_>>(),
            });
            serde_json::to_writer_pretty(&mut out, &report)?;
            writeln!(out)?;
        } else {
            let text = view::input(&input.path, &about, quantiles, input.written, &notes);
            out.write_all(text.as_bytes())?;
        }
        return Ok(());
    }
    let Some(entry) = view::equation(&args.path) else {
        let paths = case.inputs.iter().map(|i| i.path.as_str());
        let known: Vec<&str> = view::EQUATIONS.iter().map(|e| e.path).chain(paths).collect();
        let hint = winset_files::diagnostic::closest(&args.path, known.iter().copied());
        let hint = match hint {
            Some(path) => format!("did you mean `{path}`?"),
            None => {
                let heads: Vec<&str> = view::EQUATIONS.iter().map(|e| e.path).collect();
                format!("one of: {}, or the path of an input", heads.join(", "))
            }
        };
        return Err(
            Failure::Usage(format!("`{}` is no number of the output; {hint}", args.path)).into()
        );
    };
    let (computed, interrupted) = forecast::compute(case, f)?;
    let json = serde_json::to_value(&computed)?;
    let value = lookup(&json, &args.path);
    let Some(value) = value else {
        return Err(Failure::Usage(format!(
            "`{}` is not in the forecast of this case; its pattern is `{}`",
            args.path, entry.path
        ))
        .into());
    };
    let inputs: Vec<(String, f64)> = case
        .inputs
        .iter()
        .filter(|i| entry.inputs.iter().any(|head| i.path.starts_with(head)))
        .map(|i| (i.path.clone(), i.dist.central(i.scale)))
        .collect();
    if f.json {
        let report = serde_json::json!({
            "schema": "winset/explain/1", "path": args.path, "kind": "output", "value": value,
            "meaning": entry.meaning, "equation": entry.equation, "citation": entry.citation,
            "inputs": inputs.iter().map(|i| serde_json::json!({"path": i.0, "central": i.1}))
                .collect::<Vec<_>>(),
        });
        serde_json::to_writer_pretty(&mut out, &report)?;
        writeln!(out)?;
    } else {
        // A row or a whole object is read line by line.
        let shown = serde_json::to_string_pretty(&value)?;
        out.write_all(view::output(&args.path, entry, &shown, &inputs).as_bytes())?;
    }
    finish(interrupted)
}

/// A scale as JSON: an open end is `null`.
fn finite((lo, hi): (f64, f64)) -> [Option<f64>; 2] {
    [Some(lo).filter(|x| x.is_finite()), Some(hi).filter(|x| x.is_finite())]
}

/// The value at a dotted path; rows of a list go by their `issue`, `actor`, `name`, `date`, `path`,
/// `event` or `option`, or by their index.
fn lookup(json: &serde_json::Value, path: &str) -> Option<serde_json::Value> {
    let mut at = json;
    let mut rest = path;
    while !rest.is_empty() {
        let (key, tail) = rest.split_once('.').unwrap_or((rest, ""));
        match at {
            serde_json::Value::Array(rows) => {
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
