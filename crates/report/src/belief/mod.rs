//! Where everyone stands and stood: what the record says, day by day, as the values that the
//! command, charts and a workbench share.

mod document;

pub use document::{NO_PATH, STATEMENT_HEAD, besides, document, statement_row};

use crate::record::EntryCredibility;
use serde::Serialize;
use winset_model::belief::indices::{Message, cohesion, polarisation, reversals};
use winset_model::belief::readings::{self, RecordPath, WINDOW, coded};
use winset_model::belief::{
    BeliefSettings, Beliefs, DayBelief, Follower, Reading, ReadingPath, fit,
};
use winset_model::case::{Case, Day, InputId};
use winset_model::forecast::{Frame, VERSION, draw_inputs};
use winset_model::record::{EntryKind, Record, RecordEntry};
use winset_model::theory::UNIT;
use winset_model::theory::situation::Situation;
use winset_page::text::pc;

/// A statement whose weight lies this much below what its grade allows is called an outlier:
/// judgement, a tenth.
const OUTLIER: f64 = 0.1;
/// Draws over which cohesion and polarisation are averaged, of seed 1: their error is then about a
/// hundredth of their spread over draws, so two digits can be read.
const DRAWS: u64 = 2_000;

/// What is believed as of a day. Positions are in the units of their issue.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BeliefReport {
    /// `winset/belief/1`.
    pub schema: &'static str,
    /// The version of the formulas.
    pub version: String,
    /// The title of the case.
    pub case: String,
    /// The fingerprint of the case.
    pub fingerprint: String,
    /// The day, ISO.
    pub as_of: String,
    /// Positions that come from the record, day by day.
    pub paths: Vec<PositionPath>,
    /// What the case says where somebody spoke and the position does not come from the record, and
    /// the red lines and demands it codes.
    pub ranges: Vec<CodedRange>,
    /// Everything that was said by somebody on an issue.
    pub statements: Vec<BeliefStatement>,
    /// Who reversed.
    pub reversals: Vec<StatementReversal>,
    /// How far each side speaks with one voice.
    pub sides: Vec<SideVoices>,
    /// The pooled scales; nothing where no position comes from the record.
    pub scales: Option<BeliefScales>,
}

/// The position of one actor on one issue over time.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PositionPath {
    /// The actor's id.
    pub actor: String,
    /// The issue's id.
    pub issue: String,
    /// The ends of the issue's scale.
    pub scale: [f64; 2],
    /// Mean of its side’s range, before anything is read.
    pub prior_mean: f64,
    /// Its standard deviation.
    pub prior_sd: f64,
    /// A point a day.
    pub points: Vec<PositionPoint>,
    /// Between days on which it spoke, the probability of a real change.
    pub changes: Vec<PositionChange>,
}

/// What is believed of a position on a day.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PositionPoint {
    /// The day, ISO.
    pub date: String,
    /// Mean, from what was said and entered by that day; scales come from that alone.
    pub filtered_mean: f64,
    /// Its standard deviation.
    pub filtered_sd: f64,
    /// It lies below this with 5 %, and then with no more; an end of the scale where that cannot be told from it.
    pub filtered_q05: f64,
    /// It lies above this with 5 %.
    pub filtered_q95: f64,
    /// Mean, from all that is known as of the report's day.
    pub smoothed_mean: f64,
    /// Its standard deviation.
    pub smoothed_sd: f64,
}

/// A gap between two days on which an actor spoke.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PositionChange {
    /// The earlier day, ISO.
    pub from: String,
    /// The later day.
    pub to: String,
    /// The probability that the position moved ten points of the scale or more.
    pub p: f64,
}

/// One number of the case beside what was said.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CodedRange {
    /// The actor's id.
    pub actor: String,
    /// The issue's id.
    pub issue: String,
    /// `position`, `red_min`, `red_max` or `demand`.
    pub kind: &'static str,
    /// The path of the input.
    pub path: String,
    /// 5 % lie below.
    pub q05: f64,
    /// The median.
    pub q50: f64,
    /// 95 % lie below.
    pub q95: f64,
}

