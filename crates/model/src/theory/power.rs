//! Power under a ratification rule alone, whoever wants what.

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
}

/// Banzhaf and Shapley–Shubik indices of `players` (bits) under a monotone `wins`; exact, by
/// counting all coalitions of the players that matter.
///
/// Players without influence are dummies: they change neither index of the others, so they may be
/// left out, and get 0 themselves.
pub fn power(players: &[usize], wins: impl Fn(u64) -> bool) -> Vec<Power> {
    let n = players.len();
    let coalition =
        |mask: u64| players.iter().enumerate().fold(0u64, |c, (k, p)| c | (mask >> k & 1) << p);
    // Swings of each player by the size of the coalition it joins.
    let mut swings = vec![0u64; n * n];
    let winning: Vec<bool> = (0..1u64 << n).map(|mask| wins(coalition(mask))).collect();
    for mask in 0..1usize << n {
        if winning[mask] {
            continue;
        }
        let size = mask.count_ones() as usize;
        for k in 0..n {
            if mask >> k & 1 == 0 && winning[mask | 1 << k] {
                swings[k * n + size] += 1;
            }
        }
    }
    let mut order_share = vec![0.0; n];
    for (size, share) in order_share.iter_mut().enumerate() {
        // size!(n − size − 1)!/n! as a product of ratios, so that nothing overflows.
        *share = (1..=size).fold(1.0 / n as f64, |f, k| f * k as f64 / (n - k) as f64);
    }
    let total: u64 = swings.iter().sum();
    (0..n)
        .map(|k| {
            let row = &swings[k * n..(k + 1) * n];
            let count: u64 = row.iter().sum();
            Power {
                banzhaf: count as f64 / (1u64 << (n - 1)) as f64,
                banzhaf_normalised: if total == 0 { 0.0 } else { count as f64 / total as f64 },
                shapley: row.iter().zip(&order_share).map(|(c, f)| *c as f64 * f).sum(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weighted(quota: u32, weights: &'static [u32]) -> impl Fn(u64) -> bool {
        move |c| {
            let sum: u32 =
                weights.iter().enumerate().filter(|(i, _)| c >> i & 1 == 1).map(|(_, w)| w).sum();
            sum >= quota
        }
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
