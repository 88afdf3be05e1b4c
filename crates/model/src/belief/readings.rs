//! The evidence model: which entries of a record are readings of which position, and what is
//! believed of those positions today and at the horizon.
//!
//! # Model
//! A position that comes from the record starts from the range of its side. Every ideal and demand
//! of its holder on its issue is a reading, true with the probability of its grade; demands
//! exaggerate away from where the members of the other sides stand on average. The belief is
//! [`fit`] to all such positions at once, drifts from the last reading, and becomes an input as the
//! cumulative masses on its nodes. A side's messages of the last [`WINDOW`] days say how far it
//! speaks with more than one voice.

use super::indices::{Message, incoherence};
use super::{BeliefError, BeliefSettings, PathBelief, Reading, ReadingKind, ReadingPath, fit};
use crate::case::{Day, InputId, Member, Parties};
use crate::record::{EntryKind, RecordEntry};
use crate::uncertain::Dist;

/// Messages count for a side's incoherence this many days: judgement, a month of talks.
pub const WINDOW: i32 = 30;

/// A prior narrower than this, in points, is widened to it: nobody knows a position better.
const LEAST_SD: f64 = 1.0;

/// An entry with its place in the record.
type Numbered<'r> = (usize, &'r RecordEntry);

/// A position that comes from the record: whose, on what, and its readings.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordPath {
    /// The index of the actor.
    pub actor: usize,
    /// The index of the issue.
    pub issue: usize,
    /// Its readings, which name entries of the record by their index, and its side's range.
    pub path: ReadingPath,
}

/// The positions that come from the record, read from the entries that are seen, in the order of
/// ids: the order of the file must not reach the last bit.
pub fn paths(parties: &Parties<'_>, seen: &[Numbered<'_>]) -> Vec<RecordPath> {
    let columns = Columns::of(seen);
    let mut found = Vec::new();
    for actor in parties.members() {
        let Some(member) = &parties.actors[actor].member else { continue };
        let recorded = member.ideal.iter().enumerate().filter(|(_, i)| i.recorded);
        found.extend(recorded.map(|(issue, _)| RecordPath {
            actor,
            issue,
            path: path(parties, seen, &columns, actor, issue),
        }));
    }
    found
}

/// What a record says of a case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RecordEvidence {
    /// What is believed of each position that comes from the record.
    pub positions: Vec<PositionBelief>,
    /// For each side, how far its messages on each issue differ, as a share of the scale.
    pub incoherence: Vec<Vec<f64>>,
}

/// What is believed of one position, in the issue's own units.
#[derive(Clone, Debug, PartialEq)]
pub struct PositionBelief {
    /// The input it is.
    pub input: InputId,
    /// What is believed today.
    pub today: Dist,
    /// What is believed at the horizon.
    pub later: Dist,
    /// The entries it rests on, as indices of the record.
    pub readings: Vec<usize>,
}

/// Reads the entries that are seen on a day as evidence on the parties; `horizon` is how many days
/// ahead the drift is looked at. `cache` remembers fits, which change nothing but the time it takes.
///
/// # Errors
/// Those of [`fit`].
pub fn evidence(
    parties: &Parties<'_>,
    seen: &[Numbered<'_>],
    day: Day,
    horizon: i32,
    cache: &mut FitCache,
) -> Result<RecordEvidence, BeliefError> {
    let incoherence = incoherences(parties, seen, day);
    let wanted = paths(parties, seen);
    if wanted.is_empty() {
        return Ok(RecordEvidence { positions: Vec::new(), incoherence });
    }
    let scales = wanted.iter().map(|w| parties.issues[w.issue].scale).collect();
    let paths = wanted.iter().map(|w| w.path.clone()).collect();
    let fits = cache.get(FitKey { paths, days: [day.0, day.0 + horizon], scales })?;
    let mut positions = Vec::with_capacity(wanted.len());
    for (w, [today, later]) in wanted.iter().zip(fits) {
        let Some(member) = &parties.actors[w.actor].member else { continue };
        positions.push(PositionBelief {
            input: member.ideal[w.issue].input,
            today: today.clone(),
            later: later.clone(),
            readings: w.path.readings.iter().map(|r| r.id).collect(),
        });
    }
    Ok(RecordEvidence { positions, incoherence })
}

/// A red line that comes from the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordedLine {
    /// The index of the actor.
    pub actor: usize,
    /// The index of the issue.
    pub issue: usize,
    /// The kind of entry it is read from: the least or the most it accepts.
    pub kind: EntryKind,
    /// The input it is.
    pub input: InputId,
}

