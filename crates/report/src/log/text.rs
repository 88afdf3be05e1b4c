//! The log and the scores on a terminal: 80 columns, no colour needed.

use std::fmt::Write;

use winset_page::words::{Lexicon, percent, phrase};

/// An entry of the log; what does not apply is empty.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// The id, `f7`.
    pub id: String,
    /// The question's id.
    pub question: String,
    /// `update`, `reaffirm`, `correction` or `resolution`.
    pub kind: String,
    /// The day it is told from, ISO.
    pub as_of: String,
    /// The moment it was entered, ISO with time.
    pub made_at: String,
    /// Who answers for it.
    pub author: String,
    /// The day asked about, ISO.
    pub by: Option<String>,
    /// The probability.
    pub p: Option<f64>,
    /// The confidence stated.
    pub confidence: Option<String>,
    /// The move in log-odds.
    pub delta_logit: Option<f64>,
    /// What led to it.
    pub trigger: Option<String>,
    /// Why.
    pub rationale: Option<String>,
    /// What it replaces.
    pub supersedes: Option<String>,
    /// How the question ended.
    pub outcome: Option<String>,
    /// On which day.
    pub resolved_on: Option<String>,
    /// Reference forecasts by name.
    pub references: Vec<(String, f64)>,
    /// Tags.
    pub tags: Vec<String>,
    /// What it takes to compute it again, in words.
    pub computed: Option<String>,
    /// The hash.
    pub hash: String,
}

impl Row {
    /// The day it was made.
    fn made_on(&self) -> &str {
        self.made_at.get(..10).unwrap_or(&self.made_at)
    }

    fn says(&self) -> String {
        match (self.p, &self.outcome) {
            (Some(p), _) => percent(p).unwrap_or_default(),
            (None, Some(outcome)) => outcome.clone(),
            (None, None) => "dates".to_owned(),
        }
    }
}

/// The probability in words, with its band and number.
fn likelihood(p: f64) -> String {
    phrase(Lexicon::Icd203A, p).unwrap_or_default()
}

/// The list of a log's entries, a line each.
pub fn list(rows: &[Row]) -> String {
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
            r.made_on(),
            r.kind,
            r.says()
        );
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}

/// What is answered once an entry is on disk.
pub fn entered(r: &Row, reasons: &[String]) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{} is in the log: {} of {}", r.id, r.kind, r.question);
    if let Some(p) = r.p {
        let by = r.by.as_deref().map_or_else(String::new, |by| format!(", by {by}"));
        let _ = writeln!(out, "{}{by}, told from {}", likelihood(p), r.as_of);
    }
    if let (Some(outcome), Some(on)) = (&r.outcome, &r.resolved_on) {
        let _ = writeln!(out, "{outcome}, on {on}");
    }
    if let Some(confidence) = &r.confidence {
        let _ = writeln!(out, "confidence: {confidence}");
        for reason in reasons {
            let _ = writeln!(out, "  - {reason}");
        }
    }
    out
}

/// One entry in full.
pub fn entry(r: &Row) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}  {} of {}", r.id, r.kind, r.question);
    let mut line = |name: &str, text: Option<String>| {
        if let Some(text) = text {
            let _ = writeln!(out, "  {name:<12} {text}");
        }
    };
    line("says", r.p.map(likelihood));
    line("by", r.by.clone());
    line("outcome", r.outcome.clone());
    line("on", r.resolved_on.clone());
    line("told from", Some(r.as_of.clone()));
    line("made at", Some(r.made_at.clone()));
    line("author", Some(r.author.clone()));
    line("confidence", r.confidence.clone());
    line("move", r.delta_logit.map(|d| format!("{d:+.2} in log-odds")));
    line("trigger", r.trigger.clone());
    line("reason", r.rationale.clone());
    line("replaces", r.supersedes.clone());
    for (name, p) in &r.references {
        line(name, percent(*p));
    }
    line("tags", (!r.tags.is_empty()).then(|| r.tags.join(", ")));
    line("computed", r.computed.clone());
    line("hash", Some(r.hash.clone()));
    out
}

