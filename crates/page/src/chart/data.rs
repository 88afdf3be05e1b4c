//! What each chart is drawn from: plain values, no formulas.
//!
//! Days are ISO dates (`2025-06-30`); a mark whose day cannot be read is left out of the drawing
//! and kept in the table. Probabilities are shares in 0..1; values that are not finite are left
//! out. Every struct has a [`Default`], so that a caller names only what it has.

/// P(agreement) by day with its band, and how it was told before.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Agreement {
    /// Stable id of the figure; also the id of its element.
    pub id: String,
    /// Where the numbers come from.
    pub source: String,
    /// What the curve is the chance of: "a signed agreement".
    pub event: String,
    /// The day the forecast is told from.
    pub as_of: String,
    /// The date of the question.
    pub question: String,
    /// P(event by day), as told on `as_of`.
    pub curve: Vec<Odds>,
    /// P(event by the question's date), as told on past days.
    pub history: Vec<Odds>,
    /// Entries of the record that came in meanwhile.
    pub entries: Vec<Note>,
    /// Rounds and deadlines.
    pub calendar: Vec<DatedMark>,
    /// P(event by day) before a change, drawn behind the curve: a ghost of it.
    pub ghost: Vec<Odds>,
    /// Whether the axis runs to certainty whatever the curve, so that curves can be compared by eye.
    pub whole: bool,
}

/// A probability on the whole scale, among the words for it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OddsScale {
    /// Stable id of the figure.
    pub id: String,
    /// Where the numbers come from.
    pub source: String,
    /// What it is the chance of: "a signed agreement by 30 June 2025".
    pub event: String,
    /// The chance, with its band.
    pub odds: Odds,
    /// What it was before, and when or under what: "14 April", "the case".
    pub before: Option<(String, f64)>,
}

/// A probability as it was told from day to day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Course {
    /// Stable id of the figure.
    pub id: String,
    /// Where the numbers come from.
    pub source: String,
    /// What it is the chance of: "a signed agreement by 30 June 2025".
    pub event: String,
    /// The days, in order.
    pub days: Vec<CourseDay>,
}

/// What was told from a day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CourseDay {
    /// The chance, with its band.
    pub odds: Odds,
    /// What was new since the day before.
    pub news: Vec<Note>,
}

/// A probability on a day, with its band.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Odds {
    /// The day.
    pub day: String,
    /// The probability.
    pub p: f64,
    /// Lower end of the band.
    pub lo: f64,
    /// Upper end of the band.
    pub hi: f64,
}

/// Two forecasts of one chance by date.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overlay {
    /// Stable id of the figure.
    pub id: String,
    /// Where the numbers come from.
    pub source: String,
    /// What the curves are the chance of: "a signed agreement".
    pub event: String,
    /// The date of the question.
    pub question: String,
    /// What the two are called: "A", "B".
    pub names: [String; 2],
    /// P(event by day) of each.
    pub curves: [Vec<Odds>; 2],
}

/// Something that happened or was said on a day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Note {
    /// The day.
    pub day: String,
    /// A few words, for the label.
    pub label: String,
    /// The whole of it, for the mark's title and the table.
    pub text: String,
}

/// A dated entry of the calendar.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DatedMark {
    /// The day.
    pub day: String,
    /// Its name.
    pub label: String,
    /// What it is.
    pub kind: MarkKind,
}

/// What a dated entry of the calendar is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MarkKind {
    /// A round of talks.
    #[default]
    Round,
    /// A deadline that ends something.
    Hard,
    /// A deadline that can be moved.
    Soft,
}

/// How the talks first end, by day, stacked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EndingsChart {
    /// Stable id of the figure.
    pub id: String,
    /// Where the numbers come from.
    pub source: String,
    /// The day the forecast is told from.
    pub as_of: String,
    /// The days.
    pub days: Vec<String>,
    /// The endings, from the bottom of the stack to its top. What is left is "still open".
    pub layers: Vec<Layer>,
}

/// One ending by day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layer {
    /// Its name.
    pub name: String,
    /// Share of draws in which the talks have first ended so, by each day of the figure.
    pub share: Vec<f64>,
}

/// Where the sides stand on each issue.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PositionsChart {
    /// Stable id of the figure.
    pub id: String,
    /// Where the numbers come from.
    pub source: String,
    /// The issues, in order.
    pub issues: Vec<IssueStrip>,
    /// Share of draws in which some package would be ratified by all; `None` if it is not known.
    pub zone: Option<f64>,
}

/// One issue.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IssueStrip {
    /// Its name.
    pub name: String,
    /// Lower end of its scale.
    pub lo: f64,
    /// Upper end of its scale.
    pub hi: f64,
    /// Points of the scale that have names.
    pub landmarks: Vec<Landmark>,
    /// The sides; usually two.
    pub sides: Vec<StandMark>,
    /// Range of the terms that every side would ratify, if there is one.
    pub zone: Option<(f64, f64)>,
    /// The likeliest term, if there is one.
    pub term: Option<f64>,
}

