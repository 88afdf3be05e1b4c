//! Functions whose Sobol' indices are known exactly, for whoever has `Function` in scope above.

#![allow(dead_code, reason = "not everybody needs all of it")]

use std::f64::consts::PI;

use super::Function;

/// A function without anything of its own, so that several stand in one list.
pub(crate) type Formula = fn(&[f64]) -> f64;

/// A function of so many inputs, each even on [0, 1].
pub(crate) struct Plain<G>(pub(crate) usize, pub(crate) G);

impl<G: Fn(&[f64]) -> f64 + Sync> Function for Plain<G> {
    type Value = f64;
    type State = ();
    fn inputs(&self) -> usize {
        self.0
    }
    fn state(&self) {}
    fn value(&self, _: usize, u: f64) -> f64 {
        u
    }
    fn at(&self, (): &mut (), x: &[f64]) -> f64 {
        (self.1)(x)
    }
}

/// Ishigami & Homma 1990 with a = 7, b = 0.1.
pub(crate) fn ishigami(u: &[f64]) -> f64 {
    let x = [u[0], u[1], u[2]].map(|u| PI * (2.0 * u - 1.0));
    let (s, c) = (libm::sin(x[0]), libm::sin(x[1]));
    s + 7.0 * c * c + 0.1 * x[2] * x[2] * x[2] * x[2] * s
}

/// Saltelli & Sobol' 1995, with the coefficients of the first, second and further inputs.
pub(crate) fn g(u: &[f64]) -> f64 {
    let a = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0];
    u.iter().zip(a).map(|(u, a)| ((4.0 * u - 2.0).abs() + a) / (1.0 + a)).product()
}
