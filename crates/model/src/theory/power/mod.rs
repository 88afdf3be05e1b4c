//! Power under a ratification rule alone, whoever wants what.
//!
//! # Model
//! n players, a monotone rule. With `η_i(k)` the coalitions of k others that player i turns from
//! losing to winning, Banzhaf's index is `Σ_k η_i(k) / 2^(n−1)` and Shapley & Shubik's
//! `Σ_k η_i(k) k!(n − k − 1)!/n!`, both in [0, 1] and the second adding up to 1 over players.
//!
//! `η` is counted by generating functions where the rule reads each player once or weighs the same
//! players together (`counting`), over all 2ⁿ coalitions where it does not and n is at most
//! [`MOST_ENUMERATED`], and else estimated from sampled orders and coalitions, with the error.
//!
//! # Reference
//! Banzhaf 1965 (`banzhaf1965`); Penrose 1946; Shapley & Shubik 1954 (`shapley1954`). Generating
//! functions: Bilbao, Fernández, Jiménez Losada & López 2000 (`bilbao2000`); sampled orders:
//! Castro, Gómez & Tejada 2009 (`castro2009`).

mod counting;
mod sampling;

use crate::case::Rule;

/// Up to so many players all coalitions are looked at where they cannot be counted.
pub const MOST_ENUMERATED: usize = 20;

/// The power of one member.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Power {
    /// Share of the other members' coalitions it turns from losing to winning (Banzhaf 1965,
    /// absolute: Penrose 1946).
    pub banzhaf: f64,
    /// The same, divided by the sum over members.
    pub banzhaf_normalised: f64,
    /// Share of orders in which it is pivotal (Shapley & Shubik 1954).
    pub shapley: f64,
    /// Standard error of `banzhaf`; 0 where it is exact.
    pub banzhaf_error: f64,
    /// Standard error of `shapley`; 0 where it is exact.
    pub shapley_error: f64,
}

/// The power of everybody a side's ratification depends on (see [`players`]), in that order, at some
/// capabilities. `random` gives uniforms in (0, 1) by number, for what has to be sampled.
pub fn rule_power(
    rule: &Rule,
    negotiator: Option<usize>,
    capability: &[i64],
    random: impl Fn(u64) -> f64,
) -> Vec<Power> {
    let players = players(rule, negotiator);
    if let Some(swings) = counting::swings(rule, negotiator, &players, capability) {
        return indices(&swings);
    }
    let signs = |c: u64| negotiator.is_none_or(|n| c >> n & 1 == 1);
    let wins = |c: u64| signs(c) && rule.passes(c, capability);
    match players.len() {
        0..=MOST_ENUMERATED => power(&players, wins),
        _ => sampling::power(&players, wins, random),
    }
}

/// Everybody a rule names, and the negotiator, who always has a veto; rising, each once.
pub fn players(rule: &Rule, negotiator: Option<usize>) -> Vec<usize> {
    let mut names = rule.actors();
    names.extend(negotiator);
    names.sort_unstable();
    names.dedup();
    names
}

/// Banzhaf and Shapley–Shubik indices of `players` (bits) under a monotone `wins`; exact, by looking
/// at all coalitions of the players that matter: at most [`MOST_ENUMERATED`], or it takes long.
///
/// Players without influence are dummies: they change neither index of the others, so they may be
/// left out, and get 0 themselves.
pub fn power(players: &[usize], wins: impl Fn(u64) -> bool) -> Vec<Power> {
    let n = players.len();
    let coalition =
        |mask: u64| players.iter().enumerate().fold(0u64, |c, (k, p)| c | (mask >> k & 1) << p);
    // Swings of each player by the size of the coalition it joins.
    let mut swings = vec![vec![0u128; n]; n];
    let winning: Vec<bool> = (0..1u64 << n).map(|mask| wins(coalition(mask))).collect();
    for mask in 0..1usize << n {
        if winning[mask] {
            continue;
        }
        let size = mask.count_ones() as usize;
        for k in 0..n {
            if mask >> k & 1 == 0 && winning[mask | 1 << k] {
                swings[k][size] += 1;
            }
        }
    }
    indices(&swings)
}

