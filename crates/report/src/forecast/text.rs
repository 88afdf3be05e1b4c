//! A forecast on a terminal: 80 columns, no colour needed.

use std::fmt::Write;

use serde::Serialize;

use winset_page::text::{Text, pc, points, short, signed, spoken, thousands, whole};
use winset_page::words::{Lexicon, phrase, phrase_with_interval};

/// What is shown.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// The case's title.
    pub title: String,
    /// Whether one body decides by its rule, so that no other side has to ratify.
    pub council: bool,
    /// The day it is told from, ISO.
    pub as_of: String,
    /// What is asked about, as a noun: `a signed agreement`.
    pub event: String,
    /// The last day that counts, ISO.
    pub by: String,
    /// The probability.
    pub p: f64,
    /// 5 % of the uncertainty about the odds.
    pub lo: f64,
    /// 95 % of it.
    pub hi: f64,
    /// Monte Carlo standard error.
    pub mcse: f64,
    /// The probability by a few dates.
    pub dates: Vec<DateRow>,
    /// P(agreement) by day, for the chart.
    pub curve: Vec<f64>,
    /// First endings by the question's date.
    pub endings: Vec<(String, f64)>,
    /// P(zone).
    pub zone: f64,
    /// Its Monte Carlo standard error.
    pub zone_mcse: f64,
    /// Share of draws with no zone at all.
    pub closed: f64,
    /// Terms by issue.
    pub terms: Vec<Terms>,
    /// Members, in the order of the file.
    pub blockers: Vec<Blocker>,
    /// Conflicting sets in words, most frequent first.
    pub conflicts: Vec<(Vec<String>, f64)>,
    /// What would open the zone.
    pub opens: Vec<Opening>,
    /// Force options and the share of draws in which each is credible.
    pub force: Vec<(String, f64)>,
    /// The coefficients.
    pub coefficients: Vec<Coefficient>,
    /// Paths of inputs that rest on nothing.
    pub judged: Vec<String>,
    /// How many draws.
    pub draws: u64,
    /// The seed.
    pub seed: u64,
    /// The fingerprint of the case.
    pub fingerprint: String,
    /// The version of the formulas.
    pub version: String,
}

/// The probability by a date.
#[derive(Clone, Debug, Default, Serialize)]
pub struct DateRow {
    /// The date, ISO.
    pub date: String,
    /// The probability.
    pub p: f64,
    /// 5 %.
    pub lo: f64,
    /// 95 %.
    pub hi: f64,
    /// Whether it is the question's date.
    pub asked: bool,
}

/// Terms on an issue.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// The issue.
    pub name: String,
    /// The ends of its scale.
    pub scale: (f64, f64),
    /// 5 %, median, 95 %; `None` where no draw has a zone.
    pub quantiles: Option<[f64; 3]>,
    /// Landmarks, rising.
    pub marks: Vec<(f64, String)>,
}

/// What a member does to the zone.
#[derive(Clone, Debug, Default)]
pub struct Blocker {
    /// The actor.
    pub name: String,
    /// Its side.
    pub side: String,
    /// Share of draws it closes.
    pub block: f64,
    /// Share of draws it could close.
    pub walk: f64,
    /// Share of draws in which it holds a veto that alone closes the zone.
    pub binding: f64,
    /// Banzhaf index of the rule.
    pub banzhaf: f64,
}

/// A change that opens the zone.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    /// In words.
    pub what: String,
    /// The input's path.
    pub path: String,
    /// Where it is.
    pub from: f64,
    /// Where it would have to be.
    pub to: f64,
    /// P(zone) with the change.
    pub zone: f64,
    /// P(zone) if all of it gave way.
    pub zone_without: f64,
}

/// A coefficient and what it does.
#[derive(Clone, Debug, Default)]
pub struct Coefficient {
    /// Its name.
    pub name: String,
    /// Its central value.
    pub value: f64,
    /// 5 % and 95 %.
    pub range: [f64; 2],
    /// Its unit.
    pub unit: String,
    /// Where it comes from.
    pub source: String,
    /// The change of the answer when it is halved, and when it is raised by half.
    pub effect: [f64; 2],
}

