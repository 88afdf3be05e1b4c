//! Records of the model's own making: whether the posterior is the posterior.
//!
//! # Model
//! Scales, biases, moves and statements are drawn as the model has them. Over such records an interval that holds 90 %
//! of the posterior holds the truth in 90 % of cases, and the truth lies in each tenth of it equally often. A record
//! with a statement off the scale is thrown away and drawn anew: that looks at the record alone, so that the
//! posterior is the same.
//!
//! # Reference
//! Cook, Gelman & Rubin (2006), JCGS 15, 675–692; Talts et al. (2018), arXiv:1804.06788. Bailey (1994), Mathematics of
//! Computation 62, 779–781 (drawing a t).

use anyhow::Context;
use winset_model::belief::{
    BeliefSettings, LogNormal, Reading, ReadingKind, ReadingPath, StudentT, fit,
};

use super::{Draws, PathScores, StudyChoice, mean};

/// Channels of a case, and how its statements are coded and graded.
const CHANNELS: usize = 4;
const CODED: f64 = 4.0;
const P_TRUE: f64 = 0.85;

/// Mean and standard deviation of where a position starts.
const START: (f64, f64) = (50.0, 22.0);

/// Statements, actors and cases of each row.
const ROWS: [(usize, usize, u64); 8] = [
    (2, 1, 3000),
    (3, 1, 3000),
    (5, 1, 3000),
    (15, 1, 3000),
    (45, 1, 2000),
    (3, 5, 1000),
    (15, 5, 500),
    (45, 5, 300),
];

/// A case, and what is true of it.
pub(super) struct OwnCase {
    nu: f64,
    innovation: f64,
    observation: f64,
    bias_sd: f64,
    bias: Vec<f64>,
    paths: Vec<ReadingPath>,
    truth: Vec<f64>,
}

/// A truth about a case that the model may be told.
pub(super) type Truth = fn(&mut OwnCase, &mut BeliefSettings);

/// By name: the scales, the kind of innovation, or the sd from which the biases were drawn.
pub(super) const TOLD: [(&str, Truth); 3] = [
    ("scales", |case, s| {
        s.innovation = LogNormal { median: case.innovation, log_sd: 1e-3 };
        s.observation = LogNormal { median: case.observation, log_sd: 1e-3 };
    }),
    ("kind", |case, s| s.nu_innovation = vec![case.nu]),
    ("spread", |case, s| (s.bias_learned, s.bias_sd) = (false, case.bias_sd.max(1e-3))),
];

fn on_scale(x: f64) -> bool {
    (0.0..=100.0).contains(&x)
}

/// What is drawn first that lies on the scale.
fn kept(mut draw: impl FnMut() -> f64) -> f64 {
    loop {
        let x = draw();
        if on_scale(x) {
            return x;
        }
    }
}

/// Student's t by the polar method, or a Gaussian.
fn student(d: &mut Draws, nu: f64) -> f64 {
    if nu.is_infinite() {
        return d.normal();
    }
    let (u, v) = (d.uniform(), d.uniform());
    (nu * (libm::pow(u, -2.0 / nu) - 1.0)).sqrt() * libm::cos(std::f64::consts::TAU * v)
}

/// The readings of one actor in order, and its position at the last.
fn path(d: &mut Draws, s: &BeliefSettings, n: usize, case: &OwnCase) -> (ReadingPath, f64) {
    let mut x = kept(|| START.0 + START.1 * d.normal());
    let scale = (case.observation * case.observation + s.coded_share * CODED * CODED).sqrt();
    let innovation = case.innovation * StudentT::new(case.nu).scale_like_gaussian();
    let (mut day, mut readings) = (0, Vec::with_capacity(n));
    for i in 0..n {
        if i > 0 {
            let gap = 1 + (-3.0 * libm::log(d.uniform())) as i32;
            day += gap;
            let move_scale = innovation * f64::from(gap).sqrt();
            x = kept(|| x + move_scale * student(d, case.nu));
        }
        let channel = (d.uniform() * CHANNELS as f64) as usize % CHANNELS;
        let value = match d.uniform() < P_TRUE {
            true => x + case.bias[channel] + scale * student(d, s.nu_observation),
            false => 100.0 * d.uniform(),
        };
        let id = case.paths.len() * n + i;
        readings.push(Reading {
            id,
            day,
            value,
            sd: CODED,
            p_true: P_TRUE,
            kind: ReadingKind::Ideal,
            channel,
            audience: 0,
            origin: id,
            direction: 0.0,
        });
    }
    (ReadingPath { prior_mean: START.0, prior_sd: START.1, side: 0, readings }, x)
}

