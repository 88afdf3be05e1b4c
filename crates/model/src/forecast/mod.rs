//! From a case to a forecast: one draw solved exactly, many draws added up exactly.

mod accumulate;
mod answers;
mod bytes;
mod central;
mod deals;
mod draw;
mod ensemble;
mod openings;
mod outcome;
mod promises;
mod reference;
mod report;

pub use accumulate::{Histogram, Sum, Tally};
pub use answers::{Headline, answers, headline};
pub use bytes::{TALLY_FORMAT, Unreadable};
pub use central::{LEVELS, central_values, deal_space, positions, ratified};
pub use deals::{Deals, Linkage, Ranked, Swap, deals};
pub use draw::{Frame, Moved, draw_inputs, draw_later};
pub(crate) use ensemble::{BLOCK, Work, calendar_nodes, ended_by_question};
pub use ensemble::{CALENDAR_NODES, Depth, FULL_DRAWS, Run, run, run_in};
pub use openings::Lever;
pub use outcome::{Outcome, Solver};
pub use promises::{PromiseRow, promises};
pub use reference::{BASE_RATES, References, references};
pub use report::{
    Answer, Blocker, CoefficientRow, Conflict, DatedOdds, Endings, EventShare, ForceRow, Forecast,
    OddsEstimate, Opening, TermsRow, VERSION, Zone, ZoneGain,
};