/// One thing said by somebody on an issue.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BeliefStatement {
    /// The id of the entry.
    pub id: String,
    /// The actor's id.
    pub actor: String,
    /// The issue's id.
    pub issue: String,
    /// The day it was said, ISO: the last it can mean.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date")))]
    pub said: String,
    /// Ideal, demand, `red_min`, `red_max`, event.
    pub kind: String,
    /// The coded position, of a range with a mode the mode.
    pub value: Option<f64>,
    /// The standard deviation of the coded range.
    pub sd: Option<f64>,
    /// The source's grade, and how far it lets it be believed.
    #[serde(flatten)]
    pub credibility: EntryCredibility,
    /// How far it is believed once all is weighed: the probability that it is a reading of the
    /// position at all. Nothing where no position is read from it.
    pub weight: Option<f64>,
    /// Why there is no weight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight_reason: Option<String>,
    /// Why it counts for less than it says.
    pub discounted: Vec<Discount>,
    /// In words.
    pub text: String,
}

/// Why a statement counts for less than it says.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Discount {
    /// `grade`, `origin`, `posture` or `outlier`.
    pub reason: &'static str,
    /// In words.
    pub text: String,
}

/// Two statements of one speaker that cannot well be one position.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StatementReversal {
    /// The actor's id.
    pub actor: String,
    /// The issue's id.
    pub issue: String,
    /// The id of the earlier entry.
    pub from: String,
    /// The id of the later.
    pub to: String,
    /// The day of the earlier, ISO.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date")))]
    pub from_date: String,
    /// The day of the later.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date")))]
    pub to_date: String,
    /// What the earlier said.
    pub from_value: f64,
    /// What the later said.
    pub to_value: f64,
    /// The standard deviation of their difference, if both were readings of one position.
    pub sd: f64,
    /// The move in those standard deviations.
    pub z: f64,
}

/// How far a side speaks with one voice on an issue; each from 0 to 1.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SideVoices {
    /// The side's id.
    pub side: String,
    /// The issue's id.
    pub issue: String,
    /// 1 if all members want the same, 0 if half the weight stands at each end.
    pub cohesion: f64,
    /// Weighted standard deviation of its recent messages, as a share of the scale.
    pub incoherence: f64,
    /// 1 if half the weight stands at each end.
    pub polarisation: f64,
}

/// How far positions move and statements stray, in points of a scale of 100.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScaleSpread {
    /// How far a position moves in a day: the standard deviation of a Gaussian move with the same median, itself a median.
    pub innovation: f64,
    /// How far a truthful statement strays beside its coded range.
    pub observation: f64,
}

/// The pooled scales and offsets, in points of a scale of 100.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BeliefScales {
    /// How far positions move and statements stray.
    #[serde(flatten)]
    pub spread: ScaleSpread,
    /// Bias of each channel and audience.
    pub bias: Vec<ChannelBias>,
    /// How far each side's demands exaggerate.
    pub posture: Vec<SidePosture>,
}

/// What a channel and audience add to what is meant.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChannelBias {
    /// The channel.
    pub channel: String,
    /// The audience.
    pub audience: String,
    /// Mean, points.
    pub mean: f64,
    /// Standard deviation, points.
    pub sd: f64,
}

/// How far a side's demands exaggerate away from the others.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SidePosture {
    /// The side's id.
    pub side: String,
    /// Mean, points.
    pub mean: f64,
    /// Standard deviation, points.
    pub sd: f64,
}

/// What is shown: everything, or one actor, or one issue, as indices of the case.
#[derive(Clone, Copy, Debug, Default)]
pub struct BeliefChoice {
    /// Only this actor; no sides then.
    pub actor: Option<usize>,
    /// Only this issue.
    pub issue: Option<usize>,
}

impl BeliefChoice {
    fn takes(self, actor: usize, issue: usize) -> bool {
        self.actor.is_none_or(|a| a == actor) && self.issue.is_none_or(|j| j == issue)
    }
}

