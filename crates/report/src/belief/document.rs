//! What is said of beliefs: a section a position, then who reversed, how many voices, what was fitted.

use winset_model::forecast::VERSION;
use winset_model::record::EntryKind;
use winset_page::document::{Block, Document, Section, Sketch, Table};
use winset_page::text::{capital, columns, cut, padded, pc, short, spoken, width, wrapped};

use super::{
    BeliefReport, BeliefScales, BeliefStatement, CodedRange, PositionPath, StatementReversal,
};
use crate::names::Names;
use crate::record::in_words;

/// What is said where no position comes from the record.
pub const NO_PATH: &str =
    "No position comes from the record; `position.ISSUE = \"record\"` makes one.";

/// The heads of [`statement_row`], and which hold numbers.
pub const STATEMENT_HEAD: [(&str, bool); 8] = [
    ("Entry", false),
    ("Who", false),
    ("On", false),
    ("Kind", false),
    ("Value", true),
    ("By grade", true),
    ("Weight", true),
    ("Why not more", false),
];

/// What is said of it.
pub fn document(r: &BeliefReport, names: &Names<'_>) -> Document {
    let mut sections = Vec::new();
    if r.paths.is_empty() {
        sections.push(Section::new("none", "", vec![Block::Text(NO_PATH.to_owned())]));
    }
    sections.extend(r.paths.iter().map(|path| position(r, path, names)));
    sections.extend(others(r, names));
    sections.extend(besides(r, names));
    Document {
        title: format!("{} · as of {}", names.text(&r.case), spoken(&r.as_of)),
        sections,
        version: VERSION.to_owned(),
        ..Document::default()
    }
}

/// What is said beside the positions: who reversed, how many voices, what was fitted.
pub fn besides(r: &BeliefReport, names: &Names<'_>) -> Vec<Section> {
    let mut sections = Vec::new();
    if !r.reversals.is_empty() {
        let list = r.reversals.iter().map(|turn| reversal(r, turn, names)).collect();
        sections.push(Section::new("reversals", "Who reversed", vec![Block::List(list)]));
    }
    if !r.sides.is_empty() {
        sections.push(voices(r, names));
    }
    sections.extend(r.scales.as_ref().map(|s| fitted(s, names)));
    sections
}

/// What a statement says and weighs, under [`STATEMENT_HEAD`].
pub fn statement_row(s: &BeliefStatement, names: &Names<'_>) -> [String; 8] {
    // What weighs nothing says why where the others say why they weigh less.
    let (weight, why) = match (s.weight, &s.weight_reason) {
        (Some(w), _) => (pc(w), less(s)),
        (None, why) => ("–".to_owned(), why.clone().unwrap_or_default()),
    };
    [
        s.id.clone(),
        names.actor(&s.actor),
        names.issue(&s.issue),
        kind(s),
        s.value.map_or_else(String::new, short),
        pc(s.credibility.p_true),
        weight,
        why,
    ]
}

/// What a statement does, in words.
fn kind(s: &BeliefStatement) -> String {
    let known = EntryKind::ALL.into_iter().find(|k| k.name() == s.kind);
    known.map_or_else(|| s.kind.clone(), |kind| in_words(kind).to_owned())
}

/// Why a statement counts for less than it says; empty where it does not.
fn less(s: &BeliefStatement) -> String {
    let why: Vec<&str> = s.discounted.iter().map(|d| d.text.as_str()).collect();
    why.join("; ")
}

fn title(actor: &str, issue: &str, names: &Names<'_>) -> String {
    format!("{} on {}", names.actor(actor), names.issue(issue))
}

/// A position that comes from the record: its course, what it rests on, and what the case says beside it.
fn position(r: &BeliefReport, path: &PositionPath, names: &Names<'_>) -> Section {
    let mut blocks = Vec::new();
    if let (Some(first), Some(last)) = (path.points.first(), path.points.last()) {
        let (lo, hi) = limits(path);
        let now = format!(
            "now {} ± {}, 90 % within {} to {}",
            short(last.filtered_mean),
            short(last.filtered_sd),
            short(last.filtered_q05),
            short(last.filtered_q95)
        );
        let marks = sparkline(path);
        let line = format!("  {marks}  {now}  (marks from {} to {})", short(lo), short(hi));
        // Sixty marks and two numbers are too much for a line.
        let lines = if width(&line) <= columns() {
            vec![line]
        } else {
            vec![
                format!("  {marks}"),
                format!("  {now}  (marks from {} to {})", short(lo), short(hi)),
            ]
        };
        blocks.push(Block::Sketch(Sketch { lines, instead_of_tables: false }));
        blocks.push(Block::Text(format!(
            "{} to {}, what was known on each day; its side’s range before anything is read: {} ± {}",
            day(&first.date, &last.date),
            spoken(&last.date),
            short(path.prior_mean),
            short(path.prior_sd)
        )));
    }
    let said = said(r, &path.actor, &path.issue);
    if said.is_empty() {
        blocks.push(Block::Text("Nothing was said, so its side’s range stands.".to_owned()));
    }
    blocks.extend(statements(r, &said, names));
    blocks.extend(ranges(r, &path.actor, &path.issue));
    blocks.extend(path.changes.iter().filter(|c| c.p >= 0.05).map(|c| {
        let (from, to) = (day(&c.from, &r.as_of), day(&c.to, &r.as_of));
        Block::Text(format!("A real change between {from} and {to}: {}.", pc(c.p)))
    }));
    Section::new("position", title(&path.actor, &path.issue, names), blocks)
}

