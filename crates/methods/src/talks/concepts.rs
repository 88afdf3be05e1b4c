//! The rules of terms that talks are scored by: one registry, a line a rule.

use libm::log;

use super::{Corpus, TalkStructure};
use winset_model::theory::people::{PeopleRule, mix, powers};
use winset_model::theory::solutions::solution;

/// A constant of a rule of terms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TermsConstant {
    /// Its letter.
    pub name: &'static str,
    /// What is shipped.
    pub shipped: f64,
    /// Where a fit may look.
    pub range: (f64, f64),
}

/// What a rule makes of the packages, before a share `ε` (its first constant, if it has any) is spread
/// evenly over all of them.
#[derive(Clone, Copy)]
pub enum TermsLaw {
    /// All packages evenly.
    Even,
    /// The rational packages of the Pareto frontier evenly.
    Frontier,
    /// The packages that the solution of this name chooses, evenly.
    Solution(&'static str),
    /// The packages at which a measure of the gains is highest, dominated ones too, evenly.
    Highest(fn(&[f64; 2]) -> f64),
    /// `∝ e^{power · score}`.
    Power {
        /// The score of the two gains, given the constants.
        score: fn(&[f64; 2], &[f64]) -> f64,
        /// The power, given the constants and the number of packages.
        power: fn(&[f64], usize) -> f64,
    },
}

/// A rule of terms.
#[derive(Clone, Copy)]
pub struct TermsConcept {
    /// Its name: `[a-z-]+`, unique.
    pub id: &'static str,
    /// Its constants, `ε` first.
    pub constants: &'static [TermsConstant],
    /// What it makes of the packages.
    pub law: TermsLaw,
}

const fn epsilon(shipped: f64) -> TermsConstant {
    TermsConstant { name: "ε", shipped, range: (1e-5, 0.999) }
}

const fn constant(name: &'static str, shipped: f64, range: (f64, f64)) -> TermsConstant {
    TermsConstant { name, shipped, range }
}

/// Every rule that talks are scored by. The errors of the solutions and the constants of the rules
/// beside `people` are those that fit both sets of talks together best; those of `people` are the
/// rounded ones that forecasts use.
pub const CONCEPTS: &[TermsConcept] = &[
    TermsConcept { id: "uniform", constants: &[], law: TermsLaw::Even },
    TermsConcept { id: "pareto", constants: &[epsilon(0.32)], law: TermsLaw::Frontier },
    TermsConcept {
        id: "egalitarian",
        constants: &[epsilon(0.46)],
        law: TermsLaw::Solution("egalitarian"),
    },
    TermsConcept {
        id: "max-min",
        constants: &[epsilon(0.39)],
        law: TermsLaw::Highest(|g| g[0].min(g[1])),
    },
    TermsConcept {
        id: "kalai-smorodinsky",
        constants: &[epsilon(0.47)],
        law: TermsLaw::Solution("kalai-smorodinsky"),
    },
    TermsConcept { id: "leximin", constants: &[epsilon(0.5)], law: TermsLaw::Solution("leximin") },
    TermsConcept { id: "nash", constants: &[epsilon(0.53)], law: TermsLaw::Solution("nash") },
    TermsConcept {
        id: "utilitarian",
        constants: &[epsilon(0.52)],
        law: TermsLaw::Solution("utilitarian"),
    },
    TermsConcept {
        id: "exp-egalitarian",
        constants: &[epsilon(0.003), constant("β", 14.6, (0.0, 80.0))],
        law: TermsLaw::Power { score: |g, _| g[0].min(g[1]), power: |c, _| c[1] },
    },
    TermsConcept {
        id: "exp-nash",
        constants: &[epsilon(0.005), constant("β", 20.0, (0.0, 80.0))],
        law: TermsLaw::Power { score: |g, _| libm::sqrt(g[0] * g[1]), power: |c, _| c[1] },
    },
    TermsConcept {
        id: "exp-ces",
        constants: &[
            epsilon(0.007),
            constant("β", 17.4, (0.0, 80.0)),
            constant("ρ", -3.8, (-12.0, 1.0)),
        ],
        law: TermsLaw::Power {
            score: |g, c| libm::exp(people(c[2]).log_mean(g, &HALVES)),
            power: |c, _| c[1],
        },
    },
    TermsConcept {
        id: "people",
        constants: &[
            epsilon(0.02),
            constant("k", 12.0, (0.0, 60.0)),
            constant("ρ", -3.0, (-12.0, 1.0)),
        ],
        law: TermsLaw::Power {
            score: |g, c| people(c[2]).log_mean(g, &HALVES),
            power: |c, _| c[1],
        },
    },
    TermsConcept {
        id: "people-by-size",
        constants: &[
            epsilon(0.02),
            constant("k/ln N", 3.5, (0.0, 20.0)),
            constant("ρ", -3.0, (-12.0, 1.0)),
        ],
        law: TermsLaw::Power {
            score: |g, c| people(c[2]).log_mean(g, &HALVES),
            power: |c, n| c[1] * log(n as f64),
        },
    },
];

/// The packages with the highest measure of the gains, within 1e-9.
fn highest(structure: &TalkStructure, of: fn(&[f64; 2]) -> f64) -> Vec<usize> {
    let worth: Vec<f64> = structure.gains.chunks_exact(2).map(|g| of(&[g[0], g[1]])).collect();
    let best = worth.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (0..worth.len()).filter(|x| worth[*x] >= best - 1e-9).collect()
}

/// Two sides count alike.
const HALVES: [f64; 2] = [0.5; 2];

/// The rule of people with another `ρ`; its other constants play no part in the mean but for the floor.
fn people(rho: f64) -> PeopleRule {
    PeopleRule { rho, ..PeopleRule::open_issues(3) }
}

/// The rule of this name.
#[must_use]
pub fn concept(id: &str) -> Option<&'static TermsConcept> {
    CONCEPTS.iter().find(|c| c.id == id)
}

