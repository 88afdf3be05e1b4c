//! A named text: who would ratify it, who refuses and why, and the nearest one that would pass.

use serde::Serialize;
use winset_model::case::Case;
use winset_model::effort::Effort;
use winset_model::forecast::{TextGate, TextOdds, TextRefusal, VERSION, text_odds};
use winset_page::chart::{self, Figure, GateMark, SideGates};
use winset_page::document::{Block, Document, Section, Table};
use winset_page::text::{and, pc, short, spoken, thousands};

use crate::head::RunHead;
use crate::names::Names;

/// `winset/text/1`: how a named text would fare.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TextReport {
    /// `winset/text/1`.
    pub schema: &'static str,
    /// The case's title.
    pub case: String,
    /// What it was run on.
    #[serde(flatten)]
    pub run: RunHead,
    /// How the text would fare.
    pub odds: TextOdds,
}

/// How a text of a case would fare on its first `draws` draws; none if it was stopped.
pub fn ask(
    case: &Case,
    text: usize,
    seed: u64,
    draws: u64,
    effort: Effort<'_>,
) -> Option<TextReport> {
    let odds = text_odds(case, text, seed, draws, effort)?;
    Some(TextReport {
        schema: "winset/text/1",
        case: case.title.clone(),
        run: RunHead {
            fingerprint: case.fingerprint(),
            as_of: case.as_of.to_string(),
            seed,
            draws,
        },
        odds,
    })
}

/// So many who refuse are named.
const REFUSING: usize = 8;
/// What is rarer is left to the JSON.
const RARE: f64 = 0.005;

/// What is said of it.
pub fn document(r: &TextReport, names: &Names<'_>) -> Document {
    let o = &r.odds;
    let name = names.named_text(&o.text);
    let mut sections = vec![terms(o, names)];
    let lead = format!(
        "Every side ratifies “{name}” in {} of {} draws; some text or other in {}.",
        pc(o.ratified),
        thousands(o.draws),
        pc(o.zone)
    );
    let mut blocks =
        vec![Block::Text(lead), Block::Table(by_body(o, names)), Block::Figure("gates")];
    if !o.stages.is_empty() {
        let stage = |s: &winset_model::forecast::TextStage| {
            format!("{} {}", names.stage(&s.stage), pc(s.p))
        };
        let stages: Vec<String> = o.stages.iter().map(stage).collect();
        blocks.push(Block::Text(format!(
            "With the stages after it ({}), whatever the day: {}.",
            and(&stages),
            pc(o.passed)
        )));
    }
    sections.push(Section::new("ratified", "Who would ratify it", blocks));
    sections.push(refusing(o, names));
    sections.push(Section::new("nearest", "The nearest text that would pass", nearest(o, names)));
    Document {
        title: format!("“{name}” · {} · as of {}", r.case, r.run.as_of),
        sections,
        figures: vec![("gates", gates(r, names))],
        version: VERSION.to_owned(),
        ..Document::default()
    }
}

/// Who must say yes, gate by gate.
fn gates(r: &TextReport, names: &Names<'_>) -> Figure {
    let mark = |g: &TextGate| GateMark {
        name: match &g.actor {
            Some(actor) => names.actor(actor),
            // What a gate asks, without those it asks.
            None => g.rule.split(" (").next().unwrap_or_default().replace('%', " %"),
        },
        depth: g.depth,
        actor: g.actor.is_some(),
        shares: [g.p, g.weight],
    };
    chart::gates(&chart::Gates {
        id: "gates".to_owned(),
        source: format!(
            "Source: winset {VERSION}, {} draws, seed {}; as of {}.",
            thousands(r.run.draws),
            r.run.seed,
            spoken(&r.run.as_of)
        ),
        text: names.named_text(&r.odds.text),
        p: r.odds.ratified,
        sides: r
            .odds
            .sides
            .iter()
            .map(|s| SideGates {
                name: names.side(&s.side),
                p: s.p,
                gates: s.gates.iter().map(mark).collect(),
            })
            .collect(),
    })
}

