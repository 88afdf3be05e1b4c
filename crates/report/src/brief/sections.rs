//! The sections about the answer: bottom line, what changed, dates, endings, blockers, terms,
//! alternatives.

use super::words::{change, moves_to};
use super::{Brief, NewsItem, NumberChange};
use crate::forecast::sections::{self, Blocking, table};
use crate::moved::with_error;
use winset_page::document::{Block, Section};
use winset_page::text::{and, count, pc, spoken, thousands};

/// Rows of conflicts and openings that a reader has time for.
const FEW: usize = 4;

/// Through which steps the number comes about.
pub(super) fn makeup(b: &Brief) -> Section {
    let text = sections::odds(&b.topic(), &b.class).join(" ");
    Section::new("makeup", "What the number is made of", vec![Block::Text(text)])
}

/// The reasons that support the level stated, or all where none does.
pub(super) fn reasons(b: &Brief) -> String {
    let c = &b.confidence;
    let own: Vec<String> =
        c.reasons.iter().filter(|r| r.level.word() == c.level).map(|r| r.text.clone()).collect();
    let all: Vec<String> = c.reasons.iter().map(|r| r.text.clone()).collect();
    and(if own.is_empty() { &all } else { &own })
}

/// What changed since an earlier day.
pub(super) fn changed(b: &Brief) -> Option<Section> {
    let c = b.changed.as_ref()?;
    let total = c.p_to - c.p_from;
    let mut blocks = vec![Block::Text(format!(
        "Told from {} the model said {} for {}; told from {} it says {} ({}).",
        spoken(&c.from),
        pc(c.p_from),
        spoken(&b.question.by),
        spoken(&b.as_of),
        pc(c.p_to),
        change(total)
    ))];
    let who = |n: &NewsItem| n.speaker.as_ref().map_or_else(String::new, |s| format!("{s}: "));
    let what = |n: &NewsItem| match n.text.as_str() {
        "" if n.recorded => "an entry of the record".to_owned(),
        "" => "an entry of the calendar".to_owned(),
        text => text.to_owned(),
    };
    let Some(time) = c.time else {
        // Without a division of the change there is only what is new.
        if c.news.is_empty() {
            blocks.push(Block::Text(format!(
                "Nothing new is on the record since {}: the change is the days that passed.",
                spoken(&c.from)
            )));
        } else {
            let n = count(c.news.len(), "entry is new", "entries are new");
            blocks.push(Block::Text(format!("{n} since {}:", spoken(&c.from))));
            let news = c.news.iter();
            let list =
                news.map(|n| format!("{}: {}{}", spoken(&n.seen), who(n), what(n))).collect();
            blocks.push(Block::List(list));
        }
        return Some(section(c, blocks));
    };
    let mut rows = vec![vec![
        spoken(&b.as_of),
        "the days that passed, with nothing new".to_owned(),
        with_error(time, c.time_error.unwrap_or_default()),
    ]];
    let part = |n: &NewsItem| n.part.unwrap_or_default();
    let moved: Vec<_> = c.news.iter().filter(|n| part(n).abs() >= 0.0005).collect();
    for n in &moved {
        let points = with_error(part(n), n.part_error.unwrap_or_default());
        rows.push(vec![spoken(&n.seen), format!("{}{}", who(n), what(n)), points]);
    }
    let still = c.news.len() - moved.len();
    blocks.push(Block::Figure("moved"));
    blocks.push(table(
        format!(
            "What moved the number from {} to {}, in points",
            spoken(&c.from),
            spoken(&b.as_of)
        ),
        &[("Seen", false), ("What", false), ("Points", true)],
        rows,
    ));
    if still > 0 {
        let plural = if still == 1 { "piece of news is" } else { "pieces of news are" };
        blocks.push(Block::Text(format!(
            "{still} more {plural} on the record and moved the number by less than 0.1 points."
        )));
    }
    Some(section(c, blocks))
}

fn section(c: &NumberChange, blocks: Vec<Block>) -> Section {
    Section { id: "changed", title: format!("What changed since {}", spoken(&c.from)), blocks }
}

/// P by date.
pub(super) fn by_when(b: &Brief) -> Section {
    sections::by_when(&b.topic(), &b.dates, &[])
}

/// How the talks first end.
pub(super) fn endings(b: &Brief) -> Section {
    sections::endings(&b.topic(), &b.endings, &b.force, &b.events)
}

/// Who blocks, and what would move them.
pub(super) fn blockers(b: &Brief) -> Section {
    match &b.class.passed {
        Some(passed) => sections::no_blockers(passed),
        None => sections::blockers(&b.topic(), &blocking(b)),
    }
}

pub(super) fn blocking(b: &Brief) -> Blocking<'_> {
    Blocking {
        zone: &b.zone,
        members: &b.members,
        conflicts: &b.conflicts,
        openings: &b.openings,
        most: [FEW, FEW],
    }
}

/// Feasible terms.
pub(super) fn terms(b: &Brief) -> Section {
    let mut section = sections::terms(&b.topic(), &b.terms, b.class.passed.as_deref());
    if let Some(p) = b.packages.as_ref().filter(|_| b.class.passed.is_none()) {
        section.blocks.push(Block::Text(super::packages::words(p)));
        section.blocks.push(Block::Figure("packages"));
    }
    if let Some(p) = b.people.as_ref().filter(|_| b.class.passed.is_none()) {
        section.blocks.push(Block::Text(PEOPLE.to_owned()));
        section.blocks.extend(crate::deals::people_blocks(p, PEOPLE_TABLES));
    }
    section
}

/// What the tables of the rule of people are about.
const PEOPLE: &str = "People with such a zone do not all strike the same deal. What follows is what they would do with the \
                      zones of the first draws, by a rule fitted to real talks over known values.";

/// Their captions.
const PEOPLE_TABLES: [&str; 2] =
    ["The likeliest packages, given a deal", "Terms and gains, given a deal"];

/// Alternatives considered.
pub(super) fn alternatives(b: &Brief) -> Option<Section> {
    if b.alternatives.is_empty() {
        return None;
    }
    let by = spoken(&b.question.by);
    let mut rows: Vec<_> = b.alternatives.iter().collect();
    rows.sort_by(|x, y| y.effect.abs().total_cmp(&x.effect.abs()));
    let table = table(
        format!("P({}) by {by} otherwise, and the change in points", b.question.event),
        &[("If", false), ("Kind", false), ("P", true), ("Points", true), ("Source", false)],
        rows.iter()
            .map(|a| {
                let moved = with_error(a.effect, a.effect_error);
                vec![a.what.clone(), a.kind.to_owned(), pc(a.p), moved, a.source.clone()]
            })
            .collect(),
    );
    let most = rows.first()?;
    let lead = format!(
        "What would make the largest difference: {} {}. Theories and assumptions are compared on \
         the same draws, {} at most; ± is one standard error.",
        most.what,
        moves_to((most.effect, most.effect_error), most.p),
        thousands(b.method.compared)
    );
    Some(Section {
        id: "alternatives",
        title: "Alternatives considered".to_owned(),
        blocks: vec![Block::Text(lead), table],
    })
}
