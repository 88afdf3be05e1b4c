//! Where everyone stands and stood, as far as what was said tells: the values that `winset belief`,
//! charts and a workbench share, and the view of them on a terminal.

use std::fmt::Write;

use crate::record::EntryCredibility;
use serde::Serialize;

use winset_page::text::{Text, cut, padded, short, spoken, width};

/// An id and the name people read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Named {
    /// The id in paths.
    pub id: String,
    /// The name.
    pub name: String,
}

/// What is believed as of a day. Positions are in the units of their issue.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct View {
    /// `winset/belief/1`.
    pub schema: &'static str,
    /// The version of the formulas.
    pub version: String,
    /// The title of the case.
    pub case: String,
    /// The fingerprint of the case.
    pub fingerprint: String,
    /// The day, ISO.
    pub as_of: String,
    /// Positions that come from the record, day by day.
    pub paths: Vec<Path>,
    /// What the case says where somebody spoke and the position does not come from the record, and
    /// the red lines and demands it codes.
    pub ranges: Vec<Range>,
    /// Everything that was said by somebody on an issue.
    pub statements: Vec<Statement>,
    /// Who reversed.
    pub reversals: Vec<Reversal>,
    /// How far each side speaks with one voice.
    pub sides: Vec<Side>,
    /// The pooled scales; nothing where no position comes from the record.
    pub scales: Option<Scales>,
    /// Names for the ids of actors, issues and sides.
    #[serde(skip)]
    pub names: Names,
}

/// The names people read.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Of actors.
    pub actors: Vec<Named>,
    /// Of issues.
    pub issues: Vec<Named>,
    /// Of sides.
    pub sides: Vec<Named>,
}

/// The position of one actor on one issue over time.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Path {
    /// The actor's id.
    pub actor: String,
    /// The issue's id.
    pub issue: String,
    /// The ends of the issue's scale.
    pub scale: [f64; 2],
    /// Mean of its side's range, before anything is read.
    pub prior_mean: f64,
    /// Its standard deviation.
    pub prior_sd: f64,
    /// A point a day.
    pub points: Vec<Point>,
    /// Between days on which it spoke, the probability of a real change.
    pub changes: Vec<Change>,
}

/// What is believed of a position on a day.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Point {
    /// The day, ISO.
    pub date: String,
    /// Mean, from what was said and entered by that day; scales refitted on that alone.
    pub filtered_mean: f64,
    /// Its standard deviation.
    pub filtered_sd: f64,
    /// Mean, from all that is known as of the view's day.
    pub smoothed_mean: f64,
    /// Its standard deviation.
    pub smoothed_sd: f64,
}

/// A gap between two days on which an actor spoke.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Change {
    /// The earlier day, ISO.
    pub from: String,
    /// The later day.
    pub to: String,
    /// The probability that the position moved ten points of the scale or more.
    pub p: f64,
}

/// One number of the case beside what was said.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Range {
    /// The actor's id.
    pub actor: String,
    /// The issue's id.
    pub issue: String,
    /// `position`, `red_min`, `red_max` or `demand`.
    pub kind: &'static str,
    /// The path of the input.
    pub path: String,
    /// 5 % lie below.
    pub q05: f64,
    /// The median.
    pub q50: f64,
    /// 95 % lie below.
    pub q95: f64,
}

/// One thing said by somebody on an issue.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Statement {
    /// The id of the entry.
    pub id: String,
    /// The actor's id.
    pub actor: String,
    /// The issue's id.
    pub issue: String,
    /// The day it was said, ISO: the last it can mean.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date")))]
    pub said: String,
    /// Ideal, demand, `red_min`, `red_max`, event.
    pub kind: String,
    /// The coded position, of a range with a mode the mode.
    pub value: Option<f64>,
    /// The standard deviation of the coded range.
    pub sd: Option<f64>,
    /// The source's grade, and how far it lets it be believed.
    #[serde(flatten)]
    pub credibility: EntryCredibility,
    /// How far it is believed once all is weighed: the probability that it is a reading of the
    /// position at all. Nothing where no position is read from it.
    pub weight: Option<f64>,
    /// Why there is no weight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight_reason: Option<String>,
    /// Why it counts for less than it says.
    pub discounted: Vec<Discount>,
    /// In words.
    pub text: String,
}

/// Why a statement counts for less than it says.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Discount {
    /// `grade`, `origin`, `posture` or `outlier`.
    pub reason: &'static str,
    /// In words.
    pub text: String,
}

