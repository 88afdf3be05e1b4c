//! The edge: files become values, values become files.

pub mod actors;
pub mod case;
pub mod diagnostic;
pub mod import;
pub mod log;
pub mod record;
