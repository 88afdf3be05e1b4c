//! The log on a terminal: 80 columns, no colour needed.

use std::fmt::Write;

use winset_files::log::{LogEntry, LogKind};
use winset_page::words::{Lexicon, percent, phrase};

use super::{DayReport, EnteredReport};

/// The day it was made.
fn made_on(e: &LogEntry) -> String {
    e.made_at.to_string().chars().take(10).collect()
}

/// The number in per cent, or how the question ended.
fn says(e: &LogEntry) -> String {
    match (e.p, e.outcome) {
        (Some(p), _) => percent(p).unwrap_or_default(),
        (None, Some(outcome)) => outcome.word().to_owned(),
        (None, None) => "dates".to_owned(),
    }
}

/// The probability in words, with its band and number.
fn likelihood(p: f64) -> String {
    phrase(Lexicon::Icd203A, p).unwrap_or_default()
}

/// The list of a log's entries, a line each.
pub fn list(rows: &[LogEntry]) -> String {
    if rows.is_empty() {
        return "no entries; `winset log add` enters a forecast\n".to_owned();
    }
    let mut out = String::new();
    let mut question = "";
    for r in rows {
        if r.question != question {
            question = &r.question;
            let _ = writeln!(out, "{question}");
            let _ = writeln!(
                out,
                "  {:<5} {:<10}  {:<10}  {:<10}  {:>6}",
                "id", "told from", "made", "kind", "says"
            );
        }
        let note = r.rationale.as_deref().unwrap_or_default();
        let note: String = note.chars().take(28).collect();
        let line = format!(
            "  {:<5} {:<10}  {:<10}  {:<10}  {:>6}  {note}",
            r.id,
            r.as_of,
            made_on(r),
            r.kind.word(),
            says(r)
        );
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}

/// What is answered once an entry is on disk.
pub fn entered(report: &EnteredReport) -> String {
    let (r, confidence) = (&report.entry, report.confidence.as_ref());
    let mut out = String::new();
    let _ = writeln!(out, "{} is in the log: {} of {}", r.id, r.kind.word(), r.question);
    if let Some(p) = r.p {
        let by = r.by.map_or_else(String::new, |by| format!(", by {by}"));
        let _ = writeln!(out, "{}{by}, told from {}", likelihood(p), r.as_of);
    }
    if let (Some(outcome), Some(on)) = (r.outcome, r.resolved_on) {
        let _ = writeln!(out, "{}, on {on}", outcome.word());
    }
    if let Some(level) = r.confidence {
        let _ = writeln!(out, "confidence: {}", level.word());
    }
    if let Some(c) = confidence {
        for r in &c.reasons {
            let verb = if r.caps { "at most" } else { "supports" };
            let _ = writeln!(out, "  - {} ({verb} {})", r.text, r.level.word());
        }
        for meaning in crate::confidence::DEFINITIONS {
            for line in winset_page::text::wrapped(meaning, 76) {
                let _ = writeln!(out, "  {line}");
            }
        }
        if let Some(why) = &c.overridden_because {
            let (suggested, stated) = (c.suggested.word(), c.level.word());
            let _ = writeln!(out, "  - suggested {suggested}, stated {stated}: {why}");
        }
    }
    let _ = writeln!(out, "head {}", report.head);
    out
}

/// One entry in full.
pub fn entry(r: &LogEntry) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}  {} of {}", r.id, r.kind.word(), r.question);
    let mut line = |name: &str, text: Option<String>| {
        if let Some(text) = text {
            let _ = writeln!(out, "  {name:<12} {text}");
        }
    };
    line("says", r.p.map(likelihood));
    line("by", r.by.map(|d| d.to_string()));
    line("asks", r.text.clone());
    line("yes if", r.yes.clone());
    line("outcome", r.outcome.map(|o| o.word().to_owned()));
    line("on", r.resolved_on.map(|d| d.to_string()));
    line("told from", Some(r.as_of.to_string()));
    line("made at", Some(r.made_at.to_string()));
    line("author", Some(r.author.clone()));
    line("confidence", r.confidence.map(|c| c.word().to_owned()));
    line("move", r.delta_logit.map(|d| format!("{d:+.2} in log-odds")));
    line("trigger", r.trigger.clone());
    line("reason", r.rationale.clone());
    line("replaces", r.supersedes.clone());
    for (name, p) in &r.references {
        line(name, percent(*p));
    }
    line("tags", (!r.tags.is_empty()).then(|| r.tags.join(", ")));
    line("computed", computed(r));
    line("hash", Some(r.hash.clone()));
    out
}

/// What it takes to compute an entry again.
fn computed(e: &LogEntry) -> Option<String> {
    let ((hash, seed), draws) = e.inputs_hash.clone().zip(e.seed).zip(e.draws)?;
    let version = e.model_version.clone().unwrap_or_default();
    Some(format!("fingerprint {hash}, seed {seed}, {draws} draws, model {version}"))
}