/// What is believed as of the case's day, and was believed on each day before.
///
/// `case` is as loaded, with what the record says already on its positions.
///
/// # Errors
/// Why the beliefs could not be formed, in words.
pub fn ask(case: &Case, record: &Record, choice: BeliefChoice) -> Result<BeliefReport, String> {
    let settings = BeliefSettings::default();
    let now = recorded(case, record, case.as_of);
    let last = fitted(&now, &settings)?;
    let mut paths = days(case, record, choice, &now, &settings)?;
    for ((path, at), belief) in paths.iter_mut().zip(&now).zip(&last.paths) {
        let scale = case.issues[at.issue].scale;
        for (point, day) in path.points.iter_mut().zip(first_day(case, &now).0..) {
            let smoothed =
                smoothed(belief, day).unwrap_or((point.filtered_mean, point.filtered_sd));
            // What comes after the last statement is filtered and smoothed at once.
            if belief.smoothed.last().is_some_and(|last| day <= last.day) {
                (point.smoothed_mean, point.smoothed_sd) = in_units(smoothed, scale);
            } else {
                (point.smoothed_mean, point.smoothed_sd) = (point.filtered_mean, point.filtered_sd);
            }
        }
        path.changes = (belief.smoothed.windows(2).zip(&belief.changes))
            .map(|(w, p)| PositionChange {
                from: Day(w[0].day).to_string(),
                to: Day(w[1].day).to_string(),
                p: *p,
            })
            .collect();
    }
    let shown = |at: &RecordPath| choice.takes(at.actor, at.issue);
    let paths = paths.into_iter().zip(&now).filter(|(_, at)| shown(at)).map(|(p, _)| p).collect();
    let statements = statements(case, record, choice, &now, &last);
    Ok(BeliefReport {
        schema: "winset/belief/1",
        version: VERSION.to_owned(),
        case: case.title.clone(),
        fingerprint: case.fingerprint(),
        as_of: case.as_of.to_string(),
        paths,
        ranges: ranges(case, choice, &statements),
        reversals: turns(case, record, choice, last.hyper.observation.mean),
        statements,
        sides: if choice.actor.is_none() { sides(case, choice) } else { Vec::new() },
        scales: (!now.is_empty()).then(|| scales(case, record, &now, &last)),
    })
}

fn fitted(paths: &[RecordPath], settings: &BeliefSettings) -> Result<Beliefs, String> {
    let paths: Vec<ReadingPath> = paths.iter().map(|p| p.path.clone()).collect();
    fit(&paths, settings).map_err(|e| e.to_string())
}

/// Mean and sd in points of a scale of 100, in the issue's own units.
fn in_units((mean, sd): (f64, f64), (lo, hi): (f64, f64)) -> (f64, f64) {
    (lo + mean / 100.0 * (hi - lo), sd / 100.0 * (hi - lo))
}

/// The first day that is shown: of the talks, or of the first reading, whichever is earlier.
fn first_day(case: &Case, now: &[RecordPath]) -> Day {
    let said = now.iter().flat_map(|p| p.path.readings.iter().map(|r| r.day)).min();
    let start = case.clock.start.0.min(case.as_of.0);
    Day(said.map_or(start, |day| day.min(start)))
}

/// The filtered paths, a point a day: on each day what was said and entered by then, scales and biases
/// refitted as [`Follower`] does. Between days on which something came in, the belief only drifts.
fn days(
    case: &Case,
    record: &Record,
    choice: BeliefChoice,
    now: &[RecordPath],
    settings: &BeliefSettings,
) -> Result<Vec<PositionPath>, String> {
    let mut paths: Vec<PositionPath> = now
        .iter()
        .map(|at| {
            let (lo, hi) = case.issues[at.issue].scale;
            let prior = in_units((at.path.prior_mean, at.path.prior_sd), (lo, hi));
            PositionPath {
                actor: case.actors[at.actor].id.clone(),
                issue: case.issues[at.issue].id.clone(),
                scale: [lo, hi],
                prior_mean: prior.0,
                prior_sd: prior.1,
                ..PositionPath::default()
            }
        })
        .collect();
    let wanted: Vec<bool> = now.iter().map(|at| choice.takes(at.actor, at.issue)).collect();
    if !wanted.contains(&true) {
        return Ok(paths);
    }
    let arrived = |r: &Reading| record.entries.get(r.id).map_or(r.day, |e| e.entered.0.max(r.day));
    let mut arrivals: Vec<i32> =
        now.iter().flat_map(|p| p.path.readings.iter().map(arrived)).collect();
    arrivals.sort_unstable();
    arrivals.dedup();
    let mut follower = Follower::new(settings);
    let mut beliefs = None;
    for day in first_day(case, now).0..=case.as_of.0 {
        if beliefs.is_none() || arrivals.binary_search(&day).is_ok() {
            let known: Vec<ReadingPath> =
                recorded(case, record, Day(day)).into_iter().map(|p| p.path).collect();
            beliefs = Some(follower.follow(&known).map_err(|e| e.to_string())?);
        }
        let Some(beliefs) = &beliefs else { continue };
        let each = paths.iter_mut().zip(now).zip(beliefs).zip(&wanted);
        for (((path, at), belief), _) in each.filter(|(_, wanted)| **wanted) {
            let DayBelief { mean, sd, within } = follower.belief_on(belief, day);
            let (lo, hi) = case.issues[at.issue].scale;
            let (mean, sd) = in_units((mean, sd), (lo, hi));
            let [q05, q95] = within.map(|x| lo + x / 100.0 * (hi - lo));
            path.points.push(PositionPoint {
                date: Day(day).to_string(),
                filtered_mean: mean,
                filtered_sd: sd,
                filtered_q05: q05,
                filtered_q95: q95,
                ..PositionPoint::default()
            });
        }
    }
    Ok(paths)
}

