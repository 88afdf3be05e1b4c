//! Deals over some issues or among some sides, and trades over all sides, in words.

use winset_model::forecast::{PartialOdds, SideOdds, Trade};
use winset_page::document::{Block, Section, Table};
use winset_page::text::{and, pc, short};

use crate::names::Names;

/// A rate below which nothing is said of a side.
const RARE: f64 = 0.005;

/// The deals of `[partial]`, one a row, and who would rather do otherwise.
pub(super) fn partial(all: &[PartialOdds], names: &Names<'_>) -> Section {
    let row = |p: &PartialOdds| {
        vec![
            names.partial(&p.partial),
            pc(p.zone),
            pc(p.beyond),
            format!("{:.1}", 100.0 * p.room),
            p.stable.map_or_else(|| "–".to_owned(), pc),
        ]
    };
    let head = [
        ("", false),
        ("P(zone)", true),
        ("and none of all", true),
        ("room, points", true),
        ("stable", true),
    ];
    let mut blocks = vec![Block::Table(Table::new("", &head, all.iter().map(row).collect()))];
    blocks.push(Block::List(all.iter().map(|p| said(p, names)).collect()));
    if all.iter().any(|p| p.stable.is_some()) {
        let how = "stable: of the draws with such a deal, those in which nobody in it would have more outside \
                   while the others go on, and nobody outside more inside.";
        blocks.push(Block::Note(how.to_owned()));
    }
    Section::new("partial", "Deals over some issues, or without some", blocks)
}

/// One of them in a sentence or two.
fn said(p: &PartialOdds, names: &Names<'_>) -> String {
    let case = names.case();
    let sides: Vec<String> = p.sides.iter().map(|id| names.side(id)).collect();
    let who = match p.sides.len() == case.sides.len() {
        true => "all sides".to_owned(),
        false => and(&sides),
    };
    let what = match p.issues.len() == case.issues.len() {
        true => "everything".to_owned(),
        false => and(&p.issues.iter().map(|id| names.issue(id)).collect::<Vec<_>>()),
    };
    let mut text = format!("{}: {who} over {what}", names.partial(&p.partial));
    let terms: Vec<String> = p
        .terms
        .iter()
        .map(|t| {
            let [low, middle, high] = t.quantiles.map(short);
            format!("{} {middle} ({low} to {high})", names.issue(&t.issue))
        })
        .collect();
    if terms.is_empty() {
        text.push('.');
    } else {
        text += &format!("; terms {}.", and(&terms));
    }
    let rather = |odds: &[SideOdds], way: &str| -> Option<String> {
        let often = odds.iter().filter(|o| o.p >= RARE);
        let each: Vec<String> =
            often.map(|o| format!("{} in {}", names.side(&o.side), pc(o.p))).collect();
        (!each.is_empty()).then(|| format!(" Would rather {way}: {}.", and(&each)))
    };
    text += &rather(&p.leaves, "stay out").unwrap_or_default();
    text += &rather(&p.joins, "be in").unwrap_or_default();
    text
}

/// The best trades over all sides.
pub(super) fn trades(all: &[Trade], names: &Names<'_>) -> Section {
    let line = |t: &Trade| {
        let moves: Vec<String> = t
            .moves
            .iter()
            .map(|m| {
                let sign = if m.by > 0.0 { "+" } else { "−" };
                format!("{} {sign}{}", names.issue(&m.issue), short(m.by.abs()))
            })
            .collect();
        let sides = names.case().sides.iter().zip(&t.gains);
        let gains: Vec<String> =
            sides.map(|(side, g)| format!("{} {g:.1}", names.side(&side.id))).collect();
        format!(
            "{}: all gain in {} of draws ({} points).",
            and(&moves),
            pc(t.wanted),
            gains.join(", ")
        )
    };
    let blocks = vec![match all.is_empty() {
        true => {
            Block::Text("No trade of up to three issues by ten points is wanted by all.".to_owned())
        }
        false => Block::List(all.iter().map(line).collect()),
    }];
    Section::new(
        "all-trades",
        "Trades all sides would want, from the middle of their ideals",
        blocks,
    )
}
