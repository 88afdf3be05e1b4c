//! The log of forecasts.

pub mod text;