/// The smoothed position on a day, in points: between days on which it spoke in proportion, since the
/// model knows one innovation a gap and not where in it; before the first as on the first.
fn smoothed(belief: &winset_model::belief::PathBelief, day: i32) -> Option<(f64, f64)> {
    let after = belief.smoothed.iter().position(|p| p.day >= day);
    let k = after.unwrap_or(belief.smoothed.len().checked_sub(1)?);
    let b = belief.smoothed.get(k)?;
    let Some(a) = k.checked_sub(1).and_then(|k| belief.smoothed.get(k)) else {
        return Some((b.mean, b.sd));
    };
    if day >= b.day {
        return Some((b.mean, b.sd));
    }
    let share = (f64::from(day) - f64::from(a.day)) / (f64::from(b.day) - f64::from(a.day));
    Some((a.mean + share * (b.mean - a.mean), a.sd + share * (b.sd - a.sd)))
}

/// What was said and entered by the case's day.
fn known<'a>(case: &Case, record: &'a Record) -> Vec<(usize, &'a RecordEntry)> {
    record.numbered(case.as_of).collect()
}

/// The positions that come from the record, as of a day.
fn recorded(case: &Case, record: &Record, day: Day) -> Vec<RecordPath> {
    readings::paths(&case.parties(), &record.numbered(day).collect::<Vec<_>>())
}

fn statements(
    case: &Case,
    record: &Record,
    choice: BeliefChoice,
    now: &[RecordPath],
    last: &Beliefs,
) -> Vec<BeliefStatement> {
    let mut found: Vec<(&RecordEntry, BeliefStatement)> = Vec::new();
    for (id, e) in known(case, record) {
        let Some((actor, issue)) = e.speaker.zip(e.issue) else { continue };
        if !choice.takes(actor, issue) {
            continue;
        }
        let scale = case.issues[issue].scale;
        let value = e.value.as_ref().map(|v| in_units(coded(v, scale), scale));
        let place = now.iter().position(|p| p.actor == actor && p.issue == issue);
        let reading = place.and_then(|k| {
            let reading = now[k].path.readings.iter().find(|r| r.id == id)?;
            let weight = last.paths[k].weights.iter().find(|w| w.0 == id)?.1;
            Some((k, reading, weight))
        });
        let weight_reason = match (reading, e.kind, place) {
            (Some(_), _, _) => None,
            (None, EntryKind::Event, _) => Some("an event is no reading of a position"),
            (None, EntryKind::RedMin | EntryKind::RedMax, _) => {
                Some("a red line is no reading of a position")
            }
            (None, _, None) => Some("the case says the position itself"),
            (None, _, Some(_)) => Some("it has no value"),
        };
        let statement = BeliefStatement {
            id: e.id.clone(),
            actor: case.actors[actor].id.clone(),
            issue: case.issues[issue].id.clone(),
            said: e.said.latest.to_string(),
            kind: e.kind.name().to_owned(),
            value: value.map(|v| v.0),
            sd: value.map(|v| v.1),
            credibility: EntryCredibility::of(e),
            weight: reading.map(|r| r.2),
            weight_reason: weight_reason.map(str::to_owned),
            discounted: reading
                .map(|(k, r, weight)| discounts(record, &now[k].path, r, weight, last))
                .unwrap_or_default(),
            text: e.text.clone(),
        };
        found.push((e, statement));
    }
    found.sort_by_key(|(e, _)| e.said.latest);
    found.into_iter().map(|(_, s)| s).collect()
}

