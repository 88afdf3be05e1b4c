//! What moved the number between two days, and its history day by day.

pub mod text;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::moved::text as view;
use serde::Serialize;
use winset_files::case::{CaseFiles, Hidden, Telling};
use winset_files::diagnostic::{Diagnostic, Findings, Severity};
use winset_model::belief::readings::WINDOW;
use winset_model::case::{CalendarEntry, CalendarKind, Case, Day};
use winset_model::effort::Effort;
use winset_model::explain::moved::{EXACT, ShapleyPart, exact, mean, sampled};
use winset_model::forecast::{Run, answers, headline};
use winset_model::record::{EntryKind, Record, RecordEntry};
use winset_page::text::spoken;

/// Pairs of orders of arrival where there are more news than all coalitions can be looked at for.
const PAIRS: u64 = 16;

/// Draws of a division unless more are asked for: it asks many forecasts.
pub const DRAWS: u64 = 1_000;

/// How a forecast is run.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// The seed.
    pub seed: u64,
    /// How many draws.
    pub draws: u64,
    /// How many threads; the result does not depend on it.
    pub threads: usize,
}

impl Settings {
    fn run(&self) -> Run {
        Run { seed: self.seed, draws: 0..self.draws }
    }
}

/// Why there is no answer.
#[derive(Clone, Debug)]
pub enum Error {
    /// The case has errors.
    Case(Vec<Diagnostic>),
    /// The days make no sense, and how they would.
    Days(String),
    /// `stop` was set.
    Stopped,
}

/// The number on a day.
#[derive(Clone, Debug, Serialize)]
pub struct Told {
    /// The day it is told from.
    pub date: Day,
    /// The probability.
    pub p: f64,
    /// 5 % of the uncertainty about the odds.
    pub lo: f64,
    /// 95 % of it.
    pub hi: f64,
    /// The fingerprint of the case as of that day.
    pub fingerprint: String,
}

/// A part of the change that no news made.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Passing {
    /// What it adds to P.
    pub part: f64,
    /// Its standard error, on the same draws.
    pub se: f64,
    /// Its size as a share of the sizes of all parts.
    pub share: f64,
}

/// News and what they add.
#[derive(Clone, Debug, Serialize)]
pub struct News {
    /// The ids joined by `+`: the entries of one origin, or one entry of the calendar.
    pub id: String,
    /// Ids of the record entries.
    pub entries: Vec<String>,
    /// Ids of the calendar entries.
    pub calendar: Vec<String>,
    /// When it was said, as written; when an entry of the calendar was announced.
    pub said: String,
    /// The first day that sees all of it.
    pub seen: Day,
    /// The name of who spoke, if anybody did.
    pub speaker: Option<String>,
    /// In words.
    pub text: String,
    /// What it adds to P.
    pub part: f64,
    /// Its standard error, on the same draws.
    pub se: f64,
    /// Its size as a share of the sizes of all parts.
    pub share: f64,
    /// Whether any input can depend on it; if not, its part is exactly 0.
    pub counts: bool,
}

/// What moved the number: `p` on `to` less `p` on `from` is `time` plus the parts of `entries`.
#[derive(Clone, Debug, Serialize)]
pub struct Moved {
    /// `winset/moved/1`.
    pub schema: &'static str,
    /// The title.
    pub case: String,
    /// What is asked.
    pub question: String,
    /// The last day that counts.
    pub by: Day,
    /// The number before.
    pub from: Told,
    /// The number after.
    pub to: Told,
    /// The change.
    pub total: f64,
    /// What the days alone did: told from `to` with what was known on `from`.
    pub time: Passing,
    /// The news in between, the largest part first.
    pub entries: Vec<News>,
    /// `exact` or `sampled`.
    pub method: &'static str,
    /// Pairs of orders of arrival, where they are sampled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pairs: Option<u64>,
    /// How many draws.
    pub draws: u64,
    /// The seed.
    pub seed: u64,
}

