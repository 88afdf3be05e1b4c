//! Every position model side by side on the same actors.

use anyhow::{Context, bail};
use serde::Serialize;
use winset_files::actors::{ActorTable, TableReading};
use winset_methods::spatial::levers::{PositionLever, levers};
use winset_methods::spatial::measured::{self, Measured};
use winset_methods::spatial::{MODELS, Move, MoveKind, PositionIssue, PositionModel};
use winset_page::document::{Block, Document, Section, Table};
use winset_page::text::{count, cut, digits};

/// How far an actor is moved to see what it does to the forecast, as a share of the scale.
pub const LEVER_STEP: f64 = 0.1;
/// Cubes of actors times rounds beyond which models that look at every pair are left out: 500 actors for
/// one round, and then about half a minute (`docs/performance-notes.md`).
const CUBES: f64 = 1.25e8;
/// Above this many actors only [`DETAILED`] gets levers …
const LEVER_ACTORS: usize = 60;
/// … and above this many none does: every lever is two runs of the model.
const DETAILED_ACTORS: usize = 300;
const MEAN: &str = "scholz-as-run-mean";
/// The model whose levers the text shows, and the large tables get.
const DETAILED: &str = "predictive";

/// One issue to be looked at.
#[derive(Debug, Clone)]
pub struct Subject {
    /// What the issue is called.
    pub name: String,
    /// Scale, actors, reference point.
    pub issue: PositionIssue,
    /// Where the full forecast of a case puts the terms, to stand beside the models.
    pub terms: Option<f64>,
}

/// `winset/spatial/1`.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SpatialReport {
    /// The schema.
    pub schema: &'static str,
    /// Rounds of the models that have rounds.
    pub rounds: usize,
    /// What the accuracy was measured on.
    pub measured_on: &'static str,
    /// What was read of a table of actors, and from where; left out where it is a case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read: Option<TableReading>,
    /// One entry an issue, in the order given.
    pub issues: Vec<SpatialIssue>,
}

/// What the models say of one issue.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SpatialIssue {
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
    pub models: Vec<ModelPosition>,
    /// The models that look at every pair of actors with the votes of all, where there are too many actors
    /// for them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<&'static str>,
}

/// What one model says of one issue.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ModelPosition {
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
    pub measured: Option<ModelAccuracy>,
    /// Who moved whom, in order.
    pub moves: Vec<Move<String>>,
    /// Whose shift moves the forecast, largest effect first; `null` if not computed.
    pub levers: Option<Vec<PositionLever<String>>>,
    /// Why there are no levers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub levers_reason: Option<&'static str>,
}

/// Accuracy on real decisions, on a scale of 0–100.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ModelAccuracy {
    /// Mean absolute error of the point.
    pub mae: f64,
    /// Mean continuous ranked probability score.
    pub crps: f64,
}