fn terms(o: &TextOdds, names: &Names<'_>) -> Section {
    let rows = names.case().issues.iter().zip(&o.terms);
    let rows =
        rows.map(|(issue, x)| vec![names.issue(&issue.id), names.value(issue, *x)]).collect();
    let table = Table::new("", &[("", false), ("the text", true)], rows);
    Section::new("terms", "What it says", vec![Block::Table(table)])
}

/// A row a side and a row each of its bodies.
fn by_body(o: &TextOdds, names: &Names<'_>) -> Table {
    let mut rows = Vec::new();
    for side in &o.sides {
        rows.push(vec![names.side(&side.side), pc(side.p), String::new()]);
        // One body that is all there is says nothing new.
        for body in side.bodies.iter().filter(|_| side.bodies.len() > 1) {
            let asked = if body.asked < 1.0 { pc(body.asked) } else { String::new() };
            rows.push(vec![format!("· {}", names.rule(&body.rule)), pc(body.p), asked]);
        }
    }
    let doubt = o.sides.iter().flat_map(|s| &s.bodies).any(|b| b.asked < 1.0);
    let head = [("", false), ("P(yes)", true), (if doubt { "asked" } else { "" }, true)];
    let columns = if doubt { 3 } else { 2 };
    rows.iter_mut().for_each(|row| row.truncate(columns));
    Table::new("", &head[..columns], rows)
}

fn refusing(o: &TextOdds, names: &Names<'_>) -> Section {
    let often: Vec<&TextRefusal> = o.refuses.iter().filter(|r| r.p >= RARE).collect();
    let lines: Vec<String> = often.iter().take(REFUSING).map(|r| refusal(r, names)).collect();
    let blocks = match lines.is_empty() {
        true => {
            vec![Block::Text("Nobody refuses it in more than a draw in two hundred.".to_owned())]
        }
        false => vec![Block::List(lines)],
    };
    Section::new("refuses", "Who refuses, and why", blocks)
}

fn refusal(r: &TextRefusal, names: &Names<'_>) -> String {
    let mut why: Vec<String> = Vec::new();
    for line in r.red_lines.iter().filter(|l| l.p >= RARE) {
        let what = if line.line == "red_min" { "less" } else { "more" };
        why.push(format!(
            "{what} on {} than it accepts in {}",
            names.issue(&line.issue),
            pc(line.p)
        ));
    }
    if r.too_little >= RARE {
        why.push(format!("worth less to it than no deal in {}", pc(r.too_little)));
    }
    let decides = match r.decides >= RARE {
        true => format!(" Its consent alone would carry the text in {}.", pc(r.decides)),
        false => String::new(),
    };
    format!("{}: no in {}, {}.{decides}", names.actor(&r.actor), pc(r.p), and(&why))
}

fn nearest(o: &TextOdds, names: &Names<'_>) -> Vec<Block> {
    let Some(near) = &o.nearest else {
        let why = o.nearest_reason.unwrap_or_default();
        return vec![Block::Text(format!("None is named: {why}."))];
    };
    let mut moved = Vec::new();
    for ((issue, from), to) in names.case().issues.iter().zip(&o.terms).zip(&near.terms) {
        if (from - to).abs() > 1e-9 * (issue.scale.1 - issue.scale.0) {
            let name = names.issue(&issue.id);
            moved.push(format!("{name} from {} to {}", short(*from), short(*to)));
        }
    }
    let text = format!(
        "{}: {} points away in all, ratified in {}.",
        and(&moved),
        short(near.distance),
        pc(near.ratified)
    );
    let note =
        "The nearest, in steps of five points, that is ratified in half of the draws with a zone.";
    vec![Block::Text(text), Block::Note(note.to_owned())]
}
