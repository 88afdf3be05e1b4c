//! The forecast as it is written: shares, quantiles and errors read off a tally.

use serde::Serialize;

use crate::case::{Case, Day, Ending, Question};
use crate::clock::sums::FineSum;
use crate::theory::UNIT;
use crate::theory::grid::Constraint;
use crate::theory::situation::option_place;
use crate::uncertain::Points;

use super::accumulate::{Histogram, Tally};
use super::dates::{DateEffect, date_effects};
use super::draw::Frame;
use super::openings::{Lever, levers, target};
use super::outcome::Solver;
use super::reading::Reading;

/// The version that names the formulas.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The number of the model, which a log keeps beside each probability: another number, other formulas.
/// Before it entries hold a version; those of 0.1.0 may have one rate of endings for every kind of talks.
pub const MODEL: &str = "2";

/// A forecast, in the order and under the names of `--json`.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Forecast {
    /// `winset/forecast/2`.
    pub schema: &'static str,
    /// The version of the formulas.
    pub version: &'static str,
    /// The case's title.
    pub case: String,
    /// The fingerprint of the case.
    pub fingerprint: String,
    /// The day it is told from.
    pub as_of: Day,
    /// The seed.
    pub seed: u64,
    /// How many draws.
    pub draws: u64,
    /// `scrambled` where they are scrambled points, left out where they are independent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<&'static str>,
    /// What is asked.
    pub question: Question,
    /// The class of past negotiations it is priced by.
    pub class: ForecastClass,
    /// What each date does to the class's own answer, the largest first, where the calendar moves it by
    /// five points or more.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub date_effects: Vec<DateEffect>,
    /// The answer at the question's date.
    pub answer: Answer,
    /// A row a day to the horizon.
    pub agreement: Vec<AgreementDay>,
    /// What counts as yes by day, where that is not agreement alone; a row a day to the horizon.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub counted: Vec<AgreementDay>,
    /// Where the text stands in the stages it has to pass, by day; the text first, none without stages.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<StageRow>,
    /// How the talks and their text have ended by the question's date; they sum to 1.
    pub endings: Endings,
    /// The same by day, for the curve; a row a day.
    pub endings_by_day: Vec<Endings>,
    /// The part of `endings.force` that each uncontrolled event makes up.
    pub events: Vec<EventShare>,
    /// Share of draws, by their weights, in which no package would be ratified on any bargaining day.
    pub closed: f64,
    /// Kish's effective number of draws.
    pub effective_draws: f64,
    /// Whether such a structure can have lasted so long at all.
    #[serde(skip)]
    pub lasted: bool,
    /// Whether there is a zone of agreement.
    pub zone: Zone,
    /// Feasible terms, weighted by the chance of agreement.
    pub terms: Vec<TermsRow>,
    /// Who blocks, by intervention.
    pub blockers: Vec<Blocker>,
    /// The smallest sets of red lines and participation constraints that cannot hold together.
    pub conflicts: Vec<Conflict>,
    /// Share of the draws searched for those sets in which the search ended before it was known that there are no
    /// others; absent where it never did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conflicts_unended: Option<f64>,
    /// What would open the zone.
    pub opens: Vec<Opening>,
    /// How often each use of force is credible.
    pub force: Vec<ForceRow>,
    /// The coefficients, where they come from and what they do.
    pub coefficients: Vec<CoefficientRow>,
    /// The first draw in full, where every input is a point and all draws are the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exact: Option<serde_json::Value>,
}

/// A probability with the uncertainty about the odds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OddsEstimate {
    /// The probability.
    pub p: f64,
    /// 5 % of the uncertainty about the odds.
    pub lo: f64,
    /// 95 % of it.
    pub hi: f64,
    /// Monte Carlo standard error; not a number (null in JSON) of a single draw.
    pub mcse: f64,
}

/// The answer to the question.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Answer {
    /// Its probability.
    #[serde(flatten)]
    pub odds: OddsEstimate,
    /// The ICD 203 term.
    pub term: String,
    /// The class alone, its incidence from the day told from; `None` where no class fits.
    pub table: Option<f64>,
    /// The class in this calendar and these stages.
    pub class: f64,
    /// The structure alone: what the draws say by their weights.
    pub structure: f64,
    /// The structure where the first bargaining day has a zone; `None` once the text is passed.
    pub if_zone: Option<f64>,
    /// The structure where it has none.
    pub if_none: Option<f64>,
}