/// The three answers to "what would we have said on this day?", each under its own name.
pub fn day(v: &DayReport) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{} on {}", v.question, v.on);
    match &v.said {
        Some(r) => {
            let what = r.p.map_or_else(|| says(r), likelihood);
            let _ = writeln!(out, "  said then    {what}");
            let _ = writeln!(
                out,
                "               {} by {}, told from {}, made {}",
                r.id,
                r.author,
                r.as_of,
                made_on(r)
            );
        }
        None => {
            let _ = writeln!(out, "  said then    nothing: no entry was made by that day");
        }
    }
    // The last is told from the latest date; the rest is in the list.
    let later: Vec<&LogEntry> =
        v.told_later.iter().filter(|e| e.kind != LogKind::Resolution).collect();
    if let Some(r) = later.last() {
        let what = r.p.map_or_else(|| says(r), likelihood);
        let n = later.len();
        let _ = writeln!(out, "  told later   {what}");
        let more = if n > 1 { format!(", the last of {n}") } else { String::new() };
        let _ = writeln!(
            out,
            "               {} told from {}, made {}{more}: not to be quoted as said then",
            r.id,
            r.as_of,
            made_on(r)
        );
    }
    match &v.replay {
        Some(replay) => {
            let _ = writeln!(out, "  replay       {}", likelihood(replay.p));
            let _ = writeln!(
                out,
                "               the case as it is now, told from {}, version {}",
                v.on, replay.version
            );
        }
        None => {
            let why = v.replay_reason.as_deref().unwrap_or_default();
            let _ = writeln!(out, "  replay       none: {why}");
        }
    }
    out
}

/// A case told anew day by day: the days on which the number moved a point or more, and what of the
/// calendar the first day does not see, a line each.
pub fn replayed(rows: &[LogEntry], folder: &str, unseen: &[String]) -> String {
    let mut out = String::new();
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return out };
    let _ = writeln!(
        out,
        "{}: {} entries from {} to {}",
        first.question,
        rows.len(),
        first.as_of,
        last.as_of
    );
    let _ = writeln!(out, "coded with hindsight: nobody said this then");
    for line in unseen {
        let _ = writeln!(out, "{line}");
    }
    out.push('\n');
    let whole = |p: Option<f64>| p.map_or(0.0, |p| (100.0 * p).round());
    let mut shown: Option<f64> = None;
    for (k, r) in rows.iter().enumerate() {
        let p = whole(r.p);
        if shown != Some(p) || k + 1 == rows.len() {
            let trigger = r.trigger.as_deref().unwrap_or_default();
            let line = format!("  {}  {:>5}  {trigger}", r.as_of, says(r));
            let _ = writeln!(out, "{}", line.trim_end());
            shown = Some(p);
        }
    }
    let _ =
        writeln!(out, "\nnext: winset resolve {} yes|no --on DAY --case {folder}", first.question);
    let _ = writeln!(out, "      winset score {folder} --replayed");
    out
}

#[cfg(test)]
mod tests {
    use winset_files::log::LogStatement;
    use winset_model::case::Day;

    use super::super::DayReplay;
    use super::*;

    fn row() -> LogEntry {
        let at = "2025-04-19T08:00:00Z".parse().expect("a moment");
        let day = "2025-04-18".parse().expect("a day");
        let mut told = LogStatement::new(LogKind::Update, "deal-by-june", day, at, "ada");
        told.p = Some(0.4);
        LogEntry {
            id: "f1".to_owned(),
            statement: told,
            prev_hash: String::new(),
            hash: String::new(),
        }
    }

    #[test]
    fn the_three_answers_of_a_day_are_told_apart() {
        let replay = DayReplay {
            p: 0.08,
            lo: 0.05,
            hi: 0.1,
            term: String::new(),
            fingerprint: String::new(),
            version: "0.1.0".to_owned(),
        };
        let report = DayReport {
            schema: "winset/log-day/1",
            on: Day::parse("2025-04-18").expect("a day"),
            question: "deal-by-june".to_owned(),
            said: None,
            told_later: vec![row()],
            replay: Some(replay),
            replay_reason: None,
        };
        let text = day(&report);
        assert!(text.contains("said then    nothing"), "{text}");
        assert!(text.contains("told later   unlikely (20–45 %; model 40 %)"), "{text}");
        assert!(text.contains("replay       very unlikely (5–20 %; model 8 %)"), "{text}");
        let why = Some("no record".to_owned());
        let none = DayReport { replay: None, replay_reason: why, said: Some(row()), ..report };
        assert!(day(&none).contains("replay       none: no record"));
    }

    #[test]
    fn lists_stay_within_eighty_columns() {
        let mut long = row();
        long.statement.rationale = Some("ü".repeat(300));
        let text = list(&[row(), long]);
        assert!(text.lines().all(|l| l.chars().count() <= 80), "{text}");
        assert_eq!(text.lines().filter(|l| l.starts_with("  f1")).count(), 2);
        assert!(list(&[]).contains("winset log add"));
    }
}