/// Two statements of one speaker that cannot well be one position.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reversal {
    /// The actor's id.
    pub actor: String,
    /// The issue's id.
    pub issue: String,
    /// The id of the earlier entry.
    pub from: String,
    /// The id of the later.
    pub to: String,
    /// The day of the earlier, ISO.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date")))]
    pub from_date: String,
    /// The day of the later.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date")))]
    pub to_date: String,
    /// What the earlier said.
    pub from_value: f64,
    /// What the later said.
    pub to_value: f64,
    /// The standard deviation of their difference, if both were readings of one position.
    pub sd: f64,
    /// The move in those standard deviations.
    pub z: f64,
}

/// How far a side speaks with one voice on an issue; each from 0 to 1.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Side {
    /// The side's id.
    pub side: String,
    /// The issue's id.
    pub issue: String,
    /// 1 if all members want the same, 0 if half the weight stands at each end.
    pub cohesion: f64,
    /// Weighted standard deviation of its recent messages, as a share of the scale.
    pub incoherence: f64,
    /// 1 if half the weight stands at each end.
    pub polarisation: f64,
}

/// How far positions move and statements stray, in points of a scale of 100.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Spread {
    /// How far a position moves in a day: median of the scale of the innovation.
    pub innovation: f64,
    /// How far a truthful statement strays beside its coded range.
    pub observation: f64,
}

/// The pooled scales and offsets, in points of a scale of 100.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Scales {
    /// How far positions move and statements stray.
    #[serde(flatten)]
    pub spread: Spread,
    /// Bias of each channel and audience.
    pub bias: Vec<Bias>,
    /// How far each side's demands exaggerate.
    pub posture: Vec<Posture>,
}

/// What a channel and audience add to what is meant.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Bias {
    /// The channel.
    pub channel: String,
    /// The audience.
    pub audience: String,
    /// Mean, points.
    pub mean: f64,
    /// Standard deviation, points.
    pub sd: f64,
}

/// How far a side's demands exaggerate away from the others.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Posture {
    /// The side's id.
    pub side: String,
    /// Mean, points.
    pub mean: f64,
    /// Standard deviation, points.
    pub sd: f64,
}

/// At most so many columns for a path.
const COLUMNS: usize = 60;
const MARKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The positions that the lowest and the highest mark of a path stand for: those of its filtered
/// means, at least a tenth of the scale apart, so that what hardly moved looks so.
fn limits(path: &Path) -> (f64, f64) {
    let means = path.points.iter().map(|p| p.filtered_mean);
    let (lo, hi) =
        means.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), m| (lo.min(m), hi.max(m)));
    let [bottom, top] = path.scale;
    let more = 0.5 * (0.1 * (top - bottom) - (hi - lo)).max(0.0);
    let (lo, hi) = (lo - more, hi + more);
    // Kept on the scale without losing the width.
    let shift = (bottom - lo).max(0.0) - (hi - top).max(0.0);
    (lo + shift, hi + shift)
}

/// A path's filtered means as marks, a mark a day (of more than 60 days, 60 marks).
pub fn sparkline(path: &Path) -> String {
    let n = path.points.len();
    let columns = n.min(COLUMNS);
    let (lo, hi) = limits(path);
    let mark = |k: usize| {
        let at = if columns > 1 { k * (n - 1) / (columns - 1) } else { 0 };
        let share = (path.points[at].filtered_mean - lo) / (hi - lo);
        MARKS[(share * 7.0).round().clamp(0.0, 7.0) as usize]
    };
    (0..columns).map(mark).collect()
}

/// A bar of ten cells.
fn bar(share: f64) -> String {
    let full = (share * 10.0).round().clamp(0.0, 10.0) as usize;
    "█".repeat(full) + &"░".repeat(10 - full)
}

fn name<'a>(all: &'a [Named], id: &'a str) -> &'a str {
    all.iter().find(|n| n.id == id).map_or(id, |n| n.name.as_str())
}

/// A day without its year, where that is the year of another.
fn day(iso: &str, year_of: &str) -> String {
    let full = spoken(iso);
    let same = iso.get(..4) == year_of.get(..4);
    if same {
        full.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end().to_owned()
    } else {
        full
    }
}