impl std::ops::Deref for Answer {
    type Target = OddsEstimate;

    fn deref(&self) -> &OddsEstimate {
        &self.odds
    }
}

/// P(the stage asked is passed by a day), and what class and structure say apart.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AgreementDay {
    /// The day and its probability.
    #[serde(flatten)]
    pub odds: DatedOdds,
    /// The class alone; `None` where no class fits.
    pub table: Option<f64>,
    /// The class in this calendar and these stages.
    pub class: f64,
    /// The structure alone.
    pub structure: f64,
}

impl std::ops::Deref for AgreementDay {
    type Target = DatedOdds;

    fn deref(&self) -> &DatedOdds {
        &self.odds
    }
}

/// The class of past negotiations of a forecast.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ForecastClass {
    /// Its name.
    pub name: String,
    /// The group within it.
    pub group: Option<String>,
    /// Past cases; `None` where the rates are given.
    pub n: Option<usize>,
    /// Those that ended in agreement.
    pub agreed: Option<usize>,
    /// Those that ended otherwise.
    pub others: Option<usize>,
    /// The weight r of the structure in the answer.
    pub pool: f64,
    /// The day its clock began.
    pub start: Day,
    /// Days on its clock by the day told from.
    pub elapsed: i32,
    /// The day of its clock on which the structure last changed.
    pub structure_since: i32,
    /// Its own types; `None` once the text is passed.
    pub types: Option<ClassTypes>,
    /// Why the class is what it is, where the case names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name_reason: Option<&'static str>,
}

/// The negotiations of a class, with a zone of agreement and without.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClassTypes {
    /// The share of those still open that have a zone.
    pub zone: f64,
    /// The answer in this calendar of those that have one.
    pub if_zone: f64,
    /// The answer of those that have none.
    pub if_none: f64,
}

/// When a text passes a stage.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StageRow {
    /// The stage.
    pub id: String,
    /// A row a day.
    pub by: Vec<StageDay>,
}

/// P(a stage is passed by a day).
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StageDay {
    /// The day.
    pub date: Day,
    /// The probability.
    pub p: f64,
}

/// P by a day.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DatedOdds {
    /// The day.
    pub date: Day,
    /// The probability.
    pub p: f64,
    /// 5 % of the uncertainty about the odds.
    pub lo: f64,
    /// 95 % of it.
    pub hi: f64,
}

/// How the talks and their text have ended.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Endings {
    /// An agreement that has passed its last stage.
    pub agreement: f64,
    /// An interim understanding.
    pub interim: f64,
    /// Breakdown.
    pub breakdown: f64,
    /// Force, by a party or an outsider.
    pub force: f64,
    /// Suspension.
    pub suspension: f64,
    /// A text refused at its last try.
    pub rejected: f64,
    /// Lapsed with a deadline, before there was a text or with it.
    pub lapsed: f64,
    /// A text still on its way through the stages.
    pub under_way: f64,
    /// Still open.
    pub open: f64,
}

/// An uncontrolled event's share of endings by the question's date.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EventShare {
    /// The id of the event.
    pub event: String,
    /// The probability that it ends the talks first.
    pub p: f64,
}

/// Whether a zone of agreement exists.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Zone {
    /// Share of draws with one, as coded; like all of it `None` once the text is passed.
    pub p: Option<f64>,
    /// The same by the weights of the draws: given that nothing has ended yet.
    pub now: Option<f64>,
    /// Monte Carlo standard error of `p`; not a number (null in JSON) of a single draw.
    pub mcse: Option<f64>,
    /// Share of draws with one at the horizon.
    pub at_horizon: Option<f64>,
    /// Share of draws with none, now or at the horizon, as coded: beside `p`, and not `closed`, which
    /// goes by the weights of the draws and by every bargaining day.
    pub shut: Option<f64>,
    /// Mean room where there is one, in utility; `None` where there never is.
    pub room: Option<f64>,
    /// What the search for packages leaves open, where promises are bound or verified by more than three
    /// issues, or where the members who may join are too many to try; absent elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open: Option<OpenSearch>,
}

/// What a search for packages that was ended leaves open.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OpenSearch {
    /// Share of draws in which no package was found, and that there is none was not proved either: `p` is
    /// larger by no more.
    pub p: f64,
    /// Mean of what room may be larger by in a draw, in utility.
    pub room: f64,
}

