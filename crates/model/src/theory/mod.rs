//! Pure formulas on slices and numbers, never on a case.

pub mod domain;
pub mod frontier;
pub mod solutions;
