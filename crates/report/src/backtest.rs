//! `winset backtest deu`: every position model on decisions whose outcome is known.

use crate::spatial::text as view;
use anyhow::{Context, bail};
use serde::Serialize;
use std::path::Path;
use winset_files::deu::{self, DeuIssue};
use winset_model::spatial::backtest::{Difference, LEVELS, Summary, paired_bootstrap, summary};
use winset_model::spatial::{Forecast, PositionModel};

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

/// The report behind the table and behind `--json`.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// `winset/backtest/1`.
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
    pub models: Vec<ModelReport>,
}

/// How one model did.
#[derive(Debug, Clone, Serialize)]
pub struct ModelReport {
    /// The model's id.
    pub model: &'static str,
    /// All scored issues; `null` if none has an outcome.
    pub scores: Option<Scores>,
    /// Absolute error minus the benchmark's; negative is better.
    pub mae_difference: Option<Interval>,
    /// CRPS minus the benchmark's; negative is better.
    pub crps_difference: Option<Interval>,
    /// The scores by procedure and by presence of a reference point.
    pub groups: Vec<Group>,
}

/// The scores of one group of issues, on the scale of 0–100.
#[derive(Debug, Clone, Serialize)]
pub struct Group {
    /// `procedure` or `reference_point`.
    pub by: &'static str,
    /// `COD`, `CNS`, `known`, `unknown`.
    pub group: String,
    /// The scores.
    pub scores: Scores,
}

/// Scores on the scale of 0–100.
#[derive(Debug, Clone, Serialize)]
pub struct Scores {
    /// How many issues.
    pub issues: usize,
    /// Mean absolute error of the point.
    pub mae: f64,
    /// Root mean squared error of the point.
    pub rmse: f64,
    /// Median absolute error of the point.
    pub median_error: f64,
    /// Mean continuous ranked probability score.
    pub crps: f64,
    /// Mean log probability of the outcome's cell of one point, clipped at 0.001.
    pub log_score: f64,
    /// Central intervals: level, and the share of outcomes inside.
    pub coverage: Vec<[f64; 2]>,
    /// The PIT histogram in ten bins.
    pub pit: Vec<f64>,
}

/// A mean difference with its 95 % interval, resampled by proposal.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Interval {
    /// Mean difference.
    pub mean: f64,
    /// Lower end.
    pub lo: f64,
    /// Upper end.
    pub hi: f64,
}

impl From<Difference> for Interval {
    fn from(d: Difference) -> Self {
        Self { mean: d.mean, lo: d.lo, hi: d.hi }
    }
}

impl From<Summary> for Scores {
    fn from(s: Summary) -> Self {
        Self {
            issues: s.issues,
            mae: s.mae,
            rmse: s.rmse,
            median_error: s.median_error,
            crps: s.crps,
            log_score: s.log_score,
            coverage: LEVELS.iter().zip(s.coverage).map(|(&l, c)| [l, c]).collect(),
            pit: s.pit.to_vec(),
        }
    }
}

/// Reads the DEU folder, predicts every issue of the split, scores those with an outcome.
///
/// # Errors
/// If the folder cannot be read, the split is empty, or there is no model with this id.
pub fn run(folder: &Path, split: Split, model: Option<&str>) -> anyhow::Result<(Report, Vec<u8>)> {
    let issues =
        deu::read(folder).with_context(|| format!("DEU data in `{}`", folder.display()))?;
    report(issues, split, model)
}

