//! Two cases, scenarios or dates on the same random numbers: what is not the same, and what that
//! does to the answer. The report is the model's own [`Diff`].

use serde::Serialize;
use winset_model::case::{Case, Ending};
use winset_model::explain::ideals::IdealShift;
use winset_model::explain::{BlockerChange, Diff, PairedChange};
use winset_page::document::{Block, Document, Section, Table};
use winset_page::text::{pc, short, signed, spoken};

use crate::moved::{beside_error, with_error};
use crate::names::{self, Names};

/// Two lists of changes of a case, compared by the workbench.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CompareReport {
    /// `winset/compare/1`.
    pub schema: &'static str,
    /// The changes of the first.
    pub a: Vec<String>,
    /// The changes of the second.
    pub b: Vec<String>,
    /// The seed.
    pub seed: u64,
    /// How many draws of each.
    pub draws: u64,
    /// The fingerprints of both.
    pub fingerprints: [String; 2],
    /// The numbers of both.
    pub deltas: Vec<CompareRow>,
}

/// A number under two lists of changes.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CompareRow {
    /// Its path in the forecast.
    pub path: &'static str,
    /// Under the first.
    pub a: f64,
    /// Under the second.
    pub b: f64,
    /// The second less the first.
    pub delta: f64,
    /// The standard error of the difference.
    pub error: f64,
    /// In words.
    #[serde(skip)]
    pub name: &'static str,
}

/// At most so many inputs are listed.
const LISTED: usize = 16;

/// Changes below this share of draws are not put into words.
const WORTH_A_WORD: f64 = 0.01;

/// A member blocks if it does in this share of draws, on either side.
const BLOCKS: f64 = 0.005;

/// A change and its error: `−7.0 ± 0.3 points`. An error that would round to nothing says so.
fn measured(m: &PairedChange) -> String {
    match 100.0 * m.error {
        e if e.is_nan() => format!("{} points in the one draw", beside_error(m.change)),
        0.0 => format!("{} points in every draw", beside_error(m.change)),
        _ => format!("{} points", with_error(m.change, m.error)),
    }
}

/// What happens to a probability: `falls from 31 % to 24 % (−7.0 ± 0.3 points)`.
///
/// A change of less than two standard errors is said to be no more than the error of the draws.
pub fn movement(m: &PairedChange) -> String {
    if m.change == 0.0 && (m.error == 0.0 || m.error.is_nan()) {
        return format!("stays at {}: not one draw changes", pc(m.b));
    }
    let (a, b) = (pc(m.a), pc(m.b));
    if m.change.abs() < 2.0 * m.error {
        let from = if a == b { format!("stays at {a}") } else { format!("is {a} and then {b}") };
        return format!("{from} ({}: no more than the error of the draws)", measured(m));
    }
    if a == b {
        return format!("stays at {a} ({})", measured(m));
    }
    let verb = if m.change < 0.0 { "falls" } else { "rises" };
    format!("{verb} from {a} to {b} ({})", measured(m))
}

/// The names of what two cases hold.
#[derive(Clone, Copy)]
pub struct PairNames<'a> {
    /// The first.
    pub a: &'a Case,
    /// The second.
    pub b: &'a Case,
}

impl PairNames<'_> {
    fn ending(&self, key: &str) -> &'static str {
        match names::OF_TEXT.iter().find(|(known, _)| *known == key) {
            Some((_, name)) => name,
            None => names::ending(self.b, Ending::ALL.into_iter().find(|e| e.name() == key)),
        }
    }

    fn issue(&self, id: &str) -> String {
        let first = self.a.issues.iter().any(|j| j.id == id);
        Names::new(if first { self.a } else { self.b }).issue(id)
    }

    fn actor(&self, id: &str) -> String {
        Names::new(self.b).actor(id)
    }

    /// What the two questions ask about.
    fn asked(&self) -> String {
        let [a, b] = [self.a, self.b].map(names::counted);
        if a == b { b } else { format!("{a}, then {b}") }
    }

    /// Where neither case knows force, nobody asks about it.
    fn knows(&self, ending: &str) -> bool {
        if names::OF_TEXT.iter().any(|(key, _)| *key == ending) {
            return [self.a, self.b].into_iter().any(|case| names::of_text(case, ending));
        }
        ending != "force" || !(self.a.force.is_empty() && self.b.force.is_empty())
    }
}

