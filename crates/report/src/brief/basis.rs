//! The sections about what the answer rests on: indicators, assumptions and confidence, sources,
//! method, score.

use super::words::said;
use super::{Brief, EnoughChange, EnoughToFlip, InputShift, LeverageBasis};
use crate::confidence::DEFINITIONS;
use crate::forecast::sections::{self, Computation, table};
use crate::moved::{error, with_error};
use winset_page::document::{Block, Section};
use winset_page::text::{and, count, pc, range, short, signed, spoken, thousands};

/// Rows of a table that a reader has time for.
const FEW: usize = 8;

/// Indicators to watch.
pub(super) fn indicators(b: &Brief) -> Option<Section> {
    let first = b.indicators.first()?;
    let by = spoken(&b.question.by);
    let rows = b
        .indicators
        .iter()
        .take(FEW)
        .map(|i| {
            vec![
                i.on.as_deref()
                    .map_or_else(|| i.what.clone(), |on| format!("{} ({})", i.what, spoken(on))),
                pc(i.seen),
                i.contrary.clone(),
                pc(i.unseen),
                with_error(i.moves, i.moves_error),
            ]
        })
        .collect();
    Some(Section {
        id: "indicators",
        title: "Indicators to watch".to_owned(),
        blocks: vec![
            Block::Text(format!(
                "Of what can be seen before {by}, this moves the number most: {} (P {}), or {} (P \
                 {}).",
                first.what,
                pc(first.seen),
                first.contrary,
                pc(first.unseen)
            )),
            table(
                format!(
                    "P({}) by {by} when each is seen, and when its contrary is",
                    b.question.event
                ),
                &[
                    ("What to look for", false),
                    ("P if seen", true),
                    ("Contrary", false),
                    ("P then", true),
                    ("Largest move, points", true),
                ],
                rows,
            ),
        ],
    })
}

/// The leading inputs by what they do to the answer.
fn leading(b: &Brief) -> Block {
    let draws = b.leverage.map_or(0, |l| l.draws);
    table(
        format!(
            "Assumptions by how far they move P by {}, in points, at 10 % and 90 % of their range, \
             on {} draws; ± is the error of the difference",
            spoken(&b.question.by),
            thousands(draws)
        ),
        &[
            ("Assumption", false),
            ("10 % to 90 %", true),
            ("Low", true),
            ("High", true),
            ("±", true),
            ("Of variance", true),
            ("Rests on", false),
        ],
        b.assumptions
            .iter()
            .take(FEW)
            .map(|a| {
                vec![
                    a.name.clone(),
                    format!("{} to {}", short(a.range[0]), short(a.range[1])),
                    signed(a.effect[0]),
                    signed(a.effect[1]),
                    a.effect_error.map_or_else(String::new, error),
                    a.variance.map_or_else(String::new, |[v, lo, hi]| {
                        format!("{} ({})", pc(v), range(lo, hi))
                    }),
                    a.source.clone(),
                ]
            })
            .collect(),
    )
}

/// Assumptions by leverage, and confidence.
pub(super) fn assumptions(b: &Brief) -> Section {
    let mut blocks = Vec::new();
    if !b.assumptions.is_empty() {
        blocks.push(Block::Figure("tornado"));
        blocks.push(match &b.leverage {
            Some(_) => leading(b),
            None => sections::constants(&b.topic(), &b.assumptions, FEW),
        });
    }
    if let Some(LeverageBasis {
        judged_rows,
        judgement: Some([share, lo, hi]),
        judged,
        inputs,
        ..
    }) = b.leverage
    {
        blocks.push(Block::Text(format!(
            "{judged} of the {inputs} uncertain inputs rest on judgement and carry {} of the \
             variance between draws (5 % to 95 %: {}), measured on {} rows.",
            pc(share),
            range(lo, hi),
            thousands(judged_rows as u64)
        )));
    }
    if let Some(e) = &b.enough {
        blocks.push(Block::Text(enough(b, e)));
    }
    blocks.extend(sections::unsupported(&b.unsupported, b.inputs));
    let c = &b.confidence;
    blocks.push(Block::Text(format!(
        "Confidence in this estimate is {}. The reasons, each with the level it supports alone:",
        c.level
    )));
    blocks.push(Block::List(
        c.reasons
            .iter()
            .map(|r| {
                let caps = if r.caps { "caps it at " } else { "" };
                format!("{caps}{}: {}.", r.level.word(), r.text)
            })
            .collect(),
    ));
    blocks.push(Block::Note(DEFINITIONS.join(" ")));
    Section { id: "assumptions", title: "Assumptions and confidence".to_owned(), blocks }
}

/// What would be enough to take the answer across even odds.
fn enough(b: &Brief, e: &EnoughToFlip) -> String {
    let line = pc(e.threshold);
    let way = if b.answer.p < e.threshold { "above" } else { "below" };
    let shift =
        |s: &InputShift| format!("{} ({} instead of {})", s.name, short(s.to), short(s.from));
    let list = |f: &EnoughChange| and(&f.changes.iter().map(shift).collect::<Vec<_>>());
    let alone = match &e.single {
        Some(f) => format!(
            "One input alone would be enough to take P {way} {line}: {}, which makes it {}.",
            list(f),
            pc(f.p)
        ),
        None => format!(
            "None of the {} inputs that matter most is alone enough to take P {way} {line} within \
             its range.",
            e.tried
        ),
    };
    let together = e.joint.as_ref().filter(|f| f.changes.len() > 1).map(|f| {
        format!(" The smallest change of several that was found makes it {}: {}.", pc(f.p), list(f))
    });
    let which = match (&e.single, &together) {
        (None, None) => return alone,
        (Some(_), Some(_)) => "Each",
        _ => "It",
    };
    let applied = format!(" {which} was applied on {} draws.", thousands(e.draws));
    alone + &together.unwrap_or_default() + &applied
}

