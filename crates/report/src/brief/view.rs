//! Every value a brief shows, under plain names. Probabilities lie in `[0, 1]`, positions are in the
//! issue's own units, dates are ISO, names are those people read.

use serde::Serialize;
use winset_methods::score::Reason;
use winset_model::forecast::{DatedOdds, OddsEstimate, PeopleDeals};

use super::{
    Alternative, BeliefPath, Indicator, NoteRow, PackagePlane, RecordLine, ScoreSoFar, SourceRow,
};
use crate::forecast::sections::{ClassShares, Topic};
use crate::forecast::{
    Assumption, ConflictRow, DateRow, IssueTerms, MemberRow, NamedShare, OpeningRow, ZoneShare,
};
use crate::stability::StabilityReport;

/// A brief: what `--json` writes and what every sentence is made from.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Brief {
    /// `winset/brief/1`.
    pub schema: &'static str,
    /// The case's title.
    pub title: String,
    /// The day it is told from.
    pub as_of: String,
    /// What is asked.
    pub question: BriefQuestion,
    /// Whether names and sources are hidden.
    pub redacted: bool,
    /// The marking of every page: who may read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marking: Option<String>,
    /// Whether one body decides by its rule, so that no other side has to ratify.
    pub council: bool,
    /// The answer.
    pub answer: OddsEstimate,
    /// The class of past negotiations, and the structure beside it.
    pub class: ClassShares,
    /// What was said before, and what moved the number since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed: Option<NumberChange>,
    /// P(agreement) by a few dates.
    pub dates: Vec<DateRow>,
    /// P(agreement) day by day.
    pub days: Vec<DayRow>,
    /// What the number was on earlier days.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<DateRow>,
    /// How the talks have first ended by the question's date, in shares that add up to one.
    pub endings: Vec<NamedShare>,
    /// The zone of agreement.
    pub zone: ZoneShare,
    /// Who blocks.
    pub members: Vec<MemberRow>,
    /// What cannot hold together, most frequent first.
    pub conflicts: Vec<ConflictRow>,
    /// What would open the zone.
    pub openings: Vec<OpeningRow>,
    /// Options to use force, with the share of draws in which each is a credible threat.
    pub force: Vec<NamedShare>,
    /// Events nobody at the table controls, with the chance that each ends the talks first.
    pub events: Vec<NamedShare>,
    /// Feasible terms.
    pub terms: Vec<IssueTerms>,
    /// Packages at central values, where two negotiators face each other.
    pub packages: Option<PackagePlane>,
    /// What people do with such a zone, over the first draws, ids replaced by names; `None` where no draw has
    /// one, or there are too many packages to list.
    pub people: Option<PeopleDeals>,
    /// Other theories, and assumptions dropped.
    pub alternatives: Vec<Alternative>,
    /// What to watch.
    pub indicators: Vec<Indicator>,
    /// Assumptions, the one that moves the answer most first.
    pub assumptions: Vec<Assumption>,
    /// How the assumptions were weighed; `None` where only the calendar's constants were varied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leverage: Option<LeverageBasis>,
    /// What would be enough to take the answer across even odds.
    pub enough: Option<EnoughToFlip>,
    /// Inputs without an entry or a note behind them.
    pub unsupported: Vec<String>,
    /// How many inputs the case writes down.
    pub inputs: usize,
    /// How much weight the judgement bears.
    pub confidence: ConfidenceLevel,
    /// Where statements of the record put positions, day by day.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub beliefs: Vec<BeliefPath>,
    /// Who reported what the case rests on.
    pub sources: Vec<SourceRow>,
    /// How many independent origins the evidence goes back to.
    pub origins: usize,
    /// Rounds and deadlines, as known on the day.
    pub calendar: Vec<DatedEvent>,
    /// The record as of the day.
    pub record: Vec<RecordLine>,
    /// The notes behind the numbers that decide.
    pub notes: Vec<NoteRow>,
    /// How it was computed.
    pub method: BriefMethod,
    /// What the log says of earlier forecasts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<ScoreSoFar>,
    /// What would hold without a deal, as `winset stability` has it on the draws that are compared; left
    /// out where the case says nothing a side could do alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub without_deal: Option<StabilityReport>,
}

impl Brief {
    /// What its sections are about.
    pub(super) fn topic(&self) -> Topic<'_> {
        Topic {
            event: &self.question.event,
            by: &self.question.by,
            council: self.council,
            draws: self.method.draws,
        }
    }
}

