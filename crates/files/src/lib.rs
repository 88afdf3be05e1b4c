//! The edge: files become values, values become files.

pub mod actors;
pub mod deu;