/// Feasible terms on an issue, in its own units; `None` where no draw has a zone.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TermsRow {
    /// The issue.
    pub issue: String,
    /// 5 %.
    pub q05: Option<f64>,
    /// 25 %.
    pub q25: Option<f64>,
    /// Median.
    pub q50: Option<f64>,
    /// 75 %.
    pub q75: Option<f64>,
    /// 95 %.
    pub q95: Option<f64>,
    /// Why there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub q50_reason: Option<&'static str>,
    /// How often each option is agreed where there is a deal; only of issues whose answers have no order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<OptionShare>,
}

/// How often an option is agreed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OptionShare {
    /// The option.
    pub option: String,
    /// Its share of the terms, 0 to 1.
    pub p: f64,
}

/// What a member does to the zone.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Blocker {
    /// The actor.
    pub actor: String,
    /// Its side.
    pub side: String,
    /// Share of draws that would have a zone if it accepted anything, and have none.
    pub block: f64,
    /// Share of draws that have a zone, and would have none if it rejected everything.
    pub walk: f64,
    /// Share of draws in which its side cannot ratify without it, whatever the others do.
    pub veto: f64,
    /// Share of draws in which that veto binds: with its consent alone there would be a zone.
    pub binding: f64,
    /// Banzhaf index of the side's rule, absolute.
    pub banzhaf: f64,
    /// Shapley–Shubik index of the side's rule.
    pub shapley: f64,
    /// Standard error of `banzhaf`, where coalitions were sampled; exact without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub banzhaf_error: Option<f64>,
    /// Standard error of `shapley`, where orders were sampled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shapley_error: Option<f64>,
}

/// A minimal conflicting set.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Conflict {
    /// The paths of its constraints.
    pub constraints: Vec<String>,
    /// Share of all draws in which it is one.
    pub share: f64,
}

/// A change that opens the zone.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Opening {
    /// What to change.
    pub path: String,
    /// Where it is.
    pub from: f64,
    /// Where it would have to be.
    pub to: f64,
    /// What that does to the zone.
    #[serde(flatten)]
    pub gain: ZoneGain,
}

impl std::ops::Deref for Opening {
    type Target = ZoneGain;

    fn deref(&self) -> &ZoneGain {
        &self.gain
    }
}

/// What a change does to the zone.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ZoneGain {
    /// P(zone) with the change.
    pub zone: f64,
    /// P(zone) if all of it gave way.
    pub zone_without: f64,
}

/// How often an option to use force is credible.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ForceRow {
    /// The option.
    pub option: String,
    /// Share of draws.
    pub credible: f64,
}

/// One coefficient.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CoefficientRow {
    /// Its name.
    pub name: String,
    /// Its central value.
    pub value: f64,
    /// Its 5 % and 95 % quantiles.
    pub range: [f64; 2],
    /// The unit.
    pub unit: String,
    /// Where it comes from.
    pub source: String,
    /// The change of the answer at the lower end of what was tried, and at the upper: halved and
    /// raised by half.
    pub effect: [f64; 2],
}

impl Forecast {
    /// Reads a forecast off a tally. `term` names a probability.
    pub fn new(case: &Case, seed: u64, tally: &Tally, term: &dyn Fn(f64) -> String) -> Self {
        Self::of(&Frame::new(case), seed, tally, term)
    }

