//! `study deu`: fits the predictive mixture on the train split and judges it where it was not fitted.
//!
//! Everything is resampled by proposal, since the issues of one proposal are not independent.
//! Prints the tables of `docs/src/spatial/deu.md` and the constants of `spatial/predictive.rs`.

use anyhow::{Context, bail};
use std::path::Path;
use winset_files::deu::{self, DeuIssue};
use winset_methods::spatial::backtest::{Difference, LEVELS, Summary, paired_bootstrap, summary};
use winset_methods::spatial::predictive::{
    CENTRE, COUNT, FITTED, NAMES, NEVER, Parameters, distribution, elected, mixture, proportional,
};
use winset_methods::spatial::{Distribution, PositionForecast, model};
use winset_model::uncertain::counter::below;
use winset_report::backtest::councils;

/// The strengths of the ridge penalty that the inner cross-validation chooses from.
const RIDGES: [f64; 4] = [0.02, 0.05, 0.1, 0.2];
/// The strength used in the table of ingredients, the middle of [`RIDGES`].
const RIDGE: f64 = 0.1;
const SEED: u64 = 1;

/// The values at which an ingredient does nothing.
const OFF: Parameters = Parameters {
    salience: 1.0,
    held: NEVER,
    dichotomy: 0.0,
    shrink: NEVER,
    spread: CENTRE.spread,
    reference: NEVER,
};

/// The same without a compromise.
const HELD_ONLY: Parameters = Parameters { held: 30.0, ..OFF };

/// How the held positions share their mass.
#[derive(Clone, Copy, PartialEq)]
enum Shares {
    /// By an election: the model in use.
    Elected,
    /// By weight.
    Proportional,
}

/// A model with some numbers free and the others off.
#[derive(Clone, Copy)]
struct Variant {
    name: &'static str,
    shares: Shares,
    off: Parameters,
    free: [bool; COUNT],
}

/// `free` holds a 1 for salience, held, dichotomy, shrink, spread, reference.
const fn variant(name: &'static str, shares: Shares, bits: [u8; COUNT]) -> Variant {
    let mut free = [false; COUNT];
    let mut k = 0;
    while k < COUNT {
        free[k] = bits[k] == 1;
        k += 1;
    }
    Variant { name, shares, off: OFF, free }
}

use Shares::{Elected, Proportional};

/// The model in use.
const FULL: Variant = variant("in use", Elected, [1, 1, 1, 1, 1, 0]);

const VARIANTS: [Variant; 12] = [
    variant("by weight: held, compromise", Proportional, [0, 1, 0, 0, 1, 0]),
    variant("by weight: + reference point", Proportional, [0, 1, 0, 0, 1, 1]),
    variant("by weight: all but reference", Proportional, [1, 1, 1, 1, 1, 0]),
    variant("election: held, compromise", Elected, [0, 1, 0, 0, 1, 0]),
    variant("+ salience exponent", Elected, [1, 1, 0, 0, 1, 0]),
    variant("+ dichotomy", Elected, [1, 1, 1, 0, 1, 0]),
    variant("+ shrinkage = in use", Elected, [1, 1, 1, 1, 1, 0]),
    variant("in use + reference point", Elected, [1, 1, 1, 1, 1, 1]),
    variant("in use without dichotomy", Elected, [1, 1, 0, 1, 1, 0]),
    variant("in use without salience", Elected, [0, 1, 1, 1, 1, 0]),
    variant("in use without held", Elected, [1, 0, 0, 1, 1, 0]),
    Variant { off: HELD_ONLY, ..variant("held positions only", Elected, [1, 0, 0, 0, 0, 0]) },
];

/// The usable issues of the train split.
struct Data {
    issues: Vec<DeuIssue>,
    outcomes: Vec<f64>,
    /// Index of the proposal, by issue.
    proposal: Vec<usize>,
    proposals: usize,
}