/// The spread of what is believed of a red line that was drawn before it is read where, in points: so wide that
/// it lies anywhere on the scale, evenly.
const ANYWHERE: f64 = 1_000.0;

/// Reads the red lines that somebody has drawn by a day, as [`evidence`] reads positions: graded, dated, one
/// origin once, and drifting from the last reading. They are fitted together, apart from the positions: a line
/// is not taken for an ideal.
///
/// # Model
/// With P = 1 − Π(1 − p) over the origins at least one statement is true, and then each is with p/P: the line is
/// where these readings put it. Else nobody has drawn it and it lies at the end of the scale where it forbids
/// nothing, so that a weaker grade never makes a line bite more.
///
/// # Errors
/// Those of [`fit`].
pub fn red_lines(
    parties: &Parties<'_>,
    lines: &[RecordedLine],
    seen: &[Numbered<'_>],
    day: Day,
    horizon: i32,
    cache: &mut FitCache,
) -> Result<Vec<PositionBelief>, BeliefError> {
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let columns = Columns::of(seen);
    let mut lines = lines.to_vec();
    // The order of the file must not reach the last bit.
    lines.sort_by_key(|l| (&parties.actors[l.actor].id, &parties.issues[l.issue].id, l.kind));
    let scales: Vec<(f64, f64)> = lines.iter().map(|l| parties.issues[l.issue].scale).collect();
    let path = |(l, scale): (&RecordedLine, &(f64, f64))| {
        let own = |kind: EntryKind| (kind == l.kind).then_some(ReadingKind::Ideal);
        let side = parties.actors[l.actor].member.as_ref().map_or(0, |m| m.side);
        let of = (l.actor, l.issue, *scale);
        let readings = readings(seen, &columns, of, 0.0, &own);
        ReadingPath { prior_mean: 50.0, prior_sd: ANYWHERE, side, readings }
    };
    let mut paths: Vec<ReadingPath> = lines.iter().zip(&scales).map(path).collect();
    let read: Vec<Vec<usize>> =
        paths.iter().map(|p| p.readings.iter().map(|r| r.id).collect()).collect();
    let drawn: Vec<f64> = paths.iter_mut().map(|p| given_one_is_true(&mut p.readings)).collect();
    let fits = cache.get(FitKey { paths, days: [day.0, day.0 + horizon], scales })?;
    let found = lines.iter().zip(read).zip(drawn).zip(fits).map(|(((l, readings), p), fit)| {
        let [today, later] = fit.each_ref().map(|dist| or_none(dist, p, l.kind));
        PositionBelief { input: l.input, today, later, readings }
    });
    Ok(found.collect())
}

/// The chance that at least one of some readings is true; each then holds with what that makes of its own.
fn given_one_is_true(readings: &mut [Reading]) -> f64 {
    let mut origins: Vec<(usize, f64)> = Vec::new();
    for r in readings.iter() {
        match origins.iter_mut().find(|(origin, _)| *origin == r.origin) {
            Some((_, best)) => *best = best.max(r.p_true),
            None => origins.push((r.origin, r.p_true)),
        }
    }
    let any = 1.0 - origins.iter().map(|(_, p)| 1.0 - p).product::<f64>();
    readings.iter_mut().for_each(|r| r.p_true = (r.p_true / any).min(1.0));
    any
}

/// A red line that is there with a chance, and else forbids nothing.
fn or_none(line: &Dist, p: f64, kind: EntryKind) -> Dist {
    let Dist::Steps(values, cumulative) = line else { return line.clone() };
    let last = cumulative.len().saturating_sub(1);
    let mixed = |(k, c): (usize, &f64)| match kind {
        EntryKind::RedMin => 1.0 - p + p * c,
        _ if k == last => 1.0,
        _ => p * c,
    };
    Dist::Steps(values.clone(), cumulative.iter().enumerate().map(mixed).collect())
}

/// Positions that were fitted before, today and at the horizon, by what they were fitted to.
#[derive(Clone, Debug, Default)]
pub struct FitCache(Vec<(FitKey, Vec<[Dist; 2]>)>);

/// What a fit depends on.
#[derive(Clone, Debug, PartialEq)]
struct FitKey {
    paths: Vec<ReadingPath>,
    /// Today and the horizon.
    days: [i32; 2],
    /// The scale of each position.
    scales: Vec<(f64, f64)>,
}

impl FitCache {
    /// How many fits it holds.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Forgets all but the latest so many.
    pub fn keep(&mut self, most: usize) {
        let old = self.len().saturating_sub(most);
        self.0.drain(..old);
    }

    fn get(&mut self, key: FitKey) -> Result<&[[Dist; 2]], BeliefError> {
        let at = match self.0.iter().position(|(known, _)| *known == key) {
            Some(at) => at,
            None => {
                let fits = positions(&key)?;
                self.0.push((key, fits));
                self.0.len() - 1
            }
        };
        Ok(&self.0[at].1)
    }
}

/// What is believed of each path today and at the horizon, on its scale.
fn positions(key: &FitKey) -> Result<Vec<[Dist; 2]>, BeliefError> {
    let beliefs = fit(&key.paths, &BeliefSettings::default())?;
    let steps = |(belief, (lo, hi)): (&PathBelief, &(f64, f64))| {
        key.days.map(|day| {
            let masses = belief.current.on(day, &beliefs.nodes);
            let total: f64 = masses.iter().sum();
            let mut sum = 0.0;
            let cumulative = masses.iter().map(|m| {
                sum += m / total;
                sum
            });
            let cumulative: Vec<f64> = cumulative.collect();
            let values = beliefs.nodes.x.iter().map(|x| lo + x / 100.0 * (hi - lo)).collect();
            Dist::Steps(values, cumulative)
        })
    };
    Ok(beliefs.paths.iter().zip(&key.scales).map(steps).collect())
}

/// What a coded value says, in points of its issue's scale: the value itself (of a range with a mode,
/// the mode) and its standard deviation.
pub fn coded(value: &Dist, scale: (f64, f64)) -> (f64, f64) {
    let (mean, sd) = value.moments(scale);
    match value {
        Dist::TwoPiece(_, mode, _) => (100.0 * (mode - scale.0) / (scale.1 - scale.0), sd),
        _ => (mean, sd),
    }
}

/// What is believed of a member's position before anything is read: its own range, or its side's
/// where the position comes from the record.
fn prior<'a>(parties: &Parties<'a>, member: &Member, j: usize) -> &'a Dist {
    let ideal = &member.ideal[j];
    let side = parties.sides.get(member.side).map_or("", |s| s.id.as_str());
    let path = format!("sides.{side}.position.{}", parties.issues[j].id);
    // A resolved case holds on the member's own input what was read.
    let of_side = ideal.recorded.then(|| parties.inputs.iter().find(|i| i.path == path)).flatten();
    of_side.map_or(&parties.inputs[ideal.input.0].dist, |input| &input.dist)
}

