//! How well a rule of terms foretells the packages struck.

use libm::log;
use serde::Serialize;

use super::Corpus;
use super::concepts::{ReadyConcept, TermsConcept};

/// Into how many parts the structures are divided where constants are fitted.
pub const PARTS: usize = 5;
/// The seed of that division.
pub const SEED: u64 = 1;

/// The scores of a rule of terms over the deals of a corpus.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TermsScores {
    /// The mean of `ln p` of the package struck; higher is better.
    pub log: f64,
    /// The share of deals whose package was the likeliest; of tied ones each counts its part.
    pub hit: f64,
    /// The continuous ranked probability score of each side's utility, in shares of its whole agenda.
    pub crps: f64,
    /// How far the distribution of `F(utility)` lies from even, at most: of a discrete value, it is spread
    /// evenly over its step.
    pub pit: f64,
    /// The share of utilities from the 10 % quantile to the 90 % quantile, both included.
    pub coverage80: f64,
    /// The mean width of that band, in shares of a whole agenda.
    pub width80: f64,
}

/// At how many levels the distribution of `F(utility)` is compared with the even one.
const LEVELS: usize = 100;

/// Scores what a rule says of each package (of each structure) by what was struck; `None` without deals.
///
/// # Model
/// A quantile is the least value with `F ≥ q`. The probability integral transform of a discrete
/// forecast is the non-randomised one: a value with `F(x−)` to `F(x)` counts evenly between.
///
/// # Reference
/// Czado, Gneiting & Held (2009), *Biometrics* 65(4), 1254–1261, section 2.1 (the transform).
#[must_use]
pub fn score(corpus: &Corpus, said: &[Vec<f64>]) -> Option<TermsScores> {
    let mut sum = Sums { below: vec![0.0; LEVELS + 1], ..Sums::default() };
    for ((structure, struck), p) in corpus.structures.iter().zip(&corpus.struck).zip(said) {
        if struck.iter().all(|n| *n == 0) || p.is_empty() {
            continue;
        }
        let top = p.iter().copied().fold(0.0, f64::max);
        let tied = p.iter().filter(|p| **p >= top * (1.0 - 1e-9)).count() as f64;
        for (n, p) in struck.iter().zip(p).filter(|(n, _)| **n > 0) {
            let n = f64::from(*n);
            sum.deals += n;
            sum.log += n * log(p.max(1e-300));
            sum.hit += if *p >= top * (1.0 - 1e-9) { n / tied } else { 0.0 };
        }
        for side in 0..2 {
            let utility = |x: usize| structure.utilities[2 * x + side];
            let mut order: Vec<usize> = (0..p.len()).collect();
            order.sort_by(|a, b| utility(*a).total_cmp(&utility(*b)));
            // Utility, its chance, and how often it came.
            let mut steps: Vec<(f64, f64, f64)> = Vec::new();
            for x in order {
                let n = f64::from(struck[x]);
                match steps.last_mut() {
                    Some(last) if utility(x) - last.0 < 1e-12 => {
                        last.1 += p[x];
                        last.2 += n;
                    }
                    _ => steps.push((utility(x), p[x], n)),
                }
            }
            sum.side(&steps);
        }
    }
    sum.scores()
}

#[derive(Default)]
struct Sums {
    deals: f64,
    log: f64,
    hit: f64,
    crps: f64,
    inside: f64,
    width: f64,
    below: Vec<f64>,
}

impl Sums {
    /// Adds the utilities of one side, ascending: value, chance, how often it came.
    fn side(&mut self, steps: &[(f64, f64, f64)]) {
        let mut up_to = 0.0;
        let ends: Vec<(f64, f64)> = steps
            .iter()
            .map(|(_, p, _)| {
                let from = up_to;
                up_to += p;
                (from, up_to)
            })
            .collect();
        let quantile = |q: f64| {
            let at = ends.iter().position(|(_, to)| *to >= q - 1e-12);
            steps.get(at.unwrap_or(steps.len() - 1)).map_or(0.0, |s| s.0)
        };
        let (lo, hi) = (quantile(0.1), quantile(0.9));
        for (k, (y, _, n)) in steps.iter().enumerate().filter(|(_, s)| s.2 > 0.0) {
            let gaps = steps.windows(2).zip(&ends);
            let crps: f64 = gaps
                .map(|(pair, (_, f))| {
                    let came = if pair[0].0 >= *y - 1e-12 { 1.0 } else { 0.0 };
                    (pair[1].0 - pair[0].0) * (f - came) * (f - came)
                })
                .sum();
            self.crps += n * crps;
            self.inside += if (lo..=hi).contains(y) { *n } else { 0.0 };
            self.width += n * (hi - lo);
            let (from, to) = ends[k];
            for (level, below) in self.below.iter_mut().enumerate() {
                let u = level as f64 / LEVELS as f64;
                *below += n * ((u - from) / (to - from).max(1e-300)).clamp(0.0, 1.0);
            }
        }
    }