fn report(
    mut issues: Vec<DeuIssue>,
    split: Split,
    model: Option<&str>,
) -> anyhow::Result<(Report, Vec<u8>)> {
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
    let known =
        |all: &[Forecast]| -> Vec<Forecast> { scored.iter().map(|&i| all[i].clone()).collect() };
    let against = known(&predict(benchmark[0], &issues));
    let mut csv = header();
    let mut reports = Vec::with_capacity(models.len());
    for m in models {
        let all = predict(m, &issues);
        for (issue, f) in issues.iter().zip(&all) {
            csv.push_str(&line(m.id(), issue, f));
        }
        let ours = known(&all);
        let difference = |f: &dyn Fn(&Forecast, f64) -> f64| {
            let paired = ours.iter().zip(&against).zip(&outcomes);
            let d: Vec<f64> = paired.map(|((a, b), &y)| f(a, y) - f(b, y)).collect();
            paired_bootstrap(&cluster, &d, RESAMPLES, SEED).map(Interval::from)
        };
        let group = |by, name: &str, keep: &dyn Fn(&DeuIssue) -> bool| {
            let rows: Vec<usize> =
                (0..scored.len()).filter(|&k| keep(&issues[scored[k]])).collect();
            let f: Vec<Forecast> = rows.iter().map(|&k| ours[k].clone()).collect();
            let y: Vec<f64> = rows.iter().map(|&k| outcomes[k]).collect();
            let scores = summary(&f, &y)?.into();
            Some(Group { by, group: name.to_owned(), scores })
        };
        let mut groups = Vec::new();
        for procedure in ["COD", "CNS"] {
            groups.extend(group("procedure", procedure, &|i| i.procedure == procedure));
        }
        for (name, is) in [("known", true), ("unknown", false)] {
            let keep = |i: &DeuIssue| i.issue.reference().is_some() == is;
            groups.extend(group("reference_point", name, &keep));
        }
        reports.push(ModelReport {
            model: m.id(),
            scores: summary(&ours, &outcomes).map(Scores::from),
            mae_difference: difference(&|f, y| (f.point - y).abs()),
            crps_difference: difference(&|f, y| f.distribution.crps(y)),
            groups,
        });
    }
    let report = Report {
        schema: "winset/backtest/1",
        data: "DEU III (Arregui & Perarnaud 2021, doi 10.34810/data53, CC BY 4.0)",
        split: split.name(),
        predicted: issues.len(),
        scored: scored.len(),
        proposals: proposals.len(),
        benchmark: BENCHMARK,
        models: reports,
    };
    Ok((report, csv.into_bytes()))
}

fn predict(model: &dyn PositionModel, issues: &[DeuIssue]) -> Vec<Forecast> {
    issues.iter().map(|i| model.forecast(&i.issue, ROUNDS)).collect()
}

/// `issue,model,point,F0,…,F100`.
fn header() -> String {
    let mut text = "issue,model,point".to_owned();
    (0..=100).for_each(|k| text.push_str(&format!(",F{k}")));
    text.push('\n');
    text
}

fn line(model: &str, issue: &DeuIssue, f: &Forecast) -> String {
    let mut text = format!("{},{model},{}", issue.id, f.point);
    for p in f.distribution.grid(issue.issue.lo(), issue.issue.hi()) {
        // Nine decimals: below what any score can see, and no `0.30000000000000004`.
        let p = (p.clamp(0.0, 1.0) * 1e9).round() / 1e9;
        text.push_str(&format!(",{p}"));
    }
    text.push('\n');
    text
}

/// The report as text, 80 columns.
pub fn text(report: &Report) -> String {
    let rows: Vec<view::Scored> = report
        .models
        .iter()
        .filter_map(|m| {
            let s = m.scores.as_ref()?;
            let group =
                |name: &str| m.groups.iter().find(|g| g.group == name).map(|g| g.scores.crps);
            Some(view::Scored {
                model: m.model.to_owned(),
                mae: s.mae,
                rmse: s.rmse,
                crps: s.crps,
                log_score: s.log_score,
                covered: s.coverage.get(1).map(|c| c[1]),
                difference: m.crps_difference.map(|d| [d.mean, d.lo, d.hi]),
                groups: [group("COD"), group("CNS"), group("known"), group("unknown")],
            })
        })
        .collect();
    view::backtest(&view::Backtest {
        data: report.data.to_owned(),
        split: report.split.to_owned(),
        predicted: report.predicted,
        scored: report.scored,
        proposals: report.proposals,
        benchmark: report.benchmark.to_owned(),
        rows,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use winset_model::spatial::MODELS;

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
        let (report, csv) = report(issues, Split::All, None).unwrap();
        assert_eq!((report.predicted, report.scored, report.proposals), (3, 2, 1));
        let text = String::from_utf8(csv).unwrap();
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
        let (report, csv) = report(issues, Split::Holdout, Some("predictive")).unwrap();
        assert_eq!((report.predicted, report.scored), (1, 0));
        assert!(report.models[0].scores.is_none());
        assert_eq!(String::from_utf8(csv).unwrap().lines().count(), 2);
        assert!(Split::named("test").is_err());
    }
}