/// The models to run: all of them, or the one with this id.
///
/// # Errors
/// If there is no such model; the message lists those there are.
pub fn chosen(id: Option<&str>) -> anyhow::Result<Vec<&'static dyn PositionModel>> {
    let Some(id) = id else { return Ok(MODELS.to_vec()) };
    match winset_methods::spatial::model(id) {
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
pub fn ask(
    subjects: &[Subject],
    model: Option<&str>,
    rounds: usize,
) -> anyhow::Result<SpatialReport> {
    if !(1..=1000).contains(&rounds) {
        bail!("`--rounds {rounds}` is not between 1 and 1000");
    }
    let models = chosen(model)?;
    if let (Some(_), [one]) = (model, models.as_slice())
        && let Some(s) = subjects.iter().find(|s| too_many(*one, &s.issue, rounds))
    {
        bail!(
            "`{}` weighs every pair of actors by the votes of all: {} of them{} are more than it can \
             be run on\n\nhint: {} for one round; leave `--model` out for the others",
            one.id(),
            s.issue.actors().len(),
            if rounds > 1 { format!(" over {rounds} rounds") } else { String::new() },
            "up to 500",
        );
    }
    let issues = subjects.iter().map(|s| spatial_issue(s, &models, rounds)).collect();
    let measured_on = measured::SOURCE;
    Ok(SpatialReport { schema: "winset/spatial/1", rounds, measured_on, read: None, issues })
}

/// Whether a model that looks at every pair would not end in time.
fn too_many(model: &dyn PositionModel, issue: &PositionIssue, rounds: usize) -> bool {
    let n = issue.actors().len() as f64;
    model.cubic() && n * n * n * rounds as f64 > CUBES
}

fn spatial_issue(
    subject: &Subject,
    models: &[&'static dyn PositionModel],
    rounds: usize,
) -> SpatialIssue {
    let issue = &subject.issue;
    let position = |m: &&'static dyn PositionModel| {
        let forecast = m.forecast(issue, rounds);
        // Every lever is two runs of the model.
        let most = if m.id() == DETAILED { DETAILED_ACTORS } else { LEVER_ACTORS };
        let with_levers = issue.actors().len() <= most;
        let levers = with_levers.then(|| levers(*m, issue, rounds, LEVER_STEP));
        ModelPosition {
            model: m.id(),
            title: m.title(),
            reference: m.reference(),
            point: forecast.point,
            interval: [0.1, 0.9].map(|q| forecast.distribution.quantile(q)),
            measured: measured::of(m.id())
                .map(|&Measured { mae, crps, .. }| ModelAccuracy { mae, crps }),
            moves: forecast.moves.iter().map(|step| named(issue, step)).collect(),
            levers: levers.map(|all| all.iter().map(|l| lever(issue, l)).collect()),
            levers_reason: (!with_levers).then_some(match most {
                DETAILED_ACTORS => "more than 300 actors",
                _ => "more than 60 actors",
            }),
        }
    };
    SpatialIssue {
        issue: subject.name.clone(),
        scale: [issue.lo(), issue.hi()],
        reference_point: issue.reference(),
        terms: subject.terms,
        actors: issue.actors().len(),
        models: models.iter().filter(|m| !too_many(**m, issue, rounds)).map(position).collect(),
        left_out: (models.iter().filter(|m| too_many(**m, issue, rounds)))
            .map(|m| m.id())
            .collect(),
    }
}

fn name(issue: &PositionIssue, actor: usize) -> String {
    issue.actors().get(actor).map(|a| a.name.clone()).unwrap_or_default()
}

fn named(issue: &PositionIssue, step: &Move) -> Move<String> {
    let &Move { round, actor, rival, kind, from, to } = step;
    Move { round, actor: name(issue, actor), rival: name(issue, rival), kind, from, to }
}

fn lever(issue: &PositionIssue, lever: &PositionLever) -> PositionLever<String> {
    let &PositionLever { actor, from, to, effect } = lever;
    PositionLever { actor: name(issue, actor), from, to, effect }
}

/// Steps shown before the rest is counted.
const STEPS: usize = 12;

/// Levers shown.
const LEVERS: usize = 5;

/// Columns of an actor's name.
const NAME: usize = 26;

/// What the models say, in words.
pub fn document(r: &SpatialReport) -> Document {
    let plural = if r.rounds == 1 { "" } else { "s" };
    let mut sections: Vec<Section> = r.issues.iter().flat_map(sections).collect();
    if r.issues.iter().any(|i| i.models.iter().any(|m| m.measured.is_some())) {
        let note = format!(
            "MAE and CRPS: mean error on a scale of 0–100, measured on {}. They were measured on \
             other decisions than this one.",
            r.measured_on
        );
        sections.push(Section::new("accuracy", "", vec![Block::Note(note)]));
    }
    Document {
        title: format!("Position models, {} round{plural}", r.rounds),
        sections,
        version: winset_model::forecast::VERSION.to_owned(),
        ..Document::default()
    }
}

/// What the models say of an issue, who moved whom, and whose shift would matter.
fn sections(issue: &SpatialIssue) -> Vec<Section> {
    let [lo, hi] = issue.scale;
    let decimals = decimals(hi - lo);
    let number = |x: f64| format!("{x:.decimals$}");
    let actors = count(issue.actors, "actor", "actors");
    let mut title = format!("{}: {actors}, scale {} to {}", issue.issue, digits(lo), digits(hi));
    if let Some(point) = issue.reference_point {
        title += &format!(", reference point {}", digits(point));
    }
    let mut said = vec![Block::Table(positions(issue, &number))];
    if !issue.left_out.is_empty() {
        said.push(Block::Note(format!(
            "Left out, since they weigh every pair of {} actors by the votes of all: {}.",
            issue.actors,
            winset_page::text::and(
                &issue.left_out.iter().map(|m| (*m).to_owned()).collect::<Vec<_>>()
            )
        )));
    }
    let mut sections = vec![Section::new("issue", title, said)];
    // The two readings of one run have the same moves.
    let told = |m: &&ModelPosition| !m.moves.is_empty() && (m.model != MEAN || only(issue));
    for m in issue.models.iter().filter(told) {
        let row = |s: &Move<String>| {
            let why = match s.kind {
                MoveKind::Conflict => "loses to",
                MoveKind::Compromise => "meets",
                MoveKind::Capitulation => "gives in to",
            };
            let (actor, rival) = (cut(&s.actor, NAME), cut(&s.rival, NAME));
            let way = format!("{} to {}", number(s.from), number(s.to));
            vec![s.round.to_string(), format!("{actor} {why} {rival}"), way]
        };
        let rows = m.moves.iter().take(STEPS).map(row).collect();
        let head = [("", true), ("", false), ("", false)];
        let mut blocks = vec![Block::Table(Table::new("", &head, rows))];
        if m.moves.len() > STEPS {
            blocks.push(Block::Text(format!("and {} more", m.moves.len() - STEPS)));
        }
        sections.push(Section::new("moves", format!("Who moved whom ({})", m.model), blocks));
    }
    // One model's levers: the detailed one's, or those of the only model asked for.
    let detailed = issue.models.iter().find(|m| m.model == DETAILED || only(issue));
    if let Some((m, levers)) = detailed.and_then(|m| Some((m, m.levers.as_ref()?))) {
        let felt = levers.iter().filter(|l| l.effect != 0.0).take(LEVERS);
        let row = |l: &PositionLever<String>| {
            let way = format!("{} to {}", number(l.from), number(l.to));
            vec![l.actor.clone(), way, format!("{:+.decimals$}", l.effect)]
        };
        let rows: Vec<Vec<String>> = felt.map(row).collect();
        if !rows.is_empty() {
            let title = format!("Whose shift moves the forecast most ({})", m.model);
            let head = [("actor", false), ("from here to there", false), ("moves it by", true)];
            let table = Block::Table(Table::new("", &head, rows));
            sections.push(Section::new("levers", title, vec![table]));
        }
    }
    sections
}

/// Whether one model was asked for.
fn only(issue: &SpatialIssue) -> bool {
    issue.models.len() == 1
}

fn positions(issue: &SpatialIssue, number: &dyn Fn(f64) -> String) -> Table {
    let head =
        [("model", false), ("forecast", true), ("10–90 %", true), ("MAE", true), ("CRPS", true)];
    let row = |m: &ModelPosition| {
        let [a, b] = m.interval;
        // A model that claims certainty has no interval to show.
        let interval =
            if a == b { "–".to_owned() } else { format!("{} to {}", number(a), number(b)) };
        let score = |of: fn(&ModelAccuracy) -> f64| {
            m.measured.as_ref().map_or_else(|| "–".to_owned(), |m| format!("{:.1}", of(m)))
        };
        let (mae, crps) = (score(|m| m.mae), score(|m| m.crps));
        vec![m.model.to_owned(), number(m.point), interval, mae, crps]
    };
    let mut rows: Vec<Vec<String>> = issue.models.iter().map(row).collect();
    rows.extend(issue.terms.map(|terms| {
        let gap = String::new;
        vec!["this case’s terms".to_owned(), number(terms), gap(), gap(), gap()]
    }));
    Table::new("", &head, rows)
}

/// Digits after the point that show a thousandth of the scale, 1 to 6.
fn decimals(width: f64) -> usize {
    let mut decimals = 1;
    let mut w = width;
    while w < 50.0 && decimals < 6 {
        w *= 10.0;
        decimals += 1;
    }
    decimals
}

/// Reads an actor table as subjects without terms, and says what was read from where.
///
/// # Errors
/// If the table cannot be read.
pub fn subjects(path: &std::path::Path) -> anyhow::Result<(Vec<Subject>, TableReading)> {
    let sheet = winset_files::actors::read(path)
        .with_context(|| format!("actor table `{}`", path.display()))?;
    let subject = |t: ActorTable| Subject { name: t.name, issue: t.issue, terms: None };
    Ok((sheet.issues.into_iter().map(subject).collect(), sheet.reading))
}

#[cfg(test)]
mod tests {
    use winset_page::document::terminal;
    use winset_page::text::width;

    use super::*;

    fn emission() -> Vec<Subject> {
        // Scholz, Calbert & Smith 2011, table 1.
        let text = "actor,capability,position,salience\nNetherlands,.08,4,.8\nBelgium,.08,7,.4\n\
                    Luxembourg,.03,4,.2\nGermany,.16,4,.8\nFrance,.16,10,.6\nItaly,.16,10,.6\n\
                    UK,.16,10,.9\nIreland,.05,7,.1\nDenmark,.05,4,1\nGreece,.08,7,.7\n";
        let tables = winset_files::actors::parse(text).unwrap().issues;
        tables
            .into_iter()
            .map(|t| Subject { name: t.name, issue: t.issue, terms: Some(8.833) })
            .collect()
    }

    #[test]
    fn a_pasted_table_gives_the_published_round() {
        let report = ask(&emission(), Some("scholz-as-run"), 8).unwrap();
        let m = &report.issues[0].models[0];
        // Their table 3, round 8: 9.6.
        assert!((m.point - 9.6).abs() < 0.1);
        let first = &m.moves[0];
        assert_eq!((first.actor.as_str(), first.rival.as_str()), ("Belgium", "France"));
        assert_eq!(first.kind, MoveKind::Compromise);
    }

    #[test]
    fn every_model_reports_and_json_has_no_nan() {
        let report = ask(&emission(), None, 1).unwrap();
        assert_eq!(report.issues[0].models.len(), MODELS.len());
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(json["schema"], "winset/spatial/1");
        for m in json["issues"][0]["models"].as_array().unwrap() {
            assert!(m["point"].is_f64() && m["interval"][0].is_f64(), "{m}");
            let pending = measured::PENDING.iter().any(|id| m["model"] == *id);
            assert!(m["measured"]["mae"].is_f64() != pending, "{m}");
        }
        let text = terminal(&document(&report));
        assert!(text.lines().all(|l| width(l) <= 80), "{text}");
        assert!(text.contains("weighted-mean") && text.contains("8.8"), "{text}");
    }

    #[test]
    fn everything_is_told_within_eighty_columns() {
        let long = "A very long name of an actor that nobody would type twice".to_owned();
        let step = |round| Move {
            round,
            actor: long.clone(),
            rival: long.clone(),
            kind: MoveKind::Compromise,
            from: 1.0,
            to: 2.0,
        };
        let model = ModelPosition {
            model: "predictive",
            title: "",
            reference: "",
            point: 40.0,
            interval: [0.0, 100.0],
            measured: Some(ModelAccuracy { mae: 24.14, crps: 24.14 }),
            moves: (1..20).map(step).collect(),
            levers: Some(vec![PositionLever {
                actor: long.clone(),
                from: 0.0,
                to: 10.0,
                effect: -2.5,
            }]),
            levers_reason: None,
        };
        let issue = SpatialIssue {
            issue: long.clone(),
            scale: [0.0, 100.0],
            reference_point: Some(0.0),
            terms: Some(41.25),
            actors: 2,
            models: vec![model],
            left_out: Vec::new(),
        };
        let report = SpatialReport {
            schema: "winset/spatial/1",
            rounds: 1,
            measured_on: "223 issues",
            read: None,
            issues: vec![issue],
        };
        let text = terminal(&document(&report));
        assert!(text.lines().all(|l| width(l) <= 80), "{text}");
        for part in ["predictive", "40.0", "24.1", "0.0 to 100.0", "41.2", "and 7 more", "-2.5"] {
            assert!(text.contains(part), "`{part}` in\n{text}");
        }
    }

    #[test]
    fn wrong_requests_say_what_there_is() {
        let e = ask(&emission(), Some("scholtz"), 1).unwrap_err().to_string();
        assert!(e.contains("scholz-as-run"), "{e}");
        assert!(ask(&emission(), None, 0).is_err());
    }
}