/// Those who spoke on an issue where the case itself says the position, in the case's order.
fn others(r: &BeliefReport, names: &Names<'_>) -> Vec<Section> {
    let case = names.case();
    let pairs = case.actors.iter().flat_map(|a| case.issues.iter().map(|j| (&a.id, &j.id)));
    pairs
        .filter(|(actor, issue)| !r.paths.iter().any(|p| p.actor == **actor && p.issue == **issue))
        .filter_map(|(actor, issue)| {
            let said = said(r, actor, issue);
            let mut blocks = statements(r, &said, names);
            blocks.extend(ranges(r, actor, issue));
            let title = title(actor, issue, names);
            (!said.is_empty()).then(|| Section::new("statements", title, blocks))
        })
        .collect()
}

fn said<'a>(r: &'a BeliefReport, actor: &str, issue: &str) -> Vec<&'a BeliefStatement> {
    r.statements.iter().filter(|s| s.actor == actor && s.issue == issue).collect()
}

/// Statements, on a terminal each with a bar for its weight and in its words.
fn statements(r: &BeliefReport, said: &[&BeliefStatement], names: &Names<'_>) -> Vec<Block> {
    let mut lines = Vec::new();
    for s in said {
        let value = padded(&s.value.map_or_else(String::new, short), 4, true);
        let weight = s.weight.map_or_else(String::new, |w| format!("{} {w:.2}", bar(w)));
        let when = padded(&day(&s.said, &r.as_of), 12, true);
        let line = format!("  {when}  {:<4} {:<16} {value}  {weight}", s.id, kind(s));
        match width(&line) {
            n if n <= columns() => lines.push(line.trim_end().to_owned()),
            // An id may be as long as whoever keeps the record likes.
            _ => lines.extend(wrapped(&line, columns() - 2).iter().map(|part| format!("  {part}"))),
        }
        let mut texts = vec![cut(&names.text(&s.text), 130)];
        texts.extend(Some(less(s)).filter(|why| !why.is_empty()).map(|why| format!("less: {why}")));
        let wrapped = texts.iter().flat_map(|text| wrapped(text, columns() - 6));
        lines.extend(wrapped.map(|line| format!("      {line}")));
    }
    if said.is_empty() {
        return Vec::new();
    }
    let rows = said.iter().map(|s| statement_row(s, names).to_vec()).collect();
    vec![
        Block::Sketch(Sketch { lines, instead_of_tables: true }),
        Block::Table(Table::new("", &STATEMENT_HEAD, rows)),
    ]
}

fn ranges(r: &BeliefReport, actor: &str, issue: &str) -> Vec<Block> {
    let own = |c: &&CodedRange| c.actor == actor && c.issue == issue;
    let sentence = |c: &CodedRange| {
        let what = match c.kind {
            "red_min" => "red line (least it accepts)",
            "red_max" => "red line (most it accepts)",
            "demand" => "demand",
            _ => "ideal",
        };
        let [mid, lo, hi] = [c.q50, c.q05, c.q95].map(short);
        Block::Text(format!("Its {what}, in the case: {mid} ({lo}–{hi})."))
    };
    r.ranges.iter().filter(own).map(sentence).collect()
}

/// A reversal in a sentence.
fn reversal(r: &BeliefReport, turn: &StatementReversal, names: &Names<'_>) -> String {
    format!(
        "{} reversed on {}: {} {}, {} {} ({} and {}, {:.1} sd apart).",
        names.actor(&turn.actor),
        names.issue(&turn.issue),
        day(&turn.from_date, &r.as_of),
        short(turn.from_value),
        day(&turn.to_date, &r.as_of),
        short(turn.to_value),
        turn.from,
        turn.to,
        turn.z.abs()
    )
}

