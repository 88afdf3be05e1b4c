//! From a case to a forecast: one draw solved exactly, many draws added up exactly.

mod accumulate;
mod answers;
mod blocs;
mod bytes;
mod central;
mod clock;
mod cost;
mod dates;
mod deals;
mod draw;
mod ensemble;
mod kept;
mod openings;
mod outcome;
mod partial;
mod people;
mod promises;
mod reading;
mod reference;
mod report;
mod texts;
mod together;

pub use accumulate::{Histogram, Sum, Tally};
pub use answers::{AnswerScale, Headline, answers, answers_beside, headline, headline_beside};
pub use blocs::{Bloc, blocs};
pub use bytes::{TALLY_FORMAT, Unreadable};
pub use central::{LEVELS, central_values, deal_space, people_at_centre, ratified};
pub use clock::{CLOCK_NODES, CaseTimes};
pub use cost::{CostPart, DrawCost};
pub use dates::{DateEffect, FAILED_ROUNDS, SUSPENSION, UnseenDate};
pub use deals::{Deals, Linkage, Ranked, Swap, deals, people_deals};
pub use draw::{Frame, Moved, draw_inputs, draw_later};
pub(crate) use draw::{redraw_inputs, together_from};
pub(crate) use ensemble::{BLOCK, Work, ended_by_question};
pub use ensemble::{Depth, FULL_DRAWS, Run, run, run_in};
pub use kept::KeptRooms;
pub(crate) use kept::{KEPT_DRAWS, KeptSolution};
pub use openings::Lever;
pub use outcome::{Prospects, SolvedDay, Solver};
pub use partial::{PartialOdds, PartialTerms, SideOdds, Trade, TradeMove, partial_odds, trades};
pub use people::{PeopleBand, PeopleDeals, PeoplePackage, most_equal_beside_nash};
pub use promises::{PromiseRow, promises};
pub use reference::{References, references};
pub use report::{
    AgreementDay, Answer, Blocker, ClassTypes, CoefficientRow, Conflict, DatedOdds, Endings,
    EventShare, ForceRow, Forecast, ForecastClass, MODEL, OddsEstimate, OpenSearch, Opening,
    OptionShare, StageDay, StageRow, TermsRow, VERSION, Zone, ZoneGain,
};
pub use texts::{
    CrossedLine, NearText, TextBody, TextGate, TextOdds, TextRefusal, TextSide, TextStage,
    text_odds,
};
