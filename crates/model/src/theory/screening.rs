//! How often an offer made without knowing the other side's reservation fails (step 11).

use super::tables::HALF_WIDTH;

/// The chance that a proposer asks for too much when it believes the room is
/// `U[max(0, G − √3σ), G + √3σ]` and asks the best it can, `max(l, h/2)`.
///
/// # Model
/// `s = max(0, (h − 2l)/(2(h − l)))`: the mass of the belief below the ask.
///
/// # Reference
/// Fearon 1995, pp. 393–395 (the take-it-or-leave-it offer under a uniform belief).
pub fn offer_fails(room: f64, sigma: f64) -> f64 {
    let spread = HALF_WIDTH * sigma;
    let (l, h) = ((room - spread).max(0.0), room + spread);
    if h <= l { 0.0 } else { ((h - 2.0 * l) / (2.0 * (h - l))).max(0.0) }
}

/// The same averaged over who proposes: side s is uncertain about the others' reservations, whose
/// spreads add in variance. One side alone faces nobody it could misjudge.
pub fn failure_rate(room: f64, sigma: &[f64]) -> f64 {
    if sigma.len() < 2 {
        return 0.0;
    }
    let all: f64 = sigma.iter().map(|s| s * s).sum();
    let sum: f64 = sigma.iter().map(|s| offer_fails(room, (all - s * s).max(0.0).sqrt())).sum();
    sum / sigma.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fearon's take-it-or-leave-it offer, by brute force: of the asks on a fine grid, the one
    /// with the largest expected take fails as often as the formula says.
    #[test]
    fn the_best_ask_fails_as_often_as_the_formula_says() {
        for (room, sigma) in [(0.2, 0.05), (0.2, 0.15), (0.05, 0.2), (0.3, 0.0), (0.0, 0.1)] {
            let spread = 3f64.sqrt() * sigma;
            let (l, h) = (f64::max(0.0, room - spread), room + spread);
            let survives = |ask: f64| if ask <= l { 1.0 } else { (h - ask) / (h - l) };
            let mut best = (0.0, l);
            for k in 0..=200_000 {
                let ask = l + (h - l) * f64::from(k) / 200_000.0;
                if ask * survives(ask) > best.0 + 1e-15 {
                    best = (ask * survives(ask), ask);
                }
            }
            assert!((1.0 - survives(best.1) - offer_fails(room, sigma)).abs() < 1e-4);
        }
    }

    #[test]
    fn without_uncertainty_or_a_partner_nothing_fails() {
        assert_eq!(failure_rate(0.1, &[0.0, 0.0]), 0.0);
        assert_eq!(failure_rate(0.1, &[0.4]), 0.0);
        // Who proposes is uncertain about the other, not about itself.
        let one = failure_rate(0.1, &[0.2, 0.0]);
        assert!((one - 0.5 * offer_fails(0.1, 0.2)).abs() < 1e-15);
    }
}
