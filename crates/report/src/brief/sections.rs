//! The sections about the answer: bottom line, what changed, dates, endings, blockers, terms,
//! alternatives.

use super::view::{Brief, Change, Member, News, Opening, Packages, Terms};
use super::words::{
    and, capital, change, count, day, likely_between, likely_within, moves_to, points, position,
    quoted, range, signed, subject,
};
use crate::names::OPEN;
use winset_page::document::{Block, Section, Table};
use winset_page::text::{pc, short};

/// Members that close fewer draws than this are in the table only.
const WORTH_A_SENTENCE: f64 = 0.01;

/// Rows of conflicts and openings that a reader has time for.
const FEW: usize = 4;

pub(super) fn table(caption: String, head: &[(&str, bool)], rows: Vec<Vec<String>>) -> Block {
    Block::Table(Table::new(caption, head, rows))
}

/// Bottom line.
pub(super) fn bottom_line(b: &Brief) -> Section {
    let by = day(&b.question.by);
    let lead = format!("{} by {by} is {}.", capital(&b.question.event), likely_within(&b.answer));
    let mut text = zone(b);
    if let Some(open) = b.endings.iter().find(|e| e.name == OPEN) {
        text.push_str(&format!(
            " On {by} {} still open in a share of {}",
            if b.council { "the matter is" } else { "the talks are" },
            pc(open.p)
        ));
        let other = b
            .endings
            .iter()
            .filter(|e| e.name != open.name && e.name != b.question.event && e.p >= 0.005)
            .max_by(|x, y| x.p.total_cmp(&y.p));
        match other {
            Some(other) => text.push_str(&format!(
                "; of the endings other than {}, {} has the largest share ({}).",
                b.question.event,
                other.name,
                pc(other.p)
            )),
            None => text.push('.'),
        }
    }
    if let Some(first) = leading(b).first().filter(|m| m.block >= WORTH_A_SENTENCE) {
        text.push_str(&format!(
            " {} closes more draws than any other member: {}.",
            first.name,
            pc(first.block)
        ));
    }
    if let Some(o) = b.openings.first() {
        text.push_str(&format!(" One change opens more than any other. {}.", opening(o)));
    }
    let c = &b.confidence;
    let blocks = vec![
        Block::Lead(lead),
        Block::Text(text),
        Block::Text(format!("Confidence in this estimate is {}: {}.", c.level, reasons(b))),
    ];
    Section { id: "bottom-line", title: "Bottom line".to_owned(), blocks }
}

/// The reasons that support the level stated, or all where none does.
fn reasons(b: &Brief) -> String {
    let c = &b.confidence;
    let own: Vec<String> =
        c.reasons.iter().filter(|r| r.level == c.level).map(|r| r.text.clone()).collect();
    let all: Vec<String> = c.reasons.iter().map(|r| r.text.clone()).collect();
    and(if own.is_empty() { &all } else { &own })
}

fn zone(b: &Brief) -> String {
    let z = &b.zone;
    let passes =
        if b.council { "would pass under the rule" } else { "would be ratified on every side" };
    format!(
        "In {} of draws some package {passes} (error {}); in {} none would, now or at the horizon.",
        pc(z.p),
        points(z.mcse),
        pc(z.closed)
    )
}

fn leading(b: &Brief) -> Vec<&Member> {
    let mut rows: Vec<&Member> = b.members.iter().collect();
    rows.sort_by(|x, y| y.block.total_cmp(&x.block).then(y.walk.total_cmp(&x.walk)));
    rows
}

fn opening(o: &Opening) -> String {
    format!(
        "With {} moved from {} to {}, a zone exists in {} of draws; if it gave way in full, in {}",
        o.what,
        position(o.from, o.from_mark.as_ref()),
        position(o.to, o.to_mark.as_ref()),
        pc(o.zone),
        pc(o.zone_without)
    )
}

