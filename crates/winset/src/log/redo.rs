//! Replaying: entries computed again, and a case told anew day by day.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use winset_files::case::{CaseFiles, ResolvedCase, load, open};
use winset_files::diagnostic::{Findings, Severity};
use winset_files::log::{LogEntry, LogKind, Replayed, Writer, find, replay};
use winset_model::case::{CalendarEntry, Day};
use winset_model::forecast::{MODEL, UnseenDate, references};
use winset_model::score::delta_logit;
use winset_page::text::quoted;
use winset_report::log::{DailyReport, ReplayReport, ReplayRow, text};
use winset_report::names::Names;

use super::add::{fresh, since, unknown, whole};
use super::place::{Place, failed, question_id};
use super::read::id_and_case;
use super::{EntryArgs, ReplayArgs};
use crate::cli::RunArgs;
use crate::exit::Failure;
use crate::input;
use crate::output::{print_json, wants_json};

/// Reads a case as of a day without a word; the first error if it cannot be told from then.
pub(super) fn as_of(place: &Place, day: Day) -> Result<ResolvedCase, String> {
    let mut findings = Findings::default();
    let files = open(place.case(), &mut findings).map_err(|e| e.to_string())?;
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
        rows.push((entry, one(&place, entry, args)));
    }
    let differs = rows.iter().any(|(_, r)| matches!(r, Replayed::Differs { .. }));
    let entries = rows.iter().map(|(e, r)| ReplayRow::new(e, r)).collect();
    let report = ReplayReport { schema: "winset/log-replay/1", entries };
    let mut out = std::io::stdout().lock();
    if wants_json() {
        print_json(&mut out, &report)?;
    } else {
        for row in &report.entries {
            writeln!(out, "{}", row.text())?;
        }
    }
    out.flush()?;
    if differs { Err(Failure::Explained.into()) } else { Ok(()) }
}

fn one(place: &Place, entry: &LogEntry, args: &ReplayArgs) -> Replayed {
    let loaded = match as_of(place, Day::from_date(entry.as_of)) {
        Ok(loaded) => loaded,
        Err(why) => return Replayed::Cannot { why: format!("the case as it is now: {why}") },
    };
    let now = loaded.case.fingerprint();
    replay(entry, MODEL, &now, |seed, draws| {
        let run = RunArgs { seed, draws, ..args.run };
        whole(&loaded, run).map(|f| f.answer.p).map_err(|e| e.to_string())
    })
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
    let entry_args =
        EntryArgs { author: Some("replay".into()), reason: None, wait: 0, made_at: None };
    let first = quiet(&files, from).map_err(Failure::Invalid)?.case;
    let mut before: Option<LogEntry> = None;
    let mut day = from;
    while day <= to {
        let loaded = quiet(&files, day).map_err(Failure::Invalid)?;
        let forecast = whole(&loaded, args.run)?;
        let question = question_id(&loaded.case);
        let references = references(&loaded.case);
        let mut new =
            fresh(LogKind::Update, &question, &loaded, &forecast, &references, &entry_args)?;
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
    let mut stdout = std::io::stdout().lock();
    if wants_json() {
        print_json(&mut stdout, &report)?;
    } else {
        let names = Names::new(&first);
        let line = |e: &CalendarEntry| {
            format!("not known before {}: {} on {}", e.known, quoted(&names.date(&e.id)), e.on)
        };
        let unseen: Vec<String> = first.unseen.iter().map(line).collect();
        let text = text::replayed(&report.entries, &report.folder, &unseen);
        stdout.write_all(text.as_bytes())?;
    }
    Ok(())
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
    std::fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    let record = files.record.as_ref().map(|r| ("record.csv", r));
    let case = std::iter::once(("case.toml", &files.case)).chain(record);
    let tables = files.tables.iter().map(|(name, source)| (name.as_str(), source));
    for (name, source) in case.chain(tables) {
        let path = out.join(name);
        std::fs::write(&path, &source.text)
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}
