//! The brief of a case: every value it shows, computed and given the names people read.
//!
//! The text, the page and the JSON are made of the [`Brief`] by [`compose()`].

mod basis;
mod command;
mod compose;
mod evidence;
mod figures;
mod front;
mod packages;
mod sections;
mod standards;
mod variants;
mod view;
mod words;

pub use compose::compose;
pub use evidence::{
    BeliefPath, Frequency, GradeCount, NoteRow, PathDay, RecordLine, ReliabilityRow, ResolvedMean,
    ScoreSoFar, SourceRow, WeighedStatement,
};
pub use figures::figures;
pub use packages::{PackagePlane, SolutionPackage, deal_map, linked_deal_map};
pub use variants::{Alternative, Indicator};
pub use view::*;

use std::sync::atomic::AtomicBool;

use winset_files::case::ResolvedCase;
use winset_files::log::Log;
use winset_methods::stability::ResponseRule;
use winset_model::case::{COEFFICIENTS, CalendarKind, Case};
use winset_model::effort::Effort;
use winset_model::explain::drivers::{JudgementShare, Ranking, ranking};
use winset_model::explain::groups::By;
use winset_model::explain::{drivers, flip};
use winset_model::forecast::{
    CLOCK_NODES, CoefficientRow, DatedOdds, Forecast, PeopleDeals, References, people_deals,
    references,
};
use winset_model::support::Basis;
use winset_page::document::Document;

use crate::confidence;
use crate::drivers::DriversReport;
use crate::flip::ChangeRow;
use crate::forecast::sections::ClassShares;
use crate::forecast::{self, Assumption, DateRow};
use crate::history::HistoryReport;
use crate::moved::MovedReport;
use crate::names::{self, Names};
use crate::stability::{self, StabilityReport};
pub use command::BriefCommand;

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
    /// The marking of every page: who may read it.
    pub marking: Option<String>,
    /// The command that gives the same brief.
    pub command: String,
}

/// What a brief says of the past, where it is known.
#[derive(Clone, Debug, Default)]
pub struct Past<'a> {
    /// The log of the case.
    pub log: Option<&'a Log>,
    /// What moved the number since an earlier day.
    pub changed: Option<NumberChange>,
    /// The number on earlier days.
    pub history: Vec<DateRow>,
}

/// Makes the brief of a forecast. Setting `stop` ends the comparisons early, with fewer rows.
pub fn brief(
    loaded: &ResolvedCase,
    f: &Forecast,
    past: Past<'_>,
    settings: &Settings,
    stop: &AtomicBool,
) -> Brief {
    let case = &loaded.case;
    let names = match settings.redact {
        true => Names::redacted(case, &loaded.record),
        false => Names::new(case),
    };
    let references = references(case);
    let compare = variants::Compare::new(case, f, settings, stop);
    let ranked = (settings.leverage > 0)
        .then(|| ranking(case, f.seed, Effort::silent(settings.threads, stop)))
        .flatten();
    let driven = driven(case, f, settings, ranked.as_ref(), stop);
    let judged = confidence::judgement(case, f, settings.threads, stop);
    let mut b = Brief {
        schema: "winset/brief/1",
        title: names.text(&case.title),
        as_of: f.as_of.to_string(),
        question: BriefQuestion {
            text: names.text(&case.question.text),
            yes: names.text(&case.question.yes),
            by: f.question.by.to_string(),
            event: names.text(&names::counted(case)),
            agreement: names::event(case).to_owned(),
            endings: (f.question.counts.iter())
                .map(|e| names::ending(case, Some(*e)).to_owned())
                .collect(),
        },
        redacted: settings.redact,
        marking: settings.marking.clone(),
        council: names::is_council(case),
        answer: f.answer.odds,
        class: ClassShares {
            group: f.class.group.clone().filter(|_| !names.is_redacted()),
            ..forecast::class(&names, f)
        },
        changed: past.changed.map(|c| without_names(&names, c)),
        dates: forecast::dates(case, f),
        days: days(f),
        history: past.history,
        endings: forecast::endings(case, f),
        zone: forecast::zone(f),
        members: forecast::members(&names, f),
        conflicts: forecast::conflicts(&names, f).into_iter().take(CONFLICTS).collect(),
        openings: forecast::openings(&names, f),
        force: forecast::force(&names, f),
        events: forecast::events(&names, f),
        terms: forecast::terms(&names, f),
        packages: packages::packages(case, &names),
        people: people(case, &names, f, settings, stop),
        alternatives: variants::alternatives(&compare, &names, &references),
        indicators: variants::indicators(&compare, &names, f),
        assumptions: driven
            .as_ref()
            .map_or_else(|| forecast::constants(&names, f), |d| inputs(case, &names, d)),
        leverage: driven.as_ref().map(|d| leverage(d, judged)),
        enough: enough((case, &names), f, settings, ranked.as_ref(), stop),
        confidence: assessed(loaded, f, &references, judged),
        method: BriefMethod {
            draws: f.draws,
            compared: compare.draws(),
            seed: f.seed,
            settings: CLOCK_NODES,
            horizon: f.curve().len(),
            points: f.points,
            fingerprint: f.fingerprint.clone(),
            version: f.version.to_owned(),
            command: settings.command.clone(),
        },
        calendar: calendar(case, &names),
        ..Brief::default()
    };
    b.without_deal = without_deal(&names, f, settings, stop);
    evidence::fill(&mut b, loaded, &names, f);
    b.score = past.log.and_then(|log| evidence::score(log, case));
    b
}

