//! Reading: the list, one entry, a day, the chain.

use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use winset_files::log::{Log, Unproved, find, questions, remarks, said_on};
use winset_model::case::Day;
use winset_report::log::{ChainReport, DayReplay, DayReport, EntryReport, LogReport, text};

use super::add::{date, unknown, whole};
use super::place::{Place, now, question_id, said};
use super::{ReadArgs, ShowArgs, VerifyArgs};
use crate::exit::Failure;
use crate::output::{print_json, say, wants_json};

/// Says on stderr what is stale as of today.
fn remark(log: &Log) {
    // What is stale cannot be said by a broken clock; the log can be read all the same.
    let Ok(now) = now() else { return };
    let today = now.to_zoned(TimeZone::UTC).date();
    said(&remarks(&log.entries, None, today));
}

/// `winset log list`
pub(super) fn list(args: &ReadArgs) -> anyhow::Result<()> {
    let log = Place::to_read(args.case.as_deref())?.read()?;
    let mut out = crate::output::door();
    if wants_json() {
        print_json(&mut out, &LogReport::new(&log))?;
    } else {
        remark(&log);
        out.write_all(text::list(&log.entries).as_bytes())?;
    }
    Ok(())
}

/// `winset log verify`
pub(super) fn verify(args: &VerifyArgs) -> anyhow::Result<()> {
    let place = Place::to_read(args.case.as_deref())?;
    let mut log = winset_files::log::read(&place.log).map_err(super::failed)?;
    for head in &args.head {
        log.hold_against(head);
    }
    let head = log.head();
    let mut out = crate::output::door();
    if wants_json() {
        print_json(&mut out, &ChainReport::new(&log))?;
    } else {
        for problem in &log.problems {
            writeln!(out, "{problem}")?;
        }
        if let Some(tail) = &log.tail {
            writeln!(out, "{tail}")?;
        }
        if let Some(unproved) = log.unproved {
            writeln!(out, "{unproved}")?;
        }
        if log.verifies() {
            let n = head.entries;
            let plural = if n == 1 { "entry" } else { "entries" };
            writeln!(out, "{n} {plural}, the chain verifies, head {head}")?;
        } else if let Some(first) = log.problems.first() {
            say!("\nhint: {}", first.hint());
        }
        if let (true, Some(Unproved::Note)) = (log.verifies(), log.unproved) {
            say!(
                "\nhint: hold it against a head you kept: `winset log verify --head N:HASH`; the next entry renews the note"
            );
        }
    }
    out.flush()?;
    // Nobody leaves a note that is none by adding an entry.
    let unproved = log.unproved.filter(|u| args.strict || *u == Unproved::Note);
    if log.verifies() && unproved.is_none() { Ok(()) } else { Err(Failure::Explained.into()) }
}

/// Takes `[ID] [CASE]` apart: an id is `f7`, or eight or more digits of a hash.
pub(super) fn id_and_case(what: &[PathBuf]) -> anyhow::Result<(Option<String>, Option<&Path>)> {
    let is_id = |text: &str| {
        let number = text
            .strip_prefix('f')
            .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
        number || (text.len() >= 8 && text.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    let id = |p: &PathBuf| p.to_str().filter(|t| is_id(t)).map(str::to_owned);
    match what {
        [] => Ok((None, None)),
        [one] => match id(one) {
            Some(id) => Ok((Some(id), None)),
            None => Ok((None, Some(one))),
        },
        [first, second, ..] => match id(first) {
            Some(id) => Ok((Some(id), Some(second))),
            None => {
                let why = format!("`{}` is no entry's id", first.display());
                let hint = "the id comes first: `winset log show f3 CASE`";
                Err(Failure::Usage(format!("{why}\n\nhint: {hint}")).into())
            }
        },
    }
}

/// `winset log show`
pub(super) fn show(args: &ShowArgs) -> anyhow::Result<()> {
    let (id, case) = id_and_case(&args.what)?;
    let place = Place::to_read(case)?;
    let log = place.read()?;
    if let Some(on) = args.on {
        return day(args, &place, &log, on);
    }
    let entry = match &id {
        Some(id) => find(&log.entries, id).ok_or_else(|| unknown(id))?,
        None => log.entries.last().ok_or_else(|| {
            Failure::Invalid("the log is empty\n\nhint: `winset log add` enters a forecast".into())
        })?,
    };
    let mut out = crate::output::door();
    if wants_json() {
        print_json(&mut out, &EntryReport::new(entry))?;
    } else {
        out.write_all(text::entry(entry).as_bytes())?;
    }
    Ok(())
}

/// What was said on a day, what was told of it later, and what the case as it is now says of it.
fn day(args: &ShowArgs, place: &Place, log: &Log, on: Day) -> anyhow::Result<()> {
    // A case that cannot be told from that day leaves the log's answer standing.
    let told = super::redo::as_of(place, on);
    let named = args.question.clone();
    let question = match (named, &told) {
        (Some(question), _) => question,
        (None, Ok(loaded)) => question_id(&loaded.case),
        (None, Err(_)) => questions(&log.entries).last().map_or_else(String::new, |q| (*q).into()),
    };
    let answer = said_on(&log.entries, &question, date(on)?);
    let (replay, replay_reason) = match told {
        Ok(loaded) => (Some(DayReplay::new(&whole(&loaded, args.run)?)), None),
        Err(why) => (None, Some(why)),
    };
    let report = DayReport {
        schema: "winset/log-day/1",
        on,
        question,
        said: answer.said.cloned(),
        told_later: answer.told_later.into_iter().cloned().collect(),
        replay,
        replay_reason,
    };
    let mut out = crate::output::door();
    if wants_json() {
        print_json(&mut out, &report)?;
    } else {
        out.write_all(text::day(&report).as_bytes())?;
    }
    Ok(())
}