impl Data {
    fn read(folder: &Path) -> anyhow::Result<Self> {
        let mut issues = deu::read(folder)?;
        issues.retain(|i| i.split == "train" && i.usable());
        let mut names: Vec<&str> = issues.iter().map(|i| i.proposal.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let at = |i: &DeuIssue| names.partition_point(|n| *n < i.proposal.as_str());
        let proposal = issues.iter().map(at).collect();
        let proposals = names.len();
        let outcomes = issues.iter().filter_map(|i| i.outcome).collect();
        if proposals < 10 {
            bail!("only {proposals} proposals in `{}`: expected the DEU data", folder.display());
        }
        Ok(Self { issues, outcomes, proposal, proposals })
    }

    /// A fold in `0..folds` for every issue, whole proposals together.
    fn folds(&self, folds: usize, seed: u64) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.proposals).collect();
        for k in (1..order.len()).rev() {
            order.swap(k, below(seed, k as u64, 0, k + 1));
        }
        let mut fold = vec![0; self.proposals];
        for (k, p) in order.into_iter().enumerate() {
            fold[p] = k % folds;
        }
        self.proposal.iter().map(|&p| fold[p]).collect()
    }

    fn crps(&self, v: &Variant, p: &Parameters, i: usize) -> f64 {
        let issue = &self.issues[i].issue;
        let shares = match v.shares {
            Elected => elected(issue, p.salience),
            Proportional => proportional(issue, p.salience),
        };
        mixture(issue, &shares, p).crps(self.outcomes[i])
    }

    /// Mean CRPS over `rows`, plus the ridge on the free numbers.
    fn loss(&self, v: &Variant, x: &[f64], rows: &[usize], ridge: f64) -> f64 {
        let p = v.parameters(x);
        let mean = rows.iter().map(|&i| self.crps(v, &p, i)).sum::<f64>() / rows.len() as f64;
        let off = x.iter().zip(v.pack(&CENTRE)).map(|(x, c)| x - c);
        mean + ridge * off.map(|d| d * d).sum::<f64>()
    }

    fn fit(&self, v: &Variant, rows: &[usize], ridge: f64, start: &Parameters) -> Parameters {
        v.parameters(&nelder_mead(v.pack(start), |x| self.loss(v, x, rows, ridge)))
    }

    fn all(&self) -> Vec<usize> {
        (0..self.issues.len()).collect()
    }

    fn without(&self, fold: &[usize], k: usize, within: &[usize]) -> (Vec<usize>, Vec<usize>) {
        within.iter().partition(|&&i| fold[i] != k)
    }

    /// Cross-validated CRPS by issue.
    fn validate(
        &self,
        v: &Variant,
        rows: &[usize],
        folds: usize,
        ridge: f64,
        seed: u64,
    ) -> Vec<f64> {
        let start = self.fit(v, rows, ridge, &CENTRE);
        let fold = self.folds(folds, seed);
        let mut scores = vec![0.0; self.issues.len()];
        for k in 0..folds {
            let (fitted, held_out) = self.without(&fold, k, rows);
            if !held_out.is_empty() && !fitted.is_empty() {
                let p = self.fit(v, &fitted, ridge, &start);
                held_out.iter().for_each(|&i| scores[i] = self.crps(v, &p, i));
            }
        }
        rows.iter().map(|&i| scores[i]).collect()
    }

    /// The ridge with the smallest cross-validated CRPS on `rows`.
    fn choose(&self, rows: &[usize], folds: usize, seed: u64) -> f64 {
        let score = |ridge| mean(&self.validate(&FULL, rows, folds, ridge, seed));
        let scored = RIDGES.map(|ridge| (ridge, score(ridge)));
        scored.into_iter().fold((RIDGE, f64::INFINITY), |a, b| if b.1 < a.1 { b } else { a }).0
    }
}

impl Variant {
    fn pack(&self, p: &Parameters) -> Vec<f64> {
        p.to_array().into_iter().zip(self.free).filter_map(|(x, f)| f.then_some(x)).collect()
    }

    fn parameters(&self, x: &[f64]) -> Parameters {
        let mut a = self.off.to_array();
        let mut free = x.iter();
        for (a, f) in a.iter_mut().zip(self.free) {
            if let Some(x) = f.then(|| free.next()).flatten() {
                *a = *x;
            }
        }
        Parameters::from_array(a)
    }
}

fn mean(x: &[f64]) -> f64 {
    x.iter().sum::<f64>() / x.len() as f64
}

