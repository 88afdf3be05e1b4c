//! What is said of a log: the list, one entry, a day, the chain, what was entered or computed again.

use winset_files::log::{LogEntry, LogKind, Unproved};
use winset_page::document::{Block, Document, Section, Table};
use winset_page::text::{count, cut};
use winset_page::words::{Lexicon, percent, phrase};

use crate::confidence::DEFINITIONS;

use super::{
    ChainReport, DailyReport, DayReport, EnteredReport, EntryReport, LogReport, ReplayReport,
};

/// Columns of a note in the list; `log show` has it whole.
const NOTE: usize = 28;

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

/// The number in words, or how the question ended.
fn spelt(e: &LogEntry) -> String {
    e.p.map_or_else(|| says(e), likelihood)
}

/// Facts under a title, and what else there is to say.
fn facts(title: String, facts: Vec<(&str, Option<String>)>, blocks: Vec<Block>) -> Document {
    let facts = facts.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?)));
    let sections = match blocks.is_empty() {
        true => Vec::new(),
        false => vec![Section::new("more", "", blocks)],
    };
    Document { title, facts: facts.collect(), sections, ..Document::default() }
}

impl LogReport {
    /// The entries, a line each, by question.
    pub fn document(&self) -> Document {
        if self.entries.is_empty() {
            let title = "no entries; `winset log add` enters a forecast".to_owned();
            return Document { title, ..Document::default() };
        }
        let head = [
            ("id", false),
            ("told from", false),
            ("made", false),
            ("kind", false),
            ("says", true),
            ("why", false),
        ];
        let row = |e: &LogEntry| {
            let why = cut(e.rationale.as_deref().unwrap_or_default(), NOTE);
            let kind = e.kind.word().to_owned();
            vec![e.id.clone(), e.as_of.to_string(), made_on(e), kind, says(e), why]
        };
        let table = |entries: &[LogEntry]| {
            let rows = entries.iter().map(row).collect();
            Block::Table(Table::new(entries[0].question.clone(), &head, rows))
        };
        let tables = self.entries.chunk_by(|a, b| a.question == b.question).map(table);
        facts(count(self.entries.len(), "entry", "entries"), Vec::new(), tables.collect())
    }
}

impl EnteredReport {
    /// What is answered once an entry is on disk.
    pub fn document(&self) -> Document {
        let e = &self.entry;
        let title = format!("{} is in the log: {} of {}", e.id, e.kind.word(), e.question);
        let said = e.p.map(|p| {
            let by = e.by.map_or_else(String::new, |by| format!(", by {by}"));
            format!("{}{by}, told from {}", likelihood(p), e.as_of)
        });
        let ended = e.outcome.zip(e.resolved_on).map(|(o, on)| format!("{}, on {on}", o.word()));
        let confidence = e.confidence.map(|level| level.word().to_owned());
        let mut reasons = Vec::new();
        if let Some(c) = &self.confidence {
            reasons.extend(c.reasons.iter().map(|r| {
                let verb = if r.caps { "at most" } else { "supports" };
                format!("{} ({verb} {})", r.text, r.level.word())
            }));
            reasons.extend(c.overridden_because.as_ref().map(|why| {
                format!("suggested {}, stated {}: {why}", c.suggested.word(), c.level.word())
            }));
        }
        let blocks = match reasons.is_empty() {
            true => Vec::new(),
            false => vec![
                Block::Note("The confidence rests on:".into()),
                Block::List(reasons),
                Block::Note(DEFINITIONS.join(" ")),
            ],
        };
        let named = vec![
            ("says", said),
            ("outcome", ended),
            ("confidence", confidence),
            ("head", Some(self.head.to_string())),
        ];
        facts(title, named, blocks)
    }
}

