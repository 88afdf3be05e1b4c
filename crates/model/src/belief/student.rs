//! Student's t, with the Gaussian as its limit.

/// Student's t with ν degrees of freedom, centred and of unit scale.
///
/// # Model
/// `p(r) = c_ν (1 + r²/ν)^{−(ν+1)/2}`; as a scale mixture of Gaussians its precision has the mean
/// `w(r²) = (ν+1)/(ν+r²)` given `r`. `ν = ∞` is the Gaussian, with weight 1.
///
/// # Reference
/// Lange, Little & Taylor (1989), JASA 84, 881–896, eq. 2 and section 3.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StudentT {
    nu: f64,
    norm: f64,
}

impl StudentT {
    /// The distribution with `nu > 0` degrees of freedom.
    #[must_use]
    pub fn new(nu: f64) -> Self {
        let pi = std::f64::consts::PI;
        let norm = if nu.is_finite() {
            libm::exp(libm::lgamma((nu + 1.0) / 2.0) - libm::lgamma(nu / 2.0)) / (nu * pi).sqrt()
        } else {
            1.0 / (2.0 * pi).sqrt()
        };
        Self { nu, norm }
    }

    /// The density at `r² = r2`.
    #[must_use]
    pub fn density(&self, r2: f64) -> f64 {
        // The two defaults without a call to `pow`: they are the inner loop.
        let kernel = if self.nu == 4.0 {
            four(r2)
        } else if self.nu == 1.0 {
            1.0 / (1.0 + r2)
        } else if self.nu.is_finite() {
            libm::pow(1.0 + r2 / self.nu, -(self.nu + 1.0) / 2.0)
        } else {
            libm::exp(-r2 / 2.0)
        };
        self.norm * kernel
    }

    /// The density at each of many `r²`, in their place.
    #[inline(always)]
    pub(super) fn densities(&self, r2: &mut [f64]) {
        if self.nu == 4.0 {
            // A loop of its own, which the compiler takes several at a time.
            r2.iter_mut().for_each(|v| *v = self.norm * four(*v));
        } else {
            r2.iter_mut().for_each(|v| *v = self.density(*v));
        }
    }

    /// The upper quartile: half of all draws are nearer to the middle. Its slope by the probability is one over the
    /// density (Steinbrecher & Shaw 2008, European Journal of Applied Mathematics 19, 87–112), followed from the
    /// middle to 3/4 by Runge and Kutta.
    #[must_use]
    pub fn quartile(&self) -> f64 {
        const STEPS: u32 = 64;
        let h = 0.25 / f64::from(STEPS);
        let slope = |x: f64| 1.0 / self.density(x * x);
        (0..STEPS).fold(0.0, |x, _| {
            let a = slope(x);
            let b = slope(x + 0.5 * h * a);
            let c = slope(x + 0.5 * h * b);
            let d = slope(x + h * c);
            x + h / 6.0 * (a + 2.0 * (b + c) + d)
        })
    }

    /// The scale, for a Gaussian of unit sd, at which half of all draws are as near to the middle as half of the
    /// Gaussian's: tails of any weight then agree on what an everyday move is.
    #[must_use]
    pub fn scale_like_gaussian(&self) -> f64 {
        Self::new(f64::INFINITY).quartile() / self.quartile()
    }

    /// The degrees of freedom.
    #[must_use]
    pub fn nu(&self) -> f64 {
        self.nu
    }

    /// The expected precision weight at `r² = r2`.
    #[must_use]
    pub fn weight(&self, r2: f64) -> f64 {
        if self.nu.is_finite() { (self.nu + 1.0) / (self.nu + r2) } else { 1.0 }
    }
}

/// `(1 + r²/4)^{−5/2}`.
#[inline(always)]
fn four(r2: f64) -> f64 {
    let x = 1.0 + 0.25 * r2;
    1.0 / (x * x * x.sqrt())
}

#[cfg(test)]
mod tests {
    use statrs::distribution::{ContinuousCDF, StudentsT};

    use super::*;

    #[test]
    fn the_quartile_is_that_of_another_library() {
        for nu in [1.0, 1.5, 2.0, 4.0, 30.0] {
            let theirs = StudentsT::new(0.0, 1.0, nu).unwrap().inverse_cdf(0.75);
            let ours = StudentT::new(nu).quartile();
            assert!((ours - theirs).abs() < 1e-9, "{ours} for {theirs} at {nu}");
        }
        let gaussian = StudentT::new(f64::INFINITY);
        assert!((gaussian.quartile() - 0.674_489_750_196_081_7).abs() < 1e-9);
        assert_eq!(gaussian.scale_like_gaussian(), 1.0);
    }
}