/// What was said on a day, apart from what was told later and from a replay.
#[derive(Clone, Debug)]
pub struct DayView {
    /// The day, ISO.
    pub on: String,
    /// The question's id.
    pub question: String,
    /// What stood then.
    pub said: Option<Row>,
    /// Entries told from then, made later.
    pub told_later: Vec<Row>,
    /// What the case as it is now says as of the day, with the version, or why it says nothing.
    pub replay: Result<(f64, String), String>,
}

/// The three answers to "what would we have said on this day?", each under its own name.
pub fn day(v: &DayView) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{} on {}", v.question, v.on);
    match &v.said {
        Some(r) => {
            let what = r.p.map_or_else(|| r.says(), likelihood);
            let _ = writeln!(out, "  said then    {what}");
            let _ = writeln!(
                out,
                "               {} by {}, told from {}, made {}",
                r.id,
                r.author,
                r.as_of,
                r.made_on()
            );
        }
        None => {
            let _ = writeln!(out, "  said then    nothing: no entry was made by that day");
        }
    }
    // The last is told from the latest date; the rest is in the list.
    if let Some(r) = v.told_later.last() {
        let what = r.p.map_or_else(|| r.says(), likelihood);
        let n = v.told_later.len();
        let _ = writeln!(out, "  told later   {what}");
        let more = if n > 1 { format!(", the last of {n}") } else { String::new() };
        let _ = writeln!(
            out,
            "               {} told from {}, made {}{more}: not to be quoted as said then",
            r.id,
            r.as_of,
            r.made_on()
        );
    }
    match &v.replay {
        Ok((p, version)) => {
            let _ = writeln!(out, "  replay       {}", likelihood(*p));
            let _ = writeln!(
                out,
                "               the case as it is now, told from {}, version {version}",
                v.on
            );
        }
        Err(why) => {
            let _ = writeln!(out, "  replay       none: {why}");
        }
    }
    out
}

/// A case told anew day by day: the days on which the number moved a point or more.
pub fn replayed(rows: &[Row], folder: &str) -> String {
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
    let _ = writeln!(out, "coded with hindsight: nobody said this then\n");
    let whole = |p: Option<f64>| p.map_or(0.0, |p| (100.0 * p).round());
    let mut shown: Option<f64> = None;
    for (k, r) in rows.iter().enumerate() {
        let p = whole(r.p);
        if shown != Some(p) || k + 1 == rows.len() {
            let trigger = r.trigger.as_deref().unwrap_or_default();
            let line = format!("  {}  {:>5}  {trigger}", r.as_of, r.says());
            let _ = writeln!(out, "{}", line.trim_end());
            shown = Some(p);
        }
    }
    let _ =
        writeln!(out, "\nnext: winset resolve {} yes|no --on DAY --case {folder}", first.question);
    let _ = writeln!(out, "      winset score {folder} --replayed");
    out
}

/// Mean scores of a group.
#[derive(Clone, Debug, Default)]
pub struct Card {
    /// The group.
    pub label: String,
    /// How many questions.
    pub questions: usize,
    /// How many days.
    pub days: u64,
    /// Scores: name, value, what it means.
    pub scores: Vec<(String, f64, String)>,
    /// Reference: name, skill, ours, theirs.
    pub skills: Vec<(String, Option<f64>, f64, f64)>,
    /// Whether the sample is small.
    pub small: bool,
}

/// A score report.
#[derive(Clone, Debug, Default)]
pub struct ScoreView {
    /// How the forecasts count, in words.
    pub counted: String,
    /// Notices that stand above everything.
    pub notices: Vec<String>,
    /// The cards.
    pub cards: Vec<Card>,
    /// Dots: mean forecast, observed share, how many, consistency bar.
    pub dots: Vec<(f64, f64, usize, f64, f64)>,
    /// Whether the dots may be joined.
    pub curve: bool,
    /// The binless curve: from, to, recalibrated, how many; empty where the sample is small.
    pub corp: Vec<(f64, f64, f64, usize)>,
    /// Parts of the Brier score by name.
    pub parts: Vec<(String, f64)>,
    /// Update habits a question: id and lines of name and value.
    pub habits: Vec<(String, Vec<(String, String)>)>,
}