    /// The same of a case that is prepared already.
    pub(crate) fn of(
        frame: &Frame<'_>,
        seed: u64,
        tally: &Tally,
        term: &dyn Fn(f64) -> String,
    ) -> Self {
        let case = frame.case();
        let n = tally.draws;
        let share = |count: u64| if n == 0 { 0.0 } else { count as f64 / n as f64 };
        let by = case.question.by.since(case.as_of);
        let days = case.constants.horizon;
        let mcse = |variance: f64| if n < 2 { f64::NAN } else { (variance / n as f64).sqrt() };
        let reading = Reading::new(frame, tally);
        let id = |member: usize| case.actors[frame.members[member]].id.clone();
        let endings_by_day: Vec<Endings> = (1..=days).map(|t| reading.endings(t)).collect();
        let zone = share(tally.zone[0]);
        let bargains = case.clock.passed.is_none();
        Self {
            schema: "winset/forecast/2",
            version: VERSION,
            case: case.title.clone(),
            fingerprint: case.fingerprint(),
            as_of: case.as_of,
            seed,
            draws: n,
            points: (case.points != Points::Random).then_some("scrambled"),
            question: case.question.clone(),
            class: class_row(case, reading.times().pool, reading.class_types()),
            date_effects: date_effects(case, reading.times()),
            answer: reading.answer(term),
            agreement: (1..=days).map(|t| reading.agreement(t)).collect(),
            counted: (1..=days).filter_map(|t| reading.counted(t)).collect(),
            stages: reading.stages(),
            endings: reading.endings(by),
            endings_by_day,
            events: case
                .force
                .iter()
                .filter(|f| f.goes_on.is_none())
                .filter(|f| matches!(f.kind, crate::case::ForceKind::Event { .. }))
                .enumerate()
                .map(|(e, force)| EventShare { event: force.id.clone(), p: reading.event(e, by) })
                .collect(),
            closed: tally.closed.over(tally.weight()).unwrap_or(0.0),
            effective_draws: tally.effective(),
            lasted: reading.lasted,
            zone: Zone {
                p: bargains.then_some(zone),
                now: reading.zone_now(),
                mcse: bargains.then(|| mcse(zone * (1.0 - zone))),
                at_horizon: bargains.then(|| share(tally.zone[1])),
                shut: bargains.then(|| share(tally.zone[2])),
                room: (bargains && tally.zone[0] > 0).then(|| tally.room.mean(tally.zone[0])),
                open: (bargains && tally.searched[0] > 0).then(|| OpenSearch {
                    p: share(tally.searched[1]),
                    room: tally.short.mean(tally.searched[0]),
                }),
            },
            terms: case
                .issues
                .iter()
                .zip(&tally.terms)
                .map(|(issue, h)| {
                    let ordered = !issue.is_unordered();
                    let q = |p| h.quantile(p).filter(|_| ordered).map(|x| issue.in_units(x));
                    TermsRow {
                        issue: issue.id.clone(),
                        q05: q(0.05),
                        q25: q(0.25),
                        q50: q(0.5),
                        q75: q(0.75),
                        q95: q(0.95),
                        q50_reason: q(0.5).is_none().then_some(match case.clock.passed {
                            Some(_) => "the text is agreed",
                            None if h.quantile(0.5).is_some() => "its options have no order",
                            None => "no draw has a zone of agreement",
                        }),
                        options: option_shares(issue, h),
                    }
                })
                .collect(),
            blockers: blockers(case, frame, tally),
            conflicts: conflicts(case, frame, tally, &id),
            conflicts_unended: (tally.unended > 0)
                .then(|| tally.unended as f64 / tally.explained.max(1) as f64),
            opens: opens(case, frame, tally, &id),
            force: case
                .force
                .iter()
                .filter(|f| matches!(f.kind, crate::case::ForceKind::Choice { .. }))
                .zip(&tally.credible)
                .map(|(f, count)| ForceRow { option: f.id.clone(), credible: share(*count) })
                .collect(),
            coefficients: coefficients(case, &reading, tally),
            exact: case.is_point_valued().then(|| exact(frame)),
        }
    }
}

impl Forecast {
    /// What counts as yes by day: the series of the question.
    pub fn curve(&self) -> &[AgreementDay] {
        if self.counted.is_empty() { &self.agreement } else { &self.counted }
    }
}

impl Zone {
    /// The share of draws with one; 0 once the text is passed.
    pub fn share(&self) -> f64 {
        self.p.unwrap_or(0.0)
    }
}

/// What is said of the class.
fn class_row(case: &Case, pool: f64, types: Option<ClassTypes>) -> ForecastClass {
    let class = &case.clock.class;
    let counted = |n: usize| (class.counts.all() > 0).then_some(n);
    let elapsed = case.elapsed();
    let since = case.clock.moved.map_or(0, |day| day.since(case.clock.start));
    ForecastClass {
        name: class.name.clone(),
        group: class.group.clone(),
        n: counted(class.counts.all()),
        agreed: counted(class.counts.agreed),
        others: counted(class.counts.others),
        pool,
        start: case.clock.start,
        elapsed,
        types,
        structure_since: since.clamp(0, elapsed.max(0)),
        name_reason: case.unnamed_class(),
    }
}

impl Endings {
    /// The ending's share.
    pub fn get(&self, ending: Ending) -> f64 {
        match ending {
            Ending::Agreement => self.agreement,
            Ending::Interim => self.interim,
            Ending::Breakdown => self.breakdown,
            Ending::Force => self.force,
            Ending::Suspension => self.suspension,
        }
    }
}