/// Why a statement counts for less than it says.
fn discounts(
    record: &Record,
    path: &ReadingPath,
    r: &Reading,
    weight: f64,
    last: &Beliefs,
) -> Vec<Discount> {
    let entry = |id: usize| record.entries.get(id);
    let id = |id: usize| entry(id).map_or("?", |e| e.id.as_str());
    let mut why = Vec::new();
    // Of one origin the best graded counts, the first of equals.
    let kept = path.readings.iter().filter(|o| o.origin == r.origin).fold(r, |kept, o| {
        let better = o.p_true > kept.p_true;
        let earlier = o.p_true == kept.p_true && (o.day, o.id) < (kept.day, kept.id);
        if better || earlier { o } else { kept }
    });
    if kept.id != r.id {
        let text = format!("of the same origin as {}, which counts", id(kept.id));
        return vec![Discount { reason: "origin", text }];
    }
    let grade = entry(r.id).and_then(|e| e.grade);
    let text = match grade {
        Some(grade) => format!("graded {grade}, so true in {}", pc(r.p_true)),
        None => "ungraded, so even odds".to_owned(),
    };
    if r.p_true < 1.0 {
        why.push(Discount { reason: "grade", text });
    }
    if r.kind == winset_model::belief::ReadingKind::Demand
        && r.direction != 0.0
        && let Some(posture) = last.hyper.posture.get(&path.side)
    {
        // Offsets point away from the other side, so taking them off leads towards it.
        let way = if posture.mean > 0.0 { "nearer" } else { "further from" };
        let by = posture.mean.abs();
        let text = format!("a public bid, read {by:.0} points {way} the other side");
        why.push(Discount { reason: "posture", text });
    }
    if weight < r.p_true - OUTLIER {
        let text = "far from what else was said and from its side’s range".to_owned();
        why.push(Discount { reason: "outlier", text });
    }
    why
}

/// The numbers of the case beside what was said: positions that do not come from the record, red
/// lines and demands, of those who spoke.
fn ranges(case: &Case, choice: BeliefChoice, statements: &[BeliefStatement]) -> Vec<CodedRange> {
    let mut found = Vec::new();
    for (i, actor) in case.actors.iter().enumerate() {
        let Some(member) = &actor.member else { continue };
        for (j, issue) in case.issues.iter().enumerate().filter(|(j, _)| choice.takes(i, *j)) {
            if !statements.iter().any(|s| s.actor == actor.id && s.issue == issue.id) {
                continue;
            }
            let ideal = &member.ideal[j];
            let position = (!ideal.recorded).then_some(ideal.input);
            let mut push = |kind: &'static str, id: Option<InputId>| {
                let Some(input) = id.map(|id| case.input(id)) else { return };
                let q = |u: f64| input.dist.quantile(u, input.scale);
                found.push(CodedRange {
                    actor: actor.id.clone(),
                    issue: issue.id.clone(),
                    kind,
                    path: input.path.clone(),
                    q05: q(0.05),
                    q50: q(0.5),
                    q95: q(0.95),
                });
            };
            push("position", position);
            push("red_min", member.red_min[j]);
            push("red_max", member.red_max[j]);
            push("demand", member.demand[j]);
        }
    }
    found
}