/// Divides the change of the number between two days among the news in between.
///
/// The news are the record entries said and entered after `from` and by `to`, those of one origin
/// taken together, and the entries of the calendar announced in that time. `progress` is told how
/// many draws of how many are done.
///
/// # Errors
/// The case cannot be told from one of the days, `from` is after `to`, or it was stopped.
pub fn moved(
    files: &CaseFiles,
    overrides: &[String],
    (from, to): (Day, Day),
    settings: &Settings,
    stop: &AtomicBool,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Moved, Error> {
    let mut telling = open(files, overrides, to)?;
    if from > to {
        let why = format!("{from} comes after {to}\n\nhint: give the earlier day in `--from`");
        return Err(Error::Days(why));
    }
    let whole = tell(&mut telling, to, &Hidden::default())?;
    let record = telling.record.clone().unwrap_or_default();
    known(&telling, &record, &whole, from)?;
    let before = tell(&mut telling, from, &Hidden::default())?;
    let mut news = gather(&telling, &record, &whole, from, to);
    let mut players: Vec<usize> = (0..news.len()).filter(|k| news[*k].counts).collect();
    // Calendar entries in the lowest bits: coalitions that differ in them alone follow one another.
    players.sort_by_key(|k| news[*k].calendar.is_empty());
    let mut worth = Worth {
        telling,
        to,
        news: &news,
        players: &players,
        settings,
        stop,
        progress,
        classes: Vec::new(),
        pending: BTreeMap::new(),
        steps: (0, 1),
    };
    let n = players.len();
    let class = if n <= EXACT { worth.classify()? } else { Vec::new() };
    let bare: std::collections::BTreeSet<&str> =
        worth.classes.iter().map(|c| c.bare.as_str()).collect();
    // Three forecasts beside the coalitions: both ends with their bands, and the draws of the first.
    let many = if n <= EXACT { bare.len() as u64 } else { 2 * PAIRS * n as u64 + 1 };
    worth.steps = (0, 3 + many);
    let first = worth.told(&before, from)?;
    let last = worth.told(&whole, to)?;
    let at_first = worth.draws(&before, &[&before.calendar])?.swap_remove(0);
    let (nobody, parts) = if n <= EXACT {
        let nobody = worth.of_class(class[0])?;
        let parts = exact(n, &class, &mut |c| match c == class[0] {
            true => Ok(nobody.clone()),
            false => worth.of_class(c),
        })?;
        (nobody, parts)
    } else {
        let nobody = worth.of_members(&vec![false; n])?;
        let parts = sampled(n, PAIRS, settings.seed, &mut |members| worth.of_members(members))?;
        (nobody, parts)
    };
    let passed: Vec<f64> = nobody.iter().zip(&at_first).map(|(a, b)| a - b).collect();
    let passed = mean(&passed);
    for (k, ShapleyPart { part, se }) in players.iter().zip(&parts.parts) {
        (news[*k].part, news[*k].se) = (*part, *se);
    }
    let sizes: f64 = passed.part.abs() + news.iter().map(|n| n.part.abs()).sum::<f64>();
    let share = |part: f64| if sizes > 0.0 { part.abs() / sizes } else { 0.0 };
    news.iter_mut().for_each(|n| n.share = share(n.part));
    news.sort_by(|a, b| {
        b.part.abs().total_cmp(&a.part.abs()).then(a.seen.cmp(&b.seen)).then(a.id.cmp(&b.id))
    });
    Ok(Moved {
        schema: "winset/moved/1",
        case: whole.title.clone(),
        question: whole.question.text.clone(),
        by: whole.question.by,
        total: last.p - first.p,
        from: first,
        to: last,
        time: Passing { part: passed.part, se: passed.se, share: share(passed.part) },
        entries: news,
        method: if parts.pairs.is_some() { "sampled" } else { "exact" },
        pairs: parts.pairs,
        draws: settings.draws,
        seed: settings.seed,
    })
}

/// Parses and checks a case.
fn open(files: &CaseFiles, overrides: &[String], day: Day) -> Result<Telling, Error> {
    let mut findings = Findings::default();
    let Some(mut telling) = Telling::new(files, overrides, &mut findings) else {
        return Err(Error::Case(findings.list));
    };
    telling.checked(Some(day), &mut findings);
    if findings.failed() { Err(Error::Case(findings.list)) } else { Ok(telling) }
}

fn tell(telling: &mut Telling, day: Day, hidden: &Hidden) -> Result<Case, Error> {
    let mut findings = Findings::default();
    match telling.told(Some(day), hidden, &mut findings) {
        Some(loaded) => Ok(loaded.case),
        None => {
            let error = findings.list.iter().find(|d| d.severity == Severity::Error);
            let why = error.map_or("it has errors", |d| d.message.as_str());
            Err(Error::Days(format!("the case cannot be told from {day}: {why}")))
        }
    }
}

/// Whether anything is known on a day.
fn known(telling: &Telling, record: &Record, whole: &Case, day: Day) -> Result<(), Error> {
    let said = record.entries.iter().map(RecordEntry::since);
    let first = said.chain(whole.calendar.iter().map(|e| e.known)).min();
    match first {
        Some(first) if day < first => Err(Error::Days(format!(
            "nothing is known on {day}: the first entry of {} is of {first}\n\nhint: start on or \
             after {first}",
            if telling.record.is_some() { "the record or the calendar" } else { "the calendar" },
        ))),
        _ => Ok(()),
    }
}

/// The news of a window, in the order in which they are first seen.
fn gather(telling: &Telling, record: &Record, to_case: &Case, from: Day, to: Day) -> Vec<News> {
    let inside = |day: Day| from < day && day <= to;
    let changing = telling.changing();
    let mut found: Vec<(&str, News)> = Vec::new();
    for e in record.entries.iter().filter(|e| inside(e.since())) {
        let counts = changing.contains(&e.id.as_str()) || is_read(to_case, e, to);
        match found.iter_mut().find(|(origin, _)| *origin == e.origin) {
            Some((_, news)) => {
                news.id = format!("{}+{}", news.id, e.id);
                news.entries.push(e.id.clone());
                news.seen = news.seen.max(e.since());
                news.counts |= counts;
            }
            None => {
                let speaker = e.speaker.and_then(|k| to_case.actors.get(k));
                let news = News {
                    id: e.id.clone(),
                    entries: vec![e.id.clone()],
                    calendar: Vec::new(),
                    said: e.said.written.clone(),
                    seen: e.since(),
                    speaker: speaker.map(|a| a.name.clone()),
                    text: e.text.clone(),
                    part: 0.0,
                    se: 0.0,
                    share: 0.0,
                    counts,
                };
                found.push((&e.origin, news));
            }
        }
    }
    let mut news: Vec<News> = found.into_iter().map(|(_, news)| news).collect();
    for e in to_case.calendar.iter().filter(|e| inside(e.known)) {
        news.push(News {
            id: format!("calendar.{}", e.id),
            entries: Vec::new(),
            calendar: vec![e.id.clone()],
            said: e.known.to_string(),
            seen: e.known,
            speaker: None,
            text: announcement(e),
            part: 0.0,
            se: 0.0,
            share: 0.0,
            // A soft deadline moves nothing.
            counts: !matches!(e.kind, CalendarKind::Deadline { hard: false }),
        });
    }
    news.sort_by_key(|n| n.seen);
    news
}

/// Whether the belief or a side's incoherence can read an entry.
fn is_read(case: &Case, e: &RecordEntry, to: Day) -> bool {
    let member = e.speaker.and_then(|k| case.actors.get(k)).and_then(|a| a.member.as_ref());
    let (Some(member), Some(j), Some(_)) = (member, e.issue, &e.value) else { return false };
    let position = member.ideal.get(j).is_some_and(|i| i.recorded)
        && matches!(e.kind, EntryKind::Ideal | EntryKind::Demand);
    position || to.since(e.said.latest) <= WINDOW
}

fn announcement(e: &CalendarEntry) -> String {
    let (what, how) = match e.kind {
        CalendarKind::Start { .. } => ("talks", "announced for"),
        CalendarKind::Round { .. } => ("round", "announced for"),
        CalendarKind::Deadline { hard: true } => ("hard deadline", "set on"),
        CalendarKind::Deadline { hard: false } => ("soft deadline", "set on"),
    };
    let what = match (e.name == e.id, e.kind) {
        (false, _) => format!("{what} “{}”", e.name),
        (true, CalendarKind::Start { .. }) => what.to_owned(),
        (true, _) => format!("a {what}"),
    };
    format!("{what} {how} {}", spoken(&e.on.to_string()))
}

/// Coalitions whose case has one fingerprint.
struct Class {
    /// A coalition of the class.
    members: Vec<bool>,
    /// The fingerprint without rounds and deadlines: one for all that are solved together.
    bare: String,
    calendar: Vec<CalendarEntry>,
}

/// The worth of coalitions of news: P in each draw on the last day.
struct Worth<'a> {
    telling: Telling,
    to: Day,
    news: &'a [News],
    players: &'a [usize],
    settings: &'a Settings,
    stop: &'a AtomicBool,
    progress: &'a (dyn Fn(u64, u64) + Sync),
    classes: Vec<Class>,
    /// Worths that came with another's, or that may be asked for again, by class or fingerprint.
    pending: BTreeMap<String, Vec<f64>>,
    /// Forecasts done, and all.
    steps: (u64, u64),
}

