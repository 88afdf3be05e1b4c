//! Page one: what a reader who turns no page has to know. Everything on it is said again, with its
//! reasons, in the report behind it.

use super::Brief;
use super::sections::{blocking, reasons};
use crate::forecast::sections::{self, WORTH_A_SENTENCE, near_median, table};
use crate::names::OPEN;
use winset_page::document::{Block, Section};
use winset_page::text::{pc, short, spoken, thousands};

/// So many members, and so many indicators, have a place on page one.
const THREE: usize = 3;

/// The sections of page one.
pub(super) fn page(b: &Brief) -> Vec<Section> {
    let sections = [
        Some(bottom_line(b)),
        blockers(b),
        Some(confidence(b)),
        terms(b),
        indicators(b),
        Some(citation(b)),
    ];
    sections.into_iter().flatten().collect()
}

/// The answer in words, on the scale, and as it was told before.
fn bottom_line(b: &Brief) -> Section {
    let (topic, a) = (b.topic(), &b.answer);
    let mut text = match &b.class.passed {
        Some(passed) => sections::agreed(passed),
        None => sections::zone(&topic, &b.zone),
    };
    if let Some(open) = b.endings.iter().find(|e| e.name == OPEN) {
        let by = spoken(&b.question.by);
        let talks = topic.with("is", "are");
        text.push_str(&format!(" On {by} {talks} still open in a share of {}", pc(open.p)));
        let other = b
            .endings
            .iter()
            .filter(|e| e.name != open.name && !b.question.asks(&e.name) && e.p >= 0.005)
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
    let blocks = vec![
        Block::Lead(sections::answer(&topic, a.p, a.lo, a.hi)),
        Block::Figure("answer"),
        Block::Figure("course"),
        Block::Text(text),
    ];
    Section { id: "bottom-line", title: "Bottom line".to_owned(), blocks }
}

/// Who closes the zone most often, and what alone would open it.
fn blockers(b: &Brief) -> Option<Section> {
    if b.class.passed.is_some() {
        return None;
    }
    let who = |m: &&crate::forecast::MemberRow| {
        let side = if b.council { m.role.clone() } else { m.side.clone() };
        format!("{} ({side}): {} of draws", m.name, pc(m.block))
    };
    let leading = blocking(b).leading();
    let worth = leading.iter().filter(|m| m.block >= WORTH_A_SENTENCE);
    let rows: Vec<String> = worth.take(THREE).map(who).collect();
    let mut blocks = match rows.is_empty() {
        true => vec![Block::Text("Nobody alone.".to_owned())],
        false => vec![Block::List(rows)],
    };
    if let Some(o) = b.openings.first() {
        let text = format!("One change opens more than any other. {}.", sections::opening(o));
        blocks.push(Block::Text(text));
    }
    Some(Section::new("front-blockers", "Who blocks", blocks))
}

/// The terms of a deal, one line an issue.
fn terms(b: &Brief) -> Option<Section> {
    let rows: Vec<Vec<String>> = b
        .terms
        .iter()
        .filter_map(|t| {
            let [lo, mid, hi] = t.quantiles?;
            let near = near_median(t).unwrap_or_default();
            Some(vec![
                t.issue.clone(),
                format!("{} ({}–{})", short(mid), short(lo), short(hi)),
                near,
            ])
        })
        .collect();
    if rows.is_empty() || b.class.passed.is_some() {
        return None;
    }
    let head = [("Issue", false), ("Median (5–95 %)", true), ("Nearest landmark", false)];
    let block = table("Terms in the draws with a deal".to_owned(), &head, rows);
    Some(Section::new("front-terms", "On which terms", vec![block]))
}

/// What to watch.
fn indicators(b: &Brief) -> Option<Section> {
    let by = spoken(&b.question.by);
    let row = |i: &super::Indicator| {
        let day = i.on.as_deref().map_or_else(String::new, |on| format!(" ({})", spoken(on)));
        format!("{}{day}: then {}, else {}", i.what, pc(i.seen), pc(i.unseen))
    };
    let rows: Vec<String> = b.indicators.iter().take(THREE).map(row).collect();
    let title = format!("What to watch: the chance by {by} with it and with its contrary");
    (!rows.is_empty()).then(|| Section::new("front-indicators", title, vec![Block::List(rows)]))
}

/// How much weight the estimate bears.
fn confidence(b: &Brief) -> Section {
    let text = format!("Confidence in this estimate is {}: {}.", b.confidence.level, reasons(b));
    Section::new("front-confidence", "Confidence", vec![Block::Text(text)])
}

/// How to cite the brief.
fn citation(b: &Brief) -> Section {
    let m = &b.method;
    let fingerprint: String = m.fingerprint.chars().take(12).collect();
    let text = format!(
        "“{}”, forecast as of {}, winset {}, case {fingerprint}, {} draws, seed {}.",
        b.title,
        spoken(&b.as_of),
        m.version,
        thousands(m.draws),
        m.seed
    );
    Section::new("citation", "How to cite", vec![Block::Text(text)])
}
