//! What a number is: the equation behind a number of the output, what an input rests on.

mod equations;

pub use equations::{EQUATIONS, Equation, Formula, equation};

use serde::Serialize;
use serde_json::Value;
use winset_files::case::ResolvedCase;
use winset_files::diagnostic::closest;
use winset_model::case::Case;
use winset_model::forecast::{CoefficientRow, Forecast};
use winset_model::support::basis;
use winset_page::document::{Block, Document, Section, Sketch};
use winset_page::text::short;

/// The name of the JSON of one number.
const SCHEMA: &str = "winset/explain/1";

/// What an input is.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InputExplanation {
    /// `winset/explain/1`.
    pub schema: &'static str,
    /// Its path.
    pub path: String,
    /// `input`.
    pub kind: &'static str,
    /// What it means, in a sentence.
    pub meaning: String,
    /// 5 %, median, 95 %, in the units of the file.
    pub quantiles: [f64; 3],
    /// The ends of its scale; an open end is `null`.
    pub scale: [Option<f64>; 2],
    /// Whether the file says it, or it is a default of the model.
    pub written: bool,
    /// What it rests on: `the record`, `a source` or `judgement`.
    pub basis: &'static str,
    /// The entries and notes it cites or is read from.
    pub rests_on: Vec<Support>,
}

/// An entry of the record, or a note.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Support {
    /// Its id.
    pub id: String,
    /// In words.
    pub text: String,
}

/// What a number of the output is.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OutputExplanation {
    /// `winset/explain/1`.
    pub schema: &'static str,
    /// Its path.
    pub path: String,
    /// `output`.
    pub kind: &'static str,
    /// Its value; an object for a row.
    pub value: Value,
    /// What it is.
    #[serde(flatten)]
    pub formula: Formula,
    /// The inputs that enter.
    pub inputs: Vec<CentralInput>,
}

impl std::ops::Deref for OutputExplanation {
    type Target = Formula;

    fn deref(&self) -> &Formula {
        &self.formula
    }
}

/// An input at its central value.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CentralInput {
    /// Its path.
    pub path: String,
    /// Its central value, in the units of the file.
    pub central: f64,
}

/// The coefficients of a forecast and every equation.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MethodReport {
    /// `winset/method/1`.
    pub schema: &'static str,
    /// The version of the formulas.
    pub version: &'static str,
    /// The coefficients, where they come from and what they do.
    pub coefficients: Vec<CoefficientRow>,
    /// Every number of the forecast.
    pub equations: &'static [Equation],
}

/// How the numbers of a forecast are computed.
pub fn method(f: &Forecast) -> MethodReport {
    MethodReport {
        schema: "winset/method/1",
        version: f.version,
        coefficients: f.coefficients.clone(),
        equations: &EQUATIONS,
    }
}

/// What the input of a path is; `None` if it is no input of the case.
pub fn input(loaded: &ResolvedCase, path: &str) -> Option<InputExplanation> {
    let case = &loaded.case;
    let place = case.inputs.iter().position(|i| i.path == path)?;
    let input = &case.inputs[place];
    let rests_on = input.rests_on.iter().map(|id| {
        let note = case.notes.iter().find(|n| n.0 == *id).map(|n| n.1.clone());
        let said = loaded.record.entries.iter().find(|e| e.id == *id).map(|e| {
            let grade = e.grade.map_or_else(|| "ungraded".to_owned(), |g| g.to_string());
            format!("{} ({}, {grade})", e.text, e.source)
        });
        Support { id: id.clone(), text: note.or(said).unwrap_or_default() }
    });
    let q = |u| input.dist.quantile(u, input.scale);
    let finite = |x: f64| Some(x).filter(|x| x.is_finite());
    Some(InputExplanation {
        schema: SCHEMA,
        path: input.path.clone(),
        kind: "input",
        meaning: winset_files::case::grammar::pattern(&input.path)
            .map_or_else(String::new, |key| key.meaning.to_owned()),
        quantiles: [q(0.05), q(0.5), q(0.95)],
        scale: [finite(input.scale.0), finite(input.scale.1)],
        written: input.written,
        rests_on: rests_on.collect(),
        basis: basis(case, place).word(),
    })
}