/// A named point of a scale.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Landmark {
    /// Where.
    pub at: f64,
    /// Its name.
    pub label: String,
}

/// Where a side stands on an issue.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StandMark {
    /// The side.
    pub name: String,
    /// What it wants: 5 %, median, 95 %.
    pub ideal: [f64; 3],
    /// It accepts nothing below this.
    pub red_min: Option<f64>,
    /// It accepts nothing above this.
    pub red_max: Option<f64>,
    /// What its factions want.
    pub factions: Vec<Faction>,
}

/// What a faction wants on an issue.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Faction {
    /// Its name.
    pub name: String,
    /// Its median ideal.
    pub at: f64,
}

/// What is believed of one actor on one issue, by day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Belief {
    /// Stable id of the figure.
    pub id: String,
    /// Where the numbers come from.
    pub source: String,
    /// The actor.
    pub actor: String,
    /// The issue.
    pub issue: String,
    /// Lower end of the scale.
    pub lo: f64,
    /// Upper end of the scale.
    pub hi: f64,
    /// Points of the scale that have names.
    pub landmarks: Vec<Landmark>,
    /// The filtered path.
    pub path: Vec<PathPoint>,
    /// What was said.
    pub statements: Vec<StatementMark>,
}

/// The filtered belief on a day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PathPoint {
    /// The day.
    pub day: String,
    /// Its mean.
    pub mean: f64,
    /// Its standard deviation.
    pub sd: f64,
}

/// A statement with the value read from it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StatementMark {
    /// The day.
    pub day: String,
    /// The value read from it.
    pub value: f64,
    /// A few words, for the label.
    pub label: String,
    /// What was said, for the mark's title and the table.
    pub text: String,
    /// The weight it was given, 0 (ignored) to 1 (taken at its word); drawn faint below one half.
    pub weight: f64,
    /// Whether it reverses what the same actor said before.
    pub reversal: bool,
}

/// Packages in the plane of two sides' gains.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DealMap {
    /// Stable id of the figure.
    pub id: String,
    /// Where the numbers come from.
    pub source: String,
    /// Names of the two sides: the first is on the horizontal axis.
    pub sides: [String; 2],
    /// What each package gives the two sides.
    pub packages: Vec<[f64; 2]>,
    /// Of the packages that every side would ratify, what each gives; empty where nothing is known of
    /// ratification.
    pub zone: Vec<[f64; 2]>,
    /// How many packages there are and how many of them every side would ratify, where that is known:
    /// one dot may stand for several.
    pub ratified: Option<[usize; 2]>,
    /// What no deal gives them.
    pub no_deal: [f64; 2],
    /// The packages on the Pareto frontier.
    pub frontier: Vec<[f64; 2]>,
    /// Named packages: the Nash, Kalai–Smorodinsky and egalitarian solutions, offers made.
    pub marks: Vec<SolutionMark>,
    /// Packages that can be opened. Where there are any, they are the dots that are drawn, one for each
    /// place large enough to be hit by a finger.
    pub links: Vec<PackageLink>,
}

/// A package with the page that opens it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PackageLink {
    /// What it gives the two sides.
    pub at: [f64; 2],
    /// Whether both sides would ratify it.
    pub ratified: bool,
    /// Whether it is one of the marks, which come first in their place.
    pub marked: bool,
    /// Its terms in words, for the link's name.
    pub terms: String,
    /// The address of the page.
    pub address: String,
}

/// A named package.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SolutionMark {
    /// Its name.
    pub name: String,
    /// What it gives the two sides.
    pub at: [f64; 2],
    /// Its terms in words, for the mark's title and the table.
    pub terms: String,
}

/// Who must say yes to a text, gate by gate.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gates {
    /// Stable id of the figure.
    pub id: String,
    /// Where the numbers come from.
    pub source: String,
    /// The text, by name.
    pub text: String,
    /// The share of draws in which every side says yes, 0..1.
    pub p: f64,
    /// The sides in the order of the case: a side has the colour of its place in every chart.
    pub sides: Vec<SideGates>,
}

/// The gates of a side.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SideGates {
    /// The side.
    pub name: String,
    /// The share of draws in which it says yes, 0..1.
    pub p: f64,
    /// Its gates, each before what stands under it.
    pub gates: Vec<GateMark>,
}

/// A gate, or an actor under one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GateMark {
    /// What it asks (`all of`), or the actor.
    pub name: String,
    /// How deep it stands, 0 under the side.
    pub depth: usize,
    /// Whether it is an actor.
    pub actor: bool,
    /// The share of draws in which it says yes, and what share of the gate above it holds; 0..1.
    pub shares: [f64; 2],
}

