//! How far readers agree: Krippendorff's alpha for categories.

use std::collections::BTreeMap;

/// Krippendorff's alpha of nominal decisions: a list a unit, of what each reader who looked at it
/// decided.
///
/// # Model
/// `alpha = 1 − D_o / D_e` with the coincidences `o_ck = Σ_u (pairs c, k in u) / (m_u − 1)` of units
/// that `m_u ≥ 2` readers decided on, `n_c = Σ_k o_ck`, `n = Σ_c n_c`, `D_o = Σ_{c≠k} o_ck / n` and
/// `D_e = Σ_{c≠k} n_c n_k / (n (n − 1))`. 1 is agreement, 0 what chance gives. `None` where no two
/// readers decided on one unit, or all decisions are the same.
///
/// # Reference
/// K. Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011, section C.
#[must_use]
pub fn alpha<C: Ord>(units: &[Vec<C>]) -> Option<f64> {
    let mut totals: BTreeMap<&C, f64> = BTreeMap::new();
    let mut apart = 0.0;
    for unit in units.iter().filter(|unit| unit.len() >= 2) {
        let pairs = (unit.len() - 1) as f64;
        for (k, a) in unit.iter().enumerate() {
            *totals.entry(a).or_default() += 1.0;
            let others = unit.iter().enumerate().filter(|(j, b)| *j != k && *b != a).count();
            apart += others as f64 / pairs;
        }
    }
    let n: f64 = totals.values().sum();
    let same: f64 = totals.values().map(|c| c * (c - 1.0)).sum();
    let expected = n * (n - 1.0) - same;
    (expected > 0.0).then(|| 1.0 - (n - 1.0) * apart / expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four observers, twelve units, some values missing: 0.743 in Krippendorff (2011), section C.
    #[test]
    fn the_published_example_is_reproduced() {
        let rows = [
            "1 2 3 3 2 1 4 1 2 . . .",
            "1 2 3 3 2 2 4 1 2 5 . 3",
            ". 3 3 3 2 3 4 2 2 5 1 .",
            "1 2 3 3 2 4 4 1 2 5 1 .",
        ];
        let mut units: Vec<Vec<u8>> = vec![Vec::new(); 12];
        for row in rows {
            for (unit, cell) in units.iter_mut().zip(row.split(' ')) {
                unit.extend(cell.parse::<u8>().ok());
            }
        }
        assert!((alpha(&units).unwrap() - 0.743).abs() < 5e-4);
    }

    #[test]
    fn there_is_none_without_pairs_or_without_variety() {
        assert_eq!(alpha::<u8>(&[]), None);
        assert_eq!(alpha(&[vec![1], vec![2]]), None);
        assert_eq!(alpha(&[vec![1, 1], vec![1, 1]]), None);
        assert_eq!(alpha(&[vec![1, 1], vec![2, 2]]), Some(1.0));
    }
}
