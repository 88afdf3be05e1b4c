//! The brief of a case: every value it shows, computed and given the names people read.
//!
//! The text, the page and the JSON are made of the [`Brief`] by [`compose()`].

mod basis;
mod command;
mod compose;
mod evidence;
mod figures;
mod names;
mod sections;
mod standards;
mod variants;
mod view;
mod words;

pub use compose::compose;
use figures::deal_map as map_figure;
pub use figures::figures;
pub use view::*;

use std::sync::atomic::AtomicBool;

use winset_files::case::Loaded;
use winset_files::log::Log;
use winset_model::case::{COEFFICIENTS, CalendarKind, Case, InputId};
use winset_model::effort::Effort;
use winset_model::explain::groups::By;
use winset_model::explain::{drivers, flip};
use winset_model::forecast::{Forecast, References, references};
use winset_page::chart::Figure;
use winset_page::document::Document;

use crate::confidence;
use crate::drivers::{FlipRow, Report, VERIFY, flip_report, report};
use crate::forecast::{dates, event};
use crate::moved::{History, Moved};
pub use command::Asked;
use names::Names;

/// How a brief is made.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Draws of each forecast that is only compared.
    pub compared: u64,
    /// Draws behind the leverage of each input; 0 weighs the calendar's constants only.
    pub leverage: u64,
    /// How many threads; nothing depends on it.
    pub threads: usize,
    /// Whether sources and the names of actors are hidden.
    pub redact: bool,
    /// The command that gives the same brief.
    pub command: String,
}

/// What a brief says of the past, where it is known.
#[derive(Clone, Debug, Default)]
pub struct Past<'a> {
    /// The log of the case.
    pub log: Option<&'a Log>,
    /// What moved the number since an earlier day.
    pub changed: Option<Change>,
    /// The number on earlier days.
    pub history: Vec<DateRow>,
}

/// Makes the brief of a forecast. Setting `stop` ends the comparisons early, with fewer rows.
pub fn brief(
    loaded: &Loaded,
    forecast: &Forecast,
    past: Past<'_>,
    settings: &Settings,
    stop: &AtomicBool,
) -> Brief {
    let (case, f) = (&loaded.case, forecast);
    let names = Names::new(case, settings.redact);
    let references = references(case);
    let council = case.sides.len() == 1;
    let event = event(case);
    let compare = variants::Compare::new(case, f, settings, stop);
    let openings = openings(case, &names, f);
    let driven = driven(case, f, settings, stop);
    let judgement = driven.as_ref().and_then(|d| d.judgement_share);
    let mut b = Brief {
        schema: "winset/brief/1",
        title: names.text(&case.title),
        as_of: f.as_of.to_string(),
        question: Question {
            text: names.text(&case.question.text),
            yes: names.text(&case.question.yes),
            by: f.question.by.to_string(),
            event: counted(case, event),
        },
        redacted: settings.redact,
        council,
        answer: Estimate { p: f.answer.p, lo: f.answer.lo, hi: f.answer.hi, mcse: f.answer.mcse },
        changed: past.changed.map(|c| names.change(c)),
        dates: dates(case, f),
        days: days(f),
        history: past.history,
        endings: endings(case, f, event),
        zone: Zone { p: f.zone.p, mcse: f.zone.mcse, closed: f.closed },
        members: members(case, &names, f),
        conflicts: f
            .conflicts
            .iter()
            .take(CONFLICTS)
            .map(|c| Conflict {
                demands: c.constraints.iter().map(|p| names.demand(p)).collect(),
                share: c.share,
            })
            .collect(),
        openings,
        force: f
            .force
            .iter()
            .map(|r| Share { name: names.force(&r.option), p: r.credible })
            .collect(),
        events: f.events.iter().map(|e| Share { name: names.force(&e.event), p: e.p }).collect(),
        terms: terms(case, &names, f),
        packages: packages(case, &names),
        alternatives: variants::alternatives(&compare, &names, &references),
        indicators: variants::indicators(&compare, &names, f),
        assumptions: driven
            .as_ref()
            .map_or_else(|| assumptions(&names, f), |d| inputs(case, &names, d)),
        leverage: driven.as_ref().map(leverage),
        enough: enough(case, &names, f, settings, stop),
        confidence: assessed(loaded, f, (&references, judgement), settings, stop),
        method: Method {
            draws: f.draws,
            compared: compare.draws(),
            seed: f.seed,
            settings: CALENDAR_SETTINGS,
            horizon: f.agreement.len(),
            fingerprint: f.fingerprint.clone(),
            version: f.version.to_owned(),
            command: settings.command.clone(),
        },
        calendar: calendar(case, &names),
        ..Brief::default()
    };
    evidence::fill(&mut b, loaded, &names, f);
    b.score = past.log.and_then(|log| evidence::score(log, case));
    b
}

