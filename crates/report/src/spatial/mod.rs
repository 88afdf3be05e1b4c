//! `winset spatial`: every position model side by side on the same actors.

pub mod text;

use crate::spatial::text as view;
use anyhow::{Context, bail};
use serde::Serialize;
use winset_model::spatial::levers::levers;
use winset_model::spatial::measured::{self, Measured};
use winset_model::spatial::{Issue, MODELS, MoveKind, PositionModel};

/// How far an actor is moved to see what it does to the forecast, as a share of the scale.
pub const LEVER_STEP: f64 = 0.1;
/// Above this many actors only [`DETAILED`] gets levers.
const LEVER_ACTORS: usize = 60;
const MEAN: &str = "scholz-as-run-mean";
/// The model whose levers the text shows, and the large tables get.
const DETAILED: &str = "predictive";

/// One issue to be looked at.
#[derive(Debug, Clone)]
pub struct Subject {
    /// What the issue is called.
    pub name: String,
    /// Scale, actors, reference point.
    pub issue: Issue,
    /// Where the full forecast of a case puts the terms, to stand beside the models.
    pub terms: Option<f64>,
}

/// The report behind the table and behind `--json`.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// `winset/spatial/1`.
    pub schema: &'static str,
    /// Rounds of the models that have rounds.
    pub rounds: usize,
    /// What the accuracy was measured on.
    pub measured_on: &'static str,
    /// One entry an issue, in the order given.
    pub issues: Vec<IssueReport>,
}

/// What the models say of one issue.
#[derive(Debug, Clone, Serialize)]
pub struct IssueReport {
    /// The issue's name.
    pub issue: String,
    /// Lower and upper end of the scale.
    pub scale: [f64; 2],
    /// Where it stays without a decision; `null` if not known.
    pub reference_point: Option<f64>,
    /// The case's own terms; `null` outside a case.
    pub terms: Option<f64>,
    /// How many actors hold a position.
    pub actors: usize,
    /// One entry a model, in the registry's order.
    pub models: Vec<ModelReport>,
}

/// What one model says of one issue.
#[derive(Debug, Clone, Serialize)]
pub struct ModelReport {
    /// The model's id.
    pub model: &'static str,
    /// One line about it.
    pub title: &'static str,
    /// Where it comes from.
    pub reference: &'static str,
    /// The forecast, in the issue's units.
    pub point: f64,
    /// The 10 % and 90 % quantiles; both the point for a model that claims certainty.
    pub interval: [f64; 2],
    /// How the model did on real decisions.
    pub measured: Option<MeasuredReport>,
    /// Who moved whom, in order.
    pub moves: Vec<MoveReport>,
    /// Whose shift moves the forecast, largest effect first; `null` if not computed.
    pub levers: Option<Vec<LeverReport>>,
    /// Why there are no levers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub levers_reason: Option<&'static str>,
}

/// Accuracy on real decisions, on a scale of 0–100.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct MeasuredReport {
    /// Mean absolute error of the point.
    pub mae: f64,
    /// Mean continuous ranked probability score.
    pub crps: f64,
}

/// One step of one actor.
#[derive(Debug, Clone, Serialize)]
pub struct MoveReport {
    /// Round, from 1.
    pub round: usize,
    /// Who moved.
    pub actor: String,
    /// For whom.
    pub rival: String,
    /// `conflict`, `compromise` or `capitulation`.
    pub kind: &'static str,
    /// From where.
    pub from: f64,
    /// To where.
    pub to: f64,
}

/// What one actor's shift would do.
#[derive(Debug, Clone, Serialize)]
pub struct LeverReport {
    /// Who.
    pub actor: String,
    /// Where it stands.
    pub from: f64,
    /// Where it would stand.
    pub to: f64,
    /// What that adds to the forecast.
    pub effect: f64,
}

