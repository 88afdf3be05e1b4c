//! Reading: the list, one entry, a day, the chain.

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use winset_files::log::{Log, Unproved, find, questions, remarks, said_on};
use winset_model::case::Day;
use winset_report::log::{ChainReport, DayReplay, DayReport, EntryReport, LogReport};

use super::add::{date, unknown, whole};
use super::place::{Place, now, question_id, said};
use super::{ReadArgs, ShowArgs, VerifyArgs};
use crate::exit::{Failure, judged};
use crate::output::{print, say, wants_json};

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
    let report = LogReport::new(&log);
    if !wants_json() {
        remark(&log);
    }
    print(&report, || report.document())
}

/// `winset log verify`
pub(super) fn verify(args: &VerifyArgs) -> anyhow::Result<()> {
    let place = Place::to_read(args.case.as_deref())?;
    let mut log = winset_files::log::read(&place.log).map_err(super::failed)?;
    for head in &args.head {
        log.hold_against(head);
    }
    let report = ChainReport::new(&log);
    let printed = print(&report, || report.document());
    if let (false, Some(hint)) = (wants_json(), report.hint()) {
        say!("\nhint: {hint}");
    }
    // Nobody leaves a note that is none by adding an entry.
    let unproved = log.unproved.filter(|u| args.strict || *u == Unproved::Note);
    judged(printed, log.verifies() && unproved.is_none())
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
    let report = EntryReport::new(entry);
    print(&report, || report.document())
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
    print(&report, || report.document())
}
