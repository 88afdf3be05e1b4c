//! What stands beside the forecast, each with the field's own terms and numbers: [`spatial`] are the
//! position models (where talks among weighted actors end), [`stability`] the graph model (what
//! would hold without a deal), [`talks`] a laboratory of real negotiations with known values, and
//! [`score`] says how good forecasts were.
//!
//! Like the model it computes and knows nothing else: no file, no clock, no terminal. It is a crate of
//! its own because no draw runs through it: it is compiled beside the rest instead of before it.

pub mod score;
pub mod spatial;
pub mod stability;
pub mod talks;
