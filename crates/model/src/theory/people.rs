//! Which package people strike in a zone: a distribution, not a point.

use libm::{exp, log};

use super::grid::Grid;
use super::situation::Situation;
use super::threat::NoDeal;

/// The constants of the distribution of terms.
///
/// # Model
/// For packages `x` with gains `g_s(x) = max(0, v_s(x) − m_s)` of the sides (1 = a side's whole agenda)
/// and base weights `w(x) > 0`, with `M_ρ(g) = (Σ_s ω_s (g_s + f)^ρ)^{1/ρ}`, `Σ_s ω_s = 1`:
///
/// ```text
/// p(x) = (1 − α) ((1 − ε) w(x) M_ρ(g(x))^k / Σ_y w(y) M_ρ(g(y))^k + ε w(x) / Σ_y w(y)) + α l(x)
/// ```
///
/// `l` spreads the atom evenly over the leximin packages. `ρ = 1, 0, −∞` weigh gains as the utilitarian,
/// Nash and egalitarian rules do; `k = ∞` is that rule's point, `k = 0` the base weights alone. With
/// `f = 0` a common scale of all gains changes nothing.
///
/// # Reference
/// The mean is the one of constant elasticity of substitution; as a rule for dividing, Roth (1979),
/// *Axiomatic Models of Bargaining*, ch. 1. That choices follow a power of what they are worth is Luce
/// (1959), *Individual Choice Behavior*, ch. 2. The constants are fitted to the talks of Lewis et al.
/// (2017), EMNLP, 2443–2453, and Chawla et al. (2021), NAACL, 3167–3185.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PeopleRule {
    /// `ρ`, at most 1: the lower, the more the side that gains least counts.
    pub rho: f64,
    /// `k`, at least 0: how sharply the better packages are preferred.
    pub k: f64,
    /// `ε`, 0..1: the share struck without regard to gains.
    pub epsilon: f64,
    /// `f`, at least 0: added to every gain, so that a side without one does not rule a package out.
    pub floor: f64,
    /// `α`, 0..1: the share struck at the most equal package, which needs values both sides know.
    pub atom: f64,
}

/// `k` of an issue that is open.
pub const K_PER_ISSUE: f64 = 4.0;

impl PeopleRule {
    /// The fitted constants, where the zone leaves `open` issues open. Both sets of talks have three, so
    /// that another number is an extrapolation: it keeps what the struck package falls short of the best
    /// mean gain at about a twentieth.
    #[must_use]
    pub fn open_issues(open: usize) -> Self {
        Self { rho: -3.0, k: K_PER_ISSUE * open as f64, epsilon: 0.02, floor: 0.02, atom: 0.0 }
    }

    /// `ln M_ρ` of a package's gains with the weights `omega` of the sides, −∞ where the mean is zero.
    #[must_use]
    pub fn log_mean(&self, gains: &[f64], omega: &[f64]) -> f64 {
        let logs = || {
            let each = gains.iter().zip(omega).filter(|(_, w)| **w > 0.0);
            each.map(|(g, w)| (log(g.max(0.0) + self.floor), w))
        };
        if self.rho == f64::NEG_INFINITY {
            return logs().fold(f64::INFINITY, |least, (l, _)| least.min(l));
        }
        if self.rho == 0.0 {
            return logs().map(|(l, w)| w * l).sum();
        }
        // The largest term of the sum is taken out, so that no power is too large.
        let top = logs().fold(f64::NEG_INFINITY, |top, (l, _)| top.max(self.rho * l));
        if top.is_infinite() {
            // Some gain is zero and ρ below it, or all are zero.
            return f64::NEG_INFINITY;
        }
        let sum: f64 = logs().map(|(l, w)| w * exp(self.rho * l - top)).sum();
        (top + log(sum)) / self.rho
    }

    /// The probability of each package: `gains` row-major, as many columns as `omega` has sides, `base`
    /// a weight above 0 a row. They sum to 1; empty where there is no package.
    #[must_use]
    pub fn probabilities(&self, gains: &[f64], omega: &[f64], base: &[f64]) -> Vec<f64> {
        let sides = omega.len().max(1);
        let means: Vec<f64> =
            gains.chunks_exact(sides).map(|row| self.log_mean(row, omega)).collect();
        let mut p = powers(&means, base, self.k);
        mix(&mut p, base, self.epsilon);
        if self.atom > 0.0 {
            let focal = most_equal(gains, sides);
            let each = self.atom / focal.len().max(1) as f64;
            p.iter_mut().for_each(|p| *p *= 1.0 - self.atom);
            focal.into_iter().for_each(|x| p[x] += each);
        }
        p
    }
}

/// `w e^{k s} / Σ w e^{k s}` for scores `s`; `k = ∞` leaves those with the highest score. Where every
/// score is −∞, the base weights.
#[must_use]
pub fn powers(scores: &[f64], base: &[f64], k: f64) -> Vec<f64> {
    let top = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let tied = |s: f64| s >= top - 1e-12 || top == f64::NEG_INFINITY;
    let weight = |s: f64| match () {
        () if tied(s) || k == 0.0 => 1.0,
        () if k.is_infinite() => 0.0,
        () => exp(k * (s - top)),
    };
    let mut p: Vec<f64> = scores.iter().zip(base).map(|(s, w)| w * weight(*s)).collect();
    let sum: f64 = p.iter().sum();
    p.iter_mut().for_each(|p| *p /= sum);
    p
}

