//! Reading: the list, one entry, a day, the chain.

use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use serde_json::json;
use winset_files::log::{Entry, Kind, Log, Unproved, find, questions, remarks, said_on};
use winset_model::case::Day;
use winset_report::log::text as book;

use super::add::{date, unknown, whole};
use super::place::{Place, now, question_id, said};
use super::{ReadArgs, ShowArgs};
use crate::exit::Failure;

/// An entry as the views see it.
pub(super) fn row(e: &Entry) -> book::Row {
    book::Row {
        id: e.id.clone(),
        question: e.question.clone(),
        kind: e.kind.word().to_owned(),
        as_of: e.as_of.to_string(),
        made_at: e.made_at.to_string(),
        author: e.author.clone(),
        by: e.by.map(|d| d.to_string()),
        p: e.p,
        confidence: e.confidence.map(|c| c.word().to_owned()),
        delta_logit: e.delta_logit,
        trigger: e.trigger.clone(),
        rationale: e.rationale.clone(),
        supersedes: e.supersedes.clone(),
        outcome: e.outcome.map(|o| o.word().to_owned()),
        resolved_on: e.resolved_on.map(|d| d.to_string()),
        references: e.references.iter().map(|(k, p)| (k.clone(), *p)).collect(),
        tags: e.tags.clone(),
        computed: e.inputs_hash.clone().zip(e.seed).zip(e.draws).map(|((hash, seed), draws)| {
            let version = e.model_version.clone().unwrap_or_default();
            format!("fingerprint {hash}, seed {seed}, {draws} draws, version {version}")
        }),
        hash: e.hash.clone(),
    }
}

/// Says on stderr what is stale as of today.
fn remark(log: &Log) {
    let today = now().to_zoned(TimeZone::UTC).date();
    said(&remarks(&log.entries, None, today));
}

/// `winset log list`
pub(super) fn list(args: &ReadArgs) -> anyhow::Result<()> {
    let log = Place::of(args.case.as_deref())?.read()?;
    let mut out = std::io::stdout().lock();
    if args.json {
        let report = json!({
            "schema": "winset/log/1", "head": log.head(), "verifies": log.verifies(),
            "entries": log.entries,
        });
        writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
    } else {
        remark(&log);
        let rows: Vec<book::Row> = log.entries.iter().map(row).collect();
        out.write_all(book::list(&rows).as_bytes())?;
    }
    Ok(())
}

/// `winset log verify`
pub(super) fn verify(args: &ReadArgs) -> anyhow::Result<()> {
    let place = Place::of(args.case.as_deref())?;
    let log = winset_files::log::read(&place.log).map_err(super::failed)?;
    let head = log.head();
    let mut out = std::io::stdout().lock();
    if args.json {
        let problems: Vec<_> = log
            .problems
            .iter()
            .map(|p| json!({ "line": p.line(), "message": p.to_string(), "hint": p.hint() }))
            .collect();
        let report = json!({
            "schema": "winset/log-verify/1", "verifies": log.verifies(), "head": head,
            "problems": problems, "torn_tail": log.tail.as_ref().map(ToString::to_string),
            "unproved": log.unproved,
        });
        writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
    } else {
        for problem in &log.problems {
            writeln!(out, "{problem}")?;
        }
        if let Some(tail) = &log.tail {
            writeln!(out, "{tail}")?;
        }
        if log.unproved == Some(Unproved::End) {
            writeln!(out, "there is no head note: entries dropped from the end would not show")?;
        }
        if log.verifies() {
            let n = head.entries;
            let plural = if n == 1 { "entry" } else { "entries" };
            writeln!(out, "{n} {plural}, the chain verifies, head {}", head.hash)?;
        } else if let Some(first) = log.problems.first() {
            eprintln!("\nhint: {}", first.hint());
        }
    }
    out.flush()?;
    if log.verifies() { Ok(()) } else { Err(Failure::Explained.into()) }
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
    let place = Place::of(case)?;
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
    let mut out = std::io::stdout().lock();
    if args.json {
        let report = json!({ "schema": "winset/log-show/1", "entry": entry });
        writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
    } else {
        out.write_all(book::entry(&row(entry)).as_bytes())?;
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
    let replay = match told {
        Ok(loaded) => {
            let forecast = whole(&loaded, args.run)?;
            Ok(forecast.answer).map(|a| (a, forecast.fingerprint, forecast.version))
        }
        Err(why) => Err(why),
    };
    let mut out = std::io::stdout().lock();
    if args.json {
        let (replayed, reason) = match &replay {
            Ok((a, fingerprint, version)) => (
                json!({ "p": a.p, "lo": a.lo, "hi": a.hi, "term": a.term,
                        "fingerprint": fingerprint, "version": version }),
                None,
            ),
            Err(why) => (serde_json::Value::Null, Some(why)),
        };
        let report = json!({
            "schema": "winset/log-day/1", "on": on, "question": question,
            "said": answer.said, "told_later": answer.told_later,
            "replay": replayed, "replay_reason": reason,
        });
        writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
    } else {
        let later = answer.told_later.iter().filter(|e| e.kind != Kind::Resolution);
        let view = book::DayView {
            on: on.to_string(),
            question,
            said: answer.said.map(row),
            told_later: later.map(|e| row(e)).collect(),
            replay: replay.map(|(a, _, version)| (a.p, version.to_owned())),
        };
        out.write_all(book::day(&view).as_bytes())?;
    }
    Ok(())
}
