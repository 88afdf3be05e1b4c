//! The worth of coalitions of news: P in each draw as a case that sees these news says it.
//!
//! What the news are this module does not know: whoever asks gives the case of each coalition.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::case::{CalendarEntry, CalendarKind, Case, Input};
use crate::effort::Effort;
use crate::forecast::{Headline, KeptRooms, Run, answers_beside, headline_beside};

use super::moved::{EXACT, Parts, ShapleyPart, exact, mean, sampled};

/// Pairs of orders of arrival where there are more news than all coalitions can be looked at for.
const PAIRS: u64 = 16;

/// Work was ended before it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interrupted;

/// The change of the answer from one case to another, divided.
#[derive(Clone, Debug)]
pub struct Division {
    /// The answer of the first case.
    pub first: Headline,
    /// The answer of the last.
    pub last: Headline,
    /// What the last case without any news adds to the first.
    pub passing: ShapleyPart,
    /// What each of the news adds.
    pub news: Parts,
}

/// How a division is run.
#[derive(Clone, Copy)]
pub struct Running<'a> {
    /// Seed and draws.
    pub run: &'a Run,
    /// How many threads; nothing depends on it.
    pub threads: usize,
    /// Ends it when set.
    pub stop: &'a AtomicBool,
    /// Is given how many draws of how many are done.
    pub progress: &'a (dyn Fn(u64, u64) + Sync),
}

/// Divides the change of the answer from `before` to `whole` among `players` news and what changes
/// without them.
///
/// # Model
/// The worth of a coalition is P in each draw of the case that sees its news and no other, which
/// `case` gives. What the coalition of nobody adds to `before` is time passing; the rest is divided
/// by the Shapley value, exactly up to [`EXACT`] players ([`exact`]) and over sampled orders of
/// arrival beyond ([`sampled`]). Coalitions whose cases have one fingerprint have one worth, and
/// those that differ in rounds and unpriced deadlines alone are solved together.
///
/// # Errors
/// The first error of `case`, or that it was stopped.
pub fn divide<E: From<Interrupted>>(
    (before, whole): (&Case, &Case),
    players: usize,
    case: &mut dyn FnMut(&[bool]) -> Result<Case, E>,
    running: Running<'_>,
) -> Result<Division, E> {
    let rooms = Arc::new(KeptRooms::new(running.run.draws.end));
    let (classes, pending, steps) = (Vec::new(), BTreeMap::new(), (0, 1));
    let mut worth = Coalitions { case, running, classes, pending, steps, rooms };
    let n = players;
    let class = if n <= EXACT { worth.classify(n)? } else { Vec::new() };
    let bare: BTreeSet<&str> = worth.classes.iter().map(|c| c.bare.as_str()).collect();
    // Three forecasts beside the coalitions: both ends with their bands, and the draws of the first.
    let many = if n <= EXACT { bare.len() as u64 } else { 2 * PAIRS * n as u64 + 1 };
    worth.steps = (0, 3 + many);
    let first = worth.headline(before)?;
    let last = worth.headline(whole)?;
    let at_first = worth.draws(before, &[&before.calendar])?.swap_remove(0);
    let (nobody, news) = if n <= EXACT {
        let nobody = worth.of_class(class[0])?;
        let parts = exact(n, &class, &mut |c| match c == class[0] {
            true => Ok(nobody.clone()),
            false => worth.of_class(c),
        })?;
        (nobody, parts)
    } else {
        let nobody = worth.of_members(&vec![false; n])?;
        let seed = running.run.seed;
        let parts = sampled(n, PAIRS, seed, &mut |members| worth.of_members(members))?;
        (nobody, parts)
    };
    let passed: Vec<f64> = nobody.iter().zip(&at_first).map(|(a, b)| a - b).collect();
    Ok(Division { first, last, passing: mean(&passed), news })
}

/// Whether the packages of a draw depend on a calendar entry, or the start of the talks does.
fn bargained(kind: &CalendarKind) -> bool {
    matches!(kind, CalendarKind::Start { .. } | CalendarKind::Deadline { price: Some(_), .. })
}

/// Coalitions whose cases are one.
struct Class {
    /// A coalition of the class.
    members: Vec<bool>,
    /// The fingerprint without rounds and unpriced deadlines: one for all that are solved together.
    bare: String,
    calendar: Vec<CalendarEntry>,
    /// The numbers of the calendar.
    dated: Vec<Input>,
    /// Its case, of the first classes.
    case: Option<Case>,
}

/// Cases of classes that are held in memory; those of others are told again.
const HELD_CASES: usize = 256;