/// Lets a share `epsilon` follow the base weights alone.
pub fn mix(p: &mut [f64], base: &[f64], epsilon: f64) {
    let sum: f64 = base.iter().sum();
    for (p, w) in p.iter_mut().zip(base) {
        *p = (1.0 - epsilon) * *p + epsilon * w / sum;
    }
}

/// The packages whose gains, sorted ascending, are lexicographically largest.
fn most_equal(gains: &[f64], sides: usize) -> Vec<usize> {
    let mut left: Vec<(usize, Vec<f64>)> = gains
        .chunks_exact(sides)
        .enumerate()
        .map(|(x, row)| {
            let mut row: Vec<f64> = row.iter().map(|g| g.max(0.0)).collect();
            row.sort_unstable_by(f64::total_cmp);
            (x, row)
        })
        .collect();
    for rank in 0..sides {
        let best = left.iter().map(|(_, row)| row[rank]).fold(f64::NEG_INFINITY, f64::max);
        left.retain(|(_, row)| row[rank] >= best - super::TIE);
    }
    left.into_iter().map(|(x, _)| x).collect()
}

/// The base weights of unevenly spaced nodes of a continuous issue, ascending: the trapezoid rule, so
/// that a node added where two lie close moves little. One node weighs 1.
#[must_use]
pub fn trapezoid(nodes: &[f64]) -> Vec<f64> {
    let last = nodes.len().saturating_sub(1);
    if last == 0 {
        return vec![1.0; nodes.len()];
    }
    (0..=last).map(|i| (nodes[(i + 1).min(last)] - nodes[i.saturating_sub(1)]) / 2.0).collect()
}

/// What people make of the zone of one situation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ZoneTerms {
    /// The packages of the zone, ascending, as the grid counts them.
    pub packages: Vec<usize>,
    /// The chance of each.
    pub p: Vec<f64>,
    /// The gain of each side with a negotiator (of each member, where no side has one), `[package × side]`.
    pub gains: Vec<f64>,
    /// How many issues have more than one node in the zone.
    pub open: usize,
    /// The most equal of them: the leximin packages.
    pub most_equal: Vec<usize>,
}

impl ZoneTerms {
    /// The distribution over the zone of an evaluated grid; `None` where there is no zone.
    ///
    /// # Model
    /// Sides count alike; where no side has a negotiator, members count by capability. The base weight of a
    /// package is the product of the [`trapezoid`] weights of its nodes, each on all nodes of its issue.
    #[must_use]
    pub fn new(grid: &Grid, s: &Situation, no_deal: &NoDeal, atom: f64) -> Option<Self> {
        let packages = grid.zone(s);
        if packages.is_empty() {
            return None;
        }
        let council = s.negotiator.iter().all(Option::is_none);
        let table: Vec<usize> = match council {
            true => (0..s.members()).collect(),
            false => s.negotiator.iter().flatten().copied().collect(),
        };
        let weigh = |i: &usize| if council { s.capability[*i] as f64 } else { 1.0 };
        let all: f64 = table.iter().map(weigh).sum();
        let omega: Vec<f64> = match all > 0.0 {
            true => table.iter().map(|i| weigh(i) / all).collect(),
            false => vec![1.0 / table.len() as f64; table.len()],
        };
        let whole = grid.accepts.len();
        let gain = |x: &usize, (k, i): (usize, &usize)| {
            (grid.values[k * whole + x] - no_deal.m[*i]).max(0.0)
        };
        let gains: Vec<f64> = packages
            .iter()
            .flat_map(|x| table.iter().enumerate().map(move |side| gain(x, side)))
            .collect();
        let spacing: Vec<Vec<f64>> = grid
            .nodes
            .iter()
            .map(|at| trapezoid(&at.iter().map(|x| f64::from(*x)).collect::<Vec<_>>()))
            .collect();
        let mut used: Vec<Vec<bool>> = spacing.iter().map(|at| vec![false; at.len()]).collect();
        let mut base = Vec::with_capacity(packages.len());
        for x in &packages {
            let (mut rest, mut weight) = (*x, 1.0);
            for (spacing, used) in spacing.iter().zip(&mut used).rev() {
                let node = rest % spacing.len();
                rest /= spacing.len();
                weight *= spacing[node];
                used[node] = true;
            }
            base.push(weight);
        }
        let open = used.iter().filter(|u| u.iter().filter(|u| **u).count() > 1).count();
        let rule = PeopleRule { atom, ..PeopleRule::open_issues(open) };
        let p = rule.probabilities(&gains, &omega, &base);
        let most_equal = most_equal(&gains, table.len()).into_iter().map(|k| packages[k]).collect();
        Some(Self { packages, p, gains, open, most_equal })
    }

    /// The packages by chance, likeliest first; of those that are equally likely, in the grid's order.
    #[must_use]
    pub fn by_chance(&self) -> Vec<(usize, f64)> {
        let mut ranked: Vec<(usize, f64)> =
            self.packages.iter().copied().zip(self.p.iter().copied()).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranked
    }
}

/// The mean and the quantiles at 10, 50 and 90 % of values with chances that sum to 1: the least value
/// with `F ≥ q − 1e-12`.
#[must_use]
pub fn band(values: &[f64], p: &[f64]) -> [f64; 4] {
    let mut order: Vec<usize> = (0..values.len().min(p.len())).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mean = order.iter().map(|k| values[*k] * p[*k]).sum();
    let quantile = |q: f64| {
        let mut up_to = 0.0;
        let at = order.iter().find(|k| {
            up_to += p[**k];
            up_to >= q - 1e-12
        });
        at.or(order.last()).map_or(0.0, |k| values[*k])
    };
    [mean, quantile(0.1), quantile(0.5), quantile(0.9)]
}