/// Reversals of every actor on every issue: successive ideals and demands, an origin once, at most a
/// month apart, more than two standard deviations of their difference apart. To each coded range
/// comes the observation scale `stray`, in points.
fn turns(case: &Case, record: &Record, choice: BeliefChoice, stray: f64) -> Vec<StatementReversal> {
    let entries = known(case, record);
    let mut found = Vec::new();
    for (i, actor) in case.actors.iter().enumerate() {
        for (j, issue) in case.issues.iter().enumerate().filter(|(j, _)| choice.takes(i, *j)) {
            let mut messages: Vec<(Message, &str)> = Vec::new();
            for (id, e) in &entries {
                let (true, EntryKind::Ideal | EntryKind::Demand, Some(value)) =
                    (e.speaker == Some(i) && e.issue == Some(j), e.kind, &e.value)
                else {
                    continue;
                };
                let (value, sd) = coded(value, issue.scale);
                let sd = (sd * sd + stray * stray).sqrt();
                let m = Message { id: *id, day: e.said.latest.0, value, sd, weight: e.p_true() };
                match messages.iter_mut().find(|(_, origin)| *origin == e.origin) {
                    None => messages.push((m, e.origin.as_str())),
                    Some((kept, _)) if m.weight > kept.weight => *kept = m,
                    Some(_) => {}
                }
            }
            messages.sort_by_key(|(m, _)| (m.day, m.id));
            let messages: Vec<Message> = messages.into_iter().map(|m| m.0).collect();
            for r in reversals(&messages, WINDOW) {
                let message = |id: usize| messages.iter().find(|m| m.id == id);
                let (Some(a), Some(b)) = (message(r.from), message(r.to)) else { continue };
                let units = |x: f64| in_units((x, 0.0), issue.scale).0;
                let sd = (a.sd * a.sd + b.sd * b.sd).sqrt();
                found.push(StatementReversal {
                    actor: actor.id.clone(),
                    issue: issue.id.clone(),
                    from: record.entries[a.id].id.clone(),
                    to: record.entries[b.id].id.clone(),
                    from_date: Day(a.day).to_string(),
                    to_date: Day(b.day).to_string(),
                    from_value: units(a.value),
                    to_value: units(b.value),
                    sd: in_units((0.0, sd), issue.scale).1,
                    z: r.z,
                });
            }
        }
    }
    found
}

/// Cohesion and polarisation of each side, averaged over draws of what its members want, and the
/// incoherence of its messages.
fn sides(case: &Case, choice: BeliefChoice) -> Vec<SideVoices> {
    let (n, frame) = (case.issues.len(), Frame::new(case));
    let (mut values, mut s) = (Vec::new(), Situation::default());
    let mut sums = vec![(0.0, 0.0); case.sides.len() * n];
    for draw in 0..DRAWS {
        draw_inputs(case, 1, draw, &mut values);
        frame.situation(&values, None, &mut s);
        for side in 0..case.sides.len() {
            let members: Vec<usize> = (0..s.side.len()).filter(|k| s.side[*k] == side).collect();
            let weights: Vec<f64> = members.iter().map(|k| s.capability[*k] as f64 / 1e6).collect();
            for j in 0..n {
                let share = |k: &usize| f64::from(s.ideal[k * n + j]) / f64::from(UNIT);
                let positions: Vec<f64> = members.iter().map(share).collect();
                let sum = &mut sums[side * n + j];
                sum.0 += cohesion(&positions, &weights);
                sum.1 += polarisation(&positions, &weights);
            }
        }
    }
    let mut rows = Vec::new();
    for (k, side) in case.sides.iter().enumerate() {
        for (j, issue) in case.issues.iter().enumerate() {
            if choice.issue.is_none_or(|chosen| chosen == j) {
                let (cohesion, polarisation) = sums[k * n + j];
                rows.push(SideVoices {
                    side: side.id.clone(),
                    issue: issue.id.clone(),
                    cohesion: cohesion / DRAWS as f64,
                    incoherence: side.incoherence.get(j).copied().unwrap_or(0.0),
                    polarisation: polarisation / DRAWS as f64,
                });
            }
        }
    }
    rows
}

fn scales(case: &Case, record: &Record, now: &[RecordPath], last: &Beliefs) -> BeliefScales {
    let group = |of: (usize, usize)| {
        let mut readings = now.iter().flat_map(|p| &p.path.readings);
        let reading = readings.find(|r| (r.channel, r.audience) == of)?;
        record.entries.get(reading.id)
    };
    let bias = last.hyper.bias.iter().filter_map(|(of, b)| {
        let e = group(*of)?;
        let (channel, audience) = (e.channel.clone(), e.audience.clone());
        Some(ChannelBias { channel, audience, mean: b.mean, sd: b.sd })
    });
    let posture = last.hyper.posture.iter().map(|(side, p)| SidePosture {
        side: case.sides.get(*side).map_or_else(String::new, |s| s.id.clone()),
        mean: p.mean,
        sd: p.sd,
    });
    BeliefScales {
        spread: ScaleSpread {
            innovation: last.hyper.innovation.mean,
            observation: last.hyper.observation.mean,
        },
        bias: bias.collect(),
        posture: posture.collect(),
    }
}