/// The 5 % and 95 % quantiles of a few numbers, interpolated (Hyndman & Fan 1996, type 7).
pub(super) fn spread(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    let q = |p: f64| {
        let at = p * (sorted.len() as f64 - 1.0);
        let k = (at as usize).min(sorted.len() - 2);
        sorted[k] + (at - k as f64) * (sorted[k + 1] - sorted[k])
    };
    (q(0.05), q(0.95))
}

fn blockers(case: &Case, frame: &Frame<'_>, tally: &Tally) -> Vec<Blocker> {
    let n = tally.draws.max(1) as f64;
    // Draws are sampled apart: the variance of a mean is the mean variance over their number.
    let error = |k: usize, place: usize| {
        let variance = tally.power[k][place].mean(tally.powered[k]);
        (variance > 0.0).then(|| (variance / tally.powered[k].max(1) as f64).sqrt())
    };
    // By id, not in the order of the file: permuting actors changes no byte.
    frame
        .members
        .iter()
        .enumerate()
        .filter_map(|(k, actor)| {
            let actor = *actor;
            let side = case.actors[actor].member.as_ref()?.side;
            Some(Blocker {
                actor: case.actors[actor].id.clone(),
                side: case.sides[side].id.clone(),
                block: tally.interventions[k][0] as f64 / n,
                walk: tally.interventions[k][1] as f64 / n,
                veto: tally.interventions[k][2] as f64 / n,
                binding: tally.interventions[k][3] as f64 / n,
                banzhaf: tally.power[k][0].mean(tally.powered[k]),
                shapley: tally.power[k][1].mean(tally.powered[k]),
                banzhaf_error: error(k, 2),
                shapley_error: error(k, 3),
            })
        })
        .collect()
}

/// How often each option of an issue is agreed; nothing where it has a scale, or there are no terms.
fn option_shares(issue: &crate::case::Issue, terms: &Histogram) -> Vec<OptionShare> {
    let all = terms.count_up_to(UNIT);
    if all <= 0.0 {
        return Vec::new();
    }
    let n = issue.options.len();
    let upto = |k: usize| terms.count_up_to(option_place(k, n));
    let share = |(k, option): (usize, &crate::case::IssueOption)| OptionShare {
        option: option.id.clone(),
        p: (upto(k) - k.checked_sub(1).map_or(0.0, upto)) / all,
    };
    issue.options.iter().enumerate().map(share).collect()
}

/// The path of a constraint.
pub(super) fn constraint_path(case: &Case, c: Constraint, id: &dyn Fn(usize) -> String) -> String {
    match c {
        Constraint::RedMin(i, j) => format!("actors.{}.red_min.{}", id(i), case.issues[j].id),
        Constraint::RedMax(i, j) => format!("actors.{}.red_max.{}", id(i), case.issues[j].id),
        Constraint::Participation(i) => format!("participation.{}", id(i)),
    }
}

fn conflicts(
    case: &Case,
    frame: &Frame<'_>,
    tally: &Tally,
    id: &dyn Fn(usize) -> String,
) -> Vec<Conflict> {
    // Which constraints exist does not depend on the draw: red lines are inputs.
    let mut solver = Solver::new(frame);
    solver.draw(0, 0);
    frame.situation(&solver.values, None, &mut solver.now.situation);
    let constraints = solver.now.situation.constraints();
    let mut rows: Vec<(u64, Vec<String>)> = tally
        .conflicts
        .iter()
        .map(|(set, count)| {
            let inside = (0..constraints.len()).filter(|k| set >> k & 1 == 1);
            (*count, inside.map(|k| constraint_path(case, constraints[k], id)).collect())
        })
        .collect();
    rows.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.len().cmp(&b.1.len())).then(a.1.cmp(&b.1)));
    rows.into_iter()
        .map(|(count, constraints)| Conflict {
            constraints,
            share: count as f64 / tally.explained.max(1) as f64,
        })
        .collect()
}