fn voices(r: &BeliefReport, names: &Names<'_>) -> Section {
    let rows = r.sides.iter().map(|s| {
        let [a, b, c] = [s.cohesion, s.incoherence, s.polarisation].map(|x| format!("{x:.2}"));
        vec![names.side(&s.side), names.issue(&s.issue), a, b, c]
    });
    let head = [
        ("Side", false),
        ("Issue", false),
        ("Cohesion", true),
        ("Incoherence", true),
        ("Polarisation", true),
    ];
    let key = "Cohesion: of what its members want; incoherence: of what its members said in the last \
               month; polarisation: 1 if half the weight stands at each end.";
    let title = "How far each side speaks with one voice (0 to 1)";
    let table = Block::Table(Table::new("", &head, rows.collect()));
    Section::new("voices", title, vec![table, Block::Note(key.to_owned())])
}

fn fitted(s: &BeliefScales, names: &Names<'_>) -> Section {
    let mut parts = vec![
        format!("a position moves by {} in a day", short(s.spread.innovation)),
        format!("a true statement strays by {}", short(s.spread.observation)),
    ];
    parts.extend(s.posture.iter().map(|p| {
        let side = names.side(&p.side);
        format!("demands of {side} go {} ± {} too far", short(p.mean), short(p.sd))
    }));
    let mut blocks = vec![Block::Text(format!("{}.", capital(&parts.join("; "))))];
    let bias: Vec<String> = s
        .bias
        .iter()
        .map(|b| {
            let group = [&b.channel, &b.audience].into_iter().filter(|g| !g.is_empty());
            let group: Vec<String> = group.map(|g| names.text(g)).collect();
            let group = if group.is_empty() { "no channel".to_owned() } else { group.join(", ") };
            let sign = if b.mean < 0.0 { '−' } else { '+' };
            format!("{group}: {sign}{:.1} ± {}", b.mean.abs(), short(b.sd))
        })
        .collect();
    if !bias.is_empty() {
        blocks.push(Block::List(bias));
    }
    Section::new("fitted", "What was fitted (points of a scale of 100)", blocks)
}

/// At most so many marks for a path.
const MOST_MARKS: usize = 60;
const MARKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The positions that the lowest and the highest mark of a path stand for: those of its filtered
/// means, at least a tenth of the scale apart, so that what hardly moved looks so.
fn limits(path: &PositionPath) -> (f64, f64) {
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
fn sparkline(path: &PositionPath) -> String {
    let n = path.points.len();
    let columns = n.min(MOST_MARKS);
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

#[cfg(test)]
mod tests {
    use winset_files::builtin::CASES;
    use winset_files::case::{ResolvedCase, load};
    use winset_files::diagnostic::Findings;
    use winset_page::document::{html, terminal};

    use super::*;
    use crate::belief::{BeliefChoice, PositionPoint, ask};
    use winset_page::text::COLUMNS;

    fn builtin() -> ResolvedCase {
        load(&CASES[0].sources(), None, &[], &mut Findings::default()).unwrap()
    }

    fn path(means: &[f64]) -> PositionPath {
        let point = |m: &f64| PositionPoint { filtered_mean: *m, ..PositionPoint::default() };
        let points = means.iter().map(point).collect();
        PositionPath { scale: [0.0, 40.0], points, ..PositionPath::default() }
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
        assert_eq!(marks.chars().count(), MOST_MARKS);
        assert!(marks.starts_with('▁') && marks.ends_with('█'));
    }

    #[test]
    fn a_reversal_is_a_plain_sentence() {
        let case = builtin().case;
        let names = Names::new(&case);
        let r = BeliefReport { as_of: "2025-04-22".to_owned(), ..BeliefReport::default() };
        let turn = StatementReversal {
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
            reversal(&r, &turn, &names),
            "Steve Witkoff reversed on Enrichment in Iran: 14 April 35, 15 April 0 (r02 and r04, \
             3.5 sd apart)."
        );
        let older = StatementReversal { from_date: "2024-12-31".to_owned(), ..turn };
        assert!(reversal(&r, &older, &names).contains(": 31 December 2024 35, 15 April 0"));
    }

    #[test]
    fn each_statement_stands_once_on_a_terminal_and_once_in_a_table() {
        let loaded = builtin();
        let report = ask(&loaded.case, &loaded.record, BeliefChoice::default()).unwrap();
        let document = document(&report, &Names::new(&loaded.case));
        let text = terminal(&document);
        assert!(text.lines().all(|line| width(line) <= COLUMNS), "{text}");
        let page = html(&document);
        for s in &report.statements {
            assert_eq!(text.matches(&format!("  {:<4} {}", s.id, kind(s))).count(), 1, "{text}");
            assert_eq!(page.matches(&format!(">{}<", s.id)).count(), 1, "{}", s.id);
        }
        let speakers = document.sections.iter().filter(|s| s.title.contains(" on ")).count();
        assert!(speakers >= report.paths.len().max(1));
        assert!(text.contains("Steve Witkoff reversed on Enrichment in Iran"), "{text}");
    }
}
