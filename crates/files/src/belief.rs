//! From a record to the positions of a case: entries become readings, beliefs become inputs.

use winset_model::belief::indices::{Message, incoherence};
use winset_model::belief::{Kind as Read, Path, PathBelief, Reading, Settings, fit};
use winset_model::case::{Case, Day, Member};
use winset_model::uncertain::Dist;

use crate::record::{Entry, Kind, Record};

/// Messages count for a side's incoherence this many days: judgement, a month of talks.
pub const WINDOW: i32 = 30;

/// A prior narrower than this, in points, is widened to it: nobody knows a position better.
const LEAST_SD: f64 = 1.0;

/// A position that comes from the record: whose, on what, and its readings.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// The index of the actor.
    pub actor: usize,
    /// The index of the issue.
    pub issue: usize,
    /// Its readings, which name entries of the record by their index, and its side's range.
    pub path: Path,
}

/// The positions of a case that come from its record, as of a day, in the order of ids: the order
/// of the file must not reach the last bit.
///
/// Of the record only what was said and entered by the day is read, whatever the case's own day.
pub fn recorded(case: &Case, record: &Record, day: Day) -> Vec<Recorded> {
    recorded_seen(case, record, day, &|_| true)
}

fn recorded_seen(
    case: &Case,
    record: &Record,
    day: Day,
    seen: &dyn Fn(&Entry) -> bool,
) -> Vec<Recorded> {
    let entries = known(record, day, seen);
    let mut wanted = Vec::new();
    for actor in case.members() {
        let Some(member) = &case.actors[actor].member else { continue };
        let recorded = member.ideal.iter().enumerate().filter(|(_, i)| i.recorded);
        wanted.extend(recorded.map(|(issue, _)| {
            let path = path(case, &entries, actor, issue);
            Recorded { actor, issue, path }
        }));
    }
    wanted
}

/// What is known on a day, with its place in the record.
fn known<'r>(
    record: &'r Record,
    day: Day,
    seen: &dyn Fn(&Entry) -> bool,
) -> Vec<(usize, &'r Entry)> {
    let known = |e: &Entry| e.entered <= day && e.said.latest <= day && seen(e);
    record.entries.iter().enumerate().filter(|(_, e)| known(e)).collect()
}

/// Puts what the record says, as of the case's day, on every position that comes from it, with its
/// drift to the horizon, and the incoherence of each side's messages.
///
/// # Errors
/// Why the beliefs could not be formed, in words.
pub fn apply(case: &mut Case, record: &Record) -> Result<(), String> {
    apply_seen(case, record, &|_| true, &mut Memo::default())
}

/// Positions that were fitted before, today and at the horizon, by what they were fitted to.
#[derive(Clone, Debug, Default)]
pub struct Memo(Vec<(Fitted, Vec<[Dist; 2]>)>);

impl Memo {
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
}

/// What a fit depends on: the readings, the two days, and the scale of each position.
type Fitted = (Vec<Path>, [i32; 2], Vec<(f64, f64)>);

/// The same for the entries that are `seen`, with what was fitted before.
///
/// # Errors
/// Why the beliefs could not be formed, in words.
pub fn apply_seen(
    case: &mut Case,
    record: &Record,
    seen: &dyn Fn(&Entry) -> bool,
    memo: &mut Memo,
) -> Result<(), String> {
    incoherences(case, &known(record, case.as_of, seen));
    let wanted = recorded_seen(case, record, case.as_of, seen);
    if wanted.is_empty() {
        return Ok(());
    }
    let scales = wanted.iter().map(|w| case.issues[w.issue].scale).collect();
    let paths = wanted.iter().map(|w| w.path.clone()).collect();
    let days = [case.as_of.0, case.as_of.0 + case.constants.horizon];
    let key = (paths, days, scales);
    let at = match memo.0.iter().position(|(known, _)| *known == key) {
        Some(at) => at,
        None => {
            let found = positions(&key)?;
            memo.0.push((key, found));
            memo.0.len() - 1
        }
    };
    let ((paths, ..), found) = &memo.0[at];
    for ((w, path), [today, later]) in wanted.iter().zip(paths).zip(found) {
        let Some(member) = &case.actors[w.actor].member else { continue };
        let id = member.ideal[w.issue].input;
        let said = path.readings.iter().map(|r| record.entries[r.id].id.clone());
        case.inputs[id.0].rests_on.extend(said);
        case.inputs[id.0].dist = today.clone();
        case.inputs[id.0].later = Some(later.clone());
    }
    Ok(())
}

