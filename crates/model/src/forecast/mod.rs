//! From a case to a forecast: one draw solved exactly, many draws added up exactly.

mod accumulate;
mod central;
mod draw;
mod ensemble;
mod outcome;
mod report;

pub use accumulate::{Histogram, Sum, Tally};
pub use central::{LEVELS, central_values, deal_space, positions};
pub use draw::{Frame, Moved, draw_inputs};
pub use ensemble::{Run, run};
pub use outcome::{Outcome, Solver};
pub use report::{
    Agreement, Answer, Blocker, CoefficientRow, Conflict, Endings, EventShare, ForceRow, Forecast,
    Opening, QuestionRow, TermsRow, Zone,
};
