//! What moved a number: its change divided among the news that came in between.
//!
//! The news are the players of a cooperative game; a coalition's worth is the forecast that sees
//! its news and no other. What the forecast is, this module does not know.

use crate::uncertain::{Stream, uniform};

/// Up to this many players every coalition is looked at.
pub const EXACT: usize = 12;

/// The share of each player in the worth of all, and how sure it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts {
    /// One a player, in the units of the worth.
    pub parts: Vec<ShapleyPart>,
    /// How many pairs of permutations were looked at; `None` where every coalition was.
    pub pairs: Option<u64>,
}

/// The worth of a coalition in every draw.
pub type Worth<E> = Result<Vec<f64>, E>;

/// What one player adds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShapleyPart {
    /// Its Shapley value, averaged over the draws.
    pub part: f64,
    /// The standard error of that mean over draws, each compared with itself, and, where
    /// permutations are sampled, over permutations too.
    pub se: f64,
}

/// The mean over draws of a change, and its standard error: not a number of a single draw.
pub fn mean(change: &[f64]) -> ShapleyPart {
    let n = change.len().max(1) as f64;
    let mean = change.iter().sum::<f64>() / n;
    let variance = change.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
    let se = if change.len() == 1 { f64::NAN } else { (variance / n).sqrt() };
    // A sum of nothing is −0.
    ShapleyPart { part: mean + 0.0, se: se + 0.0 }
}

/// The exact Shapley value.
///
/// # Model
/// `φ_i = Σ_{S ∌ i} |S|! (n − |S| − 1)! / n! · (v(S ∪ i) − v(S))`, in every draw of `v` by itself.
/// `class[S]` names the worth of the coalition whose members are the bits of `S`: coalitions of one
/// class have one worth, and it is asked for once. A class's coefficients are whole numbers over
/// n!, so that whatever cancels does so exactly: a player that never changes the class gets 0, and
/// a class that counts for nobody is not asked for.
///
/// # Reference
/// Shapley 1953.
///
/// # Errors
/// The first error of `value`.
pub fn exact<E>(
    players: usize,
    class: &[usize],
    value: &mut dyn FnMut(usize) -> Worth<E>,
) -> Result<Parts, E> {
    let factorial: Vec<i64> = (0..=players as i64)
        .scan(1, |f, k| {
            *f *= k.max(1);
            Some(*f)
        })
        .collect();
    let classes = class.iter().max().map_or(0, |c| c + 1);
    let mut numerators = vec![vec![0i64; players]; classes];
    let mut order = Vec::new();
    for (set, class) in class.iter().enumerate() {
        if !order.contains(class) {
            order.push(*class);
        }
        let size = set.count_ones() as usize;
        for (i, numerator) in numerators[*class].iter_mut().enumerate() {
            *numerator += match set >> i & 1 {
                1 => factorial[size - 1] * factorial[players - size],
                _ => -(factorial[size] * factorial[players - size - 1]),
            };
        }
    }
    let mut changes: Vec<Vec<f64>> = vec![Vec::new(); players];
    for class in order {
        let numerators = &numerators[class];
        if numerators.iter().all(|c| *c == 0) {
            continue;
        }
        let worth = value(class)?;
        for (change, numerator) in changes.iter_mut().zip(numerators) {
            change.resize(worth.len(), 0.0);
            let weight = *numerator as f64 / factorial[players] as f64;
            change.iter_mut().zip(&worth).for_each(|(c, v)| *c += weight * v);
        }
    }
    Ok(Parts { parts: changes.iter().map(|c| mean(c)).collect(), pairs: None })
}