/// The minimum by reflection, expansion, contraction and shrinkage.
///
/// Nelder & Mead 1965, Comput. J. 7, with their coefficients; stops when the simplex's values
/// differ by less than 1e-5 or after 150 steps a dimension, then restarts once from the best point.
fn nelder_mead(start: Vec<f64>, f: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    let n = start.len();
    let mut best = start;
    for size in [0.4, 0.15] {
        let corner = |k: usize| {
            let mut x = best.clone();
            if k > 0 {
                x[k - 1] += size;
            }
            (f(&x), x)
        };
        let mut simplex: Vec<(f64, Vec<f64>)> = (0..=n).map(corner).collect();
        for _ in 0..150 * n {
            simplex.sort_by(|a, b| a.0.total_cmp(&b.0));
            if simplex[n].0 - simplex[0].0 < 1e-5 {
                break;
            }
            let centre: Vec<f64> = (0..n)
                .map(|d| simplex[..n].iter().map(|s| s.1[d]).sum::<f64>() / n as f64)
                .collect();
            let worst = simplex[n].1.clone();
            let along = |t: f64| {
                let x: Vec<f64> = centre.iter().zip(&worst).map(|(c, w)| c + t * (w - c)).collect();
                (f(&x), x)
            };
            let reflected = along(-1.0);
            simplex[n] = if reflected.0 < simplex[0].0 {
                let expanded = along(-2.0);
                if expanded.0 < reflected.0 { expanded } else { reflected }
            } else if reflected.0 < simplex[n - 1].0 {
                reflected
            } else {
                let contracted = along(if reflected.0 < simplex[n].0 { -0.5 } else { 0.5 });
                if contracted.0 < simplex[n].0.min(reflected.0) {
                    contracted
                } else {
                    let towards = simplex[0].1.clone();
                    for s in &mut simplex[1..] {
                        s.1.iter_mut().zip(&towards).for_each(|(x, b)| *x = b + 0.5 * (*x - b));
                        s.0 = f(&s.1);
                    }
                    continue;
                }
            };
        }
        simplex.sort_by(|a, b| a.0.total_cmp(&b.0));
        best.clone_from(&simplex[0].1);
    }
    best
}

/// Runs the study on the DEU folder `data`; `reduced` for a smoke test in CI.
///
/// # Errors
/// If the folder cannot be read.
fn run(data: &Path, reduced: bool) -> anyhow::Result<()> {
    let data = Data::read(data)?;
    let (repeats, folds, inner, resamples) = if reduced { (1, 3, 2, 5) } else { (2, 10, 5, 100) };
    println!("{} issues, {} proposals\n", data.issues.len(), data.proposals);
    let positions = registered(&data, "positions")?;
    let weighted_mean = registered(&data, "weighted-mean")?;

    println!(
        "## Ingredients: {folds}-fold cross-validation by proposal, {repeats} times, ridge {RIDGE}\n"
    );
    println!("| variant | numbers | CRPS in sample | CRPS cross-validated |\n|---|---|---|---|");
    println!(
        "| weighted mean as a point | 0 | {0:.3} | {0:.3} |",
        score(&data, &weighted_mean)?.crps
    );
    println!("| lottery over positions | 0 | {0:.3} | {0:.3} |", score(&data, &positions)?.crps);
    let shown = if reduced { &VARIANTS[6..7] } else { &VARIANTS[..] };
    for v in shown {
        let p = data.fit(v, &data.all(), RIDGE, &CENTRE);
        let inside = mean(&data.all().iter().map(|&i| data.crps(v, &p, i)).collect::<Vec<_>>());
        let outside: Vec<f64> = (0..repeats)
            .map(|r| mean(&data.validate(v, &data.all(), folds, RIDGE, SEED + r)))
            .collect();
        let count = v.free.iter().filter(|f| **f).count();
        println!("| {} | {count} | {inside:.3} | {:.3} |", v.name, mean(&outside));
    }

    println!(
        "\n## Nested: the ridge chosen inside each of {folds} folds by {inner}-fold cross-validation\n"
    );
    let (nested, mut ridges) = nested(&data, folds, inner);
    println!("ridges chosen: {ridges:?}\n");
    compare(&data, "nested predictive", &nested, &positions, &weighted_mean)?;

    // One choice on all data is as noisy as each of these; their median is steadier.
    ridges.sort_by(f64::total_cmp);
    let ridge = ridges[ridges.len() / 2];
    let fitted = data.fit(&FULL, &data.all(), ridge, &CENTRE);
    println!("\n## Fit on the whole train split, ridge {ridge}\n");
    let errors = bootstrap(&data, &fitted, ridge, resamples);
    println!("| number | fitted | standard error | in use |\n|---|---|---|---|");
    for k in 0..COUNT {
        let (ours, used) = (fitted.to_array()[k], FITTED.to_array()[k]);
        println!("| {} | {ours:.4} | {:.3} | {used:.4} |", NAMES[k], errors[k]);
    }
    println!();
    let in_use = registered(&data, "predictive")?;
    compare(&data, "constants in use, in sample", &in_use, &positions, &weighted_mean)?;
    sharper(&data, &in_use)?;
    with_council(&data, &in_use)
}