impl EntryReport {
    /// One entry in full.
    pub fn document(&self) -> Document {
        let e = &self.entry;
        let mut named = vec![
            ("says", e.p.map(likelihood)),
            ("by", e.by.map(|d| d.to_string())),
            ("asks", e.text.clone()),
            ("yes if", e.yes.clone()),
            ("outcome", e.outcome.map(|o| o.word().to_owned())),
            ("on", e.resolved_on.map(|d| d.to_string())),
            ("told from", Some(e.as_of.to_string())),
            ("made at", Some(e.made_at.to_string())),
            ("author", Some(e.author.clone())),
            ("confidence", e.confidence.map(|c| c.word().to_owned())),
            ("move", e.delta_logit.map(|d| format!("{d:+.2} in log-odds"))),
            ("trigger", e.trigger.clone()),
            ("reason", e.rationale.clone()),
            ("replaces", e.supersedes.clone()),
        ];
        named.extend(e.references.iter().map(|(name, p)| (name.as_str(), percent(*p))));
        named.extend([
            ("tags", (!e.tags.is_empty()).then(|| e.tags.join(", "))),
            ("computed", computed(e)),
            ("hash", Some(e.hash.clone())),
        ]);
        facts(format!("{}: {} of {}", e.id, e.kind.word(), e.question), named, Vec::new())
    }
}

/// What it takes to compute an entry again.
fn computed(e: &LogEntry) -> Option<String> {
    let ((hash, seed), draws) = e.inputs_hash.clone().zip(e.seed).zip(e.draws)?;
    let version = e.model_version.clone().unwrap_or_default();
    Some(format!("fingerprint {hash}, seed {seed}, {draws} draws, model {version}"))
}

impl DayReport {
    /// The three answers to "what would we have said on this day?", each under its own name.
    pub fn document(&self) -> Document {
        let said = match &self.said {
            Some(e) => {
                let by = &e.author;
                let (id, from, made) = (&e.id, e.as_of, made_on(e));
                format!("{}: {id} by {by}, told from {from}, made {made}", spelt(e))
            }
            None => "nothing: no entry was made by that day".to_owned(),
        };
        // The last is told from the latest date; the rest is in the list.
        let told = |e: &&LogEntry| e.kind != LogKind::Resolution;
        let later: Vec<&LogEntry> = self.told_later.iter().filter(told).collect();
        let told_later = later.last().map(|e| {
            let n = later.len();
            let more = if n > 1 { format!(", the last of {n}") } else { String::new() };
            let (id, from, made) = (&e.id, e.as_of, made_on(e));
            let of = format!("{}: {id} told from {from}, made {made}{more}", spelt(e));
            format!("{of}: not to be quoted as said then")
        });
        let replay = match &self.replay {
            Some(replay) => {
                let (p, version) = (likelihood(replay.p), &replay.version);
                format!("{p}: the case as it is now, told from {}, version {version}", self.on)
            }
            None => format!("none: {}", self.replay_reason.as_deref().unwrap_or_default()),
        };
        let named =
            vec![("said then", Some(said)), ("told later", told_later), ("replay", Some(replay))];
        facts(format!("{} on {}", self.question, self.on), named, Vec::new())
    }
}

impl ChainReport {
    /// Whether the chain holds, and what it cannot prove.
    pub fn document(&self) -> Document {
        let mut found: Vec<String> = self.problems.iter().map(|p| p.message.clone()).collect();
        found.extend(self.limits.torn_tail.clone());
        found.extend(self.limits.unproved.map(|what| what.to_string()));
        let entries = count(self.head.entries, "entry", "entries");
        let title = match self.verifies {
            true => format!("{entries}, the chain verifies"),
            false => format!("{entries}, the chain does not verify"),
        };
        let head = self.verifies.then(|| self.head.to_string());
        let blocks = if found.is_empty() { Vec::new() } else { vec![Block::List(found)] };
        facts(title, vec![("head", head)], blocks)
    }

