//! Nash bargaining on one issue.

use super::{PositionForecast, PositionIssue, PositionModel};

/// The asymmetric Nash solution, everybody having to agree.
///
/// # Model
/// `max_x Σ_i w_i ln(|r − x_i| − |x − x_i|)`, `w` the shares of capability × salience, over the `x`
/// that leave every actor with `w_i > 0` better off than the reference point `r`; if there is none,
/// the outcome is `r`. Without a reference point breakdown is worth to each what the far end of
/// the widest disagreement would be: `|r − x_i|` is the width of the scale.
///
/// # Reference
/// Nash 1950; weights: Harsanyi & Selten 1972. Linear utility is our choice; with it any actor at
/// `r` blocks, which is the theory's answer under unanimity and a poor forecast.
#[derive(Debug, Clone, Copy)]
pub struct NashBargain;

impl PositionModel for NashBargain {
    fn id(&self) -> &'static str {
        "nash"
    }
    fn title(&self) -> &'static str {
        "Nash bargaining against the reference point"
    }
    fn reference(&self) -> &'static str {
        "Nash 1950; Harsanyi & Selten 1972"
    }
    fn forecast(&self, issue: &PositionIssue, _rounds: usize) -> PositionForecast {
        let at: Vec<(f64, f64)> = issue
            .positions()
            .into_iter()
            .zip(issue.weights())
            .filter(|&(_, weight)| weight > 0.0)
            .collect();
        let (lowest, highest) = at
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), &(x, _)| (a.min(x), b.max(x)));
        let solution = match issue.reference() {
            Some(r) if lowest > r => {
                maximum(&at, r, (2.0 * lowest - r).min(highest), |x| (x - r).abs())
            }
            Some(r) if highest < r => {
                maximum(&at, (2.0 * highest - r).max(lowest), r, |x| (x - r).abs())
            }
            Some(r) => r,
            None => maximum(&at, lowest, highest, |_| issue.width()),
        };
        PositionForecast::certain(solution)
    }
}

/// The maximum on `[a, b]` of a concave sum of logs, by halving on the sign of its slope.
fn maximum(at: &[(f64, f64)], mut a: f64, mut b: f64, breakdown: impl Fn(f64) -> f64) -> f64 {
    // Right and left slopes; between them lies 0 at a kink that is the maximum.
    let slopes = |x: f64| {
        at.iter().fold((0.0, 0.0), |(left, right), &(ideal, w)| {
            let gain = (breakdown(ideal) - (x - ideal).abs()).max(f64::MIN_POSITIVE);
            let s = w / gain;
            if x < ideal {
                (left + s, right + s)
            } else if x > ideal {
                (left - s, right - s)
            } else {
                (left + s, right - s)
            }
        })
    };
    // The kinks are the ideals: try them exactly, then halve inside the smooth piece.
    let mut kinks: Vec<f64> = at.iter().map(|p| p.0).filter(|&x| a <= x && x <= b).collect();
    kinks.sort_by(f64::total_cmp);
    for x in kinks {
        let (left, right) = slopes(x);
        if left >= 0.0 && right <= 0.0 {
            return x;
        }
        if right > 0.0 {
            a = a.max(x);
        } else {
            b = b.min(x);
            break;
        }
    }
    for _ in 0..200 {
        let x = a + 0.5 * (b - a);
        if slopes(x).1 > 0.0 {
            a = x;
        } else {
            b = x;
        }
    }
    a + 0.5 * (b - a)
}
