//! What would take the answer across a threshold: the smallest changes of one input and of several.

use serde::Serialize;
use winset_model::case::Case;
use winset_model::effort::Effort;
use winset_model::explain::drivers::Ranking;
use winset_model::explain::flip::{
    Flip, FlipChange, FlipSettings, Flips, InputStep, NearestAnswer, Shortfall, flips_ranked,
};
use winset_page::document::{Block, Document, Section};
use winset_page::table::{Cell, Column, DataTable};
use winset_page::text::{digits, fine, listed, pc, short, thousands};

use crate::drivers::opened;
use crate::head::SearchHead;
use crate::names::input;

/// Draws of the search unless more are asked for.
pub const DRAWS: u64 = 128;

/// What is found is applied on so many times the draws of its search.
pub const VERIFY: u64 = 16;

/// The most inputs that are changed together.
pub const JOINT: u16 = 6;

/// `winset/flip/1`.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FlipReport {
    /// Case, seed and the answer it starts from.
    #[serde(flatten)]
    pub head: SearchHead,
    /// The threshold.
    pub threshold: f64,
    /// How many inputs are uncertain.
    pub inputs: usize,
    /// How many were tried one by one.
    pub tried: usize,
    /// Changes of one input, smallest first.
    pub single: Vec<Flip<ChangeRow>>,
    /// Tried inputs that cannot do it alone, the nearest first.
    pub cannot: Vec<ShortfallRow>,
    /// The smallest change of several inputs that was found.
    pub joint: Option<Flip<ChangeRow>>,
    /// Whether it was stopped before the end.
    pub interrupted: bool,
}

/// An input that is changed.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChangeRow {
    /// The input's path.
    pub path: String,
    /// In words.
    pub name: String,
    /// How far.
    #[serde(flatten)]
    pub step: InputStep,
}

impl std::ops::Deref for ChangeRow {
    type Target = InputStep;

    fn deref(&self) -> &InputStep {
        &self.step
    }
}

/// An input that cannot do it alone.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ShortfallRow {
    /// The input's path.
    pub path: String,
    /// In words.
    pub name: String,
    /// How near it comes.
    #[serde(flatten)]
    pub nearest: NearestAnswer,
}

impl std::ops::Deref for ShortfallRow {
    type Target = NearestAnswer;

    fn deref(&self) -> &NearestAnswer {
        &self.nearest
    }
}

/// What would take the answer of a case across a threshold: see [`flips`](winset_model::explain::flip::flips).
pub fn ask(case: &Case, settings: &FlipSettings, effort: Effort<'_>) -> FlipReport {
    ask_ranked(case, settings, None, effort)
}

/// The same, where the inputs may have been screened already.
pub(crate) fn ask_ranked(
    case: &Case,
    settings: &FlipSettings,
    known: Option<&Ranking>,
    effort: Effort<'_>,
) -> FlipReport {
    let found = flips_ranked(case, settings, known, effort);
    let Flips { p, mcse, inputs, tried, single, short, joint, .. } = found;
    FlipReport {
        head: SearchHead::new("winset/flip/1", case, settings.seed, (p, mcse, settings.verify)),
        threshold: settings.p,
        inputs,
        tried,
        single: single.into_iter().map(|f| row(case, f)).collect(),
        cannot: short.into_iter().map(|s| shortfall(case, s)).collect(),
        joint: joint.map(|f| row(case, f)),
        interrupted: effort.stopped(),
    }
}

fn row(case: &Case, flip: Flip) -> Flip<ChangeRow> {
    let Flip { changes, distance, p, mcse, across } = flip;
    let change = |FlipChange { path, step }| ChangeRow { name: input(case, &path), path, step };
    Flip { changes: changes.into_iter().map(change).collect(), distance, p, mcse, across }
}

fn shortfall(case: &Case, Shortfall { path, nearest }: Shortfall) -> ShortfallRow {
    ShortfallRow { name: input(case, &path), path, nearest }
}

/// A row of the table of flips: a change of a flip, or an input that cannot do it alone.
struct FlipLine<'a> {
    kind: &'static str,
    number: usize,
    path: &'a str,
    change: Option<(&'a Flip<ChangeRow>, &'a ChangeRow)>,
    to: f64,
    p: f64,
    mcse: f64,
}

