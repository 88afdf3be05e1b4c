//! The clock: from a class of past negotiations and the parties' prospects to first endings, day by
//! day, and from the text that ends the talks through the stages it has to pass.
//!
//! A class gives two hazards by elapsed days ([`crate::class::risk`]). It is read as a mixture of
//! negotiations with and without a zone ([`mixture`]), moved in time by rounds, progress and priced
//! deadlines ([`rounds`], [`progress`], [`windows`]) into the rates of each day ([`rates`]). A draw
//! runs forward with the rates of its own type ([`forward`]), weighted by how well it explains that
//! nothing has ended yet ([`survival`]); its text then goes through the stages ([`stages`]).
//! [`outcome`] puts the parts together, [`lanes`] has the factors of a class that are varied.
//!
//! Days τ are elapsed days of the clock: the date told from is the end of day τ0, and forecast day t
//! is τ0 + t. All rates are per day, all chances 0–1. What depends on the constants and on which
//! deadlines are put off is tabulated once, several sets of constants (lanes) side by side; a draw
//! then costs one exponential a day and lane and allocates nothing. Nothing here reads a case or a file.

pub mod coins;
pub mod delay;
mod exponential;
pub mod forward;
pub mod lanes;
pub mod mixture;
pub mod outcome;
pub mod progress;
pub mod rates;
pub mod rounds;
pub mod stages;
pub mod sums;
pub mod survival;
pub mod tries;
pub mod windows;