/// The forecast as text.
pub fn text(v: &View) -> String {
    let mut t = Text::default();
    t.wrapped("", &format!("{} · as of {}", v.title, v.as_of));
    t.wrapped("Bottom line: ", &bottom_line(v));
    t.section("By when");
    dates(&mut t, v);
    let talks = if v.council { "it has" } else { "the talks have" };
    t.section(&format!("How {talks} first ended by {}", spoken(&v.by)));
    let width = v.endings.iter().map(|e| e.0.chars().count()).max().unwrap_or(0);
    for (name, p) in &v.endings {
        t.line(&format!("  {name:width$}  {:>5}  {}", pc(*p), bar(*p, 40)));
    }
    t.section("Is there a zone of agreement");
    t.wrapped("  ", &zone_line(v));
    t.section("On which terms (5 %, median, 95 % of draws with a deal)");
    terms(&mut t, v);
    t.section("Who blocks (share of draws)");
    blocker_table(&mut t, v);
    if !v.conflicts.is_empty() {
        t.section("What cannot hold together (share of draws)");
        conflict_list(&mut t, v, 5);
    }
    if !v.opens.is_empty() {
        t.section(&format!("What alone would open the zone (P(zone) is {} now)", pc(v.zone)));
        opening_list(&mut t, v, 6);
    }
    t.section("Assumptions that matter (change of P when halved, when raised by half)");
    coefficients(&mut t, v);
    t.section("How it was computed");
    t.wrapped(
        "  ",
        &format!(
            "{} draws, seed {}, Monte Carlo error {}; case {}; winset {}. Each draw is solved \
             exactly. The odds range over 20 settings of the calendar's constants.",
            thousands(v.draws),
            v.seed,
            points(v.mcse),
            &v.fingerprint[..v.fingerprint.len().min(12)],
            v.version
        ),
    );
    t.out
}

/// The first sentence: the answer in words, with its band.
pub fn bottom_line(v: &View) -> String {
    let words = phrase_with_interval(Lexicon::Icd203A, v.p, v.lo, v.hi)
        .or_else(|| phrase(Lexicon::Icd203A, v.p))
        .unwrap_or_default();
    let odds = format!(", odds uncertain {}–{})", whole(v.lo), pc(v.hi));
    let words = match words.strip_suffix(')') {
        Some(open) => format!("{open}{odds}"),
        None => words,
    };
    format!("{} by {} is {words}.", v.event, spoken(&v.by))
}

fn dates(t: &mut Text, v: &View) {
    for row in &v.dates {
        let words = phrase(Lexicon::Icd203A, row.p).unwrap_or_default();
        let words = words.split(" (").next().unwrap_or("").to_owned();
        let asked = if row.asked { "  ← the question" } else { "" };
        t.line(&format!(
            "  {:>17}  {:>5}  ({}–{})  {words}{asked}",
            spoken(&row.date),
            pc(row.p),
            whole(row.lo),
            pc(row.hi)
        ));
    }
    if v.curve.len() > 1 {
        let top = v.curve.last().copied().unwrap_or(0.0).max(0.01);
        let marks: String = (0..60)
            .map(|k| {
                let at = v.curve[(k * (v.curve.len() - 1)) / 59];
                let level = (at / top * 7.0).round().clamp(0.0, 7.0) as usize;
                ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'][level]
            })
            .collect();
        t.line(&format!("  {marks}  {} days", v.curve.len()));
    }
}

/// How often there is a zone, in words.
pub fn zone_line(v: &View) -> String {
    let mut line = format!(
        "In {} of draws some package would {} (error {}).",
        pc(v.zone),
        if v.council { "pass under the council's rule" } else { "be ratified on every side" },
        points(v.zone_mcse)
    );
    for (name, credible) in &v.force {
        let _ = write!(line, " {name}: a credible threat in {}.", pc(*credible));
    }
    line
}

fn terms(t: &mut Text, v: &View) {
    for row in &v.terms {
        let Some([lo, mid, hi]) = row.quantiles else {
            t.line(&format!("  {}: no draw has a zone", row.name));
            continue;
        };
        let near = nearest(&row.marks, mid).map_or_else(String::new, |(x, mark)| {
            format!("; nearest landmark: {mark} ({})", short(x))
        });
        t.wrapped(
            "  ",
            &format!("{}: {} … {} … {}{near}", row.name, short(lo), short(mid), short(hi)),
        );
        t.line(&format!("    {}", strip(row.scale, [lo, mid, hi], &row.marks)));
    }
}

/// A scale of 60 columns: `·` landmarks, `─` the range, `●` the median.
fn strip(scale: (f64, f64), [lo, mid, hi]: [f64; 3], marks: &[(f64, String)]) -> String {
    let at =
        |x: f64| (((x - scale.0) / (scale.1 - scale.0)) * 59.0).round().clamp(0.0, 59.0) as usize;
    let mut cells = ['┄'; 60];
    for (x, _) in marks {
        cells[at(*x)] = '┼';
    }
    for cell in &mut cells[at(lo)..=at(hi)] {
        *cell = '━';
    }
    cells[at(mid)] = '●';
    format!("{} {} {}", short(scale.0), cells.iter().collect::<String>(), short(scale.1))
}