/// The score report.
pub fn scores(v: &ScoreView) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}", v.counted);
    for notice in &v.notices {
        let _ = writeln!(out, "{notice}");
    }
    for c in &v.cards {
        let plural = |n: u64, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
        let small = if c.small { ", small sample" } else { "" };
        let _ = writeln!(
            out,
            "\n{}: {}, {}{small}",
            c.label,
            plural(c.questions as u64, "question"),
            plural(c.days, "day")
        );
        for (name, value, note) in &c.scores {
            let _ = writeln!(out, "  {name:<24} {value:>8.4}  {note}");
        }
        if !c.skills.is_empty() {
            let _ =
                writeln!(out, "  {:<24} {:>8}  {:>8}  {:>8}", "against", "skill", "ours", "theirs");
        }
        for (name, skill, ours, theirs) in &c.skills {
            let skill = skill.map_or_else(|| "none".to_owned(), |s| format!("{s:+.2}"));
            let _ = writeln!(out, "  {name:<24} {skill:>8}  {ours:>8.4}  {theirs:>8.4}");
        }
    }
    if !v.dots.is_empty() {
        let title =
            if v.curve { "reliability" } else { "reliability, dots only: too few for a curve" };
        let _ = writeln!(out, "\n{title}");
        let _ = writeln!(out, "  {:>8}  {:>9}  {:>5}  if reliable", "forecast", "came true", "n");
        for (f, o, n, lo, hi) in &v.dots {
            let _ = writeln!(
                out,
                "  {:>6.0} %  {:>7.0} %  {n:>5}  {:.0}–{:.0} %",
                100.0 * f,
                100.0 * o,
                100.0 * lo,
                100.0 * hi
            );
        }
    }
    if !v.corp.is_empty() {
        let _ = writeln!(out, "\nrecalibrated (CORP)");
        for (from, to, r, n) in &v.corp {
            let _ = writeln!(
                out,
                "  {:>3.0}–{:.0} % becomes {:.0} %  (n = {n})",
                100.0 * from,
                100.0 * to,
                100.0 * r
            );
        }
    }
    if !v.parts.is_empty() {
        let _ = writeln!(out, "\nparts of the Brier score, a forecast a question");
        for (name, value) in &v.parts {
            let _ = writeln!(out, "  {name:<24} {value:>8.4}");
        }
    }
    for (question, lines) in &v.habits {
        let _ = writeln!(out, "\nhabits: {question}");
        for (name, value) in lines {
            let _ = writeln!(out, "  {name:<24} {value:>8}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Row {
        Row {
            id: "f1".into(),
            question: "deal-by-june".into(),
            kind: "update".into(),
            as_of: "2025-04-18".into(),
            made_at: "2025-04-19T08:00:00Z".into(),
            p: Some(0.4),
            ..Row::default()
        }
    }

    #[test]
    fn the_three_answers_of_a_day_are_told_apart() {
        let view = DayView {
            on: "2025-04-18".into(),
            question: "deal-by-june".into(),
            said: None,
            told_later: vec![row()],
            replay: Ok((0.08, "0.1.0".into())),
        };
        let text = day(&view);
        assert!(text.contains("said then    nothing"), "{text}");
        assert!(text.contains("told later   unlikely (20–45 %; model 40 %)"), "{text}");
        assert!(text.contains("replay       very unlikely (5–20 %; model 8 %)"), "{text}");
        let none = DayView { replay: Err("no record".into()), said: Some(row()), ..view };
        assert!(day(&none).contains("replay       none: no record"));
    }

    #[test]
    fn lists_stay_within_eighty_columns() {
        let mut long = row();
        long.rationale = Some("ü".repeat(300));
        let text = list(&[row(), long]);
        assert!(text.lines().all(|l| l.chars().count() <= 80), "{text}");
        assert_eq!(text.lines().filter(|l| l.starts_with("  f1")).count(), 2);
        assert!(list(&[]).contains("winset log add"));
    }
}
