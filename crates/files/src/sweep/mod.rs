//! What to sweep: a spec in TOML becomes points, each a list of overrides; and the part file that
//! keeps the rows of a sweep until all are there.
//!
//! ```toml
//! case  = "us-iran-2025"             # as on the command line, from the folder of the spec
//! draws = 2000
//! seed  = 1
//! set   = ["sides.iran.cost=5"]      # for all points
//!
//! [grid]                             # every combination
//! sides.us.discount = [5, 10, 20]
//! actors.trump.red_max.enrichment = { from = 20, to = 60, steps = 5 }
//!
//! [list]                             # one row after another
//! constants.zref = [50, 80]
//!
//! [random]                           # n draws from ranges, each input by itself
//! n = 20
//! sides.iran.cost = "2..4..7"
//! ```
//! Where several of the three are there, the points are all their combinations: the list varies
//! slowest, then the grid (its first path slowest), then the random points.

mod part;

pub use part::{Part, PartError};

use std::ops::Range;

use winset_model::case::Day;
use winset_model::uncertain::{Dist, Stream, uniform};

use crate::case::number::{self, NumberValue};
use crate::case::tree::{TomlNode, Value, WrittenAt, parse};
use crate::diagnostic::{Findings, Source, suggest};

/// A sweep has at most so many points.
pub const MOST_POINTS: usize = 100_000;

/// A value at a point, as it is written in an override and in a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    /// A number.
    Number(f64),
    /// True or false.
    Truth(bool),
    /// A day.
    Day(Day),
    /// Anything else: a range, a rule.
    Text(String),
}

impl std::fmt::Display for Setting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(x) => write!(f, "{x}"),
            Self::Truth(b) => write!(f, "{b}"),
            Self::Day(day) => write!(f, "{day}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// A path that varies.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// The path of the input.
    pub path: String,
    /// Where the spec names it, in bytes.
    pub at: Range<usize>,
    /// What it is set to.
    pub values: Vec<Setting>,
    /// The range that random points are drawn from.
    law: Option<Dist>,
}

impl Axis {
    /// Draws `n` random points from its range on a scale.
    fn draw(&mut self, n: usize, scale: (f64, f64)) {
        let Some(law) = &self.law else { return };
        let stream = Stream::of(&format!("{} in a sweep", self.path));
        let value = |k: usize| law.quantile(uniform(0, k as u64, stream), scale);
        self.values = (0..n).map(|k| Setting::Number(value(k))).collect();
    }
}

/// What to sweep.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spec {
    /// The case, as it was written.
    pub case: Option<String>,
    /// The day it is told from.
    pub as_of: Option<Day>,
    /// Draws of each point.
    pub draws: u64,
    /// The seed.
    pub seed: u64,
    /// Overrides of all points.
    pub set: Vec<String>,
    list: Vec<Axis>,
    grid: Vec<Axis>,
    random: Vec<Axis>,
}

impl Spec {
    /// The paths that vary, in the order of the columns: list, grid, random.
    pub fn axes(&self) -> impl Iterator<Item = &Axis> {
        self.list.iter().chain(&self.grid).chain(&self.random)
    }

    /// Draws the random points anew on the scales of their inputs, where one is known: the tails of a
    /// range are cut there, as those of an input are.
    pub fn on_scales(&mut self, scale: impl Fn(&str) -> Option<(f64, f64)>) {
        for axis in &mut self.random {
            if let Some(scale) = scale(&axis.path) {
                axis.draw(axis.values.len(), scale);
            }
        }
    }

    /// How many points there are.
    pub fn points(&self) -> usize {
        let rows = |axes: &[Axis]| axes.first().map_or(1, |a| a.values.len());
        let grid: usize = self.grid.iter().map(|a| a.values.len()).product();
        rows(&self.list) * grid * rows(&self.random)
    }