/// The landmark nearest to a position.
pub fn nearest(marks: &[(f64, String)], x: f64) -> Option<(f64, &str)> {
    marks
        .iter()
        .min_by(|a, b| (a.0 - x).abs().total_cmp(&(b.0 - x).abs()))
        .map(|(x, mark)| (*x, mark.as_str()))
}

/// Conflicting sets, most frequent first.
pub(crate) fn conflict_list(t: &mut Text, v: &View, most: usize) {
    for (set, share) in v.conflicts.iter().take(most) {
        t.wrapped(&format!("  {:>5}  ", pc(*share)), &set.join("; "));
    }
    if v.conflicts.len() > most {
        let more = v.conflicts.len() - most;
        t.line(&format!("         and {more} rarer sets (--json lists all)"));
    }
}

/// What alone would open the zone.
pub(crate) fn opening_list(t: &mut Text, v: &View, most: usize) {
    for o in v.opens.iter().take(most) {
        let then = format!("{} → {} makes it {}", short(o.from), short(o.to), pc(o.zone));
        t.wrapped("  ", &format!("{}: {then}; giving way in full, {}", o.what, pc(o.zone_without)));
    }
}

pub(crate) fn blocker_table(t: &mut Text, v: &View) {
    let mut rows: Vec<&Blocker> = v.blockers.iter().collect();
    rows.sort_by(|a, b| b.block.total_cmp(&a.block).then(b.walk.total_cmp(&a.walk)));
    let width = rows.iter().map(|b| b.name.chars().count()).max().unwrap_or(0).clamp(5, 28);
    t.line(&format!("  {:width$}  blocks  holds open  power in its rule", ""));
    for b in &rows {
        let name: String = b.name.chars().take(width).collect();
        t.line(&format!(
            "  {name:width$}  {:>6}  {:>10}  {:>5.2}  {}",
            pc(b.block),
            pc(b.walk),
            b.banzhaf,
            if v.council { "" } else { &b.side }
        ));
    }
    t.wrapped(
        "  ",
        "blocks: no zone, but one if it accepted anything; holds open: a zone, but none without it",
    );
    let vetoes: Vec<String> = rows
        .iter()
        .filter(|b| b.binding >= 0.005)
        .map(|b| format!("{} ({} of draws)", b.name, pc(b.binding)))
        .collect();
    if !vetoes.is_empty() {
        t.wrapped("  ", &format!("binding vetoes: {}", vetoes.join(", ")));
    }
}

fn coefficients(t: &mut Text, v: &View) {
    let mut rows: Vec<&Coefficient> = v.coefficients.iter().collect();
    let size = |c: &Coefficient| c.effect[0].abs().max(c.effect[1].abs());
    rows.sort_by(|a, b| size(b).total_cmp(&size(a)));
    for c in rows.iter().take(5) {
        t.wrapped(
            "  ",
            &format!(
                "{} {} {} ({}–{}): {}, {} points; {}",
                c.name,
                short(c.value),
                c.unit,
                short(c.range[0]),
                short(c.range[1]),
                signed(c.effect[0]),
                signed(c.effect[1]),
                c.source
            ),
        );
    }
    if !v.judged.is_empty() {
        let shown: Vec<&str> = v.judged.iter().take(3).map(String::as_str).collect();
        t.wrapped(
            "  ",
            &format!(
                "{} on judgement alone, such as {}",
                if v.judged.len() == 1 {
                    "1 input rests".to_owned()
                } else {
                    format!("{} inputs rest", v.judged.len())
                },
                shown.join(", ")
            ),
        );
    }
}

fn bar(p: f64, width: usize) -> String {
    "█".repeat((p * width as f64).round() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bottom_line_prints_both_bands_where_the_odds_straddle_them() {
        let v = View {
            event: "a signed agreement".to_owned(),
            by: "2025-06-30".to_owned(),
            p: 0.24,
            lo: 0.15,
            hi: 0.36,
            ..View::default()
        };
        assert_eq!(
            bottom_line(&v),
            "a signed agreement by 30 June 2025 is very unlikely (5–20 %) to unlikely (20–45 %; \
             model 24 %, odds uncertain 15–36 %)."
        );
    }

    #[test]
    fn a_council_is_not_told_of_sides() {
        let v = View {
            council: true,
            event: "an agreement".to_owned(),
            by: "1985-12-31".to_owned(),
            blockers: vec![Blocker {
                name: "France".to_owned(),
                side: "Council".to_owned(),
                ..Blocker::default()
            }],
            fingerprint: "0123".to_owned(),
            ..View::default()
        };
        let text = text(&v);
        assert!(text.contains("pass under the council's rule"), "{text}");
        for word in ["side", "governments", "talks", "signed"] {
            assert!(!text.contains(word), "{word}: {text}");
        }
    }
}
