//! What a brief rests on: the record and its grades, notes, the log.

use std::collections::BTreeMap;

use super::Brief;
use serde::Serialize;
use winset_files::case::ResolvedCase;
use winset_files::log::{Clock, Log, LogKind, standing};
use winset_methods::score::ScoreDivision;
use winset_model::case::Case;
use winset_model::forecast::Forecast;
use winset_model::support;

use crate::belief::{self, BeliefChoice};
use crate::forecast::{self, Mark};
use crate::names::Names;
use crate::score::ScoreReport;

/// A source, with the grades its reports were given.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SourceRow {
    /// Who reported.
    pub name: String,
    /// Each grade with the number of entries that carry it.
    pub grades: Vec<GradeCount>,
    /// How many entries.
    pub entries: usize,
    /// How many independent origins those of them go back to that are evidence of a number.
    pub origins: usize,
}

/// A name and a count.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GradeCount {
    /// Of what.
    pub name: String,
    /// How many.
    pub count: usize,
}

/// What is believed of one actor on one issue, from what was said.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BeliefPath {
    /// The actor.
    pub actor: String,
    /// The issue.
    pub issue: String,
    /// The ends of the issue's scale.
    pub scale: [f64; 2],
    /// Landmarks of the issue.
    pub marks: Vec<Mark>,
    /// Day by day, from what was known by then.
    pub points: Vec<PathDay>,
    /// What was said.
    pub statements: Vec<WeighedStatement>,
    /// Of the last pair of statements that cannot well be one position: what each said.
    pub reversal: Option<[f64; 2]>,
}

/// What is believed of a position on a day.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PathDay {
    /// The day.
    pub date: String,
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub sd: f64,
}

/// A statement a position is read from.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WeighedStatement {
    /// The entry; empty where it is hidden.
    pub id: String,
    /// The day.
    pub said: String,
    /// The value read from it.
    pub value: f64,
    /// How far it is believed, 0 to 1.
    pub weight: f64,
    /// In words; empty where it is hidden.
    pub text: String,
}

/// An entry of the record.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordLine {
    /// Its id.
    pub id: String,
    /// When it was said, as written.
    pub said: String,
    /// The last day it can mean.
    pub on: String,
    /// Who spoke.
    pub speaker: Option<String>,
    /// The side of who spoke.
    pub side: Option<String>,
    /// About what.
    pub issue: Option<String>,
    /// Who reported it.
    pub source: String,
    /// The grade.
    pub grade: Option<String>,
    /// In words; empty where it is hidden.
    pub text: String,
    /// Where to read it.
    pub link: String,
}

/// A note of the analyst.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NoteRow {
    /// What it explains.
    pub about: String,
    /// In words.
    pub text: String,
}

/// What the log says of earlier forecasts of this question.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScoreSoFar {
    /// How many forecasts of the question.
    pub forecasts: usize,
    /// The day the last was told from.
    pub last: String,
    /// What it said.
    pub last_p: Option<f64>,
    /// How many questions of the log are resolved with yes or no.
    pub resolved: usize,
    /// Their mean Brier score, each question averaged over its days.
    pub brier: Option<f64>,
    /// The mean forecast of each resolved question over its days, and whether it came true.
    pub means: Vec<ResolvedMean>,
    /// The bins of those means.
    pub bins: Vec<ReliabilityRow>,
}

/// The mean forecast of a resolved question.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ResolvedMean {
    /// The mean of the forecast over its days.
    pub p: f64,
    /// Whether it came true.
    pub happened: bool,
}

/// What was forecast in a bin, and what came true.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Frequency {
    /// Mean forecast in the bin.
    pub forecast: f64,
    /// The share that came true.
    pub observed: f64,
    /// Forecasts in it.
    pub n: usize,
}

/// A bin of a reliability diagram.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReliabilityRow {
    /// What was forecast and what came true.
    #[serde(flatten)]
    pub frequency: Frequency,
    /// Where the share lies if the forecasts are reliable.
    #[serde(flatten)]
    pub bar: winset_methods::score::ConsistencyBar,
}

/// Notes behind the numbers that decide: more are in the case.
const NOTES: usize = 6;

/// Fills in the record, its sources, the notes and what rests on nothing.
pub(super) fn fill(b: &mut Brief, loaded: &ResolvedCase, names: &Names<'_>, f: &Forecast) {
    let case = &loaded.case;
    b.beliefs = beliefs(loaded, names);
    let entries: Vec<_> = loaded.record.as_of(case.as_of).collect();
    let evidence = support::evidence(case, loaded.record.as_of(case.as_of));
    b.origins = support::origins(evidence.iter().copied());
    let hidden = names.is_redacted();
    let mut outlets: Vec<&str> = Vec::new();
    for e in &entries {
        if !outlets.contains(&e.source.as_str()) {
            outlets.push(&e.source);
        }
    }
    let outlet = |source: &str| match outlets.iter().position(|s| *s == source) {
        Some(k) if hidden => format!("Source {}", k + 1),
        _ => names.text(source),
    };
    b.record = entries
        .iter()
        .enumerate()
        .map(|(k, e)| RecordLine {
            id: if hidden { format!("e{}", k + 1) } else { e.id.clone() },
            said: e.said.written.clone(),
            on: e.said.latest.to_string(),
            speaker: e.speaker.map(|s| names.by_index(s)),
            side: e.speaker.and_then(|s| {
                let actor = case.actors.get(s)?;
                let side = actor.member.as_ref().map(|m| m.side).or(actor.ally_of)?;
                Some(names.side(&case.sides.get(side)?.id))
            }),
            issue: e.issue.and_then(|j| case.issues.get(j)).map(|j| names.issue(&j.id)),
            source: outlet(&e.source),
            grade: e.grade.map(|g| g.to_string()),
            text: if hidden { String::new() } else { names.text(&e.text) },
            link: if hidden { String::new() } else { e.link.clone() },
        })
        .collect();
    b.sources = outlets
        .iter()
        .map(|source| {
            let own: Vec<_> = entries.iter().filter(|e| e.source == *source).collect();
            let mut grades = BTreeMap::<String, usize>::new();
            for e in &own {
                let grade = e.grade.map_or_else(|| "ungraded".to_owned(), |g| g.to_string());
                *grades.entry(grade).or_default() += 1;
            }
            let name = outlet(source);
            SourceRow {
                name: if name.is_empty() { "no source named".to_owned() } else { name },
                grades: grades
                    .into_iter()
                    .map(|(name, count)| GradeCount { name, count })
                    .collect(),
                entries: own.len(),
                origins: support::origins(evidence.iter().copied().filter(|e| e.source == *source)),
            }
        })
        .collect();
    b.inputs = forecast::written(case);
    b.unsupported = forecast::unsupported(case).map(|path| names.meaning(path)).collect();
    if !hidden {
        b.notes = notes(case, names, f);
    }
}