impl TermsConcept {
    /// Its shipped constants.
    #[must_use]
    pub fn shipped(&self) -> Vec<f64> {
        self.constants.iter().map(|c| c.shipped).collect()
    }

    /// What it says of each package of a structure; sums to 1.
    #[must_use]
    pub fn probabilities(&self, structure: &TalkStructure, constants: &[f64]) -> Vec<f64> {
        let n = structure.packages();
        let even = vec![1.0; n];
        let mut p = match self.law {
            TermsLaw::Power { score, power } => {
                let gains = structure.gains.chunks_exact(2);
                let score = |g: &[f64]| score(&[g[0].max(0.0), g[1].max(0.0)], constants);
                let scores: Vec<f64> = gains.map(score).collect();
                powers(&scores, &even, power(constants, n))
            }
            _ => self.chosen(structure),
        };
        if let Some(epsilon) = constants.first() {
            mix(&mut p, &even, *epsilon);
        }
        p
    }

    /// The packages a rule without a score chooses, evenly; all where it chooses none.
    fn chosen(&self, structure: &TalkStructure) -> Vec<f64> {
        let n = structure.packages();
        let solve = |id| Some(solution(id)?.solve(&structure.problem().ok()?).ok()?.outcomes);
        let chosen = match self.law {
            TermsLaw::Frontier => structure.problem().ok().map(|p| p.rational().to_vec()),
            TermsLaw::Solution(id) => solve(id),
            TermsLaw::Highest(of) => Some(highest(structure, of)),
            TermsLaw::Even | TermsLaw::Power { .. } => None,
        };
        let chosen = chosen.filter(|c| !c.is_empty()).unwrap_or_else(|| (0..n).collect());
        let mut p = vec![0.0; n];
        for x in &chosen {
            p[*x] = 1.0 / chosen.len() as f64;
        }
        p
    }

    /// Makes ready to ask the rule of every structure of a corpus, many times.
    #[must_use]
    pub fn ready<'c>(&self, corpus: &'c Corpus) -> ReadyConcept<'c> {
        let mut distinct: Vec<[f64; 2]> = Vec::new();
        let mut ids = Vec::new();
        let mut chosen = Vec::new();
        if matches!(self.law, TermsLaw::Power { .. }) {
            let mut known = std::collections::BTreeMap::new();
            for structure in &corpus.structures {
                let id = structure.gains.chunks_exact(2).map(|g| {
                    let gains = [g[0].max(0.0), g[1].max(0.0)];
                    *known.entry(gains.map(f64::to_bits)).or_insert_with(|| {
                        distinct.push(gains);
                        distinct.len() - 1
                    })
                });
                ids.push(id.collect());
            }
        } else {
            chosen = corpus.structures.iter().map(|s| self.chosen(s)).collect();
        }
        let any = |s: &usize| corpus.struck[*s].iter().any(|n| *n > 0);
        let deals = (0..corpus.structures.len()).filter(any).collect();
        ReadyConcept { concept: *self, corpus, distinct, ids, chosen, deals }
    }
}

/// A rule that was made ready for a corpus: gains that recur are scored once.
pub struct ReadyConcept<'c> {
    concept: TermsConcept,
    corpus: &'c Corpus,
    distinct: Vec<[f64; 2]>,
    ids: Vec<Vec<usize>>,
    chosen: Vec<Vec<f64>>,
    /// The structures in which there is a deal.
    deals: Vec<usize>,
}