    /// The values of a point, one for each of [`Spec::axes`].
    pub fn point(&self, k: usize) -> Vec<&Setting> {
        let draws = self.random.first().map_or(1, |a| a.values.len());
        let combinations: usize = self.grid.iter().map(|a| a.values.len()).product();
        let (rest, draw) = (k / draws, k % draws);
        let (row, mut cell) = (rest / combinations, rest % combinations);
        let mut grid: Vec<&Setting> = Vec::new();
        for axis in self.grid.iter().rev() {
            grid.push(&axis.values[cell % axis.values.len()]);
            cell /= axis.values.len();
        }
        grid.reverse();
        let list = self.list.iter().map(|a| &a.values[row]);
        list.chain(grid).chain(self.random.iter().map(|a| &a.values[draw])).collect()
    }

    /// The overrides of a point: those of all, then its own.
    pub fn overrides(&self, k: usize) -> Vec<String> {
        let own = self.axes().zip(self.point(k)).map(|(axis, value)| match value {
            // As text where it would else be read as something else.
            Setting::Text(text) => format!("{}={}", axis.path, toml_text(text)),
            Setting::Day(day) => format!("{}=\"{day}\"", axis.path),
            Setting::Number(_) | Setting::Truth(_) => format!("{}={value}", axis.path),
        });
        self.set.iter().cloned().chain(own).collect()
    }

    /// What the rows of a sweep depend on besides its case, hashed: two specs with one hash have
    /// the same points.
    pub fn hash(&self, fingerprint: &str, version: &str) -> String {
        let mut hash = blake3::Hasher::new();
        let mut line = |text: &str| {
            hash.update(text.as_bytes());
            hash.update(b"\n");
        };
        line(&format!("sweep 1 {version} {fingerprint} {} {}", self.draws, self.seed));
        for k in 0..self.points() {
            self.overrides(k).iter().for_each(|o| line(o));
            line("");
        }
        hash.finalize().to_hex().to_string()
    }
}

/// A text as a TOML string on one line.
fn toml_text(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Reads a spec. Findings gather in one pass; a spec comes back only if none is an error. Whether
/// the paths name inputs of the case is for the reader of the case to say.
pub fn read(source: &Source, findings: &mut Findings) -> Option<Spec> {
    let before = findings.list.len();
    let root = parse(source, findings)?;
    let mut reader = Reader { source, findings };
    let spec = reader.spec(&root);
    let failed = findings.list.len() > before && findings.failed();
    spec.filter(|_| !failed)
}

struct Reader<'a> {
    source: &'a Source,
    findings: &'a mut Findings,
}

const KEYS: [&str; 8] = ["case", "as_of", "draws", "seed", "set", "grid", "list", "random"];
const LADDER: &str = "write [1, 2, 3] or { from = 0, to = 10, steps = 5 }";

fn span(at: &WrittenAt) -> Range<usize> {
    match at {
        WrittenAt::File(span) => span.clone(),
        WrittenAt::Set(_) => 0..0,
    }
}

