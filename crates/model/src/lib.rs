//! Is there a deal that every side would ratify, on which terms, by when, and who blocks it: the
//! numbers, from a resolved [`Case`] to a [`Forecast`].
//!
//! The crate computes and knows nothing else: no file, no clock, no terminal. Rooms are in the order the
//! data visits them. [`case`] is what is asked, each number an input with a path; [`uncertain`]
//! draws it; [`belief`] reads positions off a record; [`theory`] holds the formulas on plain numbers,
//! each beside its source; [`forecast`] solves a draw and adds many up, to the same bytes on any number
//! of threads; [`explain`] asks for more than one forecast. Long work takes an [`Effort`].
//!
//! Two sides and one issue, from a seller's 0 to a buyer's 1, by the formulas alone:
//!
//! ```
//! use winset_model::{Exact, NO_DEMAND, NoDeal, Rule, Situation, UNIT};
//!
//! let one = |share: f64| (share * f64::from(UNIT)) as i32;
//! let talks = Situation {
//!     quo: vec![one(0.0)],
//!     side: vec![0, 1],
//!     ideal: vec![one(0.2), one(1.0)],
//!     weight: vec![1.0, 1.0],
//!     red_min: vec![i32::MIN, one(0.5)], // The second takes no less than half …
//!     red_max: vec![one(0.7), i32::MAX], // … and the first gives no more than 0.7.
//!     demand: vec![NO_DEMAND; 2],
//!     audience: vec![0.0; 2],
//!     capability: vec![1, 1],
//!     discount: vec![0.1, 0.1],
//!     cost: vec![0.6, 0.0], // No deal costs the first 0.6 of the agenda for as long as it lasts.
//!     rules: vec![Rule::Actor(0), Rule::Actor(1)],
//!     negotiator: vec![Some(0), Some(1)],
//!     alpha: 1.0,
//!     ..Situation::default()
//! };
//! let mut no_deal = NoDeal::default();
//! talks.no_deal(&mut no_deal);
//! let solved = Exact::default().solve(&talks, &no_deal);
//!
//! // Over no deal the first gains 1 − x and the second x: their product is largest at a half.
//! assert_eq!(solved.terms, [one(0.5)]);
//! assert!((solved.room.unwrap() - 0.5).abs() < 1e-9);
//! ```

pub mod belief;
pub mod case;
pub mod class;
pub mod clock;
pub mod effort;
pub mod explain;
pub mod forecast;
pub mod grade;
pub mod record;
pub mod support;
pub mod theory;
pub mod uncertain;

pub use case::{Case, Day, Rule};
pub use effort::Effort;
pub use forecast::{Forecast, Frame, Run, Solver, Tally, run};
pub use theory::UNIT;
pub use theory::exact::Exact;
pub use theory::situation::{NO_DEMAND, Situation};
pub use theory::threat::NoDeal;
pub use uncertain::{Dist, Stream, uniform};