    fn scores(&self) -> Option<TermsScores> {
        let (n, sides) = (self.deals, 2.0 * self.deals);
        let off =
            |(level, below): (usize, &f64)| (below / sides - level as f64 / LEVELS as f64).abs();
        (n > 0.0).then(|| TermsScores {
            log: self.log / n,
            hit: self.hit / n,
            crps: self.crps / sides,
            pit: self.below.iter().enumerate().map(off).fold(0.0, f64::max),
            coverage80: self.inside / sides,
            width80: self.width / sides,
        })
    }
}

/// A rule asked of a corpus.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoredConcept {
    /// The constants: the shipped ones, or those that fit all deals.
    pub constants: Vec<f64>,
    /// What it says of each package of each structure: with constants that were fitted, by those that fit
    /// the other parts.
    pub said: Vec<Vec<f64>>,
    /// Its scores.
    pub scores: TermsScores,
}

/// Asks a rule of a corpus; `None` without deals.
///
/// With `fit`, the structures are dealt into [`PARTS`] parts (as many as there are structures, if those
/// are fewer), and each is foretold by the constants that fit the others.
#[must_use]
pub fn ask(corpus: &Corpus, concept: &TermsConcept, fit: bool) -> Option<ScoredConcept> {
    let ready = concept.ready(corpus);
    let (constants, said) = match fit {
        false => {
            let constants = concept.shipped();
            let said = ready.probabilities(&constants, &|_| true);
            (constants, said)
        }
        true => (ready.fit(&|_| true), left_out(corpus, &ready)),
    };
    let scores = score(corpus, &said)?;
    Some(ScoredConcept { constants, said, scores })
}

fn left_out(corpus: &Corpus, ready: &ReadyConcept<'_>) -> Vec<Vec<f64>> {
    let parts = PARTS.min(corpus.structures.len());
    let part = corpus.parts(parts, SEED);
    let mut said = vec![Vec::new(); corpus.structures.len()];
    for k in 0..parts {
        let constants = ready.fit(&|s| part[s] != k);
        for (s, p) in ready.probabilities(&constants, &|s| part[s] == k).into_iter().enumerate() {
            if !p.is_empty() {
                said[s] = p;
            }
        }
    }
    said
}

/// A share or mean over the deals of a corpus that no rule was fitted to, as it came and as a rule says.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TermsShare {
    /// What is counted.
    pub what: &'static str,
    /// Over the packages struck.
    pub observed: f64,
    /// Over the packages as the rule says they are struck.
    pub said: f64,
}

/// How often deals are egalitarian, Nash, utilitarian and efficient, and how they share.
///
/// A package counts as one of a rule's if the rule's own measure is within 1e-9 of its best.
#[must_use]
pub fn shares(corpus: &Corpus, said: &[Vec<f64>]) -> Vec<TermsShare> {
    const WHAT: [&str; 6] =
        ["egalitarian", "nash", "utilitarian", "pareto", "least gain", "difference of gains"];
    let mut sums = [[0.0; 2]; WHAT.len()];
    let mut deals = 0.0;
    for ((structure, struck), p) in corpus.structures.iter().zip(&corpus.struck).zip(said) {
        let n: f64 = struck.iter().map(|n| f64::from(*n)).sum();
        if n == 0.0 || p.is_empty() {
            continue;
        }
        deals += n;
        let gains: Vec<[f64; 2]> = structure.gains.chunks_exact(2).map(|g| [g[0], g[1]]).collect();
        let over = |of: &dyn Fn(&[f64; 2]) -> f64| -> Vec<f64> {
            let rational = |g: &[f64; 2]| if g[0] < -1e-9 || g[1] < -1e-9 { -1.0 } else { of(g) };
            let worth: Vec<f64> = gains.iter().map(rational).collect();
            let best = worth.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            worth.iter().map(|w| f64::from(u8::from(*w >= best - 1e-9))).collect()
        };
        let frontier = structure.problem().map(|p| p.frontier().outcomes().to_vec());
        let frontier = frontier.unwrap_or_default();
        let mut efficient = vec![0.0; gains.len()];
        frontier.into_iter().for_each(|x| efficient[x] = 1.0);
        let measures: [Vec<f64>; WHAT.len()] = [
            over(&|g| g[0].min(g[1])),
            over(&|g| g[0] * g[1]),
            over(&|g| g[0] + g[1]),
            efficient,
            gains.iter().map(|g| g[0].min(g[1])).collect(),
            gains.iter().map(|g| (g[0] - g[1]).abs()).collect(),
        ];
        for (sum, measure) in sums.iter_mut().zip(&measures) {
            sum[0] += struck.iter().zip(measure).map(|(n, m)| f64::from(*n) * m).sum::<f64>();
            sum[1] += n * p.iter().zip(measure).map(|(p, m)| p * m).sum::<f64>();
        }
    }
    if deals == 0.0 {
        return Vec::new();
    }
    let row = |(what, [observed, said]): (&'static str, [f64; 2])| TermsShare {
        what,
        observed: observed / deals,
        said: said / deals,
    };
    WHAT.into_iter().zip(sums).map(row).collect()
}