impl Reader<'_> {
    fn error(&mut self, at: &WrittenAt, message: String, hint: impl Into<Option<String>>) {
        self.findings.error("sweep", &self.source.name, Some(span(at)), message, hint);
    }

    fn spec(&mut self, root: &TomlNode) -> Option<Spec> {
        let Value::Table(entries) = &root.value else { return None };
        let mut spec = Spec { draws: 2_000, seed: 1, ..Spec::default() };
        for (key, at, node) in entries {
            match (key.as_str(), &node.value) {
                ("case", Value::Text(text)) => spec.case = Some(text.clone()),
                ("as_of", Value::Date(text) | Value::Text(text)) => match Day::parse(text) {
                    Some(day) => spec.as_of = Some(day),
                    None => self.error(
                        &node.at,
                        format!("`{text}` is not a day"),
                        "write a day as 2025-04-22".to_owned(),
                    ),
                },
                ("draws" | "seed", Value::Number(x)) => {
                    let least = if key == "draws" { 1.0 } else { 0.0 };
                    if x.fract() != 0.0 || *x < least || *x > 1e9 {
                        let hint = format!("a whole number from {least} to 1e9");
                        self.error(&node.at, format!("`{key}` is {x}"), hint);
                    } else if key == "draws" {
                        spec.draws = *x as u64;
                    } else {
                        spec.seed = *x as u64;
                    }
                }
                ("set", Value::List(items)) => {
                    for item in items {
                        match &item.value {
                            Value::Text(text) => spec.set.push(text.clone()),
                            _ => {
                                let hint = "for example \"sides.us.discount=20\"".to_owned();
                                let said = format!("an override is text, not {}", item.kind());
                                self.error(&item.at, said, hint);
                            }
                        }
                    }
                }
                ("grid", Value::Table(_)) => spec.grid = self.ladders(node),
                ("list", Value::Table(_)) => spec.list = self.ladders(node),
                ("random", Value::Table(_)) => spec.random = self.random(node),
                (known, _) if KEYS.contains(&known) => {
                    let hint = "see `winset sweep --help` for an example".to_owned();
                    self.error(&node.at, format!("`{key}` cannot be {}", node.kind()), hint);
                }
                _ => self.error(at, format!("unknown key `{key}`"), suggest(key, KEYS)),
            }
        }
        self.consistent(&spec, root);
        Some(spec)
    }

    /// What holds between the parts of a spec.
    fn consistent(&mut self, spec: &Spec, root: &TomlNode) {
        if let Some(first) = spec.list.first() {
            for axis in &spec.list[1..] {
                if axis.values.len() != first.values.len() {
                    let (n, m) = (axis.values.len(), first.values.len());
                    let said = format!("`{}` has {n} values and `{}` {m}", axis.path, first.path);
                    let hint = "the columns of a list are equally long".to_owned();
                    self.error(&WrittenAt::File(axis.at.clone()), said, hint);
                }
            }
        }
        let axes: Vec<&Axis> = spec.axes().collect();
        for (k, axis) in axes.iter().enumerate() {
            if axes[..k].iter().any(|other| other.path == axis.path) {
                let said = format!("`{}` varies twice", axis.path);
                let hint = "name a path in one of grid, list and random".to_owned();
                self.error(&WrittenAt::File(axis.at.clone()), said, hint);
            }
        }
        // An axis that could not be read varies, too.
        if axes.is_empty() && !self.findings.failed() {
            let hint = "[grid] with a line such as sides.us.discount = [5, 10, 20]".to_owned();
            self.error(&root.at, "nothing varies".to_owned(), hint);
        }
        let sizes = spec.grid.iter().map(|a| a.values.len());
        let one = |axes: &[Axis]| axes.first().map_or(1, |a| a.values.len());
        let all = sizes
            .chain([one(&spec.list), one(&spec.random)])
            .try_fold(1usize, |all, n| all.checked_mul(n).filter(|n| *n <= MOST_POINTS));
        if all.is_none() {
            let hint = "fewer values, or several sweeps".to_owned();
            self.error(&root.at, format!("more than {MOST_POINTS} points"), hint);
        }
    }

    /// The leaves of a table with their dotted paths.
    fn leaves<'n>(
        node: &'n TomlNode,
        at: &'n WrittenAt,
        path: &str,
        into: &mut Vec<(String, WrittenAt, &'n TomlNode)>,
    ) {
        match &node.value {
            Value::Table(entries) if !entries.iter().any(|(k, _, _)| k == "from") => {
                for (key, at, child) in entries {
                    let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                    Self::leaves(child, at, &path, into);
                }
            }
            _ => into.push((path.to_owned(), at.clone(), node)),
        }
    }

    fn ladders(&mut self, node: &TomlNode) -> Vec<Axis> {
        let mut leaves = Vec::new();
        Self::leaves(node, &node.at, "", &mut leaves);
        let axes = leaves.into_iter().filter_map(|(path, at, node)| {
            let values = match &node.value {
                Value::List(items) => self.items(items)?,
                Value::Table(_) => self.steps(node)?,
                _ => {
                    let said = format!("`{path}` is {}, not a list of values", node.kind());
                    self.error(&node.at, said, LADDER.to_owned());
                    return None;
                }
            };
            if values.is_empty() {
                self.error(&node.at, format!("`{path}` has no values"), LADDER.to_owned());
                return None;
            }
            Some(Axis { path, at: span(&at), values, law: None })
        });
        axes.collect()
    }

    fn items(&mut self, items: &[TomlNode]) -> Option<Vec<Setting>> {
        let values: Vec<Option<Setting>> = items
            .iter()
            .map(|item| match &item.value {
                Value::Number(x) if x.is_finite() => Some(Setting::Number(*x)),
                Value::Bool(b) => Some(Setting::Truth(*b)),
                Value::Text(text) => Some(Setting::Text(text.clone())),
                // A time of day is no day: what it varies will say so.
                Value::Date(text) => {
                    let day = Day::parse(text).map(Setting::Day);
                    Some(day.unwrap_or_else(|| Setting::Text(text.clone())))
                }
                _ => {
                    let said = format!("a value cannot be {}", item.kind());
                    self.error(&item.at, said, LADDER.to_owned());
                    None
                }
            })
            .collect();
        values.into_iter().collect()
    }

    /// `{ from, to, steps }`: so many values at equal distances, both ends among them.
    fn steps(&mut self, node: &TomlNode) -> Option<Vec<Setting>> {
        let Value::Table(entries) = &node.value else { return None };
        let mut found = [None; 3];
        for (key, at, value) in entries {
            let place = ["from", "to", "steps"].iter().position(|k| k == key);
            match (place, &value.value) {
                (Some(k), Value::Number(x)) if x.is_finite() => found[k] = Some(*x),
                (Some(_), _) => {
                    self.error(&value.at, format!("`{key}` is a number"), LADDER.to_owned());
                    return None;
                }
                (None, _) => {
                    let hint = suggest(key, ["from", "to", "steps"]);
                    self.error(at, format!("unknown key `{key}`"), hint);
                    return None;
                }
            }
        }
        let [Some(from), Some(to), Some(steps)] = found else {
            self.error(
                &node.at,
                "`from`, `to` and `steps` belong together".to_owned(),
                LADDER.to_owned(),
            );
            return None;
        };
        if steps.fract() != 0.0 || !(2.0..=MOST_POINTS as f64).contains(&steps) {
            let hint = format!("a whole number from 2 to {MOST_POINTS}");
            self.error(&node.at, format!("`steps` is {steps}"), hint);
            return None;
        }
        let n = steps as usize;
        let at = |k: usize| match k {
            // Both ends are met to the bit.
            _ if k + 1 == n => to,
            k => from + (to - from) * k as f64 / (n - 1) as f64,
        };
        Some((0..n).map(|k| Setting::Number(at(k))).collect())
    }

    fn random(&mut self, node: &TomlNode) -> Vec<Axis> {
        let mut leaves = Vec::new();
        Self::leaves(node, &node.at, "", &mut leaves);
        let n = match leaves.iter().position(|(path, _, _)| path == "n") {
            Some(k) => leaves.remove(k).2,
            None => {
                self.error(&node.at, "how many random points?".to_owned(), "n = 100".to_owned());
                return Vec::new();
            }
        };
        let n = match &n.value {
            Value::Number(x) if x.fract() == 0.0 && (1.0..=MOST_POINTS as f64).contains(x) => {
                *x as usize
            }
            _ => {
                let hint = format!("a whole number from 1 to {MOST_POINTS}");
                self.error(&n.at, "`n` is not a number of points".to_owned(), hint);
                return Vec::new();
            }
        };
        let axes = leaves.into_iter().filter_map(|(path, at, node)| {
            let Value::Text(text) = &node.value else {
                let said = format!("`{path}` is {}, not a range in quotes", node.kind());
                self.error(&node.at, said, "for example \"2..4..7\"".to_owned());
                return None;
            };
            let dist = match number::parse(text).map(|number| number.value) {
                Ok(NumberValue::Dist(dist)) => dist,
                Ok(NumberValue::Record) => {
                    let hint = "name the range the points are drawn from".to_owned();
                    self.error(
                        &node.at,
                        "a random point is not read off the record".to_owned(),
                        hint,
                    );
                    return None;
                }
                Err(why) => {
                    self.error(&node.at, why.message, why.hint);
                    return None;
                }
            };
            let values = Vec::new();
            let mut axis = Axis { path, at: span(&at), values, law: Some(dist) };
            axis.draw(n, (f64::NEG_INFINITY, f64::INFINITY));
            Some(axis)
        });
        axes.collect()
    }
}