/// The Shapley value over sampled orders of arrival, for more than [`EXACT`] players.
///
/// # Model
/// Players arrive one by one; each is given what its arrival changes. The Shapley value is the mean
/// over all orders. Here `pairs` random orders are taken, each with its reverse (antithetic: who
/// came early in one comes late in the other), so that within each order, and so in the mean, the
/// parts add up to the whole change. The standard error joins that of the permutations, over pairs,
/// and that of the draws.
///
/// # Reference
/// Castro, Gómez & Tejada 2009; reversed orders: Mitchell, Cooper, Frank & Holmes 2022.
///
/// # Errors
/// The first error of `value`, which is given the members of a coalition.
pub fn sampled<E>(
    players: usize,
    pairs: u64,
    seed: u64,
    value: &mut dyn FnMut(&[bool]) -> Worth<E>,
) -> Result<Parts, E> {
    let pairs = pairs.max(2);
    let nobody = value(&vec![false; players])?;
    let mut changes = vec![vec![0.0; nobody.len()]; players];
    let mut means: Vec<Vec<f64>> = vec![Vec::new(); players];
    let share = 1.0 / (2 * pairs) as f64;
    for pair in 0..pairs {
        let mut order: Vec<usize> = (0..players).collect();
        let key = |i: usize| uniform(seed, pair, Stream::of(&format!("order of arrival {i}")));
        order.sort_by(|a, b| key(*a).total_cmp(&key(*b)).then(a.cmp(b)));
        let mut here = vec![0.0; players];
        for reversed in [false, true] {
            if reversed {
                order.reverse();
            }
            let mut members = vec![false; players];
            let mut before = nobody.clone();
            for i in &order {
                members[*i] = true;
                let after = value(&members)?;
                for ((c, b), a) in changes[*i].iter_mut().zip(&before).zip(&after) {
                    *c += share * (a - b);
                    here[*i] += 0.5 * (a - b) / nobody.len().max(1) as f64;
                }
                before = after;
            }
        }
        means.iter_mut().zip(here).for_each(|(m, h)| m.push(h));
    }
    let parts = changes.iter().zip(&means).map(|(change, means)| {
        let drawn = mean(change);
        let orders = mean(means).se * (pairs as f64 / (pairs - 1) as f64).sqrt();
        ShapleyPart { part: drawn.part, se: (drawn.se * drawn.se + orders * orders).sqrt() }
    });
    Ok(Parts { parts: parts.collect(), pairs: Some(pairs) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A game with random worths in [0, 1) over two draws.
    fn random(players: usize, seed: u64) -> Vec<Vec<f64>> {
        let at = |set: usize, draw: u64| uniform(seed, draw, Stream::of(&format!("game {set}")));
        (0..1 << players).map(|set| vec![at(set, 0), at(set, 1)]).collect()
    }

    fn shapley(players: usize, game: &[Vec<f64>]) -> Vec<f64> {
        let class: Vec<usize> = (0..game.len()).collect();
        let found = exact(players, &class, &mut |c| Ok::<_, ()>(game[c].clone())).unwrap();
        found.parts.iter().map(|p| p.part).collect()
    }

    /// The definition, order by order.
    fn by_orders(players: usize, game: &[Vec<f64>]) -> Vec<f64> {
        fn permute(left: &[usize], done: &mut Vec<usize>, all: &mut Vec<Vec<usize>>) {
            if left.is_empty() {
                all.push(done.clone());
            }
            for i in left {
                done.push(*i);
                let rest: Vec<usize> = left.iter().copied().filter(|k| k != i).collect();
                permute(&rest, done, all);
                done.pop();
            }
        }
        let mut all = Vec::new();
        permute(&(0..players).collect::<Vec<_>>(), &mut Vec::new(), &mut all);
        let worth = |set: usize| (game[set][0] + game[set][1]) / 2.0;
        let mut sums = vec![0.0; players];
        for order in &all {
            let mut set = 0;
            for i in order {
                sums[*i] += worth(set | 1 << i) - worth(set);
                set |= 1 << i;
            }
        }
        sums.iter().map(|s| s / all.len() as f64).collect()
    }

    #[test]
    fn the_parts_are_those_of_all_orders_of_arrival_and_add_up() {
        for players in 1..=6 {
            for seed in 0..10 {
                let game = random(players, seed);
                let parts = shapley(players, &game);
                for (a, b) in parts.iter().zip(by_orders(players, &game)) {
                    assert!((a - b).abs() < 1e-12, "{players} {seed}: {a} {b}");
                }
                let all = mean(&game[game.len() - 1]).part - mean(&game[0]).part;
                assert!((parts.iter().sum::<f64>() - all).abs() < 1e-12);
            }
        }
        let game = random(12, 3);
        let all = mean(&game[game.len() - 1]).part - mean(&game[0]).part;
        assert!((shapley(12, &game).iter().sum::<f64>() - all).abs() < 1e-12);
        assert_eq!(shapley(0, &random(0, 1)), Vec::<f64>::new());
    }

    #[test]
    fn a_dummy_gets_exactly_nothing_and_equals_get_the_same() {
        // Player 2 changes nothing: sets with and without it are one class. Players 0 and 1 are
        // interchangeable: only how many of them there are counts.
        let class: Vec<usize> =
            (0..16usize).map(|s| (s & 3).count_ones() as usize * 2 + (s >> 3 & 1)).collect();
        let mut asked = Vec::new();
        let parts = exact(4, &class, &mut |c| {
            asked.push(c);
            Ok::<_, ()>(vec![[0.1, 0.7, 0.35, 0.2, 0.9, 0.4][c]])
        })
        .unwrap()
        .parts;
        assert_eq!(parts[2].part, 0.0);
        assert!((parts[0].part - parts[1].part).abs() < 1e-15 && parts[0].part != 0.0);
        asked.sort_unstable();
        assert_eq!(asked, [0, 1, 2, 3, 4, 5], "each worth is asked for once");
    }

    #[test]
    fn an_additive_game_gives_each_its_own_and_an_unanimity_game_shares_alike() {
        let own = [0.05, -0.02, 0.11];
        let worth = |set: usize| (0..3).map(|i| own[i] * (set >> i & 1) as f64).sum::<f64>();
        let game: Vec<Vec<f64>> = (0..8).map(|s| vec![worth(s); 2]).collect();
        for (a, b) in shapley(3, &game).iter().zip(own) {
            assert!((a - b).abs() < 1e-15);
        }
        let game: Vec<Vec<f64>> = (0..8).map(|s| vec![f64::from(s & 5 == 5); 2]).collect();
        assert_eq!(shapley(3, &game), [0.5, 0.0, 0.5]);
    }

    /// Ten players, additive but for products of neighbours.
    #[test]
    fn sampled_orders_agree_with_all_coalitions_within_their_error() {
        let n = 10;
        let has = |set: usize, i: usize| (set >> (i % n) & 1) as f64;
        let worth = |set: usize| -> f64 {
            let each = |i: usize| {
                has(set, i) * (0.01 * i as f64 - 0.03)
                    + 0.06 * has(set, i) * has(set, i + 1) * has(set, i + 3)
            };
            (0..n).map(each).sum()
        };
        let game: Vec<Vec<f64>> = (0..1usize << n).map(|s| vec![worth(s); 2]).collect();
        let truth = shapley(n, &game);
        let (mut inside, mut tried) = (0, 0);
        for seed in 0..20 {
            let mut value = |members: &[bool]| {
                let set = members.iter().enumerate().map(|(i, m)| usize::from(*m) << i).sum();
                Ok::<_, ()>(vec![worth(set); 2])
            };
            let found = sampled(n, 40, seed, &mut value).unwrap();
            let sum: f64 = found.parts.iter().map(|p| p.part).sum();
            assert!((sum - worth((1 << n) - 1)).abs() < 1e-12);
            for (p, t) in found.parts.iter().zip(&truth) {
                tried += 1;
                inside += i32::from((p.part - t).abs() <= 2.0 * p.se);
                assert!((p.part - t).abs() <= 5.0 * p.se, "{} {t} {}", p.part, p.se);
            }
        }
        // About 95 % within two standard errors of 40 pairs: at least nine in ten.
        assert!(inside * 10 >= tried * 9, "{inside} of {tried}");
    }

    #[test]
    fn an_error_of_the_worth_ends_it() {
        let class = [0, 1];
        assert_eq!(exact(1, &class, &mut |_| Err("stopped")), Err("stopped"));
        assert_eq!(sampled(1, 2, 1, &mut |_| Err("stopped")), Err("stopped"));
    }
}