/// The sides and their actors, by how often each blocks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tree {
    /// Stable id of the figure.
    pub id: String,
    /// Where the numbers come from.
    pub source: String,
    /// The sides in the order of the case: a side has the colour of its place in every chart.
    pub sides: Vec<Branch>,
}

/// A side with its actors.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Branch {
    /// The side.
    pub name: String,
    /// Its actors.
    pub actors: Vec<Leaf>,
}

/// An actor in the tree.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Leaf {
    /// The actor.
    pub name: String,
    /// Its role, in a word or two; may be empty.
    pub role: String,
    /// Shares of draws: without a zone, but with one if it accepted anything; with a zone, but with
    /// none without it.
    pub shares: [f64; 2],
}

/// What moved a probability from one forecast to the next.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Waterfall {
    /// Stable id of the figure.
    pub id: String,
    /// Where the numbers come from.
    pub source: String,
    /// What the number is the chance of: "a signed agreement by 30 June 2025".
    pub event: String,
    /// Name of the earlier forecast: "Told on 15 April".
    pub from_label: String,
    /// The earlier probability.
    pub from: f64,
    /// Name of the later forecast.
    pub to_label: String,
    /// The later probability.
    pub to: f64,
    /// The causes, in order; what they do not add up to is drawn as "not attributed".
    pub steps: Vec<Step>,
}

/// One cause of a move.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    /// A few words.
    pub label: String,
    /// The whole of it.
    pub text: String,
    /// What it adds to the probability.
    pub change: f64,
}

/// What each input could do to a probability.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tornado {
    /// Stable id of the figure.
    pub id: String,
    /// Where the numbers come from.
    pub source: String,
    /// What the number is the chance of.
    pub event: String,
    /// The probability now.
    pub base: f64,
    /// The inputs; drawn in the order of their spread.
    pub bars: Vec<Swing>,
}

/// What one input could do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Swing {
    /// The input.
    pub label: String,
    /// The probability with the input at its low end.
    pub low: f64,
    /// The probability with the input at its high end.
    pub high: f64,
    /// What the low end is, in words or as a value.
    pub low_label: String,
    /// What the high end is.
    pub high_label: String,
}

/// How often what was forecast came true.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReliabilityChart {
    /// Stable id of the figure.
    pub id: String,
    /// Where the numbers come from.
    pub source: String,
    /// Every resolved forecast: its probability and whether it came true. Under
    /// [`FEWEST_FOR_A_CURVE`] of them the figure shows dots and a notice.
    pub resolved: Vec<(f64, bool)>,
    /// The bins; empty ones are left out.
    pub bins: Vec<ReliabilityBin>,
}

/// Resolutions a reliability curve needs; with fewer there are only dots and a notice.
pub const FEWEST_FOR_A_CURVE: usize = 20;

/// A bin of a reliability diagram.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReliabilityBin {
    /// Mean forecast in the bin.
    pub forecast: f64,
    /// Share that came true.
    pub observed: f64,
    /// Forecasts in the bin.
    pub count: usize,
    /// The ends of the consistency bar: what a calibrated forecaster would see 1 time in 20 below and
    /// 1 time in 20 above.
    pub bar: [f64; 2],
}

/// The record and the calendar on one line of time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timeline {
    /// Stable id of the figure.
    pub id: String,
    /// Where the entries come from.
    pub source: String,
    /// The day the forecast is told from, and the date of the question, which may be empty.
    pub span: [String; 2],
    /// The sides in the order of the case: a side has the colour of its place in every chart.
    pub sides: Vec<String>,
    /// The record.
    pub entries: Vec<Lane>,
    /// Rounds and deadlines.
    pub calendar: Vec<DatedMark>,
}

/// An entry of the record in its lane.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lane {
    /// The lane: a side, or "Others".
    pub lane: String,
    /// The entry.
    pub note: Note,
}

/// The states of a conflict and the moves between them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConflictMap {
    /// Stable id of the figure.
    pub id: String,
    /// Where the numbers come from.
    pub source: String,
    /// The parties.
    pub parties: Vec<String>,
    /// The states; none where there are too many to draw.
    pub states: Vec<StateMark>,
    /// The moves.
    pub arcs: Vec<StateArc>,
    /// How many states hold, by concept.
    pub counts: Vec<(String, usize)>,
    /// How many states there are.
    pub all: usize,
}

/// A state of a conflict.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StateMark {
    /// Its id.
    pub id: String,
    /// Its options in letters.
    pub pattern: String,
    /// The concepts under which nobody would leave it.
    pub held: Vec<String>,
    /// Whether it is the status quo.
    pub quo: bool,
}

/// A move from one state to another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StateArc {
    /// Who can make it, by the place among the parties.
    pub by: usize,
    /// From which state and to which, by their places.
    pub ends: [usize; 2],
    /// Whether it gains.
    pub gains: bool,
}
