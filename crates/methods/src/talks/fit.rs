//! The lowest value of a function of a few numbers.

/// Values closer than this are one: of a log-likelihood, far below what any score shows.
const ENOUGH: f64 = 1e-7;

/// The point at which `f` is lowest, from `start` with first steps of `step` in each direction.
///
/// # Model
/// The simplex of reflection, expansion, contraction and shrinkage with the usual coefficients 1, 2, ½,
/// ½; it ends when the values differ by less than [`ENOUGH`] or after 400 steps.
///
/// # Reference
/// Nelder & Mead (1965), *The Computer Journal* 7(4), 308–313.
pub(super) fn lowest(start: &[f64], step: f64, f: &dyn Fn(&[f64]) -> f64) -> Vec<f64> {
    let n = start.len();
    let mut simplex: Vec<(f64, Vec<f64>)> = (0..=n)
        .map(|k| {
            let mut x = start.to_vec();
            if k > 0 {
                x[k - 1] += step;
            }
            (f(&x), x)
        })
        .collect();
    for _ in 0..400 {
        simplex.sort_by(|a, b| a.0.total_cmp(&b.0));
        if simplex[n].0 - simplex[0].0 < ENOUGH {
            break;
        }
        let middle: Vec<f64> = (0..n)
            .map(|j| simplex[..n].iter().map(|(_, x)| x[j]).sum::<f64>() / n as f64)
            .collect();
        let along = |t: f64| -> (f64, Vec<f64>) {
            let worst = &simplex[n].1;
            let x: Vec<f64> = middle.iter().zip(worst).map(|(m, w)| m + t * (m - w)).collect();
            (f(&x), x)
        };
        let reflected = along(1.0);
        if reflected.0 < simplex[0].0 {
            let expanded = along(2.0);
            simplex[n] = if expanded.0 < reflected.0 { expanded } else { reflected };
        } else if reflected.0 < simplex[n - 1].0 {
            simplex[n] = reflected;
        } else {
            let inside = along(if reflected.0 < simplex[n].0 { 0.5 } else { -0.5 });
            if inside.0 < simplex[n].0.min(reflected.0) {
                simplex[n] = inside;
            } else {
                let best = simplex[0].1.clone();
                for (value, x) in &mut simplex[1..] {
                    x.iter_mut().zip(&best).for_each(|(x, b)| *x = 0.5 * (*x + b));
                    *value = f(x);
                }
            }
        }
    }
    simplex.sort_by(|a, b| a.0.total_cmp(&b.0));
    simplex.swap_remove(0).1
}

/// A number of the line as one between `lo` and `hi`.
pub(super) fn between(x: f64, (lo, hi): (f64, f64)) -> f64 {
    lo + (hi - lo) / (1.0 + libm::exp(-x))
}

/// The inverse of [`between`].
pub(super) fn onto_line(y: f64, (lo, hi): (f64, f64)) -> f64 {
    let share = ((y - lo) / (hi - lo)).clamp(1e-9, 1.0 - 1e-9);
    libm::log(share / (1.0 - share))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_point_of_a_curved_valley_is_found() {
        let valley = |x: &[f64]| {
            let bend = x[1] - x[0] * x[0];
            (1.0 - x[0]) * (1.0 - x[0]) + 10.0 * bend * bend
        };
        let at = lowest(&[-1.0, 2.0], 0.5, &valley);
        assert!(at.iter().all(|x| (x - 1.0).abs() < 1e-3), "{at:?}");
        assert!((between(onto_line(0.3, (-1.0, 4.0)), (-1.0, 4.0)) - 0.3).abs() < 1e-12);
    }
}