/// Where the record moves positions; nothing where it moves none.
pub(super) fn beliefs(loaded: &ResolvedCase, names: &Names<'_>) -> Vec<BeliefPath> {
    let case = &loaded.case;
    let Ok(view) = belief::ask(case, &loaded.record, BeliefChoice::default()) else {
        return Vec::new();
    };
    let hidden = names.is_redacted();
    view.paths
        .iter()
        .filter_map(|path| {
            let issue = case.issues.iter().find(|j| j.id == path.issue)?;
            let own = |actor: &str, issue: &str| actor == path.actor && issue == path.issue;
            let statements = view.statements.iter().filter(|s| own(&s.actor, &s.issue));
            let reversal = view.reversals.iter().rfind(|r| own(&r.actor, &r.issue));
            Some(BeliefPath {
                actor: names.actor(&path.actor),
                issue: names.issue(&path.issue),
                scale: path.scale,
                marks: issue
                    .marks
                    .iter()
                    .map(|(at, text)| Mark { at: *at, text: names.text(text) })
                    .collect(),
                points: path
                    .points
                    .iter()
                    .map(|p| PathDay {
                        date: p.date.clone(),
                        mean: p.filtered_mean,
                        sd: p.filtered_sd,
                    })
                    .collect(),
                statements: statements
                    .filter_map(|s| {
                        let shown = |text: &str| match hidden {
                            true => String::new(),
                            false => names.text(text),
                        };
                        Some(WeighedStatement {
                            id: shown(&s.id),
                            said: s.said.clone(),
                            value: s.value?,
                            weight: s.weight?,
                            text: shown(&s.text),
                        })
                    })
                    .collect(),
                reversal: reversal.map(|r| [r.from_value, r.to_value]),
            })
        })
        .collect()
}

/// The notes of the red lines that conflict and of the levers that open.
fn notes(case: &Case, names: &Names<'_>, f: &Forecast) -> Vec<NoteRow> {
    let conflicts = f.conflicts.iter().filter(|c| c.share >= 0.005).flat_map(|c| &c.constraints);
    let paths = f.opens.iter().map(|o| &o.path).chain(conflicts);
    let mut list: Vec<(String, NoteRow)> = Vec::new();
    for path in paths {
        let Some(input) = case.inputs.iter().find(|i| i.path == *path) else { continue };
        for (key, text) in case.notes.iter().filter(|(key, _)| input.rests_on.contains(key)) {
            if !list.iter().any(|(k, _)| k == key) {
                // A note says itself what it is about, unless it stands behind a limit.
                let limit = path.contains(".red_m");
                let about = if limit { names.lever(path) } else { String::new() };
                let note = NoteRow { about, text: names.text(text) };
                list.push((key.clone(), note));
            }
        }
    }
    list.into_iter().take(NOTES).map(|(_, note)| note).collect()
}

/// What the log says of the case's question; `None` where it says nothing.
pub(super) fn score(log: &Log, case: &Case) -> Option<ScoreSoFar> {
    let counts: Vec<&str> = case.question.counts.iter().map(|e| e.name()).collect();
    let question = format!("{}-by-{}", counts.join("-or-"), case.question.by);
    let own =
        |e: &&winset_files::log::LogEntry| e.question == question && e.kind != LogKind::Resolution;
    let forecasts = log.entries.iter().filter(own).count();
    let last = standing(&log.entries, &question, case.as_of.date()?, None)?;
    let report = ScoreReport::new(
        std::slice::from_ref(log),
        &BTreeMap::new(),
        ScoreDivision::All,
        Clock::MadeAt,
    );
    let all = &report.cards;
    let bins = report.reliability.iter().flat_map(|r| &r.bins);
    Some(ScoreSoFar {
        forecasts,
        last: last.as_of.to_string(),
        last_p: last.p,
        resolved: all.first().map_or(0, |c| c.questions),
        brier: all.first().map(|c| c.brier),
        means: report
            .means
            .iter()
            .map(|(p, happened)| ResolvedMean { p: *p, happened: *happened })
            .collect(),
        bins: bins
            .map(|b| ReliabilityRow {
                frequency: Frequency { forecast: b.forecast, observed: b.observed, n: b.n },
                bar: b.bar,
            })
            .collect(),
    })
}