impl<'a> Worth<'a> {
    fn case(&mut self, members: &[bool]) -> Result<Case, Error> {
        let mut hidden = Hidden::default();
        for (k, member) in self.players.iter().zip(members) {
            if !member {
                hidden.entries.extend(self.news[*k].entries.iter().cloned());
                hidden.calendar.extend(self.news[*k].calendar.iter().cloned());
            }
        }
        tell(&mut self.telling, self.to, &hidden)
    }

    /// The class of every coalition.
    fn classify(&mut self) -> Result<Vec<usize>, Error> {
        let n = self.players.len();
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        let mut class = Vec::with_capacity(1 << n);
        for set in 0..1usize << n {
            if self.stop.load(Ordering::Relaxed) {
                return Err(Error::Stopped);
            }
            let members: Vec<bool> = (0..n).map(|i| set >> i & 1 == 1).collect();
            let mut case = self.case(&members)?;
            let next = self.classes.len();
            let at = *known.entry(case.fingerprint()).or_insert(next);
            if at == next {
                let calendar = case.calendar.clone();
                case.calendar.retain(|e| matches!(e.kind, CalendarKind::Start { .. }));
                self.classes.push(Class { members, bare: case.fingerprint(), calendar });
            }
            class.push(at);
        }
        Ok(class)
    }

