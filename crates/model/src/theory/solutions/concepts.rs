//! The concepts themselves, each a few lines over a [`Problem`].

use super::{Choice, Problem, Promises, Solution, TIE, Unsolved};

/// All candidates whose score is within `TIE` of the highest.
fn highest(
    candidates: &[usize],
    score: impl Fn(usize) -> f64,
    tie: f64,
) -> Result<Choice, Unsolved> {
    let scores: Vec<f64> = candidates.iter().map(|&outcome| score(outcome)).collect();
    let best = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut outcomes: Vec<usize> = candidates
        .iter()
        .zip(&scores)
        .filter(|(_, score)| **score >= best - tie)
        .map(|(outcome, _)| *outcome)
        .collect();
    outcomes.sort_unstable();
    if outcomes.is_empty() { Err(Unsolved::NothingRational) } else { Ok(Choice { outcomes }) }
}

fn least(gains: impl Iterator<Item = f64>) -> f64 {
    gains.fold(f64::INFINITY, f64::min)
}

/// All candidates whose gains, sorted ascending, are lexicographically largest.
fn lexicographic(problem: &Problem<'_>, candidates: &[usize]) -> Result<Choice, Unsolved> {
    let mut left: Vec<(usize, Vec<f64>)> = candidates
        .iter()
        .map(|&outcome| {
            let mut gains: Vec<f64> = problem.gains(outcome).collect();
            gains.sort_unstable_by(f64::total_cmp);
            (outcome, gains)
        })
        .collect();
    for rank in 0..problem.sides() {
        let best = left.iter().map(|(_, gains)| gains[rank]).fold(f64::NEG_INFINITY, f64::max);
        left.retain(|(_, gains)| gains[rank] >= best - TIE);
    }
    let mut outcomes: Vec<usize> = left.into_iter().map(|(outcome, _)| outcome).collect();
    outcomes.sort_unstable();
    if outcomes.is_empty() { Err(Unsolved::NothingRational) } else { Ok(Choice { outcomes }) }
}

/// The largest product of gains.
///
/// # Model
/// `argmax Π_i (u_i − d_i)^{ω_i}` over rational outcomes, `ω = 1` unless given. Compared as
/// `Σ ω_i ln(u_i − d_i)`, so that a hundred sides do not underflow. If every product is zero:
/// the largest smallest gain, lexicographically.
///
/// # Reference
/// Nash (1950), "The bargaining problem", *Econometrica* 18(2), 155–162; with weights Kalai
/// (1977), "Nonsymmetric Nash solutions", *International Journal of Game Theory* 6(3), 129–133.
/// The set here is finite, not convex, so there may be several maximisers: all are named.
#[derive(Clone, Debug, PartialEq)]
pub struct Nash {
    weights: Option<Vec<f64>>,
}

impl Nash {
    /// The symmetric solution.
    pub const EQUAL: Self = Self { weights: None };

    /// The solution with bargaining power `ω`, one weight per side, finite and positive.
    #[must_use]
    pub fn weighted(weights: Vec<f64>) -> Option<Self> {
        let fit = !weights.is_empty() && weights.iter().all(|w| w.is_finite() && *w > 0.0);
        fit.then_some(Self { weights: Some(weights) })
    }
}

impl Solution for Nash {
    fn id(&self) -> &'static str {
        "nash"
    }

    fn name(&self) -> &'static str {
        "Nash"
    }
    fn reference(&self) -> &'static str {
        "Nash (1950), Econometrica 18(2), 155–162"
    }
    fn promises(&self) -> Promises {
        Promises {
            rational: true,
            scale_invariant: true,
            translation_invariant: true,
            independent: true,
        }
    }
    fn solve(&self, problem: &Problem<'_>) -> Result<Choice, Unsolved> {
        let weight =
            |side: usize| self.weights.as_ref().and_then(|w| w.get(side)).copied().unwrap_or(1.0);
        let log_product = |outcome| {
            let gains = problem.gains(outcome).enumerate();
            gains.map(|(side, gain)| weight(side) * libm::log(gain)).sum::<f64>()
        };
        let all_zero = problem.rational().iter().all(|&x| problem.gains(x).any(|gain| gain <= 0.0));
        if all_zero {
            return lexicographic(problem, problem.rational());
        }
        highest(problem.rational(), log_product, TIE)
    }
}