/// The distinct texts of three columns of a record, in order, so that a text is its place.
struct Columns<'a> {
    channels: Vec<&'a str>,
    audiences: Vec<&'a str>,
    origins: Vec<&'a str>,
}

impl<'a> Columns<'a> {
    fn of(seen: &[Numbered<'a>]) -> Self {
        let distinct = |column: fn(&RecordEntry) -> &str| {
            let mut all: Vec<&str> = seen.iter().map(|(_, e)| column(e)).collect();
            all.sort_unstable();
            all.dedup();
            all
        };
        Self {
            channels: distinct(|e| &e.channel),
            audiences: distinct(|e| &e.audience),
            origins: distinct(|e| &e.origin),
        }
    }

    fn place(column: &[&str], text: &str) -> usize {
        column.binary_search(&text).unwrap_or(0)
    }
}

/// Where a side's demands on an issue exaggerate to, away from the mean of the others' members: +1
/// or −1; 0 without others.
fn direction(parties: &Parties<'_>, side: usize, j: usize, prior_mean: f64) -> f64 {
    let others: Vec<f64> = parties
        .members()
        .into_iter()
        .filter_map(|i| parties.actors[i].member.as_ref())
        .filter(|m| m.side != side)
        .map(|m| prior(parties, m, j).moments(parties.issues[j].scale).0)
        .collect();
    if others.is_empty() {
        return 0.0;
    }
    let mean = others.iter().sum::<f64>() / others.len() as f64;
    if prior_mean < mean { -1.0 } else { 1.0 }
}

/// The readings of one actor's position on one issue, from its side's range.
fn path(
    parties: &Parties<'_>,
    seen: &[Numbered<'_>],
    columns: &Columns<'_>,
    actor: usize,
    j: usize,
) -> ReadingPath {
    let scale = parties.issues[j].scale;
    let member = parties.actors[actor].member.as_ref();
    let side = member.map_or(0, |m| m.side);
    let range = member.map(|m| prior(parties, m, j));
    let (prior_mean, prior_sd) = range.map_or((50.0, 30.0), |d| d.moments(scale));
    let direction = direction(parties, side, j, prior_mean);
    let kinds = |kind: EntryKind| match kind {
        EntryKind::Ideal => Some(ReadingKind::Ideal),
        EntryKind::Demand => Some(ReadingKind::Demand),
        EntryKind::RedMin
        | EntryKind::RedMax
        | EntryKind::Event
        | EntryKind::Stage
        | EntryKind::Talks => None,
    };
    let of = (actor, j, scale);
    let readings = readings(seen, columns, of, direction, &kinds);
    ReadingPath { prior_mean, prior_sd: prior_sd.max(LEAST_SD), side, readings }
}

/// What an actor said on an issue of a scale, as readings of the kinds that are picked.
fn readings(
    seen: &[Numbered<'_>],
    columns: &Columns<'_>,
    (actor, j, scale): (usize, usize, (f64, f64)),
    direction: f64,
    kinds: &dyn Fn(EntryKind) -> Option<ReadingKind>,
) -> Vec<Reading> {
    let mut readings: Vec<Reading> = seen
        .iter()
        .filter(|(_, e)| e.speaker == Some(actor) && e.issue == Some(j))
        .filter_map(|(id, e)| {
            let kind = kinds(e.kind)?;
            let (value, sd) = coded(e.value.as_ref()?, scale);
            Some(Reading {
                id: *id,
                day: e.said.latest.0,
                value,
                sd,
                p_true: e.p_true(),
                kind,
                channel: Columns::place(&columns.channels, &e.channel),
                audience: Columns::place(&columns.audiences, &e.audience),
                origin: Columns::place(&columns.origins, &e.origin),
                direction,
            })
        })
        .collect();
    readings.sort_by_key(|r| (r.day, r.id));
    readings
}

/// How far each side spoke with more than one voice lately, by issue.
fn incoherences(parties: &Parties<'_>, seen: &[Numbered<'_>], day: Day) -> Vec<Vec<f64>> {
    let of = |side: usize, j: usize| {
        let messages: Vec<Message> = seen
            .iter()
            .filter(|(_, e)| e.issue == Some(j))
            .filter(|(_, e)| {
                let speaker = e.speaker.and_then(|a| parties.actors.get(a));
                speaker.and_then(|a| a.member.as_ref()).is_some_and(|m| m.side == side)
            })
            .filter_map(|(id, e)| {
                let (value, sd) = e.value.as_ref()?.moments(parties.issues[j].scale);
                Some(Message { id: *id, day: e.said.latest.0, value, sd, weight: e.p_true() })
            })
            .collect();
        incoherence(&messages, day.0, WINDOW)
    };
    let issues = 0..parties.issues.len();
    (0..parties.sides.len()).map(|side| issues.clone().map(|j| of(side, j)).collect()).collect()
}