/// The models to run: all of them, or the one with this id.
///
/// # Errors
/// If there is no such model; the message lists those there are.
pub fn chosen(id: Option<&str>) -> anyhow::Result<Vec<&'static dyn PositionModel>> {
    let Some(id) = id else { return Ok(MODELS.to_vec()) };
    match winset_model::spatial::model(id) {
        Some(m) => Ok(vec![m]),
        None => {
            let ids: Vec<&str> = MODELS.iter().map(|m| m.id()).collect();
            bail!("no model `{id}`\n\nhint: one of {}", ids.join(", "))
        }
    }
}

/// Runs the models on the subjects.
///
/// # Errors
/// If there is no model with this id, or `rounds` is 0 or above 1000.
pub fn run(subjects: &[Subject], model: Option<&str>, rounds: usize) -> anyhow::Result<Report> {
    if !(1..=1000).contains(&rounds) {
        bail!("`--rounds {rounds}` is not between 1 and 1000");
    }
    let models = chosen(model)?;
    let issues = subjects.iter().map(|s| issue_report(s, &models, rounds)).collect();
    Ok(Report { schema: "winset/spatial/1", rounds, measured_on: measured::SOURCE, issues })
}

fn issue_report(
    subject: &Subject,
    models: &[&'static dyn PositionModel],
    rounds: usize,
) -> IssueReport {
    let issue = &subject.issue;
    let name = |i: usize| issue.actors().get(i).map(|a| a.name.clone()).unwrap_or_default();
    let report = |m: &&'static dyn PositionModel| {
        let f = m.forecast(issue, rounds);
        // Every lever is two runs of the model.
        let with_levers = issue.actors().len() <= LEVER_ACTORS || m.id() == DETAILED;
        let found = with_levers.then(|| levers(*m, issue, rounds, LEVER_STEP));
        ModelReport {
            model: m.id(),
            title: m.title(),
            reference: m.reference(),
            point: f.point,
            interval: [f.distribution.quantile(0.1), f.distribution.quantile(0.9)],
            measured: measured::of(m.id())
                .map(|&Measured { mae, crps, .. }| MeasuredReport { mae, crps }),
            moves: f
                .moves
                .iter()
                .map(|step| MoveReport {
                    round: step.round,
                    actor: name(step.actor),
                    rival: name(step.rival),
                    kind: kind(step.kind),
                    from: step.from,
                    to: step.to,
                })
                .collect(),
            levers: found.map(|found| {
                found
                    .into_iter()
                    .map(|l| LeverReport {
                        actor: name(l.actor),
                        from: l.from,
                        to: l.to,
                        effect: l.effect,
                    })
                    .collect()
            }),
            levers_reason: (!with_levers).then_some("more than 60 actors"),
        }
    };
    IssueReport {
        issue: subject.name.clone(),
        scale: [issue.lo(), issue.hi()],
        reference_point: issue.reference(),
        terms: subject.terms,
        actors: issue.actors().len(),
        models: models.iter().map(report).collect(),
    }
}

fn kind(kind: MoveKind) -> &'static str {
    match kind {
        MoveKind::Conflict => "conflict",
        MoveKind::Compromise => "compromise",
        MoveKind::Capitulation => "capitulation",
    }
}

