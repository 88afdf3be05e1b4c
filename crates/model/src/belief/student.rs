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
        } else if self.nu == 1.5 {
            let x = 1.0 + r2 / 1.5;
            1.0 / (x * x.sqrt().sqrt())
        } else if self.nu.is_finite() {
            libm::pow(1.0 + r2 / self.nu, -(self.nu + 1.0) / 2.0)
        } else {
            libm::exp(-r2 / 2.0)
        };
        self.norm * kernel
    }

    /// The density at each of many `r²`, in their place.
    pub(super) fn densities(&self, r2: &mut [f64]) {
        if self.nu == 4.0 {
            // A loop of its own, which the compiler takes two at a time.
            r2.iter_mut().for_each(|v| *v = self.norm * four(*v));
        } else {
            r2.iter_mut().for_each(|v| *v = self.density(*v));
        }
    }

    /// The expected precision weight at `r² = r2`.
    #[must_use]
    pub fn weight(&self, r2: f64) -> f64 {
        if self.nu.is_finite() { (self.nu + 1.0) / (self.nu + r2) } else { 1.0 }
    }
}

/// `(1 + r²/4)^{−5/2}`.
fn four(r2: f64) -> f64 {
    let x = 1.0 + 0.25 * r2;
    1.0 / (x * x * x.sqrt())
}
