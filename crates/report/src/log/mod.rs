//! The log of forecasts.

pub mod export;
pub mod text;