/// The report as text, 80 columns.
pub fn text(report: &Report) -> String {
    let issue = |i: &IssueReport| view::Issue {
        name: i.issue.clone(),
        scale: i.scale,
        reference_point: i.reference_point,
        terms: i.terms,
        actors: i.actors,
        rows: i
            .models
            .iter()
            .map(|m| view::Row {
                model: m.model.to_owned(),
                point: m.point,
                interval: m.interval,
                mae: m.measured.map(|m| m.mae),
                crps: m.measured.map(|m| m.crps),
            })
            .collect(),
        moves: i
            .models
            .iter()
            // The two readings of one run have the same moves.
            .filter(|m| !m.moves.is_empty() && (m.model != MEAN || i.models.len() == 1))
            .map(|m| {
                let step = |s: &MoveReport| view::Step {
                    round: s.round,
                    actor: s.actor.clone(),
                    rival: s.rival.clone(),
                    kind: s.kind.to_owned(),
                    from: s.from,
                    to: s.to,
                };
                (m.model.to_owned(), m.moves.iter().map(step).collect())
            })
            .collect(),
        // One model's levers: the detailed one's, or those of the only model asked for.
        levers: i
            .models
            .iter()
            .find(|m| m.model == DETAILED || i.models.len() == 1)
            .and_then(|m| Some((m.model.to_owned(), m.levers.as_ref()?)))
            .map(|(model, levers)| {
                let lever = |l: &LeverReport| view::Lever {
                    actor: l.actor.clone(),
                    from: l.from,
                    to: l.to,
                    effect: l.effect,
                };
                (model, levers.iter().filter(|l| l.effect != 0.0).take(5).map(lever).collect())
            })
            .filter(|l: &(String, Vec<view::Lever>)| !l.1.is_empty()),
    };
    let issues: Vec<view::Issue> = report.issues.iter().map(issue).collect();
    view::text(&issues, report.rounds, report.measured_on)
}

/// Reads an actor table as subjects without terms.
///
/// # Errors
/// If the table cannot be read.
pub fn subjects(path: &std::path::Path) -> anyhow::Result<Vec<Subject>> {
    let tables = winset_files::actors::read(path)
        .with_context(|| format!("actor table `{}`", path.display()))?;
    Ok(tables.into_iter().map(|t| Subject { name: t.name, issue: t.issue, terms: None }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn emission() -> Vec<Subject> {
        // Scholz, Calbert & Smith 2011, table 1.
        let text = "actor,capability,position,salience\nNetherlands,.08,4,.8\nBelgium,.08,7,.4\n\
                    Luxembourg,.03,4,.2\nGermany,.16,4,.8\nFrance,.16,10,.6\nItaly,.16,10,.6\n\
                    UK,.16,10,.9\nIreland,.05,7,.1\nDenmark,.05,4,1\nGreece,.08,7,.7\n";
        let tables = winset_files::actors::parse(text).unwrap();
        tables
            .into_iter()
            .map(|t| Subject { name: t.name, issue: t.issue, terms: Some(8.833) })
            .collect()
    }

    #[test]
    fn a_pasted_table_gives_the_published_round() {
        let report = run(&emission(), Some("scholz-as-run"), 8).unwrap();
        let m = &report.issues[0].models[0];
        // Their table 3, round 8: 9.6.
        assert!((m.point - 9.6).abs() < 0.1);
        let first = &m.moves[0];
        assert_eq!((first.actor.as_str(), first.rival.as_str()), ("Belgium", "France"));
        assert_eq!(first.kind, "compromise");
    }

    #[test]
    fn every_model_reports_and_json_has_no_nan() {
        let report = run(&emission(), None, 1).unwrap();
        assert_eq!(report.issues[0].models.len(), MODELS.len());
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(json["schema"], "winset/spatial/1");
        for m in json["issues"][0]["models"].as_array().unwrap() {
            assert!(m["point"].is_f64() && m["interval"][0].is_f64(), "{m}");
            let pending = measured::PENDING.iter().any(|id| m["model"] == *id);
            assert!(m["measured"]["mae"].is_f64() != pending, "{m}");
        }
        let text = text(&report);
        assert!(text.lines().all(|l| l.chars().count() <= 80), "{text}");
        assert!(text.contains("weighted-mean") && text.contains("8.8"), "{text}");
    }

    #[test]
    fn wrong_requests_say_what_there_is() {
        let e = run(&emission(), Some("scholtz"), 1).unwrap_err().to_string();
        assert!(e.contains("scholz-as-run"), "{e}");
        assert!(run(&emission(), None, 0).is_err());
    }
}