/// What moved the number, as a brief says it: the differences are those of `moved`, the later
/// answer is that of the brief, so that its numbers fit together.
pub fn changed(moved: &Moved, answer: f64) -> Change {
    Change {
        from: moved.from.date.to_string(),
        p_from: (answer - moved.total).clamp(0.0, 1.0),
        p_to: answer,
        time: Some(moved.time.part),
        news: moved
            .entries
            .iter()
            .map(|n| News {
                seen: n.seen.to_string(),
                speaker: n.speaker.clone(),
                text: n.text.clone(),
                said: !n.entries.is_empty(),
                part: Some(n.part),
            })
            .collect(),
    }
}

/// The number on earlier days, for the chart: moved so that the last day has the brief's answer, which
/// rests on more draws.
pub fn history(h: &History, answer: f64) -> Vec<DateRow> {
    let shift = h.days.last().map_or(0.0, |d| answer - d.p);
    let at = |p: f64| (p + shift).clamp(0.0, 1.0);
    h.days
        .iter()
        .map(|d| DateRow {
            date: d.date.to_string(),
            p: at(d.p),
            lo: at(d.lo),
            hi: at(d.hi),
            asked: false,
        })
        .collect()
}

/// Rarer sets are in the forecast; with many members there are thousands.
const CONFLICTS: usize = 20;

/// Settings of the calendar's constants behind the interval of the odds.
const CALENDAR_SETTINGS: usize = 20;

/// The endings that count, as a noun.
fn counted(case: &Case, event: &str) -> String {
    use winset_model::case::Ending;
    let noun = |e: &Ending| match e {
        Ending::Agreement => event,
        Ending::Interim => "an interim understanding",
        Ending::Breakdown => "a breakdown",
        Ending::Force => "the use of force",
        Ending::Suspension => "a suspension",
    };
    case.question.counts.iter().map(noun).collect::<Vec<_>>().join(" or ")
}

fn days(f: &Forecast) -> Vec<DayRow> {
    f.agreement
        .iter()
        .zip(&f.endings_by_day)
        .map(|(a, e)| DayRow {
            date: a.date.to_string(),
            p: a.p,
            lo: a.lo,
            hi: a.hi,
            other: [e.interim, e.breakdown, e.force, e.suspension],
        })
        .collect()
}

fn endings(case: &Case, f: &Forecast, event: &str) -> Vec<Share> {
    let e = &f.endings;
    let rows = [
        (event, e.agreement),
        ("an interim understanding", e.interim),
        ("breakdown", e.breakdown),
        ("force", e.force),
        ("suspension", e.suspension),
        ("still open", e.open),
    ];
    // Where the case knows no force, nobody asks about it.
    rows.into_iter()
        .filter(|(name, _)| *name != "force" || !case.force.is_empty())
        .map(|(name, p)| Share { name: name.to_owned(), p })
        .collect()
}

fn members(case: &Case, names: &Names<'_>, f: &Forecast) -> Vec<Member> {
    f.blockers
        .iter()
        .map(|m| Member {
            name: names.actor(&m.actor),
            side: names.side(&m.side),
            role: case
                .actors
                .iter()
                .find(|a| a.id == m.actor)
                .map_or_else(String::new, |a| a.role.name().to_owned()),
            block: m.block,
            walk: m.walk,
            power: m.banzhaf,
        })
        .collect()
}

