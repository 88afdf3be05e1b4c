//! Every position model on decisions whose outcome is known.

use std::path::Path;

use anyhow::{Context, bail};
use serde::Serialize;
use winset_files::deu::{self, DeuIssue};
use winset_methods::spatial::backtest::{Difference, LEVELS, Summary, paired_bootstrap, summary};
use winset_methods::spatial::council::{CouncilForecast, council};
use winset_methods::spatial::{PositionForecast, PositionIssue, PositionModel};
use winset_model::case::Rule;
use winset_page::document::{Block, Document, Section, Table};
use winset_page::table::{Cell, CellKind, DataTable};

/// Rounds of the models that have rounds: the published back-tests stop after the first.
pub const ROUNDS: usize = 1;
/// Resamples of the bootstrap by proposal.
pub const RESAMPLES: usize = 2000;
const SEED: u64 = 1;
/// The model that the others are compared with.
pub const BENCHMARK: &str = "weighted-mean";

/// The main model's own terms on the proposal of an issue, a council without a chair; no entry of the
/// registry of models, as they need the whole proposal and its rule.
pub const COUNCIL: [&str; 2] = ["council", "council-people"];
/// Percent of the states' votes that a qualified majority needs: what the treaties in force asked for
/// lay between 71.3 (62 of 87 votes) and 73.9 (255 of 345), and from 2014 at 55 % of states with 65 % of
/// the population.
pub const QUALIFIED: f64 = 71.3;

/// Whether a model can be asked for by this id.
///
/// # Errors
/// If there is none, in words.
pub fn known(model: Option<&str>) -> anyhow::Result<()> {
    match model {
        Some(id) if COUNCIL.contains(&id) => Ok(()),
        _ => crate::spatial::chosen(model).map(|_| ()),
    }
}

/// Which part of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    /// The part models may be fitted on.
    Train,
    /// The part kept apart; without its outcomes it can be predicted but not scored.
    Holdout,
    /// Both.
    All,
}

impl Split {
    /// The split called so.
    ///
    /// # Errors
    /// If it is none of `train`, `holdout`, `all`.
    pub fn named(name: &str) -> anyhow::Result<Self> {
        match name {
            "train" => Ok(Self::Train),
            "holdout" => Ok(Self::Holdout),
            "all" => Ok(Self::All),
            _ => bail!("no split `{name}`\n\nhint: train, holdout or all"),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Holdout => "holdout",
            Self::All => "all",
        }
    }
}

/// `winset/backtest/1`.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BacktestReport {
    /// The schema.
    pub schema: &'static str,
    /// What was read.
    pub data: &'static str,
    /// Which split.
    pub split: &'static str,
    /// Issues predicted.
    pub predicted: usize,
    /// Issues with an outcome and three actors, which are scored.
    pub scored: usize,
    /// Proposals among the scored.
    pub proposals: usize,
    /// The model that the differences are against.
    pub benchmark: &'static str,
    /// One entry a model, in the registry's order, then the main model's council.
    pub models: Vec<ModelScores>,
}

/// How one model did.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ModelScores {
    /// The model's id.
    pub model: &'static str,
    /// All scored issues; `null` if none has an outcome.
    pub scores: Option<Summary>,
    /// Absolute error minus the benchmark's; negative is better.
    pub mae_difference: Option<Difference>,
    /// CRPS minus the benchmark's; negative is better.
    pub crps_difference: Option<Difference>,
    /// The scores by procedure and by presence of a reference point.
    pub groups: Vec<GroupScores>,
}

/// The scores of one group of issues, on the scale of 0–100.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GroupScores {
    /// `procedure` or `reference_point`.
    pub by: &'static str,
    /// `COD`, `CNS`, `known`, `unknown`.
    pub group: String,
    /// The scores.
    pub scores: Summary,
}