struct Coalitions<'a, E> {
    case: &'a mut dyn FnMut(&[bool]) -> Result<Case, E>,
    running: Running<'a>,
    classes: Vec<Class>,
    /// Worths that came with another's, or that may be asked for again, by class or fingerprint.
    pending: BTreeMap<String, Vec<f64>>,
    /// Forecasts done, and all.
    steps: (u64, u64),
    /// What the draws of earlier coalitions came to.
    rooms: Arc<KeptRooms>,
}

impl<'a, E: From<Interrupted>> Coalitions<'a, E> {
    /// The class of every coalition.
    fn classify(&mut self, n: usize) -> Result<Vec<usize>, E> {
        let mut class = Vec::with_capacity(1 << n);
        for set in 0..1usize << n {
            if self.running.stop.load(Ordering::Relaxed) {
                return Err(Interrupted.into());
            }
            let members: Vec<bool> = (0..n).map(|i| set >> i & 1 == 1).collect();
            let mut case = (self.case)(&members)?;
            let calendar = case.calendar.clone();
            case.calendar.retain(|e| bargained(&e.kind));
            let bare = case.fingerprint();
            let next = self.classes.len();
            let of_calendar = |i: &&Input| i.path.starts_with("calendar.");
            let dated: Vec<Input> = case.inputs.iter().filter(of_calendar).cloned().collect();
            let same = |c: &Class| c.bare == bare && c.calendar == calendar && c.dated == dated;
            let at = self.classes.iter().position(same).unwrap_or(next);
            if at == next {
                let case = (next < HELD_CASES).then(|| Case { calendar: calendar.clone(), ..case });
                self.classes.push(Class { members, bare, calendar, dated, case });
            }
            class.push(at);
        }
        Ok(class)
    }

    fn of_class(&mut self, class: usize) -> Result<Vec<f64>, E> {
        if let Some(worth) = self.pending.remove(&class.to_string()) {
            return Ok(worth);
        }
        let case = match self.classes[class].case.take() {
            Some(case) => case,
            None => (self.case)(&self.classes[class].members)?,
        };
        let Class { bare, dated, .. } = &self.classes[class];
        let mate = |c: &Class| c.bare == *bare && c.dated == *dated;
        let mates: Vec<usize> =
            (0..self.classes.len()).filter(|c| mate(&self.classes[*c])).collect();
        let calendars: Vec<Vec<CalendarEntry>> =
            mates.iter().map(|c| self.classes[*c].calendar.clone()).collect();
        let calendars: Vec<&[CalendarEntry]> = calendars.iter().map(Vec::as_slice).collect();
        let worths = self.draws(&case, &calendars)?;
        let mut own = Vec::new();
        for (mate, worth) in mates.into_iter().zip(worths) {
            if mate == class {
                own = worth;
            } else {
                self.pending.insert(mate.to_string(), worth);
            }
        }
        Ok(own)
    }

    fn of_members(&mut self, members: &[bool]) -> Result<Vec<f64>, E> {
        let case = (self.case)(members)?;
        let key = case.fingerprint();
        if let Some(worth) = self.pending.get(&key) {
            self.steps.0 += 1;
            return Ok(worth.clone());
        }
        let worth = self.draws(&case, &[&case.calendar])?.swap_remove(0);
        self.pending.insert(key, worth.clone());
        Ok(worth)
    }

    fn draws(&mut self, case: &Case, calendars: &[&[CalendarEntry]]) -> Result<Vec<Vec<f64>>, E> {
        let tell = self.teller();
        let run = self.running.run;
        let worths = answers_beside(case, calendars, run, &self.rooms, self.effort(&tell));
        self.steps.0 += 1;
        Ok(worths.ok_or(Interrupted)?)
    }

    fn headline(&mut self, case: &Case) -> Result<Headline, E> {
        let tell = self.teller();
        let run = self.running.run;
        let answer = headline_beside(case, run, &self.rooms, self.effort(&tell));
        self.steps.0 += 1;
        Ok(answer.ok_or(Interrupted)?)
    }

    fn teller(&self) -> impl Fn(u64) + Sync + use<'a, E> {
        let (done, all) = self.steps;
        let Running { run, progress, .. } = self.running;
        let draws = run.draws.end.saturating_sub(run.draws.start);
        let own = AtomicU64::new(0);
        move |n| {
            let k = own.fetch_add(n, Ordering::Relaxed) + n;
            progress((done * draws + k).min(all * draws), all * draws);
        }
    }

    fn effort<'b>(&self, progress: &'b (dyn Fn(u64) + Sync)) -> Effort<'b>
    where
        'a: 'b,
    {
        Effort { threads: self.running.threads, stop: self.running.stop, progress }
    }
}
