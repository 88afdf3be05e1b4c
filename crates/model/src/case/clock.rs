//! What a case says of time: its class of past negotiations, priced deadlines, stages.

use super::{Day, InputId, Partial};
use crate::class::PastCounts;
use crate::class::risk::Risk;
use crate::clock::lanes::FactorLaw;
use crate::uncertain::Dist;

/// The class of a case, by its numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseClass {
    /// What the file calls it: a shipped class, a table beside the case, or `none`.
    pub name: String,
    /// The group within it, where it is known to the class.
    pub group: Option<String>,
    /// The past cases it rests on; none where the rates are given.
    pub counts: PastCounts,
    /// The hazard of agreement.
    pub agreement: Risk,
    /// The hazard of every other ending; none where every past case agreed.
    pub other: Option<Risk>,
    /// How far the class itself is uncertain: the factors on its two hazards.
    pub factors: [FactorLaw; 2],
    /// Whether the case names it.
    pub named: bool,
}

/// The clock of a case.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseClock {
    /// The class.
    pub class: CaseClass,
    /// The day its clock began.
    pub start: Day,
    /// The weight r of the structure against the class, per cent.
    pub pool: InputId,
    /// The day the structure last changed, as the record has it.
    pub moved: Option<Day>,
    /// The day of each formal failure of talks, and how many rounds it counts for.
    pub failed: Vec<(Day, u32)>,
    /// Whether the talks are suspended.
    pub suspended: bool,
    /// How far the text has come, once it has been passed.
    pub passed: Option<TextPassed>,
}

/// A text that has passed some stage by the day a case is told from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextPassed {
    /// The last stage passed; 0 is the text.
    pub stage: usize,
    /// The day it was.
    pub on: Day,
    /// How often the next stage has refused it.
    pub failed: u32,
    /// The day of the last refusal; that of `on` without one.
    pub last: Day,
}

/// The least chance that a round or a deadline settles what is open and has a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settling {
    /// The constant for its kind: `decides` of a round, `settles` of a deadline.
    Constant,
    /// A number of its own, per cent.
    Own(InputId),
}

/// What happens by itself on a deadline.
#[derive(Clone, Debug, PartialEq)]
pub struct DeadlinePrice {
    /// The one-off cost of missing it to each side, utility points.
    pub cost: Vec<Option<InputId>>,
    /// Where issues stay without a deal after it.
    pub after: Partial,
    /// Whether what is open after it ends.
    pub ends: bool,
    /// The least chance that it settles what is open.
    pub settles: Settling,
    /// The chance that it is put off, per cent.
    pub put_off: Option<InputId>,
    /// The coin: put off if this is below the chance; only where it may fall either way.
    pub goes: Option<InputId>,
}

/// A stage that a text has to pass.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// The id in paths.
    pub id: String,
    /// The name people read.
    pub name: String,
    /// When the first attempt is decided.
    pub first: StageStart,
    /// How long each later attempt takes, days, where the file says it.
    pub again: Option<Dist>,
    /// The chance to pass, per cent.
    pub passes: Dist,
    /// How many attempts there are.
    pub tries: u32,
}

/// When the first attempt at a stage is decided.
#[derive(Clone, Debug, PartialEq)]
pub enum StageStart {
    /// So many days after the stage before.
    Takes(Dist),
    /// On a day.
    On(Day),
}