/// Changes that open at least half a point more, the widest first.
fn openings(case: &Case, names: &Names<'_>, f: &Forecast) -> Vec<Opening> {
    f.opens
        .iter()
        .filter(|o| o.zone_without >= f.zone.p + 0.005)
        .map(|o| {
            let issue =
                o.path.rsplit('.').next().and_then(|j| case.issues.iter().find(|i| i.id == j));
            let red = o.path.starts_with("actors.");
            let mark = |x: f64| issue.filter(|_| red).and_then(|i| nearest(names, &i.marks, x));
            Opening {
                what: names.lever(&o.path),
                from: o.from,
                from_mark: mark(o.from),
                to: o.to,
                to_mark: mark(o.to),
                zone: o.zone,
                zone_without: o.zone_without,
            }
        })
        .collect()
}

fn nearest(names: &Names<'_>, marks: &[(f64, String)], x: f64) -> Option<Mark> {
    marks
        .iter()
        .min_by(|a, b| (a.0 - x).abs().total_cmp(&(b.0 - x).abs()))
        .map(|(at, text)| Mark { at: *at, text: names.text(text) })
}

fn terms(case: &Case, names: &Names<'_>, f: &Forecast) -> Vec<Terms> {
    let central = |id: InputId| {
        let input = case.input(id);
        input.dist.central(input.scale)
    };
    case.issues
        .iter()
        .enumerate()
        .zip(&f.terms)
        .map(|((j, issue), row)| {
            let quantiles = row.q05.zip(row.q50).zip(row.q95).map(|((a, b), c)| [a, b, c]);
            let positions = case.actors.iter().filter_map(|a| {
                let m = a.member.as_ref()?;
                Some(Position {
                    name: names.actor(&a.id),
                    side: names.side(&case.sides[m.side].id),
                    ideal: central(m.ideal[j].input),
                    least: m.red_min[j].map(central),
                    most: m.red_max[j].map(central),
                })
            });
            Terms {
                issue: names.clip(&names.text(&issue.name)),
                scale: [issue.scale.0, issue.scale.1],
                now: central(issue.now),
                quantiles,
                near: quantiles.map(|q| q.map(|x| nearest(names, &issue.marks, x))),
                sides: stands(case, names, j),
                marks: issue
                    .marks
                    .iter()
                    .map(|(at, text)| Mark { at: *at, text: names.text(text) })
                    .collect(),
                positions: positions.collect(),
            }
        })
        .collect()
}

/// The map of packages at central values, where two negotiators face each other.
pub fn deal_map(case: &Case) -> Option<Figure> {
    let packages = packages(case, &Names::new(case, false))?;
    let source = format!(
        "winset {}, every input at its central value, case {:.12}",
        winset_model::forecast::VERSION,
        case.fingerprint()
    );
    Some(map_figure(&packages, "packages", &source))
}

/// The packages at central values, thinned to what a drawing can show.
fn packages(case: &Case, names: &Names<'_>) -> Option<Packages> {
    let map = crate::deals::map(case)?;
    let side = |k: &usize| names.side(&case.sides[*k].id);
    let ratified = map.packages.iter().filter(|p| p.1).count();
    let ends = |k: usize| {
        let all = map.packages.iter().map(|p| p.0[k]);
        (all.clone().fold(f64::MAX, f64::min), all.fold(f64::MIN, f64::max))
    };
    let (x, y) = (ends(0), ends(1));
    let place = |at: [f64; 2]| {
        let cell = |v: f64, (lo, hi): (f64, f64)| ((v - lo) / (hi - lo) * PLACES).round() as i64;
        [cell(at[0], x), cell(at[1], y)]
    };
    let rounded = |at: [f64; 2]| at.map(|v| (v * 1e4).round() / 1e4);
    let thinned = |zone: bool| {
        let here = map.packages.iter().filter(|p| p.1 == zone);
        let cells: std::collections::BTreeMap<[i64; 2], [f64; 2]> =
            here.map(|p| (place(p.0), rounded(p.0))).collect();
        cells.into_values().collect()
    };
    let terms = |values: &[f64]| {
        let one = |(j, x): (&winset_model::case::Issue, &f64)| {
            format!("{} {}", names.issue(&j.id), winset_page::text::short(*x))
        };
        case.issues.iter().zip(values).map(one).collect::<Vec<_>>().join(", ")
    };
    Some(Packages {
        sides: map.sides.map(|k| side(&k)),
        count: map.packages.len(),
        ratified,
        no_deal: rounded(map.no_deal),
        others: thinned(false),
        zone: thinned(true),
        frontier: map.frontier.iter().map(|p| rounded(*p)).collect(),
        chosen: map
            .chosen
            .iter()
            .map(|c| Chosen {
                solutions: c.solutions.join(" and "),
                at: rounded(c.at),
                terms: terms(&c.terms),
                refused: c.refused.iter().map(side).collect(),
            })
            .collect(),
    })
}

