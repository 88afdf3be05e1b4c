//! Entering: an update, a reaffirmation, a correction.

use std::io::{BufRead, IsTerminal, Write};

use anyhow::Context;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use winset_files::case::ResolvedCase;
use winset_files::log::{
    EntryRemark, LogEntry, LogKind, LogStatement, Writer, find, remarks, standing, unproved,
};
use winset_methods::score::{Assessed, delta_logit, needs_reason};
use winset_model::case::Day;
use winset_model::forecast::{Forecast, MODEL, References, references};
use winset_report::confidence;
use winset_report::log::EnteredReport;

use super::place::{Place, author, failed, now, opened, question_id, said};
use super::{AddArgs, CorrectArgs, EntryArgs, ReaffirmArgs};
use crate::cli::RunArgs;
use crate::exit::Failure;
use crate::forecast::compute;
use crate::output::{print, say, unprinted, wants_json};

/// After the question's date the curve is kept every so many days.
const LATER: usize = 30;

/// `winset log add`
pub(super) fn add(args: &AddArgs) -> anyhow::Result<()> {
    let place = Place::of(args.case.as_deref())?;
    let loaded = place.load(args.as_of)?;
    let forecast = whole(&loaded, args.run)?;
    let references = references(&loaded.case);
    let threads = crate::forecast::threads(args.run.threads);
    let stop = crate::forecast::stop_on_interrupt();
    let judged = confidence::judgement(&loaded.case, &forecast, threads, stop);
    let mut assessed = confidence::suggest(&loaded, &forecast, &references, judged);
    if let (Some(level), Some(because)) = (args.confidence, &args.because) {
        assessed = assessed
            .with_override(level, because)
            .ok_or_else(|| Failure::Usage("`--because` is blank\n\nhint: say why".to_owned()))?;
    }
    let question = args.question.clone().unwrap_or_else(|| question_id(&loaded.case));
    let who = author(args.entry.author.as_deref());
    let mut new = fresh(LogKind::Update, &question, &loaded, &forecast, &references, &who)?;
    new.confidence = Some(assessed.level());
    new.tags.clone_from(&args.tags);
    let log = place.read()?;
    let before = standing(&log.entries, &question, new.as_of, None);
    new.trigger = args.trigger.clone().or_else(|| since(&loaded, before));
    new.rationale = args.entry.reason.clone();
    ask_reason(&mut new, before)?;
    append(&place, new, &args.entry, Some(&assessed))
}

/// `winset log reaffirm`
pub(super) fn reaffirm(args: &ReaffirmArgs) -> anyhow::Result<()> {
    let place = Place::of(args.case.as_deref())?;
    let loaded = place.load(args.as_of)?;
    let question = args.question.clone().unwrap_or_else(|| question_id(&loaded.case));
    let as_of = date(loaded.case.as_of)?;
    let log = place.read()?;
    let stands = standing(&log.entries, &question, as_of, None).ok_or_else(|| {
        let hint = "`winset log add` enters one";
        Failure::Invalid(format!(
            "no forecast of `{question}` stands on {as_of} to be reaffirmed\n\nhint: {hint}"
        ))
    })?;
    let made = now()?;
    let who = author(args.entry.author.as_deref());
    let mut new = LogStatement::new(LogKind::Reaffirm, &question, as_of, made, &who);
    (new.p, new.by, new.term) = (stands.p, stands.by, stands.term.clone());
    (new.confidence, new.tags) = (stands.confidence, stands.tags.clone());
    new.word(&loaded.case.question.text, &loaded.case.question.yes);
    if new.p.is_none() {
        new.cdf.clone_from(&stands.cdf);
    }
    new.delta_logit = new.p.map(|_| 0.0);
    new.references = referenced(&references(&loaded.case));
    new.rationale = args.entry.reason.clone();
    append(&place, new, &args.entry, None)
}