/// The largest smallest gain, each gain as a share of the most that side can gain.
///
/// # Model
/// `argmax min_i (u_i − d_i)/(a_i − d_i)` over rational outcomes of the frontier, `a_i` the most
/// side `i` gets in any rational outcome. Sides that can gain nothing are left out.
///
/// # Reference
/// Kalai and Smorodinsky (1975), "Other solutions to Nash's bargaining problem", *Econometrica*
/// 43(3), 513–518. On a finite set no outcome need lie on the line from `d` to `a`; the largest
/// smallest share is the point that comes closest to it from below without waste.
#[derive(Clone, Copy, Debug)]
pub struct KalaiSmorodinsky;

impl Solution for KalaiSmorodinsky {
    fn id(&self) -> &'static str {
        "kalai-smorodinsky"
    }

    fn name(&self) -> &'static str {
        "Kalai–Smorodinsky"
    }
    fn reference(&self) -> &'static str {
        "Kalai and Smorodinsky (1975), Econometrica 43(3), 513–518"
    }
    fn promises(&self) -> Promises {
        Promises {
            rational: true,
            scale_invariant: true,
            translation_invariant: true,
            independent: false,
        }
    }
    fn solve(&self, problem: &Problem<'_>) -> Result<Choice, Unsolved> {
        highest(problem.rational(), |x| least(problem.normalised_gains(x)).min(1.0), TIE)
    }
}

/// The largest smallest gain.
///
/// # Model
/// `argmax min_i (u_i − d_i)` over rational outcomes of the frontier.
///
/// # Reference
/// Kalai (1977), "Proportional solutions to bargaining situations: interpersonal utility
/// comparisons", *Econometrica* 45(7), 1623–1630. Compares utilities between people, so it
/// changes with their units.
#[derive(Clone, Copy, Debug)]
pub struct Egalitarian;

impl Solution for Egalitarian {
    fn id(&self) -> &'static str {
        "egalitarian"
    }

    fn name(&self) -> &'static str {
        "egalitarian"
    }
    fn reference(&self) -> &'static str {
        "Kalai (1977), Econometrica 45(7), 1623–1630"
    }
    fn promises(&self) -> Promises {
        Promises {
            rational: true,
            scale_invariant: false,
            translation_invariant: true,
            independent: true,
        }
    }
    fn solve(&self, problem: &Problem<'_>) -> Result<Choice, Unsolved> {
        highest(problem.rational(), |x| least(problem.gains(x)), TIE)
    }
}

/// The largest smallest gain, then the largest second smallest, and so on.
///
/// # Reference
/// Imai (1983), "Individual monotonicity and lexicographic maxmin solution", *Econometrica*
/// 51(2), 389–401 (there with gains as shares; here as they are).
#[derive(Clone, Copy, Debug)]
pub struct Leximin;

impl Solution for Leximin {
    fn id(&self) -> &'static str {
        "leximin"
    }

    fn name(&self) -> &'static str {
        "leximin"
    }
    fn reference(&self) -> &'static str {
        "Imai (1983), Econometrica 51(2), 389–401"
    }
    fn promises(&self) -> Promises {
        Egalitarian.promises()
    }
    fn solve(&self, problem: &Problem<'_>) -> Result<Choice, Unsolved> {
        lexicographic(problem, problem.rational())
    }
}

/// The largest sum of utilities among rational outcomes.
///
/// # Reference
/// Myerson (1981), "Utilitarianism, egalitarianism, and the timing effect in social choice
/// problems", *Econometrica* 49(4), 883–897. Restricted to rational outcomes here.
#[derive(Clone, Copy, Debug)]
pub struct Utilitarian;

impl Solution for Utilitarian {
    fn id(&self) -> &'static str {
        "utilitarian"
    }

    fn name(&self) -> &'static str {
        "utilitarian"
    }
    fn reference(&self) -> &'static str {
        "Myerson (1981), Econometrica 49(4), 883–897"
    }
    fn promises(&self) -> Promises {
        Egalitarian.promises()
    }
    fn solve(&self, problem: &Problem<'_>) -> Result<Choice, Unsolved> {
        highest(problem.rational(), |x| problem.gains(x).sum(), TIE)
    }
}

/// The product of gains as Genius ranks it: over the whole frontier, whether rational or not.
///
/// Two sides that both lose have a positive product, so an outcome both refuse can win.
///
/// # Reference
/// Convention inferred from its published output; see the docs page.
#[derive(Clone, Copy, Debug)]
pub struct GeniusNash;