/// What is asked.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BriefQuestion {
    /// In words.
    pub text: String,
    /// What counts as yes.
    pub yes: String,
    /// The last day that counts.
    pub by: String,
    /// The thing asked about, as a noun with its article: `a signed agreement`.
    pub event: String,
    /// What an agreement is called.
    pub agreement: String,
    /// What the endings that count as yes are called.
    pub endings: Vec<String>,
}

impl BriefQuestion {
    /// Whether an ending of this name counts as yes.
    pub(super) fn asks(&self, name: &str) -> bool {
        self.endings.iter().any(|counted| counted == name)
    }
}

/// A day of the curve: the probability with its band, and the ways the talks have ended by then.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DayRow {
    /// P of what is asked by that day.
    #[serde(flatten)]
    pub odds: DatedOdds,
    /// Agreement, past its last stage.
    pub agreement: f64,
    /// Interim understanding, breakdown, force, suspension.
    pub other: [f64; 4],
    /// A text refused, lapsed with a deadline, still under way.
    pub of_text: [f64; 3],
}

/// How the assumptions were weighed.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LeverageBasis {
    /// Draws behind each change.
    pub draws: u64,
    /// Rows behind the shares of variance.
    pub rows: usize,
    /// How many inputs are uncertain.
    pub inputs: usize,
    /// Share of variance carried by inputs that rest on judgement: the estimate, 5 %, 95 %, as
    /// `winset drivers` finds it.
    pub judgement: Option<[f64; 3]>,
    /// How many inputs those are.
    pub judged: usize,
    /// Rows behind that share.
    pub judged_rows: usize,
}

/// What would take the answer across even odds.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EnoughToFlip {
    /// The threshold.
    pub threshold: f64,
    /// Leading inputs that were tried one by one.
    pub tried: usize,
    /// Draws on which each change was applied.
    pub draws: u64,
    /// The smallest change of one input that does it.
    pub single: Option<EnoughChange>,
    /// The smallest change of several that was found.
    pub joint: Option<EnoughChange>,
}

/// Inputs that are changed, and the answer with them.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EnoughChange {
    /// What is changed.
    pub changes: Vec<InputShift>,
    /// The answer with it.
    pub p: f64,
}

/// An input that is changed.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InputShift {
    /// What it is.
    pub name: String,
    /// Its central value.
    pub from: f64,
    /// What it would have to be.
    pub to: f64,
}

/// How much weight the judgement bears.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConfidenceLevel {
    /// `low`, `moderate` or `high`.
    pub level: String,
    /// Each reason with the level it alone supports.
    pub reasons: Vec<Reason>,
}

/// A dated entry of the calendar.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DatedEvent {
    /// The date.
    pub date: String,
    /// What it is called.
    pub name: String,
    /// `start`, `round`, `deadline` or `hard deadline`.
    pub kind: String,
}

/// How it was computed.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BriefMethod {
    /// How many draws.
    pub draws: u64,
    /// `scrambled` where they are scrambled points, left out where they are independent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<&'static str>,
    /// Draws of the forecasts that are only compared, at most.
    pub compared: u64,
    /// The seed.
    pub seed: u64,
    /// Settings of the calendar's constants behind the interval.
    pub settings: usize,
    /// How far ahead the calendar runs, days.
    pub horizon: usize,
    /// The fingerprint of the case.
    pub fingerprint: String,
    /// The version of the formulas.
    pub version: String,
    /// The command that gives the same brief.
    pub command: String,
}

/// What moved the number between two days.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NumberChange {
    /// The earlier day.
    pub from: String,
    /// The answer then.
    pub p_from: f64,
    /// The answer on the later day, on the same draws.
    pub p_to: f64,
    /// What the days alone did; `None` where the change is not divided.
    pub time: Option<f64>,
    /// The Monte Carlo standard error of that.
    pub time_error: Option<f64>,
    /// What each piece of news did, the largest first.
    pub news: Vec<NewsItem>,
}

/// A piece of news and what it did.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewsItem {
    /// The day it was first seen.
    pub seen: String,
    /// Who spoke.
    pub speaker: Option<String>,
    /// In words; empty where it is hidden.
    pub text: String,
    /// Whether it is an entry of the record, not of the calendar.
    #[serde(rename = "said")]
    pub recorded: bool,
    /// What it adds to the answer; `None` where the change is not divided.
    pub part: Option<f64>,
    /// The Monte Carlo standard error of that.
    pub part_error: Option<f64>,
}