/// Words of a case that a redacted brief, as it was written, still holds and that may name somebody:
/// with a capital, in a script without case, or derived from a hidden name. In order, each once.
pub fn left(loaded: &ResolvedCase, written: &[String]) -> Vec<String> {
    let names = Names::redacted(&loaded.case, &loaded.record);
    let texts = names::texts(&loaded.case, &loaded.record);
    let written = written.iter().map(String::as_str);
    names.redaction().map_or_else(Vec::new, |r| r.left(texts.into_iter(), written))
}

/// A change without what must not be shown.
fn without_names(names: &Names<'_>, mut c: NumberChange) -> NumberChange {
    for n in &mut c.news {
        if names.is_redacted() {
            n.text = String::new();
        }
        n.text = names.text(&n.text);
        n.speaker = n.speaker.take().map(|s| names.text(&s));
    }
    c
}

/// What moved the number, as a brief says it: the differences are those of `moved`, the later
/// answer is that of the brief, so that its numbers fit together.
pub fn changed(moved: &MovedReport, answer: f64) -> NumberChange {
    NumberChange {
        from: moved.from.date.to_string(),
        p_from: (answer - moved.total).clamp(0.0, 1.0),
        p_to: answer,
        time: Some(moved.time.part),
        time_error: Some(moved.time.se),
        news: moved
            .entries
            .iter()
            .map(|n| NewsItem {
                seen: n.seen.to_string(),
                speaker: n.speaker.clone(),
                text: n.text.clone(),
                recorded: !n.entries.is_empty(),
                part: Some(n.part),
                part_error: Some(n.se),
            })
            .collect(),
    }
}

/// The number on earlier days, for the chart: moved so that the last day has the brief's answer, which
/// rests on more draws.
pub fn history(h: &HistoryReport, answer: f64) -> Vec<DateRow> {
    let shift = h.days.last().map_or(0.0, |d| answer - d.p);
    let at = |p: f64| (p + shift).clamp(0.0, 1.0);
    h.days
        .iter()
        .map(|d| DateRow {
            odds: DatedOdds { date: d.date, p: at(d.p), lo: at(d.lo), hi: at(d.hi) },
            asked: false,
        })
        .collect()
}

/// What people do with the zones of the first draws of the forecast.
fn people(
    case: &Case,
    names: &Names<'_>,
    f: &Forecast,
    settings: &Settings,
    stop: &AtomicBool,
) -> Option<PeopleDeals> {
    let effort = Effort::silent(settings.threads, stop);
    let found = people_deals(case, f.seed, f.draws.min(PEOPLE), effort)?;
    (found.open > 0).then(|| crate::deals::named(&found, names))
}

/// Draws behind what people do: bands do not need more.
const PEOPLE: u64 = 200;

/// Rarer sets are in the forecast; with many members there are thousands.
const CONFLICTS: usize = 20;

fn days(f: &Forecast) -> Vec<DayRow> {
    f.curve()
        .iter()
        .zip(&f.endings_by_day)
        .map(|(a, e)| DayRow {
            odds: **a,
            agreement: e.agreement,
            other: [e.interim, e.breakdown, e.force, e.suspension],
            of_text: [e.rejected, e.lapsed, e.under_way],
        })
        .collect()
}

fn calendar(case: &Case, names: &Names<'_>) -> Vec<DatedEvent> {
    let kind = |k: &CalendarKind| match k {
        CalendarKind::Start { .. } => "start",
        CalendarKind::Round { .. } => "round",
        CalendarKind::Deadline { hard: false, .. } => "deadline",
        CalendarKind::Deadline { hard: true, .. } => "hard deadline",
    };
    case.calendar
        .iter()
        .map(|e| DatedEvent {
            date: e.on.to_string(),
            name: names.date(&e.id),
            kind: kind(&e.kind).to_owned(),
        })
        .collect()
}

/// What would hold without a deal; `None` where the case says nothing a side could do alone, or it was
/// stopped.
fn without_deal(
    names: &Names<'_>,
    f: &Forecast,
    settings: &Settings,
    stop: &AtomicBool,
) -> Option<StabilityReport> {
    let concepts = stability::concepts(stability::DEFAULT_CONCEPTS).ok()?;
    let asked = stability::StabilityAsk {
        concepts: &concepts,
        draws: settings.compared,
        seed: f.seed,
        coalitions: false,
        effort: Effort::silent(settings.threads, stop),
    };
    let report = stability::case_report(names, f, ResponseRule::default(), &asked).ok()?;
    (report.draws == settings.compared && report.states.0.len() > 1).then_some(report)
}