/// What the number at a path of a forecast is; `None` if the forecast has none there.
pub fn output(
    case: &Case,
    f: &Forecast,
    path: &str,
    equation: &'static Equation,
) -> Option<OutputExplanation> {
    let value = lookup(&serde_json::to_value(f).ok()?, path)?;
    let inputs = case
        .inputs
        .iter()
        .filter(|i| equation.inputs.iter().any(|head| i.path.starts_with(head)))
        .map(|i| CentralInput { path: i.path.clone(), central: i.dist.central(i.scale) });
    Some(OutputExplanation {
        schema: SCHEMA,
        path: path.to_owned(),
        kind: "output",
        value,
        formula: equation.formula,
        inputs: inputs.collect(),
    })
}

impl InputExplanation {
    /// What is said of an input.
    pub fn document(&self) -> Document {
        let [lo, mid, hi] = self.quantiles.map(short);
        let mut facts = Vec::new();
        if !self.meaning.is_empty() {
            facts.push(("what".to_owned(), self.meaning.clone()));
        }
        let supports = self.rests_on.iter().map(|s| format!("{}: {}", s.id, s.text));
        facts.extend(supports.map(|text| ("cites".to_owned(), text)));
        facts.push(("rests on".to_owned(), self.basis.to_owned()));
        let title = format!("{}: {mid} (5–95 %: {lo} to {hi})", self.path);
        Document { title, facts, ..Document::default() }
    }
}

/// So many inputs are named beside a number.
const NAMED: usize = 12;

impl OutputExplanation {
    /// The value as it is read: a row or a whole object line by line.
    pub fn shown(&self) -> String {
        // Pretty printing of a value that was printed before cannot fail.
        serde_json::to_string_pretty(&self.value).unwrap_or_default()
    }

    /// What is said of a number of the output.
    pub fn document(&self) -> Document {
        let shown = self.shown();
        let lines: Vec<String> = shown.lines().map(|line| format!("  {line}")).collect();
        let mut sections = Vec::new();
        let title = if lines.len() > 1 {
            let sketch = Sketch { lines, instead_of_tables: false };
            sections.push(Section::new("value", "", vec![Block::Sketch(sketch)]));
            self.path.clone()
        } else {
            format!("{} = {shown}", self.path)
        };
        let fact = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut facts = vec![
            fact("what", self.meaning),
            fact("equation", self.equation),
            fact("source", self.citation),
        ];
        if !self.inputs.is_empty() {
            let inputs = self.inputs.iter().take(NAMED);
            let mut list = inputs
                .map(|i| format!("{} {}", i.path, short(i.central)))
                .collect::<Vec<_>>()
                .join(", ");
            if self.inputs.len() > NAMED {
                list += &format!(" and {} more", self.inputs.len() - NAMED);
            }
            facts.push(("inputs".to_owned(), list));
        }
        Document { title, facts, sections, ..Document::default() }
    }
}

/// What may have been meant by a path that is no number.
pub fn hint(case: &Case, path: &str) -> String {
    let paths = case.inputs.iter().map(|i| i.path.as_str());
    let known: Vec<&str> = EQUATIONS.iter().map(|e| e.path).chain(paths).collect();
    match closest(path, known.iter().copied()) {
        Some(path) => format!("did you mean `{path}`?"),
        None => {
            let heads: Vec<&str> = EQUATIONS.iter().map(|e| e.path).collect();
            format!("one of: {}, or the path of an input", heads.join(", "))
        }
    }
}

/// The value at a dotted path; rows of a list go by their `issue`, `actor`, `name`, `date`, `path`,
/// `event`, `option`, `entry` or `id`, or by their index.
fn lookup(json: &Value, path: &str) -> Option<Value> {
    let mut at = json;
    let mut rest = path;
    while !rest.is_empty() {
        let (key, tail) = rest.split_once('.').unwrap_or((rest, ""));
        match at {
            Value::Array(rows) => {
                let names =
                    ["issue", "actor", "name", "date", "path", "event", "option", "entry", "id"];
                // A row's own name may hold dots.
                let named = rows.iter().find_map(|row| {
                    let name = names.iter().find_map(|n| row.get(n)?.as_str())?;
                    let tail = rest.strip_prefix(name)?;
                    (tail.is_empty() || tail.starts_with('.')).then_some((row, tail))
                });
                match named {
                    Some((row, tail)) => {
                        at = row;
                        rest = tail.trim_start_matches('.');
                    }
                    None => {
                        at = rows.get(key.parse::<usize>().ok()?)?;
                        rest = tail;
                    }
                }
            }
            other => {
                at = other.get(key)?;
                rest = tail;
            }
        }
    }
    Some(at.clone())
}