/// The comparison in one sentence: the answer, and what moves with it most.
pub fn sentence(d: &Diff, names: PairNames<'_>) -> String {
    let [a, b] = [d.a.by, d.b.by].map(|day| spoken(&day.to_string()));
    let by = if a == b { format!("by {a}") } else { format!("by {a} and by {b}") };
    let head = format!("P({} {by}) {}", names.asked(), movement(&d.answer));
    let mut with = Vec::new();
    if d.zone.change.abs() >= WORTH_A_WORD && d.zone.change.abs() >= 2.0 * d.zone.error {
        with.push(format!(
            "a zone of agreement in {} of draws after {}",
            pc(d.zone.b),
            pc(d.zone.a)
        ));
    }
    if let Some((id, [a, b])) =
        largest(d.blockers.iter().map(|x| (&*x.actor, [x.block.a, x.block.b])))
    {
        with.push(format!("{} blocks {} after {}", names.actor(id), pc(b), pc(a)));
    }
    let counts = &names.b.question.counts;
    let other = |key: &str| !counts.iter().any(|e| e.name() == key);
    let others = d.endings.iter().filter(|e| other(e.ending) && names.knows(e.ending));
    if let Some((id, [a, b])) = largest(others.map(|e| (e.ending, [e.p.a, e.p.b]))) {
        with.push(format!("{} {} after {}", names.ending(id), pc(b), pc(a)));
    }
    if with.is_empty() { format!("{head}.") } else { format!("{head}: {}.", with.join("; ")) }
}

/// The largest change that is worth a word.
fn largest<'r>(rows: impl Iterator<Item = (&'r str, [f64; 2])>) -> Option<(&'r str, [f64; 2])> {
    rows.filter(|(_, [a, b])| (b - a).abs() >= WORTH_A_WORD)
        .max_by(|x, y| (x.1[1] - x.1[0]).abs().total_cmp(&(y.1[1] - y.1[0]).abs()))
}

/// The comparison, in words.
pub fn document(d: &Diff, names: PairNames<'_>) -> Document {
    let side = |v: &winset_model::explain::Variant| format!("{} · as of {}", v.case, v.as_of);
    let lead = format!("From A to B: {}", sentence(d, names));
    let zone = format!("The share of draws with one {}.", movement(&d.zone));
    Document {
        title: "Two cases on the same random numbers".to_owned(),
        facts: vec![("A".to_owned(), side(&d.a)), ("B".to_owned(), side(&d.b))],
        sections: vec![
            Section::new("change", "", vec![Block::Lead(lead)]),
            Section::new("inputs", "What is not the same (A → B)", inputs(d, names)),
            Section::new("zone", "Is there a zone of agreement", vec![Block::Text(zone)]),
            endings(d, names),
            terms(d, names),
            blockers(d, names),
            Section::new("method", "How it was computed", vec![Block::Note(method(d))]),
        ],
        version: d.version.to_owned(),
        ..Document::default()
    }
}

fn inputs(d: &Diff, names: PairNames<'_>) -> Vec<Block> {
    if d.inputs.is_empty() {
        return vec![Block::Text("nothing".to_owned())];
    }
    let said = |x: &Option<String>| x.clone().unwrap_or_else(|| "not there".to_owned());
    let listed = d.inputs.iter().take(LISTED);
    let lines = listed.map(|i| format!("{}: {} → {}", i.path, said(&i.from), said(&i.to)));
    let mut blocks = vec![Block::List(lines.collect())];
    if d.inputs.len() > LISTED {
        let more = d.inputs.len() - LISTED;
        blocks.push(Block::Text(format!("and {more} more (--json lists all)")));
    }
    if !d.ideals.is_empty() {
        let what = "Held to a red line that moved, an ideal taken from the side moves with it (mean over draws):";
        blocks.push(Block::Text(what.to_owned()));
        let shift = |i: &IdealShift| {
            let (actor, issue) = (names.actor(&i.actor), names.issue(&i.issue));
            format!("{actor} on {issue}: {} → {}", short(i.from), short(i.to))
        };
        blocks.push(Block::List(d.ideals.iter().take(LISTED).map(shift).collect()));
    }
    blocks
}

/// A table of a name, A, B and the change.
fn table(rows: Vec<[String; 4]>) -> Block {
    let head = [("", false), ("A", true), ("B", true), ("change", true)];
    Block::Table(Table::new("", &head, rows.into_iter().map(Vec::from).collect()))
}

fn shares(name: String, [a, b]: [f64; 2]) -> [String; 4] {
    [name, pc(a), pc(b), signed(b - a)]
}

fn endings(d: &Diff, names: PairNames<'_>) -> Section {
    let known = d.endings.iter().filter(|e| names.knows(e.ending));
    let rows = known.map(|e| shares(names.ending(e.ending).to_owned(), [e.p.a, e.p.b]));
    let title = format!("How it has first ended by {}", spoken(&d.b.by.to_string()));
    Section::new("endings", title, vec![table(rows.collect())])
}

fn terms(d: &Diff, names: PairNames<'_>) -> Section {
    let median = |x: Option<f64>| x.map_or_else(|| "none".to_owned(), short);
    let rows = d.terms.iter().map(|t| {
        // On scales of a hundred or so a tenth is fine enough.
        let change = t.a.zip(t.b).map_or_else(String::new, |(a, b)| signed((b - a) / 100.0));
        [names.issue(&t.issue), median(t.a), median(t.b), change]
    });
    let title = "On which terms (median of draws with a deal)";
    Section::new("terms", title, vec![table(rows.collect())])
}