/// What changed since an earlier day.
pub(super) fn changed(b: &Brief) -> Option<Section> {
    let c = b.changed.as_ref()?;
    let total = c.p_to - c.p_from;
    let mut blocks = vec![Block::Text(format!(
        "Told from {} the model said {} for {}; told from {} it says {} ({}).",
        day(&c.from),
        pc(c.p_from),
        day(&b.question.by),
        day(&b.as_of),
        pc(c.p_to),
        change(total)
    ))];
    let who = |n: &News| n.speaker.as_ref().map_or_else(String::new, |s| format!("{s}: "));
    let what = |n: &News| match n.text.as_str() {
        "" if n.said => "an entry of the record".to_owned(),
        "" => "an entry of the calendar".to_owned(),
        text if n.said => quoted(text),
        text => text.to_owned(),
    };
    let Some(time) = c.time else {
        // Without a division of the change there is only what is new.
        if c.news.is_empty() {
            blocks.push(Block::Text(format!(
                "Nothing new is on the record since {}: the change is the days that passed.",
                day(&c.from)
            )));
        } else {
            let n = count(c.news.len(), "entry is new", "entries are new");
            blocks.push(Block::Text(format!("{n} since {}:", day(&c.from))));
            let news = c.news.iter();
            let list = news.map(|n| format!("{}: {}{}", day(&n.seen), who(n), what(n))).collect();
            blocks.push(Block::List(list));
        }
        return Some(section(c, blocks));
    };
    let mut rows = vec![vec![
        day(&b.as_of),
        "the days that passed, with nothing new".to_owned(),
        signed(time),
    ]];
    let part = |n: &News| n.part.unwrap_or_default();
    let moved: Vec<_> = c.news.iter().filter(|n| part(n).abs() >= 0.0005).collect();
    for n in &moved {
        rows.push(vec![day(&n.seen), format!("{}{}", who(n), what(n)), signed(part(n))]);
    }
    let still = c.news.len() - moved.len();
    blocks.push(Block::Figure("moved"));
    blocks.push(table(
        format!("What moved the number from {} to {}, in points", day(&c.from), day(&b.as_of)),
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

fn section(c: &Change, blocks: Vec<Block>) -> Section {
    Section { id: "changed", title: format!("What changed since {}", day(&c.from)), blocks }
}

/// P by date.
pub(super) fn by_when(b: &Brief) -> Section {
    let rows = b
        .dates
        .iter()
        .map(|d| {
            let words = likely_between(d.p, d.lo, d.hi);
            let asked = if d.asked { " (the question)" } else { "" };
            vec![format!("{}{asked}", day(&d.date)), pc(d.p), range(d.lo, d.hi), words]
        })
        .collect();
    let caption = format!(
        "P({}) by each day, and its range over {} settings of the calendar’s constants",
        b.question.event, b.method.settings
    );
    let head = [("By", false), ("P", true), ("Range", true), ("In words", false)];
    Section {
        id: "when",
        title: "By when".to_owned(),
        blocks: vec![Block::Figure("agreement"), table(caption, &head, rows)],
    }
}

/// How the talks first end.
pub(super) fn endings(b: &Brief) -> Section {
    let by = day(&b.question.by);
    let rows = b.endings.iter().map(|e| vec![e.name.clone(), pc(e.p)]).collect();
    let mut blocks = vec![
        Block::Figure("endings"),
        table(
            format!(
                "How {} first ended by {by}, as shares of all draws",
                if b.council { "the matter has" } else { "the talks have" }
            ),
            &[("Ending", false), ("Share", true)],
            rows,
        ),
    ];
    let mut text: Vec<String> = b
        .force
        .iter()
        .map(|f| format!("{} would be a credible threat in {} of draws.", quoted(&f.name), pc(f.p)))
        .collect();
    text.extend(b.events.iter().filter(|e| e.p >= 0.005).map(|e| {
        format!(
            "The event {} is the first ending by {by} in a share of {}.",
            quoted(&e.name),
            pc(e.p)
        )
    }));
    if !text.is_empty() {
        blocks.push(Block::Text(text.join(" ")));
    }
    Section {
        id: "endings",
        title: format!("How {} end{}", subject(b.council), if b.council { "s" } else { "" }),
        blocks,
    }
}

/// Who blocks, and what would move them.
pub(super) fn blockers(b: &Brief) -> Section {
    let mut blocks = Vec::new();
    let rows = leading(b);
    let closing: Vec<String> = rows
        .iter()
        .filter(|m| m.block >= WORTH_A_SENTENCE)
        .map(|m| format!("{} ({}, {}) in {}", m.name, m.role, m.side, pc(m.block)))
        .collect();
    blocks.push(Block::Text(if closing.is_empty() {
        format!(
            "No single member closes the zone in 1 % of draws or more: where it is closed ({} of \
             draws), one member giving way would not open it.",
            pc(b.zone.closed)
        )
    } else {
        format!(
            "The zone is closed by one member alone, who would open it by accepting anything: {}. \
             The same draw counts for each member who closes it.",
            and(&closing)
        )
    }));
    blocks.push(Block::Figure("tree"));
    blocks.push(table(
        format!(
            "Members by what they do to the zone, as shares of {} draws",
            super::words::thousands(b.method.draws)
        ),
        &[
            ("Member", false),
            ("Side, role", false),
            ("Blocks", true),
            ("Holds open", true),
            ("Power in its rule", true),
        ],
        rows.iter()
            .map(|m| {
                vec![
                    m.name.clone(),
                    format!("{}, {}", m.side, m.role),
                    pc(m.block),
                    pc(m.walk),
                    format!("{:.2}", m.power),
                ]
            })
            .collect(),
    ));
    let conflicts: Vec<String> = b
        .conflicts
        .iter()
        .filter(|c| c.share >= 0.005)
        .take(FEW)
        .map(|c| format!("In {} of draws: {}.", pc(c.share), and(&c.demands)))
        .collect();
    if !conflicts.is_empty() {
        blocks.push(Block::Text(
            "What cannot hold together, each set as small as it gets:".to_owned(),
        ));
        blocks.push(Block::List(conflicts));
    }
    if !b.openings.is_empty() {
        blocks.push(Block::Text(format!(
            "What would move them, each change alone (a zone exists in {} of draws now):",
            pc(b.zone.p)
        )));
        let rows = b.openings.iter().take(FEW).map(|o| format!("{}.", capital(&opening(o))));
        blocks.push(Block::List(rows.collect()));
    }
    Section { id: "blockers", title: "Who blocks, and what would move them".to_owned(), blocks }
}

/// Feasible terms.
pub(super) fn terms(b: &Brief) -> Section {
    let by = day(&b.question.by);
    let width =
        |t: &Terms| t.quantiles.map(|q| (q[2] - q[0]).abs() / (t.scale[1] - t.scale[0]).abs());
    let known: Vec<(&Terms, f64)> = b.terms.iter().filter_map(|t| Some((t, width(t)?))).collect();
    let mut blocks = Vec::new();
    let between = |t: &Terms| {
        t.quantiles.map_or_else(String::new, |q| format!("{} to {}", short(q[0]), short(q[2])))
    };
    let tightest = known.iter().min_by(|x, y| x.1.total_cmp(&y.1));
    let widest = known.iter().max_by(|x, y| x.1.total_cmp(&y.1));
    match (tightest, widest) {
        (Some((a, _)), Some((z, _))) if known.len() > 1 => blocks.push(Block::Text(format!(
            "In the draws with a deal by {by} the terms lie closest together on {} ({}) and \
             furthest apart on {} ({}).",
            a.issue,
            between(a),
            z.issue,
            between(z)
        ))),
        (Some((a, _)), _) => blocks.push(Block::Text(format!(
            "In the draws with a deal by {by} the terms on {} range from {}.",
            a.issue,
            between(a)
        ))),
        _ => blocks.push(Block::Text(format!(
            "None of the {} draws has a zone of agreement, so there are no terms to show.",
            super::words::thousands(b.method.draws)
        ))),
    }
    blocks.push(Block::Figure("positions"));
    let rows: Vec<Vec<String>> = b
        .terms
        .iter()
        .filter_map(|t| {
            let q = t.quantiles?;
            let near = t.near.as_ref().and_then(|n| n[1].as_ref());
            let near =
                near.map_or_else(String::new, |m| format!("{} ({})", quoted(&m.text), short(m.at)));
            Some(vec![
                t.issue.clone(),
                format!("{} to {}", short(t.scale[0]), short(t.scale[1])),
                short(t.now),
                short(q[0]),
                short(q[1]),
                short(q[2]),
                near,
            ])
        })
        .collect();
    if !rows.is_empty() {
        blocks.push(table(
            "Terms in the draws with a deal, in each issue’s own units".to_owned(),
            &[
                ("Issue", false),
                ("Scale", true),
                ("Now", true),
                ("5 %", true),
                ("Median", true),
                ("95 %", true),
                ("Landmark nearest the median", false),
            ],
            rows,
        ));
    }
    if let Some(p) = &b.packages {
        blocks.push(Block::Text(packages(p)));
        blocks.push(Block::Figure("packages"));
    }
    Section { id: "terms", title: "Feasible terms".to_owned(), blocks }
}

/// The packages at central values in words.
fn packages(p: &Packages) -> String {
    let count = |n: usize| super::words::thousands(n as u64);
    let ratified = if p.ratified == 0 { "none".to_owned() } else { count(p.ratified) };
    let mut text = format!(
        "With every input at its central value, one negotiation without ranges, {ratified} of {} \
         packages would be ratified on both sides.",
        count(p.count)
    );
    if let Some(nash) = p.chosen.first() {
        let fate = if nash.refused.is_empty() {
            "would be ratified on both sides".to_owned()
        } else {
            format!("would not be ratified by {}", and(&nash.refused))
        };
        text +=
            &format!(" The {} package among all of them ({}) {fate}.", nash.solutions, nash.terms);
    }
    text
}

/// Alternatives considered.
pub(super) fn alternatives(b: &Brief) -> Option<Section> {
    if b.alternatives.is_empty() {
        return None;
    }
    let by = day(&b.question.by);
    let mut rows: Vec<_> = b.alternatives.iter().collect();
    rows.sort_by(|x, y| y.effect.abs().total_cmp(&x.effect.abs()));
    let table = table(
        format!("P({}) by {by} otherwise, and the change in points", b.question.event),
        &[("If", false), ("Kind", false), ("P", true), ("Points", true), ("Source", false)],
        rows.iter()
            .map(|a| {
                vec![a.what.clone(), a.kind.to_owned(), pc(a.p), signed(a.effect), a.source.clone()]
            })
            .collect(),
    );
    let most = rows.first()?;
    let lead = format!(
        "What would make the largest difference: {} {}. Theories and assumptions are compared on \
         the same {} draws.",
        most.what,
        moves_to(most.effect, most.p),
        super::words::thousands(b.method.compared)
    );
    Some(Section {
        id: "alternatives",
        title: "Alternatives considered".to_owned(),
        blocks: vec![Block::Text(lead), table],
    })
}
