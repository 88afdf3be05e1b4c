//! Voting: who beats whom when only capability counts.

use super::averages::mean;
use super::{Distribution, PositionForecast, PositionIssue, PositionModel};

/// The share of the votes a decision needs in [`Core`] and [`WinSet`].
///
/// 62 of 87 votes, the Council's rule for fifteen members (Treaty of Amsterdam, art. 205 TEC);
/// 255 of 345 (0.739) under Nice. A constant, not fitted.
pub const QUOTA: f64 = 62.0 / 87.0;

/// The held position that no other held position beats, votes weighted by capability.
///
/// # Model
/// `j` beats `i` if the capability strictly nearer to `x_j` exceeds that strictly nearer to `x_i`.
/// With ties several positions are unbeaten; each gets equal mass and the point is their mean.
///
/// # Reference
/// Condorcet 1785; Black 1948: with single-peaked preferences one exists, at the median.
#[derive(Debug, Clone, Copy)]
pub struct Condorcet;

/// The points that a qualified majority prefers to the reference point.
///
/// # Model
/// To the right of the reference point `r` the win set is `(r, 2t − r)`, `t` the innermost ideal
/// with at least [`QUOTA`] of the votes at or beyond it; likewise to the left. Equal mass over the
/// win set, the point its middle. Empty: gridlock, the outcome is `r`. No reference point: the core.
///
/// # Reference
/// Romer & Rosenthal 1978; Tsebelis 2002, ch. 1. Equal mass over the set is ours: the theory says
/// only that the outcome lies in it.
#[derive(Debug, Clone, Copy)]
pub struct WinSet;

/// The points that no qualified majority can replace.
///
/// # Model
/// `{x : votes below x < q and votes above x < q}`, an interval between two held positions.
/// Equal mass over it, the point its middle.
///
/// # Reference
/// Greenberg 1979, Econometrica 47; Tsebelis 2002, ch. 2.
#[derive(Debug, Clone, Copy)]
pub struct Core;

/// The lowest and highest point of the core at quota `q > 1/2`.
pub fn core(issue: &PositionIssue, q: f64) -> (f64, f64) {
    let (x, v) = (issue.positions(), issue.votes());
    // The first position, from below, with enough votes at or below it that those above fall short.
    let low = |side: f64| {
        let mut at: Vec<(f64, f64)> = x.iter().map(|x| x * side).zip(v.iter().copied()).collect();
        at.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut left = 1.0;
        for &(x, v) in &at {
            left -= v;
            if left < q - 1e-12 {
                return x * side;
            }
        }
        f64::NAN
    };
    let (a, b) = (low(1.0), low(-1.0));
    (a.min(b), a.max(b))
}

/// The lower and upper end of the win set of `r` at quota `q > 1/2`; both are `r` if it is empty.
pub fn win_set(issue: &PositionIssue, r: f64, q: f64) -> (f64, f64) {
    let (x, v) = (issue.positions(), issue.votes());
    // How far beyond r, in the direction given, the innermost decisive ideal lies.
    let reach = |side: f64| {
        let mut at: Vec<(f64, f64)> =
            x.iter().map(|x| (x - r) * side).zip(v.iter().copied()).collect();
        at.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut sum = 0.0;
        for &(x, v) in &at {
            sum += v;
            if sum >= q - 1e-12 {
                return x.max(0.0);
            }
        }
        0.0
    };
    // Nobody proposes beyond what anybody wants.
    let (lo, hi) = issue.held_range();
    ((r - 2.0 * reach(-1.0)).max(lo).min(r), (r + 2.0 * reach(1.0)).min(hi).max(r))
}

fn interval(a: f64, b: f64) -> PositionForecast {
    if a == b {
        return PositionForecast::certain(a);
    }
    PositionForecast {
        point: 0.5 * (a + b),
        distribution: Distribution::uniform(a, b),
        moves: Vec::new(),
    }
}

impl PositionModel for Condorcet {
    fn id(&self) -> &'static str {
        "condorcet"
    }
    fn title(&self) -> &'static str {
        "Condorcet winner of the positions, votes by capability"
    }
    fn reference(&self) -> &'static str {
        "Condorcet 1785; Black 1948"
    }
    fn forecast(&self, issue: &PositionIssue, _rounds: usize) -> PositionForecast {
        let (mut x, v) = (issue.positions(), issue.votes());
        let ideals = x.clone();
        x.sort_by(f64::total_cmp);
        x.dedup();
        let for_against = |a: f64, b: f64| {
            let near = |i: &f64| (i - a).abs() - (i - b).abs();
            ideals.iter().zip(&v).fold(0.0, |sum, (i, v)| {
                let d = near(i);
                if d.abs() <= super::SAME * issue.width() { sum } else { sum - v * d.signum() }
            })
        };
        let won = |a: f64| x.iter().all(|&b| a == b || for_against(a, b) >= -1e-12);
        let unbeaten: Vec<f64> = x.iter().copied().filter(|&a| won(a)).collect();
        let mass = super::shares(vec![1.0; unbeaten.len()]);
        let point = mean(&unbeaten, &mass);
        match Distribution::from_atoms(unbeaten.into_iter().zip(mass).collect()) {
            Some(distribution) => PositionForecast { point, distribution, moves: Vec::new() },
            // Single peaks exclude cycles; rounding does not.
            None => PositionForecast::certain(super::averages::median(&ideals, &v)),
        }
    }
}

impl PositionModel for WinSet {
    fn id(&self) -> &'static str {
        "win-set"
    }
    fn title(&self) -> &'static str {
        "Win set of the reference point under a qualified majority"
    }
    fn reference(&self) -> &'static str {
        "Romer & Rosenthal 1978; Tsebelis 2002"
    }
    fn forecast(&self, issue: &PositionIssue, rounds: usize) -> PositionForecast {
        let Some(r) = issue.reference() else { return Core.forecast(issue, rounds) };
        let (a, b) = win_set(issue, r, QUOTA);
        interval(a, b)
    }
}

impl PositionModel for Core {
    fn id(&self) -> &'static str {
        "core"
    }
    fn title(&self) -> &'static str {
        "Core under a qualified majority"
    }
    fn reference(&self) -> &'static str {
        "Greenberg 1979; Tsebelis 2002"
    }
    fn forecast(&self, issue: &PositionIssue, _rounds: usize) -> PositionForecast {
        let (a, b) = core(issue, QUOTA);
        interval(a, b)
    }
}
