//! The edge: files become values, values become files.

pub mod actors;
pub mod atomic;
pub mod bounded;
pub mod builtin;
pub mod case;
pub mod class;
pub mod deu;
pub mod diagnostic;
pub mod genius;
pub mod import;
pub mod log;
pub mod own;
pub mod record;
pub mod shard;
pub mod sheet;
pub mod stability;
pub mod start;
pub mod sweep;
pub mod talks;