impl Solution for GeniusNash {
    fn id(&self) -> &'static str {
        "genius-nash"
    }

    fn name(&self) -> &'static str {
        "Nash as in Genius"
    }
    fn reference(&self) -> &'static str {
        "Lin et al. (2014), Computational Intelligence 30(1), 48–70"
    }
    fn promises(&self) -> Promises {
        Promises {
            rational: false,
            scale_invariant: true,
            translation_invariant: true,
            independent: false,
        }
    }
    fn solve(&self, problem: &Problem<'_>) -> Result<Choice, Unsolved> {
        let product = |x| problem.gains(x).product::<f64>();
        let candidates = problem.frontier().outcomes();
        let largest = candidates.iter().map(|&x| product(x).abs()).fold(0.0, f64::max);
        highest(candidates, product, TIE * largest)
    }
}

/// The frontier outcome whose utilities differ least, which Genius calls Kalai–Smorodinsky.
///
/// # Model
/// `argmin Σ_{i<j} |u_i − u_j|` over the whole frontier; the disagreement point plays no part.
///
/// # Reference
/// Convention inferred from its published output; see the docs page.
#[derive(Clone, Copy, Debug)]
pub struct GeniusMinAsymmetry;

impl Solution for GeniusMinAsymmetry {
    fn id(&self) -> &'static str {
        "genius-min-asymmetry"
    }

    fn name(&self) -> &'static str {
        "least asymmetry as in Genius"
    }
    fn reference(&self) -> &'static str {
        "Lin et al. (2014), Computational Intelligence 30(1), 48–70"
    }
    fn promises(&self) -> Promises {
        Promises {
            rational: false,
            scale_invariant: false,
            translation_invariant: false,
            independent: false,
        }
    }
    fn solve(&self, problem: &Problem<'_>) -> Result<Choice, Unsolved> {
        let asymmetry = |x| {
            let u = problem.utilities(x);
            let below = |i: usize| u[..i].iter().map(|v| (v - u[i]).abs()).sum::<f64>();
            -(1..u.len()).map(below).sum::<f64>()
        };
        highest(problem.frontier().outcomes(), asymmetry, TIE)
    }
}

/// The rational frontier outcome whose normalised gains lie closest together: the reading of
/// Kalai–Smorodinsky in NegMAS.
///
/// # Model
/// `argmin (max_i g_i − min_i g_i)`, `g_i = (u_i − d_i)/(a_i − d_i)`. Equal but small gains beat
/// unequal and larger ones.
///
/// # Reference
/// Mohammad, Nakadai and Greenwald (2021), "NegMAS: a platform for automated negotiations",
/// PRIMA 2020, LNCS 12568. Observed behaviour; see the docs page.
#[derive(Clone, Copy, Debug)]
pub struct NegmasKs;

impl Solution for NegmasKs {
    fn id(&self) -> &'static str {
        "negmas-ks"
    }

    fn name(&self) -> &'static str {
        "Kalai–Smorodinsky as in NegMAS"
    }
    fn reference(&self) -> &'static str {
        "Mohammad, Nakadai and Greenwald (2021), LNCS 12568"
    }
    fn promises(&self) -> Promises {
        KalaiSmorodinsky.promises()
    }
    fn solve(&self, problem: &Problem<'_>) -> Result<Choice, Unsolved> {
        let closeness = |x| {
            let high = problem.normalised_gains(x).fold(f64::NEG_INFINITY, f64::max);
            let spread = high - least(problem.normalised_gains(x));
            if spread.is_finite() { -spread } else { 0.0 }
        };
        highest(problem.rational(), closeness, TIE)
    }
}

/// The largest sum of normalised gains.
///
/// # Model
/// `argmax Σ_i (u_i − d_i)/(a_i − d_i)` over rational outcomes.
///
/// # Reference
/// Cao (1982), "Preference functions and bargaining solutions", *21st IEEE Conference on
/// Decision and Control*, 164–171 (the relative utilitarian solution).
#[derive(Clone, Copy, Debug)]
pub struct RelativeUtilitarian;

impl Solution for RelativeUtilitarian {
    fn id(&self) -> &'static str {
        "relative-utilitarian"
    }

    fn name(&self) -> &'static str {
        "relative utilitarian"
    }
    fn reference(&self) -> &'static str {
        "Cao (1982), 21st IEEE Conference on Decision and Control, 164–171"
    }
    fn promises(&self) -> Promises {
        KalaiSmorodinsky.promises()
    }
    fn solve(&self, problem: &Problem<'_>) -> Result<Choice, Unsolved> {
        highest(problem.rational(), |x| problem.normalised_gains(x).sum(), TIE)
    }
}
