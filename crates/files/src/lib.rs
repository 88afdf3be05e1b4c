//! The edge: files become values, values become files.

pub mod case;
pub mod diagnostic;
pub mod genius;
pub mod log;
pub mod record;
