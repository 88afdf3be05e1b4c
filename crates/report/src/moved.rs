//! What moved the number between two days: its change divided among the news in between.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;

use serde::Serialize;
use winset_files::case::{CaseFiles, Hidden, ParsedCase};
use winset_files::diagnostic::{Diagnostic, Findings, Severity};
use winset_model::belief::readings::WINDOW;
use winset_model::case::{CalendarEntry, CalendarKind, Case, Day};
use winset_model::explain::coalitions::{Interrupted, Running, divide};
use winset_model::explain::moved::ShapleyPart;
use winset_model::forecast::{DatedOdds, Headline, OddsEstimate, Run};
use winset_model::record::{EntryKind, Record, RecordEntry};
use winset_page::document::{Block, Document, Section, Sketch, Table};
use winset_page::table::{Cell, Column, DataTable};
use winset_page::text::{cut, fine, listed, pc, points, signed, spoken, thousands, width};

/// Draws of a division unless more are asked for: it asks many forecasts.
pub const DRAWS: u64 = 1_000;

/// How a forecast is run.
#[derive(Clone, Copy, Debug)]
pub struct MovedSettings {
    /// The seed.
    pub seed: u64,
    /// How many draws.
    pub draws: u64,
    /// How many threads; the result does not depend on it.
    pub threads: usize,
}

impl MovedSettings {
    pub(crate) fn run(&self) -> Run {
        Run { seed: self.seed, draws: 0..self.draws }
    }
}

/// Why there is no answer.
#[derive(Clone, Debug)]
pub enum MovedError {
    /// The case has errors.
    Case(Vec<Diagnostic>),
    /// The days make no sense, and how they would.
    Days(String),
    /// `stop` was set.
    Stopped,
}

impl From<Interrupted> for MovedError {
    fn from(_: Interrupted) -> Self {
        Self::Stopped
    }
}

/// The number on a day.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DatedAnswer {
    /// The day it is told from and the answer then.
    #[serde(flatten)]
    pub odds: DatedOdds,
    /// The fingerprint of the case as of that day.
    pub fingerprint: String,
}

impl std::ops::Deref for DatedAnswer {
    type Target = DatedOdds;

    fn deref(&self) -> &DatedOdds {
        &self.odds
    }
}

/// A part of the change that no news made.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PassingRow {
    /// What it adds to P.
    pub part: f64,
    /// Its standard error, on the same draws.
    pub se: f64,
    /// Its size as a share of the sizes of all parts.
    pub share: f64,
}

/// NewsRow and what they add.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewsRow {
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
    /// Why it moves nothing, where it does not: which number cites it and would change how.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub still: Option<String>,
}