/// Both indices from the swings of each player by the size of the coalition it joins.
fn indices(swings: &[Vec<u128>]) -> Vec<Power> {
    let n = swings.len();
    let mut order_share = vec![0.0; n];
    for (size, share) in order_share.iter_mut().enumerate() {
        // size!(n − size − 1)!/n! as a product of ratios, so that nothing overflows.
        *share = (1..=size).fold(1.0 / n as f64, |f, k| f * k as f64 / (n - k) as f64);
    }
    let total: u128 = swings.iter().flatten().sum();
    swings
        .iter()
        .map(|row| {
            let count: u128 = row.iter().sum();
            Power {
                banzhaf: count as f64 / (1u128 << (n - 1)) as f64,
                banzhaf_normalised: if total == 0 { 0.0 } else { count as f64 / total as f64 },
                shapley: row.iter().zip(&order_share).map(|(c, f)| *c as f64 * f).sum(),
                ..Power::default()
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::uncertain::{Stream, uniform};

    fn weighted(quota: u32, weights: &'static [u32]) -> impl Fn(u64) -> bool {
        move |c| {
            let sum: u32 =
                weights.iter().enumerate().filter(|(i, _)| c >> i & 1 == 1).map(|(_, w)| w).sum();
            sum >= quota
        }
    }

    /// Whatever is not known to be exact is compared with this.
    fn looked_at(rule: &Rule, negotiator: Option<usize>, capability: &[i64]) -> Vec<Power> {
        let signs = |c: u64| negotiator.is_none_or(|n| c >> n & 1 == 1);
        power(&players(rule, negotiator), |c| signs(c) && rule.passes(c, capability))
    }

    fn counted(rule: &Rule, negotiator: Option<usize>, capability: &[i64]) -> Option<Vec<Power>> {
        let players = players(rule, negotiator);
        counting::swings(rule, negotiator, &players, capability).map(|swings| indices(&swings))
    }

    /// Rules that read every player once, over the players given.
    fn read_once(players: Vec<usize>) -> BoxedStrategy<Rule> {
        let percent =
            |p: Vec<usize>| (1.0..100.0f64).prop_map(move |q| Rule::Percent(q, p.clone()));
        if players.len() < 2 {
            return Just(Rule::Actor(players[0])).boxed();
        }
        let split = (1..players.len(), 0..4usize).prop_flat_map({
            let players = players.clone();
            move |(at, kind)| {
                let (a, b) = players.split_at(at);
                (read_once(a.to_vec()), read_once(b.to_vec()), Just(kind))
            }
        });
        let split = split.prop_map(|(a, b, kind)| match kind {
            0 => Rule::All(vec![a, b]),
            1 => Rule::Any(vec![a, b]),
            2 => Rule::AtLeast(1, vec![a, b]),
            _ => Rule::AtLeast(2, vec![a, b]),
        });
        let count = (1..=players.len()).prop_map({
            let players = players.clone();
            move |k| Rule::AtLeast(k, players.iter().map(|p| Rule::Actor(*p)).collect())
        });
        prop_oneof![2 => split, 2 => percent(players), 1 => count].boxed()
    }

    proptest! {
        /// To the bit, with a negotiator inside or outside the rule.
        #[test]
        fn counted_power_is_that_of_all_coalitions(
            rule in (1..9usize).prop_flat_map(|n| read_once((0..n).collect())),
            negotiator in prop::option::of(0..10usize),
            capability in prop::collection::vec(0..6i64, 10),
        ) {
            let found = counted(&rule, negotiator, &capability).unwrap();
            prop_assert_eq!(found, looked_at(&rule, negotiator, &capability));
        }

        /// A share of the members who hold a share of the capability, as in the Council of the EU.
        #[test]
        fn a_double_majority_is_counted(
            least in 1..8usize,
            percent in 1.0..100.0f64,
            blocking in 1..8usize,
            capability in prop::collection::vec(0..1_000i64, 7),
        ) {
            let members = || (0..7).map(Rule::Actor).collect();
            let share = Rule::Percent(percent, (0..7).collect());
            let double = Rule::All(vec![Rule::AtLeast(least, members()), share]);
            let rule = Rule::Any(vec![double, Rule::AtLeast(blocking, members())]);
            let found = counted(&rule, None, &capability).unwrap();
            prop_assert_eq!(found, looked_at(&rule, None, &capability));
        }

        #[test]
        fn sampled_power_is_within_its_error(
            capability in prop::collection::vec(1..1_000i64, 9),
            percent in 40.0..80.0f64,
            seed in 0..1_000u64,
        ) {
            let rule = Rule::Percent(percent, (0..9).collect());
            let players: Vec<usize> = (0..9).collect();
            let stream = Stream::of("power");
            let wins = |c| rule.passes(c, &capability);
            let found = sampling::power(&players, wins, |k| uniform(seed, k, stream));
            let samples = sampling::SAMPLES as f64;
            let near = |a: f64, b: f64, told: f64| {
                let error = (b * (1.0 - b) / samples).sqrt();
                (a - b).abs() <= 5.0 * (error + 1.0 / samples) && (told - error).abs() < 0.003
            };
            for (ours, exact) in found.iter().zip(looked_at(&rule, None, &capability)) {
                prop_assert!(near(ours.banzhaf, exact.banzhaf, ours.banzhaf_error));
                prop_assert!(near(ours.shapley, exact.shapley, ours.shapley_error));
            }
        }
    }

    /// n equal votes: Banzhaf `C(n−1, q−1)/2^(n−1)`, Shapley 1/n.
    #[test]
    fn sixty_four_equal_votes_have_the_binomial_index() {
        let rule = Rule::Percent(50.0, (0..64).collect());
        let found = counted(&rule, None, &[7_000_000; 64]).unwrap();
        let ways = (0..31).fold(1u128, |c, k| c * (63 - k) / (k + 1));
        for p in found {
            assert!((p.banzhaf - ways as f64 / (1u128 << 63) as f64).abs() < 1e-15);
            assert!((p.shapley - 1.0 / 64.0).abs() < 1e-12);
        }
    }

    /// Weights that share no unit: not counted, and not enumerated, but estimated.
    #[test]
    fn many_drawn_weights_are_sampled() {
        let capability: Vec<i64> = (0..64).map(|k| 1_000_003 + 7_919_009 * k + k * k).collect();
        let rule = Rule::Percent(60.0, (0..64).collect());
        assert!(counted(&rule, None, &capability).is_none());
        let stream = Stream::of("power");
        let found = rule_power(&rule, None, &capability, |k| uniform(1, k, stream));
        assert!((found.iter().map(|p| p.shapley).sum::<f64>() - 1.0).abs() < 1e-12);
        assert!(found.iter().all(|p| p.banzhaf_error > 0.0));
        // More weight, more power, within the errors.
        assert!(found[63].banzhaf > found[0].banzhaf + 5.0 * found[63].banzhaf_error);
    }

    /// Twenty-seven members, 55 % of them with 65 % of the people (in tenths of a million, about
    /// 2024): a larger member has no less power, and Shapley's index adds up to 1.
    #[test]
    fn the_council_of_the_union_is_counted() {
        let people = [
            832, 684, 590, 486, 366, 191, 179, 119, 109, 106, 104, 104, 96, 92, 64, 60, 56, 54, 54,
            39, 29, 21, 19, 14, 9, 7, 6,
        ];
        let capability: Vec<i64> = people.iter().map(|p| p * 100_000).collect();
        let members: Vec<usize> = (0..27).collect();
        let rule = Rule::All(vec![
            Rule::AtLeast(15, members.iter().map(|i| Rule::Actor(*i)).collect()),
            Rule::Percent(65.0, members),
        ]);
        let found = counted(&rule, None, &capability).unwrap();
        assert!((found.iter().map(|p| p.shapley).sum::<f64>() - 1.0).abs() < 1e-12);
        assert!(found.windows(2).all(|p| p[0].banzhaf >= p[1].banzhaf));
    }

    /// The United Nations Security Council: 9 of 15 with five vetoes. Shapley values 421/2145 and
    /// 4/2145 (Shapley & Shubik 1954 with the membership of 1965; Straffin 1993, p. 16).
    #[test]
    fn the_security_council_has_its_published_indices() {
        let players: Vec<usize> = (0..15).collect();
        let found = power(&players, |c| c & 31 == 31 && c.count_ones() >= 9);
        assert!((found[0].shapley - 421.0 / 2145.0).abs() < 1e-12);
        assert!((found[14].shapley - 4.0 / 2145.0).abs() < 1e-12);
        assert!((found[0].banzhaf - 848.0 / 16384.0).abs() < 1e-12);
    }

    /// The Council of the six, 1958: quota 12 of 4, 4, 4, 2, 2, 1; Luxembourg is a dummy
    /// (Felsenthal & Machover 1998, p. 164: Banzhaf 5/21 and 3/21).
    #[test]
    fn luxembourg_in_1958_was_a_dummy() {
        let players: Vec<usize> = (0..6).collect();
        let found = power(&players, weighted(12, &[4, 4, 4, 2, 2, 1]));
        assert!((found[0].banzhaf_normalised - 5.0 / 21.0).abs() < 1e-12);
        assert!((found[3].banzhaf_normalised - 3.0 / 21.0).abs() < 1e-12);
        assert_eq!(found[5], Power::default());
        assert!((found[0].shapley - 7.0 / 30.0).abs() < 1e-12);
    }
}