/// Places along each axis of the drawing of packages.
const PLACES: f64 = 120.0;

/// What each side wants on an issue: its negotiator, else its first member.
fn stands(case: &Case, names: &Names<'_>, issue: usize) -> Vec<Stand> {
    case.sides
        .iter()
        .filter_map(|side| {
            let who = side.negotiator.or(side.members.first().copied())?;
            let ideal = case.actors.get(who)?.member.as_ref()?.ideal.get(issue)?;
            let input = case.input(ideal.input);
            let q = |u| input.dist.quantile(u, input.scale);
            Some(Stand { side: names.side(&side.id), ideal: [q(0.05), q(0.5), q(0.95)] })
        })
        .collect()
}

fn calendar(case: &Case, names: &Names<'_>) -> Vec<Dated> {
    let kind = |k: &CalendarKind| match k {
        CalendarKind::Start { .. } => "start",
        CalendarKind::Round { .. } => "round",
        CalendarKind::Deadline { hard: false } => "deadline",
        CalendarKind::Deadline { hard: true } => "hard deadline",
    };
    case.calendar
        .iter()
        .map(|e| Dated {
            date: e.on.to_string(),
            name: names.date(&e.id),
            kind: kind(&e.kind).to_owned(),
        })
        .collect()
}

fn assumptions(names: &Names<'_>, f: &Forecast) -> Vec<Assumption> {
    let mut rows: Vec<Assumption> = f
        .coefficients
        .iter()
        .map(|c| Assumption {
            name: names.input(&format!("constants.{}", c.name)),
            value: c.value,
            range: c.range,
            unit: c.unit.to_owned(),
            source: names.support(&c.source),
            effect: c.effect,
            tried: "halved, raised by half",
            variance: None,
        })
        .collect();
    let size = |a: &Assumption| a.effect[0].abs().max(a.effect[1].abs());
    rows.retain(|a| size(a) >= 0.0005);
    rows.sort_by(|a, b| size(b).total_cmp(&size(a)));
    rows
}

/// Inputs whose leverage is shown.
const LEADING: usize = 8;

/// What drives the answer; `None` where nobody asked or it was stopped.
fn driven(case: &Case, f: &Forecast, settings: &Settings, stop: &AtomicBool) -> Option<Report> {
    if settings.leverage == 0 {
        return None;
    }
    let own =
        drivers::Settings { by: By::Input, draws: settings.leverage, top: LEADING, seed: f.seed };
    let effort = Effort::silent(settings.threads, stop);
    let report = report(case, &own, effort);
    (!report.interrupted && report.answer.p.is_some()).then_some(report)
}

/// The meaning of a constant without its symbol.
fn plain(name: String) -> String {
    match name.rsplit_once(" (") {
        Some((meaning, symbol))
            if COEFFICIENTS.iter().any(|c| symbol == format!("{})", c.name)) =>
        {
            meaning.to_owned()
        }
        _ => name,
    }
}

/// The leading inputs as assumptions, the largest change first.
fn inputs(case: &Case, names: &Names<'_>, d: &Report) -> Vec<Assumption> {
    let p = d.answer.p.unwrap_or_default();
    let source = |path: &str| {
        let constant = path.strip_prefix("constants.");
        match COEFFICIENTS.iter().find(|c| constant == Some(c.name)) {
            Some(c) => names.support(c.source),
            None => behind(case, names, path),
        }
    };
    d.tornado
        .iter()
        .map(|bar| {
            let part = d.sobol.iter().find(|s| s.path.as_ref() == Some(&bar.path));
            let input = case.inputs.iter().find(|i| i.path == bar.path);
            Assumption {
                name: plain(names.input(&bar.path)),
                value: input.map_or(bar.low, |i| i.dist.central(i.scale)),
                range: [bar.low, bar.high],
                unit: String::new(),
                source: if bar.judgement { "judgement".to_owned() } else { source(&bar.path) },
                effect: [bar.p_low - p, bar.p_high - p],
                tried: "at 10 %, at 90 % of its range",
                variance: part
                    .map(|s| [s.total, s.total_lo, s.total_hi].map(|x| x.clamp(0.0, 1.0))),
            }
        })
        .collect()
}