/// What statements say of positions.
pub(super) fn beliefs(b: &Brief) -> Option<Section> {
    if b.beliefs.is_empty() {
        return None;
    }
    let list = b
        .beliefs
        .iter()
        .filter_map(|x| {
            let now = x.points.last()?;
            let weights: Vec<String> = x.statements.iter().map(|s| pc(s.weight)).collect();
            let n = count(x.statements.len(), "statement", "statements");
            let weighed = if weights.is_empty() {
                String::new()
            } else {
                format!(" with weight {}", and(&weights))
            };
            let reversed = x.reversal.map_or_else(String::new, |[from, to]| {
                format!(
                    "; one went from {} to {} and is read as a reversal",
                    short(from),
                    short(to)
                )
            });
            Some(format!(
                "{} on {}: {} with a standard deviation of {}, from {n}{weighed}{reversed}.",
                x.actor,
                x.issue,
                short(now.mean),
                short(now.sd)
            ))
        })
        .collect();
    Some(Section {
        id: "beliefs",
        title: "What was said, and what it is worth".to_owned(),
        blocks: vec![
            Block::Text(format!(
                "Where the record moves a position, it stands so as of {}, in the issue’s own units:",
                spoken(&b.as_of)
            )),
            Block::List(list),
            Block::Figure("belief"),
        ],
    })
}

/// Sources with their grades.
pub(super) fn sources(b: &Brief) -> Option<Section> {
    if b.sources.is_empty() && b.notes.is_empty() {
        return None;
    }
    let mut blocks = Vec::new();
    if !b.sources.is_empty() {
        let graded = b.record.iter().filter(|e| e.grade.is_some()).count();
        blocks.push(Block::Text(format!(
            "The record holds {} as of {}, {graded} of them graded for the source (A to F) and the \
             information (1 to 6); F and 6 mean unknown, not worst.",
            count(b.record.len(), "entry", "entries"),
            spoken(&b.as_of)
        )));
        blocks.push(Block::Figure("timeline"));
        blocks.push(table(
            format!("Sources of the record as of {}", spoken(&b.as_of)),
            &[
                ("Source", false),
                ("Entries", true),
                ("Independent origins", true),
                ("Grades", false),
            ],
            b.sources
                .iter()
                .map(|s| {
                    let grades: Vec<String> =
                        s.grades.iter().map(|g| format!("{} × {}", g.count, g.name)).collect();
                    vec![
                        s.name.clone(),
                        s.entries.to_string(),
                        s.origins.to_string(),
                        grades.join(", "),
                    ]
                })
                .collect(),
        ));
        if !b.redacted {
            blocks.push(table(
                format!(
                    "The record as of {}, in the words it was entered; what somebody said word for \
                     word stands in quotation marks",
                    spoken(&b.as_of)
                ),
                &[
                    ("Entry", false),
                    ("Said", false),
                    ("Who", false),
                    ("What", false),
                    ("Source, grade", false),
                ],
                b.record
                    .iter()
                    .map(|e| {
                        let grade = e.grade.as_deref().unwrap_or("ungraded");
                        let source =
                            if e.source.is_empty() { "no source named" } else { &e.source };
                        vec![
                            e.id.clone(),
                            said(&e.said),
                            e.speaker.clone().unwrap_or_default(),
                            e.text.clone(),
                            format!("{source}, {grade}"),
                        ]
                    })
                    .collect(),
            ));
        }
    }
    if !b.notes.is_empty() {
        blocks.push(Block::Text("Notes behind the numbers that decide:".to_owned()));
        blocks.push(Block::List(
            b.notes
                .iter()
                .map(|n| match n.about.as_str() {
                    "" => n.text.clone(),
                    about => format!("{about}: {}", n.text),
                })
                .collect(),
        ));
    }
    Some(Section { id: "sources", title: "Sources".to_owned(), blocks })
}

/// The method box.
pub(super) fn method(b: &Brief) -> Section {
    let m = &b.method;
    let own = Computation {
        as_of: &b.as_of,
        seed: m.seed,
        scrambled: m.points.is_some(),
        errors: [Some(b.answer.mcse), b.class.zone.map(|_| b.zone.mcse)],
        horizon: m.horizon,
        fingerprint: &m.fingerprint,
        version: &m.version,
    };
    let text = format!(
        "{} A comparison is the answer plus the difference on draws with the same random numbers: as \
         many as leave it an error of half a point, {} at most. The same brief comes from:",
        sections::computation(&b.topic(), &own),
        thousands(m.compared)
    );
    Section {
        id: "method",
        title: "How it was computed".to_owned(),
        blocks: vec![Block::Text(text), Block::Command(m.command.clone())],
    }
}

/// The score so far.
pub(super) fn score(b: &Brief) -> Option<Section> {
    let s = b.score.as_ref()?;
    let mut text = format!(
        "The log holds {} of this question, the last told from {}",
        count(s.forecasts, "forecast", "forecasts"),
        spoken(&s.last)
    );
    match s.last_p {
        Some(p) => text.push_str(&format!(" with {}.", pc(p))),
        None => text.push('.'),
    }
    match s.brier {
        Some(brier) => text.push_str(&format!(
            " Over {} in the log the mean Brier score is {brier:.3} (0 is perfect, 0.25 is a \
             constant one half). One case scores nothing: it takes tens of questions.",
            count(s.resolved, "resolved question", "resolved questions")
        )),
        None => text.push_str(" No question in it is resolved, and one case scores nothing."),
    }
    Some(Section {
        id: "score",
        title: "Score so far".to_owned(),
        blocks: vec![Block::Text(text), Block::Figure("reliability")],
    })
}