    fn of_class(&mut self, class: usize) -> Result<Vec<f64>, Error> {
        if let Some(found) = self.pending.remove(&class.to_string()) {
            return Ok(found);
        }
        let case = self.case(&self.classes[class].members.clone())?;
        let bare = &self.classes[class].bare;
        let mates: Vec<usize> =
            (0..self.classes.len()).filter(|c| self.classes[*c].bare == *bare).collect();
        let calendars: Vec<Vec<CalendarEntry>> =
            mates.iter().map(|c| self.classes[*c].calendar.clone()).collect();
        let calendars: Vec<&[CalendarEntry]> = calendars.iter().map(Vec::as_slice).collect();
        let found = self.draws(&case, &calendars)?;
        let mut asked = Vec::new();
        for (mate, worth) in mates.into_iter().zip(found) {
            if mate == class {
                asked = worth;
            } else {
                self.pending.insert(mate.to_string(), worth);
            }
        }
        Ok(asked)
    }

    fn of_members(&mut self, members: &[bool]) -> Result<Vec<f64>, Error> {
        let case = self.case(members)?;
        let key = case.fingerprint();
        if let Some(found) = self.pending.get(&key) {
            self.steps.0 += 1;
            return Ok(found.clone());
        }
        let found = self.draws(&case, &[&case.calendar])?.swap_remove(0);
        self.pending.insert(key, found.clone());
        Ok(found)
    }

