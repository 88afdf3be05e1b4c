//! The formulas, on numbers and slices: nothing here knows a case, a file or a draw.
//!
//! Positions are whole millionths of an issue's scale ([`UNIT`]), so that reversing a scale or
//! renaming actors changes no comparison; utilities are flows, 1 = the salience-weighted width of
//! the whole agenda enjoyed for ever; rates are per year.

pub mod additive;
pub mod among;
pub mod conflicts;
pub mod deadlines;
pub mod domain;
pub mod exact;
pub mod frontier;
pub mod grid;
pub mod people;
pub mod power;
pub mod screening;
pub mod situation;
pub mod solutions;
pub mod tables;
pub mod threat;

/// Days in a year.
pub const YEAR: f64 = 365.25;

/// One scale, end to end, in the unit of positions.
pub const UNIT: i32 = 1_000_000;

/// Acceptance and credibility: a gain this far below zero still counts.
pub const TOLERANCE: f64 = 1e-9;

/// Maximisers this close to each other are tied.
pub const TIE: f64 = 1e-12;