/// Reads the DEU folder, predicts every issue of the split, scores those with an outcome; the table
/// holds every prediction: issue, model, point and the distribution function at 0 … 100 % of the
/// scale.
///
/// # Errors
/// If the folder cannot be read, the split is empty, or there is no model with this id.
pub fn ask(
    folder: &Path,
    split: Split,
    model: Option<&str>,
) -> anyhow::Result<(BacktestReport, DataTable)> {
    let issues =
        deu::read(folder).with_context(|| format!("DEU data in `{}`", folder.display()))?;
    report(issues, split, model)
}

fn report(
    mut issues: Vec<DeuIssue>,
    split: Split,
    model: Option<&str>,
) -> anyhow::Result<(BacktestReport, DataTable)> {
    issues.retain(|i| split == Split::All || i.split == split.name());
    if issues.is_empty() {
        bail!("no issue in split `{}`", split.name());
    }
    known(model)?;
    let registered = match model {
        Some(id) if COUNCIL.contains(&id) => Vec::new(),
        _ => crate::spatial::chosen(model)?,
    };
    let benchmark = crate::spatial::chosen(Some(BENCHMARK))?;
    let mut models: Vec<(&'static str, Vec<PositionForecast>)> =
        registered.into_iter().map(|m| (m.id(), predict(m, &issues))).collect();
    if model.is_none_or(|id| COUNCIL.contains(&id)) {
        let asked = COUNCIL.into_iter().zip(councils(&issues));
        models.extend(asked.filter(|(id, _)| model.is_none_or(|m| m == *id)));
    }
    let scored: Vec<usize> = (0..issues.len()).filter(|&i| issues[i].usable()).collect();
    let mut proposals: Vec<&str> = scored.iter().map(|&i| issues[i].proposal.as_str()).collect();
    let cluster: Vec<usize> = {
        let all = proposals.clone();
        proposals.sort_unstable();
        proposals.dedup();
        all.iter().map(|p| proposals.partition_point(|q| q < p)).collect()
    };
    let outcomes: Vec<f64> = scored.iter().filter_map(|&i| issues[i].outcome).collect();
    let known = |all: &[PositionForecast]| -> Vec<PositionForecast> {
        scored.iter().map(|&i| all[i].clone()).collect()
    };
    let against = known(&predict(benchmark[0], &issues));
    let mut table = DataTable { columns: columns(), rows: Vec::new() };
    let mut reports = Vec::with_capacity(models.len());
    for (id, all) in models {
        for (issue, f) in issues.iter().zip(&all) {
            table.rows.push(prediction(id, issue, f));
        }
        let ours = known(&all);
        let difference = |f: &dyn Fn(&PositionForecast, f64) -> f64| {
            let paired = ours.iter().zip(&against).zip(&outcomes);
            let d: Vec<f64> = paired.map(|((a, b), &y)| f(a, y) - f(b, y)).collect();
            paired_bootstrap(&cluster, &d, RESAMPLES, SEED)
        };
        let group = |by, name: &str, keep: &dyn Fn(&DeuIssue) -> bool| {
            let rows: Vec<usize> =
                (0..scored.len()).filter(|&k| keep(&issues[scored[k]])).collect();
            let f: Vec<PositionForecast> = rows.iter().map(|&k| ours[k].clone()).collect();
            let y: Vec<f64> = rows.iter().map(|&k| outcomes[k]).collect();
            let scores = summary(&f, &y)?;
            Some(GroupScores { by, group: name.to_owned(), scores })
        };
        let mut groups = Vec::new();
        for procedure in ["COD", "CNS"] {
            groups.extend(group("procedure", procedure, &|i| i.procedure == procedure));
        }
        for (name, is) in [("known", true), ("unknown", false)] {
            let keep = |i: &DeuIssue| i.issue.reference().is_some() == is;
            groups.extend(group("reference_point", name, &keep));
        }
        reports.push(ModelScores {
            model: id,
            scores: summary(&ours, &outcomes),
            mae_difference: difference(&|f, y| (f.point - y).abs()),
            crps_difference: difference(&|f, y| f.distribution.crps(y)),
            groups,
        });
    }
    let report = BacktestReport {
        schema: "winset/backtest/1",
        data: "DEU III (Arregui & Perarnaud 2021, doi 10.34810/data53, CC BY 4.0)",
        split: split.name(),
        predicted: issues.len(),
        scored: scored.len(),
        proposals: proposals.len(),
        benchmark: BENCHMARK,
        models: reports,
    };
    Ok((report, table))
}

fn predict(model: &dyn PositionModel, issues: &[DeuIssue]) -> Vec<PositionForecast> {
    issues.iter().map(|i| model.forecast(&i.issue, ROUNDS)).collect()
}

/// What a council that no side leads makes of every issue, as part of its proposal: its terms, and what
/// people strike.
pub fn councils(issues: &[DeuIssue]) -> [Vec<PositionForecast>; 2] {
    let mut proposals: Vec<&str> = issues.iter().map(|i| i.proposal.as_str()).collect();
    proposals.sort_unstable();
    proposals.dedup();
    let mut told: Vec<Option<CouncilForecast>> = vec![None; issues.len()];
    for proposal in proposals {
        let own: Vec<usize> =
            (0..issues.len()).filter(|i| issues[*i].proposal == proposal).collect();
        let of_it: Vec<&PositionIssue> = own.iter().map(|i| &issues[*i].issue).collect();
        let rule = |names: &[&str]| decides(&issues[own[0]], names);
        for (i, forecast) in own.iter().zip(council(&of_it, &rule).into_iter().flatten()) {
            told[*i] = Some(forecast);
        }
    }
    let of = |pick: fn(&CouncilForecast) -> &PositionForecast| -> Vec<PositionForecast> {
        let unknown = |issue: &DeuIssue| PositionForecast::certain(issue.issue.lo());
        let each = issues.iter().zip(&told);
        each.map(|(i, t)| t.as_ref().map_or_else(|| unknown(i), |t| pick(t).clone())).collect()
    };
    [of(|t| &t.terms), of(|t| &t.people)]
}

/// By which rule a proposal is decided: states by [`QUALIFIED`] of their votes or all of them, and in
/// codecision the Parliament as well.
fn decides(proposal: &DeuIssue, names: &[&str]) -> Rule {
    let states = (0..names.len()).filter(|i| !matches!(names[*i], "com" | "ep"));
    let states = match proposal.council_rule.starts_with("QMV") {
        true => Rule::Percent(QUALIFIED, states.collect()),
        false => Rule::All(states.map(Rule::Actor).collect()),
    };
    let parliament = names.iter().position(|n| *n == "ep").filter(|_| proposal.procedure == "COD");
    Rule::All(std::iter::once(states).chain(parliament.map(Rule::Actor)).collect())
}

/// `issue,model,point,F0,…,F100`.
fn columns() -> Vec<(String, CellKind)> {
    let head = [("issue", CellKind::Text), ("model", CellKind::Text), ("point", CellKind::Number)];
    let head = head.map(|(name, kind)| (name.to_owned(), kind));
    head.into_iter().chain((0..=100).map(|k| (format!("F{k}"), CellKind::Number))).collect()
}

fn prediction(model: &str, issue: &DeuIssue, f: &PositionForecast) -> Vec<Cell> {
    let mut row = vec![(&issue.id).into(), model.into(), f.point.into()];
    let grid = f.distribution.grid(issue.issue.lo(), issue.issue.hi());
    // Nine decimals: below what any score can see, and no `0.30000000000000004`.
    row.extend(grid.into_iter().map(|p| Cell::Number((p.clamp(0.0, 1.0) * 1e9).round() / 1e9)));
    row
}

/// How the models did, in words.
pub fn document(r: &BacktestReport) -> Document {
    let read = format!(
        "Split {}: {} issues predicted, {} scored (an outcome and three actors), {} proposals.",
        r.split, r.predicted, r.scored, r.proposals
    );
    let scored: Vec<(&ModelScores, &Summary)> =
        r.models.iter().filter_map(|m| Some((m, m.scores.as_ref()?))).collect();
    let mut sections = vec![Section::new("data", "", vec![Block::Text(read)])];
    if scored.is_empty() {
        let none = "No outcome is known here: nothing is scored.".to_owned();
        sections.push(Section::new("scores", "", vec![Block::Text(none)]));
    } else {
        let note = format!(
            "Scale of 0–100. CRPS difference: against `{}`, negative is better, 95 % interval from a \
             bootstrap by proposal. Log score of the outcome's cell of one point, clipped at 0.001. \
             Models that claim certainty have CRPS = MAE. An interval with its ends holds more than its \
             level where outcomes are lumpy; the PIT spreads each lump over its step and should hold the \
             level. `council` and `council-people` are winset's own terms on the whole proposal: no \
             decision leaves it at its reference points, salience weighs a member's issues, states decide \
             by {QUALIFIED} % of votes or all, in codecision with the Parliament.",
            r.benchmark
        );
        sections.push(Section::new("scores", "", vec![Block::Table(scores(&scored))]));
        sections.push(Section::new("intervals", "", vec![Block::Table(intervals(&scored))]));
        sections.push(Section::new("groups", "", vec![Block::Table(groups(&scored))]));
        sections.push(Section::new("reading", "", vec![Block::Note(note)]));
    }
    Document {
        title: r.data.to_owned(),
        sections,
        version: winset_model::forecast::VERSION.to_owned(),
        ..Document::default()
    }
}

fn scores(models: &[(&ModelScores, &Summary)]) -> Table {
    let head = [
        ("model", false),
        ("MAE", true),
        ("RMSE", true),
        ("CRPS", true),
        ("log", true),
        ("in 80 %", true),
        ("CRPS difference", true),
    ];
    let row = |(m, s): &(&ModelScores, &Summary)| {
        let number = |x: f64| format!("{x:.2}");
        let difference = m.crps_difference.map_or_else(
            || "–".to_owned(),
            |d| format!("{:+.1} ({:+.1} to {:+.1})", d.mean, d.lo, d.hi),
        );
        let covered = format!("{:.0} %", 100.0 * s.coverage[1]);
        let mut row = vec![m.model.to_owned()];
        row.extend([s.mae, s.rmse, s.crps, s.log_score].map(number));
        row.extend([covered, difference]);
        row
    };
    Table::new("", &head, models.iter().map(row).collect())
}

fn intervals(models: &[(&ModelScores, &Summary)]) -> Table {
    let head = LEVELS.map(|level| format!("{:.0} %", 100.0 * level));
    let by_pit = LEVELS.map(|level| format!("PIT {:.0} %", 100.0 * level));
    let head: Vec<(&str, bool)> = std::iter::once(("intervals hold", false))
        .chain(head.iter().chain(&by_pit).map(|h| (h.as_str(), true)))
        .collect();
    let row = |(m, s): &(&ModelScores, &Summary)| {
        let shares =
            s.coverage.iter().chain(&s.pit_coverage).map(|x| format!("{:.1} %", 100.0 * x));
        std::iter::once(m.model.to_owned()).chain(shares).collect()
    };
    Table::new("", &head, models.iter().map(row).collect())
}

fn groups(models: &[(&ModelScores, &Summary)]) -> Table {
    let head = [
        ("CRPS by group", false),
        ("codecision", true),
        ("consultation", true),
        ("ref. known", true),
        ("ref. unknown", true),
    ];
    let row = |(m, _): &(&ModelScores, &Summary)| {
        let crps = |name: &str| {
            let group = m.groups.iter().find(|g| g.group == name);
            group.map_or_else(|| "–".to_owned(), |g| format!("{:.2}", g.scores.crps))
        };
        let mut row = vec![m.model.to_owned()];
        row.extend(["COD", "CNS", "known", "unknown"].map(crps));
        row
    };
    Table::new("", &head, models.iter().map(row).collect())
}

#[cfg(test)]
mod tests {
    use winset_methods::spatial::MODELS;
    use winset_page::document::terminal;

    use super::*;

    const ISSUES: &str = "issue,proposal,name,year,act,council,procedure,council_rule,reference_point,outcome,split\n\
        i1,p1,a,2001,Reg,General,COD,QMV,0,100,train\n\
        i2,p1,a,2001,Reg,General,COD,QMV,,20,train\n\
        i3,p2,b,2001,Reg,General,CNS,Unan,,,holdout\n";
    const POSITIONS: &str = "issue,actor,position,salience,capability\n\
        i1,com,100,50,100\ni1,ep,0,50,100\ni1,at,40,40,40\n\
        i2,com,0,50,100\ni2,ep,0,50,100\ni2,at,40,100,40\ni3,com,60,50,100\n";

    #[test]
    fn every_issue_is_predicted_and_known_ones_are_scored() {
        let issues = deu::parse(ISSUES, POSITIONS).unwrap();
        let (report, table) = report(issues, Split::All, None).unwrap();
        assert_eq!((report.predicted, report.scored, report.proposals), (3, 2, 1));
        let text = table.csv();
        assert_eq!(text.lines().count(), 1 + 3 * (MODELS.len() + COUNCIL.len()));
        for row in text.lines().skip(1) {
            let cells: Vec<&str> = row.split(',').collect();
            assert_eq!(cells.len(), 104);
            let f: Vec<f64> = cells[3..].iter().map(|c| c.parse().unwrap()).collect();
            assert!(f.windows(2).all(|w| w[0] <= w[1]) && f[100] == 1.0, "{row}");
        }
        // By hand: i1 weighs 5000, 5000, 1600, so (500000 + 64000)/11600; i2 5000, 5000, 4000,
        // so 160000/14000.
        let m = &report.models[0];
        let mae = ((100.0 - 564_000.0 / 11_600.0) + (20.0 - 160_000.0 / 14_000.0)) / 2.0;
        assert!((m.scores.as_ref().unwrap().mae - mae).abs() < 1e-9);
        // A point mass: the CRPS is the absolute error, and nothing beats itself.
        assert!((m.scores.as_ref().unwrap().crps - mae).abs() < 1e-9);
        assert_eq!(m.mae_difference.unwrap().hi, 0.0);
    }

    #[test]
    fn a_split_without_outcomes_is_predicted_all_the_same() {
        let issues = deu::parse(ISSUES, POSITIONS).unwrap();
        let (report, table) = report(issues, Split::Holdout, Some("predictive")).unwrap();
        assert_eq!((report.predicted, report.scored), (1, 0));
        assert!(report.models[0].scores.is_none());
        assert_eq!(table.rows.len(), 1);
        assert!(terminal(&document(&report)).contains("nothing is scored"));
        assert!(Split::named("test").is_err());
    }

    #[test]
    fn a_council_is_asked_of_whole_proposals_by_their_rule() {
        let issues = deu::parse(ISSUES, POSITIONS).unwrap();
        let names = ["at", "com", "ep"];
        let (qualified, all) = (decides(&issues[0], &names), decides(&issues[2], &names));
        let passes = |rule: &Rule, who: u64| rule.passes(who, &[1, 1, 1]);
        // Codecision: the one state and the Parliament; unanimity by consultation: the state.
        assert!(
            passes(&qualified, 0b101) && !passes(&qualified, 0b001) && !passes(&qualified, 0b110)
        );
        assert!(passes(&all, 0b001) && !passes(&all, 0b110));
        let (asked, table) = report(issues, Split::All, Some("council-people")).unwrap();
        assert_eq!((asked.models.len(), table.rows.len()), (1, 3));
        // The Parliament keeps i1 at 0, its ideal; without a reference point anything passes.
        assert_eq!(asked.models[0].scores.as_ref().unwrap().issues, 2);
        assert!(known(Some("council")).is_ok() && known(Some("nobody")).is_err());
    }
}