/// The view as text.
pub fn text(v: &View) -> String {
    let mut t = Text::default();
    t.wrapped("", &format!("{} · as of {}", v.case, v.as_of));
    if v.paths.is_empty() {
        t.wrapped(
            "",
            "No position comes from the record; `position.ISSUE = \"record\"` makes one.",
        );
    }
    for path in &v.paths {
        self::path(&mut t, v, path);
    }
    others(&mut t, v);
    if !v.reversals.is_empty() {
        t.section("Who reversed");
        for r in &v.reversals {
            t.wrapped("  ", &sentence(v, r));
        }
    }
    sides(&mut t, v);
    if let Some(s) = &v.scales {
        t.section("What was fitted (points of a scale of 100)");
        scales(&mut t, v, s);
    }
    t.out
}

fn path(t: &mut Text, v: &View, path: &Path) {
    let actor = name(&v.names.actors, &path.actor);
    t.section(&format!("{actor} on {}", name(&v.names.issues, &path.issue)));
    if let (Some(first), Some(last)) = (path.points.first(), path.points.last()) {
        let (lo, hi) = limits(path);
        t.line(&format!(
            "  {}  now {} ± {}  (marks from {} to {})",
            sparkline(path),
            short(last.filtered_mean),
            short(last.filtered_sd),
            short(lo),
            short(hi)
        ));
        t.wrapped(
            "  ",
            &format!(
                "{} to {}, what was known on each day; its side's range before anything is read: \
                 {} ± {}",
                day(&first.date, &last.date),
                spoken(&last.date),
                short(path.prior_mean),
                short(path.prior_sd)
            ),
        );
    }
    let on = |s: &&Statement| s.actor == path.actor && s.issue == path.issue;
    let said: Vec<&Statement> = v.statements.iter().filter(on).collect();
    if said.is_empty() {
        t.line("  nothing was said, so its side's range stands");
    }
    statements(t, v, &said);
    ranges(t, v, &path.actor, &path.issue);
    for c in path.changes.iter().filter(|c| c.p >= 0.05) {
        let (from, to) = (day(&c.from, &v.as_of), day(&c.to, &v.as_of));
        t.line(&format!("  a real change between {from} and {to}: {:.0} %", 100.0 * c.p));
    }
}

fn statements(t: &mut Text, v: &View, said: &[&Statement]) {
    for s in said {
        let value = s.value.map_or_else(String::new, short);
        let weight = match s.weight {
            Some(w) => format!("{} {w:.2}", bar(w)),
            None => String::new(),
        };
        let when = day(&s.said, &v.as_of);
        let line = format!("  {when:>12}  {:<4} {:<8} {value:>4}  {weight}", s.id, s.kind);
        t.line(&line);
        t.wrapped("      ", &format!("“{}”", cut(&s.text, 130)));
        let why: Vec<&str> = s.discounted.iter().map(|d| d.text.as_str()).collect();
        if !why.is_empty() {
            t.wrapped("      ", &format!("less: {}", why.join("; ")));
        }
    }
}

fn ranges(t: &mut Text, v: &View, actor: &str, issue: &str) {
    for r in v.ranges.iter().filter(|r| r.actor == actor && r.issue == issue) {
        let what = match r.kind {
            "red_min" => "its least, in the case",
            "red_max" => "its most, in the case",
            "demand" => "its demand, in the case",
            _ => "its position, in the case",
        };
        t.line(&format!("  {what}: {} ({}–{})", short(r.q50), short(r.q05), short(r.q95)));
    }
}

/// Those who spoke on an issue where the case itself says the position.
fn others(t: &mut Text, v: &View) {
    for actor in &v.names.actors {
        for issue in &v.names.issues {
            let read = |p: &Path| p.actor == actor.id && p.issue == issue.id;
            let on = |s: &&Statement| s.actor == actor.id && s.issue == issue.id;
            let said: Vec<&Statement> = v.statements.iter().filter(on).collect();
            if said.is_empty() || v.paths.iter().any(read) {
                continue;
            }
            t.section(&format!("{} on {}", actor.name, issue.name));
            statements(t, v, &said);
            ranges(t, v, &actor.id, &issue.id);
        }
    }
}

/// A reversal in a sentence.
pub fn sentence(v: &View, r: &Reversal) -> String {
    format!(
        "{} reversed on {}: {} {}, {} {} ({} and {}, {:.1} sd apart).",
        name(&v.names.actors, &r.actor),
        name(&v.names.issues, &r.issue),
        day(&r.from_date, &v.as_of),
        short(r.from_value),
        day(&r.to_date, &v.as_of),
        short(r.to_value),
        r.from,
        r.to,
        r.z.abs()
    )
}