    fn draws(
        &mut self,
        case: &Case,
        calendars: &[&[CalendarEntry]],
    ) -> Result<Vec<Vec<f64>>, Error> {
        let tell = self.teller();
        let (threads, stop) = (self.settings.threads, self.stop);
        let effort = Effort { threads, stop, progress: &tell };
        let found = answers(case, calendars, &self.settings.run(), effort);
        self.steps.0 += 1;
        found.ok_or(Error::Stopped)
    }

    fn told(&mut self, case: &Case, date: Day) -> Result<Told, Error> {
        let tell = self.teller();
        let (threads, stop) = (self.settings.threads, self.stop);
        let effort = Effort { threads, stop, progress: &tell };
        let found = headline(case, &self.settings.run(), effort).ok_or(Error::Stopped)?;
        self.steps.0 += 1;
        let fingerprint = case.fingerprint();
        Ok(Told { date, p: found.p, lo: found.lo, hi: found.hi, fingerprint })
    }

    fn teller(&self) -> impl Fn(u64) + Sync + use<'a> {
        let (done, all) = self.steps;
        let (draws, progress) = (self.settings.draws, self.progress);
        let own = AtomicU64::new(0);
        move |n| {
            let k = own.fetch_add(n, Ordering::Relaxed) + n;
            progress((done * draws + k).min(all * draws), all * draws);
        }
    }
}

/// The days of a history: defaults are the start of the talks and the case's own day.
#[derive(Clone, Copy, Debug, Default)]
pub struct Days {
    /// The first.
    pub from: Option<Day>,
    /// The last.
    pub to: Option<Day>,
    /// Days from one to the next.
    pub every: i32,
}

/// An entry that a day sees for the first time.
#[derive(Clone, Debug, Serialize)]
pub struct Entered {
    /// Its id; that of the calendar after `calendar.`.
    pub id: String,
    /// The name of who spoke, if anybody did.
    pub speaker: Option<String>,
    /// In words.
    pub text: String,
}

/// The number as told from a day.
#[derive(Clone, Debug, Serialize)]
pub struct HistoryRow {
    /// The day.
    pub date: Day,
    /// The probability.
    pub p: f64,
    /// 5 % of the uncertainty about the odds.
    pub lo: f64,
    /// 95 % of it.
    pub hi: f64,
    /// Monte Carlo standard error.
    pub mcse: f64,
    /// Share of draws with a zone.
    pub zone: f64,
    /// The fingerprint of the case as of the day.
    pub fingerprint: String,
    /// What was seen for the first time since the row before.
    pub entries: Vec<Entered>,
}

/// The number day by day.
#[derive(Clone, Debug, Serialize)]
pub struct History {
    /// `winset/history/1`.
    pub schema: &'static str,
    /// The title.
    pub case: String,
    /// What is asked.
    pub question: String,
    /// The last day that counts.
    pub by: Day,
    /// How many draws.
    pub draws: u64,
    /// The seed.
    pub seed: u64,
    /// Whether every day was reached.
    pub complete: bool,
    /// A row a day.
    pub days: Vec<HistoryRow>,
}