/// What narrower and wider distributions would score: the log-odds of F times a factor.
fn sharper(data: &Data, ours: &[PositionForecast]) -> anyhow::Result<()> {
    println!("\n## Sharpened: the log-odds of F times a factor, constants in use\n");
    println!("| factor | CRPS | PIT in the middle 50, 80, 90 % |\n|---|---|---|");
    for factor in [0.8, 0.9, 1.0, 1.1, 1.2, 1.3] {
        let all = ours.iter().map(|f| spread(sharpened(&f.distribution, factor)));
        let s = score(data, &all.collect::<Vec<_>>())?;
        let [a, b, c] = s.pit_coverage.map(|x| 100.0 * x);
        println!("| {factor} | {:.3} | {a:.1}, {b:.1}, {c:.1} |", s.crps);
    }
    Ok(())
}

fn spread(distribution: Distribution) -> PositionForecast {
    PositionForecast { point: distribution.median(), distribution, moves: Vec::new() }
}

/// `F^a/(F^a + (1 − F)^a)`: narrower above 1.
fn sharpened(d: &Distribution, factor: f64) -> Distribution {
    let (mut up_to, mut below) = (0.0, 0.0);
    let atoms = d.atoms().iter().map(|&(x, mass)| {
        up_to += mass;
        let (f, rest) =
            (libm::pow(up_to.min(1.0), factor), libm::pow((1.0 - up_to).max(0.0), factor));
        let at = f / (f + rest);
        let mass = at - below;
        below = at;
        (x, mass)
    });
    Distribution::from_atoms(atoms.collect()).unwrap_or_else(|| d.clone())
}

/// What a share of the main model's own distribution would add to the mixture.
fn with_council(data: &Data, ours: &[PositionForecast]) -> anyhow::Result<()> {
    println!("\n## A share of the council's terms mixed in, constants in use\n");
    println!("| of | share | CRPS | against none, 95 % by proposal |\n|---|---|---|---|");
    let crps = |f: &PositionForecast, i: usize| f.distribution.crps(data.outcomes[i]);
    for (name, council) in ["terms", "people"].into_iter().zip(councils(&data.issues)) {
        for share in [0.02, 0.05, 0.1, 0.2] {
            let mixed: Vec<PositionForecast> = (ours.iter().zip(&council))
                .map(|(f, c)| {
                    let part = |d: &Distribution, by: f64| -> Vec<(f64, f64)> {
                        d.atoms().iter().map(|&(x, m)| (x, by * m)).collect()
                    };
                    let mut atoms = part(&f.distribution, 1.0 - share);
                    atoms.extend(part(&c.distribution, share));
                    spread(
                        Distribution::from_atoms(atoms).unwrap_or_else(|| f.distribution.clone()),
                    )
                })
                .collect();
            let gain: Vec<f64> =
                (0..mixed.len()).map(|i| crps(&mixed[i], i) - crps(&ours[i], i)).collect();
            let d = paired_bootstrap(&data.proposal, &gain, 2000, SEED)
                .context("nothing to resample")?;
            let mean = score(data, &mixed)?.crps;
            println!(
                "| {name} | {share} | {mean:.3} | {:+.3} ({:+.3} to {:+.3}) |",
                d.mean, d.lo, d.hi
            );
        }
    }
    Ok(())
}

fn registered(data: &Data, id: &str) -> anyhow::Result<Vec<PositionForecast>> {
    let m = model(id).with_context(|| format!("no model `{id}`"))?;
    Ok(data.issues.iter().map(|i| m.forecast(&i.issue, 1)).collect())
}

fn score(data: &Data, forecasts: &[PositionForecast]) -> anyhow::Result<Summary> {
    summary(forecasts, &data.outcomes).context("nothing to score")
}

/// Forecasts for every issue from fits that saw neither its proposal nor chose a ridge with it.
fn nested(data: &Data, folds: usize, inner: usize) -> (Vec<PositionForecast>, Vec<f64>) {
    let fold = data.folds(folds, SEED + 100);
    let mut forecasts = vec![PositionForecast::certain(0.0); data.issues.len()];
    let mut ridges = Vec::new();
    for k in 0..folds {
        let (fitted, held_out) = data.without(&fold, k, &data.all());
        let ridge = data.choose(&fitted, inner, SEED + 200 + k as u64);
        let p = data.fit(&FULL, &fitted, ridge, &CENTRE);
        for i in held_out {
            let distribution = distribution(&data.issues[i].issue, &p);
            forecasts[i] =
                PositionForecast { point: distribution.median(), distribution, moves: Vec::new() };
        }
        ridges.push(ridge);
    }
    (forecasts, ridges)
}