fn sides(t: &mut Text, v: &View) {
    if v.sides.is_empty() {
        return;
    }
    t.section("How far each side speaks with one voice (0 to 1)");
    let columns = v.names.issues.iter().map(|n| width(&n.name)).max().unwrap_or(0).min(36);
    t.line(&format!("  {:columns$}    cohesion  incoherence  polarisation", ""));
    let mut last = "";
    for s in &v.sides {
        if s.side != last {
            t.wrapped("  ", name(&v.names.sides, &s.side));
            last = &s.side;
        }
        t.line(&format!(
            "    {}  {:>8.2}  {:>11.2}  {:>12.2}",
            padded(&cut(name(&v.names.issues, &s.issue), columns), columns, false),
            s.cohesion,
            s.incoherence,
            s.polarisation
        ));
    }
    t.wrapped(
        "  ",
        "cohesion: of what its members want; incoherence: of what its members said in the last \
         month; polarisation: 1 if half the weight stands at each end",
    );
}

fn scales(t: &mut Text, v: &View, s: &Scales) {
    let mut line = format!(
        "a position moves by {} in a day; a true statement strays by {}",
        short(s.spread.innovation),
        short(s.spread.observation)
    );
    for p in &s.posture {
        let side = name(&v.names.sides, &p.side);
        let _ = write!(line, "; demands of {side} go {} ± {} too far", short(p.mean), short(p.sd));
    }
    t.wrapped("  ", &line);
    for b in &s.bias {
        let group: Vec<&str> = [&b.channel, &b.audience]
            .into_iter()
            .filter(|g| !g.is_empty())
            .map(String::as_str)
            .collect();
        let group = if group.is_empty() { "no channel".to_owned() } else { group.join(", ") };
        let sign = if b.mean < 0.0 { '−' } else { '+' };
        t.line(&format!("  {group}: {sign}{:.1} ± {}", b.mean.abs(), short(b.sd)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(means: &[f64]) -> Path {
        let point = |m: &f64| Point { filtered_mean: *m, ..Point::default() };
        Path { scale: [0.0, 40.0], points: means.iter().map(point).collect(), ..Path::default() }
    }

    #[test]
    fn marks_span_what_moved_and_at_least_a_tenth_of_the_scale() {
        assert_eq!(sparkline(&path(&[0.0, 20.0, 40.0])), "▁▅█");
        assert_eq!(sparkline(&path(&[])), "");
        // A tenth of the scale is 4: from 18 to 22, and from 36 to 40 at its end.
        assert_eq!(limits(&path(&[20.0, 20.0])), (18.0, 22.0));
        assert_eq!(limits(&path(&[40.0])), (36.0, 40.0));
        assert_eq!(sparkline(&path(&[40.0])), "█");
        assert_eq!(sparkline(&path(&[19.0, 20.0, 21.0])), "▃▅▆");
        // Of many days the first and the last are shown.
        let many: Vec<f64> = (0..400).map(|k| f64::from(k) / 10.0).collect();
        let marks = sparkline(&path(&many));
        assert_eq!(marks.chars().count(), COLUMNS);
        assert!(marks.starts_with('▁') && marks.ends_with('█'));
    }

    #[test]
    fn a_reversal_is_a_plain_sentence() {
        let named = |id: &str, name: &str| Named { id: id.to_owned(), name: name.to_owned() };
        let v = View {
            as_of: "2025-04-22".to_owned(),
            names: Names {
                actors: vec![named("witkoff", "Witkoff")],
                issues: vec![named("enrichment", "Enrichment")],
                sides: Vec::new(),
            },
            ..View::default()
        };
        let r = Reversal {
            actor: "witkoff".to_owned(),
            issue: "enrichment".to_owned(),
            from: "r02".to_owned(),
            to: "r04".to_owned(),
            from_date: "2025-04-14".to_owned(),
            to_date: "2025-04-15".to_owned(),
            from_value: 35.0,
            to_value: 0.0,
            sd: 10.0,
            z: -3.5,
        };
        assert_eq!(
            sentence(&v, &r),
            "Witkoff reversed on Enrichment: 14 April 35, 15 April 0 (r02 and r04, 3.5 sd apart)."
        );
        let older = Reversal { from_date: "2024-12-31".to_owned(), ..r };
        assert!(sentence(&v, &older).contains(": 31 December 2024 35, 15 April 0"));
    }
}