fn blockers(d: &Diff, names: PairNames<'_>) -> Section {
    let moved = |x: &BlockerChange| (x.block.b - x.block.a).abs();
    let mut rows: Vec<&BlockerChange> =
        d.blockers.iter().filter(|x| x.block.a.max(x.block.b) >= BLOCKS).collect();
    rows.sort_by(|x, y| moved(y).total_cmp(&moved(x)));
    let row = |x: &&BlockerChange| shares(names.actor(&x.actor), [x.block.a, x.block.b]);
    let block = match rows.is_empty() {
        true => Block::Text("nobody, on either side".to_owned()),
        false => table(rows.iter().map(row).collect()),
    };
    Section::new("blockers", "Who blocks (share of draws)", vec![block])
}

fn method(d: &Diff) -> String {
    format!(
        "{} draws, seed {}, the same random numbers on both sides. ± is one standard error of the \
         paired difference. winset {}, cases {:.8} and {:.8}.",
        d.draws, d.seed, d.version, d.a.fingerprint, d.b.fingerprint
    )
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use winset_files::builtin::CASES;
    use winset_files::case::load;
    use winset_files::diagnostic::Findings;
    use winset_model::effort::Effort;
    use winset_model::explain::compare;
    use winset_model::forecast::Run;
    use winset_page::document::terminal;

    use super::*;

    fn moved(a: f64, b: f64, error: f64) -> String {
        movement(&PairedChange { a, b, change: b - a, error })
    }

    #[test]
    fn a_change_is_told_with_its_direction_and_its_error() {
        assert_eq!(moved(0.31, 0.24, 0.003), "falls from 31 % to 24 % (−7.0 ± 0.3 points)");
        assert_eq!(moved(0.05, 0.24, 0.000_1), "rises from 5 % to 24 % (+19.0 ± <0.1 points)");
        assert_eq!(moved(0.25, 0.5, 0.0), "rises from 25 % to 50 % (+25.0 points in every draw)");
        assert_eq!(moved(0.301, 0.303, 0.000_1), "stays at 30 % (+0.2 ± <0.1 points)");
        assert_eq!(moved(0.3, 0.3, 0.0), "stays at 30 %: not one draw changes");
    }

    #[test]
    fn a_change_within_its_error_is_not_called_one() {
        let said = "is 31 % and then 30 % (−0.5 ± 0.3 points: no more than the error of the draws)";
        assert_eq!(moved(0.306, 0.301, 0.003), said);
        let said = "stays at 31 % (−0.1 ± 0.3 points: no more than the error of the draws)";
        assert_eq!(moved(0.311, 0.31, 0.003), said);
    }

    #[test]
    fn the_sentence_names_what_moves_most() {
        let case = |sets: &[&str]| {
            let sets: Vec<String> = sets.iter().map(|s| (*s).to_owned()).collect();
            load(&CASES[0].sources(), None, &sets, &mut Findings::default()).unwrap().case
        };
        let (a, b) = (case(&[]), case(&["sides.us.discount=20"]));
        let (run, never) = (Run { seed: 1, draws: 0..20 }, AtomicBool::new(false));
        let compared = compare(&[&a, &b], &run, Effort::silent(1, &never));
        let mut d = Diff::new(&[&a, &b], 1, &compared, 1).unwrap();
        let names = PairNames { a: &a, b: &b };
        let text = terminal(&document(&d, names));
        assert!(text.lines().all(|l| winset_page::text::width(l) <= 80), "{text}");
        assert!(text.contains("sides.us.discount: "), "{text}");
        d.answer = PairedChange { a: 0.31, b: 0.24, change: -0.07, error: 0.003 };
        d.zone = PairedChange { a: 0.6, b: 0.5, change: -0.1, error: 0.003 };
        for (e, [from, to]) in d.endings.iter_mut().zip([
            [0.31, 0.24],
            [0.0, 0.0],
            [0.06, 0.08],
            [0.18, 0.23],
            [0.0, 0.0],
            [0.0, 0.0],
            [0.0, 0.0],
            [0.0, 0.0],
            [0.0, 0.0],
        ]) {
            (e.p.a, e.p.b) = (from, to);
        }
        for (k, x) in d.blockers.iter_mut().enumerate() {
            (x.block.a, x.block.b) = if x.actor == "trump" { (0.3, 0.42) } else { (0.2, 0.19) };
            x.block.a += k as f64 * 1e-6;
        }
        assert_eq!(
            sentence(&d, names),
            "P(a signed agreement by 30 June 2025) falls from 31 % to 24 % (−7.0 ± 0.3 points): a \
             zone of agreement in 50 % of draws after 60 %; Donald Trump blocks 42 % after 30 %; \
             force 23 % after 18 %."
        );
    }
}
