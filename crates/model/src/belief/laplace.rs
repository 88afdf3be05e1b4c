//! The little linear algebra of a Gaussian approximation in few dimensions.

/// Entry of the orthonormal cosine matrix: column `k` is the direction of a pair of points.
pub(super) fn cosine(i: usize, k: usize, d: usize) -> f64 {
    let angle = std::f64::consts::PI * (i as f64) * (2.0 * k as f64 + 1.0) / (2.0 * d as f64);
    let norm = if i == 0 { 1.0 } else { 2.0 };
    (norm / d as f64).sqrt() * libm::cos(angle)
}

pub(super) fn identity(d: usize) -> Vec<Vec<f64>> {
    (0..d).map(|i| (0..d).map(|j| f64::from(u8::from(i == j))).collect()).collect()
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The BFGS update of the inverse curvature by a step and the fall of the slope along it.
pub(super) fn update(inverse: &mut [Vec<f64>], step: &[f64], change: &[f64], first: bool) {
    let along = dot(step, change);
    if along <= 1e-12 {
        return;
    }
    if first {
        let scale = along / dot(change, change);
        inverse.iter_mut().flatten().for_each(|x| *x *= scale);
    }
    let hy: Vec<f64> = inverse.iter().map(|row| dot(row, change)).collect();
    let yhy = dot(change, &hy);
    for i in 0..step.len() {
        for j in 0..step.len() {
            inverse[i][j] += (1.0 + yhy / along) * step[i] * step[j] / along
                - (hy[i] * step[j] + step[i] * hy[j]) / along;
        }
    }
}

/// `F` with `F F' = C⁻¹`, or `None` if `C` is not positive definite enough.
pub(super) fn inverse_factor(c: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let d = c.len();
    let mut l = vec![vec![0.0; d]; d];
    for i in 0..d {
        for j in 0..=i {
            let rest = c[i][j] - (0..j).map(|k| l[i][k] * l[j][k]).sum::<f64>();
            l[i][j] = if i == j {
                if !(0.05..f64::MAX).contains(&rest) {
                    return None;
                }
                rest.sqrt()
            } else {
                rest / l[j][j]
            };
        }
    }
    // Column k of F solves L' f = e_k.
    let mut f = vec![vec![0.0; d]; d];
    for k in 0..d {
        for i in (0..=k).rev() {
            let unit = f64::from(u8::from(i == k));
            let rest = unit - (i + 1..=k).map(|j| l[j][i] * f[j][k]).sum::<f64>();
            f[i][k] = rest / l[i][i];
        }
    }
    Some(f)
}
