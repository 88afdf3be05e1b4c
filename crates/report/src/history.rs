//! The number day by day, each as it was told from that day.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use serde::Serialize;
use winset_files::case::{CaseFiles, Hidden, ParsedCase};
use winset_files::diagnostic::Findings;
use winset_model::case::{CalendarKind, Case, Day};
use winset_model::effort::Effort;
use winset_model::forecast::{KeptRooms, OddsEstimate, headline_beside};
use winset_model::record::{Record, RecordEntry};
use winset_page::document::{Block, Document, Section, Sketch, Table};
use winset_page::table::{Cell, CellKind, Column, DataTable};
use winset_page::text::{pc, spoken, thousands, width};

use crate::moved::{MovedError, MovedSettings, announcement, known, open, tell};

/// Draws of a history unless more are asked for.
pub const DRAWS: u64 = 2_000;

/// The days of a history: defaults are the start of the talks and the case's own day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HistoryDays {
    /// The first.
    pub from: Option<Day>,
    /// The last.
    pub to: Option<Day>,
    /// HistoryDays from one to the next.
    pub every: i32,
}

/// An entry that a day sees for the first time.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FirstSeen {
    /// Its id; that of the calendar after `calendar.`.
    pub id: String,
    /// The name of who spoke, if anybody did.
    pub speaker: Option<String>,
    /// In words.
    pub text: String,
}

/// The number as told from a day.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HistoryRow {
    /// The day.
    pub date: Day,
    /// The answer.
    #[serde(flatten)]
    pub odds: OddsEstimate,
    /// Share of draws with a zone.
    pub zone: f64,
    /// The fingerprint of the case as of the day.
    pub fingerprint: String,
    /// What was seen for the first time since the row before.
    pub entries: Vec<FirstSeen>,
}