/// What is believed of each path today and at the horizon, on its scale.
fn positions((paths, days, scales): &Fitted) -> Result<Vec<[Dist; 2]>, String> {
    let beliefs = fit(paths, &Settings::default()).map_err(|e| e.to_string())?;
    let steps = |(belief, (lo, hi)): (&PathBelief, &(f64, f64))| {
        days.map(|day| {
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
    Ok(beliefs.paths.iter().zip(scales).map(steps).collect())
}

/// How far an entry may be believed: its grade, or even odds without one.
pub fn p_true(entry: &Entry) -> f64 {
    entry.grade.map_or(0.5, |g| g.p_true())
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
fn range<'a>(case: &'a Case, member: &Member, j: usize) -> &'a Dist {
    let ideal = &member.ideal[j];
    let side = case.sides.get(member.side).map_or("", |s| s.id.as_str());
    let path = format!("sides.{side}.position.{}", case.issues[j].id);
    // By then the member's own input may hold what was read.
    let of_side = ideal.recorded.then(|| case.inputs.iter().find(|i| i.path == path)).flatten();
    of_side.map_or(&case.input(ideal.input).dist, |input| &input.dist)
}

/// The place of a text among the distinct texts of some entries.
fn place(entries: &[(usize, &Entry)], of: impl Fn(&Entry) -> String, text: &str) -> usize {
    let mut all: Vec<String> = entries.iter().map(|(_, e)| of(e)).collect();
    all.sort();
    all.dedup();
    all.iter().position(|t| t == text).unwrap_or(0)
}

/// The readings of one actor's position on one issue, from its side's range.
fn path(case: &Case, entries: &[(usize, &Entry)], actor: usize, j: usize) -> Path {
    let scale = case.issues[j].scale;
    let member = case.actors[actor].member.as_ref();
    let side = member.map_or(0, |m| m.side);
    let prior = member.map(|m| range(case, m, j));
    let (prior_mean, prior_sd) = prior.map_or((50.0, 30.0), |d| d.moments(scale));
    // Demands exaggerate away from where the other sides are.
    let others: Vec<f64> = case
        .members()
        .into_iter()
        .filter_map(|i| case.actors[i].member.as_ref())
        .filter(|m| m.side != side)
        .map(|m| range(case, m, j).moments(scale).0)
        .collect();
    let direction = if others.is_empty() {
        0.0
    } else {
        let mean = others.iter().sum::<f64>() / others.len() as f64;
        if prior_mean < mean { -1.0 } else { 1.0 }
    };
    let mut readings: Vec<Reading> = entries
        .iter()
        .filter(|(_, e)| e.speaker == Some(actor) && e.issue == Some(j))
        .filter_map(|(id, e)| {
            let kind = match e.kind {
                Kind::Ideal => Read::Ideal,
                Kind::Demand => Read::Demand,
                _ => return None,
            };
            let value = e.value.as_ref()?;
            let (value, sd) = coded(value, scale);
            Some(Reading {
                id: *id,
                day: e.said.latest.0,
                value,
                sd,
                p_true: p_true(e),
                kind,
                channel: place(entries, |e| e.channel.clone(), &e.channel),
                audience: place(entries, |e| e.audience.clone(), &e.audience),
                origin: place(entries, |e| e.origin.clone(), &e.origin),
                direction,
            })
        })
        .collect();
    readings.sort_by_key(|r| (r.day, r.id));
    Path { prior_mean, prior_sd: prior_sd.max(LEAST_SD), side, readings }
}

/// How far each side spoke with more than one voice lately, by issue.
fn incoherences(case: &mut Case, entries: &[(usize, &Entry)]) {
    for side in 0..case.sides.len() {
        let spread = (0..case.issues.len())
            .map(|j| {
                let scale = case.issues[j].scale;
                let messages: Vec<Message> = entries
                    .iter()
                    .filter(|(_, e)| e.issue == Some(j))
                    .filter(|(_, e)| {
                        let speaker = e.speaker.and_then(|a| case.actors.get(a));
                        speaker.and_then(|a| a.member.as_ref()).is_some_and(|m| m.side == side)
                    })
                    .filter_map(|(id, e)| {
                        let (value, sd) = e.value.as_ref()?.moments(scale);
                        let weight = p_true(e);
                        Some(Message { id: *id, day: e.said.latest.0, value, sd, weight })
                    })
                    .collect();
                incoherence(&messages, case.as_of.0, WINDOW)
            })
            .collect();
        case.sides[side].incoherence = spread;
    }
}