/// Inputs whose leverage is shown.
const LEADING: usize = 8;

/// What drives the answer; `None` where nobody asked or it was stopped.
fn driven(
    case: &Case,
    f: &Forecast,
    settings: &Settings,
    ranked: Option<&Ranking>,
    stop: &AtomicBool,
) -> Option<DriversReport> {
    let own = drivers::DriversSettings {
        by: By::Input,
        draws: settings.leverage,
        top: LEADING,
        seed: f.seed,
    };
    let effort = Effort::silent(settings.threads, stop);
    let report = crate::drivers::ask_ranked(case, &own, Some(ranked?), effort);
    (!report.interrupted && report.head.answer.p.is_some()).then_some(report)
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
fn inputs(case: &Case, names: &Names<'_>, d: &DriversReport) -> Vec<Assumption> {
    let p = d.head.answer.p.unwrap_or_default();
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
                row: CoefficientRow {
                    name: plain(names.meaning(&bar.path)),
                    value: input.map_or(bar.low, |i| i.dist.central(i.scale)),
                    range: [bar.low, bar.high],
                    unit: String::new(),
                    source: match bar.basis {
                        Basis::Judgement => bar.basis.word().to_owned(),
                        _ => source(&bar.path),
                    },
                    effect: [bar.p_low - p, bar.p_high - p],
                },
                tried: "at 10 %, at 90 % of its range",
                variance: part.map(|s| s.in_all().map(|x| x.clamp(0.0, 1.0))),
                effect_error: Some(bar.se),
            }
        })
        .collect()
}

/// The entries that are evidence of an input; else a note of the case is.
fn behind(case: &Case, names: &Names<'_>, path: &str) -> String {
    let input = case.inputs.iter().find(|i| i.path == path);
    let rests_on = input.map_or(&[][..], |i| &i.evidence);
    let noted = |id: &str| case.notes.iter().any(|(note, _)| note == id);
    let entries: Vec<&str> = rests_on.iter().filter(|r| !noted(r)).map(String::as_str).collect();
    match entries.as_slice() {
        [] => Basis::Source.word().to_owned(),
        _ if names.is_redacted() => Basis::Record.word().to_owned(),
        _ => format!("the record: {}", entries.join(", ")),
    }
}

/// The search for what would be enough takes so many times fewer draws than its verification, which has
/// few itself in a brief.
const SEARCHED: u64 = 4;

/// What would take the answer across even odds; `None` where nobody asked or it was stopped.
fn enough(
    (case, names): (&Case, &Names<'_>),
    f: &Forecast,
    settings: &Settings,
    ranked: Option<&Ranking>,
    stop: &AtomicBool,
) -> Option<EnoughToFlip> {
    let own = flip::FlipSettings {
        p: EVEN,
        draws: settings.leverage.div_ceil(SEARCHED),
        verify: settings.leverage,
        top: LEADING,
        joint: TOGETHER,
        seed: f.seed,
    };
    let effort = Effort::silent(settings.threads, stop);
    let report = crate::flip::ask_ranked(case, &own, Some(ranked?), effort);
    if report.interrupted || report.head.answer.p.is_none_or(|p| (p < EVEN) != (f.answer.p < EVEN))
    {
        return None;
    }
    let row = |row: &flip::Flip<ChangeRow>| EnoughChange {
        changes: row
            .changes
            .iter()
            .map(|c| InputShift { name: plain(names.meaning(&c.path)), from: c.from, to: c.to })
            .collect(),
        p: row.p,
    };
    Some(EnoughToFlip {
        threshold: EVEN,
        tried: report.tried,
        draws: report.head.answer.draws,
        single: report.single.iter().find(|r| r.across).map(row),
        joint: report.joint.as_ref().filter(|r| r.across).map(row),
    })
}

/// Where yes becomes likelier than no.
const EVEN: f64 = 0.5;

/// At most so many inputs are changed together.
const TOGETHER: usize = 4;

fn leverage(d: &DriversReport, judged: Option<JudgementShare>) -> LeverageBasis {
    LeverageBasis {
        draws: d.head.answer.draws,
        rows: d.rows,
        inputs: d.inputs,
        judgement: judged.map(|j| [j.share.value, j.share.lo, j.share.hi]),
        judged: judged.map_or(d.judgement_inputs, |j| j.inputs),
        judged_rows: judged.map_or(0, |j| j.rows),
    }
}

fn assessed(
    loaded: &ResolvedCase,
    f: &Forecast,
    references: &References,
    judged: Option<JudgementShare>,
) -> ConfidenceLevel {
    let a = confidence::suggest(loaded, f, references, judged);
    ConfidenceLevel { level: a.level().word().to_owned(), reasons: a.reasons }
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