    /// What to do about what was found, if anything can be done.
    pub fn hint(&self) -> Option<&'static str> {
        match self.problems.first() {
            Some(first) => Some(first.hint),
            None if self.limits.unproved == Some(Unproved::Note) => Some(
                "hold it against a head you kept: `winset log verify --head N:HASH`; the next \
                 entry renews the note",
            ),
            None => None,
        }
    }
}

impl ReplayReport {
    /// What came of computing each entry again, a line each.
    pub fn document(&self) -> Document {
        if let [one] = self.entries.as_slice() {
            return facts(one.text(), Vec::new(), Vec::new());
        }
        let lines = self.entries.iter().map(|row| Block::Text(row.text())).collect();
        let title = format!("{} computed again", count(self.entries.len(), "entry", "entries"));
        facts(title, Vec::new(), lines)
    }
}

impl DailyReport {
    /// A case told anew day by day: the days on which the number moved a point or more; `unseen` says
    /// what of the calendar the first day does not see.
    pub fn document(&self, unseen: &[String]) -> Document {
        let rows = &self.entries;
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
            return Document::default();
        };
        let entries = count(rows.len(), "entry", "entries");
        let title = format!("{}: {entries} from {} to {}", first.question, first.as_of, last.as_of);
        let whole = |e: &LogEntry| e.p.map_or(0.0, |p| (100.0 * p).round());
        let mut shown: Option<f64> = None;
        let mut moved = Vec::new();
        for (k, e) in rows.iter().enumerate() {
            if shown != Some(whole(e)) || k + 1 == rows.len() {
                let news = e.trigger.clone().unwrap_or_default();
                moved.push(vec![e.as_of.to_string(), says(e), news]);
                shown = Some(whole(e));
            }
        }
        let head = [("told from", false), ("says", true), ("came in", false)];
        let mut blocks = vec![Block::Text("coded with hindsight: nobody said this then".into())];
        blocks.extend(unseen.iter().cloned().map(Block::Text));
        let table = Block::Table(Table::new("", &head, moved));
        let resolve =
            format!("winset resolve {} yes|no --on DAY --case {}", first.question, self.folder);
        let next = [resolve, format!("winset score {} --replayed", self.folder)];
        let sections = vec![
            Section::new("about", "", blocks),
            Section::new("moved", "Days on which the number moved", vec![table]),
            Section::new("next", "Next", next.into_iter().map(Block::Command).collect()),
        ];
        Document { title, sections, ..Document::default() }
    }
}

#[cfg(test)]
mod tests {
    use winset_files::log::LogStatement;
    use winset_model::case::Day;
    use winset_page::document::terminal;

    use super::super::{ChainState, DayReplay};
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
        let text = terminal(&report.document());
        assert!(text.contains("said then: nothing"), "{text}");
        assert!(text.contains("told later: unlikely (20–45 %; model 40 %)"), "{text}");
        assert!(text.contains("replay: very unlikely (5–20 %; model 8 %)"), "{text}");
        let why = Some("no record".to_owned());
        let none = DayReport { replay: None, replay_reason: why, said: Some(row()), ..report };
        assert!(terminal(&none.document()).contains("replay: none: no record"));
    }

    #[test]
    fn lists_stay_within_eighty_columns() {
        let mut long = row();
        long.statement.rationale = Some("ü".repeat(300));
        let log = winset_files::log::Log {
            entries: vec![row(), long],
            problems: Vec::new(),
            tail: None,
            unproved: None,
        };
        let text = terminal(&LogReport::new(&log).document());
        assert!(text.lines().all(|l| l.chars().count() <= 80), "{text}");
        assert_eq!(text.lines().filter(|l| l.starts_with("f1")).count(), 2, "{text}");
        let state = ChainState { head: log.head(), verifies: true };
        let empty = LogReport { schema: "winset/log/1", state, entries: Vec::new() };
        assert!(terminal(&empty.document()).contains("winset log add"));
    }
}
