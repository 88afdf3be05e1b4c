//! Every position model on decisions whose outcome is known.

use std::path::Path;

use anyhow::{Context, bail};
use serde::Serialize;
use winset_files::deu::{self, DeuIssue};
use winset_model::spatial::backtest::{Difference, Summary, paired_bootstrap, summary};
use winset_model::spatial::{PositionForecast, PositionModel};
use winset_page::document::{Block, Document, Section, Table};
use winset_page::table::{Cell, CellKind, DataTable};

/// Rounds of the models that have rounds: the published back-tests stop after the first.
pub const ROUNDS: usize = 1;
/// Resamples of the bootstrap by proposal.
pub const RESAMPLES: usize = 2000;
const SEED: u64 = 1;
/// The model that the others are compared with.
pub const BENCHMARK: &str = "weighted-mean";

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
    /// One entry a model, in the registry's order.
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
    let models = crate::spatial::chosen(model)?;
    let benchmark = crate::spatial::chosen(Some(BENCHMARK))?;
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
    for m in models {
        let all = predict(m, &issues);
        for (issue, f) in issues.iter().zip(&all) {
            table.rows.push(prediction(m.id(), issue, f));
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
            model: m.id(),
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
             Models that claim certainty have CRPS = MAE.",
            r.benchmark
        );
        sections.push(Section::new("scores", "", vec![Block::Table(scores(&scored))]));
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
    use winset_model::spatial::MODELS;
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
        assert_eq!(text.lines().count(), 1 + 3 * MODELS.len());
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
}
