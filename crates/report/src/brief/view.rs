//! Every value a brief shows, under plain names. Probabilities lie in `[0, 1]`, positions are in the
//! issue's own units, dates are ISO, names are those people read.

use serde::Serialize;
use winset_model::score::Reason;

use crate::forecast::sections::Topic;
use crate::forecast::{
    Assumption, ConflictRow, DateRow, IssueTerms, Mark, MemberRow, NamedShare, OpeningRow,
    ZoneShare,
};

/// A brief: what `--json` writes and what every sentence is made from.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Brief {
    /// `winset/brief/1`.
    pub schema: &'static str,
    /// The case's title.
    pub title: String,
    /// The day it is told from.
    pub as_of: String,
    /// What is asked.
    pub question: Question,
    /// Whether names and sources are hidden.
    pub redacted: bool,
    /// Whether one body decides by its rule, so that no other side has to ratify.
    pub council: bool,
    /// The answer.
    pub answer: Estimate,
    /// What was said before, and what moved the number since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed: Option<Change>,
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
    pub packages: Option<Packages>,
    /// Other theories, and assumptions dropped.
    pub alternatives: Vec<Alternative>,
    /// What to watch.
    pub indicators: Vec<Indicator>,
    /// Assumptions, the one that moves the answer most first.
    pub assumptions: Vec<Assumption>,
    /// How the assumptions were weighed; `None` where only the calendar's constants were varied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leverage: Option<Leverage>,
    /// What would be enough to take the answer across even odds.
    pub enough: Option<Enough>,
    /// Inputs that rest on nothing.
    pub unsupported: Vec<String>,
    /// How many inputs the case writes down.
    pub inputs: usize,
    /// How much weight the judgement bears.
    pub confidence: Confidence,
    /// Where statements of the record put positions, day by day.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub beliefs: Vec<Belief>,
    /// Who reported what the case rests on.
    pub sources: Vec<Source>,
    /// Rounds and deadlines, as known on the day.
    pub calendar: Vec<Dated>,
    /// The record as of the day.
    pub record: Vec<Entry>,
    /// The notes behind the numbers that decide.
    pub notes: Vec<Note>,
    /// How it was computed.
    pub method: Method,
    /// What the log says of earlier forecasts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<Score>,
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
pub struct Question {
    /// In words.
    pub text: String,
    /// What counts as yes.
    pub yes: String,
    /// The last day that counts.
    pub by: String,
    /// The thing asked about, as a noun with its article: `a signed agreement`.
    pub event: String,
}

/// A probability with the uncertainty about the odds.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Estimate {
    /// The probability.
    pub p: f64,
    /// 5 % of the uncertainty about the odds.
    pub lo: f64,
    /// 95 % of it.
    pub hi: f64,
    /// Monte Carlo standard error.
    pub mcse: f64,
}

/// A day of the curve: the probability with its band, and the ways the talks have ended by then.
#[derive(Clone, Debug, Default, Serialize)]
pub struct DayRow {
    /// The date.
    pub date: String,
    /// P(agreement).
    pub p: f64,
    /// 5 %.
    pub lo: f64,
    /// 95 %.
    pub hi: f64,
    /// Interim understanding, breakdown, force, suspension.
    pub other: [f64; 4],
}

/// The packages of two sides at central values, by what they give the two negotiators, in utility.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Packages {
    /// The two sides.
    pub sides: [String; 2],
    /// How many packages there are.
    pub count: usize,
    /// How many of them both sides would ratify.
    pub ratified: usize,
    /// What no deal gives.
    pub no_deal: [f64; 2],
    /// Those not ratified, one for each place on the drawing.
    pub others: Vec<[f64; 2]>,
    /// Those ratified, one for each place on the drawing.
    pub zone: Vec<[f64; 2]>,
    /// Those on the Pareto frontier.
    pub frontier: Vec<[f64; 2]>,
    /// What the classical solutions choose among all of them.
    pub chosen: Vec<Chosen>,
}

/// A package that classical solutions choose.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Chosen {
    /// Those solutions.
    pub solutions: String,
    /// What it gives the two sides.
    pub at: [f64; 2],
    /// Its terms.
    pub terms: String,
    /// The sides that would not ratify it.
    pub refused: Vec<String>,
}

/// Another theory, or an assumption dropped.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Alternative {
    /// In words, as a clause: `if the parties knew each other's limits`.
    pub what: String,
    /// `theory`, `assumption` or `reference`.
    pub kind: &'static str,
    /// The answer then.
    pub p: f64,
    /// The answer then less the answer as it is, on the same draws.
    pub effect: f64,
    /// Where it comes from.
    pub source: String,
}

/// Something that can be seen, and how far it would move the answer.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Indicator {
    /// What is seen.
    pub what: String,
    /// When, if it is dated.
    pub on: Option<String>,
    /// The answer if it is seen.
    pub seen: f64,
    /// What its absence or contrary is.
    pub contrary: String,
    /// The answer then; `None` where nothing is asked of it.
    pub unseen: f64,
    /// The larger of the two changes, with its sign.
    pub moves: f64,
}

/// How the assumptions were weighed.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Leverage {
    /// Draws behind each change.
    pub draws: u64,
    /// Rows behind the shares of variance.
    pub rows: usize,
    /// How many inputs are uncertain.
    pub inputs: usize,
    /// Share of variance carried by inputs that rest on judgement alone: the estimate, 5 %, 95 %.
    pub judgement: Option<[f64; 3]>,
    /// How many inputs those are.
    pub judged: usize,
}