/// For each lever that opens some draws: the median change that they need, and P(zone) with it.
fn opens(
    case: &Case,
    frame: &Frame<'_>,
    tally: &Tally,
    id: &dyn Fn(usize) -> String,
) -> Vec<Opening> {
    if tally.explored == 0 {
        return Vec::new();
    }
    let mut solver = Solver::new(frame);
    solver.draw(0, 0);
    frame.situation(&solver.values, None, &mut solver.now.situation);
    let n = tally.explored as f64;
    let zone = tally.zone[0] as f64 / tally.draws.max(1) as f64;
    let mut rows: Vec<Opening> = levers(&solver.now.situation)
        .into_iter()
        .zip(&tally.openings)
        .filter_map(|(lever, shares)| {
            let share = shares.quantile(0.5)?;
            let path = match lever {
                Lever::RedMin(i, j) => constraint_path(case, Constraint::RedMin(i, j), id),
                Lever::RedMax(i, j) => constraint_path(case, Constraint::RedMax(i, j), id),
                Lever::Payment(i) => constraint_path(case, Constraint::Participation(i), id),
                Lever::Promise(k) => format!("promises.{}.breaks", case.promises[k].id),
                Lever::Guarantee(k) => format!("promises.{}.secures", case.promises[k].id),
                Lever::Insurance(k) => format!("promises.{}.exposed", case.promises[k].id),
                Lever::Tolerance(i) => format!("actors.{}.audience", id(i)),
            };
            let input = case.inputs.iter().find(|input| input.path == path);
            let from = input.map_or(0.0, |input| input.dist.central(input.scale));
            let scale = input.map_or((0.0, 100.0), |input| input.scale);
            let opened = |x: f64| shares.count_up_to((x * f64::from(UNIT)).round() as i32) / n;
            Some(Opening {
                path,
                from,
                to: target(lever, from, scale, share),
                gain: ZoneGain {
                    zone: (zone + opened(share)).min(1.0),
                    zone_without: (zone + opened(1.0)).min(1.0),
                },
            })
        })
        .collect();
    rows.sort_by(|a, b| b.zone_without.total_cmp(&a.zone_without).then(a.path.cmp(&b.path)));
    rows
}

fn coefficients(case: &Case, reading: &Reading<'_>, tally: &Tally) -> Vec<CoefficientRow> {
    let ratio = |[w, yes]: [FineSum; 2]| yes.over(w).unwrap_or(0.0);
    let as_is = ratio(tally.varied_answer);
    let structural = tally
        .coefficients
        .iter()
        .map(|varied| varied.map(|sums| reading.times().pool() * (ratio(sums) - as_is)));
    let pool = [0.5, 1.5].map(|factor| reading.repooled(factor));
    case.coefficients()
        .zip(structural.chain([pool]))
        .map(|((c, id), effect)| {
            let input = case.input(id);
            let q = |u| input.dist.quantile(u, input.scale);
            CoefficientRow {
                name: c.name.to_owned(),
                value: input.dist.central(input.scale),
                range: [q(0.05), q(0.95)],
                unit: c.unit.to_owned(),
                source: if input.written && !input.rests_on.is_empty() {
                    format!("the case: {}", input.rests_on.join(", "))
                } else if input.written {
                    "the case".to_owned()
                } else {
                    c.source.to_owned()
                },
                effect,
            }
        })
        .collect()
}

/// The only draw of a point-valued case, in full.
fn exact(frame: &Frame<'_>) -> serde_json::Value {
    let case = frame.case();
    let mut solver = Solver::new(frame);
    solver.draw(0, 0);
    solver.solve();
    let (s, no_deal, solution) = (&solver.now.situation, &solver.now.no_deal, &solver.now.solution);
    let id = |k: usize| case.actors[frame.members[k]].id.clone();
    let by_member = |values: &[f64]| -> serde_json::Map<String, serde_json::Value> {
        values.iter().enumerate().map(|(k, v)| (id(k), (*v).into())).collect()
    };
    let units = |x: &[i32]| -> Vec<f64> {
        let unit = f64::from(UNIT);
        x.iter().zip(&case.issues).map(|(x, j)| j.in_units(f64::from(*x) / unit)).collect()
    };
    let options: Vec<&str> = case
        .force
        .iter()
        .filter(|f| matches!(f.kind, crate::case::ForceKind::Choice { .. }))
        .map(|f| f.id.as_str())
        .collect();
    serde_json::json!({
        "d": by_member(&no_deal.d),
        "m": by_member(&no_deal.m),
        "credible": no_deal.credible.map(|f| options[f]),
        "zone": solution.room.is_some(),
        "room": solution.room,
        "above_threat": solution.above_threat,
        "terms_rule": solution.rule.map(|r| r.name()),
        "nash_value": solution.nash_value,
        "terms": solution.terms.chunks_exact(s.issues()).map(units).collect::<Vec<_>>(),
        "screening": solver.now.prospects.screening,
    })
}
