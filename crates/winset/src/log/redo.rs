//! Replaying: entries computed again, and a case told anew day by day.

use std::path::Path;
use std::time::Duration;

use winset_files::case::{CaseFiles, ResolvedCase, load, open};
use winset_files::diagnostic::{Findings, Severity};
use winset_files::log::{LogEntry, LogKind, Replayed, Writer, find, replay};
use winset_files::start::{GIT_ATTRIBUTES, start};
use winset_methods::score::delta_logit;
use winset_model::case::{CalendarEntry, Day};
use winset_model::forecast::{MODEL, UnseenDate, references};
use winset_page::text::quoted;
use winset_report::log::{DailyReport, ReplayReport, ReplayRow};
use winset_report::names::Names;

use super::ReplayArgs;
use super::add::{fresh, since, unknown, whole};
use super::place::{Place, failed, question_id};
use super::read::id_and_case;
use crate::cli::RunArgs;
use crate::exit::{Failure, judged};
use crate::input;
use crate::new::made;
use crate::output::{print, say, unprinted, wants_json};

/// Reads a case as of a day without a word; the first error if it cannot be told from then.
pub(super) fn as_of(place: &Place, day: Day) -> Result<ResolvedCase, String> {
    let mut findings = Findings::default();
    let files = open(place.case()?, &mut findings).map_err(|e| e.to_string())?;
    quiet(&files, day)
}

fn quiet(files: &CaseFiles, day: Day) -> Result<ResolvedCase, String> {
    let mut findings = Findings::default();
    load(files, Some(day), &[], &mut findings).ok_or_else(|| {
        let first = findings.list.iter().find(|d| d.severity == Severity::Error);
        first.map_or_else(|| "the case has errors".to_owned(), |d| d.message.clone())
    })
}

/// `winset log replay`: the same number again, another one, or why it cannot be had.
pub(super) fn again(args: &ReplayArgs) -> anyhow::Result<()> {
    let (id, case) = id_and_case(&args.what)?;
    let place = Place::of(case)?;
    let log = place.read()?;
    let entries: Vec<&LogEntry> = match &id {
        Some(id) => vec![find(&log.entries, id).ok_or_else(|| unknown(id))?],
        None => log.entries.iter().filter(|e| e.kind != LogKind::Resolution).collect(),
    };
    let mut rows = Vec::new();
    for entry in entries {
        rows.push(one(&place, entry, args));
    }
    let lost = rows.iter().filter(|row| row.is_fault()).count();
    let report = ReplayReport { schema: "winset/log-replay/1", entries: rows };
    let printed = print(&report, || report.document());
    if lost > 0 && !wants_json() {
        let of = report.entries.len();
        say!("{lost} of {of} not computed again as entered");
    }
    judged(printed, lost == 0)
}

/// An entry computed again, and whether the question was worded anew since.
fn one(place: &Place, entry: &LogEntry, args: &ReplayArgs) -> ReplayRow {
    let loaded = match as_of(place, Day::from_date(entry.as_of)) {
        Ok(loaded) => loaded,
        Err(why) => {
            let why = format!("the case as it is now: {why}");
            let was_computed = entry.inputs_hash.is_some();
            return ReplayRow::new(entry, &Replayed::Cannot { why, was_computed }, None);
        }
    };
    let now = loaded.case.fingerprint();
    let replayed = replay(entry, MODEL, &now, |seed, draws| {
        let run = RunArgs { seed, draws, ..args.run };
        whole(&loaded, run).map(|f| f.answer.p).map_err(|e| e.to_string())
    });
    ReplayRow::new(entry, &replayed, Some(&loaded.case.question))
}

/// `winset log replay --daily`: the case told from each day of a period, into a new folder.
pub(super) fn daily(args: &ReplayArgs) -> anyhow::Result<()> {
    let (id, case) = id_and_case(&args.what)?;
    let (Some(from), Some(to), Some(out), None) = (args.from, args.to, &args.out, id) else {
        let why = "a daily replay takes a case, `--from`, `--to` and `-o`, and no entry";
        return Err(Failure::Usage(why.to_owned()).into());
    };
    if from > to {
        let why = format!("{from} comes after {to}\n\nhint: give the first day in `--from`");
        return Err(Failure::Usage(why).into());
    }
    let mut findings = Findings::default();
    let files = input::files(case, &mut findings, wants_json())?;
    // Both ends are tried before anything is written.
    for day in [from, to] {
        let told = quiet(&files, day).map_err(|why| {
            Failure::Invalid(format!("the case cannot be told from {day}: {why}"))
        })?;
        if day >= told.case.question.by {
            let hint = format!("end on {}", told.case.question.by.plus(-1));
            let why = format!("nothing is left to forecast on {day}\n\nhint: {hint}");
            return Err(Failure::Invalid(why).into());
        }
    }
    copy(&files, out)?;
    let log = out.join("log.jsonl");
    let (mut writer, _) = Writer::open(&log, Duration::ZERO).map_err(failed)?;
    let first = quiet(&files, from).map_err(Failure::Invalid)?.case;
    let mut before: Option<LogEntry> = None;
    let mut day = from;
    while day <= to {
        let loaded = quiet(&files, day).map_err(Failure::Invalid)?;
        let forecast = whole(&loaded, args.run)?;
        let question = question_id(&loaded.case);
        let references = references(&loaded.case);
        let mut new = fresh(LogKind::Update, &question, &loaded, &forecast, &references, "replay")?;
        new.tags = vec![winset_report::score::HINDSIGHT.to_owned()];
        new.trigger = since(&loaded, before.as_ref());
        new.rationale = Some(format!("told from {day} after the fact; nobody said this then"));
        let old = before.as_ref().and_then(|b| b.p).zip(new.p);
        new.delta_logit = old.map(|(old, p)| delta_logit(old, p));
        let entry = writer.append(new).map_err(failed)?;
        before = Some(entry);
        day = day.plus(1);
    }
    let report = DailyReport {
        schema: "winset/log-daily/1",
        hindsight: true,
        folder: out.display().to_string(),
        entries: writer.log().entries.clone(),
        unseen: first.unseen.iter().map(UnseenDate::new).collect(),
    };
    let document = || {
        let names = Names::new(&first);
        let line = |e: &CalendarEntry| {
            format!("not known before {}: {} on {}", e.known, quoted(&names.date(&e.id)), e.on)
        };
        let unseen: Vec<String> = first.unseen.iter().map(line).collect();
        report.document(&unseen)
    };
    unprinted(&format!("{} was made", report.folder), print(&report, document))
}

/// Puts a copy of the case into a folder that holds none.
fn copy(files: &CaseFiles, out: &Path) -> anyhow::Result<()> {
    for name in ["case.toml", "record.csv", "log.jsonl"] {
        if out.join(name).exists() {
            let hint = "name a new folder";
            let why = format!("{} already holds {name}\n\nhint: {hint}", out.display());
            return Err(Failure::Refused(why).into());
        }
    }
    let record = files.record.as_ref().map(|r| ("record.csv", r.text.as_str()));
    let case = std::iter::once(("case.toml", files.case.text.as_str())).chain(record);
    let tables = files.tables.iter().map(|(name, source)| (name.as_str(), source.text.as_str()));
    let texts: Vec<(&str, &str)> = case.chain(tables).chain([GIT_ATTRIBUTES]).collect();
    made(out, start(out, &texts)).map(drop)
}