/// What would take the answer across even odds.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Enough {
    /// The threshold.
    pub threshold: f64,
    /// Leading inputs that were tried one by one.
    pub tried: usize,
    /// Draws on which each change was applied.
    pub draws: u64,
    /// The smallest change of one input that does it.
    pub single: Option<Flip>,
    /// The smallest change of several that was found.
    pub joint: Option<Flip>,
}

/// Inputs that are changed, and the answer with them.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Flip {
    /// What is changed.
    pub changes: Vec<Shift>,
    /// The answer with it.
    pub p: f64,
}

/// An input that is changed.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Shift {
    /// What it is.
    pub name: String,
    /// Its central value.
    pub from: f64,
    /// What it would have to be.
    pub to: f64,
}

/// How much weight the judgement bears.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Confidence {
    /// `low`, `moderate` or `high`.
    pub level: String,
    /// Each reason with the level it alone supports.
    pub reasons: Vec<Reason>,
}

/// A source, with the grades its reports were given.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Source {
    /// Who reported.
    pub name: String,
    /// Each grade with the number of entries that carry it.
    pub grades: Vec<Count>,
    /// How many entries.
    pub entries: usize,
    /// How many independent origins they go back to.
    pub origins: usize,
}

/// A name and a count.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Count {
    /// Of what.
    pub name: String,
    /// How many.
    pub count: usize,
}

/// What is believed of one actor on one issue, from what was said.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Belief {
    /// The actor.
    pub actor: String,
    /// The issue.
    pub issue: String,
    /// The ends of the issue's scale.
    pub scale: [f64; 2],
    /// Landmarks of the issue.
    pub marks: Vec<Mark>,
    /// Day by day, from what was known by then.
    pub points: Vec<BeliefPoint>,
    /// What was said.
    pub statements: Vec<Statement>,
    /// Of the last pair of statements that cannot well be one position: what each said.
    pub reversal: Option<[f64; 2]>,
}

/// What is believed of a position on a day.
#[derive(Clone, Debug, Default, Serialize)]
pub struct BeliefPoint {
    /// The day.
    pub date: String,
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub sd: f64,
}

/// A statement a position is read from.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Statement {
    /// The entry; empty where it is hidden.
    pub id: String,
    /// The day.
    pub said: String,
    /// The value read from it.
    pub value: f64,
    /// How far it is believed, 0 to 1.
    pub weight: f64,
    /// In words; empty where it is hidden.
    pub text: String,
}

/// A dated entry of the calendar.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Dated {
    /// The date.
    pub date: String,
    /// What it is called.
    pub name: String,
    /// `start`, `round`, `deadline` or `hard deadline`.
    pub kind: String,
}

/// An entry of the record.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// When it was said, as written.
    pub said: String,
    /// The last day it can mean.
    pub on: String,
    /// Who spoke.
    pub speaker: Option<String>,
    /// The side of who spoke.
    pub side: Option<String>,
    /// About what.
    pub issue: Option<String>,
    /// Who reported it.
    pub source: String,
    /// The grade.
    pub grade: Option<String>,
    /// In words; empty where it is hidden.
    pub text: String,
    /// Where to read it.
    pub link: String,
}

/// A note of the analyst.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Note {
    /// What it explains.
    pub about: String,
    /// In words.
    pub text: String,
}

/// How it was computed.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Method {
    /// How many draws.
    pub draws: u64,
    /// Draws of the forecasts that are only compared.
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

/// What the log says of earlier forecasts of this question.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Score {
    /// How many forecasts of the question.
    pub forecasts: usize,
    /// The day the last was told from.
    pub last: String,
    /// What it said.
    pub last_p: Option<f64>,
    /// How many questions of the log are resolved with yes or no.
    pub resolved: usize,
    /// Their mean Brier score, each question averaged over its days.
    pub brier: Option<f64>,
    /// The mean forecast of each resolved question over its days, and whether it came true.
    pub means: Vec<Mean>,
    /// The bins of those means.
    pub bins: Vec<Bin>,
}

/// The mean forecast of a resolved question.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Mean {
    /// The mean of the forecast over its days.
    pub p: f64,
    /// Whether it came true.
    pub happened: bool,
}

/// A bin of a reliability diagram.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Bin {
    /// Mean forecast in the bin.
    pub forecast: f64,
    /// The share that came true.
    pub observed: f64,
    /// Forecasts in it.
    pub n: usize,
    /// 5 % quantile of the share if the forecasts are reliable.
    pub bar_lo: f64,
    /// 95 % quantile.
    pub bar_hi: f64,
}

/// What moved the number between two days.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Change {
    /// The earlier day.
    pub from: String,
    /// The answer then.
    pub p_from: f64,
    /// The answer on the later day, on the same draws.
    pub p_to: f64,
    /// What the days alone did; `None` where the change is not divided.
    pub time: Option<f64>,
    /// What each piece of news did, the largest first.
    pub news: Vec<News>,
}

/// A piece of news and what it did.
#[derive(Clone, Debug, Default, Serialize)]
pub struct News {
    /// The day it was first seen.
    pub seen: String,
    /// Who spoke.
    pub speaker: Option<String>,
    /// In words; empty where it is hidden.
    pub text: String,
    /// Whether those are somebody's words: an entry of the record, not of the calendar.
    pub said: bool,
    /// What it adds to the answer; `None` where the change is not divided.
    pub part: Option<f64>,
}