/// The number day by day.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HistoryReport {
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
    /// The day the talks began, where the first row is later: before it the question lies beyond the horizon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub began: Option<Day>,
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
pub fn ask(
    files: &CaseFiles,
    overrides: &[String],
    days: &HistoryDays,
    settings: &MovedSettings,
    stop: &AtomicBool,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<HistoryReport, MovedError> {
    let mut findings = Findings::default();
    let own = ParsedCase::new(files, overrides, &mut findings)
        .and_then(|mut t| t.resolve_checked(days.to, &mut findings));
    let Some(own) = own else { return Err(MovedError::Case(findings.list)) };
    let to = own.case.as_of;
    let mut parsed = open(files, overrides, to)?;
    let record = own.record;
    let began = began(&own.case, &record);
    let from = days.from.unwrap_or_else(|| first_day(&own.case, &record));
    let cut = (days.from.is_none() && from > began).then_some(began);
    if from > to {
        let why = format!("{from} comes after {to}\n\nhint: give the earlier day in `--from`");
        return Err(MovedError::Days(why));
    }
    known(&parsed, &record, &own.case, from)?;
    let step = days.every.max(1);
    let mut dates: Vec<Day> =
        (0..=to.since(from) / step).map(|k| from.plus(k.saturating_mul(step))).collect();
    if dates.last().is_some_and(|last| *last < to) {
        dates.push(to);
    }
    // The ends first: what cannot be told is said before the work begins.
    tell(&mut parsed, from, &Hidden::default())?;
    let all = dates.len() as u64 * settings.draws;
    let mut rows = Vec::new();
    let mut before: Option<Day> = None;
    let rooms = Arc::new(KeptRooms::new(settings.draws));
    for (k, date) in dates.iter().enumerate() {
        let case = tell(&mut parsed, *date, &Hidden::default())?;
        let done = AtomicU64::new(k as u64 * settings.draws);
        let tell = |n: u64| progress(done.fetch_add(n, Ordering::Relaxed) + n, all);
        let effort = Effort { threads: settings.threads, stop, progress: &tell };
        let found = headline_beside(&case, &settings.run(), &rooms, effort);
        let Some(found) = found else { break };
        // The first row names the day's own entries.
        let after = before.unwrap_or(date.plus(-1));
        rows.push(HistoryRow {
            date: *date,
            odds: found.odds,
            zone: found.zone,
            fingerprint: case.fingerprint(),
            entries: first_seen(&record, &case, after, *date),
        });
        before = Some(*date);
    }
    Ok(HistoryReport {
        schema: "winset/history/1",
        case: own.case.title,
        question: own.case.question.text,
        by: own.case.question.by,
        draws: settings.draws,
        seed: settings.seed,
        complete: rows.len() == dates.len(),
        began: cut,
        days: rows,
    })
}

impl HistoryReport {
    /// The same, all days moved alike so that the last has an answer and a share with a zone that are known
    /// of it from more draws: the days share their draws, so that their differences are better known than
    /// their level.
    #[must_use]
    pub fn ending_in(&self, p: f64, zone: f64) -> Self {
        let mut moved = self.clone();
        let Some((last, zone_of_last)) = self.days.last().map(|d| (d.p, d.zone)) else {
            return moved;
        };
        let at = |x: f64, by: f64| (x + by).clamp(0.0, 1.0);
        for row in &mut moved.days {
            for x in [&mut row.odds.p, &mut row.odds.lo, &mut row.odds.hi] {
                *x = at(*x, p - last);
            }
            row.zone = at(row.zone, zone - zone_of_last);
        }
        moved
    }
}

/// What is seen on a day and was not on an earlier one.
fn first_seen(record: &Record, case: &Case, after: Day, day: Day) -> Vec<FirstSeen> {
    let inside = |at: Day| after < at && at <= day;
    let said = record.entries.iter().filter(|e| inside(e.since())).map(|e| FirstSeen {
        id: e.id.clone(),
        speaker: e.speaker.and_then(|k| case.actors.get(k)).map(|a| a.name.clone()),
        text: e.text.clone(),
    });
    let announced = case.calendar.iter().filter(|e| inside(e.known)).map(|e| FirstSeen {
        id: format!("calendar.{}", e.id),
        speaker: None,
        text: announcement(e),
    });
    said.chain(announced).collect()
}

/// The day on which the talks of a case began; its own where nothing says.
fn began(case: &Case, record: &Record) -> Day {
    let start = case.calendar.iter().find(|e| matches!(e.kind, CalendarKind::Start { .. }));
    let first = record.entries.iter().map(RecordEntry::since).min();
    start.map(|e| e.on).or(first).unwrap_or(case.as_of).min(case.as_of)
}

/// The first day of a history that names none: the start of the talks, where the question can be told then.
pub fn first_day(case: &Case, record: &Record) -> Day {
    // From days further back than the horizon the question cannot be told.
    let within = case.question.by.plus(-case.constants.horizon);
    began(case, record).max(within).min(case.as_of)
}

/// Days from one to the next, so that a history of a case has at most so many.
pub fn every(case: &Case, record: &Record, most: i32) -> i32 {
    case.as_of.since(first_day(case, record)) / most.max(1) + 1
}

const COLUMNS: &[Column<HistoryRow>] = &[
    Column::date("date", |r| Cell::Date(r.date.to_string())),
    Column::number("p", |r| r.p.into()),
    Column::number("lo", |r| r.lo.into()),
    Column::number("hi", |r| r.hi.into()),
    Column::number("mcse", |r| r.mcse.into()),
    Column::number("zone", |r| r.zone.into()),
    Column::new("entries", CellKind::Texts, |r| Cell::Texts(r.ids())),
];

impl std::ops::Deref for HistoryRow {
    type Target = OddsEstimate;

    fn deref(&self) -> &OddsEstimate {
        &self.odds
    }
}

impl HistoryRow {
    fn ids(&self) -> Vec<String> {
        self.entries.iter().map(|e| e.id.clone()).collect()
    }
}

/// The report as a table: a row a day.
pub fn table(h: &HistoryReport) -> DataTable {
    DataTable::new(COLUMNS, &h.days)
}

/// The number day by day, in words.
pub fn document(h: &HistoryReport) -> Document {
    let mut said = vec![Block::Note(format!(
        "● P, ░ band of the odds; each day as it is told from that day, with what was said, entered \
         and announced by then ({} draws, seed {}).",
        thousands(h.draws),
        h.seed
    ))];
    if let (Some(began), Some(first)) = (h.began, h.days.first()) {
        let [began, first] = [began, first.date].map(|day| spoken(&day.to_string()));
        said.push(Block::Text(format!(
            "The talks began on {began}; before {first} the question lies beyond the horizon of the case."
        )));
    }
    if !h.complete {
        said.push(Block::Text("Interrupted: the days above were done.".to_owned()));
    }
    let sketch = Block::Sketch(Sketch { lines: course(h), instead_of_tables: true });
    Document {
        title: h.case.clone(),
        sections: vec![
            Section::new("question", "", vec![Block::Text(h.question.clone())]),
            Section::new("days", "", vec![sketch, Block::Table(days(h))]),
            Section::new("method", "", said),
        ],
        version: winset_model::forecast::VERSION.to_owned(),
        ..Document::default()
    }
}

fn days(h: &HistoryReport) -> Table {
    let columns =
        [("Told from", false), ("P", true), ("band", true), ("zone", true), ("new", false)];
    let rows = h.days.iter().map(|d| {
        let (day, new) = (spoken(&d.date.to_string()), d.ids().join(" "));
        vec![day, pc(d.p), band(d), pc(d.zone), new]
    });
    Table::new("The number day by day", &columns, rows.collect())
}

fn band(d: &HistoryRow) -> String {
    format!("({:.0}–{:.0} %)", 100.0 * d.lo, 100.0 * d.hi)
}

/// Columns of the chart.
const WIDTH: usize = 28;

/// A line a day.
fn course(h: &HistoryReport) -> Vec<String> {
    let top = h.days.iter().map(|d| d.hi.max(d.p)).fold(0.05, f64::max);
    let top = (top * 10.0).ceil() / 10.0;
    let at = |p: f64| ((p / top) * (WIDTH as f64 - 1.0)).round() as usize;
    let scale = 100.0 * top;
    let mut lines =
        vec![format!("                P            zone   0{scale:>0$.0} %", WIDTH - 3)];
    for d in &h.days {
        let cells: String = (0..WIDTH)
            .map(|k| match k {
                k if k == at(d.p) => '●',
                k if (at(d.lo)..=at(d.hi)).contains(&k) => '░',
                _ => ' ',
            })
            .collect();
        let (p, zone, band) = (pc(d.p), pc(d.zone), band(d));
        let head = format!("  {}  {p:>4}  {band:<9}  {zone:>5}   {cells}", d.date);
        let mut news = d.ids().join(" ");
        if width(&news) + width(&head) + 1 > 80 {
            news = format!("{} new", d.entries.len());
        }
        lines.push(format!("{head} {news}"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use winset_page::document::terminal;

    use super::*;

    fn report() -> HistoryReport {
        let day = |date: &str, p: f64| HistoryRow {
            date: Day::parse(date).unwrap(),
            odds: OddsEstimate { p, lo: p - 0.05, hi: p + 0.05, mcse: 0.01 },
            zone: 0.6,
            fingerprint: String::new(),
            entries: (1..20)
                .map(|k| FirstSeen { id: format!("r{k:02}"), speaker: None, text: String::new() })
                .collect(),
        };
        HistoryReport {
            schema: "winset/history/1",
            case: "A title".to_owned(),
            question: "Will they?".to_owned(),
            by: Day::parse("2025-06-30").unwrap(),
            draws: 2_000,
            seed: 1,
            began: None,
            complete: false,
            days: vec![day("2025-04-12", 0.25), day("2025-04-13", 0.2)],
        }
    }

    #[test]
    fn a_history_has_a_line_a_day() {
        let said = terminal(&document(&report()));
        assert!(said.contains("2025-04-12  25 %  (20–30 %)"), "{said}");
        assert!(said.contains("19 new"), "{said}");
        assert!(said.contains("Interrupted"), "{said}");
        assert!(said.lines().all(|l| l.chars().count() <= 80), "{said}");
    }

    #[test]
    fn the_ids_of_a_day_share_a_cell() {
        let mut h = report();
        h.days.iter_mut().for_each(|d| d.entries.truncate(2));
        let csv = table(&h).csv();
        assert_eq!(csv.lines().next(), Some("date,p,lo,hi,mcse,zone,entries"));
        assert!(csv.lines().nth(2).is_some_and(|l| l.ends_with(",0.6,r01 r02")), "{csv}");
    }
}