fn columns<'a>() -> [Column<FlipLine<'a>>; 10] {
    [
        Column::text("kind", |l| l.kind.into()),
        Column::whole("number", |l| l.number.into()),
        Column::text("path", |l| l.path.into()),
        Column::number("from", |l| l.change.map(|(_, c)| c.from).into()),
        Column::number("to", |l| l.to.into()),
        Column::number("z", |l| l.change.map(|(_, c)| c.z).into()),
        Column::number("distance", |l| l.change.map(|(f, _)| f.distance).into()),
        Column::number("p", |l| l.p.into()),
        Column::number("mcse", |l| l.mcse.into()),
        Column::flag("across", |l| Cell::Flag(l.change.is_some_and(|(f, _)| f.across))),
    ]
}

/// The report as a table: a row each input of a change (`single` or `joint`), then the inputs that
/// `cannot` do it alone, with where they come nearest.
pub fn table(r: &FlipReport) -> DataTable {
    let singles = r.single.iter().enumerate().map(|(k, f)| ("single", k + 1, f));
    let flips = singles.chain(r.joint.iter().map(|f| ("joint", 1, f)));
    let mut lines: Vec<FlipLine<'_>> = flips
        .flat_map(|(kind, number, f)| {
            f.changes.iter().map(move |c| FlipLine {
                kind,
                number,
                path: &c.path,
                change: Some((f, c)),
                to: c.to,
                p: f.p,
                mcse: f.mcse,
            })
        })
        .collect();
    lines.extend(r.cannot.iter().enumerate().map(|(k, s)| FlipLine {
        kind: "cannot",
        number: k + 1,
        path: &s.path,
        change: None,
        to: s.at,
        p: s.p,
        mcse: s.mcse,
    }));
    DataTable::new(&columns(), &lines)
}

/// Inputs that cannot do it alone are named up to so many.
const NAMED: usize = 3;

/// What would flip the answer, in words; `event` is what is asked about.
pub fn document(r: &FlipReport, event: &str) -> Document {
    let mut document = opened(&r.head, event);
    if r.inputs == 0 {
        let known = vec![Block::Text(ALL_KNOWN.to_owned())];
        document.sections.push(Section::new("flip", "", known));
        return document;
    }
    if r.tried > 0 {
        document.sections.push(alone(r));
    }
    if !r.interrupted {
        document.sections.push(together(r));
    }
    document
}

/// What is said where no input is uncertain.
pub const ALL_KNOWN: &str = "Every input of the case is known: none has a range to change it in.";

/// The heading over the changes of one input.
pub fn heading_alone(r: &FlipReport) -> String {
    format!("One input alone, of the {} that matter most", r.tried)
}

/// What is said where no input can do it alone.
pub fn none_alone(r: &FlipReport) -> String {
    format!("None of them takes P across {} within its range.", pc(r.threshold))
}

fn alone(r: &FlipReport) -> Section {
    let mut blocks: Vec<Block> =
        r.single.iter().map(|flip| Block::Text(sentence(r, flip))).collect();
    if r.single.is_empty() {
        blocks.push(Block::Text(none_alone(r)));
    }
    blocks.extend(r.cannot.iter().take(NAMED).map(|s| {
        Block::Text(format!(
            "{} cannot alone: at {} P is {} (± {:.1}).",
            s.name,
            short(s.at),
            fine(s.p),
            100.0 * s.mcse
        ))
    }));
    if r.cannot.len() > NAMED {
        blocks.push(Block::Text(format!("Nor can {} others.", r.cannot.len() - NAMED)));
    }
    Section::new("alone", heading_alone(r), blocks)
}

/// What is said where no change of several inputs was found, or none smaller than of one.
pub fn none_together(r: &FlipReport) -> String {
    match r.single.is_empty() {
        true => format!("No joint change was found that takes P across {}.", pc(r.threshold)),
        false => "No joint change was found that is smaller than the first.".to_owned(),
    }
}

/// How the size of a change is measured, and what the search promises.
pub fn measure(r: &FlipReport) -> String {
    format!(
        "The size of a change is in standard units of the inputs’ own ranges (1 = from the median to \
         the 84 % quantile; at most 2.3). Each was applied and run on {} draws. The search for \
         several is local: a smaller change may exist.",
        thousands(r.head.answer.draws)
    )
}