impl ReadyConcept<'_> {
    /// What the rule says of each package of the structures that `wanted` names; empty for others.
    #[must_use]
    pub fn probabilities(
        &self,
        constants: &[f64],
        wanted: &dyn Fn(usize) -> bool,
    ) -> Vec<Vec<f64>> {
        let scores = self.scores(constants);
        let all = 0..self.corpus.structures.len();
        let each = |s| if wanted(s) { self.of(s, constants, &scores) } else { Vec::new() };
        all.map(each).collect()
    }

    fn scores(&self, constants: &[f64]) -> Vec<f64> {
        match self.concept.law {
            TermsLaw::Power { score, .. } => {
                self.distinct.iter().map(|g| score(g, constants)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn of(&self, structure: usize, constants: &[f64], scores: &[f64]) -> Vec<f64> {
        let n = self.corpus.structures[structure].packages();
        let mut p = match self.concept.law {
            TermsLaw::Power { power, .. } => {
                let own: Vec<f64> = self.ids[structure].iter().map(|id| scores[*id]).collect();
                powers(&own, &vec![1.0; n], power(constants, n))
            }
            _ => self.chosen[structure].clone(),
        };
        if let Some(epsilon) = constants.first() {
            mix(&mut p, &vec![1.0; n], *epsilon);
        }
        p
    }

    /// The sum of `−ln p` of the packages struck in the structures that `wanted` names.
    #[must_use]
    pub fn loss(&self, constants: &[f64], wanted: &dyn Fn(usize) -> bool) -> f64 {
        let scores = self.scores(constants);
        let epsilon = constants.first().copied().unwrap_or(0.0);
        // Packages of equal gains weigh alike wherever they stand, but for the power.
        let mut weights: Vec<(f64, Vec<f64>)> = Vec::new();
        let mut sum = 0.0;
        for s in self.deals.iter().copied().filter(|s| wanted(*s)) {
            let n = self.corpus.structures[s].packages();
            let even = epsilon / n as f64;
            let mut lose = |p: f64, times: u32| {
                sum -= f64::from(times) * log(((1.0 - epsilon) * p + even).max(1e-300));
            };
            let struck = self.corpus.struck[s].iter().enumerate().filter(|(_, times)| **times > 0);
            let TermsLaw::Power { power, .. } = self.concept.law else {
                struck.for_each(|(x, times)| lose(self.chosen[s][x], *times));
                continue;
            };
            let power = power(constants, n);
            let at = weights.iter().position(|(known, _)| *known == power).unwrap_or_else(|| {
                weights.push((power, relative(&scores, power)));
                weights.len() - 1
            });
            let (weight, ids) = (&weights[at].1, &self.ids[s]);
            let all: f64 = ids.iter().map(|id| weight[*id]).sum();
            if all > 1e-250 {
                struck.for_each(|(x, times)| lose(weight[ids[x]] / all, *times));
            } else {
                // So sharp that nothing is left of this structure beside the best of others.
                let own: Vec<f64> = ids.iter().map(|id| scores[*id]).collect();
                let p = powers(&own, &vec![1.0; n], power);
                struck.for_each(|(x, times)| lose(p[x], *times));
            }
        }
        sum
    }

    /// The constants under which the packages struck in the structures that `wanted` names are likeliest.
    #[must_use]
    pub fn fit(&self, wanted: &dyn Fn(usize) -> bool) -> Vec<f64> {
        fitted(&[self], wanted)
    }
}

/// `e^{power (s − s*)}` for scores `s`, `s*` the highest of them.
fn relative(scores: &[f64], power: f64) -> Vec<f64> {
    let top = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weight = |s: &f64| match () {
        () if *s >= top || power == 0.0 => 1.0,
        () => libm::exp(power * (s - top)),
    };
    scores.iter().map(weight).collect()
}

/// The constants of one rule that suit several corpora together.
#[must_use]
pub fn fitted(corpora: &[&ReadyConcept<'_>], wanted: &dyn Fn(usize) -> bool) -> Vec<f64> {
    let Some(concept) = corpora.first().map(|c| c.concept) else { return Vec::new() };
    if concept.constants.is_empty() {
        return Vec::new();
    }
    let inside = |x: &[f64]| -> Vec<f64> {
        x.iter().zip(concept.constants).map(|(x, c)| super::fit::between(*x, c.range)).collect()
    };
    let start: Vec<f64> =
        concept.constants.iter().map(|c| super::fit::onto_line(c.shipped, c.range)).collect();
    let loss = |x: &[f64]| {
        let constants = inside(x);
        corpora.iter().map(|c| c.loss(&constants, wanted)).sum()
    };
    inside(&super::fit::lowest(&start, 0.5, &loss))
}
