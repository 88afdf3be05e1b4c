//! The main model's own terms on decisions of the European Union, beside the position models: the table
//! *The main model* of `docs/src/spatial/deu.md`.
//!
//! `cargo xtask study council -- FOLDER` names the folder with `issues.csv` and `positions.csv`.

use std::path::PathBuf;
use std::process::ExitCode;

use winset_files::deu::{self, DeuIssue};
use winset_model::spatial::backtest::{paired_bootstrap, summary};
use winset_model::spatial::{Distribution, Forecast, model};
use winset_model::theory::grid::Grid;
use winset_model::theory::people::ZoneTerms;
use winset_model::{NO_DEMAND, NoDeal, Rule, Situation, UNIT};

/// Resamples of the bootstrap by proposal, and its seed.
const RESAMPLES: usize = 2000;
const SEED: u64 = 1;
/// The share of the states' capability that a qualified majority needs, per cent: 62 of 87 votes.
const QUALIFIED: f64 = 71.0;
/// Position models beside it.
const BESIDE: [&str; 6] = ["weighted-mean", "mean", "nash", "win-set", "positions", "predictive"];

fn main() -> ExitCode {
    let named = std::env::args().skip(1).find(|a| !a.starts_with("--")).map(PathBuf::from);
    let folder =
        named.or_else(|| std::env::var_os("WINSET_DATA").map(|d| PathBuf::from(d).join("deu")));
    let Some(folder) = folder else {
        eprintln!("no data\n\nhint: name the folder with issues.csv and positions.csv");
        return ExitCode::FAILURE;
    };
    let mut issues = match deu::read(&folder) {
        Ok(issues) => issues,
        Err(e) => {
            eprintln!("{e}");
            return ExitCode::FAILURE;
        }
    };
    issues.retain(|i| i.split == "train" && i.usable() && i.issue.reference().is_some());
    told(&issues);
    ExitCode::SUCCESS
}

fn told(issues: &[DeuIssue]) {
    let outcomes: Vec<f64> = issues.iter().filter_map(|i| i.outcome).collect();
    let mut names: Vec<&str> = issues.iter().map(|i| i.proposal.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let cluster: Vec<usize> =
        issues.iter().map(|i| names.partition_point(|n| *n < i.proposal.as_str())).collect();
    let solved: Vec<Option<[Forecast; 2]>> = issues.iter().map(council).collect();
    let open = solved.iter().flatten().count();
    println!(
        "{} issues with a reference point, {} proposals; a zone on {open}, else the reference point",
        issues.len(),
        names.len()
    );
    let stays = |i: &DeuIssue| Forecast::certain(i.issue.reference().unwrap_or(i.issue.lo()));
    let own = |k: usize| -> Vec<Forecast> {
        let each = issues.iter().zip(&solved);
        each.map(|(i, s)| s.as_ref().map_or_else(|| stays(i), |s| s[k].clone())).collect()
    };
    let mut rows: Vec<(&str, Vec<Forecast>)> =
        vec![("main model: terms", own(0)), ("main model: people", own(1))];
    for id in BESIDE {
        let Some(m) = model(id) else { continue };
        rows.push((id, issues.iter().map(|i| m.forecast(&i.issue, 1)).collect()));
    }
    let benchmark = rows.iter().find(|r| r.0 == BESIDE[0]).map(|r| r.1.clone()).unwrap_or_default();
    println!("| model | MAE | CRPS | log | in 50, 80, 90 % | CRPS against the weighted mean |");
    println!("|---|---|---|---|---|---|");
    for (name, forecasts) in &rows {
        let Some(s) = summary(forecasts, &outcomes) else { continue };
        let crps = |f: &Forecast, y: &f64| f.distribution.crps(*y);
        let paired = forecasts.iter().zip(&benchmark).zip(&outcomes);
        let d: Vec<f64> = paired.map(|((a, b), y)| crps(a, y) - crps(b, y)).collect();
        let d = paired_bootstrap(&cluster, &d, RESAMPLES, SEED);
        let d = d
            .map_or_else(String::new, |d| format!("{:+.1} ({:+.1} to {:+.1})", d.mean, d.lo, d.hi));
        let held = s.coverage.map(|c| format!("{:.0}", 100.0 * c)).join(", ");
        println!("| {name} | {:.2} | {:.2} | {:.2} | {held} | {d} |", s.mae, s.crps, s.log_score);
    }
}

/// The members as one side without a negotiator: its terms, and what people would make of its zone;
/// `None` where no change passes.
///
/// States, Commission and Parliament are the members, by capability; a text passes with a qualified
/// majority of the states, or all of them, and with the Parliament where it decides too. No deal leaves
/// the issue at its reference point. Every per cent of the scale is looked at.
fn council(issue: &DeuIssue) -> Option<[Forecast; 2]> {
    let (lo, width) = (issue.issue.lo(), issue.issue.width());
    let actors = issue.issue.actors();
    let n = actors.len();
    let at = |x: f64| ((x - lo) / width * f64::from(UNIT)).round() as i32;
    let is = |name: &str| actors.iter().position(|a| a.name.eq_ignore_ascii_case(name));
    let (com, ep) = (is("com"), is("ep"));
    let states: Vec<usize> = (0..n).filter(|i| Some(*i) != com && Some(*i) != ep).collect();
    let share = if issue.council_rule.starts_with("Unan") { 100.0 } else { QUALIFIED };
    let mut parts = vec![Rule::Percent(share, states)];
    parts.extend(ep.filter(|_| issue.procedure == "COD").map(Rule::Actor));
    let s = Situation {
        quo: vec![at(issue.issue.reference()?)],
        side: vec![0; n],
        ideal: actors.iter().map(|a| at(a.position)).collect(),
        weight: vec![1.0; n],
        red_min: vec![i32::MIN; n],
        red_max: vec![i32::MAX; n],
        demand: vec![NO_DEMAND; n],
        audience: vec![0.0; n],
        capability: actors.iter().map(|a| (a.capability * 1e6).round() as i64).collect(),
        discount: vec![0.1],
        cost: vec![0.0],
        rules: vec![Rule::All(parts)],
        negotiator: vec![None],
        alpha: 1.0,
        ..Situation::default()
    };
    let mut no_deal = NoDeal::default();
    s.no_deal(&mut no_deal);
    let mut grid = Grid::default();
    grid.evaluate(&s, &no_deal, vec![(0..=100).map(|k| k * (UNIT / 100)).collect()]);
    let zone = ZoneTerms::new(&grid, &s, &no_deal, 0.0)?;
    let terms = grid.solve(&s, &no_deal).terms;
    let place = |x: i32| lo + width * f64::from(x) / f64::from(UNIT);
    let middle = terms.iter().map(|x| place(*x)).sum::<f64>() / terms.len() as f64;
    let atoms = zone.packages.iter().map(|x| place(grid.nodes[0][*x])).zip(zone.p).collect();
    let people = Distribution::from_atoms(atoms)?;
    let people = Forecast { point: people.median(), ..Forecast::mean_of(people) };
    Some([Forecast::certain(middle), people])
}