/// Standard deviations of the fit over resampled proposals.
fn bootstrap(data: &Data, fitted: &Parameters, ridge: f64, resamples: usize) -> [f64; COUNT] {
    let mut by_proposal = vec![Vec::new(); data.proposals];
    for (i, &p) in data.proposal.iter().enumerate() {
        by_proposal[p].push(i);
    }
    let fits: Vec<[f64; COUNT]> = (0..resamples as u64)
        .map(|r| {
            let drawn = (0..data.proposals as u64)
                .flat_map(|k| by_proposal[below(SEED, r, k, data.proposals)].iter().copied());
            data.fit(&FULL, &drawn.collect::<Vec<_>>(), ridge, fitted).to_array()
        })
        .collect();
    std::array::from_fn(|k| {
        let x: Vec<f64> = fits.iter().map(|f| f[k]).collect();
        let m = mean(&x);
        (x.iter().map(|x| (x - m) * (x - m)).sum::<f64>() / (x.len() as f64 - 1.0)).sqrt()
    })
}

fn compare(
    data: &Data,
    name: &str,
    ours: &[PositionForecast],
    positions: &[PositionForecast],
    weighted_mean: &[PositionForecast],
) -> anyhow::Result<()> {
    let s = score(data, ours)?;
    println!(
        "{name}: CRPS {:.3}, MAE of the median {:.3}, log score {:.3}",
        s.crps, s.mae, s.log_score
    );
    for (level, share) in LEVELS.iter().zip(s.coverage) {
        println!("central {:.0} % interval holds {:.1} %", 100.0 * level, 100.0 * share);
    }
    let [a, b, c] = s.pit_coverage.map(|x| 100.0 * x);
    println!("of the PIT lie in the middle 50, 80, 90 %: {a:.1}, {b:.1}, {c:.1} %");
    let pit: Vec<String> = s.pit.iter().map(|p| format!("{:.1}", 100.0 * p)).collect();
    println!("PIT, per cent by tenth: {}", pit.join(" "));
    let difference = |f: &dyn Fn(&PositionForecast, f64) -> f64, theirs: &[PositionForecast]| {
        let d: Vec<f64> = (0..ours.len())
            .map(|i| f(&ours[i], data.outcomes[i]) - f(&theirs[i], data.outcomes[i]))
            .collect();
        paired_bootstrap(&data.proposal, &d, 2000, SEED).context("nothing to resample")
    };
    let crps = |f: &PositionForecast, y: f64| f.distribution.crps(y);
    let error = |f: &PositionForecast, y: f64| (f.point - y).abs();
    let show = |what: &str, d: Difference| {
        println!("{what}: {:+.2} ({:+.2} to {:+.2}, 95 % by proposal)", d.mean, d.lo, d.hi);
    };
    show("CRPS against the lottery over positions", difference(&crps, positions)?);
    show("CRPS against the weighted mean as a point", difference(&crps, weighted_mean)?);
    show("absolute error against the weighted mean", difference(&error, weighted_mean)?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minimum_of_a_valley_is_found() {
        // Rosenbrock's function, minimum 0 at (1, 1).
        let f = |x: &[f64]| {
            let (a, b) = (1.0 - x[0], x[1] - x[0] * x[0]);
            a * a + 100.0 * b * b
        };
        let x = nelder_mead(vec![-1.2, 1.0], f);
        assert!(f(&x) < 1e-4, "{x:?}");
    }

    #[test]
    fn sharpening_moves_mass_to_the_middle_and_keeps_the_median() {
        let d = Distribution::from_atoms((0..5).map(|k| (f64::from(k), 1.0)).collect()).unwrap();
        let same = sharpened(&d, 1.0);
        let mut pairs = same.atoms().iter().zip(d.atoms());
        assert!(pairs.all(|(a, b)| a.0 == b.0 && (a.1 - b.1).abs() < 1e-12));
        let narrow = sharpened(&d, 2.0);
        assert!(narrow.atoms()[2].1 > d.atoms()[2].1 && narrow.atoms()[0].1 < d.atoms()[0].1);
        assert_eq!(narrow.median(), d.median());
    }

    #[test]
    fn a_variant_frees_what_it_names() {
        let v = variant("", Elected, [0, 1, 0, 0, 1, 0]);
        let p = v.parameters(&[0.5, -1.0]);
        assert_eq!((p.held, p.spread, p.salience), (0.5, -1.0, 1.0));
        assert_eq!(v.pack(&p), [0.5, -1.0]);
    }
}

fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let reduced = words.iter().any(|w| w == "--reduced");
    match words.iter().find(|w| !w.starts_with("--")) {
        Some(folder) => run(Path::new(folder), reduced),
        None => bail!("which folder?\n\nhint: `cargo xtask study deu -- FOLDER [--reduced]`"),
    }
}