fn together(r: &FlipReport) -> Section {
    let said = r.joint.as_ref().map_or_else(|| none_together(r), |flip| sentence(r, flip));
    let blocks = vec![Block::Text(said), Block::Note(measure(r))];
    Section::new("together", "Several together", blocks)
}

/// The changes of a flip that can be seen in the digits shown; all, where none can.
pub fn told(flip: &Flip<ChangeRow>) -> impl Iterator<Item = &ChangeRow> {
    let seen = |c: &ChangeRow| digits(c.from) != digits(c.to);
    let any = flip.changes.iter().any(seen);
    flip.changes.iter().filter(move |c| !any || seen(c))
}

/// One change as a sentence.
pub fn sentence(r: &FlipReport, flip: &Flip<ChangeRow>) -> String {
    let each =
        |c: &ChangeRow| format!("{} is {} instead of {}", c.name, digits(c.to), digits(c.from));
    let list = listed(&told(flip).map(each).collect::<Vec<_>>(), "and");
    let way = match flip.across {
        true if r.head.answer.p < Some(r.threshold) => "reaches",
        true => "falls below",
        false => "comes close to",
    };
    format!(
        "P {way} {} if {list} (P {} ± {:.1}, size {:.1}).",
        pc(r.threshold),
        fine(flip.p),
        100.0 * flip.mcse,
        flip.distance
    )
}

#[cfg(test)]
mod tests {
    use winset_page::document::terminal;

    use winset_model::forecast::VERSION;

    use super::*;
    use crate::head::ExplainedAnswer;

    fn report() -> FlipReport {
        let change = |name: &str, from, to| ChangeRow {
            path: name.replace(' ', "-"),
            name: name.to_owned(),
            step: InputStep { from, to, ..InputStep::default() },
        };
        let most = change("Trump's most on Enrichment", 35.0, 58.0);
        let flip =
            Flip { changes: vec![most.clone()], distance: 1.5, p: 0.51, mcse: 0.004, across: true };
        let two = Flip {
            changes: vec![most, change("the base rate", 0.005, 0.0123)],
            across: false,
            ..flip.clone()
        };
        FlipReport {
            head: SearchHead {
                schema: "winset/flip/1",
                case: String::new(),
                fingerprint: String::new(),
                version: VERSION,
                as_of: "2025-04-22".to_owned(),
                seed: 1,
                answer: ExplainedAnswer {
                    by: "2025-06-30".to_owned(),
                    p: Some(0.2),
                    mcse: 0.01,
                    draws: 2_048,
                },
            },
            threshold: 0.5,
            inputs: 3,
            tried: 3,
            single: vec![flip],
            cannot: vec![ShortfallRow {
                path: "window".to_owned(),
                name: "the window".to_owned(),
                nearest: NearestAnswer { at: 3.0, p: 0.3, mcse: 0.01 },
            }],
            joint: Some(two),
            interrupted: false,
        }
    }

    #[test]
    fn a_change_is_a_sentence() {
        let said = |r: &FlipReport| {
            let text = terminal(&document(r, "a signed agreement"));
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let text = said(&report());
        assert!(text.contains(
            "P reaches 50 % if Trump's most on Enrichment is 58 instead of 35 (P 51.0 % ± 0.4, size \
             1.5)."
        ));
        assert!(text.contains("35 and the base rate is 0.0123 instead of 0.005 ("), "{text}");
        assert!(text.contains("the window cannot alone: at 3 P is 30.0 % (± 1.0)."), "{text}");
        let down = FlipReport { threshold: 0.1, ..report() };
        assert!(said(&down).contains("P falls below 10 %"));
    }

    #[test]
    fn the_table_has_a_row_an_input_of_a_change() {
        let csv = table(&report()).csv();
        let rows: Vec<&str> = csv.lines().collect();
        assert_eq!(rows[0], "kind,number,path,from,to,z,distance,p,mcse,across");
        assert_eq!(rows[1], "single,1,Trump's-most-on-Enrichment,35,58,0,1.5,0.51,0.004,true");
        assert!(rows[2].starts_with("joint,1,") && rows[3].starts_with("joint,1,the-base-rate,"));
        assert_eq!(rows[4], "cannot,1,window,,3,,,0.3,0.01,false");
    }
}