/// What moved the number: `p` on `to` less `p` on `from` is `time` plus the parts of `entries`.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MovedReport {
    /// `winset/moved/1`.
    pub schema: &'static str,
    /// The title.
    pub case: String,
    /// What is asked.
    pub question: String,
    /// The last day that counts.
    pub by: Day,
    /// The number before.
    pub from: DatedAnswer,
    /// The number after.
    pub to: DatedAnswer,
    /// The change.
    pub total: f64,
    /// What the days alone did: told from `to` with what was known on `from`.
    pub time: PassingRow,
    /// The news in between, the largest part first.
    pub entries: Vec<NewsRow>,
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
pub fn ask(
    files: &CaseFiles,
    overrides: &[String],
    (from, to): (Day, Day),
    settings: &MovedSettings,
    stop: &AtomicBool,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<MovedReport, MovedError> {
    let mut parsed = open(files, overrides, to)?;
    if from > to {
        let why = format!("{from} comes after {to}\n\nhint: give the earlier day in `--from`");
        return Err(MovedError::Days(why));
    }
    let whole = tell(&mut parsed, to, &Hidden::default())?;
    let record = parsed.record.clone().unwrap_or_default();
    known(&parsed, &record, &whole, from)?;
    let before = tell(&mut parsed, from, &Hidden::default())?;
    let mut news = gather(&parsed, &record, &whole, from, to);
    let mut players: Vec<usize> = (0..news.len()).filter(|k| news[*k].counts).collect();
    // Calendar entries in the lowest bits: coalitions that differ in them alone follow one another.
    players.sort_by_key(|k| news[*k].calendar.is_empty());
    let mut case = |members: &[bool]| {
        let mut hidden = Hidden::default();
        for (k, _) in players.iter().zip(members).filter(|(_, member)| !**member) {
            hidden.entries.extend(news[*k].entries.iter().cloned());
            hidden.calendar.extend(news[*k].calendar.iter().cloned());
        }
        tell(&mut parsed, to, &hidden)
    };
    let running = Running { run: &settings.run(), threads: settings.threads, stop, progress };
    let division = divide((&before, &whole), players.len(), &mut case, running)?;
    let first = dated(&before, from, &division.first);
    let last = dated(&whole, to, &division.last);
    let (passed, parts) = (division.passing, division.news);
    for (k, ShapleyPart { part, se }) in players.iter().zip(&parts.parts) {
        (news[*k].part, news[*k].se) = (*part, *se);
    }
    let sizes: f64 = passed.part.abs() + news.iter().map(|n| n.part.abs()).sum::<f64>();
    let share = |part: f64| if sizes > 0.0 { part.abs() / sizes } else { 0.0 };
    news.iter_mut().for_each(|n| n.share = share(n.part));
    let entries: BTreeMap<&str, &RecordEntry> =
        record.entries.iter().map(|e| (e.id.as_str(), e)).collect();
    let still: Vec<Option<String>> = news.iter().map(|n| why_still(&whole, &entries, n)).collect();
    for (n, still) in news.iter_mut().zip(still) {
        n.still = still;
    }
    news.sort_by(|a, b| {
        b.part.abs().total_cmp(&a.part.abs()).then(a.seen.cmp(&b.seen)).then(a.id.cmp(&b.id))
    });
    Ok(MovedReport {
        schema: "winset/moved/1",
        case: whole.title.clone(),
        question: whole.question.text.clone(),
        by: whole.question.by,
        total: last.p - first.p,
        from: first,
        to: last,
        time: PassingRow { part: passed.part, se: passed.se, share: share(passed.part) },
        entries: news,
        method: if parts.pairs.is_some() { "sampled" } else { "exact" },
        pairs: parts.pairs,
        draws: settings.draws,
        seed: settings.seed,
    })
}

fn dated(case: &Case, date: Day, answer: &Headline) -> DatedAnswer {
    let OddsEstimate { p, lo, hi, .. } = answer.odds;
    DatedAnswer { odds: DatedOdds { date, p, lo, hi }, fingerprint: case.fingerprint() }
}

/// Parses and checks a case.
pub(crate) fn open(
    files: &CaseFiles,
    overrides: &[String],
    day: Day,
) -> Result<ParsedCase, MovedError> {
    let mut findings = Findings::default();
    let Some(mut parsed) = ParsedCase::new(files, overrides, &mut findings) else {
        return Err(MovedError::Case(findings.list));
    };
    parsed.resolve_checked(Some(day), &mut findings);
    if findings.failed() { Err(MovedError::Case(findings.list)) } else { Ok(parsed) }
}

pub(crate) fn tell(parsed: &mut ParsedCase, day: Day, hidden: &Hidden) -> Result<Case, MovedError> {
    let mut findings = Findings::default();
    match parsed.resolve(Some(day), hidden, &mut findings) {
        Some(loaded) => Ok(loaded.case),
        None => {
            let error = findings.list.iter().find(|d| d.severity == Severity::Error);
            let why = error.map_or("it has errors", |d| d.message.as_str());
            Err(MovedError::Days(format!("the case cannot be told from {day}: {why}")))
        }
    }
}

/// Whether anything is known on a day.
pub(crate) fn known(
    parsed: &ParsedCase,
    record: &Record,
    whole: &Case,
    day: Day,
) -> Result<(), MovedError> {
    let said = record.entries.iter().map(RecordEntry::since);
    let first = said.chain(whole.calendar.iter().map(|e| e.known)).min();
    match first {
        Some(first) if day < first => Err(MovedError::Days(format!(
            "nothing is known on {day}: the first entry of {} is of {first}\n\nhint: start on or \
             after {first}",
            if parsed.record.is_some() { "the record or the calendar" } else { "the calendar" },
        ))),
        _ => Ok(()),
    }
}

/// The news of a window, in the order in which they are first seen.
fn gather(
    parsed: &ParsedCase,
    record: &Record,
    to_case: &Case,
    from: Day,
    to: Day,
) -> Vec<NewsRow> {
    let inside = |day: Day| from < day && day <= to;
    let changing = parsed.changing();
    // What was read from the record, a position or a red line, is an input that drifts.
    let drifting = to_case.inputs.iter().filter(|i| i.later.is_some());
    let read: BTreeSet<&String> = drifting.flat_map(|i| &i.rests_on).collect();
    let mut found: Vec<(&str, NewsRow)> = Vec::new();
    for e in record.entries.iter().filter(|e| inside(e.since())) {
        let counts = changing.contains(&e.id.as_str())
            || is_read(to_case, e, to)
            || read.contains(&e.id)
            || e.turn.is_some();
        match found.iter_mut().find(|(origin, _)| *origin == e.origin) {
            Some((_, news)) => {
                news.id = format!("{}+{}", news.id, e.id);
                news.entries.push(e.id.clone());
                news.seen = news.seen.max(e.since());
                news.counts |= counts;
            }
            None => {
                let speaker = e.speaker.and_then(|k| to_case.actors.get(k));
                let news = NewsRow {
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
                    still: None,
                };
                found.push((&e.origin, news));
            }
        }
    }
    let mut news: Vec<NewsRow> = found.into_iter().map(|(_, news)| news).collect();
    for e in to_case.calendar.iter().filter(|e| inside(e.known)) {
        news.push(NewsRow {
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
            counts: !matches!(e.kind, CalendarKind::Deadline { hard: false, .. }),
            still: None,
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

/// Why a piece of news moves nothing, where something cites it or it draws a red line.
fn why_still(
    case: &Case,
    entries: &BTreeMap<&str, &RecordEntry>,
    news: &NewsRow,
) -> Option<String> {
    if news.part.abs() >= NOTHING || news.entries.is_empty() {
        return None;
    }
    let ids = listed(&news.entries, "or");
    let cites = |i: &&winset_model::case::Input| {
        i.later.is_none() && news.entries.iter().any(|id| i.rests_on.contains(id))
    };
    let citing: Vec<&str> = case.inputs.iter().filter(cites).map(|i| i.path.as_str()).collect();
    let line = news.entries.iter().find_map(|id| {
        let e = entries.get(id.as_str())?;
        let (actor, issue) = (case.actors.get(e.speaker?)?, case.issues.get(e.issue?)?);
        let kind =
            matches!(e.kind, EntryKind::RedMin | EntryKind::RedMax).then(|| e.kind.name())?;
        Some(format!("actors.{}.{kind}.{}", actor.id, issue.id))
    });
    // One that its own number takes, or cites, is not overlooked.
    let taken = |line: &String| {
        let own = case.inputs.iter().find(|i| i.path == *line);
        own.is_some_and(|i| news.entries.iter().any(|id| i.rests_on.contains(id)))
    };
    let line = line.filter(|line| !taken(line));
    let first = news.entries.first()?;
    match (&citing[..], line) {
        (_, Some(line)) => Some(format!(
            "{ids} draws a red line that no number takes: `{line} = \"record\"` would make it count."
        )),
        _ if news.counts && news.part == 0.0 => Some(format!(
            "{ids} is read, and the answer is the same with it and without it in every draw."
        )),
        _ if news.counts => Some(format!(
            "{ids} is read, and moves the answer by less than 0.05 points in the mean of the draws."
        )),
        ([path, ..], None) => Some(format!(
            "{ids} is cited by `{path}`, which the case writes the same before and after: that path \
             under `[since.{first}]` would change it from that day on."
        )),
        ([], None) => None,
    }
}

pub(crate) fn announcement(e: &CalendarEntry) -> String {
    let (what, how) = match &e.kind {
        CalendarKind::Start { .. } => ("talks", "announced for"),
        CalendarKind::Round { .. } => ("round", "announced for"),
        CalendarKind::Deadline { hard: true, .. } => ("hard deadline", "set on"),
        CalendarKind::Deadline { hard: false, .. } => ("soft deadline", "set on"),
    };
    let what = match (e.name == e.id, &e.kind) {
        (false, _) => format!("{what} “{}”", e.name),
        (true, CalendarKind::Start { .. }) => what.to_owned(),
        (true, _) => format!("a {what}"),
    };
    format!("{what} {how} {}", spoken(&e.on.to_string()))
}

/// A row of the table of a change: time passing, or one of the news.
struct PartRow<'a> {
    news: Option<&'a NewsRow>,
    time: &'a PassingRow,
}

fn columns<'a>() -> [Column<PartRow<'a>>; 7] {
    [
        Column::text("id", |r| r.news.map_or("time", |n| &n.id).into()),
        Column::date("seen", |r| r.news.map(|n| Cell::Date(n.seen.to_string())).into()),
        Column::text("speaker", |r| r.news.and_then(|n| n.speaker.as_ref()).into()),
        Column::text("text", |r| r.news.map_or("time passing", |n| &n.text).into()),
        Column::number("part", |r| r.news.map_or(r.time.part, |n| n.part).into()),
        Column::number("se", |r| r.news.map_or(r.time.se, |n| n.se).into()),
        Column::number("share", |r| r.news.map_or(r.time.share, |n| n.share).into()),
    ]
}

/// The report as a table: a row for time passing and one for each of the news.
pub fn table(m: &MovedReport) -> DataTable {
    let time = std::iter::once(None).chain(m.entries.iter().map(Some));
    let rows: Vec<PartRow<'_>> = time.map(|news| PartRow { news, time: &m.time }).collect();
    DataTable::new(&columns(), &rows)
}

/// Changes smaller than this round to nothing.
const NOTHING: f64 = 5e-4;

/// What moved the number, in words.
pub fn document(m: &MovedReport) -> Document {
    let lines = waterfall(m);
    let shown = Block::Sketch(Sketch { lines, instead_of_tables: true });
    let mut said = vec![Block::Lead(sentence(m))];
    let cited: Vec<String> = m.entries.iter().filter_map(|n| n.still.clone()).collect();
    if !cited.is_empty() {
        said.push(Block::List(cited));
    }
    let bare = |n: &&NewsRow| !n.counts && n.still.is_none();
    let silent: Vec<String> = m.entries.iter().filter(bare).map(|n| n.id.clone()).collect();
    if !silent.is_empty() {
        said.push(Block::Text(format!("No input rests on {}.", listed(&silent, "or"))));
    }
    said.push(Block::Note(method(m)));
    Document {
        title: m.case.clone(),
        sections: vec![
            Section::new("question", "", vec![Block::Text(m.question.clone())]),
            Section::new("parts", "", vec![shown, Block::Table(parts(m))]),
            Section::new("change", "", said),
        ],
        version: winset_model::forecast::VERSION.to_owned(),
        ..Document::default()
    }
}

fn method(m: &MovedReport) -> String {
    let how = match m.pairs {
        None => "every coalition of the news was looked at".to_owned(),
        Some(pairs) => format!("{} orders of arrival were looked at", 2 * pairs),
    };
    format!(
        "Points, with the standard error on the same {} draws (seed {}). Shapley values: {how}; the \
         parts add up.",
        thousands(m.draws),
        m.seed
    )
}

/// The news on which some input rests, the largest part first.
fn counting(m: &MovedReport) -> impl Iterator<Item = &NewsRow> {
    m.entries.iter().filter(|n| n.counts)
}

fn parts(m: &MovedReport) -> Table {
    let columns = [
        ("News", false),
        ("seen on", false),
        ("points", true),
        ("±", true),
        ("share", true),
        ("what", false),
    ];
    let cells = |id: &str, seen: String, (part, se, share): (f64, f64, f64), what: String| {
        vec![id.to_owned(), seen, beside_error(part), error(se), pc(share), what]
    };
    let time = &m.time;
    let mut rows =
        vec![cells("", String::new(), (time.part, time.se, time.share), "time passing".to_owned())];
    rows.extend(counting(m).map(|n| {
        let seen = spoken(&n.seen.to_string());
        cells(&n.id, seen, (n.part, n.se, n.share), n.said_by())
    }));
    Table::new("What each added", &columns, rows)
}

impl NewsRow {
    /// Who said it, if anybody did, and what it is.
    fn said_by(&self) -> String {
        match &self.speaker {
            Some(speaker) => format!("{speaker}: {}", self.text),
            None => self.text.clone(),
        }
    }

    /// Who said it, or what it is, and its id.
    fn name(&self) -> String {
        format!("{} ({})", self.speaker.as_ref().unwrap_or(&self.text), self.id)
    }
}

/// Columns of the bars.
const WIDTH: usize = 24;

/// The change as bars, each from where the one before ended.
fn waterfall(m: &MovedReport) -> Vec<String> {
    let time = (m.time.part, m.time.se, "time passing".to_owned());
    let news = counting(m).map(|n| (n.part, n.se, format!("{} {}", n.id, n.said_by())));
    let steps: Vec<(f64, f64, String)> = std::iter::once(time).chain(news).collect();
    let mut levels = vec![m.from.p];
    levels.extend(steps.iter().scan(m.from.p, |level, (part, ..)| {
        *level += part;
        Some(*level)
    }));
    let low = levels.iter().copied().fold(f64::INFINITY, f64::min);
    let high = levels.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let range = (high - low).max(1e-9);
    let at = |p: f64| ((p - low) / range * WIDTH as f64).round() as usize;
    let end = |told: &DatedAnswer| {
        let marker = format!("{}●", " ".repeat(at(told.p).min(WIDTH - 1)));
        let day = spoken(&told.date.to_string());
        format!("{:>9}        {marker:<WIDTH$}  {day}", fine(told.p))
    };
    let mut lines = vec![end(&m.from)];
    for ((part, se, label), ends) in steps.iter().zip(levels.windows(2)) {
        let (a, b) = (at(ends[0].min(ends[1])), at(ends[0].max(ends[1])));
        let (a, b) = if a == b { (a.min(WIDTH - 1), a.min(WIDTH - 1) + 1) } else { (a, b) };
        // Up is full and down is shaded, so that no colour is needed; nothing is a dot.
        let mark = match *part {
            p if p.abs() < NOTHING => "·",
            p if p > 0.0 => "█",
            _ => "▒",
        };
        let bar = format!("{}{}", " ".repeat(a), mark.repeat(b - a));
        let head = format!("{:>7}  ±{:<4}  {bar:<WIDTH$}  ", beside_error(*part), error(*se));
        lines.push(format!("{head}{}", cut(label, 80 - width(&head))));
    }
    lines.push(end(&m.to));
    lines
}

/// The change in one or two sentences.
pub fn sentence(m: &MovedReport) -> String {
    let total = m.to.p - m.from.p;
    let (from, to) = (spoken(&m.from.date.to_string()), spoken(&m.to.date.to_string()));
    let course = if total.abs() < NOTHING {
        format!("Between {from} and {to} P stayed at {}", pc(m.to.p))
    } else {
        let way = if total > 0.0 { "rose" } else { "fell" };
        format!("Between {from} and {to} P {way} by {}", points(total.abs()))
    };
    // First what went the way the number went most, then the largest part that held it back.
    let time = ("time passing alone".to_owned(), m.time.part);
    let news = counting(m).map(|n| (n.name(), n.part));
    let mut felt: Vec<(String, f64)> =
        std::iter::once(time).chain(news).filter(|part| part.1.abs() >= NOTHING).collect();
    felt.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    let up = match total.abs() < NOTHING {
        true => felt.first().is_some_and(|part| part.1 > 0.0),
        false => total > 0.0,
    };
    let most = felt.iter().position(|part| (part.1 > 0.0) == up);
    let against = felt.iter().position(|part| (part.1 > 0.0) != up);
    let mut parts = Vec::new();
    if let Some((name, part)) = most.map(|k| &felt[k]) {
        parts.push(format!("most came from {name}, which {}", gave(*part)));
    }
    if let Some((name, part)) = against.map(|k| &felt[k]) {
        parts.push(format!("against it {name} {}", gave(*part)));
    }
    let said = [most, against].into_iter().flatten();
    if !said.map(|k| felt[k].0.as_str()).any(|name| name == "time passing alone") {
        parts.push(format!("time passing alone {}", gave(m.time.part)));
    }
    if counting(m).next().is_none() {
        parts.push("there was no news that any input rests on".to_owned());
    }
    format!("{course}: {}.", parts.join("; "))
}

/// A change in points beside which its error stands: what rounds to nothing is `0.0`.
pub fn beside_error(change: f64) -> String {
    signed(change).replace('±', "")
}

/// A change in points with its error: `−1.8 ± 0.3`. What is the same in every draw, or rests on one, has none.
pub fn with_error(change: f64, se: f64) -> String {
    match 100.0 * se {
        e if e.is_nan() || e == 0.0 => signed(change),
        e if e < 0.05 => format!("{} ± <0.1", beside_error(change)),
        e => format!("{} ± {e:.1}", beside_error(change)),
    }
}

/// A standard error in points; that of a single draw is not known.
pub(crate) fn error(se: f64) -> String {
    if se.is_nan() { "–".to_owned() } else { format!("{:.1}", 100.0 * se) }
}

fn gave(part: f64) -> String {
    if part.abs() < NOTHING {
        return "added nothing".to_owned();
    }
    format!("{} {:.1}", if part > 0.0 { "added" } else { "took" }, 100.0 * part.abs())
}

#[cfg(test)]
mod tests {
    use winset_page::document::terminal;

    use super::*;

    fn report() -> MovedReport {
        let news = |id: &str, speaker: Option<&str>, text: &str, part: f64| NewsRow {
            id: id.into(),
            entries: vec![id.into()],
            calendar: Vec::new(),
            said: "2025-04-20".into(),
            seen: Day::parse("2025-04-20").unwrap(),
            speaker: speaker.map(str::to_owned),
            text: text.into(),
            part,
            se: 0.002,
            share: 0.1,
            counts: part != 0.0,
            still: None,
        };
        let told = |date: &str, p: f64| DatedAnswer {
            odds: DatedOdds { date: Day::parse(date).unwrap(), p, lo: p - 0.05, hi: p + 0.05 },
            fingerprint: String::new(),
        };
        MovedReport {
            schema: "winset/moved/1",
            case: "A title".into(),
            question: "Will they?".into(),
            by: Day::parse("2025-06-30").unwrap(),
            from: told("2025-04-13", 0.24),
            to: told("2025-04-22", 0.19),
            total: -0.05,
            time: PassingRow { part: -0.006, se: 0.0001, share: 0.1 },
            entries: vec![
                news("r04+r11", Some("Steve Witkoff"), "Must be eliminated", -0.056),
                news("r08", None, "A law is signed that ratifies a partnership of two", 0.012),
                news("r07", None, "silent", 0.0),
                news("r09", None, "=silent", 0.0),
            ],
            method: "exact",
            pairs: None,
            draws: 2000,
            seed: 1,
        }
    }

    #[test]
    fn the_waterfall_says_each_part_and_the_whole_in_words() {
        let said = terminal(&document(&report()));
        for part in [
            "24.0 %",
            "−0.6  ±0.0",
            "−5.6  ±0.2",
            "+1.2  ±0.2",
            "19.0 %",
            "r04+r11 Steve Witkoff: Must",
            "fell by 5.0 points: most came from Steve Witkoff (r04+r11), which took",
            "time passing alone took",
            "No input rests on r07 or r09.",
            "2,000 draws",
        ] {
            let words: Vec<&str> = said.split_whitespace().collect();
            let wanted: Vec<&str> = part.split_whitespace().collect();
            assert!(words.windows(wanted.len()).any(|w| w == wanted), "{part}:\n{said}");
        }
        assert!(said.lines().all(|l| l.chars().count() <= 80), "{said}");
    }

    #[test]
    fn bars_begin_where_the_one_before_ended() {
        let said = terminal(&document(&report()));
        let bars: Vec<&str> = said.lines().filter(|l| l.contains(['▒', '█'])).collect();
        let columns = |l: &str| -> (usize, usize) {
            let c: Vec<usize> = (l.chars().enumerate())
                .filter(|(_, c)| ['▒', '█'].contains(c))
                .map(|(k, _)| k)
                .collect();
            (c[0], c[c.len() - 1])
        };
        let all: Vec<_> = bars.iter().map(|l| columns(l)).collect();
        assert_eq!(all.len(), 3);
        // Down, down, up: the second ends where the first began, the third starts at its foot.
        assert_eq!(all[1].1 + 1, all[0].0);
        assert_eq!(all[2].0, all[1].0);
    }

    #[test]
    fn nothing_moved_is_said_so() {
        let mut still = report();
        (still.from.odds.p, still.to.odds.p, still.time.part) = (0.2, 0.2, 0.0);
        still.entries.clear();
        let said = terminal(&document(&still)).replace('\n', " ");
        assert!(said.contains("P stayed at 20 %"), "{said}");
        assert!(said.contains("there was no news"), "{said}");
    }

    #[test]
    fn the_table_begins_with_time_passing_and_holds_no_formula() {
        let csv = table(&report()).csv();
        let rows: Vec<&str> = csv.lines().collect();
        assert_eq!(rows[0], "id,seen,speaker,text,part,se,share");
        assert_eq!(rows[1], "time,,,time passing,-0.006,0.0001,0.1");
        assert!(rows[2].starts_with("r04+r11,2025-04-20,Steve Witkoff,Must be eliminated,-0.056,"));
        assert!(rows[5].contains("'=silent"), "{csv}");
    }
}