/// Tells the case from every day of a period. If it is stopped, the days done are kept.
///
/// A day sees what was said, entered and announced by then and nothing else. `progress` is told how
/// many draws of how many are done.
///
/// # Errors
/// The case has errors or cannot be told from one of the days.
pub fn history(
    files: &CaseFiles,
    overrides: &[String],
    days: &Days,
    settings: &Settings,
    stop: &AtomicBool,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<History, Error> {
    let mut findings = Findings::default();
    let own = Telling::new(files, overrides, &mut findings)
        .and_then(|mut t| t.checked(days.to, &mut findings));
    let Some(own) = own else { return Err(Error::Case(findings.list)) };
    let to = own.case.as_of;
    let mut telling = open(files, overrides, to)?;
    let record = own.record;
    let start = own.case.calendar.iter().find(|e| matches!(e.kind, CalendarKind::Start { .. }));
    let first = record.entries.iter().map(RecordEntry::since).min();
    let from = match days.from {
        Some(from) => from,
        None => start.map(|e| e.on).or(first).unwrap_or(to).min(to),
    };
    if from > to {
        let why = format!("{from} comes after {to}\n\nhint: give the earlier day in `--from`");
        return Err(Error::Days(why));
    }
    known(&telling, &record, &own.case, from)?;
    let step = days.every.max(1);
    let mut dates: Vec<Day> =
        (0..=to.since(from) / step).map(|k| from.plus(k.saturating_mul(step))).collect();
    if dates.last().is_some_and(|last| *last < to) {
        dates.push(to);
    }
    // The ends first: what cannot be told is said before the work begins.
    tell(&mut telling, from, &Hidden::default())?;
    let all = dates.len() as u64 * settings.draws;
    let mut rows = Vec::new();
    let mut before: Option<Day> = None;
    for (k, date) in dates.iter().enumerate() {
        let case = tell(&mut telling, *date, &Hidden::default())?;
        let done = AtomicU64::new(k as u64 * settings.draws);
        let tell = |n: u64| progress(done.fetch_add(n, Ordering::Relaxed) + n, all);
        let effort = Effort { threads: settings.threads, stop, progress: &tell };
        let Some(found) = headline(&case, &settings.run(), effort) else { break };
        // The first row names the day's own entries.
        let after = before.unwrap_or(date.plus(-1));
        rows.push(HistoryRow {
            date: *date,
            p: found.p,
            lo: found.lo,
            hi: found.hi,
            mcse: found.mcse,
            zone: found.zone,
            fingerprint: case.fingerprint(),
            entries: entered(&record, &case, after, *date),
        });
        before = Some(*date);
    }
    Ok(History {
        schema: "winset/history/1",
        case: own.case.title,
        question: own.case.question.text,
        by: own.case.question.by,
        draws: settings.draws,
        seed: settings.seed,
        complete: rows.len() == dates.len(),
        days: rows,
    })
}

/// What is seen on a day and was not on an earlier one.
fn entered(record: &Record, case: &Case, after: Day, day: Day) -> Vec<Entered> {
    let inside = |at: Day| after < at && at <= day;
    let said = record.entries.iter().filter(|e| inside(e.since())).map(|e| Entered {
        id: e.id.clone(),
        speaker: e.speaker.and_then(|k| case.actors.get(k)).map(|a| a.name.clone()),
        text: e.text.clone(),
    });
    let announced = case.calendar.iter().filter(|e| inside(e.known)).map(|e| Entered {
        id: format!("calendar.{}", e.id),
        speaker: None,
        text: announcement(e),
    });
    said.chain(announced).collect()
}

/// What the terminal shows of a change.
pub fn view_of(m: &Moved) -> view::Waterfall {
    let (news, silent): (Vec<&News>, Vec<&News>) = m.entries.iter().partition(|n| n.counts);
    view::Waterfall {
        title: m.case.clone(),
        question: m.question.clone(),
        from: (m.from.date.to_string(), m.from.p),
        to: (m.to.date.to_string(), m.to.p),
        time: (m.time.part, m.time.se),
        steps: news
            .into_iter()
            .map(|n| view::Step {
                id: n.id.clone(),
                speaker: n.speaker.clone(),
                text: n.text.clone(),
                part: n.part,
                se: n.se,
            })
            .collect(),
        silent: silent.into_iter().map(|n| n.id.clone()).collect(),
        pairs: m.pairs,
        draws: m.draws,
        seed: m.seed,
    }
}

/// What the terminal shows of a history.
pub fn history_view(h: &History) -> view::Course {
    view::Course {
        title: h.case.clone(),
        question: h.question.clone(),
        draws: h.draws,
        seed: h.seed,
        complete: h.complete,
        days: h
            .days
            .iter()
            .map(|row| view::CourseDay {
                date: row.date.to_string(),
                p: row.p,
                lo: row.lo,
                hi: row.hi,
                zone: row.zone,
                news: row.entries.iter().map(|e| e.id.clone()).collect(),
            })
            .collect(),
    }
}