/// The entries an input rests on; else the notes do.
fn behind(case: &Case, names: &Names<'_>, path: &str) -> String {
    let input = case.inputs.iter().find(|i| i.path == path);
    let rests_on = input.map_or(&[][..], |i| &i.rests_on);
    let noted = |id: &str| case.notes.iter().any(|(note, _)| note == id);
    let entries: Vec<&str> = rests_on.iter().filter(|r| !noted(r)).map(String::as_str).collect();
    match entries.as_slice() {
        [] => "a note of the case".to_owned(),
        _ if names.redacted() => "the record".to_owned(),
        _ => format!("the record: {}", entries.join(", ")),
    }
}

/// What would take the answer across even odds; `None` where nobody asked or it was stopped.
fn enough(
    case: &Case,
    names: &Names<'_>,
    f: &Forecast,
    settings: &Settings,
    stop: &AtomicBool,
) -> Option<Enough> {
    if settings.leverage == 0 {
        return None;
    }
    let own = flip::Settings {
        p: EVEN,
        draws: settings.leverage.div_ceil(VERIFY),
        verify: settings.leverage,
        top: LEADING,
        joint: TOGETHER,
        seed: f.seed,
    };
    let effort = Effort::silent(settings.threads, stop);
    let report = flip_report(case, &own, effort);
    if report.interrupted || report.answer.p.is_none_or(|p| (p < EVEN) != (f.answer.p < EVEN)) {
        return None;
    }
    let row = |row: &FlipRow| Flip {
        changes: row
            .changes
            .iter()
            .map(|c| Shift { name: plain(names.input(&c.path)), from: c.from, to: c.to })
            .collect(),
        p: row.p,
    };
    Some(Enough {
        threshold: EVEN,
        tried: report.tried,
        draws: report.answer.draws,
        single: report.single.iter().find(|r| r.across).map(row),
        joint: report.joint.as_ref().filter(|r| r.across).map(row),
    })
}

/// Where yes becomes likelier than no.
const EVEN: f64 = 0.5;

/// At most so many inputs are changed together.
const TOGETHER: usize = 4;

fn leverage(d: &Report) -> Leverage {
    let share = d.judgement_share.zip(d.judgement_lo).zip(d.judgement_hi);
    Leverage {
        draws: d.answer.draws,
        rows: d.rows,
        inputs: d.inputs,
        judgement: share.map(|((a, b), c)| [a, b, c]),
        judged: d.judgement_inputs,
    }
}

fn assessed(
    loaded: &Loaded,
    f: &Forecast,
    (references, judgement): (&References, Option<f64>),
    settings: &Settings,
    stop: &AtomicBool,
) -> Confidence {
    let a = confidence::suggest(loaded, f, references, judgement, settings.threads, stop);
    let reason = |r: &winset_model::score::Reason| Reason {
        level: r.level.word().to_owned(),
        text: r.text.clone(),
        caps: r.caps,
    };
    Confidence {
        level: a.level().word().to_owned(),
        reasons: a.reasons.iter().map(reason).collect(),
    }
}

/// The brief as JSON, the schema line first.
///
/// # Errors
/// Whatever the serialiser says; there is no value of a [`Brief`] it should refuse.
pub fn json(brief: &Brief) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(brief)
}

/// The brief as one HTML file, its values embedded as JSON.
///
/// # Errors
/// As [`json`].
pub fn html(brief: &Brief) -> Result<String, serde_json::Error> {
    let values = Some(serde_json::to_string(brief)?);
    Ok(winset_page::document::html(&Document { values, ..compose(brief) }))
}

/// The brief as Markdown.
pub fn markdown(brief: &Brief) -> String {
    winset_page::document::markdown(&compose(brief))
}