/// `winset log correct`
pub(super) fn correct(args: &CorrectArgs) -> anyhow::Result<()> {
    let place = Place::of(args.case.as_deref())?;
    let log = place.read()?;
    let old = find(&log.entries, &args.id).ok_or_else(|| unknown(&args.id))?;
    if args.entry.reason.as_deref().is_none_or(|r| r.trim().is_empty()) {
        let hint = "say what was wrong: `--reason \"…\"`";
        return Err(Failure::Usage(format!("a correction gives a reason\n\nhint: {hint}")).into());
    }
    if old.kind == LogKind::Resolution {
        let hint =
            format!("`winset resolve {} yes|no --on DAY --replaces {}`", old.question, old.id);
        let why = format!("{} is a resolution\n\nhint: {hint}", old.id);
        return Err(Failure::Usage(why).into());
    }
    let made = now()?;
    let who = author(args.entry.author.as_deref());
    let mut new = match args.p {
        Some(p) => {
            let mut new =
                LogStatement::new(LogKind::Correction, &old.question, old.as_of, made, &who);
            (new.p, new.by) = (Some(p), old.by);
            (new.text, new.yes) = (old.text.clone(), old.yes.clone());
            new.term = winset_page::words::Lexicon::Icd203A.band(p).map(|b| b.term.to_owned());
            new
        }
        None => {
            let loaded = place.load(Some(Day::from_date(old.as_of)))?;
            let forecast = whole(&loaded, args.run)?;
            let references = references(&loaded.case);
            let kind = LogKind::Correction;
            fresh(kind, &old.question, &loaded, &forecast, &references, &who)?
        }
    };
    (new.confidence, new.tags) = (old.confidence, old.tags.clone());
    new.supersedes = Some(old.id.clone());
    new.delta_logit = old.p.zip(new.p).map(|(before, p)| delta_logit(before, p));
    new.rationale = args.entry.reason.clone();
    append(&place, new, &args.entry, None)
}

/// An entry that is not there.
pub(super) fn unknown(id: &str) -> anyhow::Error {
    let hint = "`winset log list` names the entries";
    Failure::Invalid(format!("there is no entry `{id}`\n\nhint: {hint}")).into()
}

/// A forecast of all its draws: one that was interrupted is not entered.
pub(super) fn whole(loaded: &ResolvedCase, run: RunArgs) -> anyhow::Result<Forecast> {
    match compute(&loaded.case, run, None)? {
        (forecast, false) => Ok(forecast),
        (_, true) => Err(Failure::Interrupted.into()),
    }
}

/// The civil date of a day.
pub(super) fn date(day: Day) -> anyhow::Result<Date> {
    day.date().with_context(|| format!("{day} is beyond the calendar"))
}

/// A statement of what a forecast says.
pub(super) fn fresh(
    kind: LogKind,
    question: &str,
    loaded: &ResolvedCase,
    forecast: &Forecast,
    references: &References,
    author: &str,
) -> anyhow::Result<LogStatement> {
    let case = &loaded.case;
    let made = now()?;
    let mut new = LogStatement::new(kind, question, date(case.as_of)?, made, author);
    let by = case.question.by.since(case.as_of).max(0) as usize;
    new.by = Some(date(case.question.by)?);
    new.word(&case.question.text, &case.question.yes);
    new.p = Some(forecast.answer.p);
    new.term = Some(forecast.answer.term.clone()).filter(|t| !t.is_empty());
    let mut so_far = 0.0_f64;
    for (k, row) in forecast.curve().iter().enumerate() {
        let day = k + 1;
        // Each day is rounded on its own: what has happened cannot be undone by it.
        so_far = so_far.max(row.p).min(1.0);
        if day <= by || (day - by).is_multiple_of(LATER) {
            new.cdf.push((date(case.as_of.plus(i32::try_from(day)?))?, so_far));
        }
    }
    new.model_version = Some(MODEL.to_owned());
    new.inputs_hash = Some(forecast.fingerprint.clone());
    (new.seed, new.draws) = (Some(forecast.seed), Some(forecast.draws));
    new.references = referenced(references);
    Ok(new)
}