/// A case that the model expects, every statement of it on the scale.
fn simulate(d: &mut Draws, n: usize, actors: usize) -> OwnCase {
    let s = BeliefSettings::default();
    let mut scale = |prior: LogNormal| prior.median * libm::exp(prior.log_sd * d.normal());
    let (innovation, observation) = (scale(s.innovation), scale(s.observation));
    // An exponential whose root mean square is that of the settings.
    let bias_sd = -libm::log(d.uniform()) * s.bias_sd / std::f64::consts::SQRT_2;
    let bias = (0..CHANNELS).map(|_| bias_sd * d.normal()).collect();
    let kinds = &s.nu_innovation;
    let nu = kinds[(d.uniform() * kinds.len() as f64) as usize % kinds.len()];
    let (paths, truth) = (Vec::new(), Vec::new());
    let mut case = OwnCase { nu, innovation, observation, bias_sd, bias, paths, truth };
    for _ in 0..actors {
        let (path, x) = path(d, &s, n, &case);
        if !path.readings.iter().all(|r| on_scale(r.value)) {
            return simulate(d, n, actors);
        }
        case.paths.push(path);
        case.truth.push(x);
    }
    case
}

/// The scores of one case.
fn scores(mut case: OwnCase, choice: &StudyChoice) -> anyhow::Result<PathScores> {
    let mut settings = BeliefSettings::default();
    settings.intervals = choice.intervals.unwrap_or(settings.intervals);
    choice.tried.iter().for_each(|change| change(&mut settings));
    choice.told.iter().for_each(|tell| tell(&mut case, &mut settings));
    let beliefs = fit(&case.paths, &settings)?;
    let (mut all, share) = (PathScores::default(), 1.0 / case.paths.len() as f64);
    for (belief, x) in beliefs.paths.iter().zip(&case.truth) {
        let masses = belief.current.masses(&beliefs.nodes);
        all.add(share, PathScores::of(&beliefs.nodes, &masses, *x));
    }
    Ok(all)
}

/// Prints a Markdown table of every row.
pub(super) fn run(choice: &StudyChoice) -> anyhow::Result<()> {
    println!(
        "| own records | paths | 90 % between points | 50 % | mean ± 1.645 sd | width | CRPS | log score | truth in each tenth, % |\n|---|---|---|---|---|---|---|---|---|"
    );
    for (row, (n, actors, cases)) in (1..).zip(ROWS) {
        let name = format!("{n} statements, {actors} actor{}", if actors == 1 { "" } else { "s" });
        if !choice.only.is_empty() && !choice.only.iter().any(|part| name.contains(part)) {
            continue;
        }
        let cases = choice.cases.unwrap_or(choice.times * cases);
        let seed = 10_000_000_000 * row + 100_000_000 * choice.seeds;
        let one = |case| {
            let mut draws = Draws { seed: seed + case, index: 0 };
            scores(simulate(&mut draws, n, actors), choice)
                .with_context(|| format!("{name}, case {case}"))
        };
        let all: Vec<PathScores> = (0..cases).map(one).collect::<anyhow::Result<_>>()?;
        let of = |part: fn(&PathScores) -> f64| mean(all.iter().map(part));
        let ((covered, its), (half, error)) = (of(|o| o.covered), of(|o| o.half));
        let share = |k: usize| 100.0 * mean(all.iter().map(|o| o.tenths[k])).0;
        let tenths: Vec<String> = (0..10).map(|k| format!("{:.1}", share(k))).collect();
        println!(
            "| {name} | {} | {covered:.3} ± {its:.3} | {half:.3} ± {error:.3} | {:.3} | {:.1} | {:.3} | {:.3} | {} |",
            cases * actors as u64,
            of(|o| o.within).0,
            of(|o| o.width).0,
            of(|o| o.crps).0,
            of(|o| o.log).0,
            tenths.join(" ")
        );
    }
    Ok(())
}
