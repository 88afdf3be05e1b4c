//! What an analyst is unsure of: distributions as inverse CDFs, and one counted uniform per input.

mod copula;
pub mod counter;
mod dist;
mod philox;
pub mod points;
pub mod special;

pub use copula::together;
pub use dist::{Dist, DistError};
pub use philox::{Stream, uniform};
pub use points::Points;