fn referenced(r: &References) -> std::collections::BTreeMap<String, f64> {
    let base = r.base_rate.map(|p| ("base rate".to_owned(), p));
    base.into_iter().chain([("zone-free model".to_owned(), r.zone_free)]).collect()
}

/// The record's entries since the forecast before, as what led to this one.
pub(super) fn since(loaded: &ResolvedCase, before: Option<&LogEntry>) -> Option<String> {
    let last = Day::from_date(before?.as_of);
    let new = loaded.record.as_of(loaded.case.as_of).filter(|e| {
        let seen = e.entered.max(e.said.latest);
        seen > last
    });
    let ids: Vec<&str> = new.map(|e| e.id.as_str()).collect();
    (!ids.is_empty()).then(|| ids.join(", "))
}

/// Asks for a reason where the number moves ten points; without a terminal that is an error.
fn ask_reason(new: &mut LogStatement, before: Option<&LogEntry>) -> anyhow::Result<()> {
    let Some((old, p)) = before.and_then(|b| b.p).zip(new.p) else { return Ok(()) };
    if !needs_reason(old, p) || new.has_reason() {
        return Ok(());
    }
    let percent = |x: f64| (100.0 * x).round();
    let moves = format!("the number moves from {} % to {} %", percent(old), percent(p));
    let refused = || {
        let hint = "say why: `--reason \"…\"`";
        Failure::Usage(format!("{moves} and needs a reason\n\nhint: {hint}"))
    };
    if !std::io::stdin().is_terminal() {
        return Err(refused().into());
    }
    let _ = write!(std::io::stderr(), "{moves}. Why? ");
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    new.rationale = Some(line.trim().to_owned());
    if new.has_reason() { Ok(()) } else { Err(refused().into()) }
}

/// Appends and acknowledges: what is printed is on disk.
pub(crate) fn append(
    place: &Place,
    mut new: LogStatement,
    args: &EntryArgs,
    assessed: Option<&Assessed>,
) -> anyhow::Result<()> {
    let (mut writer, state) = Writer::open(&place.log, args.wait.time()).map_err(failed)?;
    opened(&state);
    if new.kind == LogKind::Update {
        // Seen under the lock: another writer may have come in between.
        let before = standing(&writer.log().entries, &new.question, new.as_of, None);
        let old = before.and_then(|b| b.p).zip(new.p);
        new.delta_logit = old.map(|(old, p)| delta_logit(old, p));
        if old.is_some_and(|(old, p)| needs_reason(old, p)) && !new.has_reason() {
            let hint = "look at it and add yours again, with `--reason \"…\"`";
            let why = "another writer has entered a number ten points away";
            return Err(Failure::Refused(format!("{why}\n\nhint: {hint}")).into());
        }
    }
    let today = new.made_at.to_zoned(TimeZone::UTC).date();
    let remarked: Vec<EntryRemark> = {
        let entries = &writer.log().entries;
        let mut all = remarks(entries, Some(&new), today);
        all.extend(writer.log().unproved.map(|what| unproved(what, &new.question)));
        // How late the entry comes is worth saying, too.
        all.extend(
            remarks(entries, None, today).into_iter().filter(|r| r.question == new.question),
        );
        all
    };
    let entry = writer.append(new).map_err(failed)?;
    if let Some(e) = writer.note_error() {
        say!("warning: the head note could not be renewed: {e}; the entry is safe");
    }
    let report = EnteredReport::new(entry, writer.log().head(), assessed, &remarked);
    if !wants_json() {
        said(&remarked);
    }
    let what = format!("{} is in the log", report.entry.id);
    unprinted(&what, print(&report, || report.document()))
}
